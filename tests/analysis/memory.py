"""./run analyse --valgrind, --sanitizers and --threads: our programs on real servers, with every access to memory watched.

A small wave is played from application to payment by the three workers and whatever of `kerja` that needs; then the
workers are asked to end, and drain. A finding is an error that the tool tells, a byte that is definitely lost, and a
worker that does not end by itself with status 0; and, lest silence be taken for soundness, a mistake of planted.c that is
not told, and a program of ours that the tool did not run. The last line is "N processes, M findings".

  valgrind     memcheck over the build dev; it reads what the libraries do too, and valgrind.supp says what of that we pass over
  sanitizers   the build asan: AddressSanitizer, UndefinedBehaviorSanitizer and, at the end, LeakSanitizer
  threads      helgrind over the three workers of the build dev: what two threads read and write without an order between
               them; threads.supp says what of that we pass over. The wave ends days after its draw: it is slow
"""
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
TOOL = sys.argv[1].removeprefix("--")
FOLDER = ROOT / ".run" / TOOL
REPORTS = FOLDER.parent / f"{TOOL}-reports"
BUILD = pathlib.Path(os.environ.get("KERJA_BUILD", ROOT / "build" / {"sanitizers": "asan"}.get(TOOL, "dev")))
END_S = 120
SHOWN = 60  # lines of a report
VALGRIND = ["valgrind", "--num-callers=30", "--soname-synonyms=somalloc=*jemalloc*", "--child-silent-after-fork=yes",
            f"--suppressions={HERE / TOOL}.supp", f"--log-file={REPORTS}/%p.log"]
BEFORE = {"valgrind": [*VALGRIND, "--leak-check=full", "--show-leak-kinds=definite", "--errors-for-leak-kinds=definite"],
          # A stack is its thread's own here, and twice the work to look at.
          "threads": [*VALGRIND, "--tool=helgrind", "--check-stack-refs=no"], "sanitizers": []}[TOOL]
# Each process leaves a report: where it has no finding, a sanitizer's is of what was allocated.
NO_FINDING = "AddressSanitizer exit stats:"
WORKERS = ["services/application/kerja-application", "services/completion/kerja-completion",
           "services/incentive/kerja-incentive"]
COMMAND, PLANTED = "services/ctl/kerja", "tests/analysis/planted"
WATCHED = WORKERS if TOOL == "threads" else [*WORKERS, COMMAND]
END = "2024-06-20" if TOOL == "threads" else "2025-07-01"
# A worker that is thirty times slower must not be taken for a dead one.
PATIENT = {"KERJA_TRANSACTION_TIMEOUT": "60s", "KERJA_SESSION_TIMEOUT": "3m", "KERJA_MAX_POLL_INTERVAL": "10m"}
# What planted.c does wrong, and how the tool tells it.
MISTAKES = {"valgrind": {"overflow": "Invalid write of size 1", "leak": "definitely lost: 40 bytes"},
            "threads": {"race": "Possible data race during write of size 4"},
            "sanitizers": {"overflow": "heap-buffer-overflow", "leak": "40 byte(s) leaked",
                           "arithmetic": "signed integer overflow"}}[TOOL]


def watched() -> pathlib.Path:
    """A build whose programs are our own, with the tool before them and workers that are patient."""
    wrapped = REPORTS / "build"
    for program in (*WORKERS, COMMAND, PLANTED):
        path = wrapped / program
        path.parent.mkdir(parents=True)
        settings = "".join(f"export {name}={value}\n" for name, value in PATIENT.items()) if program in WORKERS else ""
        tool = BEFORE if program in (*WATCHED, PLANTED) else []
        path.write_text(f"#!/bin/sh\n{settings}exec {shlex.join([*tool, str(BUILD / program)])} \"$@\"\n")
        path.chmod(0o755)
    return wrapped


def reports() -> list[pathlib.Path]:
    return sorted(path for path in REPORTS.iterdir() if path.is_file())


def overlooked(planted: pathlib.Path) -> list[str]:
    """What planted.c does wrong and is not told, by a report or by its end. Its reports are taken away again."""
    found = []
    for mistake, words in MISTAKES.items():
        done = subprocess.run([planted, mistake], capture_output=True, text=True, timeout=END_S, stdin=subprocess.DEVNULL)
        said = "\n".join([*map(told, reports()), done.stderr if done.returncode != 0 else ""])
        if words not in said:
            found.append(f"{TOOL} says nothing of the {mistake} that planted.c makes: {said.strip() or 'no report'}")
        for report in reports():
            report.unlink()
    return found


def play() -> list[str]:
    """What became of the workers, where it is not what it should be."""
    sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "integration")]
    from chain.world import Wave, World  # reads KERJA_BUILD

    class Short(World):
        waves = [Wave(69, 16, 4, seed=3, closed="2024-06-06", notice_day="2024-06-10", end=END)]

    found = []
    with Short(FOLDER) as world:
        world.play()
        world.kerja("status", "--json")
        for service, worker in world.workers.items():
            if not worker.stop(END_S) or worker.process.exit_status() != 0:
                found.append(f"kerja-{service} ended with status {worker.process.exit_status()}\n{worker.process.log_tail(40)}")
    return found


def program_of(report: pathlib.Path) -> str:
    if TOOL == "sanitizers":
        return report.name.split(".")[1]
    ran = re.search(r"Command: (\S+)", report.read_text(errors="replace"))
    return pathlib.Path(ran[1]).name if ran else ""


def told(report: pathlib.Path) -> str:
    """What the tool found in one process, or nothing."""
    text = report.read_text(errors="replace")
    if TOOL == "sanitizers":
        sound = text.startswith(NO_FINDING) and "ERROR: " not in text and "runtime error: " not in text
        return "" if sound else "\n".join(text.splitlines()[:SHOWN])
    lost = re.search(r"definitely lost: ([\d,]+) bytes", text)
    errors = re.search(r"ERROR SUMMARY: ([\d,]+) errors", text)
    if errors and errors[1] == "0" and (not lost or lost[1] == "0"):
        return ""
    return "\n".join(line for line in text.splitlines()[:SHOWN] if line.strip("=0123456789 "))


def main() -> int:
    shutil.rmtree(REPORTS, ignore_errors=True)
    REPORTS.mkdir(parents=True)
    wrapped = watched()
    os.environ["KERJA_BUILD"] = str(wrapped)
    os.environ["ASAN_OPTIONS"] = f"detect_leaks=1:atexit=1:log_exe_name=1:log_path={REPORTS}/asan"
    os.environ["UBSAN_OPTIONS"] = "print_stacktrace=1"  # beside the other it writes to no file: the status tells
    os.environ["LSAN_OPTIONS"] = f"suppressions={HERE / 'leaks.supp'}:print_suppressions=0"
    found = overlooked(wrapped / PLANTED)
    try:
        found += [] if found else play()  # who is blind need not look
    except AssertionError as failed:  # a command that ended badly, mostly because of what its report tells
        found.append(str(failed))
    found += [said for said in map(told, reports()) if said]
    ran = set(map(program_of, reports()))
    found += [f"{TOOL} did not watch {program}" for program in WATCHED if pathlib.Path(program).name not in ran]
    for finding in found:
        print(finding, end="\n\n", flush=True)
    print(f"{len(reports())} processes, {len(found)} findings", flush=True)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
