"""Clear personal data of the made-up people, and every place where it may not be seen."""
import os
import subprocess

from harness import topics
from harness.paths import SERVICES
from harness.postgres import BINARIES

SHOWN = 20  # applications that an officer looks at
APPLICANTS = ("national_id", "family_card_no", "name", "msisdn", "email")


def of_records(records) -> dict[str, set[str]]:
    """What the people and their portals said, by kind. A number is looked for without its sign."""
    found: dict[str, set[str]] = {}
    for one in records:
        if one.topic == "application.submitted":
            for kind in APPLICANTS:
                if one.event[kind]:
                    found.setdefault(kind, set()).add(one.event[kind].lstrip("+"))
        if one.topic == "account.linked":
            found.setdefault("account_no", set()).add(one.event["account_no"])
    return found


def places(world, records) -> dict[str, bytes]:
    """Where nothing of it may stand, as bytes. The dump has sealed columns, in which nothing can be read."""
    found = {}
    for service, worker in world.workers.items():
        found[f"log {service}"] = worker.process.log.read_bytes()
        found[f"metrics {service}"] = worker.get("/metrics")[1].encode()
    for name in topics.retention_days().keys() - personal():
        found[f"topic {name}"] = b"\n".join(one.value or b"" for one in records if one.topic == name)
    found["headers of all"] = repr([one.headers for one in records]).encode()
    found["keys of all"] = repr([one.key for one in records]).encode()
    ids = [applicant["application_id"] for applicant in world.applicants()[:SHOWN]]
    found["shown by the command"] = "".join(
        world.kerja(*words) for one in ids for words in (("show", one), ("explain", one, "--all"))).encode()
    found["shown by its tail"] = world.kerja("tail", "application.submitted", "--limit", SHOWN).encode()
    found["dump"] = subprocess.run([os.fspath(BINARIES / "pg_dump"), world.servers.postgres.address], check=True,
                                   capture_output=True).stdout
    assert len(SERVICES) * 2 + 5 < len(found) and len(found["dump"]) > 100_000
    return found


def personal() -> set[str]:
    """Topics that may hold personal data are kept for the shorter time, the dead letters of any among them."""
    kept = topics.retention_days()
    return {name for name, days in kept.items() if days < max(kept.values())}


def found(secrets: dict[str, set[str]], places: dict[str, bytes]) -> list[tuple[str, str]]:
    """(kind, place) of every secret seen, in clear or in the hexadecimal digits of a dump. Not the secret."""
    seen = set()
    for kind, values in secrets.items():
        for value in values:
            clear = value.encode()
            seen |= {(kind, place) for place, content in places.items()
                     if clear in content or clear.hex().encode() in content}
    return sorted(seen)
