/*
 * io - what recovery and publishing ask of the world: PostgreSQL, Kafka and a clock.
 *
 * One table of functions, so that the same object code runs in the worker, over blocking
 * calls of libpq and librdkafka, and in the simulation, over a model of both in which every call
 * is a place where a process may die, stall or be overtaken. Nothing here is called
 * from two threads at once, and no function keeps a pointer after it returns.
 *
 * Three positions of a source partition, W <= K <= G always:
 *   G  next_offset in PostgreSQL: everything before it is decided and committed;
 *   K  the consumer group's committed offset: everything before it is published;
 *   W  published_next in PostgreSQL: what was seen published, outbox rows below it may go.
 */
#ifndef KERJA_WORKER_IO_H
#define KERJA_WORKER_IO_H

#include "base/error.h"
#include "base/position.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    TAG_SIZE = 128, /* the metadata of a committed offset that Kerja writes, with its zero */
    SERVICE_NAME_SIZE = 64 /* with its zero */
};

#define NO_OFFSET INT64_C(-1) /* no offset is committed there */

enum io_result {
    IO_OK = 0,
    IO_AGAIN, /* it failed, or nobody knows whether it did: time-outs, lost connections, errors */
    IO_LOST, /* fenced: the member, the instance or the producer is somebody else's now       */
};

/* A source partition of the present assignment. The array belongs to whoever polls the
 * consumer and lives until the next assignment; an outbox row names its partition by index. */
struct source {
    struct topic_partition at;
    int64_t log_start, log_end; /* log_bounds(): first offset kept, and one past the last     */
    int64_t next_offset;        /* G, claim()                                                 */
    int64_t published_next; /* W, claim(); the loop's from then on                         */
    int64_t owner_epoch;    /* claim(): guards every commit of this owner                 */
    bool stopped;           /* claim(): state is not 'run', an officer must look          */
    int64_t committed;      /* K, committed(); NO_OFFSET when there is none               */
    char tag[TAG_SIZE];     /* the metadata beside K, committed(); "" when there is none  */
    bool conflict;          /* recovery: positions disagree, do not assign                */
    int64_t published;      /* publisher: K as the publisher knows it                     */
    int64_t publishing;     /* publisher: where the transaction being made leads           */
    int64_t seen;           /* publisher: K as read back, the W of the next batch          */
};

/* A row of the outbox: one batch of one source partition. Rows of a partition chain: the
 * next one begins where this one ends. Empty payload: a position without outputs. */
struct outbox_row {
    size_t source; /* index into the assignment's sources */
    int64_t from_offset, next_offset;
    int32_t record_count; /* outputs in the payload, 0 is legal */
    struct slice payload; /* as stored: version byte, sealing header, frames */
};

/* An offset to be committed with a transaction. */
struct tagged_position {
    const struct source *source;
    int64_t offset;
    char tag[TAG_SIZE];
};

struct io {
    void *context;

    /* PostgreSQL. */

    /* For each source: owner_epoch + 1 and owner in one transaction, inserting at log_start
     * where there is no row yet; fills next_offset, published_next, owner_epoch, stopped. The
     * row lock waits out the old owner's commit in flight, within the database's own time limits. */
    enum io_result (*claim)(void *context, struct source *sources, size_t count,
                            struct error *error);

    /* Up to `capacity` rows of one source with from <= from_offset < to, ascending; sets
     * row.source to `index`. Payloads are borrowed until the next call. */
    enum io_result (*outbox_read)(void *context, const struct source *source, size_t index,
                                  int64_t from, int64_t to, struct outbox_row *rows,
                                  size_t capacity, size_t *count, struct error *error);

    /* Sets state 'conflict' with the reason, if we still own the row (owner_epoch); a row
     * that is another's by now is left alone, and that is IO_LOST. */
    enum io_result (*conflict_mark)(void *context, const struct source *source,
                                    const char *reason, struct error *error);

    /* The consumer. */

    /* Saves the group metadata as it is now (rd_kafka_consumer_group_metadata) and returns
     * it; it is owned by the implementation and valid until the next call. NULL when the member
     * id is empty: the broker accepts such metadata without fencing anybody. */
    const void *(*membership_save)(void *context);

    /* Fills log_start and log_end of all sources, by one request each for all that a broker leads. */
    enum io_result (*log_bounds)(void *context, struct source *sources, size_t count,
                                 int64_t deadline_ms, struct error *error);

    /* Fills committed and tag of all sources (rd_kafka_committed on the read_committed
     * handle). IO_AGAIN while an older transaction holds any of them open. */
    enum io_result (*committed)(void *context, struct source *sources, size_t count,
                                int64_t deadline_ms, struct error *error);

    /* The transactional producer. One at most is open. */

    /* rd_kafka_new with topic handles, then init_transactions, resumed until the deadline. On
     * failure nothing is left open. */
    enum io_result (*producer_open)(void *context, int64_t deadline_ms, struct error *error);

    /* Purges and destroys without waiting; accepted when none is open. */
    void (*producer_destroy)(void *context);

    /* begin_transaction, and sets commit_requests_sent() to 0. */
    enum io_result (*begin)(void *context, struct error *error);

    /* Enqueues all outputs of a row in its order. */
    enum io_result (*produce)(void *context, const struct outbox_row *row, struct error *error);

    /* IO_OK only when every record produced since begin() has a delivery report that says so:
     * flush returning no error proves nothing. */
    enum io_result (*flush)(void *context, int64_t deadline_ms, struct error *error);

    /* send_offsets_to_transaction with metadata that membership_save() returned. */
    enum io_result (*send_offsets)(void *context, const struct tagged_position *positions,
                                   size_t count, const void *membership, int64_t deadline_ms,
                                   struct error *error);

    /* One call of commit_transaction. IO_OK when it returned no error, which is not yet
     * proof that the commit was clean. */
    enum io_result (*commit)(void *context, int64_t deadline_ms, struct error *error);

    /* abort_transaction; its result is not looked at, the producer is destroyed after it. */
    void (*abort)(void *context, int64_t deadline_ms);

    /* How often EndTxn or TxnOffsetCommit was sent since begin(), whichever more often, and 0 without an EndTxn;
     * counted by an on_request_sent interceptor (ApiKeys 26 and 28): the library repeats both in silence. */
    int (*commit_requests_sent)(void *context);

    /* A monotonic clock, and waiting on it. */
    int64_t (*now_ms)(void *context);
    void (*wait_ms)(void *context, int64_t duration_ms);
};

#endif
