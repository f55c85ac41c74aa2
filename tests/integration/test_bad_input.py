"""Bad input: each record of it leads to one dead letter that says where it stood and why, and the next record is
decided. Bad configuration: the program says which thing, which value, what was expected and what it does, in few
lines."""
import datetime
import os
import re
import subprocess

import pytest

import harness
from faults import people
from harness.paths import worker_program
from harness.worker import program_environment
from service import PATIENCE_S, SETTINGS, Outputs, query, send
from test_worker import application, outputs, person, prepared  # noqa: F401 (fixtures)

EVENTS = harness.Events()
GOOD = EVENTS.encode("application.submitted", people.submitted("garbage", 999_999_999))
WATCH_S = 8  # how long a program that retries is watched
LINES_BOUND = 12  # of log in that time, start-up included


def changed(**changes) -> bytes:
    return EVENTS.encode("application.submitted", {**people.submitted("bad-input", 999_999_998), **changes})


# Name to value, and the reason that its letter must give.
BYTES = {
    "nothing at all": (b"", None),
    "no value": (None, "NO_VALUE"),
    "text": (b'{"application_id": "1"}', "UNKNOWN_FRAMING"),
    "one byte of the mark": (b"\xc3", None),
    "a schema nobody knows": (b"\xc3\x01" + b"\x07" * 8 + GOOD[10:], "UNKNOWN_SCHEMA"),
    "another event's schema": (EVENTS.encode("application.drawn", people.drawn("x", 1, "SELECTED")), None),
    "cut in the middle": (GOOD[:len(GOOD) // 2], "TRUNCATED"),
    "cut before the last byte": (GOOD[:-1], "TRUNCATED"),
    "a byte too many": (GOOD + b"\0", "TRAILING_BYTES"),
    "a text of 2^62 bytes": (GOOD[:10] + b"\xfe\xff\xff\xff\xff\xff\xff\xff\x7f" + b"x" * 20, None),
    "a negative length": (GOOD[:10] + b"\x03" + b"x" * 20, None),
    "nearly a million bytes": (b"x" * 999_000, "UNKNOWN_FRAMING"),
    "unknown programme": (changed(programme="no-such-programme"), "UNKNOWN_PROGRAMME"),
    "unknown wave": (changed(wave=9999), "UNKNOWN_WAVE"),
    "negative wave": (changed(wave=-1), "UNKNOWN_WAVE"),
    "letters for a national id": (changed(national_id="not a number"), "BAD_NATIONAL_ID"),
    "no application id": (changed(application_id=""), "BAD_APPLICATION_ID"),
    "text that is not UTF-8": (GOOD.replace(b"garbage", b"garb\xff\xfee"), None),
    "text with a zero byte": (changed(region_code="31\x0071"), None),
}


@pytest.fixture
def buried(servers, application, outputs):
    """Sends bytes to a topic and returns the one dead letter that they become."""
    application()

    def send_one(name: str, value: bytes | None, key: str | None = "a key", topic: str = "application.submitted"):
        event_id = f"{name}-{os.urandom(4).hex()}"
        behind = person("pooled", "behind")
        sender = harness.Sender(servers.kafka.address, source=people.SOURCE)
        sender.send_bytes(topic, key, value, {"ce_id": event_id, "ce_source": people.SOURCE})
        sender.flush()
        outputs.wait(lambda: outputs.letters(event_id))
        send(servers, [people.Record("application.submitted", key, behind.now[0].event, behind.now[0].event_id)])
        outputs.wait_all([behind])
        [letter] = outputs.letters(event_id)
        return letter

    return send_one


def test_each_bad_record_becomes_one_letter_and_the_next_is_decided(servers, buried):
    failures = []
    for name, (value, reason) in BYTES.items():
        letter = buried(name, value)
        found = letter.headers["kerja_reason"]
        whole = (letter.value or b"") == (value or b"") or len(value) > 900_000  # too large for a letter
        if (reason and found != reason) or not whole:
            failures.append(f"{name}: {found}, {letter.headers['kerja_sentence']}")
    assert not failures, failures


def test_a_letter_says_where_it_came_from_and_why(servers, buried):
    letter = buried("its headers", b"garbage")
    headers = letter.headers
    assert headers["kerja_topic"] == "application.submitted" and headers["kerja_service"] == "application"
    assert headers["kerja_partition"].isdigit() and headers["kerja_offset"].isdigit()
    assert headers["kerja_sentence"] and headers["kerja_failed_at"].isdigit()
    assert headers["ce_source"] == people.SOURCE and letter.key == "a key" and letter.value == b"garbage"


def test_a_key_that_no_letter_can_carry_stops_nothing(servers, application, outputs):
    working = application()
    sender = harness.Sender(servers.kafka.address)
    sender.send_bytes("application.submitted", "k" * 100_000, b"neither fits", {"ce_id": "huge key"})
    sender.send_bytes("application.submitted", "a", b"neither fits", {"ce_id": "x" * 70_000})
    sender.flush()
    letters = lambda: [one for one in outputs.seen if one.topic == "dead.letter" and one.value == b"neither fits"]
    outputs.wait(lambda: len(letters()) == 2)
    behind = person("pooled", "behind")
    send(servers, behind.now)
    outputs.wait_all([behind])
    assert working.process.alive()


@pytest.mark.parametrize("name, changes", {
    "born tomorrow": {"birth_date": datetime.date(2999, 1, 1)},
    "born before calendars": {"birth_date": datetime.date(1, 1, 1)},
    "submitted at the end of time": {"submitted_at": datetime.datetime(9999, 12, 31, tzinfo=datetime.timezone.utc)},
}.items())
def test_an_impossible_date_is_decided_or_buried_with_a_reason(servers, application, outputs, name, changes):
    application()
    one = person("pooled", "impossible")
    record = one.now[0]
    record.event.update(changes)
    send(servers, [record])
    outputs.wait(lambda: outputs.decided(one.application_id) or outputs.letters(record.event_id))
    behind = person("pooled", "behind")
    send(servers, behind.now)
    outputs.wait_all([behind])


def test_dead_letters_are_logged_without_personal_data(servers, application, outputs):
    working = application()
    one = people.submitted("canary", 999_999_997, national_id="canary 0815", msisdn="+628119999777",
                           email="canary@example.org", name="Canary Person")
    send(servers, [people.Record("application.submitted", "canary", one, "canary")])
    [letter] = outputs.wait(lambda: outputs.letters("canary"))
    log = working.process.log.read_text()
    assert re.search(r'fact="dead letter" topic=application.submitted partition=\d+ offset=\d+ reason=BAD_NATIONAL_ID', log)
    headers = " ".join(value for name, value in letter.headers.items() if name.startswith("kerja_"))
    for secret in ("0815", "+628119999777", "canary@example.org", "Canary Person"):
        assert secret not in log and secret not in headers


# Bad configuration.


def start(servers, changes: dict[str, str | None], timeout_s: float = 30) -> subprocess.CompletedProcess:
    environment = program_environment({**servers.worker_environment(), **SETTINGS})
    environment.update({name: value for name, value in changes.items() if value is not None})
    for name, value in changes.items():
        if value is None:
            environment.pop(name, None)
    try:
        return subprocess.run([worker_program("application")], env=environment, text=True, timeout=timeout_s,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    except subprocess.TimeoutExpired as late:
        return subprocess.CompletedProcess([], None, (late.stdout or b"").decode())


CONFIGURATIONS = {
    "a number that is none": ({"KERJA_BATCH_RECORDS": "many"}, ["KERJA_BATCH_RECORDS", "many"]),
    "a number too large": ({"KERJA_BATCH_RECORDS": "1000000"}, ["KERJA_BATCH_RECORDS", "1000000", "100000"]),
    "a time without unit": ({"KERJA_LINGER": "20"}, ["KERJA_LINGER", "20"]),
    "a level that is none": ({"KERJA_LOG_LEVEL": "loud"}, ["KERJA_LOG_LEVEL", "loud", "warning"]),
    "an unknown variable": ({"KERJA_BATCH_RECORD": "5"}, ["KERJA_BATCH_RECORD"]),
    "no server named": ({"KERJA_KAFKA": None}, ["KERJA_KAFKA"]),
    "time limits in the wrong order": ({"KERJA_TRANSACTION_TIMEOUT": "7s"},
                                       ["KERJA_TRANSACTION_TIMEOUT", "KERJA_SESSION_TIMEOUT"]),
    "a secret that is not there": ({"KERJA_ID_SECRET_FILE": "/no/such/file"}, ["/no/such/file"]),
    "a port that is none": ({"KERJA_HTTP": "127.0.0.1:port"}, ["KERJA_HTTP", "port"]),
}


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_bad_configuration_ends_the_start_and_says_so(servers, name):
    changes, words = CONFIGURATIONS[name]
    done = start(servers, changes)
    assert done.returncode == 2, done.stdout
    assert all(word in done.stdout for word in words), done.stdout
    assert len(done.stdout.splitlines()) <= LINES_BOUND, done.stdout


def test_a_wrong_password_ends_the_start(servers):
    address = re.sub(r"kerja:[^@]*@", "kerja:wrong@", servers.postgres.address)
    done = start(servers, {"KERJA_POSTGRES": address})
    assert done.returncode == 2, done.stdout
    assert "password" in done.stdout and "wrong@" not in done.stdout
    assert len(done.stdout.splitlines()) <= LINES_BOUND, done.stdout


@pytest.mark.parametrize("variable, value, words", [
    ("KERJA_KAFKA", "127.0.0.1:1", ["kafka", "again"]),
    ("KERJA_POSTGRES", "postgresql://kerja:x@127.0.0.1:1/kerja", ["postgres", "again"]),
])
def test_a_missing_server_is_waited_for_without_a_flood(servers, variable, value, words):
    done = start(servers, {variable: value}, timeout_s=WATCH_S)
    assert done.returncode is None, f"it ended: {done.stdout}"
    assert all(word in done.stdout for word in words), done.stdout
    assert len(done.stdout.splitlines()) <= LINES_BOUND, done.stdout


def test_a_missing_redis_stops_nothing(servers, application, outputs):
    working = application({"KERJA_REDIS": "127.0.0.1:1"})
    one = person("pooled", "no redis")
    send(servers, one.now)
    outputs.wait_all([one])
    assert len(working.process.log.read_text().splitlines()) <= LINES_BOUND


def test_a_server_that_goes_away_is_told_once_not_every_second(servers, application, outputs):
    working = application()
    lines = len(working.process.log.read_text().splitlines())
    servers.postgres.stop()
    try:
        harness.wait_until(lambda: False, WATCH_S)
        told = working.process.log.read_text().splitlines()[lines:]
        assert told and len(told) <= LINES_BOUND, told
        assert any("postgres" in line.lower() for line in told)
    finally:
        servers.postgres.start()
    one = person("pooled", "after")
    send(servers, one.now)
    outputs.wait_all([one])
    assert query(servers, "SELECT 1") == [(1,)]
    assert working.process.alive() and working.get("/readyz")[0] == 200
    assert harness.wait_until(lambda: working.ready(), PATIENCE_S)
