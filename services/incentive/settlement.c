#include "settlement.h"

#include "announce.h"
#include "instruct.h"
#include "judge.h"
#include "schemas/events.h"
#include "worker/texts.h"

enum { REASON_CODE_SIZE = 35 };
#define US_PER_HOUR (3600 * US_PER_SECOND)

bool settlement_repeats(const struct entitlement_row *entitlement, int32_t number,
                        int32_t status, instant_us settled_at)
{
    const struct entitlement_row_attempt *attempt = &entitlement->attempts.items[number - 1];
    bool open = attempt_open(attempt), newer = settled_at > attempt->settled_at;
    bool paid = attempt->state == ENTITLEMENT_ROW_ATTEMPT_STATE_PAID;
    switch ((enum payout_settled_status)status) {
    case PAYOUT_SETTLED_STATUS_ACCEPTED:
    case PAYOUT_SETTLED_STATUS_PENDING:
        return attempt->state != ENTITLEMENT_ROW_ATTEMPT_STATE_REQUESTED &&
               attempt->state != ENTITLEMENT_ROW_ATTEMPT_STATE_UNANSWERED;
    case PAYOUT_SETTLED_STATUS_PAID:
        return paid || (attempt->state == ENTITLEMENT_ROW_ATTEMPT_STATE_RETURNED && !newer);
    case PAYOUT_SETTLED_STATUS_REJECTED:
        /* Of what paid another sum, two officers say whether it paid. */
        return attempt->state == ENTITLEMENT_ROW_ATTEMPT_STATE_DISPUTED ||
               settled_at == attempt->refused_at ||
               (!open && !(paid && !attempt->refusal_noted));
    case PAYOUT_SETTLED_STATUS_RETURNED:
        return !open && !(paid && (newer || (settled_at == attempt->settled_at &&
                                             !attempt->refusal_noted)));
    case PAYOUT_SETTLED_STATUS_NOT_FOUND:
        return !open || attempt->state == ENTITLEMENT_ROW_ATTEMPT_STATE_DISPUTED ||
               settled_at <= attempt->sent_at || !newer;
    case PAYOUT_SETTLED_STATUS_UNKNOWN:
        break;
    }
    return true;
}

static size_t count_paid(const struct entitlement_row *entitlement)
{
    size_t count = 0;
    for (size_t i = 0; i < entitlement->attempts.count; i++)
        count += entitlement->attempts.items[i].state == ENTITLEMENT_ROW_ATTEMPT_STATE_PAID;
    return count;
}

/* Every entry that an instruction's answer makes names the instruction. */
static void move(struct payment *payment, const struct entitlement_row_attempt *attempt,
                 int32_t from, int32_t to, int64_t amount)
{
    ledger_move_for(&payment->ledger, payment->award, payment->entitlement->component, from, to,
                    amount,
                    &(struct ledger_subject){.id = &payment->entitlement->entitlement_id,
                                             .attempt = attempt->number});
}

static void set_reasons(struct payment *payment, const char *reason)
{
    struct slice *reasons = decision_alloc(payment->decision, sizeof *reasons);
    *reasons = slice_of(reason);
    payment->entitlement->reasons.items = reason == NULL ? NULL : reasons;
    payment->entitlement->reasons.count = reason == NULL ? 0 : 1;
}

/* The instalment is held and paid by no one: only an officer ends that. */
static void mismatch(struct payment *payment, int32_t outcome)
{
    payment->entitlement->mismatch = true;
    verdict_add(&payment->decision->verdict, EFFECT_HOLD, SLICE("RECONCILE_MISMATCH"));
    set_reasons(payment, "RECONCILE_MISMATCH");
    announce_closed(payment, outcome);
}

/* Another attempt of the instalment has, or had, its money. */
static bool elsewhere(const struct entitlement_row *entitlement, int32_t number)
{
    for (size_t i = 0; i < entitlement->attempts.count; i++) {
        const struct entitlement_row_attempt *other = &entitlement->attempts.items[i];
        if (other->number != number &&
            (other->state == ENTITLEMENT_ROW_ATTEMPT_STATE_PAID || attempt_open(other)))
            return true;
    }
    return false;
}

/* A gateway pays what it had refused. Where the money went elsewhere meanwhile, the
 * programme's own was spent: that much is drawn out of the appropriation. */
static void take_back(struct payment *payment, const struct entitlement_row_attempt *attempt,
                      int32_t to)
{
    struct entitlement_row *entitlement = payment->entitlement;
    bool spent = elsewhere(entitlement, attempt->number);
    int32_t source = spent ? COMMITTED : payment_source(payment);
    int64_t there = spent ? 0 : award_balance(payment->award, entitlement->component, source);
    int64_t missing = attempt->amount - (there < attempt->amount ? there : attempt->amount);
    move(payment, attempt, APPROPRIATION, source, missing);
    entitlement->overdrawn += missing;
    move(payment, attempt, source, to, attempt->amount);
}

/* What was overdrawn goes back first. */
static void give_back(struct payment *payment, const struct entitlement_row_attempt *attempt,
                      int32_t from)
{
    struct entitlement_row *entitlement = payment->entitlement;
    int64_t amount = attempt->amount;
    int64_t beyond = entitlement->overdrawn < amount ? entitlement->overdrawn : amount;
    move(payment, attempt, from, APPROPRIATION, beyond);
    entitlement->overdrawn -= beyond;
    move(payment, attempt, from, payment_source(payment), amount - beyond);
}

const struct entitlement_row_attempt *
settlement_disputed(const struct entitlement_row *entitlement)
{
    for (size_t i = 0; i < entitlement->attempts.count; i++)
        if (entitlement->attempts.items[i].state == ENTITLEMENT_ROW_ATTEMPT_STATE_DISPUTED)
            return &entitlement->attempts.items[i];
    return NULL;
}

/* One payment, out of the instalment's own money, that nobody contradicts. */
static void settle_one_payment(struct payment *payment)
{
    payment->entitlement->mismatch = false;
    set_reasons(payment, NULL);
    announce_closed(payment, PAYOUT_CLOSED_OUTCOME_PAID);
}

const struct entitlement_row_attempt *
settlement_refused_after_paid(const struct entitlement_row *entitlement)
{
    for (size_t i = 0; i < entitlement->attempts.count; i++)
        if (entitlement->attempts.items[i].state == ENTITLEMENT_ROW_ATTEMPT_STATE_PAID &&
            entitlement->attempts.items[i].refusal_noted)
            return &entitlement->attempts.items[i];
    return NULL;
}

static bool contradicted(const struct entitlement_row *entitlement)
{
    return count_paid(entitlement) > 1 || settlement_refused_after_paid(entitlement) != NULL ||
           settlement_disputed(entitlement) != NULL ||
           (entitlement->overdrawn > 0 && attempt_in_flight(entitlement) == NULL);
}

void settle_paid(struct payment *payment, int32_t number, instant_us settled_at)
{
    struct entitlement_row *entitlement = payment->entitlement;
    struct entitlement_row_attempt *attempt = attempt_edit(payment, number);
    const struct entitlement_row_attempt *other;
    if (attempt_open(attempt))
        move(payment, attempt, IN_FLIGHT, PAID, attempt->amount);
    else
        take_back(payment, attempt, PAID);
    attempt->state = ENTITLEMENT_ROW_ATTEMPT_STATE_PAID;
    attempt->settled_at = settled_at;
    entitlement->status = ENTITLEMENT_ROW_STATUS_PAID;
    entitlement->lapsed = entitlement->lapsed_payable = false;
    entitlement->has_retry_at = false;
    entitlement->retry_at = 0;
    if (!entitlement->has_paid_at) {
        entitlement->has_paid_at = true;
        entitlement->paid_at = settled_at;
    }
    if (contradicted(entitlement)) {
        mismatch(payment, PAYOUT_CLOSED_OUTCOME_PAID);
        return;
    }
    settle_one_payment(payment);
    announce_message(payment, MESSAGE_PAYOUT_SENT, (struct slice){0});
    other = attempt_in_flight(entitlement);
    if (other != NULL)
        instruct_query(payment, other->number);
}

void settle_disputed(struct payment *payment, int32_t number, instant_us settled_at)
{
    struct entitlement_row *entitlement = payment->entitlement;
    struct entitlement_row_attempt *attempt = attempt_edit(payment, number);
    if (!attempt_open(attempt))
        take_back(payment, attempt, IN_FLIGHT);
    attempt->state = ENTITLEMENT_ROW_ATTEMPT_STATE_DISPUTED;
    attempt->settled_at = settled_at;
    entitlement->lapsed = entitlement->lapsed_payable = false;
    bool paid = count_paid(entitlement) > 0;
    entitlement->status = paid ? ENTITLEMENT_ROW_STATUS_PAID : ENTITLEMENT_ROW_STATUS_HELD;
    mismatch(payment, paid ? PAYOUT_CLOSED_OUTCOME_PAID : PAYOUT_CLOSED_OUTCOME_HELD);
}

/* When the refusal is tried again by itself; 0 where its code is not one of those. */
static instant_us retry_of(const struct payment *payment, struct slice code, instant_us at)
{
    const struct payment_partner *partner =
        partner_find(payment->programme, payment->entitlement->partner);
    if (partner == NULL || !texts_have(partner->retry_codes, partner->retry_code_count, code))
        return 0;
    return at + partner->retry_after_hours * US_PER_HOUR;
}

static void hold_refused(struct payment *payment, const struct entitlement_row_attempt *attempt,
                         int32_t outcome)
{
    struct slice reasons[2];
    size_t count = slices_insert(reasons, 0, 2, SLICE("PROVIDER_REJECTED"));
    if (attempt->reason_code.size > 0)
        count = slices_insert(reasons, count, 2, attempt->reason_code);
    for (size_t i = 0; i < count; i++)
        verdict_add(&payment->decision->verdict, EFFECT_HOLD, reasons[i]);
    payment_hold(payment, reasons, count, outcome);
    /* What mends a refusal may have come before it: nothing else would look again. */
    if (payment_relinked(payment))
        payment_retry_at(payment, payment->occurred_at);
}

/* Nothing else of the instalment is paid or under way: it waits, or ends with its award. */
static void after_failure(struct payment *payment,
                          const struct entitlement_row_attempt *attempt)
{
    struct entitlement_row *entitlement = payment->entitlement;
    bool returned = attempt->state == ENTITLEMENT_ROW_ATTEMPT_STATE_RETURNED;
    entitlement->has_paid_at = false;
    entitlement->paid_at = 0;
    if (award_ended(payment->award)) {
        struct slice reason =
            payment->award->revoked ? SLICE("AWARD_REVOKED") : SLICE("BALANCE_RETURNED");
        payment_end(payment, ENTITLEMENT_ROW_STATUS_CANCELLED, reason);
        payment_settle_award(payment, reason);
    } else {
        hold_refused(payment, attempt,
                     returned ? PAYOUT_CLOSED_OUTCOME_RETURNED : PAYOUT_CLOSED_OUTCOME_HELD);
    }
}

/* The payment is gone, and a newer attempt is under way: that one decides. */
static void back_under_way(struct payment *payment, bool paid)
{
    struct entitlement_row *entitlement = payment->entitlement;
    bool disputed = settlement_disputed(entitlement) != NULL;
    entitlement->has_paid_at = false;
    entitlement->paid_at = 0;
    entitlement->mismatch = disputed;
    entitlement->status =
        disputed ? ENTITLEMENT_ROW_STATUS_HELD : ENTITLEMENT_ROW_STATUS_IN_FLIGHT;
    set_reasons(payment, disputed ? "RECONCILE_MISMATCH" : NULL);
    if (paid)
        announce_closed(payment, PAYOUT_CLOSED_OUTCOME_RETURNED);
}

/* The attempt's money is back; what is left of the instalment decides what follows. */
static void after_money_back(struct payment *payment,
                             const struct entitlement_row_attempt *attempt, bool paid)
{
    struct entitlement_row *entitlement = payment->entitlement;
    if (count_paid(entitlement) > 0) {
        if (entitlement->mismatch && !contradicted(entitlement))
            settle_one_payment(payment);
    } else if (attempt_in_flight(entitlement) != NULL) {
        back_under_way(payment, paid);
    } else {
        entitlement->mismatch = false;
        after_failure(payment, attempt);
    }
}

/* A refusal of what was paid, or the return of what the holder has paid back already, cannot both be so. */
static bool impossible(const struct payment *payment,
                       const struct entitlement_row_attempt *attempt, int32_t state)
{
    bool paid = attempt->state == ENTITLEMENT_ROW_ATTEMPT_STATE_PAID;
    return paid && (state == ENTITLEMENT_ROW_ATTEMPT_STATE_REJECTED ||
                    award_balance(payment->award, payment->entitlement->component, PAID) <
                        attempt->amount);
}

void settle_failed(struct payment *payment, int32_t number, int32_t state, struct slice code,
                   instant_us settled_at)
{
    struct entitlement_row_attempt *attempt = attempt_edit(payment, number);
    bool paid = attempt->state == ENTITLEMENT_ROW_ATTEMPT_STATE_PAID;
    if (impossible(payment, attempt, state)) {
        if (state == ENTITLEMENT_ROW_ATTEMPT_STATE_RETURNED)
            attempt->settled_at = settled_at;
        attempt->refusal_noted = true;
        mismatch(payment, PAYOUT_CLOSED_OUTCOME_PAID);
        return;
    }
    give_back(payment, attempt, paid ? PAID : IN_FLIGHT);
    attempt->state = state;
    attempt->settled_at = settled_at;
    if (state == ENTITLEMENT_ROW_ATTEMPT_STATE_REJECTED)
        attempt->refused_at = settled_at;
    attempt->reason_code =
        (struct slice){code.data, code.size < REASON_CODE_SIZE ? code.size : REASON_CODE_SIZE};
    attempt->retry_at = retry_of(payment, attempt->reason_code, settled_at);
    after_money_back(payment, attempt, paid);
}
