"""What was found wrong, and how the database is asked while it may be down."""
import dataclasses

import psycopg2

ASK_S = 3  # how long a question waits for a server that may be down
SHOWN = 5  # of each kind of failure
UNCHECKED = "unchecked"  # in the place of a count


@dataclasses.dataclass
class Findings:
    lost: list[str] = dataclasses.field(default_factory=list)
    twice: list[str] = dataclasses.field(default_factory=list)
    disordered: list[str] = dataclasses.field(default_factory=list)
    unbalanced: list[str] = dataclasses.field(default_factory=list)
    stuck: list[str] = dataclasses.field(default_factory=list)

    def counts(self, unchecked: tuple[str, ...] = ()) -> str:
        """Of those that nobody, or not everybody, was asked about: what was not found is not known to be absent."""
        found = ((name, len(getattr(self, name))) for name in KINDS)
        return " ".join(f"{name}={UNCHECKED if name in unchecked and not count else count}" for name, count in found)

    def sound(self) -> bool:
        return not any(getattr(self, name) for name in KINDS)

    def show(self) -> None:
        for name in KINDS:
            found = getattr(self, name)
            for sentence in found[:SHOWN]:
                print(f"{name}: {sentence}")
            if len(found) > SHOWN:
                print(f"{name}: and {len(found) - SHOWN} more")


KINDS = tuple(field.name for field in dataclasses.fields(Findings))


def query(servers, sql: str, *values, timeout_s: int = ASK_S) -> list[tuple]:
    connection = psycopg2.connect(servers.postgres.address, connect_timeout=ASK_S,
                                  options=f"-c statement_timeout={timeout_s}s")
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall()
    finally:
        connection.close()
