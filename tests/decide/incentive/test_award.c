/* What moves an award's money beside payouts: enrolments, providers, stops, ends,
 * repayments. */
#include "desk.h"

#define ITEM  "job_search_incentive"
#define PRICE RUPIAH(800000)

static void award(struct desk *desk)
{
    desk_open(desk, 12);
    struct application_decided awarded = desk_awarded(desk);
    assert_int_equal(desk_take(desk, &application_decided_event, &awarded), DECIDED);
}

static enum decision_kind enrol(struct desk *desk, int32_t status, int64_t price,
                                int64_t sequence)
{
    struct enrolment_decided enrolled = desk_enrolled(desk, "E-1", price);
    enrolled.status = status;
    enrolled.sequence = sequence;
    enrolled.has_price = status == ENROLMENT_DECIDED_STATUS_ACCEPTED;
    return desk_take(desk, &enrolment_decided_event, &enrolled);
}

static enum decision_kind change(struct desk *desk, int32_t by, int32_t what,
                                 const char *reason, int64_t sequence)
{
    struct award_changed changed = desk_change(desk, by, what, reason, sequence);
    return desk_take(desk, &award_changed_event, &changed);
}

static void link_provider(struct desk *desk)
{
    struct account_linked linked = desk_link(desk);
    linked.payee_kind = ACCOUNT_LINKED_PAYEE_KIND_PROVIDER;
    linked.payee_ref = SLICE("LPK-77");
    linked.has_holder_national_id = linked.has_msisdn = linked.has_kyc_level = false;
    assert_int_equal(desk_take(desk, &account_linked_event, &linked), DECIDED);
}

static void an_enrolment_uses_its_price_and_gives_it_back(void **state)
{
    static const struct {
        int32_t status;
        int64_t price, sequence;
        enum decision_kind kind;
        int64_t used;
    } steps[] = {
        {ENROLMENT_DECIDED_STATUS_HELD, 0, 1, DECIDED, 0},
        {ENROLMENT_DECIDED_STATUS_ACCEPTED, PRICE, 2, DECIDED, PRICE},
        {ENROLMENT_DECIDED_STATUS_ACCEPTED, PRICE, 2, REPEATED, PRICE},
        {ENROLMENT_DECIDED_STATUS_ACCEPTED, PRICE, 1, REPEATED, PRICE},
        {ENROLMENT_DECIDED_STATUS_REJECTED, 0, 3, DECIDED, 0},
        {ENROLMENT_DECIDED_STATUS_ACCEPTED, PRICE, 4, DECIDED, PRICE},
        {ENROLMENT_DECIDED_STATUS_EXPIRED, 0, 5, DECIDED, 0},
        {ENROLMENT_DECIDED_STATUS_ACCEPTED, RUPIAH(1000000) + 1, 6, DEAD_LETTERED, 0},
        {ENROLMENT_DECIDED_STATUS_ACCEPTED, RUPIAH(1000000), 6, DECIDED, RUPIAH(1000000)},
    };
    struct desk desk;
    (void)state;
    award(&desk);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        assert_int_equal(enrol(&desk, steps[i].status, steps[i].price, steps[i].sequence),
                         steps[i].kind);
        assert_int_equal(desk_balance(&desk, USED), steps[i].used);
        assert_int_equal(desk_balance(&desk, COMMITTED), PACKAGE - steps[i].used);
    }
    desk_close(&desk);
}

/* The price and the approval of the training come in either order. */
static void a_provider_is_paid_the_used_price(void **state)
{
    (void)state;
    for (int approved_first = 0; approved_first < 2; approved_first++) {
        struct desk desk;
        award(&desk);
        link_provider(&desk);
        struct incentive_approved approved =
            desk_approval(&desk, "training", 1, DAY(2021, 4, 1), PRICE);
        if (!approved_first)
            enrol(&desk, ENROLMENT_DECIDED_STATUS_ACCEPTED, PRICE, 1);
        assert_int_equal(desk_take(&desk, &incentive_approved_event, &approved), DECIDED);
        if (approved_first) {
            assert_string_equal(desk_reasons(&desk, "training", 1), "BUDGET_EXHAUSTED");
            enrol(&desk, ENROLMENT_DECIDED_STATUS_ACCEPTED, PRICE, 1);
            desk_run(&desk, NOON(2021, 4, 1));
        }
        assert_int_equal(desk.requested_count, 1);
        assert_int_equal(desk.message_count, 0); /* a provider has no SMS */
        assert_int_equal(desk_balance(&desk, IN_FLIGHT), PRICE);
        assert_int_equal(desk_balance(&desk, USED), 0);
        struct payout_settled settled = desk_answer(
            &desk, "training", 1, 1, PAYOUT_SETTLED_STATUS_REJECTED, NOON(2021, 4, 2));
        desk_take(&desk, &payout_settled_event, &settled);
        assert_int_equal(desk_balance(&desk, PAYABLE), PRICE);
        /* A refused enrolment cannot take back what its provider is owed. */
        assert_int_equal(enrol(&desk, ENROLMENT_DECIDED_STATUS_REJECTED, 0, 2), DEAD_LETTERED);
        desk_close(&desk);
    }
}

static void a_revoked_award_releases_what_nobody_used(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk, 12);
    desk_ready(&desk);
    enrol(&desk, ENROLMENT_DECIDED_STATUS_ACCEPTED, PRICE, 1);
    assert_int_equal(change(&desk, AWARD_CHANGED_BY_COMPLETION, AWARD_CHANGED_CHANGE_REVOKED,
                            "FIRST_TRAINING_LATE", 1),
                     DECIDED);
    const struct payout_closed *closed = room_output(&desk.room, &payout_closed_event, 0);
    assert_int_equal(closed->outcome, PAYOUT_CLOSED_OUTCOME_CANCELLED);
    assert_string_equal(desk_status(&desk, ITEM, 1), "REFUSED");
    assert_int_equal(desk.released, PACKAGE - PRICE);
    assert_int_equal(desk.released_count, 3); /* one a component, each under its own sequence */
    const struct commitment_released *second =
        room_output(&desk.room, &commitment_released_event, 1);
    assert_int_equal(second->sequence, 2);
    /* What an enrolment gives back afterwards is released too. */
    enrol(&desk, ENROLMENT_DECIDED_STATUS_EXPIRED, 0, 2);
    assert_int_equal(desk.released, PACKAGE);
    desk_run(&desk, NOON(2021, 6, 1));
    assert_int_equal(desk.requested_count, 0);
    assert_int_equal(desk_balance(&desk, COMMITTED), 0);
    desk_close(&desk);
}

static void what_is_in_flight_at_the_end_is_waited_for(void **state)
{
    static const struct {
        int32_t status;
        int64_t paid;
        const char *ends;
    } answers[] = {{PAYOUT_SETTLED_STATUS_PAID, RUPIAH(600000), "PAID"},
                   {PAYOUT_SETTLED_STATUS_REJECTED, 0, "CANCELLED"},
                   {PAYOUT_SETTLED_STATUS_NOT_FOUND, 0, "CANCELLED"}};
    (void)state;
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        struct desk desk;
        desk_open(&desk, 12);
        desk_ready(&desk);
        desk_run(&desk, MIDNIGHT(2021, 4, 10));
        change(&desk, AWARD_CHANGED_BY_COMPLETION, AWARD_CHANGED_CHANGE_CLOSED,
               "BALANCE_RETURNED", 1);
        assert_int_equal(desk.released, PACKAGE - RUPIAH(600000));
        struct payout_settled settled =
            desk_answer(&desk, ITEM, 1, 1, answers[i].status, NOON(2021, 5, 2));
        assert_int_equal(desk_take(&desk, &payout_settled_event, &settled), DECIDED);
        assert_string_equal(desk_status(&desk, ITEM, 1), answers[i].ends);
        assert_int_equal(desk.released, PACKAGE - answers[i].paid);
        assert_int_equal(desk_balance(&desk, COMMITTED), 0);
        assert_int_equal(desk.requested_count, 1);
        desk_close(&desk);
    }
}

static void a_stop_ends_instalments_known_and_to_come(void **state)
{
    struct desk desk;
    (void)state;
    award(&desk);
    struct incentive_approved approved =
        desk_approval(&desk, ITEM, 4, DAY(2021, 4, 10), RUPIAH(600000));
    struct incentive_stopped stopped = {.award_id = desk.award_id,
                                        .item = SLICE(ITEM),
                                        .from_instalment = 3,
                                        .effect = INCENTIVE_STOPPED_EFFECT_STOPPED,
                                        .reason = SLICE("AUDIT_FINDING"),
                                        .occurred_at = NOON(2021, 4, 2),
                                        .sequence = 1};
    desk_take(&desk, &incentive_approved_event, &approved);
    assert_int_equal(desk_take(&desk, &incentive_stopped_event, &stopped), DECIDED);
    assert_int_equal(desk_take(&desk, &incentive_stopped_event, &stopped), REPEATED);
    assert_string_equal(desk_status(&desk, ITEM, 2), "APPROVED");
    assert_string_equal(desk_status(&desk, ITEM, 3), "STOPPED");
    assert_string_equal(desk_status(&desk, ITEM, 4), "STOPPED");
    stopped.item = SLICE("survey_incentive");
    stopped.from_instalment = 1;
    stopped.effect = INCENTIVE_STOPPED_EFFECT_EXPIRED;
    desk_take(&desk, &incentive_stopped_event, &stopped);
    approved = desk_approval(&desk, "survey_incentive", 1, DAY(2021, 4, 10), RUPIAH(50000));
    assert_int_equal(desk_take(&desk, &incentive_approved_event, &approved), DECIDED);
    assert_string_equal(desk_status(&desk, "survey_incentive", 1), "EXPIRED");
    desk_close(&desk);
}

static void an_expired_balance_goes_back_and_owed_prices_stay(void **state)
{
    struct desk desk;
    (void)state;
    award(&desk);
    enrol(&desk, ENROLMENT_DECIDED_STATUS_ACCEPTED, PRICE, 1);
    struct incentive_stopped stopped = {.award_id = desk.award_id,
                                        .item = SLICE("training"),
                                        .from_instalment = 1,
                                        .effect = INCENTIVE_STOPPED_EFFECT_EXPIRED,
                                        .reason = SLICE("BALANCE_RETURNED"),
                                        .occurred_at = NOON(2021, 12, 1),
                                        .sequence = 1};
    assert_int_equal(desk_take(&desk, &incentive_stopped_event, &stopped), DECIDED);
    assert_int_equal(desk.released, RUPIAH(1000000) - PRICE);
    struct incentive_approved approved =
        desk_approval(&desk, "training", 1, DAY(2021, 4, 1), PRICE);
    link_provider(&desk);
    desk_take(&desk, &incentive_approved_event, &approved);
    assert_string_equal(desk_status(&desk, "training", 1), "IN_FLIGHT");
    desk_close(&desk);
}

static void holds_are_a_set_over_several_writers(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk, 12);
    desk_ready(&desk);
    const char *why = "FRAUD_SUSPECTED";
    change(&desk, AWARD_CHANGED_BY_APPLICATION, AWARD_CHANGED_CHANGE_HELD, why, 1);
    change(&desk, AWARD_CHANGED_BY_OFFICER, AWARD_CHANGED_CHANGE_HELD, why, 1);
    desk_run(&desk, MIDNIGHT(2021, 4, 10));
    assert_string_equal(desk_reasons(&desk, ITEM, 1), "AWARD_HELD,FRAUD_SUSPECTED");
    assert_int_equal(
        change(&desk, AWARD_CHANGED_BY_OFFICER, AWARD_CHANGED_CHANGE_RELEASED, why, 2),
        DECIDED);
    assert_int_equal(
        change(&desk, AWARD_CHANGED_BY_OFFICER, AWARD_CHANGED_CHANGE_RELEASED, why, 2),
        REPEATED);
    desk_run(&desk, NOON(2021, 5, 1));
    assert_string_equal(desk_status(&desk, ITEM, 1), "HELD");
    change(&desk, AWARD_CHANGED_BY_APPLICATION, AWARD_CHANGED_CHANGE_RELEASED, why, 2);
    desk_run(&desk, NOON(2021, 5, 1));
    assert_string_equal(desk_status(&desk, ITEM, 1), "IN_FLIGHT");
    desk_close(&desk);
}

/* Written otherwise than the applicant's, it would be another's, and the payment would be held for a changed phone. */
static void a_number_that_is_not_in_its_one_form_is_refused(void **state)
{
    static const char *const odd[] = {"+62 812-3456-7890", "081234567890", "+62", "",
                                      "+6281234567890123"};
    (void)state;
    struct desk desk;
    desk_open(&desk, 12);
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        struct account_linked linked = desk_link(&desk);
        linked.msisdn = slice_of(odd[i]);
        assert_int_equal(desk_take(&desk, &account_linked_event, &linked), DEAD_LETTERED);
    }
    desk_close(&desk);
}

static void a_hold_names_its_reason(void **state)
{
    (void)state;
    struct desk desk;
    desk_open(&desk, 12);
    desk_ready(&desk);
    struct award_changed held =
        desk_change(&desk, AWARD_CHANGED_BY_OFFICER, AWARD_CHANGED_CHANGE_HELD, "", 1);
    struct incentive_approved approved =
        desk_approval(&desk, ITEM, 1, DAY(2021, 4, 10), RUPIAH(600000));
    assert_int_equal(desk_take(&desk, &award_changed_event, &held), DEAD_LETTERED);
    desk_take(&desk, &incentive_approved_event, &approved);
    desk_run(&desk, NOON(2021, 4, 10));
    assert_int_equal(desk.requested_count, 1);
    desk_close(&desk);
}

static void a_decree_that_comes_later_lets_the_payment_go(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk, 12);
    struct application_decided awarded = desk_awarded(&desk);
    struct account_linked linked = desk_link(&desk);
    struct incentive_approved approved =
        desk_approval(&desk, ITEM, 1, DAY(2021, 4, 10), RUPIAH(600000));
    awarded.has_decree_no = false;
    desk_take(&desk, &application_decided_event, &awarded);
    desk_take(&desk, &account_linked_event, &linked);
    desk_take(&desk, &incentive_approved_event, &approved);
    desk_run(&desk, NOON(2021, 4, 10));
    assert_string_equal(desk_reasons(&desk, ITEM, 1), "DECREE_MISSING");
    struct award_changed decreed =
        desk_change(&desk, AWARD_CHANGED_BY_OFFICER, AWARD_CHANGED_CHANGE_DECREED, "DECREE", 1);
    decreed.has_decree_no = true;
    decreed.decree_no = SLICE("KEP-1");
    desk_take(&desk, &award_changed_event, &decreed);
    desk_run(&desk, NOON(2021, 5, 1));
    assert_int_equal(desk.requested_count, 1);
    desk_close(&desk);
}

static void a_repayment_is_never_more_than_was_paid(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk, 12);
    desk_ready(&desk);
    desk_run(&desk, MIDNIGHT(2021, 4, 10));
    struct payout_settled settled =
        desk_answer(&desk, ITEM, 1, 1, PAYOUT_SETTLED_STATUS_PAID, NOON(2021, 4, 10));
    desk_take(&desk, &payout_settled_event, &settled);
    struct award_changed changed =
        desk_change(&desk, AWARD_CHANGED_BY_OFFICER, AWARD_CHANGED_CHANGE_RECOVERY_NOTICED,
                    "AUDIT_FINDING", 1);
    changed.has_amount = true;
    changed.amount = RUPIAH(600000);
    assert_int_equal(desk_take(&desk, &award_changed_event, &changed), DECIDED);
    const struct notification_requested *told =
        room_output(&desk.room, &notification_requested_event, 0);
    assert_true(slice_is(told->kind, "recovery_noticed"));
    changed.change = AWARD_CHANGED_CHANGE_REPAID;
    changed.sequence = 2;
    changed.amount = RUPIAH(600000) + 1;
    assert_int_equal(desk_take(&desk, &award_changed_event, &changed), DEAD_LETTERED);
    changed.amount = RUPIAH(600000);
    assert_int_equal(desk_take(&desk, &award_changed_event, &changed), DECIDED);
    assert_int_equal(desk_balance(&desk, RECOVERED), RUPIAH(600000));
    assert_int_equal(desk_balance(&desk, PAID), 0);
    desk_close(&desk);
}

static void an_officer_may_end_only_what_the_file_lets_officers_end(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk, 12);
    struct incentive_approved approved =
        desk_approval(&desk, ITEM, 2, DAY(2021, 4, 10), RUPIAH(600000));
    struct account_linked other = desk_link(&desk);
    other.payee_ref = SLICE("11111111-2222-8333-8444-555555555555");
    desk_give_award(&desk);
    desk_take(&desk, &account_linked_event, &other);
    desk_take(&desk, &incentive_approved_event, &approved);
    desk_run(&desk, NOON(2021, 5, 10));
    struct uuid first = desk_entitlement_id(&desk, ITEM, 1);
    struct case_resolved resolved = desk_case(&desk, &first, "ACCT_NOT_LINKED",
                                              CASE_RESOLVED_OUTCOME_WAIVED, NOON(2021, 5, 15));
    assert_int_equal(desk_take(&desk, &case_resolved_event, &resolved), REPEATED);
    resolved.reason = SLICE("FRAUD_SHARED_PAYEE");
    assert_int_equal(desk_take(&desk, &case_resolved_event, &resolved), DECIDED);
    assert_string_equal(desk_status(&desk, ITEM, 1), "IN_FLIGHT");
    struct uuid second = desk_entitlement_id(&desk, ITEM, 2);
    resolved = desk_case(&desk, &second, "FRAUD_SHARED_PAYEE", CASE_RESOLVED_OUTCOME_UPHELD,
                         NOON(2021, 5, 15));
    assert_int_equal(desk_take(&desk, &case_resolved_event, &resolved), DECIDED);
    assert_string_equal(desk_status(&desk, ITEM, 2), "CANCELLED");
    assert_int_equal(desk_take(&desk, &case_resolved_event, &resolved), REPEATED);
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_enrolment_uses_its_price_and_gives_it_back),
        cmocka_unit_test(a_provider_is_paid_the_used_price),
        cmocka_unit_test(a_revoked_award_releases_what_nobody_used),
        cmocka_unit_test(what_is_in_flight_at_the_end_is_waited_for),
        cmocka_unit_test(a_stop_ends_instalments_known_and_to_come),
        cmocka_unit_test(an_expired_balance_goes_back_and_owed_prices_stay),
        cmocka_unit_test(holds_are_a_set_over_several_writers),
        cmocka_unit_test(a_number_that_is_not_in_its_one_form_is_refused),
        cmocka_unit_test(a_hold_names_its_reason),
        cmocka_unit_test(a_decree_that_comes_later_lets_the_payment_go),
        cmocka_unit_test(a_repayment_is_never_more_than_was_paid),
        cmocka_unit_test(an_officer_may_end_only_what_the_file_lets_officers_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
