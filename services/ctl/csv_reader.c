#include "csv_reader.h"

#include <stdlib.h>
#include <string.h>

bool csv_reader_init(struct csv_reader *reader, FILE *file, size_t capacity)
{
    *reader = (struct csv_reader){
        .file = file, .data = malloc(capacity), .capacity = capacity, .next_line = 1};
    return reader->data != NULL;
}

void csv_reader_release(struct csv_reader *reader)
{
    free(reader->data);
    reader->data = NULL;
}

/* Moves what is left to the front and reads behind it. False when nothing more came. */
static bool refill(struct csv_reader *reader)
{
    if (reader->at_end)
        return false;
    memmove(reader->data, reader->data + reader->at, reader->size - reader->at);
    reader->size -= reader->at;
    reader->at = 0;
    size_t room = reader->capacity - reader->size;
    if (room == 0) {
        reader->fault = "the record is too long, or a quote is not closed";
        return false;
    }
    size_t got = fread(reader->data + reader->size, 1, room, reader->file);
    if (got < room) {
        reader->at_end = true;
        if (ferror(reader->file))
            reader->fault = "the file cannot be read";
    }
    reader->size += got;
    return got > 0;
}

static void line_ends_skip(struct csv_reader *reader)
{
    for (;;) {
        const char *at = reader->data + reader->at;
        size_t left = reader->size - reader->at;
        size_t size = left > 0 && at[0] == '\n'                    ? 1
                      : left > 1 && at[0] == '\r' && at[1] == '\n' ? 2
                                                                   : 0;
        if (size == 0)
            return;
        reader->at += size;
        reader->next_line++;
    }
}

enum place { FIELD_BEGINS, PLAIN, QUOTED, QUOTE_ENDS };

/* Where the next byte stands; a fault where a quote may not. The second of a doubled quote opens again. */
static enum place place_behind(struct csv_reader *reader, enum place place, char c)
{
    if (place == QUOTED)
        return c == '"' ? QUOTE_ENDS : QUOTED;
    if (c == ',')
        return FIELD_BEGINS;
    if (c == '"' && place != PLAIN)
        return QUOTED;
    if (c == '"')
        reader->fault = "a quote stands inside a field that is not in quotes";
    else if (place == QUOTE_ENDS && c != '\r')
        reader->fault = "something stands behind a quote that was closed";
    return place == QUOTE_ENDS ? QUOTE_ENDS : PLAIN;
}

/* Bytes of the record at `at` with its line end; 0 while that is not there, or after a fault. */
static size_t record_bytes(struct csv_reader *reader)
{
    enum place place = FIELD_BEGINS;
    for (size_t i = reader->at; i < reader->size && reader->fault == NULL; i++) {
        if (reader->data[i] == '\n' && place != QUOTED)
            return i + 1 - reader->at;
        place = place_behind(reader, place, reader->data[i]);
    }
    return 0;
}

/* Whole in memory, and its bytes; at the end of the file whatever is left is the last record. */
static size_t record_find(struct csv_reader *reader)
{
    for (;;) {
        line_ends_skip(reader);
        size_t bytes = record_bytes(reader);
        if (bytes > 0 || reader->fault != NULL || !refill(reader))
            return bytes > 0 ? bytes : reader->size - reader->at;
    }
}

static void mark_skip(struct csv_reader *reader)
{
    static const char mark[] = "\xEF\xBB\xBF";
    if (refill(reader) && reader->size >= sizeof mark - 1 &&
        memcmp(reader->data, mark, sizeof mark - 1) == 0)
        reader->at = sizeof mark - 1;
}

enum csv_result csv_reader_next(struct csv_reader *reader, struct csv_record *record)
{
    if (reader->line == 0)
        mark_skip(reader);
    size_t bytes = reader->fault == NULL ? record_find(reader) : 0;
    reader->line = reader->next_line;
    if (reader->fault != NULL)
        return CSV_BROKEN;
    if (bytes == 0)
        return CSV_END;
    struct slice text = {reader->data + reader->at, bytes};
    enum csv_result result = csv_take(&text, record);
    reader->at += bytes;
    reader->next_line += record->lines;
    if (result == CSV_BROKEN)
        reader->fault =
            record->count == CSV_FIELDS ? "there are too many fields" : "a quote is not closed";
    return result;
}
