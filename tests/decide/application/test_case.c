/* Two officers have decided a case: of a held application, of a register's hold on an award. */
#include "desk.h"

static const instant_us closing = INT64_C(1632070800) * US_PER_SECOND; /* of wave 21 */

static enum decision_kind resolve(struct desk *desk, struct slice subject, const char *reason,
                                  int32_t outcome)
{
    struct case_resolved resolved = desk_case(subject, reason, outcome);
    return desk_resolve(desk, &resolved);
}

static enum decision_kind waive(struct desk *desk, struct uuid subject, const char *reason)
{
    return resolve(desk, desk_id(desk, subject), reason, CASE_RESOLVED_OUTCOME_WAIVED);
}

static enum decision_kind uphold(struct desk *desk, struct uuid subject, const char *reason)
{
    return resolve(desk, desk_id(desk, subject), reason, CASE_RESOLVED_OUTCOME_UPHELD);
}

static const struct application_submitted_check face_failed[] = {
    {.register_ = {"POPULATION", 10}, .result = {"MATCH", 5}},
    {.register_ = {"FAMILY_CARD", 11}, .result = {"MATCH", 5}},
    {.register_ = {"FACE", 4}, .result = {"FAIL", 4}}};

static struct application_submitted faceless(void)
{
    struct application_submitted ani = desk_applicant(21);
    ani.checks.items = face_failed;
    return ani;
}

/* Held for a face that does not match, and perhaps for an unverified mail address. */
static void hold(struct desk *desk, bool email_too)
{
    struct application_submitted ani = faceless();
    desk_registers(desk);
    if (email_too) {
        ani.has_email_verified_at = false;
        ani.email_verified_at = 0;
    }
    assert_int_equal(desk_submit(desk, &ani), DECIDED);
    assert_string_equal(desk_status(desk_decided(desk)->status), "HELD");
}

static void assert_decided(const struct desk *desk, const char *status, const char *reasons)
{
    const struct application_decided *decided = desk_decided(desk);
    assert_non_null(decided);
    assert_string_equal(desk_status(decided->status), status);
    assert_string_equal(desk_codes(decided->reasons.items, decided->reasons.count), reasons);
}

static void test_a_waived_reason_no_longer_holds(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk);
    hold(&desk, false);
    struct uuid key = desk_application_key(&desk, 21);
    assert_int_equal(waive(&desk, key, "ID_FACE_MISMATCH"), DECIDED);
    assert_decided(&desk, "POOLED", "");
    assert_int_equal(desk_decided(&desk)->sequence, 2);
    assert_true(desk_decided(&desk)->occurred_at == NOON(2021, 9, 18));
    /* What was seen stays in the explanation. */
    assert_int_equal(verdict_effect(&desk.room.decision.verdict), EFFECT_HOLD);
    assert_int_equal(waive(&desk, key, "ID_FACE_MISMATCH"), REPEATED);
    desk_close(&desk);
}

static void test_what_else_holds_still_holds(void **state)
{
    struct desk desk;
    struct application_submitted ani = faceless();
    (void)state;
    desk_open(&desk);
    hold(&desk, true);
    struct uuid key = desk_application_key(&desk, 21);
    assert_int_equal(waive(&desk, key, "ID_FACE_MISMATCH"), DECIDED);
    assert_decided(&desk, "HELD", "CONTACT_EMAIL_UNVERIFIED");
    assert_int_equal(waive(&desk, key, "ID_FACE_MISMATCH"), REPEATED);
    /* The waiver outlives a correction of what was not waived. */
    ani.revision = 2;
    assert_int_equal(desk_submit(&desk, &ani), DECIDED);
    assert_decided(&desk, "POOLED", "");
    desk_close(&desk);
}

static void test_a_waiver_lasts_to_the_award(void **state)
{
    struct desk desk;
    struct application_drawn drawn = desk_selected(21);
    (void)state;
    desk_open(&desk);
    hold(&desk, false);
    assert_int_equal(waive(&desk, desk_application_key(&desk, 21), "ID_FACE_MISMATCH"),
                     DECIDED);
    assert_int_equal(desk_draw(&desk, &drawn), DECIDED);
    assert_decided(&desk, "AWARDED", "");
    /* A register speaks, all is judged again, and the face does not hold the award either. */
    struct register_listed listed = desk_listing(&desk, "EDUCATION", true);
    assert_int_equal(desk_list(&desk, &listed), DECIDED);
    assert_string_equal(desk_holds(&desk), "APPLICATION:EDU_ENROLLED");
    desk_close(&desk);
}

static void test_what_refuses_is_not_waived(void **state)
{
    struct desk desk;
    struct application_submitted ani = faceless();
    (void)state;
    desk_open(&desk);
    hold(&desk, true);
    assert_int_equal(waive(&desk, desk_application_key(&desk, 21), "ID_FACE_MISMATCH"),
                     DECIDED);
    ani.revision = 2;
    ani.in_formal_education = true;
    assert_int_equal(desk_submit(&desk, &ani), DECIDED);
    assert_decided(&desk, "REJECTED", "EDU_ENROLLED");
    assert_int_equal(uphold(&desk, desk_application_key(&desk, 21), "EDU_ENROLLED"), REPEATED);
    desk_close(&desk);
}

static void test_a_waiver_after_closing_comes_too_late(void **state)
{
    static const struct {
        instant_us at;
        const char *status, *reasons;
    } cases[] = {{INT64_C(1632070799) * US_PER_SECOND, "POOLED", ""},
                 {closing, "REJECTED", "ID_FACE_MISMATCH"}};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct desk desk;
        desk_open(&desk);
        hold(&desk, false);
        struct case_resolved late = desk_case(desk_id(&desk, desk_application_key(&desk, 21)),
                                              "ID_FACE_MISMATCH", CASE_RESOLVED_OUTCOME_WAIVED);
        late.occurred_at = cases[i].at;
        assert_int_equal(desk_resolve(&desk, &late), DECIDED);
        assert_decided(&desk, cases[i].status, cases[i].reasons);
        desk_close(&desk);
    }
}

static void test_an_upheld_case_refuses(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk);
    hold(&desk, true);
    struct uuid key = desk_application_key(&desk, 21);
    assert_int_equal(uphold(&desk, key, "ID_FACE_MISMATCH"), DECIDED);
    assert_decided(&desk, "REJECTED", "ID_FACE_MISMATCH");
    assert_int_equal(uphold(&desk, key, "ID_FACE_MISMATCH"), REPEATED);
    assert_int_equal(waive(&desk, key, "ID_FACE_MISMATCH"), REPEATED);
    desk_close(&desk);
}

static void test_cases_that_are_not_taken(void **state)
{
    static const struct {
        const char *name, *reason;
        int32_t outcome;
        const char *approved_by, *dead_letter;
    } cases[] = {
        {"waived by one officer alone", "ID_FACE_MISMATCH", CASE_RESOLVED_OUTCOME_WAIVED, "",
         "SECOND_OFFICER_MISSING"},
        {"waived and approved by the same", "ID_FACE_MISMATCH", CASE_RESOLVED_OUTCOME_WAIVED,
         "officer-7", "SECOND_OFFICER_MISSING"},
        {"upheld by one officer alone", "ID_FACE_MISMATCH", CASE_RESOLVED_OUTCOME_UPHELD, "",
         "SECOND_OFFICER_MISSING"},
        {"waived, but the applicant must act", "CONTACT_EMAIL_UNVERIFIED",
         CASE_RESOLVED_OUTCOME_WAIVED, "officer-8", "REASON_NOT_AN_OFFICERS"},
        {"upheld, but the applicant may act", "CONTACT_EMAIL_UNVERIFIED",
         CASE_RESOLVED_OUTCOME_UPHELD, "officer-8", "REASON_NOT_AN_OFFICERS"},
        {"no outcome", "ID_FACE_MISMATCH", CASE_RESOLVED_OUTCOME_UNKNOWN, "officer-8",
         "UNKNOWN_OUTCOME"},
        {"a reason that does not hold", "TEST_NOT_TAKEN", CASE_RESOLVED_OUTCOME_UPHELD,
         "officer-8", "NOT_HELD"},
    };
    struct desk desk;
    (void)state;
    desk_open(&desk);
    hold(&desk, true);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct case_resolved event = desk_case(desk_id(&desk, desk_application_key(&desk, 21)),
                                               cases[i].reason, cases[i].outcome);
        event.approved_by = slice_of(cases[i].approved_by);
        event.has_approved_by = event.approved_by.size > 0;
        if (desk_resolve(&desk, &event) != DEAD_LETTERED)
            fail_msg("%s: no dead letter", cases[i].name);
        assert_string_equal(desk.room.decision.reason, cases[i].dead_letter);
    }
    assert_string_equal(desk_status(desk_application(&desk, 21)->status), "HELD");
    desk_close(&desk);
}

static void test_cases_of_other_services_are_passed_over(void **state)
{
    static const char *const subjects[] = {"E-77", "7a3f1c52-8e0b-8d5e-9f00-1234567890ab"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct desk desk;
        desk_open(&desk);
        assert_int_equal(resolve(&desk, slice_of(subjects[i]), "ID_FACE_MISMATCH",
                                 CASE_RESOLVED_OUTCOME_UPHELD),
                         REPEATED);
        desk_close(&desk);
    }
}

/* Ani holds the award of wave 21, and the register of pupils lists her. */
static void give_held_award(struct desk *desk)
{
    desk_give_award(desk, 21);
    struct register_listed listed = desk_listing(desk, "EDUCATION", true);
    assert_int_equal(desk_list(desk, &listed), DECIDED);
    assert_int_equal(desk_award_row(desk, 21)->holds.count, 1);
}

static void test_a_registers_hold_is_waived_for_good(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk);
    give_held_award(&desk);
    assert_int_equal(waive(&desk, desk_award_id(&desk, 21), "EDU_ENROLLED"), DECIDED);
    assert_int_equal(desk_changed(&desk, 0)->change, AWARD_CHANGED_CHANGE_RELEASED);
    assert_int_equal(desk_changed(&desk, 0)->by, AWARD_CHANGED_BY_APPLICATION);
    TEXT_IS(desk_changed(&desk, 0)->reason, "EDU_ENROLLED");
    assert_int_equal(desk_changed(&desk, 0)->sequence, 2);
    assert_null(desk_changed(&desk, 1));
    assert_int_equal(desk_award_row(&desk, 21)->holds.count, 0);
    assert_int_equal(waive(&desk, desk_award_id(&desk, 21), "EDU_ENROLLED"), REPEATED);
    /* The next snapshot says the same, another register something else. */
    struct register_listed again = desk_listing(&desk, "EDUCATION", true),
                           dtks = desk_listing(&desk, "DTKS", true);
    again.snapshot = SLICE("S-3");
    assert_int_equal(desk_list(&desk, &again), DECIDED);
    assert_null(desk_changed(&desk, 0));
    assert_int_equal(desk_list(&desk, &dtks), DECIDED);
    TEXT_IS(desk_changed(&desk, 0)->reason, "OTHER_AID_RECIPIENT");
    desk_close(&desk);
}

static void test_a_registers_hold_upheld_revokes(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk);
    give_held_award(&desk);
    assert_int_equal(uphold(&desk, desk_award_id(&desk, 21), "EDU_ENROLLED"), DECIDED);
    assert_int_equal(desk_changed(&desk, 0)->change, AWARD_CHANGED_CHANGE_REVOKED);
    assert_int_equal(desk_changed(&desk, 0)->by, AWARD_CHANGED_BY_APPLICATION);
    TEXT_IS(desk_changed(&desk, 0)->reason, "EDU_ENROLLED");
    assert_int_equal(desk_changed(&desk, 0)->sequence, 2);
    TEXT_IS(desk_message(&desk)->kind, "revoked");
    assert_true(desk_award_row(&desk, 21)->revoked);
    TEXT_IS(desk_award_row(&desk, 21)->revoked_for, "EDU_ENROLLED");
    assert_true(desk_award_row(&desk, 21)->ended_at == NOON(2021, 9, 18));
    assert_int_equal(desk_seats_taken(&desk, 21), 0);
    assert_int_equal(verdict_effect(&desk.room.decision.verdict), EFFECT_REVOKE);
    assert_int_equal(uphold(&desk, desk_award_id(&desk, 21), "EDU_ENROLLED"), REPEATED);
    assert_int_equal(waive(&desk, desk_award_id(&desk, 21), "EDU_ENROLLED"), REPEATED);
    desk_close(&desk);
}

/* Who holds ends the hold: an officer what officers hold, a review what a register holds. */
static void test_holds_of_others_are_not_reviewed_here(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk);
    give_held_award(&desk);
    struct award_changed officers = desk_officer(&desk, 21, AWARD_CHANGED_CHANGE_HELD,
                                                 "FRAUD_SUSPECTED", 1),
                         completions = desk_change(&desk, 21, AWARD_CHANGED_CHANGE_HELD,
                                                   "AUDIT_FINDING", 1);
    assert_int_equal(desk_award(&desk, &officers), DECIDED);
    assert_int_equal(desk_award(&desk, &completions), DECIDED);
    struct uuid award_id = desk_award_id(&desk, 21);
    assert_int_equal(waive(&desk, award_id, "FRAUD_SUSPECTED"), DEAD_LETTERED);
    assert_string_equal(desk.room.decision.reason, "HOLD_OF_AN_OFFICER");
    assert_int_equal(waive(&desk, award_id, "AUDIT_FINDING"), REPEATED);
    assert_int_equal(waive(&desk, award_id, "INTRO_NOT_WATCHED"), REPEATED);
    assert_int_equal(desk_award_row(&desk, 21)->holds.count, 3);
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_waived_reason_no_longer_holds),
        cmocka_unit_test(test_what_else_holds_still_holds),
        cmocka_unit_test(test_a_waiver_lasts_to_the_award),
        cmocka_unit_test(test_what_refuses_is_not_waived),
        cmocka_unit_test(test_a_waiver_after_closing_comes_too_late),
        cmocka_unit_test(test_an_upheld_case_refuses),
        cmocka_unit_test(test_cases_that_are_not_taken),
        cmocka_unit_test(test_cases_of_other_services_are_passed_over),
        cmocka_unit_test(test_a_registers_hold_is_waived_for_good),
        cmocka_unit_test(test_a_registers_hold_upheld_revokes),
        cmocka_unit_test(test_holds_of_others_are_not_reviewed_here),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
