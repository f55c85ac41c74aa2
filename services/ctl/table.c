#include "table.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_AT_FIRST = 64, SHOWN_SIZE = 512 };

void table_init(struct table *table, const struct table_column *columns, size_t column_count)
{
    assert(column_count <= TABLE_COLUMNS);
    *table = (struct table){.columns = columns, .column_count = column_count};
}

void table_release(struct table *table)
{
    for (size_t i = 0; i < table->row_count * table->column_count; i++)
        free(table->cells[i]);
    free(table->cells);
    *table = (struct table){0};
}

void table_row(struct table *table)
{
    if (table->row_count == table->room) {
        size_t room = table->room == 0 ? ROWS_AT_FIRST : table->room * 2;
        char **grown = realloc(table->cells, room * table->column_count * sizeof *grown);
        if (grown == NULL)
            return;
        table->cells = grown;
        table->room = room;
    }
    memset(&table->cells[table->row_count * table->column_count], 0,
           table->column_count * sizeof *table->cells);
    table->row_count++;
}

void table_cell(struct table *table, size_t column, struct slice text)
{
    assert(column < table->column_count && table->row_count > 0);
    char **cell = &table->cells[(table->row_count - 1) * table->column_count + column];
    free(*cell);
    *cell = text.size == 0 ? NULL : strndup(text.data, text.size);
}

void table_cell_number(struct table *table, size_t column, long long number)
{
    char text[24];
    snprintf(text, sizeof text, "%lld", number);
    table_cell(table, column, slice_of(text));
}

static const char *cell_of(const struct table *table, size_t row, size_t column)
{
    return table->cells[row * table->column_count + column];
}

/* "1234567" as "1,234,567". */
static void thousands(const char *number, char text[static SHOWN_SIZE])
{
    size_t size = strlen(number), to = 0;
    for (size_t i = 0; i < size && to + 2 < SHOWN_SIZE; i++) {
        size_t left = size - i;
        if (i > 0 && left % 3 == 0 && number[i - 1] != '-')
            text[to++] = ',';
        text[to++] = number[i];
    }
    text[to] = '\0';
}

/* "-123456789" as "-1,234,567.89". */
static void money(const char *hundredths, char text[static SHOWN_SIZE])
{
    char units[SHOWN_SIZE], whole[SHOWN_SIZE];
    long long amount = strtoll(hundredths, NULL, 10);
    long long part = amount % 100 < 0 ? -(amount % 100) : amount % 100;
    snprintf(units, sizeof units, "%s%lld", amount < 0 && amount > -100 ? "-" : "",
             amount / 100);
    thousands(units, whole);
    snprintf(text, SHOWN_SIZE, "%.100s.%02lld", whole, part);
}

/* The same without separators. */
static void money_plain(const char *hundredths, struct buffer *out)
{
    char text[32];
    long long amount = strtoll(hundredths, NULL, 10);
    unsigned long long size =
        amount < 0 ? 0 - (unsigned long long)amount : (unsigned long long)amount;
    int length = snprintf(text, sizeof text, "%s%llu.%02llu", amount < 0 ? "-" : "", size / 100,
                          size % 100);
    buffer_append(out, text, (size_t)length);
}

static void cell_show(const struct table_column *column, const char *cell,
                      char text[static SHOWN_SIZE])
{
    enum column_kind kind = cell == NULL ? COLUMN_TEXT : column->kind;
    switch (kind) {
    case COLUMN_COUNT:
        thousands(cell, text);
        return;
    case COLUMN_MONEY:
        money(cell, text);
        return;
    case COLUMN_TEXT:
    case COLUMN_LABEL:
        break;
    }
    snprintf(text, SHOWN_SIZE, "%s", cell == NULL ? "-" : cell);
}

void table_shown(const struct table_column *column, const char *cell, char *text, size_t size)
{
    char shown[SHOWN_SIZE];
    cell_show(column, cell, shown);
    snprintf(text, size, "%s", shown);
}

static size_t column_width(const struct table *table, size_t column)
{
    size_t width = strlen(table->columns[column].title);
    char text[SHOWN_SIZE];
    for (size_t row = 0; row < table->row_count; row++) {
        cell_show(&table->columns[column], cell_of(table, row, column), text);
        width = strlen(text) > width ? strlen(text) : width;
    }
    return width;
}

static void cell_write(const struct table *table, size_t column, size_t width, const char *text,
                       struct buffer *out)
{
    size_t padding = width > strlen(text) ? width - strlen(text) : 0;
    bool last = column + 1 == table->column_count,
         right = table->columns[column].kind != COLUMN_TEXT;
    for (size_t i = 0; right && i < padding; i++)
        buffer_append_byte(out, ' ');
    buffer_append(out, text, strlen(text));
    for (size_t i = 0; !right && !last && i < padding; i++)
        buffer_append_byte(out, ' ');
    buffer_append(out, last ? "\n" : "  ", last ? 1 : 2);
}

void table_write(const struct table *table, struct buffer *out)
{
    size_t widths[TABLE_COLUMNS];
    char text[SHOWN_SIZE];
    if (table->row_count == 0) {
        buffer_append(out, "none\n", 5);
        return;
    }
    for (size_t column = 0; column < table->column_count; column++)
        widths[column] = column_width(table, column);
    for (size_t column = 0; column < table->column_count; column++)
        cell_write(table, column, widths[column], table->columns[column].title, out);
    for (size_t row = 0; row < table->row_count; row++)
        for (size_t column = 0; column < table->column_count; column++) {
            cell_show(&table->columns[column], cell_of(table, row, column), text);
            cell_write(table, column, widths[column], text, out);
        }
}

static void csv_text_write(const char *text, struct buffer *out)
{
    bool formula = text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL;
    bool quoted = strpbrk(text, ",\"\r\n") != NULL;
    if (quoted)
        buffer_append_byte(out, '"');
    if (formula)
        buffer_append_byte(out, '\'');
    for (; *text != '\0'; text++) {
        if (*text == '"')
            buffer_append_byte(out, '"');
        buffer_append_byte(out, (unsigned char)*text);
    }
    if (quoted)
        buffer_append_byte(out, '"');
}

static void csv_cell_write(const struct table *table, size_t row, size_t column,
                           struct buffer *out)
{
    const char *cell = cell_of(table, row, column);
    if (cell == NULL)
        return;
    switch (table->columns[column].kind) {
    case COLUMN_MONEY:
        money_plain(cell, out);
        return;
    case COLUMN_TEXT:
        csv_text_write(cell, out);
        return;
    case COLUMN_COUNT:
    case COLUMN_LABEL:
        break;
    }
    buffer_append(out, cell, strlen(cell));
}

void table_write_csv(const struct table *table, struct buffer *out)
{
    for (size_t column = 0; column < table->column_count; column++) {
        if (column > 0)
            buffer_append_byte(out, ',');
        csv_text_write(table->columns[column].title, out);
    }
    buffer_append(out, "\r\n", 2);
    for (size_t row = 0; row < table->row_count; row++) {
        for (size_t column = 0; column < table->column_count; column++) {
            if (column > 0)
                buffer_append_byte(out, ',');
            csv_cell_write(table, row, column, out);
        }
        buffer_append(out, "\r\n", 2);
    }
}

void json_text_write(struct slice text, struct buffer *out)
{
    char escape[8];
    buffer_append_byte(out, '"');
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        if (byte == '"' || byte == '\\') {
            buffer_append_byte(out, '\\');
            buffer_append_byte(out, byte);
        } else if (byte < 0x20) {
            snprintf(escape, sizeof escape, "\\u%04x", byte);
            buffer_append(out, escape, 6);
        } else {
            buffer_append_byte(out, byte);
        }
    }
    buffer_append_byte(out, '"');
}

/* The member's name says the unit that the table shows. */
static void title_write(const struct table_column *column, struct buffer *out)
{
    char title[SHOWN_SIZE];
    snprintf(title, sizeof title, "%s%s", column->title,
             column->kind == COLUMN_MONEY ? "_hundredths" : "");
    json_text_write(slice_of(title), out);
    buffer_append(out, ": ", 2);
}

void table_write_json(const struct table *table, struct buffer *out)
{
    buffer_append_byte(out, '[');
    for (size_t row = 0; row < table->row_count; row++) {
        buffer_append(out, row == 0 ? "{" : ", {", row == 0 ? 1 : 3);
        for (size_t column = 0; column < table->column_count; column++) {
            const char *cell = cell_of(table, row, column);
            if (column > 0)
                buffer_append(out, ", ", 2);
            title_write(&table->columns[column], out);
            if (cell == NULL)
                buffer_append(out, "null", 4);
            else if (table->columns[column].kind != COLUMN_TEXT)
                buffer_append(out, cell, strlen(cell));
            else
                json_text_write(slice_of(cell), out);
        }
        buffer_append_byte(out, '}');
    }
    buffer_append_byte(out, ']');
}
