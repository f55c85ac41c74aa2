"""What officers, registers and returning money do to an award, on real servers: the rows, the limits that the database
keeps, and what the service tells others."""
import datetime
import decimal
import itertools

import pytest

import harness
import service
from faults import people
from faults.ids import Ids
from service import PATIENCE_S, query, send
from test_worker import application, prepared  # noqa: F401 (fixtures)

WAVE, YEAR, SCHEME = 21, 2021, "semi-bansos"  # a wave whose seats are known, a year with one ceiling on the whole
PARTS = {"TRAINING": 100_000_000, "INCENTIVE": 240_000_000, "SURVEY": 15_000_000}
PACKAGE = sum(PARTS.values())
OFFICERS = {"requested_by": "officer-7", "approved_by": "officer-8"}
_numbers = iter(range(5_000_001, 6_000_000, 2))  # of people, each alone on a family card
_records = itertools.count()


def at(month: int, day: int) -> datetime.datetime:
    return datetime.datetime(YEAR, month, day, 5, tzinfo=datetime.timezone.utc)


class Outputs(service.Outputs):
    TOPICS = ("application.decided", "award.changed", "dead.letter")

    def each_once(self) -> None:
        """Of what the service said: the test itself sends records of award.changed, and some again."""
        ids = [one.headers["ce_id"] for one in self.seen if one.headers.get("ce_source") == "/kerja/application"]
        assert ids and len(ids) == len(set(ids))


@pytest.fixture
def outputs(servers):
    reader = Outputs(servers)
    yield reader
    reader.close()


class Person:
    """Somebody who applies in the wave, and all that is said about the award."""

    def __init__(self, servers, outputs, **answers):
        self.servers, self.outputs, self.answers = servers, outputs, answers
        number = next(_numbers)
        self.application_id = f"flow-{number}"
        ids = Ids(servers)
        self.person_id = ids.person(f"{number:016d}")
        self.award_id = ids.award(people.PROGRAMME, SCHEME, WAVE, self.person_id)
        self.number, self.sent = number, []

    def say(self, topic: str, key: str, event: dict) -> str:
        record = people.Record(topic, key, event, f"flow-record-{next(_records)}")
        self.sent.append(record)
        send(self.servers, [record])
        return record.event_id

    def becomes(self, status: str) -> None:
        self.outputs.wait(lambda: self.outputs.status(self.application_id) == status)

    def apply(self) -> None:
        event = people.submitted(self.application_id, self.number, wave=WAVE, submitted_at=at(9, 17), **self.answers)
        self.say("application.submitted", self.application_id, event)

    def draw(self) -> None:
        event = people.drawn(self.application_id, 1, "SELECTED", wave=WAVE, drawn_at=at(9, 21),
                             notice_day=datetime.date(YEAR, 9, 22))
        self.say("application.drawn", self.application_id, event)

    def change(self, change: str, by: str, sequence: int, on: datetime.datetime, reason: str = "FIRST_TRAINING_LATE",
               **officers) -> str:
        return self.say("award.changed", self.award_id, {
            "award_id": self.award_id, "programme": people.PROGRAMME, "scheme": SCHEME, "change": change,
            "reason": reason, "by": by, "currency": "IDR", "occurred_at": on, "sequence": sequence, **officers})

    def release(self, component: str, sequence: int, on: datetime.datetime) -> None:
        self.say("commitment.released", self.award_id, {
            "award_id": self.award_id, "programme": people.PROGRAMME, "year": YEAR, "component": component,
            "amount": decimal.Decimal(PARTS[component]).scaleb(-2), "currency": "IDR", "reason": "FIRST_TRAINING_LATE", "occurred_at": on,
            "sequence": sequence})

    def resolve(self, subject_id: str, reason: str, outcome: str) -> None:
        self.say("case.resolved", subject_id, {
            "subject_id": subject_id, "reason": reason, "outcome": outcome, "by": "officer-7",
            "approved_by": "officer-8", "occurred_at": at(9, 18), "sequence": next(_records)})

    def listed(self, register: str) -> None:
        self.say("register.listed", self.person_id, {
            "register": register, "snapshot": "flow", "person_id": self.person_id, "listed": True,
            "valid_from": datetime.date(2020, 1, 1), "loaded_at": at(10, 1)})

    def told(self) -> list[tuple]:
        """What the service itself said of the award, in its own order."""
        ours = [one.event for one in self.outputs.seen if one.topic == "award.changed"
                and str(one.event["award_id"]) == self.award_id and one.event["by"] == "APPLICATION"]
        return [(one["change"], one["reason"]) for one in sorted(ours, key=lambda one: one["sequence"])]

    def hears(self, *changes: tuple) -> None:
        self.outputs.wait(lambda: self.told() == list(changes))


def used(servers) -> tuple[int, int]:
    """Seats of the wave, and money of the year, as the database counts them."""
    sums = "SELECT coalesce(sum(used), 0) FROM application_read.quota WHERE kind = %s AND wave = %s AND year = %s"
    return int(query(servers, sums, "SEATS", WAVE, 0)[0][0]), int(query(servers, sums, "MONEY", 0, YEAR)[0][0])


def comes_to(servers, seats: int, money: int) -> None:
    assert harness.wait_until(lambda: used(servers) == (seats, money), PATIENCE_S), (used(servers), (seats, money))


def award_row(servers, person: Person) -> tuple:
    return query(servers, "SELECT revoked, closed, reinstated_at FROM application_read.award WHERE award_id = %s",
                 person.award_id)[0]


def test_a_reinstated_award_has_its_seat_and_its_money_again(servers, application, outputs):  # noqa: F811
    application()
    seats, money = used(servers)
    person = Person(servers, outputs)
    person.apply()
    person.becomes("POOLED")
    person.draw()
    person.becomes("AWARDED")
    comes_to(servers, seats + 1, money + PACKAGE)
    person.change("REVOKED", "COMPLETION", 1, at(10, 22))
    for number, component in enumerate(PARTS, 1):
        person.release(component, number, at(10, 22))
    comes_to(servers, seats, money)
    alone = person.change("REINSTATED", "OFFICER", 1, at(11, 1), requested_by="officer-7")
    outputs.wait(lambda: outputs.letters(alone))
    assert outputs.letters(alone)[0].headers["kerja_reason"] == "SECOND_OFFICER_MISSING"
    person.change("REINSTATED", "OFFICER", 2, at(11, 1), "APPEAL_GRANTED", **OFFICERS)
    person.hears(("REINSTATED", "APPEAL_GRANTED"))
    comes_to(servers, seats + 1, money + PACKAGE)
    # An end that is not later, and everything once more: nothing moves.
    person.change("REVOKED", "OFFICER", 3, at(10, 30), "FRAUD_SUSPECTED", **OFFICERS)
    send(servers, person.sent)
    again = person.change("REINSTATED", "OFFICER", 4, at(11, 2), "APPEAL_GRANTED", **OFFICERS)
    outputs.wait(lambda: outputs.letters(again))
    assert outputs.letters(again)[0].headers["kerja_reason"] == "NOT_ENDED"
    assert award_row(servers, person) == (False, False, at(11, 1))
    assert used(servers) == (seats + 1, money + PACKAGE)
    outputs.each_once()


def test_officers_decide_what_holds(servers, application, outputs):  # noqa: F811
    application()
    seats, money = used(servers)
    checks = [{"register": name, "result": result, "number": None, "text": None, "checked_at": at(9, 17)}
              for name, result in (("POPULATION", "MATCH"), ("FAMILY_CARD", "MATCH"), ("FACE", "NO_MATCH"))]
    person = Person(servers, outputs, checks=checks)
    person.apply()
    person.becomes("HELD")
    key, = query(servers, "SELECT application_key FROM application_read.application WHERE application_id = %s",
                 person.application_id)[0]
    person.resolve(str(key), "ID_FACE_MISMATCH", "WAIVED")
    person.becomes("POOLED")
    person.draw()
    person.becomes("AWARDED")
    person.listed("EDUCATION")
    person.hears(("HELD", "EDU_ENROLLED"))
    person.resolve(person.award_id, "EDU_ENROLLED", "WAIVED")
    person.listed("DTKS")
    told = [("HELD", "EDU_ENROLLED"), ("RELEASED", "EDU_ENROLLED"), ("HELD", "OTHER_AID_RECIPIENT")]
    outputs.wait(lambda: sorted(person.told()) == sorted(told))  # two topics: either may be read first
    person.resolve(person.award_id, "OTHER_AID_RECIPIENT", "UPHELD")
    outputs.wait(lambda: person.told()[-1] == ("REVOKED", "OTHER_AID_RECIPIENT"))
    comes_to(servers, seats, money + PACKAGE)  # the money comes back when the service that pays says so
    for number, component in enumerate(PARTS, 1):
        person.release(component, number, at(10, 2))
    comes_to(servers, seats, money)
    send(servers, person.sent)
    behind = Person(servers, outputs)
    behind.apply()
    behind.becomes("POOLED")
    assert used(servers) == (seats, money)
    outputs.each_once()
