"""A backlog that stands before workers when they begin, so that only their work is timed.

The workers start, share the partitions, and are stopped where they stand (SIGSTOP); the backlog is sent, PostgreSQL writes
a checkpoint; then they go on, and the clock runs until lag is zero. Starting, joining and loading are not in it. Nor is a young server: a backlog
that nobody times goes before the first, because Kafka's Java machine compiles itself meanwhile.
"""
import time

import harness

from stage import TOPIC, Stage

SHARED_S = 60  # a slot that was given up keeps its partitions for the session time
LOOK_S = 0.02
LIMIT_S = 300
# A stopped worker must stay in its group while the backlog is sent, and a retired one must not keep the next waiting.
SESSION = {"KERJA_SESSION_TIMEOUT": "20s"}


def events_per_s(stage: Stage, workers: list[harness.Worker], count: int, while_it_runs=lambda: None) -> float:
    """Events a second of `workers` over the next `count` applicants."""
    stand_ready(stage, workers)
    for worker in workers:
        worker.pause()
    stage.loaded(stage.load(count))
    stage.query("CHECKPOINT")
    while_it_runs()
    begun = time.monotonic()
    for worker in workers:
        worker.resume()
    stage.wait_published(LIMIT_S, LOOK_S)
    return count / (time.monotonic() - begun)


def stand_ready(stage: Stage, workers: list[harness.Worker]) -> None:
    """Each has its part of the partitions."""
    for worker in workers:
        if not worker.process.alive():
            worker.launch()
    owners = "SELECT count(DISTINCT owner) FROM application.source_position WHERE topic = %s"
    shared = lambda: stage.query(owners, (TOPIC,))[0][0] == len(workers) and all(one.ready() for one in workers)
    if not harness.wait_until(shared, SHARED_S):
        raise workers[-1].process.failed("did not get its part of the partitions")


def warm_up(stage: Stage, events: int) -> None:
    worker = stage.another(**SESSION)
    events_per_s(stage, [worker], events)
    worker.stop()


def stop(workers: list[harness.Worker]) -> None:
    for worker in workers:
        worker.stop()
