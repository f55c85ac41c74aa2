/*
 * table - rows for people, aligned, or the same rows as JSON.
 *
 * Cells are texts. Columns of numbers are written to the right and are numbers in JSON: counts with
 * separated thousands, money in hundredths as whole units with two decimals, labels such as a
 * year as they are. An empty cell is "-" and null.
 */
#ifndef KERJA_CTL_TABLE_H
#define KERJA_CTL_TABLE_H

#include "base/buffer.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>

enum { TABLE_COLUMNS = 16 };

enum column_kind { COLUMN_TEXT, COLUMN_COUNT, COLUMN_LABEL, COLUMN_MONEY };

struct table_column {
    const char *title; /* also the member's name in JSON, "_hundredths" behind money's */
    enum column_kind kind;
};

struct table {
    const struct table_column *columns;
    size_t column_count;
    char **cells; /* row by row, owned; NULL: empty */
    size_t row_count, room;
};

void table_init(struct table *table, const struct table_column *columns, size_t column_count);
void table_release(struct table *table);

/* Begins a row; then fill it cell by cell. A table that ran out of memory drops rows. */
void table_row(struct table *table);
void table_cell(struct table *table, size_t column, struct slice text);
void table_cell_number(struct table *table, size_t column, long long number);

/* Appends the table with a line of titles; nothing but "none" without rows. */
void table_write(const struct table *table, struct buffer *text);

/* Appends a JSON array of objects. */
void table_write_json(const struct table *table, struct buffer *text);

/* Appends a JSON string. */
void json_text_write(struct slice text, struct buffer *out);

#endif
