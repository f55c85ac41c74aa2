"""./run faults --broken [--variant NAMES]: workers that make one mistake on purpose (common/base/broken.h), each until an oracle
notices it. Those that make none come first and must be found sound, or the others would prove nothing.

A round: people apply while a worker is struck at the fault point where the mistake shows; then all is drained and held to the
same oracles as after random kills. What is wrong without any strike, in the services behind application, is shown by a whole wave.
"""
import argparse
import dataclasses
import pathlib
import re
import time

import harness
from faults import oracles, people, points, stuck
from harness import paths
from harness.process import wait_until

HEADER = paths.ROOT / "common" / "base" / "broken.h"
CONTROLS = ("none", "none-with-few-seats", "none-in-a-wave")  # no mistake: must be found sound
SERVICE = "application"
PEOPLE_EACH = 60
FEW_SEATS = 12  # of about twenty who are drawn in each round
ROUNDS = 8
STRUCK_S, REST_S, READY_S = 60, 60, 300


@dataclasses.dataclass
class Variant:
    name: str
    strikes: tuple[str, ...] = ("committed:exit", "flushed:exit", "offsets-sent:exit")  # in turn, one a round
    few_seats: bool = False  # so that the money of the wave ends


# What shows each best; what is not named here is struck as Variant says.
STRIKES = {
    "none": ("committed:exit", "flushed:exit", "decided:zombie", "commit-sent:exit"),
    "at-least-once": ("committed:exit", "flushed:exit"),
    "no-transaction": ("flushed:exit", "produced:exit"),
    "owner-unchecked": ("decided:zombie",),
    "seen-too-early": ("pushed:exit", "committed:exit"),
    "offsets-trusted": ("committed:exit",),
    "positions-apart": ("commit-sent:exit", "committed:exit"),
    "empty-rows-left-out": ("committed:exit", "pushed:exit"),
}
# What is shown by a whole wave: whose mistake it is there.
WAVES = {"none-in-a-wave": "", "last-output-lost": "completion", "one-side-booked": "incentive"}
WAVE_PEOPLE = 200
# Which oracles must notice, one of them at least: any other might notice a slow machine.
NOTICED_BY = {
    "at-least-once": {"lost", "twice"},
    "no-transaction": {"twice", "disordered"},
    "offsets-first": {"lost"},
    "owner-unchecked": {"lost", "twice", "disordered"},
    "seen-too-early": {"lost", "disordered"},
    "offsets-trusted": {"stuck"},  # it cannot commit: the position stands elsewhere
    "positions-apart": {"lost", "twice"},
    "empty-rows-left-out": {"lost", "stuck"},  # a partition that says its rows are missing
    "limits-unchecked": {"unbalanced"},
    "never-tight": {"stuck"},
    "repeats-decided": {"twice"},
    "last-output-lost": {"lost"},
    "one-side-booked": {"unbalanced"},
}
FEW_SEATS_OF = ("none-with-few-seats", "limits-unchecked", "never-tight")


def variants() -> list[Variant]:
    """The controls, and each that the header lists."""
    found = re.findall(r"^    BROKEN_([A-Z_]+),", HEADER.read_text(), re.M)
    names = [*CONTROLS] + [name.lower().replace("_", "-") for name in found]
    return [Variant(name, STRIKES.get(name, Variant.strikes), name in FEW_SEATS_OF) for name in names]


def build() -> None:
    """The build that has mistakes, unless KERJA_BUILD named one."""
    if paths.BUILD == paths.ROOT / "build" / "release":
        paths.BUILD = paths.build("broken")


class Trial:
    """One variant on servers of its own: two workers of one service, and all that was sent to them."""

    def __init__(self, servers, variant: Variant, seed: int, tools):
        self.servers, self.variant, self.seed, self.tools = servers, variant, seed, tools
        self.applicants: list[people.Applicant] = []
        self.records = people.snapshot_records()
        self.findings = oracles.Findings()
        self.kills = 0
        self.sending = tools.Sending(servers.kafka.address)

    def run(self) -> None:
        """Until something is found, or the rounds are over."""
        self.workers = self.tools.make_workers(self.servers, [SERVICE], range(1, 3))
        for worker in self.workers:
            worker.environment["BREAK_KERJA"] = "" if self.variant.name in CONTROLS else self.variant.name
            worker.start(READY_S)
        self.tools.publish_programme(self.servers, FEW_SEATS if self.variant.few_seats else people.SEATS)
        self.sending.send(self.records).join()
        self.findings.stuck += oracles.drained(self.servers, [SERVICE], READY_S)  # whoever applies before a register is held
        with oracles.Sampler(self.servers, [SERVICE], self.findings) as sampler:
            for number in range(ROUNDS):
                self.round(number)
                sampler.require(f"after round {number}")
                if not self.findings.sound():
                    break
        for worker in self.workers:
            worker.kill()

    def round(self, number: int) -> None:
        made = people.applicants(PEOPLE_EACH, self.seed, first=len(self.applicants))
        self.applicants += made
        first = [record for one in made for record in one.now]
        later = [record for one in made for record in one.later]
        self.records += first + later
        thread = self.sending.send(first, 2)
        self.strike(self.workers[number % 2], self.variant.strikes[number % len(self.variant.strikes)])
        thread.join()
        self.sending.send(later).join()
        self.mend()
        if self.findings.sound():  # what was seen meanwhile needs no more
            self.look()

    def strike(self, worker: harness.Worker, where: str) -> None:
        point, kind = where.split(":")
        worker.kill()
        self.kills += 1
        before = self.told(worker, point)
        worker.launch(f"{point}:{'stop' if kind == 'zombie' else kind}")
        if not wait_until(lambda: self.told(worker, point) > before, STRUCK_S):
            return  # nothing brought it there: another round will
        self.kills += 1
        if kind == "zombie":
            worker.pause()
            time.sleep(points.ZOMBIE_S[0])
            worker.resume()

    def told(self, worker: harness.Worker, point: str) -> int:
        return worker.process.log.read_text(errors="replace").count(points.told(point))

    def mend(self) -> None:
        for worker in self.workers:
            if not worker.process.alive():
                worker.launch()
        wait_until(lambda: all(worker.ready() for worker in self.workers), READY_S)

    def look(self) -> None:
        """What is stuck is known when it did not rest in time, the rest when all that was sent is decided."""
        self.tools.drain(self.servers, [SERVICE], self.sending, self.records, self.findings, REST_S)
        stuck.check(self.servers, [SERVICE], self.findings, None, REST_S if self.findings.sound() else 0)
        if self.findings.stuck or self.findings.lost:
            return
        if self.variant.few_seats:
            self.look_at_seats()
        else:
            oracles.check(self.servers, [SERVICE], self.records, self.sending.places, self.applicants, self.findings)

    def look_at_seats(self) -> None:
        """The reference knows nobody who came too late: only that no more have a seat than there are."""
        for kind, scope, used, ceiling in oracles.query(self.servers, "SELECT kind, scope, used, ceiling FROM application.quota"):
            if used > ceiling:
                self.findings.unbalanced.append(f"limit {kind} {scope}: {used} of {ceiling} used")


def run(folder: pathlib.Path, options, tools) -> int:
    """0 when every mistake was noticed, and none was where there was none."""
    build()
    known = variants()
    wanted = options.variant.split(",") if options.variant else [one.name for one in known]
    chosen = [one for one in known if one.name in wanted]
    if len(chosen) != len(wanted):
        print(f"variants are {', '.join(one.name for one in known)}")
        return 2
    missed = [one.name for one in chosen if not tried(folder, one, options, tools)]
    print(f"variants={len(chosen)} missed={len(missed)} {' '.join(missed)}".rstrip(), flush=True)
    return 1 if missed else 0


def tried(folder: pathlib.Path, variant: Variant, options, tools) -> bool:
    """Whether it came out as it should."""
    servers = harness.Servers(folder / variant.name, fresh=True)
    for server in servers.all():
        server.ready_timeout_s = tools.SERVER_S
    with servers:
        harness.topics.create(servers.kafka.address)
        try:
            findings, kills = tried_on(servers, variant, options.seed, tools)
        except harness.Failed as failure:  # nothing was done to it yet: this says nothing of the mistake
            print(f"{variant.name} could not be tried: {failure}", flush=True)
            return False
    by = [name for name, found in vars(findings).items() if found]
    if options.verbose or (variant.name in CONTROLS and by):
        findings.show()
    if variant.name in CONTROLS:
        print(f"{variant.name}: {'found ' + ', '.join(by) if by else 'sound'} after {kills} kills", flush=True)
        return not by
    caught = bool(NOTICED_BY[variant.name] & set(by))
    how = f"caught by {', '.join(by)}" if caught else f"NOT CAUGHT, but found {', '.join(by)}" if by else "NOT CAUGHT"
    print(f"{variant.name} {how} after {kills} kills", flush=True)
    return caught


def tried_on(servers, variant: Variant, seed: int, tools) -> tuple[oracles.Findings, int]:
    if variant.name in WAVES:
        return tried_in_a_wave(servers, variant, seed, tools), 0
    trial = Trial(servers, variant, seed, tools)
    trial.run()
    return trial.findings, trial.kills


def tried_in_a_wave(servers, variant: Variant, seed: int, tools) -> oracles.Findings:
    findings = oracles.Findings()
    options = argparse.Namespace(kills=0, people=WAVE_PEOPLE, seed=seed)
    mistakes = {WAVES[variant.name]: variant.name} if WAVES[variant.name] else {}
    tools.wave(servers, list(paths.SERVICES), options, findings, mistakes)
    return findings
