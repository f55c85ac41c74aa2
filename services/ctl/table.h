/*
 * table - rows for people, aligned, or the same rows as CSV or JSON.
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

enum { TABLE_COLUMNS = 20 };

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

/* Appends the table as CSV (RFC 4180: records end with CR and LF, quotes where they are needed) under a line of
 * titles, which stands there without rows, too. Counts have no separators, money is "-1234.56", an empty cell is
 * empty. Spreadsheets take a text that begins with = + - @ for a formula: such a one gets an apostrophe in front. */
void table_write_csv(const struct table *table, struct buffer *text);

/* Appends a JSON array of objects. */
void table_write_json(const struct table *table, struct buffer *text);

/* Writes a cell as table_write() shows it; NULL is an empty one. Cut where `size` ends. */
void table_shown(const struct table_column *column, const char *cell, char *text, size_t size);

/* Appends a JSON string. */
void json_text_write(struct slice text, struct buffer *out);

#endif
