"""The oracle of ./run faults sees a transaction that never ends, by what a real broker says of it."""
from confluent_kafka import Producer

from faults import stuck

TOPIC = "application.submitted"


def test_an_open_transaction_is_held_back_until_it_ends(servers):
    producer = Producer({"bootstrap.servers": servers.kafka.address, "transactional.id": "held-back", "transaction.timeout.ms": 600_000,
                         "log_level": 0})
    producer.init_transactions(120)
    producer.begin_transaction()
    producer.produce(TOPIC, b"nobody ever commits this", partition=3)
    assert producer.flush(120) == 0
    assert [one.split(":")[0] for one in stuck.held_back(servers) if one.startswith(f"{TOPIC}/3")] == [f"{TOPIC}/3"]
    producer.abort_transaction(120)
    assert [one for one in stuck.held_back(servers) if one.startswith(f"{TOPIC}/3")] == []
