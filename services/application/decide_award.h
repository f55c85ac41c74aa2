/*
 * decide_award - an award is changed by another service or an officer, or its money comes back.
 */
#ifndef KERJA_APPLICATION_DECIDE_AWARD_H
#define KERJA_APPLICATION_DECIDE_AWARD_H

#include "facts.h"

/* award.changed: holds are kept, REVOKED frees the seat and the family card and bars the person, an officer's
 * REINSTATED takes them again. Subject: struct sealed_subject. */
void award_identify(const void *event, void *subject, struct decision *decision);
void award_keys(const void *event, const void *subject, struct facts *facts);
void award_decide(const void *event, const void *subject, struct facts *facts,
                  struct decision *decision);

/* commitment.released: the money may be committed again in the same year. */
void released_identify(const void *event, void *subject, struct decision *decision);
void released_keys(const void *event, const void *subject, struct facts *facts);
void released_decide(const void *event, const void *subject, struct facts *facts,
                     struct decision *decision);

#endif
