"""./run analyse --valgrind and --sanitizers: all our programs on real servers, with every access to memory watched.

A small wave is played from application to payment by the three workers and whatever of `kerja` that needs; then the
workers are asked to end, and drain. A finding is an error that the tool tells, a byte that is definitely lost, and a
worker that does not end by itself with status 0. The last line is "N processes, M findings".

  valgrind     memcheck over the build dev; it reads what the libraries do too, and valgrind.supp says what of that we pass over
  sanitizers   the build asan: AddressSanitizer, UndefinedBehaviorSanitizer and, at the end, LeakSanitizer
"""
import os
import pathlib
import re
import shlex
import shutil
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
TOOL = sys.argv[1].removeprefix("--")
FOLDER = ROOT / ".run" / TOOL
REPORTS = FOLDER.parent / f"{TOOL}-reports"
BUILD = pathlib.Path(os.environ.get("KERJA_BUILD", ROOT / "build" / {"valgrind": "dev", "sanitizers": "asan"}[TOOL]))
END_S = 120
SHOWN = 60  # lines of a report
MEMCHECK = ["valgrind", "--leak-check=full", "--show-leak-kinds=definite", "--errors-for-leak-kinds=definite",
            "--num-callers=30", "--soname-synonyms=somalloc=*jemalloc*", "--child-silent-after-fork=yes",
            f"--suppressions={HERE / 'valgrind.supp'}", f"--log-file={REPORTS}/%p.log"]
# A worker that is thirty times slower must not be taken for a dead one.
PATIENT = {"KERJA_TRANSACTION_TIMEOUT": "60s", "KERJA_SESSION_TIMEOUT": "3m", "KERJA_MAX_POLL_INTERVAL": "10m"}


def watched() -> pathlib.Path:
    """A build whose programs are our own, with the tool before them and workers that are patient."""
    wrapped, tool = REPORTS / "build", MEMCHECK if TOOL == "valgrind" else []
    for program in ("application/kerja-application", "completion/kerja-completion", "incentive/kerja-incentive", "ctl/kerja"):
        path = wrapped / "services" / program
        path.parent.mkdir(parents=True)
        settings = "" if program == "ctl/kerja" else "".join(f"export {name}={value}\n" for name, value in PATIENT.items())
        path.write_text(f"#!/bin/sh\n{settings}exec {shlex.join([*tool, str(BUILD / 'services' / program)])} \"$@\"\n")
        path.chmod(0o755)
    return wrapped


def play() -> list[str]:
    """What became of the workers, where it is not what it should be."""
    sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "integration")]
    from chain.world import Wave, World  # reads KERJA_BUILD

    class Short(World):
        waves = [Wave(69, 16, 4, seed=3, closed="2024-06-06", notice_day="2024-06-10", end="2025-07-01")]

    found = []
    with Short(FOLDER) as world:
        world.play()
        world.kerja("status", "--json")
        for service, worker in world.workers.items():
            if not worker.stop(END_S) or worker.process.exit_status() != 0:
                found.append(f"kerja-{service} ended with status {worker.process.exit_status()}\n{worker.process.log_tail(40)}")
    return found


def told(report: pathlib.Path) -> str:
    """What the tool found in one process, or nothing."""
    text = report.read_text(errors="replace")
    if TOOL == "sanitizers":
        return "\n".join(text.splitlines()[:SHOWN])
    lost = re.search(r"definitely lost: ([\d,]+) bytes", text)
    errors = re.search(r"ERROR SUMMARY: ([\d,]+) errors", text)
    if errors and errors[1] == "0" and (not lost or lost[1] == "0"):
        return ""
    return "\n".join(line for line in text.splitlines()[:SHOWN] if line.strip("=0123456789 "))


def main() -> int:
    shutil.rmtree(REPORTS, ignore_errors=True)
    REPORTS.mkdir(parents=True)
    os.environ["KERJA_BUILD"] = str(watched())
    os.environ["ASAN_OPTIONS"] = f"detect_leaks=1:log_path={REPORTS}/asan"
    os.environ["UBSAN_OPTIONS"] = f"print_stacktrace=1:log_path={REPORTS}/ubsan"
    os.environ["LSAN_OPTIONS"] = f"suppressions={HERE / 'leaks.supp'}:print_suppressions=0"
    try:
        found = play()
    except AssertionError as failed:  # a command that ended badly, mostly because of what its report tells
        found = [str(failed)]
    reports = sorted(path for path in REPORTS.iterdir() if path.is_file())
    found += [said for said in map(told, reports) if said]
    for finding in found:
        print(finding, end="\n\n", flush=True)
    processes = f"{len(reports)} processes" if TOOL == "valgrind" else "every process"
    print(f"{processes}, {len(found)} findings", flush=True)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
