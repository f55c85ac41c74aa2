#include "report.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINES_AT_FIRST = 64 };
static const char mismatch[] = "RECONCILE_MISMATCH", overlap[] = "OVERLAP";

void report_init(struct report *report, const char *name, bool by_currency)
{
    *report = (struct report){.name = name, .by_currency = by_currency};
    if (by_currency)
        report_key(report, "currency");
}

static void lines_release(struct report_lines *lines)
{
    for (size_t i = 0; i < lines->count; i++)
        for (size_t key = 0; key < REPORT_KEYS; key++)
            free(lines->items[i].keys[key]);
    free(lines->items);
}

void report_release(struct report *report)
{
    lines_release(&report->parts);
    lines_release(&report->totals);
    free(report->faults);
    *report = (struct report){0};
}

void report_key(struct report *report, const char *title)
{
    assert(report->figure_count == 0 && report->key_count < REPORT_KEYS);
    report->columns[report->key_count++] = (struct table_column){title, COLUMN_TEXT};
}

void report_figure(struct report *report, const char *title, enum column_kind kind)
{
    assert(report->figure_count < REPORT_FIGURES);
    size_t column = report->key_count + report->figure_count++;
    report->columns[column] = (struct table_column){title, kind};
}

static bool all_digits(struct slice text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
    return text.size > 0 && text.data[0] != '0';
}

/* Wave 2 stands before wave 10; a region's code with a zero in front is a text. */
static int key_compare(struct slice a, struct slice b)
{
    if (all_digits(a) && all_digits(b) && a.size != b.size)
        return a.size < b.size ? -1 : 1;
    return slice_compare(a, b);
}

static int keys_compare(const struct report_line *line, const struct slice *keys, size_t count)
{
    int order = 0;
    for (size_t i = 0; order == 0 && i < count; i++)
        order = key_compare(slice_of(line->keys[i]), keys[i]);
    return order;
}

static bool line_make(struct report_line *line, const struct slice *keys, size_t count)
{
    bool good = true;
    *line = (struct report_line){0};
    for (size_t i = 0; i < count; i++) {
        line->keys[i] = strndup(keys[i].size == 0 ? "" : keys[i].data, keys[i].size);
        good = good && line->keys[i] != NULL;
    }
    for (size_t i = 0; !good && i < count; i++)
        free(line->keys[i]);
    return good;
}

static bool room_make(struct report_lines *lines)
{
    if (lines->count < lines->room)
        return true;
    size_t room = lines->room == 0 ? LINES_AT_FIRST : lines->room * 2;
    struct report_line *grown = realloc(lines->items, room * sizeof *grown);
    if (grown == NULL)
        return false;
    lines->items = grown;
    lines->room = room;
    return true;
}

static struct report_line *line_find(struct report *report, struct report_lines *lines,
                                     const struct slice *keys, size_t count)
{
    size_t low = 0, high = lines->count;
    struct report_line made;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = keys_compare(&lines->items[middle], keys, count);
        if (order == 0)
            return &lines->items[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (!room_make(lines) || !line_make(&made, keys, count)) {
        report->failed = true;
        return NULL;
    }
    memmove(&lines->items[low + 1], &lines->items[low],
            (lines->count - low) * sizeof *lines->items);
    lines->items[low] = made;
    lines->count++;
    return &lines->items[low];
}

struct report_line *report_part(struct report *report, const struct slice *keys)
{
    return line_find(report, &report->parts, keys, report->key_count);
}

struct report_line *report_total(struct report *report, struct slice currency)
{
    return line_find(report, &report->totals, &currency, report->by_currency);
}

void report_add(struct report_line *line, size_t figure, int64_t number)
{
    assert(figure < REPORT_FIGURES);
    if (line == NULL)
        return;
    line->figures[figure] += number;
    line->given[figure] = true;
}

static void fault_note(struct report *report, const struct report_fault *noted,
                       const char *format, va_list arguments)
    __attribute__((format(printf, 3, 0)));

static void fault_note(struct report *report, const struct report_fault *noted,
                       const char *format, va_list arguments)
{
    if (report->faults == NULL)
        report->faults = calloc(REPORT_FAULTS, sizeof *report->faults);
    if (report->faults == NULL || report->fault_count == REPORT_FAULTS) {
        report->failed = report->failed || report->faults == NULL;
        report->faults_dropped++;
        return;
    }
    struct report_fault *fault = &report->faults[report->fault_count++];
    *fault = *noted;
    report->overlap_count += fault->overlaps;
    vsnprintf(fault->what, sizeof fault->what, format, arguments);
}

void report_disagree(struct report *report, bool money, int64_t stated, int64_t counted,
                     const char *format, ...)
{
    const struct report_fault fault = {.stated = stated, .counted = counted, .money = money};
    va_list arguments;
    if (stated == counted)
        return;
    va_start(arguments, format);
    fault_note(report, &fault, format, arguments);
    va_end(arguments);
}

size_t report_wrong(const struct report *report)
{
    return report->fault_count - report->overlap_count + report->faults_dropped;
}

static void overlap_note(struct report *report, bool money, int64_t stated, int64_t counted,
                         const char *format, ...) __attribute__((format(printf, 5, 6)));
static void overlap_note(struct report *report, bool money, int64_t stated, int64_t counted,
                         const char *format, ...)
{
    const struct report_fault fault = {
        .stated = stated, .counted = counted, .money = money, .overlaps = true};
    va_list arguments;
    va_start(arguments, format);
    fault_note(report, &fault, format, arguments);
    va_end(arguments);
}

/* What the parts of a total add up to; false where no part has the figure. */
static bool parts_sum(const struct report *report, const struct report_line *total,
                      size_t figure, int64_t *sum)
{
    bool given = false;
    *sum = 0;
    for (size_t i = 0; i < report->parts.count; i++) {
        const struct report_line *part = &report->parts.items[i];
        bool own = !report->by_currency || strcmp(part->keys[0], total->keys[0]) == 0;
        given = given || (own && part->given[figure]);
        *sum += own ? part->figures[figure] : 0;
    }
    return given;
}

static void figure_check(struct report *report, const struct report_line *total, size_t figure)
{
    const struct table_column *column = &report->columns[report->key_count + figure];
    int64_t stated = total->figures[figure], sum;
    bool given = parts_sum(report, total, figure, &sum);
    if (!given && (!total->given[figure] || stated == 0))
        return;
    if (report->overlap != NULL && sum > stated)
        overlap_note(report, column->kind == COLUMN_MONEY, stated, sum, "%s: %s", column->title,
                     report->overlap);
    else
        report_disagree(report, column->kind == COLUMN_MONEY, stated, sum, "%s%s%s",
                        column->title, report->by_currency ? ", " : "",
                        report->by_currency ? total->keys[0] : "");
}

/* Parts in a currency that no total names have a total of nothing. */
static void totals_complete(struct report *report)
{
    for (size_t i = 0; i < report->parts.count; i++)
        report_total(report, report->by_currency ? slice_of(report->parts.items[i].keys[0])
                                                 : (struct slice){0});
    if (!report->by_currency)
        report_total(report, (struct slice){0});
}

void report_check(struct report *report)
{
    totals_complete(report);
    for (size_t i = 0; i < report->totals.count; i++)
        for (size_t figure = 0; figure < report->figure_count; figure++)
            figure_check(report, &report->totals.items[i], figure);
}

/* Some of the figures: `count` from `first` on. */
struct shown {
    size_t first, count;
};

static void line_fill(const struct report *report, const struct report_line *line,
                      struct shown shown, bool total, struct table *table)
{
    table_row(table);
    for (size_t i = 0; i < report->key_count; i++)
        if (line->keys[i] != NULL)
            table_cell(table, i, slice_of(line->keys[i]));
    if (total)
        table_cell(table, report->by_currency, SLICE("total"));
    for (size_t i = 0; i < shown.count; i++)
        if (line->given[shown.first + i])
            table_cell_number(table, report->key_count + i, line->figures[shown.first + i]);
}

static void lines_fill(const struct report *report, const struct report_lines *lines,
                       struct shown shown, bool total, struct table *table)
{
    for (size_t i = 0; i < lines->count; i++)
        line_fill(report, &lines->items[i], shown, total, table);
}

/* Makes a table of parts, totals or both, and gives it to `write`. */
static void table_make(const struct report *report, struct shown shown, bool parts, bool totals,
                       void (*write)(const struct table *table, struct buffer *text),
                       struct buffer *text)
{
    struct table_column columns[REPORT_KEYS + REPORT_FIGURES];
    struct table table;
    memcpy(columns, report->columns, report->key_count * sizeof *columns);
    memcpy(columns + report->key_count, report->columns + report->key_count + shown.first,
           shown.count * sizeof *columns);
    table_init(&table, columns, report->key_count + shown.count);
    if (parts)
        lines_fill(report, &report->parts, shown, false, &table);
    if (totals)
        lines_fill(report, &report->totals, shown, true, &table);
    write(&table, text);
    table_release(&table);
}

void report_write_figures(const struct report *report, size_t first, size_t count,
                          struct buffer *text)
{
    assert(first + count <= report->figure_count);
    table_make(report, (struct shown){first, count}, true, true, table_write, text);
}

void report_write(const struct report *report, struct buffer *text)
{
    report_write_figures(report, 0, report->figure_count, text);
    report_write_faults(report, text);
}

void report_write_csv(const struct report *report, struct buffer *text)
{
    table_make(report, (struct shown){0, report->figure_count}, true, true, table_write_csv,
               text);
}

static void faults_json(const struct report *report, bool overlaps, struct buffer *text)
{
    const char *separator = "";
    for (size_t i = 0; i < report->fault_count; i++) {
        const struct report_fault *fault = &report->faults[i];
        const char *unit = fault->money ? "_hundredths" : "";
        if (fault->overlaps != overlaps)
            continue;
        buffer_format(text, "%s{\"code\": \"%s\", \"what\": ", separator,
                      overlaps ? overlap : mismatch);
        json_text_write(slice_of(fault->what), text);
        buffer_format(text, ", \"stated%s\": %" PRId64 ", \"counted%s\": %" PRId64 "}", unit,
                      fault->stated, unit, fault->counted);
        separator = ", ";
    }
}

void report_write_json(const struct report *report, struct buffer *text)
{
    const struct shown all = {0, report->figure_count};
    buffer_format(text, "\"rows\": ");
    table_make(report, all, true, false, table_write_json, text);
    buffer_format(text, ",\n \"total\": ");
    table_make(report, all, false, true, table_write_json, text);
    buffer_format(text, ",\n \"faults\": [");
    faults_json(report, false, text);
    buffer_format(text, "],\n \"overlaps\": [");
    faults_json(report, true, text);
    buffer_append_byte(text, ']');
}

void report_number(bool money, int64_t number, char shown[static REPORT_NUMBER_SIZE])
{
    const struct table_column column = {"", money ? COLUMN_MONEY : COLUMN_COUNT};
    char digits[REPORT_NUMBER_SIZE];
    snprintf(digits, sizeof digits, "%" PRId64, number);
    table_shown(&column, digits, shown, REPORT_NUMBER_SIZE);
}

void report_write_faults(const struct report *report, struct buffer *text)
{
    for (size_t i = 0; i < report->fault_count; i++) {
        const struct report_fault *fault = &report->faults[i];
        char stated[REPORT_NUMBER_SIZE], counted[REPORT_NUMBER_SIZE],
            difference[REPORT_NUMBER_SIZE];
        bool more = fault->counted > fault->stated;
        report_number(fault->money, fault->stated, stated);
        report_number(fault->money, fault->counted, counted);
        report_number(fault->money,
                      more ? fault->counted - fault->stated : fault->stated - fault->counted,
                      difference);
        buffer_format(text, "%s: %s: %s stated, %s counted (%s %s)\n",
                      fault->overlaps ? overlap : mismatch, fault->what, stated, counted,
                      difference, more ? "more" : "less");
    }
    if (report->faults_dropped > 0)
        buffer_format(text, "and %zu more\n", report->faults_dropped);
}
