#include "copy_text.h"

#include <string.h>

static char unescaped(char letter)
{
    static const char letters[] = "bfnrtv", values[] = "\b\f\n\r\t\v";
    const char *at = letter == '\0' ? NULL : strchr(letters, letter);
    return at == NULL ? letter : values[at - letters];
}

bool copy_field_take(struct slice *line, struct slice *field, bool *is_null)
{
    if (line->data == NULL)
        return false;
    char *to = (char *)line->data;
    const char *from = line->data, *end = line->data + line->size;
    *is_null = line->size >= 2 && from[0] == '\\' && from[1] == 'N';
    field->data = to;
    while (from < end && *from != '\t') {
        if (*from == '\\' && from + 1 < end) {
            *to++ = unescaped(from[1]);
            from += 2;
        } else {
            *to++ = *from++;
        }
    }
    field->size = *is_null ? 0 : (size_t)(to - field->data);
    if (from == end)
        *line = (struct slice){NULL, 0};
    else
        *line = (struct slice){from + 1, (size_t)(end - from - 1)};
    return true;
}

void copy_field_append(struct slice field, struct buffer *line)
{
    static const char values[] = "\b\f\n\r\t\v\\", letters[] = "bfnrtv\\";
    for (size_t i = 0; i < field.size; i++) {
        char byte = field.data[i];
        const char *at = byte == '\0' ? NULL : strchr(values, byte);
        if (at != NULL)
            buffer_append_byte(line, '\\');
        buffer_append_byte(line, (unsigned char)(at == NULL ? byte : letters[at - values]));
    }
}
