/* When an instalment is paid, and what holds it. */
#include "desk.h"

#define ITEM "job_search_incentive"

static void the_main_path_pays_what_was_approved(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk, 12);
    desk_ready(&desk);
    assert_int_equal(desk_balance(&desk, COMMITTED), PACKAGE);
    assert_string_equal(desk_status(&desk, ITEM, 1), "APPROVED");
    assert_int_equal(desk.requested_count, 0);
    struct uuid id = desk_entitlement_id(&desk, ITEM, 1);
    assert_int_equal(desk_fire(&desk, TIMER_PAY, id, MIDNIGHT(2021, 4, 10)), DECIDED);
    const struct payout_requested *requested =
        room_output(&desk.room, &payout_requested_event, 0);
    assert_non_null(requested);
    assert_int_equal(requested->amount, RUPIAH(600000));
    assert_int_equal(requested->instruction_id.size, 35);
    assert_int_equal(requested->attempt, 1);
    assert_int_equal(requested->instalments, 4);
    assert_true(slice_is(requested->creditor_account, ACCOUNT_NO));
    assert_true(slice_is(requested->creditor_name, HOLDER));
    assert_int_equal(requested->requested_execution_date, DAY(2021, 4, 10));
    assert_int_equal(requested->answer_by, MIDNIGHT(2021, 4, 11));
    assert_int_equal(desk_balance(&desk, IN_FLIGHT), RUPIAH(600000));

    struct payout_settled paid =
        desk_answer(&desk, ITEM, 1, 1, PAYOUT_SETTLED_STATUS_PAID, NOON(2021, 4, 10));
    assert_int_equal(desk_take(&desk, &payout_settled_event, &paid), DECIDED);
    const struct payout_closed *closed = room_output(&desk.room, &payout_closed_event, 0);
    assert_int_equal(closed->outcome, PAYOUT_CLOSED_OUTCOME_PAID);
    assert_int_equal(closed->paid_at, NOON(2021, 4, 10));
    const struct notification_requested *told =
        room_output(&desk.room, &notification_requested_event, 0);
    assert_true(slice_is(told->to, MSISDN));
    assert_true(slice_is(told->kind, "payout_sent"));
    assert_string_equal(desk_status(&desk, ITEM, 1), "PAID");
    assert_int_equal(desk_balance(&desk, PAID), RUPIAH(600000));
    assert_int_equal(desk_balance(&desk, COMMITTED), PACKAGE - RUPIAH(600000));
    desk_close(&desk);
}

static void every_record_twice_pays_once(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk, 12);
    desk_ready(&desk);
    struct application_decided awarded = desk_awarded(&desk);
    struct account_linked linked = desk_link(&desk);
    struct incentive_approved approved =
        desk_approval(&desk, ITEM, 1, DAY(2021, 4, 10), RUPIAH(600000));
    struct uuid id = desk_entitlement_id(&desk, ITEM, 1);
    struct payout_settled paid =
        desk_answer(&desk, ITEM, 1, 1, PAYOUT_SETTLED_STATUS_PAID, NOON(2021, 4, 10));
    for (int i = 0; i < 2; i++) {
        assert_int_equal(desk_take(&desk, &application_decided_event, &awarded), REPEATED);
        assert_int_equal(desk_take(&desk, &account_linked_event, &linked), REPEATED);
        assert_int_equal(desk_take(&desk, &incentive_approved_event, &approved), REPEATED);
        assert_int_equal(desk_fire(&desk, TIMER_PAY, id, MIDNIGHT(2021, 4, 10)),
                         i == 0 ? DECIDED : REPEATED);
        assert_int_equal(desk_take(&desk, &payout_settled_event, &paid),
                         i == 0 ? DECIDED : REPEATED);
    }
    assert_int_equal(desk.requested_count, 1);
    assert_int_equal(desk.paid_count, 1);
    desk_close(&desk);
}

struct held_case {
    const char *name;
    struct account_linked link; /* members set here replace the good account's */
    bool no_link, no_national_id, no_decree, unlinked, inactive;
    const char *hold;
    const char *reasons;
};

static void spoil(struct account_linked *linked, const struct held_case *held)
{
    if (held->link.partner.size > 0)
        linked->partner = held->link.partner;
    if (held->link.holder_national_id.size > 0)
        linked->holder_national_id = held->link.holder_national_id;
    if (held->link.msisdn.size > 0)
        linked->msisdn = held->link.msisdn;
    if (held->link.kyc_level.size > 0)
        linked->kyc_level = held->link.kyc_level;
    if (held->link.currency.size > 0)
        linked->currency = held->link.currency;
    if (held->link.has_headroom) {
        linked->has_headroom = true;
        linked->headroom = held->link.headroom;
    }
    linked->has_holder_national_id = !held->no_national_id;
    linked->active = !held->inactive;
}

static const struct held_case held_cases[] = {
    {"nothing in the way", .reasons = ""},
    {"no account", .no_link = true, .reasons = "ACCT_NOT_LINKED"},
    {"unlinked again", .unlinked = true, .reasons = "ACCT_NOT_LINKED"},
    {"another person's account",
     {.holder_national_id = {OTHER_ID, 16}},
     .reasons = "ACCT_NIK_MISMATCH"},
    {"national id not known", .no_national_id = true, .reasons = "ACCT_NOT_LINKED"},
    {"phone changed", {.msisdn = {OTHER_MSISDN, 14}}, .reasons = "ACCT_PHONE_CHANGED"},
    {"identification incomplete",
     {.kyc_level = {"BASIC", 5}},
     .reasons = "ACCT_KYC_INCOMPLETE"},
    {"not active", .inactive = true, .reasons = "ACCT_INACTIVE_OR_BLOCKED"},
    {"not in rupiah", {.currency = {"USD", 3}}, .reasons = "ACCT_CURRENCY"},
    {"partner from December 2022 only",
     {.partner = {"BCA", 3}},
     .reasons = "ACCT_PROVIDER_NOT_PARTNER"},
    {"partner since October 2020", {.partner = {"DANA", 4}}, .reasons = ""},
    {"no room for the amount",
     {.has_headroom = true, .headroom = RUPIAH(599999)},
     .reasons = "WALLET_LIMIT_EXCEEDED"},
    {"room for just the amount",
     {.has_headroom = true, .headroom = RUPIAH(600000)},
     .reasons = ""},
    {"no decree", .no_decree = true, .reasons = "DECREE_MISSING"},
    {"held for fraud", .hold = "FRAUD_SUSPECTED", .reasons = "AWARD_HELD,FRAUD_SUSPECTED"},
    {"held by an audit", .hold = "AUDIT_FINDING", .reasons = "AUDIT_FINDING,AWARD_HELD"},
    {"two things at once",
     {.msisdn = {OTHER_MSISDN, 14}},
     .no_decree = true,
     .reasons = "ACCT_PHONE_CHANGED,DECREE_MISSING"},
};

static void take_held(struct desk *desk, const struct held_case *held)
{
    struct application_decided awarded = desk_awarded(desk);
    struct account_linked linked = desk_link(desk);
    struct incentive_approved approved =
        desk_approval(desk, ITEM, 1, DAY(2021, 4, 10), RUPIAH(600000));
    awarded.has_decree_no = !held->no_decree;
    spoil(&linked, held);
    desk_take(desk, &application_decided_event, &awarded);
    if (!held->no_link)
        assert_int_equal(desk_take(desk, &account_linked_event, &linked), DECIDED);
    if (held->unlinked) {
        linked.revision = 2;
        linked.unlinked = true;
        assert_int_equal(desk_take(desk, &account_linked_event, &linked), DECIDED);
    }
    if (held->hold != NULL) {
        struct award_changed changed = desk_change(desk, AWARD_CHANGED_BY_APPLICATION,
                                                   AWARD_CHANGED_CHANGE_HELD, held->hold, 1);
        assert_int_equal(desk_take(desk, &award_changed_event, &changed), DECIDED);
    }
    desk_take(desk, &incentive_approved_event, &approved);
    desk_fire(desk, TIMER_PAY, desk_entitlement_id(desk, ITEM, 1), MIDNIGHT(2021, 4, 10));
}

static void an_instalment_is_held_with_all_its_reasons(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof held_cases / sizeof held_cases[0]; i++) {
        struct desk desk;
        const struct held_case *held = &held_cases[i];
        desk_open(&desk, 12);
        take_held(&desk, held);
        bool pays = held->reasons[0] == '\0';
        if (strcmp(desk_reasons(&desk, ITEM, 1), held->reasons) != 0 ||
            desk.requested_count != (pays ? 1 : 0))
            fail_msg("%s: %s %s", held->name, desk_status(&desk, ITEM, 1),
                     desk_reasons(&desk, ITEM, 1));
        assert_string_equal(desk_status(&desk, ITEM, 1), pays ? "IN_FLIGHT" : "HELD");
        assert_int_equal(desk.message_count, pays ? 0 : 1);
        desk_close(&desk);
    }
}

/* Whatever is wrong with an account, the right one linked ends it, and nothing else does. */
static void the_right_account_ends_every_hold_of_an_account(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof held_cases / sizeof held_cases[0]; i++) {
        struct desk desk;
        const struct held_case *held = &held_cases[i];
        if (held->reasons[0] == '\0' || held->no_decree || held->hold != NULL)
            continue;
        desk_open(&desk, 12);
        take_held(&desk, held);
        struct award_changed decreed =
            desk_change(&desk, AWARD_CHANGED_BY_OFFICER, AWARD_CHANGED_CHANGE_DECREED, "", 1);
        decreed.has_decree_no = true;
        decreed.decree_no = SLICE("KEP-2");
        desk_take(&desk, &award_changed_event, &decreed);
        desk_run(&desk, NOON(2021, 5, 1));
        assert_int_equal(desk.requested_count, 0);
        struct account_linked right = desk_link(&desk);
        right.revision = 3;
        right.account_no = SLICE("55501");
        right.linked_at = NOON(2021, 5, 2);
        assert_int_equal(desk_take(&desk, &account_linked_event, &right), DECIDED);
        desk_run(&desk, NOON(2021, 5, 2));
        if (strcmp(desk_status(&desk, ITEM, 1), "IN_FLIGHT") != 0)
            fail_msg("%s: still %s", held->name, desk_reasons(&desk, ITEM, 1));
        assert_int_equal(desk.requested_count, 1);
        desk_close(&desk);
    }
}

/* The first day of each partner, and the last day before it; the award's scheme and year do not count. */
static void a_partner_counts_by_the_day_of_the_payment(void **state)
{
    static const struct {
        const char *partner;
        int wave;
        struct civil day;
        const char *status;
    } days[] = {
        {"DANA", 4, {2020, 10, 13}, "HELD"},        {"DANA", 4, {2020, 10, 14}, "IN_FLIGHT"},
        {"BCA", 23, {2022, 11, 30}, "HELD"},        {"BCA", 23, {2022, 12, 1}, "IN_FLIGHT"},
        {"BCA", 4, {2022, 12, 1}, "IN_FLIGHT"},     {"DANA", 48, {2023, 6, 1}, "IN_FLIGHT"},
        {"BNI", 1, {2020, 4, 11}, "IN_FLIGHT"},     {"GOPAY", 1, {2020, 10, 13}, "IN_FLIGHT"},
        {"LINKAJA", 48, {2024, 1, 1}, "IN_FLIGHT"}, {"SHOPEEPAY", 48, {2024, 1, 1}, "HELD"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++) {
        struct desk desk;
        desk_open(&desk, days[i].wave);
        epoch_day due_on = day_from_civil(days[i].day);
        struct application_decided awarded = desk_awarded(&desk);
        struct account_linked linked = desk_link(&desk);
        struct incentive_approved approved =
            desk_approval(&desk, ITEM, 1, due_on, RUPIAH(600000));
        approved.approved_at = day_to_instant(due_on, 7 * 60) - US_PER_DAY;
        linked.partner = slice_of(days[i].partner);
        desk_take(&desk, &application_decided_event, &awarded);
        desk_take(&desk, &account_linked_event, &linked);
        desk_take(&desk, &incentive_approved_event, &approved);
        desk_fire(&desk, TIMER_PAY, desk_entitlement_id(&desk, ITEM, 1),
                  day_to_instant(due_on, 7 * 60));
        if (strcmp(desk_status(&desk, ITEM, 1), days[i].status) != 0)
            fail_msg("%s on %d-%02d-%02d: %s", days[i].partner, days[i].day.year,
                     days[i].day.month, days[i].day.day, desk_status(&desk, ITEM, 1));
        desk_close(&desk);
    }
}

static void two_payees_of_one_account_number_are_held(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk, 12);
    desk_ready(&desk);
    struct account_linked other = desk_link(&desk);
    other.payee_ref = SLICE("11111111-2222-8333-8444-555555555555");
    assert_int_equal(desk_take(&desk, &account_linked_event, &other), DECIDED);
    desk_run(&desk, MIDNIGHT(2021, 4, 10));
    assert_string_equal(desk_reasons(&desk, ITEM, 1), "FRAUD_SHARED_PAYEE");
    /* The other one links another account: now the number is this payee's alone, and the
     * officer who looked into it says so. */
    other.revision = 2;
    other.account_no = SLICE("555");
    assert_int_equal(desk_take(&desk, &account_linked_event, &other), DECIDED);
    struct account_linked again = desk_link(&desk);
    again.revision = 2;
    again.linked_at = NOON(2021, 4, 12);
    assert_int_equal(desk_take(&desk, &account_linked_event, &again), DECIDED);
    desk_run(&desk, NOON(2021, 4, 12));
    assert_string_equal(desk_status(&desk, ITEM, 1), "IN_FLIGHT");
    desk_close(&desk);
}

static void an_account_linked_late_wakes_what_waits_for_it(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk, 12);
    struct application_decided awarded = desk_awarded(&desk);
    struct account_linked linked = desk_link(&desk);
    struct incentive_approved approved =
        desk_approval(&desk, ITEM, 4, DAY(2021, 4, 10), RUPIAH(600000));
    desk_take(&desk, &application_decided_event, &awarded);
    desk_take(&desk, &incentive_approved_event, &approved);
    desk_run(&desk, NOON(2021, 5, 10));
    assert_string_equal(desk_reasons(&desk, ITEM, 1), "ACCT_NOT_LINKED");
    assert_string_equal(desk_reasons(&desk, ITEM, 2), "ACCT_NOT_LINKED");
    assert_string_equal(desk_status(&desk, ITEM, 3), "APPROVED");
    /* Linked before the due day, told after it: the payment is of the due day, not before. */
    assert_int_equal(desk_take(&desk, &account_linked_event, &linked), DECIDED);
    desk_run(&desk, NOON(2021, 5, 10));
    assert_int_equal(desk.requested_count, 2);
    assert_int_equal(desk_entitlement(&desk, ITEM, 2)->attempts.items[0].sent_at,
                     MIDNIGHT(2021, 5, 10));
    assert_string_equal(desk_status(&desk, ITEM, 3), "APPROVED");
    desk_close(&desk);
}

static void an_approval_that_comes_first_waits_for_its_award(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk, 12);
    struct application_decided awarded = desk_awarded(&desk);
    struct enrolment_decided enrolled = desk_enrolled(&desk, "E-1", RUPIAH(800000));
    struct incentive_approved approved =
        desk_approval(&desk, ITEM, 1, DAY(2021, 4, 10), RUPIAH(600000));
    struct award_changed changed = desk_change(&desk, AWARD_CHANGED_BY_APPLICATION,
                                               AWARD_CHANGED_CHANGE_HELD, "FRAUD_SUSPECTED", 1);
    assert_int_equal(desk_take(&desk, &incentive_approved_event, &approved), WAITING);
    assert_int_equal(desk_take(&desk, &enrolment_decided_event, &enrolled), WAITING);
    assert_int_equal(desk_take(&desk, &award_changed_event, &changed), WAITING);
    assert_int_equal(desk_take(&desk, &application_decided_event, &awarded), DECIDED);
    assert_int_equal(desk.waiter_count, 0);
    assert_string_equal(desk_status(&desk, ITEM, 1), "APPROVED");
    assert_int_equal(desk_balance(&desk, USED), RUPIAH(800000));
    assert_int_equal(desk_award(&desk)->holds.count, 1);
    desk_close(&desk);
}

static void an_amount_that_is_not_known_is_never_paid(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk, 12);
    struct incentive_approved approved = desk_approval(&desk, ITEM, 1, DAY(2021, 4, 10), 0);
    desk_give_award(&desk);
    desk_take(&desk, &incentive_approved_event, &approved);
    desk_run(&desk, NOON(2021, 4, 10));
    assert_string_equal(desk_reasons(&desk, ITEM, 1), "AMOUNT_UNKNOWN");
    struct uuid id = desk_entitlement_id(&desk, ITEM, 1);
    struct case_resolved resolved = desk_case(&desk, &id, "AMOUNT_UNKNOWN",
                                              CASE_RESOLVED_OUTCOME_WAIVED, NOON(2021, 4, 10));
    assert_int_equal(desk_take(&desk, &case_resolved_event, &resolved), DECIDED);
    assert_int_equal(desk.requested_count, 0); /* nobody can waive what nobody knows */
    assert_string_equal(desk_reasons(&desk, ITEM, 1), "AMOUNT_UNKNOWN");
    approved = desk_approval(&desk, ITEM, 1, DAY(2021, 4, 10), RUPIAH(600000));
    assert_int_equal(desk_take(&desk, &incentive_approved_event, &approved), DECIDED);
    desk_run(&desk, NOON(2021, 4, 10));
    assert_int_equal(desk.requested_count, 1);
    desk_close(&desk);
}

/* As completion tells an item of unknown amount: no instalment at all. */
static void an_approval_without_instalments_is_shown_and_held(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk, 12);
    struct incentive_approved approved =
        desk_approval(&desk, ITEM, 1, DAY(2021, 4, 10), RUPIAH(600000));
    size_t count = approved.instalments.count;
    approved.instalments.count = 0;
    desk_give_award(&desk);
    assert_int_equal(desk_take(&desk, &incentive_approved_event, &approved), DECIDED);
    assert_string_equal(desk_status(&desk, ITEM, 1), "HELD");
    assert_string_equal(desk_reasons(&desk, ITEM, 1), "AMOUNT_UNKNOWN");
    assert_int_equal(desk_take(&desk, &incentive_approved_event, &approved), REPEATED);
    approved.instalments.count = count; /* later somebody sets the amount, and a day */
    assert_int_equal(desk_take(&desk, &incentive_approved_event, &approved), DECIDED);
    desk_run(&desk, NOON(2021, 4, 10));
    assert_int_equal(desk.requested_count, 1);
    desk_close(&desk);
}

static void nothing_is_paid_above_the_awards_own_commitment(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk, 12);
    struct incentive_approved approved =
        desk_approval(&desk, ITEM, 1, DAY(2021, 4, 10), RUPIAH(2400000) + 1);
    desk_give_award(&desk);
    desk_take(&desk, &incentive_approved_event, &approved);
    desk_run(&desk, NOON(2021, 4, 10));
    assert_string_equal(desk_reasons(&desk, ITEM, 1), "BUDGET_EXHAUSTED");
    assert_int_equal(desk.requested_count, 0);
    desk_close(&desk);
}

static void a_pause_holds_until_it_is_over(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk, 12);
    struct programme_published published = {.programme = SLICE("kartu-prakerja"),
                                            .published_at = NOON(2021, 3, 1),
                                            .has_paused_from = true,
                                            .paused_from = DAY(2021, 4, 1),
                                            .has_paused_to = true,
                                            .paused_to = DAY(2021, 4, 11)};
    assert_int_equal(desk_take(&desk, &programme_published_event, &published), DECIDED);
    assert_int_equal(desk_take(&desk, &programme_published_event, &published), REPEATED);
    desk_ready(&desk);
    desk_run(&desk, NOON(2021, 4, 11));
    assert_string_equal(desk_reasons(&desk, ITEM, 1), "PROGRAMME_PAUSED");
    assert_int_equal(desk.message_count, 1); /* told once, not daily */
    desk_run(&desk, NOON(2021, 4, 12));
    assert_string_equal(desk_status(&desk, ITEM, 1), "IN_FLIGHT");
    desk_close(&desk);
}

static void approvals_that_cannot_be_are_refused(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk, 12);
    struct application_decided awarded = desk_awarded(&desk);
    desk_take(&desk, &application_decided_event, &awarded);
    struct incentive_approved approved =
        desk_approval(&desk, ITEM, 1, DAY(2021, 4, 10), RUPIAH(600000));
    struct incentive_approved wrong = approved;
    struct incentive_approved_instalment instalment = approved.instalments.items[0];
    instalment.number = 2; /* under the id of the first */
    wrong.instalments.items = &instalment;
    assert_int_equal(desk_take(&desk, &incentive_approved_event, &wrong), DEAD_LETTERED);
    assert_string_equal(desk.room.decision.reason, "BAD_ENTITLEMENT_ID");
    wrong = approved;
    wrong.currency = SLICE("MYR");
    assert_int_equal(desk_take(&desk, &incentive_approved_event, &wrong), DEAD_LETTERED);
    assert_string_equal(desk.room.decision.reason, "AWARD_MISMATCH");
    wrong = approved;
    wrong.payee.kind = INCENTIVE_APPROVED_PAYEE_KIND_UNKNOWN;
    assert_int_equal(desk_take(&desk, &incentive_approved_event, &wrong), DEAD_LETTERED);
    assert_string_equal(desk.room.decision.reason, "BAD_APPROVAL");
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_main_path_pays_what_was_approved),
        cmocka_unit_test(every_record_twice_pays_once),
        cmocka_unit_test(an_instalment_is_held_with_all_its_reasons),
        cmocka_unit_test(the_right_account_ends_every_hold_of_an_account),
        cmocka_unit_test(a_partner_counts_by_the_day_of_the_payment),
        cmocka_unit_test(two_payees_of_one_account_number_are_held),
        cmocka_unit_test(an_account_linked_late_wakes_what_waits_for_it),
        cmocka_unit_test(an_approval_that_comes_first_waits_for_its_award),
        cmocka_unit_test(an_amount_that_is_not_known_is_never_paid),
        cmocka_unit_test(an_approval_without_instalments_is_shown_and_held),
        cmocka_unit_test(nothing_is_paid_above_the_awards_own_commitment),
        cmocka_unit_test(a_pause_holds_until_it_is_over),
        cmocka_unit_test(approvals_that_cannot_be_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
