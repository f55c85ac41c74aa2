/*
 * sealed - values that were sealed, by the number of the key that opens them; for start-up and for who seals
 * anew. The loop does not come here.
 *
 * Of what stands in a value only that number is read here: four bytes, behind one of the form (seal/seal.h). Which
 * keys may still be needed stands in table sealing_key: each that a worker ever started with, until no value
 * names it any more.
 */
#ifndef KERJA_PERSIST_SEALED_H
#define KERJA_PERSIST_SEALED_H

#include "base/arena.h"
#include "persist/database.h"

enum {
    SEALED_KEYS = 64
}; /* numbers known at once; further ones wait until some of these are forgotten */

/* Where sealed values stand. */
struct sealed_values {
    const char *table, *column;
    const char *key; /* the table's key; NULL where nobody seals anew */
    size_t head;     /* bytes of a value before the sealed ones        */
};

struct sealed_value {
    struct uuid row;
    struct slice sealed;
};

/* Adds the numbers to those that may be needed. */
enum outcome sealed_keys_add(struct database *database, const int64_t *numbers, size_t count,
                             struct error *error);
/* Those that may be needed, ascending; at most SEALED_KEYS. */
enum outcome sealed_keys_read(struct database *database, int64_t numbers[static SEALED_KEYS],
                              size_t *count, struct error *error);
/* No value names it any more. */
enum outcome sealed_keys_forget(struct database *database, int64_t number, struct error *error);

/* How many values name the key. Reads the whole table. */
enum outcome sealed_count(struct database *database, const struct sealed_values *values,
                          int64_t number, int64_t *count, struct error *error);

/* Begins a transaction, and locks the next `room` rows after `after`, by key, whose value names another key
 * than `newest`. What was read lives in the arena. */
enum outcome sealed_take(struct database *database, const struct sealed_values *values,
                         int64_t newest, const struct uuid *after, struct sealed_value *taken,
                         size_t room, size_t *count, struct arena *arena, struct error *error);

/* Replaces the values of rows that were taken, and commits. The version of each goes up, so that no decision that read
 * the old value puts it back: it is made again. */
enum outcome sealed_put(struct database *database, const struct sealed_values *values,
                        const struct sealed_value *made, size_t count, struct error *error);

#endif
