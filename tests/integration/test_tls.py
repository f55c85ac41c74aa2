"""A worker whose network is nobody's friend: TLS to PostgreSQL and Redis, SASL over TLS to Kafka, each with a password, by a
certificate authority that lives as long as this file's servers."""
import itertools
import re
import subprocess
import types

import psycopg2
import pytest

import harness
from faults import people
from harness.process import LOOPBACK, free_port, wait_until
from market import listed
from secure import PASSWORD, Authority, says_no_secret
from service import PATIENCE_S, SETTINGS, query, send

LOGIN = "tls_worker"


@pytest.fixture(scope="module")
def authority(servers):
    """Its folder: ca.pem, a certificate for 127.0.0.1 and its key, and other.pem of an authority that signed nothing."""
    return Authority(servers.folder / "tls").folder


def secure_postgres(servers, authority) -> None:
    """A login that is refused without TLS."""
    postgres = servers.postgres
    data = postgres._own("data")
    for name in ("server.key", "server.pem"):
        postgres._write(data / name, (authority / name).read_text())
    postgres._write(data / "postgresql.conf", (data / "postgresql.conf").read_text() +
                    "ssl = on\nssl_cert_file = 'server.pem'\nssl_key_file = 'server.key'\nssl_min_protocol_version = 'TLSv1.2'\n")
    rules = (data / "pg_hba.conf").read_text()
    postgres._write(data / "pg_hba.conf", f"hostssl all {LOGIN} {LOOPBACK}/32 scram-sha-256\n"
                    f"hostnossl all {LOGIN} {LOOPBACK}/32 reject\n" + rules)
    connection = psycopg2.connect(postgres.address)
    with connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {LOGIN} LOGIN SUPERUSER PASSWORD '{PASSWORD}'")
    connection.close()
    postgres._run("pg_ctl", "reload", "-D", data)


def secure_kafka(servers, authority) -> str:
    """A second listener for the worker: SASL over TLS. Where it is."""
    kafka, port = servers.kafka, free_port()
    at = f"SAFE://{LOOPBACK}:{port}"
    own = "listener.name.safe"
    kafka.more_properties = {
        "listeners": f"PLAINTEXT://{LOOPBACK}:{kafka.port},{at},CONTROLLER://{LOOPBACK}:{kafka.controller_port}",
        "advertised.listeners": f"PLAINTEXT://{LOOPBACK}:{kafka.port},{at}",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,SAFE:SASL_SSL,CONTROLLER:PLAINTEXT",
        "inter.broker.listener.name": "PLAINTEXT",
        f"{own}.ssl.keystore.type": "PEM", f"{own}.ssl.keystore.location": authority / "server-whole.pem",
        f"{own}.sasl.enabled.mechanisms": "PLAIN",
        f"{own}.plain.sasl.jaas.config": "org.apache.kafka.common.security.plain.PlainLoginModule required "
                                         f'user_kerja="{PASSWORD}";'}
    kafka.restart()
    return f"{LOOPBACK}:{port}"


@pytest.fixture(scope="module")
def safe_redis(servers, authority):
    """TLS alone, with a password; where it is."""
    port = free_port()
    process = harness.Process("redis-tls", servers.folder / "redis-tls.log")
    process.start(["redis-server", "--port", 0, "--tls-port", port, "--bind", LOOPBACK, "--tls-cert-file",
                   authority / "server.pem", "--tls-key-file", authority / "server.key", "--tls-ca-cert-file",
                   authority / "ca.pem", "--tls-auth-clients", "no", "--requirepass", PASSWORD, "--save", ""])

    def ask(*words) -> str:
        return subprocess.run(["redis-cli", "--tls", "--cacert", authority / "ca.pem", "-h", LOOPBACK, "-p", str(port), "-a",
                               PASSWORD, "--no-auth-warning", *words], capture_output=True, text=True).stdout
    assert wait_until(lambda: "PONG" in ask("PING"), PATIENCE_S), process.log_tail()
    yield types.SimpleNamespace(address=f"{LOOPBACK}:{port}", ask=ask)
    process.stop()


@pytest.fixture(scope="module")
def settings(servers, authority, safe_redis):
    """What a worker is told to reach all three."""
    secure_postgres(servers, authority)
    kafka = secure_kafka(servers, authority)
    (authority / "password").write_text(PASSWORD + "\n")
    (authority / "kafka.properties").write_text(
        f"security.protocol=SASL_SSL\nsasl.mechanism=PLAIN\nsasl.username=kerja\nsasl.password={PASSWORD}\n"
        f"ssl.ca.location={authority / 'ca.pem'}\n")
    postgres = f"postgresql://{LOGIN}:{PASSWORD}@{LOOPBACK}:{servers.postgres.port}/kerja?sslmode=verify-full&sslrootcert="
    return {"KERJA_KAFKA": kafka, "KERJA_KAFKA_SECURITY_FILE": str(authority / "kafka.properties"),
            "KERJA_POSTGRES": postgres + str(authority / "ca.pem"),
            "KERJA_REDIS": safe_redis.address, "KERJA_REDIS_PASSWORD_FILE": str(authority / "password"),
            "KERJA_REDIS_CA_FILE": str(authority / "ca.pem")}


def encrypted(servers) -> list[bool]:
    """Of each connection of the worker's login: is it TLS?"""
    connection = psycopg2.connect(servers.postgres.address)
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT s.ssl FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid) WHERE a.usename = %s", (LOGIN,))
        return [ssl for (ssl,) in cursor.fetchall()]


@pytest.fixture(scope="module")
def numbers():
    return itertools.count(1)


def list_course(servers, numbers) -> str:
    """A course that the worker has not seen; its id."""
    course = f"TLS-{next(numbers)}"
    send(servers, [people.Record("course.listed", course, {**listed(), "course_id": course}, course)])
    return course


def decided(servers, course: str) -> bool:
    return query(servers, "SELECT count(*) FROM completion.course WHERE course_id = %s", course) == [(1,)]


def come_true_while_courses_come(servers, numbers, true) -> bool:
    """Each is decided. Redis is asked when one comes, but not for a second after it answered too late; and a busy machine
    takes longer than its patience for the first call, which opens the connection."""
    def one_more() -> bool:
        course = list_course(servers, numbers)
        return wait_until(lambda: decided(servers, course), PATIENCE_S) and true()
    return wait_until(one_more, PATIENCE_S)


def test_a_worker_decides_over_tls_alone(servers, worker, settings, safe_redis, numbers):
    one = worker("completion", {**SETTINGS, **settings})
    connection = psycopg2.connect(servers.postgres.address)
    with connection, connection.cursor() as cursor:
        people.publish_programme(cursor)
    connection.close()
    assert wait_until(lambda: "programme in force" in one.process.log.read_text(), PATIENCE_S)
    asked = lambda: "cmdstat_mget" in safe_redis.ask("INFO", "commandstats")
    assert come_true_while_courses_come(servers, numbers, asked), "Redis was not asked"
    assert encrypted(servers) and all(encrypted(servers))
    outages = re.findall(r"fact=outage of=(\S+)", one.process.log.read_text())  # of Redis for its patience of 50 ms, for one
    assert not {"postgres", "kafka", "slot"} & set(outages), outages
    assert says_no_secret(one)


def another_authority(settings, authority) -> dict[str, str]:
    return {"KERJA_POSTGRES": settings["KERJA_POSTGRES"].replace("ca.pem", "other.pem")}


def another_authority_of_kafka(settings, authority) -> dict[str, str]:
    changed = authority / "other.properties"
    changed.write_text((authority / "kafka.properties").read_text().replace("ca.pem", "other.pem"))
    return {"KERJA_KAFKA_SECURITY_FILE": str(changed)}


def another_password_of_kafka(settings, authority) -> dict[str, str]:
    changed = authority / "password.properties"
    changed.write_text((authority / "kafka.properties").read_text().replace(PASSWORD, "guessed"))
    return {"KERJA_KAFKA_SECURITY_FILE": str(changed)}


@pytest.mark.parametrize("change,sentence", [
    (another_authority, "certificate verify failed"),
    (another_authority_of_kafka, "certificate verify failed"),
    (another_password_of_kafka, "Authentication failed"),
], ids=lambda one: getattr(one, "__name__", ""))
def test_a_worker_that_cannot_be_sure_of_a_server_says_so_and_does_not_begin(worker, settings, authority, change, sentence):
    one = worker("completion", {**SETTINGS, **settings, **change(settings, authority)}, ready=False)
    assert wait_until(lambda: sentence in one.process.log.read_text(), PATIENCE_S), one.process.log_tail()
    assert one.process.alive() and not one.ready()
    assert says_no_secret(one)


def test_a_redis_that_cannot_be_proven_is_an_outage_of_redis(servers, worker, settings, authority, numbers):
    one = worker("completion", {**SETTINGS, **settings, "KERJA_REDIS_CA_FILE": str(authority / "other.pem")})
    # The outage may have begun with an answer that came too late; a minute after, its newest reason is told.
    told = lambda: "certificate" in one.process.log.read_text()
    assert come_true_while_courses_come(servers, numbers, told)
    assert says_no_secret(one)
