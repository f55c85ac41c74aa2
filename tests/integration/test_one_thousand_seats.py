"""Eight workers of application, a thousand seats, and twenty times as many applicants at once.

Whoever is sampled at whatever moment, no limit is exceeded and the books agree; at the end every seat is taken, once. The
programme is the invented one, open, with another number of seats and money for exactly as many.
"""
import collections
import os
import threading

import psycopg2
import pytest

import harness
from faults import oracles, people
from harness.paths import ROOT
from market import noon
from service import PATIENCE_S, SETTINGS, query
from test_invented_programme import APPLIED, PROGRAMME

APPLICANTS = int(os.environ.get("APPLICANTS", "20000"))  # fewer on a machine that is busy with other things
SEATS, WORKERS = 1000, 8
PACKAGE_HUNDREDTHS = 42_000
REGISTERS = ("TL_TAX_DEBT", "TL_FISHING_LICENCES")  # which the programme's file names
BATCH = {"KERJA_BATCH_RECORDS": "500"}  # many small batches pass each other more often
# What is wrong in one snapshot, a row each.
FAULTS = f"""
    SELECT format('limit %s %s: %s of %s', kind, scope, used, ceiling) FROM application.quota WHERE used > ceiling OR used < 0
    UNION ALL SELECT format('committed %s', -used) FROM incentive.ledger_balance
        WHERE account = 'APPROPRIATION' AND -used > {SEATS * PACKAGE_HUNDREDTHS}
    UNION ALL SELECT format('ledger: %s', to_jsonb(c)) FROM incentive_read.ledger_check c WHERE NOT (agrees AND balanced)"""


def programme_text() -> str:
    text = (ROOT / "tests" / "integration" / "tide-works.yaml").read_text()
    changes = {"seats: 3, regions: {TL-DI: 2}": f"seats: {SEATS}", "USD 1260.00": f"USD {SEATS * PACKAGE_HUNDREDTHS // 100}.00"}
    for before, after in changes.items():
        assert text.count(before) == 1
        text = text.replace(before, after)
    return text


class Sampler:
    """A connection that asks again and again, each time in one snapshot of all services."""

    def __init__(self, servers):
        self.faults: list[str] = []
        self.looks = 0
        self._address, self._over = servers.postgres.address, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def _look(self) -> None:
        connection = psycopg2.connect(self._address)
        with connection.cursor() as cursor:
            while not self._over.is_set():
                cursor.execute(FAULTS)
                self.faults += [fault for fault, in cursor.fetchall()]
                connection.rollback()
                self.looks += 1
        connection.close()

    def __enter__(self) -> "Sampler":
        self._thread.start()
        return self

    def __exit__(self, *_reason) -> None:
        self._over.set()
        self._thread.join()


@pytest.fixture(scope="module")
def rush(servers):
    """The rush itself: (sampler, how often a worker counted seats under lock)."""
    environment = {**servers.worker_environment(), **SETTINGS, **BATCH}
    workers = [harness.Worker("application", servers.folder, environment, instance) for instance in range(1, WORKERS + 1)]
    workers.append(harness.Worker("incentive", servers.folder, environment))
    try:
        for first in (workers[0], workers[-1]):
            first.start()  # alone: they make the tables
        connection = psycopg2.connect(servers.postgres.address)
        with connection, connection.cursor() as cursor:
            cursor.execute("INSERT INTO kerja.programme (programme, sha256, text) VALUES (%s, sha256(%s), %s)",
                           (PROGRAMME, programme_text().encode(), programme_text()))
        connection.close()
        for worker in workers[1:-1]:
            worker.launch()
        for worker in workers:
            worker.wait_ready()
            known = lambda worker=worker: "programme in force" in worker.process.log.read_text()
            assert harness.wait_until(known, PATIENCE_S)
        owners = "SELECT count(DISTINCT owner) FROM application.source_position"
        assert harness.wait_until(lambda: query(servers, owners) == [(WORKERS,)], PATIENCE_S)
        load_registers(servers)
        with Sampler(servers) as sampler:
            apply_all(servers)
            assert oracles.drained(servers, ["application", "incentive"], 2 * PATIENCE_S) == []
        yield sampler, sum(worker.metrics()["kerja_tight_total"] for worker in workers[:-1])
    finally:
        for worker in workers:
            worker.stop()


def load_registers(servers) -> None:
    """Those of the programme's own, with nobody in them: until they are there, everybody is held."""
    sender = harness.Sender(servers.kafka.address)
    for name in REGISTERS:
        sender.send("register.listed", name, people.snapshot_end(name))
    sender.flush()
    assert oracles.drained(servers, ["application", "incentive"], PATIENCE_S) == []


def apply_all(servers) -> None:
    sender = harness.Sender(servers.kafka.address)
    for number in range(APPLICANTS):
        name = f"RUSH-{number:06d}"
        sender.send("application.submitted", name, people.submitted(
            name, number, programme=PROGRAMME, wave=None, submitted_at=noon(APPLIED), country="TL", citizenship="TL",
            region_code="TL-DI", birth_date=people.SUBMITTED_AT.date().replace(year=2000), checks=[], family_card_no=None,
            language="en", employment_status="FISHER", highest_qualification="ES"))
    sender.flush(2 * PATIENCE_S)


def test_exactly_as_many_are_awarded_as_there_are_seats(servers, rush):
    decided = collections.Counter((status, tuple(reasons)) for status, reasons in query(
        servers, "SELECT status, reasons FROM application_read.application"))
    assert decided == {("AWARDED", ()): SEATS, ("REJECTED", ("QUOTA_FULL",)): APPLICANTS - SEATS}
    assert query(servers, "SELECT count(*), count(DISTINCT person_id) FROM application.award") == [(SEATS, SEATS)]
    limits = {kind: (used, ceiling) for kind, used, ceiling in query(servers, "SELECT kind, used, ceiling FROM application.quota")}
    assert limits == {"SEATS": (SEATS, SEATS), "MONEY": (SEATS * PACKAGE_HUNDREDTHS,) * 2}


def test_no_limit_was_exceeded_at_any_moment_and_the_books_agreed(servers, rush):
    sampler, tight = rush
    print(f"{APPLICANTS} applicants, {sampler.looks} looks, {tight:.0f} batches under lock")
    assert sampler.faults == [] and sampler.looks > 1
    assert tight > 0  # the last seats were raced for


def test_everybody_was_told_once(servers, rush):
    told = collections.Counter()
    for one in harness.read(servers.kafka.address, ["application.decided"], quiet_s=0.5, timeout_s=PATIENCE_S):
        told[one.event["application_id"], one.event["status"]] += 1
    assert len(told) == APPLICANTS and set(told.values()) == {1}
    assert collections.Counter(status for _name, status in told) == {"AWARDED": SEATS, "REJECTED": APPLICANTS - SEATS}


@pytest.mark.parametrize("how", ["UPDATE application.quota SET used = used + 1",
                                 "UPDATE incentive.ledger_balance SET used = used - 1 WHERE account = 'APPROPRIATION'"])
def test_the_sampler_would_have_seen_it(servers, rush, how):
    connection = psycopg2.connect(servers.postgres.address)
    with connection.cursor() as cursor:
        cursor.execute(how)
        cursor.execute(FAULTS)
        assert cursor.fetchall() != []
    connection.rollback()
    connection.close()
