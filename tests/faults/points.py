"""Each fault point once: a worker built with them dies, stops or loses its servers at that very step while a rival of its
service works beside it, takes over what it had, and gives it back; the same oracles as after random kills must hold."""
import collections
import re
import time

import harness
from faults import oracles, people
from faults.zombies import Zombies
from harness import paths
from harness.process import wait_until

HEADER = paths.ROOT / "common" / "base" / "fault_point.h"
EXIT_STATUS = 77  # FAULT_EXIT_STATUS
KINDS = ("exit", "stop", "drop")
ZOMBIE_S = (13, 16)  # a session and somebody else's joining take less: others have its partitions when it wakes
IN_RECOVERY = ("membership-saved", "claimed", "producer-opened", "committed-read", "outbox-read", "settled")
PEOPLE_EACH = 40
PATIENCE_S = 90
REACHED_S = 30  # a point that is not reached by then will not be: recovery had nothing owed, and skipped it
ATTEMPTS = 3  # a batch that only tells what is published leaves nothing owed, and recovery then skips a step


def build() -> None:
    """The build with fault points, unless KERJA_BUILD named one: what runs elsewhere has none."""
    if paths.BUILD == paths.ROOT / "build" / "release":
        paths.BUILD = paths.build("faults")


def names() -> list[str]:
    """As the header lists them."""
    found = re.findall(r"^    FAULT_([A-Z_]+),", HEADER.read_text(), re.M)
    return [name.lower().replace("_", "-") for name in found]


def told(name: str) -> str:
    """What a worker says when it is struck there."""
    return f"fault point {name}\n"


class Walk:
    """Of all points, with one kind of fault; collects what was sent for the oracles. The worker and its rival have half of
    the partitions each."""

    def __init__(self, servers, worker: harness.Worker, sending, seed: int):
        self.servers, self.worker, self.sending, self.seed = servers, worker, sending, seed
        self.applicants: list[people.Applicant] = []
        self.records: list[people.Record] = []
        self.not_reached: list[str] = []
        self.undrained: list[str] = []
        self.hits: collections.Counter[str] = collections.Counter()
        self.zombies = Zombies()

    def point(self, name: str, kind: str) -> None:
        for _ in range(ATTEMPTS):
            self.worker.wait_ready()  # it has its partitions, and keeps them when it starts again at once
            if name in IN_RECOVERY:  # with something owed, so that recovery has all its steps to make
                self._strike("committed", "exit")
            hit = self._strike(name, kind)
            self._take_over(f"{name}:{kind}")
            if hit:
                break
        else:
            self.not_reached.append(f"{name}:{kind}")

    def _take_over(self, where: str) -> None:
        """The rival does all that is left, then the worker comes back."""
        left = oracles.drained(self.servers, ["application"], PATIENCE_S)
        self.undrained += [f"after {where}: {one}" for one in left[:1]]
        if not self.worker.process.alive():
            self.worker.launch()

    def _strike(self, name: str, kind: str) -> bool:
        """Starts the worker armed, gives it work, and waits until it was struck. False when it never came to the point."""
        before = self._told(name)
        self.worker.kill()
        self.worker.launch(f"{name}:{kind}")
        self._send()
        if kind == "exit":
            # By its status: of threads that end, the first is gone before the last.
            wait_until(lambda: self.worker.process.exit_status() is not None, REACHED_S)
            if self.worker.process.exit_status() not in (EXIT_STATUS, None):
                self.undrained.append(f"{name}:exit ended with status {self.worker.process.exit_status()}")
        else:
            wait_until(lambda: self._told(name) > before, REACHED_S)
        if kind == "stop" and wait_until(self.worker.process.stands, 1):
            time.sleep(ZOMBIE_S[0])
            self.zombies.wake(self.worker)
        hits = self._told(name) - before
        self.hits[f"{name}:{kind}"] += hits
        return hits > 0

    def _told(self, name: str) -> int:
        """How often it passed the point armed, as its log says."""
        return self.worker.process.log.read_text().count(told(name))

    def _send(self) -> None:
        made = people.applicants(PEOPLE_EACH, self.seed, first=len(self.applicants))
        records = [record for one in made for record in one.now + one.later]
        self.applicants += made
        self.records += records
        self.sending.send(records).join()
