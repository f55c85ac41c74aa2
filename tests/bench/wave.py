"""A wave of a million applicants, all of it real: the worker judges them, the draw ranks whom it pooled, and the worker tells
everybody and gives the seats.

Where the section `draw` measures the command alone, and twice, on people that SQL made up, here each step takes what the
step before has left.
"""
import time

import harness

from draw import NAMED, TOPIC, Command
from pipeline import drain
from stage import Stage, apart, memory_mb, say

SEATS_SHARE = 10  # a seat for so many who were pooled
LOOK_S = 0.05
LIMIT_S = 1200


def wave_figures(folder, people: int) -> dict:
    with apart(folder, "wave") as stage:
        say(f"wave: {people} applicants are sent")
        stage.loaded(stage.load(people), LIMIT_S)
        stage.query("CHECKPOINT")
        figures, _ = drain(stage)
        stage.query("VACUUM ANALYZE application.application")
        pooled = stage.query("SELECT count(*) FROM application_read.pool")[0][0]
        say(f"  judged, {figures['pipeline_events_per_s']:.0f} a second; {pooled} are pooled")
        draw_s, draw_peak_mb = drawn(stage, pooled // SEATS_SHARE)
        say(f"  drawn in {draw_s:.1f} s; the worker takes the results")
        told_s, peak_mb = told(stage)
        awards = stage.query("SELECT count(*) FROM application_read.award")[0][0]
        if awards != pooled // SEATS_SHARE:
            raise harness.Failed(f"{awards} awards were given, of {pooled // SEATS_SHARE} seats")
        judged_s = people / figures["pipeline_events_per_s"]
        return {"wave_applicants": float(people), "wave_judged_per_s": figures["pipeline_events_per_s"],
                "wave_judged_s": judged_s, "wave_pooled": float(pooled), "wave_awards": float(awards),
                "wave_draw_s": draw_s, "wave_drawn_per_s": pooled / draw_s, "wave_told_s": told_s,
                "wave_told_per_s": pooled / told_s, "wave_in_all_s": judged_s + draw_s + told_s,
                "wave_worker_peak_mb": max(figures["worker_peak_rss_mb"], peak_mb), "wave_draw_peak_mb": draw_peak_mb,
                "wave_database_mb": stage.query("SELECT pg_database_size(current_database())")[0][0] / 2**20}


def drawn(stage: Stage, seats: int) -> tuple[float, float]:
    """Seconds from closing the pool to the last result in Kafka, and the most memory of the draw."""
    kerja = Command(stage)
    kerja.run("draw", "announce", *NAMED, "--seed-file", kerja.seed)
    pool_s, _ = kerja.run("draw", "pool", *NAMED)
    draw_s, peak_mb = kerja.run("draw", *NAMED, "--seed-file", kerja.seed, "--seats", str(seats),
                               "--notice-day", "2021-08-24")
    return pool_s + draw_s, peak_mb


def told(stage: Stage) -> tuple[float, float]:
    """Seconds from the worker's start until it has decided on every result and said so, and its most memory."""
    end = stage.appended(TOPIC)
    begun = time.monotonic()
    stage.worker.start()
    done = lambda: stage.decided(TOPIC) >= end and stage.published(TOPIC) >= end
    if not harness.wait_until(done, LIMIT_S, LOOK_S):
        raise stage.worker.process.failed(f"decided {stage.decided(TOPIC)} of {end} results")
    seconds = time.monotonic() - begun
    return seconds, memory_mb(stage.worker.process.pid, "VmHWM")
