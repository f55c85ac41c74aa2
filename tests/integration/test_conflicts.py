"""Positions that contradict each other stop a partition, and `kerja position` lets it go on.

One partition of `application.submitted`, filled with records that are no events: each becomes one dead letter, so
what was published can be counted by place. The partition is the test's own: others use other partitions or keys.
"""
import contextlib
import json
import subprocess
from collections import Counter
from urllib.parse import urlsplit

import psycopg2
import pytest
from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition

from harness.events import read
from harness.paths import command_program
from harness.process import PATIENCE_S, wait_until
from harness.worker import program_environment

SERVICE, TOPIC, PARTITION = "application", "application.submitted", 11
OFFICER = "officer"
PLACE = ("--service", SERVICE, "--topic", TOPIC, "--partition", PARTITION)
RECORDS = 30
# Short, because a static member's place outlives it for a session, and nobody may set offsets before.
TIMES = {"KERJA_TRANSACTION_TIMEOUT": "2s", "KERJA_SESSION_TIMEOUT": "10s", "KERJA_MAX_POLL_INTERVAL": "20s"}


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

    def _committed(self) -> TopicPartition:
        with contextlib.closing(self._group()) as group:
            return group.committed([TopicPartition(TOPIC, PARTITION)], timeout=PATIENCE_S)[0]

    def committed(self) -> int:
        return self._committed().offset

    def tagged_ours(self) -> bool:
        """By how the tag begins: the client library copies it without an end, and now and then reads on behind it."""
        (identifier,) = self.sql("SELECT system_identifier FROM pg_control_system()")
        return self._tag().startswith(f"kerja/1 {SERVICE} {self.row()[2]} {identifier}")

    def _tag(self) -> str:
        """What stands behind the tag differs each time, and is not always a text."""
        for _ in range(100):
            with contextlib.suppress(UnicodeDecodeError):
                return self._committed().metadata or ""
        raise AssertionError("a hundred times no text behind the tag")

    def commit(self, offset: int) -> None:
        """Sets K, as soon as Kafka lets somebody who is not a member do it."""
        def accepted() -> bool:
            try:
                with contextlib.closing(self._group()) as group:
                    group.commit(offsets=[TopicPartition(TOPIC, PARTITION, offset)], asynchronous=False)
                return True
            except KafkaException:
                return False
        assert wait_until(accepted, PATIENCE_S)

    def audited(self) -> list[tuple]:
        """(actor, command, second actor) of all that was commanded, in order."""
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT actor, command, second_actor FROM kerja.audit ORDER BY number")
            return cursor.fetchall()

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


def dead_letters(positions: Positions) -> Counter[int]:
    """How often each offset of the partition became one."""
    return Counter(int(letter.headers["kerja_offset"]) for letter in read(positions.kafka, ["dead.letter"])
                   if (letter.headers["kerja_topic"], letter.headers["kerja_partition"]) == (TOPIC, str(PARTITION)))


def moved_back(positions, decided):
    positions.commit(decided - 20)
    return "the group offset lies before what was seen published"


def restored_to_an_earlier_moment(positions, decided):
    positions.move(next_offset=decided - 20, published_next=decided - 20)
    return "the group offset lies beyond what PostgreSQL decided"


class Kerja:
    """The command `kerja position`, typed by an officer, who has no other right."""

    def __init__(self, servers):
        self.environment = program_environment(servers.environment())
        place = urlsplit(servers.postgres.address)
        officer = place._replace(netloc=f"{OFFICER}:{OFFICER}@{place.netloc.rpartition('@')[2]}")
        self.environment["KERJA_POSTGRES"] = officer.geturl()

    def __call__(self, verb: str, *words) -> subprocess.CompletedProcess:
        return subprocess.run([command_program(), "position", verb, *map(str, words)], env=self.environment,
                              stdin=subprocess.DEVNULL, text=True, capture_output=True, timeout=PATIENCE_S)

    def answer(self, verb: str, *words) -> str:
        """Given as soon as Kafka lets somebody who is not a member do it; what it printed."""
        done = []

        def accepted() -> bool:
            done.append(self(verb, *PLACE, "--second-actor", "a colleague", "--yes", *words))
            assert done[-1].returncode == 0 or "has members" in done[-1].stderr, done[-1]
            return done[-1].returncode == 0
        assert wait_until(accepted, PATIENCE_S), done[-1]
        return done[-1].stdout

    def conflicts(self) -> list[dict]:
        listed = self("list", "--service", SERVICE, "--conflicts", "--json")
        assert listed.returncode == 0, listed.stderr
        return json.loads(listed.stdout)


@pytest.fixture
def kerja(servers, positions):
    """The roles that an officer has come with the first worker's migrations, so the login is made without them."""
    if positions.sql("SELECT 1 FROM pg_roles WHERE rolname = %s", OFFICER) is None:
        positions.sql(f"CREATE ROLE {OFFICER} LOGIN PASSWORD '{OFFICER}'")
    return Kerja(servers)


def appoint(positions):
    positions.sql(f"GRANT kerja_officer, kerja_read TO {OFFICER}")


def republish(kerja, decided):
    return kerja.answer("republish")


def adopt(kerja, decided):
    return kerja.answer("adopt")


def adopt_what_is_decided(kerja, decided):
    return kerja.answer("adopt", "--offset", decided)


def rewind(kerja, decided):
    return kerja.answer("rewind", "--offset", decided - 25)


@pytest.mark.parametrize("damage,answer,consequence,again", [
    (moved_back, republish, None, 0),
    (moved_back, adopt, "are decided again", 20),
    (moved_back, adopt_what_is_decided, "nothing is lost", 0),
    (moved_back, rewind, "are decided again", 25),
    (restored_to_an_earlier_moment, republish, "with the same ids", 20),
    (restored_to_an_earlier_moment, adopt, "are never decided", 0),
], ids=lambda value: getattr(value, "__name__", ""))
def test_a_partition_in_conflict_stops_and_goes_on_after_the_answer(positions, kerja, worker, damage, answer,
                                                                    consequence, again):
    """`again`: how many of the records that were decided before the damage are decided once more after the answer."""
    one = worker(SERVICE, TIMES)
    appoint(positions)
    end = send(positions, RECORDS)
    assert wait_until(lambda: positions.row()[1] >= end and positions.at_rest(), PATIENCE_S)
    one.stop()
    decided, once = positions.row()[1], dead_letters(positions)
    assert decided == end
    expected = damage(positions, decided)

    one = worker(SERVICE, TIMES)
    assert wait_until(lambda: positions.row()[3] == "conflict", PATIENCE_S)
    assert expected in positions.row()[4]
    (shown,) = kerja.conflicts()
    assert (shown["topic"], shown["partition"], shown["reason"]) == (TOPIC, PARTITION, positions.row()[4])
    send(positions, 1)
    before = positions.row()
    refused = kerja("adopt", *PLACE, "--yes")
    assert refused.returncode == 1 and "has members" in refused.stderr, refused
    one.stop()
    assert positions.row() == before, "a stopped partition is not read, and a refused answer changes nothing"

    audited = positions.audited()
    said = answer(kerja, decided)
    assert consequence is None or consequence in said, said
    assert len(positions.audited()) == len(audited) + 1
    assert positions.audited()[-1] == (OFFICER, f"position {answer.__name__.split('_')[0]}", "a colleague")
    assert kerja.conflicts() == []
    worker(SERVICE, TIMES)
    end = send(positions, 1)
    assert wait_until(lambda: positions.row()[1] >= end and positions.at_rest(), PATIENCE_S), positions.row()
    assert dead_letters(positions) == once + Counter(range(decided - again, end)), "what the answer says, and nothing else"


@contextlib.contextmanager
def outbox_kept(positions):
    """As if nobody had seen anything published: rows stay."""
    positions.sql(f"CREATE RULE kept AS ON DELETE TO {SERVICE}.outbox DO INSTEAD NOTHING")
    try:
        yield
    finally:
        positions.sql(f"DROP RULE kept ON {SERVICE}.outbox")


def test_what_is_owed_is_published_again_from_the_outbox(positions, kerja, worker):
    one = worker(SERVICE, TIMES)
    appoint(positions)
    assert wait_until(positions.at_rest, PATIENCE_S)
    begin = positions.row()[1]
    with outbox_kept(positions):
        end = send(positions, RECORDS)
        assert wait_until(lambda: positions.row()[1] >= end and positions.at_rest(), PATIENCE_S)
        one.stop()
    positions.move(published_next=begin)
    positions.commit(positions.row()[1])
    one = worker(SERVICE, TIMES)
    assert wait_until(lambda: positions.row()[3] == "conflict", PATIENCE_S)
    assert "set by somebody else while outputs are owed" in positions.row()[4]
    one.stop()

    once = dead_letters(positions)
    assert "twice, with the same ids" in kerja.answer("republish")
    assert positions.committed() == begin and positions.tagged_ours()
    worker(SERVICE, TIMES)
    assert wait_until(lambda: positions.row()[1] >= end and positions.at_rest(), PATIENCE_S), positions.row()
    sent = range(end - RECORDS, end)
    assert dead_letters(positions) == once + Counter(sent), "each once more, and nothing else"


def before_rows_were_lost(positions, end) -> int:
    positions.sql(f"DELETE FROM {SERVICE}.outbox WHERE topic = %s AND partition = %s", TOPIC, PARTITION)
    return end - 20


def test_an_answer_that_cannot_be_given_is_refused_and_changes_nothing(positions, kerja, worker):
    one = worker(SERVICE, TIMES)
    appoint(positions)
    end = send(positions, RECORDS)
    assert wait_until(lambda: positions.row()[1] >= end and positions.at_rest(), PATIENCE_S)
    one.stop()
    positions.move(published_next=before_rows_were_lost(positions, end))
    before, audited = positions.row(), positions.audited()
    for words, status, why in [
        (("adopt", *PLACE), 2, "needs --yes"),
        (("adopt", *PLACE[2:]), 2, "expected --service"),
        (("rewind", *PLACE, "--yes"), 2, "expected --offset"),
        (("adopt", *PLACE, "--offset", end + 1000, "--yes"), 1, "the log reaches from"),
        (("rewind", *PLACE, "--offset", before[0] + 1, "--yes"), 1, "was not seen published"),
        (("republish", *PLACE, "--yes"), 1, "rows of the outbox are missing"),
        (("republish", *PLACE[:4], "--partition", 4096, "--yes"), 1, "cannot find a position"),
    ]:
        said = kerja(*words)
        assert said.returncode == status and why in said.stderr, said
    assert (positions.row(), positions.audited()) == (before, audited)
