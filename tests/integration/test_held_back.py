"""The oracle of ./run faults sees a transaction that never ends, by what a real broker says of it."""
from confluent_kafka import KafkaException, Producer

from faults import stuck
from harness.process import PATIENCE_S, wait_until

TOPIC = "application.submitted"


def held_back(servers) -> list[str] | None:
    """Of what the test sent to; None when the broker took its time to answer."""
    try:
        return [one.split(":")[0] for one in stuck.held_back(servers) if one.startswith(f"{TOPIC}/3")]
    except KafkaException:
        return None


def test_an_open_transaction_is_held_back_until_it_ends(servers):
    producer = Producer({"bootstrap.servers": servers.kafka.address, "transactional.id": "held-back", "transaction.timeout.ms": 600_000,
                         "log_level": 0})
    producer.init_transactions(120)
    producer.begin_transaction()
    producer.produce(TOPIC, b"nobody ever commits this", partition=3)
    assert producer.flush(120) == 0
    assert wait_until(lambda: held_back(servers) == [f"{TOPIC}/3"], PATIENCE_S)
    producer.abort_transaction(120)
    # The broker answers when it has written down that it will; the markers come after.
    assert wait_until(lambda: held_back(servers) == [], PATIENCE_S)
