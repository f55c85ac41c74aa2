"""What became of each record that a service reads: none may be without a trace, none may have two.

The records are read from Kafka here, no worker is asked for them. A record that was taken up stands in the decision
segments that PostgreSQL keeps, is a dead letter that names its place, or waits in a row. What has none of these must be a
repeat of a record that has, or one that says nothing to the service. And what was decided must have been told.
"""
import collections
import datetime
import struct
from typing import Iterator

import harness
from faults.findings import Findings, query
from faults.outputs import READS, Outputs, place_of

Place = tuple[str, int, int]

DECIDED, WAITED = 0, 2  # enum decision_kind (common/worker/service.h)
# How an explanation begins (common/worker/explanation.h): length, offset, occurred_at, subject, kind, size of the topic.
HEAD = struct.Struct("<Iqq16sBB")
LENGTH_SIZE = 4
READ_S = 60  # all segments at once
ENDS = ("REVOKED", "CLOSED")
OPENS_SURVEYS = "job_search_incentive", 1  # the only payment that completion acts on
# The first answer to what the platform says; each of its records is decided to be told.
ANSWERS = {"course.enrolled": "enrolment.decided", "course.completed": "completion.decided"}


def explained(topic: str, partition: int, segment: bytes) -> Iterator[tuple[Place, int]]:
    """Place and kind of each decision of a segment; a waiting event names its own topic and partition."""
    at = 0
    while at < len(segment):
        length, offset, _occurred_at, _subject, kind, size = HEAD.unpack_from(segment, at)
        own = segment[at + HEAD.size:at + HEAD.size + size].decode()
        [number] = struct.unpack_from("<i", segment, at + HEAD.size + size)
        yield (own or topic, number if own else partition, offset), kind
        at += LENGTH_SIZE + length


def saying(one: harness.Received) -> tuple:
    """What two records have in common that say the same: a gateway answers a question with what it said before, a platform
    and an officer may link the same revision of an account, and an award that ends a second time is told anew."""
    event = one.event
    if event is None:
        return same(one)
    if one.topic == "payout.settled":
        return one.topic, event["instruction_id"], event["status"]
    if one.topic == "account.linked":
        return one.topic, event["payee_kind"], event["payee_ref"], event["revision"]
    if one.topic == "incentive.stopped":
        return one.topic, event["award_id"], event["item"], event["effect"]
    if one.topic == "incentive.approved":
        return one.topic, *sorted(str(part["entitlement_id"]) for part in event["instalments"])
    return same(one)


def same(one: harness.Received) -> tuple:
    named = one.headers.get("ce_source"), one.headers.get("ce_id")
    return (one.topic, *named) if named[1] else place_of(one)


def thread_of(one: harness.Received) -> tuple:
    """Records that are numbered together."""
    return one.topic, one.key, *((one.event or {}).get(name) for name in ("by", "enrolment_id"))


def number_of(one: harness.Received) -> int:
    event = one.event or {}
    return event.get("sequence") or event.get("revision") or 0


class Traces:
    """Of one service."""

    def __init__(self, servers, service: str, outputs: Outputs):
        self.service = service
        self.records = [one for one in outputs.all if one.topic in READS[service]]
        self.decided: collections.Counter[Place] = collections.Counter()
        self.waited: set[Place] = set()
        for topic, partition, segment in query(
                servers, f"SELECT topic, partition, segment FROM {service}.decision_segment", timeout_s=READ_S):
            for place, kind in explained(topic, partition, bytes(segment)):
                if kind == DECIDED:
                    self.decided[place] += 1
                elif kind == WAITED:
                    self.waited.add(place)
        self.letters = {key[1:] for key in outputs.letters if key[0] == service}
        self.waiting = {tuple(row) for row in query(
            servers, f"SELECT topic, partition, record_offset FROM {service}.waiting")}
        self.told = {(place[:3], outputs.said[output][0].topic) for output, place in outputs.cause_of.items()
                     if output[0] == service}
        self._groups: dict[tuple, list[harness.Received]] = collections.defaultdict(list)
        self._numbers: dict[tuple, list[tuple[int, Place]]] = collections.defaultdict(list)  # that were decided, by thread
        self._reinstated: dict[str, datetime.datetime] = {}  # the last time, by award
        self._settled: dict[str, list[Place]] = collections.defaultdict(list)  # by instruction
        for one in self.records:
            self._groups[saying(one)].append(one)
            if one.event is None:
                continue
            if one.topic == "payout.settled":
                self._settled[one.event["instruction_id"]].append(place_of(one))
            if self.decided[place_of(one)]:
                self._numbers[thread_of(one)].append((number_of(one), place_of(one)))
            if one.topic == "award.changed" and (one.event["change"], one.event["by"]) == ("REINSTATED", "APPLICATION"):
                at = one.event["occurred_at"]
                self._reinstated[one.key] = max(at, self._reinstated.get(one.key, at))

    def of(self, place: Place) -> int:
        return self.decided[place] + (place in self.letters) + (place in self.waiting)

    def silent(self, one: harness.Received) -> bool:
        """What the service may read without a decision: it says nothing to it."""
        event = one.event
        if event is None:
            return False
        if one.topic.startswith("timer."):
            return True  # only that it is time to look
        if one.topic == "application.decided":
            return event["status"] != "AWARDED"
        if one.topic == "award.changed":
            # Its own word come back; a wish that application decides; an end that a reinstatement has outlived.
            asked = (event["change"], event["by"]) == ("REINSTATED", "OFFICER") and self.service != "application"
            return event["by"] == self.service.upper() or asked or (event["change"] in ENDS and self._outlived(one))
        if one.topic == "incentive.stopped":
            return self._outlived(one)
        if one.topic == "payout.closed":
            return (event["item"], event["instalment"]) != OPENS_SURVEYS
        # That an instruction was taken in is told once more when something else was heard of it.
        return one.topic == "payout.settled" and event["status"] == "ACCEPTED" and any(
            self.decided[place] for place in self._settled[event["instruction_id"]] if place < place_of(one))

    def _old_news(self, one: harness.Received) -> bool:
        """What came of two causes may be told in another order than it was numbered: a newer word was read before this one,
        or while it waited."""
        return any(number > number_of(one) and (place < place_of(one) or place_of(one) in self.waited)
                   for number, place in self._numbers[thread_of(one)])

    def _outlived(self, one: harness.Received) -> bool:
        return one.key in self._reinstated and one.event["occurred_at"] <= self._reinstated[one.key]

    def check(self, findings: Findings) -> str:
        counts: collections.Counter[str] = collections.Counter()
        for one in self.records:
            counts[self._look(one, findings)] += 1
        for places in self._repeats():
            if sum(self.decided[place] for place in places) > 1:
                findings.twice.append(f"{self.service} decided one record twice, at {' and '.join(map(str, places))}")
        known = {place_of(one) for one in self.records}
        findings.twice += [f"{self.service} decided {place}, where nothing stands"
                           for place in self.decided if place not in known]
        if not counts["decided"]:
            findings.lost.append(f"{self.service} has decided nothing")
        told = ", ".join(f"{counts[name]} {name}" for name in ("decided", "refused", "waiting", "repeated", "silent"))
        return f"{self.service} read {len(self.records)} records: {told}"

    def _repeats(self) -> Iterator[list[Place]]:
        """Places of records that were sent more than once. A timer may fire twice, and is looked at twice."""
        groups: dict[tuple, list[Place]] = collections.defaultdict(list)
        for one in self.records:
            if not one.topic.startswith("timer."):
                groups[same(one)].append(place_of(one))
        return (places for places in groups.values() if len(places) > 1)

    def _look(self, one: harness.Received, findings: Findings) -> str:
        """What became of it."""
        place = place_of(one)
        traces = self.of(place)
        if traces > 1:
            findings.twice.append(f"{self.service} has {traces} traces of {place}")
        if self.decided[place]:
            if one.topic in ANSWERS and (place, ANSWERS[one.topic]) not in self.told:
                findings.lost.append(f"{self.service} decided {place} and told no {ANSWERS[one.topic]}")
            return "decided"
        if traces:
            return "refused" if place in self.letters else "waiting"
        if any(self.of(place_of(other)) for other in self._groups[saying(one)]) or self._old_news(one):
            return "repeated"
        if not self.silent(one):
            findings.lost.append(f"{self.service} has no trace of {place}")
        return "silent"


def message_due(one: harness.Received) -> tuple[str, ...]:
    """Kinds of the message that stands beside what is told, one of them: the participant hears what became of it."""
    event = one.event
    if one.topic == "application.decided":
        return {"HELD": ("held",), "REJECTED": ("refused",), "AWARDED": ("selected",), "NOT_DRAWN": ("not_selected",)}.get(
            event["status"], ())
    if one.topic == "award.changed" and (event["change"], event["by"]) == ("REVOKED", "COMPLETION"):
        return ("revoked",)
    if one.topic == "completion.decided" and event["status"] == "VERIFIED":
        return ("completed",)
    if one.topic == "payout.closed" and event["item"] != "training":
        return {"PAID": ("payout_sent",), "HELD": ("held", "payout_failed"), "RETURNED": ("payout_failed",)}.get(
            event["outcome"], ())
    return ()


def check_messages(outputs: Outputs, findings: Findings) -> str:
    """Nothing numbers messages: each must stand beside the output that it tells of, from the same cause."""
    sent, due = collections.Counter(), collections.Counter()
    for output, [one, *_again] in outputs.said.items():
        cause = (output[0], *outputs.cause_of.get(output, ("nothing", 0, 0))[:3])
        if one.topic == "notification.requested":
            sent[cause, str(one.event["award_id"]), one.event["kind"]] += 1
        elif kinds := message_due(one):
            due[cause, str(one.event["award_id"]), kinds] += 1
    for (cause, award_id, kinds), count in due.items():
        found = sum(sent[cause, award_id, kind] for kind in kinds)
        if found < count:
            findings.lost.append(f"messages {' or '.join(kinds)} of {award_id} for {cause}: {found}, should be {count}")
    return f"{sum(due.values())} of {sum(sent.values())} messages are of what was told beside them"


def check(servers, outputs: Outputs, findings: Findings) -> list[str]:
    """Sentences that say what was looked at."""
    told = [Traces(servers, service, outputs).check(findings) for service in outputs.services]
    return told + [check_messages(outputs, findings)]
