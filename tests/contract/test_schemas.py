"""The schemas hold what they promise to the world, and the C mirror speaks the same Avro as a stock library.

fastavro is the stock library. `convert` is a small C program around common/decode, compiled here from the
sources, so that these tests need no build folder.
"""
import copy
import datetime
import decimal
import io
import json
import pathlib
import random
import re
import subprocess
import sys
import uuid

import fastavro
import fastavro.schema
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCHEMAS = ROOT / "schemas"
sys.path.insert(0, str(SCHEMAS))
import mirror  # noqa: E402  (the generator, whose canonical forms are judged here)

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
CASES_A_SCHEMA = 40


def load(path):
    return json.loads(path.read_text())


CURRENT = {path.stem: load(path) for path in sorted(SCHEMAS.glob("*.avsc"))}
TOPICS = {topic: schema for schema in CURRENT.values() for topic in schema["topics"]}
VERSIONS = {name: [load(p) for p in sorted((SCHEMAS / "history" / name).glob("*.avsc"), key=lambda p: int(p.stem))]
            + [schema] for name, schema in CURRENT.items()}
PAIRS = [(name, writer, reader) for name, all_of_it in VERSIONS.items()
         for writer in range(len(all_of_it)) for reader in range(len(all_of_it))]


# --- values made from a schema, the same in every run ---

def make(schema, chance, named):
    if isinstance(schema, str) and schema in named:
        schema = named[schema]
    if isinstance(schema, list):
        return None if chance.random() < 0.5 else make(schema[1], chance, named)
    kind = schema if isinstance(schema, str) else schema["type"]
    logical = None if isinstance(schema, str) else schema.get("logicalType")
    if kind == "record":
        named[schema["name"]] = schema
        return {field["name"]: make(field["type"], chance, named) for field in schema["fields"]}
    if kind == "enum":
        named[schema["name"]] = schema
        return chance.choice(schema["symbols"])
    if kind == "array":
        return [make(schema["items"], chance, named) for _ in range(chance.randrange(4))]
    if logical == "uuid":
        return uuid.UUID(int=chance.getrandbits(128))
    if logical == "date":
        return datetime.date(1700, 1, 1) + datetime.timedelta(days=chance.randrange(182621))
    if logical == "timestamp-micros":
        return EPOCH + datetime.timedelta(microseconds=chance.randrange(946684800 * 10 ** 6, 7258118400 * 10 ** 6))
    if logical == "decimal":
        # Avro's own bound is the precision of eighteen digits.
        size = 10 ** chance.randrange(19)
        return decimal.Decimal(chance.randrange(1 - size, size)).scaleb(-2)
    if kind == "boolean":
        return chance.random() < 0.5
    if kind in ("int", "long"):
        bits = 31 if kind == "int" else 63
        return chance.choice([0, 1, -1, 2 ** bits - 1, -2 ** bits, chance.randrange(2 ** 20)])
    if kind == "bytes":
        return bytes(chance.randrange(256) for _ in range(chance.randrange(30)))
    return chance.choice(["", "kartu-prakerja", "Ñandú 𝄞 'quote\" \\ \t", "x" * 300])


def cases(topic):
    chance = random.Random(topic)
    return [make(TOPICS[topic], chance, {}) for _ in range(CASES_A_SCHEMA)]


def plain(value):
    """A value as convert's JSON writes it: logical texts, absent members left out."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    if isinstance(value, decimal.Decimal):
        return f"{value:.2f}"
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")
    if isinstance(value, (datetime.date, uuid.UUID)):
        return str(value)
    return value.hex() if isinstance(value, bytes) else value


def frame(schema, value):
    body = io.BytesIO()
    fastavro.schemaless_writer(body, schema, value)
    form = fastavro.schema.to_parsing_canonical_form(schema)
    return b"\xc3\x01" + bytes.fromhex(fastavro.schema.fingerprint(form, "CRC-64-AVRO")) + body.getvalue()


# --- the C side ---

@pytest.fixture(scope="session")
def convert(tmp_path_factory):
    folder = tmp_path_factory.mktemp("convert")
    subprocess.run([sys.executable, SCHEMAS / "mirror.py", "events", folder / "schemas", SCHEMAS], check=True)
    flags = subprocess.run(["pkg-config", "--cflags", "--libs", "avro-c", "jansson"], check=True,
                           capture_output=True, text=True).stdout.split()
    base = [ROOT / "common" / "base" / f"{name}.c"
            for name in ("arena", "buffer", "calendar", "error", "field", "uuid")]
    subprocess.run(["cc", "-std=c17", "-D_GNU_SOURCE", "-O1", "-g", "-fsanitize=address,undefined",
                    "-fno-sanitize-recover=all", f"-I{folder}", f"-I{ROOT / 'common'}",
                    folder / "schemas" / "events.c", pathlib.Path(__file__).parent / "convert.c",
                    *base, *sorted((ROOT / "common" / "decode").glob("*.c")), "-o", folder / "convert", *flags],
                   check=True)

    def run(verb, topic, lines):
        done = subprocess.run([folder / "convert", verb, topic], input="".join(f"{line}\n" for line in lines),
                              capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        answers = done.stdout.split("\n")[:-1]
        assert len(answers) == len(lines)
        return answers

    return run


@pytest.mark.parametrize("topic", TOPICS)
def test_what_fastavro_writes_we_read(convert, topic):
    values = cases(topic)
    answers = convert("decode", topic, [frame(TOPICS[topic], value).hex() for value in values])
    for value, answer in zip(values, answers):
        assert not answer.startswith("!"), answer
        assert json.loads(answer) == plain(value)


@pytest.mark.parametrize("topic", TOPICS)
def test_what_we_write_fastavro_reads(convert, topic):
    def without_bytes(value):  # convert shows bytes in base16, which JSON input does not take
        return {key: None if isinstance(inner, bytes) else inner for key, inner in value.items()}

    values = [without_bytes(value) for value in cases(topic)]
    answers = convert("encode", topic, [json.dumps(plain(value)) for value in values])
    for value, answer in zip(values, answers):
        assert not answer.startswith("!"), answer
        framed = bytes.fromhex(answer)
        assert framed == frame(TOPICS[topic], value)
        assert fastavro.schemaless_reader(io.BytesIO(framed[10:]), TOPICS[topic]) == value


@pytest.mark.parametrize("topic", TOPICS)
def test_avros_json_encoding_is_read(convert, topic):
    values = cases(topic)
    lines = []
    for value in values:
        text = io.StringIO()
        fastavro.json_writer(text, fastavro.parse_schema(copy.deepcopy(TOPICS[topic])), [value])
        lines.append(text.getvalue().replace("\n", " "))
    # Amounts whose bytes are all digits cannot be told from digits; the header of json.h says so.
    for value, answer in zip(values, convert("encode", topic, lines)):
        if answer.startswith("!") or bytes.fromhex(answer) != frame(TOPICS[topic], value):
            assert any(digits_only(inner) for inner in amounts(value)), (answer, plain(value))


def amounts(value):
    if isinstance(value, decimal.Decimal):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from amounts(inner)


def digits_only(amount):
    number = int(amount.scaleb(2))
    size = max(1, (number.bit_length() + 8) // 8)
    return all(chr(byte) in "0123456789.-" for byte in number.to_bytes(size, "big", signed=True))


# --- the schemas ---

@pytest.mark.parametrize("name", CURRENT)
def test_canonical_form_and_fingerprint_are_fastavros(name):
    for schema in VERSIONS[name]:
        form = mirror.canonical(schema)
        assert form == fastavro.schema.to_parsing_canonical_form(schema)
        expected = fastavro.schema.fingerprint(form, "CRC-64-AVRO")
        assert mirror.fingerprint(form.encode()).to_bytes(8, "little").hex() == expected


def test_the_first_bytes_in_the_guide_are_those_of_the_schemas():
    """What integrators, gateways and notifiers test their encoders with."""
    rows = re.findall(r"^  \| `([a-z.]+)` \| `((?:[0-9A-F]{2} ?){10})` \|$", (ROOT / "docs" / "integrators.md").read_text(), re.M)
    assert {topic for topic, _ in rows} == {"application.submitted", "payout.settled", "notification.settled"}
    for topic, first in rows:
        form = fastavro.schema.to_parsing_canonical_form(TOPICS[topic])
        mark = bytes.fromhex(fastavro.schema.fingerprint(form, "CRC-64-AVRO"))
        assert bytes.fromhex(first) == b"\xc3\x01" + mark, topic


@pytest.mark.parametrize("name,writer,reader", PAIRS)
def test_every_version_reads_every_other(name, writer, reader):
    writes, reads = VERSIONS[name][writer], VERSIONS[name][reader]
    chance = random.Random(name)
    for _ in range(5):
        body = io.BytesIO()
        fastavro.schemaless_writer(body, writes, make(writes, chance, {}))
        body.seek(0)
        fastavro.schemaless_reader(body, copy.deepcopy(writes), copy.deepcopy(reads))


@pytest.mark.parametrize("name", CURRENT)
def test_members_are_only_added_behind_and_with_a_default(name):
    for older, newer in zip(VERSIONS[name], VERSIONS[name][1:]):
        names = [field["name"] for field in newer["fields"]]
        old_names = [field["name"] for field in older["fields"]]
        assert [n for n in names if n in old_names] == old_names
        assert all("default" in field for field in newer["fields"] if field["name"] not in old_names)


def test_every_schema_has_a_history():
    assert {path.name for path in (SCHEMAS / "history").iterdir()} == set(CURRENT)


@pytest.mark.parametrize("name", CURRENT)
def test_the_newest_version_is_in_the_history(name):
    saved, current = VERSIONS[name][-2:]
    assert mirror.canonical(saved) == mirror.canonical(current), \
        f"copy schemas/{name}.avsc to schemas/history/{name}/{len(VERSIONS[name])}.avsc"


def walk(schema):
    if isinstance(schema, list):
        for branch in schema:
            yield from walk(branch)
    elif isinstance(schema, dict):
        yield schema
        for field in schema.get("fields", []):
            yield from walk(field["type"])
        if "items" in schema:
            yield from walk(schema["items"])


@pytest.mark.parametrize("name", CURRENT)
def test_conventions(name):
    schema = CURRENT[name]
    assert schema["namespace"] == "org.kerja.events.v1"
    assert schema["key"] in [field["name"] for field in schema["fields"]]
    for part in walk(schema):
        names = [field["name"] for field in part.get("fields", [])]
        for field in part.get("fields", []):
            assert field["doc"]
            if isinstance(field["type"], list):
                assert field["type"][0] == "null" and field["default"] is None
        if part["type"] == "enum":
            assert part["symbols"][0] == part["default"] == "UNKNOWN"
        assert len(names) == len(set(names))
    types = [part["name"] for part in walk(schema) if part["type"] in ("record", "enum")]
    assert all(type_name.startswith(schema["name"]) for type_name in types)
