/*
 * slot - the number that names this worker to Kafka, and what happens when its lease is lost.
 *
 * held -> lost (the lease's connection ended: PostgreSQL went away) -> held again, moved, or stopped.
 *
 * Without the lease nothing is read or written, because another process may have the slot by now. The
 * group is not left: PostgreSQL mostly comes back soon, and then we take the same slot again, and
 * claim and read again. Should somebody else hold it, that may be the server not having noticed
 * our own old connection's end; who still holds it after SLOT_PATIENCE_MS is another worker. Then we
 * take any other slot and join again under its name; where ours was given us by its number, we end.
 */
#include "base/clock.h"
#include "worker/worker.h"

#include <stdio.h>
#include <unistd.h>

enum { SLOT_EVERY_MS = 1000, SLOT_PATIENCE_MS = 30000 };

/* What we hold is dropped once; recovery waits until the slot is ours again. */
static void give_up(struct worker *worker)
{
    if (worker->slot_lost)
        return;
    worker->slot_lost = true;
    worker->slot_taken_since_ms = 0;
    lease_release(&worker->lease);
    error_set(&worker->error, RETRY, "the lease of slot %d is gone", worker->slot);
    if (worker->source_count > 0 && !worker->rejoin)
        assignment_recover_soon(worker);
}

/* True when a server that is there has said for long enough that the slot is another's. */
static bool surely_taken(struct worker *worker)
{
    struct error ignored;
    if (database_ensure(&worker->database, &ignored) != OK) {
        worker->slot_taken_since_ms = 0;
        return false;
    }
    if (worker->slot_taken_since_ms == 0)
        worker->slot_taken_since_ms = monotonic_ms();
    return monotonic_ms() - worker->slot_taken_since_ms >= SLOT_PATIENCE_MS;
}

void slot_name(struct worker *worker)
{
    worker->slot = worker->lease.slot;
    snprintf(worker->instance, sizeof worker->instance, "%s-%d", worker->service->name,
             worker->slot);
    snprintf(worker->owner, sizeof worker->owner, "%s pid %d", worker->instance, (int)getpid());
    log_bind_number(&worker->log, "slot", worker->slot);
}

static void held_again(struct worker *worker)
{
    worker->slot_lost = false;
    worker->recover_at_ms = 0;
    log_outage_over(&worker->log, &worker->slot_away, monotonic_ms(), "slot");
}

/* Under another slot's name nothing of ours goes on: not the membership, and not the producer, which
 * bears the old name and is made anew. False when there is no slot to move to. */
static bool move(struct worker *worker)
{
    if (worker->settings.slot != LEASE_ANY ||
        lease_take(&worker->lease, &worker->lease_settings, LEASE_ANY, &worker->error) != OK)
        return false;
    slot_name(worker);
    held_again(worker);
    assignment_lost(worker, "another worker has our slot");
    publisher_release(&worker->publisher);
    return true;
}

bool slot_held(struct worker *worker)
{
    if (!worker->slot_lost && lease_alive(&worker->lease))
        return true;
    give_up(worker);
    if (monotonic_ms() < worker->slot_at_ms)
        return false;
    worker->slot_at_ms = monotonic_ms() + SLOT_EVERY_MS;
    enum outcome outcome =
        lease_take(&worker->lease, &worker->lease_settings, worker->slot, &worker->error);
    if (outcome == OK) {
        held_again(worker);
        return true;
    }
    log_outage_failed(&worker->log, &worker->slot_away, monotonic_ms(), "slot",
                      worker->error.text, "read nothing, and try again every second");
    if (outcome != STOP && (!surely_taken(worker) || move(worker)))
        return !worker->slot_lost;
    loop_stop(worker);
    return false;
}
