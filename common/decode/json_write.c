#include "decode/json.h"

#include "base/calendar.h"
#include "base/uuid.h"

#include <inttypes.h>
#include <stdio.h>

static void write_raw(struct buffer *buffer, const char *text)
{
    buffer_append(buffer, text, strlen(text));
}

static void write_string(struct buffer *buffer, struct slice text)
{
    static const char digits[] = "0123456789abcdef";
    buffer_append_byte(buffer, '"');
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        if (byte == '"' || byte == '\\') {
            char escaped[] = {'\\', (char)byte};
            buffer_append(buffer, escaped, sizeof escaped);
        } else if (byte < 0x20) {
            char escaped[] = {'\\', 'u', '0', '0', digits[byte >> 4], digits[byte & 15]};
            buffer_append(buffer, escaped, sizeof escaped);
        } else {
            buffer_append_byte(buffer, byte);
        }
    }
    buffer_append_byte(buffer, '"');
}

static void write_base16(struct buffer *buffer, struct slice bytes)
{
    static const char digits[] = "0123456789abcdef";
    buffer_append_byte(buffer, '"');
    for (size_t i = 0; i < bytes.size; i++) {
        unsigned char byte = (unsigned char)bytes.data[i];
        char pair[] = {digits[byte >> 4], digits[byte & 15]};
        buffer_append(buffer, pair, sizeof pair);
    }
    buffer_append_byte(buffer, '"');
}

static void write_number(struct buffer *buffer, int64_t number)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, number);
    write_raw(buffer, text);
}

static void write_money(struct buffer *buffer, int64_t hundredths)
{
    char text[32];
    uint64_t size = hundredths < 0 ? 0 - (uint64_t)hundredths : (uint64_t)hundredths;
    snprintf(text, sizeof text, "\"%s%" PRIu64 ".%02" PRIu64 "\"", hundredths < 0 ? "-" : "",
             size / 100, size % 100);
    write_raw(buffer, text);
}

static void write_value(struct buffer *buffer, const struct field *field, const void *value,
                        bool hide_personal)
{
    char text[UUID_TEXT_SIZE + 1];
    _Static_assert(sizeof text > INSTANT_TEXT_SIZE, "the longest text fits");
    switch (field->kind) {
    case FIELD_BOOL:
        write_raw(buffer, *(const bool *)value ? "true" : "false");
        return;
    case FIELD_INT:
        write_number(buffer, *(const int32_t *)value);
        return;
    case FIELD_LONG:
        write_number(buffer, *(const int64_t *)value);
        return;
    case FIELD_DAY:
        day_format(*(const epoch_day *)value, text);
        write_string(buffer, slice_of(text));
        return;
    case FIELD_INSTANT:
        instant_format(*(const instant_us *)value, text);
        write_string(buffer, slice_of(text));
        return;
    case FIELD_MONEY:
        write_money(buffer, *(const int64_t *)value);
        return;
    case FIELD_UUID:
        uuid_format(value, text);
        write_string(buffer, slice_of(text));
        return;
    case FIELD_TEXT:
        write_string(buffer, *(const struct slice *)value);
        return;
    case FIELD_BYTES:
        write_base16(buffer, *(const struct slice *)value);
        return;
    case FIELD_SYMBOL:
        write_string(buffer, slice_of(symbols_name(field->symbols, *(const int32_t *)value)));
        return;
    case FIELD_RECORD:
        record_to_json(field->record, value, hide_personal, buffer);
        return;
    }
}

static void write_list(struct buffer *buffer, const struct field *field,
                       const struct list *list, bool hide_personal)
{
    buffer_append_byte(buffer, '[');
    for (size_t i = 0; i < list->count; i++) {
        if (i > 0)
            write_raw(buffer, ", ");
        write_value(buffer, field, (const char *)list->items + i * field->size, hide_personal);
    }
    buffer_append_byte(buffer, ']');
}

void record_to_json(const struct record_type *type, const void *record, bool hide_personal,
                    struct buffer *buffer)
{
    bool first = true;
    buffer_append_byte(buffer, '{');
    for (size_t i = 0; i < type->field_count; i++) {
        const struct field *field = &type->fields[i];
        const void *value = field_value(field, record);
        if (!field_present(field, record))
            continue;
        write_raw(buffer, first ? "" : ", ");
        first = false;
        write_string(buffer, slice_of(field->name));
        write_raw(buffer, ": ");
        if (field->personal && hide_personal)
            write_raw(buffer, "\"(hidden)\"");
        else if (field->repeated)
            write_list(buffer, field, value, hide_personal);
        else
            write_value(buffer, field, value, hide_personal);
    }
    buffer_append_byte(buffer, '}');
}
