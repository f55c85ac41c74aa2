#include "base/arena.h"

#include <assert.h>
#include <stdint.h>
#include <sys/mman.h>

enum {
    ALIGNMENT = 16,
    KEPT_BYTES = 32 << 20 /* what stays resident between batches: a usual one */
};

bool arena_init(struct arena *arena, size_t capacity)
{
    assert(capacity > 0);
    void *base = mmap(NULL, capacity, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (base == MAP_FAILED)
        return false;
    /* A batch walks over all of it: huge pages spare the faults, where the system has them. */
    madvise(base, capacity, MADV_HUGEPAGE);
    *arena = (struct arena){.base = base, .capacity = capacity};
    return true;
}

void arena_release(struct arena *arena)
{
    if (arena == NULL || arena->base == NULL)
        return;
    munmap(arena->base, arena->capacity);
    *arena = (struct arena){0};
}

void *arena_alloc(struct arena *arena, size_t size)
{
    assert(arena->used <= arena->capacity);
    size_t start = (arena->used + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    if (start > arena->capacity || size > arena->capacity - start) {
        arena->refused++;
        return NULL;
    }
    arena->used = start + size;
    return memset(arena->base + start, 0, size);
}

void *arena_grow(struct arena *arena, void *old, size_t old_size, size_t new_size)
{
    assert(old_size <= new_size);
    if (old != NULL && (unsigned char *)old + old_size == arena->base + arena->used) {
        if (new_size - old_size > arena->capacity - arena->used) {
            arena->refused++;
            return NULL;
        }
        memset(arena->base + arena->used, 0, new_size - old_size);
        arena->used += new_size - old_size;
        return old;
    }
    void *grown = arena_alloc(arena, new_size);
    if (grown != NULL && old_size > 0)
        memcpy(grown, old, old_size);
    return grown;
}

struct slice arena_copy(struct arena *arena, struct slice bytes)
{
    char *copy = bytes.size == SIZE_MAX ? NULL : arena_alloc(arena, bytes.size + 1);
    if (copy == NULL)
        return (struct slice){0};
    if (bytes.size > 0)
        memcpy(copy, bytes.data, bytes.size);
    return (struct slice){copy, bytes.size};
}

void arena_rewind(struct arena *arena, size_t mark)
{
    assert(mark <= arena->used);
    arena->used = mark;
}

void arena_reset(struct arena *arena)
{
    if (arena->used > KEPT_BYTES)
        madvise(arena->base + KEPT_BYTES, arena->capacity - KEPT_BYTES, MADV_DONTNEED);
    arena->used = 0;
}
