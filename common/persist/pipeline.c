#include "persist/pipeline.h"

#include "persist/wire.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>

bool pipeline_begin(struct pipeline *pipeline, struct database *database, struct error *error)
{
    *pipeline = (struct pipeline){.database = database};
    if (!database_usable(database)) {
        database->sqlstate[0] = '\0';
        error_set(error, RETRY, "could not use the database: the connection is closed");
        return false;
    }
    if (PQenterPipelineMode(database->connection) == 1)
        return true;
    database_disconnect(database);
    error_set(error, RETRY, "could not begin a round trip: the connection is busy");
    return false;
}

static bool pipeline_sent(struct pipeline *pipeline, int accepted)
{
    if (accepted == 1)
        pipeline->sent++;
    else
        pipeline->lost = true;
    return accepted == 1;
}

bool pipeline_send(struct pipeline *pipeline, const char *statement,
                   const struct parameters *parameters)
{
    const char *values[PARAMETER_BOUND];
    int sizes[PARAMETER_BOUND];
    if (pipeline->lost || buffer_failed(parameters->buffer)) {
        pipeline->lost = true;
        return false;
    }
    parameters_resolve(parameters, values, sizes);
    return pipeline_sent(pipeline, PQsendQueryPrepared(pipeline->database->connection,
                                                       statement, parameters->count, values,
                                                       sizes, parameters->formats, 1));
}

bool pipeline_send_text(struct pipeline *pipeline, const char *sql)
{
    if (pipeline->lost)
        return false;
    return pipeline_sent(pipeline, PQsendQueryParams(pipeline->database->connection, sql, 0,
                                                     NULL, NULL, NULL, NULL, 1));
}

/* One turn: waits until the socket can be read, or written while something is left to
 * send, and does both. Returns PQflush()'s answer: 0 all sent, 1 more to send, -1 lost. */
static int pipeline_turn(struct pipeline *pipeline, int unsent)
{
    PGconn *connection = pipeline->database->connection;
    if (PQstatus(connection) == CONNECTION_BAD)
        return -1;
    struct pollfd socket = {.fd = PQsocket(connection),
                            .events = (short)(POLLIN | (unsent > 0 ? POLLOUT : 0))};
    int ready;
    do {
        ready = poll(&socket, 1, pipeline->database->settings.answer_timeout_ms);
    } while (ready < 0 && errno == EINTR);
    if (ready <= 0 || PQconsumeInput(connection) != 1)
        return -1;
    return PQflush(connection);
}

bool pipeline_sync(struct pipeline *pipeline)
{
    PGconn *connection = pipeline->database->connection;
    if (!pipeline->lost && PQpipelineSync(connection) != 1)
        pipeline->lost = true;
    int unsent = pipeline->lost ? -1 : PQflush(connection);
    while (unsent > 0)
        unsent = pipeline_turn(pipeline, unsent);
    /* What the server said before the connection went may still be read. */
    return unsent == 0;
}

/* The next result of libpq without blocking for longer than the bound. On a connection that
 * went, what had arrived before is still given, then libpq's own error. */
static PGresult *pipeline_result(struct pipeline *pipeline)
{
    PGconn *connection = pipeline->database->connection;
    while (PQstatus(connection) != CONNECTION_BAD && PQisBusy(connection)) {
        if (pipeline_turn(pipeline, PQflush(connection)) < 0 &&
            PQstatus(connection) != CONNECTION_BAD) {
            pipeline->lost = true;
            return NULL;
        }
    }
    return PQgetResult(connection);
}

PGresult *pipeline_answer(struct pipeline *pipeline)
{
    if (pipeline->sent == 0 || pipeline->lost)
        return NULL;
    PGresult *first = pipeline_result(pipeline);
    if (first == NULL) {
        pipeline->lost = true;
        return NULL;
    }
    pipeline->sent--;
    for (PGresult *next; !pipeline->lost && (next = pipeline_result(pipeline)) != NULL;)
        PQclear(next);
    return first;
}

void pipeline_end(struct pipeline *pipeline)
{
    PGconn *connection = pipeline->database->connection;
    bool synchronised = false;
    while (!pipeline->lost && pipeline->sent > 0)
        PQclear(pipeline_answer(pipeline));
    if (!pipeline->lost) {
        PGresult *result = pipeline_result(pipeline);
        synchronised = PQresultStatus(result) == PGRES_PIPELINE_SYNC;
        PQclear(result);
    }
    if (!synchronised || PQexitPipelineMode(connection) != 1) {
        pipeline->lost = true;
        database_disconnect(pipeline->database);
    }
}

PGresult *database_answer(struct database *database, int accepted)
{
    struct pipeline single = {.database = database, .lost = accepted != 1};
    PGresult *kept = NULL;
    int unsent = single.lost ? -1 : PQflush(database->connection);
    while (unsent > 0)
        unsent = pipeline_turn(&single, unsent);
    for (PGresult *next; !single.lost && (next = pipeline_result(&single)) != NULL;) {
        bool failed = kept != NULL && PQresultStatus(kept) == PGRES_FATAL_ERROR;
        PQclear(failed ? next : kept);
        kept = failed ? kept : next;
    }
    if (single.lost) {
        PQclear(kept);
        database_disconnect(database);
        return NULL;
    }
    return kept;
}

static bool result_good(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
}

enum outcome pipeline_single(struct database *database, const char *statement,
                             const struct parameters *parameters, PGresult **result,
                             struct error *error)
{
    struct pipeline pipeline;
    if (!pipeline_begin(&pipeline, database, error))
        return RETRY;
    if (pipeline_send(&pipeline, statement, parameters))
        pipeline_sync(&pipeline);
    PGresult *answer = pipeline_answer(&pipeline);
    enum outcome outcome = OK;
    if (result_good(answer)) {
        *result = answer;
    } else {
        outcome = fault_outcome(database_fault(database, answer, error));
        error_wrap(error, outcome, "could not run statement \"%s\"", statement);
        PQclear(answer);
    }
    pipeline_end(&pipeline);
    /* It is committed with the synchronisation, not with its answer. */
    if (outcome == OK && pipeline.lost) {
        PQclear(*result);
        *result = NULL;
        return error_set(error, RETRY, "could not learn whether statement \"%s\" took effect",
                         statement);
    }
    return outcome;
}

int64_t answer_int8(const PGresult *result, int row, int column)
{
    assert(PQgetlength(result, row, column) == 8);
    return (int64_t)wire_u64(PQgetvalue(result, row, column));
}

int32_t answer_int4(const PGresult *result, int row, int column)
{
    assert(PQgetlength(result, row, column) == 4);
    return (int32_t)wire_u32(PQgetvalue(result, row, column));
}

bool answer_bool(const PGresult *result, int row, int column)
{
    assert(PQgetlength(result, row, column) == 1);
    return PQgetvalue(result, row, column)[0] != 0;
}

int64_t answer_instant(const PGresult *result, int row, int column)
{
    return answer_int8(result, row, column) + WIRE_EPOCH_US;
}

struct slice answer_bytes(const PGresult *result, int row, int column)
{
    return (struct slice){PQgetvalue(result, row, column),
                          (size_t)PQgetlength(result, row, column)};
}

struct uuid answer_uuid(const PGresult *result, int row, int column)
{
    struct uuid uuid;
    assert(PQgetlength(result, row, column) == (int)sizeof uuid.bytes);
    memcpy(uuid.bytes, PQgetvalue(result, row, column), sizeof uuid.bytes);
    return uuid;
}
