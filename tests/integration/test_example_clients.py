"""The foreign clients of examples/ as processes against a real Kafka: what they answer, that an aborted
transaction is never seen, that their groups show no lag, and that a kill doubles nothing.

The topics are shared with other tests, so each test counts its own ids only (by `prefix`).
"""
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

import pytest
from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition

from contract import hand_made
from harness import events
from harness.paths import ROOT
from harness.process import wait_until

EXAMPLES = ROOT / "examples"
PATIENCE_S = 60


@pytest.fixture
def clients(servers, tmp_path):
    """Starts clients that end with the test, each with a book and a summary in the test's folder."""
    begun: list[Client] = []

    def start(program: str, *words) -> "Client":
        begun.append(Client(servers.kafka.address, tmp_path, program, words))
        return begun[-1]

    yield start
    for client in begun:
        client.stop()


class Client:
    def __init__(self, kafka: str, folder: pathlib.Path, program: str, words):
        self.summary_path = folder / f"{program}.json"
        self.book = folder / f"{program}.db"
        self.log = folder / f"{program}.log"
        command = [sys.executable, EXAMPLES / f"{program}.py", "--kafka", kafka, "--book", self.book,
                   "--summary", self.summary_path, "--group", self.group(folder, program), *words]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([str(word) for word in command], stdout=log, stderr=log)

    @staticmethod
    def group(folder: pathlib.Path, program: str) -> str:
        return f"{folder.name}.{program}"

    def stop(self) -> dict:
        """Asks it to end; returns its summary."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(PATIENCE_S) in (0, -signal.SIGKILL), self.log.read_text()
        return json.loads(self.summary_path.read_text()) if self.summary_path.exists() else {}

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


class Worker:
    """Sends events as a worker does: in transactions, some of which are aborted."""

    def __init__(self, kafka: str, name: str):
        self.events = events.Events()
        self.producer = Producer({"bootstrap.servers": kafka, "transactional.id": name,
                                  "partitioner": "murmur2_random"})
        self.producer.init_transactions(PATIENCE_S)

    def send(self, topic: str, key: str, made: list[dict], commit: bool = True) -> None:
        self.producer.begin_transaction()
        for event in made:
            self.producer.produce(topic, self.events.encode(topic, event), str(event[key]))
        if commit:
            self.producer.commit_transaction(PATIENCE_S)
        else:
            self.producer.flush(PATIENCE_S)
            self.producer.abort_transaction(PATIENCE_S)


def lag(kafka: str, group: str, topics: list[str]) -> int | None:
    """Records and commit markers that the group has not passed; None while that cannot be told."""
    consumer = Consumer({"bootstrap.servers": kafka, "group.id": group})
    try:
        places = [TopicPartition(topic, number) for topic in topics
                  for number in consumer.list_topics(topic, timeout=10).topics[topic].partitions]
        behind = 0
        for place in consumer.committed(places, timeout=10):
            high = consumer.get_watermark_offsets(place, timeout=10)[1]
            if place.offset < 0:
                return None
            behind += high - place.offset
        return behind
    except KafkaException:  # the group's coordinator is still starting
        return None
    finally:
        consumer.close()


def answers(kafka: str, topic: str, wanted) -> list[events.Received]:
    return [record for record in events.read(kafka, [topic], quiet_s=0.5) if wanted(record.event)]


def wait_no_lag(servers, tmp_path, program: str, topics: list[str]) -> None:
    group = Client.group(tmp_path, program)
    assert wait_until(lambda: lag(servers.kafka.address, group, topics) == 0, PATIENCE_S, 0.2)


def test_the_gateway_pays_what_was_committed_and_nothing_else(servers, clients, tmp_path):
    kafka, prefix = servers.kafka.address, 0x7101
    worker = Worker(kafka, "test-gateway")
    worker.send("payout.requested", "award_id", [hand_made.payout_requested(n, prefix=prefix) for n in range(20)])
    worker.send("payout.requested", "award_id", [hand_made.payout_requested(99, prefix=prefix)], commit=False)
    clients("gateway")
    wait_no_lag(servers, tmp_path, "gateway", ["payout.requested", "payout.queried"])
    told = answers(kafka, "payout.settled", lambda event: event["instruction_id"].startswith(f"{prefix:04x}"))
    by_instruction: dict[str, list[str]] = {}
    for record in told:
        by_instruction.setdefault(record.event["instruction_id"], []).append(record.event["status"])
    assert len(by_instruction) == 20
    assert set(map(tuple, by_instruction.values())) == {("ACCEPTED", "PAID")}
    assert told[0].headers["ce_type"] == "org.kerja.payout.settled.v1"
    assert told[0].headers["ce_source"] == "/gateway/example"
    assert all(record.key == str(record.event["award_id"]) for record in told)


def test_a_killed_gateway_goes_on_and_pays_nothing_twice(servers, clients, tmp_path):
    kafka, prefix, wanted = servers.kafka.address, 0x7102, 3000
    worker = Worker(kafka, "test-kill")
    for begin in range(0, wanted, 500):
        worker.send("payout.requested", "award_id",
                    [hand_made.payout_requested(n, prefix=prefix) for n in range(begin, begin + 500)])
    for _ in range(3):
        gateway = clients("gateway")
        wait_until(lambda: os.path.exists(gateway.book) and os.path.getsize(gateway.book) > 0, PATIENCE_S)
        time.sleep(0.3)  # only moves the place of the kill; the test holds wherever it falls
        gateway.kill()
    gateway = clients("gateway")
    wait_no_lag(servers, tmp_path, "gateway", ["payout.requested", "payout.queried"])
    gateway.stop()
    told = answers(kafka, "payout.settled", lambda event: event["instruction_id"].startswith(f"{prefix:04x}"))
    paid = [record for record in told if record.event["status"] == "PAID"]
    assert len({record.event["instruction_id"] for record in paid}) == wanted
    # What was said again has the id of the first time, so a receiver knows it.
    assert len({record.headers["ce_id"] for record in told}) == 2 * wanted


def test_the_integrator_publishes_and_follows(servers, clients, tmp_path):
    kafka, prefix = servers.kafka.address, 0x7103
    people = tmp_path / "people.jsonl"
    people.write_text("".join(json.dumps(hand_made.registration(n, prefix)) + "\n" for n in range(50)))
    integrator = clients("integrator", people, "--repeats", "0.2", "--corrections", "0.1")
    mine = lambda event: event["application_id"].startswith(f"A-{prefix}-")
    assert wait_until(lambda: len(answers(kafka, "application.submitted", mine)) > 50, PATIENCE_S, 0.2)
    worker = Worker(kafka, "test-integrator")
    worker.send("application.decided", "award_id", [
        hand_made.application_decided(n, "AWARDED" if n % 2 else "REJECTED", prefix) for n in range(50)])
    wait_no_lag(servers, tmp_path, "integrator", ["application.decided"])
    summary = integrator.stop()
    assert summary["statuses"] == {"AWARDED": 25, "REJECTED": 25}
    published = answers(kafka, "application.submitted", mine)
    assert len({(record.event["application_id"], record.event["revision"]) for record in published}) \
        == 50 + summary["corrected"]
    assert len(published) == 50 + summary["corrected"] + summary["repeated"]


def test_the_platform_acts_for_its_own_users(servers, clients, tmp_path):
    kafka, prefix = servers.kafka.address, 0x7104
    people = tmp_path / "people.jsonl"
    people.write_text("".join(json.dumps(hand_made.registration(n, prefix)) + "\n" for n in range(30)))
    platform = clients("training_platform", "--people", people)
    worker = Worker(kafka, "test-platform")
    worker.send("application.decided", "award_id", [hand_made.application_decided(n, prefix=prefix) for n in range(40)])
    topics = ["application.decided", "enrolment.decided", "completion.decided", "payout.closed"]
    wait_no_lag(servers, tmp_path, "training_platform", topics)
    mine = lambda event: str(event["award_id"]).startswith(f"{prefix:04x}")
    bought = [record.event for record in answers(kafka, "course.enrolled", mine)]
    assert 20 < len(bought) <= 30
    worker.send("enrolment.decided", "award_id", [
        hand_made.enrolment_decided(event["award_id"], event["enrolment_id"], event["course_id"]) for event in bought])
    wait_no_lag(servers, tmp_path, "training_platform", topics)
    completed = [record.event for record in answers(kafka, "course.completed", mine)]
    worker.send("completion.decided", "award_id", [
        hand_made.completion_decided(event["award_id"], event["enrolment_id"], event["course_id"], "VERIFIED")
        for event in completed])
    worker.send("payout.closed", "award_id", [hand_made.payout_closed(event["award_id"]) for event in completed])
    wait_no_lag(servers, tmp_path, "training_platform", topics)
    summary = platform.stop()
    assert (summary["awards"], summary["bought"], summary["completed"]) == (30, len(bought), len(completed))
    kinds = {record.event["kind"] for record in answers(kafka, "milestone.reached", mine)}
    assert kinds == {"INTRO_WATCHED", "ACCOUNT_LINKED", "REVIEW_RATED", "SURVEY_OPENED", "SURVEY_ANSWERED"}


def test_the_notifier_answers_and_passes_by_what_nobody_can_read(servers, clients, tmp_path):
    kafka, prefix = servers.kafka.address, 0x7105
    worker = Worker(kafka, "test-notifier")
    made = [hand_made.notification_requested(n, "Selamat!", prefix) for n in range(10)]
    made.append(hand_made.notification_requested(10, "Klik https://prakerja.vip", prefix))
    worker.send("notification.requested", "award_id", made)
    garbage = Producer({"bootstrap.servers": kafka})
    garbage.produce("notification.requested", b"not an event", "x")
    garbage.flush(PATIENCE_S)
    notifier = clients("notifier", "--undelivered", "0", "--show", "1")
    wait_no_lag(servers, tmp_path, "notifier", ["notification.requested"])
    notifier.stop()
    mine = lambda event: str(event["award_id"]).startswith(f"{prefix:04x}")
    told = [record.event for record in answers(kafka, "notification.settled", mine)]
    assert sorted(event["status"] for event in told) == ["DELIVERED"] * 10 + ["FAILED"]
    log = notifier.log.read_text()
    assert "passed by notification.requested partition" in log and "+62812" in log and made[0]["to"] not in log


def test_the_reader_prints_committed_events_without_personal_members(servers):
    kafka, prefix = servers.kafka.address, 0x7106
    worker = Worker(kafka, "test-reader")
    worker.send("payout.requested", "award_id", [hand_made.payout_requested(1, prefix=prefix)])
    worker.send("payout.requested", "award_id", [hand_made.payout_requested(2, prefix=prefix)], commit=False)
    command = [sys.executable, EXAMPLES / "read_events.py", "payout.requested", "--kafka", kafka]
    printed = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=True).stdout
    mine = [line for line in map(json.loads, printed.splitlines()) if line["end_to_end_id"].startswith(f"{prefix:04x}")]
    assert [line["instruction_id"][-3:] for line in mine] == ["-01"]
    assert mine[0]["creditor_account"] == "(personal)" and mine[0]["amount"] == "600000.00"
