/*
 * decide_again - what moves an instalment from outside its own events: a timer, an officer;
 * and erasure.
 */
#ifndef KERJA_INCENTIVE_DECIDE_AGAIN_H
#define KERJA_INCENTIVE_DECIDE_AGAIN_H

#include "facts.h"

/* timer.incentive: PAY when the due day begins, RETRY when what holds it may have ended,
 * ANSWER when a gateway is silent. One that no longer applies, or comes again, changes
 * nothing. */
void timer_identify(const void *event, void *subject, struct decision *decision);
void timer_keys(const void *event, const void *subject, struct facts *facts);
void timer_decide(const void *event, const void *subject, struct facts *facts,
                  struct decision *decision);

/* case.resolved: an officer waives a reason that the programme's file lets an officer end,
 * or upholds it, which ends the instalment. Of RECONCILE_MISMATCH, waived means that the
 * books are right as the gateway tells them, upheld that a disputed instruction did not
 * pay. */
void case_identify(const void *event, void *subject, struct decision *decision);
void case_keys(const void *event, const void *subject, struct facts *facts);
void case_decide(const void *event, const void *subject, struct facts *facts,
                 struct decision *decision);

#endif
