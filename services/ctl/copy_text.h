/*
 * copy_text - lines of PostgreSQL's COPY in text format: fields between tabs, with backslashes.
 */
#ifndef KERJA_CTL_COPY_TEXT_H
#define KERJA_CTL_COPY_TEXT_H

#include "base/buffer.h"
#include "base/slice.h"

#include <stdbool.h>

/* Takes the next field off the line, its escapes undone in place; `is_null` tells \N. False when there
 * is none left. */
bool copy_field_take(struct slice *line, struct slice *field, bool *is_null);

/* Appends a field, escaped, without the tab. */
void copy_field_append(struct slice field, struct buffer *line);

#endif
