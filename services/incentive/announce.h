/*
 * announce - what the incentive service tells others about an instalment.
 */
#ifndef KERJA_INCENTIVE_ANNOUNCE_H
#define KERJA_INCENTIVE_ANNOUNCE_H

#include "payment.h"

/* Emits payout.closed for the instalment as it stands, under its next sequence. The
 * outcome is an enum payout_closed_outcome. */
void announce_closed(struct payment *payment, int32_t outcome);

/* Emits notification.requested with a text of the programme file; nothing where nobody can be
 * told. */
void announce_message(struct payment *payment, enum message_kind kind, struct slice reason);

/* The same about the award alone: an amount to be paid back by a day. */
void announce_recovery(struct decision *decision, const struct award_row *award,
                       const struct scheme *scheme, int64_t amount, epoch_day day,
                       struct slice reason, int64_t sequence, instant_us occurred_at);

#endif
