#include "persist/sealed.h"

#include "persist/columns.h"
#include "persist/pipeline.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { SQL_SIZE = 512, NUMBER_AT = 2, BINARY = 1 };

/* Names come from our own field tables, so they are put in as they are. */
static enum outcome query(struct database *database, const char *sql,
                          const struct parameters *parameters, PGresult **result,
                          struct error *error)
{
    const char *values[PARAMETER_BOUND];
    int sizes[PARAMETER_BOUND];
    if (!database_usable(database))
        return error_set(error, RETRY, "could not use the database: the connection is closed");
    if (buffer_failed(parameters->buffer))
        return error_set(error, STOP, "cannot hold the values of a statement: no memory");
    parameters_resolve(parameters, values, sizes);
    *result = database_answer(database, PQsendQueryParams(database->connection, sql,
                                                          parameters->count, NULL, values,
                                                          sizes, parameters->formats, BINARY));
    if (PQresultStatus(*result) == PGRES_TUPLES_OK ||
        PQresultStatus(*result) == PGRES_COMMAND_OK)
        return OK;
    enum outcome outcome = fault_outcome(database_fault(database, *result, error));
    PQclear(*result);
    *result = NULL;
    return outcome;
}

static enum outcome command(struct database *database, const char *sql,
                            const struct parameters *parameters, struct error *error)
{
    PGresult *result = NULL;
    enum outcome outcome = query(database, sql, parameters, &result, error);
    PQclear(result);
    return outcome;
}

enum outcome sealed_keys_add(struct database *database, const int64_t *numbers, size_t count,
                             struct error *error)
{
    struct parameters parameters;
    parameters_begin(&parameters, &database->parameters);
    array_append_int8(numbers, count, sizeof *numbers, parameters.buffer);
    parameters_binary(&parameters);
    return command(
        database,
        "INSERT INTO sealing_key (number) SELECT unnest($1::bigint[]) ON CONFLICT DO "
        "NOTHING",
        &parameters, error);
}

enum outcome sealed_keys_read(struct database *database, int64_t numbers[static SEALED_KEYS],
                              size_t *count, struct error *error)
{
    struct parameters parameters;
    PGresult *result = NULL;
    char sql[SQL_SIZE];
    snprintf(sql, sizeof sql, "SELECT number FROM sealing_key ORDER BY number LIMIT %d",
             SEALED_KEYS);
    parameters_begin(&parameters, &database->parameters);
    enum outcome outcome = query(database, sql, &parameters, &result, error);
    if (outcome == OK) {
        *count = (size_t)PQntuples(result);
        for (size_t i = 0; i < *count; i++)
            numbers[i] = answer_int8(result, (int)i, 0);
    }
    PQclear(result);
    return outcome;
}

enum outcome sealed_keys_forget(struct database *database, int64_t number, struct error *error)
{
    struct parameters parameters;
    parameters_begin(&parameters, &database->parameters);
    parameters_number(&parameters, number);
    return command(database, "DELETE FROM sealing_key WHERE number = $1::bigint", &parameters,
                   error);
}

/* The four bytes of a value that name its key, compared as they stand there. */
static int name_append(char *sql, size_t size, const struct sealed_values *values)
{
    return snprintf(sql, size, "substring(%s FROM %zu FOR 4)", values->column,
                    values->head + NUMBER_AT);
}

enum outcome sealed_count(struct database *database, const struct sealed_values *values,
                          int64_t number, int64_t *count, struct error *error)
{
    struct parameters parameters;
    PGresult *result = NULL;
    char sql[SQL_SIZE], name[SQL_SIZE / 4];
    name_append(name, sizeof name, values);
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM %s WHERE %s = substring(int8send($1) FROM 5)", values->table,
             name);
    parameters_begin(&parameters, &database->parameters);
    parameters_number(&parameters, number);
    enum outcome outcome = query(database, sql, &parameters, &result, error);
    if (outcome == OK)
        *count = answer_int8(result, 0, 0);
    PQclear(result);
    return outcome;
}

static enum outcome values_read(const PGresult *result, struct sealed_value *taken,
                                size_t count, struct arena *arena, struct error *error)
{
    for (size_t i = 0; i < count; i++) {
        taken[i] = (struct sealed_value){
            answer_uuid(result, (int)i, 0),
            arena_copy(arena, answer_bytes(result, (int)i, 1)),
        };
        if (taken[i].sealed.data == NULL)
            return error_set(error, STOP, "cannot hold %zu sealed values: no memory", count);
    }
    return OK;
}

enum outcome sealed_take(struct database *database, const struct sealed_values *values,
                         int64_t newest, const struct uuid *after, struct sealed_value *taken,
                         size_t room, size_t *count, struct arena *arena, struct error *error)
{
    struct parameters parameters;
    PGresult *result = NULL;
    char sql[SQL_SIZE], name[SQL_SIZE / 4];
    assert(values->key != NULL && values->head == 0);
    name_append(name, sizeof name, values);
    int used = snprintf(sql, sizeof sql,
                        "SELECT %s, %s FROM %s WHERE %s > ($1::uuid[])[1] AND %s <> "
                        "substring(int8send($2) FROM 5) ORDER BY %s LIMIT %zu FOR UPDATE",
                        values->key, values->column, values->table, values->key, name,
                        values->key, room);
    assert(used > 0 && used < SQL_SIZE);
    enum outcome outcome = database_begin(database, error);
    parameters_begin(&parameters, &database->parameters);
    array_append_uuid(after, 1, sizeof *after, parameters.buffer);
    parameters_binary(&parameters);
    parameters_number(&parameters, newest);
    if (outcome == OK)
        outcome = query(database, sql, &parameters, &result, error);
    if (outcome == OK) {
        *count = (size_t)PQntuples(result);
        outcome = values_read(result, taken, *count, arena, error);
    }
    PQclear(result);
    return outcome;
}

enum outcome sealed_put(struct database *database, const struct sealed_values *values,
                        const struct sealed_value *made, size_t count, struct error *error)
{
    struct parameters parameters;
    char sql[SQL_SIZE];
    assert(database->in_transaction);
    int used =
        snprintf(sql, sizeof sql,
                 "UPDATE %s AS t SET %s = made.sealed, version = t.version + 1 FROM "
                 "unnest($1::uuid[], $2::bytea[]) AS made (key, sealed) WHERE t.%s = made.key",
                 values->table, values->column, values->key);
    assert(used > 0 && used < SQL_SIZE);
    parameters_begin(&parameters, &database->parameters);
    array_append_uuid(&made->row, count, sizeof *made, parameters.buffer);
    parameters_binary(&parameters);
    array_append_bytes(&made->sealed, count, sizeof *made, parameters.buffer);
    parameters_binary(&parameters);
    enum outcome outcome = count == 0 ? OK : command(database, sql, &parameters, error);
    if (outcome == OK)
        outcome = database_execute(database, "COMMIT", error);
    if (outcome == OK)
        database->in_transaction = false;
    return outcome;
}
