#include "base/buffer.h"

#include <assert.h>
#include <endian.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { FIRST_CAPACITY = 256, FORMAT_ROOM = 256 /* most texts are formatted once */ };

void buffer_release(struct buffer *buffer)
{
    if (buffer == NULL)
        return;
    free(buffer->data);
    *buffer = (struct buffer){0};
}

char *buffer_grow(struct buffer *buffer, size_t size)
{
    if (buffer->failed)
        return NULL;
    size_t wanted = buffer->capacity < FIRST_CAPACITY ? FIRST_CAPACITY : buffer->capacity * 2;
    if (wanted < buffer->size + size)
        wanted = buffer->size + size;
    char *grown = realloc(buffer->data, wanted);
    if (grown == NULL) {
        buffer->failed = true;
        return NULL;
    }
    buffer->data = grown;
    buffer->capacity = wanted;
    return grown + buffer->size;
}

void buffer_format(struct buffer *buffer, const char *format, ...)
{
    va_list arguments;
    size_t room = FORMAT_ROOM, size = FORMAT_ROOM;
    for (int attempt = 0; attempt < 2 && size >= room; attempt++) {
        room = size + (size_t)attempt;
        char *at = buffer_reserve(buffer, room);
        if (at == NULL)
            return;
        va_start(arguments, format);
        int written = vsnprintf(at, room, format, arguments);
        va_end(arguments);
        assert(written >= 0);
        size = (size_t)written;
    }
    buffer->size += size;
}

void buffer_append_u16(struct buffer *buffer, uint16_t number)
{
    uint16_t little = htole16(number);
    buffer_append(buffer, &little, sizeof little);
}

void buffer_append_u32(struct buffer *buffer, uint32_t number)
{
    uint32_t little = htole32(number);
    buffer_append(buffer, &little, sizeof little);
}

void buffer_append_u64(struct buffer *buffer, uint64_t number)
{
    uint64_t little = htole64(number);
    buffer_append(buffer, &little, sizeof little);
}

void buffer_clear(struct buffer *buffer)
{
    buffer->size = 0;
    buffer->failed = false;
}
