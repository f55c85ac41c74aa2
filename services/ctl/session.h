/*
 * session - what a command opens while it runs: settings, PostgreSQL, Kafka, secrets.
 *
 * A command opens only what it uses, and closes all with session_close() on every way out. The
 * login of KERJA_POSTGRES needs to be a member of kerja_read, and of kerja_clock or kerja_officer
 * for what changes something.
 */
#ifndef KERJA_CTL_SESSION_H
#define KERJA_CTL_SESSION_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/client_log.h"
#include "base/event.h"
#include "broker.h"
#include "command.h"
#include "publish/plain.h"
#include "seal/ids.h"
#include "sql.h"
#include "worker/settings.h"

enum {
    OPEN_SQL = 1,
    OPEN_BROKER = 2,
    OPEN_PRODUCER = 4,
    OPEN_SEAL = 8,
    CLUSTER_ID_SIZE = 128,
    FLUSH_TIMEOUT_MS = 60000
};

struct session {
    struct call *call;
    struct settings settings;
    struct properties kafka_security;
    struct client_log client_log;
    struct sql *sql;
    struct broker *broker;
    char cluster_id[CLUSTER_ID_SIZE];
    struct plain *producer;
    struct seal_secrets secrets;
    struct seal *seal;
    struct buffer value;     /* of the record being sent             */
    struct decoder *decoder; /* with which it is read first, as a worker will, */
    struct arena read;       /* and what of it was read              */
    int64_t sent;
};

/* Reads the settings and opens what `what` names; only what is opened need be configured. EXIT_USAGE: it is not;
 * EXIT_FAILED: a server does not answer. Both were said. Close in any case. */
int session_open(struct session *session, struct call *call, unsigned what);
void session_close(struct session *session);

/* Opens Kafka for reading where `what` did not name it. */
bool session_broker(struct session *session);

/* Makes the producer anew after a failure, whose reason stays: one that failed for good never sends again. What it was still
 * sending may arrive or not. */
void session_producer_renew(struct session *session);

/* OK when every worker can read the event; else a sentence that names what none can. Encodes it into session->value. */
enum outcome session_check(struct session *session, const struct event_type *type,
                           const void *event);

/* Queues an event for `topic`, keyed as its schema says, with CloudEvents headers. Its id is a
 * function of topic and content, so that the same thing said twice has one id. What no worker could read, a day in
 * the year 9999 or a text that is no UTF-8, is not sent: it would end as a dead letter after we said that it was done. */
enum outcome session_send(struct session *session, const struct event_type *type,
                          const void *event);

/* Waits until Kafka has all that was sent. */
enum outcome session_flush(struct session *session);

/* Pauses without being busy; false when the person or system asked us to end meanwhile. */
bool session_pause(int milliseconds);

/* True after SIGTERM or SIGINT, once session_listen() was called. */
bool session_stopping(void);
void session_listen(void);

#endif
