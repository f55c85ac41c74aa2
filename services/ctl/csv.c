#include "csv.h"

/* What reads: `at` goes forward over the text, `to` behind it writes unquoted bytes. */
struct reader {
    char *at, *end;
};

static bool at_line_end(const struct reader *reader)
{
    return reader->at == reader->end || *reader->at == '\n' ||
           (*reader->at == '\r' && (reader->at + 1 == reader->end || reader->at[1] == '\n'));
}

static bool quoted_take(struct reader *reader, struct slice *field, size_t *lines)
{
    char *to = ++reader->at;
    field->data = to;
    for (;; reader->at++) {
        if (reader->at == reader->end)
            return false;
        if (*reader->at == '"') {
            if (reader->at + 1 == reader->end || reader->at[1] != '"')
                break;
            reader->at++;
        }
        *lines += *reader->at == '\n';
        *to++ = *reader->at;
    }
    reader->at++;
    field->size = (size_t)(to - field->data);
    return at_line_end(reader) || *reader->at == ',';
}

static void plain_take(struct reader *reader, struct slice *field)
{
    field->data = reader->at;
    while (!at_line_end(reader) && *reader->at != ',')
        reader->at++;
    field->size = (size_t)(reader->at - field->data);
}

static void line_end_take(struct reader *reader, size_t *lines)
{
    if (reader->at < reader->end && *reader->at == '\r')
        reader->at++;
    if (reader->at < reader->end && *reader->at == '\n')
        reader->at++;
    ++*lines;
}

enum csv_result csv_take(struct slice *text, struct csv_record *record)
{
    struct reader reader = {(char *)text->data, (char *)text->data + text->size};
    record->count = record->lines = 0;
    while (reader.at < reader.end && at_line_end(&reader))
        line_end_take(&reader, &record->lines);
    if (reader.at >= reader.end)
        return CSV_END;
    for (;;) {
        if (record->count == CSV_FIELDS)
            return CSV_BROKEN;
        struct slice *field = &record->fields[record->count++];
        if (reader.at < reader.end && *reader.at == '"') {
            if (!quoted_take(&reader, field, &record->lines))
                return CSV_BROKEN;
        } else {
            plain_take(&reader, field);
        }
        if (at_line_end(&reader))
            break;
        reader.at++;
    }
    line_end_take(&reader, &record->lines);
    *text = (struct slice){reader.at, (size_t)(reader.end - reader.at)};
    return CSV_RECORD;
}

size_t csv_column(const struct csv_record *titles, const char *name)
{
    for (size_t i = 0; i < titles->count; i++)
        if (slice_is(titles->fields[i], name))
            return i;
    return CSV_FIELDS;
}
