/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include "consume/sources.h"

#include <stdlib.h>

static const char *const names[] = {"application.submitted", "register.listed"};

static int setup(void **state)
{
    struct sources *sources = malloc(sizeof *sources);

    assert_non_null(sources);
    assert_true(sources_init(sources, names, 2));
    *state = sources;
    return 0;
}

static int teardown(void **state)
{
    sources_release(*state);
    free(*state);
    return 0;
}

static void an_unassigned_partition_is_nobodys(void **state)
{
    assert_null(sources_find(*state, "application.submitted", 0));
    assert_null(sources_find(*state, "unknown", 0));
    assert_null(sources_find(*state, "register.listed", -1));
    assert_null(sources_find(*state, "register.listed", PARTITION_BOUND));
}

static void the_same_partition_of_two_topics_is_two_sources(void **state)
{
    struct sources *sources = *state;

    assert_true(sources_add(sources, &(struct position){{"register.listed", 3}, 70}));
    assert_true(sources_add(sources, &(struct position){{"application.submitted", 3}, 80}));
    assert_ptr_equal(sources_find(sources, "register.listed", 3), &sources->items[0]);
    assert_ptr_equal(sources_find(sources, "application.submitted", 3), &sources->items[1]);
    assert_int_equal(sources->items[1].expected, 80);
}

static const struct {
    const char *name;
    struct position position;
    bool added;
} additions[] = {
    {"the first partition", {{"register.listed", 0}, 0}, true},
    {"the same again", {{"register.listed", 0}, 0}, false},
    {"the last partition", {{"register.listed", PARTITION_BOUND - 1}, 0}, true},
    {"one beyond the last", {{"register.listed", PARTITION_BOUND}, 0}, false},
    {"a negative partition", {{"register.listed", -1}, 0}, false},
    {"a topic that was not subscribed", {{"award.changed", 0}, 0}, false},
};

static void a_source_is_added_once_and_within_bounds(void **state)
{
    for (size_t i = 0; i < sizeof additions / sizeof *additions; i++) {
        if (sources_add(*state, &additions[i].position) != additions[i].added)
            fail_msg("%s", additions[i].name);
    }
}

static void a_cleared_assignment_is_forgotten_and_may_come_again(void **state)
{
    struct sources *sources = *state;
    const struct position position = {{"register.listed", 5}, 9};

    assert_true(sources_add(sources, &position));
    sources_clear(sources);
    assert_null(sources_find(sources, "register.listed", 5));
    assert_int_equal(sources->count, 0);
    assert_true(sources_add(sources, &position));
}

static const struct {
    const char *name;
    int64_t offset, next, expected_after;
    bool accepted;
} offsets[] = {
    {"the expected one", 100, 101, 101, true},
    {"one below", 99, 100, 100, false},
    {"a gap", 105, 106, 106, true},
    {"an end where we are", 100, 100, 100, true},
    {"an end beyond a commit marker", 102, 102, 102, true},
    {"an end behind us", 98, 98, 100, false},
};

static void only_what_is_not_below_the_expected_offset_is_accepted(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof offsets / sizeof *offsets; i++) {
        struct assigned assigned = {.expected = 100};
        bool accepted = assigned_accept(&assigned, offsets[i].offset, offsets[i].next);
        if (accepted != offsets[i].accepted || assigned.expected != offsets[i].expected_after)
            fail_msg("%s", offsets[i].name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_unassigned_partition_is_nobodys, setup, teardown),
        cmocka_unit_test_setup_teardown(the_same_partition_of_two_topics_is_two_sources, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_source_is_added_once_and_within_bounds, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_cleared_assignment_is_forgotten_and_may_come_again,
                                        setup, teardown),
        cmocka_unit_test(only_what_is_not_below_the_expected_offset_is_accepted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
