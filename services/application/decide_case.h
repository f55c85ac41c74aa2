/*
 * decide_case - two officers have decided a case: they waive a reason that holds, or uphold it.
 *
 * The subject is an application's key or an award's id, as the published views show them. A programme file
 * says which reasons an officer may end; what a register says of an award that was given, officers may always
 * review.
 */
#ifndef KERJA_APPLICATION_DECIDE_CASE_H
#define KERJA_APPLICATION_DECIDE_CASE_H

#include "facts.h"

/* case.resolved. Subject: struct sealed_subject. */
void case_identify(const void *event, void *subject, struct decision *decision);
void case_keys(const void *event, const void *subject, struct facts *facts);
void case_decide(const void *event, const void *subject, struct facts *facts,
                 struct decision *decision);

#endif
