/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include "base/clock.h"
#include "consume/consumer.h"

#include <stdio.h>
#include <string.h>

static const char *const topics[] = {"application.submitted"};

/* Nobody listens on port 1. */
static const struct consumer_settings good = {
    .bootstrap = "127.0.0.1:1",
    .group = "application",
    .instance = "application-0",
    .topics = topics,
    .topic_count = 1,
    .socket_timeout_ms = 1000,
    .session_timeout_ms = 6000,
    .max_poll_interval_ms = 10000,
};

static void ignore(void *context, const struct topic_partition *partitions, size_t count)
{
    (void)context, (void)partitions, (void)count;
}

static const struct consumer_callbacks callbacks = {
    .on_assigned = ignore, .on_revoked = ignore, .on_lost = ignore};

static void refused(struct consumer_settings settings, const char *reason)
{
    struct error error = {0};

    assert_null(consumer_new(&settings, &callbacks, &error));
    if (strstr(error.text, reason) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", error.text, reason);
}

static void odd_settings_are_refused_with_a_reason(void **state)
{
    (void)state;
    struct consumer_settings settings = good;
    settings.topic_count = 0;
    refused(settings, "cannot consume 0 topics");
    settings = good;
    settings.topic_count = CONSUMER_TOPICS + 1;
    refused(settings, "cannot consume 33 topics");
    settings = good;
    settings.socket_timeout_ms = settings.session_timeout_ms;
    refused(settings, "cannot use these time limits");
    settings = good;
    settings.session_timeout_ms = settings.max_poll_interval_ms;
    refused(settings, "cannot use these time limits");
    settings = good;
    settings.socket_timeout_ms = 1;
    refused(settings, "\"socket.timeout.ms\"");
    settings = good;
    settings.group = NULL;
    refused(settings, "\"group.id\"");
}

static void count_lines(void *context, int level, const char *facility, const char *message,
                        unsigned unsaid)
{
    (void)level, (void)facility, (void)message, (void)unsaid;
    atomic_fetch_add((atomic_uint *)context, 1);
}

static void a_broker_that_is_away_is_said_once(void **state)
{
    (void)state;
    atomic_uint lines = 0;
    struct client_log log;
    struct consumer_settings settings = good;
    struct error error = {0};
    unsigned said = 0;

    client_log_init(&log, count_lines, &lines);
    settings.log = &log;
    struct consumer *consumer = consumer_new(&settings, &callbacks, &error);
    assert_non_null(consumer);
    /* Long enough for several attempts to connect, each of which librdkafka reports. */
    for (int64_t end_ms = monotonic_ms() + 2500; monotonic_ms() < end_ms;) {
        struct record record;
        enum consumed consumed = consumer_poll(consumer, 100, &record, &error);
        assert_true(consumed == CONSUMED_NOTHING || consumed == CONSUMED_ERROR);
        said += consumed == CONSUMED_ERROR;
    }
    assert_int_equal(said, 1);
    assert_non_null(strstr(error.text, "could not reach kafka"));
    assert_in_range(atomic_load(&lines), 0, 2);
    assert_null(consumer_group_metadata(consumer, &error));
    assert_non_null(strstr(error.text, "no member id"));
    consumer_free(consumer);
    consumer_free(NULL);
    consumer_close(NULL);
    group_metadata_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(odd_settings_are_refused_with_a_reason),
        cmocka_unit_test(a_broker_that_is_away_is_said_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
