/*
 * views - what a worker shows over HTTP: that it lives, whether it is ready, its metrics.
 */
#include "worker/worker.h"

static void count_metrics(struct worker *worker)
{
    struct metrics *m = worker->metrics;
    worker->count = (struct worker_metrics){
        .records =
            metrics_counter(m, "kerja_records_total", "Records decided and committed", NULL, 0),
        .batches = metrics_counter(m, "kerja_batches_total", "Batches committed", NULL, 0),
        .ahead = metrics_counter(m, "kerja_batches_ahead_total",
                                 "Batches decided while the one before was committed", NULL, 0),
        .outputs = metrics_counter(m, "kerja_outputs_total",
                                   "Events decided on, repeats of a batch included", NULL, 0),
        .dead_letters = metrics_counter(m, "kerja_dead_letters_total",
                                        "Records sent to dead.letter", NULL, 0),
        .stale = metrics_counter(m, "kerja_stale_total",
                                 "Batches decided again because a fact had changed", NULL, 0),
        .tight = metrics_counter(m, "kerja_tight_total",
                                 "Batches decided again with locked limits", NULL, 0),
        .bisected = metrics_counter(m, "kerja_bisected_total", "Batches halved", NULL, 0),
        .waiting = metrics_counter(m, "kerja_waiting_total",
                                   "Events that came before what they speak of", NULL, 0),
        .late_loads =
            metrics_counter(m, "kerja_late_loads_total", "Facts loaded one by one", NULL, 0),
        .rewound = metrics_counter(m, "kerja_rewound_total",
                                   "Records read below their position and dropped", NULL, 0),
        .cache_hits =
            metrics_counter(m, "kerja_cache_hits_total", "Look-ups found in Redis", NULL, 0),
        .cache_misses = metrics_counter(m, "kerja_cache_misses_total",
                                        "Look-ups not found in Redis", NULL, 0),
        .cache_forged =
            metrics_counter(m, "kerja_cache_forged_total",
                            "Values in Redis that no worker wrote for their key", NULL, 0),
        .batch_us = metrics_histogram(m, "kerja_batch_seconds", "Time of a batch",
                                      &METRIC_DURATION_US, NULL, 0),
        .commit_us =
            metrics_histogram(m, "kerja_commit_seconds", "Time of a batch's transaction",
                              &METRIC_DURATION_US, NULL, 0),
        .lag = metrics_gauge(m, "kerja_lag",
                             "Records appended and not read yet, all partitions", NULL, 0),
    };
}

static bool ready_view(void *context, struct buffer *reason)
{
    struct worker *worker = context;
    if (atomic_load(&worker->ready))
        return true;
    static const char text[] = "no partition is assigned and recovered";
    buffer_append(reason, text, sizeof text - 1);
    return false;
}

static void metrics_view(void *context, struct buffer *text)
{
    struct worker *worker = context;
    metrics_write(worker->metrics, text);
}

bool views_open(struct worker *worker)
{
    count_metrics(worker);
    /* One call may last as long as a transaction does: the loop is not dead that waits for two. */
    int64_t patience_ms = 2 * worker->settings.transaction_timeout_ms;
    struct http_settings settings = {
        .tick_bound_ms = patience_ms > HTTP_TICK_BOUND_MS ? patience_ms : HTTP_TICK_BOUND_MS,
        .address = worker->settings.http.host[0] == '\0' ? NULL : worker->settings.http.host,
        .port = worker->settings.http.port};
    struct http_views views = {worker, ready_view, metrics_view};
    worker->http = http_start(&settings, &views, &worker->error);
    if (worker->http != NULL)
        log_info(&worker->log, LOG_FACT("listening"),
                 LOG_NUMBER("http_port", http_port(worker->http)));
    return worker->http != NULL;
}
