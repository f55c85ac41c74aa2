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

static int left_ms(int64_t deadline_ms)
{
    int64_t left = deadline_ms - monotonic_ms();

    return left > 1 ? (int)left : 1;
}

/* One question for all partitions of the list: a time, or the place that RD_KAFKA_OFFSET_BEGINNING or
 * RD_KAFKA_OFFSET_END names, for which the protocol has the same request. The answers replace it. */
static enum outcome ask_offsets(struct consumer *consumer,
                                rd_kafka_topic_partition_list_t *list, int64_t asked,
                                int64_t deadline_ms, const char *what, struct error *error)
{
    for (int i = 0; i < list->cnt; i++)
        list->elems[i].offset = asked;
    rd_kafka_resp_err_t code =
        rd_kafka_offsets_for_times(consumer->client, list, left_ms(deadline_ms));
    const rd_kafka_topic_partition_t *failed = first_failed(list);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return unanswered(error, what, code);
    return failed == NULL ? OK : unanswered_at(error, what, failed);
}

/* Each partition's end is asked first: a log only grows at its end and shrinks at its start, so that first <= next
 * holds unless all that there was has been deleted in between. */
enum outcome consumer_log_bounds(struct consumer *consumer, struct log_bounds *bounds,
                                 size_t count, int timeout_ms, struct error *error)
{
    int64_t deadline_ms = monotonic_ms() + timeout_ms;

    if (count == 0)
        return OK;
    rd_kafka_topic_partition_list_t *ends = rd_kafka_topic_partition_list_new((int)count);
    for (size_t i = 0; i < count; i++)
        rd_kafka_topic_partition_list_add(ends, bounds[i].at.topic, bounds[i].at.partition);
    rd_kafka_topic_partition_list_t *starts = rd_kafka_topic_partition_list_copy(ends);
    enum outcome outcome =
        ask_offsets(consumer, ends, RD_KAFKA_OFFSET_END, deadline_ms, "the end", error);
    if (outcome == OK)
        outcome = ask_offsets(consumer, starts, RD_KAFKA_OFFSET_BEGINNING, deadline_ms,
                              "the start", error);
    /* The answers keep the order of the questions. */
    for (size_t i = 0; outcome == OK && i < count; i++) {
        bounds[i].first = starts->elems[i].offset;
        bounds[i].next = ends->elems[i].offset;
    }
    rd_kafka_topic_partition_list_destroy(starts);
    rd_kafka_topic_partition_list_destroy(ends);
    return outcome;
}

/* Where no record is that late, the answer is "the end": asked again as a number, of all such at once. */
static enum outcome ends_fill(struct consumer *consumer, struct position *positions,
                              const rd_kafka_topic_partition_list_t *answers,
                              int64_t deadline_ms, struct error *error)
{
    int end = 0;
    rd_kafka_topic_partition_list_t *ends = rd_kafka_topic_partition_list_new(answers->cnt);
    for (int i = 0; i < answers->cnt; i++)
        if (answers->elems[i].offset < 0)
            rd_kafka_topic_partition_list_add(ends, answers->elems[i].topic,
                                              answers->elems[i].partition);
    enum outcome outcome = OK;
    if (ends->cnt > 0)
        outcome =
            ask_offsets(consumer, ends, RD_KAFKA_OFFSET_END, deadline_ms, "the end", error);
    for (int i = 0; outcome == OK && i < answers->cnt; i++)
        positions[i].offset =
            answers->elems[i].offset < 0 ? ends->elems[end++].offset : answers->elems[i].offset;
    rd_kafka_topic_partition_list_destroy(ends);
    return outcome;
}

enum outcome consumer_offsets_for_time(struct consumer *consumer, struct position *positions,
                                       size_t count, int64_t time_ms, int timeout_ms,
                                       struct error *error)
{
    int64_t deadline_ms = monotonic_ms() + timeout_ms;

    if (count == 0)
        return OK;
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)count);
    for (size_t i = 0; i < count; i++)
        rd_kafka_topic_partition_list_add(list, positions[i].at.topic,
                                          positions[i].at.partition);
    enum outcome outcome =
        ask_offsets(consumer, list, time_ms, deadline_ms, "the offset by time", error);
    if (outcome == OK)
        outcome = ends_fill(consumer, positions, list, deadline_ms, error);
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
