/*
 * csv_reader - a CSV file (RFC 4180) record by record, however long the file is.
 *
 * At most one record is in memory, and a record has a bound. A quote that stands inside an unquoted field is a fault,
 * as the RFC says: whoever let it pass would read on in another column. A byte order mark in front is passed over.
 */
#ifndef KERJA_CTL_CSV_READER_H
#define KERJA_CTL_CSV_READER_H

#include "csv.h"

#include <stdio.h>

enum { CSV_RECORD_BYTES = 1 << 16 };

struct csv_reader {
    FILE *file; /* the caller's */
    char *data; /* `capacity` bytes, owned */
    size_t capacity, size, at;
    size_t line;       /* first line of the record that was given last, from 1 */
    size_t next_line;  /* line at `at` */
    const char *fault; /* what is wrong, after CSV_BROKEN */
    bool at_end;       /* of the file */
};

/* `capacity`: the longest record. False when there is no memory. Release in any case. */
bool csv_reader_init(struct csv_reader *reader, FILE *file, size_t capacity);
void csv_reader_release(struct csv_reader *reader);

/* The next record, whose fields are valid until the next call. After CSV_BROKEN nothing more can be read. */
enum csv_result csv_reader_next(struct csv_reader *reader, struct csv_record *record);

#endif
