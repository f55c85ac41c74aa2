#include "decide_again.h"

#include "decide_erased.h"
#include "instruct.h"
#include "schemas/events.h"
#include "settlement.h"
#include "worker/texts.h"

static void identify_instalment(struct slice subject_id, instant_us occurred_at,
                                struct sealed_subject *made, struct decision *decision)
{
    made->seal = decision->office->seal;
    made->subject.occurred_at = occurred_at;
    if (!uuid_parse(subject_id, &made->subject.id))
        decision_refuse(decision, "BAD_SUBJECT", "the subject must be an instalment, a UUID");
}

void timer_identify(const void *event, void *subject, struct decision *decision)
{
    const struct timer_fired *timer = event;
    identify_instalment(timer->subject_id, timer->due_at, subject, decision);
}

void timer_keys(const void *event, const void *subject, struct facts *facts)
{
    const struct timer_fired *timer = event;
    const struct sealed_subject *made = subject;
    if (slice_is(timer->kind, TIMER_ERASURE))
        erasure_keys(facts, &made->subject.id);
    else
        want_entitlement(made->seal, facts, &made->subject.id);
}

static bool silent_at(const struct entitlement_row_attempt *attempt, instant_us due_at)
{
    return attempt != NULL && attempt->state != ENTITLEMENT_ROW_ATTEMPT_STATE_DISPUTED &&
           attempt->ask_at <= due_at;
}

/* True when a timer of that kind still has something to do. */
static bool applies(const struct timer_fired *timer, const struct entitlement_row *known)
{
    if (slice_is(timer->kind, TIMER_PAY)) /* one that missed its turn is not early again */
        return known->status == ENTITLEMENT_ROW_STATUS_APPROVED &&
               (!known->has_retry_at || known->retry_at <= timer->due_at);
    if (slice_is(timer->kind, TIMER_RETRY))
        return known->status == ENTITLEMENT_ROW_STATUS_HELD && !known->mismatch;
    return silent_at(attempt_in_flight(known), timer->due_at);
}

static void ask(struct payment *payment)
{
    const struct entitlement_row_attempt *silent = attempt_in_flight(payment->entitlement);
    struct entitlement_row_attempt *attempt = attempt_edit(payment, silent->number);
    attempt->state = ENTITLEMENT_ROW_ATTEMPT_STATE_UNANSWERED;
    verdict_add(&payment->decision->verdict, EFFECT_RETRY, SLICE("PROVIDER_TIMEOUT"));
    instruct_query(payment, attempt->number);
}

/* A wake-up may come from an event older than the due day; nothing is paid before that. */
static instant_us not_before_due(const struct office *office,
                                 const struct entitlement_row *known, instant_us at)
{
    const struct programme *programme = office_programme(office, known->programme);
    instant_us due_at = day_to_instant(known->due_on, programme->utc_offset_minutes);
    return at > due_at ? at : due_at;
}

static void fire(const struct timer_fired *timer, const struct uuid *id, struct facts *facts,
                 struct decision *decision)
{
    const struct entitlement_row *known = facts_find(facts, &entitlement_row_type, id);
    struct payment payment;
    bool asks = slice_is(timer->kind, TIMER_ANSWER);
    if (known == NULL) {
        decision_refuse(decision, "UNKNOWN_SUBJECT", "no instalment has this id");
    } else if (!asks && !slice_is(timer->kind, TIMER_PAY) &&
               !slice_is(timer->kind, TIMER_RETRY)) {
        decision_refuse(decision, "UNKNOWN_TIMER", "no timer of this kind is ever set");
    } else if (!applies(timer, known)) {
        decision_repeat(decision);
    } else if (standing_known(decision, facts_find(facts, &award_row_type, &known->award_id))) {
        instant_us at =
            asks ? timer->due_at : not_before_due(decision->office, known, timer->due_at);
        payment_open(&payment, facts, decision, id, timer_incentive_event.topic, at);
        if (asks)
            ask(&payment);
        else
            payment_try(&payment);
    }
}

void timer_decide(const void *event, const void *subject, struct facts *facts,
                  struct decision *decision)
{
    const struct timer_fired *timer = event;
    const struct uuid *id = &((const struct sealed_subject *)subject)->subject.id;
    if (slice_is(timer->kind, TIMER_ERASURE))
        erasure_again(facts, decision, id);
    else
        fire(timer, id, facts, decision);
}

void case_identify(const void *event, void *subject, struct decision *decision)
{
    const struct case_resolved *resolved = event;
    struct sealed_subject *made = subject;
    made->seal = decision->office->seal;
    made->subject.occurred_at = resolved->occurred_at;
    /* What is no UUID names another service's subject: nothing is known under the nil one. */
    if (!uuid_parse(resolved->subject_id, &made->subject.id))
        made->subject.id = (struct uuid){{0}};
    if (resolved->outcome == CASE_RESOLVED_OUTCOME_UNKNOWN || !name_fits(resolved->reason))
        decision_refuse(decision, "UNKNOWN_OUTCOME",
                        "the outcome must be one that this release knows, the reason a code");
}

void case_keys(const void *event, const void *subject, struct facts *facts)
{
    const struct sealed_subject *made = subject;
    (void)event;
    want_entitlement(made->seal, facts, &made->subject.id);
}

/* What the officer says of books that disagree with the gateway. */
static void reconcile(struct payment *payment, bool waived)
{
    const struct entitlement_row_attempt *attempt = settlement_disputed(payment->entitlement);
    if (attempt != NULL && waived) {
        /* As of when the gateway said so: a return that is under way is newer. */
        settle_paid(payment, attempt->number, attempt->settled_at);
    } else if (attempt != NULL) {
        settle_failed(payment, attempt->number, ENTITLEMENT_ROW_ATTEMPT_STATE_REJECTED,
                      SLICE("RECONCILE_MISMATCH"), payment->occurred_at);
    } else if (waived) {
        payment->entitlement->mismatch = false;
        payment->entitlement->reasons.items = NULL;
        payment->entitlement->reasons.count = 0;
    } else {
        settle_failed(payment, settlement_refused_after_paid(payment->entitlement)->number,
                      ENTITLEMENT_ROW_ATTEMPT_STATE_RETURNED, SLICE("RECONCILE_MISMATCH"),
                      payment->occurred_at);
    }
}

/* Upheld needs an instruction that did not pay. Two that paid are two, whatever an officer says: one of
 * them comes back. */
static bool may_uphold(struct decision *decision, const struct award_row *award,
                       const struct entitlement_row *known)
{
    const struct entitlement_row_attempt *refused = settlement_refused_after_paid(known);
    if (!known->mismatch || settlement_disputed(known) != NULL ||
        (refused != NULL && award_balance(award, known->component, PAID) >= refused->amount))
        return true;
    decision_refuse(decision, "NOTHING_TO_UPHOLD",
                    "the books show what the gateway paid and nobody disputes it: recover the "
                    "payment that is too much, then resolve the case as WAIVED");
    return false;
}

static void waive(struct payment *payment, struct slice code)
{
    struct entitlement_row *entitlement = payment->entitlement;
    texts_add(payment->decision, &entitlement->waived.items, &entitlement->waived.count, code);
    payment_try(payment);
}

static void resolve(struct payment *payment, const struct case_resolved *resolved)
{
    bool waived = resolved->outcome == CASE_RESOLVED_OUTCOME_WAIVED;
    if (payment->entitlement->mismatch) {
        reconcile(payment, waived);
    } else if (waived) {
        waive(payment, resolved->reason);
    } else {
        payment_end(payment, ENTITLEMENT_ROW_STATUS_CANCELLED, resolved->reason);
        payment_settle_award(payment, resolved->reason);
    }
}

/* The file says which reasons a person may end; a gateway's own code goes with its refusal. */
static bool officer_may(const struct office *office, const struct entitlement_row *known,
                        struct slice code)
{
    const struct programme *programme = office_programme(office, known->programme);
    const struct reason *reason = reason_find(programme, code);
    return reason != NULL ? reason->ends_by.officer
                          : texts_have(known->reasons.items, known->reasons.count,
                                       SLICE("PROVIDER_REJECTED"));
}

void case_decide(const void *event, const void *subject, struct facts *facts,
                 struct decision *decision)
{
    const struct case_resolved *resolved = event;
    const struct sealed_subject *made = subject;
    const struct uuid *id = &made->subject.id;
    const struct entitlement_row *known = facts_find(facts, &entitlement_row_type, id);
    struct payment payment;
    if (known == NULL) {
        decision_repeat(decision); /* another service's subject */
        return;
    }
    if ((known->status != ENTITLEMENT_ROW_STATUS_HELD && !known->mismatch) ||
        !texts_have(known->reasons.items, known->reasons.count, resolved->reason)) {
        decision_repeat(decision);
        return;
    }
    const struct award_row *award = facts_find(facts, &award_row_type, &known->award_id);
    if (!decision_two_officers(decision, resolved->by, resolved->approved_by) ||
        !standing_known(decision, award) ||
        (resolved->outcome == CASE_RESOLVED_OUTCOME_UPHELD &&
         !may_uphold(decision, award, known)))
        return;
    if (!officer_may(decision->office, known, resolved->reason)) {
        decision_refuse(decision, "REASON_NOT_AN_OFFICERS",
                        "the programme's file does not let an officer end this reason");
        return;
    }
    payment_open(&payment, facts, decision, id, case_resolved_event.topic,
                 resolved->occurred_at);
    resolve(&payment, resolved);
}
