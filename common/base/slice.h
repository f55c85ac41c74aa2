/*
 * slice - borrowed bytes: a pointer and a size, never terminated by zero.
 *
 * Whoever hands out a slice says how long its bytes live; most live as long as
 * the batch arena. An absent text is told by a `has_` flag beside it, not by NULL.
 */
#ifndef KERJA_BASE_SLICE_H
#define KERJA_BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct slice {
    const char *data; /* NULL only when size is 0 */
    size_t size;
};

/* A slice of a string literal. */
#define SLICE(literal) ((struct slice){(literal), sizeof(literal) - 1})

/* For printf's "%.*s": SLICE_ARGS(slice). */
#define SLICE_ARGS(slice) (int)(slice).size, (slice).size == 0 ? "" : (slice).data

/* Borrows a zero-terminated string; NULL gives the empty slice. */
static inline struct slice slice_of(const char *text)
{
    return (struct slice){text, text == NULL ? 0 : strlen(text)};
}

static inline bool slice_equal(struct slice a, struct slice b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

static inline bool slice_is(struct slice slice, const char *text)
{
    return slice_equal(slice, slice_of(text));
}

/* Orders by bytes, a prefix before what it begins: <0, 0, >0. */
static inline int slice_compare(struct slice a, struct slice b)
{
    size_t shorter = a.size < b.size ? a.size : b.size;
    int order = shorter == 0 ? 0 : memcmp(a.data, b.data, shorter);
    return order != 0 ? order : (a.size > b.size) - (a.size < b.size);
}

/* Everything up to the next `end`, which is taken off too; without one, all. */
static inline struct slice slice_take(struct slice *rest, char end)
{
    const char *found = rest->size == 0 ? NULL : memchr(rest->data, end, rest->size);
    struct slice taken = {rest->data,
                          found == NULL ? rest->size : (size_t)(found - rest->data)};
    size_t gone = taken.size + (found != NULL);
    *rest = (struct slice){rest->size == 0 ? NULL : rest->data + gone, rest->size - gone};
    return taken;
}

/* The parts of a text between separators, at most `bound` of them; how many. The last needs no separator behind it. */
static inline size_t slice_split(struct slice text, char separator, struct slice *parts,
                                 size_t bound)
{
    size_t count = 0;
    while (text.size > 0 && count < bound)
        parts[count++] = slice_take(&text, separator);
    return count;
}

#endif
