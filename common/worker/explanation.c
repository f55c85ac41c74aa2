#include "worker/explanation.h"

#include <assert.h>

enum { LENGTH_SIZE = 4, ROW_BOUND = 4096 };

static void write_text(struct buffer *buffer, struct slice text)
{
    size_t size = text.size > UINT8_MAX ? UINT8_MAX : text.size;
    buffer_append_byte(buffer, (unsigned char)size);
    buffer_append(buffer, text.data, size);
}

/* Puts the length of what was appended since `start` into the room left for it there. */
static void close_length(struct buffer *buffer, size_t start)
{
    if (buffer_failed(buffer))
        return;
    size_t length = buffer->size - start - LENGTH_SIZE;
    for (size_t i = 0; i < LENGTH_SIZE; i++)
        buffer->data[start + i] = (char)(length >> (8 * i) & 0xff);
}

void explanation_write(const struct explanation *explanation, struct buffer *segment)
{
    size_t start = segment->size;
    assert(explanation->row_count <= ROW_BOUND);
    buffer_append_u32(segment, 0);
    buffer_append_u64(segment, (uint64_t)explanation->offset);
    buffer_append_u64(segment, (uint64_t)explanation->occurred_at);
    buffer_append(segment, explanation->subject.bytes, sizeof explanation->subject.bytes);
    buffer_append_byte(segment, explanation->kind);
    write_text(segment, explanation->topic);
    buffer_append_u32(segment, (uint32_t)explanation->partition);
    write_text(segment, explanation->programme);
    write_text(segment, explanation->rules_hash);
    write_text(segment, explanation->scheme);
    buffer_append_u16(segment, (uint16_t)explanation->row_count);
    for (size_t i = 0; i < explanation->row_count; i++) {
        const struct explained_row *row = &explanation->rows[i];
        write_text(segment, row->table);
        buffer_append(segment, row->key.bytes, sizeof row->key.bytes);
        buffer_append_u64(segment, (uint64_t)row->version);
        write_text(segment, row->before);
    }
    buffer_append_u32(segment, (uint32_t)explanation->verdict.size);
    buffer_append(segment, explanation->verdict.data, explanation->verdict.size);
    close_length(segment, start);
}

/* Reading: `rest` shrinks from the front; `whole` turns false when it was too short. */
struct reader {
    struct slice rest;
    bool whole;
};

static struct slice read_bytes(struct reader *reader, size_t size)
{
    if (!reader->whole || size > reader->rest.size) {
        reader->whole = false;
        return (struct slice){0};
    }
    struct slice bytes = {reader->rest.data, size};
    reader->rest.data += size;
    reader->rest.size -= size;
    return bytes;
}

static uint64_t read_number(struct reader *reader, size_t width)
{
    struct slice bytes = read_bytes(reader, width);
    uint64_t number = 0;
    for (size_t i = 0; i < bytes.size; i++)
        number |= (uint64_t)(unsigned char)bytes.data[i] << (8 * i);
    return number;
}

static struct slice read_text(struct reader *reader)
{
    return read_bytes(reader, (size_t)read_number(reader, 1));
}

static struct uuid read_uuid(struct reader *reader)
{
    struct uuid uuid = {{0}};
    struct slice bytes = read_bytes(reader, sizeof uuid.bytes);
    if (bytes.size == sizeof uuid.bytes)
        memcpy(uuid.bytes, bytes.data, bytes.size);
    return uuid;
}

static void read_rows(struct reader *reader, struct arena *arena,
                      struct explanation *explanation)
{
    explanation->row_count = (size_t)read_number(reader, 2);
    if (explanation->row_count > ROW_BOUND)
        reader->whole = false;
    if (!reader->whole)
        return;
    explanation->rows = arena_alloc(arena, explanation->row_count * sizeof *explanation->rows);
    if (explanation->rows == NULL) {
        reader->whole = false;
        return;
    }
    for (size_t i = 0; i < explanation->row_count; i++) {
        explanation->rows[i].table = read_text(reader);
        explanation->rows[i].key = read_uuid(reader);
        explanation->rows[i].version = (int64_t)read_number(reader, 8);
        explanation->rows[i].before = read_text(reader);
    }
}

bool explanation_read(struct slice *segment, struct arena *arena,
                      struct explanation *explanation, struct error *error)
{
    struct reader outer = {*segment, true};
    if (segment->size == 0)
        return false;
    struct reader reader = {
        .rest = read_bytes(&outer, (size_t)read_number(&outer, LENGTH_SIZE)), .whole = true};
    reader.whole = outer.whole;
    *explanation = (struct explanation){.offset = (int64_t)read_number(&reader, 8)};
    explanation->occurred_at = (instant_us)read_number(&reader, 8);
    explanation->subject = read_uuid(&reader);
    explanation->kind = (uint8_t)read_number(&reader, 1);
    explanation->topic = read_text(&reader);
    explanation->partition = (int32_t)read_number(&reader, 4);
    explanation->programme = read_text(&reader);
    explanation->rules_hash = read_text(&reader);
    explanation->scheme = read_text(&reader);
    read_rows(&reader, arena, explanation);
    explanation->verdict = read_bytes(&reader, (size_t)read_number(&reader, 4));
    if (!reader.whole || reader.rest.size > 0) {
        error_set(error, REJECT, "cannot read the decision segment: it is cut or changed");
        return false;
    }
    *segment = outer.rest;
    return true;
}
