/*
 * broken - offsets committed outside a transaction, as no worker does but one that is broken on purpose (base/broken.h).
 */
#ifndef KERJA_CONSUME_BROKEN_H
#define KERJA_CONSUME_BROKEN_H

#include "consume/consumer.h"

/* Commits positions with their tags as the member that we are, and waits for the answer. Only where KERJA_BROKEN is built. */
enum outcome consumer_commit(struct consumer *consumer,
                             const struct committed_position *positions, size_t count,
                             struct error *error);

#endif
