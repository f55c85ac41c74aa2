#include "sql.h"

#include "persist/connection_string.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OFFICER_STATE "KJ010" /* a sentence for an officer, as it is */

struct sql {
    PGconn *connection;
    char *line; /* of the running COPY */
};

static void primary_message(const PGresult *result, struct error *error)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (state != NULL && strcmp(state, OFFICER_STATE) == 0 && message != NULL) {
        error_set(error, REJECT, "%s", message);
        return;
    }
    error_set(error, STOP, "PostgreSQL refused: %s (SQLSTATE %s)",
              message == NULL ? "the connection was lost" : message,
              state == NULL ? "none" : state);
}

static void on_notice(void *context, const PGresult *result)
{
    (void)context;
    (void)result;
}

struct sql *sql_open(const char *uri, struct error *error)
{
    if (connection_string_check(uri, error) != OK)
        return NULL;
    struct sql *sql = calloc(1, sizeof *sql);
    if (sql == NULL) {
        error_set(error, STOP, "cannot connect to PostgreSQL: no memory");
        return NULL;
    }
    const char *const keywords[] = {"dbname", "application_name", "connect_timeout", NULL};
    const char *const values[] = {uri, "kerja-ctl", "10", NULL};
    sql->connection = PQconnectdbParams(keywords, values, 1);
    if (PQstatus(sql->connection) != CONNECTION_OK) {
        const char *reason = PQerrorMessage(sql->connection);
        error_set(error, RETRY, "could not connect to PostgreSQL: %.*s",
                  (int)strcspn(reason, "\n"), reason);
        sql_close(sql);
        return NULL;
    }
    PQsetNoticeReceiver(sql->connection, on_notice, NULL);
    if (sql_execute(sql, "SET timezone TO 'UTC'; SET datestyle TO 'ISO'", error))
        return sql;
    sql_close(sql);
    return NULL;
}

void sql_close(struct sql *sql)
{
    if (sql == NULL)
        return;
    PQfreemem(sql->line);
    PQfinish(sql->connection);
    free(sql);
}

/* Takes ownership of `result`; NULL after a failure. */
static PGresult *checked(PGresult *result, struct error *error)
{
    ExecStatusType status = PQresultStatus(result);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_COPY_OUT ||
        status == PGRES_COPY_IN)
        return result;
    primary_message(result, error);
    PQclear(result);
    return NULL;
}

PGresult *sql_run(struct sql *sql, const char *statement, const char *const *parameters,
                  int count, struct error *error)
{
    return checked(
        PQexecParams(sql->connection, statement, count, NULL, parameters, NULL, NULL, 0),
        error);
}

bool sql_execute(struct sql *sql, const char *statement, struct error *error)
{
    PGresult *result = checked(PQexec(sql->connection, statement), error);
    PQclear(result);
    return result != NULL;
}

bool sql_begin_reading(struct sql *sql, struct error *error)
{
    return sql_execute(sql, "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY",
                       error) &&
           sql_execute(sql, "SET LOCAL ROLE kerja_read", error);
}

bool sql_schema(struct sql *sql, const char *schema, struct error *error)
{
    const char *parameters[] = {schema};
    PGresult *result = sql_run(sql, "SELECT set_config('search_path', $1 || ', kerja', false)",
                               parameters, 1, error);
    PQclear(result);
    return result != NULL;
}

bool sql_has(struct sql *sql, const char *schema, const char *name, struct error *error)
{
    const char *parameters[] = {schema, name};
    PGresult *result =
        sql_run(sql, "SELECT to_regclass(format('%I.%I', $1::text, $2::text)) IS NOT NULL",
                parameters, 2, error);
    bool has = result != NULL && slice_is(sql_text(result, 0, 0), "t");
    PQclear(result);
    return has;
}

bool sql_copy_begin(struct sql *sql, const char *statement, struct error *error)
{
    return sql_execute(sql, statement, error);
}

bool sql_copy_line(struct sql *sql, struct slice *line, bool *failed, struct error *error)
{
    PQfreemem(sql->line);
    sql->line = NULL;
    int size = PQgetCopyData(sql->connection, &sql->line, 0);
    if (size > 0) {
        *line = (struct slice){sql->line, (size_t)size - (sql->line[size - 1] == '\n')};
        return true;
    }
    *failed = !sql_copy_finish(sql, error);
    return false;
}

bool sql_copy_put(struct sql *sql, struct slice line, struct error *error)
{
    if (PQputCopyData(sql->connection, line.data, (int)line.size) == 1)
        return true;
    error_set(error, RETRY, "could not send rows to PostgreSQL: the connection was lost");
    return false;
}

bool sql_copy_finish(struct sql *sql, struct error *error)
{
    bool good = true;
    PQputCopyEnd(sql->connection, NULL); /* refused, harmlessly, after a COPY TO */
    for (PGresult *result; (result = PQgetResult(sql->connection)) != NULL;) {
        result = checked(result, error);
        good = good && result != NULL;
        PQclear(result);
    }
    return good;
}

struct slice sql_text(const PGresult *result, int row, int column)
{
    return (struct slice){PQgetvalue(result, row, column),
                          (size_t)PQgetlength(result, row, column)};
}

int64_t sql_number(const PGresult *result, int row, int column)
{
    return strtoll(PQgetvalue(result, row, column), NULL, 10);
}
