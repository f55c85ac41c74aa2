/*
 * decide_approved - instalments become owed, or will never be.
 *
 * incentive.approved makes one instalment's row for each of its instalments; each is judged
 * when its due day begins. The id of an instalment is a function of award, item and number:
 * an approval that says otherwise is refused, because the id is what keeps it from being paid
 * twice. incentive.stopped is remembered, so that it also ends what is approved after it.
 */
#ifndef KERJA_INCENTIVE_DECIDE_APPROVED_H
#define KERJA_INCENTIVE_DECIDE_APPROVED_H

#include "facts.h"
#include "schemas/events.h"

/* What an approval sets: its own instalments, or, where the amount is not known and it has none, the
 * first one of the item without an amount, which is shown and held. */
struct approved_subject {
    struct sealed_subject sealed;
    const struct incentive_approved_instalment *instalments;
    size_t instalment_count;
    struct incentive_approved_instalment unknown;
};

void approved_identify(const void *event, void *subject, struct decision *decision);
void approved_keys(const void *event, const void *subject, struct facts *facts);
void approved_decide(const void *event, const void *subject, struct facts *facts,
                     struct decision *decision);

void stopped_identify(const void *event, void *subject, struct decision *decision);
void stopped_keys(const void *event, const void *subject, struct facts *facts);
void stopped_decide(const void *event, const void *subject, struct facts *facts,
                    struct decision *decision);

#endif
