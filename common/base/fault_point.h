/*
 * fault_point - places at which a worker built for fault tests dies, stops or loses its servers.
 *
 * Each step of a batch, of publishing and of recovery has a point behind it. Built with KERJA_FAULTS, a worker
 * told KERJA_FAULT=POINT:KIND[:N] acts when it passes POINT for the Nth time (the first by default), once:
 *
 *   exit   ends at once with FAULT_EXIT_STATUS, as kill -9 would, nothing flushed
 *   stop   stops the whole process (SIGSTOP) until somebody sends SIGCONT: one thread that slept would leave the
 *          client's own threads in the group, and nobody would take the partitions
 *   drop   shuts every connection to a server down, as a network that fails would
 *
 * It says "fault point POINT" on standard error before. Built otherwise there is nothing of it in the program.
 */
#ifndef KERJA_BASE_FAULT_POINT_H
#define KERJA_BASE_FAULT_POINT_H

#include "base/error.h"

enum { FAULT_EXIT_STATUS = 77 };

enum fault_point {
    FAULT_DECODED,               /* records are decoded, nothing is decided              */
    FAULT_DECIDED,               /* everything is decided, nothing is saved              */
    FAULT_COMMIT_SENT,           /* COMMIT is on its way to PostgreSQL, unanswered       */
    FAULT_COMMITTED,             /* COMMIT was answered, the publisher knows nothing     */
    FAULT_PUSHED,                /* the publisher has the batch                          */
    FAULT_BEGUN,                 /* a Kafka transaction is begun                         */
    FAULT_PRODUCED,              /* a row of it is handed to the client, unflushed       */
    FAULT_FLUSHED,               /* all of it is acknowledged                            */
    FAULT_OFFSETS_SENT,          /* the group's offsets are in the transaction           */
    FAULT_TRANSACTION_COMMITTED, /* it is committed, PostgreSQL does not know (W)        */
    FAULT_MEMBERSHIP_SAVED,      /* recovery: who we are is known                        */
    FAULT_CLAIMED,               /* recovery: the partitions are ours in PostgreSQL      */
    FAULT_PRODUCER_OPENED,       /* recovery: older producers are fenced                 */
    FAULT_COMMITTED_READ,        /* recovery: K is known                                 */
    FAULT_OUTBOX_READ,           /* recovery: what is owed is read, nothing of it is out */
    FAULT_SETTLED,               /* recovery: all is settled, nothing is assigned        */
    FAULT_POINT_COUNT
};

#ifdef KERJA_FAULTS
#define FAULT_POINT(point) fault_point_pass(point)
#else
#define FAULT_POINT(point) ((void)0)
#endif

/* "decoded", "decided", ...: the enumerator's name in small letters with hyphens. */
const char *fault_point_name(enum fault_point point);

/* Arms the point that `text` names; "" or NULL arms none. STOP, saying what was expected, when it is not of the form,
 * or when this program was built without points. Before any other thread runs. */
enum outcome fault_point_arm(const char *text, struct error *error);

/* Passes a point, on any thread. */
void fault_point_pass(enum fault_point point);

#endif
