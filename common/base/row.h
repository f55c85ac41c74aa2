/*
 * row - a table of a service as the worker sees it: a struct, its key and version, and the
 * statements that are functions of its columns alone.
 *
 * The tables are made from services/<service>/rows/<table>.avsc at build time. A row is
 * found by one uuid, `key`; `version` is 1 when the row is new and goes up by one with every
 * batch that saves it. Column types: bool, int4, int8, date, timestamptz, money as int8
 * hundredths, uuid, text, bytea; a symbol is its name as text; repeated text is text[]; a
 * nested record, repeated or not, is bytea (its Avro body).
 */
#ifndef KERJA_BASE_ROW_H
#define KERJA_BASE_ROW_H

#include "base/field.h"
#include "base/uuid.h"

struct row_type {
    const char *table; /* "person", in the service's schema */
    const struct record_type *record;
    /* CRC-64-AVRO of the row's schema without its docs: another one when a column is added, renamed, retyped or moved,
     * here or in a nested record. It stands beside bytes of a row that may outlive a deployment. */
    uint64_t fingerprint;
    size_t key_offset;     /* of the struct uuid that is the primary key */
    size_t version_offset; /* of the int64_t version                     */
    /* One parameter a column, each an array, in field order; row i is element i. Plain insert: a
     * row that exists raises 23505. */
    const char *insert_sql;
    /* The same parameters, then $n+1 the number of rows: raises KJ001 unless every row
     * was at version - 1. Keys must ascend. */
    const char *save_sql;
    /* $1 uuid[]: all columns in field order of the rows that exist. */
    const char *load_sql;
    /* The same, ORDER BY key FOR UPDATE. */
    const char *load_locked_sql;
    /* $1 uuid[], $2 bigint[] keys and versions read, $3 uuid[] keys found absent: raises KJ004 unless
     * all still are so. */
    const char *check_sql;
};

static inline const struct uuid *row_key(const struct row_type *type, const void *row)
{
    return (const struct uuid *)(const void *)((const char *)row + type->key_offset);
}

static inline int64_t *row_version(const struct row_type *type, void *row)
{
    return (int64_t *)(void *)((char *)row + type->version_offset);
}

#endif
