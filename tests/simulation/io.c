/*
 * struct io over the world. Each call may fail before its effect or after it, and each is a
 * place where the process may die, before or after.
 */
#include "world.h"

static struct world *world_of(struct process *process)
{
    return process->world;
}

/* One call of a server: false when it failed before anything happened. */
static bool request(struct process *process, int one_in)
{
    world_step(process);
    struct world *world = world_of(process);
    return world->calm || !random_one_in(&world->random, one_in);
}

/* The way back: false when the answer was lost. */
static bool answer(struct process *process, int one_in)
{
    return request(process, one_in);
}

static enum io_result claim(void *context, struct source *sources, size_t count,
                            struct error *error)
{
    struct process *process = context;
    struct world *world = world_of(process);
    (void)error;
    if (!request(process, world->chances.postgres))
        return IO_AGAIN;
    for (size_t i = 0; i < count; i++) {
        struct stored_position *position = &world->positions[sources[i].at.partition];
        if (!position->exists) {
            position->exists = true;
            position->next_offset = position->published_next = sources[i].log_start;
        }
        position->owner_epoch++;
        sources[i].next_offset = position->next_offset;
        sources[i].published_next = position->published_next;
        sources[i].owner_epoch = position->owner_epoch;
        sources[i].stopped = position->stopped;
        world_trace(world, "claims %d in epoch %lld at %lld", sources[i].at.partition,
                    (long long)position->owner_epoch, (long long)position->next_offset);
    }
    return answer(process, world->chances.postgres) ? IO_OK : IO_AGAIN;
}

static struct outbox_row row_borrow(const struct stored_row *stored, size_t source)
{
    return (struct outbox_row){.source = source,
                               .from_offset = stored->from_offset,
                               .next_offset = stored->next_offset,
                               .record_count = (int32_t)stored->output_count,
                               .payload = {(const char *)stored->outputs,
                                           stored->output_count * sizeof *stored->outputs}};
}

static enum io_result outbox_read(void *context, const struct source *source, size_t index,
                                  int64_t from, int64_t to, struct outbox_row *rows,
                                  size_t capacity, size_t *count, struct error *error)
{
    struct process *process = context;
    struct world *world = world_of(process);
    (void)error;
    if (!request(process, world->chances.postgres))
        return IO_AGAIN;
    const struct stored_position *position = &world->positions[source->at.partition];
    *count = 0;
    for (size_t i = 0; i < position->row_count && *count < capacity; i++) {
        const struct stored_row *stored = &position->rows[i];
        if (!stored->pruned && stored->from_offset >= from && stored->from_offset < to)
            rows[(*count)++] = row_borrow(stored, index);
    }
    return answer(process, world->chances.postgres) ? IO_OK : IO_AGAIN;
}

static enum io_result conflict_mark(void *context, const struct source *source,
                                    const char *reason, struct error *error)
{
    struct process *process = context;
    struct world *world = world_of(process);
    (void)error;
    if (!request(process, world->chances.postgres))
        return IO_AGAIN;
    int partition = source->at.partition;
    struct stored_position *position = &world->positions[partition];
    if (position->owner_epoch != source->owner_epoch)
        return IO_LOST;
    position->stopped = true;
    world_trace(world, "conflict in %d: %s (W %lld K %lld G %lld)", partition, reason,
                (long long)source->published_next, (long long)source->committed,
                (long long)source->next_offset);
    if (!world->tainted[partition])
        world_violate(world, "conflict in %d though nothing was lost or reset: %s", partition,
                      reason);
    return answer(process, world->chances.postgres) ? IO_OK : IO_AGAIN;
}

static const void *membership_save(void *context)
{
    struct process *process = context;
    process->saved = process->client.membership;
    return process->saved.member_id == 0 ? NULL : &process->saved;
}

static enum io_result log_bounds(void *context, struct source *sources, size_t count,
                                 int64_t deadline_ms, struct error *error)
{
    struct process *process = context;
    struct world *world = world_of(process);
    (void)deadline_ms, (void)error;
    if (!request(process, world->chances.kafka))
        return IO_AGAIN;
    for (size_t i = 0; i < count; i++) {
        sources[i].log_start = world->logs[sources[i].at.partition].start;
        sources[i].log_end = world->logs[sources[i].at.partition].end;
    }
    world_step(process);
    return IO_OK;
}

static bool offset_stable(const struct committed_offset *offset)
{
    for (int slot = 0; slot < SLOTS; slot++)
        if (offset->pending[slot])
            return false;
    return true;
}

static enum io_result committed(void *context, struct source *sources, size_t count,
                                int64_t deadline_ms, struct error *error)
{
    struct process *process = context;
    struct world *world = world_of(process);
    (void)deadline_ms, (void)error;
    if (!request(process, world->chances.kafka))
        return IO_AGAIN;
    for (size_t i = 0; i < count; i++)
        if (world->variant != UNSTABLE_OFFSETS &&
            !offset_stable(&world->offsets[sources[i].at.partition]))
            return IO_AGAIN;
    for (size_t i = 0; i < count; i++) {
        const struct committed_offset *offset = &world->offsets[sources[i].at.partition];
        sources[i].committed = offset->offset;
        memcpy(sources[i].tag, offset->tag, TAG_SIZE);
    }
    return answer(process, world->chances.kafka) ? IO_OK : IO_AGAIN;
}

static enum io_result producer_open(void *context, int64_t deadline_ms, struct error *error)
{
    struct process *process = context;
    struct world *world = world_of(process);
    (void)deadline_ms, (void)error;
    if (!request(process, world->chances.kafka))
        return IO_AGAIN;
    process->epoch = coordinator_open(world, process->slot);
    process->producer_open = true;
    world_trace(world, "opens a producer, epoch %d", process->epoch);
    if (answer(process, world->chances.kafka))
        return IO_OK;
    process->producer_open = false;
    return IO_AGAIN;
}

static void producer_destroy(void *context)
{
    struct process *process = context;
    process->producer_open = false;
    process->held_count = 0;
    world_trace(world_of(process), "destroys its producer");
}

static enum io_result begin(void *context, struct error *error)
{
    struct process *process = context;
    (void)error;
    if (!process->producer_open)
        return IO_AGAIN;
    process->end_txn_requests = process->offset_requests = 0;
    process->delivery_failed = false;
    process->held_count = 0;
    return IO_OK;
}

/* Fenced records are purged; only their delivery reports tell. */
static void outputs_send(struct process *process, const struct outbox_row *row)
{
    struct world *world = world_of(process);
    const struct output *outputs = (const struct output *)(const void *)row->payload.data;
    for (int32_t i = 0; i < row->record_count; i++) {
        world_step(process);
        if ((!world->calm && random_one_in(&world->random, world->chances.kafka)) ||
            !coordinator_produce(world, process->slot, process->epoch, outputs[i]))
            process->delivery_failed = true;
        else
            world_trace(world, "produces %d/%d", outputs[i].partition, outputs[i].offset);
    }
}

static enum io_result produce(void *context, const struct outbox_row *row, struct error *error)
{
    struct process *process = context;
    (void)error;
    if (world_of(process)->variant == PRODUCER_KEPT_OFFSETS_FIRST)
        process->held[process->held_count++] = *row;
    else
        outputs_send(process, row);
    return IO_OK;
}

static enum io_result flush(void *context, int64_t deadline_ms, struct error *error)
{
    struct process *process = context;
    (void)deadline_ms, (void)error;
    world_step(process);
    if (world_of(process)->coordinators[process->slot].epoch != process->epoch)
        return IO_LOST;
    return process->delivery_failed ? IO_AGAIN : IO_OK;
}

/* The first copy of one partition's offset is still on its way when the second is answered. */
static void offset_repeat(struct process *process, const struct tagged_position *position)
{
    struct world *world = world_of(process);
    if (world->calm || !random_one_in(&world->repeats, world->chances.offsets_retry))
        return;
    struct message message = {.slot = process->slot,
                              .epoch = process->epoch,
                              .at_ms = world->now_ms + random_below(&world->repeats, 400),
                              .partition = position->source->at.partition,
                              .offset = position->offset};
    memcpy(message.tag, position->tag, TAG_SIZE);
    coordinator_later(world, message);
    process->offset_requests = 2;
    world_trace(world, "sends offset %lld of %d again", (long long)message.offset,
                message.partition);
}

static enum io_result offsets_send(struct process *process,
                                   const struct tagged_position *positions, size_t count,
                                   const struct membership *membership)
{
    struct world *world = world_of(process);
    if (!request(process, world->chances.kafka))
        return IO_AGAIN;
    if (!membership_valid(world, process->slot, membership)) {
        world_trace(world, "offsets are refused");
        return IO_LOST;
    }
    for (size_t i = 0; i < count; i++) {
        if (!coordinator_offset(world, process->slot, process->epoch,
                                positions[i].source->at.partition, positions[i].offset,
                                positions[i].tag))
            return IO_LOST;
        world_trace(world, "sends offset %lld of %d as member %d",
                    (long long)positions[i].offset, positions[i].source->at.partition,
                    membership->member_id);
        offset_repeat(process, &positions[i]);
    }
    return answer(process, world->chances.kafka) ? IO_OK : IO_AGAIN;
}

static enum io_result send_offsets(void *context, const struct tagged_position *positions,
                                   size_t count, const void *membership, int64_t deadline_ms,
                                   struct error *error)
{
    struct process *process = context;
    const struct membership *with = membership;
    if (world_of(process)->variant == METADATA_AT_COMMIT)
        with = &process->client.membership;
    enum io_result result = offsets_send(process, positions, count, with);
    for (size_t i = 0; result == IO_OK && i < process->held_count; i++)
        outputs_send(process, &process->held[i]);
    if (result == IO_OK && process->held_count > 0)
        result = flush(context, deadline_ms, error);
    return result;
}

static enum io_result commit_result(enum end_result result)
{
    return result == END_DONE ? IO_OK : result == END_FENCED ? IO_LOST : IO_AGAIN;
}

static void end_later(struct process *process, int64_t delay_ms)
{
    struct world *world = world_of(process);
    coordinator_later(world, (struct message){.slot = process->slot,
                                              .epoch = process->epoch,
                                              .at_ms = world->now_ms + delay_ms,
                                              .partition = NO_PARTITION});
}

/* An answer that takes a third of the time-out or more may hide a request that was repeated where
 * nobody counts. */
static void commit_dawdle(struct process *process)
{
    struct world *world = world_of(process);
    int64_t delay_ms = random_below(&world->random, TRANSACTION_TIMEOUT_MS);
    if (delay_ms >= TRANSACTION_TIMEOUT_MS / 3)
        end_later(process, delay_ms + random_below(&world->random, 400));
    world_sleep(process, delay_ms);
}

/* The ways of a commit: an answer; an answer to a repeated request while the first is still on
 * its way; no answer, done or not, or done later; an answer that took long. */
static enum io_result commit(void *context, int64_t deadline_ms, struct error *error)
{
    struct process *process = context;
    struct world *world = world_of(process);
    struct random *random = &world->random;
    int slot = process->slot, epoch = process->epoch;
    (void)deadline_ms, (void)error;

    process->end_txn_requests = 1;
    if (!world->calm && random_one_in(random, world->chances.commit_retry)) {
        end_later(process, random_below(random, random_one_in(random, 2) ? 400 : 6000));
        world_step(process);
        process->end_txn_requests = 2;
        world_trace(world, "sends EndTxn again");
    } else if (!world->calm && random_one_in(random, world->chances.commit_unknown)) {
        int64_t fate = random_below(random, 3);
        if (fate == 0)
            coordinator_end(world, slot, epoch, true);
        else if (fate == 1)
            end_later(process, random_below(random, 6000));
        world_sleep(process, 1 + random_below(random, TRANSACTION_TIMEOUT_MS));
        world_trace(world, "does not know whether its commit stands");
        return IO_AGAIN;
    }
    enum io_result result = commit_result(coordinator_end(world, slot, epoch, true));
    if (!world->calm && random_one_in(random, world->chances.commit_slow))
        commit_dawdle(process);
    world_step(process);
    return result;
}

static void abort_transaction(void *context, int64_t deadline_ms)
{
    struct process *process = context;
    (void)deadline_ms;
    if (request(process, 2))
        coordinator_end(world_of(process), process->slot, process->epoch, false);
}

static int commit_requests_sent(void *context)
{
    struct process *process = context;
    enum variant variant = world_of(process)->variant;
    if (variant == PRODUCER_KEPT_OFFSETS_FIRST || variant == PRODUCER_KEPT_OFFSETS_LAST)
        return 1;
    if (variant == OFFSET_REPEATS_UNCOUNTED)
        return process->end_txn_requests;
    return process->end_txn_requests > process->offset_requests ? process->end_txn_requests
                                                                : process->offset_requests;
}

static int64_t now_ms(void *context)
{
    return world_of(context)->now_ms;
}

static void wait_ms(void *context, int64_t duration_ms)
{
    world_sleep(context, duration_ms);
}

void process_io(struct process *process)
{
    process->io = (struct io){.context = process,
                              .claim = claim,
                              .outbox_read = outbox_read,
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
}
