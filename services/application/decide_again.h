/*
 * decide_again - what ends a hold from outside: a timer, an officer; and erasure.
 */
#ifndef KERJA_APPLICATION_DECIDE_AGAIN_H
#define KERJA_APPLICATION_DECIDE_AGAIN_H

#include "facts.h"

/* timer.application: WAVE_CLOSED refuses what is still held; any other kind judges again. */
void timer_identify(const void *event, void *subject, struct decision *decision);
void timer_keys(const void *event, const void *subject, struct facts *facts);
void timer_decide(const void *event, const void *subject, struct facts *facts,
                  struct decision *decision);

/* case.resolved: an officer upholds or waives a hold that only a person can end. */
void case_identify(const void *event, void *subject, struct decision *decision);
void case_keys(const void *event, const void *subject, struct facts *facts);
void case_decide(const void *event, const void *subject, struct facts *facts,
                 struct decision *decision);

/* person.erased: the private table forgets the person. */
void erased_identify(const void *event, void *subject, struct decision *decision);
void erased_keys(const void *event, const void *subject, struct facts *facts);
void erased_decide(const void *event, const void *subject, struct facts *facts,
                   struct decision *decision);

#endif
