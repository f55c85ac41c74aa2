/*
 * decide_erased - person.erased: sealed numbers and names of a person, or of an employer, are forgotten.
 *
 * What was paid stays in the books under ids that name nobody. An instalment that is still
 * open is held from then on: without an account nobody can be paid. The row of the payee's account remembers, so
 * that nothing said before and heard after brings anything back. An award may be made by another worker in the same
 * instant, neither decision seeing what the other writes: a timer looks once more at those that were absent.
 */
#ifndef KERJA_INCENTIVE_DECIDE_ERASED_H
#define KERJA_INCENTIVE_DECIDE_ERASED_H

#include "facts.h"

struct erased_subject {
    struct subject subject; /* id: the person, or the employer */
    const struct seal *seal;
    struct uuid account_id; /* his, hers or its */
};

#define TIMER_ERASURE "ERASURE" /* its subject is an award */
void erasure_keys(struct facts *facts, const struct uuid *award_id);
void erasure_again(struct facts *facts, struct decision *decision, const struct uuid *award_id);

void erased_identify(const void *event, void *subject, struct decision *decision);
void erased_keys(const void *event, const void *subject, struct facts *facts);
void erased_decide(const void *event, const void *subject, struct facts *facts,
                   struct decision *decision);

#endif
