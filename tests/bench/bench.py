"""What Kerja costs: kerja-application on real servers, in `name=value` lines.

    ./run bench [--quick] [--only NAME]... [--full]

Sections, by name; each prints its progress, and all figures come at the end:

    decode      what Avro C, and common/decode, take to read one application.submitted
    pipeline    one worker and a backlog: events a second from the first commit to lag zero, CPU, memory;
                then PostgreSQL alone with the same rows (postgres_only.c), in the same run
    latency     1,000 events a second: from sending to a read_committed reader
    growth      CPU of worker and PostgreSQL an event with 100,000 and with 1,000,000 people in the tables
    draw        a million pooled people drawn, killed at a third and repeated, verified by two programs;
                and PostgreSQL alone ranking the same pool
    chain       people a second through all three services, from registration to second instalment

and those that only --full runs unasked, each on servers of its own:

    burst       the launch: ten minutes of 80,000 applications a minute, a fifth of them repeats
    wave        a million applicants judged by the worker, drawn, and told by it
    backlog     an hour's applications after an outage of PostgreSQL: how long until lag is zero
    workers     two workers of application against one
    batch       batch size against events a second, linger against latency
    guarantees  exactly once against at least once on the same work
    profile     where the time goes: a flame graph, PostgreSQL's statements, WAL and bytes
    soak        an hour at half the burst's load: memory, tables, lag

What was measured whole is kept in .run/figures, a file a section. --full runs everything, or with --only the sections
named, and writes docs/benchmarks.md of all that is kept. Only ratios are judged, and only in words: absolute figures
belong to the machine they were taken on.
"""
import argparse
import pathlib
import subprocess
import time

import harness
from harness.paths import BUILD

import kept
import page
from backlog import backlog_figures
from batch import batch_figures
from burst import burst_figures
from chain import chain_figures
from draw import draw_figures
from floors import judged
from growth import growth_figures
from guarantees import guarantees_figures
from latency import latency_figures
from machine import Others
from pipeline import pipeline_figures
from profiling import profile_figures
from soak import soak_figures
from stage import Stage, say
from wave import wave_figures
from workers import workers_figures

PROGRAMS = BUILD / "tests" / "bench"


def decode_figures() -> dict:
    output = subprocess.run([PROGRAMS / "bare_decode"], check=True, stdout=subprocess.PIPE, text=True).stdout
    return {name: float(value) for name, _, value in (line.partition("=") for line in output.split())}


class Bench:
    """What the sections of a run share."""

    def __init__(self, options):
        self.options = options
        self.servers = harness.current()  # the common ones; a section apart has its own
        self.folder: pathlib.Path = self.servers.folder
        self._stage: Stage | None = None

    @property
    def stage(self) -> Stage:
        """The common one, which is made when the first section asks for it."""
        if self._stage is None:
            say("making the tables and publishing the programme")
            self._stage = Stage(self.servers)
            self._stage.prepare()
        return self._stage

    def of(self, whole, quick):
        return quick if self.options.quick else whole


def decode(_bench: Bench) -> dict:
    say("reading application.submitted with Avro C alone")
    return decode_figures()


def pipeline(bench: Bench) -> dict:
    bare = decode_figures()["bare_decode_us_per_event"]
    figures = pipeline_figures(bench.stage, bench.of(bench.options.events, 30_000))
    return {**figures, "worker_cpu_to_bare_decode_ratio": figures["worker_cpu_us_per_event"] / bare}


def latency(bench: Bench) -> dict:
    return latency_figures(bench.stage, bench.of(30, 5))


def growth(bench: Bench) -> dict:
    return growth_figures(bench.stage, bench.of((100_000, 1_000_000), (10_000, 100_000)), bench.of(240_000, 10_000))


def draw(bench: Bench) -> dict:
    return draw_figures(bench.stage, bench.of(1_000_000, 30_000))


def chain(bench: Bench) -> dict:
    return chain_figures(bench.folder, bench.of(3_000, 1_000))


def burst(bench: Bench) -> dict:
    return burst_figures(bench.folder, bench.of(bench.options.burst_minutes, 0.5))


def wave(bench: Bench) -> dict:
    return wave_figures(bench.folder, bench.of(1_000_000, 20_000))


def backlog(bench: Bench) -> dict:
    return backlog_figures(bench.folder, bench.of(60, 1))


def workers(bench: Bench) -> dict:
    return workers_figures(bench.folder, bench.of(120_000, 10_000))


def batch(bench: Bench) -> dict:
    return batch_figures(bench.folder, bench.of(60_000, 5_000), bench.of(12, 4))


def guarantees(bench: Bench) -> dict:
    return guarantees_figures(bench.folder, bench.of(120_000, 10_000))


def profile(bench: Bench) -> dict:
    return profile_figures(bench.folder, bench.of(150_000, 10_000), bench.of(kept.FLAME, bench.folder / "flame.svg"))


def soak(bench: Bench) -> dict:
    return soak_figures(bench.folder, bench.of(bench.options.soak_minutes, 1))


SHORT = {"decode": decode, "pipeline": pipeline, "latency": latency, "growth": growth, "draw": draw, "chain": chain}
LONG = {"burst": burst, "wave": wave, "backlog": backlog, "workers": workers, "batch": batch, "guarantees": guarantees,
        "profile": profile, "soak": soak}
SECTIONS = {**SHORT, **LONG}


def measure(bench: Bench, figures: dict) -> list[str]:
    """Fills in section after section; returns those that failed, which take no other's figures with them."""
    options, failed = bench.options, []
    for name in options.only or (SECTIONS if options.full else SHORT):
        begun = time.monotonic()
        try:
            with Others() as others:
                figures[name] = SECTIONS[name](bench)
        except harness.Failed as failure:
            say(f"{name} failed: {failure}")
            failed.append(name)
            continue
        say(f"{name}: {time.monotonic() - begun:.0f} s, others took {others.share:.0%} of the machine")
        if not options.quick:
            kept.keep(name, figures[name], time.monotonic() - begun, others.share)
    return failed


def main() -> None:
    parser = argparse.ArgumentParser(prog="./run bench", description="what Kerja costs, as name=value lines")
    parser.add_argument("--quick", action="store_true", help="a tenth of the work: shows that it runs, measures little")
    parser.add_argument("--only", action="append", choices=SECTIONS, help="this section; may be repeated")
    parser.add_argument("--full", action="store_true", help="all sections, over two hours, and docs/benchmarks.md")
    parser.add_argument("--events", type=int, default=300_000, help="backlog of the pipeline (300000)")
    parser.add_argument("--burst-minutes", type=float, default=10, help="(10)")
    parser.add_argument("--soak-minutes", type=float, default=60, help="(60)")
    options = parser.parse_args()
    begun = time.monotonic()
    figures: dict = {}
    failed: list[str] = []
    try:
        failed = measure(Bench(options), figures)
    finally:
        say(f"measured in {time.monotonic() - begun:.0f} s")
        for section in figures.values():
            for name, value in section.items():
                if not isinstance(value, list):
                    say(judged(name, value))
    if options.full and not options.quick:
        page.write(kept.all_kept(), kept.FLAME)
        say(f"written: {page.PAGE.relative_to(page.ROOT)}")
    if failed:
        raise SystemExit(f"failed: {' '.join(failed)}")


if __name__ == "__main__":
    main()
