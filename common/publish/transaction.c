/*
 * One transaction: begin, produce, flush with every report checked, offsets last, commit.
 */
#include "publish/handle.h"

#include "base/broken.h"
#include "base/clock.h"
#include "base/frame.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
    FLUSH_STEP_MS = 100 /* how long one wait for reports is, at most */
};

enum published producer_begin(struct producer *producer, struct error *error)
{
    atomic_store(&producer->end_txn_requests, 0);
    atomic_store(&producer->offset_requests, 0);
    producer->produced = producer->delivered = producer->failed = 0;
    producer->first_failure = RD_KAFKA_RESP_ERR_NO_ERROR;
    if (PRODUCER_PLAIN)
        return PUBLISH_CLEAN;
    return producer_judge(producer, "begin a transaction",
                          rd_kafka_begin_transaction(producer->client), error);
}

static enum published produce_frame(struct producer *producer, const struct frame *frame,
                                    int64_t deadline_ms, struct error *error)
{
    const struct producer_topic *topic = &producer->topics[frame->topic];
    const struct client_record record = {
        .topic = topic->handle,
        .key = frame->key,
        .value = frame->value,
        .constant = topic->headers,
        .constant_count = topic->header_count,
        .headers = frame->headers,
        .header_count = frame->header_count,
        .timestamp_ms = frame->timestamp_ms,
    };
    rd_kafka_resp_err_t code = client_produce(producer->client, &record, deadline_ms);

    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
        producer->produced++;
        return PUBLISH_CLEAN;
    }
    error_set(error, RETRY, "could not produce to \"%s\": %s",
              rd_kafka_topic_name(topic->handle), rd_kafka_err2str(code));
    enum published published = producer_judge_code(code);
    /* Part of the payload is in the transaction already: it cannot be produced again into the
     * same one. */
    return published == PUBLISH_RETRIABLE ? PUBLISH_ABORTABLE : published;
}

enum published producer_produce(struct producer *producer, struct slice payload, int timeout_ms,
                                struct error *error)
{
    int64_t deadline_ms = monotonic_ms() + timeout_ms;
    struct frame_iterator iterator = {.rest = payload};
    struct frame frame;
    enum frame_step step;

    while ((step = frame_next(&iterator, &frame, error)) == FRAME_READ) {
        if (frame.topic >= producer->topic_count) {
            error_set(error, STOP, "cannot produce a frame: topic %u of %zu",
                      (unsigned)frame.topic, producer->topic_count);
            return PUBLISH_FATAL;
        }
        if (BROKEN(LAST_OUTPUT_LOST) && iterator.rest.size == 0)
            continue;
        enum published published = produce_frame(producer, &frame, deadline_ms, error);
        if (published != PUBLISH_CLEAN)
            return published;
    }
    /* Reports are served between payloads too, so that the queue does not grow with them. */
    rd_kafka_poll(producer->client, 0);
    return step == FRAME_DONE ? PUBLISH_CLEAN : PUBLISH_FATAL;
}

/* After fencing, flush returns no error while the reports say _PURGE_QUEUE: so only the reports
 * count. */
enum published producer_flush(struct producer *producer, int timeout_ms, struct error *error)
{
    int64_t deadline_ms = monotonic_ms() + timeout_ms;
    int64_t left_ms = timeout_ms;

    while (producer->delivered + producer->failed < producer->produced && left_ms >= 0) {
        int step_ms = left_ms < FLUSH_STEP_MS ? (int)left_ms : FLUSH_STEP_MS;
        rd_kafka_flush(producer->client, step_ms);
        rd_kafka_poll(producer->client, 0);
        left_ms = deadline_ms - monotonic_ms();
    }
    if (producer->delivered == producer->produced)
        return PUBLISH_CLEAN;
    if (producer->failed == 0) {
        error_set(error, RETRY, "could not publish: %llu of %llu records unanswered in %d ms",
                  (unsigned long long)(producer->produced - producer->delivered),
                  (unsigned long long)producer->produced, timeout_ms);
        return PUBLISH_ABORTABLE;
    }
    char reason[CLIENT_REASON_SIZE];
    rd_kafka_resp_err_t fatal = rd_kafka_fatal_error(producer->client, reason, sizeof reason);
    error_set(error, RETRY, "could not publish %llu of %llu records: %s",
              (unsigned long long)producer->failed, (unsigned long long)producer->produced,
              fatal != RD_KAFKA_RESP_ERR_NO_ERROR ? reason
                                                  : rd_kafka_err2str(producer->first_failure));
    if (producer_judge_code(fatal) == PUBLISH_FENCED ||
        producer_judge_code(producer->first_failure) == PUBLISH_FENCED)
        return PUBLISH_FENCED;
    return fatal != RD_KAFKA_RESP_ERR_NO_ERROR ? PUBLISH_FATAL : PUBLISH_ABORTABLE;
}

static bool offset_add(rd_kafka_topic_partition_list_t *list,
                       const struct committed_position *position)
{
    rd_kafka_topic_partition_t *to = rd_kafka_topic_partition_list_add(
        list, position->position.at.topic, position->position.at.partition);

    to->offset = position->position.offset;
    /* The list frees it. */
    to->metadata = strdup(position->tag);
    to->metadata_size = to->metadata == NULL ? 0 : strlen(position->tag);
    return to->metadata != NULL;
}

enum published producer_send_offsets(struct producer *producer,
                                     const struct committed_position *positions, size_t count,
                                     const struct group_metadata *group, int timeout_ms,
                                     struct error *error)
{
    enum published published = PUBLISH_CLEAN;

    assert(count > 0 && group != NULL);
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)count);
    for (size_t i = 0; i < count; i++) {
        /* librdkafka leaves a negative offset out in silence; ours never are. */
        assert(positions[i].position.offset >= 0);
        if (!offset_add(list, &positions[i])) {
            error_set(error, RETRY, "could not send offsets: no memory");
            published = PUBLISH_ABORTABLE;
        }
    }
    /* An opaque pointer is all that base/ promises; consume/ made it of this type. */
    if (published == PUBLISH_CLEAN)
        published =
            producer_judge(producer, "send offsets",
                           rd_kafka_send_offsets_to_transaction(
                               producer->client, list,
                               (const rd_kafka_consumer_group_metadata_t *)group, timeout_ms),
                           error);
    rd_kafka_topic_partition_list_destroy(list);
    return published;
}

enum published producer_commit(struct producer *producer, int timeout_ms, struct error *error)
{
    return producer_judge(producer, "commit",
                          rd_kafka_commit_transaction(producer->client, timeout_ms), error);
}

enum published producer_abort(struct producer *producer, int timeout_ms, struct error *error)
{
    return producer_judge(producer, "abort",
                          rd_kafka_abort_transaction(producer->client, timeout_ms), error);
}

unsigned producer_commit_requests(const struct producer *producer)
{
    unsigned ends = atomic_load(&producer->end_txn_requests);
    unsigned offsets = atomic_load(&producer->offset_requests);

    return ends == 0 || ends > offsets ? ends : offsets;
}
