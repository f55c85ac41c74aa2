/* Events as they come on the main path. */
#include "desk.h"

struct application_decided desk_awarded(struct desk *desk)
{
    const struct scheme *scheme = desk->scheme;
    struct seal_place place = {"application.decided", "contact", desk->award_id};
    struct buffer sealed = {0};
    struct error error;
    assert_int_equal(seal_seal(desk->room.seal, &place, SLICE(MSISDN), &sealed, &error), OK);
    struct slice contact = arena_copy(&desk->room.arena, buffer_slice(&sealed));
    buffer_release(&sealed);
    return (struct application_decided){
        .application_id = SLICE("A-1"),
        .award_id = desk->award_id,
        .person_id = desk->person_id,
        .programme = desk->room.programme->id,
        .scheme = scheme->name,
        .has_wave = desk->wave > 0,
        .wave = desk->wave,
        .status = APPLICATION_DECIDED_STATUS_AWARDED,
        .sequence = 2,
        .occurred_at = NOON(2021, 3, 1),
        .decided_at = NOON(2021, 3, 1),
        .has_decree_no = true,
        .decree_no = SLICE("KEP-12/2021"),
        .language = SLICE("id"),
        .has_contact_token = true,
        .contact_token = seal_token(desk->room.seal, "msisdn", SLICE(MSISDN)),
        .has_contact_sealed = true,
        .contact_sealed = contact,
        .has_year = true,
        .year = desk->year,
        .commitment = scheme->package_hundredths,
        .currency = desk->room.programme->currency};
}

struct slice desk_text(struct desk *desk, const struct uuid *uuid)
{
    char text[UUID_TEXT_SIZE + 1];
    uuid_format(uuid, text);
    return arena_copy(&desk->room.arena, slice_of(text));
}

struct account_linked desk_link(struct desk *desk)
{
    return (struct account_linked){.payee_kind = ACCOUNT_LINKED_PAYEE_KIND_PARTICIPANT,
                                   .payee_ref = desk_text(desk, &desk->person_id),
                                   .revision = 1,
                                   .partner = SLICE("BNI"),
                                   .account_no = SLICE(ACCOUNT_NO),
                                   .account_scheme = SLICE("BBAN"),
                                   .has_holder_name = true,
                                   .holder_name = SLICE(HOLDER),
                                   .has_holder_national_id = true,
                                   .holder_national_id = SLICE(NATIONAL_ID),
                                   .has_msisdn = true,
                                   .msisdn = SLICE(MSISDN),
                                   .has_kyc_level = true,
                                   .kyc_level = SLICE("FULL"),
                                   .active = true,
                                   .currency = desk->room.programme->currency,
                                   .linked_at = NOON(2021, 3, 5)};
}

struct account_linked desk_link_company(struct desk *desk, int32_t payee_kind, const char *ref)
{
    return (struct account_linked){.payee_kind = payee_kind,
                                   .payee_ref = slice_of(ref),
                                   .revision = 1,
                                   .partner = SLICE("MAYBANK"),
                                   .account_no = SLICE("514011223344"),
                                   .account_scheme = SLICE("BBAN"),
                                   .has_holder_name = true,
                                   .holder_name = SLICE(COMPANY),
                                   .has_business_registration_no = true,
                                   .business_registration_no = SLICE("202301004567"),
                                   .active = true,
                                   .currency = desk->room.programme->currency,
                                   .linked_at = NOON(2021, 3, 5)};
}

struct enrolment_decided desk_enrolled(struct desk *desk, const char *enrolment_id,
                                       int64_t price)
{
    return (struct enrolment_decided){.enrolment_id = slice_of(enrolment_id),
                                      .award_id = desk->award_id,
                                      .course_id = SLICE("C-1"),
                                      .status = ENROLMENT_DECIDED_STATUS_ACCEPTED,
                                      .has_price = true,
                                      .price = price,
                                      .currency = desk->room.programme->currency,
                                      .sequence = 1,
                                      .decided_at = NOON(2021, 3, 10)};
}

struct uuid desk_entitlement_id(const struct desk *desk, const char *item, int instalment)
{
    return seal_entitlement_id(desk->room.seal, &desk->award_id, slice_of(item), instalment);
}

struct incentive_approved desk_approval(struct desk *desk, const char *item, int count,
                                        epoch_day due_on, int64_t amount)
{
    const struct scheme *scheme = desk->scheme;
    const struct benefit *benefit = benefit_find(scheme, slice_of(item));
    const char *kind = benefit_payee_name(benefit->payee);
    struct incentive_approved approval = {
        .award_id = desk->award_id,
        .person_id = desk->person_id,
        .programme = desk->room.programme->id,
        .scheme = scheme->name,
        .item = benefit->item,
        .payee = {symbols_find(&incentive_approved_payee_kind_symbols, slice_of(kind)),
                  benefit->payee == PAYS_PROVIDER   ? SLICE(PROVIDER_ID)
                  : benefit->payee == PAYS_EMPLOYER ? SLICE(EMPLOYER_NO)
                                                    : desk_text(desk, &desk->person_id)},
        .currency = desk->room.programme->currency,
        .budget_year = desk->year,
        .component = benefit->component,
        .approved_at = NOON(2021, 4, 1),
        .approved_by = SLICE("completion"),
        .sequence = 1};
    struct incentive_approved_instalment *list =
        arena_alloc(&desk->room.arena, (size_t)count * sizeof *list);
    for (int i = 0; i < count; i++)
        list[i] = (struct incentive_approved_instalment){
            .number = i + 1,
            .entitlement_id = desk_entitlement_id(desk, item, i + 1),
            .has_amount = amount > 0,
            .amount = amount,
            .due_on = day_add_months(due_on, i)};
    approval.instalments.items = list;
    approval.instalments.count = (size_t)count;
    return approval;
}

struct payout_settled desk_answer(struct desk *desk, const char *item, int instalment,
                                  int attempt, int32_t status, instant_us at)
{
    char text[40] = "";
    struct uuid id = desk_entitlement_id(desk, item, instalment);
    for (size_t i = 0; i < sizeof id.bytes; i++)
        snprintf(text + 2 * i, 3, "%02x", id.bytes[i]);
    struct slice end_to_end = arena_copy(&desk->room.arena, slice_of(text));
    snprintf(text + 32, 4, "-%02d", attempt);
    return (struct payout_settled){.instruction_id =
                                       arena_copy(&desk->room.arena, slice_of(text)),
                                   .end_to_end_id = end_to_end,
                                   .status = status,
                                   .settled_at = at};
}

struct award_changed desk_change(struct desk *desk, int32_t by, int32_t change,
                                 const char *reason, int64_t sequence)
{
    bool officer = by == AWARD_CHANGED_BY_OFFICER;
    return (struct award_changed){.award_id = desk->award_id,
                                  .programme = desk->room.programme->id,
                                  .scheme = desk->scheme->name,
                                  .change = change,
                                  .reason = slice_of(reason),
                                  .by = by,
                                  .has_requested_by = officer,
                                  .requested_by = officer ? SLICE("rini") : (struct slice){0},
                                  .has_approved_by = officer,
                                  .approved_by = officer ? SLICE("sari") : (struct slice){0},
                                  .currency = desk->room.programme->currency,
                                  .occurred_at = NOON(2021, 5, 1),
                                  .sequence = sequence};
}

struct case_resolved desk_case(struct desk *desk, const struct uuid *subject,
                               const char *reason, int32_t outcome, instant_us at)
{
    return (struct case_resolved){.subject_id = desk_text(desk, subject),
                                  .reason = slice_of(reason),
                                  .outcome = outcome,
                                  .by = SLICE("rini"),
                                  .has_approved_by = true,
                                  .approved_by = SLICE("sari"),
                                  .occurred_at = at,
                                  .sequence = 1};
}
