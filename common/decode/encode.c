#include "decode/encode.h"

#include "base/uuid.h"
#include "decode/reading.h"

#include <assert.h>

enum { VARINT_BYTES = 10 };

/* --- writing --- */

static void write_long(struct buffer *buffer, int64_t number)
{
    uint64_t left = ((uint64_t)number << 1) ^ (uint64_t)(number >> 63);
    char *bytes = buffer_reserve(buffer, VARINT_BYTES);
    size_t size = 0;
    if (bytes == NULL)
        return;
    while (left > 0x7f) {
        bytes[size++] = (char)((left & 0x7f) | 0x80);
        left >>= 7;
    }
    bytes[size++] = (char)left;
    buffer->size += size;
}

static void write_bytes(struct buffer *buffer, struct slice bytes)
{
    write_long(buffer, (int64_t)bytes.size);
    buffer_append(buffer, bytes.data, bytes.size);
}

/* Two's complement, big-endian, in as few bytes as keep the sign: what Java's BigInteger
 * writes. */
static void write_decimal(struct buffer *buffer, int64_t hundredths)
{
    unsigned char bytes[8];
    for (int i = 0; i < 8; i++)
        bytes[i] = (unsigned char)((uint64_t)hundredths >> (56 - 8 * i));
    unsigned char sign = hundredths < 0 ? 0xff : 0;
    size_t first = 0;
    while (first < 7 && bytes[first] == sign && ((bytes[first + 1] ^ sign) & 0x80) == 0)
        first++;
    write_bytes(buffer, (struct slice){(const char *)bytes + first, 8 - first});
}

static void write_value(struct buffer *buffer, const struct field *field, const void *value)
{
    char text[UUID_TEXT_SIZE + 1];
    switch (field->kind) {
    case FIELD_BOOL:
        buffer_append_byte(buffer, *(const bool *)value);
        return;
    case FIELD_INT:
    case FIELD_DAY:
    case FIELD_SYMBOL:
        write_long(buffer, *(const int32_t *)value);
        return;
    case FIELD_LONG:
    case FIELD_INSTANT:
        write_long(buffer, *(const int64_t *)value);
        return;
    case FIELD_MONEY:
        write_decimal(buffer, *(const int64_t *)value);
        return;
    case FIELD_UUID:
        uuid_format(value, text);
        write_bytes(buffer, (struct slice){text, UUID_TEXT_SIZE});
        return;
    case FIELD_TEXT:
    case FIELD_BYTES:
        write_bytes(buffer, *(const struct slice *)value);
        return;
    case FIELD_RECORD:
        encode_record(field->record, value, buffer);
        return;
    }
}

static void write_items(struct buffer *buffer, const struct field *field,
                        const struct list *list)
{
    if (list->count > 0)
        write_long(buffer, (int64_t)list->count);
    for (size_t i = 0; i < list->count; i++)
        write_value(buffer, field, (const char *)list->items + i * field->size);
    write_long(buffer, 0);
}

void encode_record(const struct record_type *type, const void *record, struct buffer *buffer)
{
    for (size_t i = 0; i < type->field_count; i++) {
        const struct field *field = &type->fields[i];
        const void *value = field_value(field, record);
        if (field->repeated) {
            write_items(buffer, field, value);
            continue;
        }
        if (field->optional)
            write_long(buffer, field_present(field, record));
        if (field_present(field, record))
            write_value(buffer, field, value);
    }
}

void encode_event(const struct event_type *type, const void *event, struct buffer *buffer)
{
    assert(type->schema_count > 0);
    buffer_append_byte(buffer, 0xc3);
    buffer_append_byte(buffer, 0x01);
    buffer_append_u64(buffer, type->schemas[0].fingerprint);
    encode_record(type->record, event, buffer);
}

void encode_list(const struct record_type *type, const struct list *list, struct buffer *buffer)
{
    struct field field = {.kind = FIELD_RECORD, .size = type->size, .record = type};
    write_items(buffer, &field, list);
}

/* --- reading back --- */

static bool begin_ours(struct reading *reading, struct slice body, struct arena *arena)
{
    bool begun = reading_begin(reading, body, arena);
    reading->ours = true;
    return begun;
}

static bool read_record(struct reading *reading, const struct record_type *type, void *record);

static bool read_value(struct reading *reading, const struct field *field, void *value)
{
    if (field->kind == FIELD_RECORD)
        return read_record(reading, field->record, value);
    if (!reading_scalar(reading, field, value))
        return false;
    if (field->kind != FIELD_SYMBOL)
        return true;
    int32_t symbol = *(const int32_t *)value;
    return symbol >= 0 && (size_t)symbol < field->symbols->count;
}

static bool read_items(struct reading *reading, const struct field *field, struct list *list)
{
    size_t capacity = 0, count;
    for (;;) {
        if (!reading_block(reading, &count))
            return false;
        if (count == 0)
            return true;
        if (!reading_room(reading, field, list, &capacity, count))
            return false;
        for (size_t i = 0; i < count; i++, list->count++)
            if (!read_value(reading, field, (char *)list->items + list->count * field->size))
                return false;
    }
}

static bool read_record(struct reading *reading, const struct record_type *type, void *record)
{
    for (size_t i = 0; i < type->field_count; i++) {
        const struct field *field = &type->fields[i];
        void *value = field_value(field, record);
        int64_t branch = 1;
        if (field->repeated) {
            if (!read_items(reading, field, value))
                return false;
            continue;
        }
        if (field->optional) {
            if (!reading_long(reading, &branch) || branch < 0 || branch > 1)
                return false;
            *(bool *)((char *)record + field->has_offset) = branch == 1;
        }
        if (branch == 1 && !read_value(reading, field, value))
            return false;
    }
    return true;
}

bool decode_record(const struct record_type *type, struct slice body, struct arena *arena,
                   void *record)
{
    size_t mark = arena_mark(arena);
    struct reading reading;
    void *read = arena_alloc(arena, type->size);
    if (read == NULL || !begin_ours(&reading, body, arena) ||
        !read_record(&reading, type, read) || reading.at != reading.end) {
        arena_rewind(arena, mark);
        return false;
    }
    memcpy(record, read, type->size);
    return true;
}

bool decode_list(const struct record_type *type, struct slice body, struct arena *arena,
                 struct list *list)
{
    struct field field = {
        .name = type->name, .kind = FIELD_RECORD, .size = type->size, .record = type};
    size_t mark = arena_mark(arena);
    struct reading reading;
    struct list read = {0};
    if (!begin_ours(&reading, body, arena) || !read_items(&reading, &field, &read) ||
        reading.at != reading.end) {
        arena_rewind(arena, mark);
        return false;
    }
    *list = read;
    return true;
}
