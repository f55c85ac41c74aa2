#include "population_line.h"

#include "base/uuid.h"

#include <inttypes.h>
#include <stdio.h>

#define NAMESPACE "org.kerja.events.v1." /* of every schema */

static void raw_append(struct buffer *line, const char *text)
{
    buffer_append(line, text, strlen(text));
}

/* JSON's text, or with `bytes` Avro's: a code point a byte. */
static void text_append(struct buffer *line, struct slice text, bool bytes)
{
    char escape[8];
    buffer_append_byte(line, '"');
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        if (byte < 0x20 || byte == '"' || byte == '\\' || (bytes && byte >= 0x7f)) {
            snprintf(escape, sizeof escape, "\\u%04x", byte);
            raw_append(line, escape);
        } else {
            buffer_append_byte(line, byte);
        }
    }
    buffer_append_byte(line, '"');
}

/* Eight bytes, big-endian two's complement: a decimal may have more bytes than it needs, and these can
 * never be taken for digits. */
static void money_append(struct buffer *line, int64_t hundredths)
{
    char bytes[8];
    for (int i = 0; i < 8; i++)
        bytes[i] = (char)(unsigned char)((uint64_t)hundredths >> (56 - 8 * i) & 0xff);
    text_append(line, (struct slice){bytes, sizeof bytes}, true);
}

static void number_append(struct buffer *line, int64_t number)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, number);
    raw_append(line, text);
}

static void uuid_append(struct buffer *line, const struct uuid *uuid)
{
    char text[UUID_TEXT_SIZE + 1];
    uuid_format(uuid, text);
    text_append(line, slice_of(text), false);
}

static void value_append(struct buffer *line, const struct field *field, const void *value)
{
    switch (field->kind) {
    case FIELD_BOOL:
        raw_append(line, *(const bool *)value ? "true" : "false");
        return;
    case FIELD_INT:
    case FIELD_DAY:
        number_append(line, *(const int32_t *)value);
        return;
    case FIELD_LONG:
    case FIELD_INSTANT:
        number_append(line, *(const int64_t *)value);
        return;
    case FIELD_MONEY:
        money_append(line, *(const int64_t *)value);
        return;
    case FIELD_UUID:
        uuid_append(line, value);
        return;
    case FIELD_TEXT:
    case FIELD_BYTES:
        text_append(line, *(const struct slice *)value, field->kind == FIELD_BYTES);
        return;
    case FIELD_SYMBOL:
        text_append(line, slice_of(symbols_name(field->symbols, *(const int32_t *)value)),
                    false);
        return;
    case FIELD_RECORD:
        line_append(field->record, value, line);
        return;
    }
}

/* The name by which a union tells which of its types it has. */
static void branch_append(struct buffer *line, const struct field *field)
{
    static const char *const names[] = {
        [FIELD_BOOL] = "boolean", [FIELD_INT] = "int",      [FIELD_LONG] = "long",
        [FIELD_DAY] = "int",      [FIELD_INSTANT] = "long", [FIELD_MONEY] = "bytes",
        [FIELD_UUID] = "string",  [FIELD_TEXT] = "string",  [FIELD_BYTES] = "bytes"};
    raw_append(line, "{\"");
    if (field->kind == FIELD_RECORD || field->kind == FIELD_SYMBOL) {
        raw_append(line, NAMESPACE);
        raw_append(line,
                   field->kind == FIELD_RECORD ? field->record->name : field->symbols->name);
    } else {
        raw_append(line, names[field->kind]);
    }
    raw_append(line, "\":");
}

static void list_append(struct buffer *line, const struct field *field, const struct list *list)
{
    buffer_append_byte(line, '[');
    for (size_t i = 0; i < list->count; i++) {
        raw_append(line, i > 0 ? "," : "");
        value_append(line, field, (const char *)list->items + i * field->size);
    }
    buffer_append_byte(line, ']');
}

static void member_append(struct buffer *line, const struct field *field, const void *record)
{
    const void *value = field_value(field, record);
    if (field->repeated) {
        list_append(line, field, value);
    } else if (!field->optional) {
        value_append(line, field, value);
    } else if (!field_present(field, record)) {
        raw_append(line, "null");
    } else {
        branch_append(line, field);
        value_append(line, field, value);
        buffer_append_byte(line, '}');
    }
}

void line_append(const struct record_type *type, const void *record, struct buffer *line)
{
    buffer_append_byte(line, '{');
    for (size_t i = 0; i < type->field_count; i++) {
        raw_append(line, i > 0 ? "," : "");
        text_append(line, slice_of(type->fields[i].name), false);
        buffer_append_byte(line, ':');
        member_append(line, &type->fields[i], record);
    }
    buffer_append_byte(line, '}');
}
