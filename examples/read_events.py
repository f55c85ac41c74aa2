"""read_events - prints the events of a topic as JSON, one a line; reads only, commits nothing.

    python3 examples/read_events.py application.decided --last 5
    python3 examples/read_events.py payout.requested --follow
"""

import collections
import json
import sys
import uuid

import kerja_client
from confluent_kafka import Consumer, KafkaError, TopicPartition

PERSONAL = "(personal)"


def partitions_of(consumer, topic):
    described = consumer.list_topics(topic, timeout=10).topics[topic]
    if described.error is not None:
        raise SystemExit(f'cannot read "{topic}": {described.error.str()}')
    return [TopicPartition(topic, number, 0) for number in described.partitions]


def events(consumer, schemas, topic, follow):
    """Every committed event from the beginning on; without `follow`, to the end as it is now."""
    # Partitions are assigned, not subscribed to: a reader that only looks joins no group.
    places = partitions_of(consumer, topic)
    consumer.assign([TopicPartition(topic, p.partition, consumer.get_watermark_offsets(p)[0]) for p in places])
    open_ends = {place.partition for place in places}
    while open_ends or follow:
        message = consumer.poll(0.5)
        if message is None:
            continue
        if message.error() is None:
            yield message, schemas.decode(topic, message.value())
        elif message.error().code() == KafkaError._PARTITION_EOF:
            open_ends.discard(message.partition())


def as_text(value):
    return value.hex() if isinstance(value, bytes) else str(value)


def masked(schema, event):
    """Without the members that the schema calls personal, unless --personal asks for them."""
    personal = {field["name"] for field in schema["fields"] if field.get("personal")}
    return {name: PERSONAL if name in personal and value is not None else value for name, value in event.items()}


def main():
    parser = kerja_client.common_arguments(__doc__.partition("\n")[0])
    parser.add_argument("topic")
    parser.add_argument("--last", type=int, help="only the last N")
    parser.add_argument("--follow", action="store_true", help="go on with what comes")
    parser.add_argument("--personal", action="store_true", help="show personal members too")
    arguments = parser.parse_args()
    schemas = kerja_client.Schemas(arguments.schemas)
    if arguments.topic not in schemas.by_topic:
        parser.error(f'no schema names the topic "{arguments.topic}"')
    settings = kerja_client.consumer_settings(arguments.kafka, f"read-events-{uuid.uuid4()}")
    consumer = Consumer(settings | kerja_client.read_properties(arguments.kafka_security))
    kept = collections.deque(maxlen=arguments.last)
    try:
        for message, event in events(consumer, schemas, arguments.topic, arguments.follow):
            shown = event if arguments.personal else masked(schemas.by_topic[arguments.topic], event)
            line = json.dumps({"at": f"{message.partition()}/{message.offset()}", **shown}, default=as_text)
            if arguments.last and not arguments.follow:
                kept.append(line)
            else:
                print(line, flush=True)
    except (KeyboardInterrupt, BrokenPipeError):
        pass
    for line in kept:
        print(line)
    consumer.close()


if __name__ == "__main__":
    sys.exit(main())
