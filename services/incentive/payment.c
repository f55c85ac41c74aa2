#include "payment.h"

#include "announce.h"
#include "instruct.h"
#include "judge.h"
#include "schemas/events.h"
#include "stop.h"
#include "turn.h"
#include "worker/texts.h"

#include <assert.h>

enum {
    ACCOUNT_WAITING =
        500, /* instalments that one account's row names; more are looked at daily */
    LOOK_AGAIN_HOURS = 24,
};
#define US_PER_HOUR (3600 * US_PER_SECOND)

bool standing_known(struct decision *decision, const struct award_row *award)
{
    const struct programme *programme = office_programme(decision->office, award->programme);
    if (programme != NULL && scheme_find(programme, award->scheme) != NULL)
        return true;
    decision_refuse(decision, "UNKNOWN_PROGRAMME",
                    "no file with the award's programme and scheme is published");
    return false;
}

void payment_open(struct payment *payment, struct facts *facts, struct decision *decision,
                  const struct uuid *entitlement_id, const char *cause, instant_us occurred_at)
{
    *payment = (struct payment){.facts = facts,
                                .decision = decision,
                                .occurred_at = occurred_at,
                                .ledger = {facts, decision, cause, occurred_at}};
    payment->entitlement = facts_edit(facts, &entitlement_row_type, entitlement_id);
    payment->award = facts_edit(facts, &award_row_type, &payment->entitlement->award_id);
    payment->programme = office_programme(decision->office, payment->award->programme);
    assert(payment->programme != NULL); /* standing_known() said so */
    payment->scheme = scheme_find(payment->programme, payment->award->scheme);
    payment->on = instant_to_day(occurred_at, payment->programme->utc_offset_minutes);
    decision->scheme = payment->scheme;
}

bool attempt_open(const struct entitlement_row_attempt *attempt)
{
    switch ((enum entitlement_row_attempt_state)attempt->state) {
    case ENTITLEMENT_ROW_ATTEMPT_STATE_REQUESTED:
    case ENTITLEMENT_ROW_ATTEMPT_STATE_ACCEPTED:
    case ENTITLEMENT_ROW_ATTEMPT_STATE_UNANSWERED:
    case ENTITLEMENT_ROW_ATTEMPT_STATE_DISPUTED:
        return true;
    case ENTITLEMENT_ROW_ATTEMPT_STATE_PAID:
    case ENTITLEMENT_ROW_ATTEMPT_STATE_REJECTED:
    case ENTITLEMENT_ROW_ATTEMPT_STATE_RETURNED:
    case ENTITLEMENT_ROW_ATTEMPT_STATE_UNKNOWN:
        break;
    }
    return false;
}

const struct entitlement_row_attempt *attempt_in_flight(const struct entitlement_row *row)
{
    for (size_t i = row->attempts.count; i-- > 0;)
        if (attempt_open(&row->attempts.items[i]))
            return &row->attempts.items[i];
    return NULL;
}

struct entitlement_row_attempt *attempt_edit(struct payment *payment, int32_t number)
{
    struct entitlement_row *entitlement = payment->entitlement;
    size_t count = entitlement->attempts.count;
    if (number < 1 || (size_t)number > count)
        return NULL;
    struct entitlement_row_attempt *attempts =
        decision_alloc(payment->decision, count * sizeof *attempts);
    memcpy(attempts, entitlement->attempts.items, count * sizeof *attempts);
    entitlement->attempts.items = attempts;
    return &attempts[number - 1];
}

instant_us payment_due_at(const struct payment *payment)
{
    return day_to_instant(payment->entitlement->due_on, payment->programme->utc_offset_minutes);
}

int32_t payment_source(const struct payment *payment)
{
    return payment->entitlement->funded ? PAYABLE : COMMITTED;
}

bool payment_tells(const struct payment *payment)
{
    return payment->entitlement->payee_kind != ENTITLEMENT_ROW_PAYEE_KIND_PROVIDER;
}

/* A provider's price becomes payable as soon as the enrolment has used it, whichever word
 * came first. */
static void fund(struct payment *payment)
{
    struct entitlement_row *entitlement = payment->entitlement;
    if (entitlement->payee_kind != ENTITLEMENT_ROW_PAYEE_KIND_PROVIDER || entitlement->funded ||
        !entitlement->has_amount ||
        award_balance(payment->award, entitlement->component, USED) < entitlement->amount)
        return;
    ledger_move(&payment->ledger, payment->award, entitlement->component, USED, PAYABLE,
                entitlement->amount, &entitlement->entitlement_id);
    entitlement->funded = true;
}

static void keep_reasons(struct payment *payment, const struct slice *reasons, size_t count)
{
    struct entitlement_row *entitlement = payment->entitlement;
    texts_copy(payment->decision, reasons, count, &entitlement->reasons.items,
               &entitlement->reasons.count);
}

/* The account's row, made when the payee never linked one. */
static struct account_row *account_edit(struct payment *payment)
{
    const struct entitlement_row *entitlement = payment->entitlement;
    struct uuid key = account_key(payment->decision->office->seal, entitlement->payee_kind,
                                  entitlement->payee_ref);
    struct account_row *account = facts_edit_or_add(payment->facts, &account_row_type, &key);
    account->payee_kind = entitlement->payee_kind;
    account->payee_ref = entitlement->payee_ref;
    return account;
}

/* True when the account's row will wake the instalment. Writing it makes the hold and a
 * link that comes at the same moment see each other. */
static bool wait_for_account(struct payment *payment)
{
    struct account_row *account = account_edit(payment);
    struct slice id = decision_uuid(payment->decision, &payment->entitlement->entitlement_id);
    if (texts_have(account->waiting.items, account->waiting.count, id))
        return true;
    if (account->waiting.count >= ACCOUNT_WAITING)
        return false;
    texts_add(payment->decision, &account->waiting.items, &account->waiting.count, id);
    return true;
}

/* How soon the reasons say to look again; 0: not by the clock. */
static int hours_to_retry(struct payment *payment)
{
    const struct entitlement_row *entitlement = payment->entitlement;
    int hours = 0;
    bool waits_for_account = false;
    for (size_t i = 0; i < entitlement->reasons.count; i++) {
        const struct reason *reason =
            reason_find(payment->programme, entitlement->reasons.items[i]);
        if (reason == NULL)
            continue;
        waits_for_account =
            waits_for_account || texts_have(reason->ends_by.events, reason->ends_by.event_count,
                                            SLICE("account.linked"));
        if (reason->ends_by.every_hours > 0 &&
            (hours == 0 || reason->ends_by.every_hours < hours))
            hours = reason->ends_by.every_hours;
    }
    if (waits_for_account && !wait_for_account(payment) && hours == 0)
        hours = LOOK_AGAIN_HOURS;
    return hours;
}

/* One timer at a time: one that is still to come is enough. */
void payment_retry_at(struct payment *payment, instant_us at)
{
    struct entitlement_row *entitlement = payment->entitlement;
    if (entitlement->has_retry_at && entitlement->retry_at > payment->occurred_at &&
        entitlement->retry_at <= at)
        return;
    entitlement->has_retry_at = true;
    entitlement->retry_at = at;
    decision_timer(payment->decision, TIMER_RETRY, &entitlement->entitlement_id, at);
}

static void watch(struct payment *payment)
{
    const struct entitlement_row *entitlement = payment->entitlement;
    int hours = hours_to_retry(payment);
    if (hours > 0)
        payment_retry_at(payment, payment->occurred_at + hours * US_PER_HOUR);
    if (entitlement->attempts.count == 0)
        return;
    instant_us again = entitlement->attempts.items[entitlement->attempts.count - 1].retry_at;
    if (again > payment->occurred_at)
        payment_retry_at(payment, again);
}

/* What the person is told: a gateway's own code has no sentence, the refusal beside it has; why the award is held says more
 * than that it is. */
static struct slice told_reason(const struct payment *payment, const struct slice *reasons,
                                size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (reason_find(payment->programme, reasons[i]) != NULL &&
            (count == 1 || !slice_is(reasons[i], "AWARD_HELD")))
            return reasons[i];
    return reasons[0];
}

void payment_hold(struct payment *payment, const struct slice *reasons, size_t count,
                  int32_t outcome)
{
    struct entitlement_row *entitlement = payment->entitlement;
    bool news =
        entitlement->status != ENTITLEMENT_ROW_STATUS_HELD ||
        outcome != PAYOUT_CLOSED_OUTCOME_HELD ||
        !texts_equal(entitlement->reasons.items, entitlement->reasons.count, reasons, count);
    assert(count > 0);
    entitlement->status = ENTITLEMENT_ROW_STATUS_HELD;
    entitlement->turns_missed = 0;
    keep_reasons(payment, reasons, count);
    watch(payment);
    if (!news)
        return;
    announce_closed(payment, outcome);
    announce_message(payment,
                     entitlement->attempts.count > 0 ? MESSAGE_PAYOUT_FAILED : MESSAGE_HELD,
                     told_reason(payment, reasons, count));
}

void payment_end(struct payment *payment, int32_t status, struct slice reason)
{
    struct entitlement_row *entitlement = payment->entitlement;
    entitlement->status = status;
    entitlement->lapsed = award_ended(payment->award);
    entitlement->lapsed_payable = entitlement->lapsed && entitlement->funded;
    keep_reasons(payment, &reason, 1);
    if (entitlement->funded)
        ledger_move(&payment->ledger, payment->award, entitlement->component, PAYABLE,
                    COMMITTED, entitlement->amount, &entitlement->entitlement_id);
    entitlement->funded = false;
    announce_closed(payment, PAYOUT_CLOSED_OUTCOME_CANCELLED);
}

void payment_settle_award(struct payment *payment, struct slice reason)
{
    const struct entitlement_row *entitlement = payment->entitlement;
    const struct benefit *benefit = benefit_find(payment->scheme, entitlement->item);
    if (award_ended(payment->award))
        ledger_release_all(&payment->ledger, payment->award, reason);
    else if (benefit != NULL && benefit->amount_kind == AMOUNT_FIXED &&
             entitlement->attempts.count == 0)
        ledger_release(&payment->ledger, payment->award, entitlement->component,
                       entitlement->amount, reason);
}

static void forget_retry(struct entitlement_row *entitlement)
{
    entitlement->has_retry_at = false;
    entitlement->retry_at = 0;
}

/* Nothing is wrong with it: its partner is asked for no more in this minute. */
static void wait_turn(struct payment *payment)
{
    struct entitlement_row *entitlement = payment->entitlement;
    verdict_add(&payment->decision->verdict, EFFECT_RETRY, SLICE("PARTNER_MINUTE_FULL"));
    entitlement->status = ENTITLEMENT_ROW_STATUS_APPROVED;
    keep_reasons(payment, NULL, 0);
    entitlement->has_retry_at = true;
    entitlement->retry_at = turn_next(payment);
    decision_timer(payment->decision, TIMER_PAY, &entitlement->entitlement_id,
                   entitlement->retry_at);
}

static void pay(struct payment *payment)
{
    static const struct slice unreadable = {"ACCT_NOT_LINKED", 15};
    static const struct slice refused = {"PROVIDER_REJECTED", 17};
    struct entitlement_row *entitlement = payment->entitlement;
    const struct account_row *account = payment_account(payment);
    if (entitlement->attempts.count >= ATTEMPTS) {
        payment_hold(payment, &refused, 1, PAYOUT_CLOSED_OUTCOME_HELD);
    } else if (account == NULL) {
        payment_hold(payment, &unreadable, 1, PAYOUT_CLOSED_OUTCOME_HELD);
    } else if (!turn_take(payment, account->partner)) {
        wait_turn(payment);
    } else if (!instruct_pay(payment, account)) {
        turn_give_back(payment, account->partner);
        payment_hold(payment, &unreadable, 1, PAYOUT_CLOSED_OUTCOME_HELD);
    } else {
        entitlement->status = ENTITLEMENT_ROW_STATUS_IN_FLIGHT;
        entitlement->turns_missed = 0;
        forget_retry(entitlement);
        keep_reasons(payment, NULL, 0);
        /* An officer waived what stood in the way of this attempt, not of all to come. */
        entitlement->waived.items = NULL;
        entitlement->waived.count = 0;
        /* A company's account is read by thousands of payouts and seldom changes: the check
         * at commit is enough for it. */
        if (entitlement->payee_kind == ENTITLEMENT_ROW_PAYEE_KIND_PARTICIPANT)
            account_edit(payment)->payout_count++;
    }
}

/* This and all later instalments of the item. */
static void stop_item(struct payment *payment, struct slice reason)
{
    const struct entitlement_row *entitlement = payment->entitlement;
    int64_t left =
        stop_leaves(payment->decision, payment->award,
                    benefit_find(payment->scheme, entitlement->item), entitlement->instalment);
    stop_add(payment->decision, payment->award,
             (struct award_row_stop){entitlement->item, entitlement->instalment,
                                     INCENTIVE_STOPPED_EFFECT_STOPPED, reason,
                                     payment->occurred_at});
    ledger_release(&payment->ledger, payment->award, entitlement->component, left, reason);
}

static void conclude(struct payment *payment, const struct verdict *verdict)
{
    struct slice reasons[VERDICT_REASONS];
    size_t count = verdict_reasons(verdict, reasons);
    switch (verdict_effect(verdict)) {
    case EFFECT_PASS:
    case EFFECT_PRIORITY:
        pay(payment);
        return;
    case EFFECT_HOLD:
    case EFFECT_RETRY:
        if (payment_waived(payment, verdict))
            pay(payment);
        else
            payment_hold(payment, reasons, count, PAYOUT_CLOSED_OUTCOME_HELD);
        return;
    case EFFECT_EXPIRE_ITEM:
        payment_end(payment, ENTITLEMENT_ROW_STATUS_EXPIRED, reasons[0]);
        break;
    case EFFECT_STOP_ITEM:
        stop_item(payment, reasons[0]);
        payment_end(payment, ENTITLEMENT_ROW_STATUS_STOPPED, reasons[0]);
        break;
    case EFFECT_REJECT:
    case EFFECT_REVOKE:
        payment_end(payment, ENTITLEMENT_ROW_STATUS_REFUSED, reasons[0]);
        break;
    }
    payment_settle_award(payment, reasons[0]);
}

bool payment_prepare(struct payment *payment)
{
    struct entitlement_row *entitlement = payment->entitlement;
    bool open = entitlement->status == ENTITLEMENT_ROW_STATUS_APPROVED ||
                entitlement->status == ENTITLEMENT_ROW_STATUS_HELD;
    if (!open || entitlement->mismatch || attempt_in_flight(entitlement) != NULL)
        return false;
    fund(payment);
    const struct award_row_stop *stop =
        stop_find(payment->award, entitlement->item, entitlement->instalment);
    if (stop != NULL && !entitlement->funded) {
        payment_end(payment, stop_status(stop), stop->reason);
        if (!payment->fresh) /* else the stop has released it */
            payment_settle_award(payment, stop->reason);
        return false;
    }
    return payment->occurred_at >= payment_due_at(payment);
}

void payment_try(struct payment *payment)
{
    if (!payment_prepare(payment))
        return;
    payment_judge(payment, &payment->decision->verdict);
    conclude(payment, &payment->decision->verdict);
}
