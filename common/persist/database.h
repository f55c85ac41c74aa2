/*
 * database - one connection to PostgreSQL, and what its failures mean.
 *
 * A connection belongs to one thread and one service. It is opened with the limits that
 * keep a dead peer from holding us (connect, tcp_user_timeout, lock, idle in transaction,
 * and a bound on waiting for an answer), with the search path `<service>, kerja, public`,
 * and with every statement prepared, so that a broken statement stops the process at
 * start-up and not at its first record. After a failure that lost the connection,
 * database_usable() is false, and database_connect() opens it anew.
 *
 * Error texts name SQLSTATE, the server's primary message, table and constraint; never its
 * detail or context, which may quote a row. Where the primary message itself may quote a value
 * (class 22), it is left out too.
 */
#ifndef KERJA_PERSIST_DATABASE_H
#define KERJA_PERSIST_DATABASE_H

#include "base/buffer.h"
#include "base/error.h"
#include "base/row.h"

#include <stdbool.h>
#include <stddef.h>

struct pg_conn; /* libpq's PGconn */

enum { DATABASE_SERVICE_SIZE = 32, SQLSTATE_SIZE = 6 };

struct database_settings {
    const char *uri;     /* libpq's connection string or URI; borrowed for the process      */
    const char *service; /* "application": the schema, and the end of application_name      */
    const char *role;    /* SET ROLE after connecting, such as "kerja_application"; or NULL */
    bool bare;           /* prepare nothing: migrations, leases and tools                   */
    const struct row_type *const *tables; /* fact tables whose statements are prepared      */
    size_t table_count;
    const struct row_type *const *limits; /* tables of hot limits, see batch.h              */
    size_t limit_count;
    int connect_timeout_s; /* 0 means the default of each                    */
    int tcp_user_timeout_ms;
    int lock_timeout_ms;
    int idle_in_transaction_timeout_ms; /* below the Kafka transaction's timeout            */
    int answer_timeout_ms;              /* longest silence of the server within a round trip */
};

/*
 * Life: initialised -> connected (-> in transaction -> connected)* -> lost -> connected ...
 * -> released.
 */
struct database {
    struct database_settings settings;
    struct pg_conn *connection;   /* NULL before the first connect and after a loss */
    bool in_transaction;          /* BEGIN was answered, and neither COMMIT nor ROLLBACK sent */
    char sqlstate[SQLSTATE_SIZE]; /* of the last failure; "" when the server said nothing */
    struct buffer parameters;     /* of the round trip in preparation */
    struct buffer *limit_sql;     /* settings.limit_count texts, made from the row types */
};

/* Copies the settings (not what they point to) and fills in defaults. Opens nothing. */
enum outcome database_init(struct database *database, const struct database_settings *settings,
                           struct error *error);
void database_release(struct database *database);

/* Opens the connection, or opens it anew, and prepares all statements.
 * RETRY: no server there, starting up, out of connections. STOP: wrong password, no such
 * database or role, schema missing, or a statement that the schema does not understand. */
enum outcome database_connect(struct database *database, struct error *error);

/* Connects where the connection was lost or never made; else OK. As database_connect(). */
enum outcome database_ensure(struct database *database, struct error *error);

/* False when the connection was lost or never made. Looks at no socket. */
bool database_usable(const struct database *database);

/* Closes the connection at once; what was open in it is undone by the server. */
void database_disconnect(struct database *database);

/* Begins a transaction that the following calls run in, until persist_commit() or
 * database_rollback(). The caller must not be in one. */
enum outcome database_begin(struct database *database, struct error *error);

/* Ends an open transaction without effect; accepts that there is none. A connection that
 * cannot even do that is closed. */
void database_rollback(struct database *database);

/* Runs one or more statements without parameters, results ignored. For migrations and tools. */
enum outcome database_execute(struct database *database, const char *sql, struct error *error);

/* Reads one text value of the first row. OK and size 0 when there is no row. At most `size`
 * bytes with the terminating zero. */
enum outcome database_text(struct database *database, const char *sql, char *text, size_t size,
                           struct error *error);

/* The server's system identifier: part of the tag on committed offsets. */
enum { SYSTEM_IDENTIFIER_SIZE = 24 };
enum outcome database_system_identifier(struct database *database,
                                        char text[static SYSTEM_IDENTIFIER_SIZE],
                                        struct error *error);

/* What a SQLSTATE means for whoever sent the statement; pure. */
enum fault {
    FAULT_STALE,        /* KJ001, 23505, 40P01, 40001                            */
    FAULT_READ_CHANGED, /* KJ004                                                 */
    FAULT_POSITION,     /* KJ002                                                 */
    FAULT_LIMIT,        /* KJ003                                                 */
    FAULT_RECORD,       /* other 22xxx and 23xxx: a value that breaks it         */
    FAULT_RESOURCES,    /* 53xxx, 55P03, 57014, 57P03, 58030: later              */
    FAULT_CONNECTION,   /* 08xxx, 57P01, 57P02, 57P05, 25P03, or nothing said    */
    FAULT_ACCESS,       /* 28xxx, 42501, 3D000, 3F000: a human must grant or name it */
    FAULT_OURS,         /* anything else: a statement that is wrong              */
};
enum fault fault_of_sqlstate(const char *sqlstate);

/* RETRY for what passes by itself, REJECT for FAULT_RECORD, STOP for the rest. */
enum outcome fault_outcome(enum fault fault);

#endif
