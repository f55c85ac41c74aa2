/*
 * population_line - a record in Avro's JSON encoding (Avro 1.11 specification, "JSON Encoding").
 *
 * The form that stock Avro libraries read: every member there, an optional value as null or {"type": value},
 * days and instants as numbers, amounts as a string of bytes. `kerja import` reads it as well as the
 * plainer form of decode/json.h.
 */
#ifndef KERJA_CTL_POPULATION_LINE_H
#define KERJA_CTL_POPULATION_LINE_H

#include "base/buffer.h"
#include "base/field.h"

/* Appends one JSON object, on one line and without a line feed. */
void line_append(const struct record_type *type, const void *record, struct buffer *line);

#endif
