"""Several seeds of ./run faults --kills, each a run of its own with fresh servers, and what they come to together."""
import concurrent.futures
import os
import re
import subprocess
import sys

from harness import paths
from harness.paths import ROOT

SERVERS = ("KERJA_KAFKA", "KERJA_POSTGRES", "KERJA_REDIS")
COUNT = re.compile(r"(\w+)=(\d+)")


def run(servers, numbers: list[int], options) -> int:
    """0 when every seed ended with nothing found; a seed that did not is named, and how to run it again."""
    servers.stop()  # each seed has its own
    shares = [options.kills // len(numbers) + (place < options.kills % len(numbers)) for place in range(len(numbers))]
    with concurrent.futures.ThreadPoolExecutor(options.at_once) as at_once:
        ends = list(at_once.map(lambda of: one(servers.folder, *of, options), zip(numbers, shares)))
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


def one(folder, number: int, kills: int, options) -> dict[str, int] | None:
    """The counts of its last line, and its exit status; None when it ended without one."""
    environment = {name: value for name, value in os.environ.items() if name not in SERVERS}
    environment |= {"KERJA_KAFKA_VERSION": paths.KAFKA_VERSION, "KERJA_BUILD": os.fspath(paths.BUILD)}
    own = folder.with_name(f"{folder.name}-{number}")
    command = [sys.executable, "-m", "harness", "script", "--folder", own, "--", ROOT / "tests/faults/faults.py",
               "--kills", str(kills), "--seed", str(number), "--people", str(options.people), "--services", options.services]
    last = ""
    with subprocess.Popen(command, env=environment, cwd=ROOT, text=True, stdout=subprocess.PIPE) as process:
        for line in process.stdout:
            print(f"seed {number}: {line.rstrip()}", flush=True)
            last = line if line.startswith("kills=") else last
    counts = {name: int(count) for name, count in COUNT.findall(last)}
    return {**counts, "status": process.returncode} if counts else None
