"""The oracles of ./run faults find what is missing, doubled, out of place or invented."""
import datetime
import decimal
import sqlite3
import types
import uuid

import psycopg2
import pytest

import harness
from faults import books, oracles, outputs, people, seeds, stuck, traces
from faults.findings import KINDS, Findings

AWARD = "00320000-0000-8000-8000-000000000001"
CAUSES = ("cause-0", "cause-1")
APPLIED = {"submitted_at": datetime.datetime(2023, 7, 1, tzinfo=datetime.timezone.utc)}


def submitted(offset: int) -> harness.Received:
    return harness.Received("application.submitted", 3, offset, "key", {"ce_id": CAUSES[offset], "ce_source": people.SOURCE},
                            b"", APPLIED)


def said(offset: int, cause: str, index: int, sequence: int, topic: str = "application.decided") -> harness.Received:
    event_id = people.output_id("application", people.SOURCE, cause, index)
    return harness.Received(topic, 7, offset, AWARD, {"ce_id": event_id, "ce_source": "/kerja/application"}, b"",
                            {"award_id": AWARD, "sequence": sequence})


def told(offset: int, cause: str, index: int) -> harness.Received:
    return said(offset, cause, index, 0, "notification.requested")


SOUND = [submitted(0), submitted(1), said(0, CAUSES[0], 0, 1), told(0, CAUSES[0], 1), said(1, CAUSES[1], 0, 2)]


def wrong(findings: Findings) -> list[str]:
    return [field for field in vars(findings) if getattr(findings, field)]


@pytest.fixture
def found(monkeypatch):
    """What is found in those topics, where the row has been told twice and one timer says that something waited."""
    def check(received, waited=False, rows=((AWARD, 2),)) -> Findings:
        findings = Findings()
        monkeypatch.setattr(outputs, "query", lambda _servers, sql, *_values: rows if "application.application" in sql else [])
        monkeypatch.setattr(outputs, "Waiting", lambda *_: types.SimpleNamespace(has=lambda *_: waited))
        outputs.Outputs(received, ["application"]).check(None, findings)
        return findings
    return check


def test_what_is_whole_is_sound(found):
    assert found(SOUND).sound()


LOST = {"the last number": SOUND[:-1], "the first of two outputs": SOUND[:2] + [told(0, CAUSES[0], 1), SOUND[-1]],
        "all outputs of a row": SOUND[:2]}


@pytest.mark.parametrize("name", LOST)
def test_an_output_that_is_missing_is_lost(found, name):
    assert found(LOST[name]).lost


def test_where_no_row_has_a_number_nothing_was_looked_at(found):
    assert found(SOUND[:2], rows=()).lost


def test_an_output_that_stands_twice_is_found(found):
    assert found(SOUND + [said(2, CAUSES[1], 0, 2)]).twice


def test_an_output_that_nothing_caused_is_found(found):
    assert found(SOUND + [said(2, "nobody's", 0, 3)]).twice


def test_outputs_in_another_order_than_their_causes_are_found(found):
    swapped = [submitted(0), submitted(1), said(1, CAUSES[0], 0, 1), said(0, CAUSES[1], 0, 2)]
    assert found(swapped).disordered
    assert not found(swapped, waited=True).disordered


ENTITLEMENT = "ab" * 16
MONEY = {
    "paid once": ([("PAID", 1)], "PAID", None),
    "nobody was paid": ([], "HELD", "lost"),
    "paid twice": ([("PAID", 1), ("PAID", 2)], "PAID", "twice"),
    "paid, and not known": ([("PAID", 1)], "HELD", "unbalanced"),
    "known as paid, and not": ([("REJECTED", 1)], "PAID", "unbalanced"),
    "never asked for": ([("PAID", 1), ("REJECTED", 3)], "PAID", "lost"),
}


@pytest.mark.parametrize("name", MONEY)
def test_the_gateways_book_is_held_against_ours(monkeypatch, tmp_path, name):
    instructions, status, kind = MONEY[name]
    path = tmp_path / "book.db"
    with sqlite3.connect(path) as book:
        book.execute("CREATE TABLE instruction (instruction_id TEXT, state TEXT, amount_hundredths INTEGER)")
        book.executemany("INSERT INTO instruction VALUES (?, ?, 500)",
                         [(f"{ENTITLEMENT}-{attempt:02}", state) for state, attempt in instructions])
    paid = sum(500 for state, _attempt in instructions if state == "PAID")
    monkeypatch.setattr(books, "check_ledger", lambda *_: {"PAID": paid, "RECOVERED": 0, **dict.fromkeys(books.OPEN_ACCOUNTS, 0)})
    monkeypatch.setattr(books, "query", lambda *_: [(ENTITLEMENT, status, 500, AWARD, "training", 1, [])])
    asked = [harness.Received("payout.requested", 0, attempt, AWARD, {}, b"", {"end_to_end_id": ENTITLEMENT, "attempt": attempt})
             for attempt in range(1, len(instructions) + 1) if name != "never asked for" or attempt == 1]
    findings = Findings()
    books.check_end(None, path, asked, findings)
    assert kind in wrong(findings) if kind else wrong(findings) == []


PLACE = ("application.submitted", 3)
EVERYWHERE = {(topic, 0): (5, 5) for topic in outputs.READS["application"]}


class Answers:
    """Positions of one service as a test says, all at the end but for `place`."""

    def __init__(self, place=(7, 7, 7, 7)):
        w, k, g, end = place
        self.rows, self.offsets, self.end = {**EVERYWHERE, PLACE: (w, g)}, {**dict.fromkeys(EVERYWHERE, 5), PLACE: k}, end
        self.consumer = types.SimpleNamespace(get_watermark_offsets=lambda at, **_: (0, self.end if at.partition == 3 else 5))

    def stored(self):
        return self.rows

    def committed(self, _places):
        return self.offsets

    def close(self):
        pass


STANDING = {
    "at the end": ((7, 7, 7, 7), [], None),
    "not read to the end": ((7, 7, 7, 8), [], "stuck"),
    "decided and not published": ((5, 5, 7, 7), [], "stuck"),
    "published and never seen": ((5, 7, 7, 7), [], "stuck"),
    "stopped, and says why": ((5, 5, 7, 9), [(*PLACE, "the log ends before our position")], "lost"),
    "stopped in silence": ((5, 5, 7, 9), [(*PLACE, "")], "stuck"),
}


@pytest.mark.parametrize("name", STANDING)
def test_who_stands_still_is_stuck_and_who_stopped_has_lost(monkeypatch, name):
    place, stopped, kind = STANDING[name]
    monkeypatch.setattr(stuck.oracles, "Positions", lambda *_: Answers(place))
    monkeypatch.setattr(stuck, "query", lambda _servers, sql, *_: stopped if "state <>" in sql else [])
    monkeypatch.setattr(stuck, "held_back", lambda _servers: [])
    findings = Findings()
    stuck.check(None, ["application"], findings, None, 0)
    assert wrong(findings) == ([kind] if kind else [])


LEFT = {"an outbox row": ".outbox o", "a due timer": ".timer", "an event that waits": ".waiting"}


@pytest.mark.parametrize("name", LEFT)
def test_what_is_left_over_is_stuck(monkeypatch, name):
    row = (1,) if "wait" in name else (*PLACE, 1, 7) if "outbox" in name else ("WAITING", 1, "2023-07-01")
    monkeypatch.setattr(stuck.oracles, "Positions", lambda *_: Answers())
    monkeypatch.setattr(stuck, "query", lambda _servers, sql, *_: [row] if LEFT[name] in sql else [])
    monkeypatch.setattr(stuck, "held_back", lambda _servers: [])
    findings = Findings()
    stuck.check(None, ["application"], findings, "2024-07-01", 0)
    assert len(findings.stuck) == 1


# What became of each record: topic, partition and offset are (topic, 0, offset) here.

def heard(topic: str, offset: int, event: dict | None = None, event_id: str | None = None, **headers) -> harness.Received:
    return harness.Received(topic, 0, offset, AWARD, {"ce_id": event_id or f"{topic}/{offset}", "ce_source": people.SOURCE,
                                                      **headers}, b"", event or {})


def letter(service: str, topic: str, offset: int, reason: str = "") -> harness.Received:
    return heard("dead.letter", offset, kerja_service=service, kerja_topic=topic, kerja_partition="0", kerja_offset=str(offset),
                 kerja_reason=reason)


def answer(cause: str, index: int, topic: str, event: dict, service: str = "completion") -> harness.Received:
    return harness.Received(topic, 0, index, AWARD, {"ce_id": people.output_id(service, people.SOURCE, cause, index),
                                                     "ce_source": f"/kerja/{service}"}, b"", {"award_id": AWARD, **event})


def segment(*decisions: tuple[int, int], topic: str = "") -> bytes:
    """Explanations with nothing in them but place and kind, as common/worker/explanation.h has them."""
    whole = b""
    for offset, kind in decisions:
        body = (offset.to_bytes(8, "little") + bytes(24) + bytes([kind, len(topic)]) + topic.encode() + bytes(4)
                + bytes(3) + bytes(2) + bytes(4))
        whole += len(body).to_bytes(4, "little") + body
    return whole


DAY = [datetime.datetime(2023, 8, day, tzinfo=datetime.timezone.utc) for day in range(1, 5)]
SOLD, DONE = "course.enrolled", "course.completed"
ANSWERED = [heard(SOLD, 0, event_id="sale"), answer("sale", 0, "enrolment.decided", {"status": "ACCEPTED"})]
MILESTONE = heard("milestone.reached", 1)
ELSE = "milestone.reached", segment((1, 0))
# Records beyond a purchase that was decided and answered, what segments say of them, rows that wait, and what is found.
TRACES = {
    "decided": ([MILESTONE], [ELSE], [], None),
    "not read": ([MILESTONE], [], [], "lost"),
    "refused": ([MILESTONE, letter("completion", "milestone.reached", 1)], [], [], None),
    "refused by another service": ([MILESTONE, letter("incentive", "milestone.reached", 1)], [], [], "lost"),
    "waiting": ([MILESTONE], [("milestone.reached", segment((1, 2)))], [("milestone.reached", 0, 1)], None),
    "waited, and was forgotten": ([MILESTONE], [("milestone.reached", segment((1, 2)))], [], "lost"),
    "waited, and was decided with another topic": (
        [MILESTONE], [("milestone.reached", segment((1, 2))), (SOLD, segment((1, 0), topic="milestone.reached"))], [], None),
    "decided twice": ([MILESTONE], [ELSE, ELSE], [], "twice"),
    "decided and refused": ([MILESTONE, letter("completion", "milestone.reached", 1)], [ELSE], [], "twice"),
    "decided, and was never sent": ([], [ELSE], [], "twice"),
    "repeated": ([heard(SOLD, 1, event_id="sale")], [], [], None),
    "repeated, and decided again": ([MILESTONE, heard("milestone.reached", 2, event_id="milestone.reached/1")],
                                    [("milestone.reached", segment((1, 0), (2, 0)))], [], "twice"),
    "of an application that won nothing": ([heard("application.decided", 1, {"status": "POOLED"})], [], [], None),
    "of an award": ([heard("application.decided", 1, {"status": "AWARDED"})], [], [], "lost"),
    "a timer": ([heard("timer.completion", 1)], [], [], None),
    "its own word": ([heard("award.changed", 1, {"by": "COMPLETION", "change": "CLOSED"})], [], [], None),
    "an end that was outlived": (
        [heard("award.changed", 1, {"by": "APPLICATION", "change": "REINSTATED", "occurred_at": DAY[2]}),
         heard("award.changed", 2, {"by": "OFFICER", "change": "REVOKED", "occurred_at": DAY[1]})],
        [("award.changed", segment((1, 0)))], [], None),
    "an end after a reinstatement": (
        [heard("award.changed", 1, {"by": "APPLICATION", "change": "REINSTATED", "occurred_at": DAY[2]}),
         heard("award.changed", 2, {"by": "OFFICER", "change": "REVOKED", "occurred_at": DAY[3]})],
        [("award.changed", segment((1, 0)))], [], "lost"),
    "an officer's word": ([heard("award.changed", 1, {"by": "OFFICER", "change": "HELD"})], [], [], "lost"),
    "a completion without an answer": ([heard(DONE, 1)], [(DONE, segment((1, 0)))], [], "lost"),
    "a payment that opens surveys": (
        [heard("payout.closed", 1, {"item": "job_search_incentive", "instalment": 1})], [], [], "lost"),
    "another payment": ([heard("payout.closed", 1, {"item": "training", "instalment": 1})], [], [], None),
}


@pytest.mark.parametrize("name", TRACES)
def test_each_record_that_was_read_has_one_trace(monkeypatch, name):
    records, segments, waiting, kind = TRACES[name]
    rows = [(SOLD, 0, segment((0, 0)))] + [(topic, 0, found) for topic, found in segments]
    monkeypatch.setattr(traces, "query", lambda _servers, sql, **_: rows if "segment" in sql else waiting)
    findings = Findings()
    traces.check(None, outputs.Outputs(ANSWERED + records, ["completion"]), findings)
    assert wrong(findings) == ([kind] if kind else [])


def settled(offset: int, status: str) -> harness.Received:
    return heard("payout.settled", offset, {"instruction_id": "one", "status": status})


@pytest.mark.parametrize("statuses, lost", ((("PAID", "ACCEPTED", "PAID"), 0), (("PAID", "REJECTED"), 1)))
def test_a_gateway_may_say_again_what_it_said(monkeypatch, statuses, lost):
    """Only the first of them is decided."""
    monkeypatch.setattr(traces, "query", lambda _servers, sql, **_: [("payout.settled", 0, segment((0, 0)))] * ("segment" in sql))
    findings = Findings()
    received = [settled(offset, status) for offset, status in enumerate(statuses)]
    traces.check(None, outputs.Outputs(received, ["incentive"]), findings)
    assert len(findings.lost) == lost


def test_that_an_instruction_was_taken_in_is_news_at_first(monkeypatch):
    monkeypatch.setattr(traces, "query", lambda _servers, sql, **_: [("payout.settled", 0, segment((1, 0)))] * ("segment" in sql))
    findings = Findings()
    traces.check(None, outputs.Outputs([settled(0, "ACCEPTED"), settled(1, "PAID")], ["incentive"]), findings)
    assert len(findings.lost) == 1


@pytest.mark.parametrize("numbers, lost", (((2, 1), 0), ((1, 2), 1), ((1, 1), 1)))
def test_only_behind_a_newer_word_is_an_older_one_old_news(monkeypatch, numbers, lost):
    """Of two words on one purchase the first that is read is decided, and the second, by the same number or a higher, must be."""
    monkeypatch.setattr(traces, "query",
                        lambda _servers, sql, **_: [("enrolment.decided", 0, segment((0, 0)))] * ("segment" in sql))
    findings = Findings()
    received = [heard("enrolment.decided", offset, {"enrolment_id": "one", "sequence": number, "status": "ACCEPTED"})
                for offset, number in enumerate(numbers)]
    traces.check(None, outputs.Outputs(received, ["incentive"]), findings)
    assert len(findings.lost) == lost


def test_a_service_that_decided_nothing_was_not_looked_at(monkeypatch):
    monkeypatch.setattr(traces, "query", lambda *_, **__: [])
    findings = Findings()
    traces.check(None, outputs.Outputs([heard("timer.completion", 0)], ["completion"]), findings)
    assert findings.lost == ["completion has decided nothing"]


MESSAGES = {
    "an application": ("application", "application.decided", {"status": "NOT_DRAWN"}, "not_selected"),
    "a completion": ("completion", "completion.decided", {"status": "VERIFIED"}, "completed"),
    "an award that ends": ("completion", "award.changed", {"change": "REVOKED", "by": "COMPLETION"}, "revoked"),
    "a payment": ("incentive", "payout.closed", {"item": "survey_incentive", "outcome": "PAID"}, "payout_sent"),
    "a payment that failed": ("incentive", "payout.closed", {"item": "survey_incentive", "outcome": "HELD"}, "payout_failed"),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_that_is_missing_behind_what_it_tells_of_is_lost(name):
    service, topic, event, kind = MESSAGES[name]
    records = [heard(f"timer.{service}", 0, event_id="cause"), answer("cause", 0, topic, event, service),
               answer("cause", 1, "notification.requested", {"kind": kind}, service)]
    for received, missing in ((records, False), (records[:-1], True)):
        findings = Findings()
        traces.check_messages(outputs.Outputs(received, [service]), findings)
        assert wrong(findings) == ["lost"] * missing


# What the platform wrote down: awards that it heard of, and each enrolment with both answers.
PLATFORM = {
    "answered": (["A"], [("one", "ACCEPTED", "VERIFIED")], None),
    "an award it never heard of": ([], [("one", "ACCEPTED", "VERIFIED")], "lost"),
    "an award that nobody has": (["A", "B"], [("one", "ACCEPTED", "VERIFIED")], "twice"),
    "a purchase without an answer": (["A"], [("one", None, "VERIFIED")], "lost"),
    "a completion without an answer": (["A"], [("one", "ACCEPTED", None)], "lost"),
    "a purchase that Kafka does not have": (["A"], [("one", "ACCEPTED", "VERIFIED"), ("two", "ACCEPTED", None)], "lost"),
    "a purchase that it does not know": (["A"], [], "lost"),
    "refused": (["A"], [("one", None, None)], None),
    "nothing bought": (["A"], [], "lost"),
}


@pytest.mark.parametrize("name", PLATFORM)
def test_the_platforms_book_is_held_against_what_was_answered(tmp_path, name):
    awards, enrolments, kind = PLATFORM[name]
    path = tmp_path / "book.db"
    with sqlite3.connect(path) as book:
        book.execute("CREATE TABLE award (application_id TEXT)")
        book.execute("CREATE TABLE enrolment (enrolment_id TEXT, purchase TEXT, completion TEXT)")
        book.executemany("INSERT INTO award VALUES (?)", [(one,) for one in awards])
        book.executemany("INSERT INTO enrolment VALUES (?, ?, ?)", enrolments)
    received = [heard(topic, 0, {"enrolment_id": "one"}) for topic in (SOLD, DONE)] if name != "nothing bought" else []
    received += [letter("completion", SOLD, 0)] if name == "refused" else []
    findings = Findings()
    books.check_platform(path, received, [people.Applicant("A", 1, "AWARDED"), people.Applicant("C", 2, "POOLED")], findings)
    assert wrong(findings) == ([kind] if kind else [])


PAYEE = {"kind": "PARTICIPANT", "ref": "somebody"}
HELD = heard("award.changed", 0, {"award_id": AWARD, "change": "HELD", "by": "APPLICATION"})
APPROVED = heard("incentive.approved", 0, {"award_id": AWARD, "item": "training", "payee": PAYEE, "instalments": [
    {"number": 1, "entitlement_id": uuid.UUID(ENTITLEMENT)}]})
OWED = {
    "paid": ("PAID", [], [APPROVED], [], None),
    "unpaid without a reason": ("HELD", [], [APPROVED], [], "lost"),
    "unpaid for a reason that nothing explains": ("EXPIRED", ["BALANCE_RETURNED"], [APPROVED], [], "lost"),
    "unpaid for any other reason": ("REFUSED", ["AWARD_REVOKED"], [APPROVED, HELD], [], "lost"),
    "held until its balance went back": ("EXPIRED", ["BALANCE_RETURNED"], [APPROVED, HELD], [], None),
    "refused until its balance went back": ("EXPIRED", ["BALANCE_RETURNED"], [APPROVED], [ENTITLEMENT], None),
    "not known": (None, [], [], [], "lost"),
    "approved, of a revoked award, and not known": (
        None, [], [APPROVED, heard("award.changed", 0, {"award_id": AWARD, "change": "REVOKED"})], [], "lost"),
}


@pytest.mark.parametrize("name", OWED)
def test_what_is_owed_is_paid_or_something_says_why_not(monkeypatch, name):
    status, reasons, received, refused, kind = OWED[name]
    monkeypatch.setattr(books, "owed", lambda _events: [types.SimpleNamespace(
        award_id=AWARD, item="training", instalment=1, amount=decimal.Decimal(5))])
    stored = {ENTITLEMENT: (status, 500, (AWARD, "training", 1, reasons))} if status else {}
    findings = Findings()
    books.check_owed(received, stored, {"REJECTED": dict.fromkeys(refused, [500])}, findings)
    assert wrong(findings) == ([kind] if kind else [])


PERSON = uuid.UUID(int=7)
WON = heard("application.decided", 0, {"award_id": AWARD, "person_id": PERSON, "status": "AWARDED"})
LISTED = heard("register.listed", 0, {"person_id": PERSON, "listed": True})
BACK = heard("award.changed", 1, {"award_id": AWARD, "change": "REINSTATED", "by": "OFFICER"})
TAKEN_BACK = heard("award.changed", 2, {"award_id": AWARD, "change": "REVOKED", "by": "OFFICER"})
LATE = heard("enrolment.decided", 0, {"award_id": AWARD})
REFUSED = {
    "a purchase of an award that was revoked": ("incentive", LATE, "AWARD_ENDED", [TAKEN_BACK], True),
    "a purchase of an award that was not": ("incentive", LATE, "AWARD_ENDED", [HELD], False),
    "a purchase by another service": ("completion", LATE, "AWARD_ENDED", [TAKEN_BACK], False),
    "a reinstatement, the card being full": ("application", BACK, "FAMILY_CARD_LIMIT", [], True),
    "a reinstatement of who is listed": ("application", BACK, "BLACKLISTED", [WON, LISTED], True),
    "a reinstatement of who is not": ("application", BACK, "BLACKLISTED", [WON], False),
    "a revocation": ("application", TAKEN_BACK, "FAMILY_CARD_LIMIT", [], False),
    "a course": ("completion", heard(DONE, 0), "FAMILY_CARD_LIMIT", [], False),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_needs_an_act_that_explains_it(name):
    service, record, reason, others, fits = REFUSED[name]
    received = [record, *others, letter(service, record.topic, record.offset, reason)]
    findings = Findings()
    oracles.check_letters(outputs.Outputs(received, []), [], {}, findings)
    assert wrong(findings) == ([] if fits else ["lost"])


def test_what_was_not_checked_is_not_said_to_be_none():
    findings = Findings(lost=["something"])
    assert findings.counts() == "lost=1 twice=0 disordered=0 unbalanced=0 stuck=0"
    assert findings.counts(KINDS) == ("lost=1 twice=unchecked disordered=unchecked unbalanced=unchecked "
                                              "stuck=unchecked")


def test_seeds_of_which_one_did_not_check_come_to_unchecked():
    sound = {"kills": 9, "lost": 0, "twice": 0, "status": 0}
    broken_off = {"kills": 2, "lost": 1, "twice": "unchecked", "status": 1}
    assert seeds.added([sound, sound]) == {"kills": 18, "lost": 0, "twice": 0}
    assert seeds.added([sound, broken_off]) == {"kills": 11, "lost": 1, "twice": "unchecked"}
    assert seeds.added([sound, None]) == {"kills": 9, "lost": "unchecked", "twice": "unchecked"}


@pytest.mark.parametrize("answers", (True, False))
def test_a_sampler_that_never_got_a_whole_answer_is_stuck(monkeypatch, answers):
    def sample() -> list[str]:
        if not answers:
            raise psycopg2.OperationalError("no such table")
        return []
    monkeypatch.setattr(oracles, "Positions", lambda *_: types.SimpleNamespace(sample=sample, close=lambda: None))
    monkeypatch.setattr(oracles, "SAMPLE_S", 0.01)
    monkeypatch.setattr(oracles, "LOOK_S", 60 if answers else 0.5)
    nowhere = types.SimpleNamespace(kafka=types.SimpleNamespace(address="127.0.0.1:1"))
    findings = Findings()
    with oracles.Sampler(nowhere, ["application"], findings) as sampler:
        sampler.require("here")
    assert (findings.stuck == []) is answers and (sampler.samples > 0) is answers
    assert findings.lost == ["nothing visible was compared with PostgreSQL while it was sampled"]
