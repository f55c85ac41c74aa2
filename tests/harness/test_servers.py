"""The private servers: they answer, survive what tests do to them, and never outlive who started them."""
import datetime
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import threading
import time
import types

import psycopg2
import pytest

import harness
from harness import process
from harness.paths import ROOT
from harness.process import Process, family, free_port


def query(servers, sql):
    connection = psycopg2.connect(servers.postgres.address, connect_timeout=5)
    connection.autocommit = True
    try:
        cursor = connection.cursor()
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else None
    finally:
        connection.close()


def test_postgres_keeps_the_safety_settings(servers):
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        assert query(servers, f"SHOW {setting}") == [("on",)]


def test_postgres_keeps_committed_rows_and_its_port_over_a_kill(servers):
    query(servers, "CREATE TABLE kept AS SELECT 7 AS number")
    port = servers.postgres.port
    servers.postgres.kill()
    with pytest.raises(psycopg2.OperationalError):
        query(servers, "SELECT 1")
    servers.postgres.start()
    assert servers.postgres.port == port
    assert query(servers, "SELECT number FROM kept") == [(7,)]


def test_kafka_keeps_records_over_a_kill(servers):
    sender = harness.Sender(servers.kafka.address)
    sender.send("timer.application", "kept", timer("before the kill"))
    sender.flush()
    servers.kafka.kill()
    servers.kafka.start()
    sender.send("timer.application", "kept", timer("after it"))
    sender.flush()
    received = list(harness.read(servers.kafka.address, ["timer.application"], quiet_s=0.5))
    assert [one.event["kind"] for one in received if one.key == "kept"] == ["before the kill", "after it"]


def timer(kind):
    return {"timer_id": "5f0c3b52-5b1e-8a55-9d1e-0a2b3c4d5e6f", "subject_id": "s", "kind": kind,
            "due_at": datetime.datetime(2023, 5, 2, tzinfo=datetime.timezone.utc), "attempt": 1}


def test_topics_have_append_time_and_are_created_once(servers):
    assert harness.topics.create(servers.kafka.address) == []
    assert harness.topics.retention_days()["application.submitted"] == 14
    assert harness.topics.retention_days()["application.decided"] == 30


def test_redis_answers_after_pause_and_resume(servers):
    servers.redis.pause()
    assert not servers.redis.usable()
    servers.redis.resume()
    assert harness.wait_until(servers.redis.usable, 10)


def test_who_was_ready_for_a_moment_was_ready():
    worker, answers = harness.Worker.__new__(harness.Worker), iter([(503, ""), (200, ""), (503, "no partition is assigned")])
    worker.process, worker.get = types.SimpleNamespace(alive=lambda: True), lambda _path: next(answers)
    worker.wait_ready(30)


def test_a_pause_has_stopped_every_thread_when_it_returns(tmp_path):
    """What still ran would answer a request that a test sends to a server that stands."""
    program = ("import itertools, sys, threading, time\n"
               "def count(file):\n"
               "    for number in itertools.count():\n"
               "        file.seek(0), file.write(str(number)), file.flush()\n"
               "for name in sys.argv[1:]:\n"
               "    threading.Thread(target=count, args=(open(name, 'w'),)).start()\n")
    counters = [tmp_path / str(thread) for thread in range(20)]
    process = Process("counters", tmp_path / "log")
    process.start([sys.executable, "-c", program, *counters])
    assert harness.wait_until(lambda: all(counter.exists() and counter.read_text() for counter in counters), 30)
    for _ in range(10):
        process.pause()
        stood = [counter.read_text() for counter in counters]
        busy = time.monotonic() + 0.05
        while time.monotonic() < busy:
            assert [counter.read_text() for counter in counters] == stood
        process.resume()
    process.kill()


def test_who_is_killed_leaves_nobody_behind(tmp_path):
    """Nor whom it was forking: as PostgreSQL's, each child leads a session of its own, and nobody finds it when its parent
    is gone."""
    sleeper = tmp_path / "sleeper"
    sleeper.symlink_to(shutil.which("sleep"))

    def named(pid: str) -> bool:
        try:
            return str(sleeper).encode() in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return False
    left = lambda: [pid for pid in os.listdir("/proc") if pid.isdigit() and named(pid)]
    for _ in range(5):
        process = Process("forking", tmp_path / "log")
        process.start(["sh", "-c", f"for number in $(seq 100); do setsid {sleeper} 60 & done; wait"])
        assert harness.wait_until(lambda: len(left()) > 20, 60, pause_s=0)
        process.kill()
        assert left() == []


def test_a_process_outlives_the_thread_that_started_it(tmp_path):
    process = Process("sleeper", tmp_path / "log")
    thread = threading.Thread(target=process.start, args=(["sleep", "60"],))
    thread.start()
    thread.join()
    assert not process.wait_end(0.5)
    process.kill()
    assert not process.alive()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_processes_end_with_the_program_that_started_them(tmp_path, number):
    """Once they are begun, however long the program took that asks the kernel to end them with it."""
    slow = tmp_path / "bin" / "setpriv"
    slow.parent.mkdir()
    slow.write_text(f'#!/bin/sh\nsleep 1\nexec {shutil.which("setpriv")} "$@"\n')
    slow.chmod(0o755)
    program = ("import sys, harness, pathlib, time\n"
               "process = harness.Process('sleeper', pathlib.Path(sys.argv[1]))\n"
               "process.start(['sleep', '600'])\n"
               "print(process.pid, process.started_ticks, flush=True)\n"
               "time.sleep(600)\n")
    parent = subprocess.Popen([sys.executable, "-c", program, str(tmp_path / "log")], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": str(ROOT / "tests"),
                                                                   "PATH": f"{slow.parent}:{os.environ['PATH']}"})
    child = Process("sleeper", tmp_path / "log")
    child.attach(*map(int, parent.stdout.readline().split()))
    assert child.alive() and child.pid in family(parent.pid)
    parent.send_signal(number)
    parent.wait(20)
    assert child.wait_end(60)


def test_a_port_is_given_to_one_program_at_a_time():
    ours = free_port()
    assert free_port(ours) == ours  # as often as it asks
    ask = "import sys; from harness.process import free_port; print(free_port(int(sys.argv[1])))"
    other = subprocess.run([sys.executable, "-c", ask, str(ours)], text=True, stdout=subprocess.PIPE, check=True,
                           env={**os.environ, "PYTHONPATH": str(ROOT / "tests")})
    assert int(other.stdout) not in (0, ours)


def test_a_port_is_given_once(monkeypatch):
    """To two servers of one program neither, or to two listeners of one broker."""
    monkeypatch.setattr(process, "PORTS", range(31_000, 31_100))
    given = [free_port() for _ in range(40)]
    assert len(set(given)) == len(given)


def test_an_event_reads_back_as_it_was_written():
    events = harness.Events()
    value = events.encode("timer.completion", timer("reminder"))
    assert value[:2] == b"\xc3\x01"
    assert events.decode(value)["kind"] == "reminder"
    assert events.decode(b"\xc3\x01garbage!") is None


def test_how_a_process_ended_is_known_while_another_asks_too(tmp_path):
    ending = Process("ending", tmp_path / "ending.log")
    ending.start(["sh", "-c", "exit 7"], dict(os.environ))
    with ending._child._waitpid_lock:  # as another thread's poll() has it
        assert harness.wait_until(lambda: not ending.alive(), 10)
        told = []
        asking = threading.Thread(target=lambda: told.append(ending.exit_status()))
        asking.start()
        asking.join(0.2)
    asking.join()
    assert told == [7]
