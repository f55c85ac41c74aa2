"""Kerja's records for stock clients: Avro single-object encoding, produced and read with CloudEvents headers.

A value is C3 01, the CRC-64-AVRO fingerprint of the writer's schema (little-endian), and the Avro body.
Days are datetime.date, times datetime.datetime in UTC, money decimal.Decimal, as fastavro has them.
"""
import dataclasses
import io
import time
import uuid
from typing import Iterator

import fastavro
from confluent_kafka import Consumer, KafkaError, KafkaException, Producer
from fastavro.schema import fingerprint, to_parsing_canonical_form

from . import topics
from .process import PATIENCE_S

MARK = b"\xc3\x01"
HEADER_SIZE = 10


@dataclasses.dataclass
class Received:
    topic: str
    partition: int
    offset: int
    key: str | None
    headers: dict[str, str]
    value: bytes
    event: dict | None  # None where the value is not one of our events, as on dead.letter


class Events:
    """All schemas, by topic for writing and by fingerprint for reading."""

    def __init__(self):
        self._by_topic: dict[str, tuple[bytes, dict]] = {}
        self._by_fingerprint: dict[bytes, dict] = {}
        for schema in topics.schemas():
            parsed = fastavro.parse_schema(schema)
            mark = MARK + bytes.fromhex(fingerprint(to_parsing_canonical_form(schema), "CRC-64-AVRO"))
            self._by_fingerprint[mark] = parsed
            self._by_topic.update({topic: (mark, parsed) for topic in schema.get("topics", [])})

    def encode(self, topic: str, event: dict) -> bytes:
        mark, schema = self._by_topic[topic]
        body = io.BytesIO()
        fastavro.schemaless_writer(body, schema, event)
        return mark + body.getvalue()

    def decode(self, value: bytes | None) -> dict | None:
        """None for what is not one of our events, or not whole."""
        schema = self._by_fingerprint.get((value or b"")[:HEADER_SIZE])
        try:
            return fastavro.schemaless_reader(io.BytesIO(value[HEADER_SIZE:]), schema) if schema else None
        except EOFError:
            return None


class Sender:
    """Produces events, as an integrator or platform would. flush() before the answer is counted on."""

    def __init__(self, address: str, source: str = "/integrator/test", **settings):
        self.events, self.source = Events(), source
        self._failures: list[str] = []
        self._producer = Producer({"bootstrap.servers": address, "partitioner": "murmur2_random",
                                   "enable.idempotence": True, "linger.ms": 5, **settings})

    def send(self, topic: str, key: str, event: dict, event_id: str | None = None) -> str:
        """Returns the event's id, its own or a random one."""
        event_id = event_id or str(uuid.uuid4())
        headers = {"ce_id": event_id, "ce_source": self.source, "ce_specversion": "1.0",
                   "ce_type": f"org.kerja.{topic}.v1"}
        self.send_bytes(topic, key, self.events.encode(topic, event), headers)
        return event_id

    def send_bytes(self, topic: str, key: str | None, value: bytes | None, headers: dict | None = None) -> None:
        while True:
            try:
                self._producer.produce(topic, key=key, value=value, headers=headers or {}, on_delivery=self._delivered)
                break
            except BufferError:  # the local queue is full
                self._producer.poll(0.1)
        self._producer.poll(0)

    def flush(self, timeout_s: float = PATIENCE_S) -> None:
        left = self._producer.flush(timeout_s)
        if left or self._failures:
            raise KafkaException(f"{left} records not delivered in {timeout_s} s, failures: {self._failures[:3]}")

    def _delivered(self, error: KafkaError | None, _message) -> None:
        if error:
            self._failures.append(str(error))


def read(address: str, names: list[str], quiet_s: float = 2, timeout_s: float = PATIENCE_S,
         isolation: str = "read_committed") -> Iterator[Received]:
    """Every record of the topics from their beginning, until all partitions were read to their end and nothing
    came for `quiet_s`. Leaves no consumer group behind that commits anything."""
    events = Events()
    consumer = Consumer({"bootstrap.servers": address, "group.id": f"reader-{uuid.uuid4()}",
                         "auto.offset.reset": "earliest", "enable.auto.commit": False,
                         "enable.partition.eof": True, "isolation.level": isolation})
    assigned: set[tuple[str, int]] = set()
    ended: set[tuple[str, int]] = set()
    consumer.subscribe(names, on_assign=lambda _consumer, parts: assigned.update((p.topic, p.partition) for p in parts))
    deadline, last = time.monotonic() + timeout_s, time.monotonic()
    try:
        while time.monotonic() < deadline:
            message = consumer.poll(0.1)
            if message is None:
                if assigned and ended == assigned and time.monotonic() - last > quiet_s:
                    return
                continue
            if message.error():
                if message.error().code() != KafkaError._PARTITION_EOF:
                    raise KafkaException(message.error())
                if (place := (message.topic(), message.partition())) not in ended:
                    ended.add(place)
                    last = time.monotonic()  # joining took its time, and was no quiet
                continue
            last = time.monotonic()
            yield _received(events, message)
        raise TimeoutError(f"{names} were not read to their end in {timeout_s} s")
    finally:
        consumer.close()


def _received(events: Events, message) -> Received:
    text = lambda data: data.decode(errors="replace") if data is not None else None
    return Received(message.topic(), message.partition(), message.offset(), text(message.key()),
                    {name: text(value) for name, value in message.headers() or []},
                    message.value(), events.decode(message.value()))
