/*
 * node - what one node of a document says: a text, a number, a day, an amount, a list.
 *
 * Each reader says what was found instead of what was expected, at the node's own line.
 */
#ifndef KERJA_RULES_NODE_H
#define KERJA_RULES_NODE_H

#include "base/calendar.h"
#include "base/slice.h"
#include "rules/document.h"
#include "rules/programme.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Keeps the fault "found X, expected Y" at the node; returns false. */
bool node_unexpected(struct document *document, node *at, const char *expected);

/* Scalars. Each returns false with a fault when the node is something else. */
bool node_text(struct document *document, node *at, struct slice *text);
bool node_number(struct document *document, node *at, int64_t *number);
bool node_flag(struct document *document, node *at, bool *flag);
bool node_day(struct document *document, node *at, epoch_day *day);
bool node_amount(struct document *document, node *at,
                 int64_t *hundredths); /* "IDR 600000.00" */
bool node_texts(struct document *document, node *at,
                struct texts *texts); /* {id: ..., en: ...} */
bool node_is(node *at, const char *text);

/* The index of the node's text in a NULL-terminated list; false with a fault that names them.
 */
bool node_choice(struct document *document, node *at, const char *const *choices, int *choice);

/* Sequences: the number of items (0 with a fault when it is none), and one of them. */
size_t node_count(struct document *document, node *at);
node *node_item(struct document *document, node *at, size_t index);

/* A list of texts, copied. */
bool node_list(struct document *document, node *at, const struct slice **items, size_t *count);

/* Mappings: the value of a key, or NULL. */
node *node_member(struct document *document, node *at, const char *key);

#endif
