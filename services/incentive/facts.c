#include "facts.h"

#include "seal/ids.h"

/* The order is the lock order: what many people share comes last. */
const struct fact_table incentive_tables[] = {
    {&award_row_type, GUARDED, false},        {&entitlement_row_type, GUARDED, false},
    {&account_row_type, GUARDED, false},      {&account_number_row_type, GUARDED, false},
    {&programme_row_type, GUARDED, false},    {&ledger_entry_row_type, APPENDED, false},
    {&ledger_balance_row_type, LIMIT, false}, {&partner_minute_row_type, LIMIT, false},
};
const size_t incentive_table_count = sizeof incentive_tables / sizeof incentive_tables[0];

bool name_fits(struct slice name)
{
    return name.size > 0 && name.size <= NAME_SIZE;
}

struct uuid account_key(const struct seal *seal, int32_t payee_kind, struct slice payee_ref)
{
    struct slice parts[] = {slice_of(symbols_name(&account_row_payee_kind_symbols, payee_kind)),
                            payee_ref};
    return seal_key(seal, "account", 0, parts, 2);
}

struct uuid programme_key(const struct seal *seal, struct slice programme)
{
    return seal_key(seal, "programme", 0, &programme, 1);
}

struct uuid enrolment_key(const struct seal *seal, struct slice enrolment_id)
{
    return seal_key(seal, "enrolment", 0, &enrolment_id, 1);
}

struct uuid person_account(struct decision *decision, const struct uuid *person_id)
{
    return account_key(decision->office->seal, ACCOUNT_ROW_PAYEE_KIND_PARTICIPANT,
                       decision_uuid(decision, person_id));
}

bool account_erased(struct facts *facts, const struct uuid *account_id)
{
    const struct account_row *account = facts_find(facts, &account_row_type, account_id);
    return account != NULL && account->erased;
}

void award_erase(struct award_row *award)
{
    award->has_contact_sealed = false;
    award->contact_sealed = (struct slice){0};
}

bool award_ended(const struct award_row *award)
{
    return award->revoked || award->closed;
}

void want_award(struct facts *facts, const struct uuid *award_id)
{
    const struct award_row *award = facts_peek(facts, &award_row_type, award_id);
    facts_want(facts, &award_row_type, award_id);
    for (size_t i = 0; award != NULL && i < award->entitlements.count; i++) {
        struct uuid entitlement_id;
        if (uuid_parse(award->entitlements.items[i], &entitlement_id))
            facts_want(facts, &entitlement_row_type, &entitlement_id);
    }
}

void want_payee(const struct seal *seal, struct facts *facts, struct slice programme,
                int32_t payee_kind, struct slice payee_ref)
{
    struct uuid account_id = account_key(seal, payee_kind, payee_ref);
    struct uuid published = programme_key(seal, programme);
    const struct account_row *account = facts_peek(facts, &account_row_type, &account_id);
    facts_want(facts, &account_row_type, &account_id);
    facts_want(facts, &programme_row_type, &published);
    if (account != NULL && account->has_number_token)
        facts_want(facts, &account_number_row_type, &account->number_token);
}

void want_entitlement(const struct seal *seal, struct facts *facts,
                      const struct uuid *entitlement_id)
{
    const struct entitlement_row *entitlement =
        facts_peek(facts, &entitlement_row_type, entitlement_id);
    facts_want(facts, &entitlement_row_type, entitlement_id);
    if (entitlement == NULL)
        return;
    facts_want(facts, &award_row_type, &entitlement->award_id);
    want_payee(seal, facts, entitlement->programme, entitlement->payee_kind,
               entitlement->payee_ref);
}
