"""Who may do what at Kafka: everybody proves who he is by a certificate, or a password (SCRAM), and has the rights of the
table in docs/security.md and no others. Workers do their whole work with theirs; whoever oversteps is refused."""
import re
import subprocess

import pytest
from confluent_kafka import Consumer, KafkaException, Producer

import secure
from faults import people
from harness.paths import ROOT, SERVICES, command_program
from harness.process import wait_until
from harness.worker import Clock, program_environment
from market import Market, finished, linked, listed
from secure import GUESS, says_no_secret
from service import PATIENCE_S, SETTINGS, prepare, query, send

ANSWER_S, TOLD_S = 20, 60
NEXT, REFUSED = 'next="try again every second"', "Authentication failed"
_made = {}  # by before_start, for the fixtures


def principals() -> dict[str, list[tuple[str, str, str]]]:
    """What docs/security.md says that each may do."""
    rows = re.findall(r"^\| `(kerja-\w+|integrator|platform|gateway|notifier|officer)` \|(.*)\|$", (ROOT / "docs" / "security.md").read_text(), re.M)
    kinds = (("group", "read"), ("transactional id", "write"), ("topic", "read"), ("topic", "write"), ("group", "describe"),
             ("topic", "describe"))
    return {name: [(kind, one, right) for (kind, right), cell in zip(kinds, cells.split("|"), strict=True)
                   for one in re.findall(r"`([^`]+)`", cell)] for name, cells in rows}


PRINCIPALS = principals()


def before_start(servers) -> None:
    _made["authority"] = authority = secure.Authority(servers.folder / "tls")
    for principal in PRINCIPALS:
        authority.sign(principal, principal)
    authority.sign("stranger", "kerja-completion", by="other")
    _made["at"] = secure.guard(servers.kafka, _made["authority"])


@pytest.fixture(scope="module")
def authority(servers):
    return _made["authority"]


@pytest.fixture(scope="module")
def at(servers):
    """Where the listeners are; everybody of the table has his rights, and two have a password."""
    secure.enrol(servers.kafka, ["kerja-completion", "gateway"])
    for principal, rights in PRINCIPALS.items():
        secure.allow(servers.kafka, principal, rights)
    return _made["at"]


@pytest.fixture(scope="module")
def settings(authority, at):
    """Of a worker by service, each with a certificate of its own."""
    return {service: {**SETTINGS, "KERJA_KAFKA": at["CERTIFICATE"], "KERJA_KAFKA_SECURITY_FILE": authority.properties(
        service, secure.certificate(authority, f"kerja-{service}"))} for service in SERVICES}


def kerja(servers, at, authority, user: str, *words) -> subprocess.CompletedProcess:
    """The command, as that principal."""
    environment = {**servers.environment(), "KERJA_KAFKA": at["CERTIFICATE"], "KERJA_KAFKA_SECURITY_FILE": str(
        authority.properties(user, secure.certificate(authority, user)))}
    return subprocess.run([command_program(), *words], env=program_environment(environment), stdin=subprocess.DEVNULL,
                          text=True, capture_output=True, timeout=PATIENCE_S)


# Who may.


@pytest.mark.parametrize("user,programs", [
    ("integrator", ["integrator", "employer_portal"]), ("platform", ["training_platform", "training_centre"]),
    ("gateway", ["gateway"]), ("notifier", ["notifier"])])
def test_the_examples_of_the_documentation_have_the_rights_they_need(user, programs):
    texts = [(ROOT / "examples" / f"{program}.py").read_text() for program in programs]
    reads = {topic for text in texts for names in re.findall(r"(?:TOPICS = |Client\(arguments\.name, )\[(.*?)\]", text)
             for topic in re.findall(r'"([\w.]+)"', names)}
    writes = {topic for text in texts for topic in re.findall(r'send\("([\w.]+)"', text)}
    assert reads and writes
    assert {("topic", topic, "read") for topic in reads} | {("topic", topic, "write") for topic in writes} <= set(PRINCIPALS[user])


def test_workers_clock_and_officers_with_the_documented_rights_alone_do_their_work(servers, worker, settings, authority, at):
    """From an application to a payment. What a worker reads it has subscribed to, so that one right too few is told."""
    started = []

    def start(service: str, _settings=None):
        started.append(worker(service, settings[service]))
        return started[-1]
    prepare(servers, start)
    market = Market(servers, start)
    [award] = market.awards(1)
    market.link([linked(award)])
    market.say(finished(award))
    market.outputs.wait(lambda: market.outputs.requested(award), PATIENCE_S)
    market.close()
    fired = lambda: query(servers, "SELECT count(*) FROM completion.timer WHERE fired_at IS NOT NULL")[0][0]
    assert fired() == 0
    done = kerja(servers, at, authority, "kerja-clock", "clock", "--once")
    assert done.returncode == 0 and fired() > 0, done.stderr
    done = kerja(servers, at, authority, "officer", "status")
    assert done.returncode == 0 and "lag" in done.stdout, done.stderr
    for one in started:
        assert "uthorization" not in one.process.log.read_text() and says_no_secret(one)


def test_a_password_is_as_good_as_a_certificate_where_the_library_can(servers, worker, settings, authority, at):
    """Debian 12's librdkafka cannot: the worker says what the broker answered, and docs/security.md why."""
    one = worker("completion", {**settings["completion"], "KERJA_KAFKA": at["SCRAM"], "KERJA_KAFKA_SECURITY_FILE":
                                authority.properties("scram", secure.scram(authority, "kerja-completion"))}, ready=False)
    if not secure.workers_library_can_scram():
        assert wait_until(lambda: REFUSED in one.process.log.read_text() and NEXT in one.process.log.read_text(), PATIENCE_S)
        assert one.process.alive() and not one.ready() and says_no_secret(one)
        return
    one.wait_ready(PATIENCE_S)
    send(servers, [people.Record("course.listed", "RIGHTS-1", {**listed(), "course_id": "RIGHTS-1"}, "RIGHTS-1")])
    decided = lambda: query(servers, "SELECT count(*) FROM completion.course WHERE course_id = %s", "RIGHTS-1") == [(1,)]
    assert wait_until(decided, PATIENCE_S), one.process.log_tail()
    assert says_no_secret(one)


# Who is not whom he says.


WRONG = {
    "no certificate": (lambda authority: secure.certificate(authority, None), "alert bad certificate"),
    "a stranger's certificate": (lambda authority: secure.certificate(authority, "stranger"), "alert certificate unknown"),
    "a broker of another authority": (lambda authority: secure.certificate(authority, "kerja-completion", ca="other"),
                                      "certificate verify failed"),
}


def test_who_cannot_prove_himself_is_told_so_and_tries_again(worker, settings, authority):
    """All at once, for each waits for the broker."""
    started = {}
    for number, (name, (properties, _sentence)) in enumerate(WRONG.items()):
        file = authority.properties(f"wrong-{number}", properties(authority))
        started[name] = worker("completion", {**settings["completion"], "KERJA_KAFKA_SECURITY_FILE": file}, ready=False)
    for name, (_properties, sentence) in WRONG.items():
        one = started[name]
        told = lambda: sentence in one.process.log.read_text() and NEXT in one.process.log.read_text()
        assert wait_until(told, TOLD_S), f"{name}: {one.process.log_tail()}"
        assert one.process.alive() and not one.ready() and says_no_secret(one), name


@pytest.mark.parametrize("password,known", [(secure.PASSWORD, True), (GUESS, False)], ids=["his own", "a guess"])
def test_a_guessed_password_is_none(at, authority, password, known):
    errors = []
    asked = Producer({"bootstrap.servers": at["SCRAM"], "log_level": 0, "error_cb": lambda error: errors.append(str(error)),
                      **secure.scram(authority, "gateway", password)})

    def answered() -> bool:
        asked.poll(0.1)
        return any(REFUSED in error for error in errors) != known
    if known:
        assert "payout.settled" in asked.list_topics(timeout=ANSWER_S).topics
    assert wait_until(answered, ANSWER_S), errors


# Who oversteps.


def client(at, authority, user: str, **more) -> dict:
    return {"bootstrap.servers": at["CERTIFICATE"], "log_level": 0, **secure.certificate(authority, user), **more}


def may_write(at, authority, user: str, topics: list[str]) -> list[bool]:
    errors = {}
    producer = Producer(client(at, authority, user, **{"message.timeout.ms": ANSWER_S * 1000}))
    for topic in topics:
        producer.produce(topic, b"x", key=b"x", on_delivery=lambda error, message: errors.update({message.topic(): error}))
    producer.flush(ANSWER_S + 5)
    assert all(errors[topic] is None or "opic authorization failed" in str(errors[topic]) for topic in topics), errors
    return [errors[topic] is None for topic in topics]


def may_read(at, authority, user: str, topic: str, group: str) -> bool:
    consumer = Consumer(client(at, authority, user, **{"group.id": group, "auto.offset.reset": "earliest"}))
    refused = []
    consumer.subscribe([topic])

    def answered() -> bool:
        message = consumer.poll(0.5)
        if message is not None and message.error() and "uthorization failed" in str(message.error()):
            refused.append(message.error())
        return bool(refused or consumer.assignment())
    assert wait_until(answered, ANSWER_S)
    consumer.close()
    return not refused


@pytest.mark.parametrize("user", PRINCIPALS)
def test_everybody_writes_his_topics_and_no_others(servers, at, authority, user):
    own = sorted(name for kind, name, right in PRINCIPALS[user] if (kind, right) == ("topic", "write"))
    every = sorted({name for rights in PRINCIPALS.values() for kind, name, right in rights if (kind, right) == ("topic", "write")})
    others = [topic for topic in every if topic not in own]
    assert own and len(others) > 10
    # A topic of which he may know nothing is, to him, one that is not there.
    assert may_write(at, authority, user, own) == [True] * len(own)
    assert may_write(at, authority, user, others) == [False] * len(others)


@pytest.mark.parametrize("user,topic,group", [
    ("gateway", "application.submitted", "gateway-x"), ("integrator", "payout.requested", "integrator-x"),
    ("kerja-completion", "application.submitted", "completion"), ("kerja-completion", "course.listed", "application")])
def test_a_topic_or_a_group_that_is_not_his_nobody_reads(at, authority, user, topic, group):
    assert not may_read(at, authority, user, topic, group)


def test_his_own_he_reads(at, authority):
    """The test above can fail."""
    assert may_read(at, authority, "notifier", "notification.requested", "notifier-x")


def test_a_transactional_id_of_another_service_is_refused(at, authority):
    mine = {"transactional.id": "completion-999"}
    Producer(client(at, authority, "kerja-completion", **mine)).init_transactions(ANSWER_S)
    with pytest.raises(KafkaException, match="(?i)transactional id authorization failed"):
        Producer(client(at, authority, "kerja-completion", **{"transactional.id": "incentive-0"})).init_transactions(ANSWER_S)


def test_a_clock_that_was_refused_fires_as_soon_as_it_may(servers, at, authority, worker, settings):
    """What it was refused with ends a producer for good: it takes another."""
    worker("completion", settings["completion"]).stop()
    authority.sign("late-clock", "late-clock")
    secure.allow(servers.kafka, "late-clock", [right for right in PRINCIPALS["kerja-clock"] if right[2] != "write"])
    query(servers, "INSERT INTO completion.timer (due_at, timer_id, subject_id, kind) VALUES "
                   "(now() - '1 day'::interval, gen_random_uuid(), 'nobody', 'LATE')")
    fired = lambda: query(servers, "SELECT fired_at IS NOT NULL FROM completion.timer WHERE kind = 'LATE'") == [(True,)]
    clock = Clock(servers.folder, {**servers.environment(), "KERJA_KAFKA": at["CERTIFICATE"], "KERJA_KAFKA_SECURITY_FILE": str(
        authority.properties("late-clock", secure.certificate(authority, "late-clock")))})
    clock.launch()
    try:
        assert wait_until(lambda: "tries again every second" in clock.process.log.read_text(), PATIENCE_S)
        assert not fired()
        secure.allow(servers.kafka, "late-clock", PRINCIPALS["kerja-clock"])
        assert wait_until(fired, TOLD_S), clock.process.log_tail()
    finally:
        clock.stop()
