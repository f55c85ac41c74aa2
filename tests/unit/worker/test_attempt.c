/* A range of a batch between its neighbours, which are played here: who decides, who commits, who publishes. */
#include "played.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { STEPS = 4, RECORDS = 3, SOURCES = 3 };

/* One try: what deciding and the commit come to. The last one goes on for ever. */
struct
try {
    enum decide_result decided;
    enum commit_result committed;
};

struct story {
    const char *name;
    struct try tries[STEPS];
    size_t try_count;
    enum attempt_result result;
    const char *told; /* each try as it was decided, and what was done beside it */
};

static const struct story *story;
static size_t tried;

static void tell(const char *word)
{
    told_add(" ", word);
}

static const struct try *try_now(void)
{
    size_t last = story->try_count - 1;
    return &story->tries[tried - 1 < last ? tried - 1 : last];
}

enum decide_result deciding_run(struct worker *worker, size_t first, size_t count, bool locked,
                                bool tight)
{
    (void)worker;
    assert_int_equal(first, 0);
    assert_int_equal(count, RECORDS);
    tried++;
    tell(locked && tight ? "LOCKED+TIGHT" : locked ? "LOCKED" : tight ? "TIGHT" : "DECIDE");
    return try_now()->decided;
}

bool saving_begin(struct worker *worker)
{
    (void)worker;
    return true;
}

enum commit_result saving_wait(struct worker *worker)
{
    (void)worker;
    return try_now()->committed;
}

void database_rollback(struct database *database)
{
    (void)database;
}

void lookups_forget_read(struct worker *worker)
{
    (void)worker;
    tell("forget");
}

void lookups_forget_changed(struct worker *worker)
{
    (void)worker;
    tell("advance");
}

void assignment_lost(struct worker *worker, const char *reason)
{
    (void)reason;
    worker->assignment++;
    tell("lost");
}

void assignment_recover_soon(struct worker *worker)
{
    worker->assignment++;
    tell("recover");
}

void loop_stop(struct worker *worker)
{
    (void)worker;
    tell("stop");
}

/* The publisher, whose queue is full for so many pushes. */
static struct outbox_row pushed[PARTITION_BOUND];
static size_t pushed_count;
static int full_pushes;
static enum push_result push_ends = PUSHED;
static bool paused, time_is_up;
static enum consumed poll_says;

enum push_result publisher_thread_push(struct publisher_thread *thread,
                                       const struct outbox_row *rows, size_t count,
                                       int64_t timeout_ms)
{
    (void)thread;
    (void)timeout_ms;
    if (full_pushes > 0) {
        full_pushes--;
        return PUSH_FULL;
    }
    memcpy(pushed, rows, count * sizeof *rows);
    pushed_count = count;
    return push_ends;
}

bool consumer_paused(const struct consumer *consumer)
{
    (void)consumer;
    return paused;
}

enum outcome consumer_pause(struct consumer *consumer, struct error *error)
{
    (void)consumer;
    (void)error;
    paused = true;
    tell("pause");
    return OK;
}

enum outcome consumer_resume(struct consumer *consumer, struct error *error)
{
    (void)consumer;
    (void)error;
    paused = false;
    tell("resume");
    return OK;
}

enum consumed consumer_poll(struct consumer *consumer, int timeout_ms, struct record *record,
                            struct error *error)
{
    (void)consumer;
    (void)timeout_ms;
    (void)record;
    (void)error;
    tell("poll");
    return poll_says;
}

void loop_tick(struct worker *worker)
{
    (void)worker;
}

void loop_tell_of_publishing(struct worker *worker)
{
    (void)worker;
}

bool loop_time_is_up(struct worker *worker)
{
    (void)worker;
    return time_is_up;
}

static struct worker *begin(void)
{
    static struct lane lanes[SOURCES];
    static struct source sources[SOURCES];
    memset(lanes, 0, sizeof lanes);
    memset(sources, 0, sizeof sources);
    played_begin((struct worker){.sources = sources, .source_count = SOURCES});
    the_worker.round->lanes = lanes;
    the_worker.count.stale = metrics_counter(the_worker.metrics, "stale", "", NULL, 0);
    the_worker.count.tight = metrics_counter(the_worker.metrics, "tight", "", NULL, 0);
    tried = pushed_count = 0;
    full_pushes = 0;
    paused = time_is_up = false;
    poll_says = CONSUMED_NOTHING;
    push_ends = PUSHED;
    return &the_worker;
}

static const struct story stories[] = {
    {"decided and committed", {{ALL_DECIDED, COMMITTED}}, 1, ATTEMPT_DONE, "DECIDE advance"},
    {"one fact had changed",
     {{ALL_DECIDED, COMMIT_STALE}, {ALL_DECIDED, COMMITTED}},
     2,
     ATTEMPT_DONE,
     "DECIDE forget DECIDE advance"},
    {"a row that was read had changed",
     {{ALL_DECIDED, COMMIT_READ_CHANGED}, {ALL_DECIDED, COMMITTED}},
     2,
     ATTEMPT_DONE,
     "DECIDE forget DECIDE advance"},
    {"stale twice: the third try locks what it reads",
     {{ALL_DECIDED, COMMIT_STALE}, {ALL_DECIDED, COMMIT_STALE}, {ALL_DECIDED, COMMITTED}},
     3,
     ATTEMPT_DONE,
     "DECIDE forget DECIDE forget LOCKED advance"},
    {"stale for ever: four tries",
     {{ALL_DECIDED, COMMIT_STALE}},
     1,
     ATTEMPT_CONTENDED,
     "DECIDE forget DECIDE forget LOCKED forget LOCKED forget"},
    {"a limit was short: from then on against what is left",
     {{ALL_DECIDED, COMMIT_LIMIT_SHORT}, {ALL_DECIDED, COMMITTED}},
     2,
     ATTEMPT_DONE,
     "DECIDE TIGHT advance"},
    {"a limit was short, then a fact stale: tight and locked",
     {{ALL_DECIDED, COMMIT_LIMIT_SHORT}, {ALL_DECIDED, COMMIT_STALE}, {ALL_DECIDED, COMMITTED}},
     3,
     ATTEMPT_DONE,
     "DECIDE TIGHT forget LOCKED+TIGHT advance"},
    {"a limit short for ever: four tries",
     {{ALL_DECIDED, COMMIT_LIMIT_SHORT}},
     1,
     ATTEMPT_CONTENDED,
     "DECIDE TIGHT LOCKED+TIGHT LOCKED+TIGHT"},
    {"a record breaks the statement",
     {{ALL_DECIDED, COMMIT_BROKEN_RECORD}},
     1,
     ATTEMPT_HALVE,
     "DECIDE"},
    {"the position is another's",
     {{ALL_DECIDED, COMMIT_POSITION_LOST}},
     1,
     ATTEMPT_DROPPED,
     "DECIDE lost"},
    {"nobody knows whether it was committed: not repeated",
     {{ALL_DECIDED, COMMIT_UNKNOWN}},
     1,
     ATTEMPT_DROPPED,
     "DECIDE recover"},
    {"PostgreSQL is away",
     {{ALL_DECIDED, COMMIT_RETRY_LATER}},
     1,
     ATTEMPT_DROPPED,
     "DECIDE recover"},
    {"we are at fault", {{ALL_DECIDED, COMMIT_FATAL}}, 1, ATTEMPT_DROPPED, "DECIDE stop"},
    {"too much for the arena", {{DECIDE_HALVE, COMMITTED}}, 1, ATTEMPT_HALVE, "DECIDE"},
    {"facts could not be read",
     {{DECIDE_LATER, COMMITTED}},
     1,
     ATTEMPT_DROPPED,
     "DECIDE recover"},
    {"a key is missing", {{DECIDE_STOP, COMMITTED}}, 1, ATTEMPT_DROPPED, "DECIDE stop"},
    {"stale, then too much with what was read since",
     {{ALL_DECIDED, COMMIT_STALE}, {DECIDE_HALVE, COMMITTED}},
     2,
     ATTEMPT_HALVE,
     "DECIDE forget DECIDE"},
};

static void test_what_becomes_of_a_range(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof stories / sizeof *stories; i++) {
        struct worker *worker = begin();
        story = &stories[i];
        enum attempt_result result = attempt_range(worker, 0, RECORDS);
        if (result != story->result)
            fail_msg("%s: %d, expected %d", story->name, (int)result, (int)story->result);
        told_was(story->name, story->told);
    }
}

/* What was touched and moved is published; what was not, is not. */
static struct worker *begin_committed(void)
{
    static const struct story committed = {"", {{ALL_DECIDED, COMMITTED}}, 1, ATTEMPT_DONE, ""};
    struct worker *worker = begin();
    story = &committed;
    for (size_t i = 0; i < SOURCES; i++)
        worker->sources[i].next_offset = 100;
    worker->round->lanes[0] =
        (struct lane){.touched = true, .next_offset = 107, .output_count = 2};
    worker->round->lanes[1] =
        (struct lane){.touched = true, .next_offset = 100}; /* only W moved */
    worker->round->lanes[2] = (struct lane){.touched = false, .next_offset = 140};
    return worker;
}

static void test_positions_move_as_far_as_was_decided(void **state)
{
    (void)state;
    struct worker *worker = begin_committed();
    assert_int_equal(attempt_range(worker, 0, RECORDS), ATTEMPT_DONE);
    assert_int_equal(pushed_count, 1);
    assert_int_equal(pushed[0].source, 0);
    assert_int_equal(pushed[0].from_offset, 100);
    assert_int_equal(pushed[0].next_offset, 107);
    assert_int_equal(pushed[0].record_count, 2);
    assert_int_equal(worker->sources[0].next_offset, 107);
    assert_int_equal(worker->sources[1].next_offset, 100);
    assert_int_equal(worker->sources[2].next_offset, 100);
}

static void test_a_full_queue_is_waited_for_without_reading(void **state)
{
    (void)state;
    struct worker *worker = begin_committed();
    full_pushes = 3;
    assert_int_equal(attempt_range(worker, 0, RECORDS), ATTEMPT_DONE);
    told_was("full", "DECIDE advance pause poll poll poll resume");
    assert_int_equal(pushed_count, 1);
}

static void test_who_loses_the_partitions_while_waiting_pushes_nothing(void **state)
{
    (void)state;
    struct worker *worker = begin_committed();
    full_pushes = 3;
    poll_says = CONSUMED_LOST;
    assert_int_equal(attempt_range(worker, 0, RECORDS), ATTEMPT_DROPPED);
    told_was("lost", "DECIDE advance pause poll lost resume");
    assert_int_equal(pushed_count, 0);
    assert_int_equal(worker->sources[0].next_offset, 107); /* it is committed all the same */
}

static void test_who_is_asked_to_end_waits_until_the_time_is_up(void **state)
{
    (void)state;
    struct worker *worker = begin_committed();
    full_pushes = 3;
    time_is_up = true;
    assert_int_equal(attempt_range(worker, 0, RECORDS), ATTEMPT_DROPPED);
    told_was("ended", "DECIDE advance pause poll recover resume");
}

static void test_a_publisher_that_gave_up_drops_the_batch(void **state)
{
    (void)state;
    struct worker *worker = begin_committed();
    push_ends = PUSH_FAILED;
    assert_int_equal(attempt_range(worker, 0, RECORDS), ATTEMPT_DROPPED);
}

static void test_ends_are_tried_once(void **state)
{
    (void)state;
    static const struct story stale = {
        "", {{ALL_DECIDED, COMMIT_STALE}}, 1, ATTEMPT_CONTENDED, ""};
    struct worker *worker = begin_committed();
    tried = 1;
    assert_int_equal(attempt_ends(worker), ATTEMPT_DONE);
    told_was("ends", "advance");
    buffer_clear(&told);
    story = &stale;
    assert_int_equal(attempt_ends(worker), ATTEMPT_CONTENDED);
    told_was("stale ends", "forget");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_becomes_of_a_range),
        cmocka_unit_test(test_positions_move_as_far_as_was_decided),
        cmocka_unit_test(test_a_full_queue_is_waited_for_without_reading),
        cmocka_unit_test(test_who_loses_the_partitions_while_waiting_pushes_nothing),
        cmocka_unit_test(test_who_is_asked_to_end_waits_until_the_time_is_up),
        cmocka_unit_test(test_a_publisher_that_gave_up_drops_the_batch),
        cmocka_unit_test(test_ends_are_tried_once),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    played_end();
    return failed;
}
