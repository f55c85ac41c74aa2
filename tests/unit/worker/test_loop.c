/* The loop between its neighbours, which are played here: a batch is halved until what breaks it stands alone, and whoever
 * may not work stays in the group and does nothing. */
#include "played.h"

#include "persist/migration.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { RECORDS = 8, TURNS = 3 };

/* A record's letter:
 *   .  sound          x  breaks the statement, not as a dead letter     X  breaks it as a dead letter too
 *   c  contended      l  contended unless it stands alone               d  PostgreSQL goes away with it
 *   u  its programme is unknown until the files are looked at again */
struct story {
    const char *name;
    const char *records;
    size_t room;      /* so many can be decoded at once */
    const char *told; /* ranges as they were attempted: "0-3 halve", "1 done", "1 buried" */
};

static const struct story *story;
static size_t decoded;
static bool refreshed;
static int turns;
static bool slot_ours;
static enum publish_result publishing;

volatile sig_atomic_t worker_stopping;

static void tell(const char *word)
{
    told_add(", ", word);
}

static bool in_range(char trait, size_t first, size_t count)
{
    return memchr(story->records + first, trait, count) != NULL;
}

static enum attempt_result result_of(const struct worker *worker, size_t first, size_t count)
{
    if (in_range('d', first, count))
        return ATTEMPT_DROPPED;
    for (size_t i = first; i < first + count; i++) {
        char trait = story->records[i];
        bool buried = worker->entries[i].reason != NULL && tolower(trait) == 'x';
        if (tolower(trait) == 'x' && (!buried || trait == 'X'))
            return ATTEMPT_HALVE;
    }
    if (in_range('c', first, count) || (count > 1 && in_range('l', first, count)))
        return ATTEMPT_CONTENDED;
    return ATTEMPT_DONE;
}

enum attempt_result attempt_range(struct worker *worker, size_t first, size_t count)
{
    static const char *const words[] = {[ATTEMPT_DONE] = "done",
                                        [ATTEMPT_HALVE] = "halve",
                                        [ATTEMPT_CONTENDED] = "contended",
                                        [ATTEMPT_DROPPED] = "dropped"};
    char text[64];
    enum attempt_result result = result_of(worker, first, count);
    bool buried = result == ATTEMPT_DONE && worker->entries[first].reason != NULL;
    if (count == 1)
        snprintf(text, sizeof text, "%zu %s", first, buried ? "buried" : words[result]);
    else
        snprintf(text, sizeof text, "%zu-%zu %s", first, first + count - 1, words[result]);
    tell(text);
    return result;
}

bool intake_collect(struct worker *worker)
{
    worker_stopping = ++turns == TURNS;
    if (turns > 1)
        return false;
    worker->entry_count = strlen(story->records);
    memset(worker->entries, 0, RECORDS * sizeof *worker->entries);
    return true;
}

bool intake_decode(struct worker *worker, struct entry *entry)
{
    size_t at = (size_t)(entry - worker->entries);
    bool unknown = story->records[at] == 'u' && !refreshed;
    if (worker->arena.used == 0)
        decoded = 0;
    entry->reason = unknown ? "UNKNOWN_PROGRAMME" : NULL;
    return ++decoded <= story->room && arena_alloc(&worker->arena, 1) != NULL;
}

void intake_release(struct worker *worker)
{
    worker->entry_count = 0;
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
    (void)worker;
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
    return 0;
}

uint64_t consumer_rewound(const struct consumer *consumer)
{
    (void)consumer;
    return 0;
}

struct cache_counts cache_counts(const struct cache *cache)
{
    (void)cache;
    return (struct cache_counts){0};
}

const char *cache_error(const struct cache *cache)
{
    (void)cache;
    return "";
}

static struct worker *begin(const struct story *next)
{
    static struct entry entries[RECORDS];
    played_begin((struct worker){.entries = entries,
                                 .entry_capacity = RECORDS,
                                 .look_at_ms = INT64_MAX,
                                 .partitions_at_ms = INT64_MAX,
                                 .end_row_at_ms = INT64_MAX});
    struct metrics *metrics = the_worker.metrics;
    the_worker.count.records = metrics_counter(metrics, "records", "", NULL, 0);
    the_worker.count.batches = metrics_counter(metrics, "batches", "", NULL, 0);
    the_worker.count.bisected = metrics_counter(metrics, "bisected", "", NULL, 0);
    the_worker.count.rewound = metrics_counter(metrics, "rewound", "", NULL, 0);
    the_worker.count.lag = metrics_gauge(metrics, "lag", "", NULL, 0);
    the_worker.count.batch_us =
        metrics_histogram(metrics, "batch", "", &METRIC_DURATION_US, NULL, 0);
    story = next;
    turns = 0;
    refreshed = false;
    slot_ours = true;
    publishing = PUBLISHED;
    worker_stopping = 0;
    return &the_worker;
}

static const struct story batches[] = {
    {"all are sound", "........", 8, "0-7 done"},
    {"one breaks the statement", "..x.....", 8,
     "0-7 halve, 0-3 halve, 0-1 done, 2-3 halve, 2 halve, 2 buried, 3 done, 4-7 done"},
    {"the first of an odd number does", "x....", 8,
     "0-4 halve, 0-1 halve, 0 halve, 0 buried, 1 done, 2-4 done"},
    {"the last one does", "...x", 8,
     "0-3 halve, 0-1 done, 2-3 halve, 2 done, 3 halve, 3 buried"},
    {"two do", "x..x", 8,
     "0-3 halve, 0-1 halve, 0 halve, 0 buried, 1 done, 2-3 halve, 2 done, 3 halve, 3 buried"},
    {"others get in the way of a range", ".l..", 8,
     "0-3 contended, 0-1 contended, 0 done, 1 done, 2-3 done"},
    {"they get in the way of a record alone: nothing behind it is decided", "..c.....", 8,
     "0-7 contended, 0-3 contended, 0-1 done, 2-3 contended, 2 contended, recover soon, forget "
     "ends"},
    {"PostgreSQL goes away: nothing is halved", "..d.", 8, "0-3 dropped, forget ends"},
    {"more than the arena holds is not attempted", "......", 3, "0-2 done, 3-5 done"},
    {"a record that the arena does not hold alone", ".", 0, "0 buried"},
    {"a programme that was published a moment ago", "..u.", 8, "look for programmes, 0-3 done"},
};

static void test_what_becomes_of_a_batch(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof batches / sizeof *batches; i++) {
        struct worker *worker = begin(&batches[i]);
        loop_run(worker);
        bool dropped = strstr(batches[i].told, "forget ends") != NULL;
        assert_int_equal(metric_value(worker->count.batches), dropped ? 0 : 1);
        assert_int_equal(metric_value(worker->count.records),
                         dropped ? 0 : strlen(batches[i].records));
        assert_int_equal(worker->exit_status, 0);
        told_was(batches[i].name, batches[i].told);
    }
}

static void test_what_cannot_even_be_buried_ends_the_worker(void **state)
{
    (void)state;
    static const struct story hopeless = {"hopeless", "X", 8, "0 halve, 0 halve, forget ends"};
    struct worker *worker = begin(&hopeless);
    loop_run(worker);
    assert_int_equal(worker->exit_status, 1);
    assert_true(worker_stopping);
    told_was(hopeless.name, hopeless.told);
}

static const struct story one = {"one", ".", 8, "0 done"};

static void test_without_its_slot_it_polls_and_decides_nothing(void **state)
{
    (void)state;
    struct worker *worker = begin(&one);
    slot_ours = false;
    loop_run(worker);
    assert_int_equal(turns, TURNS);
    told_was("no slot", "");
}

static void test_a_lost_membership_is_taken_anew_before_anything_is_decided(void **state)
{
    (void)state;
    struct worker *worker = begin(&one);
    worker->rejoin = true;
    loop_run(worker);
    told_was("rejoin", "leave, join, 0 done");
}

static void test_what_is_not_recovered_is_not_decided(void **state)
{
    (void)state;
    struct worker *worker = begin(&one);
    worker->recovering = true; /* nothing assigned yet */
    loop_run(worker);
    told_was("nothing assigned", "");
    worker = begin(&one);
    worker->recovering = true;
    worker->source_count = 1;
    worker->recover_at_ms = INT64_MAX; /* tried a moment ago */
    loop_run(worker);
    told_was("not yet", "");
    worker = begin(&one);
    worker->recovering = true;
    worker->source_count = 1;
    loop_run(worker);
    told_was("recovered", "recover, 0 done");
}

static void test_a_publisher_that_lost_the_positions_is_believed(void **state)
{
    (void)state;
    struct worker *worker = begin(&one);
    worker->source_count = 1;
    publishing = PUBLISH_LOST;
    loop_run(worker);
    told_was("lost", "lost, leave, join, 0 done");
    worker = begin(&one);
    worker->source_count = 1;
    publishing = PUBLISH_DISPUTED;
    loop_run(worker);
    told_was("disputed", "recover soon, recover, 0 done");
    worker = begin(&one);
    worker->source_count = 1;
    publishing = PUBLISH_AGAIN;
    loop_run(worker);
    told_was("again", "0 done");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_becomes_of_a_batch),
        cmocka_unit_test(test_what_cannot_even_be_buried_ends_the_worker),
        cmocka_unit_test(test_without_its_slot_it_polls_and_decides_nothing),
        cmocka_unit_test(test_a_lost_membership_is_taken_anew_before_anything_is_decided),
        cmocka_unit_test(test_what_is_not_recovered_is_not_decided),
        cmocka_unit_test(test_a_publisher_that_lost_the_positions_is_believed),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    played_end();
    return failed;
}
