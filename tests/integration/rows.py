"""Rows of the services' tables, made by SQL for what only reads them: what is not given is empty, 0 or false."""
import uuid

import psycopg2.extras

BLANK = {"text": "", "integer": 0, "bigint": 0, "boolean": False, "bytea": b"", "ARRAY": [], "date": "2021-01-01",
         "timestamp with time zone": "2021-01-01T00:00:00Z", "uuid": None}


class Rows:
    """`put` says which columns it knows; the catalog says which others a row cannot do without."""

    def __init__(self, connection):
        self.connection = connection
        psycopg2.extras.register_uuid(conn_or_curs=connection)
        self.needed: dict[str, dict] = {}

    def put(self, table: str, rows: list[dict]) -> None:
        needed = self.needed.setdefault(table, self._needed(table))
        columns = sorted({*needed, *(name for row in rows for name in row)})
        values = [[row.get(name, needed.get(name)) if name in row or needed.get(name) is not None else
                   (uuid.uuid4() if name in needed else None) for name in columns] for row in rows]
        with self.connection, self.connection.cursor() as cursor:
            names = ", ".join(f'"{name}"' for name in columns)
            psycopg2.extras.execute_values(cursor, f"INSERT INTO {table} ({names}) VALUES %s", values, page_size=1000)

    def multiply(self, table: str, row: dict, source: str, **changes: str) -> None:
        """Puts the row once for each row of `source`, a FROM clause; `changes` are expressions over it."""
        self.put(table, [row])
        names = [name for name, in self.run("SELECT column_name FROM information_schema.columns "
                                            "WHERE table_schema || '.' || table_name = %s", table)]
        where = " AND ".join(f"t.{name} = %s" for name in row)
        chosen = ", ".join(changes.get(name, f't."{name}"') for name in names)
        columns = ", ".join(f'"{name}"' for name in names)
        self.run(f"INSERT INTO {table} ({columns}) SELECT {chosen} FROM {table} AS t, {source} WHERE {where}", *row.values())
        self.run(f"DELETE FROM {table} AS t WHERE ctid = (SELECT min(ctid) FROM {table} AS t WHERE {where})", *row.values())

    def run(self, sql: str, *values) -> list[tuple]:
        with self.connection, self.connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall() if cursor.description else []

    def _needed(self, table: str) -> dict:
        schema, name = table.split(".")
        return {column: BLANK[kind] for column, kind in self.run(
            "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = %s AND table_name = %s"
            " AND is_nullable = 'NO'", schema, name)}
