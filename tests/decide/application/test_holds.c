/*
 * Every reason for which an application may wait, and everything that ends it: what the programme file promises
 * under `ends_by` is tried, case by case, and no promise is left out.
 */
#include "desk.h"

static const int64_t money_2021 = INT64_C(21200000000000) * 100, package = INT64_C(355000000);

/* ---- What Ani says, but for one thing. */

static void email_unverified(struct application_submitted *ani)
{
    ani->has_email_verified_at = false;
    ani->email_verified_at = 0;
}

static void phone_unverified(struct application_submitted *ani)
{
    ani->has_msisdn_verified_at = false;
    ani->msisdn_verified_at = 0;
}

static void test_not_taken(struct application_submitted *ani)
{
    ani->has_ability_test_taken_on = false;
    ani->ability_test_taken_on = 0;
}

static void no_answer(struct application_submitted *ani)
{
    ani->has_in_formal_education = false;
}

static void face_differs(struct application_submitted *ani)
{
    static struct application_submitted_check checks[3];
    memcpy(checks, ani->checks.items, sizeof checks);
    checks[2].result = SLICE("NO_MATCH");
    ani->checks.items = checks;
}

static void face_unchecked(struct application_submitted *ani)
{
    ani->checks.count = 2;
}

static void earns_too_much(struct application_submitted *ani)
{
    ani->has_membership = true;
    ani->membership.has_reported_wage = true;
    ani->membership.reported_wage = INT64_C(350000001);
}

/* ---- What ends the wait. */

struct waiting; /* below */
static void retry(struct desk *desk, const struct waiting *waiting);

static struct application_submitted revision(const struct waiting *waiting, int32_t number);

static void correct(struct desk *desk, const struct waiting *waiting)
{
    struct application_submitted corrected = revision(waiting, 2);
    assert_int_equal(desk_submit(desk, &corrected), DECIDED);
}

static void resolve(struct desk *desk, const struct waiting *waiting, int32_t outcome);

static void waive(struct desk *desk, const struct waiting *waiting)
{
    resolve(desk, waiting, CASE_RESOLVED_OUTCOME_WAIVED);
}

static void uphold(struct desk *desk, const struct waiting *waiting)
{
    resolve(desk, waiting, CASE_RESOLVED_OUTCOME_UPHELD);
}

static struct register_listed entry(struct desk *desk, bool listed)
{
    struct register_listed listing = desk_listing(desk, "EDUCATION", listed);
    listing.loaded_at = NOON(2021, 9, 18);
    return listing;
}

static void be_listed(struct desk *desk, const struct waiting *waiting)
{
    struct register_listed listing = entry(desk, true);
    (void)waiting;
    assert_int_equal(desk_list(desk, &listing), DECIDED);
}

static void end_snapshots_and_wake(struct desk *desk, const struct waiting *waiting)
{
    (void)waiting;
    desk_registers(desk);
    assert_int_equal(desk_fire_own(desk, 21, "SNAPSHOT_VALID", NOON(2021, 9, 18)), DECIDED);
}

static void end_snapshots_and_retry(struct desk *desk, const struct waiting *waiting)
{
    desk_registers(desk);
    retry(desk, waiting);
}

static void release_and_retry(struct desk *desk, const struct waiting *waiting)
{
    static const char *const components[] = {"TRAINING", "INCENTIVE", "SURVEY"};
    static const int64_t amounts[] = {100000000, 240000000, 15000000};
    retry(desk, waiting);
    assert_null(desk->room.outputs.first); /* nothing has come back yet */
    struct uuid person;
    assert_true(
        seal_person_id(desk->room.seal, SLICE("ID"), SLICE("3175091203900002"), &person));
    for (int i = 0; i < 3; i++) {
        struct commitment_released event =
            desk_release(desk, 21, components[i], amounts[i], i + 1);
        event.award_id = seal_award_id(desk->room.seal, SLICE("kartu-prakerja"),
                                       SLICE("semi-bansos"), 21, &person);
        assert_int_equal(desk_released(desk, &event), DECIDED);
    }
    retry(desk, waiting);
}

static void retry_with_more_money(struct desk *desk, const struct waiting *waiting)
{
    desk_money_used(desk, 2021, "ALL", 0);
    retry(desk, waiting);
}

/* ---- The table. */

struct waiting {
    const char *reason, *ends_by; /* as the file writes it; "every 24 hours" for a timer */
    int wave;
    void (*but)(struct application_submitted *ani);
    bool without_registers, without_money; /* instead of something in the application */
    void (*end)(struct desk *desk, const struct waiting *waiting);
    const char *status;
};

static const struct waiting table[] = {
    {"CONTACT_EMAIL_UNVERIFIED", "application.submitted", 21, email_unverified, false, false,
     correct, "POOLED"},
    {"CONTACT_PHONE_UNVERIFIED", "application.submitted", 21, phone_unverified, false, false,
     correct, "POOLED"},
    {"DECLARATION_MISSING", "application.submitted", 21, no_answer, false, false, correct,
     "POOLED"},
    {"TEST_NOT_TAKEN", "application.submitted", 63, test_not_taken, false, false, correct,
     "POOLED"},
    {"ID_FACE_MISMATCH", "application.submitted", 21, face_differs, false, false, correct,
     "POOLED"},
    {"ID_FACE_MISMATCH", "officer", 21, face_differs, false, false, waive, "POOLED"},
    {"ID_FACE_MISMATCH", "officer", 21, face_differs, false, false, uphold, "REJECTED"},
    {"WAGE_ABOVE_CEILING", "officer", 21, earns_too_much, false, false, waive, "POOLED"},
    {"WAGE_ABOVE_CEILING", "officer", 21, earns_too_much, false, false, uphold, "REJECTED"},
    {"REGISTRY_UNAVAILABLE", "application.submitted", 21, face_unchecked, false, false, correct,
     "POOLED"},
    {"REGISTRY_UNAVAILABLE", "register.listed", 21, NULL, true, false, be_listed, "REJECTED"},
    {"REGISTRY_UNAVAILABLE", "register.listed", 21, NULL, true, false, end_snapshots_and_wake,
     "POOLED"},
    {"REGISTRY_UNAVAILABLE", "every 24 hours", 21, NULL, true, false, end_snapshots_and_retry,
     "POOLED"},
    {"BUDGET_EXHAUSTED", "commitment.released", 21, NULL, false, true, release_and_retry,
     "AWARDED"},
    {"BUDGET_EXHAUSTED", "every 24 hours", 21, NULL, false, true, retry_with_more_money,
     "AWARDED"},
};
enum { CASES = sizeof table / sizeof table[0] };

static struct application_submitted revision(const struct waiting *waiting, int32_t number)
{
    struct application_submitted ani = desk_applicant(waiting->wave);
    ani.revision = number;
    ani.submitted_at += number; /* a correction comes later, and while the wave is open */
    if (number == 1 && waiting->but != NULL)
        waiting->but(&ani);
    return ani;
}

/* When the newest daily timer is due. */
static instant_us retry_at;

static void note_retry(struct desk *desk)
{
    instant_us due_at = room_timer(&desk->room, "RETRY");
    retry_at = due_at != 0 ? due_at : retry_at;
}

static void retry(struct desk *desk, const struct waiting *waiting)
{
    assert_true(retry_at > 0);
    assert_int_equal(desk_fire_own(desk, waiting->wave, "RETRY", retry_at), DECIDED);
    note_retry(desk);
}

static void resolve(struct desk *desk, const struct waiting *waiting, int32_t outcome)
{
    struct case_resolved resolved = desk_case(
        desk_id(desk, desk_application_key(desk, waiting->wave)), waiting->reason, outcome);
    assert_int_equal(desk_resolve(desk, &resolved), DECIDED);
}

/* A relative's award takes what is left of the year's money, then Ani is drawn. */
static void draw_without_money(struct desk *desk)
{
    struct application_submitted relative = desk_relative(21, '2', "R-1");
    struct application_drawn of_relative = desk_selected(21), drawn = of_relative;
    of_relative.application_id = SLICE("R-1");
    assert_int_equal(desk_submit(desk, &relative), DECIDED);
    assert_int_equal(desk_draw(desk, &of_relative), DECIDED);
    desk_money_used(desk, 2021, "ALL", money_2021 - package);
    assert_int_equal(desk_draw(desk, &drawn), DECIDED);
}

/* Ani waits for the case's reason, and was told so. */
static void wait_for(struct desk *desk, const struct waiting *waiting)
{
    struct application_submitted ani = revision(waiting, 1);
    if (strcmp(waiting->reason, "WAGE_ABOVE_CEILING") == 0)
        desk_open_with(desk, "    reason: WAGE_ABOVE_CEILING\n    default: false\n",
                       "    reason: WAGE_ABOVE_CEILING\n");
    else
        desk_open(desk);
    if (!waiting->without_registers)
        desk_registers(desk);
    assert_int_equal(desk_submit(desk, &ani), DECIDED);
    if (waiting->without_money)
        draw_without_money(desk);
    const struct application_decided *decided = desk_decided(desk);
    assert_string_equal(desk_status(decided->status), "HELD");
    assert_string_equal(desk_codes(decided->reasons.items, decided->reasons.count),
                        waiting->reason);
    TEXT_IS(desk_message(desk)->kind, "held");
    retry_at = 0;
    note_retry(desk);
}

static void test_each_wait_ends_as_the_file_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < CASES; i++) {
        struct desk desk;
        wait_for(&desk, &table[i]);
        table[i].end(&desk, &table[i]);
        const char *status = desk_status(desk_application(&desk, table[i].wave)->status);
        if (strcmp(status, table[i].status) != 0)
            fail_msg("%s ended by %s: %s", table[i].reason, table[i].ends_by, status);
        assert_non_null(desk_decided(&desk));
        desk_close(&desk);
    }
}

/* Whom the draw has selected may wait beyond the closing: his or her money may yet come back. */
static void test_closing_ends_each_wait_that_the_draw_did_not_begin(void **state)
{
    (void)state;
    for (size_t i = 0; i < CASES; i++) {
        struct desk desk;
        wait_for(&desk, &table[i]);
        const struct wave *wave = wave_find(desk.room.programme, table[i].wave);
        bool closes =
            wave != NULL && wave->has_closes; /* a wave whose days nobody told does not */
        const char *status = table[i].without_money || !closes ? "HELD" : "REJECTED";
        desk_fire_own(&desk, table[i].wave, "WAVE_CLOSED", NOON(2024, 3, 1));
        if (strcmp(desk_status(desk_application(&desk, table[i].wave)->status), status) != 0)
            fail_msg("%s", table[i].reason);
        if (desk_decided(&desk) != NULL)
            assert_string_equal(desk_codes(desk_decided(&desk)->reasons.items,
                                           desk_decided(&desk)->reasons.count),
                                table[i].reason);
        desk_close(&desk);
    }
}

/* Money may come back weeks after the wave was told. Whoever is awarded then has the whole time to buy, and nobody is
 * awarded when nothing can be bought any more. */
static void test_who_is_awarded_late_has_the_whole_time(void **state)
{
    const struct {
        epoch_day day;
        const char *status, *reasons;
    } cases[] = {{DAY(2021, 10, 20), "AWARDED", ""},
                 {DAY(2021, 11, 30), "AWARDED", ""},
                 {DAY(2021, 12, 1), "REJECTED", "PROGRAMME_YEAR_CLOSED"}};
    const struct waiting waiting = {
        "BUDGET_EXHAUSTED", "every 24 hours", 21, NULL, false, true, NULL, ""};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct desk desk;
        wait_for(&desk, &waiting);
        assert_int_equal(desk_application(&desk, 21)->notice_day, DAY(2021, 9, 22));
        desk_money_used(&desk, 2021, "ALL", 0);
        instant_us noon = day_to_instant(cases[i].day, 7 * 60) + US_PER_DAY / 2;
        assert_int_equal(desk_fire_own(&desk, 21, "RETRY", noon), DECIDED);
        const struct application_decided *decided = desk_decided(&desk);
        bool awarded = strcmp(cases[i].status, "AWARDED") == 0;
        assert_string_equal(desk_status(decided->status), cases[i].status);
        assert_string_equal(desk_codes(decided->reasons.items, decided->reasons.count),
                            cases[i].reasons);
        assert_int_equal(decided->notice_day, awarded ? cases[i].day : DAY(2021, 9, 22));
        desk_close(&desk);
    }
}

static bool tried(struct slice reason, const char *ends_by)
{
    for (size_t i = 0; i < CASES; i++)
        if (slice_is(reason, table[i].reason) && strcmp(ends_by, table[i].ends_by) == 0)
            return true;
    return false;
}

/* Of the records that end something in other services this one does not hear. */
static bool heard(struct slice event)
{
    return slice_is(event, "application.submitted") || slice_is(event, "register.listed") ||
           slice_is(event, "commitment.released") || slice_is(event, "award.changed");
}

static void assert_all_tried(const struct programme *programme, struct slice code)
{
    const struct reason *reason = reason_find(programme, code);
    size_t ends = 0;
    assert_non_null(reason);
    for (size_t i = 0; i < reason->ends_by.event_count; i++) {
        if (!heard(reason->ends_by.events[i]))
            continue;
        ends++;
        if (!tried(code, desk_text(reason->ends_by.events[i])))
            fail_msg("%s: ended by %s, says the file, and no case tries it", desk_text(code),
                     desk_text(reason->ends_by.events[i]));
    }
    if (reason->ends_by.officer && ++ends > 0 && !tried(code, "officer"))
        fail_msg("%s: no case tries the officer", desk_text(code));
    if (reason->ends_by.every_hours == 24 && ++ends > 0 && !tried(code, "every 24 hours"))
        fail_msg("%s: no case tries the daily timer", desk_text(code));
    if (ends == 0)
        fail_msg("%s: nothing that this service hears ends it", desk_text(code));
}

static bool decided_here(const struct condition *condition)
{
    return condition->phase == PHASE_APPLY || condition->phase == PHASE_SELECT ||
           condition->phase == PHASE_EMPLOYER;
}

static void test_no_promise_of_the_file_is_left_out(void **state)
{
    struct desk desk;
    size_t reasons = 0;
    (void)state;
    desk_open(&desk);
    for (size_t i = 0; i < desk.room.programme->condition_count; i++) {
        const struct condition *condition = &desk.room.programme->conditions[i];
        if (!decided_here(condition) || condition->effect == EFFECT_PRIORITY)
            continue;
        reasons++;
        if (condition->effect == EFFECT_HOLD || condition->effect == EFFECT_RETRY)
            assert_all_tried(desk.room.programme, condition->reason->code);
        assert_all_tried(desk.room.programme,
                         slice_of(field_meaning(condition->must.field)->unknown));
    }
    assert_all_tried(desk.room.programme, SLICE("BUDGET_EXHAUSTED"));
    assert_true(reasons > 20);
    desk_close(&desk);
}

/* Selected, waiting for money, and mending something: the wave's closing is no reason to refuse. */
static void test_the_selected_correct_after_closing(void **state)
{
    static const struct waiting *const money = &table[CASES - 1];
    struct desk desk;
    (void)state;
    assert_true(money->without_money);
    wait_for(&desk, money);
    struct application_submitted corrected = desk_applicant(21);
    corrected.revision = 2;
    corrected.submitted_at = NOON(2021, 9, 25);
    assert_int_equal(desk_submit(&desk, &corrected), DECIDED);
    assert_string_equal(desk_status(desk_application(&desk, 21)->status), "HELD");
    desk_money_used(&desk, 2021, "ALL", 0);
    corrected.revision = 3;
    assert_int_equal(desk_submit(&desk, &corrected), DECIDED);
    assert_string_equal(desk_status(desk_application(&desk, 21)->status), "AWARDED");
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_wait_ends_as_the_file_says),
        cmocka_unit_test(test_closing_ends_each_wait_that_the_draw_did_not_begin),
        cmocka_unit_test(test_who_is_awarded_late_has_the_whole_time),
        cmocka_unit_test(test_no_promise_of_the_file_is_left_out),
        cmocka_unit_test(test_the_selected_correct_after_closing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
