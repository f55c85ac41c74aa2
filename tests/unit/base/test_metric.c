#include "base/metric.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define REFUSED(n)                                                                             \
    "# HELP kerja_metrics_refused_total Series that a full registry does not show\n"           \
    "# TYPE kerja_metrics_refused_total counter\n"                                             \
    "kerja_metrics_refused_total " n "\n"

static void assert_text(struct metrics *metrics, const char *expected)
{
    struct buffer text = {0};
    metrics_write(metrics, &text);
    buffer_append_byte(&text, '\0');
    assert_string_equal(text.data, expected);
    buffer_release(&text);
}

static void series_are_written_by_name_with_their_labels(void **state)
{
    (void)state;
    struct metrics *metrics = metrics_new();
    const struct metric_label zero[] = {{"topic", "award.changed"}, {"partition", "0"}};
    const struct metric_label odd[] = {{"topic", "a\"b\\c\nd"}};
    struct metric *records =
        metrics_counter(metrics, "kerja_records_total", "Records", zero, 2);
    struct metric *lag = metrics_gauge(metrics, "kerja_lag", "Records behind", NULL, 0);
    metric_add(metrics_counter(metrics, "kerja_records_total", "Records", odd, 1), 1);
    metric_add(records, 5);
    metric_add(records, UINT64_C(1) << 40);
    metric_set(lag, 7);
    metric_set(lag, -3);
    assert_ptr_equal(metrics_counter(metrics, "kerja_records_total", "Records", zero, 2),
                     records);
    assert_int_equal(metric_value(lag), -3);
    assert_text(
        metrics,
        REFUSED(
            "0") "# HELP kerja_records_total Records\n"
                 "# TYPE kerja_records_total counter\n"
                 "kerja_records_total{topic=\"award.changed\",partition=\"0\"} 1099511627781\n"
                 "kerja_records_total{topic=\"a\\\"b\\\\c\\nd\"} 1\n"
                 "# HELP kerja_lag Records behind\n"
                 "# TYPE kerja_lag gauge\n"
                 "kerja_lag -3\n");
    metrics_free(metrics);
    metrics_free(NULL);
}

static void a_histogram_counts_up_to_and_with_its_bounds(void **state)
{
    (void)state;
    static const struct metric_buckets buckets = {1000000, 3, {500, 1000, 2500000}};
    struct metrics *metrics = metrics_new();
    const struct metric_label label[] = {{"step", "commit"}};
    struct metric *commit =
        metrics_histogram(metrics, "kerja_step_seconds", "Time of a step", &buckets, label, 1);
    struct metric *bare = metrics_histogram(metrics, "kerja_bare", "Bare", &buckets, NULL, 0);
    static const int64_t observed[] = {0, 500, 501, 1000, 1001, 2500000, 2500001, -1};
    for (size_t i = 0; i < sizeof observed / sizeof *observed; i++)
        metric_observe(commit, observed[i]);
    assert_int_equal(metric_value(commit), 8);
    metric_observe(bare, 2000000);
    assert_text(metrics,
                REFUSED("0") "# HELP kerja_step_seconds Time of a step\n"
                             "# TYPE kerja_step_seconds histogram\n"
                             "kerja_step_seconds_bucket{step=\"commit\",le=\"0.0005\"} 3\n"
                             "kerja_step_seconds_bucket{step=\"commit\",le=\"0.001\"} 5\n"
                             "kerja_step_seconds_bucket{step=\"commit\",le=\"2.5\"} 7\n"
                             "kerja_step_seconds_bucket{step=\"commit\",le=\"+Inf\"} 8\n"
                             "kerja_step_seconds_sum{step=\"commit\"} 5.003003\n"
                             "kerja_step_seconds_count{step=\"commit\"} 8\n"
                             "# HELP kerja_bare Bare\n"
                             "# TYPE kerja_bare histogram\n"
                             "kerja_bare_bucket{le=\"0.0005\"} 0\n"
                             "kerja_bare_bucket{le=\"0.001\"} 0\n"
                             "kerja_bare_bucket{le=\"2.5\"} 1\n"
                             "kerja_bare_bucket{le=\"+Inf\"} 1\n"
                             "kerja_bare_sum 2\n"
                             "kerja_bare_count 1\n");
    metrics_free(metrics);
}

static void a_full_registry_shows_that_it_is(void **state)
{
    (void)state;
    struct metrics *metrics = metrics_new();
    struct metric *last = NULL;
    /* One series is the registry's own. */
    for (int i = 0; i < METRIC_SERIES - 1 + 2; i++) {
        char value[16];
        snprintf(value, sizeof value, "%d", i);
        last = metrics_counter(metrics, "kerja_x_total", "X",
                               &(struct metric_label){"n", value}, 1);
        metric_add(last, 1);
    }
    metric_observe(metrics_histogram(metrics, "kerja_y", "Y", &METRIC_DURATION_US, NULL, 0), 5);
    struct buffer text = {0};
    metrics_write(metrics, &text);
    buffer_append_byte(&text, '\0');
    assert_int_equal(strncmp(text.data, REFUSED("3"), strlen(REFUSED("3"))), 0);
    assert_non_null(strstr(text.data, "{n=\"1022\"} 1\n"));
    assert_null(strstr(text.data, "{n=\"1023\"}"));
    buffer_release(&text);
    metrics_free(metrics);
}

enum { THREADS = 4, TIMES = 10000 };

static void *count_up(void *counter)
{
    for (int i = 0; i < TIMES; i++)
        metric_add(counter, 1);
    return NULL;
}

static void no_count_is_lost_between_threads(void **state)
{
    (void)state;
    struct metrics *metrics = metrics_new();
    struct metric *counter = metrics_counter(metrics, "kerja_x_total", "X", NULL, 0);
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, count_up, counter), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(metric_value(counter), THREADS * TIMES);
    metrics_free(metrics);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(series_are_written_by_name_with_their_labels),
        cmocka_unit_test(a_histogram_counts_up_to_and_with_its_bounds),
        cmocka_unit_test(a_full_registry_shows_that_it_is),
        cmocka_unit_test(no_count_is_lost_between_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
