/*
 * sealing - the keys that sealed values need, and values sealed anew.
 *
 * A key may leave the file when no value names it any more. Whoever starts says which keys it has; one that was there
 * before and is missing is looked for in every value, and a worker that would meet such a value does not start.
 *
 * `kerja-<service> --reseal` gives each value of the service's tables the newest key, some rows in a transaction, by key.
 * Killed at any moment, it goes on when started again. Workers may decide meanwhile: rows are locked in the
 * order in which they lock them, and a decision that had read an old value is made again. What is sealed for days only,
 * the outbox and events that wait, is not touched: it goes by itself.
 */
#ifndef KERJA_WORKER_SEALING_H
#define KERJA_WORKER_SEALING_H

#include "worker/worker.h"

/* Notes the keys of the file. STOP when values need one that is not there, with their number. */
enum outcome sealing_keys_check(struct worker *worker);

/* Seals anew until nothing is left, or SIGTERM; says how far it came. RETRY when PostgreSQL or a lock was in the way,
 * STOP when a value cannot be opened. */
enum outcome sealing_renew(struct worker *worker);

#endif
