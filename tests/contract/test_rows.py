"""The statements that mirror.py makes for a fact row do in PostgreSQL what common/base/row.h says of them."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import uuid

import psycopg2
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "schemas"))
import mirror  # noqa: E402

BINARIES = pathlib.Path("/usr/lib/postgresql/15/bin")
SAMPLE = json.loads((ROOT / "tests" / "unit" / "decode" / "rows" / "sample.avsc").read_text())
SQL = mirror.statements(SAMPLE["table"], SAMPLE["key"], mirror.Mirror().add_top(SAMPLE, "_row"))
TABLE = """
CREATE SCHEMA kerja;
CREATE FUNCTION kerja.must(got bigint, want bigint, code text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF got IS DISTINCT FROM want THEN RAISE EXCEPTION 'got % of %', got, want USING ERRCODE = code; END IF;
END $$;
CREATE TABLE sample (sample_id uuid PRIMARY KEY, flag bool, number int4, total int8, "on" date, at timestamptz,
  amount int8, title text, sealed bytea, state text, reasons text[], parts bytea, first bytea, version int8);
"""
COLUMNS = ("uuid[] bool[] int4[] int8[] date[] timestamptz[] int8[] text[] bytea[] text[] text[] bytea[] bytea[] "
           "int8[]").split()
KEYS = [str(uuid.UUID(int=number)) for number in range(1, 5)]


@pytest.fixture(scope="module")
def server():
    """A private server on a socket, as the user `postgres` where root runs the tests."""
    user = ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--init-groups", "--"] if os.geteuid() == 0 else []
    folder = pathlib.Path(tempfile.mkdtemp(prefix="kerja-rows-"))
    if user:
        shutil.chown(folder, "postgres", "postgres")
    control = [*user, BINARIES / "pg_ctl", "-D", folder / "data", "-w", "-s"]
    subprocess.run([*user, BINARIES / "initdb", "-D", folder / "data", "-U", "kerja", "--auth", "trust", "-N"],
                   check=True, stdout=subprocess.DEVNULL, cwd="/")
    try:
        subprocess.run([*control, "-l", folder / "log", "-o", f"-c listen_addresses='' -k {folder}", "start"],
                       check=True, cwd="/")
        yield f"host={folder} user=kerja dbname=postgres"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], cwd="/")
        shutil.rmtree(folder)


@pytest.fixture
def sql(server):
    connection = psycopg2.connect(server)
    cursor = connection.cursor()
    cursor.execute("SET timezone = 'UTC'")
    cursor.execute(TABLE)
    parameters = {"insert_sql": COLUMNS, "save_sql": [*COLUMNS, "int8"], "load_sql": ["uuid[]"],
                  "load_locked_sql": ["uuid[]"], "check_sql": ["uuid[]", "int8[]", "uuid[]"]}
    for name, text in SQL.items():
        cursor.execute(f"PREPARE {name} AS {text}")

    def run(name, *arguments):
        types = parameters[name]
        holes = ", ".join(f"%s::{kind}" for kind in types)
        cursor.execute(f"EXECUTE {name}({holes})", arguments)
        return cursor.fetchall() if cursor.description else None

    yield run
    connection.rollback()
    connection.close()


def rows(keys, version, title="a"):
    """Arrays in column order; reasons are literals of arrays, as a text[] column is passed."""
    n = len(keys)
    return [keys, [True] * n, [7] * n, [2 ** 62] * n, ["2020-04-11"] * n, ["2020-04-11T00:00:00Z"] * n, [-5] * n,
            [title] * n, [b"\0\xff"] * n, ["OPEN"] * n, ['{A,"b c",""}'] * n, [b""] * n, [None] * n, [version] * n]


def code_of(action, *arguments):
    with pytest.raises(psycopg2.Error) as raised:
        action(*arguments)
    return raised.value.pgcode


def test_what_is_inserted_is_loaded(sql):
    sql("insert_sql", *rows(KEYS[:2], 1))
    loaded = sorted(sql("load_sql", KEYS))
    assert [row[0] for row in loaded] == KEYS[:2]
    assert loaded[0][10] == ["A", "b c", ""]
    assert loaded[0][3] == 2 ** 62 and loaded[0][13] == 1
    assert [row[0] for row in sql("load_locked_sql", KEYS[::-1])] == KEYS[:2]


def test_an_array_may_be_empty(sql):
    values = rows(KEYS[:1], 1)
    values[10] = ["{}"]
    sql("insert_sql", *values)
    assert sql("load_sql", KEYS)[0][10] == []


def test_a_row_that_exists_is_not_inserted(sql):
    sql("insert_sql", *rows(KEYS[:2], 1))
    assert code_of(sql, "insert_sql", *rows(KEYS[1:3], 1)) == "23505"


def test_a_save_moves_the_version_by_one(sql):
    sql("insert_sql", *rows(KEYS[:2], 1))
    sql("save_sql", *rows(KEYS[:2], 2, "b"), 2)
    assert {(row[7], row[13]) for row in sql("load_sql", KEYS)} == {("b", 2)}


@pytest.mark.parametrize("version", [1, 3])
def test_a_save_of_another_version_is_stale(sql, version):
    sql("insert_sql", *rows(KEYS[:2], 1))
    assert code_of(sql, "save_sql", *rows(KEYS[:2], version), 2) == "KJ001"


@pytest.mark.parametrize("read,versions,absent,stale", [
    (KEYS[:2], [1, 1], KEYS[2:], False),
    ([], [], [], False),
    (KEYS[:2], [1, 2], [], True),
    (KEYS[:3], [1, 1, 1], [], True),
    (KEYS[:1], [1], KEYS[1:], True),
])
def test_a_check_sees_every_change(sql, read, versions, absent, stale):
    sql("insert_sql", *rows(KEYS[:2], 1))
    if stale:
        assert code_of(sql, "check_sql", read, versions, absent) == "KJ004"
    else:
        sql("check_sql", read, versions, absent)
