"""The topics of Kerja, as the schemas name them, and their creation on a broker."""
import json
import os

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient, NewTopic

from .paths import SCHEMAS
from .process import PATIENCE_S

DAY_MS = 24 * 60 * 60 * 1000
DEAD_LETTER = "dead.letter"  # holds the bytes of others, so it has no schema


def schemas() -> list[dict]:
    """Every event's schema; one that is not JSON is named in the error."""
    found = []
    for path in sorted(SCHEMAS.glob("*.avsc")):
        try:
            found.append(json.loads(path.read_text()))
        except json.JSONDecodeError as error:
            raise ValueError(f"{path}: not JSON: {error}") from None
    return found


def retention_days() -> dict[str, int]:
    """Topic to days: 14 where there is personal data, 30 elsewhere."""
    topics = {DEAD_LETTER: 14}
    for schema in schemas():
        days = 14 if _personal(schema) else 30
        topics.update({topic: days for topic in schema.get("topics", [])})
    return topics


def partitions() -> int:
    return int(os.environ.get("KERJA_PARTITIONS", "12"))


def create(address: str) -> list[str]:
    """Creates the topics that are missing; returns their names."""
    client = AdminClient({"bootstrap.servers": address, "log_level": 0})
    replication = min(3, len(client.list_topics(timeout=PATIENCE_S).brokers))
    settings = {"cleanup.policy": "delete", "message.timestamp.type": "LogAppendTime",
                "min.insync.replicas": "2" if replication == 3 else "1"}
    wanted = [NewTopic(topic, num_partitions=partitions(), replication_factor=replication,
                       config={**settings, "retention.ms": str(days * DAY_MS)})
              for topic, days in retention_days().items()]
    created = []
    for topic, answer in client.create_topics(wanted, operation_timeout=PATIENCE_S).items():
        try:
            answer.result()
            created.append(topic)
        except KafkaException as error:
            if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
                raise
    return created


def _personal(schema) -> bool:
    if isinstance(schema, dict):
        return schema.get("personal") is True or any(map(_personal, schema.values()))
    return isinstance(schema, list) and any(map(_personal, schema))
