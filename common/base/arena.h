/*
 * arena - memory that lives exactly as long as one batch.
 *
 * The worker resets its arena before each batch, so decoders and decisions
 * allocate freely and never free. What must outlive the batch is copied out.
 * Address space is reserved at once and touched page by page, so a large capacity
 * costs nothing until a batch needs it.
 */
#ifndef KERJA_BASE_ARENA_H
#define KERJA_BASE_ARENA_H

#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>

struct arena {
    unsigned char *base;
    size_t capacity; /* fixed at start-up: the largest batch we accept */
    size_t used;     /* 0 <= used <= capacity, always                  */
    size_t refused;  /* how often there was no room, ever              */
};

/* Reserves `capacity` bytes. Returns false when the system has no room. */
bool arena_init(struct arena *arena, size_t capacity);
void arena_release(struct arena *arena);

/* Returns `size` zeroed bytes aligned for any type, or NULL when the batch outgrows
 * the arena (the worker then halves the batch). Borrowed: valid until arena_reset()
 * or an arena_rewind() to an earlier mark. */
void *arena_alloc(struct arena *arena, size_t size);

/* Grows the newest allocation in place where it can, else copies it. NULL as above;
 * `old` is then untouched. */
void *arena_grow(struct arena *arena, void *old, size_t old_size, size_t new_size);

/* Copies bytes, with a terminating zero behind them. NULL data when there is no room. */
struct slice arena_copy(struct arena *arena, struct slice bytes);

/* A mark to which the arena can be rewound, giving back all that came after. */
static inline size_t arena_mark(const struct arena *arena)
{
    return arena->used;
}
void arena_rewind(struct arena *arena, size_t mark);

/* Gives everything back; pages beyond a bound return to the system. */
void arena_reset(struct arena *arena);

#endif
