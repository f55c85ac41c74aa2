/*
 * stop - an item of an award that is paid no more, from one instalment on.
 *
 * The award keeps its stops, in the order in which they came; the first that speaks of an instalment is the one that counts.
 * What is stopped and was paid before stays paid.
 */
#ifndef KERJA_INCENTIVE_STOP_H
#define KERJA_INCENTIVE_STOP_H

#include "facts.h"

/* The stop that holds for an instalment, or NULL. Borrowed from the award. */
const struct award_row_stop *stop_find(const struct award_row *award, struct slice item,
                                       int32_t instalment);

/* What an instalment that it holds for becomes: of enum entitlement_row_status. */
int32_t stop_status(const struct award_row_stop *stop);

/* What a stop of the item from that instalment on leaves of instalments that nobody approved, hundredths; to be asked before
 * the stop is added. 0 for an item without a fixed amount. */
int64_t stop_leaves(struct decision *decision, const struct award_row *award,
                    const struct benefit *benefit, int32_t from_instalment);

/* Adds a stop to an editable award; its texts are borrowed. What it leaves is released by the caller. */
void stop_add(struct decision *decision, struct award_row *award, struct award_row_stop stop);

#endif
