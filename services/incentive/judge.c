#include "judge.h"

#include "seal/ids.h"
#include "worker/texts.h"

const struct account_row *payment_account(const struct payment *payment)
{
    const struct entitlement_row *entitlement = payment->entitlement;
    struct uuid key = account_key(payment->decision->office->seal, entitlement->payee_kind,
                                  entitlement->payee_ref);
    return facts_find(payment->facts, &account_row_type, &key);
}

/* What the fields are asked of. */
struct judged {
    const struct payment *payment;
    const struct account_row *account;       /* NULL while none is linked */
    const struct account_number_row *payees; /* NULL likewise             */
    const struct programme_row *published;   /* NULL: nothing published   */
};

static struct value holds_value(const struct judged *judged)
{
    const struct award_row *award = judged->payment->award;
    struct slice *codes =
        decision_alloc(judged->payment->decision, (award->holds.count + 1) * sizeof *codes);
    for (size_t i = 0; i < award->holds.count; i++) {
        const char *colon = memchr(award->holds.items[i].data, ':', award->holds.items[i].size);
        size_t skip = colon == NULL ? 0 : (size_t)(colon + 1 - award->holds.items[i].data);
        codes[i] = (struct slice){award->holds.items[i].data + skip,
                                  award->holds.items[i].size - skip};
    }
    return value_codes(codes, award->holds.count);
}

static bool paused(const struct judged *judged)
{
    const struct programme_row *published = judged->published;
    epoch_day on = judged->payment->on;
    return published != NULL && published->has_paused_from && published->paused_from <= on &&
           (!published->has_paused_to || on <= published->paused_to);
}

static struct value account_value(const struct judged *judged, enum rule_field field)
{
    const struct account_row *account = judged->account;
    const struct payment *payment = judged->payment;
    if (account == NULL)
        return value_absent();
    switch ((int)field) {
    case FIELD_ACCOUNT_LINKED_AT:
        return value_number_if(account->has_linked_at, account->linked_at);
    case FIELD_ACCOUNT_PARTNER:
        return value_code(account->partner);
    case FIELD_ACCOUNT_KYC_LEVEL:
        return value_code_if(account->has_kyc_level, account->kyc_level);
    case FIELD_ACCOUNT_HOLDER_IS_PARTICIPANT:
        return value_number_if(account->has_holder_is_payee, account->holder_is_payee);
    case FIELD_ACCOUNT_PHONE_IS_PARTICIPANTS:
        return value_number_if(
            account->has_phone_token && payment->award->has_contact_token,
            uuid_equal(&account->phone_token, &payment->award->contact_token));
    case FIELD_ACCOUNT_ACTIVE:
        return value_number(account->active);
    case FIELD_ACCOUNT_CURRENCY:
        return value_code(account->currency);
    case FIELD_ACCOUNT_HEADROOM:
        return value_number_if(account->has_headroom, account->headroom);
    case FIELD_ACCOUNT_HEADROOM_AFTER:
        return value_number_if(account->has_headroom && payment->entitlement->has_amount,
                               account->headroom - payment->entitlement->amount);
    case FIELD_ACCOUNT_PERSONS:
        return value_number(judged->payees == NULL ? 1 : (int64_t)judged->payees->payees.count);
    }
    return value_unknown();
}

static struct value judged_value(const void *context, enum rule_field field)
{
    const struct judged *judged = context;
    const struct award_row *award = judged->payment->award;
    const struct entitlement_row *entitlement = judged->payment->entitlement;
    switch ((int)field) { /* the fields of other services are not asked here */
    case FIELD_AWARD_REVOKED:
        return value_number(award->revoked);
    case FIELD_AWARD_DECREE_NO:
        return value_code_if(award->has_decree_no, award->decree_no);
    case FIELD_AWARD_HOLDS:
        return holds_value(judged);
    case FIELD_PROGRAMME_PAUSED:
        return value_number(paused(judged));
    case FIELD_PAYMENT_ITEM:
        return value_code(entitlement->item);
    case FIELD_PAYMENT_PAYEE_KIND:
        return value_code(slice_of(
            symbols_name(&entitlement_row_payee_kind_symbols, entitlement->payee_kind)));
    case FIELD_PAYMENT_AMOUNT:
        return value_number_if(entitlement->has_amount, entitlement->amount);
    }
    return account_value(judged, field);
}

/* What was published of the award's programme last, or NULL. */
static const struct programme_row *published_of(const struct payment *payment)
{
    struct uuid key = programme_key(payment->decision->office->seal, payment->award->programme);
    return facts_find(payment->facts, &programme_row_type, &key);
}

bool payment_stands_still(const struct payment *payment)
{
    const struct judged judged = {.payment = payment, .published = published_of(payment)};
    return payment->award->holds.count > 0 || paused(&judged);
}

bool payment_relinked(const struct payment *payment)
{
    const struct entitlement_row *entitlement = payment->entitlement;
    const struct account_row *account = payment_account(payment);
    return entitlement->attempts.count > 0 && account != NULL &&
           account->revision !=
               entitlement->attempts.items[entitlement->attempts.count - 1].account_revision;
}

/* A refusal stands until another account was linked, its time came, or an officer waived it. */
static void judge_refusal(const struct payment *payment, struct verdict *verdict)
{
    const struct entitlement_row *entitlement = payment->entitlement;
    if (entitlement->attempts.count == 0)
        return;
    const struct entitlement_row_attempt *last =
        &entitlement->attempts.items[entitlement->attempts.count - 1];
    bool refused = last->state == ENTITLEMENT_ROW_ATTEMPT_STATE_REJECTED ||
                   last->state == ENTITLEMENT_ROW_ATTEMPT_STATE_RETURNED;
    bool waited = last->retry_at != 0 && payment->occurred_at >= last->retry_at;
    if (!refused || payment_relinked(payment) || waited)
        return;
    verdict_add(verdict, EFFECT_HOLD, SLICE("PROVIDER_REJECTED"));
    if (last->reason_code.size > 0)
        verdict_add(verdict, EFFECT_HOLD, last->reason_code);
}

static void judge_award(const struct payment *payment, const struct judged *judged,
                        struct verdict *verdict)
{
    const struct award_row *award = payment->award;
    const struct entitlement_row *entitlement = payment->entitlement;
    struct value holds = holds_value(judged);
    if (holds.code_count > 0)
        verdict_add(verdict, EFFECT_HOLD, SLICE("AWARD_HELD"));
    for (size_t i = 0; i < holds.code_count; i++)
        verdict_add(verdict, EFFECT_HOLD, holds.codes[i]);
    if (award->closed && !award->revoked)
        verdict_add(verdict, EFFECT_EXPIRE_ITEM, SLICE("BALANCE_RETURNED"));
    bool enough =
        entitlement->payee_kind == ENTITLEMENT_ROW_PAYEE_KIND_PROVIDER
            ? entitlement->funded
            : award_balance(award, entitlement->component, COMMITTED) >= entitlement->amount;
    if (!entitlement->has_amount)
        verdict_add(verdict, EFFECT_HOLD, SLICE("AMOUNT_UNKNOWN"));
    else if (!enough)
        verdict_add(verdict, EFFECT_HOLD, SLICE("BUDGET_EXHAUSTED"));
}

void payment_judge(const struct payment *payment, struct verdict *verdict)
{
    const struct account_row *account = payment_account(payment);
    struct judged judged = {.payment = payment,
                            .account = account != NULL && account->linked ? account : NULL,
                            .published = published_of(payment)};
    if (judged.account != NULL)
        judged.payees =
            facts_find(payment->facts, &account_number_row_type, &account->number_token);
    struct rule_subject subject = {.value = judged_value,
                                   .context = &judged,
                                   .has_wave = payment->award->wave != 0,
                                   .wave = payment->award->wave,
                                   .on = payment->on,
                                   .service = SERVICE_INCENTIVE};
    rules_apply(payment->scheme, PHASE_PAY, &subject, verdict);
    judge_refusal(payment, verdict);
    judge_award(payment, &judged, verdict);
    if (judged.account == NULL || !judged.account->has_account_no_sealed)
        verdict_add(verdict, EFFECT_HOLD, SLICE("ACCT_NOT_LINKED"));
}

bool payment_waived(const struct payment *payment, const struct verdict *verdict)
{
    const struct entitlement_row *entitlement = payment->entitlement;
    struct slice reasons[VERDICT_REASONS];
    size_t count = verdict_reasons(verdict, reasons);
    enum effect effect = verdict_effect(verdict);
    if ((effect != EFFECT_HOLD && effect != EFFECT_RETRY) || !entitlement->has_amount)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!texts_have(entitlement->waived.items, entitlement->waived.count, reasons[i]))
            return false;
    return true;
}
