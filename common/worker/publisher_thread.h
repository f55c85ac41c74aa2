/*
 * publisher_thread - the publisher on a thread of its own, behind a bounded queue.
 *
 * It shares nothing with the loop but the queue of at most PUBLISHER_QUEUE_BOUND committed
 * batches, the positions it has seen, and why it stopped. It takes all waiting batches into one
 * Kafka transaction, because a transaction costs about the same whatever its size.
 *
 * Life cycle: started paused; recover_assignment() runs while it is paused; resume; push;
 * drain (on revoke) or nothing (when lost); pause, which drops what is left; stop.
 */
#ifndef KERJA_WORKER_PUBLISHER_THREAD_H
#define KERJA_WORKER_PUBLISHER_THREAD_H

#include "worker/publisher.h"

struct publisher_thread;

enum push_result {
    PUSHED = 0,
    PUSH_FULL,   /* the deadline passed and the queue is still full: poll, and push again */
    PUSH_FAILED, /* lost or disputed, see publisher_thread_failure()                       */
};

/* Starts the thread, paused. The publisher is borrowed. NULL when there is no memory or thread. */
struct publisher_thread *publisher_thread_new(struct publisher *publisher);

/* Pauses, ends the thread and frees it. NULL is accepted. */
void publisher_thread_free(struct publisher_thread *thread);

/* From here on the thread publishes what is pushed. */
void publisher_thread_resume(struct publisher_thread *thread);

/* Drops the queue and waits until the thread has let go of the publisher: at most the rest of
 * one transaction. Afterwards the publisher and its sources belong to the caller. */
void publisher_thread_pause(struct publisher_thread *thread);

/* Copies the rows of one committed batch into the queue. `source` of a row is an index into
 * the publisher's sources; rows of batches pushed chain. */
enum push_result publisher_thread_push(struct publisher_thread *thread,
                                       const struct outbox_row *rows, size_t count,
                                       int64_t timeout_ms);

/* Waits until everything pushed is published. False when time ran out or it failed. */
bool publisher_thread_drain(struct publisher_thread *thread, int64_t timeout_ms);

/* PUBLISHED while all is well; PUBLISH_LOST or PUBLISH_DISPUTED, with the reason, once the
 * thread has stopped publishing because of it. Cleared by resume. */
enum publish_result publisher_thread_failure(struct publisher_thread *thread,
                                             struct error *error);

/* True while the last attempt to publish has failed and will be repeated; with the reason. */
bool publisher_thread_troubled(struct publisher_thread *thread, struct error *error);

/* W of a source: the offset that K was seen to have reached. The next batch carries it. */
int64_t publisher_thread_published_next(struct publisher_thread *thread, size_t source);

#endif
