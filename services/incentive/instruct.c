#include "instruct.h"

#include "rules/schedule.h"
#include "schemas/events.h"
#include "seal/ids.h"

#include <assert.h>

enum {
    ANSWER_MINUTES = 1440, /* where the programme file names no partner, and no DEFAULT */
    REMITTANCE_SIZE = 140,
};
#define US_PER_MINUTE (60 * US_PER_SECOND)

struct slice end_to_end_id(struct decision *decision, const struct uuid *entitlement_id)
{
    static const char digits[] = "0123456789abcdef";
    char *text = decision_alloc(decision, END_TO_END_ID_SIZE);
    for (size_t i = 0; i < sizeof entitlement_id->bytes; i++) {
        text[2 * i] = digits[entitlement_id->bytes[i] >> 4];
        text[2 * i + 1] = digits[entitlement_id->bytes[i] & 15];
    }
    return (struct slice){text, END_TO_END_ID_SIZE};
}

static int hex_value(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

bool instruction_read(struct slice instruction_id, struct slice end_to_end,
                      struct uuid *entitlement_id, int32_t *attempt)
{
    struct uuid read;
    const char *text = instruction_id.data;
    if (instruction_id.size != INSTRUCTION_ID_SIZE || end_to_end.size != END_TO_END_ID_SIZE ||
        memcmp(text, end_to_end.data, END_TO_END_ID_SIZE) != 0 || text[32] != '-')
        return false;
    for (size_t i = 0; i < sizeof read.bytes; i++) {
        int high = hex_value(text[2 * i]), low = hex_value(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        read.bytes[i] = (unsigned char)(high << 4 | low);
    }
    if (text[33] < '0' || text[33] > '9' || text[34] < '0' || text[34] > '9')
        return false;
    int number = (text[33] - '0') * 10 + (text[34] - '0');
    if (number == 0)
        return false;
    *entitlement_id = read;
    *attempt = number;
    return true;
}

static struct slice instruction_id(struct payment *payment, int32_t attempt)
{
    return decision_text(
        payment->decision, "%.*s-%02d",
        SLICE_ARGS(end_to_end_id(payment->decision, &payment->entitlement->entitlement_id)),
        attempt);
}

static const struct payment_partner *partner_of(const struct payment *payment)
{
    return partner_find(payment->programme, payment->entitlement->partner);
}

static instant_us answer_by(const struct payment *payment, instant_us sent_at)
{
    const struct payment_partner *partner = partner_of(payment);
    return sent_at +
           (partner == NULL ? ANSWER_MINUTES : partner->answer_within_minutes) * US_PER_MINUTE;
}

/* The partner's waits before the first, second... query; the last repeats. */
static instant_us ask_at(const struct payment *payment, instant_us from, int32_t query_count)
{
    const struct payment_partner *partner = partner_of(payment);
    if (partner == NULL || partner->query_count == 0)
        return answer_by(payment, from);
    size_t at = (size_t)query_count < partner->query_count ? (size_t)query_count
                                                           : partner->query_count - 1;
    return from + partner->query_after_minutes[at] * US_PER_MINUTE;
}

/* Sealed bytes opened at one place, in batch memory; empty when they do not open. */
static struct slice open_sealed(struct decision *decision, const struct seal_place *place,
                                bool has, struct slice sealed)
{
    return has ? decision_unseal(decision, place, sealed) : (struct slice){0};
}

/* Where the account of an attempt is kept until it is answered. */
static struct seal_place place_of(const struct payment *payment, const char *column)
{
    return (struct seal_place){"entitlement", column, payment->entitlement->entitlement_id};
}

static void send(struct payment *payment, int32_t attempt, struct slice creditor_account,
                 struct slice creditor_name)
{
    struct decision *decision = payment->decision;
    const struct entitlement_row *entitlement = payment->entitlement;
    const struct benefit *benefit = benefit_find(payment->scheme, entitlement->item);
    int instalments = benefit == NULL ? 0 : schedule_instalments(benefit);
    char day[DAY_TEXT_SIZE + 1];
    day_format(entitlement->attempts.items[attempt - 1].envelope_on, day);
    struct slice remittance =
        decision_text(decision, "%.*s %.*s %d", SLICE_ARGS(entitlement->programme),
                      SLICE_ARGS(entitlement->item), entitlement->instalment);
    if (remittance.size > REMITTANCE_SIZE)
        remittance.size = REMITTANCE_SIZE;
    struct payout_requested *requested = decision_emit(decision, &payout_requested_event);
    *requested = (struct payout_requested){
        .instruction_id = instruction_id(payment, attempt),
        .end_to_end_id = end_to_end_id(decision, &entitlement->entitlement_id),
        .attempt = attempt,
        .award_id = entitlement->award_id,
        .programme = entitlement->programme,
        .scheme = entitlement->scheme,
        .item = entitlement->item,
        .instalment = entitlement->instalment,
        .instalments = instalments > 0 ? instalments : entitlement->instalment,
        .amount = entitlement->amount,
        .currency = entitlement->currency,
        .partner = entitlement->partner,
        .has_creditor_name = creditor_name.size > 0,
        .creditor_name = creditor_name,
        .creditor_account = creditor_account,
        .account_scheme = entitlement->account_scheme,
        .debtor = entitlement->programme,
        .purpose_code = SLICE("GOVT"),
        .remittance_information = remittance,
        .requested_execution_date = payment->on,
        .answer_by = answer_by(payment, payment->occurred_at),
        .requested_at = payment->occurred_at,
        .envelope_id =
            decision_text(decision, "%.*s/%.*s/%s", SLICE_ARGS(entitlement->programme),
                          SLICE_ARGS(entitlement->partner), day),
        .has_creditor_registration_no = entitlement->has_registration_no,
        .creditor_registration_no = entitlement->registration_no};
}

/* The instalment keeps its own copy of the account: the payee may link another one while the
 * instruction is under way, and the same instruction must always name the same account. */
static bool keep_account(struct payment *payment, const struct account_row *account,
                         struct slice number, struct slice name)
{
    struct entitlement_row *entitlement = payment->entitlement;
    struct seal_place number_place = place_of(payment, "account_no");
    struct seal_place name_place = place_of(payment, "creditor_name");
    struct slice sealed;
    if (!decision_seal(payment->decision, &number_place, number, &sealed))
        return false;
    entitlement->has_account_no_sealed = true;
    entitlement->account_no_sealed = sealed;
    entitlement->has_creditor_name_sealed =
        decision_seal(payment->decision, &name_place, name, &entitlement->creditor_name_sealed);
    if (!entitlement->has_creditor_name_sealed)
        entitlement->creditor_name_sealed = (struct slice){0};
    entitlement->has_partner = entitlement->has_account_scheme = true;
    entitlement->partner = account->partner;
    entitlement->account_scheme = account->account_scheme;
    entitlement->has_registration_no = account->has_registration_no;
    entitlement->registration_no = account->registration_no;
    return true;
}

static void add_attempt(struct payment *payment, const struct account_row *account)
{
    struct entitlement_row *entitlement = payment->entitlement;
    size_t count = entitlement->attempts.count;
    struct entitlement_row_attempt *attempts =
        decision_list(payment->decision, entitlement->attempts.items, count, sizeof *attempts);
    attempts[count] =
        (struct entitlement_row_attempt){.number = (int32_t)count + 1,
                                         .state = ENTITLEMENT_ROW_ATTEMPT_STATE_REQUESTED,
                                         .amount = entitlement->amount,
                                         .envelope_on = payment->on,
                                         .sent_at = payment->occurred_at,
                                         .ask_at = ask_at(payment, payment->occurred_at, 0),
                                         .account_revision = account->revision};
    entitlement->attempts.items = attempts;
    entitlement->attempts.count = count + 1;
    decision_timer(payment->decision, TIMER_ANSWER, &entitlement->entitlement_id,
                   attempts[count].ask_at);
}

bool instruct_pay(struct payment *payment, const struct account_row *account)
{
    struct entitlement_row *entitlement = payment->entitlement;
    struct seal_place number_place = {"account", "account_no", account->account_id};
    struct seal_place name_place = {"account", "holder_name", account->account_id};
    struct slice number =
        open_sealed(payment->decision, &number_place, account->has_account_no_sealed,
                    account->account_no_sealed);
    struct slice name =
        open_sealed(payment->decision, &name_place, account->has_holder_name_sealed,
                    account->holder_name_sealed);
    assert(entitlement->attempts.count < ATTEMPTS);
    if (number.size == 0 || !keep_account(payment, account, number, name))
        return false;
    add_attempt(payment, account);
    ledger_move_for(&payment->ledger, payment->award, entitlement->component,
                    payment_source(payment), IN_FLIGHT, entitlement->amount,
                    &(struct ledger_subject){&entitlement->entitlement_id,
                                             (int32_t)entitlement->attempts.count,
                                             entitlement->partner, payment->on});
    send(payment, (int32_t)entitlement->attempts.count, number, name);
    return true;
}

bool instruct_again(struct payment *payment, int32_t attempt)
{
    struct entitlement_row *entitlement = payment->entitlement;
    struct seal_place number_place = place_of(payment, "account_no");
    struct seal_place name_place = place_of(payment, "creditor_name");
    struct slice number =
        open_sealed(payment->decision, &number_place, entitlement->has_account_no_sealed,
                    entitlement->account_no_sealed);
    struct slice name =
        open_sealed(payment->decision, &name_place, entitlement->has_creditor_name_sealed,
                    entitlement->creditor_name_sealed);
    if (number.size == 0 || (size_t)attempt != entitlement->attempts.count)
        return false;
    struct entitlement_row_attempt *edited = attempt_edit(payment, attempt);
    edited->state = ENTITLEMENT_ROW_ATTEMPT_STATE_REQUESTED;
    edited->sent_at = payment->occurred_at;
    edited->ask_at = ask_at(payment, payment->occurred_at, edited->query_count);
    decision_timer(payment->decision, TIMER_ANSWER, &entitlement->entitlement_id,
                   edited->ask_at);
    send(payment, attempt, number, name);
    return true;
}

void instruct_ask_at(struct payment *payment, int32_t attempt, instant_us at)
{
    struct entitlement_row_attempt *edited = attempt_edit(payment, attempt);
    edited->state = ENTITLEMENT_ROW_ATTEMPT_STATE_UNANSWERED;
    edited->ask_at = at;
    decision_timer(payment->decision, TIMER_ANSWER, &payment->entitlement->entitlement_id, at);
}

void instruct_query(struct payment *payment, int32_t attempt)
{
    struct entitlement_row_attempt *edited = attempt_edit(payment, attempt);
    struct uuid *entitlement_id = &payment->entitlement->entitlement_id;
    edited->query_count++;
    edited->ask_at = ask_at(payment, payment->occurred_at, edited->query_count);
    decision_timer(payment->decision, TIMER_ANSWER, entitlement_id, edited->ask_at);
    struct payout_queried *queried = decision_emit(payment->decision, &payout_queried_event);
    *queried = (struct payout_queried){.instruction_id = instruction_id(payment, attempt),
                                       .end_to_end_id =
                                           end_to_end_id(payment->decision, entitlement_id),
                                       .award_id = payment->entitlement->award_id,
                                       .query = edited->query_count,
                                       .queried_at = payment->occurred_at,
                                       .answer_by = answer_by(payment, payment->occurred_at)};
}
