/*
 * uuid - sixteen bytes (RFC 9562), the form of every id that Kerja makes.
 *
 * Text is the usual 36 characters in lower case. Ids order by their bytes, in C as
 * in PostgreSQL.
 */
#ifndef KERJA_BASE_UUID_H
#define KERJA_BASE_UUID_H

#include "base/slice.h"

#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { UUID_TEXT_SIZE = 36 };

struct uuid {
    unsigned char bytes[16];
};

static inline bool uuid_equal(const struct uuid *a, const struct uuid *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

/* Below, at or above 0. By halves, because a batch sorts tens of thousands of ids. */
static inline int uuid_compare(const struct uuid *a, const struct uuid *b)
{
    uint64_t left[2], right[2];
    memcpy(left, a->bytes, sizeof left);
    memcpy(right, b->bytes, sizeof right);
    size_t half = left[0] == right[0];
    uint64_t one = be64toh(left[half]), other = be64toh(right[half]);
    return (one > other) - (one < other);
}

/* True for the nil UUID, which names nothing. */
bool uuid_is_nil(const struct uuid *uuid);

/* Writes 36 characters and a terminating zero. */
void uuid_format(const struct uuid *uuid, char text[static UUID_TEXT_SIZE + 1]);

/* Reads the 36-character form, either case. Returns false, and writes nothing, for
 * anything else. */
bool uuid_parse(struct slice text, struct uuid *uuid);

/* Marks sixteen arbitrary bytes as version 8, variant 10 (RFC 9562, section 5.8). */
void uuid_mark_version_8(struct uuid *uuid);

#endif
