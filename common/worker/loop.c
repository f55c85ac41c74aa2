/*
 * loop - consume, decode, decide, persist, publish.
 *
 * A batch is attempted whole. What is too much for it, or breaks it, halves it, until a record stands alone;
 * a record that cannot be stored even alone becomes a dead letter.
 */
#include "base/clock.h"
#include "base/fault_point.h"
#include "persist/migration.h"
#include "worker/worker.h"

enum {
    STAY_MS = 100,
    MEASURE_EVERY_MS = 500,
    END_ROW_BUSY_MS = 4000 /* so much later quiet partitions move beside busy ones */
};

void loop_tell_of_publishing(struct worker *worker)
{
    struct error error;
    if (publisher_thread_troubled(worker->publishing, &error))
        log_outage_failed(&worker->log, &worker->publishing_away, monotonic_ms(), "publishing",
                          error.text, "decide on, and try again");
    else
        log_outage_over(&worker->log, &worker->publishing_away, monotonic_ms(), "publishing");
}

bool loop_time_is_up(struct worker *worker)
{
    if (!worker_stopping)
        return false;
    if (worker->stop_by_ms == 0)
        worker->stop_by_ms = monotonic_ms() + worker->settings.transaction_timeout_ms;
    return monotonic_ms() >= worker->stop_by_ms;
}

void loop_stop(struct worker *worker)
{
    log_error(&worker->log, LOG_FACT("cannot go on"), LOG_TEXT("reason", worker->error.text),
              LOG_TEXT("next", "exit"));
    worker->exit_status = 1;
    worker_stopping = 1;
}

static bool decode(struct worker *worker, size_t first, size_t count)
{
    arena_reset(&worker->round->arena);
    for (size_t i = first; i < first + count; i++)
        if (!intake_decode(worker, &worker->round->entries[i]))
            return false;
    worker->round->decoded_mark = arena_mark(&worker->round->arena);
    FAULT_POINT(FAULT_DECODED);
    return true;
}

/* A record that others get in the way of even alone is sound: it is read and tried again. */
static enum attempt_result try_later(struct worker *worker)
{
    log_outage_failed(&worker->log, &worker->later, monotonic_ms(), "a record alone",
                      worker->error.text, "read it again");
    assignment_recover_soon(worker);
    return ATTEMPT_DROPPED;
}

/* A record that cannot be processed even alone: its own dead letter is all that is decided. */
static enum attempt_result bury_alone(struct worker *worker, size_t at)
{
    struct entry *entry = &worker->round->entries[at];
    arena_reset(&worker->round->arena);
    worker->round->decoded_mark = 0;
    entry->wakes = false;
    entry->reason = "CANNOT_BE_STORED";
    entry->sentence =
        "the record alone breaks the batch: too large, or a value that the database refuses";
    enum attempt_result result = attempt_range(worker, at, 1);
    if (result == ATTEMPT_HALVE)
        loop_stop(worker);
    /* Dropped without a recovery, the next batch would move G over it. */
    return result == ATTEMPT_CONTENDED ? try_later(worker) : result;
}

/* A programme that no file is known for may have been published a moment ago. */
static bool programme_unknown(const struct worker *worker, size_t first, size_t count)
{
    for (size_t i = first; i < first + count; i++)
        if (worker->round->entries[i].reason != NULL &&
            strcmp(worker->round->entries[i].reason, "UNKNOWN_PROGRAMME") == 0)
            return true;
    return false;
}

/* False when the arena is full, or files must be looked at and what is ahead borrows from them. */
static bool decode_all(struct worker *worker, size_t first, size_t count)
{
    if (!decode(worker, first, count))
        return false;
    if (!programme_unknown(worker, first, count))
        return true;
    if (worker->ahead != NULL)
        return false;
    programmes_refresh(worker);
    return decode(worker, first, count);
}

bool loop_settle(struct worker *worker, size_t first, size_t count, enum attempt_result result)
{
    if (result == ATTEMPT_DONE || result == ATTEMPT_DROPPED)
        return result == ATTEMPT_DONE;
    metric_add(worker->count.bisected, 1);
    if (count == 1)
        return (result == ATTEMPT_HALVE ? bury_alone(worker, first) : try_later(worker)) ==
               ATTEMPT_DONE;
    return loop_process(worker, first, count / 2) &&
           loop_process(worker, first + count / 2, count - count / 2);
}

bool loop_process(struct worker *worker, size_t first, size_t count)
{
    enum attempt_result result = ATTEMPT_HALVE;
    if (decode_all(worker, first, count))
        result = attempt_range(worker, first, count);
    return loop_settle(worker, first, count, result);
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
        loop_tell_of_publishing(worker);
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

/* Who recovers reads nothing, and is as far behind as before. */
static void measure_lag(struct worker *worker)
{
    int64_t lag = 0;
    if (worker->recovering)
        return;
    for (size_t i = 0; i < worker->assigned_count; i++) {
        int64_t behind = consumer_lag(worker->consumer, (uint32_t)i);
        lag += behind > 0 ? behind : 0;
    }
    metric_set(worker->count.lag, lag);
}

static void measure(struct worker *worker)
{
    measure_lag(worker);
    count_up_to(worker->count.rewound, consumer_rewound(worker->consumer));
    if (worker->cache == NULL)
        return;
    struct cache_counts cache = cache_counts(worker->cache);
    count_up_to(worker->count.cache_hits, cache.hits);
    count_up_to(worker->count.cache_misses, cache.misses);
    if (cache.errors > worker->cache_errors)
        log_outage_failed(&worker->log, &worker->redis_away, monotonic_ms(), "redis",
                          cache_error(worker->cache), "look up in postgres");
    else if (!cache.away)
        log_outage_over(&worker->log, &worker->redis_away, monotonic_ms(), "redis");
    worker->cache_errors = cache.errors;
}

void loop_tick(struct worker *worker)
{
    int64_t now_ms = monotonic_ms();
    http_tick(worker->http, now_ms);
    if (now_ms < worker->measure_at_ms)
        return;
    worker->measure_at_ms = now_ms + MEASURE_EVERY_MS;
    measure(worker);
}

void loop_close(struct worker *worker, bool done)
{
    const struct round *round = worker->round;
    if (done) {
        int64_t took_us = monotonic_us() - round->began_us;
        metric_add(worker->count.records, round->entry_count);
        metric_add(worker->count.batches, 1);
        metric_observe(worker->count.batch_us, took_us);
        log_debug(&worker->log, LOG_FACT("batch committed"),
                  LOG_NUMBER("records", round->entry_count), LOG_NUMBER("us", took_us));
    } else {
        ends_forget(worker);
    }
    intake_release(worker);
}

/* What was read is decided on what the batch ahead leaves, before that is committed; then its own commit begins. What
 * does not go that way goes the long one, when nothing is ahead. False when it, or what was ahead, was dropped. */
static bool process_batch(struct worker *worker)
{
    struct round *round = worker->round;
    size_t count = round->entry_count;
    round->began_us = monotonic_us();
    bool decided = decode_all(worker, 0, count) &&
                   deciding_run(worker, 0, count, false, false) == ALL_DECIDED;
    bool ahead = decided && worker->ahead != NULL;
    enum landing landing = round_land(worker);
    if (landing == LANDED && ahead)
        metric_add(worker->count.ahead, 1);
    if (landing == LAND_DROPPED) {
        intake_release(worker);
        return false;
    }
    if (decided && landing == LANDED && round_send(worker))
        return true;
    bool done = loop_process(worker, 0, count);
    loop_close(worker, done);
    return done;
}

/* Housekeeping between batches: newly published programme files, and the months ahead of decision
 * segments, so that a worker that runs for years never lacks one. False when the batch ahead was dropped. */
static bool look_around(struct worker *worker)
{
    int64_t now_ms = monotonic_ms();
    if (now_ms >= worker->look_at_ms) {
        worker->look_at_ms = now_ms + PROGRAMME_LOOK_MS;
        if (round_land(worker) == LAND_DROPPED)
            return false;
        programmes_refresh(worker);
    }
    if (now_ms < worker->partitions_at_ms || !database_usable(&worker->database))
        return true;
    worker->partitions_at_ms = now_ms + PARTITIONS_EVERY_MS;
    if (decision_partitions_create(&worker->database, realtime_us(), MONTHS_AHEAD,
                                   &worker->error) != OK)
        log_error(&worker->log, LOG_FACT("months of decision segments not created"),
                  LOG_TEXT("reason", worker->error.text),
                  LOG_TEXT("next", "try again tomorrow"));
    return true;
}

/* Whoever always has something to decide moves the positions of quiet partitions too, if later: for that the commit under
 * way is waited for. */
static bool ends_can_wait(const struct worker *worker)
{
    return monotonic_ms() - END_ROW_BUSY_MS < worker->end_row_at_ms;
}

static void turn(struct worker *worker)
{
    if (!look_around(worker) || !intake_collect(worker) || worker->recovering)
        return;
    if (worker->round->entry_count > 0 && (!process_batch(worker) || ends_can_wait(worker)))
        return;
    /* An error of the client, or the end, is told while the batch ahead may still be under way. */
    if (round_land(worker) != LAND_DROPPED && worker->source_count > 0 &&
        monotonic_ms() >= worker->end_row_at_ms)
        ends_settle(worker);
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
        loop_tick(worker);
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
    round_land(worker);
    ends_drain(worker);
}
