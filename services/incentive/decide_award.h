/*
 * decide_award - an award and its money become known, are held, decreed, ended, paid back.
 *
 * application.decided makes the award's row when it says AWARDED, and books the package that
 * it commits. award.changed has several writers, each with its own sequence, and arrives in any
 * order against the others: holds are a set of (by, reason), and an end is final.
 */
#ifndef KERJA_INCENTIVE_DECIDE_AWARD_H
#define KERJA_INCENTIVE_DECIDE_AWARD_H

#include "facts.h"

struct decided_subject {
    struct subject subject;
    struct uuid account_id; /* of whoever is written to: it remembers an erasure */
};

void decided_identify(const void *event, void *subject, struct decision *decision);
void changed_identify(const void *event, void *subject, struct decision *decision);
/* The award and its instalments; of application.decided the account of whoever is written to. */
void decided_keys(const void *event, const void *subject, struct facts *facts);
void award_keys(const void *event, const void *subject, struct facts *facts);
void decided_decide(const void *event, const void *subject, struct facts *facts,
                    struct decision *decision);
void changed_decide(const void *event, const void *subject, struct facts *facts,
                    struct decision *decision);

#endif
