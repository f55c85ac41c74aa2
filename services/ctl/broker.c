#include "broker.h"

#include "base/clock.h"

#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ANSWER_TIMEOUT_MS = 15000, LEADER_PAUSE_MS = 250, REASON_SIZE = 256 };

struct broker {
    rd_kafka_t *client; /* ends: read_uncommitted */
    rd_kafka_t *reader; /* records: read_committed */
    rd_kafka_queue_t *answers;
    char *bootstrap;
    const struct properties *security;
    struct client_log *log;
    rd_kafka_message_t *message;
    struct header headers[RECORD_HEADERS];
    struct place {
        struct topic_partition at;
        bool ended;
    } * places; /* being read */
    size_t place_count;
};

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
    broker->client = client_new(broker, "read_uncommitted", error);
    if (broker->client == NULL) {
        broker_close(broker);
        return NULL;
    }
    broker->answers = rd_kafka_queue_new(broker->client);
    return broker;
}

void broker_close(struct broker *broker)
{
    if (broker == NULL)
        return;
    if (broker->message != NULL)
        rd_kafka_message_destroy(broker->message);
    if (broker->answers != NULL)
        rd_kafka_queue_destroy(broker->answers);
    if (broker->reader != NULL)
        rd_kafka_destroy(broker->reader);
    if (broker->client != NULL)
        rd_kafka_destroy(broker->client);
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

static rd_kafka_topic_partition_list_t *list_of(const struct position *positions, size_t count)
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
    rd_kafka_topic_partition_list_t *list = list_of(positions, count);
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

/* Waits for the answer of an admin request; NULL with a reason. */
static rd_kafka_event_t *answer_of(struct broker *broker, const char *what, const char *group,
                                   struct error *error)
{
    rd_kafka_event_t *event = rd_kafka_queue_poll(broker->answers, ANSWER_TIMEOUT_MS);
    if (event == NULL) {
        error_set(error, RETRY, "could not ask Kafka for %s of group \"%s\": no answer", what,
                  group);
        return NULL;
    }
    if (rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR_NO_ERROR)
        return event;
    error_set(error, RETRY, "could not ask Kafka for %s of group \"%s\": %s", what, group,
              rd_kafka_event_error_string(event));
    rd_kafka_event_destroy(event);
    return NULL;
}

static struct position *position_find(struct position *positions, size_t count,
                                      const char *topic, int32_t partition)
{
    for (size_t i = 0; i < count; i++)
        if (positions[i].at.partition == partition && strcmp(positions[i].at.topic, topic) == 0)
            return &positions[i];
    return NULL;
}

static enum outcome position_add(struct position *positions, size_t room, size_t *count,
                                 const rd_kafka_topic_partition_t *from, int64_t offset,
                                 struct error *error)
{
    if (position_find(positions, *count, from->topic, from->partition) != NULL)
        return OK;
    if (*count == room)
        return error_set(error, STOP, "cannot hold more than %zu partitions of a group", room);
    struct position *to = &positions[(*count)++];
    snprintf(to->at.topic, sizeof to->at.topic, "%s", from->topic);
    to->at.partition = from->partition;
    to->offset = offset;
    return OK;
}

static enum outcome committed_ask(struct broker *broker, const char *group,
                                  struct position *positions, size_t room, size_t *count,
                                  struct error *error)
{
    enum outcome outcome = OK;
    size_t group_count = 0, groups = 0;
    rd_kafka_ListConsumerGroupOffsets_t *request =
        rd_kafka_ListConsumerGroupOffsets_new(group, NULL);
    rd_kafka_AdminOptions_t *options =
        rd_kafka_AdminOptions_new(broker->client, RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS);
    rd_kafka_error_destroy(rd_kafka_AdminOptions_set_require_stable_offsets(options, 1));
    rd_kafka_ListConsumerGroupOffsets(broker->client, &request, 1, options, broker->answers);
    rd_kafka_AdminOptions_destroy(options);
    rd_kafka_ListConsumerGroupOffsets_destroy(request);
    rd_kafka_event_t *event = answer_of(broker, "the offsets", group, error);
    if (event == NULL)
        return RETRY;
    const rd_kafka_group_result_t **results = rd_kafka_ListConsumerGroupOffsets_result_groups(
        rd_kafka_event_ListConsumerGroupOffsets_result(event), &groups);
    for (; group_count < groups && outcome == OK; group_count++) {
        const rd_kafka_error_t *why = rd_kafka_group_result_error(results[group_count]);
        const rd_kafka_topic_partition_list_t *list =
            rd_kafka_group_result_partitions(results[group_count]);
        if (why != NULL)
            outcome = error_set(error, RETRY, "could not read the offsets of group \"%s\": %s",
                                group, rd_kafka_error_string(why));
        for (int i = 0; outcome == OK && list != NULL && i < list->cnt; i++) {
            if (list->elems[i].err != RD_KAFKA_RESP_ERR_NO_ERROR)
                outcome =
                    error_set(error, RETRY, "could not read the offsets of group \"%s\": %s",
                              group, rd_kafka_err2str(list->elems[i].err));
            else if (list->elems[i].offset >= 0)
                outcome = position_add(positions, room, count, &list->elems[i],
                                       list->elems[i].offset, error);
        }
    }
    rd_kafka_event_destroy(event);
    return outcome;
}

/* Adds what the members are assigned; a group is settled when it is stable or empty. */
static enum outcome assigned_ask(struct broker *broker, const char *group,
                                 struct position *positions, size_t room, size_t *count,
                                 bool *settled, struct error *error)
{
    enum outcome outcome = OK;
    size_t groups = 0;
    rd_kafka_DescribeConsumerGroups(broker->client, &group, 1, NULL, broker->answers);
    rd_kafka_event_t *event = answer_of(broker, "the members", group, error);
    if (event == NULL)
        return RETRY;
    const rd_kafka_ConsumerGroupDescription_t **results =
        rd_kafka_DescribeConsumerGroups_result_groups(
            rd_kafka_event_DescribeConsumerGroups_result(event), &groups);
    *settled = false;
    for (size_t g = 0; g < groups; g++) {
        rd_kafka_consumer_group_state_t state =
            rd_kafka_ConsumerGroupDescription_state(results[g]);
        *settled = state == RD_KAFKA_CONSUMER_GROUP_STATE_STABLE ||
                   (state == RD_KAFKA_CONSUMER_GROUP_STATE_EMPTY && *count > 0);
        size_t members = rd_kafka_ConsumerGroupDescription_member_count(results[g]);
        for (size_t m = 0; m < members; m++) {
            const rd_kafka_MemberAssignment_t *assignment =
                rd_kafka_MemberDescription_assignment(
                    rd_kafka_ConsumerGroupDescription_member(results[g], m));
            const rd_kafka_topic_partition_list_t *list =
                assignment == NULL ? NULL : rd_kafka_MemberAssignment_partitions(assignment);
            for (int i = 0; list != NULL && outcome == OK && i < list->cnt; i++)
                outcome = position_add(positions, room, count, &list->elems[i], -1, error);
        }
    }
    rd_kafka_event_destroy(event);
    return outcome;
}

enum outcome broker_group(struct broker *broker, const char *group, struct position *positions,
                          size_t *count, bool *settled, struct error *error)
{
    size_t room = *count, found = 0;
    enum outcome outcome = committed_ask(broker, group, positions, room, &found, error);
    if (outcome == OK)
        outcome = assigned_ask(broker, group, positions, room, &found, settled, error);
    if (outcome == OK)
        *count = found;
    return outcome;
}

/* What Kafka says of one partition whose offset was to be set. */
static enum outcome commit_answer(const rd_kafka_event_t *event, const char *group,
                                  struct error *error)
{
    size_t groups = 0;
    const rd_kafka_group_result_t **results = rd_kafka_AlterConsumerGroupOffsets_result_groups(
        rd_kafka_event_AlterConsumerGroupOffsets_result((rd_kafka_event_t *)event), &groups);
    const rd_kafka_error_t *why = groups == 1 ? rd_kafka_group_result_error(results[0]) : NULL;
    const rd_kafka_topic_partition_list_t *list =
        groups == 1 ? rd_kafka_group_result_partitions(results[0]) : NULL;
    rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR_UNKNOWN;
    if (why != NULL)
        code = rd_kafka_error_code(why);
    else if (list != NULL && list->cnt == 1)
        code = list->elems[0].err;
    switch ((int)code) {
    case RD_KAFKA_RESP_ERR_NO_ERROR:
        return OK;
    case RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID:
    case RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION:
    case RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS:
    case RD_KAFKA_RESP_ERR_GROUP_SUBSCRIBED_TO_TOPIC:
        return error_set(error, REJECT,
                         "could not set the offset of group \"%s\": it has members", group);
    }
    return error_set(error, RETRY, "could not set the offset of group \"%s\": %s", group,
                     rd_kafka_err2str(code));
}

enum outcome broker_commit(struct broker *broker, const char *group,
                           const struct position *position, const char *metadata,
                           struct error *error)
{
    rd_kafka_topic_partition_list_t *list = list_of(position, 1);
    list->elems[0].metadata = strdup(metadata);
    list->elems[0].metadata_size = list->elems[0].metadata == NULL ? 0 : strlen(metadata);
    rd_kafka_AlterConsumerGroupOffsets_t *request =
        rd_kafka_AlterConsumerGroupOffsets_new(group, list);
    rd_kafka_topic_partition_list_destroy(list);
    rd_kafka_AlterConsumerGroupOffsets(broker->client, &request, 1, NULL, broker->answers);
    rd_kafka_AlterConsumerGroupOffsets_destroy(request);
    rd_kafka_event_t *event = answer_of(broker, "a new offset", group, error);
    if (event == NULL)
        return RETRY;
    enum outcome outcome = commit_answer(event, group, error);
    rd_kafka_event_destroy(event);
    return outcome;
}

enum outcome broker_seek(struct broker *broker, const struct position *positions, size_t count,
                         struct error *error)
{
    if (broker->reader == NULL)
        broker->reader = client_new(broker, "read_committed", error);
    if (broker->reader == NULL)
        return STOP;
    rd_kafka_topic_partition_list_t *list = list_of(positions, count);
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
