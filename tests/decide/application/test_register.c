#include "desk.h"

static void pool(struct desk *desk)
{
    struct application_submitted ani = desk_applicant(21);
    desk_registers(desk);
    assert_int_equal(desk_submit(desk, &ani), DECIDED);
}

static const struct award_changed *changed(const struct desk *desk, size_t n)
{
    return desk_output(desk, &award_changed_event, n);
}

static const char *holds(struct desk *desk)
{
    const struct award_row *award = desk_award_row(desk, 21);
    return desk_codes(award->holds.items, award->holds.count);
}

static void test_what_a_register_does_to_the_pooled(void **state)
{
    static const struct {
        const char *name, *status, *reasons;
    } cases[] = {{"EDUCATION", "REJECTED", "EDU_ENROLLED"},
                 {"DTKS", "REJECTED", "OTHER_AID_RECIPIENT"},
                 {"BLACKLIST", "REJECTED", "BLACKLISTED"},
                 {"LAID_OFF", NULL, NULL}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct desk desk;
        desk_open(&desk);
        pool(&desk);
        struct register_listed event = desk_listing(&desk, cases[i].name, true);
        assert_int_equal(desk_list(&desk, &event), DECIDED);
        const struct application_decided *decided = desk_decided(&desk);
        if (cases[i].status == NULL) {
            assert_null(decided);
        } else {
            assert_non_null(decided);
            assert_string_equal(desk_status(decided->status), cases[i].status);
            assert_string_equal(desk_codes(decided->reasons.items, decided->reasons.count),
                                cases[i].reasons);
            assert_int_equal(decided->sequence, 2);
            assert_true(decided->occurred_at == event.loaded_at);
        }
        assert_int_equal(desk_list(&desk, &event), REPEATED);
        desk_close(&desk);
    }
}

/* Priorities are not told, but the draw reads them. */
static void test_a_priority_of_the_pooled_is_kept_quietly(void **state)
{
    struct desk desk;
    struct application_submitted ani = desk_applicant(10);
    (void)state;
    desk_open(&desk);
    desk_registers(&desk);
    assert_int_equal(desk_submit(&desk, &ani), DECIDED);
    struct register_listed event = desk_listing(&desk, "LAID_OFF", true);
    event.loaded_at = NOON(2020, 9, 28);
    assert_int_equal(desk_list(&desk, &event), DECIDED);
    assert_null(desk.outputs.first);
    assert_string_equal(desk_codes(desk_application(&desk, 10)->priorities.items,
                                   desk_application(&desk, 10)->priorities.count),
                        "PRIO_COVID,PRIO_NO_OTHER_AID,PRIO_WHITELIST");
    desk_close(&desk);
}

static void test_an_award_is_held_and_released(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk);
    desk_give_award(&desk, 21);
    struct register_listed event = desk_listing(&desk, "EDUCATION", true);
    assert_int_equal(desk_list(&desk, &event), DECIDED);
    assert_null(desk_decided(&desk));
    assert_int_equal(changed(&desk, 0)->change, AWARD_CHANGED_CHANGE_HELD);
    assert_int_equal(changed(&desk, 0)->by, AWARD_CHANGED_BY_APPLICATION);
    TEXT_IS(changed(&desk, 0)->reason, "EDU_ENROLLED");
    TEXT_IS(changed(&desk, 0)->scheme, "semi-bansos");
    assert_int_equal(changed(&desk, 0)->sequence, 1);
    assert_null(changed(&desk, 1));
    assert_string_equal(holds(&desk), "APPLICATION:EDU_ENROLLED");
    assert_string_equal(desk_status(desk_application(&desk, 21)->status), "AWARDED");

    event = desk_listing(&desk, "EDUCATION", false);
    assert_int_equal(desk_list(&desk, &event), DECIDED);
    assert_int_equal(changed(&desk, 0)->change, AWARD_CHANGED_CHANGE_RELEASED);
    TEXT_IS(changed(&desk, 0)->reason, "EDU_ENROLLED");
    assert_int_equal(changed(&desk, 0)->sequence, 2);
    assert_string_equal(holds(&desk), "");
    desk_close(&desk);
}

static void test_holds_are_a_set(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk);
    desk_give_award(&desk, 21);
    struct register_listed education = desk_listing(&desk, "EDUCATION", true),
                           dtks = desk_listing(&desk, "DTKS", true),
                           pkh = desk_listing(&desk, "PKH", true);
    assert_int_equal(desk_list(&desk, &dtks), DECIDED);
    assert_int_equal(desk_list(&desk, &education), DECIDED);
    assert_int_equal(desk_list(&desk, &pkh), DECIDED); /* the same reason once more */
    assert_null(changed(&desk, 0));
    assert_string_equal(holds(&desk),
                        "APPLICATION:OTHER_AID_RECIPIENT,APPLICATION:EDU_ENROLLED");
    dtks = desk_listing(&desk, "DTKS", false);
    assert_int_equal(desk_list(&desk, &dtks), DECIDED);
    assert_null(changed(&desk, 0)); /* the other register still says so */
    pkh = desk_listing(&desk, "PKH", false);
    assert_int_equal(desk_list(&desk, &pkh), DECIDED);
    assert_int_equal(changed(&desk, 0)->change, AWARD_CHANGED_CHANGE_RELEASED);
    assert_string_equal(holds(&desk), "APPLICATION:EDU_ENROLLED");
    desk_close(&desk);
}

static void test_the_held_of_another_register_stays_held(void **state)
{
    struct desk desk;
    struct application_submitted ani = desk_applicant(21);
    (void)state;
    desk_open(&desk);
    assert_int_equal(desk_submit(&desk, &ani), DECIDED);
    assert_string_equal(desk_status(desk_decided(&desk)->status), "HELD");
    struct register_listed event = desk_listing(&desk, "DTKS", false);
    assert_int_equal(desk_list(&desk, &event), DECIDED);
    assert_null(desk.outputs.first);
    assert_string_equal(desk_status(desk_application(&desk, 21)->status), "HELD");
    desk_close(&desk);
}

static void test_listed_before_anybody_applied(void **state)
{
    struct desk desk;
    struct application_submitted ani = desk_applicant(21);
    (void)state;
    desk_open(&desk);
    desk_registers(&desk);
    struct register_listed event = desk_listing(&desk, "EDUCATION", false);
    assert_int_equal(desk_list(&desk, &event), REPEATED);
    event = desk_listing(&desk, "EDUCATION", true);
    assert_int_equal(desk_list(&desk, &event), DECIDED);
    assert_null(desk.outputs.first);
    assert_int_equal(desk_submit(&desk, &ani), DECIDED);
    assert_string_equal(desk_status(desk_decided(&desk)->status), "REJECTED");
    desk_close(&desk);
}

static void test_snapshots(void **state)
{
    struct desk desk;
    struct register_listed end = {.register_ = SLICE("EDUCATION"),
                                  .snapshot = SLICE("2021-09"),
                                  .loaded_at = NOON(2021, 9, 1)};
    (void)state;
    desk_open(&desk);
    assert_int_equal(desk_list(&desk, &end), DEAD_LETTERED);
    assert_string_equal(desk.decision.reason, "BAD_SNAPSHOT_END");
    end.has_number = true;
    assert_int_equal(desk_list(&desk, &end), DECIDED);
    assert_int_equal(desk_list(&desk, &end), REPEATED);
    end.snapshot = SLICE("2021-10");
    assert_int_equal(desk_list(&desk, &end), DECIDED);
    desk_close(&desk);
}

/* The verdict that is kept is of the application that was judged, not of one long refused. */
static void test_the_explanation_is_of_what_was_judged(void **state)
{
    struct desk desk;
    struct application_submitted later = desk_applicant(22);
    (void)state;
    desk_open(&desk);
    desk_give_award(&desk, 21);
    later.submitted_at = NOON(2021, 10, 26);
    assert_int_equal(desk_submit(&desk, &later), DECIDED);
    assert_string_equal(desk_status(desk_decided(&desk)->status), "REJECTED");
    struct register_listed event = desk_listing(&desk, "EDUCATION", true);
    assert_int_equal(desk_list(&desk, &event), DECIDED);
    assert_int_equal(verdict_effect(&desk.decision.verdict), EFFECT_REJECT);
    assert_true(desk.decision.verdict.condition_count > 0);
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_a_register_does_to_the_pooled),
        cmocka_unit_test(test_a_priority_of_the_pooled_is_kept_quietly),
        cmocka_unit_test(test_an_award_is_held_and_released),
        cmocka_unit_test(test_holds_are_a_set),
        cmocka_unit_test(test_the_held_of_another_register_stays_held),
        cmocka_unit_test(test_listed_before_anybody_applied),
        cmocka_unit_test(test_snapshots),
        cmocka_unit_test(test_the_explanation_is_of_what_was_judged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
