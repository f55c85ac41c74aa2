/*
 * What Kafka keeps of a consumer group: the offsets committed, the partitions its members are assigned. Asked by admin
 * requests, because who commands is not a member.
 */
#include "broker_client.h"

#include <stdio.h>
#include <string.h>

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
    else
        broker_renew(broker); /* for who asks again */
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
    rd_kafka_topic_partition_list_t *list = broker_list(position, 1);
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
