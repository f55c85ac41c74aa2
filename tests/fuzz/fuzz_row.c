/*
 * fuzz_row - rows as they come back: the Avro body of a value that Redis kept, and the columns of
 * PostgreSQL. What is accepted is written and read again to the same bytes.
 *
 * The first byte picks the row; the second, modulo 4, what the rest is: 0 and 2 a column's value, the column picked by
 * the third; 1 a body; 3 what somebody put into Redis, or a body that we put there, of which the third changes a byte.
 */
#include "decode/encode.h"
#include "fuzz.h"
#include "fuzz_rows.h"
#include "persist/columns.h"
#include "worker/cached.h"
#include "worker/worker.h"

enum { ARENA_CAPACITY = 8 << 20, ROW_SIZE = 1 << 14, HEAD = 3 };

static struct arena arena;
static _Alignas(max_align_t) char row[ROW_SIZE], again[ROW_SIZE];

static void check_body(const struct row_type *type, struct slice body)
{
    struct buffer once = {0}, twice = {0};
    if (!decode_record(type->record, body, &arena, row))
        return;
    encode_record(type->record, row, &once);
    must(decode_record(type->record, buffer_slice(&once), &arena, again));
    encode_record(type->record, again, &twice);
    must(slice_equal(buffer_slice(&once), buffer_slice(&twice)));
    buffer_release(&once);
    buffer_release(&twice);
}

static void check_column(const struct row_type *type, uint8_t column, struct slice value)
{
    const struct field *field = &type->record->fields[column % type->record->field_count];
    const void *rows[] = {row};
    struct buffer once = {0};
    memset(row, 0, type->record->size);
    if (!column_read(field, value.data, value.size, lookups_codec(), &arena, row))
        return;
    must(column_append(field, rows, 1, lookups_codec(), &once));
    buffer_release(&once);
}

/* Redis gives back a row as it was put there, and nothing else. */
static void check_cached(const struct row_type *type, uint8_t change, struct slice bytes)
{
    static struct seal *seal;
    struct seal_secrets secrets = {.key_count = 1, .keys = {{.id = 1}}};
    struct buffer value = {0};
    struct slice key = SLICE("kerja:1:completion:course:1");
    void *read = NULL;
    if (seal == NULL)
        must((seal = seal_open(&secrets, NULL)) != NULL);
    must(cached_read(seal, type, key, bytes, &arena, &read) == CACHED_FORGED && read == NULL);
    if (!decode_record(type->record, bytes, &arena, row))
        return;
    must(cached_write(seal, type, key, row, &value));
    must(cached_read(seal, type, key, buffer_slice(&value), &arena, &read) == CACHED_ROW);
    value.data[change % value.size] ^= 1;
    must(cached_read(seal, type, key, buffer_slice(&value), &arena, &read) == CACHED_FORGED);
    buffer_release(&value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct row_type *const types[] = {&course_row_type, &account_row_type,
                                                   &application_row_type, &enrolment_row_type};
    if (arena.base == NULL)
        must(arena_init(&arena, ARENA_CAPACITY));
    arena_reset(&arena);
    if (size < HEAD)
        return 0;
    const struct row_type *type = types[data[0] % (sizeof types / sizeof *types)];
    must(type->record->size <= ROW_SIZE);
    struct slice rest = slice_of_input(data + HEAD, size - HEAD);
    if (data[1] % 4 == 3)
        check_cached(type, data[2], rest);
    else if (data[1] % 2 == 1)
        check_body(type, rest);
    else
        check_column(type, data[2], rest);
    return 0;
}
