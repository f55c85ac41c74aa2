#include "settlement.h"

#include "announce.h"
#include "instruct.h"
#include "judge.h"
#include "schemas/events.h"

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
        return !open && !(paid && !attempt->refusal_noted);
    case PAYOUT_SETTLED_STATUS_RETURNED:
        return !open && !(paid && settled_at >= attempt->settled_at);
    case PAYOUT_SETTLED_STATUS_NOT_FOUND:
        return !open || attempt->state == ENTITLEMENT_ROW_ATTEMPT_STATE_DISPUTED ||
               settled_at <= attempt->sent_at;
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

static void move(struct payment *payment, int32_t from, int32_t to, int64_t amount)
{
    ledger_move(&payment->ledger, payment->award, payment->entitlement->component, from, to,
                amount, &payment->entitlement->entitlement_id);
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

void settle_paid(struct payment *payment, int32_t number, instant_us settled_at)
{
    struct entitlement_row *entitlement = payment->entitlement;
    struct entitlement_row_attempt *attempt = attempt_edit(payment, number);
    const struct entitlement_row_attempt *other;
    move(payment, attempt_open(attempt) ? IN_FLIGHT : payment_source(payment), PAID,
         attempt->amount);
    if (attempt->state == ENTITLEMENT_ROW_ATTEMPT_STATE_DISPUTED)
        entitlement->mismatch = false;
    attempt->state = ENTITLEMENT_ROW_ATTEMPT_STATE_PAID;
    attempt->settled_at = settled_at;
    entitlement->status = ENTITLEMENT_ROW_STATUS_PAID;
    entitlement->has_retry_at = false;
    entitlement->retry_at = 0;
    if (count_paid(entitlement) > 1) {
        mismatch(payment, PAYOUT_CLOSED_OUTCOME_PAID);
        return;
    }
    entitlement->has_paid_at = true;
    entitlement->paid_at = settled_at;
    set_reasons(payment, NULL);
    announce_closed(payment, PAYOUT_CLOSED_OUTCOME_PAID);
    announce_message(payment, MESSAGE_PAYOUT_SENT, (struct slice){0});
    other = attempt_in_flight(entitlement);
    if (other != NULL)
        instruct_query(payment, other->number);
}

void settle_disputed(struct payment *payment, int32_t number, instant_us settled_at)
{
    struct entitlement_row_attempt *attempt = attempt_edit(payment, number);
    attempt->state = ENTITLEMENT_ROW_ATTEMPT_STATE_DISPUTED;
    attempt->settled_at = settled_at;
    payment->entitlement->status = ENTITLEMENT_ROW_STATUS_HELD;
    mismatch(payment, PAYOUT_CLOSED_OUTCOME_HELD);
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
}

/* Nothing else of the instalment is paid or under way: it waits, or ends with its award. */
static void after_failure(struct payment *payment,
                          const struct entitlement_row_attempt *attempt)
{
    struct entitlement_row *entitlement = payment->entitlement;
    bool returned = attempt->state == ENTITLEMENT_ROW_ATTEMPT_STATE_RETURNED;
    entitlement->has_paid_at = false;
    entitlement->paid_at = 0;
    if (payment->award->revoked || payment->award->closed) {
        struct slice reason =
            payment->award->revoked ? SLICE("AWARD_REVOKED") : SLICE("BALANCE_RETURNED");
        payment_end(payment, ENTITLEMENT_ROW_STATUS_CANCELLED, reason);
        payment_settle_award(payment, reason);
    } else {
        hold_refused(payment, attempt,
                     returned ? PAYOUT_CLOSED_OUTCOME_RETURNED : PAYOUT_CLOSED_OUTCOME_HELD);
    }
}

/* What an attempt paid, or one overtaken by another, leaves behind when its money is back. */
static void after_one_of_two(struct payment *payment)
{
    struct entitlement_row *entitlement = payment->entitlement;
    if (count_paid(entitlement) != 1 || !entitlement->mismatch)
        return;
    entitlement->mismatch = false;
    set_reasons(payment, NULL);
    announce_closed(payment, PAYOUT_CLOSED_OUTCOME_PAID);
}

void settle_failed(struct payment *payment, int32_t number, int32_t state, struct slice code,
                   instant_us settled_at)
{
    struct entitlement_row *entitlement = payment->entitlement;
    struct entitlement_row_attempt *attempt = attempt_edit(payment, number);
    bool paid = attempt->state == ENTITLEMENT_ROW_ATTEMPT_STATE_PAID;
    if (paid && state == ENTITLEMENT_ROW_ATTEMPT_STATE_REJECTED) {
        attempt->refusal_noted = true;
        mismatch(payment, PAYOUT_CLOSED_OUTCOME_PAID);
        return;
    }
    move(payment, paid ? PAID : IN_FLIGHT, payment_source(payment), attempt->amount);
    if (attempt->state == ENTITLEMENT_ROW_ATTEMPT_STATE_DISPUTED)
        entitlement->mismatch = false;
    attempt->state = state;
    attempt->settled_at = settled_at;
    attempt->reason_code =
        (struct slice){code.data, code.size < REASON_CODE_SIZE ? code.size : REASON_CODE_SIZE};
    attempt->retry_at = retry_of(payment, attempt->reason_code, settled_at);
    if (count_paid(entitlement) > 0)
        after_one_of_two(payment);
    else if (attempt_in_flight(entitlement) == NULL)
        after_failure(payment, attempt);
}
