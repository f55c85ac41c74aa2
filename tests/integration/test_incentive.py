"""kerja-incentive on real servers: sums that must be exact, and a limit that several workers keep together."""
import collections
import datetime
import decimal
import hashlib
import os
import subprocess

import psycopg2
import pytest

import harness
from faults import books, oracles, people
from faults.findings import Findings
from faults.ids import Ids
from harness.paths import command_program
from harness.worker import Clock, program_environment
from service import PATIENCE_S, SETTINGS, query

WAVE, SCHEME, PACKAGE = 1, "semi-bansos", decimal.Decimal("3550000.00")
REVOKED = int(os.environ.get("REVOKED_AWARDS", "10000"))  # 373745 were revoked in the programme's first year
PAID, LIMIT_A_MINUTE = 300, 12
UTC = datetime.timezone.utc
AWARDED_AT = datetime.datetime(2020, 4, 17, 5, tzinfo=UTC)
REVOKED_AT = datetime.datetime(2020, 5, 16, 17, tzinfo=UTC)
APPROVED_AT = datetime.datetime(2020, 6, 1, 5, tzinfo=UTC)


def ledger_faults(servers) -> list[str]:
    findings = Findings()
    books.check_ledger(servers, findings)
    return findings.unbalanced


@pytest.fixture
def incentive(servers, worker):
    """Starts workers that judge by the published file, with a limit for every partner."""
    def start(count: int) -> list:
        started = [worker("incentive", SETTINGS) for _ in range(count)]
        publish(servers)
        for one in started:
            assert harness.wait_until(lambda: "programme in force" in one.process.log.read_text(), PATIENCE_S)
        return started
    return start


def publish(servers) -> None:
    text = people.PROGRAMME_FILE.read_text().replace(
        "    query_after_minutes:", f"    payouts_per_minute: {LIMIT_A_MINUTE}\n    query_after_minutes:", 1)
    connection = psycopg2.connect(servers.postgres.address)
    with connection, connection.cursor() as cursor:
        cursor.execute("INSERT INTO kerja.programme (programme, sha256, text) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
                       (people.PROGRAMME, hashlib.sha256(text.encode()).digest(), text))
    connection.close()


def awarded(ids: Ids, number: int) -> dict:
    person = ids.person(f"{number:016d}")
    return {"application_id": f"I-{number}", "award_id": ids.award(people.PROGRAMME, SCHEME, WAVE, person),
            "person_id": person, "programme": people.PROGRAMME, "scheme": SCHEME, "wave": WAVE, "status": "AWARDED",
            "sequence": 1, "occurred_at": AWARDED_AT, "decided_at": AWARDED_AT, "rules_hash": "", "decree_no": "KEP-1",
            "language": "id", "payee": {"kind": "PARTICIPANT", "ref": person}, "year": 2020, "commitment": PACKAGE,
            "currency": "IDR"}


def revoked(award: dict) -> dict:
    return {"award_id": award["award_id"], "programme": people.PROGRAMME, "scheme": SCHEME, "change": "REVOKED",
            "reason": "FIRST_TRAINING_LATE", "by": "COMPLETION", "currency": "IDR", "occurred_at": REVOKED_AT,
            "sequence": 1}


def linked(award: dict, number: int) -> dict:
    return {"payee_kind": "PARTICIPANT", "payee_ref": award["person_id"], "partner": "BNI",
            "account_no": f"77{number:010d}", "account_scheme": "BBAN", "holder_national_id": f"{number:016d}",
            "msisdn": "+62811000", "kyc_level": "FULL", "active": True, "currency": "IDR", "linked_at": AWARDED_AT}


def approved(ids: Ids, award: dict) -> dict:
    """One instalment that is due at once."""
    entitlement = ids.entitlement(award["award_id"], "job_search_incentive", 1, WAVE)
    return {"approval_id": award["award_id"], "award_id": award["award_id"], "person_id": award["person_id"],
            "programme": people.PROGRAMME, "scheme": SCHEME, "item": "job_search_incentive",
            "payee": {"kind": "PARTICIPANT", "ref": award["person_id"]}, "currency": "IDR",
            "instalments": [{"number": 1, "entitlement_id": entitlement, "amount": decimal.Decimal("600000.00"),
                             "due_on": APPROVED_AT.date()}],
            "budget_year": 2020, "component": "INCENTIVE", "approved_at": APPROVED_AT, "approved_by": "completion",
            "sequence": 1}


def balance(servers, account: str) -> decimal.Decimal:
    found = query(servers, "SELECT balance FROM incentive_read.ledger WHERE account = %s", account)
    return decimal.Decimal(found[0][0] if found else 0) / 100


def test_two_workers_keep_a_partners_minute(servers, incentive):
    workers, ids = incentive(2), Ids(servers)
    sender = harness.Sender(servers.kafka.address)
    for number in range(PAID):
        award = awarded(ids, number)
        phone = {"contact_token": ids.token("msisdn", "+62811000")}
        sender.send("application.decided", award["award_id"], {**award, **phone})
        sender.send("account.linked", award["person_id"], linked(award, number))
        sender.send("incentive.approved", award["award_id"], approved(ids, award))
    sender.flush()
    clock = Clock(servers.folder, servers.environment())
    clock.launch()
    try:
        in_flight = lambda: query(servers, "SELECT count(*) FROM incentive_read.entitlement "
                                           "WHERE status = 'IN_FLIGHT'")[0][0]
        assert harness.wait_until(lambda: in_flight() == PAID, 2 * PATIENCE_S), f"{in_flight()} of {PAID}"
    finally:
        clock.stop()
    assert oracles.drained(servers, ["incentive"], PATIENCE_S) == []
    asked = [one.event for one in harness.read(servers.kafka.address, ["payout.requested"])]
    minutes = collections.Counter(one["requested_at"].replace(second=0, microsecond=0) for one in asked)
    assert len({one["instruction_id"] for one in asked}) == len(asked) == PAID
    assert max(minutes.values()) == LIMIT_A_MINUTE
    assert dict(query(servers, "SELECT minute, used FROM incentive_read.partner_minute")) == minutes
    assert sum(one.metrics().get("kerja_tight_total", 0) for one in workers) > 0
    assert ledger_faults(servers) == []


def test_revoked_awards_release_exactly_their_packages(servers, incentive):
    incentive(1)
    ids, sender = Ids(servers), harness.Sender(servers.kafka.address)
    before = balance(servers, "RELEASED")
    for number in range(PAID, PAID + REVOKED):
        award = awarded(ids, number)
        sender.send("application.decided", award["award_id"], award)
        sender.send("award.changed", award["award_id"], revoked(award))
    sender.flush(600)
    due = REVOKED * PACKAGE
    assert harness.wait_until(lambda: balance(servers, "RELEASED") - before == due, PATIENCE_S + REVOKED / 500)
    assert oracles.drained(servers, ["incentive"], PATIENCE_S) == []
    told = [one.event["amount"] for one in harness.read(servers.kafka.address, ["commitment.released"],
                                                        timeout_s=PATIENCE_S + REVOKED / 1000)]
    assert sum(told) == due and len(told) == 3 * REVOKED
    assert ledger_faults(servers) == []


def test_a_payment_stands_still_until_the_programme_is_published_without_its_pause(servers, incentive):
    incentive(1)
    ids, sender, number = Ids(servers), harness.Sender(servers.kafka.address), PAID + REVOKED
    award = awarded(ids, number)

    def publish_again(*words: str) -> None:
        done = subprocess.run([command_program(), "programme", "publish", str(people.PROGRAMME_FILE), *words],
                              env=program_environment(servers.environment()), text=True, capture_output=True, timeout=PATIENCE_S)
        assert done.returncode == 0, done.stderr
        paused = lambda: query(servers, "SELECT paused_from IS NOT NULL FROM incentive_read.programme WHERE programme = %s",
                               people.PROGRAMME)
        assert harness.wait_until(lambda: paused() == [(bool(words),)], PATIENCE_S)

    entitlement = lambda: query(servers, "SELECT status, reasons FROM incentive_read.entitlement WHERE award_id = %s",
                                award["award_id"])
    publish_again("--paused", "2020-05-01")
    phone = {"contact_token": ids.token("msisdn", "+62811000")}
    sender.send("application.decided", award["award_id"], {**award, **phone})
    sender.send("account.linked", award["person_id"], linked(award, number))
    sender.flush()
    known = lambda: query(servers, "SELECT count(*) FROM incentive.account WHERE payee_ref = %s", award["person_id"])
    assert harness.wait_until(lambda: known() == [(1,)], PATIENCE_S)
    sender.send("incentive.approved", award["award_id"], approved(ids, award))
    sender.flush()
    assert harness.wait_until(lambda: entitlement() == [("HELD", ["PROGRAMME_PAUSED"])], PATIENCE_S), entitlement()

    publish_again()
    clock = Clock(servers.folder, servers.environment())
    clock.launch()  # it is looked at again a day after
    try:
        assert harness.wait_until(lambda: entitlement() == [("IN_FLIGHT", [])], PATIENCE_S), entitlement()
    finally:
        clock.stop()
