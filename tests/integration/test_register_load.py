"""`kerja register load`: what a load that is not alone, is interrupted, or fails at its end leaves behind."""
import os
import signal

import psycopg2
import pytest
from confluent_kafka import Consumer, TopicPartition

import harness
from harness.process import PATIENCE_S
from service import SETTINGS, Kerja, query

LISTED = "SELECT count(*) FROM kerja.register_load WHERE register = %s"
MANY = 1_000_000  # so that it is stopped long before the last was told


@pytest.fixture(scope="module")
def known(servers):
    """Filled by the first test: application has positions in this cluster."""
    return set()


@pytest.fixture
def kerja(servers, worker, known, tmp_path):
    if not known:
        worker("application", SETTINGS).stop()
        known.add(servers)
    kerja = Kerja(servers, tmp_path)
    kerja.load = lambda register, people, *_, call=kerja, **words: (
        (tmp_path / f"{people}.csv").write_text("".join(["national_id\n", *(f"{number:016d}\n" for number in range(people))])),
        call("register", "load", register, f"{people}.csv", "--country", "ID", **words))[1]
    return kerja


def sent(servers) -> int:
    consumer = Consumer({"bootstrap.servers": servers.kafka.address, "group.id": "no-group"})
    partitions = consumer.list_topics("register.listed").topics["register.listed"].partitions
    return sum(consumer.get_watermark_offsets(TopicPartition("register.listed", one))[1] for one in partitions)


def test_of_two_loads_of_a_register_the_second_is_refused(servers, worker, kerja):
    """Each would tell that the other's people are gone."""
    one = kerja.load("BLACKLIST", 2, call=kerja.begin)  # waits for application
    assert harness.wait_until(lambda: query(servers, LISTED, "BLACKLIST") == [(2,)], PATIENCE_S)
    assert "another load of it runs" in kerja.load("BLACKLIST", 1, status=1)
    assert one.poll() is None and query(servers, LISTED, "BLACKLIST") == [(2,)]
    worker("application", SETTINGS)
    said, _ = one.communicate(timeout=PATIENCE_S)
    assert one.returncode == 0 and "2 listed, 0 gone" in said, said
    assert "1 listed, 1 gone" in kerja.load("BLACKLIST", 1)


def test_who_is_gone_is_forgotten_and_audited_at_once(servers, worker, kerja):
    worker("application", SETTINGS)
    kerja.load("DTKS", 2)
    query(servers, "ALTER TABLE kerja.audit ADD CONSTRAINT none_of_this CHECK (subject <> 'DTKS') NOT VALID")
    assert "SQLSTATE 23514" in kerja.load("DTKS", 1, status=1)
    assert query(servers, LISTED, "DTKS") == [(2,)]
    query(servers, "ALTER TABLE kerja.audit DROP CONSTRAINT none_of_this")
    assert "1 listed, 1 gone" in kerja.load("DTKS", 1)
    assert query(servers, LISTED, "DTKS") == [(1,)]


@pytest.mark.parametrize("file, words, status, told", [
    ("national_id\n1\n", ("BLACKLST", "--country", "ID"), 1, 'no rule asks about a register "BLACKLST"'),
    ("national_id\n1\n", ("blacklist", "--country", "ID"), 1, 'no rule asks about a register "blacklist"'),
    ("national_id\n1\n", ("BLACKLIST", "--country", "INDONESIA"), 2, '--country is "INDONESIA": expected two capitals'),
    ("national_id\n1\n", ("BLACKLIST", "--country", "id"), 2, "expected two capitals"),
    ("national_id,valid_to\n1,9999-12-31\n", ("BLACKLIST", "--country", "ID"), 1, "odd.csv:2: valid_from and valid_to are days"),
    ("national_id,code\n1,\udcff\n", ("OCCUPATION", "--country", "ID"), 1, 'cannot say this to "register.listed"'),
])
def test_what_no_worker_would_take_is_told_here(servers, kerja, file, words, status, told):
    before = sent(servers)
    (kerja.folder / "odd.csv").write_bytes(file.encode(errors="surrogateescape"))
    assert told in kerja("register", "load", words[0], "odd.csv", *words[1:], status=status)
    assert sent(servers) == before


def test_a_mark_before_the_titles_is_none_of_them(servers, worker, kerja):
    worker("application", SETTINGS)
    (kerja.folder / "marked.csv").write_text("\ufeffnational_id\n1\n2\n", encoding="utf-8")
    assert "2 listed, 0 gone" in kerja("register", "load", "LAID_OFF", "marked.csv", "--country", "ID")


def test_who_is_interrupted_is_in_the_audit(servers, kerja):
    """Who loads a file without people lifts holds; whoever does it and goes away has done it all the same."""
    one = kerja.load("BSU", 3, call=kerja.begin)  # nobody answers
    assert harness.wait_until(lambda: query(servers, LISTED, "BSU") == [(3,)], PATIENCE_S)
    one.kill()
    one.wait()
    assert query(servers, "SELECT actor, detail ->> 'rows', detail ->> 'gone' FROM kerja.audit "
                          "WHERE command = 'register load' AND subject = 'BSU'") == [("kerja", "3", "0")]


def test_a_load_that_lost_its_connection_tells_no_more(servers, kerja):
    """Its lock is gone with it: another load may run by now."""
    before = sent(servers)
    one = kerja.load("PKH", MANY, call=kerja.begin)
    connection = psycopg2.connect(servers.postgres.address)
    connection.autocommit = True
    cursor = connection.cursor()
    while cursor.execute(LISTED, ("PKH",)) or not cursor.fetchone()[0]:
        assert one.poll() is None
    os.kill(one.pid, signal.SIGSTOP)
    cursor.execute("SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE application_name = 'kerja-ctl'")
    os.kill(one.pid, signal.SIGCONT)
    said, _ = one.communicate(timeout=PATIENCE_S)
    assert one.returncode == 1 and "PostgreSQL refused" in said, said
    assert sent(servers) - before < MANY
