/*
 * field - how a C struct mirrors an Avro record: one row of a table a member.
 *
 * The tables are made from the schemas at build time. Decoding, encoding, fact rows
 * in PostgreSQL, JSON and the rules' vocabulary all walk them, so that a new member is
 * added in one place: the schema.
 *
 * Layout. A member `x` holds its value inline. An optional member has `bool has_x`
 * beside it, and is all zero while absent. A repeated member is a struct of `items` (array
 * of the element type) and `count`, laid out as struct list. Texts and bytes are slices.
 */
#ifndef KERJA_BASE_FIELD_H
#define KERJA_BASE_FIELD_H

#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum field_kind {
    FIELD_BOOL,    /* bool                                     Avro boolean            */
    FIELD_INT,     /* int32_t                                  int                     */
    FIELD_LONG,    /* int64_t                                  long                    */
    FIELD_DAY,     /* int32_t, days since 1970-01-01           int, date               */
    FIELD_INSTANT, /* int64_t, microseconds since 1970 UTC     long, timestamp-micros  */
    FIELD_MONEY,   /* int64_t, hundredths of the currency unit bytes, decimal(18,2)    */
    FIELD_UUID,    /* struct uuid                              string, uuid            */
    FIELD_TEXT,    /* struct slice, UTF-8                      string                  */
    FIELD_BYTES,   /* struct slice                             bytes                   */
    FIELD_SYMBOL,  /* int32_t, index into symbols; 0 UNKNOWN   enum                    */
    FIELD_RECORD,  /* the nested struct                        record                  */
};

struct symbols {
    const char *name; /* Avro name of the enum */
    const char *const *names;
    size_t count; /* names[0] is "UNKNOWN" */
};

struct record_type {
    const char *name; /* Avro name without its namespace */
    size_t size;      /* of the C struct                 */
    const struct field *fields;
    size_t field_count;
};

struct field {
    const char *name;
    enum field_kind kind;
    bool optional;
    bool repeated;
    bool personal;     /* never shown, logged or stored in clear outside the topics marked P */
    size_t offset;     /* of the value, or of the struct list when repeated    */
    size_t has_offset; /* of has_x, when optional                              */
    size_t size;       /* of one value (of one item when repeated)             */
    const struct symbols *symbols;    /* kind SYMBOL */
    const struct record_type *record; /* kind RECORD */
    bool has_default;                 /* an older writer may lack it              */
    int64_t default_number;           /* default of a number, bool or symbol      */
    const char *default_text;         /* default of a text; NULL when it has none */
};

struct list {
    void *items; /* count elements of field->size bytes; NULL when count is 0 */
    size_t count;
};

/* The field called `name`, or NULL. */
const struct field *record_type_field(const struct record_type *type, struct slice name);

/* The symbol called `name`, or 0 (UNKNOWN). */
int32_t symbols_find(const struct symbols *symbols, struct slice name);

/* The symbol's name; "UNKNOWN" for a number outside the table. */
const char *symbols_name(const struct symbols *symbols, int32_t symbol);

static inline void *field_value(const struct field *field, const void *record)
{
    return (char *)record + field->offset;
}

static inline bool field_present(const struct field *field, const void *record)
{
    return !field->optional || *(const bool *)((const char *)record + field->has_offset);
}

#endif
