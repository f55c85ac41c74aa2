/*
 * The life of a consumer: configured and subscribed, assigned and unassigned inside
 * librdkafka's rebalance callback, closed or dropped. What it reads in between is in poll.c.
 */
#include "consume/handle.h"

#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REASON_SIZE = 256 };

static void on_log(const rd_kafka_t *client, int level, const char *facility,
                   const char *message)
{
    struct consumer *consumer = rd_kafka_opaque(client);

    client_log_write(consumer->log, monotonic_ms(), level, facility, message);
}

/* Called by polling: errors of the client as a whole. */
static void on_error(rd_kafka_t *client, int code, const char *reason, void *opaque)
{
    char fatal[REASON_SIZE] = "";

    if (code == RD_KAFKA_RESP_ERR__FATAL) {
        rd_kafka_fatal_error(client, fatal, sizeof fatal);
        consumer_lose(opaque, fatal);
    } else if (code_means_lost((rd_kafka_resp_err_t)code)) {
        consumer_lose(opaque, reason);
    } else {
        consumer_report(opaque, (rd_kafka_resp_err_t)code, NULL, reason);
    }
}

static size_t list_copy(const rd_kafka_topic_partition_list_t *list,
                        struct topic_partition *partitions)
{
    size_t count = 0;

    for (int i = 0; i < list->cnt && count < PARTITION_BOUND; i++) {
        struct topic_partition *to = &partitions[count++];
        snprintf(to->topic, sizeof to->topic, "%s", list->elems[i].topic);
        to->partition = list->elems[i].partition;
    }
    return count;
}

/* Runs inside rd_kafka_consumer_poll() and rd_kafka_consumer_close(). */
static void on_rebalance(rd_kafka_t *client, rd_kafka_resp_err_t code,
                         rd_kafka_topic_partition_list_t *list, void *opaque)
{
    struct consumer *consumer = opaque;
    const struct consumer_callbacks *callbacks = &consumer->callbacks;
    struct topic_partition *partitions = calloc(PARTITION_BOUND, sizeof *partitions);

    consumer->answered = false;
    if (partitions == NULL || list->cnt > PARTITION_BOUND)
        consumer_lose(consumer, "more partitions were assigned than one process may own");
    else if (code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS)
        callbacks->on_assigned(callbacks->context, partitions, list_copy(list, partitions));
    else if (rd_kafka_assignment_lost(client))
        callbacks->on_lost(callbacks->context, partitions, list_copy(list, partitions));
    else if (code == RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS)
        callbacks->on_revoked(callbacks->context, partitions, list_copy(list, partitions));
    free(partitions);
    if (consumer->answered)
        return;
    /* librdkafka waits for an answer for ever; none means that we want nothing. */
    if (code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS)
        consumer_assign(consumer, NULL, 0, NULL);
    else
        consumer_unassign(consumer, NULL);
}

static bool set(rd_kafka_conf_t *conf, const char *name, const char *value, struct error *error)
{
    char reason[REASON_SIZE];

    if (value != NULL &&
        rd_kafka_conf_set(conf, name, value, reason, sizeof reason) == RD_KAFKA_CONF_OK)
        return true;
    error_set(error, STOP, "cannot set \"%s\": %s", name, value == NULL ? "no value" : reason);
    return false;
}

static bool set_number(rd_kafka_conf_t *conf, const char *name, int number, struct error *error)
{
    char text[16];

    snprintf(text, sizeof text, "%d", number);
    return set(conf, name, text, error);
}

/* What holds for every consumer of Kerja; delivery depends on the first five. */
static const char *const fixed_settings[][2] = {
    {"enable.auto.commit", "false"},
    {"enable.auto.offset.store", "false"},
    {"isolation.level", "read_committed"},
    {"auto.offset.reset", "error"},
    {"enable.partition.eof", "true"},
    {"partition.assignment.strategy", "range"},
    {"allow.auto.create.topics", "false"},
    {"log.connection.close", "false"},
    /* A record is fetched as soon as it is there, and a broker that is back is found at once.
     */
    {"fetch.min.bytes", "1"},
    {"reconnect.backoff.max.ms", "1000"},
    {"fetch.max.bytes", "4194304"},
};

static bool configure(rd_kafka_conf_t *conf, const struct consumer_settings *settings,
                      struct error *error)
{
    int prefetch = settings->prefetch_messages;

    for (size_t i = 0; i < sizeof fixed_settings / sizeof *fixed_settings; i++) {
        if (!set(conf, fixed_settings[i][0], fixed_settings[i][1], error))
            return false;
    }
    for (size_t i = 0; settings->security != NULL && i < settings->security->count; i++) {
        const struct property *property = &settings->security->items[i];
        if (!set(conf, property->name, property->value, error))
            return false;
    }
    return set(conf, "bootstrap.servers", settings->bootstrap, error) &&
           set(conf, "group.id", settings->group, error) &&
           set(conf, "group.instance.id", settings->instance, error) &&
           set(conf, "client.id", settings->instance, error) &&
           set_number(conf, "socket.timeout.ms", settings->socket_timeout_ms, error) &&
           set_number(conf, "session.timeout.ms", settings->session_timeout_ms, error) &&
           set_number(conf, "heartbeat.interval.ms", settings->session_timeout_ms / 10,
                      error) &&
           set_number(conf, "max.poll.interval.ms", settings->max_poll_interval_ms, error) &&
           set_number(conf, "socket.connection.setup.timeout.ms", CONSUMER_SETUP_TIMEOUT_MS,
                      error) &&
           set_number(conf, "queued.min.messages", prefetch == 0 ? CONSUMER_PREFETCH : prefetch,
                      error) &&
           set_number(conf, "queued.max.messages.kbytes", CONSUMER_PREFETCH_KB, error);
}

static bool settings_ordered(const struct consumer_settings *settings, struct error *error)
{
    if (settings->topic_count == 0 || settings->topic_count > CONSUMER_TOPICS) {
        error_set(error, STOP, "cannot consume %zu topics: 1 to %d", settings->topic_count,
                  CONSUMER_TOPICS);
        return false;
    }
    if (settings->socket_timeout_ms >= settings->session_timeout_ms ||
        settings->session_timeout_ms >= settings->max_poll_interval_ms) {
        error_set(error, STOP,
                  "cannot use these time limits: socket %d < session %d < max poll interval %d",
                  settings->socket_timeout_ms, settings->session_timeout_ms,
                  settings->max_poll_interval_ms);
        return false;
    }
    return true;
}

static bool start(struct consumer *consumer, const struct consumer_settings *settings,
                  struct error *error)
{
    char reason[REASON_SIZE];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();

    if (!configure(conf, settings, error)) {
        rd_kafka_conf_destroy(conf);
        return false;
    }
    rd_kafka_conf_set_opaque(conf, consumer);
    rd_kafka_conf_set_log_cb(conf, on_log);
    rd_kafka_conf_set_error_cb(conf, on_error);
    rd_kafka_conf_set_rebalance_cb(conf, on_rebalance);
    consumer->client = rd_kafka_new(RD_KAFKA_CONSUMER, conf, reason, sizeof reason);
    if (consumer->client == NULL) {
        rd_kafka_conf_destroy(conf);
        error_set(error, STOP, "cannot make a consumer: %s", reason);
        return false;
    }
    /* One without a broker would be made all the same, and wait for ever. */
    if (rd_kafka_brokers_add(consumer->client, settings->bootstrap) == 0) {
        error_set(error, STOP,
                  "cannot make a consumer: \"%.200s\" names no broker, expected "
                  "host:port separated by commas",
                  settings->bootstrap);
        return false;
    }
    rd_kafka_poll_set_consumer(consumer->client);
    return true;
}

static bool subscribe(struct consumer *consumer, struct error *error)
{
    const struct sources *sources = &consumer->sources;
    rd_kafka_topic_partition_list_t *list =
        rd_kafka_topic_partition_list_new((int)sources->name_count);

    for (size_t i = 0; i < sources->name_count; i++)
        rd_kafka_topic_partition_list_add(list, sources->names[i], RD_KAFKA_PARTITION_UA);
    rd_kafka_resp_err_t code = rd_kafka_subscribe(consumer->client, list);
    rd_kafka_topic_partition_list_destroy(list);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        error_set(error, STOP, "cannot subscribe: %s", rd_kafka_err2str(code));
    return code == RD_KAFKA_RESP_ERR_NO_ERROR;
}

bool consumer_join_due(struct consumer *consumer, struct error *error)
{
    if (consumer->joined || monotonic_ms() < consumer->join_at_ms)
        return true;
    consumer->joined = subscribe(consumer, error);
    return consumer->joined;
}

struct consumer *consumer_new(const struct consumer_settings *settings,
                              const struct consumer_callbacks *callbacks, struct error *error)
{
    if (!settings_ordered(settings, error))
        return NULL;
    struct consumer *consumer = calloc(1, sizeof *consumer);
    if (consumer == NULL) {
        error_set(error, STOP, "cannot make a consumer: no memory");
        return NULL;
    }
    consumer->log = settings->log;
    consumer->join_at_ms = settings->join_at_ms;
    consumer->callbacks = *callbacks;
    if (!sources_init(&consumer->sources, settings->topics, settings->topic_count)) {
        error_set(error, STOP, "cannot make a consumer: no memory");
    } else if (start(consumer, settings, error)) {
        if (consumer_join_due(consumer, error))
            return consumer;
    }
    consumer_free(consumer);
    return NULL;
}

/* Messages kept back belong to the client: they go before it. */
static void destroy(struct consumer *consumer)
{
    consumer_forget_assignment(consumer);
    rd_kafka_destroy_flags(consumer->client, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
    consumer->client = NULL;
}

void consumer_free(struct consumer *consumer)
{
    if (consumer == NULL)
        return;
    if (consumer->client != NULL)
        destroy(consumer);
    sources_release(&consumer->sources);
    free(consumer);
}

void consumer_close(struct consumer *consumer)
{
    if (consumer != NULL)
        rd_kafka_consumer_close(consumer->client);
}

void consumer_forget_assignment(struct consumer *consumer)
{
    struct sources *sources = &consumer->sources;
    rd_kafka_topic_partition_list_t *paused =
        rd_kafka_topic_partition_list_new((int)sources->count);

    for (size_t i = 0; i < sources->count; i++) {
        struct assigned *assigned = &sources->items[i];
        if (assigned->paused)
            rd_kafka_topic_partition_list_add(paused, sources->names[assigned->topic],
                                              assigned->partition);
    }
    if (paused->cnt > 0)
        rd_kafka_resume_partitions(consumer->client, paused);
    rd_kafka_topic_partition_list_destroy(paused);
    while (consumer->kept_first < consumer->kept_count)
        rd_kafka_message_destroy(consumer->kept[consumer->kept_first++]);
    consumer->kept_first = consumer->kept_count = 0;
    sources_clear(sources);
    consumer->assignment++;
}

/* Takes the list as sources; a position that cannot be one fails the whole. */
static bool take_sources(struct consumer *consumer, const struct position *positions,
                         size_t count, rd_kafka_topic_partition_list_t *list,
                         struct error *error)
{
    for (size_t i = 0; i < count; i++) {
        const struct topic_partition *at = &positions[i].at;
        if (!sources_add(&consumer->sources, &positions[i])) {
            error_set(error, STOP,
                      "cannot assign \"%s\" partition %d: not ours, or there twice", at->topic,
                      (int)at->partition);
            return false;
        }
        rd_kafka_topic_partition_list_add(list, at->topic, at->partition)->offset =
            positions[i].offset;
    }
    return true;
}

enum outcome consumer_assign(struct consumer *consumer, const struct position *positions,
                             size_t count, struct error *error)
{
    enum outcome outcome = OK;
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)count);

    consumer_forget_assignment(consumer);
    if (!take_sources(consumer, positions, count, list, error)) {
        sources_clear(&consumer->sources);
        outcome = STOP;
    } else {
        rd_kafka_resp_err_t code = rd_kafka_assign(consumer->client, list);
        consumer->answered = true;
        if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
            outcome = error_set(error, RETRY, "could not assign %zu partitions: %s", count,
                                rd_kafka_err2str(code));
    }
    rd_kafka_topic_partition_list_destroy(list);
    return outcome;
}

enum outcome consumer_unassign(struct consumer *consumer, struct error *error)
{
    consumer_forget_assignment(consumer);
    rd_kafka_resp_err_t code = rd_kafka_assign(consumer->client, NULL);
    consumer->answered = true;
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
        return OK;
    return error_set(error, RETRY, "could not unassign: %s", rd_kafka_err2str(code));
}
