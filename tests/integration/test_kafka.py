"""consume/ and publish/ on a Kafka of their own, because the cases stop its process (integration_kafka, C)."""
import os
import subprocess

import pytest

from harness.kafka import Kafka
from harness.paths import BUILD

PROGRAM = BUILD / "tests" / "integration" / "kafka" / "integration_kafka"
TIMEOUT_S = 1200


@pytest.fixture
def kafka(tmp_path):
    server = Kafka(tmp_path, detached=False, state={})
    server.start()
    yield server
    server.kill()


def test_consume_and_publish_keep_their_promises_on_a_real_broker(kafka):
    environment = {**os.environ, "KERJA_KAFKA": kafka.address, "KERJA_KAFKA_PID": str(kafka.process.pid)}
    try:
        done = subprocess.run([PROGRAM], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              errors="replace", timeout=TIMEOUT_S)
    finally:
        kafka.resume()
    assert done.returncode == 0, done.stdout
