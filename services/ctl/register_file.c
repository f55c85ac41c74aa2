#include "register_file.h"

#include "csv.h"
#include "seal/ids.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ERRORS_SHOWN = 20 };

static bool row_wrong(struct register_file *file, size_t line, const char *what)
{
    if (file->wrong++ < ERRORS_SHOWN)
        fprintf(stderr, "%s:%zu: %s\n", file->name, line, what);
    return true;
}

static bool row_add(struct register_file *file, const struct listed *row)
{
    if (file->count == file->room) {
        size_t room = file->room == 0 ? 1024 : file->room * 2;
        struct listed *grown = realloc(file->rows, room * sizeof *grown);
        if (grown == NULL)
            return false;
        file->rows = grown;
        file->room = room;
    }
    file->rows[file->count++] = *row;
    return true;
}

struct columns {
    size_t national_id, code, number, valid_from, valid_to;
};

/* The field of a column; empty where the file has no such column or the row is short. */
static struct slice field_at(const struct csv_record *record, size_t column)
{
    return column < record->count ? record->fields[column] : (struct slice){NULL, 0};
}

static bool number_parse(struct slice text, int64_t *number)
{
    int64_t value = 0;
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9' || i == 18)
            return false;
        value = value * 10 + (text.data[i] - '0');
    }
    *number = value;
    return text.size > 0;
}

/* False only when there is no memory; a wrong row was told and is left out. */
static bool row_take(struct register_file *file, const struct csv_record *record,
                     const struct columns *columns, size_t line)
{
    struct listed row = {.line = line, .valid_from = file->valid_from};
    struct slice number = field_at(record, columns->number);
    struct slice from = field_at(record, columns->valid_from);
    struct slice to = field_at(record, columns->valid_to);
    row.code = field_at(record, columns->code);
    row.has_number = number.size > 0;
    row.has_valid_to = to.size > 0;
    if (!seal_person_id(file->seal, file->country, field_at(record, columns->national_id),
                        &row.person_id))
        return row_wrong(file, line, "national_id is not a number of digits");
    if (row.has_number && !number_parse(number, &row.number))
        return row_wrong(file, line, "number is not a whole number");
    if ((from.size > 0 && !day_read(from, &row.valid_from)) ||
        (row.has_valid_to && !day_read(to, &row.valid_to)))
        return row_wrong(file, line,
                         "valid_from and valid_to are days such as 2021-08-19, up to the year "
                         "2199; valid_to is empty where no end is known");
    return row_add(file, &row);
}

static bool titles_take(struct register_file *file, struct slice *rest, struct columns *columns,
                        size_t *line)
{
    static const char mark[] = "\xEF\xBB\xBF"; /* before UTF-8, as spreadsheets write it */
    struct csv_record titles;
    if (rest->size >= sizeof mark - 1 && memcmp(rest->data, mark, sizeof mark - 1) == 0)
        *rest = (struct slice){rest->data + sizeof mark - 1, rest->size - (sizeof mark - 1)};
    if (csv_take(rest, &titles) != CSV_RECORD) {
        call_fails(file->call,
                   "\"%s\" has no line of titles: expected "
                   "national_id[,code][,number][,valid_from][,valid_to]",
                   file->name);
        return false;
    }
    *line = titles.lines;
    *columns =
        (struct columns){csv_column(&titles, "national_id"), csv_column(&titles, "code"),
                         csv_column(&titles, "number"), csv_column(&titles, "valid_from"),
                         csv_column(&titles, "valid_to")};
    if (columns->national_id < CSV_FIELDS)
        return true;
    call_fails(file->call, "\"%s\" has no column national_id", file->name);
    return false;
}

static int by_person(const void *a, const void *b)
{
    const struct listed *one = a, *other = b;
    int order = uuid_compare(&one->person_id, &other->person_id);
    return order != 0 ? order : (one->line > other->line) - (one->line < other->line);
}

/* One row a person, the last of the file. */
static void rows_unite(struct register_file *file)
{
    size_t kept = 0;
    if (file->count > 0)
        qsort(file->rows, file->count, sizeof *file->rows, by_person);
    for (size_t i = 0; i < file->count; i++) {
        bool last = i + 1 == file->count ||
                    !uuid_equal(&file->rows[i].person_id, &file->rows[i + 1].person_id);
        if (last)
            file->rows[kept++] = file->rows[i];
    }
    file->count = kept;
}

int register_file_read(struct register_file *file, struct slice text)
{
    struct slice rest = text;
    struct csv_record record;
    struct columns columns;
    enum csv_result result;
    size_t line;
    if (!titles_take(file, &rest, &columns, &line))
        return EXIT_FAILED;
    while ((result = csv_take(&rest, &record)) == CSV_RECORD) {
        line += record.lines;
        if (!row_take(file, &record, &columns, line))
            return call_fails(file->call, "cannot hold the register: no memory");
    }
    if (result == CSV_BROKEN)
        row_wrong(file, line + 1, "a quote is not closed, or there are too many fields");
    if (file->wrong > 0)
        return call_fails(file->call, "%zu rows are wrong; nothing was loaded", file->wrong);
    rows_unite(file);
    return EXIT_DONE;
}

void register_file_release(struct register_file *file)
{
    free(file->rows);
    file->rows = NULL;
}
