"""What the generator makes of a schema, and what it refuses with a sentence."""
import json
import pathlib
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
