/*
 * columns - rows as PostgreSQL's binary format: arrays of columns on the way in, results
 * on the way out.
 *
 * A statement that moves many rows takes one array a column; element i of each is row i. The
 * struct field tables (base/field.h) say where a member lies and which type it has:
 * bool, int4, int8 (long, money), date, timestamptz, uuid, text (text, symbol's name), bytea.
 * Repeated text and repeated symbols go out as array literals (unnest would flatten an array of
 * arrays) and come back as text[]. A record, and any other repeated member, is bytea, whose
 * bytes the worker's codec makes. An absent optional member is NULL.
 */
#ifndef KERJA_PERSIST_COLUMNS_H
#define KERJA_PERSIST_COLUMNS_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/row.h"

#include <stdbool.h>

/* How members that are bytea become bytes. `value` is field_value(): the nested struct, or
 * the struct list when repeated. Both return false for what they cannot do. Bytes given to
 * `decode` live as long as the arena. */
struct nested_codec {
    bool (*encode)(const struct field *field, const void *value, struct buffer *buffer);
    bool (*decode)(const struct field *field, struct slice bytes, struct arena *arena,
                   void *value);
};

/* Element type of a column: PostgreSQL's object id. */
uint32_t column_element_oid(const struct field *field);

/* Appends the binary array of one member of all rows. Returns false when the codec refuses a
 * value; a lack of memory shows in buffer_failed(). */
bool column_append(const struct field *field, const void *const *rows, size_t count,
                   const struct nested_codec *codec, struct buffer *buffer);

/* Reads one binary value of the column's own type into the member of `row`; `data` NULL is
 * SQL NULL. Texts are copied to the arena. Returns false for a size or content that the type
 * does not have, for NULL in a member that is not optional, and when the arena is full. */
bool column_read(const struct field *field, const char *data, size_t size,
                 const struct nested_codec *codec, struct arena *arena, void *row);

/* Appends a one-dimensional array literal such as {"a","b \"c\""}: what text[] reads. */
void array_literal_append(const struct slice *items, size_t count, struct buffer *buffer);

/* Binary arrays of plain values, for statements that are not about fact rows. */
void array_append_uuid(const struct uuid *items, size_t count, size_t stride,
                       struct buffer *buffer);
void array_append_int8(const int64_t *items, size_t count, size_t stride,
                       struct buffer *buffer);
void array_append_int4(const int32_t *items, size_t count, size_t stride,
                       struct buffer *buffer);
void array_append_instant(const int64_t *items_us, size_t count, size_t stride,
                          struct buffer *buffer);
void array_append_text(const struct slice *items, size_t count, size_t stride,
                       struct buffer *buffer);
void array_append_bytes(const struct slice *items, size_t count, size_t stride,
                        struct buffer *buffer);

#endif
