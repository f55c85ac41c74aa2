/*
 * sql - one connection to PostgreSQL for commands: texts in, texts out.
 *
 * Errors name SQLSTATE and the server's primary message, never its detail, which may quote a
 * row.
 */
#ifndef KERJA_CTL_SQL_H
#define KERJA_CTL_SQL_H

#include "base/calendar.h"
#include "base/error.h"
#include "base/slice.h"

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

enum { SQL_PARAMETERS = 12, SQL_NUMBER_SIZE = 24 };

struct sql;

/* NULL with a reason when the server does not answer or refuses us. */
struct sql *sql_open(const char *uri, struct error *error);
void sql_close(struct sql *sql);

/* Runs one statement with text parameters (NULL is SQL NULL); the result is the caller's, to be freed
 * with PQclear(). NULL with a reason. */
PGresult *sql_run(struct sql *sql, const char *statement, const char *const *parameters,
                  int count, struct error *error);

/* The same where only success matters. */
bool sql_execute(struct sql *sql, const char *statement, struct error *error);

/* Begins a transaction on one snapshot that can only read, as a member of kerja_read. */
bool sql_begin_reading(struct sql *sql, struct error *error);

/* Unqualified names are looked up in `schema` from now on, then in kerja. */
bool sql_schema(struct sql *sql, const char *schema, struct error *error);

/* True when the schema has that view or table. False also when we cannot ask; then `error` tells. */
bool sql_has(struct sql *sql, const char *schema, const char *name, struct error *error);

/* A COPY ... TO STDOUT: begins, gives one line at a time (borrowed until the next call), false at the
 * end; `failed` tells an end by failure. */
bool sql_copy_begin(struct sql *sql, const char *statement, struct error *error);
bool sql_copy_line(struct sql *sql, struct slice *line, bool *failed, struct error *error);

/* A COPY ... FROM STDIN, after sql_copy_begin(). */
bool sql_copy_put(struct sql *sql, struct slice line, struct error *error);
bool sql_copy_finish(struct sql *sql, struct error *error);

/* A value of a result: "" and 0 for NULL. */
struct slice sql_text(const PGresult *result, int row, int column);
int64_t sql_number(const PGresult *result, int row, int column);

#endif
