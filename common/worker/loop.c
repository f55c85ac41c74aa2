/*
 * loop - consume, decode, decide, persist, publish.
 *
 * A batch is committed whole or not at all. What a failure means is decided here:
 *
 *   stale fact            forget what was cached, load and decide again; the third time with locks;
 *                         then half the batch
 *   limit short           tight mode: lock the limits, then decide against what is left
 *   a record breaks it    halve until it stands alone, then dead-letter it
 *   position lost         somebody else owns the partition: join again
 *   nobody knows          claim and read again; the positions say what happened
 */
#include "base/clock.h"
#include "base/fault_point.h"
#include "persist/migration.h"
#include "worker/worker.h"

#include <assert.h>

enum { PUSH_WAIT_MS = 1000, STAY_MS = 100, DRAIN_LOOK_MS = 20 };

/* What became of a range of the batch. */
enum range_result {
    RANGE_DONE,
    RANGE_HALVE,     /* too much for the arena, or something in it breaks the statement */
    RANGE_CONTENDED, /* stale as often as may be: others write the same rows         */
    RANGE_DROPPED    /* the batch is given up: recovery or a new membership follows */
};

/* What keeps the publisher from publishing is told, though the loop need do nothing about it. */
static void tell_of_publishing(struct worker *worker)
{
    struct error error;
    if (publisher_thread_troubled(worker->publishing, &error))
        log_outage_failed(&worker->log, &worker->publishing_away, monotonic_ms(), "publishing",
                          error.text, "decide on, and try again");
    else
        log_outage_over(&worker->log, &worker->publishing_away, monotonic_ms(), "publishing");
}

/* Asked to end, we finish what we began, for as long as a transaction may take. */
static bool time_is_up(struct worker *worker)
{
    if (!worker_stopping)
        return false;
    if (worker->stop_by_ms == 0)
        worker->stop_by_ms = monotonic_ms() + worker->settings.transaction_timeout_ms;
    return monotonic_ms() >= worker->stop_by_ms;
}

/* The publisher's queue is full: nothing is read, but polling goes on, so that the group does not think us
 * dead. False when the range is given up: its rows are in the outbox, and whoever owns the partition next
 * publishes them. */
static bool wait_for_room(struct worker *worker)
{
    struct record record;
    uint32_t assignment = worker->assignment;
    http_tick(worker->http, monotonic_ms());
    tell_of_publishing(worker);
    if (!consumer_paused(worker->consumer))
        consumer_pause(worker->consumer, &worker->error);
    if (consumer_poll(worker->consumer, 0, &record, &worker->error) == CONSUMED_LOST)
        assignment_lost(worker, worker->error.text);
    else if (time_is_up(worker) && assignment == worker->assignment)
        assignment_recover_soon(worker);
    return assignment == worker->assignment;
}

/* Hands a committed range to the publisher, whose queue is bounded. */
static enum range_result publish(struct worker *worker, const struct outbox_row *rows,
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
    return pushed == PUSHED ? RANGE_DONE : RANGE_DROPPED;
}

/* The range is in PostgreSQL: G moves, and its outbox rows go to the publisher. */
static enum range_result advance(struct worker *worker)
{
    struct outbox_row *rows = arena_alloc(&worker->arena, worker->source_count * sizeof *rows);
    size_t count = 0;
    if (rows == NULL) {
        assignment_recover_soon(
            worker); /* the rows are in the outbox: recovery publishes them */
        return RANGE_DROPPED;
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
    return count == 0 ? RANGE_DONE : publish(worker, rows, count);
}

static void drop_and_recover(struct worker *worker)
{
    database_rollback(&worker->database);
    log_outage_failed(&worker->log, &worker->postgres_away, monotonic_ms(), "postgres",
                      worker->error.text, "wait, claim and read again");
    assignment_recover_soon(worker);
}

void loop_stop(struct worker *worker)
{
    log_error(&worker->log, LOG_FACT("cannot go on"), LOG_TEXT("reason", worker->error.text),
              LOG_TEXT("next", "exit"));
    worker->exit_status = 1;
    worker_stopping = 1;
}

/* What the next attempt should do differently. */
struct attempt {
    int number;
    bool tight;
};

/* One attempt's commit; true when the range must be decided again as `attempt` says. */
static bool commit_or_again(struct worker *worker, struct attempt *attempt,
                            enum range_result *result)
{
    FAULT_POINT(FAULT_DECIDED);
    int64_t began_us = monotonic_us();
    enum commit_result committed = saving_commit(worker);
    metric_observe(worker->count.commit_us, monotonic_us() - began_us);
    *result = RANGE_DROPPED;
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
        *result = RANGE_CONTENDED;
        return ++attempt->number <= DECIDE_ATTEMPTS;
    case COMMIT_LIMIT_SHORT:
        metric_add(worker->count.tight, 1);
        attempt->tight = true;
        *result = RANGE_CONTENDED;
        return ++attempt->number <= DECIDE_ATTEMPTS;
    case COMMIT_BROKEN_RECORD:
        *result = RANGE_HALVE;
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

static enum range_result decide_and_commit(struct worker *worker, size_t first, size_t count)
{
    struct attempt attempt = {.number = 1};
    enum range_result result = RANGE_DROPPED;
    do {
        database_rollback(&worker->database);
        switch (deciding_run(worker, first, count, attempt.number >= LOCKED_ATTEMPT,
                             attempt.tight)) {
        case ALL_DECIDED:
            break;
        case DECIDE_HALVE:
            database_rollback(&worker->database);
            return RANGE_HALVE;
        case DECIDE_LATER:
            drop_and_recover(worker);
            return RANGE_DROPPED;
        case DECIDE_STOP:
            loop_stop(worker);
            return RANGE_DROPPED;
        }
    } while (commit_or_again(worker, &attempt, &result));
    return result;
}

static bool decode(struct worker *worker, size_t first, size_t count)
{
    arena_reset(&worker->arena);
    for (size_t i = first; i < first + count; i++)
        if (!intake_decode(worker, &worker->entries[i]))
            return false;
    worker->decoded_mark = arena_mark(&worker->arena);
    FAULT_POINT(FAULT_DECODED);
    return true;
}

/* A record that others get in the way of even alone is sound: it is read and tried again. */
static enum range_result try_later(struct worker *worker)
{
    log_outage_failed(&worker->log, &worker->later, monotonic_ms(), "a record alone",
                      worker->error.text, "read it again");
    assignment_recover_soon(worker);
    return RANGE_DROPPED;
}

/* A record that cannot be processed even alone: its own dead letter is all that is decided. */
static enum range_result bury_alone(struct worker *worker, size_t at)
{
    struct entry *entry = &worker->entries[at];
    arena_reset(&worker->arena);
    worker->decoded_mark = 0;
    entry->wakes = false;
    entry->reason = "CANNOT_BE_STORED";
    entry->sentence =
        "the record alone breaks the batch: too large, or a value that the database refuses";
    enum range_result result = decide_and_commit(worker, at, 1);
    if (result == RANGE_HALVE)
        loop_stop(worker);
    /* Dropped without a recovery, the next batch would move G over it. */
    return result == RANGE_CONTENDED ? try_later(worker) : result;
}

/* A programme that no file is known for may have been published a moment ago. */
static bool programme_unknown(const struct worker *worker, size_t first, size_t count)
{
    for (size_t i = first; i < first + count; i++)
        if (worker->entries[i].reason != NULL &&
            strcmp(worker->entries[i].reason, "UNKNOWN_PROGRAMME") == 0)
            return true;
    return false;
}

static bool decode_all(struct worker *worker, size_t first, size_t count)
{
    if (!decode(worker, first, count))
        return false;
    if (!programme_unknown(worker, first, count))
        return true;
    programmes_refresh(worker);
    return decode(worker, first, count);
}

/* Processes entries first..first+count, halving where it must. False when the batch was dropped. */
static bool process(struct worker *worker, size_t first, size_t count)
{
    enum range_result result = RANGE_HALVE;
    if (decode_all(worker, first, count))
        result = decide_and_commit(worker, first, count);
    if (result == RANGE_DONE || result == RANGE_DROPPED)
        return result == RANGE_DONE;
    metric_add(worker->count.bisected, 1);
    if (count == 1)
        return (result == RANGE_HALVE ? bury_alone(worker, first) : try_later(worker)) ==
               RANGE_DONE;
    return process(worker, first, count / 2) &&
           process(worker, first + count / 2, count - count / 2);
}

/* Ends of partitions move G too: commit markers take offsets, and a quiet log may expire. */
static bool end_rows(struct worker *worker)
{
    bool moved = false;
    for (size_t i = 0; i < worker->source_count; i++) {
        struct lane *lane = &worker->lanes[i];
        lane->touched = false;
        lane->output_count = lane->decision_count = 0;
        if (lane->end_offset > worker->sources[i].next_offset) {
            lane->touched = true;
            lane->next_offset = lane->end_offset;
            moved = true;
        } else if (publisher_thread_published_next(worker->publishing, i) >
                   worker->sources[i].published_next) {
            lane->touched = true; /* only W moves */
            lane->next_offset = worker->sources[i].next_offset;
            worker->sources[i].published_next =
                publisher_thread_published_next(worker->publishing, i);
            moved = true;
        }
    }
    return moved;
}

static void settle_ends(struct worker *worker)
{
    struct attempt attempt = {.number = 1};
    enum range_result result;
    worker->end_row_at_ms = monotonic_ms() + END_ROW_MS;
    if (!end_rows(worker))
        return;
    arena_reset(&worker->arena);
    worker->decoded_mark = 0;
    worker->waiters = NULL;
    worker->timer_count = 0;
    facts_begin(&worker->facts, worker->service->tables, worker->service->table_count,
                &worker->arena, 1);
    if (commit_or_again(worker, &attempt, &result))
        assignment_recover_soon(
            worker); /* nothing was read: a stale position is not ours any more */
}

/* True when all that was decided was seen published: W may move to G. */
static bool all_seen(struct worker *worker)
{
    for (size_t i = 0; i < worker->source_count; i++) {
        const struct source *source = &worker->sources[i];
        if (!source->conflict && !source->stopped &&
            publisher_thread_published_next(worker->publishing, i) < source->next_offset)
            return false;
    }
    return true;
}

/* An orderly end leaves W = K = G where Kafka and PostgreSQL answer: the next owner begins without settling
 * anything. The group's time limits do not press, because the client beats on by itself. */
static void drain(struct worker *worker)
{
    struct timespec pause = {.tv_nsec = DRAIN_LOOK_MS * 1000000};
    if (worker->exit_status != 0 || worker->recovering || worker->slot_lost || worker->rejoin ||
        worker->source_count == 0)
        return;
    settle_ends(worker);
    while (!worker->recovering && !worker->rejoin && !all_seen(worker) &&
           publisher_thread_failure(worker->publishing, NULL) == PUBLISHED &&
           !time_is_up(worker))
        nanosleep(&pause, NULL);
    if (!worker->recovering && !worker->rejoin)
        settle_ends(worker);
}

static void join_again(struct worker *worker)
{
    intake_release(worker); /* the library waits for ever while one record is out */
    consumer_free(worker->consumer);
    worker->consumer =
        consumer_new(&worker->consumer_settings, &worker->consumer_callbacks, &worker->error);
    worker->rejoin = worker->consumer == NULL;
    if (worker->rejoin)
        loop_stop(worker);
}

/* Publishing has stopped because the positions or the membership are another's. What it said before it was
 * paused has been answered already: it is asked only while it runs. */
static bool publishing_well(struct worker *worker)
{
    if (worker->recovering || worker->source_count == 0)
        return true;
    switch (publisher_thread_failure(worker->publishing, &worker->error)) {
    case PUBLISHED:
    case PUBLISH_AGAIN:
        tell_of_publishing(worker);
        return true;
    case PUBLISH_LOST:
        assignment_lost(worker, worker->error.text);
        return false;
    case PUBLISH_DISPUTED:
        log_warning(&worker->log, LOG_FACT("positions disputed"),
                    LOG_TEXT("reason", worker->error.text));
        assignment_recover_soon(worker);
        return false;
    }
    return true;
}

/* A total that somebody else counts: the counter follows it, and never goes back when a new
 * consumer begins at zero. */
static void count_up_to(struct metric *counter, uint64_t total)
{
    uint64_t counted = (uint64_t)metric_value(counter);
    if (total > counted)
        metric_add(counter, total - counted);
}

static void measure(struct worker *worker)
{
    int64_t lag = 0;
    for (size_t i = 0; i < worker->assigned_count; i++) {
        int64_t behind = consumer_lag(worker->consumer, (uint32_t)i);
        lag += behind > 0 ? behind : 0;
    }
    metric_set(worker->count.lag, lag);
    count_up_to(worker->count.rewound, consumer_rewound(worker->consumer));
    if (worker->cache == NULL)
        return;
    struct cache_counts cache = cache_counts(worker->cache);
    count_up_to(worker->count.cache_hits, cache.hits);
    count_up_to(worker->count.cache_misses, cache.misses);
    if (cache.errors > worker->cache_errors)
        log_outage_failed(&worker->log, &worker->redis_away, monotonic_ms(), "redis",
                          cache_error(worker->cache), "look up in postgres");
    else
        log_outage_over(&worker->log, &worker->redis_away, monotonic_ms(), "redis");
    worker->cache_errors = cache.errors;
}

/* What was dropped lies before the ends that were seen with it: they must not move G. */
static void forget_ends(struct worker *worker)
{
    for (size_t i = 0; i < worker->source_count; i++)
        worker->lanes[i].end_offset = NO_OFFSET;
}

static void process_batch(struct worker *worker)
{
    int64_t began_us = monotonic_us();
    size_t count = worker->entry_count;
    if (process(worker, 0, count)) {
        metric_add(worker->count.records, count);
        metric_add(worker->count.batches, 1);
        metric_observe(worker->count.batch_us, monotonic_us() - began_us);
        log_debug(&worker->log, LOG_FACT("batch committed"), LOG_NUMBER("records", count),
                  LOG_NUMBER("us", monotonic_us() - began_us));
    } else {
        forget_ends(worker);
    }
    measure(worker);
    intake_release(worker);
}

/* Housekeeping between batches: newly published programme files, and the months ahead of decision
 * segments, so that a worker that runs for years never lacks one. */
static void look_around(struct worker *worker)
{
    int64_t now_ms = monotonic_ms();
    if (now_ms >= worker->look_at_ms) {
        worker->look_at_ms = now_ms + PROGRAMME_LOOK_MS;
        programmes_refresh(worker);
    }
    if (now_ms < worker->partitions_at_ms || !database_usable(&worker->database))
        return;
    worker->partitions_at_ms = now_ms + PARTITIONS_EVERY_MS;
    if (decision_partitions_create(&worker->database, realtime_us(), MONTHS_AHEAD,
                                   &worker->error) != OK)
        log_error(&worker->log, LOG_FACT("months of decision segments not created"),
                  LOG_TEXT("reason", worker->error.text),
                  LOG_TEXT("next", "try again tomorrow"));
}

static void turn(struct worker *worker)
{
    look_around(worker);
    if (!intake_collect(worker) || worker->recovering)
        return;
    if (worker->entry_count > 0)
        process_batch(worker);
    else if (monotonic_ms() >= worker->end_row_at_ms && worker->source_count > 0)
        settle_ends(worker);
}

/* Nothing may be done now but to stay in the group, where we still are in it. */
static void stay(struct worker *worker)
{
    struct timespec pause = {.tv_nsec = STAY_MS * 1000000};
    if (worker->rejoin)
        nanosleep(&pause, NULL);
    else
        intake_collect(worker);
}

void loop_run(struct worker *worker)
{
    while (!worker_stopping) {
        http_tick(worker->http, monotonic_ms());
        if (!slot_held(worker)) {
            stay(worker);
            continue;
        }
        if (worker->rejoin)
            join_again(worker);
        else if (worker->recovering && monotonic_ms() >= worker->recover_at_ms &&
                 worker->source_count > 0)
            assignment_recover(worker);
        else if (publishing_well(worker))
            turn(worker);
    }
    intake_release(worker);
    drain(worker);
}
