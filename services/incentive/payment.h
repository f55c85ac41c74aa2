/*
 * payment - one instalment on its way: may it be paid now, to which account, and what follows
 * from the answer.
 *
 *   APPROVED   waits for its due day, or for its turn where its partner's minute was full
 *   HELD       waits for what its reasons say; looked at again when that comes
 *   IN_FLIGHT  requested from a gateway, not answered for good
 *   PAID       the gateway says so; it may still be returned
 *   STOPPED, EXPIRED, REFUSED, CANCELLED   ended without money
 *
 * An instalment has at most one attempt in flight that was not overtaken by a late word, and
 * the next one begins only after a gateway refused or returned the last, and its cause was
 * mended: by another account, by time where the partner's file says so, or by an officer.
 */
#ifndef KERJA_INCENTIVE_PAYMENT_H
#define KERJA_INCENTIVE_PAYMENT_H

#include "ledger.h"

/* All that a decision about one instalment needs, found and ready. */
struct payment {
    struct facts *facts;
    struct decision *decision;
    const struct programme *programme;
    const struct scheme *scheme;
    struct award_row *award;             /* editable */
    struct entitlement_row *entitlement; /* editable */
    struct ledger ledger;
    instant_us occurred_at;
    epoch_day on;
    bool fresh; /* approved by this very decision */
};

/* Timers of an instalment, by kind. */
#define TIMER_PAY    "PAY"    /* the due day begins              */
#define TIMER_RETRY  "RETRY"  /* what holds it may have ended    */
#define TIMER_ANSWER "ANSWER" /* no final answer: ask            */

/* Programme and scheme of an award; false, and the decision refused, when no such file is
 * published. To be called before anything is changed. */
bool standing_known(struct decision *decision, const struct award_row *award);

/* Opens an instalment whose rows exist and whose standing is known. */
void payment_open(struct payment *payment, struct facts *facts, struct decision *decision,
                  const struct uuid *entitlement_id, const char *cause, instant_us occurred_at);

/* The attempt that waits for an answer, or NULL. */
const struct entitlement_row_attempt *attempt_in_flight(const struct entitlement_row *row);
bool attempt_open(const struct entitlement_row_attempt *attempt);

/* An attempt in a copy of the list that may be changed; NULL when there is none of that
 * number. */
struct entitlement_row_attempt *attempt_edit(struct payment *payment, int32_t number);

/* The instant at which the instalment falls due. */
instant_us payment_due_at(const struct payment *payment);

/* Makes a provider's price payable and ends what was stopped. True when the instalment is
 * open and due: it may be judged. */
bool payment_prepare(struct payment *payment);

/* Judges an instalment that is due and open, and pays, holds or ends it. At most once a
 * decision: the verdict is about this one. */
void payment_try(struct payment *payment);

/* Has it judged again at `at`, unless a timer does that sooner. */
void payment_retry_at(struct payment *payment, instant_us at);

/* Holds it with these reasons, sorted; the outcome that payout.closed tells is HELD or
 * RETURNED. Tells nobody when nothing changed. */
void payment_hold(struct payment *payment, const struct slice *reasons, size_t count,
                  int32_t outcome);

/* Ends it without money, in a state of enum entitlement_row_status. What was payable to a
 * provider goes back to the commitment. One that ends because its award did is open again when
 * the award is reinstated. */
void payment_end(struct payment *payment, int32_t status, struct slice reason);

/* Nothing is paid for it any more, and no attempt is in flight: its fixed amount is released, and all that an ended award
 * still has committed. What was ever sent to a gateway stays until the end: it may be paid after all. */
void payment_settle_award(struct payment *payment, struct slice reason);

/* Where its money stands while it is not in flight. */
int32_t payment_source(const struct payment *payment);

/* Who is paid is told: the person, or the employer, whose number the award of a hire carries. A provider is not. */
bool payment_tells(const struct payment *payment);

#endif
