#include "decide_account.h"

#include "base/msisdn.h"
#include "payment.h"
#include "schemas/events.h"
#include "seal/ids.h"
#include "worker/texts.h"

enum {
    NUMBER_PAYEES = 100, /* one more than one is too many; the list is for officers */
    PARTNER_SIZE = 35,
    CURRENCY_SIZE = 3
};

static bool letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* "BNI", "BRINIDJA": a code, because everybody may see it. Somebody's number or name that came in the wrong member
 * is none. */
static bool partner_valid(struct slice partner)
{
    if (partner.size == 0 || partner.size > PARTNER_SIZE || !letter(partner.data[0]))
        return false;
    for (size_t i = 1; i < partner.size; i++)
        if (!letter(partner.data[i]) && (partner.data[i] < '0' || partner.data[i] > '9') &&
            partner.data[i] != '-' && partner.data[i] != '_')
            return false;
    return true;
}

static bool currency_valid(struct slice currency)
{
    bool valid = currency.size == CURRENCY_SIZE;
    for (size_t i = 0; i < currency.size && valid; i++)
        valid = currency.data[i] >= 'A' && currency.data[i] <= 'Z';
    return valid;
}

/* Refuses what no account can be; names the member, never what stands in it. */
static bool well_formed(const struct account_linked *linked, struct decision *decision)
{
    struct uuid person_id;
    if (linked->payee_kind == ACCOUNT_LINKED_PAYEE_KIND_UNKNOWN ||
        !name_fits(linked->payee_ref))
        decision_refuse(decision, "BAD_ACCOUNT",
                        "the payee must be of a known kind, its ref of 1 to %d bytes",
                        NAME_SIZE);
    else if (linked->payee_kind == ACCOUNT_LINKED_PAYEE_KIND_PARTICIPANT &&
             !uuid_parse(linked->payee_ref, &person_id))
        decision_refuse(decision, "BAD_ACCOUNT", "a participant is named by person_id, a UUID");
    else if (linked->unlinked)
        return true;
    else if (!partner_valid(linked->partner))
        decision_refuse(decision, "BAD_ACCOUNT",
                        "partner must be a code: a letter, then at most %d letters, digits, "
                        "dashes or underscores",
                        PARTNER_SIZE - 1);
    else if (!currency_valid(linked->currency))
        decision_refuse(decision, "BAD_ACCOUNT",
                        "currency must be three capital letters, as ISO 4217 says");
    else if (!name_fits(linked->account_no))
        decision_refuse(decision, "BAD_ACCOUNT", "account number must have 1 to %d bytes",
                        NAME_SIZE);
    else if (linked->account_scheme.size > NAME_SIZE ||
             linked->holder_name.size > HOLDER_NAME_SIZE ||
             linked->business_registration_no.size > NAME_SIZE)
        decision_refuse(decision, "BAD_ACCOUNT",
                        "a member is longer than any such value can be");
    else if (linked->has_msisdn && !msisdn_valid(linked->msisdn))
        decision_refuse(decision, "BAD_ACCOUNT",
                        "msisdn must be a plus sign and %d to %d digits, as E.164 says",
                        MSISDN_DIGITS_LEAST, MSISDN_DIGITS_MOST);
    else
        return true;
    return false;
}

void linked_identify(const void *event, void *subject, struct decision *decision)
{
    const struct account_linked *linked = event;
    struct linked_subject *made = subject;
    const struct seal *seal = decision->office->seal;
    made->subject.occurred_at = linked->linked_at;
    if (!well_formed(linked, decision))
        return;
    made->subject.id = account_key(seal, linked->payee_kind, linked->payee_ref);
    if (!linked->unlinked)
        made->number_token =
            seal_token(seal, "account",
                       decision_text(decision, "%.*s/%.*s", SLICE_ARGS(linked->partner),
                                     SLICE_ARGS(linked->account_no)));
}

void linked_keys(const void *event, const void *subject, struct facts *facts)
{
    const struct account_linked *linked = event;
    const struct linked_subject *made = subject;
    const struct account_row *account = facts_peek(facts, &account_row_type, &made->subject.id);
    facts_want(facts, &account_row_type, &made->subject.id);
    if (!linked->unlinked)
        facts_want(facts, &account_number_row_type, &made->number_token);
    if (account != NULL && account->has_number_token)
        facts_want(facts, &account_number_row_type, &account->number_token);
}

static struct slice payee_name(struct decision *decision, const struct account_linked *linked)
{
    return decision_text(decision, "%s:%.*s",
                         symbols_name(&account_row_payee_kind_symbols, linked->payee_kind),
                         SLICE_ARGS(linked->payee_ref));
}

static void leave_number(struct facts *facts, struct decision *decision,
                         const struct uuid *token, struct slice payee)
{
    if (facts_find(facts, &account_number_row_type, token) == NULL)
        return;
    struct account_number_row *number = facts_edit(facts, &account_number_row_type, token);
    texts_remove(decision, &number->payees.items, &number->payees.count, payee);
}

static void join_number(struct facts *facts, struct decision *decision,
                        const struct uuid *token, struct slice payee)
{
    struct account_number_row *number =
        facts_edit_or_add(facts, &account_number_row_type, token);
    if (number->payees.count < NUMBER_PAYEES)
        texts_add(decision, &number->payees.items, &number->payees.count, payee);
}

/* Sealed in batch memory; false when there is nothing to seal or it cannot be. */
static bool keep_sealed(struct decision *decision, const struct account_row *account,
                        const char *column, struct slice clear, struct slice *sealed)
{
    struct seal_place place = {"account", column, account->account_id};
    *sealed = (struct slice){0};
    return decision_seal(decision, &place, clear, sealed);
}

/* The holder is the payee when the national id gives the payee's person_id in a country of some
 * published programme: the account does not say in which country it was issued. */
static bool holder_is(const struct office *office, const struct account_linked *linked)
{
    struct uuid payee, holder;
    if (!uuid_parse(linked->payee_ref, &payee))
        return false;
    for (size_t i = 0; i < office->programme_count; i++)
        if (seal_person_id(office->seal, office->programmes[i]->country,
                           linked->holder_national_id, &holder) &&
            uuid_equal(&payee, &holder))
            return true;
    return false;
}

/* A company's number is public; what came in that member of a person's account is not kept. */
static bool company(const struct account_linked *linked)
{
    return linked->payee_kind != ACCOUNT_LINKED_PAYEE_KIND_PARTICIPANT &&
           linked->business_registration_no.size > 0;
}

static void fill(struct account_row *account, const struct account_linked *linked,
                 const struct linked_subject *subject, struct decision *decision)
{
    const struct seal *seal = decision->office->seal;
    account->linked = account->has_linked_at = account->has_number_token = true;
    account->linked_at = linked->linked_at;
    account->number_token = subject->number_token;
    account->has_account_no_sealed = keep_sealed(
        decision, account, "account_no", linked->account_no, &account->account_no_sealed);
    account->has_holder_name_sealed = keep_sealed(
        decision, account, "holder_name", linked->holder_name, &account->holder_name_sealed);
    account->has_registration_no = company(linked);
    account->registration_no =
        company(linked) ? linked->business_registration_no : (struct slice){0};
    account->partner = linked->partner;
    account->account_scheme = linked->account_scheme;
    account->has_holder_is_payee = linked->has_holder_national_id;
    account->holder_is_payee =
        linked->has_holder_national_id && holder_is(decision->office, linked);
    account->has_phone_token = linked->has_msisdn;
    account->phone_token =
        linked->has_msisdn ? seal_token(seal, "msisdn", linked->msisdn) : (struct uuid){{0}};
    account->has_kyc_level = linked->has_kyc_level;
    account->kyc_level = linked->kyc_level;
    account->active = linked->active;
    account->currency = linked->currency;
    account->has_headroom = linked->has_headroom;
    account->headroom = linked->headroom;
}

/* All that belongs to an account; who the payee is, what was paid and what waits stays. */
static void clear(struct account_row *account)
{
    *account = (struct account_row){.account_id = account->account_id,
                                    .payee_kind = account->payee_kind,
                                    .payee_ref = account->payee_ref,
                                    .revision = account->revision,
                                    .payout_count = account->payout_count,
                                    .waiting = account->waiting,
                                    .erased = account->erased,
                                    .decided_by = account->decided_by,
                                    .version = account->version};
}

static void wake(struct decision *decision, struct account_row *account, instant_us at)
{
    for (size_t i = 0; i < account->waiting.count; i++) {
        struct uuid id;
        if (uuid_parse(account->waiting.items[i], &id))
            decision_timer(decision, TIMER_RETRY, &id, at);
    }
    account->waiting.items = NULL;
    account->waiting.count = 0;
}

void linked_decide(const void *event, const void *subject, struct facts *facts,
                   struct decision *decision)
{
    const struct account_linked *linked = event;
    const struct linked_subject *made = subject;
    const struct account_row *known = facts_find(facts, &account_row_type, &made->subject.id);
    if (known != NULL && linked->revision <= known->revision) {
        decision_repeat(decision);
        return;
    }
    struct account_row *account =
        facts_edit_or_add(facts, &account_row_type, &made->subject.id);
    struct slice payee = payee_name(decision, linked);
    if (account->has_number_token)
        leave_number(facts, decision, &account->number_token, payee);
    clear(account);
    account->payee_kind = linked->payee_kind;
    account->payee_ref = linked->payee_ref;
    account->revision = linked->revision;
    if (!linked->unlinked && !account->erased) {
        fill(account, linked, made, decision);
        join_number(facts, decision, &made->number_token, payee);
    }
    wake(decision, account, linked->linked_at);
}
