"""Lag while something runs: records that stand in Kafka and whose outputs are not committed yet, looked at once a second.

It counts to the last commit of all, that of the outputs: what a worker calls lag ends where it has read.
"""
import threading
import time

from stage import Stage

LOOK_S = 1


class Lag(threading.Thread):
    """`with Lag(stage) as lag:`; afterwards, or meanwhile, `lag.highest`."""

    def __init__(self, stage: Stage):
        super().__init__(daemon=True)
        self._clients = Stage(stage.servers)  # a client belongs to one thread
        self._end = threading.Event()
        self.highest = self.now = 0

    def run(self) -> None:
        while not self._end.wait(LOOK_S):
            published = self._clients.published()
            self.now = self._clients.appended() - published
            self.highest = max(self.highest, self.now)

    def __enter__(self) -> "Lag":
        self.start()
        return self

    def __exit__(self, *_reason) -> None:
        self._end.set()
        self.join()
        self._clients.forget_clients()


def seconds_to_zero(stage: Stage, timeout_s: float = 600) -> float:
    """From now until every record that was sent is decided and its outputs are committed."""
    begun = time.monotonic()
    stage.wait_published(timeout_s)
    return time.monotonic() - begun
