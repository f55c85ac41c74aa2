#include "base/buffer.h"

#include <stdlib.h>

enum { FIRST_CAPACITY = 256 };

void buffer_release(struct buffer *buffer)
{
    if (buffer == NULL)
        return;
    free(buffer->data);
    *buffer = (struct buffer){0};
}

char *buffer_reserve(struct buffer *buffer, size_t size)
{
    if (buffer->failed)
        return NULL;
    if (size <= buffer->capacity - buffer->size && buffer->data != NULL)
        return buffer->data + buffer->size;
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

void buffer_append(struct buffer *buffer, const void *data, size_t size)
{
    char *room = buffer_reserve(buffer, size);
    if (room == NULL || size == 0)
        return;
    memcpy(room, data, size);
    buffer->size += size;
}

void buffer_append_byte(struct buffer *buffer, unsigned char byte)
{
    buffer_append(buffer, &byte, 1);
}

static void append_little_endian(struct buffer *buffer, uint64_t number, size_t width)
{
    unsigned char bytes[8];
    for (size_t i = 0; i < width; i++)
        bytes[i] = (unsigned char)(number >> (8 * i));
    buffer_append(buffer, bytes, width);
}

void buffer_append_u16(struct buffer *buffer, uint16_t number)
{
    append_little_endian(buffer, number, 2);
}

void buffer_append_u32(struct buffer *buffer, uint32_t number)
{
    append_little_endian(buffer, number, 4);
}

void buffer_append_u64(struct buffer *buffer, uint64_t number)
{
    append_little_endian(buffer, number, 8);
}

void buffer_clear(struct buffer *buffer)
{
    buffer->size = 0;
    buffer->failed = false;
}
