#include "base/metric.h"

#include <assert.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    LABELS_SIZE = METRIC_LABELS * (2 * METRIC_LABEL_SIZE + 48),
    DECIMALS = 9 /* shown at most; a divisor is a power of ten, or is cut there */
};

enum metric_kind { COUNTER, GAUGE, HISTOGRAM };

struct metric {
    const char *name, *help;
    enum metric_kind kind;
    char labels[LABELS_SIZE]; /* `topic="x",partition="3"`, escaped; "" without labels */
    struct metric *next;      /* the next series of this name                          */
    bool head;                /* the first series of its name                          */
    const struct metric_buckets *buckets; /* of a histogram                              */
    atomic_int_fast64_t value; /* of a counter or gauge; the sum of a histogram          */
    atomic_uint_fast64_t
        counts[METRIC_BUCKETS + 1]; /* per bucket, the last is beyond all bounds */
};

struct metrics {
    pthread_mutex_t lock; /* of registration and exposition; updates take none */
    size_t count;
    struct metric *series[METRIC_SERIES];
    struct metric hidden; /* what a full registry hands out */
    struct metric *refused;
};

static const struct metric_buckets no_buckets = {.divisor = 1};

const struct metric_buckets METRIC_DURATION_US = {
    .divisor = 1000000,
    .count = 14,
    .bounds = {1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 500000, 1000000, 2500000,
               5000000, 10000000, 30000000},
};

static void append_text(struct buffer *text, const char *words)
{
    buffer_append(text, words, strlen(words));
}

static bool name_valid(const char *name)
{
    for (const char *at = name; *at != '\0'; at++) {
        bool letter = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') || *at == '_';
        if (!letter && !(at > name && *at >= '0' && *at <= '9'))
            return false;
    }
    return *name != '\0';
}

/* Appends a label's value, escaped as the text format wants it. */
static size_t escape_label(const char *value, char *out)
{
    size_t size = 0;
    for (size_t i = 0; value[i] != '\0' && i < METRIC_LABEL_SIZE; i++) {
        if (value[i] == '\\' || value[i] == '"' || value[i] == '\n')
            out[size++] = '\\';
        out[size++] = value[i] == '\n' ? 'n' : value[i];
    }
    return size;
}

static void write_labels(const struct metric_label *labels, size_t count, char out[LABELS_SIZE])
{
    size_t size = 0;
    for (size_t i = 0; i < count; i++) {
        assert(name_valid(labels[i].name) && strlen(labels[i].name) < 40);
        size += (size_t)snprintf(out + size, LABELS_SIZE - size, "%s%s=\"", i > 0 ? "," : "",
                                 labels[i].name);
        size += escape_label(labels[i].value, out + size);
        out[size++] = '"';
    }
    out[size] = '\0';
}

struct metrics *metrics_new(void)
{
    struct metrics *metrics = calloc(1, sizeof *metrics);
    if (metrics == NULL)
        return NULL;
    pthread_mutex_init(&metrics->lock, NULL);
    metrics->hidden.buckets = &no_buckets;
    metrics->refused = metrics_counter(metrics, "kerja_metrics_refused_total",
                                       "Series that a full registry does not show", NULL, 0);
    return metrics;
}

void metrics_free(struct metrics *metrics)
{
    if (metrics == NULL)
        return;
    for (size_t i = 0; i < metrics->count; i++)
        free(metrics->series[i]);
    pthread_mutex_destroy(&metrics->lock);
    free(metrics);
}

/* The first series of the name; NULL when it is new. */
static struct metric *find_head(struct metrics *metrics, const char *name)
{
    for (size_t i = 0; i < metrics->count; i++)
        if (metrics->series[i]->head && strcmp(metrics->series[i]->name, name) == 0)
            return metrics->series[i];
    return NULL;
}

static struct metric *refuse(struct metrics *metrics)
{
    if (metrics->refused != NULL)
        metric_add(metrics->refused, 1);
    return &metrics->hidden;
}

static struct metric *add_series(struct metrics *metrics, const struct metric *pattern,
                                 struct metric *last)
{
    if (metrics->count == METRIC_SERIES)
        return refuse(metrics);
    struct metric *series = malloc(sizeof *series);
    if (series == NULL)
        return refuse(metrics);
    memcpy(series, pattern, sizeof *series);
    series->head = last == NULL;
    if (last != NULL)
        last->next = series;
    return metrics->series[metrics->count++] = series;
}

static struct metric *register_series(struct metrics *metrics, const struct metric *pattern)
{
    struct metric *last = NULL;
    pthread_mutex_lock(&metrics->lock);
    struct metric *found = find_head(metrics, pattern->name);
    /* One name is one kind: a text that says otherwise is refused by Prometheus as a whole. */
    assert(found == NULL || found->kind == pattern->kind);
    while (found != NULL && strcmp(found->labels, pattern->labels) != 0) {
        last = found;
        found = found->next;
    }
    if (found == NULL)
        found = add_series(metrics, pattern, last);
    pthread_mutex_unlock(&metrics->lock);
    return found;
}

static struct metric *register_kind(struct metrics *metrics, enum metric_kind kind,
                                    const char *name, const char *help,
                                    const struct metric_buckets *buckets,
                                    const struct metric_label *labels, size_t label_count)
{
    assert(name_valid(name) && label_count <= METRIC_LABELS);
    struct metric pattern = {.name = name, .help = help, .kind = kind, .buckets = buckets};
    write_labels(labels, label_count, pattern.labels);
    return register_series(metrics, &pattern);
}

struct metric *metrics_counter(struct metrics *metrics, const char *name, const char *help,
                               const struct metric_label *labels, size_t label_count)
{
    return register_kind(metrics, COUNTER, name, help, &no_buckets, labels, label_count);
}

struct metric *metrics_gauge(struct metrics *metrics, const char *name, const char *help,
                             const struct metric_label *labels, size_t label_count)
{
    return register_kind(metrics, GAUGE, name, help, &no_buckets, labels, label_count);
}

struct metric *metrics_histogram(struct metrics *metrics, const char *name, const char *help,
                                 const struct metric_buckets *buckets,
                                 const struct metric_label *labels, size_t label_count)
{
    assert(buckets->count <= METRIC_BUCKETS && buckets->divisor > 0);
    return register_kind(metrics, HISTOGRAM, name, help, buckets, labels, label_count);
}

void metric_add(struct metric *counter, uint64_t by)
{
    atomic_fetch_add_explicit(&counter->value, (int64_t)by, memory_order_relaxed);
}

void metric_set(struct metric *gauge, int64_t value)
{
    atomic_store_explicit(&gauge->value, value, memory_order_relaxed);
}

void metric_observe(struct metric *histogram, int64_t value)
{
    const struct metric_buckets *buckets = histogram->buckets;
    size_t bucket = 0;
    if (value < 0)
        value = 0;
    while (bucket < buckets->count && value > buckets->bounds[bucket])
        bucket++;
    atomic_fetch_add_explicit(&histogram->counts[bucket], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&histogram->value, value, memory_order_relaxed);
}

int64_t metric_value(const struct metric *metric)
{
    if (metric->kind != HISTOGRAM)
        return atomic_load_explicit(&metric->value, memory_order_relaxed);
    uint64_t count = 0;
    for (size_t i = 0; i <= metric->buckets->count; i++)
        count += atomic_load_explicit(&metric->counts[i], memory_order_relaxed);
    return (int64_t)count;
}

/* number / divisor in decimal, without trailing zeros. */
static void append_quotient(struct buffer *text, int64_t number, int64_t divisor)
{
    buffer_format(text, "%" PRId64, number / divisor);
    int64_t rest = number % divisor;
    if (rest != 0)
        buffer_append_byte(text, '.');
    for (int digits = 0; rest != 0 && digits < DECIMALS; digits++, rest %= divisor) {
        rest *= 10;
        buffer_append_byte(text, (unsigned char)('0' + rest / divisor));
    }
}

/* name_suffix{labels,le="..."} without the value. */
static void append_series(struct buffer *text, const struct metric *metric, const char *suffix)
{
    append_text(text, metric->name);
    append_text(text, suffix);
    if (metric->labels[0] == '\0')
        return;
    buffer_append_byte(text, '{');
    append_text(text, metric->labels);
    buffer_append_byte(text, '}');
}

static void append_bucket(struct buffer *text, const struct metric *metric, size_t bucket,
                          uint64_t cumulative)
{
    const struct metric_buckets *buckets = metric->buckets;
    append_text(text, metric->name);
    append_text(text, "_bucket{");
    append_text(text, metric->labels);
    append_text(text, metric->labels[0] == '\0' ? "le=\"" : ",le=\"");
    if (bucket == buckets->count)
        append_text(text, "+Inf");
    else
        append_quotient(text, buckets->bounds[bucket], buckets->divisor);
    buffer_format(text, "\"} %" PRIu64 "\n", cumulative);
}

static void append_histogram(struct buffer *text, const struct metric *metric)
{
    /* Summed from the buckets read, so that the two agree while others count on. */
    uint64_t cumulative = 0;
    for (size_t i = 0; i <= metric->buckets->count; i++) {
        cumulative += atomic_load_explicit(&metric->counts[i], memory_order_relaxed);
        append_bucket(text, metric, i, cumulative);
    }
    append_series(text, metric, "_sum");
    buffer_append_byte(text, ' ');
    append_quotient(text, atomic_load_explicit(&metric->value, memory_order_relaxed),
                    metric->buckets->divisor);
    buffer_append_byte(text, '\n');
    append_series(text, metric, "_count");
    buffer_format(text, " %" PRIu64 "\n", cumulative);
}

static void append_family(struct buffer *text, const struct metric *head)
{
    static const char *const kinds[] = {"counter", "gauge", "histogram"};
    append_text(text, "# HELP ");
    append_text(text, head->name);
    buffer_append_byte(text, ' ');
    append_text(text, head->help);
    append_text(text, "\n# TYPE ");
    append_text(text, head->name);
    buffer_format(text, " %s\n", kinds[head->kind]);
    for (const struct metric *metric = head; metric != NULL; metric = metric->next) {
        if (metric->kind == HISTOGRAM) {
            append_histogram(text, metric);
            continue;
        }
        append_series(text, metric, "");
        buffer_format(text, " %" PRId64 "\n", metric_value(metric));
    }
}

void metrics_write(struct metrics *metrics, struct buffer *text)
{
    pthread_mutex_lock(&metrics->lock);
    for (size_t i = 0; i < metrics->count; i++)
        if (metrics->series[i]->head)
            append_family(text, metrics->series[i]);
    pthread_mutex_unlock(&metrics->lock);
}
