"""./run fuzz --seconds N [TARGET...]: looks for inputs that break a promise of a parser, N seconds a target.

Each fuzz_<target>.c runs under clang's libFuzzer with both sanitizers, from its seeds in corpus/<target> and from what
earlier runs found worth keeping (build/fuzz/corpus); words/<target> has what no change of bytes comes upon. An input
that breaks something is kept in build/fuzz/findings; put it into corpus/<target> under a name that states the fact,
and the group `fuzz` of ./run test feeds it for ever.

The table says how many inputs a target was given, and how many of the lines of its parser they reached: a target that
reaches less than PARSERS asks of it is a finding too. The last line is "N targets, E executions, F findings".
"""
import argparse
import concurrent.futures
import dataclasses
import json
import os
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BUILD = pathlib.Path(os.environ.get("KERJA_BUILD", ROOT / "build" / "fuzz"))
INPUT_TIMEOUT_S = 20  # one input; a parser that takes longer can be held up by whoever sends it
MEMORY_MB = 2048
END_S = 120  # beyond its time, for the start and the statistics
SHOWN = 40  # lines of a finding
LEAST_S = 10  # a shorter run need not reach what is asked

# The parser of each target, and the percentage of its lines that inputs must reach.
PARSERS = {
    "case": ("services/ctl/try_case.c services/ctl/try_event.c services/ctl/try_line.c services/ctl/try_values.c", 70),
    "csv": ("services/ctl/csv.c services/ctl/copy_text.c", 95),
    "csv_reader": ("services/ctl/csv_reader.c", 90),
    "decode": ("common/decode/plan.c common/decode/reading.c", 75),
    "explanation": ("common/worker/explanation.c common/rules/verdict_bytes.c", 90),
    "frame": ("common/base/frame.c", 90),
    "http": ("common/http/http.c", 70),
    "json": ("common/decode/json.c common/decode/json_write.c", 80),
    "payload": ("common/worker/payload.c", 70),
    "people": ("services/ctl/population_people.c services/ctl/population_recipe.c", 75),
    "programme": ("common/rules/document.c common/rules/node.c common/rules/load.c common/rules/load_*.c"
                  " common/rules/mapping.c", 80),
    "published": ("services/ctl/report_published.c", 80),
    "register": ("services/ctl/register_file.c", 90),
    "reply": ("common/cache/cache.c", 60),
    "row": ("common/persist/columns.c common/decode/reading.c", 55),
    "secrets": ("common/seal/secrets.c common/base/properties.c", 90),
    "settings": ("common/base/config.c common/base/setting.c", 50),
    "statement": ("services/ctl/reconcile_statement.c", 90),
    "text": ("common/base/uuid.c common/base/calendar.c common/worker/tag.c services/ctl/letter.c services/ctl/seed.c"
             " services/ctl/national_id.c services/ctl/subject_id.c", 60),
}


@dataclasses.dataclass
class Outcome:
    target: str
    executions: int
    reached: int  # of a hundred lines; -1 where it did not end well
    finding: str  # empty: none


def targets() -> list[str]:
    return sorted(path.stem.removeprefix("fuzz_") for path in HERE.glob("fuzz_*.c"))


def fuzz(target: str, seconds: int, seed: int) -> Outcome:
    grown, findings, profile = BUILD / "corpus" / target, BUILD / "findings", BUILD / "profile" / f"{target}.raw"
    for folder in (grown, findings, profile.parent):
        folder.mkdir(parents=True, exist_ok=True)
    profile.unlink(missing_ok=True)
    words = HERE / "words" / target
    command = [BUILD / "tests" / "fuzz" / f"fuzz_{target}", f"-max_total_time={seconds}", f"-timeout={INPUT_TIMEOUT_S}",
               f"-rss_limit_mb={MEMORY_MB}", f"-seed={seed}", "-print_final_stats=1",
               f"-artifact_prefix={findings}/{target}-", *([f"-dict={words}"] if words.exists() else []),
               grown, HERE / "corpus" / target]
    try:
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True, errors="replace",
                              timeout=seconds + END_S, stdin=subprocess.DEVNULL,
                              env={**os.environ, "LLVM_PROFILE_FILE": str(profile)})
    except subprocess.TimeoutExpired:
        return Outcome(target, 0, -1, f"it did not end within {seconds + END_S} s")
    executions = re.search(r"^stat::number_of_executed_units: (\d+)$", done.stderr, re.M)
    if done.returncode != 0 or not executions:
        return Outcome(target, 0, -1, interesting(done.stderr) or f"status {done.returncode}")
    files, asked = PARSERS[target]
    reached = lines_reached(target, profile, files.split())
    shallow = f"it reaches {reached} % of its parser, and {asked} % are asked" if reached < asked and seconds >= LEAST_S else ""
    return Outcome(target, int(executions[1]), reached, shallow)


def lines_reached(target: str, profile: pathlib.Path, parser: list[str]) -> int:
    """Of a hundred lines of code in the parser's files."""
    merged = profile.with_suffix(".merged")
    subprocess.run(["llvm-profdata", "merge", "-sparse", profile, "-o", merged], check=True, stdin=subprocess.DEVNULL)
    files = [path for pattern in parser for path in ROOT.glob(pattern)]
    told = subprocess.run(["llvm-cov", "export", "-summary-only", f"-instr-profile={merged}",
                           BUILD / "tests" / "fuzz" / f"fuzz_{target}", *files], check=True, capture_output=True, text=True)
    lines = json.loads(told.stdout)["data"][0]["totals"]["lines"]
    return lines["covered"] * 100 // lines["count"]


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
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        outcomes = list(pool.map(lambda target: fuzz(target, options.seconds, options.seed), chosen))
    print(f"{'target':<12} {'executions':>12}  reached")
    for one in outcomes:
        print(f"{one.target:<12} {one.executions:>12,}  {f'{one.reached} %' if one.reached >= 0 else '-'}", flush=True)
    found = [one for one in outcomes if one.finding]
    for one in found:
        print(f"\n{one.target}: {one.finding}", flush=True)
    if found:
        print(f"the inputs are in {BUILD / 'findings'}")
    executions = sum(one.executions for one in outcomes)
    print(f"{len(chosen)} targets, {executions:,} executions, {len(found)} findings", flush=True)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
