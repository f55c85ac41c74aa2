/*
 * decide_submitted - somebody applies: is he or she eligible, by which scheme.
 *
 * An application is natural by (application_id, revision). A revision not above the last is a
 * repeat. A higher one is decided anew while the matter is open; on a final state it is
 * recorded as late and changes nothing.
 */
#ifndef KERJA_APPLICATION_DECIDE_SUBMITTED_H
#define KERJA_APPLICATION_DECIDE_SUBMITTED_H

#include "facts.h"

struct submitted_subject {
    struct subject subject; /* id: the award that the application has or would have */
    struct standing standing;
    const struct office *office;
    struct uuid application_key, person_id, family_card_id;
    struct uuid employer_id; /* nil: nobody's employer applies */
    struct uuid contact_id;  /* who is told: the employer, or the person */
    int wave;                /* 0: none */
};

void submitted_identify(const void *event, void *subject, struct decision *decision);
void submitted_keys(const void *event, const void *subject, struct facts *facts);
void submitted_decide(const void *event, const void *subject, struct facts *facts,
                      struct decision *decision);

#endif
