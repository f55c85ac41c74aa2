/*
 * report_query - the figures of a report, asked of PostgreSQL.
 *
 * One transaction that only reads gives parts, totals and checks, so that what does not add up is a fault of the
 * books and not of the moment. A service whose views are not there is left out, and `missing` names it.
 */
#ifndef KERJA_CTL_REPORT_QUERY_H
#define KERJA_CTL_REPORT_QUERY_H

#include "report.h"
#include "report_kinds.h"
#include "sql.h"

enum { REPORT_PARAMETERS = 4 };

struct report_query {
    const struct report_kind *kind;
    const struct report_grouping *grouping;
    const char
        *parameters[REPORT_PARAMETERS]; /* what a line stands for, programme, scheme, wave */
};

/* Fills the report, whose columns it makes; not checked yet. `missing`: enum report_service of those that should
 * have told something. False with a reason. The report is the caller's to release in any case. */
bool report_query_run(const struct report_query *query, struct sql *sql, struct report *report,
                      unsigned *missing, struct error *error);

#endif
