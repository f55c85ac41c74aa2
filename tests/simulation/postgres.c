#include "world.h"

static bool position_matches(const struct world *world, const struct decided *decided)
{
    const struct stored_position *position = &world->positions[decided->partition];
    return position->next_offset == decided->from_offset &&
           position->owner_epoch == decided->owner_epoch && !position->stopped;
}

static void rows_prune(struct stored_position *position)
{
    for (size_t i = 0; i < position->row_count; i++)
        if (position->rows[i].next_offset <= position->published_next)
            position->rows[i].pruned = true;
}

static void position_move(struct world *world, const struct decided *decided,
                          struct stored_row **stored)
{
    struct stored_position *position = &world->positions[decided->partition];
    position->next_offset = decided->next_offset;
    if (decided->published_next > position->published_next)
        position->published_next = decided->published_next;
    rows_prune(position);
    *stored = NULL;
    if (decided->without_row)
        return;
    if (position->row_count == OUTBOX_BOUND) {
        world_violate(world, "more than %d outbox rows", OUTBOX_BOUND);
        return;
    }
    struct stored_row *row = &position->rows[position->row_count++];
    row->from_offset = decided->from_offset;
    row->next_offset = decided->next_offset;
    row->pruned = false;
    row->output_count = decided->output_count;
    memcpy(row->outputs, decided->outputs, decided->output_count * sizeof *decided->outputs);
    *stored = row;
}

/* The effect of a record is counted where it is decided: between from and next. */
static void records_apply(struct world *world, const struct decided *decided)
{
    const struct input_log *log = &world->logs[decided->partition];
    for (int64_t offset = decided->from_offset; offset < decided->next_offset; offset++) {
        if (log->marker[offset])
            continue;
        if (++world->positions[decided->partition].applied[offset] > 1)
            world_violate(world, "input %d/%lld is applied twice", decided->partition,
                          (long long)offset);
    }
}

bool postgres_commit(struct world *world, const struct decided *decided, size_t count,
                     struct stored_row **rows)
{
    for (size_t i = 0; i < count; i++)
        if (!position_matches(world, &decided[i]))
            return false;
    for (size_t i = 0; i < count; i++) {
        position_move(world, &decided[i], &rows[i]);
        records_apply(world, &decided[i]);
        world_trace(world, "PostgreSQL: %d decided to %lld, seen published %lld",
                    decided[i].partition, (long long)decided[i].next_offset,
                    (long long)decided[i].published_next);
    }
    return true;
}
