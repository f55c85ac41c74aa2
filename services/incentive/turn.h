/*
 * turn - how many payouts a partner is asked for in one minute.
 *
 * A bank or wallet whose entry in the programme file says payouts_per_minute is asked for no
 * more: each payout takes a place in the partner's minute, a count that the database keeps to its ceiling, so that
 * several workers together keep it too. Whoever finds the minute full is paid in a later one: chosen
 * by the instalment's id within a window that doubles with each turn missed, so that a hundred
 * thousand that fall due at one midnight spread within a few rounds, each time in the same way. The minute is that of
 * the decision, not of a clock. A partner without a limit has no rows and costs nothing.
 */
#ifndef KERJA_INCENTIVE_TURN_H
#define KERJA_INCENTIVE_TURN_H

#include "payment.h"

/* Takes a place in the minute of the decision. False, and nothing taken, when the minute is full, which only
 * tight mode can know; otherwise COMMIT says so when it was too much. */
bool turn_take(struct payment *payment, struct slice partner);

/* Gives it back: the payout was not sent after all. */
void turn_give_back(struct payment *payment, struct slice partner);

/* Counts a turn missed, and returns the minute in which to try again. */
instant_us turn_next(struct payment *payment);

#endif
