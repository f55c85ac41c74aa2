/*
 * Questions about positions. They may be asked on any thread: they use the client handle only,
 * which is made before and freed after all threads.
 */
#include "consume/handle.h"

#include "base/clock.h"

#include <stdio.h>
#include <string.h>

/* What is refused for good; everything else may be answered later. */
static bool refused(rd_kafka_resp_err_t code)
{
    switch ((int)code) {
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
    case RD_KAFKA_RESP_ERR__FATAL:
        return true;
    }
    return false;
}

static enum outcome unanswered(struct error *error, const char *what, rd_kafka_resp_err_t code)
{
    enum outcome outcome = refused(code) ? STOP : RETRY;

    return error_set(error, outcome, "%s read %s: %s", outcome == STOP ? "cannot" : "could not",
                     what, rd_kafka_err2str(code));
}

static enum outcome unanswered_at(struct error *error, const char *what,
                                  const rd_kafka_topic_partition_t *at)
{
    char text[TOPIC_NAME_SIZE + 64];

    snprintf(text, sizeof text, "%s of \"%s\" partition %d", what, at->topic,
             (int)at->partition);
    return unanswered(error, text, at->err);
}

/* The first partition of an answer that has an error, or NULL. */
static const rd_kafka_topic_partition_t *
first_failed(const rd_kafka_topic_partition_list_t *list)
{
    for (int i = 0; i < list->cnt; i++) {
        if (list->elems[i].err != RD_KAFKA_RESP_ERR_NO_ERROR)
            return &list->elems[i];
    }
    return NULL;
}

static void committed_fill(struct committed_position *committed,
                           const rd_kafka_topic_partition_t *answer)
{
    size_t size = answer->metadata == NULL ? 0 : answer->metadata_size;

    if (size >= COMMITTED_TAG_SIZE)
        size = COMMITTED_TAG_SIZE - 1;
    if (size > 0)
        memcpy(committed->tag, answer->metadata, size);
    committed->tag[size] = '\0';
    committed->position.offset = answer->offset < 0 ? COMMITTED_OFFSET_NONE : answer->offset;
}

enum outcome consumer_committed(struct consumer *consumer, struct committed_position *committed,
                                size_t count, int timeout_ms, struct error *error)
{
    enum outcome outcome = OK;

    if (count == 0)
        return OK;
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)count);
    for (size_t i = 0; i < count; i++)
        rd_kafka_topic_partition_list_add(list, committed[i].position.at.topic,
                                          committed[i].position.at.partition);
    rd_kafka_resp_err_t code = rd_kafka_committed(consumer->client, list, timeout_ms);
    const rd_kafka_topic_partition_t *failed = first_failed(list);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        outcome = unanswered(error, "the group's committed offsets", code);
    else if (failed != NULL)
        outcome = unanswered_at(error, "the committed offset", failed);
    /* The answer keeps the order of the question. */
    for (size_t i = 0; outcome == OK && i < count; i++)
        committed_fill(&committed[i], &list->elems[i]);
    rd_kafka_topic_partition_list_destroy(list);
    return outcome;
}

enum outcome consumer_log_bounds(struct consumer *consumer, const struct topic_partition *at,
                                 int timeout_ms, int64_t *first, int64_t *next,
                                 struct error *error)
{
    int64_t low = 0, high = 0;
    rd_kafka_resp_err_t code = rd_kafka_query_watermark_offsets(
        consumer->client, at->topic, at->partition, &low, &high, timeout_ms);

    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        rd_kafka_topic_partition_t failed = {
            .topic = (char *)at->topic, .partition = at->partition, .err = code};
        return unanswered_at(error, "the bounds", &failed);
    }
    *first = low;
    *next = high;
    return OK;
}

/* Where no record is that late, the answer is "the end": asked again as a number. */
static enum outcome end_of_log(struct consumer *consumer, struct position *position,
                               int timeout_ms, struct error *error)
{
    int64_t first;

    return consumer_log_bounds(consumer, &position->at, timeout_ms, &first, &position->offset,
                               error);
}

static enum outcome offsets_fill(struct consumer *consumer, struct position *positions,
                                 const rd_kafka_topic_partition_list_t *list,
                                 int64_t deadline_ms, struct error *error)
{
    for (int i = 0; i < list->cnt; i++) {
        positions[i].offset = list->elems[i].offset;
        if (list->elems[i].offset >= 0)
            continue;
        int64_t left_ms = deadline_ms - monotonic_ms();
        enum outcome outcome =
            end_of_log(consumer, &positions[i], left_ms > 1 ? (int)left_ms : 1, error);
        if (outcome != OK)
            return outcome;
    }
    return OK;
}

enum outcome consumer_offsets_for_time(struct consumer *consumer, struct position *positions,
                                       size_t count, int64_t time_ms, int timeout_ms,
                                       struct error *error)
{
    int64_t deadline_ms = monotonic_ms() + timeout_ms;
    enum outcome outcome;

    if (count == 0)
        return OK;
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)count);
    for (size_t i = 0; i < count; i++)
        rd_kafka_topic_partition_list_add(list, positions[i].at.topic,
                                          positions[i].at.partition)
            ->offset = time_ms;
    rd_kafka_resp_err_t code = rd_kafka_offsets_for_times(consumer->client, list, timeout_ms);
    const rd_kafka_topic_partition_t *failed = first_failed(list);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        outcome = unanswered(error, "offsets by time", code);
    else if (failed != NULL)
        outcome = unanswered_at(error, "the offset by time", failed);
    else
        outcome = offsets_fill(consumer, positions, list, deadline_ms, error);
    rd_kafka_topic_partition_list_destroy(list);
    return outcome;
}

enum outcome consumer_cluster_id(struct consumer *consumer, int timeout_ms, char *id,
                                 size_t size, struct error *error)
{
    char *told = rd_kafka_clusterid(consumer->client, timeout_ms);
    enum outcome outcome = OK;

    if (told == NULL)
        return error_set(error, RETRY, "could not read the cluster's id: no broker answered");
    if (strlen(told) >= size)
        outcome =
            error_set(error, REJECT, "cannot take the cluster's id: longer than %zu", size);
    else
        memcpy(id, told, strlen(told) + 1);
    rd_kafka_mem_free(consumer->client, told);
    return outcome;
}

int64_t consumer_lag(const struct consumer *consumer, uint32_t source)
{
    int64_t low = -1, high = -1;

    if (source >= consumer->sources.count)
        return -1;
    const struct assigned *assigned = &consumer->sources.items[source];
    const char *topic = consumer->sources.names[assigned->topic];
    if (rd_kafka_get_watermark_offsets(consumer->client, topic, assigned->partition, &low,
                                       &high) != RD_KAFKA_RESP_ERR_NO_ERROR ||
        high < 0)
        return -1;
    return high > assigned->expected ? high - assigned->expected : 0;
}
