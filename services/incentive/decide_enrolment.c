#include "decide_enrolment.h"

#include "payment.h"
#include "schemas/events.h"

void enrolment_identify(const void *event, void *subject, struct decision *decision)
{
    const struct enrolment_decided *decided = event;
    struct subject *made = subject;
    *made = (struct subject){decided->award_id, decided->decided_at};
    if (decided->status == ENROLMENT_DECIDED_STATUS_UNKNOWN)
        decision_refuse(decision, "UNKNOWN_STATUS",
                        "the state of the enrolment is none that this release knows");
    else if (decided->status == ENROLMENT_DECIDED_STATUS_ACCEPTED &&
             (!decided->has_price || decided->price < 0))
        decision_refuse(decision, "BAD_AMOUNT", "an accepted enrolment needs its price");
}

void enrolment_keys(const void *event, const void *subject, struct facts *facts)
{
    (void)event;
    want_award(facts, &((const struct subject *)subject)->id);
}

/* The scheme's benefit for providers; one by category of course is paid out of the same component. */
static const struct benefit *training_benefit(const struct scheme *scheme)
{
    for (size_t i = 0; i < scheme->benefit_count; i++)
        if (scheme->benefits[i].payee == PAYS_PROVIDER)
            return &scheme->benefits[i];
    return NULL;
}

static struct slice training_component(const struct scheme *scheme)
{
    const struct benefit *benefit = training_benefit(scheme);
    return benefit == NULL ? SLICE("ALL") : benefit->component;
}

static const struct award_row_enrolment *enrolment_find(const struct award_row *award,
                                                        const struct uuid *key)
{
    for (size_t i = 0; i < award->enrolments.count; i++)
        if (uuid_equal(&award->enrolments.items[i].enrolment_key, key))
            return &award->enrolments.items[i];
    return NULL;
}

static void keep(struct decision *decision, struct award_row *award,
                 const struct award_row_enrolment *enrolment)
{
    size_t count = award->enrolments.count, at = 0;
    struct award_row_enrolment *list =
        decision_list(decision, award->enrolments.items, count, sizeof *list);
    while (at < count && !uuid_equal(&list[at].enrolment_key, &enrolment->enrolment_key))
        at++;
    list[at] = *enrolment;
    award->enrolments.items = list;
    award->enrolments.count = at < count ? count : count + 1;
}

/* What the enrolment uses once the event is applied: nothing, where what is paid for training is not known, for then
 * nothing is committed to it either. */
static int64_t price_after(const struct enrolment_decided *decided, const struct scheme *scheme,
                           const struct award_row_enrolment *before)
{
    const struct benefit *benefit = training_benefit(scheme);
    if (benefit != NULL && benefit->amount_kind == AMOUNT_UNKNOWN)
        return 0;
    switch ((enum enrolment_decided_status)decided->status) {
    case ENROLMENT_DECIDED_STATUS_ACCEPTED:
        return decided->price;
    case ENROLMENT_DECIDED_STATUS_REJECTED:
    case ENROLMENT_DECIDED_STATUS_EXPIRED:
        return 0;
    case ENROLMENT_DECIDED_STATUS_HELD:
    case ENROLMENT_DECIDED_STATUS_UNKNOWN:
        break;
    }
    return before->accepted ? before->price : 0;
}

/* A provider's instalment that came before the price it is owed is looked at again. */
static void wake_unfunded(struct facts *facts, struct decision *decision,
                          const struct award_row *award, instant_us at)
{
    for (size_t i = 0; i < award->entitlements.count; i++) {
        struct uuid id;
        if (!uuid_parse(award->entitlements.items[i], &id))
            continue;
        const struct entitlement_row *row = facts_find(facts, &entitlement_row_type, &id);
        if (row != NULL && row->payee_kind == ENTITLEMENT_ROW_PAYEE_KIND_PROVIDER &&
            !row->funded && row->status == ENTITLEMENT_ROW_STATUS_HELD)
            decision_timer(decision, TIMER_RETRY, &id, at);
    }
}

/* True when the balance for training has lapsed: what comes back of it lapses too. */
static bool balance_closed(const struct award_row *award, const struct scheme *scheme)
{
    for (size_t i = 0; i < award->stops.count; i++) {
        const struct benefit *benefit = benefit_find(scheme, award->stops.items[i].item);
        if (benefit != NULL && benefit->amount_kind == AMOUNT_MAXIMUM &&
            award->stops.items[i].effect == INCENTIVE_STOPPED_EFFECT_EXPIRED)
            return true;
    }
    return false;
}

static void apply(const struct enrolment_decided *decided, struct facts *facts,
                  struct decision *decision, const struct award_row_enrolment *enrolment,
                  int64_t more)
{
    struct award_row *award = facts_edit(facts, &award_row_type, &decided->award_id);
    struct ledger ledger = {facts, decision, enrolment_decided_event.topic,
                            decided->decided_at};
    const struct programme *programme = office_programme(decision->office, award->programme);
    const struct scheme *scheme = scheme_find(programme, award->scheme);
    struct slice component = training_component(scheme);
    decision->scheme = scheme;
    keep(decision, award, enrolment);
    if (more > 0)
        ledger_move(&ledger, award, component, COMMITTED, USED, more,
                    &enrolment->enrolment_key);
    else
        ledger_move(&ledger, award, component, USED, COMMITTED, -more,
                    &enrolment->enrolment_key);
    if (more < 0 && (award_ended(award) || balance_closed(award, scheme)))
        ledger_release(&ledger, award, component, -more,
                       decided->reasons.count > 0 ? decided->reasons.items[0]
                                                  : SLICE("BALANCE_RETURNED"));
    if (more > 0)
        wake_unfunded(facts, decision, award, decided->decided_at);
}

/* Refuses what the award's own money does not cover. */
static bool covered(struct decision *decision, const struct award_row *award, int64_t more)
{
    const struct programme *programme = office_programme(decision->office, award->programme);
    struct slice component = training_component(scheme_find(programme, award->scheme));
    if (more > 0 && award_ended(award))
        decision_refuse(
            decision, "AWARD_ENDED",
            "the award was %s and has released what it had committed: the price of "
            "this enrolment is not used. Replay the record if the award is reinstated",
            award->revoked ? "revoked" : "closed");
    else if (more > award_balance(award, component, COMMITTED))
        decision_refuse(decision, "COMMITMENT_SHORT",
                        "an enrolment was accepted for more than the award has committed to "
                        "training and not used");
    else if (-more > award_balance(award, component, USED))
        decision_refuse(decision, "PRICE_ALREADY_PAYABLE",
                        "an enrolment was refused after its price had become payable to the "
                        "provider");
    return decision->kind == DECIDED;
}

void enrolment_decide(const void *event, const void *subject, struct facts *facts,
                      struct decision *decision)
{
    const struct enrolment_decided *decided = event;
    const struct award_row *award = facts_find(facts, &award_row_type, &decided->award_id);
    (void)subject;
    if (award == NULL) {
        decision_wait(decision, &award_row_type, &decided->award_id);
        return;
    }
    struct uuid key = enrolment_key(decision->office->seal, decided->enrolment_id);
    const struct award_row_enrolment *known = enrolment_find(award, &key);
    struct award_row_enrolment before =
        known == NULL ? (struct award_row_enrolment){.enrolment_key = key} : *known;
    if (known != NULL && decided->sequence <= before.sequence) {
        decision_repeat(decision);
        return;
    }
    if (decided->has_price && !slice_equal(decided->currency, award->currency)) {
        decision_refuse(
            decision, "AWARD_MISMATCH",
            "the price is in another currency than the award's, %.*s: an award pays "
            "in its own only",
            SLICE_ARGS(award->currency));
        return;
    }
    if (!standing_known(decision, award))
        return;
    const struct scheme *scheme =
        scheme_find(office_programme(decision->office, award->programme), award->scheme);
    int64_t after = price_after(decided, scheme, &before);
    int64_t more = after - (before.accepted ? before.price : 0);
    if (!covered(decision, award, more))
        return;
    struct award_row_enrolment enrolment = {key, decided->sequence, after > 0, after};
    apply(decided, facts, decision, &enrolment, more);
}
