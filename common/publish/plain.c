#include "publish/plain.h"

#include "base/clock.h"
#include "publish/client.h"

#include <stdlib.h>
#include <string.h>

enum {
    PLAIN_FLUSH_STEP_MS = 100, /* how long one wait for reports is, at most */
    PLAIN_QUEUE = 20000        /* records; more would hold memory and make nothing faster */
};

struct plain {
    struct client_owner owner; /* first: what the client's callbacks are given */
    rd_kafka_t *client;
    int message_timeout_ms;
    rd_kafka_topic_t *topics[PLAIN_TOPICS];
    size_t topic_count;
    /* Since the last flush. */
    uint64_t sent, delivered, failed;
    rd_kafka_resp_err_t first_failure;
};

static void on_report(rd_kafka_t *client, const rd_kafka_message_t *message, void *opaque)
{
    struct plain *plain = opaque;

    (void)client;
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR)
        plain->delivered++;
    else if (plain->failed++ == 0)
        plain->first_failure = message->err;
}

static bool start(struct plain *plain, const struct plain_settings *settings,
                  struct error *error)
{
    rd_kafka_conf_t *conf = rd_kafka_conf_new();

    if (!client_configure(conf, settings->bootstrap, settings->security, error) ||
        !client_set(conf, "client.id", settings->client_id, error) ||
        !client_set_number(conf, "message.timeout.ms", settings->message_timeout_ms, error) ||
        !client_set_number(conf, "linger.ms", settings->linger_ms, error) ||
        !client_set_number(conf, "queue.buffering.max.messages", PLAIN_QUEUE, error)) {
        rd_kafka_conf_destroy(conf);
        return false;
    }
    rd_kafka_conf_set_dr_msg_cb(conf, on_report);
    plain->client = client_new(conf, &plain->owner, error);
    return plain->client != NULL;
}

struct plain *plain_new(const struct plain_settings *settings, struct error *error)
{
    struct plain *plain = calloc(1, sizeof *plain);

    if (plain == NULL) {
        error_set(error, STOP, "cannot make a producer: no memory");
        return NULL;
    }
    plain->owner.log = settings->log;
    plain->message_timeout_ms = settings->message_timeout_ms;
    if (start(plain, settings, error))
        return plain;
    plain_free(plain);
    return NULL;
}

void plain_free(struct plain *plain)
{
    if (plain == NULL)
        return;
    for (size_t i = 0; i < plain->topic_count; i++)
        rd_kafka_topic_destroy(plain->topics[i]);
    client_free(plain->client);
    free(plain);
}

static rd_kafka_topic_t *topic_handle(struct plain *plain, const char *name)
{
    for (size_t i = 0; i < plain->topic_count; i++) {
        if (strcmp(rd_kafka_topic_name(plain->topics[i]), name) == 0)
            return plain->topics[i];
    }
    if (plain->topic_count == PLAIN_TOPICS)
        return NULL;
    rd_kafka_topic_t *topic = rd_kafka_topic_new(plain->client, name, NULL);
    if (topic != NULL)
        plain->topics[plain->topic_count++] = topic;
    return topic;
}

/* What may go well when the same is sent again. */
static enum outcome outcome_of(rd_kafka_resp_err_t code)
{
    switch ((int)code) {
    case RD_KAFKA_RESP_ERR_NO_ERROR:
        return OK;
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_INVALID_RECORD:
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION:
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
    case RD_KAFKA_RESP_ERR__INVALID_ARG:
        return REJECT;
    }
    return RETRY;
}

enum outcome plain_send(struct plain *plain, const char *topic, struct slice key,
                        struct slice value, const struct header *headers, size_t header_count,
                        int64_t timestamp_ms, struct error *error)
{
    const struct client_record record = {
        .topic = topic_handle(plain, topic),
        .key = key,
        .value = value,
        .headers = headers,
        .header_count = header_count,
        .timestamp_ms = timestamp_ms,
        .flags = RD_KAFKA_MSG_F_COPY,
    };

    if (record.topic == NULL)
        return error_set(error, REJECT,
                         "cannot send to \"%s\": no such name, or over %d topics", topic,
                         PLAIN_TOPICS);
    rd_kafka_resp_err_t code =
        client_produce(plain->client, &record, monotonic_ms() + plain->message_timeout_ms);
    rd_kafka_poll(plain->client, 0);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
        plain->sent++;
        return OK;
    }
    enum outcome outcome = outcome_of(code);
    return error_set(error, outcome, "%s send to \"%s\": %s",
                     outcome == REJECT ? "cannot" : "could not", topic, rd_kafka_err2str(code));
}

/* Reads the counts since the last flush as an outcome. */
static enum outcome judge(const struct plain *plain, struct error *error)
{
    unsigned long long sent = plain->sent, arrived = plain->delivered;

    if (arrived == sent)
        return OK;
    if (plain->failed == 0)
        return error_set(error, RETRY, "could not send: %llu of %llu records unanswered",
                         sent - arrived, sent);
    enum outcome outcome = outcome_of(plain->first_failure);
    return error_set(error, outcome, "%s send %llu of %llu records: %s",
                     outcome == REJECT ? "cannot" : "could not",
                     (unsigned long long)plain->failed, sent,
                     rd_kafka_err2str(plain->first_failure));
}

enum outcome plain_flush(struct plain *plain, int timeout_ms, struct error *error)
{
    int64_t deadline_ms = monotonic_ms() + timeout_ms;
    int64_t left_ms = timeout_ms;

    while (plain->delivered + plain->failed < plain->sent && left_ms >= 0) {
        int step_ms = left_ms < PLAIN_FLUSH_STEP_MS ? (int)left_ms : PLAIN_FLUSH_STEP_MS;
        rd_kafka_flush(plain->client, step_ms);
        rd_kafka_poll(plain->client, 0);
        left_ms = deadline_ms - monotonic_ms();
    }
    enum outcome outcome = judge(plain, error);
    /* Records that were answered are settled; those that were not are still counted by the next
     * flush. */
    plain->sent -= plain->delivered + plain->failed;
    plain->delivered = plain->failed = 0;
    return outcome;
}
