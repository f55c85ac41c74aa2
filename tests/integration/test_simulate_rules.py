"""`kerja simulate-rules` on what a real application worker decided: a small wave, drawn, and drafts of its rules.

What must come out is computed here from the applications as they were sent and the rows as they stand.
"""
import datetime
import hashlib
import json
import re
import subprocess

import pytest

import harness
from faults import people
from harness.paths import command_program
from harness.worker import program_environment
from service import PATIENCE_S, SETTINGS, prepare, query

PROGRAMME, WAVE, PEOPLE = people.PROGRAMME, 21, 150
FILE = people.PROGRAMME_FILE.read_text()
SEATS = 10
THEN = FILE.replace("seats: 754929", f"seats: {SEATS}")  # the seats that the draw gave
PACKAGE_HUNDREDTHS = 355_000_000
OLD_ENOUGH = 30


def kerja(servers, *words, status=0, text=None, **settings):
    environment = program_environment({**servers.environment(), **settings})
    done = subprocess.run([command_program(), *map(str, words)], env=environment, input=text, text=True, capture_output=True,
                          timeout=PATIENCE_S)
    assert done.returncode == status, f"kerja {words}: status {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


@pytest.fixture(scope="module")
def world(servers):
    """The wave, decided: applications by id as they were sent, with the status that they have. No worker runs any more."""
    begun = []

    def worker(service, settings):
        begun.append(harness.Worker(service, servers.folder / "simulate", {**servers.worker_environment(), **settings}))
        return begun[-1].start()

    prepare(servers, worker)
    running = worker("application", SETTINGS)
    made = kerja(servers, "synthesize", "--wave", WAVE, "--people", PEOPLE, "--seed", 4, "--programme",
                 people.PROGRAMME_FILE).stdout
    kerja(servers, "import", "-", "--topic", "application.submitted", text=made)
    sent = {event["application_id"]: event for event in map(json.loads, made.splitlines())}
    decided = lambda: query(servers, "SELECT count(*) FROM application.application")[0][0] == len(sent)
    assert harness.wait_until(decided, PATIENCE_S)
    draw = ("--programme", PROGRAMME, "--wave", WAVE, "--seed-file", servers.folder / "simulate.seed")
    kerja(servers, "draw", "announce", *draw)
    kerja(servers, "draw", *draw, "--seats", SEATS)
    drawn = lambda: query(servers, "SELECT count(*) FROM application.application WHERE status = 'POOLED'")[0][0] == 0
    assert harness.wait_until(drawn, PATIENCE_S)
    running.stop()
    for name, status, reasons, region in query(servers, "SELECT application_id, status, reasons, region_code FROM application.application"):
        sent[name].update(status=status, reasons=reasons, region=region)
    return sent


def simulate(servers, tmp_path, draft: str, *words, status=0):
    path = tmp_path / "draft.yaml"
    path.write_text(draft)
    # Nobody listens there: a simulation asks PostgreSQL and nothing else.
    return kerja(servers, "simulate-rules", path, "--wave", WAVE, *words, status=status, KERJA_KAFKA="127.0.0.1:1")


def fingerprint(servers) -> dict[str, str]:
    tables = query(servers, "SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables "
                            "WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1")
    return {name: query(servers, f"SELECT md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text), '')) FROM {name} AS t")[0][0]
            for name, in tables}


def changed(answer: dict) -> dict[str, set]:
    seen: dict[str, set] = {}
    for one in answer["changes"]:
        seen.setdefault(one["change"], set()).add(one["application_id"])
    return seen


def wins(answer: dict, change: str) -> set:
    return {one["application_id"] for one in answer["changes"] if one["change"] == change and one["wins"] == "YES"}


def walk(servers, without: set, seats: int = SEATS) -> set:
    """Who wins when some of the pool are not in it, or with other seats: the stored ranks, walked here."""
    cards: dict[int, int] = {}
    won: set = set()
    for name, family, awards in query(servers, "SELECT application_id, family, family_awards FROM kerja.draw_entry ORDER BY rank"):
        if name not in without and len(won) < seats and (family == 0 or cards.setdefault(family, awards) < 2):
            won.add(name)
            cards[family] = cards.get(family, 0) + 1
    return won


def age(event: dict) -> int:
    """Completed years on the local day of the application; events as JSON have days and microseconds as numbers."""
    epoch, local = datetime.datetime(1970, 1, 1), datetime.timedelta(hours=7)
    born = epoch + datetime.timedelta(days=event["birth_date"])
    day = epoch + datetime.timedelta(microseconds=event["submitted_at"]) + local
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def test_the_same_file_changes_nothing_and_no_row_is_touched(servers, world, tmp_path):
    before = fingerprint(servers)
    assert "application.application" in before and "kerja.audit" in before
    told = json.loads(simulate(servers, tmp_path, THEN, "--json").stdout)
    assert fingerprint(servers) == before
    [total] = told["total"]
    assert told["changes"] == [] and total["applications"] == len(world) and total["awarded"] == total["keeps"] == SEATS
    assert total["cannot_say"] == total["loses"] == total["gains"] == total["other_reasons"] == 0
    assert told["drawn_again"] and told["pooled"] == query(servers, "SELECT count(*) FROM kerja.draw_entry")[0][0] > 2 * SEATS
    assert total["wins_least"] == total["wins_most"] == SEATS
    assert total["committed_hundredths"] == total["cost_least_hundredths"] == total["cost_most_hundredths"] == SEATS * PACKAGE_HUNDREDTHS
    assert all(row["wins_least"] == row["wins_most"] == row["awarded"] for row in told["rows"])
    assert len(told["rows"]) == len({event["region"] for event in world.values()}) and told["faults"] == told["overlaps"] == []
    assert told["reasons"]["rows"] and all(row["before"] == row["after"] for row in told["reasons"]["rows"])


def test_more_seats_are_won_by_the_next_of_the_same_list(servers, world, tmp_path):
    told = json.loads(simulate(servers, tmp_path, FILE, "--json").stdout)
    won = walk(servers, set(), seats=754929)  # all but the third of a family
    [total] = told["total"]
    assert wins(told, "STAYS") == {name for name in won if world[name]["status"] == "NOT_DRAWN"} and set(changed(told)) == {"STAYS"}
    assert total["wins_least"] == total["wins_most"] == len(won) > SEATS and told["pooled"] >= len(won)
    nothing = FILE.replace(", seats: 754929", "")
    told = json.loads(simulate(servers, tmp_path, nothing, "--json").stdout)
    assert told["seats_of_then"] and told["total"][0]["wins_least"] == SEATS and told["changes"] == []
    assert "the seats of then, because the draft gives this wave none" in simulate(servers, tmp_path, nothing).stdout


def test_a_higher_age_takes_awards_and_places_in_the_pool(servers, world, tmp_path):
    draft = re.sub(r"(field: applicant.age\n    op: ge\n    value: )18", rf"\g<1>{OLD_ENOUGH}", THEN)
    assert draft != THEN
    told = json.loads(simulate(servers, tmp_path, draft, "--json").stdout)
    young = {name for name, event in world.items() if age(event) < OLD_ENOUGH}
    by_status = lambda *wanted: {name for name in young if world[name]["status"] in wanted}
    seen = changed(told)
    assert seen.get("LOSES", set()) == by_status("AWARDED") and seen["LEAVES"] == by_status("POOLED", "NOT_DRAWN")
    assert seen.get("REASONS", set()) == {name for name in by_status("REJECTED", "HELD") if "AGE_BELOW_MIN" not in world[name]["reasons"]}
    assert set(seen) <= {"LOSES", "LEAVES", "REASONS", "STAYS"}
    [total] = told["total"]
    won = walk(servers, young)
    assert wins(told, "STAYS") == won - by_status("AWARDED") - {name for name in world if world[name]["status"] == "AWARDED"}
    assert total["wins_least"] == total["wins_most"] == len(won)
    assert total["cost_least_hundredths"] == total["cost_most_hundredths"] == len(won) * PACKAGE_HUNDREDTHS
    after = {row["reason"]: row["after"] for row in told["reasons"]["rows"]}
    assert after["AGE_BELOW_MIN"] == len(young)
    assert sum(row["leaves"] for row in told["rows"]) == total["leaves"] == len(seen["LEAVES"])


def test_a_condition_that_falls_lets_in_whom_it_alone_kept_out(servers, world, tmp_path):
    reasons = [event["reasons"][0] for event in world.values() if len(event["reasons"]) == 1 and event["status"] in ("HELD", "REJECTED")]
    reason = max(set(reasons), key=reasons.count)
    blocks = re.split(r"(?m)^(?=  - number: \d+$)", FILE)
    fallen = [block for block in blocks if f"    reason: {reason}\n" in block and "effect: PRIORITY" not in block]
    assert fallen
    # Out of force, not out of the file, which must go on using the reason.
    draft = THEN
    for block in fallen:
        draft = draft.replace(block, re.sub(r"(?m)^    phase: (APPLY|SELECT)$", "    phase: \\1\n    default: false", block))
    told = json.loads(simulate(servers, tmp_path, draft, "--json").stdout)
    alone = {name for name, event in world.items() if event["reasons"] == [reason] and event["status"] in ("HELD", "REJECTED")}
    assert changed(told)["GAINS"] == alone and told["total"][0]["gains"] == len(alone) > 0
    assert told["pooled"] == len(alone) + query(servers, "SELECT count(*) FROM kerja.draw_entry")[0][0]
    assert told["total"][0]["wins_least"] == told["total"][0]["wins_most"] == SEATS
    listed = simulate(servers, tmp_path, draft, "--list", "--csv")
    assert listed.stdout.startswith("application_id,region,status,change,drawn,wins,before,after\n") and "left out:" in listed.stderr
    assert len(listed.stdout.splitlines()) - 1 == len(told["changes"])


def test_what_nobody_asked_for_then_nobody_can_say(servers, world, tmp_path):
    # The auditors' wage ceiling stands in the file, out of force: what if it had been a rule?
    draft = re.sub(r"(field: member.reported_wage(\n    .*)*?)\n    default: false", r"\1", THEN)
    assert draft != THEN
    told = json.loads(simulate(servers, tmp_path, draft, "--json").stdout)
    refused = {name for name, event in world.items() if event["status"] == "REJECTED"}
    [total] = told["total"]
    unsaid = len(world) - len(refused)
    assert total["cannot_say"] == unsaid and total["keeps"] == 0
    assert told["not_asked"]["applications"] == unsaid
    assert told["not_asked"]["rows"] == [{"field": "member.reported_wage", "cannot_say": unsaid, "priority": 0}]
    # Everybody may win, nobody surely does, and no more than there are seats.
    assert (total["wins_least"], total["wins_most"]) == (0, SEATS) and told["faults"] == []
    assert (total["cost_least_hundredths"], total["cost_most_hundredths"]) == (0, SEATS * PACKAGE_HUNDREDTHS)
    assert sum(row["wins_most"] for row in told["rows"]) > SEATS
    assert {one["what"] for one in told["overlaps"]} == {f"{name}: more may win than there are seats" for name in ("wins_most", "cost_most")}
    text = simulate(servers, tmp_path, draft).stdout
    assert f"{unsaid} applications cannot be judged for certain: the draft asks what nobody asked then" in text
    assert "member.reported_wage" in text and "left out:" in text and "costs in IDR" in text


def test_a_draft_with_a_fault_and_a_call_without_a_wave_are_told(servers, world, tmp_path):
    assert re.search(r"draft.yaml:\d+:\d+: ", simulate(servers, tmp_path, FILE.replace("op: ge", "op: above", 1), status=1).stderr)
    told = kerja(servers, "simulate-rules", people.PROGRAMME_FILE, status=2).stderr
    assert "expected --wave N" in told
    told = kerja(servers, "simulate-rules", people.PROGRAMME_FILE, "--wave", WAVE, "--by", "village", status=2).stderr
    assert "expected district or province" in told
    empty = json.loads(kerja(servers, "simulate-rules", people.PROGRAMME_FILE, "--wave", 20, "--json").stdout)
    assert empty["rows"] == [] and empty["total"][0]["applications"] == 0


def test_hash_and_left_out_are_part_of_the_answer(servers, world, tmp_path):
    told = json.loads(simulate(servers, tmp_path, FILE, "--json", "--by", "province").stdout)
    assert {row["region"] for row in told["rows"]} == {event["region"][:2] for event in world.values()}
    assert sum(row["applications"] for row in told["rows"]) == len(world) and told["faults"] == []
    assert told["rules_hash"] == hashlib.sha256(FILE.encode()).hexdigest()[:16] and len(told["left_out"]) == 5
