"""What Kerja costs: kerja-application on real servers, in `name=value` lines.

    ./run bench [--quick] [--only NAME]...

Sections, by name; each prints its progress, and all figures come at the end:

    decode      what Avro C, and common/decode, take to read one application.submitted
    pipeline    one worker and a backlog: events a second from the first commit to lag zero, CPU, memory;
                then PostgreSQL alone with the same rows (postgres_only.c), in the same run
    latency     1,000 events a second: from sending to a read_committed reader
    growth      CPU of worker and PostgreSQL an event with 100,000 and with 1,000,000 people in the tables
    draw        a million pooled people drawn, killed at a third and repeated, verified by two programs;
                and PostgreSQL alone ranking the same pool
    chain       people a second through all three services, from registration to second instalment

Only ratios are judged, and only in words: absolute figures belong to the machine they were taken on.
"""
import argparse
import subprocess
import sys
import time

import harness
from harness.paths import BUILD

from chain import chain_figures
from draw import draw_figures
from growth import growth_figures
from latency import latency_figures
from pipeline import pipeline_figures
from stage import Stage, say

PROGRAMS = BUILD / "tests" / "bench"
SECTIONS = ("decode", "pipeline", "latency", "growth", "draw", "chain")
FLOORS = {"pipeline_to_postgres_ratio": ("at least", 0.5), "worker_cpu_to_bare_decode_ratio": ("at most", 3),
          "cost_ratio_1m_100k": ("at most", 1.15)}


def decode_figures() -> dict:
    output = subprocess.run([PROGRAMS / "bare_decode"], check=True, stdout=subprocess.PIPE, text=True).stdout
    return {name: float(value) for name, _, value in (line.partition("=") for line in output.split())}


def judged(name: str, value) -> str:
    """`name=value`, and behind it the floor where there is one."""
    shown = f"{value:.0f}" if isinstance(value, float) and value >= 1000 else \
        f"{value:.2f}" if isinstance(value, float) else value
    if name not in FLOORS or not isinstance(value, float):
        return f"{name}={shown}"
    side, floor = FLOORS[name]
    reached = value >= floor if side == "at least" else value <= floor
    return f"{name}={shown} floor={floor} {'ok' if reached else 'short'}"


def measure(options, figures: dict) -> None:
    """Fills in section after section, so that a section that fails takes no other's figures with it."""
    wanted = options.only or SECTIONS
    stage = Stage(harness.current())
    if {"decode", "pipeline"} & set(wanted):
        say("reading application.submitted with Avro C alone")
        figures.update(decode_figures())
    if {"pipeline", "latency", "growth", "draw"} & set(wanted):
        say("making the tables and publishing the programme")
        stage.prepare()
    if "pipeline" in wanted:
        figures.update(pipeline_figures(stage, 30_000 if options.quick else options.events))
        figures["worker_cpu_to_bare_decode_ratio"] = \
            figures["worker_cpu_us_per_event"] / figures["bare_decode_us_per_event"]
    if "latency" in wanted:
        figures.update(latency_figures(stage, 5 if options.quick else 30))
    if "growth" in wanted:
        figures.update(growth_figures(stage, (10_000, 100_000) if options.quick else (100_000, 1_000_000),
                                      10_000 if options.quick else 60_000))
    if "draw" in wanted:
        figures.update(draw_figures(stage, 30_000 if options.quick else 1_000_000))
    if "chain" in wanted:
        figures.update(chain_figures(1_000 if options.quick else 3_000))


def main() -> None:
    parser = argparse.ArgumentParser(prog="./run bench", description="what Kerja costs, as name=value lines")
    parser.add_argument("--quick", action="store_true", help="a tenth of the work: shows that it runs, measures little")
    parser.add_argument("--only", action="append", choices=SECTIONS, help="this section; may be repeated")
    parser.add_argument("--events", type=int, default=300_000, help="backlog of the pipeline (300000)")
    options = parser.parse_args()
    begun = time.monotonic()
    figures: dict = {}
    try:
        measure(options, figures)
    finally:
        say(f"measured in {time.monotonic() - begun:.0f} s")
        for name, value in figures.items():
            say(judged(name, value))


if __name__ == "__main__":
    main()
