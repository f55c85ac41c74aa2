"""Several seeds of ./run faults --kills, each a run of its own with fresh servers, and what they come to together."""
import collections
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

from faults import points
from faults.findings import UNCHECKED
from harness.paths import ROOT

COUNT = re.compile(rf"([\w-]+)=(\d+|{UNCHECKED})")
COUNTED = ("kills=", "points ")  # what the two lines begin with that are added up
ALL_POINTS_ACTS = 1000  # from so many acts on every fault point must have been hit
TOLD_ON = ("KERJA_BROKERS", "KERJA_KAFKA_VERSION", "KERJA_PARTITIONS")  # what else a seed's run depends on


def run(folder: pathlib.Path, numbers: list[int], options) -> int:
    """0 when every seed ended with nothing found; a seed that did not is named, and how to run it again."""
    shares = [options.kills // len(numbers) + (place < options.kills % len(numbers)) for place in range(len(numbers))]
    with concurrent.futures.ThreadPoolExecutor(options.at_once) as at_once:
        ends = list(at_once.map(lambda of: one(folder, *of, options), zip(numbers, shares)))
    failed = [number for number, end in zip(numbers, ends) if end is None or end["status"]]
    for number, share in zip(numbers, shares):
        if number in failed:
            print(f"seed {number} failed; again: {again(number, share, options)}")
    total = added(ends)
    hits = {name: total.pop(name, 0) for name in points.names()}
    print("points " + " ".join(f"{name}={count}" for name, count in hits.items()))
    never = [name for name, count in hits.items() if not count]
    if never:
        print(f"never hit: {', '.join(never)}")
    print(f"seeds={len(numbers)} failed={len(failed)} " + " ".join(f"{name}={count}" for name, count in total.items()), flush=True)
    return 1 if failed or (never and total["acts"] >= ALL_POINTS_ACTS) else 0


def added(ends: list[dict | None]) -> dict[str, int | str]:
    """What was found in all of them; where one did not check, or ended without saying, none found is not known to be none."""
    total: dict[str, int] = {}
    unchecked: set[str] = set()
    for name, count in ((name, count) for end in ends if end for name, count in end.items() if name != "status"):
        total[name] = total.get(name, 0) + (0 if count == UNCHECKED else count)
        unchecked |= {name} if count == UNCHECKED or None in ends else set()
    return {name: UNCHECKED if not count and name in unchecked else count for name, count in total.items()}


def words(number: int, kills: int, options) -> list[str]:
    people = ["--people", str(options.people)] if options.people else []
    return ["--kills", str(kills), "--seed", str(number), "--services", options.services, *people]


def again(number: int, kills: int, options) -> str:
    """The command that runs a seed as it was run."""
    settings = [f"{name}={os.environ[name]}" for name in TOLD_ON if name in os.environ]
    return " ".join([*settings, "./run faults", *words(number, kills, options)])


def one(folder: pathlib.Path, number: int, kills: int, options) -> dict[str, int | str] | None:
    """The counts of its last lines, and its exit status; None when it ended without them."""
    own = folder.with_name(f"{folder.name}-{number}")
    command = [sys.executable, "-m", "harness", "script", "--folder", own, "--", ROOT / "tests/faults/faults.py",
               *words(number, kills, options)]
    lines: dict[str, str] = {}
    with subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE) as process:
        for line in process.stdout:
            print(f"seed {number}: {line.rstrip()}", flush=True)
            lines.update({begin: line for begin in COUNTED if line.startswith(begin)})
    counts = {name: count if count == UNCHECKED else int(count)
              for begin in COUNTED for name, count in COUNT.findall(lines.get(begin, ""))}
    return {**counts, "status": process.returncode} if "kills=" in lines else None
