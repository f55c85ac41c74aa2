"""A sealing key is replaced: every value gets the new one while workers may run, whoever is killed goes on, and a key leaves
only when nothing needs it."""
import datetime
import secrets
import signal
import subprocess

import psycopg2
import pytest

import harness
from faults import people
from harness.paths import SERVICES, worker_program
from harness.process import Process
from harness.worker import program_environment
from market import Market, finished, linked, settled
from service import PATIENCE_S, SETTINGS, prepare, query

# What stands sealed: a key leaves when none of these names it.
COLUMNS = {"application": ["person.msisdn_sealed"], "completion": ["award.contact_sealed"],
           "incentive": ["award.contact_sealed", "entitlement.account_no_sealed", "entitlement.creditor_name_sealed",
                         "account.account_no_sealed", "account.holder_name_sealed"]}
AWARDS = 12
ROWS = {"KERJA_BATCH_RECORDS": "5"}  # of a transaction


class Keys:
    """Files of sealing keys by their numbers, the one that seals first."""

    def __init__(self, folder, first: str):
        self.folder, self.known = folder, {1: first, **{number: f"{number}:{secrets.token_hex(32)}" for number in (2, 3)}}

    def file(self, *numbers: int) -> dict[str, str]:
        path = self.folder / ("keys-" + "-".join(map(str, numbers)))
        path.touch(mode=0o600)
        path.write_text("".join(self.known[number] + "\n" for number in numbers))
        return {"KERJA_SEALING_KEYS_FILE": str(path)}


@pytest.fixture(scope="module")
def keys(servers):
    return Keys(servers.folder, (servers.folder / "sealing_keys").read_text().strip())


@pytest.fixture(scope="module")
def payouts():
    """What gateways were asked for, by the first test."""
    return []


def reseal(servers, service: str, **settings) -> subprocess.CompletedProcess:
    return subprocess.run([worker_program(service), "--reseal"], text=True, capture_output=True, timeout=PATIENCE_S,
                          env=program_environment({**servers.worker_environment(), **settings}))


def under(servers, service: str) -> dict[str, set[int]]:
    """Column to the numbers of the keys that its values name."""
    found = {}
    for one in COLUMNS[service]:
        table, column = one.split(".")
        found[one] = {int.from_bytes(bytes(name), "big") for (name,) in query(
            servers, f"SELECT DISTINCT substring({column} FROM 2 FOR 4) FROM {service}.{table} WHERE {column} IS NOT NULL")}
    return found


def versions(servers, service: str) -> dict[str, int]:
    return {table: int(query(servers, f"SELECT coalesce(sum(version), 0) FROM {service}.{table}")[0][0])
            for table in {one.split(".")[0] for one in COLUMNS[service]}}


def refused(worker, service: str, keys: dict[str, str]) -> str:
    """The reason for which it does not start."""
    one = worker(service, {**SETTINGS, **keys}, ready=False)
    assert one.process.wait_end(PATIENCE_S) and one.process.exit_status() == 2
    return one.process.log.read_text()


def test_every_column_that_seals_is_known_to_who_seals_anew(servers, worker, payouts):
    """Seven kinds of values, each under the first key."""
    prepare(servers, worker)
    market = Market(servers, worker)
    awards = market.awards(AWARDS)
    market.link([linked(award) for award in awards])
    market.say([record for award in awards for record in finished(award)])
    for award in awards:
        payouts.append(market.outputs.wait(lambda: market.outputs.requested(award)))
    market.close()
    found = query(servers, "SELECT table_schema, table_name || '.' || column_name FROM information_schema.columns"
                           " WHERE table_schema = ANY(%s) AND column_name LIKE '%%sealed'", list(SERVICES))
    assert {(service, one) for service, columns in COLUMNS.items() for one in columns} == set(found)
    for service in SERVICES:
        assert under(servers, service) == {one: {1} for one in COLUMNS[service]}


def test_a_worker_does_not_start_without_a_key_that_values_need(servers, worker, keys):
    for service in SERVICES:
        log = refused(worker, service, keys.file(2))
        assert f"cannot do without sealing key 1: " in log and f"({COLUMNS[service][0]} {AWARDS}" in log, log
    assert f": {AWARDS} values need it" in refused(worker, "application", keys.file(2))


def test_who_is_killed_while_sealing_anew_goes_on_where_it_was(servers, keys):
    last, = query(servers, "SELECT person_id::text FROM application.person ORDER BY person_id DESC LIMIT 1")
    holder = psycopg2.connect(servers.postgres.address)
    with holder.cursor() as cursor:
        cursor.execute("SELECT 1 FROM application.person WHERE person_id = %s FOR UPDATE", last)
        process = Process("reseal", servers.folder / "reseal.log")
        process.start([worker_program("application"), "--reseal"],
                      program_environment({**servers.worker_environment(), **keys.file(2, 1), **ROWS}))
        count = lambda: query(servers, "SELECT count(*) FROM application.person WHERE"
                              " substring(msisdn_sealed FROM 2 FOR 4) = '\\x00000002'")[0][0]
        assert harness.wait_until(lambda: count() == 10, PATIENCE_S), (count(), process.log_tail())
        process.send(signal.SIGKILL)
        assert process.wait_end(PATIENCE_S)
    holder.close()
    assert under(servers, "application") == {COLUMNS["application"][0]: {1, 2}}
    again = reseal(servers, "application", **keys.file(2, 1), **ROWS)
    assert again.returncode == 0 and under(servers, "application") == {COLUMNS["application"][0]: {2}}
    assert f'values={AWARDS - 10}' in again.stderr and 'fact="sealing key may go" number=1' in again.stderr


def test_each_value_moves_to_the_newest_key_beside_running_workers(servers, worker, keys, payouts):
    """A row's version goes up with its value, so a decision that had read the old one is made again."""
    for service in SERVICES:
        worker(service, {**SETTINGS, **keys.file(1, 2)})
    for service in ("completion", "incentive"):
        before = versions(servers, service)
        done = reseal(servers, service, **keys.file(2, 1), **ROWS)
        assert done.returncode == 0, done.stderr
        assert under(servers, service) == {one: {2} for one in COLUMNS[service]}
        rows = {table: sum(one.split(".")[0] == table for one in COLUMNS[service]) * AWARDS for table in before}
        assert {table: now - before[table] for table, now in versions(servers, service).items()} == rows
        again = reseal(servers, service, **keys.file(2, 1))
        assert again.returncode == 0 and set(line for line in again.stderr.split() if "values=" in line) == {"values=0"}
        assert versions(servers, service) == {table: before[table] + rows[table] for table in before}


def test_what_waits_keeps_its_key(servers, worker, keys):
    one = worker("completion", {**SETTINGS, **keys.file(1, 2)})
    sender = harness.Sender(servers.kafka.address, source=people.SOURCE)
    sender.send("milestone.reached", "00000000-0000-4000-8000-000000000001", {
        "milestone_id": "waits", "award_id": "00000000-0000-4000-8000-000000000001", "kind": "INTRO_WATCHED", "number": 1,
        "reached_at": datetime.datetime.now(datetime.timezone.utc)})
    sender.flush()
    assert harness.wait_until(lambda: query(servers, "SELECT count(*) FROM completion.waiting") == [(1,)], PATIENCE_S)
    one.stop()
    told = reseal(servers, "completion", **keys.file(2, 1))
    assert 'fact="sealing key is needed" number=1 values=1 in="waiting.payload 1"' in told.stderr, told.stderr
    assert "1 values need it (waiting.payload 1)" in refused(worker, "completion", keys.file(2))
    query(servers, "DELETE FROM completion.waiting")


def test_workers_go_on_without_the_old_key(servers, worker, keys, payouts):
    """A payment that is refused now opens what its instalment and its payee have sealed, and tells the payee."""
    for service in SERVICES:
        worker(service, {**SETTINGS, **keys.file(2)})
        assert query(servers, f"SELECT number FROM {service}.sealing_key") == [(2,)]
    sender = harness.Sender(servers.kafka.address, source="/gateway")
    first = payouts[0]
    sender.send("payout.settled", first["instruction_id"], settled(first))
    sender.flush()
    paid = lambda: query(servers, "SELECT status FROM incentive.entitlement WHERE replace(entitlement_id::text, '-', '') = %s",
                         first["end_to_end_id"]) == [("PAID",)]
    assert harness.wait_until(paid, PATIENCE_S)


def test_a_changed_value_is_named_and_keeps_its_key(servers, keys):
    [(account,)] = query(servers, "SELECT account_id::text FROM incentive.account WHERE account_no_sealed IS NOT NULL ORDER BY account_id LIMIT 1")
    query(servers, "UPDATE incentive.account SET account_no_sealed = set_byte(account_no_sealed, 40, 255 -"
                   " get_byte(account_no_sealed, 40)) WHERE account_id = %s", account)
    done = reseal(servers, "incentive", **keys.file(3, 2))
    assert done.returncode == 2 and f'fact="value does not open" table=account column=account_no_sealed row={account}' in done.stderr
    assert 'fact="sealing key is needed" number=2 values=1' in done.stderr
    assert "1 values do not open: they were changed or moved" in done.stderr
