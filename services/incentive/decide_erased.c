#include "decide_erased.h"

#include "schemas/events.h"

enum { LOOK_AGAIN_S = 60 };

void erased_identify(const void *event, void *subject, struct decision *decision)
{
    const struct person_erased *erased = event;
    struct erased_subject *made = subject;
    made->subject = (struct subject){erased->person_id, erased->requested_at};
    made->seal = decision->office->seal;
    made->account_id =
        erased->has_employer_no
            ? account_key(made->seal, ACCOUNT_ROW_PAYEE_KIND_EMPLOYER, erased->employer_no)
            : person_account(decision, &erased->person_id);
    if (erased->has_employer_no && !name_fits(erased->employer_no))
        decision_refuse(decision, "BAD_EMPLOYER_NO", "employer_no must have 1 to %d bytes",
                        NAME_SIZE);
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
                          const struct uuid *account_id, const struct person_erased *erased)
{
    const struct account_row *known = facts_find(facts, &account_row_type, account_id);
    if (known != NULL && known->erased)
        return false;
    struct account_row *account = facts_edit_or_add(facts, &account_row_type, account_id);
    account->payee_kind = erased->has_employer_no ? ACCOUNT_ROW_PAYEE_KIND_EMPLOYER
                                                  : ACCOUNT_ROW_PAYEE_KIND_PARTICIPANT;
    account->payee_ref = erased->has_employer_no ? erased->employer_no
                                                 : decision_uuid(decision, &erased->person_id);
    account->erased = true;
    account->has_account_no_sealed = account->has_holder_name_sealed = false;
    account->account_no_sealed = account->holder_name_sealed = (struct slice){0};
    return true;
}

/* True when the account is that of the instalment's payee. */
static bool paid_to(const struct seal *seal, const struct entitlement_row *row,
                    const struct uuid *account_id)
{
    struct uuid own = account_key(seal, row->payee_kind, row->payee_ref);
    return uuid_equal(&own, account_id);
}

static bool erase_entitlement(const struct seal *seal, struct facts *facts,
                              struct slice entitlement, const struct uuid *account_id)
{
    struct uuid id;
    const struct entitlement_row *known =
        uuid_parse(entitlement, &id) ? facts_find(facts, &entitlement_row_type, &id) : NULL;
    if (known == NULL || (!known->has_account_no_sealed && !known->has_creditor_name_sealed) ||
        !paid_to(seal, known, account_id))
        return false;
    struct entitlement_row *row = facts_edit(facts, &entitlement_row_type, &id);
    row->has_account_no_sealed = row->has_creditor_name_sealed = false;
    row->account_no_sealed = row->creditor_name_sealed = (struct slice){0};
    return true;
}

/* Of an award that pays several, and writes to one, only what is of the account's holder. */
static bool erase_in_award(const struct seal *seal, struct facts *facts,
                           const struct uuid *award_id, const struct uuid *account_id)
{
    const struct award_row *known = facts_find(facts, &award_row_type, award_id);
    bool erased = false;
    for (size_t i = 0; known != NULL && i < known->entitlements.count; i++)
        erased =
            erase_entitlement(seal, facts, known->entitlements.items[i], account_id) || erased;
    if (known == NULL || !known->has_contact_sealed ||
        !uuid_equal(&known->contact_account_id, account_id))
        return erased;
    award_erase(facts_edit(facts, &award_row_type, award_id));
    return true;
}

void erased_decide(const void *event, const void *subject, struct facts *facts,
                   struct decision *decision)
{
    const struct person_erased *erased = event;
    const struct erased_subject *made = subject;
    bool changed = erase_account(facts, decision, &made->account_id, erased);
    size_t timers = 0;
    for (size_t i = 0; i < erased->award_ids.count; i++) {
        const struct uuid *award_id = &erased->award_ids.items[i];
        if (erase_in_award(made->seal, facts, award_id, &made->account_id)) {
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

void erasure_keys(struct facts *facts, const struct uuid *award_id)
{
    const struct award_row *award = facts_peek(facts, &award_row_type, award_id);
    want_award(facts, award_id);
    if (award != NULL)
        facts_want(facts, &account_row_type, &award->contact_account_id);
}

void erasure_again(struct facts *facts, struct decision *decision, const struct uuid *award_id)
{
    const struct award_row *award = facts_find(facts, &award_row_type, award_id);
    if (award == NULL || !account_erased(facts, &award->contact_account_id) ||
        !erase_in_award(decision->office->seal, facts, award_id, &award->contact_account_id))
        decision_repeat(decision);
}
