"""The schedule of ./run faults is the seed's alone, and what it says it did to the workers is what happened."""
import argparse
import datetime
import itertools
import random
import subprocess
import sys
import types

import pytest

from faults import accidents, points, schedule, seeds, trouble, zombies
from faults.findings import Findings
from harness.process import Process, wait_until

LISTS = {"workers": 6, "servers": 3, "postgres": 1, "proxies": 3, "spares": 3}
PLACES = {worker: place for place, worker in enumerate(("application", "application-2", "completion", "completion-2"))}


class Clock:
    """In which nobody waits: time passes when somebody sleeps."""
    now = 0.0

    def monotonic(self): return self.now
    def strftime(self, _form): return "12:00:00"

    def sleep(self, seconds):  # of its own kind: nobody sleeps to be right
        self.now += seconds


class FakeProcess:
    """Of a worker that is up or down as the test likes, and ends as it says."""

    def __init__(self, folder, name):
        self.log, self.up, self.status, self.standing = folder / f"{name}.log", True, 0, False
        self.log.touch()

    def alive(self): return self.up
    def stands(self): return self.standing
    def exit_status(self): return None if self.up else self.status
    def log_tail(self, _lines): return ""


class FakeWorker:
    def __init__(self, folder, name):
        self.name, self.environment, self.process = name, {}, FakeProcess(folder, name)

    def launch(self, fault=""): self.process.up = True
    def get(self, _path): return 200, ""
    def pause(self): self.process.standing = True
    def resume(self): self.process.standing = False
    def wait_ready(self, _timeout_s): pass

    def kill(self):
        self.process.up, self.process.status = False, -9

    def stop(self, timeout_s):
        self.process.up = False
        return True


class FakeServer:
    """A server, or the proxy before it."""

    def __init__(self, name):
        self.name = name
        self.process = types.SimpleNamespace(stop=lambda _number: None)

    def __getattr__(self, _verb):
        return lambda *_words: None


@pytest.fixture
def troublemaker(tmp_path, monkeypatch):
    def make(seed: int = 7) -> trouble.Troublemaker:
        servers = types.SimpleNamespace(all=lambda: [FakeServer(name) for name in ("kafka", "postgres", "redis")],
                                        postgres=FakeServer("postgres"))
        network = types.SimpleNamespace(proxies=[FakeServer(name) for name in ("kafka", "postgres", "redis")])
        made = trouble.Troublemaker(servers, [FakeWorker(tmp_path, name) for name in PLACES], [FakeWorker(tmp_path, "spare")],
                                    network, seed)
        return made
    monkeypatch.setattr(trouble, "time", Clock())
    return make


def drawn(made: trouble.Troublemaker, count: int, meanwhile) -> list[schedule.Act]:
    """The acts that it does while workers go up and down."""
    acts, do = [], made.do
    made.do = lambda act: (acts.append(act), meanwhile(made), do(act))[2]
    made._run(count, lambda: None)
    assert made._failure is None and len(made.done) == count
    return acts


def all_stay(_made): pass


def some_are_down(chance: random.Random):
    def change(made):
        for worker in made.workers[1:]:
            worker.process.up = chance.random() < 0.5
    return change


def test_the_acts_of_a_seed_are_the_same_whatever_is_up(troublemaker):
    undisturbed = drawn(troublemaker(), 300, all_stay)
    for number in range(3):
        assert drawn(troublemaker(), 300, some_are_down(random.Random(number))) == undisturbed
    assert drawn(troublemaker(seed=8), 300, all_stay) != undisturbed


def test_every_kind_is_drawn_and_every_victim():
    some = list(itertools.islice(schedule.acts(3, LISTS), 1000))
    assert {one.kind for one in some} == schedule.KINDS.keys()
    assert {one.victim for one in some if schedule.KINDS[one.kind].victims == "workers"} == set(range(6))


def test_a_thousand_acts_strike_at_every_point():
    struck = [one.strike.split(":")[0] for one in itertools.islice(schedule.acts(3, LISTS), 1000) if one.strike]
    assert set(struck) == set(points.names())


def test_who_is_down_or_a_zombie_is_hit_by_the_next(troublemaker):
    made = troublemaker()
    kill = schedule.Act("kill_worker", 0, 0, 0, 60, 0)
    assert made.do(kill) == "kill -9 application"
    assert made.do(schedule.Act("make_zombie", 0, 0, 0, 60, 0)) == "zombie application-2"
    assert made.do(kill) == "kill -9 completion"
    assert made.killed == {"workers": 2}


ENDS = {"in order": ("", True, 0, 0), "with another status": ("", True, 1, 1), "by a signal of its own": ("", True, -6, 1),
        "only when killed": ("", False, -9, 1), "at its point": ("decided:exit", True, points.EXIT_STATUS, 0),
        "stopped at its point": ("decided:stop", False, -9, 0), "by a signal, though armed": ("decided:exit", True, -6, 1),
        "with a point's status, unarmed": ("", True, points.EXIT_STATUS, 1)}


@pytest.mark.parametrize("name", ENDS)
def test_an_end_that_was_asked_for_must_be_orderly(troublemaker, name):
    strike, asked_was_enough, status, bad = ENDS[name]
    made = troublemaker()
    victim = made.workers[0]
    if strike:
        made.do(schedule.Act("strike_at_point", 0, 0, 0, 0, 0, strike))
    victim.process.status = status
    victim.stop = lambda timeout_s: setattr(victim.process, "up", False) or asked_was_enough
    made.do(schedule.Act("restart_worker", 0, 0, 0, 0, 0))
    assert len(made.ended_badly) == bad


def test_a_spare_that_ends_by_itself_is_seen(troublemaker):
    made = troublemaker()
    made.do(schedule.Act("add_or_remove", 0, 0, 0, 0, 0))
    made.spares[0].process.up, made.spares[0].process.status = False, -11
    made.tend()
    assert ["spare ended by itself with status -11" in one for one in made.ended_badly] == [True]


def test_who_stops_at_its_point_sleeps_as_a_zombie_and_is_woken(troublemaker):
    made = troublemaker()
    made.do(schedule.Act("strike_at_point", 0, 0, 0, 0, 0, "decided:stop"))
    victim = made.workers[0]
    victim.process.standing = True
    made.tend()
    assert made.zombies.count == 1 and not victim.process.standing


def test_a_point_of_recovery_is_come_to_with_something_owed(troublemaker):
    """Else there is nothing to read from the outbox, and the point is hardly ever passed."""
    made = troublemaker()
    [worker, other, *_] = made.workers
    struck = []
    for one in (worker, other):
        one.launch = lambda fault=None, one=one: (struck.append(fault), setattr(one.process, "up", True))
    made.do(schedule.Act("strike_at_point", 0, 0, 0, 0, 0, "outbox-read:stop"))
    for _ in range(2):  # it falls, and once more where it was to
        worker.process.up, worker.process.status = False, points.EXIT_STATUS
        made.tend()
    assert struck == ["committed:exit", "outbox-read:stop", None] and worker.environment == {} and not made.ended_badly
    made.do(schedule.Act("strike_at_point", 1, 0, 0, 0, 0, "claimed:exit"))
    other.kill()  # by somebody else, before it fell
    made._start_at[other] = 0
    made.tend()
    assert struck[3:] == ["committed:exit", None]


def test_a_process_that_stops_itself_is_seen_to_stand(tmp_path):
    process = Process("stopping", tmp_path / "log")
    process.start([sys.executable, "-c", "import os, signal, time; os.kill(os.getpid(), signal.SIGSTOP); time.sleep(60)"])
    assert wait_until(process.stands, 30)
    process.resume()
    assert wait_until(lambda: not process.stands(), 30)
    process.kill()
    assert not process.stands()


WOKE = datetime.datetime(2026, 11, 22, 12, 0, 0, tzinfo=datetime.timezone.utc)
LOGS = {
    "told at once": (True, "at=2026-11-22T12:00:01.000000Z fact=\"partitions lost\" partitions=48\n"),
    "after a library's line": (True, "%5|rdkafka\nat=2026-11-22T12:00:01.000000Z fact=\"membership lost\"\n"),
    "nothing": (False, ""),
    "after the end of its recovery": (True, "at=2026-11-22T12:00:01.000000Z fact=recovered\n"
                                            "at=2026-11-22T12:00:01.001000Z fact=\"partitions lost\"\n"),
    "by its successor": (False, "at=2026-11-22T12:00:01.000000Z fact=started\n"
                                "at=2026-11-22T12:00:02.000000Z fact=\"partitions lost\"\n"),
    "for another reason, later": (False, "at=2026-11-22T12:00:09.000000Z fact=\"partitions lost\"\n"),
}


@pytest.mark.parametrize("name", LOGS)
def test_a_zombie_was_fenced_if_it_says_so_when_it_wakes(name):
    fenced, log = LOGS[name]
    assert zombies.found_fenced(log, WOKE) == fenced


def options(**changes) -> argparse.Namespace:
    return argparse.Namespace(**{"kills": 1000, "people": None, "services": "application", "at_once": 1, **changes})


def test_a_seed_that_failed_is_run_again_as_it_was(monkeypatch):
    monkeypatch.delenv("KERJA_KAFKA_VERSION", raising=False)
    monkeypatch.setenv("KERJA_BROKERS", "3")
    assert seeds.again(11, 334, options(people=90)) == \
        "KERJA_BROKERS=3 ./run faults --kills 334 --seed 11 --services application --people 90"


@pytest.mark.parametrize("acts, unhit, status", [(1000, None, 0), (1000, "decided", 1), (900, "decided", 0)])
def test_a_thousand_acts_that_never_hit_a_point_fail(monkeypatch, tmp_path, capsys, acts, unhit, status):
    hits = {name: int(name != unhit) for name in points.names()}
    monkeypatch.setattr(seeds, "one", lambda *_: {"kills": 200, "acts": acts // 2, **hits, "status": 0})
    assert seeds.run(tmp_path, [1, 2], options(kills=acts)) == status
    assert ("never hit: decided" in capsys.readouterr().out) == (unhit is not None)


def test_the_counts_of_a_seed_are_those_that_it_printed(monkeypatch, tmp_path):
    said = "0.1 s  12 acts\npoints decided=3 offsets-sent=0\nkills=4 acts=9 lost=0\n"
    started = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", lambda _command, **how: started(["printf", said], **how))
    assert seeds.one(tmp_path / "x", 1, 9, options()) == \
        {"kills": 4, "acts": 9, "lost": 0, "decided": 3, "offsets-sent": 0, "status": 0}


def test_what_nobody_looked_for_is_told():
    assert Findings().counts(("disordered",)) == "lost=0 twice=0 disordered=unchecked unbalanced=0 stuck=0"


def test_an_accident_that_could_not_be_staged_is_told(monkeypatch):
    def full_disk(_stage):
        raise accidents.Unable("nobody may mount here")
    stage = types.SimpleNamespace(findings=Findings(), unstaged=[], servers=None, applicants=[], said=[])
    monkeypatch.setattr(accidents, "HARMLESS", ())
    monkeypatch.setattr(accidents, "LOSSES", (full_disk,))
    monkeypatch.setattr(accidents, "check", lambda *_: None)
    monkeypatch.setattr(accidents.oracles, "check_state", lambda *_: None)
    accidents.walk(stage, lambda _sentence: None)
    assert stage.unstaged == ["full disk"]
