"""What must hold whatever died: sampled while it happens, and checked in full when all is drained."""
import dataclasses
import threading
import time

import psycopg2
from confluent_kafka import Consumer, KafkaException, TopicPartition

import harness
from faults import people

SAMPLE_S = 0.5
ASK_S = 3  # how long a sample waits for a server that may be down
SHOWN = 5  # of each kind of failure


@dataclasses.dataclass
class Findings:
    lost: list[str] = dataclasses.field(default_factory=list)
    twice: list[str] = dataclasses.field(default_factory=list)
    disordered: list[str] = dataclasses.field(default_factory=list)
    unbalanced: list[str] = dataclasses.field(default_factory=list)

    def counts(self) -> str:
        return " ".join(f"{field.name}={len(getattr(self, field.name))}" for field in dataclasses.fields(self))

    def sound(self) -> bool:
        return not any(getattr(self, field.name) for field in dataclasses.fields(self))

    def show(self) -> None:
        for field in dataclasses.fields(self):
            found = getattr(self, field.name)
            for sentence in found[:SHOWN]:
                print(f"{field.name}: {sentence}")
            if len(found) > SHOWN:
                print(f"{field.name}: and {len(found) - SHOWN} more")


def query(servers, sql: str, *values) -> list[tuple]:
    connection = psycopg2.connect(servers.postgres.address, connect_timeout=ASK_S,
                                  options=f"-c statement_timeout={ASK_S}s")
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall()
    finally:
        connection.close()


class Positions:
    """W, K and G of one service's source partitions."""

    def __init__(self, servers, service: str):
        self.servers, self.service = servers, service
        # Read uncommitted: what is committed now, whatever transactions are open.
        self.consumer = Consumer({"bootstrap.servers": servers.kafka.address, "group.id": service, "log_level": 0,
                                  "isolation.level": "read_uncommitted", "enable.auto.commit": False})

    def stored(self) -> dict[tuple[str, int], tuple[int, int]]:
        """(W, G) by partition."""
        rows = query(self.servers, "SELECT topic, partition, published_next, next_offset "
                     f"FROM {self.service}.source_position")
        return {(topic, partition): (w, g) for topic, partition, w, g in rows}

    def committed(self, places) -> dict[tuple[str, int], int]:
        answer = self.consumer.committed([TopicPartition(*place) for place in places], timeout=ASK_S)
        return {(one.topic, one.partition): one.offset for one in answer if one.offset >= 0}

    def sample(self) -> list[str]:
        """W, then K, then G: each only grows, so what is out of order then was so at some moment."""
        before = self.stored()
        committed = self.committed(before)
        after = self.stored()
        return [f"{self.service} {place}: W={before[place][0]} K={k} G={after[place][1]}"
                for place, k in committed.items() if not before[place][0] <= k <= after[place][1]]

    def behind(self) -> list[str]:
        """Empty when everything read is decided and published: K = G = the end of each log."""
        stored = self.stored()
        committed = self.committed(stored)
        found = [] if stored else [f"{self.service} has no positions"]
        for place, (w, g) in stored.items():
            _low, high = self.consumer.get_watermark_offsets(TopicPartition(*place), timeout=ASK_S)
            if not g == high == committed.get(place, 0):
                found.append(f"{self.service} {place}: W={w} K={committed.get(place)} G={g} end={high}")
        return found

    def close(self) -> None:
        self.consumer.close()


class Sampler:
    """Looks at positions, and at whether what is visible is decided, while everything around it dies."""

    def __init__(self, servers, services: list[str], findings: Findings):
        self.servers, self.services, self.findings = servers, services, findings
        self.samples = 0
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._follower = Consumer({"bootstrap.servers": servers.kafka.address, "group.id": "faults-follower",
                                   "auto.offset.reset": "earliest", "enable.auto.commit": False, "log_level": 0,
                                   "isolation.level": "read_committed"})
        self._follower.subscribe(["application.decided"])
        self._events = harness.Events()
        self._newest: dict[str, int] = {}

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_reason):
        self._end.set()
        self._thread.join()
        self._follower.close()

    def _run(self) -> None:
        positions = [Positions(self.servers, service) for service in self.services]
        while not self._end.wait(SAMPLE_S):
            try:
                for one in positions:
                    self.findings.disordered += one.sample()
                self._visible_is_decided()
                self.samples += 1
            except (psycopg2.Error, KafkaException):
                continue  # a server is down: the next sample will tell
        for one in positions:
            one.close()

    def _visible_is_decided(self) -> None:
        for message in self._follower.consume(1000, 0.1):
            event = self._events.decode(message.value()) if not message.error() else None
            if event:
                known = self._newest.get(event["application_id"], 0)
                self._newest[event["application_id"]] = max(known, event["sequence"])
        if not self._newest:
            return
        rows = dict(query(self.servers, "SELECT application_id, sequence FROM application.application "
                          "WHERE application_id = ANY(%s)", list(self._newest)))
        for application_id, sequence in self._newest.items():
            if rows.get(application_id, 0) < sequence:
                self.findings.lost.append(f"application.decided {sequence} of {application_id} is visible, but "
                                          f"PostgreSQL has {rows.get(application_id, 'nothing')}")
        self._newest.clear()


def drained(servers, services: list[str], timeout_s: float) -> list[str]:
    """Waits until every lag is zero; what is still behind when time is over."""
    positions = [Positions(servers, service) for service in services]
    left: list[str] = ["nothing was asked"]
    deadline = time.monotonic() + timeout_s
    while left and time.monotonic() < deadline:
        try:
            left = [one for position in positions for one in position.behind()]
        except (psycopg2.Error, KafkaException) as error:
            left = [f"a server did not answer: {error}"]
        time.sleep(0.2 if left else 0)
    for position in positions:
        position.close()
    return left


def check(servers, services: list[str], records: list[people.Record], places: dict[int, tuple[str, int, int]],
          applicants: list[people.Applicant], findings: Findings) -> int:
    """Every output once, in order, and the state that a fold of the inputs gives. Returns the outputs seen.
    `places` says where each record (by its id()) came to stand."""
    topics = [topic for topic in harness.topics.retention_days() if not topic.startswith("timer.")]
    seen = [one for one in harness.read(servers.kafka.address, topics, timeout_s=180)
            if one.topic == "dead.letter" or one.headers.get("ce_source", "").startswith("/kerja/")]
    expected, cause_of = expectations(records, places)
    check_outputs(seen, expected, cause_of, findings)
    check_order(seen, cause_of, findings)
    check_state(servers, applicants, findings)
    check_money(servers, services, applicants, findings)
    return len(seen)


def expectations(records, places) -> tuple[dict[str, str], dict[str, tuple]]:
    """Output id to topic, and output id to (source topic, source partition, source offset, index, waited)."""
    expected: dict[str, str] = {}
    cause_of: dict[str, tuple] = {}
    for record in records:
        place = places[id(record)]
        if record.value is not None:
            expected[dead_letter_id(*place)] = "dead.letter"
            cause_of[dead_letter_id(*place)] = (*place, 0, False)
            continue
        for index, topic in enumerate(record.outputs):
            output = people.output_id("application", people.SOURCE, record.event_id, index)
            expected[output] = topic
            cause_of[output] = min((*place, index, record.early), cause_of.get(output, (*place, index, record.early)))
    return expected, cause_of


def dead_letter_id(topic: str, partition: int | str, offset: int | str) -> str:
    return f"{topic}/{partition}/{offset}"


def output_id_of(one: harness.Received) -> str:
    if one.topic == "dead.letter":
        return dead_letter_id(*(one.headers.get(f"kerja_{name}") for name in ("topic", "partition", "offset")))
    return one.headers.get("ce_id", "no id")


def check_outputs(seen, expected, cause_of, findings) -> None:
    found: dict[tuple[str, str], list[str]] = {}
    for one in seen:
        source = one.headers.get("ce_source", "") if one.topic != "dead.letter" else "dead.letter"
        found.setdefault((source, output_id_of(one)), []).append(f"{one.topic}/{one.partition}/{one.offset}")
    for (source, output), places in found.items():
        if len(places) > 1:
            findings.twice.append(f"{output} from {source}, caused by {cause_of.get(output, ('?',))[:3]}, is at "
                                  f"{' and '.join(places)}")
    topics = {output_id_of(one): one.topic for one in seen
              if one.topic == "dead.letter" or one.headers.get("ce_source") == "/kerja/application"}
    for output, topic in expected.items():
        if topics.get(output) != topic:
            findings.lost.append(f"{topic} {output}, caused by {cause_of[output][:3]}, is not there")
    for output in topics.keys() - expected.keys():
        findings.twice.append(f"{topics[output]} {output} was caused by nothing that was sent")


def check_order(seen, cause_of, findings) -> None:
    """Within a partition, the outputs of one source partition stand in its order. What waited comes with the record
    that ended its waiting, so its place is another's."""
    last: dict[tuple, tuple] = {}
    sequences: dict[str, set[int]] = {}
    for one in sorted(seen, key=lambda one: (one.topic, one.partition, one.offset)):
        if one.topic == "application.decided":
            sequences.setdefault(one.key, set()).add(one.event["sequence"])
        if output_id_of(one) not in cause_of:
            continue
        topic, partition, offset, index, waited = cause_of[output_id_of(one)]
        if waited:
            continue
        lane = (one.topic, one.partition, topic, partition)
        if (offset, index) < last.get(lane, (-1, -1)):
            findings.disordered.append(f"{lane}: {(offset, index)} after {last[lane]}")
        last[lane] = (offset, index)
    for award, numbers in sequences.items():
        if numbers != set(range(1, len(numbers) + 1)):
            findings.disordered.append(f"application.decided of {award} has the sequences {sorted(numbers)}")


def check_state(servers, applicants, findings) -> None:
    stored = dict(query(servers, "SELECT application_id, status FROM application.application"))
    for one in applicants:
        if stored.get(one.application_id) != one.status:
            findings.lost.append(f"application {one.application_id} is {stored.get(one.application_id)}, "
                                 f"should be {one.status}")
    for application_id in stored.keys() - {one.application_id for one in applicants}:
        findings.twice.append(f"application {application_id} was never sent")
    [(waiting,)] = query(servers, "SELECT count(*) FROM application.waiting")
    if waiting:
        findings.lost.append(f"{waiting} events still wait, though what they wait for is there")


def check_money(servers, services, applicants, findings) -> None:
    awarded = sum(one.status == "AWARDED" for one in applicants)
    [(awards,)] = query(servers, "SELECT count(*) FROM application.award WHERE NOT revoked")
    if awards != awarded:
        findings.unbalanced.append(f"{awards} awards, should be {awarded}")
    for kind, scope, used, ceiling in query(servers, "SELECT kind, scope, used, ceiling FROM application.quota"):
        due = awarded if "seat" in kind.lower() else awarded * people.PACKAGE_HUNDREDTHS
        if used != due or used > ceiling:
            findings.unbalanced.append(f"limit {kind} {scope}: {used} of {ceiling} used, should be {due}")
    if "incentive" in services:
        findings.unbalanced += ledger_faults(servers)


def ledger_faults(servers) -> list[str]:
    """Every row of the ledger's own check that does not say it is balanced."""
    rows = query(servers, "SELECT to_jsonb(c) FROM incentive_read.ledger_check c")
    return [f"ledger: {row}" for (row,) in rows if any(value is False for value in row.values())]
