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
LAST_S = 5    # so long after the last record it has read to the end
BODY = 10     # bytes of framing before the Avro body, whose first member is application_id


def latency_figures(stage: Stage, seconds: int) -> dict:
    say(f"{RATE} events a second for {seconds} s")
    stage.worker.start()
    reader = Reader(stage.servers.kafka.address, RATE * seconds)
    reader.start()
    first, file = stage.sent, stage.folder / "sent"
    stage.loaded(stage.load(RATE * seconds, RATE, file))
    reader.join()
    metrics = stage.worker.metrics()
    stage.worker.stop()
    sent = array.array("q", file.read_bytes())
    times = waits(reader, sent, first, RATE * WARM_S)
    return {"latency_p50_ms": percentile(times, 50), "latency_p99_ms": percentile(times, 99),
            "latency_batch_records": metrics["kerja_records_total"] / max(1, metrics["kerja_batches_total"])}


def waits(reader: "Reader", sent: array.array, first: int, skip: int) -> list[float]:
    """Milliseconds from sending to arrival, ascending, without the first `skip` applicants."""
    arrived = {number - first: at for number, at in reader.arrived.items() if number >= first}
    if len(arrived) < len(sent):
        raise harness.Failed(f"only {len(arrived)} of {len(sent)} outputs arrived")
    return sorted((at - sent[number]) / 1e6 for number, at in arrived.items() if number >= skip)


def percentile(ascending: list[float], percent: int) -> float:
    return ascending[len(ascending) * percent // 100]


class Reader(threading.Thread):
    """Notes when the decision on each applicant came, and how many decisions in all; ready once made. It ends when
    `expected` applicants are answered, or, where that is None, when it is told that no more will come."""

    def __init__(self, address: str, expected: int | None):
        super().__init__(daemon=True)
        self.expected, self.arrived, self.decisions = expected, {}, 0
        self._no_more = threading.Event()
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
        while not self._enough(time.monotonic() - last):
            for message in self._consumer.consume(1000, timeout=0.002):
                if message.error():
                    continue
                last = time.monotonic()
                self.decisions += 1
                self.arrived[applicant(message.value())] = time.time_ns()
        self._consumer.close()

    def _enough(self, quiet_s: float) -> bool:
        if self.expected is None:
            return self._no_more.is_set() and quiet_s > LAST_S
        return len(self.arrived) >= self.expected or quiet_s > QUIET_S

    def finish(self) -> None:
        """All outputs are committed: reads them to the end, and what should not be there too."""
        self._no_more.set()
        self.join()


def applicant(value: bytes) -> int:
    """The number at the end of application_id, a text of fewer than 64 bytes: one byte holds twice its length."""
    size = value[BODY] // 2
    return int(value[BODY + 1:BODY + 1 + size].rpartition(b"-")[2])
