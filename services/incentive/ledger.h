/*
 * ledger - the books: where every rupiah of an award stands.
 *
 * Double entry. An amount leaves the account credited and stands on the account debited, so
 * that over all accounts of a programme, scheme and year the balances add to zero, and the
 * balance of APPROPRIATION, with its sign turned, is what was ever committed. The award's row
 * holds the same balances for the award alone, by component: an instalment is paid out of its
 * own award's commitment, and of no other. The totals are books; nothing is decided by them.
 *
 *   APPROPRIATION > COMMITTED        the award is made
 *   COMMITTED > USED                 an enrolment is accepted; back when it ends without training
 *   USED > PAYABLE                   the training was verified: its price is owed
 *   COMMITTED, PAYABLE > IN_FLIGHT   a payout is requested; back when it fails
 *   IN_FLIGHT > PAID                 the gateway says paid; back to the source when returned
 *   COMMITTED > RELEASED             nothing more can become due of it; back when the award is
 *                                    reinstated
 *   PAID > RECOVERED                 the holder paid back
 *   APPROPRIATION > COMMITTED        overdrawn: a gateway paid what it had refused, after the money was
 *                                    used otherwise; back as soon as one payment comes back
 *
 * Invariants. Every entry is above nothing and has two different accounts. No account but
 * APPROPRIATION is ever below nothing. RELEASED is what commitment.released said under instants after the last
 * reinstatement: application counts the same. What an award has had out of APPROPRIATION is its package and
 * what its instalments have overdrawn; each of those is held with RECONCILE_MISMATCH.
 */
#ifndef KERJA_INCENTIVE_LEDGER_H
#define KERJA_INCENTIVE_LEDGER_H

#include "facts.h"

/* Whose decision moves the money, and why. */
struct ledger {
    struct facts *facts;
    struct decision *decision;
    const char *cause; /* topic of the event */
    instant_us occurred_at;
};

/* Accounts are enum ledger_entry_row_account. */
enum {
    APPROPRIATION = LEDGER_ENTRY_ROW_ACCOUNT_APPROPRIATION,
    COMMITTED = LEDGER_ENTRY_ROW_ACCOUNT_COMMITTED,
    USED = LEDGER_ENTRY_ROW_ACCOUNT_USED,
    PAYABLE = LEDGER_ENTRY_ROW_ACCOUNT_PAYABLE,
    IN_FLIGHT = LEDGER_ENTRY_ROW_ACCOUNT_IN_FLIGHT,
    PAID = LEDGER_ENTRY_ROW_ACCOUNT_PAID,
    RELEASED = LEDGER_ENTRY_ROW_ACCOUNT_RELEASED,
    RECOVERED = LEDGER_ENTRY_ROW_ACCOUNT_RECOVERED
};

/* Whose money an entry moves. An instruction's entries all name its attempt; the one that requests it, and no
 * other, names its envelope too, so that control totals are sums over the books. */
struct ledger_subject {
    const struct uuid *id; /* enrolment, entitlement or award */
    int32_t attempt;       /* 0: no instruction's */
    struct slice partner;  /* "" but for a request */
    epoch_day envelope_on; /* local day, likewise */
};

/* Moves an amount, in hundredths, of the editable award's component. Nothing for an amount
 * of 0. */
void ledger_move_for(const struct ledger *ledger, struct award_row *award,
                     struct slice component, int32_t from, int32_t to, int64_t amount,
                     const struct ledger_subject *subject);
void ledger_move(const struct ledger *ledger, struct award_row *award, struct slice component,
                 int32_t from, int32_t to, int64_t amount, const struct uuid *subject);

/* What stands on an account of the award's component. */
int64_t award_balance(const struct award_row *award, struct slice component, int32_t account);

/* The award's part that pays a component: its own, or ALL where the commitment is not
 * divided. */
struct slice award_component(const struct award_row *award, struct slice component);

/* Gives back what is committed to the component and used by nothing, at most `amount`, and tells application: as
 * of the award's end, or of the ledger's instant while it has not ended. Nothing where a reinstatement is not
 * earlier: it took that money along. */
void ledger_release(const struct ledger *ledger, struct award_row *award,
                    struct slice component, int64_t amount, struct slice reason);

/* All of it, of every component of the award. */
void ledger_release_all(const struct ledger *ledger, struct award_row *award,
                        struct slice reason);

/* Commits again exactly what was released up to award->reinstated_at. */
void ledger_recommit(const struct ledger *ledger, struct award_row *award);

#endif
