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

void approved_identify(const void *event, void *subject, struct decision *decision);
void approved_keys(const void *event, const void *subject, struct facts *facts);
void approved_decide(const void *event, const void *subject, struct facts *facts,
                     struct decision *decision);

void stopped_identify(const void *event, void *subject, struct decision *decision);
void stopped_keys(const void *event, const void *subject, struct facts *facts);
void stopped_decide(const void *event, const void *subject, struct facts *facts,
                    struct decision *decision);

#endif
