/*
 * envelope_totals - count and sum of a payout envelope: what a gateway was asked for by one programme through one
 * partner on one day.
 *
 * They are what ISO 20022 calls NbOfTxs and CtrlSum, and are sums over the ledger: each instruction counts once, in the
 * envelope of its first sending, whatever became of it.
 */
#ifndef KERJA_CTL_ENVELOPE_TOTALS_H
#define KERJA_CTL_ENVELOPE_TOTALS_H

#include "session.h"

enum { ENVELOPE_TEXT_SIZE = 128 };

/* "kartu-prakerja/BNI/2021-09-01" in its parts. */
struct envelope_name {
    char programme[ENVELOPE_TEXT_SIZE], partner[ENVELOPE_TEXT_SIZE], day[DAY_TEXT_SIZE + 1];
    epoch_day on;
};

struct envelope_totals {
    int64_t payouts, amount_hundredths;
    char currency[8];
};

/* False with a sentence when it is no envelope's id. */
bool envelope_name_read(const char *id, struct envelope_name *name, struct error *error);

/* Of an envelope now; false with a reason, also when there is none. */
bool envelope_totals_read(struct session *session, const struct envelope_name *name,
                          struct envelope_totals *totals);

/* False with a sentence when a command is to sign totals that are no longer those of the books: the second officer
 * must not sign what the first one did not see. True of every other command. */
bool envelope_unchanged(struct session *session, int64_t number);

#endif
