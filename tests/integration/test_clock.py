"""The clock in real time: what holds one timer up holds up no other."""
import uuid

import pytest

import harness
from faults import people
from harness.process import PATIENCE_S
from service import SETTINGS, Kerja, query, send

DUE = "INSERT INTO {}.timer (due_at, timer_id, subject_id, kind) VALUES (now() + {!r}::interval, %s, %s, %s)"
EVENT = {"register": "DTKS", "snapshot": "clock", "person_id": str(uuid.UUID(int=7)), "listed": False,
         "valid_from": people.LOADED_AT.date(), "loaded_at": people.LOADED_AT}


@pytest.fixture
def kerja(servers, tmp_path):
    return Kerja(servers, tmp_path)


def timer(servers, service: str, kind: str, due_in: str = "0 s") -> None:
    query(servers, DUE.format(service, due_in), str(uuid.uuid4()), str(uuid.uuid4()), kind)


def fired(servers, service: str, kind: str) -> bool:
    return query(servers, f"SELECT fired_at IS NOT NULL FROM {service}.timer WHERE kind = %s", kind) == [(True,)]


def test_a_timer_long_due_does_not_wait_for_one_that_is_due_now(servers, worker, kerja):
    one = worker("application", SETTINGS)
    timer(servers, "application", "OLD")
    assert harness.wait_until(lambda: kerja("clock", "--once") is not None and fired(servers, "application", "OLD"), PATIENCE_S)
    one.stop()
    query(servers, "UPDATE application.timer SET fired_at = NULL")
    send(servers, [people.Record("register.listed", "late", EVENT, "late")])
    timer(servers, "application", "NEW", "2 ms")  # that record was appended before, and nobody has decided it
    kerja("clock", "--once")
    assert (fired(servers, "application", "OLD"), fired(servers, "application", "NEW")) == (True, False)


def test_a_service_whose_timers_cannot_fire_holds_up_no_other(servers, worker, kerja):
    for service in ("application", "completion"):
        worker(service, SETTINGS)
    timer(servers, "application", "HELD")
    timer(servers, "completion", "FREE")
    query(servers, "ALTER TABLE application.timer RENAME subject_id TO subject")
    told = []
    assert harness.wait_until(lambda: told.append(kerja("clock", "--once", status=1)) or fired(servers, "completion", "FREE"), PATIENCE_S)
    assert "subject_id" in told[-1] or "due_timers" in told[-1], told[-1]
    query(servers, "ALTER TABLE application.timer RENAME subject TO subject_id")
    assert harness.wait_until(lambda: kerja("clock", "--once") is not None and fired(servers, "application", "HELD"), PATIENCE_S)
