/*
 * no_outbox - outputs that PostgreSQL never sees, to tell what storing them costs.
 *
 * Linked, with at_least_once.c, into a variant of the real worker: outputs go from memory to Kafka, and
 * the rows that promise them are stored empty. So are they unsealed: nothing is at rest. A crash after
 * the commit in PostgreSQL loses them, unless a repeat of its input were answered anew. It is never
 * shipped, only measured.
 */
#include "persist/batch.h"
#include "worker/worker.h"

enum commit_result __real_persist_commit(struct database *database, const struct batch *batch,
                                         struct error *error);
enum commit_result __wrap_persist_commit(struct database *database, const struct batch *batch,
                                         struct error *error);
bool __wrap_payload_seal(struct worker *worker, const struct topic_partition *at,
                         int64_t from_offset, struct slice frames, struct buffer *payload);
enum outcome __wrap_payload_unseal(const struct seal *seal, const struct topic_partition *at,
                                   int64_t from_offset, struct slice payload,
                                   struct buffer *frames, struct error *error);

enum commit_result __wrap_persist_commit(struct database *database, const struct batch *batch,
                                         struct error *error)
{
    for (size_t i = 0; i < batch->source_count; i++)
        batch->sources[i].outbox = (struct slice){NULL, 0};
    return __real_persist_commit(database, batch, error);
}

bool __wrap_payload_seal(struct worker *worker, const struct topic_partition *at,
                         int64_t from_offset, struct slice frames, struct buffer *payload)
{
    (void)worker, (void)at, (void)from_offset;
    buffer_append(payload, frames.data, frames.size);
    return !buffer_failed(payload);
}

enum outcome __wrap_payload_unseal(const struct seal *seal, const struct topic_partition *at,
                                   int64_t from_offset, struct slice payload,
                                   struct buffer *frames, struct error *error)
{
    (void)seal, (void)at, (void)from_offset, (void)error;
    buffer_append(frames, payload.data, payload.size);
    return OK;
}
