#include "persist/database.h"

#include "persist/connection_string.h"
#include "persist/limit.h"
#include "persist/pipeline.h"
#include "persist/statement.h"

#include <assert.h>
#include <ctype.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    CONNECT_TIMEOUT_S = 5,
    TCP_USER_TIMEOUT_MS = 10000,
    LOCK_TIMEOUT_MS = 5000,
    IDLE_IN_TRANSACTION_TIMEOUT_MS = 5000,
    ANSWER_TIMEOUT_MS = 30000,
    SESSION_SQL_SIZE = 1024,
};

static void default_to(int *value, int usual)
{
    if (*value == 0)
        *value = usual;
}

/* The service's name becomes a schema's, a role's and a prefix: so it is held to what needs no
 * quoting anywhere. */
static bool service_name_good(const char *service)
{
    size_t size = service == NULL ? 0 : strlen(service);
    if (size == 0 || size >= DATABASE_SERVICE_SIZE)
        return false;
    for (size_t i = 0; i < size; i++) {
        if (!(service[i] >= 'a' && service[i] <= 'z') && service[i] != '_')
            return false;
    }
    return true;
}

enum outcome database_init(struct database *database, const struct database_settings *settings,
                           struct error *error)
{
    if (!service_name_good(settings->service))
        return error_set(error, STOP,
                         "cannot use a service's name that is not 1 to %d letters a to z or _",
                         DATABASE_SERVICE_SIZE - 1);
    if (connection_string_check(settings->uri, error) != OK)
        return STOP;
    *database = (struct database){.settings = *settings};
    struct database_settings *own = &database->settings;
    default_to(&own->connect_timeout_s, CONNECT_TIMEOUT_S);
    default_to(&own->tcp_user_timeout_ms, TCP_USER_TIMEOUT_MS);
    default_to(&own->lock_timeout_ms, LOCK_TIMEOUT_MS);
    default_to(&own->idle_in_transaction_timeout_ms, IDLE_IN_TRANSACTION_TIMEOUT_MS);
    default_to(&own->answer_timeout_ms, ANSWER_TIMEOUT_MS);
    if (own->limit_count == 0)
        return OK;
    database->limit_sql = calloc(own->limit_count, sizeof *database->limit_sql);
    if (database->limit_sql == NULL)
        return error_set(error, STOP, "cannot hold the statements of %zu limits: no memory",
                         own->limit_count);
    for (size_t i = 0; i < own->limit_count; i++)
        limit_sql_append(own->limits[i], &database->limit_sql[i]);
    return OK;
}

void database_release(struct database *database)
{
    if (database == NULL)
        return;
    database_disconnect(database);
    for (size_t i = 0; database->limit_sql != NULL && i < database->settings.limit_count; i++)
        buffer_release(&database->limit_sql[i]);
    free(database->limit_sql);
    buffer_release(&database->parameters);
    *database = (struct database){0};
}

void database_disconnect(struct database *database)
{
    PQfinish(database->connection);
    database->connection = NULL;
    database->in_transaction = false;
}

bool database_usable(const struct database *database)
{
    return database->connection != NULL && PQstatus(database->connection) == CONNECTION_OK;
}

/* libpq's answer to whether a server is there, within the time that a connection may take: PQping() has none. */
static PGPing server_ping(const struct database_settings *settings)
{
    char connect_s[16];
    snprintf(connect_s, sizeof connect_s, "%d", settings->connect_timeout_s);
    const char *keywords[] = {"dbname", "connect_timeout", NULL};
    const char *values[] = {settings->uri, connect_s, NULL};
    return PQpingParams(keywords, values, 1);
}

static PGconn *connection_open(const struct database_settings *settings)
{
    char name[16 + DATABASE_SERVICE_SIZE], connect_s[16], user_ms[16];
    snprintf(name, sizeof name, "kerja-%s", settings->service);
    snprintf(connect_s, sizeof connect_s, "%d", settings->connect_timeout_s);
    snprintf(user_ms, sizeof user_ms, "%d", settings->tcp_user_timeout_ms);
    const char *keywords[] = {"dbname",           "application_name", "connect_timeout",
                              "tcp_user_timeout", "keepalives_idle",  "keepalives_interval",
                              "keepalives_count", "client_encoding",  NULL};
    const char *values[] = {settings->uri, name, connect_s, user_ms, "5",
                            "2",           "3",  "UTF8",    NULL};
    return PQconnectdbParams(keywords, values, 1);
}

/* One line of what libpq says: it speaks in several. */
static void message_copy(const char *message, char *text, size_t size)
{
    size_t used = 0;
    for (; *message != '\0' && used + 1 < size; message++) {
        bool space = isspace((unsigned char)*message) != 0;
        if (!space || (used > 0 && text[used - 1] != ' '))
            text[used++] = space ? ' ' : *message;
    }
    while (used > 0 && text[used - 1] == ' ')
        used--;
    text[used] = '\0';
}

/* libpq keeps no SQLSTATE of a refused connection. A ping tells whether a server is there; of
 * those that are, only one short of connections or in recovery is worth asking again. */
static enum outcome connection_refused(struct database *database, struct error *error)
{
    char message[ERROR_TEXT_SIZE / 2];
    const char *said = PQerrorMessage(database->connection);
    message_copy(said, message, sizeof message);
    bool crowded =
        strstr(message, "too many") != NULL || strstr(message, "connection slots") != NULL ||
        strstr(message, "starting up") != NULL || strstr(message, "shutting down") != NULL ||
        strstr(message, "recovery") != NULL;
    /* The server may answer the ping though it did not answer us: it was slow, or has just come back. */
    bool unheard = strstr(message, "timeout expired") != NULL ||
                   strstr(message, "unexpectedly") != NULL ||
                   strstr(message, "onnection refused") != NULL ||
                   strstr(message, "reset by peer") != NULL;
    bool password = PQconnectionNeedsPassword(database->connection) ||
                    strstr(message, "password authentication failed") != NULL;
    PGPing ping = crowded || password ? PQPING_OK : server_ping(&database->settings);
    database_disconnect(database);
    if (ping == PQPING_NO_ATTEMPT)
        return error_set(error, STOP, "cannot ask PostgreSQL: %s", message);
    if (password)
        return error_set(error, STOP,
                         "cannot log in to PostgreSQL: user or password is wrong: %s", message);
    if (ping == PQPING_OK && !crowded && !unheard)
        return error_set(error, STOP, "cannot connect to PostgreSQL: %s", message);
    return error_set(error, RETRY, "could not connect to PostgreSQL: %s", message);
}

/* Statements of the worker go by key. A plan that was made while a table was empty would
 * otherwise read all of it for as long as the connection lives, so plans are generic, made
 * once, and told not to scan. */
static enum outcome session_prepare(struct database *database, struct error *error)
{
    const struct database_settings *settings = &database->settings;
    char sql[SESSION_SQL_SIZE];
    int used = snprintf(sql, sizeof sql,
                        "SET search_path = %s, kerja, public; SET synchronous_commit = on; "
                        "SET lock_timeout = %d; SET idle_in_transaction_session_timeout = %d; "
                        "SET idle_session_timeout = 0; SET default_transaction_isolation = "
                        "'read committed'; %s%s%s",
                        settings->service, settings->lock_timeout_ms,
                        settings->idle_in_transaction_timeout_ms,
                        settings->bare ? ""
                                       : "SET plan_cache_mode = force_generic_plan; "
                                         "SET enable_seqscan = off; "
                                         "SET enable_hashjoin = off; "
                                         "SET enable_mergejoin = off; ",
                        settings->role == NULL ? "" : "SET ROLE ",
                        settings->role == NULL ? "" : settings->role);
    assert(used > 0 && (size_t)used < sizeof sql);
    enum outcome outcome = database_execute(database, sql, error);
    if (outcome == OK && !settings->bare)
        outcome = statement_prepare_all(database, error);
    return outcome;
}

static void notice_ignore(void *context, const char *message)
{
    (void)context;
    (void)message;
}

/* What failed while a server is there may have failed on the way to it, as when an address moves to the next primary: it is
 * the server's answer when it says so twice. */
static enum outcome connection_make(struct database *database, struct error *error)
{
    enum outcome outcome = STOP;
    for (int attempt = 0; attempt < 2 && outcome == STOP; attempt++) {
        database->connection = connection_open(&database->settings);
        if (database->connection == NULL)
            return error_set(error, STOP, "cannot connect to PostgreSQL: no memory");
        if (PQstatus(database->connection) == CONNECTION_OK)
            return OK;
        outcome = connection_refused(database, error);
    }
    return outcome;
}

enum outcome database_connect(struct database *database, struct error *error)
{
    assert(database->settings.uri != NULL && database->settings.service != NULL);
    database_disconnect(database);
    database->sqlstate[0] = '\0';
    enum outcome outcome = connection_make(database, error);
    if (outcome != OK)
        return outcome;
    /* Libraries are silent, and a notice may quote a value. */
    PQsetNoticeProcessor(database->connection, notice_ignore, NULL);
    if (PQsetnonblocking(database->connection, 1) != 0)
        outcome = error_set(error, RETRY, "could not make the connection non-blocking");
    if (outcome == OK)
        outcome = session_prepare(database, error);
    if (outcome != OK)
        database_disconnect(database);
    return outcome;
}

enum outcome database_ensure(struct database *database, struct error *error)
{
    return database_usable(database) ? OK : database_connect(database, error);
}

enum outcome database_execute(struct database *database, const char *sql, struct error *error)
{
    if (!database_usable(database))
        return error_set(error, RETRY, "could not use the database: the connection is closed");
    PGresult *result = database_answer(database, PQsendQuery(database->connection, sql));
    ExecStatusType status = PQresultStatus(result);
    enum outcome outcome = OK;
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY)
        outcome = fault_outcome(database_fault(database, result, error));
    PQclear(result);
    return outcome;
}

enum outcome database_text(struct database *database, const char *sql, char *text, size_t size,
                           struct error *error)
{
    assert(size > 0);
    if (!database_usable(database))
        return error_set(error, RETRY, "could not use the database: the connection is closed");
    PGresult *result = database_answer(database, PQsendQuery(database->connection, sql));
    enum outcome outcome = OK;
    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        outcome = fault_outcome(database_fault(database, result, error));
    else if (PQntuples(result) > 0 && PQnfields(result) > 0)
        snprintf(text, size, "%s", PQgetvalue(result, 0, 0));
    else
        text[0] = '\0';
    PQclear(result);
    return outcome;
}

enum outcome database_system_identifier(struct database *database,
                                        char text[static SYSTEM_IDENTIFIER_SIZE],
                                        struct error *error)
{
    return database_text(database, "SELECT system_identifier::text FROM pg_control_system()",
                         text, SYSTEM_IDENTIFIER_SIZE, error);
}

enum outcome database_begin(struct database *database, struct error *error)
{
    assert(!database->in_transaction);
    enum outcome outcome = database_execute(database, "BEGIN", error);
    database->in_transaction = outcome == OK;
    return outcome;
}

void database_rollback(struct database *database)
{
    database->in_transaction = false;
    if (!database_usable(database) || PQtransactionStatus(database->connection) == PQTRANS_IDLE)
        return;
    if (database_execute(database, "ROLLBACK", NULL) != OK)
        database_disconnect(database);
}
