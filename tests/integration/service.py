"""What tests of a running application worker share: its settings, records in, outputs as they become visible."""
import subprocess
import time

import psycopg2
from confluent_kafka import OFFSET_BEGINNING, Consumer, TopicPartition
from confluent_kafka.admin import AdminClient

import harness
from faults import people
from harness.events import _received
from harness.paths import command_program
from harness.process import PATIENCE_S
from harness.worker import program_environment

# Short, so that what a kill leaves behind is taken over while a test can wait.
SETTINGS = {"KERJA_TRANSACTION_TIMEOUT": "3s", "KERJA_SESSION_TIMEOUT": "6s"}


def query(servers, sql: str, *values) -> list[tuple]:
    connection = psycopg2.connect(servers.postgres.address, connect_timeout=60)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def prepare(servers, worker) -> None:
    """Migrations by a first worker, the programme, and the end of every register's snapshot."""
    first = worker("application", SETTINGS)
    connection = psycopg2.connect(servers.postgres.address)
    with connection, connection.cursor() as cursor:
        people.publish_programme(cursor)
    connection.close()
    assert harness.wait_until(lambda: "programme in force" in first.process.log.read_text(), PATIENCE_S)
    send(servers, people.snapshot_records())
    ended = lambda: query(servers, "SELECT count(*) FROM application.register_snapshot")[0][0] == len(people.REGISTERS)
    assert harness.wait_until(ended, PATIENCE_S)
    first.stop()


def send(servers, records: list[people.Record]) -> None:
    sender = harness.Sender(servers.kafka.address, source=people.SOURCE)
    for record in records:
        if record.event is not None:
            sender.send(record.topic, record.key, record.event, record.event_id)
        else:
            sender.send_bytes(record.topic, record.key, record.value, {"ce_id": record.event_id,
                                                                       "ce_source": people.SOURCE})
    sender.flush()


class Kerja:
    """The command `kerja`, as the administrator types it; says what it printed, or why not. A status of None: any."""

    def __init__(self, servers, folder):
        self.environment, self.folder = program_environment(servers.environment()), folder

    def __call__(self, *words, status=0, text=None) -> str:
        done = subprocess.run([command_program(), *map(str, words)], env=self.environment, cwd=self.folder,
                              input=text, text=True, capture_output=True, timeout=PATIENCE_S)
        assert status in (None, done.returncode), f"kerja {words}: status {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stderr if done.returncode else done.stdout

    def begin(self, *words) -> subprocess.Popen:
        return subprocess.Popen([command_program(), *map(str, words)], env=self.environment, cwd=self.folder, text=True,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


class Undecoded:
    """Of dead letters, whose bytes nobody can be sure to read."""

    @staticmethod
    def decode(_value):
        return None


class Outputs:
    """Everything that the service made visible to a read_committed reader, in the order of each partition."""

    TOPICS = ("application.decided", "notification.requested", "dead.letter")

    def __init__(self, servers):
        self.seen: list[harness.Received] = []
        self._events = harness.Events()
        known = AdminClient({"bootstrap.servers": servers.kafka.address, "log_level": 0}).list_topics(timeout=60).topics
        self._consumer = Consumer({"bootstrap.servers": servers.kafka.address, "group.id": "no-group", "log_level": 0,
                                   "enable.auto.commit": False, "isolation.level": "read_committed"})
        self._consumer.assign([TopicPartition(topic, partition, OFFSET_BEGINNING)
                               for topic in self.TOPICS for partition in known[topic].partitions])

    def read(self) -> None:
        for message in self._consumer.consume(1000, 0.1):
            if not message.error():
                events = Undecoded if message.topic() == "dead.letter" else self._events
                self.seen.append(_received(events, message))

    def wait(self, what, timeout_s: float = PATIENCE_S):
        """Reads on until what() is true; returns it."""
        deadline = time.monotonic() + timeout_s
        while not (answer := what()):
            assert time.monotonic() < deadline, f"not seen within {timeout_s} s"
            self.read()
        return answer

    def decided(self, application_id: str) -> list[dict]:
        return [one.event for one in self.seen
                if one.topic == "application.decided" and one.event["application_id"] == application_id]

    def status(self, application_id: str) -> str | None:
        """The newest word."""
        newest = max(self.decided(application_id), key=lambda event: event["sequence"], default=None)
        return newest and newest["status"]

    def letters(self, event_id: str) -> list[harness.Received]:
        return [one for one in self.seen if one.topic == "dead.letter" and one.headers.get("ce_id") == event_id]

    def wait_all(self, applicants: list[people.Applicant], timeout_s: float = PATIENCE_S) -> None:
        """Each applicant comes to the status that the reference gives."""
        for one in applicants:
            self.wait(lambda: self.status(one.application_id) == one.status, timeout_s)

    def each_once(self) -> None:
        """No output of the service twice, whatever the test did."""
        ids = [one.headers["ce_id"] for one in self.seen if one.topic != "dead.letter"]
        assert len(ids) == len(set(ids))

    def close(self) -> None:
        self._consumer.close()
