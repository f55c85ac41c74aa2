/*
 * texts - lists of texts on a row, such as the reasons that hold it: the same in every service.
 *
 * A row's list is never changed where it stands, because the row that was read keeps it too: what changes a list makes a copy
 * in batch memory. Items and count are given apart, for each row has a list type of its own.
 */
#ifndef KERJA_WORKER_TEXTS_H
#define KERJA_WORKER_TEXTS_H

#include "worker/service.h"

/* True when the text is among them. */
bool texts_have(const struct slice *items, size_t count, struct slice text);

/* True when both are the same texts in the same order. */
bool texts_equal(const struct slice *a, size_t a_count, const struct slice *b, size_t b_count);

/* Makes the list a copy of these texts. */
void texts_copy(struct decision *decision, const struct slice *texts, size_t count,
                const struct slice **items, size_t *item_count);

/* Adds to a list that is sorted by bytes, unless it is there. */
void texts_add(struct decision *decision, const struct slice **items, size_t *count,
               struct slice text);

/* Adds at the end, there or not: for lists in the order in which their texts came. */
void texts_append(struct decision *decision, const struct slice **items, size_t *count,
                  struct slice text);

/* Takes out every such text; the others keep their order. */
void texts_remove(struct decision *decision, const struct slice **items, size_t *count,
                  struct slice text);

#endif
