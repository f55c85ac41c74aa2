/* What answers in a row do to one instalment, and the silence in between; test_cells.c has every single cell. */
#include "desk.h"

#define ITEM   "job_search_incentive"
#define AMOUNT RUPIAH(600000)

/* One instruction is under way since 10 April, midnight. */
static void begin(struct desk *desk)
{
    desk_open(desk, 12);
    desk_ready(desk);
    desk_run(desk, MIDNIGHT(2021, 4, 10));
    assert_string_equal(desk_status(desk, ITEM, 1), "IN_FLIGHT");
}

static enum decision_kind answer(struct desk *desk, int attempt, int32_t status, instant_us at)
{
    struct payout_settled settled = desk_answer(desk, ITEM, 1, attempt, status, at);
    return desk_take(desk, &payout_settled_event, &settled);
}

static enum decision_kind refuse(struct desk *desk, int attempt, const char *code,
                                 instant_us at)
{
    struct payout_settled settled =
        desk_answer(desk, ITEM, 1, attempt, PAYOUT_SETTLED_STATUS_REJECTED, at);
    settled.has_reason_code = true;
    settled.reason_code = slice_of(code);
    return desk_take(desk, &payout_settled_event, &settled);
}

static void relink(struct desk *desk, int revision, instant_us at)
{
    struct account_linked linked = desk_link(desk);
    linked.revision = revision;
    linked.account_no = SLICE("777000777");
    linked.linked_at = at;
    assert_int_equal(desk_take(desk, &account_linked_event, &linked), DECIDED);
}

static const struct {
    const char *name;
    int32_t statuses[4]; /* answers to the first attempt, an hour apart; 0 ends */
    const char *status, *reasons;
    int64_t committed_less, in_flight, paid;
    size_t closed_paid;
} cells[] = {
    {"in flight", {0}, "IN_FLIGHT", "", AMOUNT, AMOUNT, 0, 0},
    {"accepted", {PAYOUT_SETTLED_STATUS_ACCEPTED}, "IN_FLIGHT", "", AMOUNT, AMOUNT, 0, 0},
    {"pending", {PAYOUT_SETTLED_STATUS_PENDING}, "IN_FLIGHT", "", AMOUNT, AMOUNT, 0, 0},
    {"paid", {PAYOUT_SETTLED_STATUS_PAID}, "PAID", "", AMOUNT, 0, AMOUNT, 1},
    {"accepted, paid",
     {PAYOUT_SETTLED_STATUS_ACCEPTED, PAYOUT_SETTLED_STATUS_PAID},
     "PAID",
     "",
     AMOUNT,
     0,
     AMOUNT,
     1},
    {"paid, accepted",
     {PAYOUT_SETTLED_STATUS_PAID, PAYOUT_SETTLED_STATUS_ACCEPTED},
     "PAID",
     "",
     AMOUNT,
     0,
     AMOUNT,
     1},
    {"paid twice",
     {PAYOUT_SETTLED_STATUS_PAID, PAYOUT_SETTLED_STATUS_PAID},
     "PAID",
     "",
     AMOUNT,
     0,
     AMOUNT,
     1},
    {"rejected", {PAYOUT_SETTLED_STATUS_REJECTED}, "HELD", "PROVIDER_REJECTED", 0, 0, 0, 0},
    {"rejected twice",
     {PAYOUT_SETTLED_STATUS_REJECTED, PAYOUT_SETTLED_STATUS_REJECTED},
     "HELD",
     "PROVIDER_REJECTED",
     0,
     0,
     0,
     0},
    {"rejected, then paid after all",
     {PAYOUT_SETTLED_STATUS_REJECTED, PAYOUT_SETTLED_STATUS_PAID},
     "PAID",
     "",
     AMOUNT,
     0,
     AMOUNT,
     1},
    {"paid, then rejected",
     {PAYOUT_SETTLED_STATUS_PAID, PAYOUT_SETTLED_STATUS_REJECTED},
     "PAID",
     "RECONCILE_MISMATCH",
     AMOUNT,
     0,
     AMOUNT,
     2},
    {"paid, returned",
     {PAYOUT_SETTLED_STATUS_PAID, PAYOUT_SETTLED_STATUS_RETURNED},
     "HELD",
     "PROVIDER_REJECTED",
     0,
     0,
     0,
     1},
    {"returned in flight",
     {PAYOUT_SETTLED_STATUS_RETURNED},
     "HELD",
     "PROVIDER_REJECTED",
     0,
     0,
     0,
     0},
    {"paid, returned, returned",
     {PAYOUT_SETTLED_STATUS_PAID, PAYOUT_SETTLED_STATUS_RETURNED,
      PAYOUT_SETTLED_STATUS_RETURNED},
     "HELD",
     "PROVIDER_REJECTED",
     0,
     0,
     0,
     1},
    {"paid, returned, paid after all",
     {PAYOUT_SETTLED_STATUS_PAID, PAYOUT_SETTLED_STATUS_RETURNED, PAYOUT_SETTLED_STATUS_PAID},
     "PAID",
     "",
     AMOUNT,
     0,
     AMOUNT,
     2},
    {"not found", {PAYOUT_SETTLED_STATUS_NOT_FOUND}, "IN_FLIGHT", "", AMOUNT, AMOUNT, 0, 0},
    {"not found, paid",
     {PAYOUT_SETTLED_STATUS_NOT_FOUND, PAYOUT_SETTLED_STATUS_PAID},
     "PAID",
     "",
     AMOUNT,
     0,
     AMOUNT,
     1},
    {"paid, not found",
     {PAYOUT_SETTLED_STATUS_PAID, PAYOUT_SETTLED_STATUS_NOT_FOUND},
     "PAID",
     "",
     AMOUNT,
     0,
     AMOUNT,
     1},
};

static void answers_in_a_row_balance(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++) {
        struct desk desk;
        begin(&desk);
        for (int n = 0; n < 4 && cells[i].statuses[n] != 0; n++)
            answer(&desk, 1, cells[i].statuses[n],
                   MIDNIGHT(2021, 4, 10) + (n + 1) * 3600 * US_PER_SECOND);
        if (strcmp(desk_status(&desk, ITEM, 1), cells[i].status) != 0 ||
            strcmp(desk_reasons(&desk, ITEM, 1), cells[i].reasons) != 0)
            fail_msg("%s: %s %s", cells[i].name, desk_status(&desk, ITEM, 1),
                     desk_reasons(&desk, ITEM, 1));
        assert_int_equal(desk_balance(&desk, COMMITTED), PACKAGE - cells[i].committed_less);
        assert_int_equal(desk_balance(&desk, IN_FLIGHT), cells[i].in_flight);
        assert_int_equal(desk_balance(&desk, PAID), cells[i].paid);
        if (desk.paid_count != cells[i].closed_paid)
            fail_msg("%s: told paid %zu times", cells[i].name, desk.paid_count);
        desk_close(&desk);
    }
}

/* A copy of the first PAID that comes after the money was returned is old news. */
static void an_old_paid_does_not_undo_a_return(void **state)
{
    struct desk desk;
    (void)state;
    begin(&desk);
    instant_us paid_at = NOON(2021, 4, 10), returned_at = NOON(2021, 4, 12);
    answer(&desk, 1, PAYOUT_SETTLED_STATUS_PAID, paid_at);
    answer(&desk, 1, PAYOUT_SETTLED_STATUS_RETURNED, returned_at);
    assert_int_equal(answer(&desk, 1, PAYOUT_SETTLED_STATUS_PAID, paid_at), REPEATED);
    assert_int_equal(answer(&desk, 1, PAYOUT_SETTLED_STATUS_PAID, returned_at), REPEATED);
    assert_int_equal(desk_balance(&desk, PAID), 0);
    desk_close(&desk);
}

static void a_refusal_is_tried_again_when_another_account_is_linked(void **state)
{
    struct desk desk;
    (void)state;
    begin(&desk);
    assert_int_equal(refuse(&desk, 1, "AC04", NOON(2021, 4, 10)), DECIDED);
    assert_string_equal(desk_reasons(&desk, ITEM, 1), "AC04,PROVIDER_REJECTED");
    const struct payout_closed *closed = room_output(&desk.room, &payout_closed_event, 0);
    assert_int_equal(closed->outcome, PAYOUT_CLOSED_OUTCOME_HELD);
    assert_int_equal(closed->has_occurred_at ? closed->occurred_at : 0, NOON(2021, 4, 10));
    assert_int_equal(desk.message_count, 1);
    /* Something else that wakes it mends nothing. */
    struct award_changed decreed =
        desk_change(&desk, AWARD_CHANGED_BY_OFFICER, AWARD_CHANGED_CHANGE_DECREED, "DECREE", 1);
    decreed.has_decree_no = true;
    decreed.decree_no = SLICE("KEP-13/2021");
    desk_take(&desk, &award_changed_event, &decreed);
    desk_run(&desk, NOON(2021, 5, 2));
    assert_int_equal(desk.requested_count, 1);
    assert_int_equal(desk.message_count, 1);
    relink(&desk, 2, NOON(2021, 5, 3));
    desk_run(&desk, NOON(2021, 5, 3));
    assert_int_equal(desk.requested_count, 2);
    assert_int_equal(desk_entitlement(&desk, ITEM, 1)->attempts.count, 2);
    assert_int_equal(answer(&desk, 2, PAYOUT_SETTLED_STATUS_PAID, NOON(2021, 5, 4)), DECIDED);
    assert_int_equal(desk_balance(&desk, PAID), AMOUNT);
    desk_close(&desk);
}

static void a_passing_fault_is_tried_again_by_the_clock(void **state)
{
    struct desk desk;
    (void)state;
    begin(&desk);
    refuse(&desk, 1, "AB05", NOON(2021, 4, 10));
    desk_run(&desk, NOON(2021, 4, 11) - 1);
    assert_int_equal(desk.requested_count, 1);
    desk_run(&desk, NOON(2021, 4, 11));
    assert_int_equal(desk.requested_count, 2);
    desk_close(&desk);
}

/* Codes by the partner's file: what passes by itself is tried again, all others are an officer's or the payee's. */
static void only_the_partners_retry_codes_are_tried_again(void **state)
{
    static const struct {
        const char *code;
        bool again;
    } codes[] = {{"AB05", true},  {"AB06", true},  {"AB07", true},  {"AB08", true},
                 {"AM21", true},  {"TM01", true},  {"AC01", false}, {"AC04", false},
                 {"AC06", false}, {"AG01", false}, {"BE01", false}, {"MD07", false},
                 {"ZZ99", false}, {"ab05", false}, {"", false}};
    (void)state;
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        struct desk desk;
        begin(&desk);
        refuse(&desk, 1, codes[i].code, NOON(2021, 4, 10));
        const struct payout_closed *closed = room_output(&desk.room, &payout_closed_event, 0);
        assert_int_equal(closed->reasons.count, codes[i].code[0] == '\0' ? 1 : 2);
        desk_run(&desk, NOON(2021, 5, 10));
        if (desk.requested_count != (codes[i].again ? 2 : 1))
            fail_msg("\"%s\": %zu instructions", codes[i].code, desk.requested_count);
        desk_close(&desk);
    }
}

static void two_attempts_paid_are_both_booked_and_held(void **state)
{
    struct desk desk;
    (void)state;
    begin(&desk);
    refuse(&desk, 1, "AC04", NOON(2021, 4, 10));
    relink(&desk, 2, NOON(2021, 4, 11));
    desk_run(&desk, NOON(2021, 4, 11));
    /* The late word wins; the newer attempt is asked about. */
    assert_int_equal(answer(&desk, 1, PAYOUT_SETTLED_STATUS_PAID, NOON(2021, 4, 12)), DECIDED);
    const struct payout_queried *queried = room_output(&desk.room, &payout_queried_event, 0);
    assert_non_null(queried);
    assert_memory_equal(queried->instruction_id.data + 32, "-02", 3);
    assert_string_equal(desk_status(&desk, ITEM, 1), "PAID");
    assert_int_equal(answer(&desk, 2, PAYOUT_SETTLED_STATUS_PAID, NOON(2021, 4, 13)), DECIDED);
    assert_string_equal(desk_reasons(&desk, ITEM, 1), "RECONCILE_MISMATCH");
    assert_int_equal(desk_balance(&desk, PAID), 2 * AMOUNT);
    /* One comes back: all is well again. */
    assert_int_equal(answer(&desk, 2, PAYOUT_SETTLED_STATUS_RETURNED, NOON(2021, 4, 20)),
                     DECIDED);
    assert_string_equal(desk_status(&desk, ITEM, 1), "PAID");
    assert_string_equal(desk_reasons(&desk, ITEM, 1), "");
    assert_int_equal(desk_balance(&desk, PAID), AMOUNT);
    desk_close(&desk);
}

static void the_newer_attempt_refused_after_a_late_paid_leaves_one_payment(void **state)
{
    struct desk desk;
    (void)state;
    begin(&desk);
    refuse(&desk, 1, "AC04", NOON(2021, 4, 10));
    relink(&desk, 2, NOON(2021, 4, 11));
    desk_run(&desk, NOON(2021, 4, 11));
    answer(&desk, 1, PAYOUT_SETTLED_STATUS_PAID, NOON(2021, 4, 12));
    assert_int_equal(answer(&desk, 2, PAYOUT_SETTLED_STATUS_REJECTED, NOON(2021, 4, 13)),
                     DECIDED);
    assert_string_equal(desk_status(&desk, ITEM, 1), "PAID");
    assert_int_equal(desk_balance(&desk, PAID), AMOUNT);
    assert_int_equal(desk_balance(&desk, COMMITTED), PACKAGE - AMOUNT);
    desk_close(&desk);
}

static void silence_is_asked_about_before_anything_else(void **state)
{
    struct desk desk;
    (void)state;
    begin(&desk);
    instant_us sent_at = MIDNIGHT(2021, 4, 10), minute = 60 * US_PER_SECOND;
    struct uuid id = desk_entitlement_id(&desk, ITEM, 1);
    assert_int_equal(desk_fire(&desk, TIMER_ANSWER, id, sent_at + 30 * minute), DECIDED);
    const struct payout_queried *queried = room_output(&desk.room, &payout_queried_event, 0);
    assert_int_equal(queried->query, 1);
    assert_int_equal(queried->queried_at, sent_at + 30 * minute);
    assert_int_equal(desk_fire(&desk, TIMER_ANSWER, id, sent_at + 30 * minute), REPEATED);
    desk_run(&desk, sent_at + 150 * minute);
    assert_int_equal(desk_entitlement(&desk, ITEM, 1)->attempts.items[0].query_count, 2);
    /* The same instruction again, to the same account, though another one is linked now. */
    relink(&desk, 2, sent_at + 160 * minute);
    assert_int_equal(answer(&desk, 1, PAYOUT_SETTLED_STATUS_NOT_FOUND, sent_at + 170 * minute),
                     DECIDED);
    const struct payout_requested *requested =
        room_output(&desk.room, &payout_requested_event, 0);
    assert_int_equal(requested->attempt, 1);
    assert_true(slice_is(requested->creditor_account, ACCOUNT_NO));
    assert_int_equal(answer(&desk, 1, PAYOUT_SETTLED_STATUS_NOT_FOUND, sent_at + 170 * minute),
                     REPEATED);
    assert_int_equal(desk_balance(&desk, IN_FLIGHT), AMOUNT);
    answer(&desk, 1, PAYOUT_SETTLED_STATUS_PAID, sent_at + 200 * minute);
    desk_run(&desk, sent_at + 100000 * minute);
    assert_int_equal(desk.requested_count, 2);
    desk_close(&desk);
}

static const struct {
    const char *name;
    bool has_amount, has_currency;
    int64_t amount;
    const char *currency;
    const char *status;
} told_amounts[] = {
    {"no amount told", false, false, 0, "", "PAID"},
    {"the amount", true, true, AMOUNT, "IDR", "PAID"},
    {"one sen less", true, true, AMOUNT - 1, "IDR", "HELD"},
    {"a hundred times as much", true, true, AMOUNT * 100, "IDR", "HELD"},
    {"another currency", true, true, AMOUNT, "USD", "HELD"},
    {"another currency, no amount", false, true, 0, "MYR", "HELD"},
};

static void another_amount_than_was_asked_for_pays_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof told_amounts / sizeof told_amounts[0]; i++) {
        struct desk desk;
        begin(&desk);
        struct payout_settled settled =
            desk_answer(&desk, ITEM, 1, 1, PAYOUT_SETTLED_STATUS_PAID, NOON(2021, 4, 10));
        settled.has_amount = told_amounts[i].has_amount;
        settled.amount = told_amounts[i].amount;
        settled.has_currency = told_amounts[i].has_currency;
        settled.currency = slice_of(told_amounts[i].currency);
        assert_int_equal(desk_take(&desk, &payout_settled_event, &settled), DECIDED);
        if (strcmp(desk_status(&desk, ITEM, 1), told_amounts[i].status) != 0)
            fail_msg("%s: %s", told_amounts[i].name, desk_status(&desk, ITEM, 1));
        bool paid = strcmp(told_amounts[i].status, "PAID") == 0;
        assert_int_equal(desk_balance(&desk, PAID), paid ? AMOUNT : 0);
        assert_int_equal(desk_balance(&desk, IN_FLIGHT), paid ? 0 : AMOUNT);
        assert_string_equal(desk_reasons(&desk, ITEM, 1), paid ? "" : "RECONCILE_MISMATCH");
        assert_int_equal(desk_take(&desk, &payout_settled_event, &settled), REPEATED);
        desk_run(&desk, NOON(2021, 5, 10));
        assert_int_equal(desk.requested_count,
                         1); /* nobody tries again before an officer looked */
        desk_close(&desk);
    }
}

static void an_officer_ends_a_dispute_either_way(void **state)
{
    static const int32_t outcomes[] = {CASE_RESOLVED_OUTCOME_WAIVED,
                                       CASE_RESOLVED_OUTCOME_UPHELD};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct desk desk;
        begin(&desk);
        struct payout_settled settled =
            desk_answer(&desk, ITEM, 1, 1, PAYOUT_SETTLED_STATUS_PAID, NOON(2021, 4, 10));
        settled.has_amount = true;
        settled.amount = 1;
        desk_take(&desk, &payout_settled_event, &settled);
        struct uuid entitlement = desk_entitlement_id(&desk, ITEM, 1);
        struct case_resolved resolved = desk_case(&desk, &entitlement, "RECONCILE_MISMATCH",
                                                  outcomes[i], NOON(2021, 4, 15));
        assert_int_equal(desk_take(&desk, &case_resolved_event, &resolved), DECIDED);
        assert_string_equal(desk_status(&desk, ITEM, 1), i == 0 ? "PAID" : "HELD");
        assert_int_equal(desk_balance(&desk, IN_FLIGHT), 0);
        assert_int_equal(desk_balance(&desk, PAID), i == 0 ? AMOUNT : 0);
        desk_close(&desk);
    }
}

static void answers_that_fit_nothing(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk, 12);
    /* Not known yet: waits, and is decided when the instalment appears; it was never sent. */
    assert_int_equal(answer(&desk, 1, PAYOUT_SETTLED_STATUS_PAID, NOON(2021, 4, 10)), WAITING);
    desk_ready(&desk);
    assert_int_equal(desk.waiter_count, 0);
    assert_string_equal(desk_status(&desk, ITEM, 1), "APPROVED");
    desk_run(&desk, MIDNIGHT(2021, 4, 10));
    assert_int_equal(answer(&desk, 2, PAYOUT_SETTLED_STATUS_PAID, NOON(2021, 4, 10)),
                     DEAD_LETTERED);
    assert_string_equal(desk.room.decision.reason, "UNKNOWN_ATTEMPT");
    struct payout_settled settled =
        desk_answer(&desk, ITEM, 1, 1, PAYOUT_SETTLED_STATUS_PAID, NOON(2021, 4, 10));
    settled.has_award_id = true;
    assert_int_equal(desk_take(&desk, &payout_settled_event, &settled), DEAD_LETTERED);
    assert_string_equal(desk.room.decision.reason, "AWARD_MISMATCH");
    settled = desk_answer(&desk, ITEM, 1, 1, PAYOUT_SETTLED_STATUS_PAID, NOON(2021, 4, 10));
    settled.instruction_id.size--;
    assert_int_equal(desk_take(&desk, &payout_settled_event, &settled), DEAD_LETTERED);
    assert_string_equal(desk.room.decision.reason, "BAD_INSTRUCTION_ID");
    assert_int_equal(answer(&desk, 1, PAYOUT_SETTLED_STATUS_UNKNOWN, NOON(2021, 4, 10)),
                     DEAD_LETTERED);
    assert_int_equal(desk_balance(&desk, PAID), 0);
    desk_close(&desk);
}

static void an_erased_person_is_not_sent_again(void **state)
{
    struct desk desk;
    (void)state;
    begin(&desk);
    struct person_erased erased = {.person_id = desk.person_id,
                                   .requested_at = NOON(2021, 4, 10)};
    erased.award_ids.items = &desk.award_id;
    erased.award_ids.count = 1;
    assert_int_equal(desk_take(&desk, &person_erased_event, &erased), DECIDED);
    assert_int_equal(desk_take(&desk, &person_erased_event, &erased), REPEATED);
    assert_false(desk_entitlement(&desk, ITEM, 1)->has_account_no_sealed);
    assert_false(desk_award(&desk)->has_contact_sealed);
    assert_int_equal(answer(&desk, 1, PAYOUT_SETTLED_STATUS_NOT_FOUND, NOON(2021, 4, 11)),
                     DECIDED);
    assert_string_equal(desk_status(&desk, ITEM, 1), "HELD");
    assert_int_equal(desk.requested_count, 1);
    assert_int_equal(desk.message_count, 0);
    assert_int_equal(desk_balance(&desk, COMMITTED), PACKAGE);
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_in_a_row_balance),
        cmocka_unit_test(an_old_paid_does_not_undo_a_return),
        cmocka_unit_test(a_refusal_is_tried_again_when_another_account_is_linked),
        cmocka_unit_test(a_passing_fault_is_tried_again_by_the_clock),
        cmocka_unit_test(only_the_partners_retry_codes_are_tried_again),
        cmocka_unit_test(two_attempts_paid_are_both_booked_and_held),
        cmocka_unit_test(the_newer_attempt_refused_after_a_late_paid_leaves_one_payment),
        cmocka_unit_test(silence_is_asked_about_before_anything_else),
        cmocka_unit_test(another_amount_than_was_asked_for_pays_nothing),
        cmocka_unit_test(an_officer_ends_a_dispute_either_way),
        cmocka_unit_test(answers_that_fit_nothing),
        cmocka_unit_test(an_erased_person_is_not_sent_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
