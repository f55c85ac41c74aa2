"""The foreign clients of examples/ as processes against a real Kafka: what they answer, that an aborted
transaction is never seen, that their groups show no lag, and that a kill doubles nothing.

The topics are shared with other tests, so each test counts its own ids only (by `prefix`). How the clients behave
and misbehave, and how the demo tells what ended a hold, is tried without Kafka, at the end.
"""
import argparse
import collections
import datetime
import decimal
import json
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time

import pytest
from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

from contract import hand_made
from harness import events
from harness.paths import ROOT
from harness.process import PATIENCE_S, wait_until

EXAMPLES = ROOT / "examples"

sys.path.append(str(EXAMPLES))
import accounts  # noqa: E402
import gateway as gateway_example  # noqa: E402
import kerja_client  # noqa: E402
import training_platform  # noqa: E402
from play import holds  # noqa: E402


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


def test_a_client_that_is_left_without_partitions_joins_anew(servers, tmp_path, monkeypatch):
    """As when its library falls out of the group: here another member, first in the group's order, has the only partition."""
    kafka, group = servers.kafka.address, tmp_path.name
    admin = AdminClient({"bootstrap.servers": kafka})
    admin.create_topics([NewTopic(group, 1, 1)])[group].result(PATIENCE_S)
    joined = []
    monkeypatch.setattr(kerja_client, "BEREFT_SECONDS", 1)
    monkeypatch.setattr(kerja_client, "Consumer", lambda settings: joined.append(Consumer(settings)) or joined[-1])
    client = kerja_client.Client("test/bereft", [group], kerja_client.common_arguments("").parse_args(
        ["--kafka", kafka, "--group", group]))
    rival = Consumer({"bootstrap.servers": kafka, "group.id": group, "client.id": "a"})
    seen = []  # whether each consumer had the partition, and lost it, in turn

    def follow():
        try:
            seen.append(wait_until(lambda: joined and joined[0].assignment(), PATIENCE_S))
            rival.subscribe([group])
            seen.append(wait_until(lambda: rival.poll(0.1) or len(joined) > 1, PATIENCE_S))
        finally:
            rival.close()
        seen.append(wait_until(lambda: joined[-1].assignment(), PATIENCE_S))
        client.stopping = True

    follower = threading.Thread(target=follow)
    follower.start()
    client.run(lambda event: None)
    follower.join()
    assert all(seen) and len(seen) == 3 and len(joined) == 2


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


# The gateway's manners, one at a time. Said at once, said when it is asked, and where the money is.


class Listener:
    """Stands for Kafka: keeps what a client says."""

    def __init__(self, tables: str):
        self.book = kerja_client.open_book(None, tables)
        self.counts = collections.Counter()
        self.said: list[tuple[str, dict, str]] = []

    def send(self, topic: str, event: dict, event_id: str, key=None) -> None:
        self.said.append((topic, event, event_id))

    def flush(self) -> None:
        pass

    def heard(self, topic: str) -> list[dict]:
        found = [event for said, event, _ in self.said if said == topic]
        self.said = [one for one in self.said if one[0] != topic]
        return found


def manners(**differences) -> argparse.Namespace:
    shares = dict.fromkeys(("refuse", "silent", "late", "twice", "returned", "lost", "contradict", "wrong_sum", "stray"), 0)
    return argparse.Namespace(seed=1, shuffle=False, currency=None, **{**shares, **differences})


TAKEN = ["ACCEPTED", "PAID"]


@pytest.mark.parametrize("manner, at_once, when_asked, again, state", [
    ({}, TAKEN, ["PAID"], TAKEN, "PAID"),
    ({"silent": 1}, [], ["PAID"], [], "PAID"),
    ({"late": 1}, ["ACCEPTED"], ["PAID"], ["ACCEPTED"], "PAID"),
    ({"twice": 1}, ["ACCEPTED", "ACCEPTED", "PAID", "PAID"], ["PAID", "PAID"], ["ACCEPTED", "ACCEPTED", "PAID", "PAID"], "PAID"),
    ({"refuse": 1}, ["ACCEPTED", "REJECTED"], ["REJECTED"], ["ACCEPTED", "REJECTED"], "REJECTED"),
    ({"returned": 1}, [*TAKEN, "RETURNED"], ["RETURNED"], [*TAKEN, "RETURNED"], "RETURNED"),
    ({"contradict": 1}, [*TAKEN, "REJECTED"], ["PAID"], [*TAKEN, "REJECTED"], "PAID"),
    ({"lost": 1}, [], ["NOT_FOUND"], TAKEN, "PAID"),
], ids=lambda value: "-".join(value) or "well" if isinstance(value, dict) else None)
def test_a_gateway_that_behaves(manner, at_once, when_asked, again, state):
    client = Listener(gateway_example.TABLES)
    gateway, request = gateway_example.Gateway(client, manners(**manner)), hand_made.payout_requested(1)
    statuses = lambda: [answer["status"] for answer in client.heard("payout.settled")]
    gateway.take(b"k", request)
    assert statuses() == at_once
    gateway.answer_query(b"k", hand_made.payout_queried(request))
    assert statuses() == when_asked
    gateway.take(b"k", request)
    assert statuses() == again
    assert [tuple(row) for row in client.book.execute("SELECT state, amount_hundredths FROM instruction")] == [(state, 60_000_000)]


def test_a_gateway_that_errs_in_the_sum_has_the_right_one_in_its_book():
    client = Listener(gateway_example.TABLES)
    gateway_example.Gateway(client, manners(wrong_sum=1)).take(b"k", hand_made.payout_requested(1))
    assert [answer["amount"] for answer in client.heard("payout.settled")] == [None, decimal.Decimal("600001.00")]
    assert client.book.execute("SELECT amount_hundredths FROM instruction").fetchone()[0] == 60_000_000


def test_a_gateways_word_on_a_strangers_payment_is_in_no_book():
    client = Listener(gateway_example.TABLES)
    request = hand_made.payout_requested(1)
    gateway_example.Gateway(client, manners(stray=1)).take(b"k", request)
    stray = client.heard("payout.settled")[-1]
    assert stray["status"] == "PAID" and stray["award_id"] is None
    assert len(stray["instruction_id"]) == 35 and stray["instruction_id"][:32] == stray["end_to_end_id"]
    assert client.book.execute("SELECT count(*) FROM instruction").fetchone()[0] == 1


def test_a_refusals_code_is_one_that_the_programme_knows():
    text = (ROOT / "programmes" / "kartu-prakerja.yaml").read_text()
    known = [line for line in text.splitlines() if "retry_codes:" in line or "hold_codes:" in line]
    assert len(known) == 2
    for code, _ in gateway_example.REFUSALS:
        assert any(code in line for line in known), code
        assert (code in accounts.PASSING_CODES) == any(code in line for line in known if "retry_codes" in line)


# The platform's people: who mends what failed, and who buys on the last day.


def people_of_one(withhold: float = 0, changed_phone: float = 0) -> tuple[Listener, training_platform.Platform, dict]:
    client = Listener(training_platform.TABLES)
    person = {"national_id": "9900000000000001", "msisdn": "+62800000000001", "name": "Somebody"}
    decided = hand_made.application_decided(1)
    arguments = argparse.Namespace(seed=1, withhold=withhold, changed_phone=changed_phone)
    platform = training_platform.Platform(client, arguments, {decided["application_id"]: person})
    platform.on_application(decided)
    return client, platform, decided


def failed(decided: dict, *reasons, sequence: int = 2, outcome: str = "HELD") -> dict:
    return {**hand_made.payout_closed(decided["award_id"], outcome=outcome), "reasons": list(reasons), "sequence": sequence,
            "occurred_at": datetime.datetime(2021, 10, 1, tzinfo=datetime.timezone.utc)}


def test_an_old_number_is_mended_with_another_account(monkeypatch):
    monkeypatch.setattr(training_platform, "RELINKS", 1)
    client, platform, decided = people_of_one(changed_phone=1)
    (first,) = client.heard("account.linked")
    platform.on_payout(failed(decided, "ACCT_PHONE_CHANGED"))
    platform.on_payout(failed(decided, "ACCT_PHONE_CHANGED"))  # as after a crash: the same is said again
    second, again = client.heard("account.linked")
    assert again == second and first["msisdn"] != second["msisdn"] == "+62800000000001"
    assert (first["revision"], second["revision"]) == (1, 2) and first["account_no"] != second["account_no"]
    assert second["linked_at"] > failed(decided)["occurred_at"]
    platform.on_payout(failed(decided, "AC04", "PROVIDER_REJECTED", sequence=5, outcome="RETURNED"))
    assert [linked["revision"] for linked in client.heard("account.linked")] == [3]


@pytest.mark.parametrize("reasons", [("AB05", "PROVIDER_REJECTED"), ("DECREE_MISSING",), ("EDU_ENROLLED",), ()])
def test_what_another_account_cannot_mend_is_left_alone(reasons, monkeypatch):
    monkeypatch.setattr(training_platform, "RELINKS", 1)
    client, platform, decided = people_of_one()
    client.heard("account.linked")
    platform.on_payout(failed(decided, *reasons))
    assert client.heard("account.linked") == []


def test_some_never_link_another_account(monkeypatch):
    monkeypatch.setattr(training_platform, "RELINKS", 0)
    client, platform, decided = people_of_one()
    client.heard("account.linked")
    platform.on_payout(failed(decided, "ACCT_PHONE_CHANGED"))
    assert client.heard("account.linked") == []


def test_a_payment_told_twice_opens_the_surveys_once():
    client, platform, decided = people_of_one()
    paid = hand_made.payout_closed(decided["award_id"])
    platform.on_payout(paid)
    opened = [event for event in client.heard("milestone.reached") if event["kind"] == "SURVEY_OPENED"]
    platform.on_payout({**paid, "paid_at": paid["paid_at"] + datetime.timedelta(days=9), "sequence": 4})
    again = [event for event in client.heard("milestone.reached") if event["kind"] == "SURVEY_OPENED"]
    assert len(opened) == 3 and again == opened


def test_who_waits_for_the_last_day_buys_when_the_platform_sells_again():
    client, platform, decided = people_of_one(withhold=1)
    assert client.heard("course.enrolled") == []
    platform.send_withheld()
    (bought,) = client.heard("course.enrolled")
    last_day = decided["notice_day"] + datetime.timedelta(days=29)
    assert bought["enrolled_at"].astimezone(kerja_client.JAKARTA).date() == last_day
    platform.send_withheld()
    assert client.heard("course.enrolled") == []


# What ended a hold, from the events alone.

AWARD, MAY = "0012-award", datetime.datetime(2021, 5, 1, tzinfo=datetime.timezone.utc)


def changed(day: int, change: str, by: str = "APPLICATION", reason: str = "EDU_ENROLLED") -> tuple[str, dict]:
    return "award.changed", {"award_id": AWARD, "change": change, "by": by, "reason": reason,
                             "occurred_at": MAY + datetime.timedelta(days=day), "sequence": day}


def closed(sequence: int, outcome: str, *reasons) -> tuple[str, dict]:
    return "payout.closed", {"award_id": AWARD, "entitlement_id": "0012-payment", "outcome": outcome,
                             "reasons": list(reasons), "sequence": sequence}


def resolved(subject: str, reason: str, outcome: str = "WAIVED") -> tuple[str, dict]:
    return "case.resolved", {"subject_id": subject, "reason": reason, "outcome": outcome}


def bought(sequence: int, status: str, *reasons) -> tuple[str, dict]:
    return "enrolment.decided", {"award_id": AWARD, "enrolment_id": "E-1", "status": status, "reasons": list(reasons),
                                 "sequence": sequence}


@pytest.mark.parametrize("name, told, ended", [
    ("gone from the next snapshot", [changed(1, "HELD"), changed(2, "RELEASED")], {("EDU_ENROLLED", "register"): 1}),
    ("waived", [changed(1, "HELD"), resolved(AWARD, "EDU_ENROLLED"), changed(2, "RELEASED")],
     {("EDU_ENROLLED", "officer"): 1}),
    ("upheld", [changed(1, "HELD"), resolved(AWARD, "EDU_ENROLLED", "UPHELD"), changed(2, "REVOKED")],
     {("EDU_ENROLLED", "officer"): 1}),
    ("the award's time was over", [changed(1, "HELD"), changed(2, "CLOSED", "COMPLETION")], {("EDU_ENROLLED", "time"): 1}),
    ("still held", [changed(1, "HELD")], {("EDU_ENROLLED", "open"): 1}),
    ("a payment waited for the award's hold, counted once", [changed(1, "HELD"), changed(2, "RELEASED"),
     closed(1, "HELD", "EDU_ENROLLED"), closed(2, "PAID")], {("EDU_ENROLLED", "register"): 1}),
    ("a purchase too", [changed(1, "HELD"), changed(2, "RELEASED"), bought(1, "HELD", "AWARD_HELD", "EDU_ENROLLED"),
     bought(2, "ACCEPTED")], {("EDU_ENROLLED", "register"): 1}),
    ("another account", [closed(1, "HELD", "AC01", "PROVIDER_REJECTED"), closed(2, "PAID")],
     {("PROVIDER_REJECTED AC01", "person"): 1}),
    ("the gateway's trouble passed", [closed(1, "HELD", "AB05", "PROVIDER_REJECTED"), closed(2, "PAID")],
     {("PROVIDER_REJECTED AB05", "time"): 1}),
    ("nobody linked another account", [closed(1, "HELD", "ACCT_PHONE_CHANGED"), closed(2, "CANCELLED", "BALANCE_RETURNED")],
     {("ACCT_PHONE_CHANGED", "time"): 1}),
    ("a contradiction, waived", [closed(1, "PAID", "RECONCILE_MISMATCH"), resolved("0012-payment", "RECONCILE_MISMATCH")],
     {("RECONCILE_MISMATCH", "officer"): 1}),
    ("a contradiction that nobody looked at", [closed(1, "PAID", "RECONCILE_MISMATCH")], {("RECONCILE_MISMATCH", "open"): 1}),
    ("a purchase that lacked a video", [bought(2, "ACCEPTED"), bought(1, "HELD", "INTRO_NOT_WATCHED")],
     {("INTRO_NOT_WATCHED", "person"): 1}),
], ids=lambda value: value if isinstance(value, str) else None)
def test_what_ended_a_hold(name, told, ended):
    events = collections.defaultdict(list)
    for topic, event in told:
        events[topic].append(event)
    assert holds.ended(events) == ended
