/*
 * value - what a field was when it was asked for.
 *
 * Three states, and all zero is the safe one. UNKNOWN: the record, register or answer that
 * would carry the value has not come, so nothing may be concluded. ABSENT: it has come,
 * or it is a milestone or an account that has not, and there is no value. PRESENT: here it is.
 * Only `exists` tells ABSENT from UNKNOWN; every comparison with an absent value is UNKNOWN.
 */
#ifndef KERJA_RULES_VALUE_H
#define KERJA_RULES_VALUE_H

#include "base/calendar.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum value_state { VALUE_UNKNOWN = 0, VALUE_ABSENT, VALUE_PRESENT };

struct value {
    enum value_state state;
    int64_t number;            /* bool, int, money (hundredths), day, instant              */
    struct slice text;         /* code and level; a text's content is never kept           */
    const struct slice *codes; /* codes: borrowed for as long as the verdict that saw them */
    size_t code_count;
};

static inline struct value value_unknown(void)
{
    return (struct value){.state = VALUE_UNKNOWN};
}

static inline struct value value_absent(void)
{
    return (struct value){.state = VALUE_ABSENT};
}

/* A bool, int, amount in hundredths, day or instant. */
static inline struct value value_number(int64_t number)
{
    return (struct value){.state = VALUE_PRESENT, .number = number};
}

/* A code, level or text. */
static inline struct value value_code(struct slice code)
{
    return (struct value){.state = VALUE_PRESENT, .text = code};
}

/* A set of codes; `count` 0 is the empty set, which is a value. Borrowed. */
static inline struct value value_codes(const struct slice *codes, size_t count)
{
    return (struct value){.state = VALUE_PRESENT, .codes = codes, .code_count = count};
}

/* The same for members with a `has_` flag: absent where the flag is false. */
static inline struct value value_number_if(bool has, int64_t number)
{
    return has ? value_number(number) : value_absent();
}

static inline struct value value_code_if(bool has, struct slice code)
{
    return has ? value_code(code) : value_absent();
}

#endif
