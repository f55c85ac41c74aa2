"""What must hold whatever died: sampled while it happens, and checked in full when all is drained."""
import collections
import threading
import time

import psycopg2
from confluent_kafka import Consumer, KafkaException, TopicPartition

import harness
from faults import books, people, traces
from faults.findings import ASK_S, Findings, query
from faults.outputs import NUMBERED, Outputs, service_of
from harness.events import _received as received
from harness.process import wait_until

SAMPLE_S = 0.5
READ_S = 300
LOOK_S = 120  # how long a whole sample may take to come once all servers run

class Positions:
    """W, K and G of one service's source partitions."""

    def __init__(self, servers, service: str):
        self.servers, self.service = servers, service
        # Read uncommitted: what is committed now, whatever transactions are open.
        self.consumer = Consumer({"bootstrap.servers": servers.kafka.address, "group.id": service, "log_level": 0,
                                  "isolation.level": "read_uncommitted", "enable.auto.commit": False})

    def stored(self) -> dict[tuple[str, int], tuple[int, int]]:
        """(W, G) by partition."""
        rows = query(self.servers, "SELECT topic, partition, published_next, next_offset "
                     f"FROM {self.service}.source_position")
        return {(topic, partition): (w, g) for topic, partition, w, g in rows}

    def committed(self, places) -> dict[tuple[str, int], int]:
        answer = self.consumer.committed([TopicPartition(*place) for place in places], timeout=ASK_S)
        return {(one.topic, one.partition): one.offset for one in answer if one.offset >= 0}

    def sample(self) -> list[str]:
        """W, then K, then G: each only grows, so what is out of order then was so at some moment."""
        before = self.stored()
        committed = self.committed(before)
        after = self.stored()
        return [f"{self.service} {place}: W={before[place][0]} K={k} G={after[place][1]}"
                for place, k in committed.items() if not before[place][0] <= k <= after[place][1]]

    def behind(self) -> list[str]:
        """Empty when everything read is decided and published: K = G = the end of each log."""
        stored = self.stored()
        committed = self.committed(stored)
        found = [] if stored else [f"{self.service} has no positions"]
        for place, (w, g) in stored.items():
            _low, high = self.consumer.get_watermark_offsets(TopicPartition(*place), timeout=ASK_S)
            if not g == high == committed.get(place, 0):
                found.append(f"{self.service} {place}: W={w} K={committed.get(place)} G={g} end={high}")
        return found

    def close(self) -> None:
        self.consumer.close()


class Sampler:
    """Looks at positions, and at whether what is visible is decided, while everything around it dies. What cannot be
    asked of a server that is down counts as missed; require() holds it to a whole look when all of them run."""

    def __init__(self, servers, services: list[str], findings: Findings):
        self.servers, self.services, self.findings = servers, services, findings
        self.samples = self.missed = 0
        self.compared: set[tuple[str, str]] = set()  # rows whose number was compared with what is visible
        self._why = "none was begun"
        self._end = threading.Event()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run)
        self._numbered = [one for one in NUMBERED if one.service in services]
        self._follower = Consumer({"bootstrap.servers": servers.kafka.address, "group.id": "faults-follower",
                                   "auto.offset.reset": "earliest", "enable.auto.commit": False, "log_level": 0,
                                   "isolation.level": "read_committed"})
        self._follower.subscribe(sorted({topic for one in self._numbered for topic in one.topics}))
        self._events = harness.Events()
        self._newest: dict[int, dict[str, int]] = collections.defaultdict(dict)  # by place in _numbered, and key

    def __enter__(self):
        self._thread.start()
        return self

    def require(self, when: str) -> None:
        """A whole sample now, for all servers should answer: without one, nothing was looked at."""
        before = self.samples
        if not wait_until(lambda: self.samples > before or not self._thread.is_alive(), LOOK_S) or self.samples == before:
            self.findings.stuck.append(f"positions could not be sampled {when}: {self._why}")

    def told(self) -> str:
        return (f"positions were sampled {self.samples} times, {self.missed} times a server was down; the numbers of "
                f"{len(self.compared)} rows were compared on the way")

    def __exit__(self, *_reason):
        self._end.set()
        self._thread.join()
        self._follower.close()
        if not self.compared:
            self.findings.lost.append("nothing visible was compared with PostgreSQL while it was sampled")
        if self._failure:
            raise self._failure

    def _run(self) -> None:
        try:
            self._sample()
        except BaseException as failure:  # raised again where the sampling ends
            self._failure = failure

    def _sample(self) -> None:
        positions = [Positions(self.servers, service) for service in self.services]
        while not self._end.wait(SAMPLE_S):
            try:
                for one in positions:
                    self.findings.disordered += one.sample()
                self._visible_is_decided()
                self.samples += 1
            except (psycopg2.Error, KafkaException) as error:  # a server is down: the next sample will tell
                self.missed += 1
                self._why = str(error)
        for one in positions:
            one.close()

    def _visible_is_decided(self) -> None:
        failure = None
        for message in self._follower.consume(1000, 0.1):
            failure = message.error() or failure
            if not message.error():
                self._note(received(self._events, message))
        for number, newest in self._newest.items():
            numbered = self._numbered[number]
            stored = numbered.stored(self.servers, list(newest))
            for key, sequence in newest.items():
                self.compared.add((numbered.topics[0], key))
                if stored.get(key, 0) < sequence:
                    self.findings.lost.append(f"number {sequence} of {key} is visible in {numbered.topics[0]}, but PostgreSQL "
                                              f"has {stored.get(key)}")
        self._newest.clear()
        if failure:  # the sample was not whole
            raise KafkaException(failure)

    def _note(self, one: harness.Received) -> None:
        for number, numbered in enumerate(self._numbered):
            if service_of(one) == numbered.service and numbered.takes(one):
                newest, key = self._newest[number], str(one.event[numbered.key])
                newest[key] = max(newest.get(key, 0), one.event["sequence"])


def drained(servers, services: list[str], timeout_s: float) -> list[str]:
    """Waits until every lag is zero; what is still behind when time is over. One service is looked at after the other, and
    the last may have sent the first something meanwhile: nothing is owed when two looks in a row find no lag, and the same places."""
    positions = [Positions(servers, service) for service in services]
    left: list[str] = ["nothing was asked"]
    seen, before = None, None
    deadline = time.monotonic() + timeout_s
    while (left or seen is None or seen != before) and time.monotonic() < deadline:
        before = seen
        try:
            left = [one for position in positions for one in position.behind()]
            seen = None if left else [position.stored() for position in positions]
        except (psycopg2.Error, KafkaException) as error:
            left, seen = [f"a server did not answer: {error}"], None
        time.sleep(0.2 if left else 0)
    for position in positions:
        position.close()
    return left


def check(servers, services: list[str], records: list[people.Record], places: dict[int, tuple[str, int, int]],
          applicants: list[people.Applicant], findings: Findings,
          year_closed: bool = False) -> tuple[Outputs, list[str]]:
    """Every output once, in order, and the state that a fold of the inputs gives. The outputs, and what was looked at.
    `places` says where each record (by its id()) came to stand."""
    topics = list(harness.topics.retention_days())
    outputs = Outputs(list(harness.read(servers.kafka.address, topics, timeout_s=READ_S)), services)
    told = [outputs.check(servers, findings), *traces.check(servers, outputs, findings)]
    check_expected(outputs, records, places, findings)
    check_letters(outputs, records, places, findings)
    check_state(servers, applicants, findings, year_closed)
    books.check_awards(servers, services, applicants, findings)
    return outputs, told


def check_expected(outputs: Outputs, records: list[people.Record], places, findings: Findings) -> None:
    """What the reference says that a record must cause is there."""
    for record in records:
        for index, topic in enumerate(record.outputs if record.value is None else ()):
            output = "application", people.output_id("application", people.SOURCE, record.event_id, index)
            said = outputs.said.get(output)
            if not said or said[0].topic != topic:
                findings.lost.append(f"{topic} {output[1]}, caused by {places[id(record)]}, is not there")


def check_letters(outputs: Outputs, records: list[people.Record], places, findings: Findings) -> None:
    """Garbage is a dead letter, and nothing else is but what an officer's act explains."""
    expected = {("application", *places[id(record)]) for record in records if record.value is not None}
    findings.lost += [f"the dead letter of {place} is not there" for place in expected - outputs.letters.keys()]
    for place in outputs.letters.keys() - expected:
        reason = outputs.letters[place][0].headers.get("kerja_reason")
        if not refusable(outputs, place, reason):
            findings.lost.append(f"{place} was refused with {reason}, and nothing was wrong with it")


def refusable(outputs: Outputs, place: tuple, reason: str) -> bool:
    """A purchase accepted in the moment in which its award ends, and an award that an officer wants reinstated while
    others have its place on the family card, or its person is listed."""
    service, *at = place
    record = outputs.by_place.get(tuple(at))
    if record is None or record.event is None:
        return False
    award_id, told = record.event.get("award_id"), [one for one in outputs.all if one.event is not None]
    if (service, record.topic, reason) == ("incentive", "enrolment.decided", "AWARD_ENDED"):
        return any(one.topic == "award.changed" and one.event["award_id"] == award_id and one.event["change"] in traces.ENDS
                   for one in told)
    if service != "application" or record.topic != "award.changed" or (
            record.event["change"], record.event["by"]) != ("REINSTATED", "OFFICER"):
        return False
    persons = {one.event["person_id"] for one in told
               if one.topic == "application.decided" and one.event["award_id"] == award_id}
    return reason == "FAMILY_CARD_LIMIT" or (reason == "BLACKLISTED" and any(
        one.topic == "register.listed" and one.event["listed"] and one.event["person_id"] in persons for one in told))


def check_state(servers, applicants, findings, year_closed: bool = False) -> None:
    """Whoever is still held when the year is closed is refused; who waits for a draw waits on."""
    stored = dict(query(servers, "SELECT application_id, status FROM application.application"))
    for one in applicants:
        due = "REJECTED" if year_closed and one.status == "HELD" else one.status
        if stored.get(one.application_id) != due:
            findings.lost.append(f"application {one.application_id} is {stored.get(one.application_id)}, should be {due}")
    for application_id in stored.keys() - {one.application_id for one in applicants}:
        findings.twice.append(f"application {application_id} was never sent")
