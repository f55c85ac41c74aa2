/*
 * national_id - a person as an officer names one: country and national id, on one line that is never an argument.
 */
#ifndef KERJA_CTL_NATIONAL_ID_H
#define KERJA_CTL_NATIONAL_ID_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>

/* Reads "ID 3201010101010001", or the number alone where `country` is given ("" or NULL: it is not). False when
 * it is none of these, or something stands behind it. Both parts are borrowed. */
bool national_id_line(struct slice text, const char *country, struct slice *country_found,
                      struct slice *national_id);

/* Reads a file that nobody but its owner may read, or standard input where `path` is NULL. REJECT names the file,
 * never what it holds. At most `size` bytes; the caller wipes them. */
enum outcome secret_line_read(const char *path, char *text, size_t size, struct slice *line,
                              struct error *error);

#endif
