/*
 * report_kinds - what each report asks of whom: its keys, its figures, and the statements that give them.
 *
 * All statements take the same four parameters: what the key is ("district"), and programme, scheme and wave,
 * each NULL where nobody asked for one. Statements for parts give keys and then figures, those for totals the
 * currency where the report has one and then figures, those for checks what, stated and counted. A statement is
 * asked only when all views that it needs are there, so that a report of one service works beside none of the others.
 */
#ifndef KERJA_CTL_REPORT_KINDS_H
#define KERJA_CTL_REPORT_KINDS_H

#include "report.h"

#include <stddef.h>

enum { REPORT_SOURCES = 6, REPORT_GROUPINGS = 8 };

/* Services whose views a statement needs. */
enum report_service { OF_APPLICATION = 1, OF_COMPLETION = 2, OF_INCENTIVE = 4 };

/* What a line stands for. */
struct report_grouping {
    const char *by;                /* "district"; what the statements get as $1 */
    const char *keys[REPORT_KEYS]; /* titles of the statements' keys; NULL: not shown */
    const char *overlap;           /* of report.h; NULL: none */
};

struct report_source {
    unsigned services; /* enum report_service */
    const char *only;  /* groupings by name, separated by blanks, that it is for; NULL: all */
    const char *parts, *total;
    size_t key_count;                  /* of the statement for parts, the currency included */
    size_t first_figure, figure_count; /* of the report, that it gives */
};

struct report_check {
    unsigned services;
    const char *statement;
};

struct report_kind {
    const char *name;
    const char *told; /* what the figures are, for the line above the table */
    bool by_currency, money_checked;
    struct report_grouping groupings[REPORT_GROUPINGS]; /* the first is the default */
    struct {
        const char *title;
        enum column_kind kind;
    } figures[REPORT_FIGURES];
    struct report_source sources[REPORT_SOURCES];
    struct report_check check;
};

extern const struct report_kind report_kinds[];
extern const size_t report_kind_count;

/* By name; NULL when there is none. */
const struct report_kind *report_kind_find(const char *name);
const struct report_grouping *report_grouping_find(const struct report_kind *kind,
                                                   const char *by);

/* The figure of that title; false when there is none. */
bool report_figure_find(const struct report_kind *kind, const char *title, size_t *figure);

/* True when the source is for the grouping. */
bool report_source_serves(const struct report_source *source, const char *by);

#endif
