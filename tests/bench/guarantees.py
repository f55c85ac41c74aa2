"""What exactly once costs, against at least once on the same work.

kerja-application takes backlogs of the same size in three ways, told by names of common/base/broken.h: as it is; without
Kafka transactions (an idempotent producer, offsets committed when all reports are in); and the same again without storing
outputs in PostgreSQL. It is one program, built with those ways in it; decisions, rows, fsync and all else are the same.
The order is there and back, so that tables that grow harm all three alike.
"""
import harness
from harness.paths import build

from stage import apart, process_cpu_s, say
from standing import SESSION, events_per_s, stop, warm_up

WAYS = {"exactly_once": "", "at_least_once": "no-transaction", "no_outbox": "at-least-once"}
OUTPUTS = "application.decided"  # one for each applicant, and behind those of a transaction its marker


def guarantees_figures(folder, events: int) -> dict:
    program = build("broken") / "services" / "application" / "kerja-application"
    names = list(WAYS)
    rates: dict[str, list[float]] = {name: [] for name in names}
    cpu_us: dict[str, list[float]] = {name: [] for name in names}
    with apart(folder, "guarantees") as stage:
        warm_up(stage, events)
        for name in names + names[::-1]:
            stood = stage.appended(OUTPUTS)
            worker = stage.another(program=program, BREAK_KERJA=WAYS[name], **SESSION)
            begun_s: list[float] = []
            rate = events_per_s(stage, [worker], events, lambda: begun_s.append(
                process_cpu_s(worker.process.pid) + stage.postgres_cpu_s()))
            ended_s = process_cpu_s(worker.process.pid) + stage.postgres_cpu_s()
            stop([worker])
            markers = stage.appended(OUTPUTS) - stood - events
            if (markers > 0) != (name == "exactly_once"):
                raise harness.Failed(f"{name} left {markers} markers of transactions")
            rates[name].append(rate)
            cpu_us[name].append((ended_s - begun_s[0]) / events * 1e6)
            say(f"{name}: {rate:.0f} events/s, {cpu_us[name][-1]:.1f} us of CPU an event")
    rate, cpu = ({name: sum(values) / len(values) for name, values in of.items()} for of in (rates, cpu_us))
    return {**{f"{name}_events_per_s": value for name, value in rate.items()},
            **{f"{name}_cpu_us_per_event": value for name, value in cpu.items()},
            "exactly_once_to_at_least_once_ratio": rate["exactly_once"] / rate["at_least_once"],
            "exactly_once_to_no_outbox_ratio": rate["exactly_once"] / rate["no_outbox"]}
