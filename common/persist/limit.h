/*
 * limit - the statement that moves hot limits, made from a limit's row type.
 *
 * The amount stands in the column `used` of the proposed row: the first insert stores it when it is at
 * most the ceiling, a later one adds it. Internal to persist/.
 */
#ifndef KERJA_PERSIST_LIMIT_H
#define KERJA_PERSIST_LIMIT_H

#include "persist/batch.h"
#include "persist/parameters.h"

/* Appends the statement with a terminating zero. Parameters: one array a column in field
 * order, then the number of rows. */
void limit_sql_append(const struct row_type *type, struct buffer *sql);

/* Writes the parameters for `count` moves of one table, which must be sorted by key. False
 * when a value cannot be encoded or memory is short. */
bool limit_parameters(const struct limit_move *moves, size_t count,
                      const struct nested_codec *codec, struct parameters *parameters);

#endif
