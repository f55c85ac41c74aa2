#include "persist/load.h"

#include "persist/pipeline.h"
#include "persist/statement.h"
#include "persist/waiting_rows.h"

#include <assert.h>

static bool keys_send(struct pipeline *pipeline, const char *statement, const struct uuid *keys,
                      size_t count)
{
    struct parameters parameters;
    parameters_begin(&parameters, &pipeline->database->parameters);
    array_append_uuid(keys, count, sizeof *keys, parameters.buffer);
    parameters_binary(&parameters);
    return pipeline_send(pipeline, statement, &parameters);
}

static void loads_send(struct pipeline *pipeline, const struct row_load *loads, size_t count,
                       const struct waiting_load *waiting, bool locked)
{
    for (size_t i = 0; i < count; i++) {
        char name[STATEMENT_NAME_SIZE];
        if (loads[i].key_count == 0)
            continue;
        statement_row_name(loads[i].type, locked ? ROW_LOAD_LOCKED : ROW_LOAD, name);
        if (!keys_send(pipeline, name, loads[i].keys, loads[i].key_count))
            return;
    }
    if (waiting != NULL && waiting->key_count > 0)
        keys_send(pipeline, "load_waiting", waiting->keys, waiting->key_count);
}

/* Where `key` stands among the ascending keys; -1 when it is not one of them. */
static ptrdiff_t key_index(const struct uuid *keys, size_t count, const struct uuid *key)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = uuid_compare(&keys[middle], key);
        if (order == 0)
            return (ptrdiff_t)middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return -1;
}

static enum outcome row_read(const PGresult *result, int index, const struct row_load *load,
                             const struct nested_codec *codec, struct arena *arena, void *row,
                             struct error *error)
{
    const struct record_type *record = load->type->record;
    size_t refused = arena->refused; /* what is nested is larger than its bytes */
    for (size_t i = 0; i < record->field_count; i++) {
        int column = (int)i;
        const char *data =
            PQgetisnull(result, index, column) ? NULL : PQgetvalue(result, index, column);
        size_t size = (size_t)PQgetlength(result, index, column);
        if (column_read(&record->fields[i], data, size, codec, arena, row))
            continue;
        if (arena->refused != refused)
            return error_set(error, REJECT, "cannot hold the rows of \"%s\": batch too large",
                             load->type->table);
        return error_set(error, STOP, "cannot read column \"%s\" of table \"%s\"",
                         record->fields[i].name, load->type->table);
    }
    return OK;
}

static enum outcome rows_read(const PGresult *result, struct row_load *load,
                              const struct nested_codec *codec, struct arena *arena,
                              struct error *error)
{
    if ((size_t)PQnfields(result) != load->type->record->field_count)
        return error_set(error, STOP, "cannot read table \"%s\": %d columns for %zu members",
                         load->type->table, PQnfields(result), load->type->record->field_count);
    for (int i = 0; i < PQntuples(result); i++) {
        void *row = arena_alloc(arena, load->type->record->size);
        if (row == NULL)
            return error_set(error, REJECT, "cannot hold the rows of \"%s\": batch too large",
                             load->type->table);
        enum outcome outcome = row_read(result, i, load, codec, arena, row, error);
        if (outcome != OK)
            return outcome;
        ptrdiff_t index = key_index(load->keys, load->key_count, row_key(load->type, row));
        if (index < 0)
            return error_set(error, STOP,
                             "cannot match a row of table \"%s\" with the ascending keys asked "
                             "for",
                             load->type->table);
        load->rows[index] = row;
    }
    return OK;
}

/* Takes one answer; an error of the server outweighs what is done with the result. */
static enum outcome answer_take(struct pipeline *pipeline, PGresult **result, const char *what,
                                struct error *error)
{
    *result = pipeline_answer(pipeline);
    if (PQresultStatus(*result) == PGRES_TUPLES_OK ||
        PQresultStatus(*result) == PGRES_COMMAND_OK)
        return OK;
    enum outcome outcome = fault_outcome(database_fault(pipeline->database, *result, error));
    PQclear(*result);
    *result = NULL;
    return error_wrap(error, outcome, "could not load \"%s\"", what);
}

static enum outcome loads_answer(struct pipeline *pipeline, struct row_load *loads,
                                 size_t count, struct waiting_load *waiting,
                                 const struct nested_codec *codec, struct arena *arena,
                                 struct error *error)
{
    enum outcome outcome = OK;
    PGresult *result = NULL;
    for (size_t i = 0; i < count && outcome == OK; i++) {
        if (loads[i].key_count == 0)
            continue;
        outcome = answer_take(pipeline, &result, loads[i].type->table, error);
        if (outcome == OK)
            outcome = rows_read(result, &loads[i], codec, arena, error);
        PQclear(result);
    }
    if (outcome == OK && waiting != NULL && waiting->key_count > 0) {
        outcome = answer_take(pipeline, &result, "waiting", error);
        if (outcome == OK)
            outcome = waiting_rows_read(result, &waiting->records, &waiting->record_count,
                                        arena, error);
        PQclear(result);
    }
    return outcome;
}

static enum outcome answers_prepare(struct row_load *loads, size_t count,
                                    struct waiting_load *waiting, struct arena *arena,
                                    struct error *error)
{
    for (size_t i = 0; i < count; i++) {
        loads[i].rows = NULL;
        if (loads[i].key_count == 0)
            continue;
        loads[i].rows = arena_alloc(arena, loads[i].key_count * sizeof *loads[i].rows);
        if (loads[i].rows == NULL)
            return error_set(error, REJECT, "cannot hold the rows of \"%s\": batch too large",
                             loads[i].type->table);
    }
    if (waiting != NULL) {
        waiting->records = NULL;
        waiting->record_count = 0;
    }
    return OK;
}

enum outcome persist_load(struct database *database, struct row_load *loads, size_t load_count,
                          struct waiting_load *waiting, bool locked,
                          const struct nested_codec *codec, struct arena *arena,
                          struct error *error)
{
    struct pipeline pipeline;
    enum outcome outcome = answers_prepare(loads, load_count, waiting, arena, error);
    if (outcome == OK && !pipeline_begin(&pipeline, database, error))
        outcome = RETRY;
    if (outcome != OK) {
        database_rollback(database);
        return outcome;
    }
    bool begins = locked && !database->in_transaction;
    if (begins)
        pipeline_send_text(&pipeline, "BEGIN");
    loads_send(&pipeline, loads, load_count, waiting, locked);
    pipeline_sync(&pipeline);
    if (begins) {
        PGresult *begun = NULL;
        outcome = answer_take(&pipeline, &begun, "begin", error);
        database->in_transaction = outcome == OK;
        PQclear(begun);
    }
    if (outcome == OK)
        outcome = loads_answer(&pipeline, loads, load_count, waiting, codec, arena, error);
    pipeline_end(&pipeline);
    if (outcome != OK)
        database_rollback(database);
    return outcome;
}

enum outcome persist_lock_limits(struct database *database, struct row_load *loads,
                                 size_t load_count, const struct nested_codec *codec,
                                 struct arena *arena, struct error *error)
{
    return persist_load(database, loads, load_count, NULL, true, codec, arena, error);
}
