#include "persist/migration.h"

#include "persist_embedded.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
    MIGRATION_LOCK_TIMEOUT_MS = 120000,    /* another process may be migrating */
    MIGRATION_ANSWER_TIMEOUT_MS = 3600000, /* an index on a large table takes its time */
    SQL_SIZE = 1024,
    MONTHS_AT_FIRST = 3, /* decision partitions made with the tables */
    PARTITION_NAME_SIZE = 32,
};

static const struct migration kerja_migrations[] = {
    {1, "foundation", persist_sql_migrations_kerja_1_foundation_sql},
    {2, "register_load", persist_sql_migrations_kerja_2_register_load_sql},
    {3, "commands", persist_sql_migrations_kerja_3_commands_sql},
};
static const struct migration loop_migrations[] = {
    {1, "tables", persist_sql_migrations_loop_1_tables_sql},
};

/* One numbered history: those of schema kerja, of the loop, and of the service itself. */
struct history {
    const char *schema; /* whose table `migration` records it */
    const char *part;
    const struct migration *migrations;
    size_t count;
};

uint64_t migration_checksum(const char *sql)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (; *sql != '\0'; sql++)
        hash = (hash ^ (unsigned char)*sql) * UINT64_C(1099511628211);
    return hash;
}

static enum outcome execute(struct database *database, struct error *error, const char *format,
                            ...) __attribute__((format(printf, 3, 4)));

static enum outcome execute(struct database *database, struct error *error, const char *format,
                            ...)
{
    char sql[SQL_SIZE];
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(sql, sizeof sql, format, arguments);
    va_end(arguments);
    assert(size >= 0 && (size_t)size < sizeof sql);
    return database_execute(database, sql, error);
}

/* A role that another process creates at the same moment is there too. */
static enum outcome role_create(struct database *database, const char *role,
                                struct error *error)
{
    enum outcome outcome = execute(database, error,
                                   "DO $$ BEGIN IF to_regrole('%s') IS NULL THEN "
                                   "CREATE ROLE %s NOLOGIN; END IF; "
                                   "EXCEPTION WHEN duplicate_object OR unique_violation THEN "
                                   "NULL; END $$",
                                   role, role);
    if (outcome != OK)
        error_wrap(error, outcome, "cannot create role \"%s\": create it, or let the login",
                   role);
    return outcome;
}

static enum outcome roles_create(struct database *database, struct error *error)
{
    char owner[8 + DATABASE_SERVICE_SIZE];
    snprintf(owner, sizeof owner, "kerja_%s", database->settings.service);
    const char *roles[] = {owner, "kerja_read", "kerja_clock", "kerja_officer"};
    enum outcome outcome = OK;
    for (size_t i = 0; i < sizeof roles / sizeof *roles && outcome == OK; i++)
        outcome = role_create(database, roles[i], error);
    return outcome;
}

/* "CREATE ... IF NOT EXISTS" asks for the right to create even when there is nothing to do, so it
 * is asked for only when schema or table is missing: where somebody migrated beforehand, a login
 * without that right is enough. */
static enum outcome schema_create(struct database *database, const char *schema,
                                  const char *owner, struct error *error)
{
    enum outcome outcome = execute(
        database, error,
        "DO $$ BEGIN IF to_regnamespace('%s') IS NULL THEN CREATE SCHEMA %s; %s%s%s%s%s "
        "END IF; IF to_regclass('%s.migration') IS NULL THEN "
        "CREATE TABLE %s.migration (part text, number int, "
        "name text NOT NULL, checksum text NOT NULL, "
        "applied_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (part, number)); "
        "END IF; END $$",
        schema, schema, owner == NULL ? "" : "ALTER SCHEMA ", owner == NULL ? "" : schema,
        owner == NULL ? "" : " OWNER TO ", owner == NULL ? "" : owner, owner == NULL ? "" : ";",
        schema, schema);
    return outcome == OK ? OK
                         : error_wrap(error, outcome, "cannot create schema \"%s\"", schema);
}

/* The views' schema: whatever a later migration puts there is for kerja_read to see. */
static enum outcome schemas_create(struct database *database, struct error *error)
{
    const char *service = database->settings.service;
    enum outcome outcome = schema_create(database, "kerja", NULL, error);
    if (outcome == OK)
        outcome = schema_create(database, service, NULL, error);
    if (outcome == OK)
        outcome = execute(database, error,
                          "DO $$ BEGIN IF to_regnamespace('%s_read') IS NULL THEN "
                          "CREATE SCHEMA %s_read; "
                          "GRANT USAGE ON SCHEMA %s_read TO kerja_read; "
                          "ALTER DEFAULT PRIVILEGES IN SCHEMA %s_read "
                          "GRANT SELECT ON TABLES TO kerja_read; "
                          "GRANT USAGE ON SCHEMA %s TO kerja_clock, kerja_officer; "
                          "END IF; END $$",
                          service, service, service, service, service);
    return outcome;
}

/* Tables are made by the login and handed to the service's role, views with them: a
 * worker that takes this role needs no other right. */
static enum outcome ownership_give(struct database *database, struct error *error)
{
    const char *service = database->settings.service;
    enum outcome outcome = execute(
        database, error,
        "DO $$ DECLARE thing record; BEGIN "
        "FOR thing IN SELECT n.nspname, c.relname, c.relkind FROM pg_class c "
        "JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname IN ('%s', '%s_read') AND c.relkind IN ('r', 'p', 'v') "
        "AND c.relowner <> 'kerja_%s'::regrole LOOP "
        "EXECUTE format('ALTER %%s %%I.%%I OWNER TO kerja_%s', CASE thing.relkind WHEN 'v' "
        "THEN 'VIEW' ELSE 'TABLE' END, thing.nspname, thing.relname); "
        "END LOOP; END $$; "
        "ALTER SCHEMA %s OWNER TO kerja_%s; ALTER SCHEMA %s_read OWNER TO kerja_%s",
        service, service, service, service, service, service, service, service);
    if (outcome == OK)
        outcome = execute(database, error,
                          "GRANT SELECT ON ALL TABLES IN SCHEMA %s_read TO kerja_read; "
                          "GRANT USAGE ON SCHEMA kerja TO kerja_%s; "
                          "GRANT SELECT ON kerja.programme, kerja.migration TO kerja_%s",
                          service, service, service);
    return outcome;
}

/* OK and `done` when it was applied with this very text. */
static enum outcome migration_seen(struct database *database, const struct history *history,
                                   const struct migration *migration, bool *done,
                                   struct error *error)
{
    char sql[SQL_SIZE], recorded[32], own[32];
    snprintf(own, sizeof own, "%016" PRIx64, migration_checksum(migration->sql));
    snprintf(sql, sizeof sql,
             "SELECT checksum FROM %s.migration WHERE part = '%s' AND number = %d",
             history->schema, history->part, migration->number);
    enum outcome outcome = database_text(database, sql, recorded, sizeof recorded, error);
    if (outcome != OK)
        return outcome;
    *done = recorded[0] != '\0';
    if (*done && strcmp(recorded, own) != 0)
        return error_set(
            error, STOP,
            "cannot migrate \"%s\": migration %d \"%s\" of %s was applied as %s but "
            "is %s now; applied migrations are never edited, add a new one",
            history->schema, migration->number, migration->name, history->part, recorded, own);
    return OK;
}

static enum outcome migration_apply(struct database *database, const struct history *history,
                                    const struct migration *migration, struct error *error)
{
    enum outcome outcome = database_begin(database, error);
    if (outcome == OK)
        outcome = database_execute(database, migration->sql, error);
    if (outcome == OK)
        outcome = execute(database, error,
                          "INSERT INTO %s.migration (part, number, name, checksum) "
                          "VALUES ('%s', %d, '%s', '%016" PRIx64 "')",
                          history->schema, history->part, migration->number, migration->name,
                          migration_checksum(migration->sql));
    if (outcome == OK)
        outcome = database_execute(database, "COMMIT", error);
    database_rollback(database);
    if (outcome != OK)
        error_wrap(error, outcome, "cannot apply migration %d \"%s\" of %s", migration->number,
                   migration->name, history->part);
    return outcome;
}

/* A number beyond ours was applied by a newer program. */
static enum outcome history_not_newer(struct database *database, const struct history *history,
                                      struct error *error)
{
    char sql[SQL_SIZE], newest[16];
    snprintf(sql, sizeof sql,
             "SELECT coalesce(max(number), 0) FROM %s.migration WHERE part = '%s'",
             history->schema, history->part);
    enum outcome outcome = database_text(database, sql, newest, sizeof newest, error);
    if (outcome == OK && strtol(newest, NULL, 10) > (long)history->count)
        outcome = error_set(error, STOP,
                            "cannot use schema \"%s\": its %s history is at %s, this program "
                            "knows %zu; start the newer program",
                            history->schema, history->part, newest, history->count);
    return outcome;
}

static enum outcome history_run(struct database *database, const struct history *history,
                                int *applied, struct error *error)
{
    enum outcome outcome = history_not_newer(database, history, error);
    for (size_t i = 0; i < history->count && outcome == OK; i++) {
        const struct migration *migration = &history->migrations[i];
        bool done = false;
        if (migration->number != (int)i + 1)
            return error_set(error, STOP,
                             "cannot migrate: %s migration \"%s\" has number %d, not %zu",
                             history->part, migration->name, migration->number, i + 1);
        outcome = migration_seen(database, history, migration, &done, error);
        if (outcome == OK && !done) {
            outcome = migration_apply(database, history, migration, error);
            *applied += outcome == OK;
        }
    }
    return outcome;
}

static enum outcome histories_run(struct database *database, const struct migration *migrations,
                                  size_t count, int *applied, struct error *error)
{
    const char *service = database->settings.service;
    const struct history histories[] = {
        {"kerja", "kerja", kerja_migrations,
         sizeof kerja_migrations / sizeof *kerja_migrations},
        {service, "loop", loop_migrations, sizeof loop_migrations / sizeof *loop_migrations},
        {service, "service", migrations, count},
    };
    enum outcome outcome = OK;
    for (size_t i = 0; i < sizeof histories / sizeof *histories && outcome == OK; i++)
        outcome = history_run(database, &histories[i], applied, error);
    return outcome;
}

/* The month of `now` as the server has it: segments are stored under the server's clock. */
static enum outcome partitions_at_first(struct database *database, struct error *error)
{
    char text[32];
    enum outcome outcome =
        database_text(database, "SELECT (extract(epoch FROM now()) * 1000000)::bigint", text,
                      sizeof text, error);
    if (outcome == OK)
        outcome = decision_partitions_create(database, strtoll(text, NULL, 10), MONTHS_AT_FIRST,
                                             error);
    return outcome;
}

enum outcome migration_run(const struct database_settings *settings,
                           const struct migration *migrations, size_t count, int *applied,
                           struct error *error)
{
    struct database_settings bare = *settings;
    struct database database = {0};
    int ran = 0;
    bare.bare = true;
    bare.role = NULL;
    bare.table_count = bare.limit_count = 0;
    bare.lock_timeout_ms = MIGRATION_LOCK_TIMEOUT_MS;
    bare.answer_timeout_ms = MIGRATION_ANSWER_TIMEOUT_MS;
    enum outcome outcome = database_init(&database, &bare, error);
    if (outcome == OK)
        outcome = database_connect(&database, error);
    if (outcome == OK)
        outcome = database_execute(
            &database, "SELECT pg_advisory_lock(hashtext('kerja-migration'))", error);
    if (outcome == OK)
        outcome = roles_create(&database, error);
    if (outcome == OK)
        outcome = schemas_create(&database, error);
    if (outcome == OK)
        outcome = histories_run(&database, migrations, count, &ran, error);
    if (outcome == OK)
        outcome = partitions_at_first(&database, error);
    if (outcome == OK)
        outcome = ownership_give(&database, error);
    if (outcome == OK && applied != NULL)
        *applied = ran;
    database_release(&database);
    return outcome;
}

/* Made first and attached then: PARTITION OF locks the whole table against everybody, so that behind one long reader, such
 * as a dump, no worker could commit. Attaching waits for no reader and for no commit. Another process that makes the same
 * partition at the same moment does it for both. */
static enum outcome partition_create(struct database *database, const char *name,
                                     const char *from, const char *until, struct error *error)
{
    return execute(database, error,
                   "DO $$ BEGIN IF to_regclass('%s') IS NULL THEN "
                   "CREATE TABLE %s (LIKE decision_segment INCLUDING ALL); "
                   "ALTER TABLE decision_segment ATTACH PARTITION %s "
                   "FOR VALUES FROM ('%s 00:00:00+00') TO ('%s 00:00:00+00'); END IF; "
                   "EXCEPTION WHEN duplicate_table OR unique_violation THEN NULL; END $$",
                   name, name, name, from, until);
}

/* Months count in UTC, as the bounds of the partitions do. */
enum outcome decision_partitions_create(struct database *database, instant_us now,
                                        int months_ahead, struct error *error)
{
    struct civil month = day_to_civil(instant_to_day(now, 0));
    month.day = 1;
    epoch_day first = day_from_civil(month);
    enum outcome outcome = OK;
    for (int ahead = 0; ahead <= months_ahead && outcome == OK; ahead++) {
        epoch_day from = day_add_months(first, ahead);
        char from_text[DAY_TEXT_SIZE + 1], until_text[DAY_TEXT_SIZE + 1],
            name[PARTITION_NAME_SIZE];
        day_format(from, from_text);
        day_format(day_add_months(first, ahead + 1), until_text);
        struct civil civil = day_to_civil(from);
        snprintf(name, sizeof name, "decision_segment_%04d_%02d", civil.year, civil.month);
        outcome = partition_create(database, name, from_text, until_text, error);
    }
    return outcome;
}
