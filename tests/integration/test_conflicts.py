"""Positions that contradict each other stop a partition, and the answers of docs/operations.md let it go on.

One partition of `application.submitted`, filled with records that are no events: each becomes one dead letter, so
what was published can be counted by place. The partition is the test's own: others use other partitions or keys.
"""
import contextlib

import psycopg2
import pytest
from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition

from harness.events import read
from harness.process import wait_until

SERVICE, TOPIC, PARTITION = "application", "application.submitted", 11
PATIENCE_S = 60
RECORDS = 30
# Short, because a static member's place outlives it for a session, and nobody may set offsets before.
TIMES = {"KERJA_TRANSACTION_TIMEOUT": "2s", "KERJA_SESSION_TIMEOUT": "3s", "KERJA_MAX_POLL_INTERVAL": "5s"}


class Positions:
    """W, K and G of the partition, to be looked at and to be damaged."""

    def __init__(self, servers):
        self.kafka = servers.kafka.address
        self.connection = psycopg2.connect(servers.postgres.address)
        self.connection.autocommit = True

    def sql(self, text: str, *values) -> tuple | None:
        with self.connection.cursor() as cursor:
            cursor.execute(text, values)
            return cursor.fetchone() if cursor.description else None

    def row(self) -> tuple:
        """(W, G, owner_epoch, state, reason)"""
        found = self.sql("SELECT published_next, next_offset, owner_epoch, state, reason "
                         f"FROM {SERVICE}.source_position WHERE topic = %s AND partition = %s", TOPIC, PARTITION)
        return found or (0, 0, 0, None, None)

    def move(self, **columns) -> None:
        named = ", ".join(f"{name} = %s" for name in columns)
        self.sql(f"UPDATE {SERVICE}.source_position SET {named} WHERE topic = %s AND partition = %s",
                 *columns.values(), TOPIC, PARTITION)

    def _group(self) -> Consumer:
        return Consumer({"bootstrap.servers": self.kafka, "group.id": SERVICE, "enable.auto.commit": False})

    def committed(self) -> int:
        with contextlib.closing(self._group()) as group:
            return group.committed([TopicPartition(TOPIC, PARTITION)], timeout=PATIENCE_S)[0].offset

    def commit(self, offset: int, tag: str = "") -> None:
        """Sets K, as soon as Kafka lets somebody who is not a member do it."""
        def accepted() -> bool:
            try:
                with contextlib.closing(self._group()) as group:
                    group.commit(offsets=[TopicPartition(TOPIC, PARTITION, offset, tag)], asynchronous=False)
                return True
            except KafkaException:
                return False
        assert wait_until(accepted, PATIENCE_S)

    def our_tag(self) -> str:
        (identifier,) = self.sql("SELECT system_identifier FROM pg_control_system()")
        return f"kerja/1 {SERVICE} {self.row()[2]} {identifier}"

    def at_rest(self) -> bool:
        seen, decided, _, state, _ = self.row()
        return state == "run" and seen == decided == self.committed()


@pytest.fixture
def positions(servers):
    return Positions(servers)


def send(positions: Positions, count: int) -> int:
    """Returns the offset behind the last."""
    ends = []
    producer = Producer({"bootstrap.servers": positions.kafka})
    for _ in range(count):
        producer.produce(TOPIC, b"no event", partition=PARTITION, on_delivery=lambda _error, sent: ends.append(sent.offset()))
    assert producer.flush(PATIENCE_S) == 0
    return max(ends) + 1


def dead_letters(positions: Positions) -> set[int]:
    """The offsets of the partition that became one, or more."""
    return {int(letter.headers["kerja_offset"]) for letter in read(positions.kafka, ["dead.letter"])
            if (letter.headers["kerja_topic"], letter.headers["kerja_partition"]) == (TOPIC, str(PARTITION))}


def moved_back(positions, decided):
    positions.commit(decided - 20)
    return "the group offset lies before what was seen published"


def restored_to_an_earlier_moment(positions, decided):
    positions.move(next_offset=decided - 20, published_next=decided - 20)
    return "the group offset lies beyond what PostgreSQL decided"


def publish_again(positions):
    positions.move(state="run", reason=None)
    positions.commit(positions.row()[0], positions.our_tag())


def adopt(positions):
    decided = positions.row()[1]
    positions.move(state="run", reason=None, published_next=decided)
    positions.sql(f"DELETE FROM {SERVICE}.outbox WHERE topic = %s AND partition = %s", TOPIC, PARTITION)
    positions.commit(decided)


@pytest.mark.parametrize("damage,answer", [
    (moved_back, publish_again), (moved_back, adopt), (restored_to_an_earlier_moment, publish_again),
], ids=lambda function: function.__name__)
def test_a_partition_in_conflict_stops_and_goes_on_after_the_answer(positions, worker, damage, answer):
    one = worker(SERVICE, TIMES)
    end = send(positions, RECORDS)
    assert wait_until(lambda: positions.row()[1] >= end and positions.at_rest(), PATIENCE_S)
    one.stop()
    decided = positions.row()[1]
    expected = damage(positions, decided)

    one = worker(SERVICE, TIMES)
    assert wait_until(lambda: positions.row()[3] == "conflict", PATIENCE_S)
    assert expected in positions.row()[4]
    send(positions, 1)
    before = positions.row()[1]
    one.stop()
    assert positions.row()[1] == before, "a stopped partition is not read"

    answer(positions)
    worker(SERVICE, TIMES)
    end = send(positions, 1)
    assert wait_until(lambda: positions.row()[1] >= end and positions.at_rest(), PATIENCE_S), positions.row()
    assert dead_letters(positions) >= set(range(end - RECORDS, end)), "nothing was lost by either"
