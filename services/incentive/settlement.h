/*
 * settlement - what a gateway's final word does to an instruction, its instalment and the
 * books.
 *
 *   the attempt is        and PAID comes             and REJECTED or RETURNED comes
 *   in flight             paid                       failed: hold, next attempt when mended
 *   paid                  a repeat                   REJECTED: noted, hold RECONCILE_MISMATCH
 *                                                    RETURNED: money back, hold
 *   failed, returned      paid: the late word wins   a repeat
 *
 * A second attempt paid is booked like the first, out of the appropriation, and held with
 * RECONCILE_MISMATCH: an officer recovers one of them. So is a payment that comes when the money was
 * released already. A newer attempt in flight is asked about, not cancelled.
 */
#ifndef KERJA_INCENTIVE_SETTLEMENT_H
#define KERJA_INCENTIVE_SETTLEMENT_H

#include "payment.h"

/* True when the answer changes nothing: it is known, or older than what is known. */
bool settlement_repeats(const struct entitlement_row *entitlement, int32_t attempt,
                        int32_t status, instant_us settled_at);

/* PAID, of the amount and currency that were asked for. */
void settle_paid(struct payment *payment, int32_t attempt, instant_us settled_at);

/* PAID, but not what was asked for: it counts as under way until an officer says so. */
void settle_disputed(struct payment *payment, int32_t attempt, instant_us settled_at);

/* The attempt that was paid otherwise than asked for, or NULL. */
const struct entitlement_row_attempt *
settlement_disputed(const struct entitlement_row *entitlement);

/* The attempt that is paid by the books, and was refused or returned afterwards by a word that cannot be so, or NULL. */
const struct entitlement_row_attempt *
settlement_refused_after_paid(const struct entitlement_row *entitlement);

/* REJECTED or RETURNED, by enum entitlement_row_attempt_state. `code` is the gateway's;
 * may be empty. */
void settle_failed(struct payment *payment, int32_t attempt, int32_t state, struct slice code,
                   instant_us settled_at);

#endif
