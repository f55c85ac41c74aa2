/*
 * decide_enrolment - enrolment.decided: a price is used, or comes back.
 *
 * ACCEPTED moves the price from committed to used. REJECTED or EXPIRED afterwards moves it
 * back, and on to released where the award has ended meanwhile.
 */
#ifndef KERJA_INCENTIVE_DECIDE_ENROLMENT_H
#define KERJA_INCENTIVE_DECIDE_ENROLMENT_H

#include "facts.h"

void enrolment_identify(const void *event, void *subject, struct decision *decision);
void enrolment_keys(const void *event, const void *subject, struct facts *facts);
void enrolment_decide(const void *event, const void *subject, struct facts *facts,
                      struct decision *decision);

#endif
