"""After an hour's outage of PostgreSQL: what came meanwhile, at half the burst's load, stands in Kafka.

The hour is simulated by its records, not by waiting: PostgreSQL is stopped under the worker, 2,400,000 applications (a fifth
of them repeats) are sent as fast as Kafka takes them, and PostgreSQL comes back. The clock runs from then until lag is
zero, the worker's noticing included. Nothing new arrives meanwhile.
"""
import time

from soak import A_MINUTE, EVERY
from stage import apart, memory_mb, say

LIMIT_S = 1200


def backlog_figures(folder, minutes: float) -> dict:
    with apart(folder, "backlog") as stage:
        count = round(A_MINUTE * minutes)
        stage.worker.start()
        stage.servers.postgres.stop()
        stage.forget_clients()
        say(f"backlog: PostgreSQL is stopped, {count} applications are sent")
        stage.loaded(stage.load(count, every=EVERY), LIMIT_S)
        say("  it comes back")
        begun = time.monotonic()
        stage.servers.postgres.start()
        stage.wait_published(LIMIT_S)
        seconds = time.monotonic() - begun
        return {"backlog_records": float(count), "backlog_drained_s": seconds, "backlog_events_per_s": count / seconds,
                "backlog_times_real_time_ratio": minutes * 60 / seconds,
                "backlog_peak_rss_mb": memory_mb(stage.worker.process.pid, "VmHWM")}
