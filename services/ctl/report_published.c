#include "report_published.h"

#include "csv.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

enum { GROUP_DIGITS = 3, NUMBER_DIGITS = 15 };

/* Digits, in groups of three where they are separated. */
static bool people_read(struct slice text, int64_t *people)
{
    size_t digits = 0, group = 0;
    bool separated = false;
    *people = 0;
    for (size_t i = 0; i < text.size; i++) {
        char byte = text.data[i];
        if (byte >= '0' && byte <= '9') {
            if (digits == NUMBER_DIGITS)
                return false;
            *people = *people * 10 + (byte - '0');
            digits++;
            group++;
        } else if ((byte == ',' || byte == '.') && group > 0 && group <= GROUP_DIGITS &&
                   (!separated || group == GROUP_DIGITS)) {
            separated = true;
            group = 0;
        } else {
            return false;
        }
    }
    return digits > 0 && (!separated || group == GROUP_DIGITS);
}

static bool states_total(struct slice district)
{
    static const char *const words[] = {"", "total", "jumlah"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (district.size == strlen(words[i]) &&
            strncasecmp(district.size == 0 ? "" : district.data, words[i], district.size) == 0)
            return true;
    return false;
}

struct titles {
    size_t district, people, code;
};

static enum outcome titles_read(struct slice *text, struct titles *titles, size_t *line,
                                struct error *error)
{
    struct csv_record record;
    if (csv_take(text, &record) != CSV_RECORD)
        return error_set(error, REJECT,
                         "expected a line of titles: district, people and, where "
                         "there is one, region_code");
    *line += record.lines;
    titles->district = csv_column(&record, "district");
    titles->people = csv_column(&record, "people");
    titles->code = csv_column(&record, "region_code");
    if (titles->district == CSV_FIELDS || titles->people == CSV_FIELDS)
        return error_set(error, REJECT,
                         "line %zu: expected the titles \"district\" and \"people\"", *line);
    return OK;
}

static struct slice field_of(const struct csv_record *record, size_t column)
{
    return column < record->count ? record->fields[column] : (struct slice){0};
}

static enum outcome row_read(const struct csv_record *record, const struct titles *titles,
                             size_t line, struct published *published, struct error *error)
{
    struct slice district = field_of(record, titles->district);
    struct slice number = field_of(record, titles->people);
    int64_t people;
    if (!people_read(number, &people))
        return error_set(error, REJECT, "line %zu: \"%.*s\" is no number of people", line,
                         SLICE_ARGS(number));
    if (states_total(district)) {
        if (published->has_total)
            return error_set(error, REJECT, "line %zu states a second total", line);
        published->has_total = true;
        published->total = people;
        return OK;
    }
    if (published->count == PUBLISHED_ROWS)
        return error_set(error, REJECT, "line %zu: more than %d districts", line,
                         PUBLISHED_ROWS);
    struct slice code = field_of(record, titles->code);
    published->rows[published->count++] =
        (struct published_row){district, code.size > 0 ? code : district, people, line};
    return OK;
}

enum outcome published_read(struct slice text, struct published *published, struct error *error)
{
    struct titles titles = {0};
    struct csv_record record;
    enum csv_result result;
    size_t line = 0;
    *published = (struct published){.rows = calloc(PUBLISHED_ROWS, sizeof *published->rows)};
    if (published->rows == NULL)
        return error_set(error, STOP, "cannot read a table: no memory");
    enum outcome outcome = titles_read(&text, &titles, &line, error);
    while (outcome == OK && (result = csv_take(&text, &record)) != CSV_END) {
        size_t here = line + 1;
        line += record.lines;
        if (result == CSV_BROKEN)
            return error_set(error, REJECT, "line %zu: no CSV: a quote is not closed", here);
        outcome = row_read(&record, &titles, here, published, error);
    }
    return outcome;
}

void published_release(struct published *published)
{
    free(published->rows);
    *published = (struct published){0};
}

static const struct our_district *ours_find(const struct our_district *ours, size_t count,
                                            struct slice code)
{
    for (size_t i = 0; i < count; i++)
        if (slice_equal(ours[i].code, code))
            return &ours[i];
    return NULL;
}

/* How many rows have this district, by its code or by its name, and which of them `row` is, from 1. */
static size_t times(const struct published *published, const struct published_row *row,
                    size_t *number)
{
    size_t count = 0;
    *number = 0;
    for (size_t i = 0; i < published->count; i++) {
        const struct published_row *other = &published->rows[i];
        if (!slice_equal(other->code, row->code) &&
            !slice_equal(other->district, row->district))
            continue;
        count++;
        if (other == row)
            *number = count;
    }
    return count;
}

static bool published_has(const struct published *published, struct slice code)
{
    for (size_t i = 0; i < published->count; i++)
        if (slice_equal(published->rows[i].code, code))
            return true;
    return false;
}

enum { PUBLISHED, OURS, DIFFERENCE };

static void row_add(struct report *report, const struct published *published,
                    const struct published_row *row, const struct our_district *ours)
{
    size_t number;
    bool twice = times(published, row, &number) > 1;
    const char *found = ours == NULL ? "not known" : twice ? "stands twice" : "";
    char line[24];
    snprintf(line, sizeof line, "%zu", row->line);
    const struct slice keys[] = {slice_of(line), row->code, row->district, slice_of(found)};
    struct report_line *part = report_part(report, keys);
    report_add(part, PUBLISHED, row->people);
    /* Of a district that stands twice our figure stands once, beside the first of its rows. */
    if (ours != NULL && number == 1)
        report_add(part, OURS, ours->people);
    if (ours == NULL || twice)
        return;
    report_add(part, DIFFERENCE, row->people - ours->people);
    report_disagree(report, false, row->people, ours->people, "%.*s, against ours",
                    SLICE_ARGS(row->district));
}

void published_compare(const struct published *published, const struct our_district *ours,
                       size_t our_count, struct report *report)
{
    int64_t summed = 0, own = 0;
    report_init(report, "participation", false);
    report_key(report, "line");
    report_key(report, "region_code");
    report_key(report, "district");
    report_key(report, "found");
    report_figure(report, "published", COLUMN_COUNT);
    report_figure(report, "ours", COLUMN_COUNT);
    report_figure(report, "difference", COLUMN_COUNT);
    for (size_t i = 0; i < published->count; i++) {
        const struct published_row *row = &published->rows[i];
        row_add(report, published, row, ours_find(ours, our_count, row->code));
        summed += row->people;
    }
    for (size_t i = 0; i < our_count; i++) {
        const struct slice keys[] = {SLICE("none"), ours[i].code, SLICE(""), SLICE("missing")};
        own += ours[i].people;
        if (!published_has(published, ours[i].code))
            report_add(report_part(report, keys), OURS, ours[i].people);
    }
    struct report_line *total = report_total(report, (struct slice){0});
    report_add(total, PUBLISHED, published->has_total ? published->total : summed);
    report_add(total, OURS, own);
    report_add(total, DIFFERENCE, (published->has_total ? published->total : summed) - own);
    if (published->has_total)
        report_disagree(report, false, published->total, summed, "the table's own total");
    report_disagree(report, false, published->has_total ? published->total : summed, own,
                    "%s, against ours",
                    published->has_total ? "the stated total" : "the table's sum");
}

/* A missing district whose figure stands in a row of one that stands twice. */
static const struct published_row *misnamed(const struct published *published,
                                            const struct our_district *missing)
{
    size_t number;
    for (size_t i = 0; i < published->count; i++)
        if (published->rows[i].people == missing->people &&
            times(published, &published->rows[i], &number) > 1)
            return &published->rows[i];
    return NULL;
}

static void missing_tell(const struct published *published, const struct our_district *missing,
                         struct buffer *text)
{
    const struct published_row *row = misnamed(published, missing);
    char people[REPORT_NUMBER_SIZE];
    report_number(false, missing->people, people);
    buffer_format(text, "%.*s is missing: we count %s there", SLICE_ARGS(missing->code),
                  people);
    if (row != NULL)
        buffer_format(text, ", which line %zu gives to %.*s", row->line,
                      SLICE_ARGS(row->district));
    buffer_append_byte(text, '\n');
}

void published_findings(const struct published *published, const struct our_district *ours,
                        size_t our_count, struct buffer *text)
{
    size_t number;
    for (size_t i = 0; i < published->count; i++) {
        const struct published_row *row = &published->rows[i];
        size_t count = times(published, row, &number);
        char people[REPORT_NUMBER_SIZE];
        report_number(false, row->people, people);
        if (count > 1)
            buffer_format(text, "%.*s stands %zu times: %s in line %zu\n",
                          SLICE_ARGS(row->district), count, people, row->line);
        if (ours_find(ours, our_count, row->code) == NULL)
            buffer_format(text, "%.*s in line %zu: nobody of ours is in a district \"%.*s\"\n",
                          SLICE_ARGS(row->district), row->line, SLICE_ARGS(row->code));
    }
    for (size_t i = 0; i < our_count; i++)
        if (!published_has(published, ours[i].code))
            missing_tell(published, &ours[i], text);
}
