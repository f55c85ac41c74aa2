"""`kerja report` on real PostgreSQL: figures whose parts add up, figures whose parts do not, a published table.

The rows are made by SQL as the services would leave them, in a wave of a made-up programme; totals that do not
agree are made by changing one row behind the services' back.
"""
import csv
import io
import json
import subprocess
import sys
import uuid

import psycopg2
import pytest

import harness
from harness.paths import ROOT, SERVICES, STATE, command_program, worker_program
from harness.postgres import Postgres
from harness.settings import secrets
from harness.worker import program_environment
from rows import Rows

sys.path.insert(0, str(ROOT / "examples"))
import catalogue  # noqa: E402

PROGRAMME, SCHEME, WAVE = "kartu-invented", "one", 7
PEOPLE = {"1701": 12, "1702": 9, "3273": 30}  # applications by district
AWARDED = {"1701": 5, "1702": 4, "3273": 11}
TABLE = ROOT / "examples" / "reports" / "bengkulu-2022.csv"
PRINTED = {"1701": 15430, "1703": 24624, "1709": 12762, "1704": 13175, "1708": 19267, "1707": 12679, "1706": 6594,
           "1702": 29809, "1705": 15189, "1771": 47563}
PROVIDERS, COURSES = 147, 1534
LISTED = list(catalogue.many(PROVIDERS, COURSES))
HERE, THERE = LISTED[0], LISTED[1]  # courses that people of the wave bought
ENROLLED, COMPLETED, VISITS = 6, 3, 9  # of each district two enrolled, one of them at both providers, and completed here


class Kerja:
    def __init__(self, environment):
        self.environment = program_environment(environment)

    def __call__(self, *words, status=0):
        done = subprocess.run([command_program(), *map(str, words)], env=self.environment, text=True, capture_output=True,
                              timeout=120)
        assert done.returncode == status, f"kerja {words}: status {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def json(self, *words, status=0) -> dict:
        return json.loads(self(*words, "--json", status=status).stdout)


@pytest.fixture(scope="module")
def postgres():
    """PostgreSQL alone, with the tables of all services: a report needs no worker and no Kafka."""
    server = Postgres(STATE / "report", False, {})
    server.wipe()
    (STATE / "report").mkdir(parents=True, exist_ok=True)
    server.launch()
    server.wait_ready()
    environment = {"KERJA_POSTGRES": server.address, "KERJA_KAFKA": "127.0.0.1:1", **secrets(STATE / "report")}
    for service in SERVICES:
        subprocess.run([worker_program(service), "--migrate"], env=program_environment(environment), check=True,
                       capture_output=True)
    yield server, environment
    server.stop()


@pytest.fixture(scope="module")
def kerja(postgres):
    return Kerja(postgres[1])


@pytest.fixture(scope="module")
def rows(postgres):
    connection = psycopg2.connect(postgres[0].address)
    made = Rows(connection)
    wave_put(made)
    catalogue_put(made)
    yield made
    connection.close()


def course_key(course_id: str) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_OID, course_id)


def wave_put(rows: Rows) -> None:
    """A wave by its rule: of each district the first are awarded, of these the first completes and is paid."""
    applications, awards, finishing, enrolments, paying, owed, entries = [], [], [], [], [], [], []
    for district, people in PEOPLE.items():
        for number in range(people):
            key, award = uuid.uuid4(), uuid.uuid4()
            awarded, refused = number < AWARDED[district], number == people - 1
            common = {"programme": PROGRAMME, "scheme": SCHEME, "year": 2021, "wave": WAVE, "award_id": award}
            applications.append({**common, "application_key": key, "application_id": f"{district}-{number}",
                                 "region_code": district, "drawn": awarded,
                                 "status": "AWARDED" if awarded else "REJECTED" if refused else "NOT_DRAWN",
                                 "reasons": [] if awarded else ["AGE_OUT_OF_RANGE", "ABROAD"] if refused else ["NOT_DRAWN"]})
            if not awarded:
                continue
            awards.append({"award_id": award, "application_key": key, "programme": PROGRAMME, "revoked": number == 1,
                           "revoked_for": "FIRST_TRAINING_LATE" if number == 1 else None,
                           "holds": ["OFFICER:FRAUD_SUSPECTED"] if number == 2 else []})
            visited = [HERE, THERE] if number == 0 else [THERE] if number == 3 else []
            finishing.append({**common, "region_code": district, "verified_completions": int(number == 0),
                              "purchases": len(visited)})
            enrolments += [{**{name: course[name] for name in ("course_id", "provider_id", "currency")}, "award_id": award,
                            "course_key": course_key(course["course_id"]), "price": 40_000_000, "status": "ACCEPTED",
                            "completion_status": "VERIFIED" if number == 0 and course is HERE else "UNKNOWN"} for course in visited]
            paying.append(common)
            if number == 0:
                owed.append({"award_id": award, "programme": PROGRAMME, "scheme": SCHEME, "status": "PAID", "item": "allowance",
                             "payee_kind": "PARTICIPANT", "amount": 60_000_000, "currency": "IDR"})
            moves = [("COMMITTED", "APPROPRIATION", 355_000_000)]
            moves += [("IN_FLIGHT", "COMMITTED", 60_000_000), ("PAID", "IN_FLIGHT", 60_000_000)] * (number == 0)
            moves += [("RELEASED", "COMMITTED", 355_000_000)] * (number == 1)
            entries += [{**common, "number": place, "component": "INCENTIVE", "debited": debited, "credited": credited,
                         "amount": amount, "currency": "IDR"} for place, (debited, credited, amount) in enumerate(moves, 1)]
    for entry in entries:
        entry.pop("wave")
    rows.put("application.application", applications)
    rows.put("application.award", awards)
    rows.put("application.quota", [
        {"programme": PROGRAMME, "kind": "SEATS", "scheme": SCHEME, "wave": WAVE, "scope": "ALL", "ceiling": 20,
         "used": sum(AWARDED.values()) - len(AWARDED)},  # one of each district is revoked
        {"programme": PROGRAMME, "kind": "SEATS", "scheme": SCHEME, "wave": WAVE, "scope": "17", "ceiling": 9,
         "used": AWARDED["1701"] + AWARDED["1702"] - 2},  # a seat counts in the province and in the whole
        {"programme": PROGRAMME, "kind": "MONEY", "year": 2021, "scope": "ALL", "ceiling": 10**12, "used": 1}])
    rows.put("completion.award", finishing)
    rows.put("completion.enrolment", enrolments)
    rows.put("incentive.award", [{**one, "currency": "IDR"} for one in paying])
    rows.put("incentive.entitlement", owed)
    rows.put("incentive.ledger_entry", entries)
    balances: dict[str, int] = {}
    for entry in entries:
        balances[entry["debited"]] = balances.get(entry["debited"], 0) + entry["amount"]
        balances[entry["credited"]] = balances.get(entry["credited"], 0) - entry["amount"]
    rows.put("incentive.ledger_balance", [{"programme": PROGRAMME, "scheme": SCHEME, "year": 2021, "account": account,
                                           "currency": "IDR", "used": used} for account, used in balances.items()])


def catalogue_put(rows: Rows) -> None:
    """147 providers offer 1,534 trainings, and the second half of them is never chosen: one is asked for and refused."""
    courses = [{**{name: listed[name] for name in ("course_id", "provider_id", "title", "mode", "currency")},
                "course_key": course_key(listed["course_id"]), "price": 40_000_000} for listed in LISTED]
    for course, objections in zip(courses, (["REJECT/PROV_FREE_DUPLICATE", "REJECT/PLAT_COVERAGE_SHORT"], ["HOLD/PROV_CHECK"])):
        course["objections"] = [f"kartu-other/one/{year}/{one}" for year in (2020, 2021) for one in objections]
    buyer = uuid.uuid4()
    rows.put("completion.award", [{"award_id": buyer, "programme": "kartu-other", "scheme": "one", "region_code": "3171"}])
    rows.put("completion.course", [{"objections": [], **course} for course in courses])
    rows.put("completion.enrolment", [
        {**{name: course[name] for name in ("course_key", "course_id", "provider_id", "price", "currency")},
         "award_id": buyer, "status": status, "reasons": ["COURSE_NOT_ACCREDITED"] if status == "REJECTED" else [],
         "completion_status": "VERIFIED" if status == "ACCEPTED" else "UNKNOWN"}
        for n, course in enumerate(courses) for status in (["ACCEPTED", "ACCEPTED"] if n < COURSES // 2 else
                                                           ["REJECTED"] if n == COURSES - 1 else [])])


def wave(*words):
    return (*words, "--programme", PROGRAMME, "--wave", WAVE)


def test_participation_by_district_adds_up_to_what_the_services_know(kerja, rows):
    told = kerja.json(*wave("report", "participation"))
    assert [row["district"] for row in told["rows"]] == sorted(PEOPLE) and told["faults"] == []
    first = told["rows"][0]
    assert {name: first[name] for name in ("applied", "awarded", "refused", "not_drawn", "revoked", "enrolled", "completed",
                                     "paid")} == {
        "applied": 12, "awarded": 5, "refused": 1, "not_drawn": 6, "revoked": 1, "enrolled": 2, "completed": 1, "paid": 1}
    [total] = told["total"]
    assert total["applied"] == sum(PEOPLE.values()) and total["awarded"] == sum(AWARDED.values())
    for name in ("applied", "held", "refused", "pooled", "selected", "not_drawn", "awarded", "revoked", "enrolled", "completed", "paid"):
        assert sum(row[name] for row in told["rows"]) == total[name]


def test_who_came_to_two_providers_stands_at_each_and_once_in_the_total(kerja, rows):
    told = kerja.json(*wave("report", "participation", "--by", "provider"))
    seen = {row["provider"]: (row["enrolled"], row["completed"], row["applied"]) for row in told["rows"]}
    assert seen == {HERE["provider_id"]: (COMPLETED, COMPLETED, None), THERE["provider_id"]: (ENROLLED, 0, None)}
    assert (told["total"][0]["enrolled"], told["total"][0]["completed"], told["faults"]) == (ENROLLED, COMPLETED, [])
    [overlap] = told["overlaps"]
    assert (overlap["code"], overlap["stated"], overlap["counted"]) == ("OVERLAP", ENROLLED, VISITS)
    text = kerja(*wave("report", "participation", "--by", "provider")).stdout
    assert "OVERLAP: enrolled: who came to several providers stands at each: 6 stated, 9 counted (3 more)" in text
    rows.run("UPDATE completion.award SET purchases = 1 WHERE purchases = 0 AND programme = %s", PROGRAMME)
    less = kerja(*wave("report", "participation", "--by", "provider"), status=1)
    rows.run("UPDATE completion.award SET purchases = 0 WHERE purchases = 1 AND award_id NOT IN "
             "(SELECT award_id FROM completion.enrolment) AND programme = %s", PROGRAMME)
    assert "RECONCILE_MISMATCH: enrolled: 20 stated, 9 counted (11 less)" in less.stdout and "1 figure does not agree" in less.stderr


def test_a_province_is_the_districts_whose_codes_begin_with_its_two_digits(kerja, rows):
    told = kerja.json(*wave("report", "participation", "--by", "province"))
    assert [(row["province"], row["applied"]) for row in told["rows"]] == [("17", 21), ("32", 30)] and told["faults"] == []
    rows.run("UPDATE application.application SET region_code = 'MY-10' WHERE region_code = '3273'")
    try:
        told = kerja.json(*wave("report", "participation", "--by", "province"))["rows"]
    finally:
        rows.run("UPDATE application.application SET region_code = '3273' WHERE region_code = 'MY-10'")
    assert [(row["province"], row["applied"]) for row in told] == [("17", 21), ("MY-10", 30)]
    for report in ("uptake", "reasons"):
        assert kerja.json("report", report, "--by", "province")["rows"]


def test_the_same_figures_stand_in_a_table_and_in_csv(kerja, rows):
    lines = kerja(*wave("report", "participation", "--by", "scheme")).stdout.splitlines()
    assert lines[0] == f"participation by scheme: who applied, and what became of them, programme {PROGRAMME}, wave {WAVE}"
    assert lines[1].split()[:3] == ["programme", "scheme", "applied"] and lines[2].split()[:3] == [PROGRAMME, SCHEME, "51"]
    assert lines[3].split()[:3] == ["total", "-", "51"] and len({len(line) for line in lines[1:]}) == 1
    text = kerja(*wave("report", "participation", "--by", "wave", "--csv")).stdout
    [titles, part, total] = csv.reader(io.StringIO(text))
    assert titles[:3] == ["programme", "wave", "applied"] and part[:3] == [PROGRAMME, "7", "51"] and total[:3] == ["total", "", "51"]


def test_money_stands_on_accounts_that_add_up(kerja, rows):
    [row] = kerja.json("report", "money", "--programme", PROGRAMME)["rows"]
    awards = sum(AWARDED.values())
    assert row["committed_hundredths"] == 355_000_000 * awards and row["released_hundredths"] == 3 * 355_000_000
    assert row["paid_hundredths"] == 3 * 60_000_000 and row["appropriated_hundredths"] == 10**12
    assert row["committed_hundredths"] == sum(row[f"{name}_hundredths"] for name in (
        "unused", "used", "payable", "in_flight", "paid", "released", "recovered"))
    for by in ("scheme", "year", "component", "wave", "district", "province"):
        assert kerja.json("report", "money", "--programme", PROGRAMME, "--by", by)["faults"] == []
    districts = kerja.json(*wave("report", "money", "--by", "district"))["rows"]
    assert {row["district"]: row["committed_hundredths"] // 355_000_000 for row in districts} == AWARDED
    assert "7,100,000,000" not in kerja("report", "money", "--csv").stdout  # no separators for programs


def test_reasons_are_counted_by_phase(kerja, rows):
    told = kerja.json(*wave("report", "reasons"))
    seen = {(row["phase"], row["status"], row["reason"]): row["times"] for row in told["rows"]}
    assert seen[("APPLY", "REJECTED", "ABROAD")] == 3 and seen[("AWARD", "HELD", "FRAUD_SUSPECTED")] == 3
    assert seen[("AWARD", "REVOKED", "FIRST_TRAINING_LATE")] == 3
    assert seen[("APPLY", "NOT_DRAWN", "NOT_DRAWN")] == sum(PEOPLE.values()) - sum(AWARDED.values()) - 3
    assert told["total"][0]["times"] == sum(seen.values())
    by_district = kerja.json(*wave("report", "reasons", "--by", "district"))["rows"]
    assert [row["district"] for row in by_district if row["status"] == "REVOKED"] == sorted(PEOPLE)
    told = kerja.json("report", "reasons", "--by", "provider", "--programme", "kartu-other", "--scheme", "one")
    refused = LISTED[-1]["provider_id"]
    assert {(row["provider"], row["phase"], row["status"], row["reason"]): row["times"] for row in told["rows"]} == {
        (HERE["provider_id"], "PROVIDER", "REJECTED", "PROV_FREE_DUPLICATE"): 2,  # of two years
        (HERE["provider_id"], "PROVIDER", "REJECTED", "PLAT_COVERAGE_SHORT"): 2,
        (THERE["provider_id"], "PROVIDER", "HELD", "PROV_CHECK"): 2, (refused, "PURCHASE", "REJECTED", "COURSE_NOT_ACCREDITED"): 1}
    assert told["total"][0]["times"] == 7 and told["faults"] == []
    for by in ("programme", "district", "province", "wave", "scheme"):
        assert kerja.json("report", "reasons", "--by", by)["faults"] == []
    assert not [row for row in kerja.json("report", "reasons", "--programme", "kartu-oth")["rows"]]


def test_reasons_of_payments_stand_by_status(kerja, rows):
    [award] = rows.run("SELECT award_id FROM completion.award WHERE verified_completions = 1 ORDER BY award_id LIMIT 1")[0]
    common = {"award_id": award, "programme": PROGRAMME, "scheme": SCHEME, "currency": "IDR", "payee_ref": "P-1"}
    rows.put("incentive.entitlement", [
        {**common, "status": status, "payee_kind": kind, "reasons": reasons}
        for status, kind, reasons in (("HELD", "PARTICIPANT", ["ACCOUNT_MISMATCH", "AWARD_HELD"]),
                                      ("CANCELLED", "PARTICIPANT", ["PROVIDER_REJECTED"]), ("HELD", "PROVIDER", ["ACCOUNT_MISSING"]))])
    try:
        told = kerja.json(*wave("report", "reasons", "--by", "provider"))
    finally:
        rows.run("DELETE FROM incentive.entitlement WHERE payee_ref = 'P-1'")
    seen = {(row["provider"], row["status"], row["reason"]): row["times"] for row in told["rows"] if row["phase"] == "PAY"}
    assert seen == {(None, "HELD", "ACCOUNT_MISMATCH"): 1, (None, "HELD", "AWARD_HELD"): 1,
                    (None, "CANCELLED", "PROVIDER_REJECTED"): 1, ("P-1", "HELD", "ACCOUNT_MISSING"): 1}
    assert told["faults"] == []


def test_uptake_says_which_half_of_the_catalogue_nobody_chose(kerja, rows):
    told = kerja.json("report", "uptake")
    [total] = told["total"]
    assert (len(told["rows"]), total["courses"], total["never_chosen"]) == (PROVIDERS, COURSES, COURSES // 2)
    assert total["purchases"] == COURSES + VISITS and total["prices_hundredths"] == (COURSES + VISITS) * 40_000_000
    assert told["faults"] == []
    never = kerja.json("report", "uptake", "--by", "never-chosen")["rows"]
    assert sorted(row["course"] for row in never) == [f"COURSE-{n:05}" for n in range(COURSES // 2 + 1, COURSES + 1)]
    assert all(row["purchases"] == 0 for row in never)
    courses = kerja.json("report", "uptake", "--by", "course")["rows"]
    assert len(courses) == COURSES and sum(row["chosen"] for row in courses) == COURSES // 2
    [district] = kerja.json("report", "uptake", "--by", "district", "--programme", "kartu-other")["rows"]
    assert (district["district"], district["purchases"], district["courses"]) == ("3171", COURSES, None)


@pytest.mark.parametrize("words, change, back, what, stated, counted", [
    (("participation",), "UPDATE completion.award SET scheme = 'two' WHERE award_id = %s",
     "UPDATE completion.award SET scheme = 'one' WHERE award_id = %s", "completed", 2, 3),
    (("participation",), "UPDATE application.application SET status = 'POOLED' WHERE award_id = %s",
     "UPDATE application.application SET status = 'AWARDED' WHERE award_id = %s", "awarded", 20, 19),
    (("money",), "UPDATE incentive.ledger_entry SET amount = amount + 5 WHERE award_id = %s AND number = 1",
     "UPDATE incentive.ledger_entry SET amount = amount - 5 WHERE award_id = %s AND number = 1", "committed, IDR",
     7_100_000_000, 7_100_000_005),
    (("uptake",), "UPDATE completion.enrolment SET course_key = award_id WHERE enrolment_key = (SELECT enrolment_key "
     "FROM completion.enrolment WHERE course_id = 'COURSE-00001' AND %s IS NOT NULL LIMIT 1)",
     "UPDATE completion.enrolment AS e SET course_key = c.course_key FROM completion.course AS c "
     "WHERE e.course_id = c.course_id AND %s IS NOT NULL", "purchases, IDR", COURSES + VISITS, COURSES + VISITS - 1),
])
def test_parts_that_do_not_add_up_are_named(kerja, rows, words, change, back, what, stated, counted):
    of = () if words == ("uptake",) else ("--programme", PROGRAMME, "--scheme", SCHEME)
    [award] = rows.run("SELECT award_id FROM completion.award WHERE verified_completions = 1 ORDER BY award_id LIMIT 1")[0]
    rows.run(change, award)
    try:
        done = kerja("report", *words, *of, status=1)
        faults = {fault["what"]: fault for fault in kerja.json("report", *words, *of, status=1)["faults"]}
    finally:
        rows.run(back, award)
    assert f"RECONCILE_MISMATCH: {what}: " in done.stdout and "figures do not agree" in done.stderr
    unit = "_hundredths" if words == ("money",) else ""
    assert (faults[what][f"stated{unit}"], faults[what][f"counted{unit}"]) == (stated, counted)
    kerja("report", *words, *of)


def test_seats_that_nobody_sits_on_are_named(kerja, rows):
    rows.run("UPDATE application.quota SET used = used + 1 WHERE kind = 'SEATS'")
    told = kerja("report", "participation", "--csv", status=1)
    rows.run("UPDATE application.quota SET used = used - 1 WHERE kind = 'SEATS'")
    assert f"RECONCILE_MISMATCH: seats taken, {PROGRAMME} wave {WAVE}, ALL: 18 stated, 17 counted (1 less)" in told.stderr
    assert f"RECONCILE_MISMATCH: seats taken, {PROGRAMME} wave {WAVE}, 17: 8 stated, 7 counted (1 less)" in told.stderr
    assert "RECONCILE" not in told.stdout


def test_a_published_table_is_held_against_itself_and_against_ours(kerja, rows):
    """As printed in October 2022: 197,082 stated, 197,092 summed, Bengkulu Utara twice and Bengkulu Tengah not at all."""
    people = f"json_each_text('{json.dumps(PRINTED)}'::json) AS district (code, people), generate_series(1, people::int)"
    rows.multiply("application.application", {"programme": "printed", "scheme": "one", "wave": 1, "status": "AWARDED"}, people,
                  application_key="gen_random_uuid()", region_code="code")
    done = kerja("report", "participation", "--programme", "printed", "--compare", TABLE, status=1)
    expected = (TABLE.parent / "bengkulu-2022.txt").read_text()
    assert done.stdout == expected
    told = kerja.json("report", "participation", "--programme", "printed", "--compare", TABLE, status=1)
    faults = {fault["what"]: (fault["stated"], fault["counted"]) for fault in told["faults"]}
    assert faults == {"the table's own total": (197_082, 197_092), "the stated total, against ours": (197_082, 197_092)}
    assert [row["found"] for row in told["rows"] if row["region_code"] == "1703"] == ["stands twice"] * 2
    assert [row["ours"] for row in told["rows"] if row["found"] == "missing"] == [12_762]
    assert told["findings"] == expected.splitlines()[-3:]


def test_a_name_that_nobody_has_is_not_told_as_nothing_at_all(kerja, rows):
    words = ("report", "participation", "--programme", "kartu-prakrja")
    assert "nothing is known of it" in kerja(*words).stdout and "nothing is known of it" in kerja(*words, "--csv").stderr
    assert kerja.json(*words)["rows"] == [] and "nothing is known of it" not in kerja(*wave("report", "participation")).stdout


@pytest.mark.parametrize("words, told", [
    (("report",), "expected participation|uptake|money|reasons"),
    (("report", "weather"), 'there is no report "weather": expected one of participation, uptake, money, reasons'),
    (("report", "money", "--by", "course"),
     'money is told by programme, scheme, year, component, wave, provider, district, province, not by "course"'),
    (("report", "participation", "--count", "paid"), "--count says what a table counts: it needs --compare"),
    (("report", "participation", "--count", "pets", "--compare", "x.csv"), '--count is "pets": expected a column of participation'),
    (("report", "uptake", "--compare", "x.csv"), "--compare is for participation by district"),
    (("report", "money", "--csv", "--json"), "expected --csv or --json, not both"),
    (("report", "participation", "--wave", "eleven"), "expected a whole number"),
])
def test_a_wrong_call_is_told_in_a_sentence(kerja, words, told):
    assert told in kerja(*words, status=2).stderr
