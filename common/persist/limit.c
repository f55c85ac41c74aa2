#include "persist/limit.h"

#include "base/broken.h"
#include "persist/wire.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void sql_append(struct buffer *sql, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void sql_append(struct buffer *sql, const char *format, ...)
{
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    assert(size >= 0 && (size_t)size < sizeof text);
    buffer_append(sql, text, (size_t)size);
}

/* The element type, for the casts. */
static const char *column_array_type(const struct field *field)
{
    switch (column_element_oid(field)) {
    case OID_BOOL:
        return "bool[]";
    case OID_INT4:
        return "int[]";
    case OID_INT8:
        return "bigint[]";
    case OID_DATE:
        return "date[]";
    case OID_TIMESTAMPTZ:
        return "timestamptz[]";
    case OID_UUID:
        return "uuid[]";
    case OID_TEXT:
        return "text[]";
    default:
        return "bytea[]";
    }
}

static const struct field *limit_key(const struct row_type *type)
{
    for (size_t i = 0; i < type->record->field_count; i++) {
        if (type->record->fields[i].offset == type->key_offset)
            return &type->record->fields[i];
    }
    return NULL;
}

static const struct field *limit_field(const struct row_type *type, const char *name)
{
    return record_type_field(type->record, slice_of(name));
}

static void limit_columns_append(const struct row_type *type, struct buffer *sql)
{
    for (size_t i = 0; i < type->record->field_count; i++)
        sql_append(sql, "%s\"%s\"", i == 0 ? "" : ", ", type->record->fields[i].name);
}

void limit_sql_append(const struct row_type *type, struct buffer *sql)
{
    size_t count = type->record->field_count;
    const struct field *key = limit_key(type);
    assert(key != NULL && limit_field(type, "used") != NULL &&
           limit_field(type, "ceiling") != NULL);
    bool versioned = limit_field(type, "version") != NULL;
    sql_append(sql, "WITH wanted AS (SELECT ");
    for (size_t i = 0; i < count; i++) {
        const struct field *field = &type->record->fields[i];
        bool literal = field->repeated && column_element_oid(field) == OID_TEXT;
        sql_append(sql, "%sunnest($%zu::%s)%s AS \"%s\"", i == 0 ? "" : ", ", i + 1,
                   column_array_type(field), literal ? "::text[]" : "", field->name);
    }
    sql_append(sql, "), moved AS (INSERT INTO \"%s\" AS t (", type->table);
    limit_columns_append(type, sql);
    sql_append(sql, ") SELECT ");
    limit_columns_append(type, sql);
    /* What alone exceeds the ceiling is not proposed at all, which also holds the first insert
     * to it; what the row has no room for is not added. Both show in the count. */
    sql_append(sql,
               " FROM wanted WHERE %s OR used <= 0 ON CONFLICT (\"%s\") DO UPDATE "
               "SET used = t.used + excluded.used, ceiling = excluded.ceiling%s "
               "WHERE excluded.used <= 0 OR %s "
               "RETURNING 1) SELECT kerja.must(count(*), $%zu::bigint, 'KJ003') FROM moved",
               BROKEN(LIMITS_UNCHECKED) ? "true" : "used <= ceiling", key->name,
               versioned ? ", version = t.version + 1" : "",
               BROKEN(LIMITS_UNCHECKED) ? "true" : "t.used + excluded.used <= excluded.ceiling",
               count + 1);
    buffer_append_byte(sql, 0);
}

static void limit_number_set(const struct row_type *type, const char *name, void *row,
                             int64_t number)
{
    const struct field *field = limit_field(type, name);
    if (field == NULL)
        return;
    assert(field->size == sizeof number);
    memcpy(field_value(field, row), &number, sizeof number);
    if (field->optional)
        *(bool *)((char *)row + field->has_offset) = true;
}

/* A copy of the descriptive row with the move's own numbers. */
static void limit_row(const struct limit_move *move, void *row)
{
    const struct row_type *type = move->table;
    memcpy(row, move->row, type->record->size);
    memcpy((char *)row + type->key_offset, &move->key, sizeof move->key);
    limit_number_set(type, "used", row, move->amount);
    limit_number_set(type, "ceiling", row, move->ceiling);
    limit_number_set(type, "version", row, 1);
}

bool limit_parameters(const struct limit_move *moves, size_t count,
                      const struct nested_codec *codec, struct parameters *parameters)
{
    assert(count > 0);
    const struct record_type *record = moves->table->record;
    char *copies = calloc(count, record->size);
    const void **rows = calloc(count, sizeof *rows);
    bool good = copies != NULL && rows != NULL;
    for (size_t i = 0; good && i < count; i++) {
        limit_row(&moves[i], copies + i * record->size);
        rows[i] = copies + i * record->size;
    }
    for (size_t i = 0; good && i < record->field_count; i++) {
        good = column_append(&record->fields[i], rows, count, codec, parameters->buffer);
        parameters_binary(parameters);
    }
    if (good)
        parameters_number(parameters, (int64_t)count);
    free(rows);
    free(copies);
    return good && !buffer_failed(parameters->buffer);
}
