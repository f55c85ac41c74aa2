/*
 * report_published - a table that somebody published, held against itself and against our own figures.
 *
 * The table is CSV with a line of titles: `district` and `people`, and `region_code` where an officer has added
 * the codes by which we know the districts; without it the district's text is the code. A row whose district is
 * "total" or "jumlah", or is empty, states the total. 12762, 12,762 and 12.762 are the same number.
 *
 * What published tables get wrong is found by name: a total that its rows do not add up to, a district that
 * stands twice, a code that we do not know, a district of ours that is missing, a figure that is not ours. Which
 * of two figures is right nobody can tell from a table; where one of them is what we count for a district that
 * is missing, that is said.
 */
#ifndef KERJA_CTL_REPORT_PUBLISHED_H
#define KERJA_CTL_REPORT_PUBLISHED_H

#include "base/buffer.h"
#include "base/error.h"
#include "report.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PUBLISHED_ROWS = 10000 };

struct published_row {
    struct slice district, code; /* borrowed from the file's text */
    int64_t people;
    size_t line;
};

struct published {
    struct published_row *rows;
    size_t count;
    bool has_total;
    int64_t total;
};

/* Reads a table off its text, which must be writable and live as long as the table. REJECT names the line.
 * Release in any case. */
enum outcome published_read(struct slice text, struct published *published,
                            struct error *error);
void published_release(struct published *published);

/* How many people we count in a district. */
struct our_district {
    struct slice code;
    int64_t people;
};

/* Makes a report of the comparison: a part a row of the table and a district of ours that it lacks, the stated
 * total, and a fault for whatever does not agree. `ours` has each code once. `report` is the caller's to
 * release. */
void published_compare(const struct published *published, const struct our_district *ours,
                       size_t our_count, struct report *report);

/* Appends what cannot be told as two numbers, a line each: districts that stand twice, that are not known, that
 * are missing. */
void published_findings(const struct published *published, const struct our_district *ours,
                        size_t our_count, struct buffer *text);

#endif
