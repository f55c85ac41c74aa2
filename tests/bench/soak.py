"""An hour at half the launch burst's load, 40,000 applications a minute of which a fifth are repeats: does anything
grow that should not?

Before it, the worker drains a backlog, with full batches: its buffers have their final size then, and what grows afterwards
grows for another reason than a busy minute.

Every 30 s the worker's memory is read, and what PostgreSQL stores. What is kept for ever (an application, a person, a
decision) grows with the people, and its bytes a record are told for the first and the last quarter of the time. What is
kept only while it is needed (outbox, positions, waiting events) must not.
"""
import time

import harness

from lag import Lag, seconds_to_zero
from stage import Stage, apart, memory_mb, say

A_MINUTE, EVERY = 40_000, 5  # half the burst's load; each fifth record is a repeat
WARM_UP = 50_000  # records of the backlog before
LOOK_S = 30
TELL_LOOKS = 10  # progress, and a line of the page's table
PASSING = ("outbox", "source_position", "waiting", "timer")


def soak_figures(folder, minutes: float) -> dict:
    with apart(folder, "soak") as stage:
        count = round(A_MINUTE * minutes)
        say(f"soak: {count} applications, {A_MINUTE} a minute, every fifth a repeat")
        stage.loaded(stage.load(WARM_UP))
        stage.worker.start()
        stage.wait_published()
        with Lag(stage) as lag:
            loader = stage.load(count, A_MINUTE // 60, every=EVERY)
            looks = watch(stage, lag, loader, min(LOOK_S, minutes * 60 / 8))
            stage.loaded(loader)
            to_zero_s = seconds_to_zero(stage)
        decided = stage.query("SELECT count(*) FROM application.application")[0][0]
        if decided != stage.sent:
            raise harness.Failed(f"{decided} applications are stored, of {stage.sent}")
        return told(looks, lag.highest, to_zero_s, stage)


def watch(stage: Stage, lag: Lag, loader, every_s: float) -> list[dict]:
    looks = []
    begun = due = time.monotonic()
    while loader.poll() is None:
        looks.append({"minute": (time.monotonic() - begun) / 60, **look(stage), "lag": float(lag.now)})
        if len(looks) % TELL_LOOKS == 1:
            say("  " + ", ".join(f"{name} {value:.0f}" for name, value in looks[-1].items()))
        due += every_s
        while loader.poll() is None and time.monotonic() < due:
            time.sleep(min(1, max(0, due - time.monotonic())))
    return looks


def look(stage: Stage) -> dict:
    """What is kept for ever, and what only in passing, in MB; rows that wait to be pruned."""
    passing = ", ".join(f"'application.{table}'::regclass" for table in PASSING)
    database, some, rows = stage.query(
        f"SELECT pg_database_size(current_database()), (SELECT sum(pg_total_relation_size(t)) FROM unnest(ARRAY[{passing}]) t), "
        "(SELECT count(*) FROM application.outbox)")[0]
    return {"records": float(stage.decided()), "rss_mb": memory_mb(stage.worker.process.pid, "VmRSS"),
            "kept_mb": float(database - some) / 2**20, "passing_mb": float(some) / 2**20, "outbox_rows": float(rows)}


def told(looks: list[dict], lag_highest: int, to_zero_s: float, stage: Stage) -> dict:
    quarter = max(1, len(looks) // 4)
    first, last = looks[:quarter], looks[-quarter:]
    return {"soak_course": [list(one.values()) for one in looks[::TELL_LOOKS]],
            "soak_warm_up_records": float(WARM_UP), "soak_records": float(stage.records - WARM_UP), "soak_looks": float(len(looks)),
            "soak_rss_first_quarter_mb": mean(first, "rss_mb"), "soak_rss_last_quarter_mb": mean(last, "rss_mb"),
            "soak_rss_ratio": mean(last, "rss_mb") / mean(first, "rss_mb"),
            "soak_peak_rss_mb": memory_mb(stage.worker.process.pid, "VmHWM"),
            "soak_kept_bytes_per_record_first_quarter": growth(first), "soak_kept_bytes_per_record_last_quarter": growth(last),
            "soak_passing_first_quarter_mb": highest(first, "passing_mb"),
            "soak_passing_last_quarter_mb": highest(last, "passing_mb"),
            "soak_outbox_rows_first_quarter": highest(first, "outbox_rows"),
            "soak_outbox_rows_last_quarter": highest(last, "outbox_rows"),
            "soak_lag_highest": float(lag_highest), "soak_to_lag_zero_s": to_zero_s, "soak_lag_at_end": float(stage.appended() - stage.published())}


def mean(looks: list[dict], name: str) -> float:
    return sum(one[name] for one in looks) / len(looks)


def highest(looks: list[dict], name: str) -> float:
    return max(one[name] for one in looks)


def growth(looks: list[dict]) -> float:
    """Bytes that a record left for good."""
    records = looks[-1]["records"] - looks[0]["records"]
    return (looks[-1]["kept_mb"] - looks[0]["kept_mb"]) * 2**20 / records if records else 0.0
