"""./run analyse --slow: the integration tests over workers that take their time (slow.c).

A test that believes a worker to be fast passes here a thousand times and fails in another's hands once: on a machine with
more to do, a command that is sent has not taken effect when the next one is given. Over late workers it fails at once, and
whatever waits until something is so passes. The last line is "N passed, M failed".
"""
import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import time

import run_tests

from harness.paths import BUILD, SERVICES, STATE, worker_program

LIBRARY = BUILD / "tests" / "analysis" / "libslow.so"
WRAPPED = STATE / "slow"
LATE_S = 0.5  # what slow.c takes to begin, at least


def wrap() -> pathlib.Path:
    """A build in which the workers have the library before them, and all else is as it was."""
    shutil.rmtree(WRAPPED, ignore_errors=True)
    (WRAPPED / "services").mkdir(parents=True)
    (WRAPPED / "tests").symlink_to(BUILD / "tests")
    (WRAPPED / "services" / "ctl").symlink_to(BUILD / "services" / "ctl")
    for service in SERVICES:
        program = WRAPPED / worker_program(service).relative_to(BUILD)
        program.parent.mkdir()
        program.write_text(f"#!/bin/bash\nexport LD_PRELOAD={LIBRARY}\nexec -a \"$0\" {shlex.quote(str(worker_program(service)))} \"$@\"\n")
        program.chmod(0o755)
    return WRAPPED


def late() -> bool:
    """Whether the library makes a program late: a loader that cannot read it goes on without it."""
    begun = time.monotonic()
    subprocess.run(["true"], env={**os.environ, "LD_PRELOAD": str(LIBRARY)}, check=True)
    return time.monotonic() - begun >= LATE_S


def main() -> int:
    if not late():
        print(f"run: {LIBRARY} makes nothing late", file=sys.stderr)
        return 2
    os.environ["KERJA_BUILD"] = str(wrap())
    return run_tests.main(["integration"])


if __name__ == "__main__":
    sys.exit(run_tests.interruptible(main))
