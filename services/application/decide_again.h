/*
 * decide_again - a timer comes, or a person is erased.
 */
#ifndef KERJA_APPLICATION_DECIDE_AGAIN_H
#define KERJA_APPLICATION_DECIDE_AGAIN_H

#include "facts.h"

/* timer.application: WAVE_CLOSED refuses what is still held; any other kind judges again. Subject: struct
 * sealed_subject. */
void timer_identify(const void *event, void *subject, struct decision *decision);
void timer_keys(const void *event, const void *subject, struct facts *facts);
void timer_decide(const void *event, const void *subject, struct facts *facts,
                  struct decision *decision);

/* person.erased: the private table forgets the person. */
void erased_identify(const void *event, void *subject, struct decision *decision);
void erased_keys(const void *event, const void *subject, struct facts *facts);
void erased_decide(const void *event, const void *subject, struct facts *facts,
                   struct decision *decision);

#endif
