"""Several workers of one service, and records that reach all of them at one moment."""
import collections
import contextlib
import dataclasses
import hashlib
import itertools
import time

import psycopg2
from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, Producer, TopicPartition

import harness
from faults import oracles, people
from harness.events import HEADER_SIZE
from harness.process import PATIENCE_S

WORKERS = 3
# Many small batches instead of few large ones: more of them pass each other.
SETTINGS = {"KERJA_TRANSACTION_TIMEOUT": "3s", "KERJA_SESSION_TIMEOUT": "6s", "KERJA_BATCH_RECORDS": "500"}
BURST = 1500  # records sent at one moment
GATHERING_S = 2  # less than a worker waits for a lock


@dataclasses.dataclass
class Runner:
    """A record, and which of the workers is to read it."""
    worker: int
    topic: str
    key: str
    event: dict


class Track:
    def __init__(self, servers, programme_text: str):
        self.servers = servers
        self.workers: list[harness.Worker] = []
        self.outputs: dict[str, list[dict]] = {}  # by topic, as read_committed readers see them
        self.output_ids: list[str] = []
        self.dead: list[str] = []  # the reasons of dead letters
        self._programme_text = programme_text
        self._events = harness.Events()
        self._numbers = itertools.count()
        self._failures: list[str] = []
        self._producer = Producer({"bootstrap.servers": servers.kafka.address, "enable.idempotence": True, "linger.ms": 2,
                                   "queue.buffering.max.messages": 1_000_000, "log_level": 0})
        self._read_to: collections.Counter[tuple[str, int]] = collections.Counter()
        self._reader = self._read_from_the_beginning()

    def _read_from_the_beginning(self) -> Consumer:
        reader = Consumer({"bootstrap.servers": self.servers.kafka.address, "group.id": "no-group", "log_level": 0,
                           "enable.auto.commit": False, "enable.partition.eof": True, "isolation.level": "read_committed"})
        reader.assign([TopicPartition(topic, partition, OFFSET_BEGINNING) for topic in
                       ("application.decided", "award.changed", "payout.requested", "dead.letter")
                       for partition in range(harness.topics.partitions())])
        return reader

    # The workers.

    def serve(self, service: str) -> bool:
        """Has workers of that service run, and of no other; false when they do already."""
        if self.workers and self.workers[0].service == service:
            return False
        self._stop()
        environment = {**self.servers.worker_environment(), **SETTINGS}
        self.workers = [harness.Worker(service, self.servers.folder, environment, instance)
                        for instance in range(1, WORKERS + 1)]
        self.workers[0].start()  # alone: it makes the tables
        self._publish()
        for worker in self.workers[1:]:
            worker.launch()
        for worker in self.workers:
            worker.wait_ready()
            known = lambda worker=worker: "programme in force" in worker.process.log.read_text()
            assert harness.wait_until(known, PATIENCE_S)
        owners = f"SELECT count(DISTINCT owner) FROM {service}.source_position"
        assert harness.wait_until(lambda: self.query(owners) == [(WORKERS,)], PATIENCE_S)
        return True

    def _publish(self) -> None:
        text = self._programme_text
        self.execute("INSERT INTO kerja.programme (programme, sha256, text) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
                     people.PROGRAMME, hashlib.sha256(text.encode()).digest(), text)

    def _stop(self) -> None:
        for worker in self.workers:
            worker.stop()
        self.workers = []

    def count(self, name: str) -> int:
        """A counter over all workers."""
        return int(sum(worker.metrics()[f"kerja_{name}_total"] for worker in self.workers))

    # The records.

    def race(self, runners: list[Runner], table: str) -> None:
        """Burst after burst, the next when the last was read: workers that wait for records begin with it at one moment,
        each with its part. None saves to that table before all of them are about to: so each has read what the others
        change, however busy the machine is."""
        self.run(runners, BURST, table)

    def run(self, runners: list[Runner], burst: int = 10**9, table: str | None = None) -> None:
        """Sends all, and waits until everything is decided and published. A record goes to a partition of the worker that
        it names: the assignor gives each a row of neighbours in every topic."""
        ready = [self._encoded(runner) for runner in runners]
        for first in range(0, len(ready), burst):
            part = ready[first:first + burst]
            due = self.count("records") + len(part)
            with self._gathered_before(table) if table else contextlib.nullcontext():
                self._send(part)
            assert harness.wait_until(lambda: self.count("records") >= due, PATIENCE_S, 0.01)
        assert oracles.drained(self.servers, [self.workers[0].service], PATIENCE_S) == []
        self.read()

    def _send(self, part: list[tuple]) -> None:
        for topic, value, key, partition, headers in part:
            self._producer.produce(topic, value, key, partition, headers=headers, on_delivery=self._delivered)
        left = self._producer.flush(PATIENCE_S)
        assert not left and not self._failures, (left, self._failures[:3])

    @contextlib.contextmanager
    def _gathered_before(self, table: str):
        """Lets everybody read the table, and none write to it until all workers stand before it."""
        holder = psycopg2.connect(self.servers.postgres.address, connect_timeout=5)
        try:
            with holder, holder.cursor() as cursor:
                cursor.execute(f"LOCK TABLE {table} IN SHARE MODE")
                yield
                standing = "SELECT count(*) FROM pg_locks WHERE relation = %s::regclass AND NOT granted"
                harness.wait_until(lambda: self.query(standing, table) == [(WORKERS,)], GATHERING_S, 0.01)
        finally:
            holder.close()

    def _encoded(self, runner: Runner) -> tuple:
        number, per_worker = next(self._numbers), harness.topics.partitions() // WORKERS
        partition = runner.worker % WORKERS * per_worker + number % per_worker
        headers = {"ce_id": f"race-{number}", "ce_source": "/integrator/races"}
        return runner.topic, self._events.encode(runner.topic, runner.event), runner.key, partition, headers

    def _delivered(self, error, _message) -> None:
        if error:
            self._failures.append(str(error))

    def read(self) -> None:
        """Whatever became visible since the last time; all of it, because it was drained before."""
        ends = [(one.topic, one.partition, self._reader.get_watermark_offsets(one, PATIENCE_S)[1])
                for one in self._reader.assignment()]
        deadline = time.monotonic() + PATIENCE_S
        while any(self._read_to[topic, partition] < end for topic, partition, end in ends):
            assert time.monotonic() < deadline, "the outputs were not read to their ends"
            for message in self._reader.consume(10_000, 0.1):
                if message.error():
                    if message.error().code() != KafkaError._PARTITION_EOF:
                        raise KafkaException(message.error())
                    self._read_to[message.topic(), message.partition()] = message.offset()
                    continue
                headers = dict(message.headers() or [])
                if message.topic() == "dead.letter":
                    self.dead.append(headers["kerja_reason"].decode())
                elif len(message.value()) > HEADER_SIZE and "ce_source" in headers:
                    if headers["ce_source"].startswith(b"/kerja/"):
                        self.output_ids.append(headers["ce_id"].decode())
                        self.outputs.setdefault(message.topic(), []).append(self._events.decode(message.value()))

    # The database.

    def query(self, sql: str, *values) -> list[tuple]:
        connection = psycopg2.connect(self.servers.postgres.address, connect_timeout=60)
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(sql, values or None)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    execute = query

    def close(self) -> None:
        self._stop()
        self._reader.close()
