"""How large a batch, and how long to wait for it.

Over a standing backlog batches fill at once, so their size alone decides the rate: KERJA_BATCH_RECORDS. At 1,000 events a
second they never fill, so the wait alone decides how late a decision is: KERJA_LINGER.
"""
from latency import latency_figures
from stage import Stage, apart, say
from standing import SESSION, events_per_s, warm_up

SIZES = (100, 500, 1000, 2500, 5000, 10000)
LINGERS = ("0ms", "5ms", "20ms", "100ms")


def batch_figures(folder, events: int, seconds: int) -> dict:
    with apart(folder, "batch") as stage:
        warm_up(stage, events)
        sizes = [[size, *of_size(stage, size, events)] for size in SIZES]
        lingers = [[linger, *of_linger(stage, linger, seconds)] for linger in LINGERS]
    best = max(row[1] for row in sizes)
    default = next(row[1] for row in sizes if row[0] == 2500)
    return {"batch_sizes": sizes, "batch_lingers": lingers, "batch_default_to_best_ratio": default / best}


def of_size(stage: Stage, size: int, events: int) -> tuple[float, float]:
    worker = stage.another(KERJA_BATCH_RECORDS=str(size), **SESSION)
    # The least batches must be many enough to count, the largest not too few.
    rate = events_per_s(stage, [worker], min(events, size * 100))
    seconds = worker.metrics()["kerja_batch_seconds_sum"] / max(1, worker.metrics()["kerja_batch_seconds_count"])
    worker.stop()
    say(f"batches of {size}: {rate:.0f} events/s, {seconds * 1000:.1f} ms each")
    return rate, seconds * 1000


def of_linger(stage: Stage, linger: str, seconds: int) -> tuple[float, float, float]:
    stage.worker = stage.another(KERJA_LINGER=linger, **SESSION)
    figures = latency_figures(stage, seconds)
    records = figures.pop("latency_batch_records")
    say(f"linger {linger}: p50 {figures['latency_p50_ms']:.0f} ms, p99 {figures['latency_p99_ms']:.0f} ms")
    return (*figures.values(), records)
