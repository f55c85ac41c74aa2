"""./run faults --accidents: what operators, disks and backups do, one after the other, to one worker.

After each either everything is decided and published as if nothing had happened, or partitions stop, say why, and go on
by the answer that docs/operations.md gives. What is published again must be what was published before, byte for byte.
"""
import os
import pathlib
import shutil
import subprocess
import time
from typing import Callable

import psycopg2
from confluent_kafka import KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

import harness
from faults import oracles, people
from faults.outputs import Outputs, place_of
from harness.paths import command_program
from harness.process import wait_until
from harness.worker import program_environment

SERVICE, TOPIC = "application", "application.submitted"
PEOPLE_EACH = 40
PATIENCE_S = 60
DISK_MB = 640  # PostgreSQL's data after initdb, and room for a little more
LOW_KB = 400  # what is left of it when it is "full"


class Unable(Exception):
    """The accident cannot be staged on this machine; the text says why."""


class Stage:
    """One worker, its servers, and all that was sent to it."""

    def __init__(self, servers, worker: harness.Worker, sending, seed: int, drain):
        self.servers, self.worker, self.sending, self.seed, self.drain = servers, worker, sending, seed, drain
        self.applicants: list[people.Applicant] = []
        self.records = people.snapshot_records()
        self.said: list[str] = []  # why partitions stopped
        self.findings = oracles.Findings()
        self.unstaged: list[str] = []
        sending.send(self.records).join()
        self.settle()

    def apply(self) -> None:
        """Some more people apply, all are decided, what waited too."""
        self.begin()
        self.settle()

    def begin(self) -> None:
        made = people.applicants(PEOPLE_EACH, self.seed, first=len(self.applicants))
        records = [record for one in made for record in one.now + one.later]
        self.applicants += made
        self.records += records
        self.sending.send(records).join()

    def settle(self) -> None:
        self.drain(self.servers, [SERVICE], self.sending, self.records, self.findings)

    def conflicts(self) -> list[tuple[str, int, str]]:
        return oracles.query(self.servers, "SELECT topic, partition, reason FROM application.source_position "
                             "WHERE state = 'conflict' ORDER BY 1, 2")

    def wait_conflicts(self) -> list[tuple[str, int, str]]:
        """All that the worker finds when it has looked at each of its partitions."""
        recovered = lambda: self.worker.ready() or self.conflicts()
        if not wait_until(recovered, PATIENCE_S):
            self.findings.lost.append("the worker neither went on nor stopped a partition")
        wait_until(self.worker.ready, 5)
        found = self.conflicts()
        self.said += sorted({reason for _topic, _partition, reason in found})
        return found

    def kerja(self, *words) -> subprocess.CompletedProcess:
        return subprocess.run([command_program(), *map(str, words)], env=program_environment(self.servers.environment()),
                              stdin=subprocess.DEVNULL, text=True, capture_output=True, timeout=PATIENCE_S)

    def answer(self, verb: str, topic: str, partition: int, *words) -> None:
        """As soon as Kafka lets somebody who is not a member do it."""
        done: list[subprocess.CompletedProcess] = []

        def accepted() -> bool:
            done.append(self.kerja("position", verb, "--service", SERVICE, "--topic", topic, "--partition", partition,
                                   "--second-actor", "a colleague", "--yes", *words))
            return done[-1].returncode == 0
        if not wait_until(accepted, PATIENCE_S, 0.5):
            self.findings.lost.append(f"position {verb} of {topic}/{partition}: {done[-1].stderr.strip()}")

    def answer_all(self, verb: str) -> int:
        """Stops the worker, gives each stopped partition the answer, starts it again; how many there were."""
        found = self.wait_conflicts()
        self.worker.stop()
        for topic, partition, _reason in found:
            self.answer(verb, topic, partition)
        self.worker.start()
        return len(found)

    def positions(self) -> oracles.Positions:
        return oracles.Positions(self.servers, SERVICE)

    def commit(self, offsets: dict[tuple[str, int], int]) -> None:
        """What another tool does to the group, as soon as it has no members."""
        positions = self.positions()

        def accepted() -> bool:
            try:
                positions.consumer.commit(offsets=[TopicPartition(*place, offset) for place, offset in offsets.items()],
                                          asynchronous=False)
                return True
            except KafkaException:
                return False
        if not wait_until(accepted, PATIENCE_S, 0.5):
            raise harness.Failed("the group's offsets could not be set")
        positions.close()


def same_slot_twice(stage: Stage) -> str:
    """A second process with the slot of a live one waits, and says for what; it goes on when the first is gone."""
    second = harness.Worker(SERVICE, stage.servers.folder, stage.worker.environment, instance=9)
    second.launch()
    says = lambda: "another process holds it" in second.process.log_tail(5)
    if not wait_until(says, PATIENCE_S):
        stage.findings.lost.append(f"the second process does not say that its slot is taken: {second.process.log_tail(2)}")
    stage.apply()
    if second.ready():
        stage.findings.twice.append("two processes work under one slot")
    stage.worker.kill()
    if not wait_until(second.ready, PATIENCE_S):
        stage.findings.lost.append("the second process did not take over")
    stage.apply()
    second.stop()
    stage.worker.start()
    return "the second process waited, said why, and took over"


def offsets_moved_back(stage: Stage) -> str:
    stage.apply()
    stage.worker.stop()
    stage.commit({place: w - min(w, 3) for place, (w, _g) in stage.positions().stored().items() if w > 0})
    stage.worker.launch()
    return f"{stage.answer_all('republish')} partitions stopped, republished"


def offsets_moved_forward(stage: Stage) -> str:
    stage.worker.stop()
    stage.begin()
    positions = stage.positions()
    ends = {place: positions.consumer.get_watermark_offsets(TopicPartition(*place), timeout=10)[1]
            for place in positions.stored()}
    positions.close()
    stage.commit({place: end for place, end in ends.items() if end > 0})
    stage.worker.launch()
    return f"{stage.answer_all('republish')} partitions stopped, republished"


def older_backup(stage: Stage) -> str:
    """PostgreSQL as it was before the last people applied: what they were told stands in Kafka already."""
    postgres = stage.servers.postgres
    data, backup = postgres._own("data"), postgres._own("backup")
    stage.apply()
    stage.worker.stop()
    postgres.stop()
    shutil.rmtree(backup, ignore_errors=True)
    subprocess.run(["cp", "-a", data, backup], check=True)
    postgres.start()
    stage.worker.start()
    stage.apply()
    stage.worker.stop()
    postgres.stop()
    shutil.rmtree(data)
    backup.rename(data)
    postgres.start()
    stage.worker.launch()
    return f"{stage.answer_all('republish')} partitions stopped, republished"


def full_disk(stage: Stage) -> str:
    """Under PostgreSQL, until somebody makes room: a worker waits, and loses nothing."""
    if os.geteuid() != 0:
        raise Unable("only root may mount a small disk")
    postgres = stage.servers.postgres
    data = postgres._own("data")
    kept = data.with_name("kept")
    stage.worker.stop()
    postgres.stop()
    data.rename(kept)
    data.mkdir(mode=0o700)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m,mode=0700", "kerja-faults", data]).returncode:
        data.rmdir()
        kept.rename(data)
        postgres.start()
        stage.worker.start()
        raise Unable("this machine does not let a disk be mounted")
    try:
        subprocess.run(["cp", "-a", f"{kept}/.", data], check=True)
        return fill_and_clear(stage, data)
    finally:
        stage.worker.stop()
        postgres.stop()
        shutil.rmtree(kept)
        subprocess.run(["cp", "-a", data, kept], check=True)
        subprocess.run(["umount", data], check=True)
        data.rmdir()
        kept.rename(data)
        postgres.start()
        stage.worker.start()


def fill_and_clear(stage: Stage, data: pathlib.Path) -> str:
    postgres = stage.servers.postgres
    postgres.start()
    stage.worker.start()
    filler = data / "filler"
    told = len(stage.worker.process.log.read_text())
    with open(filler, "wb") as file:
        free = os.statvfs(data).f_bavail * os.statvfs(data).f_frsize - LOW_KB * 1024
        file.write(b"\0" * max(free, 0))
    for _ in range(10):  # until there is no room for what they cause
        stage.begin()
        waits = lambda: "outage" in stage.worker.process.log.read_text()[told:] or not postgres.process.alive()
        if wait_until(waits, 5):
            break
    else:
        stage.findings.lost.append("the disk never became full")
    died = not postgres.process.alive()
    filler.unlink()
    if died:
        postgres.start()
    elif not wait_until(postgres.usable, PATIENCE_S):
        postgres.stop()
        postgres.start()
    return "PostgreSQL " + ("ended" if died else "refused") + ", the worker waited and went on"


def topic_truncated(stage: Stage) -> str:
    """Records are deleted before they were read: a loss, told as one, and the rest goes on."""
    place = TOPIC, 11
    stage.worker.stop()
    garbage = [people.Record(TOPIC, None, None, f"lost-{number}", ("dead.letter",), value=b"nothing") for number in range(5)]
    for record in garbage:
        stage.sending.produce(record, place[1])
    stage.sending.flush()
    end = max(stage.sending.places[id(record)][2] for record in garbage) + 1
    admin = AdminClient({"bootstrap.servers": stage.servers.kafka.address, "log_level": 0})
    for future in admin.delete_records([TopicPartition(*place, end)]).values():
        future.result()
    stage.worker.launch()
    found = stage.wait_conflicts()
    if [one[:2] for one in found] != [place]:
        stage.findings.lost.append(f"unread records were deleted from {place}, and {found} stopped")
    stage.worker.stop()
    stage.answer("adopt", *place, "--offset", end)
    stage.worker.start()
    return "1 partition stopped, adopted at the log's start"


def topic_made_anew(stage: Stage) -> str:
    """The topic's offsets begin at 0 again, below what PostgreSQL has."""
    stage.apply()
    stage.worker.stop()
    make_anew(stage)
    return adopt_the_start(stage, stage.wait_conflicts)


def topic_refilled(stage: Stage) -> str:
    """It was made anew, and holds more than before when the worker comes back: our positions lie amid records that nobody
    has read. Only that the group has no offsets any more tells."""
    stage.apply()
    stage.worker.stop()
    positions = stage.positions()
    decided = {place: g for place, (_w, g) in positions.stored().items() if place[0] == TOPIC and g > 0}
    positions.close()
    make_anew(stage)
    made = people.applicants(len(decided) * (max(decided.values()) + PEOPLE_EACH), stage.seed, first=len(stage.applicants))
    stage.applicants += made
    for number, one in enumerate(made):
        _topic, partition = sorted(decided)[number % len(decided)]
        for record in one.now + one.later:
            stage.sending.produce(record, partition if record.topic == TOPIC else None)
    stage.sending.flush()
    log = stage.worker.process.log
    told = log.stat().st_size

    def found() -> list[tuple[str, int, str]]:
        conflicts = stage.wait_conflicts()
        if {one[:2] for one in conflicts} != decided.keys():
            stage.findings.lost.append(f"{sorted(decided)} were made anew and refilled, and {conflicts} stopped")
        if b'next="kerja position"' not in log.read_bytes()[told:]:
            stage.findings.lost.append("the worker does not say what mends a partition that stopped")
        return conflicts
    return adopt_the_start(stage, found)


def make_anew(stage: Stage) -> None:
    """Deletes the topic, and creates it again, empty."""
    admin = AdminClient({"bootstrap.servers": stage.servers.kafka.address, "log_level": 0})
    partitions = len(admin.list_topics(TOPIC, timeout=10).topics[TOPIC].partitions)
    admin.delete_topics([TOPIC], operation_timeout=30)[TOPIC].result()
    gone = lambda: TOPIC not in admin.list_topics(timeout=10).topics
    wait_until(gone, PATIENCE_S)

    def made() -> bool:
        try:
            admin.create_topics([NewTopic(TOPIC, partitions, 1)])[TOPIC].result()
            return True
        except KafkaException:
            return False
    if not wait_until(made, PATIENCE_S, 0.5):
        raise harness.Failed("the topic could not be made anew")


def adopt_the_start(stage: Stage, found: Callable[[], list[tuple[str, int, str]]]) -> str:
    """Of what the worker finds stopped: nothing of the new topic has been read, so all of it is to be."""
    stage.worker.launch()
    stopped = found()
    stage.worker.stop()
    for topic, partition, _reason in stopped:
        stage.answer("adopt", topic, partition, "--offset", 0)
    stage.worker.start()
    return f"{len(stopped)} partitions stopped, adopted at the log's start"


# Those that lose records by what they are come last: the reference is asked before them.
# Republishing says things again behind what came after them: no order is judged, and of repeats only whether they are alike.
UNJUDGED = ("disordered",)
HARMLESS = (same_slot_twice, offsets_moved_back, offsets_moved_forward, older_backup, full_disk)
LOSSES = (topic_truncated, topic_made_anew, topic_refilled)


def content(one: harness.Received) -> tuple:
    """All but what is sealed, which is never sealed to the same bytes twice."""
    event = one.event and {name: value for name, value in one.event.items() if not name.endswith("_sealed")}
    return one.topic, one.key, event or one.value


def repeated_alike(outputs: Outputs, findings) -> int:
    """What was published again must be the same as before; how many outputs were."""
    again = 0
    for places in (*outputs.said.values(), *outputs.letters.values()):
        first = places[0]
        for one in places[1:]:
            again += 1
            if content(one) != content(first):
                findings.twice.append(f"{place_of(first)} and {place_of(one)} have one id and are not the same")
    return again


def walk(stage: Stage, say) -> None:
    """Every accident, and after the harmless ones the whole reference."""
    findings = stage.findings
    for accident in HARMLESS + LOSSES:
        if accident is LOSSES[0]:
            check(stage, say)
        name = accident.__name__.replace("_", " ")
        begun, stage.said = time.monotonic(), []
        try:
            sentence = accident(stage)
            stage.apply()
        except Unable as why:
            sentence = f"not staged: {why}"
            stage.unstaged.append(name)
        say(f"{name}: {sentence} ({time.monotonic() - begun:.0f} s)")
        for reason in stage.said:
            say(f"  it said: {reason}")
        if accident in (offsets_moved_back, offsets_moved_forward, older_backup, *LOSSES) and not stage.said:
            findings.lost.append(f"{name}: no partition stopped")
    oracles.check_state(stage.servers, stage.applicants, findings)


def check(stage: Stage, say) -> None:
    findings = oracles.Findings()
    outputs, _told = oracles.check(stage.servers, [SERVICE], stage.records, stage.sending.places, stage.applicants, findings)
    say(f"{repeated_alike(outputs, stage.findings)} outputs were published again, the same as before")
    stage.findings.lost += findings.lost
    stage.findings.unbalanced += findings.unbalanced
    # Neither its order nor that it repeats itself, as UNJUDGED says.
