#include "publish/client.h"

#include "base/clock.h"

#include <stdio.h>

static void on_log(const rd_kafka_t *client, int level, const char *facility,
                   const char *message)
{
    struct client_owner *owner = rd_kafka_opaque(client);

    client_log_write(owner->log, monotonic_ms(), level, facility, message);
}

/* Errors of the client as a whole reach the caller as results and missing reports; without this
 * they would be logged a second time. */
static void on_error(rd_kafka_t *client, int code, const char *reason, void *opaque)
{
    struct client_owner *owner = opaque;

    (void)client;
    client_log_write(owner->log, monotonic_ms(), 4,
                     rd_kafka_err2name((rd_kafka_resp_err_t)code), reason);
}

bool client_set(rd_kafka_conf_t *conf, const char *name, const char *value, struct error *error)
{
    char reason[CLIENT_REASON_SIZE];

    if (value != NULL &&
        rd_kafka_conf_set(conf, name, value, reason, sizeof reason) == RD_KAFKA_CONF_OK)
        return true;
    error_set(error, STOP, "cannot set \"%s\": %s", name, value == NULL ? "no value" : reason);
    return false;
}

bool client_set_number(rd_kafka_conf_t *conf, const char *name, int number, struct error *error)
{
    char text[16];

    snprintf(text, sizeof text, "%d", number);
    return client_set(conf, name, text, error);
}

static const char *const fixed_settings[][2] = {
    {"enable.idempotence", "true"},
    /* Java's: the same key goes to the same partition whoever writes it. */
    {"partitioner", "murmur2_random"},
    {"linger.ms", "0"},
    {"delivery.report.only.error", "false"},
    {"log.connection.close", "false"},
    {"reconnect.backoff.max.ms", "1000"},
    {"queue.buffering.max.messages", "200000"},
};

bool client_configure(rd_kafka_conf_t *conf, const char *bootstrap,
                      const struct properties *security, struct error *error)
{
    for (size_t i = 0; i < sizeof fixed_settings / sizeof *fixed_settings; i++) {
        if (!client_set(conf, fixed_settings[i][0], fixed_settings[i][1], error))
            return false;
    }
    for (size_t i = 0; security != NULL && i < security->count; i++) {
        if (!client_set(conf, security->items[i].name, security->items[i].value, error))
            return false;
    }
    return client_set(conf, "bootstrap.servers", bootstrap, error) &&
           client_set_number(conf, "socket.connection.setup.timeout.ms",
                             CLIENT_SETUP_TIMEOUT_MS, error);
}

rd_kafka_t *client_new(rd_kafka_conf_t *conf, struct client_owner *owner, struct error *error)
{
    char reason[CLIENT_REASON_SIZE];

    rd_kafka_conf_set_opaque(conf, owner);
    rd_kafka_conf_set_log_cb(conf, on_log);
    rd_kafka_conf_set_error_cb(conf, on_error);
    rd_kafka_t *client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, reason, sizeof reason);
    if (client == NULL) {
        rd_kafka_conf_destroy(conf);
        error_set(error, STOP, "cannot make a producer: %s", reason);
    }
    return client;
}

void client_free(rd_kafka_t *client)
{
    if (client == NULL)
        return;
    rd_kafka_purge(client, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT |
                               RD_KAFKA_PURGE_F_NON_BLOCKING);
    rd_kafka_destroy(client);
}

static void add_headers(rd_kafka_headers_t *to, const struct header *headers, size_t count)
{
    for (size_t i = 0; i < count; i++)
        rd_kafka_header_add(to, headers[i].name.data, (ssize_t)headers[i].name.size,
                            headers[i].value.data, (ssize_t)headers[i].value.size);
}

static rd_kafka_resp_err_t produce_once(rd_kafka_t *client, const struct client_record *record,
                                        rd_kafka_headers_t *headers)
{
    /* Keys are always copied by librdkafka; an empty one is none. */
    const rd_kafka_vu_t values[] = {
        {RD_KAFKA_VTYPE_RKT, {.rkt = record->topic}},
        {RD_KAFKA_VTYPE_PARTITION, {.i32 = RD_KAFKA_PARTITION_UA}},
        {RD_KAFKA_VTYPE_MSGFLAGS, {.i = record->flags}},
        {RD_KAFKA_VTYPE_KEY,
         {.mem = {record->key.size == 0 ? NULL : (void *)record->key.data, record->key.size}}},
        {RD_KAFKA_VTYPE_VALUE, {.mem = {(void *)record->value.data, record->value.size}}},
        {RD_KAFKA_VTYPE_TIMESTAMP, {.i64 = record->timestamp_ms}},
        {RD_KAFKA_VTYPE_HEADERS, {.headers = headers}},
    };
    rd_kafka_error_t *why = rd_kafka_produceva(client, values, sizeof values / sizeof *values);

    if (why == NULL)
        return RD_KAFKA_RESP_ERR_NO_ERROR;
    rd_kafka_resp_err_t code = rd_kafka_error_code(why);
    rd_kafka_error_destroy(why);
    return code;
}

rd_kafka_resp_err_t client_produce(rd_kafka_t *client, const struct client_record *record,
                                   int64_t deadline_ms)
{
    rd_kafka_headers_t *headers =
        rd_kafka_headers_new(record->constant_count + record->header_count);

    add_headers(headers, record->constant, record->constant_count);
    add_headers(headers, record->headers, record->header_count);
    rd_kafka_resp_err_t code = produce_once(client, record, headers);
    while (code == RD_KAFKA_RESP_ERR__QUEUE_FULL && monotonic_ms() < deadline_ms) {
        rd_kafka_poll(client, CLIENT_QUEUE_POLL_MS);
        code = produce_once(client, record, headers);
    }
    /* On success the headers went with the record. */
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        rd_kafka_headers_destroy(headers);
    return code;
}
