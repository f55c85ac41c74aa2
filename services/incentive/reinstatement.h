/*
 * reinstatement - an award that had ended lives again.
 *
 * Application says so (award.changed REINSTATED by APPLICATION) when it has taken a seat and the money
 * anew. What was released up to then is committed again, what lapsed because of the end is open again, and an end that is
 * not later is stale from then on.
 */
#ifndef KERJA_INCENTIVE_REINSTATEMENT_H
#define KERJA_INCENTIVE_REINSTATEMENT_H

#include "ledger.h"

/* Reinstates the editable award at ledger->occurred_at. Where a later end was heard before, that one
 * stands: the money is committed and released again, under the end's time. */
void reinstate(const struct ledger *ledger, struct award_row *award);

/* An end is heard of that the reinstatement has outlived: what it said beside is void too, heard or not yet. */
void reinstated_before(struct decision *decision, struct award_row *award, instant_us ended_at);

#endif
