"""One worker and a backlog, and PostgreSQL alone with the same rows.

Both rates count from the first commit to the end, without the first batch: starting is not what is measured. Nor is
the broker's compiler: a backlog as large goes before, since for its first ten seconds of work Kafka's Java machine
compiles itself: with a third of it, a fifth less went through.
"""
import subprocess
import time

from harness.paths import BUILD

from stage import Stage, memory_mb, say

LOOK_S = 0.05  # between two looks at the positions
PAYLOAD = "SELECT sum(octet_length(payload))::float, sum(next_offset - from_offset)::float FROM application.outbox " \
          "WHERE topic = 'application.submitted'"


def pipeline_figures(stage: Stage, events: int) -> dict:
    say("warming the broker up")
    stage.loaded(stage.load(events))
    drain(stage)
    say(f"sending {events} applications")
    produced = stage.loaded(stage.load(events))
    stage.query("CHECKPOINT")
    say("one worker takes them")
    figures, payload = drain(stage)
    figures["kafka_produce_per_s"] = produced
    say(f"pipeline: {figures['pipeline_events_per_s']:.0f} events/s; now PostgreSQL alone with the same rows")
    figures.update(postgres_only(stage, payload))
    figures["pipeline_to_postgres_ratio"] = figures["pipeline_events_per_s"] / figures["postgres_only_events_per_s"]
    return figures


def drain(stage: Stage) -> tuple[dict, float]:
    """The worker's figures, and how many bytes of outbox an event left."""
    before = stage.decided()
    stage.worker.start()
    pid = stage.worker.process.pid
    first = first_at = 0
    payload = [0.0, 0.0]
    cpu_s = process_s = postgres_s = rss_mb = 0.0
    while True:
        decided = stage.decided()
        if decided > before and not first_at:
            first, first_at = decided, time.monotonic()
            process_s, postgres_s = stage.worker_cpu_s(), stage.postgres_cpu_s()
        if decided >= stage.records:
            break
        bytes_left, events_left = stage.query(PAYLOAD)[0]
        if events_left:
            payload = [payload[0] + bytes_left, payload[1] + events_left]
        rss_mb = max(rss_mb, memory_mb(pid, "VmRSS"))
        time.sleep(LOOK_S)
    while stage.published() < stage.records:
        time.sleep(LOOK_S)
    rest, seconds = stage.records - first, time.monotonic() - first_at
    cpu_s = stage.worker_cpu_s() - process_s
    metrics = stage.worker.metrics()
    say(f"  batches {metrics.get('kerja_batches_total', 0):.0f}, decided again {metrics.get('kerja_stale_total', 0):.0f}")
    figures = {"pipeline_events_per_s": rest / seconds,
               "worker_cpu_us_per_event": cpu_s / rest * 1e6,
               "postgres_cpu_us_per_event": (stage.postgres_cpu_s() - postgres_s) / rest * 1e6,
               "worker_rss_mb": rss_mb,
               "worker_peak_rss_mb": memory_mb(pid, "VmHWM")}
    stage.worker.stop()
    return figures, payload[0] / max(1.0, payload[1])


def postgres_only(stage: Stage, payload: float) -> dict:
    output = subprocess.run([BUILD / "tests" / "bench" / "postgres_only", stage.servers.postgres.address,
                             str(round(payload))], check=True, stdout=subprocess.PIPE, text=True).stdout
    return {name: float(value) for name, _, value in (line.partition("=") for line in output.split())}
