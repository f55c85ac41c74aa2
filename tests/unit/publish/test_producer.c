/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include "base/clock.h"
#include "publish/handle.h"
#include "publish/plain.h"

#include <string.h>

static const struct header too_many[PRODUCER_TOPIC_HEADERS + 1];
static const struct publish_topic topic = {.name = "application.decided"};

/* Nobody listens on port 1. */
static const struct producer_settings good = {
    .bootstrap = "127.0.0.1:1",
    .transactional_id = "application-0",
    .topics = &topic,
    .topic_count = 1,
    .socket_timeout_ms = 1000,
    .message_timeout_ms = 2000,
    .transaction_timeout_ms = 3000,
};

static void refused(struct producer_settings settings, const char *reason)
{
    struct error error = {0};

    assert_null(producer_new(&settings, &error));
    if (strstr(error.text, reason) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", error.text, reason);
}

static void odd_settings_are_refused_with_a_reason(void **state)
{
    (void)state;
    struct producer_settings settings = good;
    settings.topic_count = 0;
    refused(settings, "cannot produce to 0 topics");
    settings = good;
    settings.message_timeout_ms = settings.transaction_timeout_ms;
    refused(settings, "cannot use these time limits");
    settings = good;
    settings.socket_timeout_ms = settings.transaction_timeout_ms / 2 + 1;
    refused(settings, "cannot use these time limits");
    settings = good;
    settings.transactional_id = NULL;
    refused(settings, "\"client.id\"");
    settings = good;
    const struct publish_topic wordy = {
        .name = "x", .headers = too_many, .header_count = PRODUCER_TOPIC_HEADERS + 1};
    settings.topics = &wordy;
    refused(settings, "cannot add 9 headers");
}

static const struct {
    rd_kafka_resp_err_t code;
    enum published published;
} codes[] = {
    {RD_KAFKA_RESP_ERR_NO_ERROR, PUBLISH_CLEAN},
    {RD_KAFKA_RESP_ERR__FENCED, PUBLISH_FENCED},
    {RD_KAFKA_RESP_ERR_PRODUCER_FENCED, PUBLISH_FENCED},
    {RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH, PUBLISH_FENCED},
    {RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID, PUBLISH_FENCED},
    {RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION, PUBLISH_FENCED},
    {RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID, PUBLISH_FENCED},
    {RD_KAFKA_RESP_ERR__TIMED_OUT, PUBLISH_RETRIABLE},
    {RD_KAFKA_RESP_ERR__QUEUE_FULL, PUBLISH_RETRIABLE},
    {RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, PUBLISH_ABORTABLE},
    {RD_KAFKA_RESP_ERR__PURGE_QUEUE, PUBLISH_ABORTABLE},
};

static void each_code_has_its_meaning(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        if (producer_judge_code(codes[i].code) != codes[i].published)
            fail_msg("%s is not %d", rd_kafka_err2name(codes[i].code), (int)codes[i].published);
    }
}

static void init_ends_at_its_deadline_and_may_go_on(void **state)
{
    (void)state;
    struct error error = {0};
    struct producer *producer = producer_new(&good, &error);

    assert_non_null(producer);
    for (int attempt = 0; attempt < 2; attempt++) {
        int64_t began_ms = monotonic_ms();
        assert_int_equal(producer_init(producer, 300, &error), PUBLISH_RETRIABLE);
        assert_in_range(monotonic_ms() - began_ms, 250, 20000);
        assert_non_null(strstr(error.text, "could not take the transactional.id"));
    }
    int64_t began_ms = monotonic_ms();
    producer_free(producer);
    assert_in_range(monotonic_ms() - began_ms, 0, 20000);
    producer_free(NULL);
}

static void what_is_not_acknowledged_is_not_ok(void **state)
{
    (void)state;
    const struct plain_settings settings = {
        .bootstrap = "127.0.0.1:1", .client_id = "kerja-import", .message_timeout_ms = 5000};
    struct error error = {0};
    struct plain *plain = plain_new(&settings, &error);

    assert_non_null(plain);
    assert_int_equal(plain_flush(plain, 100, &error), OK); /* nothing was sent */
    assert_int_equal(
        plain_send(plain, "topic", SLICE("key"), SLICE("value"), NULL, 0, 0, &error), OK);
    assert_int_equal(plain_flush(plain, 50, &error), RETRY);
    assert_non_null(strstr(error.text, "1 of 1 records unanswered"));
    assert_int_equal(plain_flush(plain, 60000, &error), RETRY);
    assert_non_null(strstr(error.text, "could not send 1 of 1 records"));
    assert_int_equal(plain_flush(plain, 100, &error), OK);
    plain_free(plain);
    plain_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(odd_settings_are_refused_with_a_reason),
        cmocka_unit_test(each_code_has_its_meaning),
        cmocka_unit_test(init_ends_at_its_deadline_and_may_go_on),
        cmocka_unit_test(what_is_not_acknowledged_is_not_ok),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
