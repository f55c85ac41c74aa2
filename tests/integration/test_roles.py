"""What each role may at PostgreSQL, whole: a right that is not in this table is one too many, whoever granted it."""
import subprocess

import psycopg2
import pytest

from harness.paths import SERVICES, worker_program
from harness.worker import program_environment
from service import PATIENCE_S, query

# Relations, and columns of some, on which somebody else than the owner has a right; functions likewise, but for those that anybody
# may call and that do nothing in their owner's name.
RIGHTS = """
    SELECT coalesce(r.rolname, 'PUBLIC'), n.nspname || '.' || c.relname, a.privilege_type
        FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace, aclexplode(c.relacl) AS a
        LEFT JOIN pg_roles AS r ON r.oid = a.grantee WHERE n.nspname ~ %s AND a.grantee <> c.relowner
    UNION ALL
    SELECT coalesce(r.rolname, 'PUBLIC'), n.nspname || '.' || c.relname,
           a.privilege_type || ' (' || string_agg(t.attname, ', ' ORDER BY t.attnum) || ')'
        FROM pg_attribute AS t JOIN pg_class AS c ON c.oid = t.attrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace,
        aclexplode(t.attacl) AS a LEFT JOIN pg_roles AS r ON r.oid = a.grantee WHERE n.nspname ~ %s GROUP BY 1, 2, a.privilege_type
    UNION ALL
    SELECT coalesce(r.rolname, 'PUBLIC'), n.nspname || '.' || p.proname || '()', a.privilege_type
        FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS a
        LEFT JOIN pg_roles AS r ON r.oid = a.grantee WHERE n.nspname ~ %s AND a.grantee <> p.proowner
        AND (p.prosecdef OR a.grantee <> 0)"""
OURS = "^(kerja|" + "|".join(SERVICES) + ")"
READ, UPDATE_FIRED = {"SELECT"}, "UPDATE (fired_at)"
LOOP = "service, cluster_id, topic, partition, from_offset, next_offset, record_count, created_at"
COMMANDS = ("approve", "request", "sent", "withdraw")

# Views are for readers, all of them and nothing else.
ROLES = {
    "kerja_read": {f"kerja.{one}": READ for one in ("programme", "draw", "draw_entry", "envelope_signature")},
    "kerja_clock": {**{f"kerja.{one}": READ for one in ("programme", "draw", "draw_entry")},
                    **{f"{one}.source_position": READ for one in SERVICES},
                    **{f"{one}.timer": {"SELECT", UPDATE_FIRED} for one in SERVICES}},
    "kerja_officer": {
        "kerja.programme": {"SELECT", "INSERT (programme, sha256, text)"},
        "kerja.draw": {"SELECT", "INSERT (draw_id, programme, wave, seed_sha256)",
                       "UPDATE (pool_sha256, pool_announced_at, seed, positions, pooled, drawn_at)"},
        "kerja.draw_entry": {"SELECT", "INSERT"},
        "kerja.audit": {"SELECT", "INSERT (second_actor, command, subject, detail)"},
        "kerja.command": READ, "kerja.command_award": READ, "kerja.envelope_signature": READ,
        "kerja.register_load": {"SELECT", "INSERT", "UPDATE", "DELETE"},
        **{f"kerja.command_{one}()": {"EXECUTE"} for one in COMMANDS},
        **{f"{one}.source_position": {"SELECT", "UPDATE (next_offset, published_next, owner_epoch, owner, state, reason)"}
           for one in SERVICES},
        **{f"{one}.outbox": {f"SELECT ({LOOP})", "DELETE"} for one in SERVICES}},
    **{f"kerja_{one}": {"kerja.programme": READ, "kerja.migration": READ} for one in SERVICES},
}


@pytest.fixture(scope="module")
def migrated(servers):
    for service in SERVICES:
        subprocess.run([worker_program(service), "--migrate"], check=True, timeout=PATIENCE_S, capture_output=True,
                       env=program_environment(servers.worker_environment()))
    return servers


def test_each_role_has_these_rights_and_no_other(migrated):
    found = {role: {} for role in ROLES}
    for role, what, right in query(migrated, RIGHTS, OURS, OURS, OURS):
        found.setdefault(role, {}).setdefault(what, set()).add(right)
    views = {f"{schema}.{name}": READ for schema, name in query(
        migrated, "SELECT schemaname, viewname FROM pg_views WHERE schemaname LIKE '%%\\_read' AND schemaname ~ %s", OURS)}
    assert len(views) > 30
    assert found == {**ROLES, "kerja_read": {**ROLES["kerja_read"], **views}}


def test_no_role_is_more_than_its_rights(migrated):
    """None logs in by itself, is a member of another, or may make roles, databases or schemas."""
    assert query(migrated, "SELECT rolname FROM pg_roles WHERE rolname LIKE 'kerja\\_%%' AND (rolsuper OR rolcanlogin OR rolcreaterole"
                           " OR rolcreatedb OR rolreplication OR rolbypassrls)") == []
    assert query(migrated, "SELECT m.rolname FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.member WHERE m.rolname LIKE"
                           " 'kerja\\_%%'") == []
    assert query(migrated, "SELECT r.rolname FROM pg_roles r WHERE r.rolname LIKE 'kerja\\_%%' AND"
                           " has_database_privilege(r.rolname, current_database(), 'CREATE')") == []


def test_a_service_owns_its_own_schemas_alone(migrated):
    owners = dict(query(migrated, "SELECT n.nspname, array_agg(DISTINCT r.rolname::text) FROM pg_class c JOIN pg_namespace n"
                                  " ON n.oid = c.relnamespace JOIN pg_roles r ON r.oid = c.relowner WHERE n.nspname ~ %s GROUP BY 1", OURS))
    for service in SERVICES:
        assert owners[service] == owners[f"{service}_read"] == [f"kerja_{service}"]
    makers = query(migrated, "SELECT r.rolname, n.nspname FROM pg_namespace n, pg_roles r WHERE n.nspname ~ %s AND r.rolname LIKE"
                             " 'kerja\\_%%' AND has_schema_privilege(r.oid, n.oid, 'CREATE')", OURS)
    assert set(makers) == {(f"kerja_{one}", schema) for one in SERVICES for schema in (one, f"{one}_read")}


# What rights alone do not say.
SEED = "decode(repeat('07', 32), 'hex')"
ANNOUNCED = ("INSERT INTO kerja.draw (draw_id, programme, wave, seed_sha256) VALUES"
             f" (gen_random_uuid(), 'oversteps', 1, sha256({SEED}))")
DRAWN = f"UPDATE kerja.draw SET seed = {SEED}, drawn_at = now() WHERE programme = 'oversteps'"


@pytest.fixture
def officer(migrated):
    """Whose changes are taken back."""
    connection = psycopg2.connect(migrated.postgres.address)
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE kerja_officer")
        yield cursor
    connection.close()


def test_a_wave_is_drawn_once(officer):
    officer.execute(ANNOUNCED)
    officer.execute(DRAWN)
    assert officer.rowcount == 1
    officer.execute(DRAWN)
    assert officer.rowcount == 0


@pytest.mark.parametrize("sql,code", [
    ([ANNOUNCED, "UPDATE kerja.draw SET seed_sha256 = sha256('x') WHERE programme = 'oversteps'"], "42501"),
    ([ANNOUNCED, DRAWN.replace("07", "08")], "42501"),
    (["INSERT INTO kerja.draw (draw_id, programme, wave, seed_sha256, announced_at) VALUES (gen_random_uuid(), 'oversteps', 1,"
      " sha256('x'), '2020-01-01')"], "42501"),
    (["INSERT INTO kerja.programme (programme, sha256, text, published_by) VALUES ('x', sha256('x'), 'x', 'somebody')"], "42501"),
    (["INSERT INTO kerja.audit (command, subject, actor) VALUES ('x', 'x', 'somebody')"], "42501"),
    (["UPDATE application.source_position SET topic = 'x'"], "42501"),
    (["INSERT INTO kerja.command (command, subject, topic, event, dated, requested_by) VALUES ('x', 'x', 'award.changed', '{}', true, 'x')"],
     "42501"),
], ids=["another seed's hash after the first", "a seed that was not announced", "announced long ago",
        "published by another", "done by another", "another topic's position", "a command by hand"])
def test_an_officer_with_sql_oversteps(officer, sql, code):
    for one in sql[:-1]:
        officer.execute(one)
    with pytest.raises(psycopg2.Error) as refused:
        officer.execute(sql[-1])
    assert refused.value.pgcode == code, refused.value
