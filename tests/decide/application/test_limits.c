/*
 * Seats and money, the hard limits: what an award takes, of which ceiling, what comes back when it ends, and who
 * may have it then.
 */
#include "desk.h"

static const char *const components[] = {"TRAINING", "INCENTIVE", "SURVEY"};
static const int64_t package_parts[] = {100000000, 240000000, 15000000};
static const int64_t ceilings_2020[] = {
    INT64_C(5600000000000) * 100, INT64_C(13450000000000) * 100, INT64_C(840000000000) * 100};

static void pool(struct desk *desk, int wave)
{
    struct application_submitted ani = desk_applicant(wave);
    desk_registers(desk);
    assert_int_equal(desk_submit(desk, &ani), DECIDED);
    assert_string_equal(desk_status(desk_decided(desk)->status), "POOLED");
}

static void draw(struct desk *desk, int wave, const char *status, const char *reasons)
{
    struct application_drawn drawn = desk_selected(wave);
    assert_int_equal(desk_draw(desk, &drawn), DECIDED);
    const struct application_decided *decided = desk_decided(desk);
    assert_string_equal(desk_status(decided->status), status);
    assert_string_equal(desk_codes(decided->reasons.items, decided->reasons.count), reasons);
}

/* ALL is the one ceiling of a year that has no other, each component one of a year that parts them. */
static void test_what_an_award_takes_of_its_year(void **state)
{
    static const struct {
        int wave, year;
        int64_t all, parts[3];
    } cases[] = {
        {10, 2020, 0, {100000000, 240000000, 15000000}},
        {21, 2021, 355000000, {0, 0, 0}},
        {48, 2023, 420000000, {0, 0, 0}},
        {63, 2024, 420000000, {0, 0, 0}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct desk desk;
        desk_open(&desk);
        desk_give_award(&desk, cases[i].wave);
        assert_true(desk_money_taken(&desk, cases[i].year, "ALL") == cases[i].all);
        for (size_t j = 0; j < 3; j++)
            assert_true(desk_money_taken(&desk, cases[i].year, components[j]) ==
                        cases[i].parts[j]);
        /* Nothing of the years before and after. */
        assert_true(desk_money_taken(&desk, cases[i].year - 1, "ALL") == 0);
        assert_true(desk_money_taken(&desk, cases[i].year + 1, "ALL") == 0);
        desk_close(&desk);
    }
}

/* A component alone may run out: then nobody gets an award, and nothing of the others is taken. */
static void test_each_component_from_both_sides(void **state)
{
    (void)state;
    for (size_t i = 0; i < 6; i++) {
        struct desk desk;
        size_t part = i / 2;
        bool enough = i % 2 == 0;
        desk_open(&desk);
        pool(&desk, 10);
        desk_seats_used(&desk, 10, 0);
        desk_money_used(&desk, 2020, components[part],
                        ceilings_2020[part] - package_parts[part] + (enough ? 0 : 1));
        draw(&desk, 10, enough ? "AWARDED" : "HELD", enough ? "" : "BUDGET_EXHAUSTED");
        for (size_t j = 0; j < 3; j++)
            assert_true(desk_money_taken(&desk, 2020, components[j]) ==
                        (enough ? package_parts[j] : 0));
        assert_int_equal(desk_seats_taken(&desk, 10), enough);
        desk_close(&desk);
    }
}

static void release(struct desk *desk, int wave, size_t part, int64_t sequence)
{
    struct commitment_released event =
        desk_release(desk, wave, components[part], package_parts[part], sequence);
    assert_int_equal(desk_released(desk, &event), DECIDED);
}

static void test_money_comes_back_to_its_own_year_and_component(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk);
    desk_give_award(&desk, 10);
    release(&desk, 10, 1, 1);
    assert_true(desk_money_taken(&desk, 2020, "TRAINING") == package_parts[0]);
    assert_true(desk_money_taken(&desk, 2020, "INCENTIVE") == 0);
    assert_true(desk_money_taken(&desk, 2020, "SURVEY") == package_parts[2]);
    assert_true(desk_money_taken(&desk, 2021, "ALL") == 0);
    release(&desk, 10, 0, 2);
    release(&desk, 10, 2, 3);
    for (size_t i = 0; i < 3; i++)
        assert_true(desk_money_taken(&desk, 2020, components[i]) == 0);
    desk_close(&desk);
}

/* A year may have a ceiling on a component and one on the whole: both are taken from and given back to. */
static void test_a_year_with_both_kinds_of_ceiling(void **state)
{
    static const char line[] = "  - {year: 2022, component: ALL,";
    struct desk desk;
    (void)state;
    desk_open_with(&desk, line,
                   "  - {year: 2021, component: TRAINING, amount: IDR 1500000.00}\n"
                   "  - {year: 2022, component: ALL,");
    desk_give_award(&desk, 21);
    assert_true(desk_money_taken(&desk, 2021, "ALL") == INT64_C(355000000));
    assert_true(desk_money_taken(&desk, 2021, "TRAINING") == package_parts[0]);
    assert_true(desk_money_taken(&desk, 2021, "SURVEY") == 0);
    release(&desk, 21, 0, 1);
    assert_true(desk_money_taken(&desk, 2021, "ALL") == INT64_C(255000000));
    assert_true(desk_money_taken(&desk, 2021, "TRAINING") == 0);
    desk_close(&desk);
}

/* The second award finds no money until that of the first has come back: within one year, as often as it does. */
static void test_released_money_is_committed_again(void **state)
{
    struct desk desk;
    struct application_submitted relative = desk_relative(21, '2', "R-1");
    struct application_drawn drawn = desk_selected(21);
    (void)state;
    desk_open_with(&desk, "{year: 2021, component: ALL, amount: IDR 21200000000000.00}",
                   "{year: 2021, component: ALL, amount: IDR 3550000.00}");
    desk_money_used(&desk, 2021, "ALL", 0);
    desk_give_award(&desk, 21);
    drawn.application_id = SLICE("R-1");
    assert_int_equal(desk_submit(&desk, &relative), DECIDED);
    assert_int_equal(desk_draw(&desk, &drawn), DECIDED);
    assert_string_equal(desk_status(desk_decided(&desk)->status), "HELD");
    struct uuid key =
        application_key(desk.room.seal, SLICE("kartu-prakerja"), SLICE("R-1"), 21);
    char text[UUID_TEXT_SIZE + 1];
    uuid_format(&key, text);
    struct timer_fired retry = {.subject_id = slice_of(text), .kind = SLICE("RETRY")};
    struct award_changed revoked =
        desk_change(&desk, 21, AWARD_CHANGED_CHANGE_REVOKED, "FIRST_TRAINING_LATE", 1);
    assert_int_equal(desk_award(&desk, &revoked), DECIDED);
    for (size_t i = 0; i < 3; i++) {
        retry.due_at = NOON(2021, 10, 23) + (instant_us)i;
        assert_int_equal(desk_fire(&desk, &retry), DECIDED);
        assert_null(desk.room.outputs.first); /* a part is not the whole */
        release(&desk, 21, i, (int64_t)i + 1);
    }
    assert_int_equal(desk_fire(&desk, &retry), DECIDED);
    assert_string_equal(desk_status(desk_decided(&desk)->status), "AWARDED");
    assert_true(desk_money_taken(&desk, 2021, "ALL") == INT64_C(355000000));
    desk_close(&desk);
}

/* A reinstatement lies between two ends, and the service that pays heard the later one first: it says twice that the
 * money comes back, and it may be given once. */
static void test_money_that_comes_back_twice_over(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk);
    desk_give_award(&desk, 21);
    struct award_changed first =
        desk_change(&desk, 21, AWARD_CHANGED_CHANGE_REVOKED, "FIRST_TRAINING_LATE", 1);
    struct award_changed back =
        desk_officer(&desk, 21, AWARD_CHANGED_CHANGE_REINSTATED, "APPEAL_GRANTED", 2);
    struct award_changed last =
        desk_officer(&desk, 21, AWARD_CHANGED_CHANGE_REVOKED, "FRAUD_SUSPECTED", 3);
    back.occurred_at = NOON(2021, 11, 1);
    last.occurred_at = NOON(2021, 11, 2);
    assert_int_equal(desk_award(&desk, &first), DECIDED);
    assert_int_equal(desk_award(&desk, &back), DECIDED);
    for (int64_t sequence = 1; sequence <= 6; sequence++) {
        size_t part = (size_t)(sequence - 1) % 3;
        struct commitment_released event =
            desk_release(&desk, 21, components[part], package_parts[part], sequence);
        event.occurred_at = last.occurred_at;
        assert_int_equal(desk_released(&desk, &event), DECIDED);
    }
    assert_int_equal(desk_award(&desk, &last), DECIDED);
    assert_true(desk_money_taken(&desk, 2021, "ALL") == 0);
    assert_int_equal(desk_seats_taken(&desk, 21), 0);
    desk_close(&desk);
}

/* A freed seat is one of its own wave again, for whoever waits there; a later wave has what its file gives. */
static void test_whose_a_freed_seat_is(void **state)
{
    static const struct {
        int32_t end;
        int64_t seats_21;
    } cases[] = {{AWARD_CHANGED_CHANGE_REVOKED, 0}, {AWARD_CHANGED_CHANGE_CLOSED, 1}};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct desk desk;
        struct application_submitted relative = desk_relative(22, '2', "R-1");
        struct application_drawn drawn = desk_selected(22);
        desk_open(&desk);
        desk_give_award(&desk, 21);
        struct award_changed event =
            desk_change(&desk, 21, cases[i].end, "FIRST_TRAINING_LATE", 1);
        assert_int_equal(desk_award(&desk, &event), DECIDED);
        assert_int_equal(desk_seats_taken(&desk, 21), cases[i].seats_21);
        assert_int_equal(desk_seats_taken(&desk, 22), 0);
        desk_seats_used(&desk, 22, 46000);
        relative.submitted_at = NOON(2021, 10, 26);
        assert_int_equal(desk_submit(&desk, &relative), DECIDED);
        drawn.application_id = SLICE("R-1");
        drawn.drawn_at = NOON(2021, 10, 30);
        assert_int_equal(desk_draw(&desk, &drawn), DECIDED);
        assert_string_equal(
            desk_codes(desk_decided(&desk)->reasons.items, desk_decided(&desk)->reasons.count),
            "QUOTA_FULL");
        desk_close(&desk);
    }
}

static void test_the_last_seat_of_a_wave_goes_round(void **state)
{
    struct desk desk;
    struct application_submitted relative = desk_relative(21, '2', "R-1");
    struct application_drawn drawn = desk_selected(21);
    (void)state;
    desk_open(&desk);
    desk_seats_used(&desk, 21, 754928);
    desk_give_award(&desk, 21);
    assert_int_equal(desk_submit(&desk, &relative), DECIDED);
    struct award_changed revoked =
        desk_change(&desk, 21, AWARD_CHANGED_CHANGE_REVOKED, "FIRST_TRAINING_LATE", 1);
    assert_int_equal(desk_award(&desk, &revoked), DECIDED);
    drawn.application_id = SLICE("R-1");
    assert_int_equal(desk_draw(&desk, &drawn), DECIDED);
    assert_string_equal(desk_status(desk_decided(&desk)->status), "AWARDED");
    /* And who lost it does not get it back. */
    struct award_changed back =
        desk_officer(&desk, 21, AWARD_CHANGED_CHANGE_REINSTATED, "APPEAL_GRANTED", 2);
    assert_int_equal(desk_award(&desk, &back), DEAD_LETTERED);
    assert_string_equal(desk.room.decision.reason, "QUOTA_FULL");
    assert_int_equal(desk_seats_taken(&desk, 21), 1);
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_an_award_takes_of_its_year),
        cmocka_unit_test(test_each_component_from_both_sides),
        cmocka_unit_test(test_money_comes_back_to_its_own_year_and_component),
        cmocka_unit_test(test_a_year_with_both_kinds_of_ceiling),
        cmocka_unit_test(test_released_money_is_committed_again),
        cmocka_unit_test(test_money_that_comes_back_twice_over),
        cmocka_unit_test(test_whose_a_freed_seat_is),
        cmocka_unit_test(test_the_last_seat_of_a_wave_goes_round),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
