#include "decide_erased.h"

#include "schemas/events.h"

enum { LOOK_AGAIN_S = 60 };

void erased_identify(const void *event, void *subject, struct decision *decision)
{
    const struct person_erased *erased = event;
    struct erased_subject *made = subject;
    made->subject = (struct subject){erased->person_id, erased->requested_at};
    made->account_id = person_account(decision, &erased->person_id);
}

void erased_keys(const void *event, const void *subject, struct facts *facts)
{
    const struct person_erased *erased = event;
    const struct erased_subject *made = subject;
    facts_want(facts, &account_row_type, &made->account_id);
    for (size_t i = 0; i < erased->award_ids.count; i++)
        want_award(facts, &erased->award_ids.items[i]);
}

/* The row is there from now on, linked or not: it remembers. */
static bool erase_account(struct facts *facts, struct decision *decision,
                          const struct uuid *account_id, const struct uuid *person_id)
{
    const struct account_row *known = facts_find(facts, &account_row_type, account_id);
    if (known != NULL && known->erased)
        return false;
    struct account_row *account = facts_edit_or_add(facts, &account_row_type, account_id);
    account->payee_kind = ACCOUNT_ROW_PAYEE_KIND_PARTICIPANT;
    account->payee_ref = decision_uuid(decision, person_id);
    account->erased = true;
    account->has_account_no_sealed = account->has_holder_name_sealed = false;
    account->account_no_sealed = account->holder_name_sealed = (struct slice){0};
    return true;
}

static bool erase_entitlement(struct facts *facts, struct slice entitlement)
{
    struct uuid id;
    const struct entitlement_row *known =
        uuid_parse(entitlement, &id) ? facts_find(facts, &entitlement_row_type, &id) : NULL;
    if (known == NULL || (!known->has_account_no_sealed && !known->has_creditor_name_sealed) ||
        known->payee_kind != ENTITLEMENT_ROW_PAYEE_KIND_PARTICIPANT)
        return false;
    struct entitlement_row *row = facts_edit(facts, &entitlement_row_type, &id);
    row->has_account_no_sealed = row->has_creditor_name_sealed = false;
    row->account_no_sealed = row->creditor_name_sealed = (struct slice){0};
    return true;
}

static bool erase_award(struct facts *facts, const struct uuid *award_id,
                        const struct uuid *person_id)
{
    const struct award_row *known = facts_find(facts, &award_row_type, award_id);
    bool erased = false;
    if (known == NULL || !uuid_equal(&known->person_id, person_id))
        return false;
    for (size_t i = 0; i < known->entitlements.count; i++)
        erased = erase_entitlement(facts, known->entitlements.items[i]) || erased;
    if (!known->has_contact_sealed)
        return erased;
    struct award_row *award = facts_edit(facts, &award_row_type, award_id);
    award->has_contact_sealed = false;
    award->contact_sealed = (struct slice){0};
    return true;
}

void erased_decide(const void *event, const void *subject, struct facts *facts,
                   struct decision *decision)
{
    const struct person_erased *erased = event;
    const struct erased_subject *made = subject;
    bool changed = erase_account(facts, decision, &made->account_id, &erased->person_id);
    size_t timers = 0;
    for (size_t i = 0; i < erased->award_ids.count; i++) {
        const struct uuid *award_id = &erased->award_ids.items[i];
        if (erase_award(facts, award_id, &erased->person_id)) {
            changed = true;
        } else if (changed && timers < DECISION_TIMERS &&
                   facts_find(facts, &award_row_type, award_id) == NULL) {
            decision_timer(decision, TIMER_ERASURE, award_id,
                           erased->requested_at + LOOK_AGAIN_S * US_PER_SECOND);
            timers++;
        }
    }
    if (!changed)
        decision_repeat(decision);
}

void erasure_keys(const struct seal *seal, struct facts *facts, const struct uuid *award_id)
{
    const struct award_row *award = facts_peek(facts, &award_row_type, award_id);
    char person[UUID_TEXT_SIZE + 1];
    want_award(facts, award_id);
    if (award == NULL)
        return;
    uuid_format(&award->person_id, person);
    struct uuid account_id =
        account_key(seal, ACCOUNT_ROW_PAYEE_KIND_PARTICIPANT, slice_of(person));
    facts_want(facts, &account_row_type, &account_id);
}

void erasure_again(struct facts *facts, struct decision *decision, const struct uuid *award_id)
{
    const struct award_row *award = facts_find(facts, &award_row_type, award_id);
    struct uuid account_id = {{0}};
    if (award != NULL)
        account_id = person_account(decision, &award->person_id);
    if (award == NULL || !account_erased(facts, &account_id) ||
        !erase_award(facts, award_id, &award->person_id))
        decision_repeat(decision);
}
