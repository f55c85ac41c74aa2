/*
 * cached - a row as Redis keeps it.
 *
 * A row that is found there decides, as long as its version is the stored one. So whoever can write to Redis
 * must not be able to make one: each value begins with a mark (seal/ids.h) over its key and all that follows, which
 * are the fingerprint of its row (base/row.h) and its Avro body. A genuine value that was kept, and put back later,
 * has an old version, which the check before COMMIT finds out.
 */
#ifndef KERJA_WORKER_CACHED_H
#define KERJA_WORKER_CACHED_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/row.h"
#include "seal/seal.h"

enum cached {
    CACHED_ROW,
    CACHED_OTHER_FORM, /* ours, of a release whose row has other columns */
    CACHED_FORGED      /* nobody with our id secret wrote it for this key */
};

/* Appends the value of `row` under `key`; false when there is no memory. */
bool cached_write(const struct seal *seal, const struct row_type *type, struct slice key,
                  const void *row, struct buffer *value);

/* What the value under `key` is. The row, written for CACHED_ROW alone, lives in the arena; a value for
 * which that has no room counts as of another form. */
enum cached cached_read(const struct seal *seal, const struct row_type *type, struct slice key,
                        struct slice value, struct arena *arena, void **row);

#endif
