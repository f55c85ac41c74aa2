/*
 * json_line - a JSON value as one line.
 *
 * To the byte what json_dumps() with JSON_COMPACT writes. That looks at each letter of each text as one of Unicode, and
 * an answer of `kerja try` is two thousand letters of sentences; this copies what needs no escape as a whole.
 */
#ifndef KERJA_CTL_JSON_LINE_H
#define KERJA_CTL_JSON_LINE_H

#include "base/buffer.h"

#include <jansson.h>

/* Appends the value; buffer_failed() tells when there was no memory. Texts must be UTF-8, as jansson keeps them. */
void json_line(const json_t *json, struct buffer *text);

#endif
