/*
 * batch_order - the order in which a batch takes its locks.
 *
 * Every writer takes them in the same order: that is what keeps writers from deadlock. Internal
 * to persist/.
 */
#ifndef KERJA_PERSIST_BATCH_ORDER_H
#define KERJA_PERSIST_BATCH_ORDER_H

#include "persist/batch.h"

/* Sorts the batch's arrays in place: sources by (topic, partition), rows, checks and
 * limits by key, timers by (due_at, timer_id), waiting events by their identity. */
void batch_sort(struct database *database, const struct batch *batch);

#endif
