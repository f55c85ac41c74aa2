#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <time.h>

#include <cmocka.h>

static void the_monotonic_clocks_agree_and_never_go_back(void **state)
{
    (void)state;
    int64_t before_ms = monotonic_ms(), us = monotonic_us(), after_ms = monotonic_ms();
    assert_true(before_ms <= us / 1000 && us / 1000 <= after_ms);
}

static void realtime_is_the_time_of_day_in_microseconds(void **state)
{
    (void)state;
    int64_t before_s = (int64_t)time(NULL), us = realtime_us(), after_s = (int64_t)time(NULL);
    /* time() may lag behind by a tick of the kernel. */
    assert_true(before_s <= us / 1000000 && us / 1000000 <= after_s + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_monotonic_clocks_agree_and_never_go_back),
        cmocka_unit_test(realtime_is_the_time_of_day_in_microseconds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
