#include "played_loop.h"

#include "persist/migration.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

const struct story *story;
const char *next_batch;
static size_t decoded;
static bool refreshed;
int turns;
bool slot_ours;
enum publish_result publishing;
struct cache_counts redis;

volatile sig_atomic_t worker_stopping;

static void tell(const char *word)
{
    told_add(", ", word);
}

/* What the round holds: the first batch is read in the first of the two. */
static const char *records_of(const struct worker *worker)
{
    return worker->round == &worker->rounds[0] ? story->records : next_batch;
}

static bool in_range(const struct worker *worker, char trait, size_t first, size_t count)
{
    return memchr(records_of(worker) + first, trait, count) != NULL;
}

static enum attempt_result result_of(const struct worker *worker, size_t first, size_t count)
{
    if (in_range(worker, 'd', first, count))
        return ATTEMPT_DROPPED;
    for (size_t i = first; i < first + count; i++) {
        char trait = records_of(worker)[i];
        bool buried = worker->round->entries[i].reason != NULL && tolower(trait) == 'x';
        if (tolower(trait) == 'x' && (!buried || trait == 'X'))
            return ATTEMPT_HALVE;
    }
    if (in_range(worker, 'c', first, count) ||
        (count > 1 && in_range(worker, 'l', first, count)))
        return ATTEMPT_CONTENDED;
    return ATTEMPT_DONE;
}

static void tell_range(const struct worker *worker, size_t first, size_t count,
                       const char *word)
{
    char text[64];
    bool second = worker->round != &worker->rounds[0];
    if (count == 1)
        snprintf(text, sizeof text, second ? "[%zu %s]" : "%zu %s", first, word);
    else
        snprintf(text, sizeof text, second ? "[%zu-%zu %s]" : "%zu-%zu %s", first,
                 first + count - 1, word);
    tell(text);
}

enum attempt_result attempt_range(struct worker *worker, size_t first, size_t count)
{
    static const char *const words[] = {[ATTEMPT_DONE] = "done",
                                        [ATTEMPT_HALVE] = "halve",
                                        [ATTEMPT_CONTENDED] = "contended",
                                        [ATTEMPT_DROPPED] = "dropped"};
    enum attempt_result result = result_of(worker, first, count);
    bool buried = result == ATTEMPT_DONE && worker->round->entries[first].reason != NULL;
    tell_range(worker, first, count, count == 1 && buried ? "buried" : words[result]);
    return result;
}

/* What is sent is told when it lands, as what became of it. */
enum attempt_result attempt_land(struct worker *worker)
{
    assert_int_equal(worker->round->attempt.number, 1);
    worker->round->attempt.number += in_range(worker, 's', 0, worker->round->entry_count);
    return attempt_range(worker, 0, worker->round->entry_count);
}

void attempt_end(struct worker *worker)
{
    tell_range(worker, 0, worker->round->entry_count, "ended");
}

/* Of what is decided first, only that it is on a batch ahead is told. */
enum decide_result deciding_run(struct worker *worker, size_t first, size_t count, bool locked,
                                bool tight)
{
    assert_false(locked || tight);
    if (worker->ahead != NULL)
        tell_range(worker, first, count, "ahead");
    return in_range(worker, 'm', first, count) ? DECIDE_HALVE : ALL_DECIDED;
}

bool saving_begin(struct worker *worker)
{
    assert_null(worker->ahead); /* commits never pass each other */
    return true;
}

enum commit_result saving_wait(struct worker *worker)
{
    tell_range(worker, 0, worker->round->entry_count, "forgotten");
    return COMMITTED;
}

bool lookups_load(struct worker *worker, bool locked)
{
    (void)worker;
    (void)locked;
    return false;
}

void lane_release(struct lane *lane)
{
    (void)lane;
}

/* The first batch, the next_batch, then nothing: what is ahead lands. A next batch without records is an error of the
 * client: nothing lands. */
bool intake_collect(struct worker *worker)
{
    worker_stopping = ++turns == TURNS;
    const char *read = turns == 1 ? story->records : turns == 2 ? next_batch : NULL;
    if (read == NULL)
        return round_land(worker) != LAND_DROPPED && turns < 2;
    worker->round->entry_count = strlen(read);
    memset(worker->round->entries, 0, RECORDS * sizeof *worker->round->entries);
    return true;
}

bool intake_decode(struct worker *worker, struct entry *entry)
{
    size_t at = (size_t)(entry - worker->round->entries);
    bool unknown = records_of(worker)[at] == 'u' && !refreshed;
    if (worker->round->arena.used == 0)
        decoded = 0;
    entry->reason = unknown ? "UNKNOWN_PROGRAMME" : NULL;
    return ++decoded <= story->room && arena_alloc(&worker->round->arena, 1) != NULL;
}

void intake_release(struct worker *worker)
{
    worker->round->entry_count = 0;
}

enum outcome programmes_refresh(struct worker *worker)
{
    (void)worker;
    refreshed = true;
    tell("look for programmes");
    return OK;
}

void ends_settle(struct worker *worker)
{
    assert_null(worker->ahead); /* commits never pass each other */
    assert_int_equal(worker->round->entry_count, 0);
    worker->end_row_at_ms = INT64_MAX;
    tell("settle ends");
}

void ends_drain(struct worker *worker)
{
    (void)worker;
}

void ends_forget(struct worker *worker)
{
    (void)worker;
    tell("forget ends");
}

void assignment_lost(struct worker *worker, const char *reason)
{
    (void)reason;
    worker->rejoin = true;
    publishing = PUBLISHED;
    tell("lost");
}

void assignment_recover_soon(struct worker *worker)
{
    worker->recovering = true;
    publishing = PUBLISHED;
    tell("recover soon");
}

void assignment_recover(struct worker *worker)
{
    worker->recovering = false;
    tell("recover");
}

bool slot_held(struct worker *worker)
{
    (void)worker;
    return slot_ours;
}

void http_tick(struct http *http, int64_t now_ms)
{
    (void)http;
    (void)now_ms;
}

enum publish_result publisher_thread_failure(struct publisher_thread *thread,
                                             struct error *error)
{
    (void)thread;
    (void)error;
    return publishing;
}

bool publisher_thread_troubled(struct publisher_thread *thread, struct error *error)
{
    (void)thread;
    (void)error;
    return false;
}

bool database_usable(const struct database *database)
{
    (void)database;
    return true;
}

enum outcome decision_partitions_create(struct database *database, instant_us now,
                                        int months_ahead, struct error *error)
{
    (void)database;
    (void)now;
    (void)months_ahead;
    (void)error;
    return OK;
}

void consumer_free(struct consumer *consumer)
{
    (void)consumer;
    tell("leave");
}

struct consumer *consumer_new(const struct consumer_settings *settings,
                              const struct consumer_callbacks *callbacks, struct error *error)
{
    static char membership;
    (void)settings;
    (void)callbacks;
    (void)error;
    tell("join");
    return (struct consumer *)&membership;
}

int64_t consumer_lag(const struct consumer *consumer, uint32_t source)
{
    (void)consumer;
    (void)source;
    return LAG;
}

uint64_t consumer_rewound(const struct consumer *consumer)
{
    (void)consumer;
    return 0;
}

struct cache_counts cache_counts(const struct cache *cache)
{
    (void)cache;
    return redis;
}

const char *cache_error(const struct cache *cache)
{
    (void)cache;
    return "";
}

struct worker *loop_begin(const struct story *told_story)
{
    static struct entry entries[ROUNDS][RECORDS];
    played_begin((struct worker){.entry_capacity = RECORDS,
                                 .look_at_ms = INT64_MAX,
                                 .partitions_at_ms = INT64_MAX,
                                 .end_row_at_ms = INT64_MAX});
    for (size_t i = 0; i < ROUNDS; i++)
        the_worker.rounds[i].entries = entries[i];
    struct metrics *metrics = the_worker.metrics;
    the_worker.count.records = metrics_counter(metrics, "records", "", NULL, 0);
    the_worker.count.batches = metrics_counter(metrics, "batches", "", NULL, 0);
    the_worker.count.ahead = metrics_counter(metrics, "ahead", "", NULL, 0);
    the_worker.count.bisected = metrics_counter(metrics, "bisected", "", NULL, 0);
    the_worker.count.rewound = metrics_counter(metrics, "rewound", "", NULL, 0);
    the_worker.count.lag = metrics_gauge(metrics, "lag", "", NULL, 0);
    the_worker.count.batch_us =
        metrics_histogram(metrics, "batch", "", &METRIC_DURATION_US, NULL, 0);
    story = told_story;
    next_batch = NULL;
    turns = 0;
    refreshed = false;
    slot_ours = true;
    publishing = PUBLISHED;
    redis = (struct cache_counts){0};
    worker_stopping = 0;
    return &the_worker;
}
