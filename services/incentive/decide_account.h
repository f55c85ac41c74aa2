/*
 * decide_account - account.linked: where a payee is paid from now on.
 *
 * Clear numbers end here: what is kept is sealed, and two equality tokens, one of the account
 * and one of its mobile number. What waits for a change of the account is woken by a timer an
 * instalment, so that one link is never one huge decision. Of somebody who was erased nothing is kept.
 */
#ifndef KERJA_INCENTIVE_DECIDE_ACCOUNT_H
#define KERJA_INCENTIVE_DECIDE_ACCOUNT_H

#include "facts.h"

struct linked_subject {
    struct subject subject; /* id: the account's row */
    struct uuid number_token;
};

void linked_identify(const void *event, void *subject, struct decision *decision);
void linked_keys(const void *event, const void *subject, struct facts *facts);
void linked_decide(const void *event, const void *subject, struct facts *facts,
                   struct decision *decision);

#endif
