/*
 * reading - a walk over the bytes of one Avro body.
 *
 * Every length and count is measured against the bytes that are left before anything is
 * allocated or skipped, so a hostile one ends as DECODE_TRUNCATED. The functions return false
 * after they have set `reason` and `member`; the first failure stands.
 */
#ifndef KERJA_DECODE_READING_H
#define KERJA_DECODE_READING_H

#include "base/arena.h"
#include "base/field.h"
#include "decode/decode.h"

struct reading {
    const char *at, *end;      /* what is left; texts point into it */
    struct arena *arena;       /* of lists                          */
    enum decode_reason reason; /* after a failure                   */
    const char *member;        /* where it failed; NULL: between members */
    bool ours; /* encode_record() wrote it: how far times and amounts may go is not asked */
};

/* Begins a walk over a copy of `body` in the arena, so that texts outlive the bytes given.
 * False, with DECODE_ARENA_FULL, when the copy finds no room. */
bool reading_begin(struct reading *reading, struct slice body, struct arena *arena);

static inline size_t reading_left(const struct reading *reading)
{
    return (size_t)(reading->end - reading->at);
}

/* Notes why and where, and returns false, so that a reader can end with it. */
bool reading_fails(struct reading *reading, enum decode_reason reason, const char *member);

/* A zig-zag varint of at most ten bytes. */
bool reading_long(struct reading *reading, int64_t *number);

/* A length and so many bytes, borrowed. */
bool reading_bytes(struct reading *reading, struct slice *bytes);

/* Passes over so many bytes. */
bool reading_skip(struct reading *reading, size_t size);

/* The count of an array's or map's next block, 0 at its end. Refuses more items than the bytes
 * that are left could hold, one byte an item at least. */
bool reading_block(struct reading *reading, size_t *count);

/* One value of field->kind in its own Avro type, checked as decode.h promises. Not for
 * records; a symbol is the index as written. */
bool reading_scalar(struct reading *reading, const struct field *field, void *value);

/* The same checks, for values that came by another way, such as JSON. What lies outside is a slip of the sender, and
 * counting with it would overflow. */
bool text_is_storable(struct slice text); /* UTF-8 without NUL */
bool day_is_sane(int64_t day);
bool instant_is_sane(int64_t instant);
bool hundredths_are_sane(int64_t hundredths); /* decimal(18,2) */
bool hundredths_from_bytes(struct slice bytes, int64_t *hundredths);

/* Makes room for `more` items behind list->count in a list that has `capacity`. */
bool reading_room(struct reading *reading, const struct field *field, struct list *list,
                  size_t *capacity, size_t more);

/* What a record has where its writer knew no such member. */
void field_take_default(const struct field *field, void *record);

#endif
