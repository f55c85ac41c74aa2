/*
 * waiting - events that came before what they speak of.
 *
 * Such an event is kept, sealed, under the key of the row that it misses, and decided in
 * the batch in which that row appears, by (occurred_at, event id). It is put and deleted
 * by the batch transaction (batch.h) and read together with the rows (load.h). What nobody
 * fetched by `expires_at` becomes a dead letter.
 */
#ifndef KERJA_PERSIST_WAITING_H
#define KERJA_PERSIST_WAITING_H

#include "base/arena.h"
#include "base/calendar.h"
#include "base/slice.h"
#include "base/uuid.h"
#include "persist/database.h"

/* Where a waiting event came from is its identity: a record waits under one key once. */
struct waiting_record {
    struct uuid key;    /* of the row that is missing                        */
    struct slice topic; /* of the consumed record                            */
    int32_t partition;
    int64_t record_offset;
    struct slice event_id; /* orders events of the same instant                 */
    instant_us occurred_at;
    instant_us expires_at;
    struct slice payload; /* sealed by the worker, opaque here                 */
    bool more;            /* loaded: as many as are loaded of a key end here   */
};

#endif
