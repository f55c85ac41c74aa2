#include "base/clock.h"

#include <time.h>

static int64_t read_us(clockid_t clock)
{
    struct timespec now;
    /* Cannot fail: both clocks exist on every Linux and `now` is ours. */
    (void)clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t monotonic_ms(void)
{
    return read_us(CLOCK_MONOTONIC) / 1000;
}

int64_t monotonic_us(void)
{
    return read_us(CLOCK_MONOTONIC);
}

int64_t realtime_us(void)
{
    return read_us(CLOCK_REALTIME);
}
