/*
 * fuzz_csv - files of rows: CSV as registers and gateways send it, and PostgreSQL's COPY text. Fields that were
 * read, written again and read again are the same.
 *
 * The first byte tells: an odd one that the rest is CSV, an even one that it is a line of COPY.
 */
#include "base/buffer.h"
#include "copy_text.h"
#include "csv.h"
#include "fuzz.h"

static void quoted_append(struct slice field, struct buffer *text)
{
    buffer_append_byte(text, '"');
    for (size_t i = 0; i < field.size; i++) {
        if (field.data[i] == '"')
            buffer_append_byte(text, '"');
        buffer_append(text, field.data + i, 1);
    }
    buffer_append_byte(text, '"');
}

static void check_written(const struct csv_record *record)
{
    struct csv_record again;
    struct buffer text = {0};
    for (size_t i = 0; i < record->count; i++) {
        if (i > 0)
            buffer_append_byte(&text, ',');
        quoted_append(record->fields[i], &text);
    }
    struct slice rest = buffer_slice(&text);
    must(csv_take(&rest, &again) == CSV_RECORD && rest.size == 0);
    must(again.count == record->count);
    for (size_t i = 0; i < again.count; i++)
        must(slice_equal(again.fields[i], record->fields[i]));
    buffer_release(&text);
}

static void check_csv(char *text, size_t size)
{
    struct slice rest = {text, size};
    struct csv_record record;
    size_t lines = 0, ends = 1;
    for (size_t i = 0; i < size; i++)
        ends += text[i] == '\n' || text[i] == '\r';
    while (csv_take(&rest, &record) == CSV_RECORD) {
        must(record.count > 0 && record.count <= CSV_FIELDS);
        must(rest.data <= text + size && rest.size == (size_t)(text + size - rest.data));
        csv_column(&record, "amount");
        check_written(&record);
        lines += record.lines;
    }
    must(lines <= ends);
}

static void check_copy(char *text, size_t size)
{
    struct slice rest = {text, size}, field;
    bool is_null;
    while (copy_field_take(&rest, &field, &is_null)) {
        struct buffer written = {0};
        struct slice again;
        bool again_null;
        copy_field_append(field, &written);
        must(written.size == 0 || memchr(written.data, '\t', written.size) == NULL);
        buffer_append_byte(&written, '\t');
        struct slice line = buffer_slice(&written);
        must(is_null || (copy_field_take(&line, &again, &again_null) && !again_null &&
                         slice_equal(again, field)));
        buffer_release(&written);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    /* Quotes are undone in place: the text is ours, and not a byte longer than it is. */
    char *text = malloc(size);
    must(text != NULL);
    memcpy(text, data + 1, size - 1);
    if (data[0] % 2 == 1)
        check_csv(text, size - 1);
    else
        check_copy(text, size - 1);
    free(text);
    return 0;
}
