/*
 * The life of a transactional producer, and what its errors mean. What happens inside a
 * transaction is in transaction.c.
 */
#include "publish/handle.h"

#include "base/clock.h"

#include <stdlib.h>
#include <string.h>

/* The Kafka protocol's numbers of requests. */
enum { API_END_TXN = 26, API_TXN_OFFSET_COMMIT = 28 };

/* Runs on librdkafka's broker threads: counts, and nothing else. */
static rd_kafka_resp_err_t on_request_sent(rd_kafka_t *client, int socket, const char *broker,
                                           int32_t broker_id, int16_t api, int16_t version,
                                           int32_t correlation, size_t size, void *opaque)
{
    struct producer *producer = opaque;

    (void)client, (void)socket, (void)broker, (void)broker_id;
    (void)version, (void)correlation, (void)size;
    if (api == API_END_TXN)
        atomic_fetch_add(&producer->end_txn_requests, 1);
    else if (api == API_TXN_OFFSET_COMMIT)
        atomic_fetch_add(&producer->offset_requests, 1);
    return RD_KAFKA_RESP_ERR_NO_ERROR;
}

static rd_kafka_resp_err_t on_new(rd_kafka_t *client, const rd_kafka_conf_t *conf, void *opaque,
                                  char *reason, size_t reason_size)
{
    (void)conf, (void)reason, (void)reason_size;
    return rd_kafka_interceptor_add_on_request_sent(client, "commit_requests", on_request_sent,
                                                    opaque);
}

/* Served by polling and flushing, on the producer's own thread. */
static void on_report(rd_kafka_t *client, const rd_kafka_message_t *message, void *opaque)
{
    struct producer *producer = opaque;

    (void)client;
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        producer->delivered++;
        return;
    }
    if (producer->failed++ == 0)
        producer->first_failure = message->err;
}

static bool settings_ordered(const struct producer_settings *settings, struct error *error)
{
    if (settings->topic_count == 0 || settings->topic_count > PRODUCER_TOPICS) {
        error_set(error, STOP, "cannot produce to %zu topics: 1 to %d", settings->topic_count,
                  PRODUCER_TOPICS);
        return false;
    }
    if (settings->socket_timeout_ms > settings->transaction_timeout_ms / 2 ||
        settings->message_timeout_ms >= settings->transaction_timeout_ms) {
        error_set(
            error, STOP,
            "cannot use these time limits: socket %d <= half of transaction %d > message %d",
            settings->socket_timeout_ms, settings->transaction_timeout_ms,
            settings->message_timeout_ms);
        return false;
    }
    return true;
}

static bool configure(rd_kafka_conf_t *conf, const struct producer_settings *settings,
                      struct error *error)
{
    return client_configure(conf, settings->bootstrap, settings->security, error) &&
           client_set(conf, "client.id", settings->transactional_id, error) &&
           (PRODUCER_PLAIN ||
            client_set(conf, "transactional.id", settings->transactional_id, error)) &&
           client_set_number(conf, "socket.timeout.ms", settings->socket_timeout_ms, error) &&
           client_set_number(conf, "message.timeout.ms", settings->message_timeout_ms, error) &&
           client_set_number(conf, "transaction.timeout.ms", settings->transaction_timeout_ms,
                             error);
}

static bool start(struct producer *producer, const struct producer_settings *settings,
                  struct error *error)
{
    rd_kafka_conf_t *conf = rd_kafka_conf_new();

    if (!configure(conf, settings, error)) {
        rd_kafka_conf_destroy(conf);
        return false;
    }
    rd_kafka_conf_set_dr_msg_cb(conf, on_report);
    rd_kafka_conf_interceptor_add_on_new(conf, "commit_requests", on_new, producer);
    producer->client = client_new(conf, &producer->owner, error);
    return producer->client != NULL;
}

static bool slice_copy(struct slice from, struct slice *to)
{
    char *bytes = malloc(from.size + 1);

    if (bytes == NULL)
        return false;
    if (from.size > 0)
        memcpy(bytes, from.data, from.size);
    *to = (struct slice){bytes, from.size};
    return true;
}

static bool add_topic(struct producer *producer, const struct publish_topic *topic,
                      struct error *error)
{
    struct producer_topic *to = &producer->topics[producer->topic_count++];

    if (topic->header_count > PRODUCER_TOPIC_HEADERS) {
        error_set(error, STOP, "cannot add %zu headers to \"%s\": at most %d",
                  topic->header_count, topic->name, PRODUCER_TOPIC_HEADERS);
        return false;
    }
    for (size_t i = 0; i < topic->header_count; i++) {
        to->header_count++;
        if (!slice_copy(topic->headers[i].name, &to->headers[i].name) ||
            !slice_copy(topic->headers[i].value, &to->headers[i].value)) {
            error_set(error, STOP, "cannot make a producer: no memory");
            return false;
        }
    }
    to->handle = rd_kafka_topic_new(producer->client, topic->name, NULL);
    if (to->handle == NULL)
        error_set(error, STOP, "cannot produce to \"%s\": %s", topic->name,
                  rd_kafka_err2str(rd_kafka_last_error()));
    return to->handle != NULL;
}

static bool add_topics(struct producer *producer, const struct producer_settings *settings,
                       struct error *error)
{
    for (size_t i = 0; i < settings->topic_count; i++) {
        if (!add_topic(producer, &settings->topics[i], error))
            return false;
    }
    return true;
}

struct producer *producer_new(const struct producer_settings *settings, struct error *error)
{
    if (!settings_ordered(settings, error))
        return NULL;
    struct producer *producer = calloc(1, sizeof *producer);
    if (producer == NULL) {
        error_set(error, STOP, "cannot make a producer: no memory");
        return NULL;
    }
    producer->owner.log = settings->log;
    if (start(producer, settings, error) && add_topics(producer, settings, error))
        return producer;
    producer_free(producer);
    return NULL;
}

void producer_free(struct producer *producer)
{
    if (producer == NULL)
        return;
    for (size_t i = 0; i < producer->topic_count; i++) {
        struct producer_topic *topic = &producer->topics[i];
        if (topic->handle != NULL)
            rd_kafka_topic_destroy(topic->handle);
        for (size_t j = 0; j < topic->header_count; j++) {
            free((void *)topic->headers[j].name.data);
            free((void *)topic->headers[j].value.data);
        }
    }
    client_free(producer->client);
    free(producer);
}

enum published producer_judge_code(rd_kafka_resp_err_t code)
{
    switch ((int)code) {
    case RD_KAFKA_RESP_ERR_NO_ERROR:
        return PUBLISH_CLEAN;
    /* Somebody took our transactional.id, or our place in the group. */
    case RD_KAFKA_RESP_ERR__FENCED:
    case RD_KAFKA_RESP_ERR_PRODUCER_FENCED:
    case RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH:
    case RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID:
    case RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION:
    case RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID:
        return PUBLISH_FENCED;
    /* Not done in time. */
    case RD_KAFKA_RESP_ERR__TIMED_OUT:
    case RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE:
    case RD_KAFKA_RESP_ERR__TRANSPORT:
    case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
    case RD_KAFKA_RESP_ERR__QUEUE_FULL:
        return PUBLISH_RETRIABLE;
    }
    return PUBLISH_ABORTABLE;
}

/* What a fatal error came from: the client then says _FATAL, and keeps the cause beside it. */
static rd_kafka_resp_err_t cause_of(struct producer *producer, rd_kafka_resp_err_t code)
{
    char reason[CLIENT_REASON_SIZE];
    rd_kafka_resp_err_t cause = rd_kafka_fatal_error(producer->client, reason, sizeof reason);

    return cause == RD_KAFKA_RESP_ERR_NO_ERROR ? code : cause;
}

enum published producer_judge(struct producer *producer, const char *what,
                              rd_kafka_error_t *why, struct error *error)
{
    if (why == NULL)
        return PUBLISH_CLEAN;
    rd_kafka_resp_err_t code = cause_of(producer, rd_kafka_error_code(why));
    enum published published = producer_judge_code(code);

    if (published != PUBLISH_FENCED) {
        if (rd_kafka_error_is_fatal(why))
            published = PUBLISH_FATAL;
        else if (rd_kafka_error_txn_requires_abort(why))
            published = PUBLISH_ABORTABLE;
        else if (rd_kafka_error_is_retriable(why))
            published = PUBLISH_RETRIABLE;
    }
    error_set(error, RETRY, "could not %s: %s (%s)", what, rd_kafka_error_string(why),
              rd_kafka_err2name(code));
    rd_kafka_error_destroy(why);
    return published;
}

enum published producer_init(struct producer *producer, int timeout_ms, struct error *error)
{
    int64_t deadline_ms = monotonic_ms() + timeout_ms;
    int64_t left_ms = timeout_ms;
    enum published published;

    if (PRODUCER_PLAIN)
        return PUBLISH_CLEAN;
    /* One call ends early when a coordinator moves or answers late; the next goes on where it
     * stopped. */
    do {
        published = producer_judge(
            producer, "take the transactional.id",
            rd_kafka_init_transactions(producer->client, left_ms > 0 ? (int)left_ms : 1),
            error);
        left_ms = deadline_ms - monotonic_ms();
    } while (published == PUBLISH_RETRIABLE && left_ms > 0);
    return published;
}
