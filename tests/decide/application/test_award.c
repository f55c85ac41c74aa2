#include "desk.h"

static void test_revoked_frees_seat_and_family_card(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk);
    desk_give_award(&desk, 21);
    assert_int_equal(desk_seats_taken(&desk, 21), 1);
    assert_int_equal(desk_awards_on_card(&desk), 1);
    struct award_changed event =
        desk_change(&desk, 21, AWARD_CHANGED_CHANGE_REVOKED, "FIRST_TRAINING_LATE", 1);
    assert_int_equal(desk_award(&desk, &event), DECIDED);
    assert_true(desk_award_row(&desk, 21)->revoked);
    TEXT_IS(desk_award_row(&desk, 21)->revoked_for, "FIRST_TRAINING_LATE");
    assert_int_equal(desk_seats_taken(&desk, 21), 0);
    assert_int_equal(desk_awards_on_card(&desk), 0);
    assert_true(desk_person_row(&desk)->applications.items[0].revoked);
    /* Only the service that pays knows how much comes back. */
    assert_true(desk_money_taken(&desk, 2021, "ALL") == INT64_C(355000000));
    event.sequence = 2;
    assert_int_equal(desk_award(&desk, &event), DECIDED);
    assert_int_equal(desk_seats_taken(&desk, 21), 0);
    desk_close(&desk);
}

static void test_closed_keeps_seat_and_family_card(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk);
    desk_give_award(&desk, 21);
    struct award_changed event =
        desk_change(&desk, 21, AWARD_CHANGED_CHANGE_CLOSED, "AWARD_CLOSED", 1);
    assert_int_equal(desk_award(&desk, &event), DECIDED);
    assert_true(desk_award_row(&desk, 21)->closed);
    assert_int_equal(desk_seats_taken(&desk, 21), 1);
    event = desk_change(&desk, 21, AWARD_CHANGED_CHANGE_REVOKED, "FIRST_TRAINING_LATE", 2);
    assert_int_equal(desk_award(&desk, &event), DECIDED);
    assert_int_equal(desk_seats_taken(&desk, 21), 1);
    assert_int_equal(desk_awards_on_card(&desk), 1);
    desk_close(&desk);
}

static void test_holds_of_several_writers(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk);
    desk_give_award(&desk, 21);
    struct award_changed completion =
        desk_change(&desk, 21, AWARD_CHANGED_CHANGE_HELD, "FRAUD_SUSPECTED", 5);
    struct award_changed officer =
        desk_officer(&desk, 21, AWARD_CHANGED_CHANGE_HELD, "FRAUD_SUSPECTED", 3);
    assert_int_equal(desk_award(&desk, &completion), DECIDED);
    assert_int_equal(desk_award(&desk, &completion), REPEATED);
    assert_int_equal(desk_award(&desk, &officer), DECIDED); /* numbered apart */
    assert_string_equal(desk_holds(&desk),
                        "COMPLETION:FRAUD_SUSPECTED,OFFICER:FRAUD_SUSPECTED");
    officer.change = AWARD_CHANGED_CHANGE_RELEASED;
    officer.sequence = 2;
    assert_int_equal(desk_award(&desk, &officer), REPEATED); /* stale */
    officer.sequence = 4;
    assert_int_equal(desk_award(&desk, &officer), DECIDED);
    assert_string_equal(desk_holds(&desk), "COMPLETION:FRAUD_SUSPECTED");
    desk_close(&desk);
}

static void test_holds_count_in_any_order(void **state)
{
    static const struct {
        int32_t change;
        const char *reason;
        int64_t sequence;
        enum decision_kind kind;
        const char *holds;
    } steps[] = {
        {AWARD_CHANGED_CHANGE_HELD, "FRAUD_SUSPECTED", 3, DECIDED,
         "COMPLETION:FRAUD_SUSPECTED"},
        {AWARD_CHANGED_CHANGE_RELEASED, "AUDIT_FINDING", 2, DECIDED,
         "COMPLETION:FRAUD_SUSPECTED"},
        {AWARD_CHANGED_CHANGE_HELD, "AUDIT_FINDING", 1, REPEATED, "COMPLETION:FRAUD_SUSPECTED"},
        {AWARD_CHANGED_CHANGE_HELD, "AUDIT_FINDING", 5, DECIDED,
         "COMPLETION:FRAUD_SUSPECTED,COMPLETION:AUDIT_FINDING"},
        {AWARD_CHANGED_CHANGE_RELEASED, "FRAUD_SUSPECTED", 4, DECIDED,
         "COMPLETION:AUDIT_FINDING"},
        {AWARD_CHANGED_CHANGE_HELD, "FRAUD_SUSPECTED", 3, REPEATED, "COMPLETION:AUDIT_FINDING"},
    };
    struct desk desk;
    (void)state;
    desk_open(&desk);
    desk_give_award(&desk, 21);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        struct award_changed event =
            desk_change(&desk, 21, steps[i].change, steps[i].reason, steps[i].sequence);
        assert_int_equal(desk_award(&desk, &event), steps[i].kind);
        assert_string_equal(desk_holds(&desk), steps[i].holds);
    }
    /* An end counts whatever holds were numbered after it. */
    struct award_changed event =
        desk_change(&desk, 21, AWARD_CHANGED_CHANGE_REVOKED, "FIRST_TRAINING_LATE", 2);
    assert_int_equal(desk_award(&desk, &event), DECIDED);
    assert_int_equal(desk_award(&desk, &event), REPEATED);
    assert_true(desk_award_row(&desk, 21)->revoked);
    assert_int_equal(desk_seats_taken(&desk, 21), 0);
    desk_close(&desk);
}

static void test_a_decree_is_kept(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk);
    desk_give_award(&desk, 21);
    struct award_changed event = desk_officer(&desk, 21, AWARD_CHANGED_CHANGE_DECREED, "", 1);
    event.has_decree_no = true;
    event.decree_no = SLICE("SK-2");
    assert_int_equal(desk_award(&desk, &event), DECIDED);
    TEXT_IS(desk_application(&desk, 21)->decree_no, "SK-2");
    event.sequence = 3;
    event.decree_no = SLICE("SK-3");
    assert_int_equal(desk_award(&desk, &event), DECIDED);
    event.sequence = 2;
    event.decree_no = SLICE("SK-2");
    assert_int_equal(desk_award(&desk, &event), REPEATED);
    TEXT_IS(desk_application(&desk, 21)->decree_no, "SK-3");
    desk_close(&desk);
}

static void test_our_own_changes_come_back_as_repeats(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk);
    desk_give_award(&desk, 21);
    struct award_changed event =
        desk_change(&desk, 21, AWARD_CHANGED_CHANGE_HELD, "EDU_ENROLLED", 1);
    event.by = AWARD_CHANGED_BY_APPLICATION;
    assert_int_equal(desk_award(&desk, &event), REPEATED);
    assert_string_equal(desk_holds(&desk), "");
    desk_close(&desk);
}

static void test_a_change_that_comes_first_waits(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk);
    struct award_changed event =
        desk_change(&desk, 21, AWARD_CHANGED_CHANGE_REVOKED, "FIRST_TRAINING_LATE", 1);
    assert_int_equal(desk_award(&desk, &event), WAITING);
    assert_ptr_equal(desk.room.decision.awaited, &award_row_type);
    assert_true(uuid_equal(&desk.room.decision.awaited_key, &event.award_id));
    desk_close(&desk);
}

static void test_changes_at_fault_are_dead_letters(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk);
    desk_give_award(&desk, 21);
    struct award_changed change = desk_change(&desk, 21, AWARD_CHANGED_CHANGE_UNKNOWN, "", 1),
                         writer = desk_change(&desk, 21, AWARD_CHANGED_CHANGE_HELD, "A", 1),
                         programme = writer,
                         hold = desk_change(&desk, 21, AWARD_CHANGED_CHANGE_HELD, "", 1),
                         release =
                             desk_officer(&desk, 21, AWARD_CHANGED_CHANGE_RELEASED, "", 1),
                         again = desk_change(&desk, 21, AWARD_CHANGED_CHANGE_REINSTATED, "", 1);
    writer.by = AWARD_CHANGED_BY_UNKNOWN;
    programme.programme = SLICE("none");
    const struct {
        const struct award_changed *event;
        const char *reason;
    } cases[] = {{&change, "UNKNOWN_CHANGE"},
                 {&writer, "UNKNOWN_CHANGE"},
                 {&programme, "UNKNOWN_PROGRAMME"},
                 {&again, "UNKNOWN_WRITER"},
                 {&hold, "BAD_REASON"},
                 {&release, "BAD_REASON"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(desk_award(&desk, cases[i].event), DEAD_LETTERED);
        assert_string_equal(desk.room.decision.reason, cases[i].reason);
        assert_string_equal(desk_holds(&desk), "");
    }
    desk_close(&desk);
}

/* An officer ends what officers hold; what a register holds ends by the register, or by a review. */
static void test_an_officer_releases_only_officers_holds(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk);
    desk_give_award(&desk, 21);
    struct register_listed listed = desk_listing(&desk, "EDUCATION", true);
    assert_int_equal(desk_list(&desk, &listed), DECIDED);
    struct award_changed release =
        desk_officer(&desk, 21, AWARD_CHANGED_CHANGE_RELEASED, "EDU_ENROLLED", 1);
    assert_int_equal(desk_award(&desk, &release), DEAD_LETTERED);
    assert_string_equal(desk.room.decision.reason, "HOLD_OF_A_REGISTER");
    struct award_changed hold =
        desk_officer(&desk, 21, AWARD_CHANGED_CHANGE_HELD, "EDU_ENROLLED", 2);
    assert_int_equal(desk_award(&desk, &hold), DECIDED);
    assert_string_equal(desk_holds(&desk), "APPLICATION:EDU_ENROLLED,OFFICER:EDU_ENROLLED");
    release.sequence = 3;
    assert_int_equal(desk_award(&desk, &release), DECIDED);
    assert_string_equal(desk_holds(&desk), "APPLICATION:EDU_ENROLLED");
    listed = desk_listing(&desk, "EDUCATION", false);
    assert_int_equal(desk_list(&desk, &listed), DECIDED);
    assert_string_equal(desk_holds(&desk), "");
    desk_close(&desk);
}

static void test_what_one_officer_may_do_alone(void **state)
{
    static const struct {
        int32_t change;
        enum decision_kind kind;
    } cases[] = {{AWARD_CHANGED_CHANGE_HELD, DECIDED},
                 {AWARD_CHANGED_CHANGE_RECOVERY_NOTICED, DECIDED},
                 {AWARD_CHANGED_CHANGE_RELEASED, DEAD_LETTERED},
                 {AWARD_CHANGED_CHANGE_DECREED, DEAD_LETTERED},
                 {AWARD_CHANGED_CHANGE_REPAID, DEAD_LETTERED},
                 {AWARD_CHANGED_CHANGE_REVOKED, DEAD_LETTERED},
                 {AWARD_CHANGED_CHANGE_CLOSED, DEAD_LETTERED},
                 {AWARD_CHANGED_CHANGE_REINSTATED, DEAD_LETTERED}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct desk desk;
        desk_open(&desk);
        desk_give_award(&desk, 21);
        struct award_changed event =
            desk_officer(&desk, 21, cases[i].change, "FRAUD_SUSPECTED", 1);
        event.has_amount = true;
        event.amount = 1;
        event.has_approved_by = false;
        event.approved_by = (struct slice){0};
        if (desk_award(&desk, &event) != cases[i].kind)
            fail_msg("%s", symbols_name(&award_changed_change_symbols, cases[i].change));
        if (cases[i].kind == DEAD_LETTERED)
            assert_string_equal(desk.room.decision.reason, "SECOND_OFFICER_MISSING");
        desk_close(&desk);
    }
}

/* A revocation overtakes the draw's word: it waits for the award, and ends it as soon as there is one. */
static void test_a_revocation_before_the_draw(void **state)
{
    struct desk desk;
    struct application_submitted ani = desk_applicant(21);
    struct application_drawn drawn = desk_selected(21);
    (void)state;
    desk_open(&desk);
    desk_registers(&desk);
    assert_int_equal(desk_submit(&desk, &ani), DECIDED);
    struct award_changed event =
        desk_officer(&desk, 21, AWARD_CHANGED_CHANGE_REVOKED, "FRAUD_SUSPECTED", 1);
    assert_int_equal(desk_award(&desk, &event), WAITING);
    assert_int_equal(desk_draw(&desk, &drawn), DECIDED);
    assert_int_equal(desk_award(&desk, &event), DECIDED);
    assert_true(desk_award_row(&desk, 21)->revoked);
    assert_int_equal(desk_seats_taken(&desk, 21), 0);
    desk_close(&desk);
}

/* Pooled in a later wave, revoked in the first one before the draw: barred at the draw. */
static void test_the_revoked_are_barred_at_the_next_draw(void **state)
{
    struct desk desk;
    struct application_submitted first = desk_applicant(21), later = desk_applicant(22);
    struct application_drawn drawn = desk_selected(22), drawn_first = desk_selected(21);
    (void)state;
    desk_open(&desk);
    desk_registers(&desk);
    later.application_id = SLICE("A-2");
    later.submitted_at = NOON(2021, 10, 26);
    assert_int_equal(desk_submit(&desk, &later), DECIDED);
    assert_string_equal(desk_status(desk_decided(&desk)->status), "POOLED");
    assert_int_equal(desk_submit(&desk, &first), DECIDED);
    assert_int_equal(desk_draw(&desk, &drawn_first), DECIDED);
    struct award_changed event =
        desk_change(&desk, 21, AWARD_CHANGED_CHANGE_REVOKED, "FIRST_TRAINING_LATE", 1);
    assert_int_equal(desk_award(&desk, &event), DECIDED);
    drawn.application_id = SLICE("A-2");
    drawn.drawn_at = NOON(2021, 10, 30);
    assert_int_equal(desk_draw(&desk, &drawn), DECIDED);
    assert_string_equal(desk_status(desk_decided(&desk)->status), "REJECTED");
    assert_string_equal(
        desk_codes(desk_decided(&desk)->reasons.items, desk_decided(&desk)->reasons.count),
        "BLACKLISTED");
    assert_int_equal(desk_seats_taken(&desk, 22), 0);
    desk_close(&desk);
}

/* Who ends an award tells the person: completion for what it ends, this service for officers. */
static void test_who_tells_of_a_revocation(void **state)
{
    (void)state;
    for (int officers = 0; officers < 2; officers++) {
        struct desk desk;
        desk_open(&desk);
        desk_give_award(&desk, 21);
        struct award_changed event =
            desk_officer(&desk, 21, AWARD_CHANGED_CHANGE_REVOKED, "FRAUD_IDENTITY_FORGED", 1);
        if (!officers)
            event.by = AWARD_CHANGED_BY_COMPLETION;
        assert_int_equal(desk_award(&desk, &event), DECIDED);
        assert_int_equal(desk_message(&desk) != NULL, officers);
        if (officers)
            TEXT_IS(desk_message(&desk)->kind, "revoked");
        event.sequence = 2; /* revoked once more: nothing new to tell */
        assert_int_equal(desk_award(&desk, &event), DECIDED);
        assert_null(desk_message(&desk));
        desk_close(&desk);
    }
}

static void test_two_revocations_free_one_seat(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk);
    desk_give_award(&desk, 21);
    struct award_changed first =
        desk_change(&desk, 21, AWARD_CHANGED_CHANGE_REVOKED, "FIRST_TRAINING_LATE", 1);
    struct award_changed second =
        desk_officer(&desk, 21, AWARD_CHANGED_CHANGE_REVOKED, "FRAUD_SUSPECTED", 7);
    struct award_changed hold =
        desk_officer(&desk, 21, AWARD_CHANGED_CHANGE_HELD, "AUDIT_FINDING", 8);
    second.occurred_at = first.occurred_at - US_PER_DAY;
    assert_int_equal(desk_award(&desk, &first), DECIDED);
    assert_int_equal(desk_award(&desk, &second), DECIDED);
    assert_int_equal(desk_seats_taken(&desk, 21), 0);
    assert_int_equal(desk_awards_on_card(&desk), 0);
    assert_true(desk_award_row(&desk, 21)->ended_at == first.occurred_at);
    /* A hold after the end is kept: it holds again what may come back. */
    assert_int_equal(desk_award(&desk, &hold), DECIDED);
    assert_string_equal(desk_holds(&desk), "OFFICER:AUDIT_FINDING");
    assert_true(desk_award_row(&desk, 21)->revoked);
    desk_close(&desk);
}

static struct commitment_released release(struct desk *desk, int64_t amount, int64_t sequence)
{
    return desk_release(desk, 21, "TRAINING", amount, sequence);
}

static void test_released_money_may_be_committed_again(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk);
    desk_give_award(&desk, 21);
    struct commitment_released event = release(&desk, 25000000, 1);
    assert_int_equal(desk_released(&desk, &event), DECIDED);
    assert_true(desk_money_taken(&desk, 2021, "ALL") == INT64_C(330000000));
    assert_int_equal(desk_released(&desk, &event), REPEATED);
    assert_true(desk_money_taken(&desk, 2021, "ALL") == INT64_C(330000000));
    event = release(&desk, 0, 2);
    assert_int_equal(desk_released(&desk, &event), DEAD_LETTERED);
    assert_string_equal(desk.room.decision.reason, "BAD_AMOUNT");
    event = release(&desk, 1, 2);
    event.component = SLICE("ALL");
    assert_int_equal(desk_released(&desk, &event), DEAD_LETTERED);
    assert_string_equal(desk.room.decision.reason, "BAD_COMPONENT");
    event = release(&desk, INT64_C(100000001), 2);
    assert_int_equal(desk_released(&desk, &event), DEAD_LETTERED);
    assert_string_equal(desk.room.decision.reason, "AMOUNT_ABOVE_PACKAGE");
    event = release(&desk, INT64_C(80000000), 2); /* 5,000,000 more than is still taken */
    assert_int_equal(desk_released(&desk, &event), DECIDED);
    assert_true(desk_money_taken(&desk, 2021, "ALL") == INT64_C(255000000));
    desk_close(&desk);
}

static void test_released_money_counts_in_any_order(void **state)
{
    static const int64_t order[] = {4, 1, 4, 2, 6, 3, 1, 5, 6, 7}, twice[] = {2, 6, 8};
    struct desk desk;
    int64_t taken;
    (void)state;
    desk_open(&desk);
    desk_give_award(&desk, 21);
    taken = desk_money_taken(&desk, 2021, "ALL");
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        struct commitment_released event = release(&desk, 1000 * order[i], order[i]);
        bool again = false;
        for (size_t j = 0; j < sizeof twice / sizeof *twice; j++)
            again = again || twice[j] == (int64_t)i;
        assert_int_equal(desk_released(&desk, &event), again ? REPEATED : DECIDED);
        taken -= again ? 0 : event.amount;
        assert_true(desk_money_taken(&desk, 2021, "ALL") == taken);
    }
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_revoked_frees_seat_and_family_card),
        cmocka_unit_test(test_closed_keeps_seat_and_family_card),
        cmocka_unit_test(test_holds_of_several_writers),
        cmocka_unit_test(test_holds_count_in_any_order),
        cmocka_unit_test(test_a_decree_is_kept),
        cmocka_unit_test(test_our_own_changes_come_back_as_repeats),
        cmocka_unit_test(test_a_change_that_comes_first_waits),
        cmocka_unit_test(test_changes_at_fault_are_dead_letters),
        cmocka_unit_test(test_an_officer_releases_only_officers_holds),
        cmocka_unit_test(test_what_one_officer_may_do_alone),
        cmocka_unit_test(test_a_revocation_before_the_draw),
        cmocka_unit_test(test_the_revoked_are_barred_at_the_next_draw),
        cmocka_unit_test(test_who_tells_of_a_revocation),
        cmocka_unit_test(test_two_revocations_free_one_seat),
        cmocka_unit_test(test_released_money_may_be_committed_again),
        cmocka_unit_test(test_released_money_counts_in_any_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
