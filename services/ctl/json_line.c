#include "json_line.h"

#include <stdio.h>

/* What follows the backslash; 'u' for a control letter that has no short form, 0 for what stands as it is. */
static unsigned char escape_of(unsigned char letter)
{
    switch (letter) {
    case '"':
    case '\\':
        return letter;
    case '\b':
        return 'b';
    case '\f':
        return 'f';
    case '\n':
        return 'n';
    case '\r':
        return 'r';
    case '\t':
        return 't';
    }
    return letter < ' ' ? 'u' : 0;
}

static void write_text(const char *letters, size_t size, struct buffer *text)
{
    size_t clean = 0;
    buffer_append_byte(text, '"');
    for (size_t i = 0; i < size; i++) {
        unsigned char letter = (unsigned char)letters[i];
        if (letter >= ' ' && letter != '"' && letter != '\\')
            continue;
        char escaped[8] = {'\\', (char)escape_of(letter)};
        buffer_append(text, letters + clean, i - clean);
        buffer_append(text, escaped, 2);
        if (escaped[1] == 'u') {
            snprintf(escaped, sizeof escaped, "%04X", letter);
            buffer_append(text, escaped, 4);
        }
        clean = i + 1;
    }
    buffer_append(text, letters + clean, size - clean);
    buffer_append_byte(text, '"');
}

static void write_object(const json_t *json, struct buffer *text)
{
    json_t *object = (json_t *)json;
    bool first = true;
    buffer_append_byte(text, '{');
    for (void *at = json_object_iter(object); at != NULL;
         at = json_object_iter_next(object, at)) {
        if (!first)
            buffer_append_byte(text, ',');
        first = false;
        write_text(json_object_iter_key(at), json_object_iter_key_len(at), text);
        buffer_append_byte(text, ':');
        json_line(json_object_iter_value(at), text);
    }
    buffer_append_byte(text, '}');
}

static void write_array(const json_t *json, struct buffer *text)
{
    buffer_append_byte(text, '[');
    for (size_t i = 0; i < json_array_size(json); i++) {
        if (i > 0)
            buffer_append_byte(text, ',');
        json_line(json_array_get(json, i), text);
    }
    buffer_append_byte(text, ']');
}

static void write_integer(json_int_t number, struct buffer *text)
{
    char digits[24];
    size_t at = sizeof digits;
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    do
        digits[--at] = (char)('0' + rest % 10);
    while ((rest /= 10) != 0);
    if (number < 0)
        digits[--at] = '-';
    buffer_append(text, digits + at, sizeof digits - at);
}

/* Only an id that somebody made up has a point. */
static void write_real(const json_t *json, struct buffer *text)
{
    char digits[64];
    size_t size = json_dumpb(json, digits, sizeof digits, JSON_COMPACT | JSON_ENCODE_ANY);
    buffer_append(text, digits, size < sizeof digits ? size : 0);
}

void json_line(const json_t *json, struct buffer *text)
{
    switch (json_typeof(json)) {
    case JSON_OBJECT:
        write_object(json, text);
        return;
    case JSON_ARRAY:
        write_array(json, text);
        return;
    case JSON_STRING:
        write_text(json_string_value(json), json_string_length(json), text);
        return;
    case JSON_INTEGER:
        write_integer(json_integer_value(json), text);
        return;
    case JSON_REAL:
        write_real(json, text);
        return;
    case JSON_TRUE:
        buffer_append(text, "true", 4);
        return;
    case JSON_FALSE:
        buffer_append(text, "false", 5);
        return;
    case JSON_NULL:
        break;
    }
    buffer_append(text, "null", 4);
}
