"""How much the workers had to do while they were killed, as their metrics tell; of what a worker did between the last look
and its death nothing is known, so that there was more."""
import time

import harness

EVERY_S = 1
WATCHED = {"kerja_batches_total": "batches", "kerja_batches_ahead_total": "decided ahead", "kerja_stale_total": "decided again",
           "kerja_tight_total": "with locked limits", "kerja_bisected_total": "halved"}


class Load:
    def __init__(self, workers: list[harness.Worker]):
        self._workers, self._look_at = workers, 0.0
        self._lives: dict[tuple[str, int], dict[str, float]] = {}  # by worker and process: what it counted up to now

    def look(self) -> None:
        """Once a second, however often it is asked to."""
        if time.monotonic() < self._look_at:
            return
        self._look_at = time.monotonic() + EVERY_S
        for worker in self._workers:
            if worker.process.alive() and not worker.process.stands():
                pid, counted = worker.process.pid, worker.metrics()
                if counted and pid == worker.process.pid:
                    self._lives[worker.name, pid] = counted

    def total(self, metric: str) -> int:
        return int(sum(life.get(metric, 0) for life in self._lives.values()))

    def sentence(self) -> str:
        return ", ".join(f"{self.total(metric)} {what}" for metric, what in WATCHED.items())
