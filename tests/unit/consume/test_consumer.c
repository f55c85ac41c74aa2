/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include "base/clock.h"
#include "consume/handle.h"

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
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
    static const char *const nobody[] = {" ", ",", "http://kafka:9092"};
    for (size_t i = 0; i < sizeof nobody / sizeof *nobody; i++) {
        settings = good;
        settings.bootstrap = nobody[i];
        refused(settings, "names no broker");
    }
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

static int subscribed_to(const struct consumer *consumer)
{
    rd_kafka_topic_partition_list_t *list;

    assert_int_equal(rd_kafka_subscription(consumer->client, &list), 0);
    int count = list->cnt;
    rd_kafka_topic_partition_list_destroy(list);
    return count;
}

static void the_group_is_joined_when_it_is_time(void **state)
{
    (void)state;
    enum { LATER_MS = 3600000 };
    struct consumer_settings settings = good;
    struct error error = {0};
    struct record record;

    struct consumer *consumer = consumer_new(&settings, &callbacks, &error);
    assert_int_equal(subscribed_to(consumer), 1);
    consumer_free(consumer);

    settings.join_at_ms = monotonic_ms() + LATER_MS;
    consumer = consumer_new(&settings, &callbacks, &error);
    assert_non_null(consumer);
    consumer_poll(consumer, 0, &record, &error); /* nothing, or that no broker is there */
    assert_int_equal(subscribed_to(consumer), 0);
    consumer->join_at_ms -= LATER_MS;
    consumer_poll(consumer, 0, &record, &error);
    assert_int_equal(subscribed_to(consumer), 1);
    consumer_free(consumer);

    consumer = consumer_new(&settings, &callbacks, &error);
    consumer_close(consumer); /* who never joined has nothing to leave */
    consumer_free(consumer);
}

/* librdkafka's own broker, which tells how many requests of a kind came: what is pushed is popped by each. */
enum { BROKER = 1, LIST_OFFSETS = 2, PUSHED = 10, MANY = 96, ANSWER_MS = 20000 };

struct mocked {
    rd_kafka_t *owner;
    rd_kafka_mock_cluster_t *cluster;
    struct consumer *consumer;
    struct error error;
};

static struct mocked mocked_begin(int partitions)
{
    struct mocked mocked = {0};
    struct consumer_settings settings = good;
    char reason[128];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();

    mocked.owner = rd_kafka_new(RD_KAFKA_PRODUCER, conf, reason, sizeof reason);
    assert_non_null(mocked.owner);
    mocked.cluster = rd_kafka_mock_cluster_new(mocked.owner, 1);
    assert_non_null(mocked.cluster);
    assert_int_equal(
        rd_kafka_mock_topic_create(mocked.cluster, settings.topics[0], partitions, 1), 0);
    settings.bootstrap = rd_kafka_mock_cluster_bootstraps(mocked.cluster);
    mocked.consumer = consumer_new(&settings, &callbacks, &mocked.error);
    assert_non_null(mocked.consumer);
    return mocked;
}

static void mocked_end(struct mocked *mocked)
{
    consumer_free(mocked->consumer);
    rd_kafka_mock_cluster_destroy(mocked->cluster);
    rd_kafka_destroy(mocked->owner);
}

/* So many requests for offsets are answered well, and counted. */
static void count_list_offsets(struct mocked *mocked)
{
    for (int i = 0; i < PUSHED; i++)
        assert_int_equal(
            rd_kafka_mock_broker_push_request_error_rtts(mocked->cluster, BROKER, LIST_OFFSETS,
                                                         1, RD_KAFKA_RESP_ERR_NO_ERROR, 0),
            0);
}

static size_t list_offsets_counted(const struct mocked *mocked)
{
    size_t left = 0;

    assert_int_equal(
        rd_kafka_mock_broker_error_stack_cnt(mocked->cluster, BROKER, LIST_OFFSETS, &left), 0);
    return PUSHED - left;
}

static void the_bounds_of_many_partitions_are_two_requests(void **state)
{
    (void)state;
    struct mocked mocked = mocked_begin(MANY);
    struct log_bounds bounds[MANY];

    for (int i = 0; i < MANY; i++) {
        bounds[i] = (struct log_bounds){.at.partition = MANY - 1 - i, .first = -7, .next = -7};
        snprintf(bounds[i].at.topic, sizeof bounds[i].at.topic, "%s", topics[0]);
    }
    count_list_offsets(&mocked);
    assert_int_equal(consumer_log_bounds(mocked.consumer, bounds, 0, 1, &mocked.error), OK);
    assert_int_equal(
        consumer_log_bounds(mocked.consumer, bounds, MANY, ANSWER_MS, &mocked.error), OK);
    assert_int_equal(list_offsets_counted(&mocked), 2);
    for (int i = 0; i < MANY; i++) {
        assert_int_equal(bounds[i].first, 0);
        assert_int_equal(bounds[i].next, 0);
    }
    mocked_end(&mocked);
}

static void bounds_that_one_partition_lacks_are_not_written(void **state)
{
    (void)state;
    struct mocked mocked = mocked_begin(2);
    struct log_bounds bounds[3];

    for (int i = 0; i < 3; i++) {
        bounds[i] = (struct log_bounds){.at.partition = i, .first = -7, .next = -7};
        snprintf(bounds[i].at.topic, sizeof bounds[i].at.topic, "%s", topics[0]);
    }
    assert_int_equal(consumer_log_bounds(mocked.consumer, bounds, 3, ANSWER_MS, &mocked.error),
                     STOP);
    if (strstr(mocked.error.text, "partition 2") == NULL)
        fail_msg("\"%s\" does not name partition 2", mocked.error.text);
    for (int i = 0; i < 3; i++)
        assert_int_equal(bounds[i].first, -7);
    mocked_end(&mocked);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(odd_settings_are_refused_with_a_reason),
        cmocka_unit_test(a_broker_that_is_away_is_said_once),
        cmocka_unit_test(the_group_is_joined_when_it_is_time),
        cmocka_unit_test(the_bounds_of_many_partitions_are_two_requests),
        cmocka_unit_test(bounds_that_one_partition_lacks_are_not_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
