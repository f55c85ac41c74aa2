/*
 * report_page - a report as it is printed: what it is about, its lines, and what stands beside them.
 */
#ifndef KERJA_CTL_REPORT_PAGE_H
#define KERJA_CTL_REPORT_PAGE_H

#include "answer.h"
#include "report_query.h"

struct report_page {
    const struct report_query *query; /* what was asked */
    const struct report *report;      /* the answer, checked */
    struct slice findings; /* what cannot be told as two numbers, sentences of a line each */
    unsigned missing;      /* enum report_service without views here */
};

/* Writes the page in the answer's form. */
void report_page_write(const struct report_page *page, struct answer *answer);

#endif
