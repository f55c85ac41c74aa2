"""./run fuzz --seconds N [TARGET...]: looks for inputs that break a promise of a parser, N seconds a target.

Each fuzz_<target>.c runs under clang's libFuzzer with both sanitizers, from its seeds in corpus/<target> and from what
earlier runs found worth keeping (build/fuzz/corpus). An input that breaks something is kept in build/fuzz/findings; put
it into corpus/<target> under a name that states the fact, and the group `fuzz` of ./run test feeds it for ever. The last
line is "N targets, M findings".
"""
import argparse
import concurrent.futures
import dataclasses
import os
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
BUILD = pathlib.Path(os.environ.get("KERJA_BUILD", HERE.parents[1] / "build" / "fuzz"))
INPUT_TIMEOUT_S = 20  # one input; a parser that takes longer can be held up by whoever sends it
MEMORY_MB = 2048
END_S = 120  # beyond its time, for the start and the statistics
SHOWN = 40  # lines of a finding


@dataclasses.dataclass
class Outcome:
    target: str
    executions: int
    finding: str  # empty: none


def targets() -> list[str]:
    return sorted(path.stem.removeprefix("fuzz_") for path in HERE.glob("fuzz_*.c"))


def fuzz(target: str, seconds: int, seed: int) -> Outcome:
    grown, findings = BUILD / "corpus" / target, BUILD / "findings"
    grown.mkdir(parents=True, exist_ok=True)
    findings.mkdir(exist_ok=True)
    command = [BUILD / "tests" / "fuzz" / f"fuzz_{target}", f"-max_total_time={seconds}", f"-timeout={INPUT_TIMEOUT_S}",
               f"-rss_limit_mb={MEMORY_MB}", f"-seed={seed}", "-print_final_stats=1",
               f"-artifact_prefix={findings}/{target}-", grown, HERE / "corpus" / target]
    try:
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True, errors="replace",
                              timeout=seconds + END_S, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        return Outcome(target, 0, f"it did not end within {seconds + END_S} s")
    executions = re.search(r"^stat::number_of_executed_units: (\d+)$", done.stderr, re.M)
    finding = "" if done.returncode == 0 and executions else interesting(done.stderr) or f"status {done.returncode}"
    return Outcome(target, int(executions[1]) if executions else 0, finding)


def interesting(text: str) -> str:
    """What it said without what it says of itself."""
    lines = [line for line in text.splitlines() if line and not re.match(r"#\d+\s|INFO:|\s*NEW_FUNC|stat::", line)]
    return "\n".join(lines[:SHOWN])


def main() -> int:
    parser = argparse.ArgumentParser(prog="fuzz", description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--seed", type=int, default=0, help="of the changes to inputs; 0: another one every time")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(targets()))
    options = parser.parse_args()
    unknown = set(options.targets) - set(targets())
    if unknown:
        parser.error(f"there is no target {', '.join(sorted(unknown))}")
    chosen = options.targets or targets()
    found = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for one in pool.map(lambda target: fuzz(target, options.seconds, options.seed), chosen):
            found += bool(one.finding)
            print(f"{one.target}: {one.executions} executions, {'a finding' if one.finding else 'no finding'}", flush=True)
            if one.finding:
                print(one.finding, flush=True)
    if found:
        print(f"the inputs are in {BUILD / 'findings'}")
    print(f"{len(chosen)} targets, {found} findings", flush=True)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
