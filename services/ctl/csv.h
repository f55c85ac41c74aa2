/*
 * csv - one record of a CSV file (RFC 4180): fields between commas, quotes where they are needed.
 *
 * A field in quotes may hold commas, line ends and doubled quotes. Blanks around a field belong to it.
 */
#ifndef KERJA_CTL_CSV_H
#define KERJA_CTL_CSV_H

#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>

enum { CSV_FIELDS = 16 };

struct csv_record {
    struct slice
        fields[CSV_FIELDS]; /* borrowed from the text, whose quotes are undone in place */
    size_t count;
    size_t lines; /* of the text that the record took */
};

enum csv_result {
    CSV_RECORD,
    CSV_END,
    CSV_BROKEN /* a quote that is not closed, or too many fields */
};

/* Takes the next record off the text, which must be writable; empty lines are passed over. */
enum csv_result csv_take(struct slice *text, struct csv_record *record);

/* Place of a column in a record of titles, or CSV_FIELDS. */
size_t csv_column(const struct csv_record *titles, const char *name);

#endif
