"""Clear personal data of the made-up people, and every place where it may not be seen."""
import base64
import os
import re
import subprocess
import urllib.parse

from harness import topics
from harness.paths import SERVICES
from harness.postgres import BINARIES

SHOWN = 20  # applications that an officer looks at
PREFIX = 6  # bytes by which a spelling is looked up
APPLICANTS = ("national_id", "family_card_no", "name", "msisdn", "email")
NOT_SOUGHT = {"birth_date"}  # a day, in which nobody is told apart


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


def of_schemas(records) -> dict[str, set[str]]:
    """Whatever stands in a member that its schema calls personal, by the member's name."""
    personal = {topic: list(members(schema)) for schema in topics.schemas() for topic in schema.get("topics", [])}
    found: dict[str, set[str]] = {}
    for one in records:
        for path in personal.get(one.topic, []) if one.event else []:
            value = one.event
            for name in path:
                value = (value or {}).get(name)
            if value and path[-1] not in NOT_SOUGHT:
                found.setdefault(path[-1], set()).add(value.lstrip("+"))
    return found


def members(schema: dict, path: tuple = ()):
    """Paths of the personal members of a schema."""
    for field in schema.get("fields", []):
        if field.get("personal"):
            yield (*path, field["name"])
        for kind in field["type"] if isinstance(field["type"], list) else [field["type"]]:
            if isinstance(kind, dict):
                yield from members(kind, (*path, field["name"]))


def spellings(value: str) -> set[bytes]:
    """A value as somebody may have written it down: in groups, with or without a country's code, encoded."""
    forms = {value}
    if re.fullmatch(r"\+?\d{8,}", value):
        digits = value.lstrip("+")
        local = {"0" + digits[2:]} if digits.startswith("62") else set()
        forms |= {digits} | local
        for one in {digits} | local:
            for sign in " -.":
                forms |= {sign.join(re.findall(rf"\d{{1,{size}}}", one)) for size in (3, 4)}
                forms |= {sign.join((one[:6], one[6:12], one[12:])), sign.join((one[:4], one[4:8], one[8:]))}
    clear = {form.encode() for form in forms}
    coded = {urllib.parse.quote(value).encode(), urllib.parse.quote_plus(value).encode(),
             value.encode("unicode_escape"), value.encode("utf-16-le")}
    for form in set(clear):
        coded |= {form.hex().encode(), form.hex(" ").encode(), form.hex(":").encode(), *base64_of(form)}
    return clear | coded


def base64_of(value: bytes) -> set[bytes]:
    """The characters that do not depend on what stands before and behind, at each of the three places."""
    found = set()
    for before in range(3):
        text = base64.b64encode(b"\0" * before + value).rstrip(b"=")
        begin = -(-before * 8 // 6)
        found.add(text[begin:len(text) - (0 if (before + len(value)) % 3 == 0 else 1)])
    return {one for one in found if len(one) >= 8}


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
    found["dump"] = dump(world)
    found["redis"] = redis(world.servers)
    assert len(SERVICES) * 2 + 5 < len(found) and len(found["dump"]) > 100_000
    return found


def dump(world) -> bytes:
    """The whole database; its bytes stand there as hexadecimal digits."""
    done = subprocess.run([os.fspath(BINARIES / "pg_dump"), world.servers.postgres.address], check=True, capture_output=True)
    return done.stdout


def redis(servers) -> bytes:
    """Every key and value."""
    host, port = servers.redis.address.rsplit(":", 1)
    command = ["redis-cli", "-h", host, "-p", port, "--raw"]
    keys = subprocess.run([*command, "KEYS", "*"], check=True, capture_output=True).stdout.split(b"\n")
    return b"\n".join(one for key in keys if key
                      for one in (key, subprocess.run([*command, "GET", key], check=True, capture_output=True).stdout))


def personal() -> set[str]:
    """Topics that may hold personal data are kept for the shorter time, the dead letters of any among them."""
    kept = topics.retention_days()
    return {name for name, days in kept.items() if days < max(kept.values())}


def found(secrets: dict[str, set[str]], places: dict[str, bytes]) -> list[tuple[str, str]]:
    """(kind, place) of every secret seen, in any of its spellings, whatever the case of its letters. Not the secret."""
    by_prefix: dict[bytes, set[tuple[str, bytes]]] = {}
    for kind, values in secrets.items():
        for value in values:
            for form in spellings(value):
                for one in {form, form.lower()}:
                    assert len(one) >= 3, f"{kind}: a value of {len(one)} bytes is found everywhere"
                    by_prefix.setdefault(one[:PREFIX], set()).add((kind, one))
    seen = set()
    shapes = {len(prefix) for prefix in by_prefix}
    for place, content in places.items():
        for text in {content, content.lower()}:
            for size in shapes:
                for at in range(len(text) - size + 1):
                    for kind, form in by_prefix.get(text[at:at + size], ()):
                        if text.startswith(form, at):
                            seen.add((kind, place))
    return sorted(seen)
