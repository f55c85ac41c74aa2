"""What the runner counts."""
import os
import signal
import subprocess
import sys

import pytest

import run_tests
from harness.paths import ROOT
from harness.process import PATIENCE_S, Process, wait_until

CASES = {
    "two pass": (0, "[ RUN      ] a\n[       OK ] a\n[ RUN      ] b\n[       OK ] b\n", (2, 0)),
    "one of two fails": (1, "[ RUN      ] a\n[  FAILED  ] a\n[ RUN      ] b\n[       OK ] b\n", (1, 1)),
    "the second crashes": (-11, "[ RUN      ] a\n[       OK ] a\n[ RUN      ] b\n", (1, 1)),
    "all pass, then the sanitizer speaks": (1, "[ RUN      ] a\n[       OK ] a\nERROR: LeakSanitizer\n", (1, 1)),
    "a skipped one is neither": (0, "[ RUN      ] a\n[  SKIPPED ] a\n", (0, 0)),
    "not cmocka, well": (0, "0 crashes\n", (1, 0)),
    "not cmocka, ill": (3, "", (0, 1)),
}


@pytest.mark.parametrize("name", CASES)
def test_cmocka_cases_are_counted(name):
    status, output, (passed, failed) = CASES[name]
    result = run_tests.count_cmocka("program", status, output)
    assert (result.passed, result.failed) == (passed, failed)
    assert bool(result.failures) == bool(failed)


SIMULATIONS = {
    "all caught, no violation": (0, "caught a seed=1\ncaught b seed=9\nseeds=5 violations=0\n", (3, 0)),
    "a variant missed": (1, "caught a seed=1\nNOT CAUGHT b\nseeds=5 violations=0\n", (2, 1)),
    "a violation": (1, "caught a seed=1\nseeds=5 violations=1\n", (1, 1)),
    "ten violations": (1, "seeds=50 violations=10\n", (0, 1)),
    "died before it ended": (-6, "caught a seed=1\n", (1, 1)),
    "ended badly after all was well": (1, "caught a seed=1\nseeds=5 violations=0\n", (1, 1)),
}


@pytest.mark.parametrize("name", SIMULATIONS)
def test_simulated_variants_are_counted(name):
    status, output, (passed, failed) = SIMULATIONS[name]
    result = run_tests.count_simulation(status, output)
    assert (result.passed, result.failed) == (passed, failed)


def test_a_python_test_that_fails_is_shown_in_full(tmp_path):
    path = tmp_path / "test_it.py"
    path.write_text("def test_good(): pass\ndef test_bad(): assert 1 == 2, 'why it failed'\n")
    result = run_tests.pytest(path)
    assert (result.passed, result.failed) == (1, 1)
    assert "why it failed" in result.failures[0]


def test_a_file_that_does_not_import_is_a_failure(tmp_path):
    path = tmp_path / "test_it.py"
    path.write_text("import no_such_module\ndef test_good(): pass\n")
    assert run_tests.pytest(path).failed == 1


def test_a_program_that_hangs_is_ended():
    status, output = run_tests.run(["sh", "-c", "echo begun; exec sleep 600"], timeout_s=10)
    assert status == -1 and "begun" in output


def test_a_program_that_asks_finds_nobody_there():
    assert run_tests.run(["sh", "-c", "read answer || exit 7"], timeout_s=PATIENCE_S)[0] == 7


def test_files_side_by_side_are_counted_together_and_shown_apart(tmp_path):
    files = [tmp_path / f"test_{number}.py" for number in range(4)]
    for number, path in enumerate(files):
        path.write_text(f"def test_good(): pass\ndef test_bad(): assert {number} % 2, 'failure {number}'\n")
    result = run_tests.side_by_side(3, run_tests.pytest, files)
    assert (result.passed, result.failed) == (6, 2)
    assert ["failure 0" in one for one in result.failures] == [True, False]
    assert ["failure 2" in one for one in result.failures] == [False, True]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_an_interrupted_run_ends_what_its_tests_started(tmp_path, number):
    paths, places = [tmp_path / f"test_{name}.py" for name in "ab"], [tmp_path / f"{name}.pid" for name in "ab"]
    for path, place in zip(paths, places):
        path.write_text("import harness, pathlib, time\n"
                        "def test_that_takes_long(tmp_path):\n"
                        "    process = harness.Process('sleeper', tmp_path / 'log')\n"
                        "    process.start(['sleep', '600'])\n"
                        f"    pathlib.Path('{place}').write_text(f'{{process.pid}} {{process.started_ticks}} .')\n"
                        "    time.sleep(600)\n")
    program = ("import sys, pathlib, run_tests\n"
               "paths = list(map(pathlib.Path, sys.argv[1:]))\n"
               "sys.exit(run_tests.interruptible(lambda: run_tests.side_by_side(2, run_tests.pytest, paths).failed))\n")
    run = subprocess.Popen([sys.executable, "-c", program, *paths], stderr=subprocess.DEVNULL,
                           env={**os.environ, "PYTHONPATH": str(ROOT / "tests")})
    assert wait_until(lambda: all(place.exists() and place.read_text().endswith(".") for place in places), PATIENCE_S)
    sleepers = [Process("sleeper", tmp_path / "log") for _ in places]
    for sleeper, place in zip(sleepers, places):
        sleeper.attach(*map(int, place.read_text().split()[:2]))
        assert sleeper.alive()
    run.send_signal(number)
    assert run.wait(PATIENCE_S) == {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGKILL: -9}[number]
    assert all(sleeper.wait_end(PATIENCE_S) for sleeper in sleepers)
