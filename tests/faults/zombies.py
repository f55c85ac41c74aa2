"""Workers that slept longer than their session, and what they found when they woke: the group has given their partitions
to others, and all they were about to do must be refused."""
import datetime
import pathlib

import harness

FENCED = ('fact="membership lost"', 'fact="partitions lost"')
STARTED = "fact=started"  # another process
TELLS_S = 6  # a session: whoever loses one that it had when it woke says so later


class Zombies:
    def __init__(self):
        self._woken: list[tuple[pathlib.Path, int, datetime.datetime]] = []  # log, its size then, when

    def wake(self, worker: harness.Worker) -> None:
        log = worker.process.log
        self._woken.append((log, log.stat().st_size, datetime.datetime.now(datetime.timezone.utc)))
        worker.resume()

    @property
    def count(self) -> int:
        return len(self._woken)

    def fenced(self) -> int:
        """How many said at once that their partitions were not theirs any more."""
        return sum(found_fenced(log.read_bytes()[begin:].decode(errors="replace"), woke) for log, begin, woke in self._woken)


def found_fenced(log: str, woke: datetime.datetime) -> bool:
    """Who was stopped amid its recovery ends that first, and hears a moment later that it was for nothing."""
    for line in log.splitlines():
        if not line.startswith("at="):
            continue  # of a library
        if (datetime.datetime.fromisoformat(line[3:].split(" ", 1)[0]) - woke).total_seconds() > TELLS_S:
            return False
        if any(fact in line for fact in FENCED):
            return True
        if STARTED in line:
            return False
    return False
