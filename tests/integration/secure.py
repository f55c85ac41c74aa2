"""A Kafka that asks who comes: an authority of certificates, listeners that want proof, users, and what each may do."""
import ctypes
import pathlib
import subprocess

from confluent_kafka.admin import (AclBinding, AclOperation, AclPermissionType, AdminClient, ResourcePatternType, ResourceType,
                                   ScramCredentialInfo, ScramMechanism, UserScramCredentialUpsertion)

from harness.process import LOOPBACK, free_port, wait_until

PASSWORD = "hunter2-of-the-test"
GUESS = "guessed-by-somebody"
# None of these may stand in a log, nor a part of a key.
SECRETS = (PASSWORD, GUESS, "PRIVATE KEY")
ANSWER_S = 30


def says_no_secret(worker) -> bool:
    return not any(secret in worker.process.log.read_text() for secret in SECRETS)


def openssl(*words) -> None:
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)


class Authority:
    """`ca` signs; `other` is one that nobody trusts. Each certificate stands in NAME.pem, its key in NAME.key."""

    def __init__(self, folder: pathlib.Path):
        self.folder = folder
        folder.mkdir(parents=True)
        for name in ("ca", "other"):
            openssl("req", "-x509", *self._key(name), "-days", 2, "-subj", f"/CN=kerja test {name}", "-out", self.path(f"{name}.pem"))
        self.sign("server", "server")

    def path(self, name: str) -> pathlib.Path:
        return self.folder / name

    def properties(self, name: str, properties: dict[str, str]) -> str:
        """A file of librdkafka's properties."""
        path = self.path(f"{name}.properties")
        path.touch(mode=0o600)
        path.write_text("".join(f"{key}={value}\n" for key, value in properties.items()))
        return str(path)

    def sign(self, name: str, subject: str, by: str = "ca") -> None:
        """For 127.0.0.1, and no other host."""
        openssl("req", *self._key(name), "-subj", f"/CN={subject}", "-addext", f"subjectAltName=IP:{LOOPBACK}",
                "-out", self.path(f"{name}.csr"))
        openssl("x509", "-req", "-in", self.path(f"{name}.csr"), "-CA", self.path(f"{by}.pem"), "-CAkey", self.path(f"{by}.key"),
                "-days", 2, "-copy_extensions", "copy", "-out", self.path(f"{name}.pem"))
        whole = "".join(self.path(part).read_text() for part in (f"{name}.key", f"{name}.pem", f"{by}.pem"))
        self.path(f"{name}-whole.pem").write_text(whole)

    def _key(self, name: str) -> list:
        return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", self.path(f"{name}.key")]


LISTENERS = {"SCRAM": "SASL_SSL", "CERTIFICATE": "SSL"}


def guard(kafka, authority: Authority) -> dict[str, str]:
    """Before the broker's first start: two listeners beside the clear one, SCRAM over TLS and client certificates. Where
    they are, by name.

    An authorizer is asked about everybody but who comes by the clear listener, which is the broker's and the test's own.
    """
    at = {name: f"{LOOPBACK}:{free_port()}" for name in LISTENERS}
    listeners = ",".join([f"PLAINTEXT://{LOOPBACK}:{{port}}", *(f"{name}://{address}" for name, address in at.items())])
    kafka.more_properties = {
        "listeners": f"{listeners},CONTROLLER://{LOOPBACK}:{{controller_port}}",
        "advertised.listeners": listeners,
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT," + ",".join(
            f"{name}:{kind}" for name, kind in LISTENERS.items()),
        "inter.broker.listener.name": "PLAINTEXT",
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": "User:ANONYMOUS",
        "listener.name.scram.sasl.enabled.mechanisms": "SCRAM-SHA-512",
        "listener.name.scram.scram-sha-512.sasl.jaas.config":
            "org.apache.kafka.common.security.scram.ScramLoginModule required;",
        "listener.name.certificate.ssl.client.auth": "required",
        "listener.name.certificate.ssl.principal.mapping.rules": "RULE:^CN=([^,]+)$/$1/",
        "listener.name.certificate.ssl.truststore.type": "PEM",
        "listener.name.certificate.ssl.truststore.location": authority.path("ca.pem")}
    for name in LISTENERS:
        own = f"listener.name.{name.lower()}"
        kafka.more_properties |= {f"{own}.ssl.keystore.type": "PEM",
                                  f"{own}.ssl.keystore.location": authority.path("server-whole.pem")}
    return at


def _admin(kafka) -> AdminClient:
    return AdminClient({"bootstrap.servers": kafka.address, "log_level": 0})


def enrol(kafka, users: list[str]) -> None:
    """Gives each a password of SCRAM, over the listener that needs none; when it returns the broker knows all of them."""
    client = _admin(kafka)  # which ends what it was asked when nobody holds it
    asked = client.alter_user_scram_credentials([
        UserScramCredentialUpsertion(user, ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), PASSWORD.encode())
        for user in users])
    for done in asked.values():
        done.result(ANSWER_S)
    # The controller has written them; the broker reads them a moment later.
    known = lambda: set(client.describe_user_scram_credentials().result(ANSWER_S)) >= set(users)
    assert wait_until(known, ANSWER_S), users


KINDS = {"topic": ResourceType.TOPIC, "group": ResourceType.GROUP, "transactional id": ResourceType.TRANSACTIONAL_ID}


def allow(kafka, principal: str, rights: list[tuple[str, str, str]]) -> None:
    """Rights are (kind, name, "read", "write" or "describe"); a name that ends in * is a prefix, * alone is all."""
    client = _admin(kafka)
    asked = client.create_acls([
        AclBinding(KINDS[kind], name.rstrip("*") or "*",
                   ResourcePatternType.PREFIXED if len(name) > 1 and name.endswith("*") else ResourcePatternType.LITERAL,
                   f"User:{principal}", "*", AclOperation[right.upper()], AclPermissionType.ALLOW)
        for kind, name, right in rights])
    for done in asked.values():
        done.result(ANSWER_S)


def scram(authority: Authority, user: str, password: str = PASSWORD, ca: str = "ca") -> dict[str, str]:
    """librdkafka's properties."""
    return {"security.protocol": "SASL_SSL", "sasl.mechanism": "SCRAM-SHA-512", "sasl.username": user, "sasl.password": password,
            "ssl.ca.location": str(authority.path(f"{ca}.pem"))}


def certificate(authority: Authority, name: str | None, ca: str = "ca") -> dict[str, str]:
    own = {} if name is None else {"ssl.certificate.location": str(authority.path(f"{name}.pem")),
                                   "ssl.key.location": str(authority.path(f"{name}.key"))}
    return {"security.protocol": "SSL", "ssl.ca.location": str(authority.path(f"{ca}.pem")), **own}


def workers_library_can_scram() -> bool:
    """Before 2.6.1 librdkafka says its nonce twice, which brokers of today refuse (confluentinc/librdkafka#4895)."""
    return ctypes.CDLL("librdkafka.so.1").rd_kafka_version() >= 0x020601ff
