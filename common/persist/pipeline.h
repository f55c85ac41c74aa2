/*
 * pipeline - statements sent together, answered together: one round trip.
 *
 * Life: begun -> statements sent -> synchronised -> answers taken in order -> ended. A statement
 * that fails lets the rest up to the end fall. Sending and receiving take turns, so that neither
 * side waits for the other with full buffers, and the server's silence is bounded. Internal to
 * persist/.
 */
#ifndef KERJA_PERSIST_PIPELINE_H
#define KERJA_PERSIST_PIPELINE_H

#include "persist/database.h"
#include "persist/parameters.h"

#include <libpq-fe.h>

struct pipeline {
    struct database *database;
    int sent;  /* statements not yet answered */
    bool lost; /* the connection went         */
};

/* Begins a round trip. False, with the reason, when there is no usable connection. */
bool pipeline_begin(struct pipeline *pipeline, struct database *database, struct error *error);

/* Sends a prepared statement, or a text without parameters. False when the connection went
 * or memory ran out; nothing after it may be sent then. */
bool pipeline_send(struct pipeline *pipeline, const char *statement,
                   const struct parameters *parameters);
bool pipeline_send_text(struct pipeline *pipeline, const char *sql);

/* Pushes out what was sent so far as one unit. False when the connection went. */
bool pipeline_sync(struct pipeline *pipeline);

/* The next statement's answer; the caller clears it. NULL when the connection went or the
 * server was silent for longer than answer_timeout_ms. */
PGresult *pipeline_answer(struct pipeline *pipeline);

/* Takes what is left, up to the synchronisation point. Closes the connection when that
 * cannot be done, or when it was lost. */
void pipeline_end(struct pipeline *pipeline);

/* Begin, one statement, its answer, end. OK gives a result that the caller clears. */
enum outcome pipeline_single(struct database *database, const char *statement,
                             const struct parameters *parameters, PGresult **result,
                             struct error *error);

/* The last result, or the first that failed, of what was sent outside a round trip; `accepted` is
 * what libpq's PQsend...() said. NULL, and the connection closed, when nothing came within
 * answer_timeout_ms. The caller clears it. */
PGresult *database_answer(struct database *database, int accepted);

/* Says what a failed result (or NULL: no result) means, in `error` and database->sqlstate. */
enum fault database_fault(struct database *database, const PGresult *result,
                          struct error *error);

/* Members of a binary result. */
int64_t answer_int8(const PGresult *result, int row, int column);
int32_t answer_int4(const PGresult *result, int row, int column);
bool answer_bool(const PGresult *result, int row, int column);
int64_t answer_instant(const PGresult *result, int row, int column);
struct slice answer_bytes(const PGresult *result, int row, int column);
struct uuid answer_uuid(const PGresult *result, int row, int column);

#endif
