/*
 * attempt - a range of the batch is decided, committed, and handed to the publisher.
 *
 * A range is committed whole or not at all. What a failure means is decided here:
 *
 *   stale fact            forget what was cached, load and decide again; the third time with locks
 *   limit short           tight mode: lock the limits, then decide against what is left
 *   a record breaks it    the caller halves the range until that record stands alone
 *   position lost         somebody else owns the partition: join again
 *   nobody knows          claim and read again; the positions say what happened
 */
#include "base/broken.h"
#include "base/clock.h"
#include "base/fault_point.h"
#include "worker/worker.h"

enum { PUSH_WAIT_MS = 1000 };

/* The publisher's queue is full: nothing is read, but polling goes on, so that the group does not think us
 * dead. False when the range is given up: its rows are in the outbox, and whoever owns the partition next
 * publishes them. */
static bool wait_for_room(struct worker *worker)
{
    struct record record;
    uint32_t assignment = worker->assignment;
    loop_tick(worker);
    loop_tell_of_publishing(worker);
    if (!consumer_paused(worker->consumer))
        consumer_pause(worker->consumer, &worker->error);
    if (consumer_poll(worker->consumer, 0, &record, &worker->error) == CONSUMED_LOST)
        assignment_lost(worker, worker->error.text);
    else if (loop_time_is_up(worker) && assignment == worker->assignment)
        assignment_recover_soon(worker);
    return assignment == worker->assignment;
}

/* Hands a committed range to the publisher, whose queue is bounded. Who may not wait leaves to the next owner what the
 * queue has no room for. */
static enum attempt_result publish(struct worker *worker, const struct outbox_row *rows,
                                   size_t count, bool may_wait)
{
    enum push_result pushed =
        publisher_thread_push(worker->publishing, rows, count, PUSH_WAIT_MS);
    while (may_wait && pushed == PUSH_FULL && wait_for_room(worker))
        pushed = publisher_thread_push(worker->publishing, rows, count, PUSH_WAIT_MS);
    /* Also after a new assignment: a consumer that holds back reads nothing of it, ever. */
    if (consumer_paused(worker->consumer))
        consumer_resume(worker->consumer, &worker->error);
    FAULT_POINT(FAULT_PUSHED);
    return pushed == PUSHED ? ATTEMPT_DONE : ATTEMPT_DROPPED;
}

/* The range is in PostgreSQL: G moves, and its outbox rows go to the publisher. */
static enum attempt_result advance(struct worker *worker, bool may_wait)
{
    struct outbox_row rows[PARTITION_BOUND];
    size_t count = 0;
    for (size_t i = 0; i < worker->source_count; i++) {
        struct lane *lane = &worker->round->lanes[i];
        struct source *source = &worker->sources[i];
        if (!lane->touched || lane->next_offset == source->next_offset)
            continue;
        rows[count++] = (struct outbox_row){.source = i,
                                            .from_offset = source->next_offset,
                                            .next_offset = lane->next_offset,
                                            .record_count = lane->output_count,
                                            .payload = buffer_slice(&lane->payload)};
        source->next_offset = lane->next_offset;
    }
    lookups_forget_changed(worker);
    return count == 0 ? ATTEMPT_DONE : publish(worker, rows, count, may_wait);
}

static void drop_and_recover(struct worker *worker)
{
    database_rollback(&worker->writer);
    log_outage_failed(&worker->log, &worker->postgres_away, monotonic_ms(), "postgres",
                      worker->error.text, "wait, claim and read again");
    assignment_recover_soon(worker);
}

/* Waits for the commit; true when the range must be decided again as its attempt says. */
static bool answered_again(struct worker *worker, enum attempt_result *result)
{
    struct attempt *attempt = &worker->round->attempt;
    *result = ATTEMPT_DROPPED;
    switch (saving_wait(worker)) {
    case COMMITTED:
        FAULT_POINT(FAULT_COMMITTED);
        log_outage_over(&worker->log, &worker->postgres_away, monotonic_ms(), "postgres");
        *result = advance(worker, true);
        return false;
    case COMMIT_STALE:
    case COMMIT_READ_CHANGED:
        metric_add(worker->count.stale, 1);
        lookups_forget_read(worker);
        *result = ATTEMPT_CONTENDED;
        return ++attempt->number <= DECIDE_ATTEMPTS;
    case COMMIT_LIMIT_SHORT:
        metric_add(worker->count.tight, 1);
        attempt->tight = !BROKEN(NEVER_TIGHT);
        *result = ATTEMPT_CONTENDED;
        return ++attempt->number <= DECIDE_ATTEMPTS;
    case COMMIT_BROKEN_RECORD:
        *result = ATTEMPT_HALVE;
        return false;
    case COMMIT_POSITION_LOST:
        assignment_lost(worker, "another worker owns the partitions");
        return false;
    case COMMIT_UNKNOWN:
    case COMMIT_RETRY_LATER:
        drop_and_recover(worker);
        return false;
    case COMMIT_FATAL:
        loop_stop(worker);
        return false;
    }
    return false;
}

/* Decides the range as its attempt says; true when its commit is under way. */
static bool decided_and_begun(struct worker *worker, enum attempt_result *result)
{
    const struct attempt *attempt = &worker->round->attempt;
    database_rollback(&worker->writer);
    *result = ATTEMPT_DROPPED;
    switch (deciding_run(worker, attempt->first, attempt->count,
                         attempt->number >= LOCKED_ATTEMPT, attempt->tight)) {
    case ALL_DECIDED:
        *result = ATTEMPT_HALVE;
        return saving_begin(worker);
    case DECIDE_HALVE:
        database_rollback(&worker->writer);
        *result = ATTEMPT_HALVE;
        return false;
    case DECIDE_LATER:
        drop_and_recover(worker);
        return false;
    case DECIDE_STOP:
        loop_stop(worker);
        return false;
    }
    return false;
}

enum attempt_result attempt_land(struct worker *worker)
{
    enum attempt_result result;
    while (answered_again(worker, &result) && decided_and_begun(worker, &result))
        continue;
    return result;
}

enum attempt_result attempt_range(struct worker *worker, size_t first, size_t count)
{
    enum attempt_result result;
    worker->round->attempt = (struct attempt){.first = first, .count = count, .number = 1};
    return decided_and_begun(worker, &result) ? attempt_land(worker) : result;
}

void attempt_end(struct worker *worker)
{
    if (saving_wait(worker) == COMMITTED)
        advance(worker, false);
}

enum attempt_result attempt_ends(struct worker *worker)
{
    enum attempt_result result = ATTEMPT_HALVE;
    worker->round->attempt = (struct attempt){.number = DECIDE_ATTEMPTS};
    if (saving_begin(worker))
        answered_again(worker, &result);
    return result;
}
