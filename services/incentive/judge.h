/*
 * judge - what the conditions of the phase PAY ask about an instalment, its award and account.
 */
#ifndef KERJA_INCENTIVE_JUDGE_H
#define KERJA_INCENTIVE_JUDGE_H

#include "payment.h"

/* The payee's account row, or NULL when none was ever linked or waited for. */
const struct account_row *payment_account(const struct payment *payment);

/* Judges the conditions and the engine's own rules into the decision's verdict: an
 * unreleased hold, a gateway's refusal that nothing has mended, too little in the award's
 * own commitment. */
void payment_judge(const struct payment *payment, struct verdict *verdict);

/* True while the award is on hold or the programme pauses: then no instruction leaves, not a second time either. */
bool payment_stands_still(const struct payment *payment);

/* True when the payee has linked another account since the last attempt. */
bool payment_relinked(const struct payment *payment);

/* True when all that stands in the way was waived by an officer; of an unknown amount nobody can waive anything. */
bool payment_waived(const struct payment *payment, const struct verdict *verdict);

#endif
