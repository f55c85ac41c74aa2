/*
 * timer - what a service wants to hear again at an instant.
 *
 * Timers are rows of the service, set by the batch transaction (batch.h) and keyed (due_at,
 * timer_id). The clock selects due ones, produces a record for each, flushes, and only then
 * marks them fired. A crash in between fires them twice, which is harmless.
 */
#ifndef KERJA_PERSIST_TIMER_H
#define KERJA_PERSIST_TIMER_H

#include "base/arena.h"
#include "base/calendar.h"
#include "base/slice.h"
#include "base/uuid.h"
#include "persist/database.h"

struct timer {
    instant_us due_at;
    struct uuid timer_id;
    struct slice subject_id; /* key of the record that will be produced */
    struct slice kind;
    int32_t attempt;
};

/* Reads at most `limit` timers with due_at <= until that are not fired, by (due_at,
 * timer_id), into the arena. */
enum outcome timer_due(struct database *database, instant_us until, size_t limit,
                       struct timer **timers, size_t *count, struct arena *arena,
                       struct error *error);

/* Marks them fired, in one transaction. Marking twice changes nothing. */
enum outcome timer_fired(struct database *database, const struct timer *timers, size_t count,
                         struct error *error);

#endif
