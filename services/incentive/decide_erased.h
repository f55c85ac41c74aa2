/*
 * decide_erased - person.erased: sealed numbers and names of a person are forgotten.
 *
 * What was paid stays in the books under ids that name nobody. An instalment that is still
 * open is held from then on: without an account nobody can be paid.
 */
#ifndef KERJA_INCENTIVE_DECIDE_ERASED_H
#define KERJA_INCENTIVE_DECIDE_ERASED_H

#include "facts.h"

struct erased_subject {
    struct subject subject; /* id: the person */
    struct uuid account_id;
};

void erased_identify(const void *event, void *subject, struct decision *decision);
void erased_keys(const void *event, const void *subject, struct facts *facts);
void erased_decide(const void *event, const void *subject, struct facts *facts,
                   struct decision *decision);

#endif
