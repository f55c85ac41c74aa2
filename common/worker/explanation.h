/*
 * explanation - a decision as it is kept: whom it was about, by which rules, what was seen, and
 * which rows it stood on.
 *
 * Explanations of a batch and source partition are kept together, one after the other, as one
 * decision segment under the key of the outbox row. Each begins with u32 length, counting what
 * follows; numbers are little-endian; a text is u8 size and bytes:
 *
 *   i64 offset, i64 occurred_at_us, uuid subject, u8 kind (enum decision_kind)
 *   text topic (empty: the segment's own; a waiting event names its own, and its partition), i32 partition
 *   text programme, text rules_hash, text scheme
 *   u16 count, then each row: text table, uuid key, i64 version read, text decided_by before
 *   u32 size, the verdict's bytes (rules/verdict_bytes.h)
 */
#ifndef KERJA_WORKER_EXPLANATION_H
#define KERJA_WORKER_EXPLANATION_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/calendar.h"
#include "base/error.h"
#include "base/slice.h"
#include "base/uuid.h"

#include <stdbool.h>
#include <stdint.h>

struct explained_row {
    struct slice table;
    struct uuid key;
    int64_t version; /* as read; 0: the row was new */
    struct slice
        before; /* "topic/partition/offset" of the decision before this one; empty: the first */
};

struct explanation {
    int64_t offset;
    instant_us occurred_at;
    struct uuid subject;
    uint8_t kind;
    struct slice topic;
    int32_t partition;
    struct slice programme, rules_hash, scheme;
    struct explained_row *rows;
    size_t row_count;
    struct slice verdict;
};

/* Appends one explanation to a segment. */
void explanation_write(const struct explanation *explanation, struct buffer *segment);

/* Takes the next explanation off `segment`. Slices borrow from it, rows lie in the arena. False at the
 * end; and, with a reason in `error`, where the bytes are not whole. */
bool explanation_read(struct slice *segment, struct arena *arena,
                      struct explanation *explanation, struct error *error);

#endif
