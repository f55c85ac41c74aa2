#include "persist/columns.h"

#include "persist/wire.h"

#include <assert.h>

/* A member is a text for PostgreSQL when it is one, or is known by a name. */
static bool field_textual(const struct field *field)
{
    return field->kind == FIELD_TEXT || field->kind == FIELD_SYMBOL;
}

/* Members that only the codec can turn into bytes. */
static bool field_nested(const struct field *field)
{
    return field->kind == FIELD_RECORD || (field->repeated && !field_textual(field));
}

uint32_t column_element_oid(const struct field *field)
{
    if (field_nested(field))
        return OID_BYTEA;
    switch (field->kind) {
    case FIELD_BOOL:
        return OID_BOOL;
    case FIELD_INT:
        return OID_INT4;
    case FIELD_LONG:
    case FIELD_MONEY:
        return OID_INT8;
    case FIELD_DAY:
        return OID_DATE;
    case FIELD_INSTANT:
        return OID_TIMESTAMPTZ;
    case FIELD_UUID:
        return OID_UUID;
    case FIELD_TEXT:
    case FIELD_SYMBOL:
        return OID_TEXT;
    case FIELD_BYTES:
    case FIELD_RECORD:
        return OID_BYTEA;
    }
    return OID_BYTEA;
}

/* ndim, "may hold NULL", element type, then the one dimension and its lower bound. */
static void array_begin(uint32_t oid, size_t count, struct buffer *buffer)
{
    assert(count <= INT32_MAX);
    wire_append_u32(buffer, count == 0 ? 0 : 1);
    wire_append_u32(buffer, 1);
    wire_append_u32(buffer, oid);
    if (count == 0)
        return;
    wire_append_u32(buffer, (uint32_t)count);
    wire_append_u32(buffer, 1);
}

static void element_null(struct buffer *buffer)
{
    wire_append_u32(buffer, UINT32_MAX);
}

/* An element of known size: room is made once for its length and for itself. */
static inline void element_bytes(const void *data, size_t size, struct buffer *buffer)
{
    assert(size <= INT32_MAX);
    uint32_t length = htobe32((uint32_t)size);
    char *room = buffer_reserve(buffer, sizeof length + size);
    if (room == NULL)
        return;
    memcpy(room, &length, sizeof length);
    if (size > 0)
        memcpy(room + sizeof length, data, size);
    buffer->size += sizeof length + size;
}

static void element_u32(uint32_t number, struct buffer *buffer)
{
    uint32_t big = htobe32(number);
    element_bytes(&big, sizeof big, buffer);
}

static void element_u64(uint64_t number, struct buffer *buffer)
{
    uint64_t big = htobe64(number);
    element_bytes(&big, sizeof big, buffer);
}

/* An element whose size is known only after it is written. */
static size_t element_open(struct buffer *buffer)
{
    wire_append_u32(buffer, 0);
    return buffer->size;
}

static void element_close(size_t start, struct buffer *buffer)
{
    if (buffer_failed(buffer))
        return;
    uint32_t size = htobe32((uint32_t)(buffer->size - start));
    memcpy(buffer->data + start - sizeof size, &size, sizeof size);
}

/* Always in quotes, so that an empty text and the word NULL stay what they are. */
static void literal_item_append(struct slice item, bool first, struct buffer *buffer)
{
    if (!first)
        buffer_append_byte(buffer, ',');
    buffer_append_byte(buffer, '"');
    for (size_t i = 0; i < item.size; i++) {
        if (item.data[i] == '"' || item.data[i] == '\\')
            buffer_append_byte(buffer, '\\');
        buffer_append_byte(buffer, (unsigned char)item.data[i]);
    }
    buffer_append_byte(buffer, '"');
}

void array_literal_append(const struct slice *items, size_t count, struct buffer *buffer)
{
    buffer_append_byte(buffer, '{');
    for (size_t i = 0; i < count; i++)
        literal_item_append(items[i], i == 0, buffer);
    buffer_append_byte(buffer, '}');
}

static struct slice field_text(const struct field *field, const void *value)
{
    if (field->kind == FIELD_SYMBOL)
        return slice_of(symbols_name(field->symbols, *(const int32_t *)value));
    return *(const struct slice *)value;
}

static void text_list_append(const struct field *field, const void *value,
                             struct buffer *buffer)
{
    const struct list *list = value;
    buffer_append_byte(buffer, '{');
    for (size_t i = 0; i < list->count; i++)
        literal_item_append(field_text(field, (const char *)list->items + i * field->size),
                            i == 0, buffer);
    buffer_append_byte(buffer, '}');
}

static bool nested_append(const struct field *field, const void *value,
                          const struct nested_codec *codec, struct buffer *buffer)
{
    size_t start = element_open(buffer);
    if (codec == NULL || !codec->encode(field, value, buffer))
        return false;
    element_close(start, buffer);
    return true;
}

static bool element_append(const struct field *field, const void *value,
                           const struct nested_codec *codec, struct buffer *buffer)
{
    if (field_nested(field))
        return nested_append(field, value, codec, buffer);
    if (field->repeated) {
        size_t start = element_open(buffer);
        text_list_append(field, value, buffer);
        element_close(start, buffer);
        return true;
    }
    switch (field->kind) {
    case FIELD_BOOL:
        element_bytes(*(const bool *)value ? "\1" : "\0", 1, buffer);
        return true;
    case FIELD_INT:
        element_u32((uint32_t) * (const int32_t *)value, buffer);
        return true;
    case FIELD_LONG:
    case FIELD_MONEY:
        element_u64((uint64_t) * (const int64_t *)value, buffer);
        return true;
    case FIELD_DAY:
        element_u32((uint32_t) * (const int32_t *)value - (uint32_t)WIRE_EPOCH_DAY, buffer);
        return true;
    case FIELD_INSTANT:
        element_u64((uint64_t) * (const int64_t *)value - (uint64_t)WIRE_EPOCH_US, buffer);
        return true;
    case FIELD_UUID:
        element_bytes(((const struct uuid *)value)->bytes, sizeof(struct uuid), buffer);
        return true;
    case FIELD_TEXT:
    case FIELD_BYTES:
    case FIELD_SYMBOL: {
        struct slice text = field_text(field, value);
        element_bytes(text.data, text.size, buffer);
        return true;
    }
    case FIELD_RECORD:
        break;
    }
    return false;
}

bool column_append(const struct field *field, const void *const *rows, size_t count,
                   const struct nested_codec *codec, struct buffer *buffer)
{
    array_begin(field->repeated && field_textual(field) ? OID_TEXT : column_element_oid(field),
                count, buffer);
    for (size_t i = 0; i < count; i++) {
        if (!field_present(field, rows[i]))
            element_null(buffer);
        else if (!element_append(field, field_value(field, rows[i]), codec, buffer))
            return false;
    }
    return true;
}

static bool text_read(const struct field *field, struct slice text, struct arena *arena,
                      void *value)
{
    if (field->kind == FIELD_SYMBOL) {
        *(int32_t *)value = symbols_find(field->symbols, text);
        return true;
    }
    struct slice copy = arena_copy(arena, text);
    *(struct slice *)value = copy;
    return copy.data != NULL;
}

enum { ARRAY_HEADER_SIZE = 12, ARRAY_DIMENSION_SIZE = 8 };

/* One element of a binary text array; false when the bytes end before it does, and for NULL. */
static bool array_next(const char **data, const char *end, struct slice *item)
{
    if (end - *data < 4)
        return false;
    int32_t size = (int32_t)wire_u32(*data);
    *data += 4;
    if (size < 0 || size > end - *data)
        return false;
    *item = (struct slice){*data, (size_t)size};
    *data += size;
    return true;
}

static bool text_array_read(const struct field *field, const char *data, size_t size,
                            struct arena *arena, struct list *list)
{
    const char *end = data + size;
    if (size < ARRAY_HEADER_SIZE || wire_u32(data) > 1 || wire_u32(data + 8) != OID_TEXT)
        return false;
    *list = (struct list){0};
    if (wire_u32(data) == 0)
        return true;
    if (size < ARRAY_HEADER_SIZE + ARRAY_DIMENSION_SIZE)
        return false;
    size_t count = wire_u32(data + ARRAY_HEADER_SIZE);
    data += ARRAY_HEADER_SIZE + ARRAY_DIMENSION_SIZE;
    if (count > (size_t)(end - data) / 4)
        return false;
    char *items = count == 0 ? NULL : arena_alloc(arena, count * field->size);
    if (count > 0 && items == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        struct slice item;
        if (!array_next(&data, end, &item) ||
            !text_read(field, item, arena, items + i * field->size))
            return false;
    }
    *list = (struct list){items, count};
    return data == end;
}

static bool scalar_read(const struct field *field, const char *data, size_t size,
                        struct arena *arena, void *value)
{
    if (field->kind != FIELD_TEXT && field->kind != FIELD_BYTES &&
        field->kind != FIELD_SYMBOL && size != field->size)
        return false;
    switch (field->kind) {
    case FIELD_BOOL:
        *(bool *)value = data[0] != 0;
        return true;
    case FIELD_INT:
        *(int32_t *)value = (int32_t)wire_u32(data);
        return true;
    case FIELD_LONG:
    case FIELD_MONEY:
        *(int64_t *)value = (int64_t)wire_u64(data);
        return true;
    case FIELD_DAY:
        *(int32_t *)value = (int32_t)(wire_u32(data) + (uint32_t)WIRE_EPOCH_DAY);
        return true;
    case FIELD_INSTANT:
        *(int64_t *)value = (int64_t)(wire_u64(data) + (uint64_t)WIRE_EPOCH_US);
        return true;
    case FIELD_UUID:
        memcpy(value, data, sizeof(struct uuid));
        return true;
    case FIELD_TEXT:
    case FIELD_BYTES:
    case FIELD_SYMBOL:
        return text_read(field, (struct slice){data, size}, arena, value);
    case FIELD_RECORD:
        break;
    }
    return false;
}

bool column_read(const struct field *field, const char *data, size_t size,
                 const struct nested_codec *codec, struct arena *arena, void *row)
{
    void *value = field_value(field, row);
    if (field->optional)
        *(bool *)((char *)row + field->has_offset) = data != NULL;
    if (data == NULL)
        return field->optional;
    if (field_nested(field)) {
        struct slice bytes = arena_copy(arena, (struct slice){data, size});
        return bytes.data != NULL && codec != NULL && codec->decode(field, bytes, arena, value);
    }
    if (field->repeated)
        return text_array_read(field, data, size, arena, value);
    return scalar_read(field, data, size, arena, value);
}

/* Items stand `stride` bytes apart: members of an array of structs. */
static const void *item_at(const void *items, size_t index, size_t stride)
{
    return (const char *)items + index * stride;
}

void array_append_uuid(const struct uuid *items, size_t count, size_t stride,
                       struct buffer *buffer)
{
    array_begin(OID_UUID, count, buffer);
    for (size_t i = 0; i < count; i++)
        element_bytes(item_at(items, i, stride), sizeof *items, buffer);
}

void array_append_int8(const int64_t *items, size_t count, size_t stride, struct buffer *buffer)
{
    array_begin(OID_INT8, count, buffer);
    for (size_t i = 0; i < count; i++)
        element_u64((uint64_t) * (const int64_t *)item_at(items, i, stride), buffer);
}

void array_append_int4(const int32_t *items, size_t count, size_t stride, struct buffer *buffer)
{
    array_begin(OID_INT4, count, buffer);
    for (size_t i = 0; i < count; i++)
        element_u32((uint32_t) * (const int32_t *)item_at(items, i, stride), buffer);
}

void array_append_instant(const int64_t *items_us, size_t count, size_t stride,
                          struct buffer *buffer)
{
    array_begin(OID_TIMESTAMPTZ, count, buffer);
    for (size_t i = 0; i < count; i++)
        element_u64((uint64_t) * (const int64_t *)item_at(items_us, i, stride) -
                        (uint64_t)WIRE_EPOCH_US,
                    buffer);
}

static void array_append_slices(uint32_t oid, const struct slice *items, size_t count,
                                size_t stride, struct buffer *buffer)
{
    array_begin(oid, count, buffer);
    for (size_t i = 0; i < count; i++) {
        const struct slice *item = item_at(items, i, stride);
        element_bytes(item->data, item->size, buffer);
    }
}

void array_append_text(const struct slice *items, size_t count, size_t stride,
                       struct buffer *buffer)
{
    array_append_slices(OID_TEXT, items, count, stride, buffer);
}

void array_append_bytes(const struct slice *items, size_t count, size_t stride,
                        struct buffer *buffer)
{
    array_append_slices(OID_BYTEA, items, count, stride, buffer);
}
