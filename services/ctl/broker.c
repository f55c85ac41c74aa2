#include "broker_client.h"

#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LEADER_PAUSE_MS = 250, REASON_SIZE = 256 };

static void on_log(const rd_kafka_t *client, int level, const char *facility,
                   const char *message)
{
    struct broker *broker = rd_kafka_opaque(client);
    client_log_write(broker->log, monotonic_ms(), level, facility, message);
}

static void on_error(rd_kafka_t *client, int code, const char *reason, void *opaque)
{
    struct broker *broker = opaque;
    (void)client;
    client_log_write(broker->log, monotonic_ms(), 4,
                     rd_kafka_err2name((rd_kafka_resp_err_t)code), reason);
}

static rd_kafka_t *client_new(struct broker *broker, const char *isolation, struct error *error)
{
    const char *const settings[][2] = {{"bootstrap.servers", broker->bootstrap},
                                       {"client.id", "kerja-ctl"},
                                       {"group.id", "kerja-ctl"},
                                       {"isolation.level", isolation},
                                       {"enable.auto.commit", "false"},
                                       {"enable.partition.eof", "true"},
                                       {"auto.offset.reset", "earliest"},
                                       {"allow.auto.create.topics", "false"},
                                       {"log.connection.close", "false"},
                                       {"fetch.wait.max.ms", "100"},
                                       {"socket.connection.setup.timeout.ms", "5000"}};
    char reason[REASON_SIZE];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        if (rd_kafka_conf_set(conf, settings[i][0], settings[i][1], reason, sizeof reason) !=
            RD_KAFKA_CONF_OK) {
            error_set(error, STOP, "cannot set \"%s\": %s", settings[i][0], reason);
            rd_kafka_conf_destroy(conf);
            return NULL;
        }
    }
    for (size_t i = 0; i < broker->security->count; i++) {
        const struct property *property = &broker->security->items[i];
        if (rd_kafka_conf_set(conf, property->name, property->value, reason, sizeof reason) !=
            RD_KAFKA_CONF_OK) {
            error_set(error, STOP, "cannot set \"%s\": %s", property->name, reason);
            rd_kafka_conf_destroy(conf);
            return NULL;
        }
    }
    rd_kafka_conf_set_opaque(conf, broker);
    rd_kafka_conf_set_log_cb(conf, on_log);
    rd_kafka_conf_set_error_cb(conf, on_error);
    rd_kafka_t *client = rd_kafka_new(RD_KAFKA_CONSUMER, conf, reason, sizeof reason);
    if (client == NULL) {
        rd_kafka_conf_destroy(conf);
        error_set(error, STOP, "cannot make a Kafka client: %s", reason);
        return NULL;
    }
    rd_kafka_poll_set_consumer(client);
    return client;
}

static void client_drop(struct broker *broker)
{
    if (broker->answers != NULL)
        rd_kafka_queue_destroy(broker->answers);
    if (broker->client != NULL)
        rd_kafka_destroy(broker->client);
}

/* A new client in the place of the old; false when there is none to be had. */
static bool client_take(struct broker *broker, struct error *error)
{
    rd_kafka_t *client = client_new(broker, "read_uncommitted", error);
    if (client == NULL)
        return false;
    client_drop(broker);
    broker->client = client;
    broker->answers = rd_kafka_queue_new(client);
    return true;
}

struct broker *broker_open(const char *bootstrap, const struct properties *security,
                           struct client_log *log, struct error *error)
{
    struct broker *broker = calloc(1, sizeof *broker);
    if (broker == NULL || (broker->bootstrap = strdup(bootstrap)) == NULL) {
        free(broker);
        error_set(error, STOP, "cannot make a Kafka client: no memory");
        return NULL;
    }
    broker->log = log;
    broker->security = security;
    if (client_take(broker, error))
        return broker;
    broker_close(broker);
    return NULL;
}

void broker_renew(struct broker *broker)
{
    struct error error;
    client_take(broker, &error);
}

void broker_close(struct broker *broker)
{
    if (broker == NULL)
        return;
    if (broker->message != NULL)
        rd_kafka_message_destroy(broker->message);
    if (broker->reader != NULL)
        rd_kafka_destroy(broker->reader);
    client_drop(broker);
    free(broker->places);
    free(broker->bootstrap);
    free(broker);
}

enum outcome broker_cluster_id(struct broker *broker, char *id, size_t size,
                               struct error *error)
{
    char *found = rd_kafka_clusterid(broker->client, ANSWER_TIMEOUT_MS);
    if (found == NULL)
        return error_set(error, RETRY, "could not reach Kafka at \"%s\" within %d s",
                         broker->bootstrap, ANSWER_TIMEOUT_MS / 1000);
    snprintf(id, size, "%s", found);
    rd_kafka_mem_free(broker->client, found);
    return OK;
}

enum outcome broker_partition_count(struct broker *broker, const char *topic, int *count,
                                    struct error *error)
{
    const struct rd_kafka_metadata *metadata;
    rd_kafka_topic_t *handle = rd_kafka_topic_new(broker->client, topic, NULL);
    rd_kafka_resp_err_t code =
        rd_kafka_metadata(broker->client, 0, handle, &metadata, ANSWER_TIMEOUT_MS);
    rd_kafka_topic_destroy(handle);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return error_set(error, RETRY, "could not ask Kafka for topic \"%s\": %s", topic,
                         rd_kafka_err2str(code));
    *count = metadata->topic_cnt == 1 ? metadata->topics[0].partition_cnt : 0;
    rd_kafka_metadata_destroy(metadata);
    if (*count == 0)
        return error_set(error, REJECT, "cannot find topic \"%s\" in Kafka", topic);
    return OK;
}

rd_kafka_topic_partition_list_t *broker_list(const struct position *positions, size_t count)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)count);
    for (size_t i = 0; i < count; i++)
        rd_kafka_topic_partition_list_add(list, positions[i].at.topic,
                                          positions[i].at.partition)
            ->offset = positions[i].offset;
    return list;
}

static bool passes_by_itself(rd_kafka_resp_err_t code)
{
    switch ((int)code) {
    case RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION:
    case RD_KAFKA_RESP_ERR_REPLICA_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR__TRANSPORT:
        return true;
    }
    return false;
}

static rd_kafka_resp_err_t offsets_once(struct broker *broker, struct position *positions,
                                        size_t count, int64_t time_ms)
{
    rd_kafka_topic_partition_list_t *list = broker_list(positions, count);
    for (int i = 0; i < list->cnt; i++)
        list->elems[i].offset = time_ms;
    rd_kafka_resp_err_t code =
        rd_kafka_offsets_for_times(broker->client, list, ANSWER_TIMEOUT_MS);
    for (int i = 0; code == RD_KAFKA_RESP_ERR_NO_ERROR && i < list->cnt; i++) {
        code = list->elems[i].err;
        positions[i].offset = list->elems[i].offset;
    }
    rd_kafka_topic_partition_list_destroy(list);
    return code;
}

/* Asks for the offsets of one time; -1 is the end, -2 the start, as Kafka's protocol says. A topic that
 * was made a moment ago has no leader yet: that is waited for. */
static enum outcome offsets_ask(struct broker *broker, struct position *positions, size_t count,
                                int64_t time_ms, struct error *error)
{
    int64_t deadline_ms = monotonic_ms() + ANSWER_TIMEOUT_MS;
    if (count == 0)
        return OK;
    rd_kafka_resp_err_t code = offsets_once(broker, positions, count, time_ms);
    while (passes_by_itself(code) && monotonic_ms() < deadline_ms) {
        const struct timespec pause = {.tv_nsec = LEADER_PAUSE_MS * 1000000L};
        nanosleep(&pause, NULL);
        code = offsets_once(broker, positions, count, time_ms);
    }
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return error_set(error, RETRY, "could not ask Kafka for offsets: %s",
                         rd_kafka_err2str(code));
    return OK;
}

enum outcome broker_ends(struct broker *broker, struct position *positions, size_t count,
                         struct error *error)
{
    return offsets_ask(broker, positions, count, RD_KAFKA_OFFSET_END, error);
}

enum outcome broker_starts(struct broker *broker, struct position *positions, size_t count,
                           struct error *error)
{
    return offsets_ask(broker, positions, count, RD_KAFKA_OFFSET_BEGINNING, error);
}

enum outcome broker_offsets_at(struct broker *broker, struct position *positions, size_t count,
                               int64_t time_ms, struct error *error)
{
    enum outcome outcome = offsets_ask(broker, positions, count, time_ms, error);
    for (size_t i = 0; outcome == OK && i < count; i++)
        if (positions[i].offset < 0)
            outcome = broker_ends(broker, &positions[i], 1, error);
    return outcome;
}

enum outcome broker_seek(struct broker *broker, const struct position *positions, size_t count,
                         struct error *error)
{
    if (broker->reader == NULL)
        broker->reader = client_new(broker, "read_committed", error);
    if (broker->reader == NULL)
        return STOP;
    rd_kafka_topic_partition_list_t *list = broker_list(positions, count);
    rd_kafka_resp_err_t code = rd_kafka_assign(broker->reader, list);
    rd_kafka_topic_partition_list_destroy(list);
    free(broker->places);
    broker->places = calloc(count == 0 ? 1 : count, sizeof *broker->places);
    broker->place_count = broker->places == NULL ? 0 : count;
    for (size_t i = 0; i < broker->place_count; i++)
        broker->places[i].at = positions[i].at;
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return error_set(error, RETRY, "could not read from Kafka: %s", rd_kafka_err2str(code));
    return OK;
}

static void headers_read(struct broker *broker, struct record *record)
{
    rd_kafka_headers_t *headers;
    const char *name;
    const void *value;
    size_t size;
    if (rd_kafka_message_headers(broker->message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return;
    for (size_t i = 0; i < RECORD_HEADERS; i++) {
        if (rd_kafka_header_get_all(headers, i, &name, &value, &size) !=
            RD_KAFKA_RESP_ERR_NO_ERROR)
            break;
        broker->headers[i] = (struct header){slice_of(name), {value, size}};
        record->header_count = i + 1;
    }
    record->headers = broker->headers;
}

/* Notes the end of one place; true when all have been read to their end. */
static bool place_ends(struct broker *broker, const rd_kafka_message_t *message)
{
    size_t ended = 0;
    for (size_t i = 0; i < broker->place_count; i++) {
        struct place *place = &broker->places[i];
        if (place->at.partition == message->partition &&
            strcmp(place->at.topic, rd_kafka_topic_name(message->rkt)) == 0)
            place->ended = true;
        ended += place->ended;
    }
    return ended == broker->place_count;
}

bool broker_read(struct broker *broker, int timeout_ms, struct record *record, bool *at_end,
                 struct error *error)
{
    if (broker->message != NULL)
        rd_kafka_message_destroy(broker->message);
    broker->message = rd_kafka_consumer_poll(broker->reader, timeout_ms);
    rd_kafka_message_t *message = broker->message;
    if (message == NULL)
        return false;
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        *at_end = place_ends(broker, message);
        return false;
    }
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
        error_set(error, RETRY, "could not read from Kafka: %s",
                  rd_kafka_err2str(message->err));
        return false;
    }
    *record = (struct record){.topic = rd_kafka_topic_name(message->rkt),
                              .partition = message->partition,
                              .offset = message->offset,
                              .timestamp_ms = rd_kafka_message_timestamp(message, NULL),
                              .key = {message->key, message->key_len},
                              .value = {message->payload, message->len},
                              .has_value = message->payload != NULL};
    headers_read(broker, record);
    return true;
}
