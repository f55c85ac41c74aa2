#include "fake_io.h"

#include "worker/publisher_thread.h"

#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { PATIENCE_MS = 20000 }; /* reached only by a test that fails */

/* The fake answers the thread, and lets a test hold it inside flush. */
struct bench {
    struct fake fake;
    struct io io;
    struct publisher publisher;
    struct source sources[FAKE_PARTITIONS];
    struct publisher_thread *thread;
    enum io_result (*fake_flush)(void *, int64_t, struct error *);
    pthread_mutex_t gate; /* held by a test: flush waits */
    int64_t pushed;
};

static struct bench *the_bench;

static enum io_result flush_at_gate(void *context, int64_t deadline_ms, struct error *error)
{
    pthread_mutex_lock(&the_bench->gate);
    enum io_result result = the_bench->fake_flush(context, deadline_ms, error);
    pthread_mutex_unlock(&the_bench->gate);
    return result;
}

static int bench_new(void **state)
{
    struct bench *bench = calloc(1, sizeof *bench);
    struct error error;
    *state = the_bench = bench;
    pthread_mutex_init(&bench->gate, NULL);
    bench->io = fake_io(&bench->fake);
    bench->fake_flush = bench->io.flush;
    bench->io.flush = flush_at_gate;
    bench->pushed = 10;
    publisher_init(&bench->publisher, &bench->io, &fake_settings);
    for (int p = 0; p < FAKE_PARTITIONS; p++) {
        fake_position(&bench->fake, p, 10, 10, 10);
        bench->sources[p].at.partition = p;
    }
    bench->thread = publisher_thread_new(&bench->publisher);
    if (bench->thread == NULL ||
        recover_assignment(&bench->publisher, bench->sources, FAKE_PARTITIONS, 10000, &error) !=
            RECOVERED)
        return -1;
    publisher_thread_resume(bench->thread);
    return 0;
}

static int bench_free(void **state)
{
    struct bench *bench = *state;
    publisher_thread_free(bench->thread);
    pthread_mutex_destroy(&bench->gate);
    free(bench);
    return 0;
}

static enum push_result push(struct bench *bench, int64_t timeout_ms)
{
    char payload[] = "frames";
    struct outbox_row row = {.source = 0,
                             .from_offset = bench->pushed,
                             .next_offset = bench->pushed + 1,
                             .record_count = 1,
                             .payload = {payload, sizeof payload}};
    enum push_result result = publisher_thread_push(bench->thread, &row, 1, timeout_ms);
    memset(payload, 0, sizeof payload); /* the thread has its own copy */
    bench->pushed += result == PUSHED;
    return result;
}

static void test_what_is_pushed_is_published(void **state)
{
    struct bench *bench = *state;
    for (int i = 0; i < 100; i++)
        assert_int_equal(push(bench, PATIENCE_MS), PUSHED);
    assert_true(publisher_thread_drain(bench->thread, PATIENCE_MS));
    assert_true(publisher_thread_drain(bench->thread, 0));
    publisher_thread_pause(bench->thread);
    assert_int_equal(bench->fake.visible, 100);
    assert_int_equal(bench->fake.positions[0].committed, 110);
}

static void test_the_queue_is_bounded(void **state)
{
    struct bench *bench = *state;
    pthread_mutex_lock(&bench->gate);
    for (int i = 0; i < PUBLISHER_QUEUE_BOUND; i++)
        assert_int_equal(push(bench, PATIENCE_MS), PUSHED);
    assert_int_equal(push(bench, 1), PUSH_FULL);
    assert_false(publisher_thread_drain(bench->thread, 1));
    assert_false(publisher_thread_drain(bench->thread, 0));
    pthread_mutex_unlock(&bench->gate);
    assert_int_equal(push(bench, PATIENCE_MS), PUSHED);
    assert_true(publisher_thread_drain(bench->thread, PATIENCE_MS));
}

static void test_waiting_batches_share_a_transaction(void **state)
{
    struct bench *bench = *state;
    pthread_mutex_lock(&bench->gate);
    for (int i = 0; i < PUBLISHER_QUEUE_BOUND; i++)
        assert_int_equal(push(bench, PATIENCE_MS), PUSHED);
    pthread_mutex_unlock(&bench->gate);
    assert_true(publisher_thread_drain(bench->thread, PATIENCE_MS));
    publisher_thread_pause(bench->thread);
    int transactions = 0;
    for (const char *call = bench->fake.calls; *call != '\0'; call++)
        transactions += *call == 'b';
    assert_true(transactions <= 2);
    assert_int_equal(bench->fake.visible, PUBLISHER_QUEUE_BOUND);
}

static void test_a_loss_is_told_and_nothing_more_taken(void **state)
{
    struct bench *bench = *state;
    struct error error;
    publisher_thread_pause(bench->thread);
    bench->fake.failing = 'o';
    bench->fake.failure = IO_LOST;
    bench->fake.failures = 1;
    publisher_thread_resume(bench->thread);
    assert_int_equal(publisher_thread_failure(bench->thread, &error), PUBLISHED);
    assert_int_equal(push(bench, PATIENCE_MS), PUSHED);
    assert_false(publisher_thread_drain(bench->thread, PATIENCE_MS));
    assert_int_equal(publisher_thread_failure(bench->thread, &error), PUBLISH_LOST);
    assert_int_equal(push(bench, PATIENCE_MS), PUSH_FAILED);
}

static void test_a_failure_is_tried_again(void **state)
{
    struct bench *bench = *state;
    publisher_thread_pause(bench->thread);
    bench->fake.failing = 'f';
    bench->fake.failure = IO_AGAIN;
    bench->fake.failures = 2;
    publisher_thread_resume(bench->thread);
    assert_int_equal(push(bench, PATIENCE_MS), PUSHED);
    assert_true(publisher_thread_drain(bench->thread, PATIENCE_MS));
    publisher_thread_pause(bench->thread);
    assert_int_equal(bench->fake.visible, 1);
}

static void test_a_failure_that_lasts_is_told_until_it_is_over(void **state)
{
    struct bench *bench = *state;
    struct error error = {""};
    publisher_thread_pause(bench->thread);
    bench->fake.failing = 'f';
    bench->fake.failure = IO_AGAIN;
    bench->fake.failures = INT32_MAX;
    publisher_thread_resume(bench->thread);
    assert_false(publisher_thread_troubled(bench->thread, &error));
    assert_int_equal(push(bench, PATIENCE_MS), PUSHED);
    while (!publisher_thread_troubled(bench->thread, &error))
        sched_yield();
    publisher_thread_pause(bench->thread);
    bench->fake.failures = 0;
    publisher_thread_resume(bench->thread);
    assert_false(publisher_thread_troubled(bench->thread, &error));
}

static void test_pausing_drops_what_waits(void **state)
{
    struct bench *bench = *state;
    publisher_thread_pause(bench->thread);
    assert_int_equal(push(bench, 1), PUSH_FAILED);
    assert_true(publisher_thread_drain(bench->thread, 0));
    publisher_thread_pause(bench->thread);
    publisher_thread_resume(bench->thread);
    assert_int_equal(push(bench, PATIENCE_MS), PUSHED);
    assert_true(publisher_thread_drain(bench->thread, PATIENCE_MS));
}

static void test_what_was_seen_published_is_told(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(publisher_thread_published_next(bench->thread, 0), 10);
    assert_int_equal(push(bench, PATIENCE_MS), PUSHED);
    assert_true(publisher_thread_drain(bench->thread, PATIENCE_MS));
    /* The first look comes with the transaction, because none was taken before. */
    assert_int_equal(publisher_thread_published_next(bench->thread, 0), 11);
    assert_int_equal(publisher_thread_published_next(bench->thread, 1), 10);
}

#define BENCH(test) cmocka_unit_test_setup_teardown(test, bench_new, bench_free)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BENCH(test_what_is_pushed_is_published),
        BENCH(test_the_queue_is_bounded),
        BENCH(test_waiting_batches_share_a_transaction),
        BENCH(test_a_loss_is_told_and_nothing_more_taken),
        BENCH(test_a_failure_is_tried_again),
        BENCH(test_a_failure_that_lasts_is_told_until_it_is_over),
        BENCH(test_pausing_drops_what_waits),
        BENCH(test_what_was_seen_published_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
