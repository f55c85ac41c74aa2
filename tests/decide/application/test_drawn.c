#include "desk.h"

static void pool(struct desk *desk, int wave)
{
    struct application_submitted ani = desk_applicant(wave);
    desk_registers(desk);
    assert_int_equal(desk_submit(desk, &ani), DECIDED);
    assert_string_equal(desk_status(desk_decided(desk)->status), "POOLED");
}

static void assert_decided(const struct desk *desk, const char *status, const char *reasons)
{
    const struct application_decided *decided = desk_decided(desk);
    assert_non_null(decided);
    assert_string_equal(desk_status(decided->status), status);
    assert_string_equal(desk_codes(decided->reasons.items, decided->reasons.count), reasons);
}

static void test_the_selected_are_awarded_a_seat_and_money(void **state)
{
    struct desk desk;
    struct application_drawn drawn = desk_selected(21);
    (void)state;
    desk_open(&desk);
    pool(&desk, 21);
    assert_int_equal(desk_draw(&desk, &drawn), DECIDED);
    assert_decided(&desk, "AWARDED", "");
    const struct application_decided *decided = desk_decided(&desk);
    assert_int_equal(decided->sequence, 2);
    assert_int_equal(decided->notice_day, DAY(2021, 9, 22));
    TEXT_IS(decided->decree_no, "SK-1");
    assert_true(decided->occurred_at == drawn.drawn_at);
    assert_true(decided->commitment == INT64_C(355000000));
    assert_int_equal(desk_seats_taken(&desk, 21), 1);
    assert_true(desk_money_taken(&desk, 2021, "ALL") == INT64_C(355000000));
    const struct award_row *award = desk_award_row(&desk, 21);
    assert_non_null(award);
    assert_int_equal(award->holds.count, 0);
    desk_close(&desk);
}

static void test_the_contact_travels_sealed_for_its_award(void **state)
{
    struct desk desk;
    struct buffer clear = {0};
    struct error error;
    (void)state;
    desk_open(&desk);
    desk_give_award(&desk, 21);
    const struct application_decided *decided = desk_decided(&desk);
    struct seal_place place = {"application.decided", "contact", decided->award_id};
    assert_true(decided->has_contact_sealed);
    assert_int_equal(
        seal_unseal(desk.room.seal, &place, decided->contact_sealed, &clear, &error), OK);
    TEXT_IS(buffer_slice(&clear), MSISDN);
    buffer_release(&clear);
    desk_close(&desk);
}

static void test_the_selected_are_told_the_last_day(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk);
    desk_give_award(&desk, 21);
    const struct notification_requested *message = desk_message(&desk);
    assert_non_null(message);
    TEXT_IS(message->kind, "selected");
    assert_non_null(strstr(desk_text(message->text), "21 Oktober 2021"));
    assert_true(message->not_before == day_to_instant(DAY(2021, 9, 22), 7 * 60));
    assert_true(message->not_after == message->not_before + 7 * US_PER_DAY);
    desk_close(&desk);
}

static void test_who_is_not_drawn_is_told_on_the_notice_day(void **state)
{
    struct desk desk;
    struct application_drawn drawn = desk_selected(21);
    (void)state;
    desk_open(&desk);
    pool(&desk, 21);
    drawn.outcome = APPLICATION_DRAWN_OUTCOME_NOT_DRAWN;
    assert_int_equal(desk_draw(&desk, &drawn), DECIDED);
    assert_decided(&desk, "NOT_DRAWN", "NOT_DRAWN");
    assert_int_equal(desk_seats_taken(&desk, 21), 0);
    assert_null(desk_award_row(&desk, 21));
    TEXT_IS(desk_message(&desk)->kind, "not_selected");
    assert_true(desk_message(&desk)->not_before == day_to_instant(DAY(2021, 9, 22), 7 * 60));
    desk_close(&desk);
}

static void test_a_repeated_draw_changes_nothing(void **state)
{
    struct desk desk;
    struct application_drawn drawn = desk_selected(21);
    (void)state;
    desk_open(&desk);
    desk_give_award(&desk, 21);
    assert_int_equal(desk_draw(&desk, &drawn), REPEATED);
    drawn.outcome = APPLICATION_DRAWN_OUTCOME_NOT_DRAWN;
    assert_int_equal(desk_draw(&desk, &drawn), REPEATED);
    assert_int_equal(desk_seats_taken(&desk, 21), 1);
    desk_close(&desk);
}

static void test_a_draw_that_comes_first_waits(void **state)
{
    struct desk desk;
    struct application_drawn drawn = desk_selected(21);
    struct uuid key;
    (void)state;
    desk_open(&desk);
    key = desk_application_key(&desk, 21);
    assert_int_equal(desk_draw(&desk, &drawn), WAITING);
    assert_true(uuid_equal(&desk.room.decision.awaited_key, &key));
    assert_ptr_equal(desk.room.decision.awaited, &application_row_type);
    desk_close(&desk);
}

struct refused_case {
    const char *name, *reason;
    struct application_drawn drawn;
};

static void test_draws_at_fault_are_dead_letters(void **state)
{
    struct application_drawn unknown = desk_selected(48), outcome = unknown, wave = unknown,
                             noticeless = unknown;
    (void)state;
    unknown.programme = SLICE("none");
    outcome.outcome = APPLICATION_DRAWN_OUTCOME_UNKNOWN;
    wave.wave = 0;
    noticeless.has_notice_day = false;
    const struct refused_case cases[] = {
        {"unknown programme", "UNKNOWN_PROGRAMME", unknown},
        {"unknown outcome", "UNKNOWN_OUTCOME", outcome},
        {"wave zero", "UNKNOWN_WAVE", wave},
        {"selected without any notice day", "NOTICE_DAY_MISSING", noticeless},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct desk desk;
        desk_open(&desk);
        pool(&desk, 48);
        if (desk_draw(&desk, &cases[i].drawn) != DEAD_LETTERED)
            fail_msg("%s: no dead letter", cases[i].name);
        assert_string_equal(desk.room.decision.reason, cases[i].reason);
        assert_string_equal(desk_status(desk_application(&desk, 48)->status), "POOLED");
        desk_close(&desk);
    }
}

static void test_the_programme_file_gives_the_notice_day(void **state)
{
    struct desk desk;
    struct application_drawn drawn = desk_selected(21);
    (void)state;
    desk_open(&desk);
    pool(&desk, 21);
    drawn.has_notice_day = false;
    drawn.notice_day = 0;
    assert_int_equal(desk_draw(&desk, &drawn), DECIDED);
    assert_int_equal(desk_decided(&desk)->notice_day, DAY(2021, 9, 22));
    desk_close(&desk);
}

static void test_seats_from_both_sides(void **state)
{
    static const struct {
        int64_t used;
        const char *status, *reasons;
    } cases[] = {{754928, "AWARDED", ""}, {754929, "REJECTED", "QUOTA_FULL"}};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct desk desk;
        struct application_drawn drawn = desk_selected(21);
        desk_open(&desk);
        pool(&desk, 21);
        desk_seats_used(&desk, 21, cases[i].used);
        assert_int_equal(desk_draw(&desk, &drawn), DECIDED);
        assert_decided(&desk, cases[i].status, cases[i].reasons);
        assert_int_equal(desk_seats_taken(&desk, 21), i == 0);
        desk_close(&desk);
    }
}

static const int64_t money_2021 = INT64_C(21200000000000) * 100;

static void test_money_from_both_sides(void **state)
{
    static const struct {
        int64_t left;
        const char *status, *reasons;
    } cases[] = {{INT64_C(355000000), "AWARDED", ""},
                 {INT64_C(354999999), "HELD", "BUDGET_EXHAUSTED"}};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct desk desk;
        struct application_drawn drawn = desk_selected(21);
        desk_open(&desk);
        pool(&desk, 21);
        desk_seats_used(&desk, 21, 0);
        desk_money_used(&desk, 2021, "ALL", money_2021 - cases[i].left);
        assert_int_equal(desk_draw(&desk, &drawn), DECIDED);
        assert_decided(&desk, cases[i].status, cases[i].reasons);
        assert_int_equal(desk_seats_taken(&desk, 21), i == 0);
        assert_true(desk_money_taken(&desk, 2021, "ALL") == (i == 0 ? INT64_C(355000000) : 0));
        desk_close(&desk);
    }
}

static void test_a_component_too_short_gives_all_back(void **state)
{
    struct desk desk;
    struct application_drawn drawn = desk_selected(10);
    (void)state;
    desk_open(&desk);
    pool(&desk, 10);
    desk_seats_used(&desk, 10, 0);
    desk_money_used(&desk, 2020, "SURVEY", INT64_C(840000000000) * 100);
    assert_int_equal(desk_draw(&desk, &drawn), DECIDED);
    assert_decided(&desk, "HELD", "BUDGET_EXHAUSTED");
    assert_int_equal(desk_seats_taken(&desk, 10), 0);
    assert_true(desk_money_taken(&desk, 2020, "TRAINING") == 0);
    assert_true(desk_money_taken(&desk, 2020, "INCENTIVE") == 0);
    desk_close(&desk);
}

/* Drawn, but the year's money is out: tried again each day, told once, awarded when it is back. */
static void test_money_that_comes_back_is_awarded(void **state)
{
    struct desk desk;
    struct application_drawn drawn = desk_selected(21);
    (void)state;
    desk_open(&desk);
    pool(&desk, 21);
    desk_money_used(&desk, 2021, "ALL", money_2021);
    assert_int_equal(desk_draw(&desk, &drawn), DECIDED);
    instant_us due_at = room_timer(&desk.room, "RETRY");
    assert_true(due_at == day_to_instant(DAY(2021, 9, 22), 7 * 60));
    assert_true(room_timer(&desk.room, "WAVE_CLOSED") == 0);
    assert_int_equal(desk_fire_own(&desk, 21, "RETRY", due_at), DECIDED);
    assert_null(desk.room.outputs.first);
    assert_true(room_timer(&desk.room, "RETRY") == due_at + US_PER_DAY);
    desk_money_used(&desk, 2021, "ALL", 0);
    due_at += US_PER_DAY;
    assert_int_equal(desk_fire_own(&desk, 21, "RETRY", due_at), DECIDED);
    assert_decided(&desk, "AWARDED", "");
    assert_int_equal(desk_fire_own(&desk, 21, "RETRY", due_at), DECIDED); /* fired twice */
    assert_null(desk.room.outputs.first);
    assert_int_equal(desk_seats_taken(&desk, 21), 1);
    desk_close(&desk);
}

static void hold(struct desk *desk)
{
    struct application_submitted ani = desk_applicant(48);
    ani.has_email_verified_at = false;
    ani.email_verified_at = 0;
    desk_registers(desk);
    assert_int_equal(desk_submit(desk, &ani), DECIDED);
}

static void test_who_is_held_at_the_draw(void **state)
{
    static const struct {
        int32_t outcome;
        const char *status, *reasons;
    } cases[] = {{APPLICATION_DRAWN_OUTCOME_SELECTED, "HELD", "CONTACT_EMAIL_UNVERIFIED"},
                 {APPLICATION_DRAWN_OUTCOME_NOT_DRAWN, "NOT_DRAWN", "NOT_DRAWN"}};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct desk desk;
        struct application_drawn drawn = desk_selected(48);
        desk_open(&desk);
        hold(&desk);
        drawn.outcome = cases[i].outcome;
        assert_int_equal(desk_draw(&desk, &drawn), DECIDED);
        assert_decided(&desk, cases[i].status, cases[i].reasons);
        desk_close(&desk);
    }
}

/* Three on one card pass the pool; the draw counts again. */
static void test_the_third_on_the_card_is_refused_at_the_draw(void **state)
{
    struct desk desk;
    static const char *const ids[] = {"R-1", "R-2", "R-3"};
    (void)state;
    desk_open(&desk);
    desk_registers(&desk);
    for (int i = 0; i < 3; i++) {
        struct application_submitted relative = desk_relative(21, (char)('2' + i), ids[i]);
        assert_int_equal(desk_submit(&desk, &relative), DECIDED);
        assert_decided(&desk, "POOLED", "");
    }
    for (int i = 0; i < 3; i++) {
        struct application_drawn drawn = desk_selected(21);
        drawn.application_id = slice_of(ids[i]);
        assert_int_equal(desk_draw(&desk, &drawn), DECIDED);
        if (i < 2)
            assert_decided(&desk, "AWARDED", "");
        else
            assert_decided(&desk, "REJECTED", "FAMILY_CARD_LIMIT");
    }
    assert_int_equal(desk_seats_taken(&desk, 21), 2);
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_selected_are_awarded_a_seat_and_money),
        cmocka_unit_test(test_the_contact_travels_sealed_for_its_award),
        cmocka_unit_test(test_the_selected_are_told_the_last_day),
        cmocka_unit_test(test_who_is_not_drawn_is_told_on_the_notice_day),
        cmocka_unit_test(test_a_repeated_draw_changes_nothing),
        cmocka_unit_test(test_a_draw_that_comes_first_waits),
        cmocka_unit_test(test_draws_at_fault_are_dead_letters),
        cmocka_unit_test(test_the_programme_file_gives_the_notice_day),
        cmocka_unit_test(test_seats_from_both_sides),
        cmocka_unit_test(test_money_from_both_sides),
        cmocka_unit_test(test_a_component_too_short_gives_all_back),
        cmocka_unit_test(test_money_that_comes_back_is_awarded),
        cmocka_unit_test(test_who_is_held_at_the_draw),
        cmocka_unit_test(test_the_third_on_the_card_is_refused_at_the_draw),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
