#include "persist/statement.h"

#include "base/broken.h"
#include "persist/pipeline.h"
#include "persist_embedded.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    const char *sql;
} loop_statements[] = {
    {"claim_positions", persist_sql_claim_positions_sql},
    {"conflict_position", persist_sql_conflict_position_sql},
    {"delete_waiting", persist_sql_delete_waiting_sql},
    {"due_timers", persist_sql_due_timers_sql},
    {"insert_decisions", persist_sql_insert_decisions_sql},
    {"insert_outbox", persist_sql_insert_outbox_sql},
    {"insert_timers", persist_sql_insert_timers_sql},
    {"list_positions", persist_sql_list_positions_sql},
    {"load_waiting", persist_sql_load_waiting_sql},
    {"mark_timers_fired", persist_sql_mark_timers_fired_sql},
    {"move_positions", persist_sql_move_positions_sql},
    {"programme_files", persist_sql_programme_files_sql},
    {"prune_outbox", persist_sql_prune_outbox_sql},
    {"put_waiting", persist_sql_put_waiting_sql},
    {"read_outbox", persist_sql_read_outbox_sql},
    {"set_position", persist_sql_set_position_sql},
};

/* Without owner_epoch, and without asking where the position stood. */
#define MOVE_UNCHECKED                                                                         \
    "UPDATE source_position p SET next_offset = w.next_offset, "                               \
    "published_next = least(w.next_offset, greatest(p.published_next, w.published_next)) "     \
    "FROM ("                                                                                   \
    "SELECT unnest($3::text[]) AS topic, unnest($4::int[]) AS partition, "                     \
    "unnest($5::bigint[]) AS from_offset, unnest($6::bigint[]) AS next_offset, "               \
    "unnest($7::bigint[]) AS owner_epoch, unnest($8::bigint[]) AS published_next) w "          \
    "WHERE p.service = $1::text AND p.cluster_id = $2::text AND p.topic = w.topic "            \
    "AND p.partition = w.partition RETURNING $9::bigint"

static const char *loop_sql(size_t index)
{
    if ((BROKEN(OWNER_UNCHECKED) || BROKEN(AT_LEAST_ONCE)) &&
        strcmp(loop_statements[index].name, "move_positions") == 0)
        return MOVE_UNCHECKED;
    return loop_statements[index].sql;
}

void statement_row_name(const struct row_type *type, enum row_statement kind,
                        char name[static STATEMENT_NAME_SIZE])
{
    static const char *const ends[] = {"insert",      "save",  "load",
                                       "load_locked", "check", "limit"};
    snprintf(name, STATEMENT_NAME_SIZE, "%.48s.%s", type->table, ends[kind]);
}

static enum outcome statement_prepare(struct database *database, const char *name,
                                      const char *sql, struct error *error)
{
    if (!database_usable(database))
        return error_set(error, RETRY, "could not prepare statements: the connection was lost");
    PGresult *result =
        database_answer(database, PQsendPrepare(database->connection, name, sql, 0, NULL));
    enum outcome outcome = OK;
    if (PQresultStatus(result) != PGRES_COMMAND_OK) {
        enum fault fault = database_fault(database, result, error);
        outcome = fault_outcome(fault) == RETRY ? RETRY : STOP;
        error_wrap(error, outcome, "%s prepare statement \"%s\"",
                   outcome == RETRY ? "could not" : "cannot", name);
    }
    PQclear(result);
    return outcome;
}

static enum outcome statement_prepare_row(struct database *database,
                                          const struct row_type *type, enum row_statement kind,
                                          const char *sql, struct error *error)
{
    char name[STATEMENT_NAME_SIZE];
    statement_row_name(type, kind, name);
    return statement_prepare(database, name, sql, error);
}

static enum outcome statement_prepare_table(struct database *database,
                                            const struct row_type *type, struct error *error)
{
    const char *texts[] = {type->insert_sql, type->save_sql, type->load_sql,
                           type->load_locked_sql, type->check_sql};
    enum outcome outcome = OK;
    for (size_t i = 0; i < sizeof texts / sizeof *texts && outcome == OK; i++)
        outcome = statement_prepare_row(database, type, (enum row_statement)i, texts[i], error);
    return outcome;
}

static enum outcome statement_prepare_limit(struct database *database, size_t index,
                                            struct error *error)
{
    const struct row_type *type = database->settings.limits[index];
    enum outcome outcome =
        statement_prepare_row(database, type, ROW_LOAD, type->load_sql, error);
    if (outcome == OK)
        outcome = statement_prepare_row(database, type, ROW_LOAD_LOCKED, type->load_locked_sql,
                                        error);
    if (outcome == OK)
        outcome = statement_prepare_row(database, type, ROW_LIMIT,
                                        database->limit_sql[index].data, error);
    return outcome;
}

enum outcome statement_prepare_all(struct database *database, struct error *error)
{
    const struct database_settings *settings = &database->settings;
    enum outcome outcome = OK;
    for (size_t i = 0; i < sizeof loop_statements / sizeof *loop_statements && outcome == OK;
         i++)
        outcome = statement_prepare(database, loop_statements[i].name, loop_sql(i), error);
    for (size_t i = 0; i < settings->table_count && outcome == OK; i++)
        outcome = statement_prepare_table(database, settings->tables[i], error);
    for (size_t i = 0; i < settings->limit_count && outcome == OK; i++)
        outcome = statement_prepare_limit(database, i, error);
    return outcome;
}
