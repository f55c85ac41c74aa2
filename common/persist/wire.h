/*
 * wire - numbers as PostgreSQL's binary format has them: big-endian, days and instants
 * counted from 2000-01-01. Internal to persist/.
 */
#ifndef KERJA_PERSIST_WIRE_H
#define KERJA_PERSIST_WIRE_H

#include "base/buffer.h"

#include <endian.h>
#include <stdint.h>
#include <string.h>

#define WIRE_EPOCH_DAY INT32_C(10957)
#define WIRE_EPOCH_US  (INT64_C(10957) * INT64_C(86400000000))

/* pg_type's object ids, stable since they were given. */
enum {
    OID_BOOL = 16,
    OID_BYTEA = 17,
    OID_INT8 = 20,
    OID_INT4 = 23,
    OID_TEXT = 25,
    OID_DATE = 1082,
    OID_TIMESTAMPTZ = 1184,
    OID_UUID = 2950,
};

/* Reading and writing big-endian numbers, at any alignment. */
static inline uint32_t wire_u32(const char *data)
{
    uint32_t number;
    memcpy(&number, data, sizeof number);
    return be32toh(number);
}

/* Likewise, of eight bytes. */
static inline uint64_t wire_u64(const char *data)
{
    uint64_t number;
    memcpy(&number, data, sizeof number);
    return be64toh(number);
}

/* Appends four bytes. */
static inline void wire_append_u32(struct buffer *buffer, uint32_t number)
{
    uint32_t big = htobe32(number);
    buffer_append(buffer, &big, sizeof big);
}

/* Appends eight bytes. */
static inline void wire_append_u64(struct buffer *buffer, uint64_t number)
{
    uint64_t big = htobe64(number);
    buffer_append(buffer, &big, sizeof big);
}

#endif
