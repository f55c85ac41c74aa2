/*
 * parameters - the values of one statement, written one behind the other into a buffer.
 *
 * Arrays and scalars that the caller appends to the buffer are binary; texts and numbers
 * go as text, so that the server reads them as whatever integer the statement asks for.
 * Internal to persist/.
 */
#ifndef KERJA_PERSIST_PARAMETERS_H
#define KERJA_PERSIST_PARAMETERS_H

#include "base/buffer.h"

#include <stdint.h>

enum { PARAMETER_BOUND = 128 }; /* columns of the widest fact table, and a few */

struct parameters {
    struct buffer *buffer;
    int count;
    size_t starts[PARAMETER_BOUND];
    size_t sizes[PARAMETER_BOUND];
    int formats[PARAMETER_BOUND]; /* 0 text, 1 binary */
};

/* Clears the buffer and begins an empty list. */
void parameters_begin(struct parameters *parameters, struct buffer *buffer);

/* What the caller appended since the last parameter becomes the next one, binary. */
void parameters_binary(struct parameters *parameters);

/* One text, and one bigint. */
void parameters_text(struct parameters *parameters, const char *text);
void parameters_number(struct parameters *parameters, int64_t number);

/* One timestamptz, given in microseconds since 1970. */
void parameters_instant(struct parameters *parameters, int64_t instant_us);

/* Fills libpq's arrays of PARAMETER_BOUND elements. Valid until the buffer is written to. */
void parameters_resolve(const struct parameters *parameters, const char **values, int *sizes);

#endif
