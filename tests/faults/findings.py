"""What was found wrong, and how the database is asked while it may be down."""
import dataclasses

import psycopg2

ASK_S = 3  # how long a question waits for a server that may be down
SHOWN = 5  # of each kind of failure


@dataclasses.dataclass
class Findings:
    lost: list[str] = dataclasses.field(default_factory=list)
    twice: list[str] = dataclasses.field(default_factory=list)
    disordered: list[str] = dataclasses.field(default_factory=list)
    unbalanced: list[str] = dataclasses.field(default_factory=list)
    stuck: list[str] = dataclasses.field(default_factory=list)

    def counts(self) -> str:
        return " ".join(f"{field.name}={len(getattr(self, field.name))}" for field in dataclasses.fields(self))

    def sound(self) -> bool:
        return not any(getattr(self, field.name) for field in dataclasses.fields(self))

    def show(self) -> None:
        for field in dataclasses.fields(self):
            found = getattr(self, field.name)
            for sentence in found[:SHOWN]:
                print(f"{field.name}: {sentence}")
            if len(found) > SHOWN:
                print(f"{field.name}: and {len(found) - SHOWN} more")


def query(servers, sql: str, *values, timeout_s: int = ASK_S) -> list[tuple]:
    connection = psycopg2.connect(servers.postgres.address, connect_timeout=ASK_S,
                                  options=f"-c statement_timeout={timeout_s}s")
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall()
    finally:
        connection.close()
