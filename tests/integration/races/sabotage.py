"""What keeps racers apart, taken out of the database while the same workers run: each race must notice.

    with sabotage.unguarded(track, "application", "family_card"): ...

Nothing of it is in a worker: what a guard does is a condition in a statement, and a trigger can undo it.
"""
import contextlib

# Says nothing when rows did not match, for one reason.
DEAF = """
CREATE OR REPLACE FUNCTION kerja.must(got bigint, want bigint, code text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF got IS DISTINCT FROM want AND code <> '{code}' THEN
        RAISE EXCEPTION '% of % rows matched', got, want USING ERRCODE = code;
    END IF;
END $$"""
NEVER = "-----"  # no reason is called so: the function is itself again

# Saved without a look at the version: whoever comes last wins.
LAST_WINS = """
CREATE FUNCTION {service}.sabotage() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM {service}.{table} WHERE {key} = NEW.{key}) THEN
        UPDATE {service}.{table} SET {assignments} WHERE {key} = NEW.{key};
        RETURN NULL;
    END IF;
    RETURN NEW;
END $$"""

# A register's word changes the person's row, and its version does not tell.
NOT_BUMPED = """
CREATE FUNCTION application.sabotage() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.applications = OLD.applications THEN
        NEW.version := OLD.version;
    END IF;
    RETURN NEW;
END $$"""

# The limit is read, compared, and written, where it should be moved by one conditional statement.
READ_THEN_WRITE = """
CREATE FUNCTION application.sabotage() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    seen bigint;
BEGIN
    SELECT used INTO seen FROM application.quota WHERE quota_id = NEW.quota_id;
    IF seen IS NULL THEN
        RETURN NEW;
    ELSIF seen + NEW.used > NEW.ceiling THEN
        RAISE EXCEPTION 'too little left' USING ERRCODE = 'KJ003';
    END IF;
    PERFORM pg_sleep(0.05);
    UPDATE application.quota SET used = seen + NEW.used, ceiling = NEW.ceiling WHERE quota_id = NEW.quota_id;
    RETURN NULL;
END $$"""


@contextlib.contextmanager
def _trigger(track, function: str, service: str, table: str, when: str, deaf_to: str):
    track.execute(DEAF.format(code=deaf_to))
    track.execute(function)
    track.execute(f"CREATE TRIGGER sabotage BEFORE {when} ON {service}.{table} "
                  f"FOR EACH ROW EXECUTE FUNCTION {service}.sabotage()")
    try:
        yield
    finally:
        track.execute(f"DROP TRIGGER sabotage ON {service}.{table}")
        track.execute(f"DROP FUNCTION {service}.sabotage()")
        track.execute(DEAF.format(code=NEVER))


def unguarded(track, service: str, table: str):
    columns = [name for (name,) in track.query(
        "SELECT column_name::text FROM information_schema.columns WHERE table_schema = %s AND table_name = %s "
        "ORDER BY ordinal_position", service, table)]
    assignments = ", ".join(f'"{name}" = NEW."{name}"' for name in columns[1:])
    function = LAST_WINS.format(service=service, table=table, key=columns[0], assignments=assignments)
    return _trigger(track, function, service, table, "INSERT", "KJ001")


def person_not_bumped(track):
    return _trigger(track, NOT_BUMPED, "application", "person", "UPDATE", NEVER)


def limit_read_then_written(track):
    return _trigger(track, READ_THEN_WRITE, "application", "quota", "INSERT", "KJ003")
