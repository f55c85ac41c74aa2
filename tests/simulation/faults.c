/*
 * What goes wrong, and how often: drawn anew for each seed, so that some histories have one
 * kind of fault in plenty and others a little of everything.
 */
#include "world.h"

static int draw(struct random *random, int rare, int often)
{
    switch (random_below(random, 4)) {
    case 0:
        return rare;
    case 1:
        return often;
    default:
        return 0;
    }
}

void faults_draw(struct world *world)
{
    struct random *random = &world->random;
    world->faults_end_ms = 2000 + random_below(random, 12000);
    world->inputs_left = 6 + (int)random_below(random, 20);
    world->chances = (struct chances){
        .crash = draw(random, 400, 60),
        .stall = draw(random, 500, 100),
        .replace = draw(random, 200, 20),
        .postgres = draw(random, 60, 10),
        .commit_retry = draw(random, 20, 3),
        .commit_unknown = draw(random, 20, 4),
        .commit_slow = draw(random, 20, 4),
        .kafka = draw(random, 100, 20),
    };
    if (random_one_in(random, 3)) { /* resets and losses */
        world->chances.reset = draw(random, 8000, 2000);
        world->chances.lose_offset = draw(random, 8000, 2000);
        world->chances.lose_position = draw(random, 8000, 2000);
        world->chances.expire = draw(random, 8000, 2000);
    }
    world->chances.retention = draw(random, 4000, 1000);
    if (random_one_in(&world->repeats, 3))
        world->chances.offsets_retry = draw(&world->repeats, 20, 3);
}

/* An operator's own tool moves the group. */
static void offset_reset(struct world *world, int p)
{
    world->offsets[p].offset = random_below(&world->random, world->logs[p].end + 1);
    world->offsets[p].tag[0] = '\0';
    world->tainted[p] = true;
    world_trace(world, "operator resets group offset of %d to %lld", p,
                (long long)world->offsets[p].offset);
}

/* Kafka falls back to an older offset. One between W and K would be taken for a crash between
 * the two commits: nobody can tell, so only what was seen is taken back here. */
static void offset_lose(struct world *world, int p)
{
    if (world->offsets[p].offset == NO_OFFSET || world->positions[p].published_next == 0)
        return;
    world->offsets[p].offset = random_below(&world->random, world->positions[p].published_next);
    world->tainted[p] = true;
    world_trace(world, "Kafka falls back to group offset %lld of %d",
                (long long)world->offsets[p].offset, p);
}

static void offset_expire(struct world *world, int p)
{
    world->offsets[p].offset = NO_OFFSET;
    world->offsets[p].tag[0] = '\0';
    world->tainted[p] = true;
    world_trace(world, "group offset of %d expires", p);
}

/* PostgreSQL is put back from a backup: state, positions, rows and epochs alike. */
static void position_lose(struct world *world, int p)
{
    struct stored_position *position = &world->positions[p];
    if (position->row_count == 0)
        return;
    position->row_count = (size_t)random_below(&world->random, (int64_t)position->row_count);
    position->next_offset = position->rows[position->row_count].from_offset;
    if (position->published_next > position->next_offset)
        position->published_next = position->next_offset;
    position->owner_epoch -= random_below(&world->random, position->owner_epoch + 1);
    for (int64_t offset = position->next_offset; offset < LOG_BOUND; offset++)
        position->applied[offset] = 0;
    world->tainted[p] = true;
    world->must_stop[p] = world->offsets[p].offset > position->next_offset;
    world_trace(world, "PostgreSQL is put back to %lld of %d", (long long)position->next_offset,
                p);
}

static void log_expire(struct world *world, int p)
{
    struct input_log *log = &world->logs[p];
    if (!world->positions[p].exists)
        return;
    bool loses = !world->tainted[p] && random_one_in(&world->random, 4);
    int64_t to = loses ? log->end : world->positions[p].next_offset;
    if (to <= log->start)
        return;
    log->start += random_below(&world->random, to - log->start + 1);
    if (log->start > world->positions[p].next_offset)
        world->tainted[p] = true;
    world_trace(world, "log of %d begins at %lld", p, (long long)log->start);
}

/* One side of a partition is reset or lost, once: when both lose their memory, or twice the same
 * one, nobody can know what was shown to the world before. */
void faults_tick(struct world *world)
{
    struct random *random = &world->random;
    const struct chances *chances = &world->chances;
    if (world->calm)
        return;
    int p = (int)random_below(random, PARTITIONS);
    if (random_one_in(random, chances->retention))
        log_expire(world, p);
    if (world->tainted[p])
        return;
    if (random_one_in(random, chances->reset))
        offset_reset(world, p);
    else if (random_one_in(random, chances->lose_offset))
        offset_lose(world, p);
    else if (random_one_in(random, chances->expire))
        offset_expire(world, p);
    else if (random_one_in(random, chances->lose_position))
        position_lose(world, p);
}
