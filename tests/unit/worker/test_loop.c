/* The loop between its neighbours, which are played (played_loop.h): a batch is halved until what breaks it stands alone, and
 * whoever may not work stays in the group and does nothing. */
#include "played_loop.h"

#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>

#include <cmocka.h>

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
        struct worker *worker = loop_begin(&batches[i]);
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
    struct worker *worker = loop_begin(&hopeless);
    loop_run(worker);
    assert_int_equal(worker->exit_status, 1);
    assert_true(worker_stopping);
    told_was(hopeless.name, hopeless.told);
}

static const struct story one = {"one", ".", 8, "0 done"};

static void test_without_its_slot_it_polls_and_decides_nothing(void **state)
{
    (void)state;
    struct worker *worker = loop_begin(&one);
    slot_ours = false;
    loop_run(worker);
    assert_int_equal(turns, TURNS);
    told_was("no slot", "");
}

static void test_a_lost_membership_is_taken_anew_before_anything_is_decided(void **state)
{
    (void)state;
    struct worker *worker = loop_begin(&one);
    worker->rejoin = true;
    loop_run(worker);
    told_was("rejoin", "leave, join, 0 done");
}

static void test_what_is_not_recovered_is_not_decided(void **state)
{
    (void)state;
    struct worker *worker = loop_begin(&one);
    worker->recovering = true; /* nothing assigned yet */
    loop_run(worker);
    told_was("nothing assigned", "");
    worker = loop_begin(&one);
    worker->recovering = true;
    worker->source_count = 1;
    worker->recover_at_ms = INT64_MAX; /* tried a moment ago */
    loop_run(worker);
    told_was("not yet", "");
    worker = loop_begin(&one);
    worker->recovering = true;
    worker->source_count = 1;
    loop_run(worker);
    told_was("recovered", "recover, 0 done");
}

static void test_a_publisher_that_lost_the_positions_is_believed(void **state)
{
    (void)state;
    struct worker *worker = loop_begin(&one);
    worker->source_count = 1;
    publishing = PUBLISH_LOST;
    loop_run(worker);
    told_was("lost", "lost, leave, join, 0 done");
    worker = loop_begin(&one);
    worker->source_count = 1;
    publishing = PUBLISH_DISPUTED;
    loop_run(worker);
    told_was("disputed", "recover soon, recover, 0 done");
    worker = loop_begin(&one);
    worker->source_count = 1;
    publishing = PUBLISH_AGAIN;
    loop_run(worker);
    told_was("again", "0 done");
}

/* An alarm that is silent during an outage, and a drain that waits for 0, must not take a worker that reads nothing for
 * one that has read everything. */
static void test_lag_is_measured_without_batches_and_not_while_recovering(void **state)
{
    static const struct story nothing = {"nothing", "", 8, ""};
    (void)state;
    struct worker *worker = loop_begin(&nothing);
    worker->assigned_count = 2;
    loop_run(worker);
    assert_int_equal(metric_value(worker->count.lag), 2 * LAG);
    worker = loop_begin(&nothing);
    metric_set(worker->count.lag, 900);
    worker->recovering = true;
    loop_run(worker);
    assert_int_equal(metric_value(worker->count.lag), 900);
}

static void measure_again(struct worker *worker)
{
    worker->measure_at_ms = 0;
    loop_tick(worker);
}

/* It is asked once a second; between two questions nothing new is known. */
static void test_an_outage_of_redis_is_told_once(void **state)
{
    static char cache, text[4096];
    int ends[2];
    (void)state;
    struct worker *worker = loop_begin(&one);
    assert_int_equal(pipe(ends), 0);
    worker->count.cache_hits = metrics_counter(worker->metrics, "hits", "", NULL, 0);
    worker->count.cache_misses = metrics_counter(worker->metrics, "misses", "", NULL, 0);
    worker->log = log_new(LEVEL_INFO);
    worker->log.descriptor = ends[1];
    worker->cache = (struct cache *)&cache;
    for (int second = 1; second <= 20; second++) {
        redis = (struct cache_counts){.errors = (uint64_t)second, .away = true};
        measure_again(worker);
        measure_again(worker);
    }
    redis.away = false;
    measure_again(worker);
    measure_again(worker);
    worker->cache = NULL;
    close(ends[1]);
    ssize_t size = read(ends[0], text, sizeof text - 1);
    close(ends[0]);
    assert_true(size > 0);
    size_t lines = 0;
    for (const char *at = text; (at = strchr(at, '\n')) != NULL; at++)
        lines++;
    assert_int_equal(lines, 2);
    assert_non_null(strstr(strchr(text, '\n'), "fact=\"outage over\""));
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
        cmocka_unit_test(test_an_outage_of_redis_is_told_once),
        cmocka_unit_test(test_lag_is_measured_without_batches_and_not_while_recovering),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    played_end();
    return failed;
}
