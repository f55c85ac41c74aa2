"""Several seeds of ./run faults --kills, each a run of its own with fresh servers, and what they come to together."""
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

from harness.paths import ROOT

COUNT = re.compile(r"(\w+)=(\d+)")


def run(folder: pathlib.Path, numbers: list[int], options) -> int:
    """0 when every seed ended with nothing found; a seed that did not is named, and how to run it again."""
    shares = [options.kills // len(numbers) + (place < options.kills % len(numbers)) for place in range(len(numbers))]
    with concurrent.futures.ThreadPoolExecutor(options.at_once) as at_once:
        ends = list(at_once.map(lambda of: one(folder, *of, options), zip(numbers, shares)))
    total: dict[str, int] = {}
    failed = [number for number, end in zip(numbers, ends) if end is None or end["status"]]
    for end in filter(None, ends):
        for name, count in end.items():
            if name != "status":
                total[name] = total.get(name, 0) + count
    for number, share in zip(numbers, shares):
        if number in failed:
            print(f"seed {number} failed; again: ./run faults --kills {share} --seed {number} --people {options.people}")
    print(f"seeds={len(numbers)} failed={len(failed)} " + " ".join(f"{name}={count}" for name, count in total.items()), flush=True)
    return 1 if failed else 0


def one(folder: pathlib.Path, number: int, kills: int, options) -> dict[str, int] | None:
    """The counts of its last line, and its exit status; None when it ended without one."""
    own = folder.with_name(f"{folder.name}-{number}")
    command = [sys.executable, "-m", "harness", "script", "--folder", own, "--", ROOT / "tests/faults/faults.py",
               "--kills", str(kills), "--seed", str(number), "--people", str(options.people), "--services", options.services]
    last = ""
    with subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE) as process:
        for line in process.stdout:
            print(f"seed {number}: {line.rstrip()}", flush=True)
            last = line if line.startswith("kills=") else last
    counts = {name: int(count) for name, count in COUNT.findall(last)}
    return {**counts, "status": process.returncode} if counts else None
