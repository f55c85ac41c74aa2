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
    http_tick(worker->http, monotonic_ms());
    loop_tell_of_publishing(worker);
    if (!consumer_paused(worker->consumer))
        consumer_pause(worker->consumer, &worker->error);
    if (consumer_poll(worker->consumer, 0, &record, &worker->error) == CONSUMED_LOST)
        assignment_lost(worker, worker->error.text);
    else if (loop_time_is_up(worker) && assignment == worker->assignment)
        assignment_recover_soon(worker);
    return assignment == worker->assignment;
}

/* Hands a committed range to the publisher, whose queue is bounded. */
static enum attempt_result publish(struct worker *worker, const struct outbox_row *rows,
                                   size_t count)
{
    enum push_result pushed =
        publisher_thread_push(worker->publishing, rows, count, PUSH_WAIT_MS);
    while (pushed == PUSH_FULL && wait_for_room(worker))
        pushed = publisher_thread_push(worker->publishing, rows, count, PUSH_WAIT_MS);
    /* Also after a new assignment: a consumer that holds back reads nothing of it, ever. */
    if (consumer_paused(worker->consumer))
        consumer_resume(worker->consumer, &worker->error);
    FAULT_POINT(FAULT_PUSHED);
    return pushed == PUSHED ? ATTEMPT_DONE : ATTEMPT_DROPPED;
}

/* The range is in PostgreSQL: G moves, and its outbox rows go to the publisher. */
static enum attempt_result advance(struct worker *worker)
{
    struct outbox_row *rows = arena_alloc(&worker->arena, worker->source_count * sizeof *rows);
    size_t count = 0;
    if (rows == NULL) {
        assignment_recover_soon(
            worker); /* the rows are in the outbox: recovery publishes them */
        return ATTEMPT_DROPPED;
    }
    for (size_t i = 0; i < worker->source_count; i++) {
        struct lane *lane = &worker->lanes[i];
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
    return count == 0 ? ATTEMPT_DONE : publish(worker, rows, count);
}

static void drop_and_recover(struct worker *worker)
{
    database_rollback(&worker->database);
    log_outage_failed(&worker->log, &worker->postgres_away, monotonic_ms(), "postgres",
                      worker->error.text, "wait, claim and read again");
    assignment_recover_soon(worker);
}

/* What the next attempt should do differently. */
struct attempt {
    int number;
    bool tight;
};

/* One attempt's commit; true when the range must be decided again as `attempt` says. */
static bool commit_or_again(struct worker *worker, struct attempt *attempt,
                            enum attempt_result *result)
{
    FAULT_POINT(FAULT_DECIDED);
    int64_t began_us = monotonic_us();
    enum commit_result committed = saving_commit(worker);
    metric_observe(worker->count.commit_us, monotonic_us() - began_us);
    *result = ATTEMPT_DROPPED;
    switch (committed) {
    case COMMITTED:
        FAULT_POINT(FAULT_COMMITTED);
        log_outage_over(&worker->log, &worker->postgres_away, monotonic_ms(), "postgres");
        *result = advance(worker);
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

enum attempt_result attempt_range(struct worker *worker, size_t first, size_t count)
{
    struct attempt attempt = {.number = 1};
    enum attempt_result result = ATTEMPT_DROPPED;
    do {
        database_rollback(&worker->database);
        switch (deciding_run(worker, first, count, attempt.number >= LOCKED_ATTEMPT,
                             attempt.tight)) {
        case ALL_DECIDED:
            break;
        case DECIDE_HALVE:
            database_rollback(&worker->database);
            return ATTEMPT_HALVE;
        case DECIDE_LATER:
            drop_and_recover(worker);
            return ATTEMPT_DROPPED;
        case DECIDE_STOP:
            loop_stop(worker);
            return ATTEMPT_DROPPED;
        }
    } while (commit_or_again(worker, &attempt, &result));
    return result;
}

enum attempt_result attempt_ends(struct worker *worker)
{
    struct attempt attempt = {.number = 1};
    enum attempt_result result;
    return commit_or_again(worker, &attempt, &result) ? ATTEMPT_CONTENDED : result;
}
