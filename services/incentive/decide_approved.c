#include "decide_approved.h"

#include "payment.h"
#include "seal/ids.h"
#include "stop.h"
#include "worker/texts.h"

/* Payees are told by the same symbols everywhere. */
_Static_assert(
    (int)INCENTIVE_APPROVED_PAYEE_KIND_PROVIDER == (int)ENTITLEMENT_ROW_PAYEE_KIND_PROVIDER &&
        (int)INCENTIVE_APPROVED_PAYEE_KIND_EMPLOYER ==
            (int)ENTITLEMENT_ROW_PAYEE_KIND_EMPLOYER &&
        (int)INCENTIVE_APPROVED_PAYEE_KIND_PROVIDER == (int)ACCOUNT_ROW_PAYEE_KIND_PROVIDER &&
        (int)ACCOUNT_LINKED_PAYEE_KIND_PROVIDER == (int)ACCOUNT_ROW_PAYEE_KIND_PROVIDER &&
        (int)ACCOUNT_LINKED_PAYEE_KIND_EMPLOYER == (int)ACCOUNT_ROW_PAYEE_KIND_EMPLOYER,
    "payees are numbered alike in events and rows");

enum { INSTALMENTS = 64 /* more than any item has in one approval */ };

static const char *fault_of(const struct incentive_approved *approved)
{
    if (!name_fits(approved->item) || !name_fits(approved->component))
        return "item and component must have 1 to 64 bytes";
    if (approved->payee.kind == INCENTIVE_APPROVED_PAYEE_KIND_UNKNOWN ||
        !name_fits(approved->payee.ref))
        return "the payee must be of a known kind, its ref of 1 to 64 bytes";
    if (approved->instalments.count > INSTALMENTS)
        return "an approval has at most 64 instalments";
    for (size_t i = 0; i < approved->instalments.count; i++)
        if (approved->instalments.items[i].number < 1 ||
            (approved->instalments.items[i].has_amount &&
             approved->instalments.items[i].amount <= 0))
            return "instalments count from 1, and an amount is above nothing";
    return NULL;
}

/* True when every id is that of its award, item and number. */
static bool ids_right(const struct incentive_approved *approved, struct decision *decision)
{
    for (size_t i = 0; i < approved->instalments.count; i++) {
        const struct incentive_approved_instalment *instalment =
            &approved->instalments.items[i];
        struct uuid id = seal_entitlement_id(decision->office->seal, &approved->award_id,
                                             approved->item, instalment->number);
        if (uuid_equal(&id, &instalment->entitlement_id))
            continue;
        decision_refuse(decision, "BAD_ENTITLEMENT_ID",
                        "the id of instalment %d is not that of its award, item and number",
                        instalment->number);
        return false;
    }
    return true;
}

static struct incentive_approved_instalment
unknown_instalment(const struct incentive_approved *approved, const struct office *office)
{
    const struct programme *programme = office_programme(office, approved->programme);
    int offset = programme == NULL ? 0 : programme->utc_offset_minutes;
    return (struct incentive_approved_instalment){
        .number = 1,
        .entitlement_id =
            seal_entitlement_id(office->seal, &approved->award_id, approved->item, 1),
        .due_on = instant_to_day(approved->approved_at, offset)};
}

void approved_identify(const void *event, void *subject, struct decision *decision)
{
    const struct incentive_approved *approved = event;
    struct approved_subject *made = subject;
    const char *fault = fault_of(approved);
    made->sealed.subject = (struct subject){approved->award_id, approved->approved_at};
    made->sealed.seal = decision->office->seal;
    if (fault != NULL)
        decision_refuse(decision, "BAD_APPROVAL", "%s", fault);
    if (fault != NULL || !ids_right(approved, decision) ||
        (approved->has_requested_by &&
         !decision_two_officers(decision, approved->requested_by, approved->approved_by)))
        return;
    made->unknown = unknown_instalment(approved, decision->office);
    made->instalments =
        approved->instalments.count > 0 ? approved->instalments.items : &made->unknown;
    made->instalment_count = approved->instalments.count > 0 ? approved->instalments.count : 1;
}

void approved_keys(const void *event, const void *subject, struct facts *facts)
{
    const struct incentive_approved *approved = event;
    const struct approved_subject *made = subject;
    facts_want(facts, &award_row_type, &approved->award_id);
    for (size_t i = 0; i < made->instalment_count; i++)
        facts_want(facts, &entitlement_row_type, &made->instalments[i].entitlement_id);
    want_payee(made->sealed.seal, facts, approved->programme, approved->payee.kind,
               approved->payee.ref);
}

/* True when the approval says something that is not known yet: an instalment, or its amount. */
static bool tells(const struct approved_subject *subject, struct facts *facts)
{
    bool news = false;
    for (size_t i = 0; i < subject->instalment_count; i++) {
        const struct entitlement_row *known =
            facts_find(facts, &entitlement_row_type, &subject->instalments[i].entitlement_id);
        news =
            news || known == NULL || (!known->has_amount && subject->instalments[i].has_amount);
    }
    return news;
}

static void add_entitlement(const struct incentive_approved *approved,
                            const struct incentive_approved_instalment *instalment,
                            struct facts *facts, struct decision *decision)
{
    struct award_row *award = facts_edit(facts, &award_row_type, &approved->award_id);
    struct entitlement_row *row =
        facts_add(facts, &entitlement_row_type, &instalment->entitlement_id);
    texts_append(decision, &award->entitlements.items, &award->entitlements.count,
                 decision_uuid(decision, &instalment->entitlement_id));
    row->award_id = approved->award_id;
    row->programme = award->programme;
    row->scheme = award->scheme;
    row->item = approved->item;
    row->instalment = instalment->number;
    row->component = approved->component;
    row->payee_kind = approved->payee.kind;
    row->payee_ref = approved->payee.ref;
    row->has_amount = instalment->has_amount;
    row->amount = instalment->amount;
    row->currency = approved->currency;
    row->due_on = instalment->due_on;
    row->approved_at = approved->approved_at;
    row->status = ENTITLEMENT_ROW_STATUS_APPROVED;
}

/* An amount that was not known when the instalment was approved. */
static void set_amount(struct payment *payment,
                       const struct incentive_approved_instalment *instalment)
{
    payment->entitlement->has_amount = true;
    payment->entitlement->amount = instalment->amount;
    payment->entitlement->due_on = instalment->due_on;
}

/* The verdict of a decision is about one instalment: of several that are due already, the first
 * is judged here, the others by their timers, which come at once. */
static void take(const struct incentive_approved *approved,
                 const struct approved_subject *subject, struct facts *facts,
                 struct decision *decision)
{
    bool judged = false;
    for (size_t i = 0; i < subject->instalment_count; i++) {
        const struct incentive_approved_instalment *instalment = &subject->instalments[i];
        const struct uuid *id = &instalment->entitlement_id;
        const struct entitlement_row *known = facts_find(facts, &entitlement_row_type, id);
        struct payment payment;
        if (known != NULL && (known->has_amount || !instalment->has_amount))
            continue;
        if (known == NULL)
            add_entitlement(approved, instalment, facts, decision);
        payment_open(&payment, facts, decision, id, incentive_approved_event.topic,
                     approved->approved_at);
        payment.fresh = known == NULL;
        if (known != NULL)
            set_amount(&payment, instalment);
        instant_us due_at = payment_due_at(&payment);
        if (!judged && due_at <= approved->approved_at) {
            payment_try(&payment);
            judged = true;
        } else {
            payment_prepare(&payment);
            decision_timer(decision, known == NULL ? TIMER_PAY : TIMER_RETRY, id, due_at);
        }
    }
}

void approved_decide(const void *event, const void *subject, struct facts *facts,
                     struct decision *decision)
{
    const struct incentive_approved *approved = event;
    const struct award_row *award = facts_find(facts, &award_row_type, &approved->award_id);
    const struct approved_subject *made = subject;
    if (award == NULL) {
        decision_wait(decision, &award_row_type, &approved->award_id);
    } else if (!slice_equal(award->programme, approved->programme) ||
               !slice_equal(award->scheme, approved->scheme) ||
               award->year != approved->budget_year ||
               !slice_equal(award->currency, approved->currency)) {
        decision_refuse(
            decision, "AWARD_MISMATCH",
            "programme, scheme, budget year and currency must be those of the award");
    } else if (!tells(made, facts)) {
        decision_repeat(decision);
    } else if (standing_known(decision, award)) {
        take(approved, made, facts, decision);
    }
}

void stopped_identify(const void *event, void *subject, struct decision *decision)
{
    const struct incentive_stopped *stopped = event;
    struct subject *made = subject;
    *made = (struct subject){stopped->award_id, stopped->occurred_at};
    if (stopped->has_unused && stopped->unused < 0)
        decision_refuse(decision, "BAD_AMOUNT", "an unused balance must not be below nothing");
    else if (stopped->effect == INCENTIVE_STOPPED_EFFECT_UNKNOWN || !name_fits(stopped->item) ||
             !name_fits(stopped->reason))
        decision_refuse(
            decision, "BAD_STOP",
            "effect must be one that this release knows, item and reason of 1 to 64 "
            "bytes");
}

void stopped_keys(const void *event, const void *subject, struct facts *facts)
{
    (void)event;
    want_award(facts, &((const struct subject *)subject)->id);
}

static bool stop_known(const struct award_row *award, const struct incentive_stopped *stopped)
{
    for (size_t i = 0; i < award->stops.count; i++)
        if (slice_equal(award->stops.items[i].item, stopped->item) &&
            award->stops.items[i].from_instalment <= stopped->from_instalment &&
            award->stops.items[i].effect == stopped->effect)
            return true;
    return false;
}

/* Said by the decision that ended the award, and told after the end was undone. */
static bool undone(const struct award_row *award, const struct incentive_stopped *stopped)
{
    return award->has_reinstated_at && award->has_ended_at &&
           stopped->occurred_at == award->ended_at && award->ended_at <= award->reinstated_at;
}

/* What nobody has used goes back at once. Of a balance the record says how much that is: the price of a purchase
 * before it may be told after it, and stays committed until then. */
static void release_rest(const struct incentive_stopped *stopped, struct facts *facts,
                         struct decision *decision, struct award_row *award,
                         const struct benefit *benefit, int64_t left)
{
    struct ledger ledger = {facts, decision, incentive_stopped_event.topic,
                            stopped->occurred_at};
    if (benefit == NULL)
        return;
    ledger_release(&ledger, award, benefit->component, left, stopped->reason);
    if (benefit->amount_kind == AMOUNT_MAXIMUM &&
        stopped->effect == INCENTIVE_STOPPED_EFFECT_EXPIRED)
        ledger_release(&ledger, award, benefit->component,
                       stopped->has_unused ? stopped->unused : INT64_MAX, stopped->reason);
}

void stopped_decide(const void *event, const void *subject, struct facts *facts,
                    struct decision *decision)
{
    const struct incentive_stopped *stopped = event;
    const struct award_row *known = facts_find(facts, &award_row_type, &stopped->award_id);
    (void)subject;
    if (known == NULL) {
        decision_wait(decision, &award_row_type, &stopped->award_id);
        return;
    }
    if (stop_known(known, stopped) || undone(known, stopped)) {
        decision_repeat(decision);
        return;
    }
    if (stopped->has_unused && !slice_equal(stopped->currency, known->currency)) {
        decision_refuse(decision, "AWARD_MISMATCH",
                        "the unused balance is in another currency than the award's, %.*s",
                        SLICE_ARGS(known->currency));
        return;
    }
    if (!standing_known(decision, known))
        return;
    struct award_row *award = facts_edit(facts, &award_row_type, &stopped->award_id);
    const struct benefit *benefit = benefit_find(
        scheme_find(office_programme(decision->office, award->programme), award->scheme),
        stopped->item);
    int64_t left = stop_leaves(decision, award, benefit, stopped->from_instalment);
    stop_add(decision, award,
             (struct award_row_stop){stopped->item, stopped->from_instalment, stopped->effect,
                                     stopped->reason, stopped->occurred_at});
    for (size_t i = 0; i < award->entitlements.count; i++) {
        struct uuid id;
        struct payment payment;
        if (!uuid_parse(award->entitlements.items[i], &id) ||
            facts_find(facts, &entitlement_row_type, &id) == NULL)
            continue;
        payment_open(&payment, facts, decision, &id, incentive_stopped_event.topic,
                     stopped->occurred_at);
        payment_prepare(&payment);
    }
    release_rest(stopped, facts, decision, award, benefit, left);
}
