"""What stands still after the trouble is over, with nobody working on it. A partition may have stopped, if it says why;
everything else must come to rest at the end of its log: read, decided, published, and seen published."""
import time

import psycopg2
from confluent_kafka import Consumer, KafkaException, TopicPartition

import harness
from faults import oracles
from faults.findings import ASK_S, Findings, query
from faults.outputs import READS

REST_S = 120  # W follows K once a second, and a quiet partition's end once a second
OFFSETS_TOPIC = "__consumer_offsets"  # where a transaction that hangs keeps a whole group from its positions


class Resting:
    """Asks whether a service is at rest; `stopped` are its partitions in conflict, with their reasons."""

    def __init__(self, servers, service: str):
        self.servers, self.service = servers, service
        self.positions = oracles.Positions(servers, service)
        self.stopped: list[str] = []

    def look(self) -> list[str]:
        stopped = {(topic, partition): reason for topic, partition, reason in query(
            self.servers, f"SELECT topic, partition, coalesce(reason, '') FROM {self.service}.source_position "
            "WHERE state <> 'run'")}
        self.stopped = [f"{self.service} {place} stopped: {reason}" for place, reason in stopped.items() if reason]
        stored = self.positions.stored()
        committed = self.positions.committed(stored)
        found = [f"{self.service} {place} stopped without saying why" for place, reason in stopped.items() if not reason]
        found += [f"{self.service} reads nothing of {topic}" for topic in READS[self.service]
                  if topic not in {place[0] for place in stored}]
        for place, (w, g) in stored.items():
            if place in stopped:
                continue
            _low, end = self.positions.consumer.get_watermark_offsets(TopicPartition(*place), timeout=ASK_S)
            if not w == g == end == committed.get(place, 0):
                found.append(f"{self.service} {place} stands still: W={w} K={committed.get(place)} G={g} end={end}")
        return found + self._unpublished()

    def _unpublished(self) -> list[str]:
        """Rows of running partitions that nobody has seen published."""
        return [f"{self.service} {topic}/{partition}: {rows} outbox rows from {first} on were never published"
                for topic, partition, rows, first in query(
                    self.servers, f"SELECT topic, partition, count(*), min(o.from_offset) FROM {self.service}.outbox o "
                    f"JOIN {self.service}.source_position p USING (service, cluster_id, topic, partition) "
                    "WHERE p.state = 'run' AND o.next_offset > p.published_next GROUP BY 1, 2")]

    def close(self) -> None:
        self.positions.close()


def held_back(servers) -> list[str]:
    """Partitions whose readers wait for a transaction that never ends: the last stable offset is behind the end."""
    consumers = {level: Consumer({"bootstrap.servers": servers.kafka.address, "group.id": "faults-stuck", "log_level": 0,
                                  "isolation.level": level}) for level in ("read_committed", "read_uncommitted")}
    ends: dict[str, dict[tuple[str, int], int]] = {level: {} for level in consumers}
    for level, consumer in consumers.items():
        described = consumer.list_topics(timeout=ASK_S).topics
        for topic in [*harness.topics.retention_days(), OFFSETS_TOPIC]:
            for partition in described[topic].partitions if topic in described else ():
                place = topic, partition
                ends[level][place] = consumer.get_watermark_offsets(TopicPartition(*place), timeout=ASK_S)[1]
        consumer.close()
    return [f"{topic}/{partition}: a transaction holds back everything from {stable} to {ends['read_uncommitted'][topic, partition]}"
            for (topic, partition), stable in ends["read_committed"].items()
            if stable < ends["read_uncommitted"][topic, partition]]


def unfired(servers, service: str, until: str | None) -> list[str]:
    """Timers that were due when time had been played to the end of the day `until`, and events that wait for nothing."""
    found = []
    if until:
        found = [f"{count} timers {kind} of {service} were due from {first} on, and have not fired" for kind, count, first in query(
            servers, f"SELECT kind, count(*), min(due_at) FROM {service}.timer WHERE fired_at IS NULL AND due_at <= %s GROUP BY 1",
            until)]
        found += [f"{count} events of {service} still wait, though what they wait for is there" for (count,) in query(
            servers, f"SELECT count(*) FROM {service}.waiting HAVING count(*) > 0")]
    return found


def look(servers, services: list[str], resting: list[Resting], until: str | None) -> list[str]:
    try:
        found = [one for service in resting for one in service.look()] + held_back(servers)
        return found + [one for service in services for one in unfired(servers, service, until)]
    except (psycopg2.Error, KafkaException) as error:
        return [f"a server did not answer: {error}"]


def check(servers, services: list[str], findings: Findings, until: str | None = None, patience_s: float = REST_S) -> None:
    """Waits until all is at rest. What stands still then is stuck; what has stopped with a reason was asked for by nobody
    here, so that what it did not do is lost."""
    resting = [Resting(servers, service) for service in services]
    deadline = time.monotonic() + patience_s
    while (found := look(servers, services, resting, until)) and time.monotonic() < deadline:
        time.sleep(0.5)
    findings.stuck += found
    findings.lost += [one for service in resting for one in service.stopped]
    for service in resting:
        service.close()
