/*
 * commit_thread - the transaction of one batch on a thread of its own, while the loop reads and decodes
 * the next.
 *
 * At most one batch is under way. From begin to wait the batch, all that it points to and the database
 * belong to the thread; before and after, to the loop. What it costs to encode rows and to wait for
 * PostgreSQL then costs the loop nothing, and nothing is decided on what is not committed.
 */
#ifndef KERJA_WORKER_COMMIT_THREAD_H
#define KERJA_WORKER_COMMIT_THREAD_H

#include "persist/batch.h"

struct commit_thread;

/* How the thread commits: persist_commit(). */
typedef enum commit_result commit_function(struct database *database, const struct batch *batch,
                                           struct error *error);

/* Starts the thread, idle. The database is borrowed. NULL when there is no memory or thread. */
struct commit_thread *commit_thread_new(struct database *database, commit_function *commit);

/* Waits for what is under way, ends the thread and frees it. NULL is accepted. */
void commit_thread_free(struct commit_thread *thread);

/* Hands the batch over. Nothing may be under way. */
void commit_thread_begin(struct commit_thread *thread, const struct batch *batch);

/* Waits for the batch that was handed over: what became of it, how long that took, and why. */
enum commit_result commit_thread_wait(struct commit_thread *thread, int64_t *took_us,
                                      struct error *error);

#endif
