"""What the workers said, held to what caused it: each output once, in order, and none missing.

An output's id is a function of service, cause and index alone. So the ids that every record may have caused can be
computed from the topics themselves, whoever wrote it: an integrator, a client, the clock or another worker.
"""
import collections
import dataclasses
import datetime

import harness
from faults import people
from faults.findings import Findings, query
from faults.ids import Ids

READS = {
    "application": ("application.submitted", "application.drawn", "register.listed", "award.changed", "commitment.released",
                    "case.resolved", "timer.application", "person.erased"),
    "completion": ("application.decided", "award.changed", "programme.published", "course.listed", "course.enrolled",
                   "course.completed", "milestone.reached", "notification.settled", "payout.closed", "case.resolved",
                   "timer.completion", "person.erased"),
    "incentive": ("application.decided", "award.changed", "programme.published", "enrolment.decided", "incentive.approved",
                  "incentive.stopped", "account.linked", "payout.settled", "case.resolved", "timer.incentive",
                  "person.erased"),
}
GAP = 3  # indices looked at beyond the last one seen: one that is missing before another is lost
DEAD = "dead.letter"
# How long an event waits before its key is looked at again (WAITING_LOOK_S).
WAITING_LOOK = datetime.timedelta(seconds=60)


@dataclasses.dataclass(frozen=True)
class Numbered:
    """Outputs that are numbered, and the row that has the last number. `key` is the member that names the row, `by`
    the writer where others write to the topic too."""
    service: str
    topics: tuple[str, ...]
    key: str
    rows: str  # (key, number)
    by: str | None = None

    def stored(self, servers, keys: list[str] | None = None) -> dict[str, int]:
        """Of those keys, or of all, the numbers of those that have one."""
        return dict(query(servers, f"SELECT * FROM ({self.rows}) r (key, number) WHERE number > 0 "
                          "AND (%s::text[] IS NULL OR key = ANY(%s))", keys, keys))

    def takes(self, one: harness.Received) -> bool:
        return one.topic in self.topics and (self.by is None or one.event["by"] == self.by)


COMPLETION = "SELECT award_id::text, {} FROM completion.award"
NUMBERED = (
    Numbered("application", ("application.decided",), "award_id",
             "SELECT award_id::text, max(sequence) FROM application.application GROUP BY 1"),
    Numbered("application", ("award.changed",), "award_id",
             "SELECT award_id::text, sequence FROM application.award", "APPLICATION"),
    Numbered("completion", ("award.changed",), "award_id", COMPLETION.format("change_sequence"), "COMPLETION"),
    Numbered("completion", ("enrolment.decided",), "award_id", COMPLETION.format("enrolment_sequence")),
    Numbered("completion", ("completion.decided",), "award_id", COMPLETION.format("completion_sequence")),
    Numbered("completion", ("incentive.approved", "incentive.stopped"), "award_id",
             COMPLETION.format("incentive_sequence")),
    Numbered("incentive", ("payout.closed",), "entitlement_id",
             "SELECT entitlement_id::text, sequence FROM incentive.entitlement"),
    Numbered("incentive", ("commitment.released",), "award_id",
             "SELECT award_id::text, released_sequence FROM incentive.award"),
)


def service_of(one: harness.Received) -> str | None:
    """The worker that said it; None for whatever came from outside."""
    source = one.headers.get("ce_source", "")
    return source.removeprefix("/kerja/") if source.startswith("/kerja/") and source[7:] in READS else None


def place_of(one: harness.Received) -> tuple[str, int, int]:
    return one.topic, one.partition, one.offset


class Outputs:
    """Everything in the topics, sorted into what was said, by whom, and what may have caused it."""

    def __init__(self, received: list[harness.Received], services: list[str]):
        self.services = services
        self.all = received
        self.by_place = {place_of(one): one for one in received}
        self.said: dict[tuple[str, str], list[harness.Received]] = collections.defaultdict(list)  # by service and id
        self.letters: dict[tuple, list[harness.Received]] = collections.defaultdict(list)
        for one in received:
            if one.topic == DEAD:
                cause = one.headers.get("kerja_topic"), int(one.headers["kerja_partition"]), int(one.headers["kerja_offset"])
                self.letters[one.headers.get("kerja_service"), *cause].append(one)
            elif service_of(one):
                self.said[service_of(one), one.headers["ce_id"]].append(one)
        self.cause_of: dict[tuple[str, str], tuple] = {}  # service and id to (topic, partition, offset, index)
        self.gaps: list[str] = []
        for one in received:
            for service in services:
                if one.topic in READS[service]:
                    self._trace(service, one)

    def _trace(self, service: str, cause: harness.Received) -> None:
        source, event_id = cause.headers.get("ce_source"), cause.headers.get("ce_id")
        if event_id is None:
            return
        index = seen = 0
        missing: list[int] = []
        while index <= seen + GAP:
            output = service, people.output_id(service, source or "", event_id, index)
            if output in self.said:
                # A repeat of a record causes nothing: the first of its partition did.
                place = (*place_of(cause), index)
                self.cause_of[output] = min(place, self.cause_of.get(output, place))
                seen = index
            else:
                missing.append(index)
            index += 1
        self.gaps += [f"output {number} of {service} for {place_of(cause)}" for number in missing if number < seen]

    def check(self, servers, findings: Findings) -> str:
        """A sentence that says what was looked at."""
        findings.lost += [f"{gap} is not there" for gap in self.gaps]
        for places in (*self.said.values(), *self.letters.values()):
            if len(places) > 1:
                findings.twice.append(" and ".join(f"{one.topic}/{one.partition}/{one.offset}" for one in places))
        for output, places in self.said.items():
            if output not in self.cause_of:
                findings.twice.append(f"{places[0].topic} {output} was caused by nothing that was sent")
        self._check_order(servers, findings)
        compared = {service: sum(self._check_numbers(servers, numbered, findings) for numbered in NUMBERED
                                 if numbered.service == service) for service in self.services}
        findings.lost += [f"{service} has no row with a number" for service, rows in compared.items() if not rows]
        return f"the numbers of {sum(compared.values())} rows were compared with what is visible"

    def _check_order(self, servers, findings: Findings) -> None:
        """Within a partition, the outputs of one source partition stand in its order. What waited comes with the record
        that ended its waiting, so its place is another's."""
        waited = Waiting(servers, self.services)
        lanes: dict[tuple, list[tuple[int, int]]] = collections.defaultdict(list)
        for one in sorted(self.all, key=place_of):
            output = service_of(one), one.headers.get("ce_id")
            if output in self.cause_of:
                topic, partition, *number = self.cause_of[output]
                lanes[output[0], one.topic, one.partition, topic, partition].append(tuple(number))
        for lane, numbers in lanes.items():
            if numbers == sorted(numbers):
                continue
            service, _topic, _partition, topic, partition = lane
            own = [number for number in numbers if not waited.has(service, self.by_place[topic, partition, number[0]])]
            findings.disordered += [f"{lane}: {after} after {before}" for before, after in zip(own, own[1:]) if after < before]

    def _check_numbers(self, servers, numbered: Numbered, findings: Findings) -> int:
        """1, 2, 3 and so on of each row, up to the number that it has, whether or not anything of it is visible. How many
        rows there are."""
        numbers: dict[str, list[int]] = collections.defaultdict(list)
        for [one, *_again] in self.said.values():
            if service_of(one) == numbered.service and numbered.takes(one):
                numbers[str(one.event[numbered.key])].append(one.event["sequence"])
        stored = numbered.stored(servers)
        for key in stored.keys() | numbers.keys():
            if sorted(numbers[key]) != list(range(1, stored.get(key, 0) + 1)):
                findings.lost.append(f"{' and '.join(numbered.topics)} of {key} by {numbered.service} have the numbers "
                                     f"{sorted(numbers[key])}, the row has {stored.get(key)}")
        return len(stored)


class Waiting:
    """Which events waited for a row: a timer tells, whose id is made of the event's place."""

    def __init__(self, servers, services: list[str]):
        self._ids = Ids(servers)
        self._timers: dict[tuple, list[tuple[str, str]]] = collections.defaultdict(list)
        for service in services:
            for timer_id, subject_id, due_at in query(servers, "SELECT timer_id::text, subject_id, due_at "
                                                      f"FROM {service}.timer WHERE kind = 'WAITING'"):
                self._timers[service, due_at].append((timer_id, subject_id))

    def has(self, service: str, one: harness.Received) -> bool:
        place = "/".join(map(str, place_of(one)))
        instants = [value for value in (one.event or {}).values() if isinstance(value, datetime.datetime)]
        return any(self._ids.waiting_timer(subject_id, due_at, place) == timer_id
                   for due_at in {instant + WAITING_LOOK for instant in instants}
                   for timer_id, subject_id in self._timers[service, due_at])
