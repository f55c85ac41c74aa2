/*
 * decide_settled - payout.settled: a gateway answers.
 *
 * An answer to an instruction that is not known yet waits for it; one to an attempt that was
 * never made is refused. ACCEPTED and PENDING are noted; NOT_FOUND sends the same instruction
 * again, which a gateway takes once; the final words are settlement.h's.
 */
#ifndef KERJA_INCENTIVE_DECIDE_SETTLED_H
#define KERJA_INCENTIVE_DECIDE_SETTLED_H

#include "facts.h"

struct settled_subject {
    struct sealed_subject sealed; /* id: the instalment */
    int32_t attempt;
};

void settled_identify(const void *event, void *subject, struct decision *decision);
void settled_keys(const void *event, const void *subject, struct facts *facts);
void settled_decide(const void *event, const void *subject, struct facts *facts,
                    struct decision *decision);

#endif
