#include "decide_settled.h"

#include "instruct.h"
#include "judge.h"
#include "schemas/events.h"
#include "settlement.h"
#include "turn.h"

void settled_identify(const void *event, void *subject, struct decision *decision)
{
    const struct payout_settled *settled = event;
    struct settled_subject *made = subject;
    made->sealed.seal = decision->office->seal;
    made->sealed.subject.occurred_at = settled->settled_at;
    if (!instruction_read(settled->instruction_id, settled->end_to_end_id,
                          &made->sealed.subject.id, &made->attempt))
        decision_refuse(decision, "BAD_INSTRUCTION_ID",
                        "instruction_id must be end_to_end_id, 32 hex digits, a hyphen and the "
                        "two-digit attempt");
    else if (settled->status == PAYOUT_SETTLED_STATUS_UNKNOWN)
        decision_refuse(decision, "UNKNOWN_STATUS",
                        "the state of the instruction is none that this release knows");
}

void settled_keys(const void *event, const void *subject, struct facts *facts)
{
    const struct settled_subject *made = subject;
    (void)event;
    want_entitlement(made->sealed.seal, facts, &made->sealed.subject.id);
}

/* A gateway that says how much it paid must say what was asked for. */
static bool as_asked(const struct payout_settled *settled,
                     const struct entitlement_row *entitlement, int32_t attempt)
{
    return (!settled->has_amount ||
            settled->amount == entitlement->attempts.items[attempt - 1].amount) &&
           (!settled->has_currency || slice_equal(settled->currency, entitlement->currency));
}

static void note_accepted(struct payment *payment, int32_t attempt)
{
    attempt_edit(payment, attempt)->state = ENTITLEMENT_ROW_ATTEMPT_STATE_ACCEPTED;
}

/* The money never left; for an award that has ended meanwhile, or beside another payment, it does not
 * leave again. While the award is on hold, or a gateway is asked for no more in this minute, it is asked again
 * later, and says again that it never saw it. */
static void send_again(struct payment *payment, int32_t attempt, instant_us settled_at)
{
    struct slice partner = payment->entitlement->partner;
    attempt_edit(payment, attempt)->settled_at = settled_at;
    if (award_ended(payment->award) ||
        payment->entitlement->status == ENTITLEMENT_ROW_STATUS_PAID) {
        settle_failed(payment, attempt, ENTITLEMENT_ROW_ATTEMPT_STATE_REJECTED,
                      (struct slice){0}, settled_at);
    } else if (payment_stands_still(payment)) {
        instruct_ask_at(payment, attempt, payment->occurred_at + US_PER_DAY);
    } else if (!turn_take(payment, partner)) {
        instruct_ask_at(payment, attempt, turn_next(payment));
    } else if (!instruct_again(payment, attempt)) {
        turn_give_back(payment, partner);
        settle_failed(payment, attempt, ENTITLEMENT_ROW_ATTEMPT_STATE_REJECTED,
                      SLICE("ACCT_NOT_LINKED"), settled_at);
    }
}

/* Another sum than was asked for is disputed once; what officers refused stays so when it is said again. */
static bool disputed_before(const struct payout_settled *settled,
                            const struct entitlement_row *known, int32_t number)
{
    const struct entitlement_row_attempt *attempt = &known->attempts.items[number - 1];
    if (settled->status != PAYOUT_SETTLED_STATUS_PAID || as_asked(settled, known, number))
        return false;
    return attempt->state == ENTITLEMENT_ROW_ATTEMPT_STATE_DISPUTED ||
           (attempt->state == ENTITLEMENT_ROW_ATTEMPT_STATE_REJECTED &&
            slice_is(attempt->reason_code, "RECONCILE_MISMATCH") &&
            settled->settled_at <= attempt->settled_at);
}

static void settle(struct payment *payment, const struct payout_settled *settled,
                   int32_t attempt)
{
    struct slice code = settled->has_reason_code ? settled->reason_code : (struct slice){0};
    switch ((enum payout_settled_status)settled->status) {
    case PAYOUT_SETTLED_STATUS_ACCEPTED:
    case PAYOUT_SETTLED_STATUS_PENDING:
        note_accepted(payment, attempt);
        break;
    case PAYOUT_SETTLED_STATUS_PAID:
        if (as_asked(settled, payment->entitlement, attempt))
            settle_paid(payment, attempt, settled->settled_at);
        else
            settle_disputed(payment, attempt, settled->settled_at);
        break;
    case PAYOUT_SETTLED_STATUS_REJECTED:
        settle_failed(payment, attempt, ENTITLEMENT_ROW_ATTEMPT_STATE_REJECTED, code,
                      settled->settled_at);
        break;
    case PAYOUT_SETTLED_STATUS_RETURNED:
        settle_failed(payment, attempt, ENTITLEMENT_ROW_ATTEMPT_STATE_RETURNED, code,
                      settled->settled_at);
        break;
    case PAYOUT_SETTLED_STATUS_NOT_FOUND:
        send_again(payment, attempt, settled->settled_at);
        break;
    case PAYOUT_SETTLED_STATUS_UNKNOWN:
        break; /* refused before */
    }
}

void settled_decide(const void *event, const void *subject, struct facts *facts,
                    struct decision *decision)
{
    const struct payout_settled *settled = event;
    const struct settled_subject *made = subject;
    const struct uuid *id = &made->sealed.subject.id;
    const struct entitlement_row *known = facts_find(facts, &entitlement_row_type, id);
    struct payment payment;
    if (known == NULL) {
        decision_wait(decision, &entitlement_row_type, id);
    } else if ((size_t)made->attempt > known->attempts.count) {
        decision_refuse(decision, "UNKNOWN_ATTEMPT",
                        "the instalment was never sent with attempt %d", made->attempt);
    } else if (settled->has_award_id && !uuid_equal(&settled->award_id, &known->award_id)) {
        decision_refuse(decision, "AWARD_MISMATCH",
                        "the instruction belongs to another award than the answer says");
    } else if (settlement_repeats(known, made->attempt, settled->status, settled->settled_at) ||
               disputed_before(settled, known, made->attempt)) {
        decision_repeat(decision);
    } else if (standing_known(decision, facts_find(facts, &award_row_type, &known->award_id))) {
        payment_open(&payment, facts, decision, id, payout_settled_event.topic,
                     settled->settled_at);
        settle(&payment, settled, made->attempt);
    }
}
