"""What the generator makes of a schema, and what it refuses with a sentence."""
import json
import pathlib
import re
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
MIRROR = ROOT / "schemas" / "mirror.py"
UUID = {"type": "string", "logicalType": "uuid"}


def record(*fields, **more):
    made = [{"doc": "a member", **field} for field in fields]
    return {"type": "record", "name": "Odd", "doc": "a row", "table": "odd", "key": "odd_id",
            "fields": [{"name": "odd_id", "type": UUID, "doc": "key"}, *made,
                       {"name": "version", "type": "long", "doc": "version"}], **more}


def rows(folder, schema):
    path = folder / "odd.avsc"
    path.write_text(json.dumps(schema))
    done = subprocess.run([sys.executable, MIRROR, "rows", folder, "test", path], capture_output=True, text=True)
    return done, (folder / "test_rows.h").read_text() if done.returncode == 0 else done.stderr


def test_names_follow_the_avro_names(tmp_path):
    part = {"type": "record", "name": "OddPartOf", "doc": "a part", "fields": [
        {"name": "register", "type": "string", "doc": "a word of C"}]}
    _, header = rows(tmp_path, record({"name": "parts", "type": {"type": "array", "items": part}, "default": []},
                                      {"name": "last", "type": ["null", "OddPartOf"], "default": None}))
    assert "struct odd_row_part_of {\n    struct slice register_;" in header
    assert "struct { const struct odd_row_part_of *items; size_t count; } parts;" in header
    assert "bool has_last;" in header
    assert "extern const struct row_type odd_row_type;" in header


@pytest.mark.parametrize("schema,sentence", [
    (record({"name": "x", "type": "double"}), 'field "Odd.x": type "double" cannot be mirrored'),
    (record({"name": "x", "type": ["string", "null"]}), 'a union is ["null", T] with default null'),
    (record({"name": "x", "type": ["null", "string"]}), 'a union is ["null", T] with default null'),
    (record({"name": "x", "type": {"type": "array", "items": "string"}}), "has the default []"),
    (record({"name": "x", "type": {"type": "array", "items": "int"}, "default": []}), "repeats texts and records only"),
    (record({"name": "x", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}}),
     "money is decimal(18,2)"),
    (record({"name": "x", "type": {"type": "enum", "name": "OddX", "symbols": ["A"], "default": "A"}}),
     "must be UNKNOWN"),
    (record({"name": "x", "type": "string", "doc": ""}), 'field "Odd.x" has no doc'),
    (record(key="x"), 'record "Odd" has no field "x"'),
    (record(key="version"), "the key of a row is one uuid"),
])
def test_what_cannot_be_mirrored_is_refused(tmp_path, schema, sentence):
    done, said = rows(tmp_path, schema)
    assert done.returncode == 1
    assert sentence in said
    assert "Traceback" not in said


PART = {"type": "record", "name": "OddPart", "doc": "a part",
        "fields": [{"name": "amount", "type": "long", "doc": "how much"}]}
PARTS = {"name": "parts", "type": {"type": "array", "items": PART}, "default": []}
STATE = {"name": "state", "type": {"type": "enum", "name": "OddState", "doc": "a state", "symbols": ["UNKNOWN", "OPEN"],
                                   "default": "UNKNOWN"}}
A, B = {"name": "a", "type": "long"}, {"name": "b", "type": "string"}


def fingerprint_of(folder, schema):
    rows(folder, schema)
    return re.search(r"\.fingerprint = UINT64_C\((0x[0-9a-f]{16})\)", (folder / "test_rows.c").read_text()).group(1)


@pytest.mark.parametrize("name,fields", [
    ("added", [A, B, PARTS, STATE, {"name": "c", "type": "long"}]),
    ("taken out", [A, PARTS, STATE]),
    ("renamed", [{**A, "name": "c"}, B, PARTS, STATE]),
    ("moved", [B, A, PARTS, STATE]),
    ("of another type", [{**A, "type": "int"}, B, PARTS, STATE]),
    ("a time that was a number", [{**A, "type": {"type": "long", "logicalType": "timestamp-micros"}}, B, PARTS, STATE]),
    ("optional", [A, {**B, "type": ["null", "string"], "default": None}, PARTS, STATE]),
    ("renamed in a nested record", [A, B, json.loads(json.dumps(PARTS).replace("amount", "sum")), STATE]),
    ("a new symbol", [A, B, PARTS, json.loads(json.dumps(STATE).replace('"OPEN"', '"OPEN", "SHUT"'))]),
])
def test_a_row_with_other_columns_has_another_fingerprint(tmp_path, name, fields):
    before = fingerprint_of(tmp_path, record(A, B, PARTS, STATE))
    assert fingerprint_of(tmp_path, record(*fields)) != before, name


def test_a_row_with_other_docs_has_the_same_fingerprint(tmp_path):
    parts = json.loads(json.dumps(PARTS).replace("how much", "the sum of it"))
    before = fingerprint_of(tmp_path, record(A, B, PARTS, STATE))
    assert fingerprint_of(tmp_path, record({**A, "doc": "another"}, B, parts, STATE, doc="another row")) == before
