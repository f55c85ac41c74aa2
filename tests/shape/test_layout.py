"""What stands where: the top level, SQL, schemas, decisions on record, and the form of C."""
import json
import re
import shutil
import subprocess

import pytest
from tree import ROOT, Tree, fake, obeys

TOP = {".ci", ".clang-format", ".dockerignore", ".gitignore", "CMakeLists.txt", "CMakePresets.json", "Dockerfile",
       "LICENSE", "README.md", "cmake", "common", "docker-compose.yml", "docs", "examples", "programmes", "run",
       "run.d", "schemas", "services", "tests"}
CLANG_FORMAT = 14  # other versions write some things another way


def top_level(tree: Tree) -> list[str]:
    found = {name.split("/")[0] for name in tree.files()}
    return [f"{name}: does not belong there" for name in sorted(found - TOP)] + \
        [f"{name}: is missing" for name in sorted(TOP - found)]


def bare_sql(tree: Tree) -> list[str]:
    """A file of SQL says first what it does, and names each of its parameters there; a prepared one is one statement."""
    wrong = []
    for name in tree.files(".sql"):
        lines = tree.lines(name)
        said = []
        while lines and lines[0].startswith("--"):
            said.append(lines.pop(0))
        statement = re.sub(r"--[^\n]*|'(?:[^']|'')*'", "", "\n".join(lines))
        if not said:
            wrong.append(f"{name}:1: does not say what it does")
        if not statement.strip():
            wrong.append(f"{name}: has no statement")
        if "/migrations/" in name:
            continue
        if ";" in statement.strip().rstrip(";"):
            wrong.append(f"{name}: more than one statement")
        told = set(re.findall(r"\$\d+", " ".join(said)))
        # In literals too: a statement may make statements, and their parameters are its own.
        used = set(re.findall(r"\$\d+", re.sub(r"--[^\n]*", "", "\n".join(lines))))
        wrong += [f"{name}: {parameter} is not explained" for parameter in sorted(used - told)]
        wrong += [f"{name}: {parameter} is explained and not used" for parameter in sorted(told - used)]
    return wrong


def misjudged_sql(tree: Tree) -> list[str]:
    """Without a value it compares a column with itself, which the planner takes for one row in two hundred, each time."""
    wrong = re.compile(r"\b([\w.]+)\s*=\s*coalesce\(\$\d+(?:::\w+)?,\s*\1\)", re.IGNORECASE)
    return [f"{name}: {found.group()}: say ($n IS NULL OR {found.group(1)} = $n)" for name in tree.files(".sql")
            for found in wrong.finditer(tree.text(name))]


def bare_schemas(tree: Tree) -> list[str]:
    wrong = []
    for name in tree.files(".avsc"):
        try:
            schema = json.loads(tree.text(name))
        except ValueError as why:
            wrong.append(f"{name}: {why}")
            continue
        wrong += [f"{name}: {path} has no doc" for path in without_doc(schema, schema.get("name", "?"))]
    return wrong


def without_doc(schema, path: str) -> list[str]:
    if isinstance(schema, list):
        return [one for part in schema for one in without_doc(part, path)]
    if not isinstance(schema, dict):
        return []
    found = []
    if schema.get("type") == "record":
        found += [] if schema.get("doc") else [path]
        for field in schema["fields"]:
            inner = f"{path}.{field['name']}"
            found += [] if field.get("doc") else [inner]
            found += without_doc(field["type"], inner)
    elif schema.get("type") == "array":
        found += without_doc(schema["items"], path)
    elif isinstance(schema.get("type"), (dict, list)):
        found += without_doc(schema["type"], path)
    return found


def loose_decisions(tree: Tree) -> list[str]:
    """docs/adr/ is numbered without gaps, and each decision tells its context and its consequences."""
    wrong = []
    names = tree.files(".md", under="docs/adr/")
    for number, name in enumerate(names, 1):
        if not name.startswith(f"docs/adr/{number:04d}-"):
            wrong.append(f"{name}: expected number {number:04d}")
        for part in ("Context", "Decision", "Consequences"):
            if f"## {part}" not in tree.lines(name):
                wrong.append(f"{name}: has no \"## {part}\"")
    return wrong


@pytest.mark.parametrize("rule", [top_level, bare_sql, misjudged_sql, bare_schemas, loose_decisions])
def test_the_tree_obeys(rule):
    obeys(rule(Tree(ROOT)))


def test_c_is_formatted():
    tool = shutil.which("clang-format")
    version = re.search(r"version (\d+)", subprocess.run([tool, "--version"], capture_output=True, text=True).stdout) \
        if tool else None
    if not version or int(version.group(1)) != CLANG_FORMAT:
        pytest.skip(f"clang-format {CLANG_FORMAT} is not installed")
    tree = Tree(ROOT)
    done = subprocess.run([tool, "--dry-run", "-Werror", "-style=file", *tree.files(".c", ".h")], cwd=ROOT,
                          capture_output=True, text=True)
    wrong = sorted(set(re.findall(r"^(\S+?):\d+:\d+: error", done.stderr, re.M)))
    obeys(wrong)


FOLDERS = {".ci", "cmake", "common", "docs", "examples", "programmes", "run.d", "schemas", "services", "tests"}
WHOLE = {f"{name}/a" if name in FOLDERS else name: "" for name in TOP}
ADR = "# It\n\n## Context\n\n## Decision\n\n## Consequences\n"
BROKEN = {
    "something new stands at the top": (top_level, {**WHOLE, "notes.txt": "x"}),
    "something is missing at the top": (top_level, {name: text for name, text in WHOLE.items() if name != "LICENSE"}),
    "SQL does not explain itself": (bare_sql, {"common/persist/sql/x.sql": "SELECT 1\n"}),
    "SQL does not explain a parameter": (bare_sql, {"common/persist/sql/x.sql": "-- It.\n-- $1 a\nSELECT $1, $2\n"}),
    "SQL explains what it has not": (bare_sql, {"common/persist/sql/x.sql": "-- It.\n-- $1 a, $2 b\nSELECT $1\n"}),
    "SQL is two statements": (bare_sql, {"common/persist/sql/x.sql": "-- It.\nSELECT 1;\nSELECT 2;\n"}),
    "a migration does not explain itself": (bare_sql, {"services/x/sql/migrations/1.sql": "CREATE TABLE a ();\n"}),
    "SQL compares a column with itself": (misjudged_sql, {
        "services/x/sql/x.sql": "-- It.\n-- $1 a\nSELECT 1 FROM t WHERE t.a = coalesce($1::text, t.a)\n"}),
    "a schema is not JSON": (bare_schemas, {"schemas/x.avsc": "{"}),
    "a record has no doc": (bare_schemas, {"schemas/x.avsc": '{"type": "record", "name": "X", "fields": []}'}),
    "a member has no doc": (bare_schemas, {"schemas/x.avsc": json.dumps(
        {"type": "record", "name": "X", "doc": "it", "fields": [{"name": "a", "type": "int"}]})}),
    "a nested member has no doc": (bare_schemas, {"schemas/x.avsc": json.dumps(
        {"type": "record", "name": "X", "doc": "it", "fields": [{"name": "a", "doc": "it", "type": ["null", {
            "type": "array", "items": {"type": "record", "name": "Y", "doc": "it", "fields": [
                {"name": "b", "type": "int"}]}}]}]})}),
    "a decision's number is left out": (loose_decisions, {"docs/adr/0002-it.md": ADR}),
    "a decision has no consequences": (loose_decisions, {"docs/adr/0001-it.md": ADR.replace("## Consequences", "")}),
}


@pytest.mark.parametrize("name", BROKEN)
def test_it_is_caught_that(name, tmp_path):
    rule, files = BROKEN[name]
    assert len(rule(fake(tmp_path, files))) == 1


def test_what_is_allowed_is_not_caught(tmp_path):
    tree = fake(tmp_path, {**WHOLE, "common/persist/sql/x.sql": "-- It; it.\n-- $1 a\nSELECT $1, ';'\n",
                           "services/x/sql/migrations/1.sql": "-- Two.\nSELECT 1;\nSELECT 2;\n",
                           "docs/adr/0001-it.md": ADR, "docs/adr/0002-that.md": ADR})
    assert top_level(tree) + bare_sql(tree) + misjudged_sql(tree) + loose_decisions(tree) == []
