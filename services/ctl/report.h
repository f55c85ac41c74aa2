/*
 * report - figures by district, wave or whatever, and the totals that they must add up to.
 *
 * Parts and totals are asked for separately: a total is never the sum of its parts. report_check() adds the
 * parts up and names every total that they do not meet, as a fault with the code RECONCILE_MISMATCH; whoever
 * fills a report adds what else disagrees. A report with faults is shown whole, and its command ends with
 * status 1.
 *
 * Where one subject may stand in several parts, as somebody who took courses of two providers, the parts say more
 * than the total of subjects. That is told beside it as an overlap, and is no fault; less than the total is one.
 *
 * A line is named by its keys and has figures, counts or hundredths of a currency. A figure that nobody can
 * give stays empty, which is not 0. Sums of different currencies are never mixed: where a report's first key is
 * the currency, each has a total of its own.
 */
#ifndef KERJA_CTL_REPORT_H
#define KERJA_CTL_REPORT_H

#include "base/buffer.h"
#include "base/slice.h"
#include "table.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { REPORT_KEYS = 5, REPORT_FIGURES = 14, REPORT_FAULT_SIZE = 320, REPORT_FAULTS = 1000 };

struct report_line {
    char *keys[REPORT_KEYS]; /* owned; "" where a key is not known */
    int64_t figures[REPORT_FIGURES];
    bool given[REPORT_FIGURES];
};

struct report_lines {
    struct report_line *items; /* sorted by their keys: numbers by size, texts by bytes */
    size_t count, room;
};

struct report_fault {
    char what[REPORT_FAULT_SIZE]; /* "applied, kartu-prakerja wave 18" */
    int64_t stated, counted;
    bool money;
    bool overlaps; /* no fault: subjects that stand in several parts */
};

struct report {
    const char *name;
    struct table_column columns[REPORT_KEYS + REPORT_FIGURES]; /* keys, then figures */
    size_t key_count, figure_count;
    bool by_currency; /* key 0 is the currency, and each has its total */
    const char
        *overlap; /* why parts may be more than the total, a clause; NULL: they may not */
    struct report_lines parts, totals;
    struct report_fault *faults; /* and overlaps */
    size_t fault_count, overlap_count, faults_dropped;
    bool failed; /* there was no memory */
};

void report_init(struct report *report, const char *name, bool by_currency);
void report_release(struct report *report);

/* Adds a column; keys come before figures. */
void report_key(struct report *report, const char *title);
void report_figure(struct report *report, const char *title, enum column_kind kind);

/* The line with these keys (key_count of them for a part; for a total the currency, or none), made when it is
 * not there. NULL when there was no memory. Borrowed until the next line is made. */
struct report_line *report_part(struct report *report, const struct slice *keys);
struct report_line *report_total(struct report *report, struct slice currency);

/* Adds a figure to what the line has. */
void report_add(struct report_line *line, size_t figure, int64_t number);

/* Notes that a stated number is not what was counted; nothing where it is. */
void report_disagree(struct report *report, bool money, int64_t stated, int64_t counted,
                     const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Holds the sum of the parts against each total. */
void report_check(struct report *report);

/* Appends the lines and below them the totals, under "total": aligned for people, and then a sentence a fault;
 * as CSV, the lines and totals alone; as the members "rows", "total", "faults" and "overlaps" of a JSON object. */
void report_write(const struct report *report, struct buffer *text);
void report_write_csv(const struct report *report, struct buffer *text);
void report_write_json(const struct report *report, struct buffer *text);

/* The table for people with some of the figures, from `first` on; without faults. */
void report_write_figures(const struct report *report, size_t first, size_t count,
                          struct buffer *text);

/* A count or hundredths of a currency as tables show them: "12,762" and "127.62". */
enum { REPORT_NUMBER_SIZE = 64 };
void report_number(bool money, int64_t number, char shown[static REPORT_NUMBER_SIZE]);

/* How many figures do not agree; overlaps are none of them. */
size_t report_wrong(const struct report *report);

/* Appends the sentences of faults and overlaps, a line each: "RECONCILE_MISMATCH: applied: 197,082 stated, 197,092
 * counted (10 more)". */
void report_write_faults(const struct report *report, struct buffer *text);

#endif
