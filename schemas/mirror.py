"""Makes the C mirror of Avro schemas: structs, enums, field tables, fingerprints, and SQL for rows.

    mirror.py events OUT_DIR SCHEMAS_DIR      writes events.h and events.c
    mirror.py rows OUT_DIR SERVICE FILE...    writes SERVICE_rows.h and SERVICE_rows.c

Names. A type's C name is its Avro name in snake case: ApplicationSubmittedCheck becomes
`struct application_submitted_check`, the enum AwardChangedChange `enum award_changed_change` with
enumerators AWARD_CHANGED_CHANGE_HELD; a row adds _row: Person becomes `struct person_row`, and what
is nested in it `struct person_row_<rest>`. A member has its Avro name; one that is a word of
the C language has an underscore behind it (`register_`). The tables are called <name>_fields (not
public), <name>_symbols, <name>_record, and <topic>_event or <name>_row_type.

A schema uses what common/base/field.h can mirror, and nothing else: anything else ends the build
with a sentence. Layout is described in field.h and row.h.
"""
import json
import pathlib
import re
import sys

C_WORDS = set("auto break case char const continue default do double else enum extern float for goto if inline "
              "int long register restrict return short signed sizeof static struct switch typedef union "
              "unsigned void volatile while bool true false".split())

# Avro type and logical type: field kind, C type, PostgreSQL type.
KINDS = {
    ("boolean", None): ("FIELD_BOOL", "bool", "bool"),
    ("int", None): ("FIELD_INT", "int32_t", "int4"),
    ("long", None): ("FIELD_LONG", "int64_t", "int8"),
    ("int", "date"): ("FIELD_DAY", "int32_t", "date"),
    ("long", "timestamp-micros"): ("FIELD_INSTANT", "int64_t", "timestamptz"),
    ("bytes", "decimal"): ("FIELD_MONEY", "int64_t", "int8"),
    ("string", "uuid"): ("FIELD_UUID", "struct uuid", "uuid"),
    ("string", None): ("FIELD_TEXT", "struct slice", "text"),
    ("bytes", None): ("FIELD_BYTES", "struct slice", "bytea"),
}


def refuse(sentence):
    sys.exit(f"mirror.py: {sentence}")


def snake(name):
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def quote(text):
    return json.dumps(text, ensure_ascii=False)


# --- Parsing Canonical Form and its fingerprint (Avro 1.11 specification) ---

PRIMITIVES = {"null", "boolean", "int", "long", "float", "double", "bytes", "string"}


def canonical(schema, namespace=""):
    """The Parsing Canonical Form: what decides how bytes are read, and nothing else."""
    if isinstance(schema, str):
        full = schema if schema in PRIMITIVES or "." in schema or not namespace else f"{namespace}.{schema}"
        return quote(full)
    if isinstance(schema, list):
        return "[" + ",".join(canonical(branch, namespace) for branch in schema) + "]"
    kind = schema["type"]
    if kind in PRIMITIVES:
        return quote(kind)
    if kind == "array":
        return '{"type":"array","items":' + canonical(schema["items"], namespace) + "}"
    if kind == "map":
        return '{"type":"map","values":' + canonical(schema["values"], namespace) + "}"
    if kind not in ("record", "enum", "fixed"):
        return canonical(kind, namespace)
    name = schema["name"]
    namespace = name.rpartition(".")[0] or schema.get("namespace", namespace)
    full = name if "." in name or not namespace else f"{namespace}.{name}"
    head = '{"name":' + quote(full) + ',"type":' + quote(kind)
    if kind == "enum":
        return head + ',"symbols":[' + ",".join(map(quote, schema["symbols"])) + "]}"
    if kind == "fixed":
        return head + f',"size":{schema["size"]}' + "}"
    fields = ('{"name":' + quote(f["name"]) + ',"type":' + canonical(f["type"], namespace) + "}"
              for f in schema["fields"])
    return head + ',"fields":[' + ",".join(fields) + "]}"


EMPTY = 0xC15D213AA4D7A795


def table_entry(byte):
    for _ in range(8):
        byte = (byte >> 1) ^ (EMPTY if byte & 1 else 0)
    return byte


TABLE = [table_entry(byte) for byte in range(256)]


def fingerprint(data):
    """CRC-64-AVRO (Rabin)."""
    value = EMPTY
    for byte in data:
        value = (value >> 8) ^ TABLE[(value ^ byte) & 0xFF]
    return value


# --- what is mirrored ---

class Enum:
    def __init__(self, schema, c_name):
        self.name, self.c_name, self.symbols = schema["name"], c_name, schema["symbols"]
        self.doc = schema.get("doc", "")
        if self.symbols[0] != "UNKNOWN" or schema.get("default") != "UNKNOWN":
            refuse(f'enum "{self.name}": the first symbol and the default must be UNKNOWN')


class Field:
    def __init__(self, mirror, schema, where):
        self.name = schema["name"]
        self.where = f'{where}.{self.name}'
        self.doc = schema.get("doc") or refuse(f'field "{self.where}" has no doc')
        self.member = self.name + ("_" if self.name in C_WORDS else "")
        self.personal = schema.get("personal", False)
        kind = schema["type"]
        self.optional = isinstance(kind, list)
        if self.optional:
            if len(kind) != 2 or kind[0] != "null" or schema.get("default", 0) is not None:
                refuse(f'field "{self.where}": a union is ["null", T] with default null')
            kind = kind[1]
        self.repeated = isinstance(kind, dict) and kind["type"] == "array"
        if self.repeated:
            if self.optional or schema.get("default") != []:
                refuse(f'field "{self.where}": an array is not optional and has the default []')
            kind = kind["items"]
        self.take_kind(mirror, kind)
        self.has_default = "default" in schema
        self.default_number, self.default_text = self.take_default(schema.get("default"))

    def take_kind(self, mirror, kind):
        self.symbols = self.record = None
        if isinstance(kind, str) and kind in mirror.types:
            kind = mirror.types[kind]
        elif isinstance(kind, dict) and kind["type"] in ("enum", "record"):
            kind = mirror.add(kind)
        if isinstance(kind, Enum):
            self.kind, self.c_type, self.sql, self.symbols = "FIELD_SYMBOL", "int32_t", "text", kind
        elif isinstance(kind, Record):
            self.kind, self.sql, self.record = "FIELD_RECORD", "bytea", kind
            self.c_type = f"struct {kind.c_name}"
        else:
            key = (kind, None) if isinstance(kind, str) else (kind["type"], kind.get("logicalType"))
            if key not in KINDS:
                refuse(f'field "{self.where}": type {json.dumps(kind)} cannot be mirrored')
            if key[1] == "decimal" and (kind["precision"], kind["scale"]) != (18, 2):
                refuse(f'field "{self.where}": money is decimal(18,2)')
            self.kind, self.c_type, self.sql = KINDS[key]

    def take_default(self, default):
        if default is None or self.repeated or self.optional:
            return 0, None
        if self.kind == "FIELD_SYMBOL":
            return self.symbols.symbols.index(default), None
        if self.kind == "FIELD_MONEY":
            return int.from_bytes(default.encode("latin-1"), "big", signed=True), None
        if self.kind == "FIELD_TEXT":
            return 0, default
        if self.kind in ("FIELD_UUID", "FIELD_BYTES", "FIELD_RECORD"):
            refuse(f'field "{self.where}": a default of this type cannot be mirrored')
        return int(default), None

    def declaration(self):
        if self.repeated:
            lines = [f"struct {{ const {self.c_type} *items; size_t count; }} {self.member};"]
        else:
            lines = [f"{self.c_type} {self.member};"]
        if self.optional:
            lines.append(f"bool has_{self.name};")
        note = f"enum {self.symbols.c_name}: " if self.symbols else ""
        personal = " (personal)" if self.personal else ""
        lines[0] += f" /* {note}{self.doc}{personal} */"
        return "".join(f"    {line}\n" for line in lines)

    def row(self, owner):
        parts = [f".name = {quote(self.name)}", f".kind = {self.kind}"]
        parts += [f".{flag} = true" for flag in ("optional", "repeated", "personal", "has_default")
                  if getattr(self, flag)]
        parts.append(f".offset = offsetof(struct {owner}, {self.member})")
        if self.optional:
            parts.append(f".has_offset = offsetof(struct {owner}, has_{self.name})")
        parts.append(f".size = sizeof({self.c_type})")
        if self.symbols:
            parts.append(f".symbols = &{self.symbols.c_name}_symbols")
        if self.record:
            parts.append(f".record = &{self.record.c_name}_record")
        if self.default_number:
            parts.append(f".default_number = {self.default_number}")
        if self.default_text is not None:
            parts.append(f".default_text = {quote(self.default_text)}")
        return "    {" + ", ".join(parts) + "},\n"


class Record:
    def __init__(self, mirror, schema, c_name):
        self.name, self.c_name, self.doc = schema["name"], c_name, schema.get("doc", "")
        self.fields = [Field(mirror, field, self.name) for field in schema["fields"]]

    def field(self, name):
        for field in self.fields:
            if field.name == name:
                return field
        return refuse(f'record "{self.name}" has no field "{name}"')

    def has_personal(self):
        return any(f.personal or f.record and f.record.has_personal() for f in self.fields)


class Mirror:
    """The types of some schemas, in the order in which C must see them."""

    def __init__(self):
        self.types, self.order, self.prefix = {}, [], ("", "")

    def c_name(self, name):
        top, c_top = self.prefix
        rest = name.removeprefix(top)
        return f"{c_top}_{snake(rest)}" if rest else c_top

    def add(self, schema):
        name = schema["name"]
        if name in self.types:
            refuse(f'"{name}" is defined twice')
        c_name = self.c_name(name)
        made = Enum(schema, c_name) if schema["type"] == "enum" else Record(self, schema, c_name)
        self.types[name] = made
        self.order.append(made)
        return made

    def add_top(self, schema, suffix=""):
        """A record of its own file; what is nested in it has that record's name in front."""
        self.prefix, self.types = (schema["name"], snake(schema["name"]) + suffix), {}
        return self.add(schema)

    def declarations(self):
        return "".join(self.declare(made) for made in self.order)

    @staticmethod
    def declare(made):
        head = f"\n/* {made.doc} */\n"
        if isinstance(made, Enum):
            upper = made.c_name.upper()
            body = "".join(f"    {upper}_{symbol} = {i},\n" for i, symbol in enumerate(made.symbols))
            return f"{head}enum {made.c_name} {{\n{body}}};\nextern const struct symbols {made.c_name}_symbols;\n"
        body = "".join(field.declaration() for field in made.fields)
        return f"{head}struct {made.c_name} {{\n{body}}};\nextern const struct record_type {made.c_name}_record;\n"

    def definitions(self):
        return "".join(self.define(made) for made in self.order)

    @staticmethod
    def define(made):
        name = made.c_name
        if isinstance(made, Enum):
            names = ", ".join(map(quote, made.symbols))
            return (f"\nstatic const char *const {name}_names[] = {{{names}}};\n"
                    f"const struct symbols {name}_symbols = {{{quote(made.name)}, {name}_names, {len(made.symbols)}}};\n")
        rows = "".join(field.row(name) for field in made.fields)
        return (f"\nstatic const struct field {name}_fields[] = {{\n{rows}}};\n"
                f"const struct record_type {name}_record = {{{quote(made.name)}, sizeof(struct {name}), "
                f"{name}_fields, {len(made.fields)}}};\n")


# --- events ---

def load(path):
    try:
        return json.loads(pathlib.Path(path).read_text())
    except ValueError as error:
        return refuse(f'"{path}" is not JSON: {error}')


def writer_schemas(directory, path):
    """Canonical forms with which somebody may have written: the current one, then history, newest first."""
    old = sorted((directory / "history" / path.stem).glob("*.avsc"), key=lambda p: -int(p.stem))
    forms = [canonical(load(p)) for p in [path, *old]]
    return list(dict.fromkeys(forms))


def write_events(out, directory):
    directory, mirror, externs, tables, names = pathlib.Path(directory), Mirror(), "", "", []
    for path in sorted(directory.glob("*.avsc")):
        schema = load(path)
        record = mirror.add_top(schema)
        record.field(schema["key"])
        forms = writer_schemas(directory, path)
        rows = "".join(f"    {{UINT64_C(0x{fingerprint(form.encode()):016x}), {quote(form)}}},\n" for form in forms)
        tables += f"\nstatic const struct writer_schema {record.c_name}_schemas[] = {{\n{rows}}};\n"
        for topic in schema["topics"]:
            name = topic.replace(".", "_") + "_event"
            names.append(name)
            externs += f"extern const struct event_type {name};\n"
            tables += (f"const struct event_type {name} = {{\n    .topic = {quote(topic)},\n"
                       f"    .ce_type = {quote(f'org.kerja.{topic}.v1')},\n    .key = {quote(schema['key'])},\n"
                       f"    .personal = {str(record.has_personal()).lower()},\n    .record = &{record.c_name}_record,\n"
                       f"    .schemas = {record.c_name}_schemas,\n    .schema_count = {len(forms)},\n}};\n")
    listed = ", ".join(f"&{name}" for name in names)
    header = ("\n/* The types of all topics, and every event there is. */\n" + externs +
              "extern const struct event_type *const all_events[];\nextern const size_t all_events_count;\n")
    tail = (f"\nconst struct event_type *const all_events[] = {{{listed}}};\n"
            f"const size_t all_events_count = {len(names)};\n")
    write(out, "events", "base/event.h", "schemas/events.h", "the events that schemas/ describes",
          mirror.declarations() + header, mirror.definitions() + tables + tail)


# --- rows ---

def unnest(number, field):
    if not field.repeated or field.record:
        return f"unnest(${number}::{field.sql}[])"
    if field.kind != "FIELD_TEXT":
        refuse(f'field "{field.where}": a row repeats texts and records only')
    # unnest() would flatten an array of arrays: each row's array travels as its literal.
    return f"unnest(${number}::text[])::text[]"


def statements(table, key, record):
    names = [field.name for field in record.fields]
    columns = ", ".join(quote(name) for name in names)
    values = ", ".join(unnest(i, field) for i, field in enumerate(record.fields, 1))
    moves = ", ".join(f'"{name}" = excluded."{name}"' for name in names if name != key)
    insert = f'INSERT INTO "{table}" AS t ({columns}) SELECT {values}'
    load_rows = f'SELECT {columns} FROM "{table}" WHERE "{key}" = ANY($1::uuid[])'
    return {
        "insert_sql": insert,
        "save_sql": f'WITH saved AS ({insert} ON CONFLICT ("{key}") DO UPDATE SET {moves} '
                    f"WHERE t.version = excluded.version - 1 RETURNING 1) "
                    f"SELECT kerja.must(count(*), ${len(names) + 1}::int8, 'KJ001') FROM saved",
        "load_sql": load_rows,
        "load_locked_sql": f'{load_rows} ORDER BY "{key}" FOR UPDATE',
        # Keys are distinct: the difference is the number of keys read only if every one still
        # has its version and none of the absent ones is there.
        "check_sql": f"SELECT kerja.must((SELECT count(*) FROM (SELECT unnest($1::uuid[]) AS key, "
                     f'unnest($2::int8[]) AS version) AS seen JOIN "{table}" AS t ON t."{key}" = seen.key '
                     f'AND t.version = seen.version) - (SELECT count(*) FROM "{table}" WHERE "{key}" = '
                     f"ANY($3::uuid[])), cardinality($1::uuid[])::int8, 'KJ004')",
    }


def without_docs(schema):
    """What a column's bytes depend on; more than the canonical form says, which has no logical types."""
    if isinstance(schema, dict):
        return {name: without_docs(part) for name, part in schema.items() if name != "doc"}
    return [without_docs(part) for part in schema] if isinstance(schema, list) else schema


def row_type(schema, record):
    key, version = record.field(schema["key"]), record.field("version")
    if key.kind != "FIELD_UUID" or key.optional or key.repeated:
        refuse(f'field "{key.where}": the key of a row is one uuid')
    if version.kind != "FIELD_LONG" or version.optional or version.repeated:
        refuse(f'field "{version.where}" must be a long')
    texts = statements(schema["table"], key.name, record)
    form = fingerprint(json.dumps(without_docs(schema), sort_keys=True).encode())
    lines = "".join(f"    .{name} = {quote(text)},\n" for name, text in texts.items())
    return (f"\nconst struct row_type {record.c_name}_type = {{\n    .table = {quote(schema['table'])},\n"
            f"    .record = &{record.c_name}_record,\n    .fingerprint = UINT64_C(0x{form:016x}),\n"
            f"    .key_offset = offsetof(struct {record.c_name}, {key.member}),\n"
            f"    .version_offset = offsetof(struct {record.c_name}, version),\n{lines}}};\n")


def write_rows(out, service, *paths):
    mirror, externs, tables = Mirror(), "", ""
    for path in paths:
        schema = load(path)
        record = mirror.add_top(schema, "_row")
        externs += f"extern const struct row_type {record.c_name}_type;\n"
        tables += row_type(schema, record)
    write(out, f"{service}_rows", "base/row.h", f"{service}_rows.h", f"the fact rows of {service}",
          mirror.declarations() + "\n" + externs, mirror.definitions() + tables)


def write(out, name, base, own, what, header, source):
    guard = f"KERJA_{name.upper()}_H"
    note = f"/* {name} - {what} (made by schemas/mirror.py, do not edit). */\n"
    directory = pathlib.Path(out)
    directory.mkdir(parents=True, exist_ok=True)
    (directory / f"{name}.h").write_text(
        f'{note}#ifndef {guard}\n#define {guard}\n\n#include "{base}"\n#include "base/uuid.h"\n{header}\n#endif\n')
    # A schema is longer than the 4,095 characters that ISO C promises for a literal; both compilers take it.
    (directory / f"{name}.c").write_text(
        f'{note}#pragma GCC diagnostic ignored "-Woverlength-strings"\n#include "{own}"\n\n#include <stddef.h>\n{source}')


if __name__ == "__main__":
    {"events": write_events, "rows": write_rows}[sys.argv[1]](*sys.argv[2:])
