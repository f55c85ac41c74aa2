/* Two batches in turn: the next is decided while one is committed, and whatever becomes of that one. */
#include "base/clock.h"
#include "played_loop.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct {
    struct story story;
    const char *next;
} pairs[] = {
    {{"one after the other", "....", 8, "[0-2 ahead], 0-3 done, [0-2 done]"}, "..."},
    {{"the first was decided again: so is the next", "..s.", 8,
      "[0-2 ahead], 0-3 done, [0-2 done]"},
     "..."},
    {{"the first is halved: the next is decided anew, and halved itself", "x.", 8,
      "[0-1 ahead], 0-1 halve, 0 halve, 0 buried, 1 done, [0-1 halve], [0 done], [1 halve], "
      "[1 buried]"},
     ".x"},
    {{"the first is dropped: nothing behind it is decided", "..d.", 8,
      "[0-2 ahead], 0-3 dropped, forget ends"},
     "..."},
    {{"the next is too much to be decided ahead", "....", 8,
      "[0-2 ahead], 0-3 done, [0-2 done]"},
     ".m."},
    {{"the next does not fit into the arena", "..", 2, "0-1 done, [0-1 done], [2-3 done]"},
     "...."},
    {{"the next names a programme that is not known: no file is taken from under the first",
      "..", 8, "0-1 done, look for programmes, [0-1 done]"},
     ".u"},
};

static void test_what_becomes_of_two_batches(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        struct worker *worker = loop_begin(&pairs[i].story);
        next_batch = pairs[i].next;
        loop_run(worker);
        bool dropped = strstr(story->told, "forget ends") != NULL;
        assert_int_equal(metric_value(worker->count.batches), dropped ? 0 : 2);
        assert_null(worker->ahead);
        assert_int_equal(worker->rounds[0].entry_count + worker->rounds[1].entry_count, 0);
        told_was(story->name, story->told);
    }
}

static void test_what_is_ahead_ends_with_the_assignment(void **state)
{
    (void)state;
    static const struct story two = {"ended", "..", 8, "0-1 ended"};
    static const struct story none = {"forgotten", "..", 8, "0-1 forgotten"};
    for (int ended = 0; ended < 2; ended++) {
        struct worker *worker = loop_begin(ended ? &two : &none);
        next_batch = "...";
        worker->round->entry_count = 2;
        assert_true(round_send(worker));
        worker->round->entry_count = 3;
        (ended ? round_end : round_forget)(worker);
        assert_null(worker->ahead);
        assert_int_equal(worker->rounds[0].entry_count, 0);
        assert_ptr_equal(worker->round, &worker->rounds[1]); /* the caller's own is kept */
        assert_int_equal(worker->round->entry_count, 3);
        round_end(worker);
        told_was(story->name, story->told);
    }
}

/* Positions move by a commit of their own, which must not pass the one that is under way. */
static void test_ends_are_settled_behind_what_is_ahead(void **state)
{
    static const struct story landed = {"landed", "..", 8, "0-1 done, settle ends"};
    static const struct story dropped = {"dropped", ".d", 8, "0-1 dropped, forget ends"};
    (void)state;
    for (int done = 0; done < 2; done++) {
        struct worker *worker = loop_begin(done ? &landed : &dropped);
        next_batch = "";
        worker->source_count = 1;
        worker->end_row_at_ms = monotonic_ms();
        turns = 0;
        loop_run(worker);
        assert_null(worker->ahead);
        told_was(story->name, story->told);
    }
}

/* Who always has something to decide would never read nothing. */
static void test_ends_are_settled_beside_a_backlog(void **state)
{
    static const struct {
        struct story story;
        const char *next;
        int64_t late_ms;
    } cases[] = {
        {{"late", "..", 8, "0-1 done, settle ends, [0-2 done]"}, "...", 4000},
        {{"not late yet", "..", 8, "[0-2 ahead], 0-1 done, [0-2 done]"}, "...", 0},
        {{"one is a dead letter", "x", 8, "0 halve, 0 buried, settle ends"}, NULL, 4000},
        {{"dropped", ".d", 8, "0-1 dropped, forget ends"}, NULL, 4000},
        {{"dropped ahead", ".d", 8, "[0-2 ahead], 0-1 dropped, forget ends"}, "...", 3000},
        {{"dropped on the long way", "xd", 0, "0 buried, 1 dropped, forget ends"}, NULL, 4000},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct worker *worker = loop_begin(&cases[i].story);
        next_batch = cases[i].next;
        worker->source_count = 1;
        worker->end_row_at_ms = monotonic_ms() - cases[i].late_ms;
        loop_run(worker);
        told_was(story->name, story->told);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_becomes_of_two_batches),
        cmocka_unit_test(test_what_is_ahead_ends_with_the_assignment),
        cmocka_unit_test(test_ends_are_settled_behind_what_is_ahead),
        cmocka_unit_test(test_ends_are_settled_beside_a_backlog),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    played_end();
    return failed;
}
