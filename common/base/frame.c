#include "base/frame.h"

#include <string.h>

enum { HEADER_HEAD_SIZE = 4 };

/* The size of the header block, or SIZE_MAX when a part does not fit its length field. */
static size_t headers_size(const struct frame *frame)
{
    size_t size = 0;

    if (frame->header_count > FRAME_HEADERS)
        return SIZE_MAX;
    for (size_t i = 0; i < frame->header_count; i++) {
        const struct header *header = &frame->headers[i];
        if (header->name.size > UINT16_MAX || header->value.size > UINT16_MAX)
            return SIZE_MAX;
        size += HEADER_HEAD_SIZE + header->name.size + header->value.size;
    }
    return size <= UINT16_MAX ? size : SIZE_MAX;
}

bool frame_append(struct buffer *buffer, const struct frame *frame)
{
    size_t headers = headers_size(frame);

    if (headers == SIZE_MAX || frame->key.size > UINT16_MAX ||
        frame->value.size > FRAME_VALUE_BOUND)
        return false;
    size_t length = FRAME_HEAD_SIZE + frame->key.size + headers + frame->value.size;
    buffer_append_u32(buffer, (uint32_t)length);
    buffer_append_byte(buffer, frame->topic);
    buffer_append_u16(buffer, (uint16_t)frame->key.size);
    buffer_append_u16(buffer, (uint16_t)headers);
    buffer_append_u32(buffer, (uint32_t)frame->value.size);
    buffer_append_u64(buffer, (uint64_t)frame->timestamp_ms);
    buffer_append(buffer, frame->key.data, frame->key.size);
    for (size_t i = 0; i < frame->header_count; i++) {
        const struct header *header = &frame->headers[i];
        buffer_append_u16(buffer, (uint16_t)header->name.size);
        buffer_append_u16(buffer, (uint16_t)header->value.size);
        buffer_append(buffer, header->name.data, header->name.size);
        buffer_append(buffer, header->value.data, header->value.size);
    }
    buffer_append(buffer, frame->value.data, frame->value.size);
    return true;
}

static uint64_t read_little_endian(const char *data, size_t width)
{
    uint64_t number = 0;

    for (size_t i = 0; i < width; i++)
        number |= (uint64_t)(unsigned char)data[i] << (8 * i);
    return number;
}

/* Cuts `size` bytes off the front; the caller has checked that they are there. */
static struct slice take(struct slice *rest, size_t size)
{
    struct slice taken = {rest->data, size};

    rest->data += size;
    rest->size -= size;
    return taken;
}

static bool read_headers(struct frame_iterator *iterator, struct slice block, size_t *count)
{
    *count = 0;
    while (block.size > 0) {
        if (block.size < HEADER_HEAD_SIZE || *count == FRAME_HEADERS)
            return false;
        struct slice head = take(&block, HEADER_HEAD_SIZE);
        size_t name = read_little_endian(head.data, 2);
        size_t value = read_little_endian(head.data + 2, 2);
        if (name + value > block.size)
            return false;
        iterator->headers[*count].name = take(&block, name);
        iterator->headers[*count].value = take(&block, value);
        (*count)++;
    }
    return true;
}

static enum frame_step corrupt(struct error *error, const char *what, size_t rest)
{
    error_set(error, STOP, "cannot read a frame with %zu bytes left: %s", rest, what);
    return FRAME_CORRUPT;
}

enum frame_step frame_next(struct frame_iterator *iterator, struct frame *frame,
                           struct error *error)
{
    struct slice rest = iterator->rest;

    if (rest.size == 0)
        return FRAME_DONE;
    if (rest.size < FRAME_LENGTH_SIZE + FRAME_HEAD_SIZE)
        return corrupt(error, "it ends inside a frame's head", iterator->rest.size);
    size_t length = read_little_endian(take(&rest, FRAME_LENGTH_SIZE).data, FRAME_LENGTH_SIZE);
    const char *head = take(&rest, FRAME_HEAD_SIZE).data;
    size_t key = read_little_endian(head + 1, 2);
    size_t headers = read_little_endian(head + 3, 2);
    size_t value = read_little_endian(head + 5, 4);
    /* Bounded by the widths read, so the sum cannot wrap. */
    if (length != FRAME_HEAD_SIZE + key + headers + value)
        return corrupt(error, "the length is not the sum of its parts", iterator->rest.size);
    if (value > FRAME_VALUE_BOUND || length - FRAME_HEAD_SIZE > rest.size)
        return corrupt(error, "a part is longer than the rest", iterator->rest.size);

    struct frame read = {.topic = (uint8_t)head[0],
                         .timestamp_ms = (int64_t)read_little_endian(head + 9, 8),
                         .headers = iterator->headers};
    read.key = take(&rest, key);
    if (!read_headers(iterator, take(&rest, headers), &read.header_count))
        return corrupt(error, "the headers do not fill their block", iterator->rest.size);
    read.value = take(&rest, value);
    iterator->rest = rest;
    *frame = read;
    return FRAME_READ;
}
