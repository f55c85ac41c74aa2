/*
 * clock - the only place that reads a clock.
 *
 * The loop and the publisher read it for linger, time limits and their metrics, log lines for
 * their time of day, and whoever waits on a socket for its deadline. A decision never does:
 * every time in an output is its cause's, so that deciding again gives the same bytes.
 */
#ifndef KERJA_BASE_CLOCK_H
#define KERJA_BASE_CLOCK_H

#include <stdint.h>

/* Milliseconds from an arbitrary start; never goes back, whatever the time of day does. */
int64_t monotonic_ms(void);

/* Microseconds of the same clock, for durations too short for milliseconds. */
int64_t monotonic_us(void);

/* Microseconds since 1970-01-01T00:00:00Z by the system's time of day, which may jump. */
int64_t realtime_us(void);

#endif
