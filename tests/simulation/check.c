#include "world.h"

bool check_tainted(const struct world *world)
{
    for (int p = 0; p < PARTITIONS; p++)
        if (world->tainted[p])
            return true;
    return false;
}

void check_positions(struct world *world)
{
    for (int p = 0; p < PARTITIONS; p++) {
        const struct stored_position *position = &world->positions[p];
        int64_t committed = world->offsets[p].offset;
        if (world->tainted[p] || !position->exists)
            continue;
        if (position->published_next > position->next_offset ||
            committed > position->next_offset ||
            (committed != NO_OFFSET && committed < position->published_next))
            world_violate(world, "positions of %d disagree: W %lld K %lld G %lld", p,
                          (long long)position->published_next, (long long)committed,
                          (long long)position->next_offset);
    }
}

bool check_drained(struct world *world)
{
    if (world->inputs_left > 0)
        return false;
    for (int p = 0; p < PARTITIONS; p++) {
        const struct stored_position *position = &world->positions[p];
        if (position->stopped)
            continue;
        if (!position->exists || position->next_offset != world->logs[p].end ||
            world->offsets[p].offset != position->next_offset ||
            world->offsets[p].tag[0] == '\0')
            return false; /* an offset without our tag was not looked at yet */
    }
    return true;
}

static void check_inputs(struct world *world, int p)
{
    const struct input_log *log = &world->logs[p];
    for (int offset = 0; offset < log->end; offset++) {
        if (log->marker[offset])
            continue;
        int applied = world->positions[p].applied[offset];
        int visible = world->visible[p][offset];
        if (applied != 1 || visible != 1)
            world_violate(world,
                          "input %d/%d is applied %d times and its output visible %d times%s",
                          p, offset, applied, visible,
                          world->tainted[p] ? ", and a loss was passed over in silence" : "");
    }
}

static void check_order(struct world *world)
{
    int last[PARTITIONS];
    for (int p = 0; p < PARTITIONS; p++)
        last[p] = -1;
    for (size_t i = 0; i < world->output_count; i++) {
        const struct produced *produced = &world->outputs[i];
        int p = produced->output.partition;
        if (produced->state != OUTPUT_COMMITTED)
            continue;
        if (produced->output.offset <= last[p])
            world_violate(world, "output %d/%d comes after %d/%d", p, produced->output.offset,
                          p, last[p]);
        last[p] = produced->output.offset;
    }
}

/* A partition in conflict waits for an officer; what it has shown must still be in order, and
 * nothing twice. */
void check_end(struct world *world)
{
    for (int p = 0; p < PARTITIONS; p++)
        if (world->must_stop[p] && !world->positions[p].stopped)
            world_violate(world, "a loss in %d was passed over in silence", p);
        else if (!world->positions[p].stopped)
            check_inputs(world, p);
    check_order(world);
}
