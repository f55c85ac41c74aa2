/*
 * The numbers were computed apart from this code, in Python, from the published definitions.
 */
#include "random.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void numbers_are_those_of_the_definition(void **state)
{
    static const uint64_t expected[] = {UINT64_C(0x84f02f195ab5fd66),
                                        UINT64_C(0x46ff6f0daaf44911),
                                        UINT64_C(0x8276408e60c29367)};
    struct random random;
    (void)state;
    random_init(&random, 1, 2);
    for (size_t i = 0; i < 3; i++)
        assert_true(random_next(&random) == expected[i]);
}

static void streams_differ(void **state)
{
    struct random one, other;
    (void)state;
    random_init(&one, 1, 2);
    random_init(&other, 1, 3);
    assert_true(random_next(&one) != random_next(&other));
    random_init(&one, 2, 2);
    random_init(&other, 1, 2);
    assert_true(random_next(&one) != random_next(&other));
}

static void numbers_below_a_bound_reach_both_ends(void **state)
{
    struct random random;
    int seen[3] = {0};
    (void)state;
    random_init(&random, 1, 1);
    for (int i = 0; i < 300; i++) {
        uint32_t number = random_below(&random, 3);
        assert_true(number < 3);
        seen[number]++;
    }
    for (int i = 0; i < 3; i++)
        assert_in_range(seen[i], 70, 130);
    assert_int_equal(random_below(&random, 1), 0);
}

static void chances_keep_their_share(void **state)
{
    struct random random;
    int count = 0;
    (void)state;
    random_init(&random, 9, 1);
    for (int i = 0; i < 10000; i++)
        count += random_chance(&random, 250);
    assert_in_range(count, 2350, 2650);
    for (int i = 0; i < 1000; i++) {
        assert_false(random_chance(&random, 0));
        assert_true(random_chance(&random, 1000));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_those_of_the_definition),
        cmocka_unit_test(streams_differ),
        cmocka_unit_test(numbers_below_a_bound_reach_both_ends),
        cmocka_unit_test(chances_keep_their_share),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
