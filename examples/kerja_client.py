"""kerja_client - what every client of Kerja's topics needs, and nothing about any programme.

A client knows two things: the Avro schemas in schemas/ and Kafka. It reads events, does its own
work (its *effects*), answers with events, and only then commits its offsets. A crash anywhere in
between makes it do the last batch again; ids made from the cause, never from a clock or a
counter, make that harmless.

    schemas = Schemas()                    # schemas/*.avsc and every older version
    client = Client("gateway/mybank", ["payout.requested"], arguments)
    client.run(handle)                     # handle(event) calls client.send(topic, answer, id)

Times are aware datetimes, days are dates, money is decimal.Decimal, ids are uuid.UUID.
"""

import argparse
import calendar
import collections
import glob
import hashlib
import io
import itertools
import json
import os
import random
import signal
import sqlite3
import sys
import time
from datetime import date, datetime, timedelta, timezone

import fastavro
from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition
from fastavro.schema import fingerprint, to_parsing_canonical_form

SCHEMA_FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "schemas")
SINGLE_OBJECT = b"\xc3\x01"  # Avro 1.11, "Single-object encoding"
FINGERPRINT_BYTES = 8
BATCH_RECORDS = 1000
POLL_SECONDS = 0.2
PROGRESS_SECONDS = 2.0
FLUSH_SECONDS = 60
BEREFT_SECONDS = 60  # that long without partitions, after it had some, and a consumer is made anew
JSON_LINES_AT_ONCE = 1000
ONLY_ERRORS = 3  # of syslog's levels: what the library mends by itself is not told

# Commits that fail so cost nothing: another member has the partitions and repeats our batch, or the
# broker is not ready and the next round commits further.
HARMLESS_COMMIT_FAILURES = {
    KafkaError.ILLEGAL_GENERATION,
    KafkaError.UNKNOWN_MEMBER_ID,
    KafkaError.REBALANCE_IN_PROGRESS,
    KafkaError._NO_OFFSET,
    KafkaError.NOT_COORDINATOR,
    KafkaError.COORDINATOR_NOT_AVAILABLE,
    KafkaError.COORDINATOR_LOAD_IN_PROGRESS,
    KafkaError.REQUEST_TIMED_OUT,
    KafkaError._WAIT_COORD,
    KafkaError._TIMED_OUT,
    KafkaError._TRANSPORT,
}


class Unreadable(Exception):
    """A value that is not an event: garbage, or written with a schema that we do not have."""


class Schemas:
    """Every schema by topic (to write and to resolve to) and by fingerprint (to read)."""

    def __init__(self, folder=None):
        folder = folder or SCHEMA_FOLDER
        self.by_topic = {}
        self.keys = {}
        self.fingerprints = {}
        self.writers = {}
        for path in sorted(glob.glob(os.path.join(folder, "*.avsc"))):
            self._add_current(path)
        for path in sorted(glob.glob(os.path.join(folder, "history", "**", "*.avsc"), recursive=True)):
            self._add_writer(load_json(path))
        if not self.by_topic:
            raise SystemExit(f'cannot find a schema in "{folder}"; say where they are with --schemas')

    def _add_current(self, path):
        raw = load_json(path)
        mark, schema = self._add_writer(raw)
        for topic in raw.get("topics", []):
            self.by_topic[topic] = schema
            self.keys[topic] = raw["key"]
            self.fingerprints[topic] = mark

    def _add_writer(self, raw):
        # fastavro gives the fingerprint as hex digits in the order of the wire: little-endian.
        mark = bytes.fromhex(fingerprint(to_parsing_canonical_form(raw), "CRC-64-AVRO"))
        # A dictionary of names for each version, or two versions of a record would meet in one.
        schema = fastavro.parse_schema(raw, named_schemas={})
        self.writers.setdefault(mark, schema)
        return mark, schema

    def encode(self, topic, event):
        """The value of a Kafka record: marker, fingerprint of the schema, Avro body."""
        body = io.BytesIO()
        body.write(SINGLE_OBJECT + self.fingerprints[topic])
        # strict: a misspelt member is an error here, not a silent default at the reader.
        fastavro.schemaless_writer(body, self.by_topic[topic], event, strict_allow_default=True)
        return body.getvalue()

    def decode(self, topic, value):
        """The event as a dictionary in the newest schema's terms, whoever wrote it."""
        head = len(SINGLE_OBJECT) + FINGERPRINT_BYTES
        if value is None or len(value) < head or value[:2] != SINGLE_OBJECT:
            raise Unreadable("not in single-object encoding")
        writer = self.writers.get(value[2:head])
        if writer is None:
            raise Unreadable(f"unknown schema {value[2:head].hex()}")
        try:
            return fastavro.schemaless_reader(io.BytesIO(value[head:]), writer, self.by_topic[topic])
        except Exception as error:  # a truncated body fails in many ways, all of which mean this
            raise Unreadable(f"body does not fit its schema ({type(error).__name__})") from error

    def key(self, topic, event):
        return str(event[self.keys[topic]])

    def read_json_lines(self, topic, path):
        """Events of a file of Avro's JSON encoding, one a line, a few at a time in memory."""
        with open(path, encoding="utf-8") as lines:
            while chunk := list(itertools.islice(lines, JSON_LINES_AT_ONCE)):
                yield from fastavro.json_reader(io.StringIO("".join(chunk)), self.by_topic[topic])


def load_json(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def load_json_lines(path):
    """The lines as JSON has them, for who needs two or three plain members of many records."""
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def plain(value):
    """An optional member of Avro's JSON encoding: null, or {"type": value}."""
    return next(iter(value.values())) if isinstance(value, dict) else value


class Client:
    """One consumer group, one producer, one book of its own, one loop.

    `name` is the CloudEvents source without its slash ("gateway/mybank") and, with a hyphen, the
    default consumer group. `tables` are the book's CREATE statements; the book is an SQLite file and
    stands for whatever database the client's owner has.
    """

    def __init__(self, name, topics, arguments, tables=""):
        self.source = "/" + name
        self.topics = topics
        self.group = arguments.group or name.replace("/", "-")
        self.schemas = Schemas(arguments.schemas)
        self.counts = collections.Counter()
        self.summary = lambda: dict(self.counts)  # what --summary writes; clients put their own here
        self.final = None  # the summary when the client has ended
        self.stopping = False
        self.until_idle_s = arguments.until_idle
        self.summary_path = arguments.summary
        self.book = open_book(arguments.book, tables)
        self.progress = Progress(name)
        self.undelivered = None  # first reason why an answer did not reach Kafka
        self.positions = {}  # (topic, partition) -> next offset, of which we have seen everything before
        self.committed = {}
        self.at_end = set()
        self.kafka, self.security = arguments.kafka, read_properties(arguments.kafka_security)
        self.producer = Producer(producer_settings(self.kafka) | self.security)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)

    def _stop(self, *_):
        self.stopping = True

    def send(self, topic, event, event_id, key=None):
        """Sends one event. `event_id` must be the same whenever the same thing is said again."""
        key = key if key is not None else self.schemas.key(topic, event)
        headers = cloud_event_headers(self.source, topic, event_id)
        value = self.schemas.encode(topic, event)
        while True:
            try:
                self.producer.produce(topic, value, key, headers=headers, on_delivery=self._delivered)
                break
            except BufferError:
                self.producer.poll(0.1)  # the queue is full: wait until Kafka took some
        self.producer.poll(0)
        self.counts[f"sent {topic}"] += 1

    def _delivered(self, error, _message):
        if error is not None and self.undelivered is None:
            self.undelivered = error.str()

    def flush(self):
        """Returns when Kafka has everything sent so far; ends the process when it has not."""
        left = self.producer.flush(FLUSH_SECONDS)
        if left or self.undelivered:
            # Nothing was committed since: the next start does the batch again.
            raise SystemExit(f"{self.source}: could not publish: {self.undelivered or f'{left} records not taken'}")

    def run(self, handle):
        """Calls handle(event) for each event, in the order of its partition, until SIGTERM.

        After each batch, in this order: the book commits, the answers are in Kafka, the offsets
        are committed. Any other order loses answers in a crash.
        """
        consumer = self._join()
        idle_since = time.monotonic()
        try:
            while not self.stopping:
                events = self._read(consumer)
                for event in events:
                    handle(event)
                self.book.commit()
                self.flush()
                self._commit(consumer)
                now = time.monotonic()
                if self._bereft(consumer, now):
                    consumer.close()
                    consumer = self._join()
                if events or not self._caught_up(consumer):
                    idle_since = now
                if self.until_idle_s is not None and now - idle_since >= self.until_idle_s:
                    self.stopping = True
                self.report()
        finally:
            consumer.close()
        self.close()

    def _join(self):
        self.assigned_at = None  # when it was last seen to have partitions
        consumer = Consumer(consumer_settings(self.kafka, self.group) | self.security)
        consumer.subscribe(self.topics, on_revoke=self._forget, on_lost=self._forget)
        return consumer

    def _bereft(self, consumer, now):
        """Others may have all partitions, and then joining again costs little; but librdkafka has been seen to fall
        out of its group when a lone broker started again, and to stay out of it though it was polled."""
        if consumer.assignment():
            self.assigned_at = now
        return self.assigned_at is not None and now - self.assigned_at >= BEREFT_SECONDS

    def _forget(self, _consumer, partitions):
        for partition in partitions:
            place = (partition.topic, partition.partition)
            self.positions.pop(place, None)
            self.committed.pop(place, None)
            self.at_end.discard(place)

    def _read(self, consumer):
        """The next events. A record that nobody can read is counted, named and passed by."""
        first = consumer.poll(POLL_SECONDS)
        messages = [] if first is None else [first] + consumer.consume(BATCH_RECORDS - 1, 0.005)
        events = []
        for message in messages:
            error = message.error()
            place = (message.topic(), message.partition())
            if error is None:
                self.at_end.discard(place)
                event = self._open(message)
                if event is not None:
                    events.append(event)
                self.positions[place] = message.offset() + 1
            elif error.code() == KafkaError._PARTITION_EOF:
                # The end is a position too: commit markers take offsets that no record has, and
                # without this the group would show a lag for ever.
                self.at_end.add(place)
                self.positions[place] = message.offset()
            elif error.fatal() or error.code() == KafkaError.UNKNOWN_TOPIC_OR_PART:
                raise SystemExit(f"{self.source}: cannot read: {error.str()}")
        return events

    def _open(self, message):
        try:
            value = self.schemas.decode(message.topic(), message.value())
        except Unreadable as reason:
            self.counts["unreadable"] += 1
            where = f"{message.topic()} partition {message.partition()} offset {message.offset()}"
            self.progress.say(f"passed by {where}: {reason}")
            return None
        self.counts[f"read {message.topic()}"] += 1
        return Event(message.topic(), message.key(), value)

    def _commit(self, consumer):
        moved = {p: o for p, o in self.positions.items() if self.committed.get(p) != o}
        if not moved:
            return
        try:
            # Waits for the broker's answer: one round trip a batch is the price of knowing.
            consumer.commit(
                offsets=[TopicPartition(t, p, o) for (t, p), o in moved.items()], asynchronous=False
            )
            self.committed.update(moved)
        except KafkaException as error:
            if error.args[0].code() not in HARMLESS_COMMIT_FAILURES:
                raise

    def _caught_up(self, consumer):
        assigned = consumer.assignment()
        return bool(assigned) and all((a.topic, a.partition) in self.at_end for a in assigned)

    def report(self, last=False):
        """One line of progress, at most every two seconds, and the summary file beside it."""
        if not (last or self.progress.due()):
            return
        read = sum(n for name, n in self.counts.items() if name.startswith("read "))
        sent = sum(n for name, n in self.counts.items() if name.startswith("sent "))
        self.progress.show(f"read {read:,} sent {sent:,}", last)
        if self.summary_path:
            partial = self.summary_path + ".part"
            with open(partial, "w", encoding="utf-8") as file:
                json.dump(self.summary(), file, indent=1)
            os.replace(partial, self.summary_path)  # a reader sees the old one or the new one

    def close(self):
        self.flush()
        self.report(last=True)
        self.final = self.summary()
        self.book.close()


Event = collections.namedtuple("Event", "topic key value")


class Progress:
    """One line that renews itself on a terminal; elsewhere a plain line when something changed."""

    def __init__(self, name):
        self.name = name
        self.terminal = sys.stdout.isatty()
        self.next_at = 0.0
        self.shown = None

    def due(self):
        return time.monotonic() >= self.next_at

    def show(self, text, last=False):
        self.next_at = time.monotonic() + PROGRESS_SECONDS
        if self.terminal:
            print(f"\r\x1b[K{self.name}: {text}", end="\n" if last else "", flush=True)
        elif text != self.shown:
            print(f"{self.name}: {text}", flush=True)
        self.shown = text

    def say(self, text):
        print(f"\r\x1b[K{self.name}: {text}" if self.terminal else f"{self.name}: {text}", flush=True)


def open_book(path, tables):
    if path:
        os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
    book = sqlite3.connect(path or ":memory:")
    book.row_factory = sqlite3.Row
    book.execute("PRAGMA journal_mode = WAL")
    book.executescript(tables)
    return book


def read_properties(path):
    """name=value a line, as KERJA_KAFKA_SECURITY_FILE has it; # begins a comment."""
    if path is None:
        return {}
    with open(path, encoding="utf-8") as file:
        lines = [line.strip() for line in file]
    return {name.strip(): value.strip() for name, _, value in (line.partition("=") for line in lines if line and line[0] != "#")}


def producer_settings(kafka):
    return {
        "bootstrap.servers": kafka,
        "enable.idempotence": True,  # no repeats and no gaps from retries of ours
        "partitioner": "murmur2_random",  # as Java's clients, so that one key has one partition
        "linger.ms": 5,
        "compression.type": "lz4",
        "log_level": ONLY_ERRORS,
    }


def consumer_settings(kafka, group):
    return {
        "bootstrap.servers": kafka,
        "group.id": group,
        "enable.auto.commit": False,  # offsets follow effects, never a timer
        "auto.offset.reset": "earliest",
        "isolation.level": "read_committed",  # nothing of an aborted transaction is ever shown
        "enable.partition.eof": True,
        "session.timeout.ms": 10_000,  # how long a killed client's partitions wait for their next owner
        "log_level": ONLY_ERRORS,
    }


def cloud_event_headers(source, topic, event_id):
    """CloudEvents 1.0, Kafka protocol binding, binary mode."""
    return [
        ("ce_specversion", b"1.0"),
        ("ce_id", event_id.encode()),
        ("ce_source", source.encode()),
        ("ce_type", f"org.kerja.{topic}.v1".encode()),
    ]


def common_arguments(description, **defaults):
    """The options that every example has. Values in `defaults` replace the usual ones."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    parser.add_argument("--kafka", default=os.environ.get("KERJA_KAFKA", "localhost:9092"), help="host:port list")
    parser.add_argument("--kafka-security", metavar="FILE",
                        help="librdkafka's security.*, ssl.* and sasl.*, name=value a line; none: plain text, nobody asks")
    parser.add_argument("--schemas", default=SCHEMA_FOLDER, help="folder of the Avro schemas")
    parser.add_argument("--group", help="consumer group; the client's name where none is given")
    parser.add_argument("--book", help="SQLite file of what this client did; none: in memory")
    parser.add_argument("--summary", help="JSON file, renewed while the client runs")
    parser.add_argument("--until-idle", type=float, metavar="S", help="end after S seconds without news")
    parser.set_defaults(**defaults)
    return parser


def chance(*names):
    """A number in [0, 1) that is always the same for the same names: the examples' only dice."""
    digest = hashlib.blake2b("\x1f".join(map(str, names)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


def whole(low, high, *names):
    """A whole number from low to high, both included, always the same for the same names."""
    return low + int(chance(*names) * (high - low + 1))


def digits(count, *names):
    return str(whole(0, 10**count - 1, *names)).zfill(count)


def shuffled(items, *names):
    items = list(items)
    random.Random("\x1f".join(map(str, names))).shuffle(items)
    return items


def local_time(day, zone, hour=0, minute=0, second=0):
    """An instant of a programme's local calendar day."""
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=zone)


def month_later(day, months):
    """The same day of the month so many months later; a day that the month lacks is its last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


# No daylight saving time in either.
JAKARTA = timezone(timedelta(hours=7), "Asia/Jakarta")
KUALA_LUMPUR = timezone(timedelta(hours=8), "Asia/Kuala_Lumpur")
