"""Bad input: each record of it leads to one dead letter that says where it stood and why, and the next record is
decided. Bad configuration: the program says which thing, which value, what was expected and what it does, in few
lines."""
import dataclasses
import datetime
import os
import re
import subprocess
from decimal import Decimal
from typing import Callable

import pytest
import yaml

import harness
from faults import people
from harness.paths import command_program, worker_program
from harness.worker import program_environment
from market import (BOUGHT_ON, COURSE, DONE_ON, PRICE, Award, Market, completed, enrolled, finished, linked, listed, noon,
                    reached, settled)
from service import PATIENCE_S, SETTINGS, Outputs, prepare, query, send
from test_ctl import Kerja
from test_worker import application, outputs, person, prepared  # noqa: F401 (fixtures)

EVENTS = harness.Events()
GOOD = EVENTS.encode("application.submitted", people.submitted("garbage", 999_999_999))
WATCH_S = 8  # how long a program that retries is watched, from its first word of it
LINES_BOUND = 12  # of log in that time, start-up included


def changed(**changes) -> bytes:
    return EVENTS.encode("application.submitted", {**people.submitted("bad-input", 999_999_998), **changes})


# Name to value, and the reason that its letter must give.
BYTES = {
    "nothing at all": (b"", None),
    "no value": (None, "NO_VALUE"),
    "text": (b'{"application_id": "1"}', "UNKNOWN_FRAMING"),
    "one byte of the mark": (b"\xc3", None),
    "a schema nobody knows": (b"\xc3\x01" + b"\x07" * 8 + GOOD[10:], "UNKNOWN_SCHEMA"),
    "another event's schema": (EVENTS.encode("application.drawn", people.drawn("x", 1, "SELECTED")), None),
    "cut in the middle": (GOOD[:len(GOOD) // 2], "TRUNCATED"),
    "cut before the last byte": (GOOD[:-1], "TRUNCATED"),
    "a byte too many": (GOOD + b"\0", "TRAILING_BYTES"),
    "a text of 2^62 bytes": (GOOD[:10] + b"\xfe\xff\xff\xff\xff\xff\xff\xff\x7f" + b"x" * 20, None),
    "a negative length": (GOOD[:10] + b"\x03" + b"x" * 20, None),
    "nearly a million bytes": (b"x" * 999_000, "UNKNOWN_FRAMING"),
    "unknown programme": (changed(programme="no-such-programme"), "UNKNOWN_PROGRAMME"),
    "unknown wave": (changed(wave=9999), "UNKNOWN_WAVE"),
    "negative wave": (changed(wave=-1), "UNKNOWN_WAVE"),
    "letters for a national id": (changed(national_id="not a number"), "BAD_NATIONAL_ID"),
    "no application id": (changed(application_id=""), "BAD_APPLICATION_ID"),
    "text that is not UTF-8": (GOOD.replace(b"garbage", b"garb\xff\xfee"), None),
    "text with a zero byte": (changed(region_code="31\x0071"), None),
}


@pytest.fixture
def buried(servers, application, outputs):
    """Sends bytes to a topic and returns the one dead letter that they become."""
    application()

    def send_one(name: str, value: bytes | None, key: str | None = "a key", topic: str = "application.submitted"):
        event_id = f"{name}-{os.urandom(4).hex()}"
        behind = person("pooled", "behind")
        sender = harness.Sender(servers.kafka.address, source=people.SOURCE)
        sender.send_bytes(topic, key, value, {"ce_id": event_id, "ce_source": people.SOURCE})
        sender.flush()
        outputs.wait(lambda: outputs.letters(event_id))
        send(servers, [people.Record("application.submitted", key, behind.now[0].event, behind.now[0].event_id)])
        outputs.wait_all([behind])
        [letter] = outputs.letters(event_id)
        return letter

    return send_one


def test_each_bad_record_becomes_one_letter_and_the_next_is_decided(servers, buried):
    failures = []
    for name, (value, reason) in BYTES.items():
        letter = buried(name, value)
        found = letter.headers["kerja_reason"]
        whole = (letter.value or b"") == (value or b"") or len(value) > 900_000  # too large for a letter
        if (reason and found != reason) or not whole:
            failures.append(f"{name}: {found}, {letter.headers['kerja_sentence']}")
    assert not failures, failures


def test_a_letter_says_where_it_came_from_and_why(servers, buried):
    letter = buried("its headers", b"garbage")
    headers = letter.headers
    assert headers["kerja_topic"] == "application.submitted" and headers["kerja_service"] == "application"
    assert headers["kerja_partition"].isdigit() and headers["kerja_offset"].isdigit()
    assert headers["kerja_sentence"] and headers["kerja_failed_at"].isdigit()
    assert headers["ce_source"] == people.SOURCE and letter.key == "a key" and letter.value == b"garbage"


def test_a_key_that_no_letter_can_carry_stops_nothing(servers, application, outputs):
    working = application()
    sender = harness.Sender(servers.kafka.address)
    sender.send_bytes("application.submitted", "k" * 100_000, b"neither fits", {"ce_id": "huge key"})
    sender.send_bytes("application.submitted", "a", b"neither fits", {"ce_id": "x" * 70_000})
    sender.flush()
    letters = lambda: [one for one in outputs.seen if one.topic == "dead.letter" and one.value == b"neither fits"]
    outputs.wait(lambda: len(letters()) == 2)
    behind = person("pooled", "behind")
    send(servers, behind.now)
    outputs.wait_all([behind])
    assert working.process.alive()


@pytest.mark.parametrize("name, changes", {
    "born tomorrow": {"birth_date": datetime.date(2999, 1, 1)},
    "born before calendars": {"birth_date": datetime.date(1, 1, 1)},
    "submitted at the end of time": {"submitted_at": datetime.datetime(9999, 12, 31, tzinfo=datetime.timezone.utc)},
}.items())
def test_an_impossible_date_is_decided_or_buried_with_a_reason(servers, application, outputs, name, changes):
    application()
    one = person("pooled", "impossible")
    record = one.now[0]
    record.event.update(changes)
    send(servers, [record])
    outputs.wait(lambda: outputs.decided(one.application_id) or outputs.letters(record.event_id))
    behind = person("pooled", "behind")
    send(servers, behind.now)
    outputs.wait_all([behind])


def test_a_programme_file_that_this_release_refuses_is_told_once(servers, application, outputs):
    """Also where files are looked for again and again, because a programme is asked for that nobody published."""
    text = "programme: of-another-release\n"
    query(servers, "INSERT INTO kerja.programme (programme, sha256, text) VALUES (%s, sha256(%s::bytea), %s)",
          "of-another-release", text.encode(), text)
    working = application()
    for name in ("refused-1", "refused-2", "refused-3"):
        event = people.submitted(name, 999_999_996, programme="no-such-programme")
        send(servers, [people.Record("application.submitted", name, event, name)])
        outputs.wait(lambda: outputs.letters(name))
    assert working.process.log.read_text().count("programme file refused") == 1


def test_dead_letters_are_logged_without_personal_data(servers, application, outputs):
    working = application()
    one = people.submitted("canary", 999_999_997, national_id="canary 081547291362805", msisdn="+628119999777",
                           email="canary@example.org", name="Canary Person")
    send(servers, [people.Record("application.submitted", "canary", one, "canary")])
    [letter] = outputs.wait(lambda: outputs.letters("canary"))
    log = working.process.log.read_text()
    assert re.search(r'fact="dead letter" topic=application.submitted partition=\d+ offset=\d+ reason=BAD_NATIONAL_ID', log)
    headers = " ".join(value for name, value in letter.headers.items() if name.startswith("kerja_"))
    for secret in ("081547291362805", "+628119999777", "canary@example.org", "Canary Person"):
        assert secret not in log and secret not in headers


# Records that can be read, and say what cannot be.

REASONS = yaml.safe_load(people.PROGRAMME_FILE.read_text())["reasons"]
LATER = noon(DONE_ON + datetime.timedelta(days=2))


@dataclasses.dataclass
class Case:
    """What comes before, the bad record, and what is said of it: the sentence of each reason in `explained` where
    `kerja explain` is asked about the enrolment (or the instalment), or those words in a dead letter."""
    record: Callable[[Award], tuple[str, str, dict]]
    before: Callable[[Award], list[tuple[str, str, dict]]] = lambda award: []
    explained: tuple[str, ...] = ()
    letter: str = ""
    words: tuple[str, ...] = ()
    by: tuple[str, ...] = ("completion",)  # who writes the letter


def bought(award: Award, **changes) -> tuple[str, str, dict]:
    return "course.enrolled", award.award_id, enrolled(award, **changes)


def course(award: Award, **changes) -> list[tuple[str, str, dict]]:
    name = f"{COURSE}-{award.number}"
    return [("course.listed", name, listed(name, **changes))]


def bought_there(award: Award) -> tuple[str, str, dict]:
    return bought(award, course_id=f"{COURSE}-{award.number}")


def changed_by_officer(award: Award, **changes) -> tuple[str, str, dict]:
    return "award.changed", award.award_id, {
        "award_id": award.award_id, "programme": people.PROGRAMME, "scheme": "normal", "change": "RELEASED",
        "reason": "AUDIT_FINDING", "by": "OFFICER", "currency": "IDR", "occurred_at": LATER, "sequence": 1,
        "requested_by": "siti", **changes}


def resolved(award: Award, **changes) -> tuple[str, str, dict]:
    return "case.resolved", award.award_id, {
        "subject_id": award.award_id, "reason": "AUDIT_FINDING", "outcome": "WAIVED", "by": "siti", "occurred_at": LATER,
        "sequence": 2, **changes}


ALL = ("application", "completion", "incentive")
REFUSED = {
    "a price above the listed one": Case(lambda award: bought(award, price=PRICE + Decimal("0.01")),
                                         explained=("PRICE_ABOVE_LISTED",)),
    "a price above the balance": Case(lambda award: bought(award, price=Decimal("3500000.01")),
                                      explained=("PRICE_ABOVE_LISTED", "BALANCE_INSUFFICIENT")),
    "another currency": Case(lambda award: bought(award, currency="MYR"), letter="BAD_CURRENCY",
                             words=("MARKET-E-", "MYR", "IDR")),
    "a withdrawn course": Case(bought_there, lambda award: course(award, withdrawn=True),
                               explained=("COURSE_NOT_OFFERED",)),
    "a course a day after its last day of sale": Case(
        bought_there, lambda award: course(award, valid_to=BOUGHT_ON - datetime.timedelta(days=1)),
        explained=("COURSE_NOT_OFFERED",)),
    "a course in another currency": Case(bought_there, lambda award: course(award, currency="MYR"),
                                         explained=("COURSE_CURRENCY",)),
    "a course that its provider may not sell": Case(
        bought_there, lambda award: course(award, synchronous_minutes=60), explained=("PROV_HOURS_SHORT",)),
    "a course of another provider": Case(
        lambda award: course(award, provider_id="PROVIDER-OTHER", revision=2)[0], course, letter="COURSE_TAKEN",
        words=("PROVIDER-OTHER", "PROVIDER-MARKET")),
    "a purchase that ends before it starts": Case(
        lambda award: bought(award, starts_on=DONE_ON, ends_on=BOUGHT_ON), letter="BAD_TIME", words=("MARKET-E-",)),
    "a completion by another national id": Case(
        lambda award: ("course.completed", award.award_id, completed(award, attendee_national_id="9" * 16)),
        lambda award: [bought(award)], explained=("ATTENDED_BY_PROXY",)),
    "a completion of a rejected enrolment": Case(
        lambda award: ("course.completed", award.award_id, completed(award)),
        lambda award: [bought(award, price=PRICE + 1)], explained=("PRICE_ABOVE_LISTED",)),
    "a completion of another course": Case(
        lambda award: ("course.completed", award.award_id, completed(award, course_id="MARKET-2")),
        lambda award: [bought(award)], letter="COURSE_MISMATCH", words=("MARKET-2", COURSE)),
    "more sessions attended than held": Case(
        lambda award: ("course.completed", award.award_id, completed(award, sessions_attended=7)),
        letter="BAD_SESSIONS", words=("MARKET-E-", "6")),
    "a milestone that nobody knows": Case(
        lambda award: ("milestone.reached", award.award_id, reached(award, "MOON_REACHED")),
        letter="UNKNOWN_MILESTONE", words=("MOON_REACHED",)),
    "a fifth survey of two": Case(
        lambda award: ("milestone.reached", award.award_id, reached(award, "SURVEY_ANSWERED", number=5)),
        letter="NO_SUCH_SURVEY", words=("2", "5")),
    "a hold lifted by one officer alone": Case(changed_by_officer, letter="SECOND_OFFICER_MISSING",
                                               words=("two officers",), by=ALL),
    "a hold lifted by one officer twice": Case(lambda award: changed_by_officer(award, approved_by="siti"),
                                               letter="SECOND_OFFICER_MISSING", words=("two officers",), by=ALL),
    "a case resolved by one officer alone": Case(resolved, letter="SECOND_OFFICER_MISSING", words=("two officers",),
                                               by=("application", "completion")),
}

PAID = {
    "an amount that differs": Case(lambda asked: settle(asked, amount=asked["amount"] - 1), explained=("RECONCILE_MISMATCH",)),
    "a currency that differs": Case(lambda asked: settle(asked, currency="MYR"), explained=("RECONCILE_MISMATCH",)),
    "an attempt that was never made": Case(
        lambda asked: settle(asked, instruction_id=asked["instruction_id"][:-2] + "07"), letter="UNKNOWN_ATTEMPT",
        words=("7",), by=("incentive",)),
    "an instruction that is none": Case(lambda asked: settle(asked, instruction_id="7"), letter="BAD_INSTRUCTION_ID",
                                        words=("instruction_id",), by=("incentive",)),
    "another award's instruction": Case(
        lambda asked: settle(asked, award_id="00000000-0000-8000-8000-000000000007"), letter="AWARD_MISMATCH",
        words=("award",), by=("incentive",)),
}

ACCOUNTS = {
    "an account in another's name": ({"holder_national_id": "9" * 16}, "ACCT_NIK_MISMATCH"),
    "an account that is not active": ({"active": False}, "ACCT_INACTIVE_OR_BLOCKED"),
    "an account in another currency": ({"currency": "MYR"}, "ACCT_CURRENCY"),
    "a wallet with another number": ({"msisdn": "+62899999999"}, "ACCT_PHONE_CHANGED"),
    "somebody else's account": ({"account_no": "7799999999"}, "FRAUD_SHARED_PAYEE"),
}


def settle(asked: dict, **changes) -> tuple[str, str, dict]:
    return "payout.settled", asked["instruction_id"], settled(asked, **changes)


@pytest.fixture
def published(servers, worker, prepared):
    """The programme and the registers' snapshots, once for a file of tests."""
    if servers not in prepared:
        prepare(servers, worker)
        prepared.add(servers)


@pytest.fixture
def market(servers, worker, published):
    market = Market(servers, worker)
    yield market
    market.close()


def explained(kerja: Kerja, subject_id: str, reasons: tuple[str, ...]) -> str | None:
    """None once `kerja explain` says the sentence of each reason; what it said until then."""
    said = []

    def tells() -> bool:
        done = subprocess.run([command_program(), "explain", subject_id], env=kerja.environment, text=True,
                              capture_output=True, timeout=PATIENCE_S)
        said.append(done.stdout + done.stderr)
        return all(f"{code}: {REASONS[code]['sentence']['en']}" in said[-1] for code in reasons)
    return None if harness.wait_until(tells, PATIENCE_S / 6) else said[-1]


def buried_well(market: Market, event_id: str, case: Case) -> str | None:
    """None once each service of the case has written its letter, with the reason and the words."""
    letters = market.outputs.wait(lambda: (found := market.outputs.letters(event_id)) and len(found) == len(case.by) and found)
    wrong = [letter.headers for letter in letters if letter.headers["kerja_reason"] != case.letter
             or not all(word in letter.headers["kerja_sentence"] for word in case.words)]
    by = {letter.headers["kerja_service"] for letter in letters}
    return str(wrong) if wrong or by != set(case.by) else None


def judged(market: Market, kerja: Kerja, event_id: str, subject_id: str, case: Case) -> str | None:
    if case.letter:
        return buried_well(market, event_id, case)
    return explained(kerja, subject_id, case.explained)


def test_what_platforms_and_officers_may_not_say_is_answered_in_a_sentence(market, servers, tmp_path):
    kerja, awards = Kerja(servers, tmp_path), market.awards(len(REFUSED))
    market.say([record for award, case in zip(awards, REFUSED.values()) for record in case.before(award)])
    ids = [market.say([case.record(award)])[0] for award, case in zip(awards, REFUSED.values())]
    wrong = {name: told for award, event_id, (name, case) in zip(awards, ids, REFUSED.items())
             if (told := judged(market, kerja, event_id, award.enrolment_id, case))}
    assert wrong == {}


def test_one_voucher_in_two_awards_is_answered_in_a_sentence(market):
    one, other = market.awards(2)
    market.say([bought(one)])
    taken = lambda: query(market.servers, "SELECT 1 FROM completion_read.enrolment WHERE enrolment_id = %s", one.enrolment_id)
    assert harness.wait_until(taken, PATIENCE_S)  # the other's stand in another partition
    [event_id] = market.say([bought(other, enrolment_id=one.enrolment_id)])
    [letter] = market.outputs.wait(lambda: market.outputs.letters(event_id))
    assert letter.headers["kerja_reason"] == "ENROLMENT_TAKEN"
    assert f'"{one.enrolment_id}" belongs to another award' in letter.headers["kerja_sentence"]


def test_what_gateways_may_not_say_is_answered_in_a_sentence(market, servers, tmp_path):
    kerja, awards = Kerja(servers, tmp_path), market.awards(len(PAID))
    market.link([linked(award) for award in awards])
    market.say([record for award in awards for record in finished(award)])
    asked = [market.outputs.wait(lambda: market.outputs.requested(award)) for award in awards]
    ids = [market.say([case.record(one)])[0] for one, case in zip(asked, PAID.values())]
    wrong = {name: told for award, event_id, (name, case) in zip(awards, ids, PAID.items())
             if (told := judged(market, kerja, event_id, award.award_id, case))}
    assert wrong == {}


def test_accounts_that_may_not_be_paid_are_named_in_a_sentence(market, servers, tmp_path):
    kerja, awards = Kerja(servers, tmp_path), market.awards(len(ACCOUNTS) + 1)
    changes = [change for change, _reason in ACCOUNTS.values()]
    changes.append(changes[-1])  # the other one of that account
    market.link([linked(award, **change) for award, change in zip(awards, changes)])
    market.say([record for award in awards for record in finished(award)])
    wrong = {name: told for award, (name, (_change, reason)) in zip(awards, ACCOUNTS.items())
             if (told := explained(kerja, award.award_id, (reason,)))}
    assert wrong == {}


def test_what_never_appears_and_what_is_told_too_late(market, servers, tmp_path):
    """The clock ends the waiting for what is older than seven days, and takes the award of who did not buy."""
    kerja, (early, lost, late, unknown) = Kerja(servers, tmp_path), market.awards(4)
    asked = {"instruction_id": f"{'7' * 32}-01", "end_to_end_id": "7" * 32, "award_id": None, "amount": Decimal(1),
             "currency": "IDR", "requested_at": LATER}
    waiting = [("milestone.reached", early.award_id, reached(early, "REVIEW_RATED", enrolment_id=early.enrolment_id)),
               ("milestone.reached", lost.award_id, reached(lost, "REVIEW_RATED", enrolment_id=lost.enrolment_id)),
               bought(unknown, course_id="MARKET-404"), settle(asked)]
    ids = market.say(waiting)
    waits = lambda: query(servers, "SELECT (SELECT count(*) FROM completion.waiting) + (SELECT count(*) FROM incentive.waiting)")
    assert harness.wait_until(lambda: waits() == [(len(waiting),)], PATIENCE_S), waits()
    market.say([bought(early)])  # the first of them came a little early, and is decided
    assert harness.wait_until(lambda: waits() == [(len(waiting) - 1,)], PATIENCE_S), waits()
    assert harness.wait_until(lambda: (kerja("clock", "--once"), waits())[1] == [(0,)], PATIENCE_S), waits()
    letters = [market.outputs.wait(lambda: market.outputs.letters(event_id))[0].headers for event_id in ids[1:]]
    assert {letter["kerja_reason"] for letter in letters} == {"NEVER_KNOWN"}
    assert all("seven days" in letter["kerja_sentence"] for letter in letters)
    assert market.outputs.letters(ids[0]) == []
    market.outputs.wait(lambda: market.outputs.revoked(late))
    market.say([bought(late)])  # in time, and told when the award was gone
    assert explained(kerja, late.enrolment_id, ("AWARD_REVOKED", "REPORTED_LATE")) is None


def test_one_listing_wakes_all_who_wait_for_it(servers, worker, published, tmp_path):
    """However few records a batch has: what is woken need not be as few. Each was alone in the batch in which it had to
    wait, and is explained all the same."""
    kerja = Kerja(servers, tmp_path)
    market = Market(servers, lambda service, settings: worker(service, {**settings, "KERJA_BATCH_RECORDS": "1"}))
    awards = market.awards(12)
    market.say([bought(award, course_id="MARKET-LATE") for award in awards])
    waits = lambda: query(servers, "SELECT count(*) FROM completion.waiting")[0][0]
    assert harness.wait_until(lambda: waits() == len(awards), PATIENCE_S), waits()
    ids = market.say([("course.listed", "MARKET-LATE", listed("MARKET-LATE"))])
    assert harness.wait_until(lambda: waits() == 0 or market.outputs.read() or market.outputs.letters(ids[0]), PATIENCE_S)
    assert market.outputs.letters(ids[0]) == [] and waits() == 0
    for award in awards:
        told = kerja("explain", award.enrolment_id)
        assert "Cause: the record course.enrolled" in told, told
    market.close()


# Bad configuration.


def start(servers, changes: dict[str, str | None]) -> subprocess.CompletedProcess:
    environment = program_environment({**servers.worker_environment(), **SETTINGS})
    environment.update({name: value for name, value in changes.items() if value is not None})
    for name, value in changes.items():
        if value is None:
            environment.pop(name, None)
    return subprocess.run([worker_program("application")], env=environment, text=True, timeout=PATIENCE_S,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


CONFIGURATIONS = {
    "a number that is none": ({"KERJA_BATCH_RECORDS": "many"}, ["KERJA_BATCH_RECORDS", "many"]),
    "a number too large": ({"KERJA_BATCH_RECORDS": "1000000"}, ["KERJA_BATCH_RECORDS", "1000000", "100000"]),
    "a time without unit": ({"KERJA_LINGER": "20"}, ["KERJA_LINGER", "20"]),
    "a level that is none": ({"KERJA_LOG_LEVEL": "loud"}, ["KERJA_LOG_LEVEL", "loud", "warning"]),
    "an unknown variable": ({"KERJA_BATCH_RECORD": "5"}, ["KERJA_BATCH_RECORD"]),
    "no server named": ({"KERJA_KAFKA": None}, ["KERJA_KAFKA"]),
    "time limits in the wrong order": ({"KERJA_TRANSACTION_TIMEOUT": "7s"},
                                       ["KERJA_TRANSACTION_TIMEOUT", "KERJA_SESSION_TIMEOUT"]),
    "a batch that its memory cannot hold": ({"KERJA_BATCH_BYTES": "256MiB"}, ["KERJA_ARENA", "twice KERJA_BATCH_BYTES"]),
    "a secret that is not there": ({"KERJA_ID_SECRET_FILE": "/no/such/file"}, ["/no/such/file"]),
    "a port that is none": ({"KERJA_HTTP": "127.0.0.1:port"}, ["KERJA_HTTP", "port"]),
}


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_bad_configuration_ends_the_start_and_says_so(servers, name):
    changes, words = CONFIGURATIONS[name]
    done = start(servers, changes)
    assert done.returncode == 2, done.stdout
    assert all(word in done.stdout for word in words), done.stdout
    assert len(done.stdout.splitlines()) <= LINES_BOUND, done.stdout


def test_a_wrong_password_ends_the_start(servers):
    address = re.sub(r"kerja:[^@]*@", "kerja:wrong@", servers.postgres.address)
    done = start(servers, {"KERJA_POSTGRES": address})
    assert done.returncode == 2, done.stdout
    assert "password" in done.stdout and "wrong@" not in done.stdout
    assert len(done.stdout.splitlines()) <= LINES_BOUND, done.stdout


@pytest.mark.parametrize("variable, value, words", [
    ("KERJA_KAFKA", "127.0.0.1:1", ["kafka", "again"]),
    ("KERJA_POSTGRES", "postgresql://kerja:x@127.0.0.1:1/kerja", ["postgres", "again"]),
])
def test_a_missing_server_is_waited_for_without_a_flood(worker, variable, value, words):
    process = worker("application", {**SETTINGS, variable: value}, ready=False).process
    assert harness.wait_until(lambda: all(word in process.log.read_text() for word in words), PATIENCE_S), process.log_tail()
    assert not process.wait_end(WATCH_S), process.failed("ended")
    assert len(process.log.read_text().splitlines()) <= LINES_BOUND, process.log_tail()


def test_a_missing_redis_stops_nothing(servers, application, outputs):
    working = application({"KERJA_REDIS": "127.0.0.1:1"})
    one = person("pooled", "no redis")
    send(servers, one.now)
    outputs.wait_all([one])
    assert len(working.process.log.read_text().splitlines()) <= LINES_BOUND


def test_a_server_that_goes_away_is_told_once_not_every_second(servers, application, outputs):
    working = application()
    lines = len(working.process.log.read_text().splitlines())
    servers.postgres.stop()
    try:
        told = lambda: working.process.log.read_text().splitlines()[lines:]
        assert harness.wait_until(lambda: any("postgres" in line.lower() for line in told()), PATIENCE_S), told()
        assert not working.process.wait_end(WATCH_S)
        assert len(told()) <= LINES_BOUND, told()
    finally:
        servers.postgres.start()
    one = person("pooled", "after")
    send(servers, one.now)
    outputs.wait_all([one])
    assert query(servers, "SELECT 1") == [(1,)]
    assert working.process.alive() and working.get("/readyz")[0] == 200
    assert harness.wait_until(lambda: working.ready(), PATIENCE_S)
