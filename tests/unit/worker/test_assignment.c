/* An assignment between its neighbours, which are played here with the clock: how long a worker that loses its membership
 * waits before it takes it again. */
#include "played.h"

#include "base/clock.h"
#include "worker/recover.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { SHORTEST_MS = 250, LONGEST_MS = 10000, LOSSES = 12 };

static int64_t clock_us;
static enum recover_result recovered;

volatile sig_atomic_t worker_stopping;

int64_t monotonic_us(void)
{
    return clock_us;
}

int64_t monotonic_ms(void)
{
    return clock_us / 1000;
}

int64_t realtime_us(void)
{
    return 0;
}

enum recover_result recover_assignment(struct publisher *publisher, struct source *sources,
                                       size_t count, int64_t deadline_ms, struct error *error)
{
    (void)publisher;
    (void)sources;
    (void)count;
    (void)deadline_ms;
    (void)error;
    return recovered;
}

void publisher_unassign(struct publisher *publisher)
{
    (void)publisher;
}

void publisher_thread_pause(struct publisher_thread *thread)
{
    (void)thread;
}

void publisher_thread_resume(struct publisher_thread *thread)
{
    (void)thread;
}

bool publisher_thread_drain(struct publisher_thread *thread, int64_t timeout_ms)
{
    (void)thread;
    (void)timeout_ms;
    return true;
}

enum outcome consumer_assign(struct consumer *consumer, const struct position *positions,
                             size_t count, struct error *error)
{
    (void)consumer;
    (void)positions;
    (void)count;
    (void)error;
    return OK;
}

enum outcome consumer_unassign(struct consumer *consumer, struct error *error)
{
    (void)consumer;
    (void)error;
    return OK;
}

enum outcome database_ensure(struct database *database, struct error *error)
{
    (void)database;
    (void)error;
    return OK;
}

enum outcome programmes_refresh(struct worker *worker)
{
    (void)worker;
    return OK;
}

void round_end(struct worker *worker)
{
    (void)worker;
}

void round_forget(struct worker *worker)
{
    (void)worker;
}

static void begin(void)
{
    static const struct service service = {.name = "application"};
    static struct source sources[1];
    static struct partition partitions[1];
    played_begin(
        (struct worker){.service = &service, .sources = sources, .partitions = partitions});
    clock_us = 1000000;
    recovered = RECOVERED;
}

/* Partitions are given; what comes of them is `recovered`. */
static void join(void)
{
    static const struct topic_partition given = {.topic = "application.submitted"};
    the_worker.rejoin = false;
    assignment_on_assigned(&the_worker, &given, 1);
}

/* Loses the membership; how long it is not taken again. */
static int64_t lose(void)
{
    assignment_lost(&the_worker, "fenced");
    assert_true(the_worker.rejoin);
    assert_int_equal(the_worker.source_count, 0);
    return the_worker.consumer_settings.join_at_ms - monotonic_ms();
}

static void test_who_loses_once_joins_at_once(void **state)
{
    (void)state;
    begin();
    join();
    assert_false(the_worker.recovering);
    assert_int_equal(lose(), 0);
}

static void test_who_loses_again_and_again_waits_longer_up_to_a_bound(void **state)
{
    (void)state;
    begin();
    recovered = RECOVER_LOST;
    int64_t longest_ms = SHORTEST_MS;
    for (int i = 0; i < LOSSES; i++) {
        clock_us += 777;
        join();
        int64_t wait_ms = the_worker.consumer_settings.join_at_ms - monotonic_ms();
        assert_true(the_worker.rejoin);
        if (i == 0) {
            assert_int_equal(wait_ms, 0);
            continue;
        }
        longest_ms = longest_ms * 2 > LONGEST_MS ? LONGEST_MS : longest_ms * 2;
        assert_in_range(wait_ms, longest_ms / 2, longest_ms);
        clock_us += wait_ms * 1000;
    }
    assert_int_equal(longest_ms, LONGEST_MS);
}

static void test_a_membership_that_was_good_for_a_while_forgives(void **state)
{
    (void)state;
    begin();
    for (int i = 0; i < LOSSES; i++)
        lose();
    assert_in_range(lose(), LONGEST_MS / 2, LONGEST_MS);
    join();
    clock_us += (LONGEST_MS - 1) * 1000;
    assert_in_range(lose(), LONGEST_MS / 2, LONGEST_MS);
    join();
    clock_us += LONGEST_MS / 2 * 1000;
    assignment_recover(&the_worker); /* of the same membership: its time goes on */
    clock_us += LONGEST_MS / 2 * 1000;
    assert_int_equal(lose(), 0);
    assert_in_range(lose(), SHORTEST_MS, 2 * SHORTEST_MS);
}

static void test_no_two_wait_in_step(void **state)
{
    (void)state;
    int64_t least_ms = INT64_MAX, most_ms = 0;
    for (int i = 0; i < 100; i++) {
        begin();
        clock_us += i * 7919;
        the_worker.losses = LOSSES;
        int64_t wait_ms = lose();
        least_ms = wait_ms < least_ms ? wait_ms : least_ms;
        most_ms = wait_ms > most_ms ? wait_ms : most_ms;
    }
    assert_in_range(least_ms, LONGEST_MS / 2, LONGEST_MS * 6 / 10);
    assert_in_range(most_ms, LONGEST_MS * 9 / 10, LONGEST_MS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_who_loses_once_joins_at_once),
        cmocka_unit_test(test_who_loses_again_and_again_waits_longer_up_to_a_bound),
        cmocka_unit_test(test_a_membership_that_was_good_for_a_while_forgives),
        cmocka_unit_test(test_no_two_wait_in_step),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    played_end();
    return failed;
}
