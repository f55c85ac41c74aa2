"""The stage of every section: servers, one worker of application, a loader, and clocks that count CPU."""
import contextlib
import datetime
import hashlib
import os
import pathlib
import subprocess
import time

import psycopg2
from confluent_kafka import Consumer, TopicPartition

import harness
from harness.paths import BUILD, ROOT

REGISTERS = ("EDUCATION", "LAID_OFF", "BLACKLIST", "DTKS", "PKH", "BSU", "BPUM", "OCCUPATION", "FRAUD_CASE")
TOPIC = "application.submitted"
NIL = "00000000-0000-0000-0000-000000000000"
TICKS = os.sysconf("SC_CLK_TCK")
FIRST_START_S = 180  # tables are made, and a disk may be busy with others' work
SERVER_VARIABLES = ("KERJA_KAFKA", "KERJA_POSTGRES", "KERJA_REDIS")  # they name the common stage's servers


def say(sentence: str) -> None:
    print(sentence, flush=True)


def process_cpu_s(pid: int, with_children: bool = False) -> float:
    """User and system time of a process, and of those of its children that ended."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15 if with_children else 13])) / TICKS


def memory_mb(pid: int, what: str) -> float:
    """`what`: VmRSS, or VmHWM for its highest."""
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(what + ":"):
            return int(line.split()[1]) / 1024
    return 0.0


class Stage:
    def __init__(self, servers: harness.Servers):
        self.servers, self.folder = servers, servers.folder
        self.worker = harness.Worker("application", self.folder, servers.worker_environment())
        self.sent = 0  # applicants sent so far; the next one's number
        self.records = 0  # records sent so far: some applicants are sent twice
        self._database = self._group = None

    def prepare(self) -> None:
        """The worker makes its tables; the programme is published, and every register has a snapshot."""
        self.worker.start(FIRST_START_S)
        text = (ROOT / "programmes" / "kartu-prakerja.yaml").read_text()
        self.query("INSERT INTO kerja.programme (programme, sha256, text) VALUES ('kartu-prakerja', %s, %s)",
                   (hashlib.sha256(text.encode()).digest(), text))
        self.worker.stop()
        sender = harness.Sender(self.servers.kafka.address)
        for register in REGISTERS:
            sender.send("register.listed", register, {
                "register": register, "snapshot": "S1", "person_id": NIL, "listed": True, "code": None, "number": 0,
                "valid_from": datetime.date(2021, 1, 1), "valid_to": None,
                "loaded_at": datetime.datetime(2021, 8, 1, tzinfo=datetime.timezone.utc)})
        sender.flush()
        self.worker.start()
        valid = "SELECT count(*) FROM application.register_snapshot"
        if not harness.wait_until(lambda: self.query(valid)[0][0] == len(REGISTERS), 30):
            raise self.worker.process.failed("did not take the registers' snapshots")
        self.worker.stop()

    def load(self, count: int, rate: int = 0, times: pathlib.Path | str = os.devnull, every: int = 0) -> subprocess.Popen:
        """Begins to send the next `count` applicants, `rate` a second; with `every`, each such record is a repeat of an
        applicant. The program's output is its figure, `times` gets the instant of each applicant's sending."""
        command = ["setpriv", "--pdeathsig", "KILL", "--", BUILD / "tests" / "bench" / "load", self.servers.kafka.address,
                   self.sent, count, rate, times, every]  # who ends the bench ends it too
        self.sent += count - (count // every if every else 0)
        self.records += count
        return subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, text=True)

    def loaded(self, loader: subprocess.Popen, timeout_s: float = 300) -> float:
        """Waits for its end; records a second."""
        output, _ = loader.communicate(timeout=timeout_s)
        if loader.returncode:
            raise harness.Failed(f"the loader ended with status {loader.returncode}")
        return float(output.partition("=")[2])

    def another(self, instance: int = 1, program: pathlib.Path | None = None, **settings: str) -> harness.Worker:
        """A worker like the stage's, by another program or with other settings."""
        worker = harness.Worker("application", self.folder, {**self.servers.worker_environment(), **settings}, instance)
        worker.program = program or worker.program
        return worker

    def query(self, sql: str, parameters=None) -> list:
        if self._database is None:
            self._database = psycopg2.connect(self.servers.postgres.address)
            self._database.autocommit = True
        cursor = self._database.cursor()
        cursor.execute(sql, parameters)
        return cursor.fetchall() if cursor.description else []

    def decided(self, topic: str = TOPIC) -> int:
        """G, over all partitions: records that PostgreSQL knows to be decided."""
        return self.query("SELECT coalesce(sum(next_offset), 0)::bigint FROM application.source_position WHERE topic = %s",
                          (topic,))[0][0]

    def published(self, topic: str = TOPIC) -> int:
        """K, over all partitions: records whose outputs were committed."""
        if self._group is None:
            self._group = Consumer({"bootstrap.servers": self.servers.kafka.address, "group.id": "application", "log_level": 0})
        partitions = [TopicPartition(topic, number) for number in range(harness.topics.partitions())]
        return sum(max(0, partition.offset) for partition in self._group.committed(partitions, timeout=10))

    def appended(self, topic: str = TOPIC) -> int:
        """Records that stand in Kafka."""
        self.published(topic)  # makes the consumer
        return sum(self._group.get_watermark_offsets(TopicPartition(topic, number), timeout=10)[1]
                   for number in range(harness.topics.partitions()))

    def wait_published(self, timeout_s: float = 300, pause_s: float = 0.05) -> None:
        """Until lag is zero."""
        if not harness.wait_until(lambda: self.decided() >= self.records and self.published() >= self.records, timeout_s,
                                  pause_s):
            raise self.worker.process.failed(f"decided {self.decided()} of {self.records} in {timeout_s} s")

    def worker_cpu_s(self) -> float:
        return process_cpu_s(self.worker.process.pid)

    def postgres_cpu_s(self) -> float:
        """Of all PostgreSQL's processes, those that ended too; a backend that ends meanwhile is not counted twice."""
        postmaster = self.servers.postgres.process.pid
        children = pathlib.Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        return process_cpu_s(postmaster, True) + sum(process_cpu_s(int(child)) for child in children)

    def close(self) -> None:
        self.worker.stop()
        self.forget_clients()

    def forget_clients(self) -> None:
        """They are made anew when they are needed, as after a server's restart."""
        for client in (self._database, self._group):
            if client is not None:
                client.close()
        self._database = self._group = None


@contextlib.contextmanager
def apart(folder: pathlib.Path, name: str, before_start=lambda servers: None):
    """A stage with servers of its own, for what leaves much behind; their data are gone afterwards."""
    for variable in SERVER_VARIABLES:
        os.environ.pop(variable, None)
    servers = harness.Servers(folder / name, fresh=True)
    before_start(servers)
    stage = None
    try:
        with servers:
            harness.topics.create(servers.kafka.address)
            stage = Stage(servers)
            try:
                stage.prepare()
                yield stage
            finally:
                stage.close()
    finally:
        servers.wipe()
