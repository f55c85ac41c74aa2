/*
 * frame - one output record inside an outbox payload.
 *
 * A frame is {u32 length, u8 topic, u16 key, u16 headers, u32 value, i64 timestamp_ms},
 * little-endian, followed by the key's, the headers' and the value's bytes. `length` counts
 * everything behind itself. `topic` is an index into the service's list of topics. Only headers
 * that differ from record to record are stored (ce_id, traceparent); those that are the same
 * for a whole topic are added when publishing. A stored header is {u16 name, u16 value} and
 * their bytes.
 *
 * Frames are read back after crashes and upgrades, so reading judges every length: a
 * payload that is not whole is an error, never a read beyond its end.
 */
#ifndef KERJA_BASE_FRAME_H
#define KERJA_BASE_FRAME_H

#include "base/buffer.h"
#include "base/error.h"
#include "base/record.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    FRAME_LENGTH_SIZE = 4,
    FRAME_HEAD_SIZE =
        17, /* topic, key, headers, value, timestamp: what `length` counts at least */
    FRAME_HEADERS = 16, /* stored headers of one frame, at most                       */
    FRAME_VALUE_BOUND = 16 << 20 /* bytes of one value, at most                            */
};

struct frame {
    uint8_t topic;
    int64_t timestamp_ms;
    struct slice key; /* empty: the record has no key */
    struct slice value;
    const struct header *headers; /* header_count of them */
    size_t header_count;
};

/* Appends a frame; the bytes are copied. Returns false, and appends nothing, when a part is
 * larger than its length field or bound can say. Memory that ran out shows in buffer_failed().
 */
bool frame_append(struct buffer *buffer, const struct frame *frame);

/* Walks the frames of a payload: struct frame_iterator iterator = {.rest = payload}. */
struct frame_iterator {
    struct slice rest; /* what has not been read yet */
    struct header headers[FRAME_HEADERS];
};

enum frame_step { FRAME_READ, FRAME_DONE, FRAME_CORRUPT };

/* Reads the next frame. Its slices borrow from the payload, its header list from the iterator:
 * valid until the next call. FRAME_CORRUPT leaves a reason in `error`, and comes again if asked
 * again. */
enum frame_step frame_next(struct frame_iterator *iterator, struct frame *frame,
                           struct error *error);

#endif
