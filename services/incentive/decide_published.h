/*
 * decide_published - programme.published: pauses of payouts, and the money of each year.
 *
 * Each record carries the full lists, so the newest publication replaces all before it. What
 * a pause holds is looked at again by the clock, not by this record: it may be millions of
 * instalments.
 */
#ifndef KERJA_INCENTIVE_DECIDE_PUBLISHED_H
#define KERJA_INCENTIVE_DECIDE_PUBLISHED_H

#include "facts.h"

void published_identify(const void *event, void *subject, struct decision *decision);
void published_keys(const void *event, const void *subject, struct facts *facts);
void published_decide(const void *event, const void *subject, struct facts *facts,
                      struct decision *decision);

#endif
