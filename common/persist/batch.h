/*
 * batch - everything that one batch changes, in one transaction and one round trip.
 *
 * Order inside the transaction, and so of all locks: source positions by compare-and-set,
 * fact tables in the service's order with keys ascending (inserts, then saves), checks of
 * what was only read, timers, waiting events, decisions, outbox, hot limits, COMMIT. A
 * failing statement lets all that follow it, COMMIT included, fall.
 *
 * A limit is hot: every batch moves it. So it stands last, is locked for the shortest
 * time, and is never guarded by version: it is moved by one additive conditional upsert.
 * When that raises KJ003, the batch is decided again in tight mode: persist_lock_limits(),
 * decide against what is left, persist_commit() in the same transaction.
 */
#ifndef KERJA_PERSIST_BATCH_H
#define KERJA_PERSIST_BATCH_H

#include "base/calendar.h"
#include "base/row.h"
#include "persist/columns.h"
#include "persist/database.h"
#include "persist/timer.h"
#include "persist/waiting.h"

enum commit_result {
    COMMITTED = 0,
    COMMIT_STALE,         /* KJ001, 23505, 40P01, 40001: load and decide again            */
    COMMIT_READ_CHANGED,  /* KJ004: likewise, and forget the cached rows                  */
    COMMIT_POSITION_LOST, /* KJ002: drop the batch, treat its partitions as lost          */
    COMMIT_LIMIT_SHORT,   /* KJ003: tight mode                                            */
    COMMIT_BROKEN_RECORD, /* other 22xxx and 23xxx: bisect until the record stands alone  */
    COMMIT_UNKNOWN,       /* the connection went after COMMIT was sent: claim, read again */
    COMMIT_RETRY_LATER,   /* nothing was committed; the server is away or out of resources */
    COMMIT_FATAL,         /* we are at fault: stop                                        */
};

/* One source partition: its position moves from from_offset to next_offset, and with it stand its
 * outputs and its decisions under the same key. from_offset == next_offset moves only W. */
struct batch_source {
    const char *topic;
    int32_t partition;
    int64_t owner_epoch;
    int64_t from_offset;    /* G before: compared                                       */
    int64_t next_offset;    /* G after                                                  */
    int64_t published_next; /* W: never goes back; outbox rows that end there are pruned */
    int32_t record_count;   /* outputs in the payload; 0 is legal                       */
    struct slice outbox;    /* sealed frames                                            */
    int32_t decision_count; /* 0: no segment is stored                                  */
    struct slice decisions;
};

/* What was only read: must still be so at commit. */
struct read_check {
    struct uuid key;
    int64_t version; /* 0: was absent */
};

/* One fact table. The arrays of row pointers are sorted by key here, in place; a row stands in
 * one of them, once. A saved row carries its new version (read version + 1), an inserted one 1. */
struct batch_table {
    const struct row_type *type;
    const void **inserts;
    size_t insert_count;
    const void **saves;
    size_t save_count;
    struct read_check *checks; /* sorted here too */
    size_t check_count;
};

/* Adds `amount` to the member `used` of the limit under `key`, provided that it then is at
 * most `ceiling`, which is stored beside it. A negative amount always succeeds. One move a key:
 * the caller adds up. The table's row_type has the int64 members `used` and `ceiling`. */
struct limit_move {
    const struct row_type *table; /* one of settings.limits */
    struct uuid key;
    int64_t amount;
    int64_t ceiling;
    const void *row; /* what describes the limit, stored by the first insert; its key, used,
                        ceiling and version are not looked at */
};

struct batch {
    const char *cluster_id;
    struct batch_source *sources; /* sorted here by (topic, partition)                 */
    size_t source_count;
    struct batch_table *tables; /* in the service's order: it is the lock order       */
    size_t table_count;
    struct timer *timers; /* sorted here; a timer that is set already stays          */
    size_t timer_count;
    struct waiting_record *waiting_put; /* one that waits already stays             */
    size_t waiting_put_count;
    struct waiting_record *waiting_done; /* deleted; stale when one of them waits no more */
    size_t waiting_done_count;
    struct limit_move *limits; /* sorted here by (table order of settings.limits, key) */
    size_t limit_count;
    const struct nested_codec *codec;
};

/* Runs the batch, in the open transaction if there is one; afterwards none is open. Blocks
 * for the round trip. `error` tells why when the result is not COMMITTED. */
enum commit_result persist_commit(struct database *database, const struct batch *batch,
                                  struct error *error);

#endif
