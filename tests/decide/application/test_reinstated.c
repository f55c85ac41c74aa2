/* An ended award that two officers bring back: limits judged anew, seat and money taken again. */
#include "desk.h"

static const int64_t package = INT64_C(355000000), training = INT64_C(100000000),
                     incentive = INT64_C(240000000), survey = INT64_C(15000000);
static const int64_t money_2021 = INT64_C(21200000000000) * 100;
static const int64_t seats_21 = 754929;

/* Ends on 22 October at noon. */
static void end(struct desk *desk, int wave, int32_t change)
{
    struct award_changed event = desk_change(desk, wave, change, "FIRST_TRAINING_LATE", 1);
    assert_int_equal(desk_award(desk, &event), DECIDED);
}

static void revoke(struct desk *desk)
{
    desk_give_award(desk, 21);
    end(desk, 21, AWARD_CHANGED_CHANGE_REVOKED);
}

static void release_all(struct desk *desk, int wave)
{
    static const struct {
        const char *component;
        int64_t amount;
    } parts[] = {{"TRAINING", 100000000}, {"INCENTIVE", 240000000}, {"SURVEY", 15000000}};
    for (int i = 0; i < 3; i++) {
        struct commitment_released event =
            desk_release(desk, wave, parts[i].component, parts[i].amount, i + 1);
        assert_int_equal(desk_released(desk, &event), DECIDED);
    }
}

/* Two officers' word of 1 November. */
static struct award_changed reinstatement(struct desk *desk, int wave, int64_t sequence)
{
    struct award_changed event =
        desk_officer(desk, wave, AWARD_CHANGED_CHANGE_REINSTATED, "APPEAL_GRANTED", sequence);
    event.occurred_at = NOON(2021, 11, 1);
    return event;
}

static void assert_reinstated(struct desk *desk, int64_t sequence)
{
    struct award_changed event = reinstatement(desk, 21, sequence);
    if (desk_award(desk, &event) != DECIDED)
        fail_msg("%s: %s", desk->room.decision.reason, desk->room.decision.sentence);
    assert_false(desk_award_row(desk, 21)->revoked || desk_award_row(desk, 21)->closed);
}

static void test_a_revoked_award_comes_back_whole(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk);
    revoke(&desk);
    release_all(&desk, 21);
    assert_true(desk_money_taken(&desk, 2021, "ALL") == 0);
    assert_reinstated(&desk, 9);
    assert_int_equal(desk_changed(&desk, 0)->change, AWARD_CHANGED_CHANGE_REINSTATED);
    assert_int_equal(desk_changed(&desk, 0)->by, AWARD_CHANGED_BY_APPLICATION);
    assert_int_equal(desk_changed(&desk, 0)->sequence, 1);
    assert_true(desk_changed(&desk, 0)->occurred_at == NOON(2021, 11, 1));
    TEXT_IS(desk_changed(&desk, 0)->reason, "APPEAL_GRANTED");
    assert_null(desk_changed(&desk, 1));
    assert_int_equal(desk_seats_taken(&desk, 21), 1);
    assert_true(desk_money_taken(&desk, 2021, "ALL") == package);
    assert_int_equal(desk_awards_on_card(&desk), 1);
    assert_false(desk_person_row(&desk)->applications.items[0].revoked);
    assert_false(desk_award_row(&desk, 21)->has_revoked_for);
    assert_true(desk_award_row(&desk, 21)->has_reinstated_at);
    assert_true(desk_award_row(&desk, 21)->reinstated_at == NOON(2021, 11, 1));
    assert_int_equal(desk_award_row(&desk, 21)->released.count, 0);
    desk_close(&desk);
}

static void test_a_closed_award_kept_its_seat(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk);
    desk_give_award(&desk, 21);
    end(&desk, 21, AWARD_CHANGED_CHANGE_CLOSED);
    struct commitment_released event = desk_release(&desk, 21, "SURVEY", survey, 1);
    assert_int_equal(desk_released(&desk, &event), DECIDED);
    desk_seats_used(&desk, 21, seats_21); /* none is free, and none is needed */
    assert_reinstated(&desk, 9);
    assert_int_equal(desk_seats_taken(&desk, 21), 1);
    assert_true(desk_money_taken(&desk, 2021, "ALL") == package);
    assert_int_equal(desk_awards_on_card(&desk), 1);
    desk_close(&desk);
}

/* Relatives who were given an award on Ani's card after hers was revoked. */
static void award_relatives(struct desk *desk, int count)
{
    static const char *const ids[] = {"R-1", "R-2"};
    for (int i = 0; i < count; i++) {
        struct application_submitted relative = desk_relative(21, (char)('2' + i), ids[i]);
        struct application_drawn drawn = desk_selected(21);
        drawn.application_id = slice_of(ids[i]);
        assert_int_equal(desk_submit(desk, &relative), DECIDED);
        assert_int_equal(desk_draw(desk, &drawn), DECIDED);
        assert_string_equal(desk_status(desk_decided(desk)->status), "AWARDED");
    }
}

/* Ani has, beside that of wave 21, an award of wave 22. */
static void add_award(struct desk *desk, bool revoked)
{
    struct uuid id = desk_person(desk);
    struct person_row *row = facts_edit(&desk->room.facts, &person_row_type, &id);
    static struct person_row_application list[2];
    list[0] = row->applications.items[0];
    list[1] = (struct person_row_application){.application_key = {{9}},
                                              .award_id = {{9}},
                                              .programme = SLICE("kartu-prakerja"),
                                              .wave = 22,
                                              .status = APPLICATION_DECIDED_STATUS_AWARDED,
                                              .revoked = revoked};
    row->applications.items = list;
    row->applications.count = 2;
}

static void one_on_the_card(struct desk *desk)
{
    award_relatives(desk, 1);
}

static void two_on_the_card(struct desk *desk)
{
    award_relatives(desk, 2);
}

static void another_award(struct desk *desk)
{
    add_award(desk, false);
}

static void another_award_revoked(struct desk *desk)
{
    add_award(desk, true);
}

static void last_seat(struct desk *desk)
{
    desk_seats_used(desk, 21, seats_21 - 1);
}

static void no_seat(struct desk *desk)
{
    desk_seats_used(desk, 21, seats_21);
}

static void just_the_money(struct desk *desk)
{
    release_all(desk, 21);
    desk_money_used(desk, 2021, "ALL", money_2021 - package);
}

static void too_little_money(struct desk *desk)
{
    release_all(desk, 21);
    desk_money_used(desk, 2021, "ALL", money_2021 - package + 1);
}

static void no_money_but_none_came_back(struct desk *desk)
{
    desk_money_used(desk, 2021, "ALL", money_2021);
}

static void already_reinstated(struct desk *desk)
{
    assert_reinstated(desk, 8);
}

static void revoked_once_more_later(struct desk *desk)
{
    struct award_changed event =
        desk_officer(desk, 21, AWARD_CHANGED_CHANGE_REVOKED, "FRAUD_SUSPECTED", 4);
    event.occurred_at = NOON(2021, 11, 1) + 1;
    assert_int_equal(desk_award(desk, &event), DECIDED);
}

static void revoked_once_more_at_the_instant(struct desk *desk)
{
    struct award_changed event =
        desk_officer(desk, 21, AWARD_CHANGED_CHANGE_REVOKED, "FRAUD_SUSPECTED", 4);
    event.occurred_at = NOON(2021, 11, 1);
    assert_int_equal(desk_award(desk, &event), DECIDED);
}

static const struct {
    const char *name;
    void (*meanwhile)(struct desk *desk);
    const char *dead_letter; /* NULL: reinstated */
} cases[] = {
    {"nothing happened meanwhile", NULL, NULL},
    {"one other award on the card", one_on_the_card, NULL},
    {"two other awards on the card", two_on_the_card, "FAMILY_CARD_LIMIT"},
    {"another award of the person", another_award, "ALREADY_BENEFITED"},
    {"another revoked award of the person", another_award_revoked, "BLACKLISTED"},
    {"the last seat is free", last_seat, NULL},
    {"no seat is free", no_seat, "QUOTA_FULL"},
    {"just the money is left", just_the_money, NULL},
    {"a hundredth too little is left", too_little_money, "BUDGET_EXHAUSTED"},
    {"no money is left, and none came back", no_money_but_none_came_back, NULL},
    {"reinstated already", already_reinstated, "NOT_ENDED"},
    {"revoked once more after it", revoked_once_more_later, "NOT_ENDED"},
    {"revoked once more at its instant", revoked_once_more_at_the_instant, NULL},
};

static int64_t came_back(struct desk *desk)
{
    const struct award_row *award = desk_award_row(desk, 21);
    int64_t sum = 0;
    for (size_t i = 0; i < award->released.count; i++)
        sum += award->released.items[i].amount;
    return sum;
}

static void test_what_happened_meanwhile(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct desk desk;
        desk_open(&desk);
        revoke(&desk);
        if (cases[i].meanwhile != NULL)
            cases[i].meanwhile(&desk);
        struct award_changed event = reinstatement(&desk, 21, 9);
        int64_t seats = desk_seats_taken(&desk, 21),
                money = desk_money_taken(&desk, 2021, "ALL"), back = came_back(&desk);
        enum decision_kind kind = desk_award(&desk, &event);
        if (kind != (cases[i].dead_letter == NULL ? DECIDED : DEAD_LETTERED))
            fail_msg("%s: %s", cases[i].name,
                     kind == DEAD_LETTERED ? desk.room.decision.reason : "taken");
        if (cases[i].dead_letter != NULL) {
            assert_string_equal(desk.room.decision.reason, cases[i].dead_letter);
            assert_true(strlen(desk.room.decision.sentence) > 40);
            /* What was taken on the way is given back. */
            assert_int_equal(desk_seats_taken(&desk, 21), seats);
            assert_true(desk_money_taken(&desk, 2021, "ALL") == money);
            assert_null(desk.room.outputs.first);
        } else {
            assert_int_equal(desk_seats_taken(&desk, 21), seats + 1);
            assert_true(desk_money_taken(&desk, 2021, "ALL") == money + back);
        }
        desk_close(&desk);
    }
}

static void test_who_may_ask(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk);
    revoke(&desk);
    struct award_changed alone = reinstatement(&desk, 21, 9), same = alone, service = alone,
                         own = alone, good = alone;
    alone.has_approved_by = false;
    alone.approved_by = (struct slice){0};
    same.approved_by = same.requested_by;
    service.by = AWARD_CHANGED_BY_COMPLETION;
    own.by = AWARD_CHANGED_BY_APPLICATION;
    const struct {
        const char *name;
        const struct award_changed *event;
        enum decision_kind kind;
        const char *reason;
    } askers[] = {{"one officer alone", &alone, DEAD_LETTERED, "SECOND_OFFICER_MISSING"},
                  {"one officer twice", &same, DEAD_LETTERED, "SECOND_OFFICER_MISSING"},
                  {"another service", &service, DEAD_LETTERED, "UNKNOWN_WRITER"},
                  {"our own word", &own, REPEATED, NULL},
                  {"two officers", &good, DECIDED, NULL},
                  {"two officers, the record once more", &good, REPEATED, NULL}};
    for (size_t i = 0; i < sizeof askers / sizeof askers[0]; i++) {
        if (desk_award(&desk, askers[i].event) != askers[i].kind)
            fail_msg("%s", askers[i].name);
        if (askers[i].reason != NULL)
            assert_string_equal(desk.room.decision.reason, askers[i].reason);
    }
    assert_int_equal(desk_seats_taken(&desk, 21), 1);
    desk_close(&desk);
}

static void test_an_award_that_runs_or_is_unknown(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk);
    struct award_changed event = reinstatement(&desk, 21, 9);
    assert_int_equal(desk_award(&desk, &event), WAITING);
    desk_give_award(&desk, 21);
    assert_int_equal(desk_award(&desk, &event), DEAD_LETTERED);
    assert_string_equal(desk.room.decision.reason, "NOT_ENDED");
    desk_close(&desk);
}

/* What came back is taken again once, whenever it is heard of: the books agree in the end. */
static void test_releases_before_and_after(void **state)
{
    const struct {
        const char *name;
        int before; /* of three releases, heard before the reinstatement */
        instant_us at;
        int64_t taken; /* in the end */
    } orders[] = {
        {"all heard before", 3, NOON(2021, 10, 22), 355000000},
        {"two heard before", 2, NOON(2021, 10, 22), 355000000},
        {"none heard before", 0, NOON(2021, 10, 22), 355000000},
        {"released at the very instant", 0, NOON(2021, 11, 1), 355000000},
        {"released after it, of a later cause", 0, NOON(2021, 11, 1) + 1, 0},
    };
    static const char *const components[] = {"TRAINING", "INCENTIVE", "SURVEY"};
    const int64_t amounts[] = {training, incentive, survey};
    (void)state;
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
        struct desk desk;
        desk_open(&desk);
        revoke(&desk);
        for (int j = 0; j < 3; j++) {
            struct commitment_released event =
                desk_release(&desk, 21, components[j], amounts[j], j + 1);
            event.occurred_at = orders[i].at;
            if (j == orders[i].before)
                assert_reinstated(&desk, 9);
            assert_int_equal(desk_released(&desk, &event), DECIDED);
            assert_int_equal(desk_released(&desk, &event), REPEATED);
        }
        if (orders[i].before == 3)
            assert_reinstated(&desk, 9);
        if (desk_money_taken(&desk, 2021, "ALL") != orders[i].taken)
            fail_msg("%s: %jd", orders[i].name, (intmax_t)desk_money_taken(&desk, 2021, "ALL"));
        desk_close(&desk);
    }
}

/* Ends of any writer that are not later than the reinstatement are void, later ones end anew. */
static void test_ends_heard_afterwards(void **state)
{
    const struct {
        const char *name;
        int32_t change, by;
        instant_us at;
        bool ends;
    } ends[] = {
        {"closed before it", AWARD_CHANGED_CHANGE_CLOSED, AWARD_CHANGED_BY_COMPLETION,
         NOON(2021, 10, 30), false},
        {"revoked at its instant", AWARD_CHANGED_CHANGE_REVOKED, AWARD_CHANGED_BY_OFFICER,
         NOON(2021, 11, 1), false},
        {"revoked after it", AWARD_CHANGED_CHANGE_REVOKED, AWARD_CHANGED_BY_COMPLETION,
         NOON(2021, 11, 1) + 1, true},
        {"closed after it", AWARD_CHANGED_CHANGE_CLOSED, AWARD_CHANGED_BY_OFFICER,
         NOON(2021, 11, 1) + 1, true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        struct desk desk;
        desk_open(&desk);
        revoke(&desk);
        assert_reinstated(&desk, 9);
        struct award_changed event =
            desk_officer(&desk, 21, ends[i].change, "FRAUD_SUSPECTED", 12);
        event.by = ends[i].by;
        event.occurred_at = ends[i].at;
        if (desk_award(&desk, &event) != (ends[i].ends ? DECIDED : REPEATED))
            fail_msg("%s", ends[i].name);
        const struct award_row *award = desk_award_row(&desk, 21);
        assert_int_equal(award->revoked || award->closed, ends[i].ends);
        assert_int_equal(desk_seats_taken(&desk, 21), award->revoked ? 0 : 1);
        desk_close(&desk);
    }
}

static void test_twice_over_takes_what_came_back_since(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk);
    revoke(&desk);
    release_all(&desk, 21);
    assert_reinstated(&desk, 9);
    /* A course was bought for 600,000 meanwhile: so much less comes back. */
    struct award_changed again =
        desk_officer(&desk, 21, AWARD_CHANGED_CHANGE_REVOKED, "FRAUD_SUSPECTED", 10);
    struct commitment_released rest =
        desk_release(&desk, 21, "TRAINING", training - INT64_C(60000000), 4);
    again.occurred_at = rest.occurred_at = NOON(2021, 11, 20);
    assert_int_equal(desk_award(&desk, &again), DECIDED);
    assert_int_equal(desk_released(&desk, &rest), DECIDED);
    assert_true(desk_money_taken(&desk, 2021, "ALL") == package - rest.amount);
    struct award_changed event = reinstatement(&desk, 21, 11);
    event.occurred_at = NOON(2021, 12, 1);
    assert_int_equal(desk_award(&desk, &event), DECIDED);
    assert_int_equal(desk_changed(&desk, 0)->sequence, 2);
    assert_true(desk_money_taken(&desk, 2021, "ALL") == package);
    assert_int_equal(desk_seats_taken(&desk, 21), 1);
    desk_close(&desk);
}

/* What a register said while the award had ended holds it when it comes back, and no sooner. */
static void test_registers_that_spoke_meanwhile(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk);
    desk_give_award(&desk, 21);
    struct register_listed education = desk_listing(&desk, "EDUCATION", true),
                           gone = desk_listing(&desk, "EDUCATION", false),
                           dtks = desk_listing(&desk, "DTKS", true);
    assert_int_equal(desk_list(&desk, &education), DECIDED);
    end(&desk, 21, AWARD_CHANGED_CHANGE_REVOKED);
    assert_int_equal(desk_list(&desk, &gone), DECIDED);
    assert_int_equal(desk_list(&desk, &dtks), DECIDED);
    assert_null(desk_changed(&desk, 0));
    assert_string_equal(desk_holds(&desk), "APPLICATION:EDU_ENROLLED");
    assert_reinstated(&desk, 9);
    assert_int_equal(desk_changed(&desk, 0)->change, AWARD_CHANGED_CHANGE_REINSTATED);
    assert_int_equal(desk_changed(&desk, 1)->change, AWARD_CHANGED_CHANGE_HELD);
    TEXT_IS(desk_changed(&desk, 1)->reason, "OTHER_AID_RECIPIENT");
    assert_int_equal(desk_changed(&desk, 2)->change, AWARD_CHANGED_CHANGE_RELEASED);
    TEXT_IS(desk_changed(&desk, 2)->reason, "EDU_ENROLLED");
    assert_int_equal(desk_changed(&desk, 2)->sequence, desk_changed(&desk, 0)->sequence + 2);
    assert_string_equal(desk_holds(&desk), "APPLICATION:OTHER_AID_RECIPIENT");
    desk_close(&desk);
}

/* 2020 counts by component: one that is short keeps the others as they were. */
static void test_components_are_taken_again_each_by_its_own(void **state)
{
    static const struct {
        const char *name;
        int64_t survey_left;
        enum decision_kind kind;
        int64_t training_taken;
    } years[] = {{"just enough", 15000000, DECIDED, 100000000},
                 {"a hundredth short", 14999999, DEAD_LETTERED, 0}};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct desk desk;
        desk_open(&desk);
        desk_give_award(&desk, 10);
        end(&desk, 10, AWARD_CHANGED_CHANGE_REVOKED);
        release_all(&desk, 10);
        assert_true(desk_money_taken(&desk, 2020, "TRAINING") == 0);
        desk_money_used(&desk, 2020, "SURVEY",
                        INT64_C(840000000000) * 100 - years[i].survey_left);
        struct award_changed event = reinstatement(&desk, 10, 9);
        if (desk_award(&desk, &event) != years[i].kind)
            fail_msg("%s", years[i].name);
        assert_true(desk_money_taken(&desk, 2020, "TRAINING") == years[i].training_taken);
        assert_int_equal(desk_seats_taken(&desk, 10), years[i].kind == DECIDED);
        desk_close(&desk);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_revoked_award_comes_back_whole),
        cmocka_unit_test(test_a_closed_award_kept_its_seat),
        cmocka_unit_test(test_what_happened_meanwhile),
        cmocka_unit_test(test_who_may_ask),
        cmocka_unit_test(test_an_award_that_runs_or_is_unknown),
        cmocka_unit_test(test_releases_before_and_after),
        cmocka_unit_test(test_ends_heard_afterwards),
        cmocka_unit_test(test_twice_over_takes_what_came_back_since),
        cmocka_unit_test(test_registers_that_spoke_meanwhile),
        cmocka_unit_test(test_components_are_taken_again_each_by_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
