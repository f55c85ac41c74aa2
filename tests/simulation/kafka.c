/*
 * The parts of Kafka that the protocol leans on: a group with static members, a transaction
 * coordinator that believes any EndTxn of the current epoch, and offsets that a transaction
 * holds open until it ends.
 */
#include "world.h"

void kafka_init(struct world *world)
{
    for (int p = 0; p < PARTITIONS; p++) {
        world->offsets[p].offset = NO_OFFSET;
        world->group.owner[p] = -1;
    }
    world->group.next_member_id = 1;
}

/* The group. */

static void group_prepare(struct world *world)
{
    struct group *group = &world->group;
    if (!group->preparing)
        group->preparing_until_ms = world->now_ms + REBALANCE_TIMEOUT_MS;
    group->preparing = true;
    for (int slot = 0; slot < SLOTS; slot++)
        group->members[slot].joined = false;
}

static struct process *member_process(struct world *world, int slot)
{
    for (int i = world->process_count - 1; i >= 0; i--) {
        struct process *process = world->processes[i];
        if (process->alive && process->slot == slot &&
            process->client.membership.member_id != 0 &&
            process->client.membership.member_id == world->group.members[slot].member_id)
            return process;
    }
    return NULL;
}

static void client_assign(struct world *world, struct process *process)
{
    struct client *client = &process->client;
    client->membership.generation = world->group.generation;
    client->assigned = true;
    for (int p = 0; p < PARTITIONS; p++)
        client->owns[p] = world->group.owner[p] == process->slot;
}

/* Range assignment over the static members, whether they came back in time or not: those who
 * did not keep their partitions, idle, until their session ends. */
static void group_complete(struct world *world)
{
    struct group *group = &world->group;
    int known[SLOTS], count = 0;
    group->preparing = false;
    group->generation++;
    for (int slot = 0; slot < SLOTS; slot++)
        if (group->members[slot].known)
            known[count++] = slot;
    for (int p = 0; p < PARTITIONS; p++)
        group->owner[p] = count == 0 ? -1 : known[p * count / PARTITIONS];
    for (int i = 0; i < count; i++) {
        struct process *process = member_process(world, known[i]);
        if (process != NULL && group->members[known[i]].joined)
            client_assign(world, process);
    }
    world_trace(world, "generation %d: owners %d %d %d", group->generation, group->owner[0],
                group->owner[1], group->owner[2]);
}

static void group_complete_when_ready(struct world *world)
{
    struct group *group = &world->group;
    bool all = true;
    for (int slot = 0; slot < SLOTS; slot++)
        all = all && (!group->members[slot].known || group->members[slot].joined);
    if (group->preparing && (all || world->now_ms >= group->preparing_until_ms))
        group_complete(world);
}

/* A static member that comes back while its session lives takes over the assignment and the
 * generation under a new member id; its predecessor is fenced by that id alone. */
void group_join(struct process *process)
{
    struct world *world = process->world;
    struct group *group = &world->group;
    struct group_member *member = &group->members[process->slot];
    struct client *client = &process->client;
    bool returning =
        client->membership.member_id != 0 && client->membership.member_id == member->member_id;
    bool replaces = member->known && !returning;

    client->revoking = client->lost = client->assigned = false;
    client->joined = true;
    client->heartbeat_ms = world->now_ms + HEARTBEAT_MS;
    member->seen_ms = world->now_ms;
    if (!returning)
        member->member_id = group->next_member_id++;
    client->membership.member_id = member->member_id;
    if (replaces && !group->preparing) {
        client_assign(world, process);
        world_trace(world, "member %d takes over in generation %d", member->member_id,
                    group->generation);
        return;
    }
    if (!member->known || !group->preparing)
        group_prepare(world);
    member->known = member->joined = true;
    world_trace(world, "member %d joins", member->member_id);
    group_complete_when_ready(world);
}

bool membership_valid(const struct world *world, int slot, const struct membership *membership)
{
    const struct group *group = &world->group;
    if (membership->member_id == 0)
        return true; /* no member: the broker takes it for a simple consumer's */
    return group->members[slot].known &&
           group->members[slot].member_id == membership->member_id &&
           group->generation == membership->generation;
}

static void heartbeat(struct process *process)
{
    struct world *world = process->world;
    struct client *client = &process->client;
    struct group_member *member = &world->group.members[process->slot];
    client->heartbeat_ms = world->now_ms + HEARTBEAT_MS;
    if (client->membership.member_id == 0)
        return;
    if (!member->known || member->member_id != client->membership.member_id) {
        client->membership = (struct membership){0, -1};
        client->lost = true;
        world_trace(world, "process %d is no longer a member", process->number);
        return;
    }
    member->seen_ms = world->now_ms;
    if (world->group.preparing && !member->joined)
        client->revoking = true;
    else if (!world->group.preparing &&
             client->membership.generation != world->group.generation)
        client->revoking = true; /* ILLEGAL_GENERATION: it missed a rebalance */
}

static void group_tick(struct world *world)
{
    for (int i = 0; i < world->process_count; i++) {
        struct process *process = world->processes[i];
        if (process->alive && process->client.joined &&
            process->stalled_until_ms <= world->now_ms &&
            process->client.heartbeat_ms <= world->now_ms)
            heartbeat(process);
    }
    for (int slot = 0; slot < SLOTS; slot++) {
        struct group_member *member = &world->group.members[slot];
        if (!member->known || world->now_ms < member->seen_ms + SESSION_TIMEOUT_MS)
            continue;
        world_trace(world, "session of slot %d expires", slot);
        member->known = member->joined = false;
        member->member_id = 0;
        group_prepare(world);
    }
    group_complete_when_ready(world);
}

/* Transactions. */

static void output_commit(struct world *world, struct output output)
{
    int seen = ++world->visible[output.partition][output.offset];
    world_trace(world, "output %d/%d becomes visible", output.partition, output.offset);
    if (seen > 1)
        world_violate(world, "output %d/%d is visible twice", output.partition, output.offset);
}

static void transaction_end(struct world *world, int slot, bool commit)
{
    world->coordinators[slot].state = commit ? TRANSACTION_COMMITTED : TRANSACTION_ABORTED;
    for (size_t i = 0; i < world->output_count; i++) {
        struct produced *produced = &world->outputs[i];
        if (produced->slot != slot || produced->state != OUTPUT_OPEN)
            continue;
        produced->state = commit ? OUTPUT_COMMITTED : OUTPUT_ABORTED;
        if (commit)
            output_commit(world, produced->output);
    }
    for (int p = 0; p < PARTITIONS; p++) {
        struct committed_offset *offset = &world->offsets[p];
        if (offset->pending[slot] && commit) {
            offset->offset = offset->pending_offset[slot];
            memcpy(offset->tag, offset->pending_tag[slot], TAG_SIZE);
            world_trace(world, "group offset of %d becomes %lld", p, (long long)offset->offset);
        }
        offset->pending[slot] = false;
    }
}

int coordinator_open(struct world *world, int slot)
{
    struct coordinator *coordinator = &world->coordinators[slot];
    if (coordinator->state == TRANSACTION_ONGOING)
        transaction_end(world, slot, false);
    coordinator->state = TRANSACTION_EMPTY;
    return ++coordinator->epoch;
}

/* Whatever is sent opens the transaction again if it is not open: before KIP-890 nothing tells
 * one transaction of an epoch from the next. */
static bool coordinator_touch(struct world *world, int slot, int epoch)
{
    struct coordinator *coordinator = &world->coordinators[slot];
    if (coordinator->epoch != epoch)
        return false;
    if (coordinator->state != TRANSACTION_ONGOING) {
        coordinator->state = TRANSACTION_ONGOING;
        coordinator->began_ms = world->now_ms;
    }
    return true;
}

bool coordinator_produce(struct world *world, int slot, int epoch, struct output output)
{
    if (!coordinator_touch(world, slot, epoch))
        return false;
    if (world->output_count == OUTPUT_BOUND) {
        world_violate(world, "more than %d outputs produced", OUTPUT_BOUND);
        return false;
    }
    world->outputs[world->output_count++] =
        (struct produced){.output = output, .state = OUTPUT_OPEN, .slot = slot};
    return true;
}

bool coordinator_offset(struct world *world, int slot, int epoch, int partition, int64_t offset,
                        const char *tag)
{
    struct committed_offset *committed = &world->offsets[partition];
    if (!coordinator_touch(world, slot, epoch))
        return false;
    committed->pending[slot] = true;
    committed->pending_offset[slot] = offset;
    memcpy(committed->pending_tag[slot], tag, TAG_SIZE);
    return true;
}

enum end_result coordinator_end(struct world *world, int slot, int epoch, bool commit)
{
    struct coordinator *coordinator = &world->coordinators[slot];
    if (coordinator->epoch != epoch)
        return END_FENCED;
    switch (coordinator->state) {
    case TRANSACTION_ONGOING:
        transaction_end(world, slot, commit);
        return END_DONE;
    case TRANSACTION_COMMITTED:
        return commit ? END_DONE : END_INVALID;
    case TRANSACTION_ABORTED:
        return commit ? END_INVALID : END_DONE;
    case TRANSACTION_EMPTY:
        return END_INVALID;
    }
    return END_INVALID;
}

void coordinator_later(struct world *world, struct message message)
{
    int free = 0;
    while (free < MESSAGE_BOUND && world->messages[free].used)
        free++;
    if (free == MESSAGE_BOUND)
        return;
    message.used = true;
    world->messages[free] = message;
}

static void message_arrive(struct world *world, const struct message *message)
{
    bool current = world->coordinators[message->slot].epoch == message->epoch;
    world_trace(world, "late %s of slot %d arrives%s",
                message->partition == NO_PARTITION ? "EndTxn" : "TxnOffsetCommit",
                message->slot, current ? "" : ", fenced");
    if (message->partition == NO_PARTITION)
        coordinator_end(world, message->slot, message->epoch, true);
    else
        coordinator_offset(world, message->slot, message->epoch, message->partition,
                           message->offset, message->tag);
}

static void coordinator_tick(struct world *world)
{
    for (int i = 0; i < MESSAGE_BOUND; i++) {
        struct message *message = &world->messages[i];
        if (!message->used || message->at_ms > world->now_ms)
            continue;
        message->used = false;
        message_arrive(world, message);
    }
    for (int slot = 0; slot < SLOTS; slot++) {
        struct coordinator *coordinator = &world->coordinators[slot];
        if (coordinator->state != TRANSACTION_ONGOING ||
            world->now_ms < coordinator->began_ms + TRANSACTION_TIMEOUT_MS)
            continue;
        world_trace(world, "transaction of slot %d times out", slot);
        transaction_end(world, slot, false);
        coordinator->epoch++;
    }
}

void kafka_tick(struct world *world)
{
    group_tick(world);
    coordinator_tick(world);
}
