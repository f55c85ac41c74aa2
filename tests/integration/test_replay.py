"""The same records give the same bytes, and in any order, twice each, the same tables.

A wave is written down beforehand to the last record, those of the gateway too: every id follows from the people and the
secret. It is played from nothing: in order; in order again; and shuffled, every record twice, registers and
accounts before the rest, the gateway's answers after it. No limit binds in it; where one does, who comes first matters, and that is what limits are for.

*Bytes* are compared by the output's id. What is sealed has a random nonce (docs/adr/0008): there all but the sealed
members is compared. *Tables* are compared to the value, but for what only tells in which order, or how often, something was
decided:

    version, decided_by, ...sequence    counts decisions, and names the last: a record that is early or comes twice is one more
    fired_at, attempt                   when a timer fired, how often
    timers of kinds WAITING, YEAR_CLOSED    what was early, or held for a while, set one, and was decided since
    entry_id, number of ledger_entry    the place of an entry among those of its award; the entries are the same
    ledger_balance with 0               an account through which money went, or did not, in one decision
    the order of lists within a row     as their members came
    source_position, outbox, decision_segment               places in the log, what was published, and how
    migration, sealing_key                                  when it was installed, and when a key was first used
    sealed columns                      as with bytes
"""
import dataclasses
import io
import json
import random
import uuid
from decimal import Decimal

import fastavro
import psycopg2
import pytest

import harness
import market
from faults import oracles, people
from faults.ids import Ids
from harness.paths import ROOT, SERVICES, STATE
from market import Award
from service import PATIENCE_S, SETTINGS

PEOPLE, SEED = 60, 11
SCHEME = "normal"
# What is due and finds no account, or nobody who can say who is listed, waits for the clock, which is not run here.
FIRST = ("register.listed", "account.linked")
COMPLETED = ("course.completed",)  # an approval that comes before its price waits for the clock
LAST = ("payout.settled",)  # nobody answers what he was not asked yet
BOOKKEEPING = ("version", "decided_by", "fired_at", "attempt")
PLACES = {"ledger_entry": ("entry_id", "number")}
LEFT_OUT = ("source_position", "outbox", "migration", "sealing_key")
ROWS = {"timer": "kind NOT IN ('WAITING', 'YEAR_CLOSED')", "ledger_balance": "used <> 0"}
SEALED = {"application.decided": ("contact_sealed",)}
OUTPUTS = ("application.decided", "award.changed", "enrolment.decided", "completion.decided", "incentive.approved",
           "incentive.stopped", "commitment.released", "payout.requested", "payout.closed", "notification.requested",
           "dead.letter")
AMOUNTS = {"training": market.PRICE, "job_search_incentive": Decimal("600000.00")}


def paid(ids: Ids, award: Award, item: str) -> tuple[str, str, dict]:
    """The gateway's answer to what it will be asked."""
    end_to_end_id = uuid.UUID(ids.entitlement(award.award_id, item, 1, people.WAVE)).hex
    requested = {"instruction_id": f"{end_to_end_id}-01", "end_to_end_id": end_to_end_id, "award_id": award.award_id,
                 "amount": AMOUNTS[item], "currency": "IDR", "requested_at": market.noon(market.DONE_ON)}
    return "payout.settled", award.award_id, market.settled(requested)


def phases(ids: Ids) -> list[list[people.Record]]:
    """Each is decided before the next begins."""
    wave = people.applicants(PEOPLE, SEED)
    awards = [Award(one.number, ids.award(people.PROGRAMME, SCHEME, people.WAVE, person), person)
              for one in wave if one.status == "AWARDED" and one.decreed
              for person in (ids.person(people.national_id(one.number)),)]
    assert len(awards) > 10
    account = market.linked(Award(0, "", ""), payee_kind="PROVIDER", payee_ref=market.PROVIDER, holder_national_id=None)
    said = [[("course.listed", market.COURSE, market.listed()), ("account.linked", market.PROVIDER, account)],
            [("account.linked", award.person_id, market.linked(award)) for award in awards],
            [one for award in awards for one in market.prepared(award)]]
    said += [[market.finished(award)[step] for award in awards] for step in range(3)]
    said += [[paid(ids, award, item) for award in awards for item in AMOUNTS]]
    number = iter(range(10**6))
    made = [[people.Record(topic, key, event, f"replay-{next(number)}") for topic, key, event in phase] for phase in said]
    applied = [one for applicant in wave for one in applicant.now if not one.early]
    drawn = [one for applicant in wave for one in applicant.now if one.early] + [one for each in wave for one in each.later]
    return [people.snapshot_records(), made[0], applied, drawn, *made[1:]]


@dataclasses.dataclass
class Played:
    bytes_of: dict  # (topic, ce_source, ce_id) to what was said, without what is sealed
    twice: list  # outputs that stand in Kafka more than once
    dead: list
    tables: dict
    ahead: float  # batches that were decided while the one before was committed


def play(name: str, shuffled: bool, **settings: str) -> Played:
    folder = STATE / "replay" / name
    stopped = harness.Servers(folder, fresh=True)
    folder.mkdir(parents=True)
    (folder / "id_secret").write_text("5a" * 32 + "\n")  # of which every id is a function
    with stopped as servers:
        harness.topics.create(servers.kafka.address)
        workers = [harness.Worker(service, folder, {**servers.worker_environment(), **SETTINGS, **settings})
                   for service in SERVICES]
        try:
            for worker in workers:
                worker.launch()
            for worker in workers:
                worker.wait_ready()
            publish(servers, workers)
            rounds = phases(Ids(servers))
            if shuffled:
                said = [one for phase in rounds for one in phase] * 2
                random.Random(SEED).shuffle(said)
                middle = [one for one in said if one.topic not in FIRST + COMPLETED + LAST]
                completed = [one for one in said if one.topic in COMPLETED] + middle
                random.Random(SEED).shuffle(completed)
                rounds = [[one for one in said if one.topic in FIRST], middle, completed,
                          [one for one in said if one.topic in LAST]]
            for phase in rounds:
                send(servers, phase)
            return Played(*outputs(servers), tables(servers), sum(worker.metrics()["kerja_batches_ahead_total"] for worker in workers))
        finally:
            for worker in workers:
                worker.stop()


def publish(servers, workers) -> None:
    connection = psycopg2.connect(servers.postgres.address)
    with connection, connection.cursor() as cursor:
        people.publish_programme(cursor)
    connection.close()
    for worker in workers:
        assert harness.wait_until(lambda: "programme in force" in worker.process.log.read_text(), PATIENCE_S)


def send(servers, records: list[people.Record]) -> None:
    sender = harness.Sender(servers.kafka.address, source=people.SOURCE)
    for one in records:
        sender.send(one.topic, one.key, one.event, one.event_id)
    sender.flush()
    assert oracles.drained(servers, list(SERVICES), PATIENCE_S) == []


def outputs(servers) -> tuple[dict, list, list]:
    said, twice, dead = {}, [], []
    for one in harness.read(servers.kafka.address, list(OUTPUTS), quiet_s=0.5, timeout_s=PATIENCE_S):
        key = one.topic, one.headers.get("ce_source"), one.headers.get("ce_id")
        if one.topic == "dead.letter":
            dead.append(one.headers)
            continue
        if key in said:
            twice.append(key)
        clear = {name: value for name, value in one.event.items() if name not in SEALED.get(one.topic, ())}
        said[key] = (one.key, one.partition, clear if one.topic in SEALED else one.value)
    return said, twice, dead


def tables(servers) -> dict[str, list]:
    """Rows of every table of the services, sorted, without what is not compared."""
    connection, found = psycopg2.connect(servers.postgres.address), {}
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT table_schema, table_name, array_agg(column_name::text ORDER BY ordinal_position)"
                       " FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)"
                       " WHERE table_schema = ANY(%s) AND table_type = 'BASE TABLE' GROUP BY 1, 2", (list(SERVICES),))
        for schema, table, columns in cursor.fetchall():
            if table in LEFT_OUT or table.startswith("decision_segment"):
                continue
            columns = [name for name in columns if compared(name) and name not in PLACES.get(table, ())]
            chosen = ", ".join(f'"{name}"' for name in columns)
            cursor.execute(f"SELECT {chosen} FROM {schema}.{table} WHERE {ROWS.get(table, 'true')}")
            lists = nested(schema, table)
            rows = [{name: opened(value, lists.get(name)) for name, value in zip(columns, row)} for row in cursor.fetchall()]
            found[f"{schema}.{table}"] = sorted(rows, key=repr)
    connection.close()
    return found


def compared(column: str) -> bool:
    return column not in BOOKKEEPING and not column.endswith(("sequence", "_sealed"))


def nested(schema: str, table: str) -> dict:
    """The lists of records within a row, by column: they stand there as Avro."""
    path = ROOT / "services" / schema / "rows" / f"{table}.avsc"
    fields = json.loads(path.read_text())["fields"] if path.exists() else []
    return {field["name"]: fastavro.parse_schema(field["type"]) for field in fields
            if isinstance(field["type"], dict) and field["type"]["type"] == "array" and isinstance(field["type"]["items"], dict)}


def opened(value, schema):
    if not isinstance(value, memoryview):
        return value
    if schema is None:
        return bytes(value)
    members = fastavro.schemaless_reader(io.BytesIO(bytes(value)), schema)
    return sorted(({name: each for name, each in one.items() if compared(name)} for one in members), key=repr)


@pytest.fixture(scope="module")
def in_order() -> Played:
    return play("in-order", shuffled=False)


def test_the_story_is_told_to_its_end(in_order):
    topics = {topic for topic, _source, _id in in_order.bytes_of}
    assert {"application.decided", "completion.decided", "payout.requested", "payout.closed"} <= topics
    assert in_order.dead == in_order.twice == []


def test_the_same_records_give_the_same_bytes(in_order):
    again = play("again", shuffled=False)
    assert again.bytes_of.keys() == in_order.bytes_of.keys()
    different = [key for key, said in in_order.bytes_of.items() if again.bytes_of[key] != said]
    assert different == []
    assert again.tables == in_order.tables


def test_any_order_and_every_record_twice_give_the_same_tables(in_order):
    other = play("shuffled", shuffled=True)
    assert other.dead == other.twice == []
    assert other.tables.keys() == in_order.tables.keys()
    for table, rows in in_order.tables.items():
        assert other.tables[table] == rows, table


def test_small_batches_each_decided_ahead_of_the_last_commit_give_the_same_tables(in_order):
    """Every batch stands on rows that the one before has not committed yet."""
    other = play("ahead", shuffled=True, KERJA_BATCH_RECORDS="8")
    assert other.ahead > 10
    assert other.dead == other.twice == []
    for table, rows in in_order.tables.items():
        assert other.tables[table] == rows, table
