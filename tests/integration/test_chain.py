"""The whole chain on real servers: two waves from application to payment, and what must be true afterwards.

The waves are played once; each test looks at what came of them. The last ones send records again, which must
change nothing, so that they too may run in any order.
"""
import collections
import datetime
import json
import random
import re

import pytest

import harness
from chain import canary, texts
from chain.owed import months_later, owed
from chain.world import PROGRAMME, PROGRAMME_FILE, WAVES, World, named
from harness.paths import SERVICES, STATE

OUTPUT = {f"/kerja/{service}" for service in SERVICES}  # ce_source of what the workers say
OUT_OF_WORKERS = ("application.decided", "award.changed", "enrolment.decided", "completion.decided",
                  "incentive.approved", "incentive.stopped", "commitment.released", "payout.requested",
                  "payout.queried", "payout.closed", "notification.requested", "dead.letter")

LINK = re.compile(r"https?:|www\.|\w\.(id|com|vip|org|net|ly|link)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def world():
    """Servers of its own: what stands in them is counted to the last record."""
    if any(harness.settings.named(f"KERJA_{name}") for name in ("KAFKA", "POSTGRES", "REDIS")):
        pytest.skip("existing servers are named, and this needs fresh ones")
    with World(STATE / "chain") as world:
        world.play()
        yield world


@pytest.fixture(scope="module")
def records(world):
    """Everything that was said, by anybody."""
    return world.records()


def of(records, *topics) -> list[dict]:
    return [one.event for one in records if one.topic in topics]


def newest(events, *key) -> dict:
    """The event of the highest sequence, by the given members."""
    ordered = sorted(events, key=lambda one: one["sequence"])
    return {tuple(str(one[name]) for name in key) if len(key) > 1 else str(one[key[0]]): one for one in ordered}


def money(records) -> dict:
    """Amount by instruction, as the workers asked for it."""
    return {one["instruction_id"]: one["amount"] for one in of(records, "payout.requested")}


# Everybody is answered, and all tell the same.


def test_every_application_is_answered(world, records):
    sent = {one["application_id"] for one in of(records, "application.submitted")}
    decided = newest(of(records, "application.decided"), "application_id")
    assert sent == decided.keys() == {one["application_id"] for one in world.applicants()}
    assert {one["status"] for one in decided.values()} == {"AWARDED", "NOT_DRAWN", "REJECTED"}


def test_the_portal_the_database_and_the_events_tell_the_same_funnel(world, records):
    told = {name: one["status"] for name, one in newest(of(records, "application.decided"), "application_id").items()}
    assert dict(world.book("integrator", "SELECT application_id, status FROM application")) == told
    assert dict(world.query("SELECT application_id, status FROM application_read.application")) == told
    waves = dict(world.query("SELECT application_id, wave FROM application_read.application"))
    shown = {(row["wave"], row["status"]): row["applications"] for row in world.status()["funnel"]}
    assert shown == collections.Counter((waves[name], status) for name, status in told.items())
    assert {wave.number: shown[wave.number, "AWARDED"] for wave in WAVES} == {wave.number: wave.seats for wave in WAVES}


def test_the_draw_can_be_verified_by_anybody(world):
    for wave in WAVES:
        assert "verified" in world.kerja("draw", "--verify", *named(wave))


# Who is owed is paid, once.


def test_exactly_what_is_due_is_paid(records):
    """The same set of (award, item, instalment, amount, due day) by another computation."""
    due = owed(records)
    approved = {str(part["entitlement_id"]): part["due_on"] for one in of(records, "incentive.approved")
                for part in one["instalments"]}
    paid = {(str(one["award_id"]), one["item"], one["instalment"], one["amount"], approved[str(one["entitlement_id"])])
            for one in newest(of(records, "payout.closed"), "entitlement_id").values() if one["outcome"] == "PAID"}
    wanted = {(one.award_id, one.item, one.instalment, one.amount, one.due_on) for one in due}
    assert paid - wanted == set()
    assert wanted - paid == set()
    assert {one.item for one in due} == {"training", "job_search_incentive", "survey_incentive"}


def test_a_month_end_was_among_the_due_days(records):
    """So that the case above has met it: an instalment of a 31st falls on the last day of a shorter month."""
    begun = {one.award_id for one in owed(records) if one.item == "job_search_incentive" and one.instalment == 1
             and one.due_on.day == 31}
    assert begun


@pytest.mark.parametrize("begin, months, then", [
    ("2021-08-31", 0, "2021-08-31"), ("2021-08-31", 1, "2021-09-30"), ("2021-08-31", 2, "2021-10-31"),
    ("2021-11-30", 3, "2022-02-28"), ("2020-01-31", 1, "2020-02-29"), ("2021-10-15", 3, "2022-01-15")])
def test_the_other_computation_knows_the_calendar(begin, months, then):
    days = datetime.date.fromisoformat(begin), datetime.date.fromisoformat(then)
    assert months_later(days[0], months) == days[1]


def test_no_entitlement_is_paid_twice(world, records):
    asked = collections.Counter(one["end_to_end_id"] for one in of(records, "payout.requested"))
    assert asked and set(asked.values()) == {1}
    gateway = world.book("gateway", "SELECT substr(instruction_id, 1, 32) FROM instruction WHERE state = 'PAID'")
    assert len(gateway) == len(set(gateway)) == len(asked)


def test_nothing_is_paid_before_it_is_due(records):
    due = {str(part["entitlement_id"]).replace("-", ""): part["due_on"] for one in of(records, "incentive.approved")
           for part in one["instalments"]}
    early = [one["instruction_id"] for one in of(records, "payout.requested")
             if one["requested_execution_date"] < due[one["end_to_end_id"]]]
    assert early == []


def test_an_instruction_without_an_answer_is_asked_for(world, records):
    asked = {one["instruction_id"] for one in of(records, "payout.queried")}
    silent = world.book("gateway", "SELECT instruction_id FROM instruction WHERE manner <> 'prompt'")
    assert asked == {number for (number,) in silent} != set()


# The books.


def test_the_gateways_book_is_the_ledger(world, records):
    by_instruction = {number: int(amount.scaleb(2)) for number, amount in money(records).items()}
    assert dict(world.book("gateway", "SELECT instruction_id, amount_hundredths FROM instruction"
                           " WHERE state = 'PAID'")) == by_instruction
    assert ledger(world)["PAID"] == sum(by_instruction.values()) > 0
    paid = dict(world.query("SELECT end_to_end_id, amount FROM incentive_read.payout WHERE status = 'PAID'"))
    assert paid == {number[:32]: amount for number, amount in by_instruction.items()}


def test_the_ledger_agrees_with_itself(world):
    assert world.query("SELECT * FROM incentive_read.ledger_check WHERE NOT agrees OR NOT balanced") == []
    assert world.query("SELECT count(*) FROM incentive_read.ledger_check")[0][0] > 0
    assert world.query("SELECT sum(balance) FROM incentive_read.ledger") == [(0,)]


def test_nobody_is_committed_more_than_was_appropriated(world):
    appropriated = world.query("SELECT count(*) FROM application_read.quota WHERE kind = 'MONEY'")
    assert appropriated[0][0] > 0, "the budget was never touched"
    assert world.query("SELECT * FROM application_read.quota WHERE used < 0 OR used > ceiling") == []


def test_an_awards_own_balances_sum_to_its_package(world, records):
    packages = {str(one["award_id"]): one["commitment"] for one in of(records, "application.decided")
                if one["status"] == "AWARDED"}
    balances = collections.defaultdict(collections.Counter)
    for award_id, debited, credited, amount in world.query(
            "SELECT award_id::text, debited, credited, amount FROM incentive_read.ledger_entry"):
        balances[award_id][debited] += amount
        balances[award_id][credited] -= amount
    assert balances.keys() == packages.keys()
    for award_id, accounts in balances.items():
        assert accounts.pop("APPROPRIATION") == -int(packages[award_id].scaleb(2))
        assert sum(accounts.values()) == int(packages[award_id].scaleb(2))
        assert min(accounts.values()) >= 0, accounts
        assert {name for name, amount in accounts.items() if amount} <= {"PAID", "RELEASED"}, "its year is closed"


def test_a_years_total_is_what_was_paid_of_it(world):
    """What was committed and not needed was given back to the year."""
    paid = dict(world.query("SELECT year, balance FROM incentive_read.ledger WHERE account = 'PAID'"))
    used = dict(world.query("SELECT year, used FROM application_read.quota WHERE kind = 'MONEY' AND scope = 'ALL'"))
    assert used == paid and len(paid) == len(WAVES)


def test_who_bought_nothing_lost_the_award_and_with_it_the_seat_and_the_whole_package(world, records):
    awarded = {str(one["award_id"]): one for one in of(records, "application.decided") if one["status"] == "AWARDED"}
    revoked = {str(one["award_id"]) for one in of(records, "award.changed")
               if (one["change"], one["by"], one["reason"]) == ("REVOKED", "COMPLETION", "FIRST_TRAINING_LATE")}
    assert revoked < awarded.keys() and revoked
    released = collections.Counter()
    for one in of(records, "commitment.released"):
        released[str(one["award_id"])] += one["amount"]
    assert {name: released[name] for name in revoked} == {name: awarded[name]["commitment"] for name in revoked}
    kept = collections.Counter(one["wave"] for name, one in awarded.items() if name not in revoked)
    seats = dict(world.query("SELECT wave, used FROM application_read.quota WHERE kind = 'SEATS' AND scope = 'ALL'"))
    assert seats and seats == {wave: kept[wave] for wave in seats}


def ledger(world) -> collections.Counter:
    sums = collections.Counter()
    for account, balance in world.query("SELECT account, balance FROM incentive_read.ledger"):
        sums[account] += balance
    return sums


# What officers are told.


def groupings(world, report: str) -> list[str]:
    """By what the command itself says that it tells the report, so that no grouping is left out here."""
    told = world.refused("report", report, "--by", "weather")
    return re.search(r" is told by (.+), not by ", told).group(1).split(", ")


@pytest.mark.parametrize("report", ["participation", "uptake", "money", "reasons"])
def test_every_report_adds_up_by_every_key(world, report):
    """Parts and totals are asked of different tables. A part that could not be asked is missing, a filter asks otherwise."""
    keys = groupings(world, report)
    assert len(keys) >= 5
    for by in keys:
        for of in ((), named(WAVES[0]), ("--programme", PROGRAMME, "--scheme", "normal")):
            told = json.loads(world.kerja("report", report, "--by", by, *of, "--json"))
            assert told["rows"] and told["faults"] == told["missing"] == [], (report, by, of)


def test_participation_is_what_the_events_say(world, records):
    decided = newest(of(records, "application.decided"), "application_id").values()
    revoked = {str(one["award_id"]) for one in of(records, "award.changed") if one["change"] == "REVOKED"}
    paid = {str(one["award_id"]) for one in newest(of(records, "payout.closed"), "entitlement_id").values()
            if one["outcome"] == "PAID" and one["item"] != "training"}
    bought = {str(one["award_id"]) for one in newest(of(records, "enrolment.decided"), "enrolment_id").values()
              if one["status"] == "ACCEPTED"}
    awards = {wave.number: {str(one["award_id"]) for one in decided if one["wave"] == wave.number and one["status"] == "AWARDED"}
              for wave in WAVES}
    told = {int(row["wave"]): row for row in json.loads(world.kerja("report", "participation", "--by", "wave", "--json"))["rows"]}
    assert told.keys() == awards.keys()
    for number, of_wave in awards.items():
        counted = collections.Counter(one["status"] for one in decided if one["wave"] == number)
        assert {name: told[number][name] for name in ("applied", "awarded", "refused", "not_drawn", "revoked", "enrolled", "paid")} == {
            "applied": counted.total(), "awarded": counted["AWARDED"], "refused": counted["REJECTED"],
            "not_drawn": counted["NOT_DRAWN"], "revoked": len(of_wave & revoked), "enrolled": len(of_wave & bought),
            "paid": len(of_wave & paid)}


def test_reports_know_why_awards_were_revoked(world, records):
    revoked = collections.Counter({str(one["award_id"]): one["reason"] for one in of(records, "award.changed")
                                   if one["change"] == "REVOKED"}.values())
    told = json.loads(world.kerja("report", "reasons", "--json"))["rows"]
    assert {one["reason"]: one["times"] for one in told if one["status"] == "REVOKED"} == revoked and revoked


def test_a_report_on_money_is_what_the_gateway_paid(world, records):
    told = json.loads(world.kerja("report", "money", "--by", "programme", "--json"))["rows"]
    paid = sum(amount for (amount,) in world.book("gateway", "SELECT amount_hundredths FROM instruction WHERE state = 'PAID'"))
    assert [row["paid_hundredths"] for row in told] == [paid] and paid > 0


@pytest.mark.parametrize("wave", WAVES, ids=lambda wave: f"wave {wave.number}")
def test_drawn_again_by_the_same_rules_the_same_people_win(world, wave, tmp_path):
    draft = tmp_path / "same.yaml"  # where a draft gives a wave no seats it has those of the draw, which had fewer than the file
    draft.write_text(re.sub(rf"(\{{number: {wave.number}, .*), seats: \d+", r"\1", PROGRAMME_FILE.read_text()))
    told = json.loads(world.kerja("simulate-rules", draft, "--wave", wave.number, "--json"))
    assert told["seats_of_then"] and told["changes"] == told["faults"] == told["overlaps"] == []
    assert told["total"][0]["wins_least"] == told["total"][0]["wins_most"] == told["total"][0]["awarded"] == wave.seats


# Nothing is under way, nothing is left.


def test_all_positions_are_at_the_end(world):
    places = [place for place in world.status()["positions"] if place["end"] > 0]
    assert {place["service"] for place in places} == set(SERVICES)
    behind = [place for place in places if place["lag"] != 0 or place["published_next"] != place["next_offset"]
              or place["committed"] != place["next_offset"]]
    assert behind == []


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("left", ["outbox", "waiting"])
def test_nothing_is_left_in(world, service, left):
    assert world.query(f"SELECT count(*) FROM {service}_read.{left}") == [(0,)]


def test_there_are_no_dead_letters(records):
    assert [one.headers for one in records if one.topic == "dead.letter"] == []


def test_no_output_was_published_twice(records):
    said = collections.Counter((one.headers["ce_source"], one.headers["ce_id"]) for one in records
                               if one.headers.get("ce_source") in OUTPUT)
    assert said and [key for key, times in said.items() if times > 1] == []


# What people are told.


def test_every_text_is_the_programmes_own_in_the_persons_language(world, records):
    language = {one["application_id"]: one["language"] for one in world.applicants()}
    persons = {str(one["award_id"]): language[one["application_id"]] for one in of(records, "application.decided")}
    told = of(records, "notification.requested")
    assert told
    wrong = [(one["kind"], one["text"]) for one in told
             if not texts.is_message(one["text"], one["kind"], texts.spoken(persons[str(one["award_id"])]))]
    assert wrong == []


def test_no_text_has_a_link_or_a_code(world, records):
    for one in of(records, "notification.requested"):
        assert not LINK.search(one["text"]), one["text"]
    assert world.book("notifier", "SELECT reason FROM message WHERE reason LIKE '%_TEXT'") == []


# Decisions explain themselves.


def test_decisions_made_again_give_the_same_bytes(world, records):
    decided = newest(of(records, "application.decided"), "application_id")
    dice = random.Random(1)
    for status in ("AWARDED", "REJECTED", "NOT_DRAWN"):
        ids = sorted(name for name, one in decided.items() if one["status"] == status)
        for application_id in dice.sample(ids, 3):
            assert world.kerja("explain", application_id, "--check").endswith(" 0 different\n")
            if status == "AWARDED":
                assert world.kerja("explain", decided[application_id]["award_id"], "--check").endswith(" 0 different\n")
    paid = sorted(str(one["entitlement_id"]) for one in of(records, "payout.closed") if one["outcome"] == "PAID")
    for entitlement_id in dice.sample(paid, 4):
        assert world.kerja("explain", entitlement_id, "--check").endswith(" 0 different\n")
        instalment, = json.loads(world.kerja("explain", entitlement_id, "--json"))["instalments"]
        assert instalment["entitlement_id"] == entitlement_id and instalment["status"] == "PAID"
        assert [move["what"] for move in instalment["moves"]][-1:] == ["PAID"]


# What may be known of a person, and where.


def test_no_personal_data_is_where_it_may_not_be(world, records):
    secrets = canary.of_records(records)
    assert secrets.keys() == {"national_id", "family_card_no", "name", "msisdn", "email", "account_no"}
    places = canary.places(world, records)
    kinds = {name.partition(" ")[0] for name in places}
    assert kinds == {"log", "metrics", "topic", "headers", "keys", "shown", "dump", "redis"}
    assert canary.found(secrets, places) == []


def test_the_canary_sings(records):
    """The case above can fail: each kind of secret is found in clear, and in the hex of a dump."""
    secrets = canary.of_records(records)
    for kind, values in secrets.items():
        value = min(values)
        for place in (f"... {value} ...".encode(), f"\\x00{value.encode().hex()}00".encode()):
            assert (kind, "log x") in canary.found(secrets, {"log x": place})


# The world says all of it again.


def test_everything_said_again_in_any_order_changes_nothing(world, records):
    """What others than the workers said: the clients, and the command with its draws and timers."""
    state, said = tables(world), spoken(records)
    foreign = [one for one in records if one.headers.get("ce_source") not in OUTPUT]
    assert {one.headers["ce_source"] for one in foreign} > {"/integrator/example", "/gateway/example"}
    random.Random(7).shuffle(foreign)
    sender = harness.Sender(world.servers.kafka.address)
    for one in foreign:
        sender.send_bytes(one.topic, one.key, one.value, one.headers)
    sender.flush()
    world.clock(WAVES[-1].end)  # until all have heard it
    after = world.records()
    assert len(after) - len(records) == len(foreign)
    assert spoken(after) == said
    now = tables(world)
    assert now.keys() == state.keys()
    for table, rows in state.items():
        assert now[table] == rows, table


def spoken(records) -> collections.Counter:
    return collections.Counter((one.topic, one.headers.get("ce_id")) for one in records if one.topic in OUT_OF_WORKERS)


def tables(world) -> dict[str, list[tuple]]:
    """Every fact and timer of every service, without what counts or names decisions that changed nothing."""
    found = {}
    for schema, table, columns in world.query(
            "SELECT table_schema, table_name, string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position)"
            " FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)"
            " WHERE table_schema = ANY(%s) AND table_type = 'BASE TABLE'"
            " AND column_name NOT IN ('version', 'decided_by', 'fired_at', 'attempt') GROUP BY 1, 2", list(SERVICES)):
        if table not in ("source_position", "outbox") and not table.startswith("decision_segment"):
            rows = world.query(f"SELECT {columns} FROM {schema}.{table}")
            found[f"{schema}.{table}"] = sorted((tuple(map(plain, row)) for row in rows), key=repr)
    return found


def plain(value):
    return bytes(value) if isinstance(value, memoryview) else value
