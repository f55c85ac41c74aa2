"""The oracles of ./run faults find what is missing, doubled, out of place or invented."""
import datetime
import sqlite3
import types

import pytest

import harness
from faults import books, outputs, people, stuck
from faults.findings import Findings

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


@pytest.fixture
def found(monkeypatch):
    """What is found in those topics, where the row has been told twice and one timer says that something waited."""
    def check(received, waited=False) -> Findings:
        findings = Findings()
        monkeypatch.setattr(outputs, "query", lambda _servers, sql, *_values: [(AWARD, 2)] if "sequence" in sql else [])
        monkeypatch.setattr(outputs, "Waiting", lambda *_: types.SimpleNamespace(has=lambda *_: waited))
        outputs.Outputs(received, ["application"]).check(None, findings)
        return findings
    return check


def test_what_is_whole_is_sound(found):
    assert found(SOUND).sound()


LOST = {"the last number": SOUND[:-1], "the first of two outputs": SOUND[:2] + [told(0, CAUSES[0], 1), SOUND[-1]]}


@pytest.mark.parametrize("name", LOST)
def test_an_output_that_is_missing_is_lost(found, name):
    assert found(LOST[name]).lost


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
    wrong = [field for field in vars(findings) if getattr(findings, field)]
    assert kind in wrong if kind else wrong == []


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
    assert [field for field in vars(findings) if getattr(findings, field)] == ([kind] if kind else [])


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
