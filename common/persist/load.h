/*
 * load - the rows a batch needs, from several tables, in one round trip.
 *
 * Also the events that wait under the same keys. What a load found absent is part of the
 * answer: the batch inserts it plainly, or checks at commit that it is still absent.
 */
#ifndef KERJA_PERSIST_LOAD_H
#define KERJA_PERSIST_LOAD_H

#include "base/arena.h"
#include "persist/columns.h"
#include "persist/database.h"
#include "persist/waiting.h"

struct row_load {
    const struct row_type *type; /* one of settings.tables or settings.limits           */
    const struct uuid *keys;     /* ascending, each once                                */
    size_t key_count;            /* 0 asks nothing                                      */
    void **rows;                 /* answer: key_count pointers, NULL where there is no
                                    row; the array and the rows lie in the arena        */
};

struct waiting_load {
    const struct uuid *keys; /* in any order; may be all keys of the batch               */
    size_t key_count;
    struct waiting_record *records; /* answer: by (key, occurred_at, event id)           */
    size_t record_count;
};

/* Reads everything in one pipelined round trip. `waiting` may be NULL. Outside a transaction
 * each table is read in a snapshot of its own: what was read is checked at commit.
 *
 * With `locked` (the third attempt, and tight mode) the rows are locked in key order, in the
 * order of `loads`, which must be the service's table order; a transaction is begun when none
 * is open, and stays open on OK for the caller to persist_commit() in or database_rollback().
 *
 * RETRY: the server is away, a lock was not to be had in time, or a deadlock (no transaction is open
 * then). REJECT: the arena is too small; halve the batch. STOP: a row that does not fit its struct. */
enum outcome persist_load(struct database *database, struct row_load *loads, size_t load_count,
                          struct waiting_load *waiting, bool locked,
                          const struct nested_codec *codec, struct arena *arena,
                          struct error *error);

/* Tight mode: locks and reads the limits `loads` (tables of settings.limits) as above. Rows
 * that do not exist yet cannot be locked; their first insert is still held to the ceiling. */
enum outcome persist_lock_limits(struct database *database, struct row_load *loads,
                                 size_t load_count, const struct nested_codec *codec,
                                 struct arena *arena, struct error *error);

#endif
