/*
 * broken - those mistakes of base/broken.h that are whole functions: publishing without a transaction, beginning at
 * the group's offsets, positions committed apart from rows or before them.
 */
#include "worker/worker.h"

#ifdef KERJA_BROKEN

#include "base/broken.h"
#include "base/fault_point.h"
#include "consume/broken.h"

#include <stdio.h>

static enum io_result commit_offsets(void *context, const struct tagged_position *positions,
                                     size_t count, const void *membership, int64_t deadline_ms,
                                     struct error *error)
{
    struct worker *worker = context;
    struct committed_position *offsets = worker->committed;
    (void)membership;
    (void)deadline_ms;
    for (size_t i = 0; i < count; i++) {
        offsets[i].position = (struct position){positions[i].source->at, positions[i].offset};
        memcpy(offsets[i].tag, positions[i].tag, sizeof offsets[i].tag);
    }
    enum outcome outcome = consumer_commit(worker->consumer, offsets, count, error);
    FAULT_POINT(FAULT_OFFSETS_SENT);
    return outcome == OK ? IO_OK : IO_AGAIN;
}

static enum io_result commit_nothing(void *context, int64_t deadline_ms, struct error *error)
{
    (void)context;
    (void)deadline_ms;
    (void)error;
    FAULT_POINT(FAULT_TRANSACTION_COMMITTED);
    return IO_OK;
}

static void abort_nothing(void *context, int64_t deadline_ms)
{
    (void)context;
    (void)deadline_ms;
}

static int one_request(void *context)
{
    (void)context;
    return 1;
}

void broken_publish_plainly(struct io *io)
{
    io->send_offsets = commit_offsets;
    io->commit = commit_nothing;
    io->abort = abort_nothing;
    io->commit_requests_sent = one_request;
}

void broken_begin_at_offsets(struct worker *worker, struct source *sources, size_t count)
{
    if (!worker->recovering || !(BROKEN(OFFSETS_TRUSTED) || BROKEN(AT_LEAST_ONCE)))
        return;
    for (size_t i = 0; i < count; i++)
        sources[i].next_offset =
            sources[i].committed == NO_OFFSET ? sources[i].log_start : sources[i].committed;
}

enum commit_result broken_positions_apart(struct database *database, const struct batch *batch,
                                          struct error *error)
{
    struct batch rows = *batch;
    struct batch positions = {.cluster_id = batch->cluster_id,
                              .sources = batch->sources,
                              .source_count = batch->source_count,
                              .codec = batch->codec};
    rows.source_count = 0;
    enum commit_result result = persist_commit(database, &rows, error);
    return result == COMMITTED ? persist_commit(database, &positions, error) : result;
}

void broken_offsets_first(struct worker *worker, const struct batch *batch)
{
    struct committed_position offsets[PARTITION_BOUND] = {0};
    struct error ignored;
    for (size_t i = 0; i < batch->source_count; i++) {
        const struct batch_source *source = &batch->sources[i];
        snprintf(offsets[i].position.at.topic, sizeof offsets[i].position.at.topic, "%s",
                 source->topic);
        offsets[i].position.at.partition = source->partition;
        offsets[i].position.offset = source->next_offset;
        tag_format(&worker->publisher.settings.identity, source->owner_epoch, offsets[i].tag);
    }
    consumer_commit(worker->consumer, offsets, batch->source_count, &ignored);
}

#endif
