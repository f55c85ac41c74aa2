"""A recorder in the place of Kafka, for the tests of the foreign clients in examples/."""
import collections
import sys

from harness.paths import ROOT, SCHEMAS

sys.path.insert(0, str(ROOT / "examples"))

import kerja_client  # noqa: E402

SCHEMA_SET = kerja_client.Schemas(SCHEMAS)


class Recorder:
    """A Client without Kafka: it has a book, counts, and remembers what was sent."""

    def __init__(self, tables):
        self.schemas, self.counts, self.sent, self.stopping = SCHEMA_SET, collections.Counter(), [], False
        self.book = kerja_client.open_book(None, tables)
        self.progress = kerja_client.Progress("test")

    def send(self, topic, event, event_id, key=None):
        value = self.schemas.encode(topic, event)
        self.sent.append((topic, key or self.schemas.key(topic, event), event_id, value))

    def events(self, topic):
        return [SCHEMA_SET.decode(topic, value) for name, _key, _id, value in self.sent if name == topic]

    def flush(self):
        pass

    def report(self):
        pass


def given(topic, value):
    return kerja_client.Event(topic, SCHEMA_SET.key(topic, value).encode(), value)
