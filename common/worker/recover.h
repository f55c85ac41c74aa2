/*
 * recover - from an assignment to positions at which it is safe to go on.
 *
 * Called inside the assignment callback, by the thread that polls, while the publisher is
 * quiet. In this order: save the membership; claim every partition, which fences the old owner in
 * PostgreSQL; open the producer, which ends the transaction that our slot left open; read K,
 * which Kafka answers only when no transaction of anybody holds it open; settle by this table:
 *
 *   seen                                     meaning                         do
 *   K = G, our tag                           clean                           go on at G
 *   W <= K < G, rows chain from K, our tag   died between the two commits    publish from K, go on at G
 *   W = G = the log's start, and no K        never read, or read by nobody   commit K := G with our tag,
 *   K = W = G by another                     reset to the same place         go on at G
 *   anything else                            a reset, or a side lost data    state 'conflict'
 *
 * "Anything else": K > G, K < W, K inside a row, rows missing, a foreign tag with rows owed, no K
 * behind the log's start, G outside the log. A broker forgets the offsets of a topic that is deleted: one made
 * anew and filled beyond G looks like one whose offset expired, so neither is gone on with. A partition in
 * conflict stops, and waits for `kerja position`.
 */
#ifndef KERJA_WORKER_RECOVER_H
#define KERJA_WORKER_RECOVER_H

#include "worker/publisher.h"

enum { RECOVER_ROWS = 16 }; /* outbox rows published in one transaction while settling */

enum recover_result {
    RECOVERED = 0, /* each source runs at next_offset, or is in conflict               */
    RECOVER_LATER, /* Kafka or PostgreSQL did not answer in time: assign nothing, retry */
    RECOVER_LOST,  /* somebody else owns the partitions: assign nothing, join again    */
};

/* What the positions of one source mean; pure. */
enum settlement {
    SETTLE_CLEAN,        /* K = G, our tag                                      */
    SETTLE_PUBLISH,      /* rows from K to G are owed, if they chain            */
    SETTLE_OFFSETS_ONLY, /* nothing is owed, but K is missing or not ours       */
    SETTLE_CONFLICT,     /* `reason` says what disagrees                        */
};
enum settlement settle(const struct source *source, const struct identity *identity,
                       const char **reason);

/* Settles `sources`, of which only `at` need be filled in, and hands them to the publisher. A
 * source with `conflict` or `stopped` set must not be assigned; `reason` of a conflict stands
 * in PostgreSQL. Never takes much longer than the deadline, which lies below
 * max.poll.interval.ms. On anything but RECOVERED the publisher has no assignment. */
enum recover_result recover_assignment(struct publisher *publisher, struct source *sources,
                                       size_t count, int64_t deadline_ms, struct error *error);

#endif
