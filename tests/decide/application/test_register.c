#include "desk.h"

static void pool(struct desk *desk)
{
    struct application_submitted ani = desk_applicant(21);
    desk_registers(desk);
    assert_int_equal(desk_submit(desk, &ani), DECIDED);
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
    assert_null(desk.room.outputs.first);
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
    assert_int_equal(desk_changed(&desk, 0)->change, AWARD_CHANGED_CHANGE_HELD);
    assert_int_equal(desk_changed(&desk, 0)->by, AWARD_CHANGED_BY_APPLICATION);
    TEXT_IS(desk_changed(&desk, 0)->reason, "EDU_ENROLLED");
    TEXT_IS(desk_changed(&desk, 0)->scheme, "semi-bansos");
    assert_int_equal(desk_changed(&desk, 0)->sequence, 1);
    assert_null(desk_changed(&desk, 1));
    assert_string_equal(desk_holds(&desk), "APPLICATION:EDU_ENROLLED");
    assert_string_equal(desk_status(desk_application(&desk, 21)->status), "AWARDED");

    event = desk_listing(&desk, "EDUCATION", false);
    assert_int_equal(desk_list(&desk, &event), DECIDED);
    assert_int_equal(desk_changed(&desk, 0)->change, AWARD_CHANGED_CHANGE_RELEASED);
    TEXT_IS(desk_changed(&desk, 0)->reason, "EDU_ENROLLED");
    assert_int_equal(desk_changed(&desk, 0)->sequence, 2);
    assert_string_equal(desk_holds(&desk), "");
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
    assert_null(desk_changed(&desk, 0));
    assert_string_equal(desk_holds(&desk),
                        "APPLICATION:OTHER_AID_RECIPIENT,APPLICATION:EDU_ENROLLED");
    dtks = desk_listing(&desk, "DTKS", false);
    assert_int_equal(desk_list(&desk, &dtks), DECIDED);
    assert_null(desk_changed(&desk, 0)); /* the other register still says so */
    pkh = desk_listing(&desk, "PKH", false);
    assert_int_equal(desk_list(&desk, &pkh), DECIDED);
    assert_int_equal(desk_changed(&desk, 0)->change, AWARD_CHANGED_CHANGE_RELEASED);
    assert_string_equal(desk_holds(&desk), "APPLICATION:EDU_ENROLLED");
    desk_close(&desk);
}

/* One step after another, on one award. */
struct step {
    const char *name, *snapshot;
    const char *code; /* NULL: none */
    bool listed;
    const char *holds; /* afterwards */
    size_t told;       /* changes that the step made */
};

static const struct step steps[] = {
    {"EDUCATION", "S-1", NULL, true, "EDU_ENROLLED", 1},
    {"OCCUPATION", "S-1", "ASN", true, "EDU_ENROLLED,OCC_EXCLUDED", 1},
    {"EDUCATION", "S-2", NULL, true, "EDU_ENROLLED,OCC_EXCLUDED", 0}, /* a newer snapshot */
    {"DTKS", "S-1", NULL, true, "EDU_ENROLLED,OCC_EXCLUDED,OTHER_AID_RECIPIENT", 1},
    {"PKH", "S-1", NULL, true, "EDU_ENROLLED,OCC_EXCLUDED,OTHER_AID_RECIPIENT", 0},
    {"DTKS", "S-2", NULL, false, "EDU_ENROLLED,OCC_EXCLUDED,OTHER_AID_RECIPIENT", 0},
    {"PKH", "S-2", NULL, false, "EDU_ENROLLED,OCC_EXCLUDED", 1}, /* the last one that says so */
    {"EDUCATION", "S-3", NULL, false, "OCC_EXCLUDED", 1},
    {"OCCUPATION", "S-2", "TNI", true, "OCC_EXCLUDED", 0},   /* another excluded occupation */
    {"OCCUPATION", "S-3", "FARMER", true, "", 1},            /* one that is not excluded */
    {"OCCUPATION", "S-4", "POLRI", true, "OCC_EXCLUDED", 1}, /* held anew */
};

static const char *our_holds(struct desk *desk)
{
    const struct award_row *award = desk_award_row(desk, 21);
    struct slice reasons[8];
    size_t count = 0, prefix = strlen("APPLICATION:");
    for (size_t i = 0; i < award->holds.count; i++) {
        struct slice hold = award->holds.items[i];
        assert_true(count < 8 && hold.size > prefix);
        count = slices_insert(reasons, count, 8,
                              (struct slice){hold.data + prefix, hold.size - prefix});
    }
    return desk_codes(reasons, count);
}

static void test_an_award_follows_the_registers(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk);
    desk_give_award(&desk, 21);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        struct register_listed event = desk_listing(&desk, steps[i].name, steps[i].listed);
        event.snapshot = slice_of(steps[i].snapshot);
        event.has_code = steps[i].code != NULL;
        event.code = event.has_code ? slice_of(steps[i].code) : event.code;
        event.loaded_at += (instant_us)i * US_PER_DAY;
        assert_int_equal(desk_list(&desk, &event), DECIDED);
        if (strcmp(our_holds(&desk), steps[i].holds) != 0)
            fail_msg("step %zu: %s", i, our_holds(&desk));
        assert_true(steps[i].told == 0 || desk_changed(&desk, steps[i].told - 1) != NULL);
        assert_null(desk_changed(&desk, steps[i].told));
        assert_int_equal(desk_list(&desk, &event), REPEATED);
    }
    assert_string_equal(desk_status(desk_application(&desk, 21)->status), "AWARDED");
    desk_close(&desk);
}

/* An entry from 1 to 31 October, loaded in September: nobody sends anything on these days. */
static void test_an_entry_holds_on_its_own_days(void **state)
{
    struct desk desk;
    const instant_us first = day_to_instant(DAY(2021, 10, 1), 7 * 60),
                     after = day_to_instant(DAY(2021, 11, 1), 7 * 60);
    (void)state;
    desk_open(&desk);
    desk_give_award(&desk, 21);
    struct register_listed event = desk_listing(&desk, "EDUCATION", true);
    event.valid_from = DAY(2021, 10, 1);
    event.valid_to = DAY(2021, 10, 31);
    event.has_valid_to = true;
    assert_int_equal(desk_list(&desk, &event), DECIDED);
    assert_string_equal(our_holds(&desk), "");
    assert_true(room_timer(&desk.room, "REGISTER_DAY") == first);
    assert_int_equal(desk_fire_own(&desk, 21, "REGISTER_DAY", first), DECIDED);
    assert_string_equal(our_holds(&desk), "EDU_ENROLLED");
    assert_true(room_timer(&desk.room, "REGISTER_DAY") == after);
    /* Twice is harmless. */
    assert_int_equal(desk_fire_own(&desk, 21, "REGISTER_DAY", first), DECIDED);
    assert_null(desk_changed(&desk, 0));
    assert_int_equal(desk_fire_own(&desk, 21, "REGISTER_DAY", after), DECIDED);
    assert_string_equal(our_holds(&desk), "");
    assert_true(room_timer(&desk.room, "REGISTER_DAY") == 0);
    desk_close(&desk);
}

/* Loaded before the award was given: the award is watched from its first day. */
static void test_an_entry_known_before_the_award(void **state)
{
    struct desk desk;
    struct application_submitted ani = desk_applicant(21);
    struct application_drawn drawn = desk_selected(21);
    (void)state;
    desk_open(&desk);
    desk_registers(&desk);
    struct register_listed event = desk_listing(&desk, "EDUCATION", true);
    event.valid_from = DAY(2021, 10, 1);
    assert_int_equal(desk_list(&desk, &event), DECIDED);
    assert_int_equal(desk_submit(&desk, &ani), DECIDED);
    assert_int_equal(desk_draw(&desk, &drawn), DECIDED);
    assert_string_equal(desk_status(desk_decided(&desk)->status), "AWARDED");
    assert_true(room_timer(&desk.room, "REGISTER_DAY") ==
                day_to_instant(DAY(2021, 10, 1), 7 * 60));
    desk_close(&desk);
}

/* Whom a register refused, its silence does not bring back: he or she says it anew. */
static void test_the_refused_apply_anew_when_the_row_is_gone(void **state)
{
    struct desk desk;
    struct application_submitted again = desk_applicant(21);
    (void)state;
    desk_open(&desk);
    pool(&desk);
    struct register_listed listed = desk_listing(&desk, "DTKS", true),
                           gone = desk_listing(&desk, "DTKS", false);
    assert_int_equal(desk_list(&desk, &listed), DECIDED);
    assert_int_equal(desk_list(&desk, &gone), DECIDED);
    assert_null(desk.room.outputs.first);
    assert_string_equal(desk_status(desk_application(&desk, 21)->status), "REJECTED");
    again.revision = 2;
    assert_int_equal(desk_submit(&desk, &again), DECIDED);
    assert_string_equal(desk_status(desk_application(&desk, 21)->status), "POOLED");
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
    assert_null(desk.room.outputs.first);
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
    assert_null(desk.room.outputs.first);
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
    assert_string_equal(desk.room.decision.reason, "BAD_SNAPSHOT_END");
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
    assert_int_equal(verdict_effect(&desk.room.decision.verdict), EFFECT_REJECT);
    assert_true(desk.room.decision.verdict.condition_count > 0);
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_a_register_does_to_the_pooled),
        cmocka_unit_test(test_a_priority_of_the_pooled_is_kept_quietly),
        cmocka_unit_test(test_an_award_is_held_and_released),
        cmocka_unit_test(test_holds_are_a_set),
        cmocka_unit_test(test_an_award_follows_the_registers),
        cmocka_unit_test(test_an_entry_holds_on_its_own_days),
        cmocka_unit_test(test_an_entry_known_before_the_award),
        cmocka_unit_test(test_the_refused_apply_anew_when_the_row_is_gone),
        cmocka_unit_test(test_the_held_of_another_register_stays_held),
        cmocka_unit_test(test_listed_before_anybody_applied),
        cmocka_unit_test(test_snapshots),
        cmocka_unit_test(test_the_explanation_is_of_what_was_judged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
