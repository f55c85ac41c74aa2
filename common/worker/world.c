/*
 * world - struct io over the real world: libpq, librdkafka and the system's clock.
 *
 * Each function is one operation and says only whether it was done, may be tried again, or was
 * answered by a fence. What that means is recover's and publisher's to decide.
 */
#include "base/broken.h"
#include "base/clock.h"
#include "base/fault_point.h"
#include "persist/source_position.h"
#include "schemas/events.h"
#include "worker/worker.h"

#include <assert.h>
#include <pthread.h>
#include <stdio.h>

enum { TURN_MS = 5000 }; /* what waits for an answer and may ask again asks so often */

/* Recovery runs on the loop's thread, for longer than who asks /healthz is patient: it lives as long as it goes
 * from one call to the next. The publisher makes the same calls on its own thread, and must not speak for a loop
 * that stands. */
static void tick(const struct worker *worker)
{
    if (pthread_equal(pthread_self(), worker->loop_thread))
        http_tick(worker->http, monotonic_ms());
}

/* What a call may take; asked before each. */
static int left_ms(const struct worker *worker, int64_t deadline_ms)
{
    tick(worker);
    int64_t left = deadline_ms - monotonic_ms();
    return left < 1 ? 1 : left > INT32_MAX ? INT32_MAX : (int)left;
}

static int turn_ms(const struct worker *worker, int64_t deadline_ms)
{
    int left = left_ms(worker, deadline_ms);
    return left < TURN_MS ? left : TURN_MS;
}

/* `point` lies behind the call that answered. */
static enum io_result io_of_published(enum published published, enum fault_point point)
{
    (void)point; /* of fault tests only */
    FAULT_POINT(point);
    switch (published) {
    case PUBLISH_CLEAN:
        return IO_OK;
    case PUBLISH_FENCED:
        return IO_LOST;
    case PUBLISH_RETRIABLE:
    case PUBLISH_ABORTABLE:
    case PUBLISH_FATAL:
        return IO_AGAIN;
    }
    return IO_AGAIN;
}

static enum io_result claim(void *context, struct source *sources, size_t count,
                            struct error *error)
{
    struct worker *worker = context;
    struct position starts[PARTITION_BOUND] = {0};
    struct source_position claimed[PARTITION_BOUND];
    tick(worker);
    for (size_t i = 0; i < count; i++)
        starts[i] = (struct position){sources[i].at, sources[i].log_start};
    enum outcome outcome = source_position_claim(&worker->database, worker->cluster_id,
                                                 worker->owner, starts, count, claimed, error);
    if (outcome != OK)
        return IO_AGAIN;
    for (size_t i = 0; i < count; i++) {
        sources[i].next_offset = claimed[i].next_offset;
        sources[i].published_next = claimed[i].published_next;
        sources[i].owner_epoch = claimed[i].owner_epoch;
        sources[i].stopped = claimed[i].conflict;
    }
    FAULT_POINT(FAULT_CLAIMED);
    return IO_OK;
}

static enum io_result read_outbox(void *context, const struct source *source, size_t index,
                                  int64_t from, int64_t to, struct outbox_row *rows,
                                  size_t capacity, size_t *count, struct error *error)
{
    struct worker *worker = context;
    struct stored_payload *stored;
    tick(worker);
    arena_reset(&worker->round->arena);
    enum outcome outcome =
        outbox_read(&worker->database, worker->cluster_id, &source->at, from, to, capacity,
                    &stored, count, &worker->round->arena, error);
    if (outcome != OK)
        return IO_AGAIN;
    for (size_t i = 0; i < *count; i++)
        rows[i] = (struct outbox_row){.source = index,
                                      .from_offset = stored[i].from_offset,
                                      .next_offset = stored[i].next_offset,
                                      .record_count = stored[i].record_count,
                                      .payload = stored[i].payload};
    FAULT_POINT(FAULT_OUTBOX_READ);
    return IO_OK;
}

static enum io_result conflict_mark(void *context, const struct source *source,
                                    const char *reason, struct error *error)
{
    struct worker *worker = context;
    struct source_position position = {.at = source->at,
                                       .next_offset = source->next_offset,
                                       .published_next = source->published_next,
                                       .owner_epoch = source->owner_epoch};
    switch (source_position_conflict(&worker->database, worker->cluster_id, &position, reason,
                                     error)) {
    case OK:
        return IO_OK;
    case REJECT:
        return IO_LOST;
    case RETRY:
    case STOP:
        break;
    }
    return IO_AGAIN;
}

static const void *membership_save(void *context)
{
    struct worker *worker = context;
    struct group_metadata *fresh = consumer_group_metadata(worker->consumer, &worker->error);
    if (fresh == NULL)
        return NULL;
    group_metadata_free(worker->membership);
    worker->membership = fresh;
    FAULT_POINT(FAULT_MEMBERSHIP_SAVED);
    return fresh;
}

static enum io_result log_bounds(void *context, struct source *sources, size_t count,
                                 int64_t deadline_ms, struct error *error)
{
    struct worker *worker = context;
    struct log_bounds bounds[PARTITION_BOUND];
    for (size_t i = 0; i < count; i++)
        bounds[i] = (struct log_bounds){.at = sources[i].at};
    if (consumer_log_bounds(worker->consumer, bounds, count, left_ms(worker, deadline_ms),
                            error) != OK)
        return IO_AGAIN;
    for (size_t i = 0; i < count; i++) {
        sources[i].log_start = bounds[i].first;
        sources[i].log_end = bounds[i].next;
    }
    return IO_OK;
}

static enum io_result committed(void *context, struct source *sources, size_t count,
                                int64_t deadline_ms, struct error *error)
{
    struct worker *worker = context;
    /* Of the publisher and of recovery in turn, never of both at once. */
    struct committed_position *positions = worker->committed;
    for (size_t i = 0; i < count; i++)
        positions[i] = (struct committed_position){.position = {.at = sources[i].at}};
    enum outcome outcome;
    do {
        outcome = consumer_committed(worker->consumer, positions, count,
                                     turn_ms(worker, deadline_ms), error);
    } while (outcome == RETRY && monotonic_ms() < deadline_ms);
    if (outcome != OK)
        return IO_AGAIN;
    for (size_t i = 0; i < count; i++) {
        sources[i].committed = positions[i].position.offset == COMMITTED_OFFSET_NONE
                                   ? NO_OFFSET
                                   : positions[i].position.offset;
        memcpy(sources[i].tag, positions[i].tag, sizeof sources[i].tag);
    }
#ifdef KERJA_BROKEN
    broken_begin_at_offsets(worker, sources, count);
#endif
    FAULT_POINT(FAULT_COMMITTED_READ);
    return IO_OK;
}

static void producer_destroy(void *context)
{
    struct worker *worker = context;
    producer_free(worker->producer);
    worker->producer = NULL;
}

static enum io_result producer_open(void *context, int64_t deadline_ms, struct error *error)
{
    struct worker *worker = context;
    assert(worker->producer == NULL);
    worker->producer = producer_new(&worker->producer_settings, error);
    if (worker->producer == NULL)
        return IO_AGAIN;
    enum published published;
    do {
        published = producer_init(worker->producer, turn_ms(worker, deadline_ms), error);
    } while (published == PUBLISH_RETRIABLE && monotonic_ms() < deadline_ms);
    FAULT_POINT(FAULT_PRODUCER_OPENED);
    if (published == PUBLISH_CLEAN)
        return IO_OK;
    producer_destroy(worker);
    return io_of_published(published, FAULT_POINT_COUNT);
}

static enum io_result begin(void *context, struct error *error)
{
    struct worker *worker = context;
    arena_reset(&worker->publish_arena);
    return io_of_published(producer_begin(worker->producer, error), FAULT_BEGUN);
}

static enum io_result produce(void *context, const struct outbox_row *row, struct error *error)
{
    struct worker *worker = context;
    const struct source *source = &worker->sources[row->source];
    if (row->record_count == 0)
        return IO_OK;
    buffer_clear(&worker->publish_scratch);
    const struct payload_row place = {worker->service->name, "outbox", &source->at,
                                      row->from_offset};
    if (payload_unseal(worker->publisher_seal, &place, row->payload, &worker->publish_scratch,
                       error) != OK)
        return IO_AGAIN;
    struct slice frames =
        arena_copy(&worker->publish_arena, buffer_slice(&worker->publish_scratch));
    if (frames.data == NULL)
        return error_set(error, RETRY, "no memory for a transaction of outputs"), IO_AGAIN;
    return io_of_published(producer_produce(worker->producer, frames,
                                            (int)worker->settings.transaction_timeout_ms,
                                            error),
                           FAULT_PRODUCED);
}

static enum io_result flush(void *context, int64_t deadline_ms, struct error *error)
{
    struct worker *worker = context;
    return io_of_published(
        producer_flush(worker->producer, left_ms(worker, deadline_ms), error), FAULT_FLUSHED);
}

static enum io_result send_offsets(void *context, const struct tagged_position *positions,
                                   size_t count, const void *membership, int64_t deadline_ms,
                                   struct error *error)
{
    struct worker *worker = context;
    struct committed_position *offsets = worker->committed;
    for (size_t i = 0; i < count; i++) {
        offsets[i].position = (struct position){positions[i].source->at, positions[i].offset};
        memcpy(offsets[i].tag, positions[i].tag, sizeof offsets[i].tag);
    }
    return io_of_published(producer_send_offsets(worker->producer, offsets, count, membership,
                                                 left_ms(worker, deadline_ms), error),
                           FAULT_OFFSETS_SENT);
}

static enum io_result commit(void *context, int64_t deadline_ms, struct error *error)
{
    struct worker *worker = context;
    return io_of_published(
        producer_commit(worker->producer, left_ms(worker, deadline_ms), error),
        FAULT_TRANSACTION_COMMITTED);
}

static void abort_transaction(void *context, int64_t deadline_ms)
{
    struct worker *worker = context;
    struct error ignored; /* the producer is destroyed after this, whatever it says */
    producer_abort(worker->producer, left_ms(worker, deadline_ms), &ignored);
}

static int commit_requests_sent(void *context)
{
    const struct worker *worker = context;
    return (int)producer_commit_requests(worker->producer);
}

static int64_t now_ms(void *context)
{
    (void)context;
    return monotonic_ms();
}

static void wait_ms(void *context, int64_t duration_ms)
{
    tick(context);
    struct timespec time = {duration_ms / 1000, duration_ms % 1000 * 1000000};
    nanosleep(&time, NULL);
}

void world_init(struct worker *worker)
{
    worker->io = (struct io){.context = worker,
                             .claim = claim,
                             .outbox_read = read_outbox,
                             .conflict_mark = conflict_mark,
                             .membership_save = membership_save,
                             .log_bounds = log_bounds,
                             .committed = committed,
                             .producer_open = producer_open,
                             .producer_destroy = producer_destroy,
                             .begin = begin,
                             .produce = produce,
                             .flush = flush,
                             .send_offsets = send_offsets,
                             .commit = commit,
                             .abort = abort_transaction,
                             .commit_requests_sent = commit_requests_sent,
                             .now_ms = now_ms,
                             .wait_ms = wait_ms};
#ifdef KERJA_BROKEN
    if (BROKEN(AT_LEAST_ONCE) || BROKEN(NO_TRANSACTION))
        broken_publish_plainly(&worker->io);
#endif
}
