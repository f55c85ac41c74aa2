/*
 * metric - what a process counts about itself, as Prometheus reads it (text format 0.0.4).
 *
 * A series is registered once, with its labels, and then moved without locks from any thread.
 * The registry is bounded: once it is full, a registration gets a series that is never shown,
 * and kerja_metrics_refused_total counts it. So no caller checks, and no label value can fill
 * the memory. Labels hold names of topics, tables and reasons, never ids of people.
 */
#ifndef KERJA_BASE_METRIC_H
#define KERJA_BASE_METRIC_H

#include "base/buffer.h"

#include <stddef.h>
#include <stdint.h>

enum {
    METRIC_SERIES = 1024, /* in one registry                                   */
    METRIC_LABELS = 4,    /* of a series                                       */
    METRIC_LABEL_SIZE = 96,
    METRIC_BUCKETS = 20 /* of a histogram, beside +Inf                       */
};

struct metric;  /* one series */
struct metrics; /* a registry */

struct metric_label {
    const char *name, *value; /* both copied; a longer value is cut */
};

/* The upper bounds of a histogram's buckets, ascending. Observed values are whole numbers; they
 * are shown divided by `divisor`, so that microseconds are kept and seconds shown (divisor
 * 1000000). */
struct metric_buckets {
    int64_t divisor;
    size_t count;
    int64_t bounds[METRIC_BUCKETS];
};

/* From 1 ms to 30 s, observed in microseconds, shown in seconds. */
extern const struct metric_buckets METRIC_DURATION_US;

/* NULL only when there is no memory. */
struct metrics *metrics_new(void);
void metrics_free(struct metrics *metrics);

/* Registers a series, or finds the one of the same name and labels. `name` and `help` are
 * borrowed for the registry's life; counters end in "_total". Never NULL; lives as long as the
 * registry. Takes a lock. */
struct metric *metrics_counter(struct metrics *metrics, const char *name, const char *help,
                               const struct metric_label *labels, size_t label_count);
struct metric *metrics_gauge(struct metrics *metrics, const char *name, const char *help,
                             const struct metric_label *labels, size_t label_count);
struct metric *metrics_histogram(struct metrics *metrics, const char *name, const char *help,
                                 const struct metric_buckets *buckets,
                                 const struct metric_label *labels, size_t label_count);

/* From any thread, without a lock: a counter goes up, a gauge is set, a histogram counts a
 * value. */
void metric_add(struct metric *counter, uint64_t by);
void metric_set(struct metric *gauge, int64_t value);
void metric_observe(struct metric *histogram, int64_t value);

/* The counter's or gauge's value, or the number of observations. */
int64_t metric_value(const struct metric *metric);

/* Appends the exposition: series of one name together, in the order of registration. */
void metrics_write(struct metrics *metrics, struct buffer *text);

#endif
