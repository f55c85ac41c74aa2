/*
 * What a poll brings: records, ends, errors, and when the membership is lost.
 */
#include "consume/handle.h"

#include "base/clock.h"

#include <stdlib.h>

bool code_means_lost(rd_kafka_resp_err_t code)
{
    switch ((int)code) {
    case RD_KAFKA_RESP_ERR__FATAL:
    case RD_KAFKA_RESP_ERR__FENCED:
    case RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID:
    case RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION:
    case RD_KAFKA_RESP_ERR__MAX_POLL_EXCEEDED:
    /* The log no longer has the offset we want: the next claim finds out what that means. */
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
    case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
        return true;
    }
    return false;
}

void consumer_lose(struct consumer *consumer, const char *reason)
{
    if (consumer->lost)
        return;
    consumer->lost = true;
    error_set(&consumer->lost_reason, RETRY, "lost the membership: %s", reason);
}

/* Errors of the client's own making (below 0: transport, resolving, all brokers down,
 * time-outs) are faces of one matter: the brokers are away. */
static rd_kafka_resp_err_t kind_of(rd_kafka_resp_err_t code)
{
    return code < 0 ? RD_KAFKA_RESP_ERR__TRANSPORT : code;
}

void consumer_report(struct consumer *consumer, rd_kafka_resp_err_t code, const char *topic,
                     const char *reason)
{
    int64_t now_ms = monotonic_ms();
    rd_kafka_resp_err_t kind = kind_of(code);

    if (kind == consumer->error_kind && now_ms < consumer->error_quiet_until_ms)
        return;
    consumer->error_kind = kind;
    consumer->error_quiet_until_ms = now_ms + CONSUMER_ERROR_QUIET_MS;
    consumer->error_pending = true;
    if (topic == NULL)
        error_set(&consumer->error, RETRY, "could not reach kafka: %s", reason);
    else
        error_set(&consumer->error, RETRY, "could not read \"%s\": %s", topic, reason);
}

/* Something came from a broker: what is away next is news again. */
static void all_is_well(struct consumer *consumer)
{
    consumer->error_kind = RD_KAFKA_RESP_ERR_NO_ERROR;
    consumer->error_quiet_until_ms = 0;
}

static void fill_place(const struct consumer *consumer, const struct assigned *assigned,
                       struct record *record)
{
    *record = (struct record){
        .source = (uint32_t)(assigned - consumer->sources.items),
        .topic = consumer->sources.names[assigned->topic],
        .partition = assigned->partition,
    };
}

/* False when there is no memory. Headers beyond RECORD_HEADERS are not read. */
static bool fill_headers(const rd_kafka_message_t *message, struct record *record)
{
    rd_kafka_headers_t *headers;

    if (rd_kafka_message_headers(message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return true;
    size_t count = rd_kafka_header_cnt(headers);
    if (count > RECORD_HEADERS)
        count = RECORD_HEADERS;
    if (count == 0)
        return true;
    record->headers = malloc(count * sizeof *record->headers);
    if (record->headers == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        const char *name;
        const void *value;
        size_t size;
        if (rd_kafka_header_get_all(headers, i, &name, &value, &size) !=
            RD_KAFKA_RESP_ERR_NO_ERROR)
            break;
        record->headers[record->header_count++] =
            (struct header){.name = slice_of(name), .value = {value, value == NULL ? 0 : size}};
    }
    return true;
}

/* Takes ownership of the message. */
static enum consumed hand_out(struct consumer *consumer, struct assigned *assigned,
                              rd_kafka_message_t *message, struct record *record,
                              struct error *error)
{
    rd_kafka_timestamp_type_t type;

    fill_place(consumer, assigned, record);
    record->offset = message->offset;
    record->timestamp_ms = rd_kafka_message_timestamp(message, &type);
    record->key = (struct slice){message->key, message->key == NULL ? 0 : message->key_len};
    record->value =
        (struct slice){message->payload, message->payload == NULL ? 0 : message->len};
    record->has_value = message->payload != NULL;
    record->handle = message;
    if (fill_headers(message, record)) {
        assigned_accept(assigned, message->offset, message->offset + 1);
        return CONSUMED_RECORD;
    }
    consumer_release(record);
    consumer_lose(consumer, "no memory for the headers of a record");
    *error = consumer->lost_reason;
    return CONSUMED_LOST;
}

void consumer_release(struct record *record)
{
    if (record->handle == NULL)
        return;
    free(record->headers);
    rd_kafka_message_destroy(record->handle);
    *record = (struct record){0};
}

/* The end of a partition carries the next offset to fetch. */
static enum consumed take_end(struct consumer *consumer, struct assigned *assigned,
                              rd_kafka_message_t *message, struct record *record)
{
    int64_t next = message->offset;

    rd_kafka_message_destroy(message);
    if (!assigned_accept(assigned, next, next))
        return CONSUMED_NOTHING;
    fill_place(consumer, assigned, record);
    record->offset = next;
    return CONSUMED_END;
}

/* A record or an end of a partition. Takes ownership of the message. */
static enum consumed take_message(struct consumer *consumer, rd_kafka_message_t *message,
                                  struct record *record, struct error *error)
{
    struct assigned *assigned =
        sources_find(&consumer->sources, rd_kafka_topic_name(message->rkt), message->partition);

    all_is_well(consumer);
    if (assigned == NULL) {
        rd_kafka_message_destroy(message);
        return CONSUMED_NOTHING;
    }
    if (consumer->holding_back) {
        consumer_keep(consumer, assigned, message);
        return CONSUMED_NOTHING;
    }
    assigned->fetched = true;
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF)
        return take_end(consumer, assigned, message, record);
    if (message->offset < assigned->expected) {
        consumer->rewound++;
        rd_kafka_message_destroy(message);
        return CONSUMED_NOTHING;
    }
    return hand_out(consumer, assigned, message, record, error);
}

/* An error that came in the place of a record. Takes ownership of the message. */
static void take_error(struct consumer *consumer, rd_kafka_message_t *message)
{
    const char *topic = message->rkt == NULL ? NULL : rd_kafka_topic_name(message->rkt);
    const char *reason = rd_kafka_message_errstr(message);

    if (code_means_lost(message->err))
        consumer_lose(consumer, reason);
    else
        consumer_report(consumer, message->err, topic, reason);
    rd_kafka_message_destroy(message);
}

static rd_kafka_message_t *next_message(struct consumer *consumer, int timeout_ms)
{
    rd_kafka_message_t *message = consumer_take_kept(consumer);

    /* What is there is taken without a look at the clock. */
    if (message == NULL)
        message = rd_kafka_consumer_poll(consumer->client, 0);
    if (message == NULL && timeout_ms > 0)
        message = rd_kafka_consumer_poll(consumer->client, timeout_ms);
    return message;
}

static bool is_error(const rd_kafka_message_t *message)
{
    return message->err != RD_KAFKA_RESP_ERR_NO_ERROR &&
           message->err != RD_KAFKA_RESP_ERR__PARTITION_EOF;
}

/* librdkafka may run the rebalance callback and return a first record in one call. The caller
 * may drop what it has when its assignment changes, and must not drop that record: it waits for
 * the next call. */
enum consumed consumer_poll(struct consumer *consumer, int timeout_ms, struct record *record,
                            struct error *error)
{
    enum consumed consumed = CONSUMED_NOTHING;
    uint32_t assignment = consumer->assignment;
    if (!consumer_join_due(consumer, error))
        consumer_lose(consumer, error->text);
    rd_kafka_message_t *message = consumer->lost ? NULL : next_message(consumer, timeout_ms);

    if (message != NULL && is_error(message))
        take_error(consumer, message);
    else if (message != NULL && assignment != consumer->assignment)
        consumer_put_back(consumer, message);
    else if (message != NULL)
        consumed = take_message(consumer, message, record, error);
    if (consumed != CONSUMED_NOTHING)
        return consumed;
    if (consumer->lost) {
        *error = consumer->lost_reason;
        return CONSUMED_LOST;
    }
    if (consumer->error_pending) {
        consumer->error_pending = false;
        *error = consumer->error;
        return CONSUMED_ERROR;
    }
    return CONSUMED_NOTHING;
}

uint64_t consumer_rewound(const struct consumer *consumer)
{
    return consumer->rewound;
}
