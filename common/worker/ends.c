/*
 * ends - positions that move without a decision.
 *
 * Commit markers take offsets, and a quiet log may expire: where a partition's end was seen, G moves to it.
 * And W follows what was published. In an orderly end both are brought as far as they go.
 */
#include "base/clock.h"
#include "worker/worker.h"

#include <assert.h>

enum { DRAIN_LOOK_MS = 20 };

/* True when a position moves. */
static bool end_rows(struct worker *worker)
{
    bool moved = false;
    for (size_t i = 0; i < worker->source_count; i++) {
        struct lane *lane = &worker->round->lanes[i];
        lane->touched = false;
        lane->output_count = lane->decision_count = 0;
        if (worker->partitions[i].end_offset > worker->sources[i].next_offset) {
            lane->touched = true;
            lane->next_offset = worker->partitions[i].end_offset;
            moved = true;
        } else if (publisher_thread_published_next(worker->publishing, i) >
                   worker->sources[i].published_next) {
            lane->touched = true; /* only W moves */
            lane->next_offset = worker->sources[i].next_offset;
            worker->sources[i].published_next =
                publisher_thread_published_next(worker->publishing, i);
            moved = true;
        }
    }
    return moved;
}

void ends_settle(struct worker *worker)
{
    assert(worker->ahead == NULL); /* one commit at a time, from a G that is known */
    worker->end_row_at_ms = monotonic_ms() + END_ROW_MS;
    if (!end_rows(worker))
        return;
    arena_reset(&worker->round->arena);
    worker->round->decoded_mark = 0;
    worker->round->waiters = NULL;
    worker->round->timer_count = 0;
    facts_begin(&worker->round->facts, worker->service->tables, worker->service->table_count,
                &worker->round->arena, 1);
    /* Nothing was read: a stale position is not ours any more. */
    if (attempt_ends(worker) == ATTEMPT_CONTENDED)
        assignment_recover_soon(worker);
}

/* True when all that was decided was seen published: W may move to G. */
static bool all_seen(struct worker *worker)
{
    for (size_t i = 0; i < worker->source_count; i++) {
        const struct source *source = &worker->sources[i];
        if (!source->conflict && !source->stopped &&
            publisher_thread_published_next(worker->publishing, i) < source->next_offset)
            return false;
    }
    return true;
}

/* An orderly end leaves W = K = G where Kafka and PostgreSQL answer: the next owner begins without settling
 * anything. The group's time limits do not press, because the client beats on by itself. */
void ends_drain(struct worker *worker)
{
    struct timespec pause = {.tv_nsec = DRAIN_LOOK_MS * 1000000L};
    if (worker->exit_status != 0 || worker->recovering || worker->slot_lost || worker->rejoin ||
        worker->source_count == 0)
        return;
    ends_settle(worker);
    while (!worker->recovering && !worker->rejoin && !all_seen(worker) &&
           publisher_thread_failure(worker->publishing, NULL) == PUBLISHED &&
           !loop_time_is_up(worker))
        nanosleep(&pause, NULL);
    if (!worker->recovering && !worker->rejoin)
        ends_settle(worker);
}

/* What was dropped lies before the ends that were seen with it: they must not move G. */
void ends_forget(struct worker *worker)
{
    for (size_t i = 0; i < worker->source_count; i++)
        worker->partitions[i].end_offset = NO_OFFSET;
}
