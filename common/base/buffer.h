/*
 * buffer - bytes that grow while something is being written.
 *
 * A failed growth is remembered, so that a writer checks once, at the end: after
 * buffer_failed() says true, the content is meaningless.
 */
#ifndef KERJA_BASE_BUFFER_H
#define KERJA_BASE_BUFFER_H

#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct buffer {
    char *data;
    size_t size;
    size_t capacity;
    bool failed;
};

/* An empty buffer is all zero: struct buffer buffer = {0}; buffer_release() accepts it. */
void buffer_release(struct buffer *buffer);

/* Makes room for `size` further bytes and returns where they begin; the caller writes
 * them and adds to buffer->size. NULL, and the buffer failed, when there is no memory. */
char *buffer_reserve(struct buffer *buffer, size_t size);

/* Writes at the end; a lack of memory shows in buffer_failed(). It stands here because most
 * writes are a few bytes that fit, and their size is known where they are written. */
static inline void buffer_append(struct buffer *buffer, const void *data, size_t size)
{
    char *room = !buffer->failed && size < buffer->capacity - buffer->size
                     ? buffer->data + buffer->size
                     : buffer_reserve(buffer, size);
    if (room == NULL || size == 0)
        return;
    memcpy(room, data, size);
    buffer->size += size;
}

/* Writes one byte. */
static inline void buffer_append_byte(struct buffer *buffer, unsigned char byte)
{
    buffer_append(buffer, &byte, 1);
}

/* Little-endian fixed-width numbers. */
void buffer_append_u16(struct buffer *buffer, uint16_t number);
void buffer_append_u32(struct buffer *buffer, uint32_t number);
void buffer_append_u64(struct buffer *buffer, uint64_t number);

/* Forgets the content, keeps the memory. */
void buffer_clear(struct buffer *buffer);

static inline bool buffer_failed(const struct buffer *buffer)
{
    return buffer->failed;
}

/* Borrowed until the buffer is next written to. */
static inline struct slice buffer_slice(const struct buffer *buffer)
{
    return (struct slice){buffer->data, buffer->size};
}

#endif
