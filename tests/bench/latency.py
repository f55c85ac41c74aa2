"""From an input's sending to its output's arrival at a read_committed reader, at 1,000 events a second, without the
first seconds: starting is not what is measured.

What makes it, as timed inside a worker: 20 ms of linger, 5 to 10 ms for PostgreSQL, and then a Kafka transaction,
nearly all of which is waiting for its produce requests. librdkafka 2.0.2 sends one for each partition, some twenty a
transaction; the broker answers those of one connection one after the other, and for each it asks the coordinator
whether the partition belongs to the transaction (transaction.partition.verification.enable), because this client is
older than the protocol that says so. That is a chain of twenty times several threads: quick on idle cores, 100 to
350 ms where they are shared. A record also waits for the transaction before its own. Fewer partitions shorten it;
without that question it is about half, but the question keeps a late request out of the next transaction.
"""
import array
import threading
import time
import uuid

import harness
from confluent_kafka import Consumer, TopicPartition

from stage import Stage, say

RATE = 1000
WARM_S = 2    # the first transaction makes the producer and finds the coordinators
QUIET_S = 20  # the reader gives up when nothing came for so long
BODY = 10     # bytes of framing before the Avro body, whose first member is application_id


def latency_figures(stage: Stage, seconds: int) -> dict:
    say(f"{RATE} events a second for {seconds} s")
    stage.worker.start()
    reader = Reader(stage.servers.kafka.address, RATE * seconds)
    reader.start()
    first, file = stage.sent, stage.folder / "sent"
    stage.loaded(stage.load(RATE * seconds, RATE, file))
    reader.join()
    stage.worker.stop()
    sent = array.array("q", file.read_bytes())
    arrived = {number - first: at for number, at in reader.arrived.items() if number >= first}
    if len(arrived) < RATE * seconds:
        raise harness.Failed(f"only {len(arrived)} of {RATE * seconds} outputs arrived")
    times = sorted((at - sent[number]) / 1e6 for number, at in arrived.items() if number >= RATE * WARM_S)
    return {"latency_p50_ms": times[len(times) // 2], "latency_p99_ms": times[len(times) * 99 // 100]}


class Reader(threading.Thread):
    """Notes when the decision on each applicant came; ready once made."""

    def __init__(self, address: str, expected: int):
        super().__init__(daemon=True)
        self.expected, self.arrived = expected, {}
        self._consumer = Consumer({"bootstrap.servers": address, "group.id": f"bench-{uuid.uuid4()}",
                                   "enable.auto.commit": False, "isolation.level": "read_committed"})
        partitions = []
        for number in range(harness.topics.partitions()):
            partition = TopicPartition("application.decided", number)
            partition.offset = self._consumer.get_watermark_offsets(partition, timeout=10)[1]
            partitions.append(partition)
        self._consumer.assign(partitions)

    def run(self) -> None:
        last = time.monotonic()
        while len(self.arrived) < self.expected and time.monotonic() - last < QUIET_S:
            for message in self._consumer.consume(1000, timeout=0.002):
                if message.error():
                    continue
                last = time.monotonic()
                self.arrived[applicant(message.value())] = time.time_ns()
        self._consumer.close()


def applicant(value: bytes) -> int:
    """The number at the end of application_id, a text of fewer than 64 bytes: one byte holds twice its length."""
    size = value[BODY] // 2
    return int(value[BODY + 1:BODY + 1 + size].rpartition(b"-")[2])
