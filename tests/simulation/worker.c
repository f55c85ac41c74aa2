/*
 * A worker around the code under test: a loop that decides each input in one way, and a
 * publisher behind a bounded queue. It keeps the promises that recovery and the publisher expect
 * of the real loop, and breaks them one at a time as the variant says.
 */
#include "world.h"

static void publishing_pause(struct process *process)
{
    process->paused = true;
    while (process->holding)
        world_sleep(process, 5);
    process->queued = process->row_count = process->taken = 0;
}

static void publishing_resume(struct process *process)
{
    process->failed = PUBLISHED;
    process->paused = false;
}

static void publishing_drain(struct process *process)
{
    int64_t deadline_ms = process->world->now_ms + DRAIN_DEADLINE_MS;
    while (process->queued > 0 && process->failed == PUBLISHED &&
           process->world->now_ms < deadline_ms)
        world_sleep(process, 10);
}

static void rows_take(struct process *process)
{
    for (; process->taken < process->queued; process->taken++) {
        const struct queued_rows *queued = &process->queue[process->taken];
        memcpy(process->rows + process->row_count, queued->rows,
               queued->count * sizeof *queued->rows);
        process->row_count += queued->count;
    }
}

static void rows_forget(struct process *process)
{
    process->queued -= process->taken;
    memmove(process->queue, process->queue + process->taken,
            process->queued * sizeof *process->queue);
    process->taken = 0;
}

static enum publish_result publishing_turn(struct process *process)
{
    struct error error = {""};
    enum publish_result result = PUBLISHED;
    int64_t deadline_ms = process->world->now_ms + TRANSACTION_TIMEOUT_MS;
    rows_take(process);
    process->holding = true;
    if (process->row_count > 0)
        result = publisher_publish(&process->publisher, process->rows, &process->row_count,
                                   deadline_ms, &error);
    if (result == PUBLISHED && publisher_read_back_due(&process->publisher))
        result = publisher_read_back(&process->publisher, deadline_ms, &error);
    process->holding = false;
    if (result != PUBLISHED)
        world_trace(process->world, "publishing: %s",
                    result == PUBLISH_LOST    ? "lost"
                    : result == PUBLISH_AGAIN ? "again"
                                              : error.text);
    return result;
}

void worker_publishing(struct process *process)
{
    for (;;) {
        if (process->paused || process->failed != PUBLISHED) {
            world_sleep(process, 30);
            continue;
        }
        enum publish_result result = publishing_turn(process);
        if (result == PUBLISH_LOST || result == PUBLISH_DISPUTED)
            process->failed = result;
        else if (result == PUBLISHED && process->row_count == 0 && !process->paused)
            rows_forget(process);
        world_sleep(process, result == PUBLISH_AGAIN ? PUBLISHER_RETRY_MS : 10);
    }
}

/* The lease of the slot is looked at before every batch and before joining. */
static void lease_look(struct process *process)
{
    if (!process->superseded)
        return;
    world_trace(process->world, "has lost its slot and stops");
    process_exit(process);
}

static void let_go(struct process *process)
{
    publishing_pause(process);
    publisher_unassign(&process->publisher);
    process->source_count = 0;
    process->failed = PUBLISHED;
    lease_look(process);
    group_join(process);
}

static void rejoin(struct process *process)
{
    process->client.membership.member_id = 0;
    let_go(process);
}

static void assign(struct process *process)
{
    struct error error = {""};
    size_t count = 0;
    publishing_pause(process);
    process->client.assigned = false;
    process->failed = PUBLISHED;
    process->source_count = 0;
    memset(process->sources, 0, sizeof process->sources);
    for (int p = 0; p < PARTITIONS; p++)
        if (process->client.owns[p])
            process->sources[count++].at.partition = p;

    enum recover_result result =
        recover_assignment(&process->publisher, process->sources, count,
                           process->world->now_ms + RECOVER_DEADLINE_MS, &error);
    if (result == RECOVERED) {
        for (size_t i = 0; i < count; i++)
            process->next_offset[i] = process->pushed[i] = process->sources[i].next_offset;
        process->source_count = count;
        publishing_resume(process);
        world_trace(process->world, "recovered");
    } else if (result == RECOVER_LOST) {
        process->client.lost = true;
    } else {
        world_trace(process->world, "recovers later");
        world_sleep(process, 200);
        process->client.assigned = true;
    }
}

/* Reads up to two records of a source, and decides them. False when the source has nothing
 * new; a quiet end of the partition is a position too. */
static bool source_decide(struct process *process, size_t index, struct decided *decided)
{
    struct world *world = process->world;
    const struct source *source = &process->sources[index];
    const struct input_log *log = &world->logs[source->at.partition];
    int64_t offset = process->next_offset[index];
    int64_t wanted = 1 + random_below(&world->random, 2);

    *decided = (struct decided){.partition = source->at.partition,
                                .owner_epoch = source->owner_epoch,
                                .from_offset = offset,
                                .next_offset = offset,
                                .published_next = source->seen};
    for (; offset < log->end && wanted > 0; offset++) {
        if (log->marker[offset])
            continue;
        decided->outputs[decided->output_count++] =
            (struct output){source->at.partition, (int32_t)offset};
        decided->next_offset = offset + 1;
        wanted--;
    }
    if (decided->output_count == 0 && offset == log->end) {
        decided->next_offset = log->end;
        decided->without_row = world->variant == END_WITHOUT_ROW;
    }
    return decided->next_offset > decided->from_offset;
}

struct batch {
    struct decided decided[PARTITIONS];
    size_t sources[PARTITIONS];
    size_t count;
};

/* False when records that we have not read are gone: recovery must look. */
static bool batch_decide(struct process *process, struct batch *batch)
{
    batch->count = 0;
    for (size_t i = 0; i < process->source_count; i++) {
        const struct source *source = &process->sources[i];
        if (source->conflict || source->stopped || random_one_in(&process->world->random, 3))
            continue;
        if (process->next_offset[i] < process->world->logs[source->at.partition].start)
            return false;
        if (source_decide(process, i, &batch->decided[batch->count]))
            batch->sources[batch->count++] = i;
    }
    if (process->world->variant == ROW_FOR_SEVERAL_PARTITIONS)
        for (size_t i = 1; i < batch->count; i++) {
            struct decided *first = &batch->decided[0], *other = &batch->decided[i];
            memcpy(first->outputs + first->output_count, other->outputs,
                   other->output_count * sizeof *other->outputs);
            first->output_count += other->output_count;
            other->output_count = 0;
        }
    return true;
}

static void batch_push(struct process *process, const struct batch *batch,
                       struct stored_row **stored)
{
    struct queued_rows *queued = &process->queue[process->queued];
    queued->count = 0;
    for (size_t i = 0; i < batch->count; i++) {
        size_t source = batch->sources[i];
        process->next_offset[source] = batch->decided[i].next_offset;
        if (stored[i] == NULL)
            continue;
        bool skips = process->world->variant == SKIP_AHEAD;
        queued->rows[queued->count++] = (struct outbox_row){
            .source = source,
            .from_offset = skips ? process->pushed[source] : stored[i]->from_offset,
            .next_offset = stored[i]->next_offset,
            .record_count = (int32_t)stored[i]->output_count,
            .payload = {(const char *)stored[i]->outputs,
                        stored[i]->output_count * sizeof *stored[i]->outputs}};
        process->pushed[source] = stored[i]->next_offset;
    }
    process->queued += queued->count > 0;
}

/* KJ002. */
static void position_lost(struct process *process, const struct batch *batch)
{
    struct world *world = process->world;
    world_trace(world, "position lost");
    if (world->variant == SKIP_AHEAD) {
        for (size_t i = 0; i < batch->count; i++) {
            size_t source = batch->sources[i];
            const struct stored_position *position =
                &world->positions[batch->decided[i].partition];
            process->next_offset[source] = position->next_offset;
            process->sources[source].owner_epoch = position->owner_epoch;
        }
    } else if (random_one_in(&world->random, 2)) {
        process->client.lost = true;
    } else {
        process->client.assigned = true;
    }
}

static void batch_handle(struct process *process)
{
    struct world *world = process->world;
    struct batch batch;
    struct stored_row *stored[PARTITIONS];
    if (process->queued == PUBLISHER_QUEUE_BOUND) {
        world_sleep(process, 10);
        return;
    }
    if (!batch_decide(process, &batch)) {
        process->client.assigned = true;
        return;
    }
    if (batch.count == 0) {
        world_sleep(process, 20);
        return;
    }
    world_step(process);
    bool reached = world->calm || !random_one_in(&world->random, world->chances.postgres);
    bool committed = reached && postgres_commit(world, batch.decided, batch.count, stored);
    world_step(process);
    bool answered = world->calm || !random_one_in(&world->random, world->chances.postgres);
    if (!reached || !answered)
        process->client.assigned = true; /* claim and read again, never repeat blindly */
    else if (!committed)
        position_lost(process, &batch);
    else
        batch_push(process, &batch, stored);
}

void worker_loop(struct process *process)
{
    const struct publisher_settings settings = {
        .identity = {.service = "simulated", .system_identifier = 1},
        .transaction_timeout_ms = TRANSACTION_TIMEOUT_MS,
        .scan_interval_ms = SCAN_INTERVAL_MS,
    };
    publisher_init(&process->publisher, &process->io, &settings);
    group_join(process);
    for (;;) {
        lease_look(process);
        world_step(process);
        if (process->client.lost || process->failed == PUBLISH_LOST) {
            rejoin(process);
        } else if (process->client.revoking) {
            publishing_drain(process);
            let_go(process);
        } else if (process->client.assigned || process->failed == PUBLISH_DISPUTED) {
            assign(process);
        } else if (process->source_count == 0) {
            world_sleep(process, 50);
        } else {
            batch_handle(process);
        }
    }
}
