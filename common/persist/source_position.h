/*
 * source_position - how far a service has decided each partition, and who may go on.
 *
 * The row in PostgreSQL is the only authority: next_offset is G, everything before it is
 * decided; published_next is W, everything before it was seen published. A claim raises
 * owner_epoch, so that the batch transaction of the owner before finds no matching row.
 * Its row lock also waits out a commit of that owner in flight.
 */
#ifndef KERJA_PERSIST_SOURCE_POSITION_H
#define KERJA_PERSIST_SOURCE_POSITION_H

#include "base/arena.h"
#include "base/position.h"
#include "persist/database.h"

enum { POSITION_REASON_SIZE = 200 };

struct source_position {
    struct topic_partition at;
    int64_t next_offset;    /* G */
    int64_t published_next; /* W */
    int64_t owner_epoch;
    bool conflict; /* stopped until an officer decides */
    char reason[POSITION_REASON_SIZE];
};

/* Claims partitions in one transaction. `starts` says where a partition begins that this
 * service has never read (its earliest offset); known rows keep their positions. `claimed`
 * has room for `count` and answers in the order of `starts`. RETRY when a lock
 * was not to be had within lock_timeout or the server is away. */
enum outcome source_position_claim(struct database *database, const char *cluster_id,
                                   const char *owner, const struct position *starts,
                                   size_t count, struct source_position *claimed,
                                   struct error *error);

/* All positions of the service, by (cluster, topic, partition), into the arena. */
enum outcome source_position_list(struct database *database, const char *cluster_id,
                                  struct source_position **positions, size_t *count,
                                  struct arena *arena, struct error *error);

/* Stops a partition with a reason that a human reads. REJECT when it is no longer ours
 * (another owner_epoch). */
enum outcome source_position_conflict(struct database *database, const char *cluster_id,
                                      const struct source_position *position,
                                      const char *reason, struct error *error);

/* An officer's command: both positions set, state run, owner_epoch raised so that whoever
 * reads the partition loses it; the partition's outbox rows are dropped when `forget` (adopt,
 * rewind) and kept otherwise (republish). The caller audits. REJECT: no such row. */
struct position_command {
    struct topic_partition at;
    int64_t next_offset;
    int64_t published_next;
    bool forget;
};
enum outcome source_position_set(struct database *database, const char *cluster_id,
                                 const struct position_command *command, struct error *error);

/* What a batch left to be published from one partition. */
struct stored_payload {
    int64_t from_offset, next_offset; /* of the source partition   */
    int32_t record_count;             /* 0: a position without outputs */
    struct slice payload;             /* sealed by the worker, opaque here */
};

/* Rows that end after `from` and not after `until`, ascending, at most `limit` rows, into the
 * arena. The first may begin before `from`: then `from` lies inside a row, and the caller
 * reports a conflict. REJECT when the arena is too small for even the first; else fewer
 * rows come and the caller asks again from the last row's end. */
enum outcome outbox_read(struct database *database, const char *cluster_id,
                         const struct topic_partition *at, int64_t from, int64_t until,
                         size_t limit, struct stored_payload **rows, size_t *count,
                         struct arena *arena, struct error *error);

#endif
