"""All tests, or the groups named: builds what they need, one line a group, failures in full.

The last line is `N passed, N failed`, counted in single cases: a cmocka test, a Python test, a known-bad
variant of the simulation. A program that ends badly without saying which case failed is one failed case.
"""
import concurrent.futures
import contextlib
import dataclasses
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import xml.etree.ElementTree as ElementTree

from harness.paths import ROOT

PROGRAM_TIMEOUT_S = 600
FILE_TIMEOUT_S = 1800
GRACE_S = 30  # for what is interrupted to end its servers
SEEDS = 10_000  # the rarest known-bad variant shows itself at seed 2601
CORES = os.cpu_count() or 2
LANES = min(CORES + 1, 6)  # of Python files, each with servers of its own (1 GB): they wait more than they compute
# They are begun first, so that no lane is left alone with one of them.
LONGEST = ("test_races.py", "test_chain.py", "test_worker.py", "test_conflicts.py", "test_personal_data.py", "test_replay.py")


@dataclasses.dataclass
class Result:
    passed: int = 0
    failed: int = 0
    failures: list[str] = dataclasses.field(default_factory=list)  # in full

    def add(self, other: "Result") -> None:
        self.passed += other.passed
        self.failed += other.failed
        self.failures += other.failures


_running: set[subprocess.Popen] = set()


def run(command: list, timeout_s: int = PROGRAM_TIMEOUT_S, **options) -> tuple[int, str]:
    """(status, all output); a program that does not end is ended, with status -1.

    It has a session of its own, so that a Ctrl-C reaches it once and from us (interruptible).
    """
    command = list(map(str, command))
    ending = ["env", "--default-signal=INT", "setpriv", "--pdeathsig", "INT"]  # with us, were we killed
    child = subprocess.Popen(ending + command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                             errors="replace", stdin=subprocess.DEVNULL, start_new_session=True, **options)
    _running.add(child)
    try:
        status, (output, _) = None, child.communicate(timeout=timeout_s)
    except subprocess.TimeoutExpired:
        child.kill()
        status, (output, _) = -1, child.communicate()
        output += f"\n{command[0]} did not end within {timeout_s} s"
    _running.discard(child)  # not when we are interrupted meanwhile
    return child.returncode if status is None else status, output


def interruptible(work) -> int:
    """work(), and whatever ends it, a signal too, ends what it runs. A pytest then ends its servers; who is too slow for
    that dies, and they with him."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda got, _frame: sys.exit(128 + got))
    try:
        return work()
    except KeyboardInterrupt:
        print("\n" * sys.stderr.isatty() + "run: interrupted", file=sys.stderr)
        return 130
    finally:
        for child in list(_running):
            child.send_signal(signal.SIGINT)
        deadline = time.monotonic() + GRACE_S
        for child in list(_running):
            try:
                child.wait(max(deadline - time.monotonic(), 0))
            except subprocess.TimeoutExpired:
                child.kill()


def side_by_side(lanes: int, work, items: list) -> Result:
    """The sum of work(item), in the order of the items."""
    pool = concurrent.futures.ThreadPoolExecutor(lanes)
    result = Result()
    try:
        for one in pool.map(work, items):
            result.add(one)
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()
    return result


# C: what ctest knows under a label.


def ctest_group(label: str) -> Result:
    folder = ROOT / "build" / "asan"
    status, listing = run(["ctest", "--test-dir", folder, "-L", f"^{label}$", "--show-only=json-v1"])
    if status != 0:
        return Result(failed=1, failures=[listing])
    return side_by_side(CORES, ctest_program, json.loads(listing)["tests"])


def ctest_program(test: dict) -> Result:
    properties = {entry["name"]: entry["value"] for entry in test.get("properties", [])}
    environment = dict(word.split("=", 1) for word in properties.get("ENVIRONMENT", []))
    if "command" not in test:
        return Result(failed=1, failures=[f"{test['name']} is not built"])
    status, output = run(test["command"], cwd=properties.get("WORKING_DIRECTORY", ROOT),
                         env={**os.environ, **environment, "CMOCKA_MESSAGE_OUTPUT": "STDOUT"})
    return count_cmocka(test["name"], status, output)


def count_cmocka(name: str, status: int, output: str) -> Result:
    """Counts by what each case says when it begins and when it is well; another kind of program is one case."""
    begun = len(re.findall(r"^\[ RUN      \]", output, re.M))
    passed = len(re.findall(r"^\[       OK \]", output, re.M))
    skipped = len(re.findall(r"^\[  SKIPPED \] \S+$", output, re.M))
    failed = max(begun - passed - skipped, 0)
    if begun == 0 and status == 0:
        passed = 1
    if status != 0 and failed == 0:
        failed = 1
    return Result(passed, failed, [f"{name} (status {status})\n{output}"] if failed else [])


# Python: by pytest, which writes down what it counted.


def python_group(folder: str) -> Result:
    order = {name: number for number, name in enumerate(LONGEST)}
    files = sorted((ROOT / "tests" / folder).glob("test_*.py"), key=lambda path: (order.get(path.name, len(order)), path))
    return side_by_side(LANES, pytest, files)


def pytest(path: pathlib.Path) -> Result:
    with tempfile.TemporaryDirectory() as folder:
        report = pathlib.Path(folder) / "report.xml"
        status, output = run([sys.executable, "-m", "pytest", "-q", "-p", "harness.fixtures", "-p", "no:cacheprovider",
                              f"--junitxml={report}", "--rootdir", ROOT / "tests", path], timeout_s=FILE_TIMEOUT_S, cwd=ROOT)
        if not report.exists():
            return Result(failed=1, failures=[output])
        result = Result()
        for suite in ElementTree.parse(report).iter("testsuite"):
            number = {name: int(suite.get(name, 0)) for name in ("tests", "failures", "errors", "skipped")}
            failed = number["failures"] + number["errors"]
            result.add(Result(max(number["tests"] - failed - number["skipped"], 0), failed))
    if status != 0 and result.failed == 0:
        result.failed = 1
    if result.failed:
        result.failures = [output]
    return result


def simulation() -> Result:
    program = ROOT / "build" / "release" / "tests" / "simulation" / "simulate"
    return count_simulation(*run([program, "--seeds", SEEDS])) if program.exists() else Result()


def count_simulation(status: int, output: str) -> Result:
    """The seeds are one case; each known-bad variant, which must be caught, is one more."""
    caught = len(re.findall(r"^caught ", output, re.M))
    missed = len(re.findall(r"^NOT CAUGHT ", output, re.M))
    sound = re.search(r"\bviolations=0$", output, re.M) is not None and (status == 0 or missed > 0)
    failed = missed + (not sound)
    return Result(caught + sound, failed, [f"simulate (status {status})\n{output}"] if failed else [])


# A group: what must be built, whether there is anything to run, how.
GROUPS = {
    "unit": ("asan", "unit", lambda: ctest_group("unit")),
    "decide": ("asan", "decide", lambda: ctest_group("decide")),
    "fuzz": ("asan", "fuzz", lambda: ctest_group("fuzz")),
    "harness": (None, "harness", lambda: python_group("harness")),
    "contract": ("release", "contract", lambda: python_group("contract")),
    "shape": (None, "shape", lambda: python_group("shape")),
    "simulation": ("release", "simulation", simulation),
    "integration": ("release", "integration", lambda: python_group("integration")),
}


def build(preset: str, done: dict[str, bool]) -> Result:
    """Builds a preset once; a build that fails is one failed case."""
    if preset in done:
        return Result()
    begun = time.monotonic()
    with ticking(f"build {preset}"):
        status, output = run([ROOT / "run", "build", preset], timeout_s=3600)
    done[preset] = status == 0
    say(f"build {preset}: {'done' if status == 0 else 'failed'} in {time.monotonic() - begun:.0f} s")
    if status == 0:
        return Result()
    print(output, flush=True)
    return Result(failed=1)


@contextlib.contextmanager
def ticking(what: str):
    """On a terminal, shows that it goes on, in a line that the next one takes the place of."""
    if not sys.stdout.isatty():
        yield
        return
    begun, done = time.monotonic(), threading.Event()

    def tick() -> None:
        while not done.wait(1):
            print(f"\r{what} ... {time.monotonic() - begun:.0f} s ", end="", flush=True)

    ticker = threading.Thread(target=tick)
    ticker.start()
    try:
        yield
    finally:
        done.set()
        ticker.join()
        print("\r\x1b[K", end="", flush=True)


def say(sentence: str) -> None:
    print(sentence, flush=True)


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in GROUPS]
    if unknown:
        print(f"run: no test group '{unknown[0]}'; there are: {' '.join(GROUPS)}", file=sys.stderr)
        return 2
    total, built = Result(), {}
    for name, (preset, folder, group) in GROUPS.items():
        if (names and name not in names) or not (ROOT / "tests" / folder).is_dir():
            continue
        if preset:
            total.add(build(preset, built))
            if not built[preset]:
                say(f"{name}: not run, because {preset} is not built")
                continue
        begun = time.monotonic()
        with ticking(name):
            result = group()
        for failure in result.failures:
            say(failure.rstrip())
        say(f"{name}: {result.passed} passed, {result.failed} failed in {time.monotonic() - begun:.0f} s")
        total.add(result)
    say(f"{total.passed} passed, {total.failed} failed")
    return 1 if total.failed or not total.passed else 0


if __name__ == "__main__":
    sys.exit(interruptible(lambda: main(sys.argv[1:])))
