"""The private servers: they answer, survive what tests do to them, and never outlive who started them."""
import datetime
import os
import signal
import subprocess
import sys
import threading

import psycopg2
import pytest

import harness
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
    program = ("import sys, harness, pathlib, time\n"
               "process = harness.Process('sleeper', pathlib.Path(sys.argv[1]))\n"
               "process.start(['sleep', '600'])\n"
               "print(process.pid, process.started_ticks, flush=True)\n"
               "time.sleep(600)\n")
    parent = subprocess.Popen([sys.executable, "-c", program, str(tmp_path / "log")], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": str(ROOT / "tests")})
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


def test_an_event_reads_back_as_it_was_written():
    events = harness.Events()
    value = events.encode("timer.completion", timer("reminder"))
    assert value[:2] == b"\xc3\x01"
    assert events.decode(value)["kind"] == "reminder"
    assert events.decode(b"\xc3\x01garbage!") is None
