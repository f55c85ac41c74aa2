/*
 * publisher - outbox rows become Kafka records, once.
 *
 * A transaction carries whole rows and, as its last step, the offsets behind them: begin; produce;
 * flush, and every delivery report is good; send_offsets; commit. A commit is clean only
 * if it returned no error, exactly one EndTxn was sent since begin, and it took less than a
 * third of transaction.timeout.ms. After anything else the publisher is in doubt: the producer is
 * destroyed (a late EndTxn of its epoch could commit its next transaction), a new one fences it,
 * and K, not a return code, says which rows are still owed.
 *
 * Life cycle: publisher_init; at each assignment recover_assignment() hands it the sources;
 * publish and read_back until revoked or lost; publisher_release. It allocates nothing and
 * has no thread: publisher_thread gives it one, the simulation gives it a fiber.
 */
#ifndef KERJA_WORKER_PUBLISHER_H
#define KERJA_WORKER_PUBLISHER_H

#include "worker/io.h"
#include "worker/tag.h"

enum {
    PUBLISHER_QUEUE_BOUND = 4, /* L: batches committed in PostgreSQL and not yet published */
    PUBLISHER_READ_BACK_MS =
        1000,                 /* how often K is read while W < K                          */
    PUBLISHER_RETRY_MS = 100, /* pause after a failure                                    */
    /* Of payloads in one transaction, but for a single row that is larger: what a slow broker takes well within
     * the transaction's time-out. */
    TRANSACTION_BYTES = 32 << 20
};

struct publisher_settings {
    struct identity identity;
    int64_t
        transaction_timeout_ms; /* transaction.timeout.ms                                   */
    int64_t scan_interval_ms;   /* transaction.abort.timed.out...interval.ms of the broker */
};

enum publish_result {
    PUBLISHED = 0,    /* every row stands in Kafka, seen in K or cleanly committed         */
    PUBLISH_AGAIN,    /* not yet; call again with the rows that are left                   */
    PUBLISH_LOST,     /* fenced: drop everything, the partitions are somebody else's       */
    PUBLISH_DISPUTED, /* K is not where we left it: drop everything, recover the assignment */
};

struct publisher {
    const struct io *io;
    struct publisher_settings settings;
    struct source *sources; /* borrowed from the assignment */
    size_t source_count;
    const void *membership; /* saved at the assignment; NULL while there is none */
    bool producer_open;
    bool in_doubt; /* K must be read before anything else is published */
    int64_t read_back_at_ms;
    struct tagged_position positions[PARTITION_BOUND]; /* of the transaction being made */
};

/* `io` must outlive the publisher. */
void publisher_init(struct publisher *publisher, const struct io *io,
                    const struct publisher_settings *settings);

/* Destroys the producer. NULL is accepted. */
void publisher_release(struct publisher *publisher);

/* Begins an assignment: rows name these sources from now on, offsets are sent with this
 * membership and no other. Both are borrowed until the next assignment. */
void publisher_assign(struct publisher *publisher, struct source *sources, size_t count,
                      const void *membership);

/* Ends an assignment after a revoke or a loss; the producer stays unless it is in doubt. */
void publisher_unassign(struct publisher *publisher);

/* Opens the producer if there is none. IO_AGAIN after the deadline. */
enum io_result publisher_open(struct publisher *publisher, int64_t deadline_ms,
                              struct error *error);

/* Publishes `*count` rows in their order, in as few transactions as TRANSACTION_BYTES allows, which is mostly one; rows
 * of one source chain and ascend. On
 * PUBLISH_AGAIN `rows` is compacted in place to what is owed still, or unknown, and the same
 * rows (and no others before them) must be passed again, newer ones may follow. Waits
 * never beyond the deadline and the library's own bounds. */
enum publish_result publisher_publish(struct publisher *publisher, struct outbox_row *rows,
                                      size_t *count, int64_t deadline_ms, struct error *error);

/* True when K is worth reading: something was published that was not seen yet, and the last
 * look was PUBLISHER_READ_BACK_MS ago. */
bool publisher_read_back_due(const struct publisher *publisher);

/* Reads K between transactions and moves `seen` of each source to it.
 * PUBLISH_AGAIN when Kafka did not answer, which harms nothing. */
enum publish_result publisher_read_back(struct publisher *publisher, int64_t deadline_ms,
                                        struct error *error);

#endif
