/*
 * sources - the partitions of one assignment, and what is expected of each.
 *
 * Pure bookkeeping: which source a topic's partition is, whether an offset may be handed out,
 * and which sources may be paused.
 */
#ifndef KERJA_CONSUME_SOURCES_H
#define KERJA_CONSUME_SOURCES_H

#include "base/position.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct assigned {
    uint16_t topic; /* index into the names */
    int32_t partition;
    int64_t expected; /* the next offset: a record below it is dropped     */
    bool fetched;     /* a record or an end came: it may be paused         */
    bool paused;      /* here, so it is ours to resume                     */
};

struct sources {
    char **names; /* topics, fixed for the consumer's life */
    size_t name_count;
    int16_t *places; /* name_count rows of PARTITION_BOUND: index into items, or -1 */
    struct assigned items[PARTITION_BOUND];
    size_t count;
};

/* Copies the names. False when there is no memory; sources_release() accepts what is there. */
bool sources_init(struct sources *sources, const char *const *names, size_t count);
void sources_release(struct sources *sources);

/* Forgets the assignment. */
void sources_clear(struct sources *sources);

/* Adds a source; false when the topic is unknown, the partition out of bounds, or it is there
 * already. */
bool sources_add(struct sources *sources, const struct position *position);

/* The source of a topic's partition, or NULL when it is not assigned. */
struct assigned *sources_find(struct sources *sources, const char *topic, int32_t partition);

/* True when the offset may be handed out, and moves what is expected behind it (`next`). */
bool assigned_accept(struct assigned *assigned, int64_t offset, int64_t next);

#endif
