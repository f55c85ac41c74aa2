/*
 * sentence - a text with named gaps: "Condition {number} is not met."
 *
 * Languages put their words in different orders, so a sentence is one text with gaps that are
 * filled by name, never a row of fragments.
 */
#ifndef KERJA_RULES_SENTENCE_H
#define KERJA_RULES_SENTENCE_H

#include "base/buffer.h"
#include "base/slice.h"

#include <stddef.h>

/* What fills a gap. */
struct part {
    const char *name;
    struct slice text;
};

/* Appends the text with its gaps filled. A gap without its part stays empty; the unit test of
 * the words knows every gap. */
void sentence_write(struct buffer *text, const char *template, const struct part *parts,
                    size_t count);

/* sentence_write(SENTENCE(text, template, {"number", number}, {"found", found})) */
#define SENTENCE(text, template, ...)                                                          \
    (text), (template), (const struct part[]){__VA_ARGS__},                                    \
        sizeof((const struct part[]){__VA_ARGS__}) / sizeof(struct part)

/* Appends a zero-terminated text. */
void text_write(struct buffer *text, const char *words);

/* Appends a number in digits. */
void number_write(struct buffer *text, long long number);

#endif
