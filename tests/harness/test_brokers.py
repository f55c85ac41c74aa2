"""Three brokers that are one Kafka: what one of them acknowledged outlives it."""
import datetime

import pytest

import harness
from harness.kafka import Brokers


@pytest.fixture
def kafka(tmp_path):
    brokers = Brokers(tmp_path, False, {}, 3)
    try:
        for broker in brokers.each:
            broker.launch()
        for broker in brokers.each:
            broker.wait_ready()
        yield brokers
    finally:
        for broker in brokers.each:
            broker.kill()


def test_records_outlive_one_broker_of_three(kafka, monkeypatch):
    monkeypatch.setenv("KERJA_PARTITIONS", "3")
    harness.topics.create(kafka.address)
    sender = harness.Sender(kafka.address)
    sender.send("timer.application", "three", timer("all are there"))
    sender.flush()
    kafka.each[1].kill()
    sender.send("timer.application", "three", timer("one is down"))
    sender.flush()
    kafka.each[1].start()  # usable: its copies are up to date again
    kafka.each[0].kill()
    received = list(harness.read(kafka.address, ["timer.application"], quiet_s=0.5))
    assert [one.event["kind"] for one in received] == ["all are there", "one is down"]


def timer(kind):
    return {"timer_id": "5f0c3b52-5b1e-8a55-9d1e-0a2b3c4d5e6f", "subject_id": "s", "kind": kind,
            "due_at": datetime.datetime(2023, 5, 2, tzinfo=datetime.timezone.utc), "attempt": 1}
