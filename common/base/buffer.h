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

/* buffer_reserve() where the room is not there yet. */
char *buffer_grow(struct buffer *buffer, size_t size);

/* Makes room for `size` further bytes and returns where they begin; the caller writes
 * them and adds to buffer->size. NULL, and the buffer failed, when there is no memory. It stands
 * here, like what follows, because most writes are a few bytes that fit. */
static inline char *buffer_reserve(struct buffer *buffer, size_t size)
{
    bool fits =
        !buffer->failed && buffer->data != NULL && size <= buffer->capacity - buffer->size;
    return fits ? buffer->data + buffer->size : buffer_grow(buffer, size);
}

/* Writes at the end; a lack of memory shows in buffer_failed(). */
static inline void buffer_append(struct buffer *buffer, const void *data, size_t size)
{
    char *room = buffer_reserve(buffer, size);
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

/* Writes as printf does, however long it gets; no zero stands behind it. */
void buffer_format(struct buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

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
