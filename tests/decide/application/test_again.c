#include "desk.h"

#include "decode/encode.h"
#include "rules/recheck.h"

static const instant_us before_closing =
    INT64_C(1632070799) * US_PER_SECOND; /* 19 Sep 23:59:59 */
static const instant_us closing = INT64_C(1632070800) * US_PER_SECOND;

static const instant_us later =
    INT64_C(1632675600) * US_PER_SECOND; /* 26 Sep 24:00, where a newer file closes the wave */

#define CLOSES       "closes: 2021-09-19"
#define CLOSES_LATER "closes: 2021-09-26"

static enum decision_kind fire(struct desk *desk, const char *kind, instant_us due_at)
{
    return desk_fire_own(desk, 21, kind, due_at);
}

/* Held for an unverified mail address and a face that does not match. */
static void hold_in(struct desk *desk, int wave)
{
    static const struct application_submitted_check checks[] = {
        {.register_ = {"POPULATION", 10}, .result = {"MATCH", 5}},
        {.register_ = {"FAMILY_CARD", 11}, .result = {"MATCH", 5}},
        {.register_ = {"FACE", 4}, .result = {"FAIL", 4}}};
    struct application_submitted ani = desk_applicant(wave);
    desk_registers(desk);
    ani.checks.items = checks;
    ani.has_email_verified_at = false;
    ani.email_verified_at = 0;
    assert_int_equal(desk_submit(desk, &ani), DECIDED);
    assert_string_equal(desk_status(desk_decided(desk)->status), "HELD");
}

static void hold(struct desk *desk)
{
    hold_in(desk, 21);
}

static void assert_decided(const struct desk *desk, const char *status, const char *reasons)
{
    const struct application_decided *decided = desk_decided(desk);
    assert_non_null(decided);
    assert_string_equal(desk_status(decided->status), status);
    assert_string_equal(desk_codes(decided->reasons.items, decided->reasons.count), reasons);
}

static void test_closing_refuses_the_held_with_all_reasons(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk);
    hold(&desk);
    assert_true(room_timer(&desk.room, "WAVE_CLOSED") == closing);
    assert_int_equal(fire(&desk, "WAVE_CLOSED", closing), DECIDED);
    assert_decided(&desk, "REJECTED", "CONTACT_EMAIL_UNVERIFIED,ID_FACE_MISMATCH");
    assert_true(desk_decided(&desk)->occurred_at == closing);
    TEXT_IS(desk_message(&desk)->kind, "refused");
    assert_int_equal(verdict_effect(&desk.room.decision.verdict), EFFECT_REJECT);
    assert_int_equal(fire(&desk, "WAVE_CLOSED", closing), REPEATED);
    desk_close(&desk);
}

/* Everything that the newest decision told, as it goes to Kafka. */
static void told_bytes(const struct desk *desk, struct buffer *bytes)
{
    buffer_clear(bytes);
    for (const struct output *output = desk->room.outputs.first; output != NULL;
         output = output->next)
        encode_event(output->type, output->event, bytes);
    assert_false(buffer_failed(bytes));
}

/* Who was held before the newer file, and who was held by it, are refused at the same instant with the same bytes. */
static void test_a_closing_that_was_moved_refuses_later(void **state)
{
    struct buffer told[2] = {{0}};
    (void)state;
    for (int moved = 0; moved < 2; moved++) {
        struct desk desk;
        struct error error;
        desk_open_with(&desk, moved ? NULL : CLOSES, moved ? NULL : CLOSES_LATER);
        hold(&desk);
        assert_true(room_timer(&desk.room, "WAVE_CLOSED") == (moved ? closing : later));
        if (moved) {
            room_publish(&desk.room, CLOSES, CLOSES_LATER);
            for (int again = 0; again < 2; again++) {
                assert_int_equal(fire(&desk, "WAVE_CLOSED", closing), DECIDED);
                assert_null(desk.room.outputs.first);
                assert_true(room_timer(&desk.room, "WAVE_CLOSED") == later);
                assert_string_equal(desk_status(desk_application(&desk, 21)->status), "HELD");
                assert_int_equal(verdict_effect(&desk.room.decision.verdict), EFFECT_HOLD);
                assert_true(
                    rules_recheck(&desk.room.decision.verdict, desk.room.programme, &error));
            }
        }
        assert_int_equal(fire(&desk, "WAVE_CLOSED", later), DECIDED);
        assert_decided(&desk, "REJECTED", "CONTACT_EMAIL_UNVERIFIED,ID_FACE_MISMATCH");
        told_bytes(&desk, &told[moved]);
        assert_int_equal(fire(&desk, "WAVE_CLOSED", later), REPEATED);
        assert_int_equal(fire(&desk, "WAVE_CLOSED", closing), REPEATED);
        desk_close(&desk);
    }
    assert_true(slice_equal(buffer_slice(&told[0]), buffer_slice(&told[1])));
    buffer_release(&told[0]);
    buffer_release(&told[1]);
}

/* A wave that a newer file leaves open is waited for until the year closes; and a year may close later too. */
static void test_what_closes_later_is_waited_for(void **state)
{
    const instant_us year_2021 = MIDNIGHT(2021, 12, 1), year_2023 = MIDNIGHT(2024, 7, 1);
    const struct {
        const char *name, *old, *new, *kind, *next;
        int wave;
        instant_us at, then;
    } cases[] = {
        {"the wave closes an hour later", CLOSES, "closes: \"2021-09-20T01:00:00+07:00\"",
         "WAVE_CLOSED", "WAVE_CLOSED", 21, closing, closing + 3600 * US_PER_SECOND},
        {"the wave stays open", CLOSES ", ", "", "WAVE_CLOSED", "YEAR_CLOSED", 21, closing,
         year_2021},
        {"the year closes later", "award_closes: 2024-06-30", "award_closes: 2024-12-31",
         "YEAR_CLOSED", "YEAR_CLOSED", 50, year_2023, MIDNIGHT(2025, 1, 1)},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct desk desk;
        desk_open(&desk);
        hold_in(&desk, cases[i].wave);
        if (room_timer(&desk.room, cases[i].kind) != cases[i].at)
            fail_msg("%s: the timer is another", cases[i].name);
        room_publish(&desk.room, cases[i].old, cases[i].new);
        if (desk_fire_own(&desk, cases[i].wave, cases[i].kind, cases[i].at) != DECIDED ||
            desk.room.outputs.first != NULL ||
            room_timer(&desk.room, cases[i].next) != cases[i].then)
            fail_msg("%s: not waited for", cases[i].name);
        assert_string_equal(desk_status(desk_application(&desk, cases[i].wave)->status),
                            "HELD");
        assert_int_equal(desk_fire_own(&desk, cases[i].wave, cases[i].next, cases[i].then),
                         DECIDED);
        assert_string_equal(desk_status(desk_decided(&desk)->status), "REJECTED");
        desk_close(&desk);
    }
}

static void test_closing_leaves_the_pooled_alone(void **state)
{
    struct desk desk;
    struct application_submitted ani = desk_applicant(21);
    (void)state;
    desk_open(&desk);
    desk_registers(&desk);
    assert_int_equal(desk_submit(&desk, &ani), DECIDED);
    assert_int_equal(fire(&desk, "WAVE_CLOSED", closing), REPEATED);
    assert_string_equal(desk_status(desk_application(&desk, 21)->status), "POOLED");
    desk_close(&desk);
}

/* The registers' snapshots become valid just before the wave closes, and at that instant. */
static void test_a_snapshot_pools_only_before_closing(void **state)
{
    const struct {
        instant_us at;
        const char *status, *reasons;
    } cases[] = {{before_closing, "POOLED", ""}, {closing, "REJECTED", "REGISTRY_UNAVAILABLE"}};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct desk desk;
        struct application_submitted ani = desk_applicant(21);
        desk_open(&desk);
        assert_int_equal(desk_submit(&desk, &ani), DECIDED);
        assert_decided(&desk, "HELD", "REGISTRY_UNAVAILABLE");
        desk_registers(&desk);
        assert_int_equal(fire(&desk, "SNAPSHOT_VALID", cases[i].at), DECIDED);
        assert_decided(&desk, cases[i].status, cases[i].reasons);
        desk_close(&desk);
    }
}

static void test_a_hold_that_stays_is_tried_each_day_and_told_once(void **state)
{
    struct desk desk;
    struct application_submitted ani = desk_applicant(21);
    (void)state;
    desk_open(&desk);
    assert_int_equal(desk_submit(&desk, &ani), DECIDED);
    instant_us due_at = room_timer(&desk.room, "RETRY");
    assert_true(due_at > ani.submitted_at && due_at <= ani.submitted_at + US_PER_DAY);
    assert_int_equal(fire(&desk, "RETRY", due_at), DECIDED);
    assert_null(desk.room.outputs.first);
    assert_true(room_timer(&desk.room, "RETRY") == due_at + US_PER_DAY);
    /* Whatever else judges it on that day sets the same timer, not another. */
    assert_int_equal(fire(&desk, "SNAPSHOT_VALID", due_at + US_PER_SECOND), DECIDED);
    assert_true(room_timer(&desk.room, "RETRY") == due_at + US_PER_DAY);
    desk_close(&desk);
}

static void test_timers_of_what_is_settled_are_repeats(void **state)
{
    struct desk desk;
    struct application_submitted ani = desk_applicant(21);
    (void)state;
    desk_open(&desk);
    desk_registers(&desk);
    ani.in_formal_education = true;
    assert_int_equal(desk_submit(&desk, &ani), DECIDED);
    assert_int_equal(fire(&desk, "RETRY", before_closing), REPEATED);
    desk_close(&desk);
}

static void test_timers_at_fault_are_dead_letters(void **state)
{
    struct desk desk;
    struct timer_fired timer = {
        .subject_id = SLICE("nobody"), .kind = SLICE("RETRY"), .due_at = closing};
    (void)state;
    desk_open(&desk);
    assert_int_equal(desk_fire(&desk, &timer), DEAD_LETTERED);
    assert_string_equal(desk.room.decision.reason, "BAD_SUBJECT");
    assert_int_equal(fire(&desk, "RETRY", closing), DEAD_LETTERED);
    assert_string_equal(desk.room.decision.reason, "UNKNOWN_SUBJECT");
    desk_close(&desk);
}

static void test_erasure_empties_the_number(void **state)
{
    struct desk desk;
    struct person_erased erased = {.requested_at = NOON(2022, 1, 1), .authority = SLICE("KOM")};
    (void)state;
    desk_open(&desk);
    desk_give_award(&desk, 21);
    erased.person_id = desk_person(&desk);
    assert_int_equal(desk_erase(&desk, &erased), DECIDED);
    const struct person_row *person =
        facts_find(&desk.room.facts, &person_row_type, &erased.person_id);
    assert_false(person->has_msisdn_sealed);
    assert_int_equal(person->msisdn_sealed.size, 0);
    assert_int_equal(desk_erase(&desk, &erased), REPEATED);
    desk_close(&desk);
}

/* What was submitted before and is heard after, and every correction since. */
static void test_an_erased_number_does_not_come_back(void **state)
{
    (void)state;
    for (int erased_first = 0; erased_first < 2; erased_first++) {
        struct desk desk;
        struct person_erased erased = {.requested_at = NOON(2022, 1, 1)};
        struct application_submitted ani = desk_applicant(21);
        struct application_drawn drawn = desk_selected(21);
        desk_open(&desk);
        desk_registers(&desk);
        erased.person_id = desk_person(&desk);
        if (erased_first)
            assert_int_equal(desk_erase(&desk, &erased), DECIDED);
        assert_int_equal(desk_submit(&desk, &ani), DECIDED);
        const struct person_row *person =
            facts_find(&desk.room.facts, &person_row_type, &erased.person_id);
        assert_int_equal(person->has_msisdn_sealed, !erased_first);
        assert_int_equal(desk_erase(&desk, &erased), erased_first ? REPEATED : DECIDED);
        ani.revision++;
        assert_int_equal(desk_submit(&desk, &ani), DECIDED);
        assert_int_equal(desk_draw(&desk, &drawn), DECIDED);
        assert_string_equal(desk_status(desk_decided(&desk)->status), "AWARDED");
        person = facts_find(&desk.room.facts, &person_row_type, &erased.person_id);
        assert_false(person->has_msisdn_sealed);
        assert_false(desk_decided(&desk)->has_contact_sealed);
        assert_null(desk_message(&desk));
        desk_close(&desk);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_closing_refuses_the_held_with_all_reasons),
        cmocka_unit_test(test_a_closing_that_was_moved_refuses_later),
        cmocka_unit_test(test_what_closes_later_is_waited_for),
        cmocka_unit_test(test_closing_leaves_the_pooled_alone),
        cmocka_unit_test(test_a_snapshot_pools_only_before_closing),
        cmocka_unit_test(test_a_hold_that_stays_is_tried_each_day_and_told_once),
        cmocka_unit_test(test_timers_of_what_is_settled_are_repeats),
        cmocka_unit_test(test_timers_at_fault_are_dead_letters),
        cmocka_unit_test(test_erasure_empties_the_number),
        cmocka_unit_test(test_an_erased_number_does_not_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
