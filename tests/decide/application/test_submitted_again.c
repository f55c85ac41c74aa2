/* Records at fault; what is said again and corrected; what is told and set beside a verdict. */
#include "desk.h"

static void is_student(struct application_submitted *event)
{
    event->in_formal_education = true;
}

static void national_id_unchecked(struct application_submitted *event)
{
    desk_check(event, "POPULATION", NULL);
}

static void email_unverified(struct application_submitted *event)
{
    event->has_email_verified_at = false;
    event->email_verified_at = 0;
}

static void after_the_wave_closed(struct application_submitted *event)
{
    event->submitted_at = day_to_instant(DAY(2021, 9, 20), 7 * 60);
}

struct refused_case {
    const char *name;
    void (*but)(struct application_submitted *event);
    const char *reason;
};

static void unknown_programme(struct application_submitted *event)
{
    event->programme = SLICE("kartu-prakarya");
}

static void wave_72(struct application_submitted *event)
{
    event->wave = 72;
}

static void wave_0(struct application_submitted *event)
{
    event->wave = 0;
}

static void no_wave(struct application_submitted *event)
{
    event->has_wave = false;
    event->wave = 0;
}

static void letters_in_national_id(struct application_submitted *event)
{
    event->national_id = SLICE("31750912O3900001");
}

static void no_application_id(struct application_submitted *event)
{
    event->application_id = (struct slice){0};
}

static char digits_201[] =
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567"
    "8901234567890123456789012345678901234567890123456789012345678901234567890123456789012345"
    "6789012345678901234567890";

static void application_id_of_201(struct application_submitted *event)
{
    event->application_id = slice_of(digits_201);
    assert_int_equal(event->application_id.size, 201);
}

static void phone_without_plus(struct application_submitted *event)
{
    event->msisdn = SLICE("081234567890");
}

static void phone_of_16_digits(struct application_submitted *event)
{
    event->msisdn = SLICE("+6281234567890123");
}

static void phone_of_2000_bytes(struct application_submitted *event)
{
    static char digits[2000];
    memset(digits, '1', sizeof digits);
    digits[0] = '+';
    event->msisdn = (struct slice){digits, sizeof digits};
}

static const struct refused_case refused_cases[] = {
    {"unknown programme", unknown_programme, "UNKNOWN_PROGRAMME"},
    {"wave beyond the last", wave_72, "UNKNOWN_WAVE"},
    {"wave zero", wave_0, "UNKNOWN_WAVE"},
    {"no wave in a programme of waves", no_wave, "UNKNOWN_SCHEME"},
    {"letters in the national id", letters_in_national_id, "BAD_NATIONAL_ID"},
    {"no application id", no_application_id, "BAD_APPLICATION_ID"},
    {"application id of 201 bytes", application_id_of_201, "BAD_APPLICATION_ID"},
    {"phone without country code", phone_without_plus, "BAD_MSISDN"},
    {"phone of 16 digits", phone_of_16_digits, "BAD_MSISDN"},
    {"phone of 2000 bytes", phone_of_2000_bytes, "BAD_MSISDN"},
};

static void test_records_at_fault_are_dead_letters(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refused_cases / sizeof refused_cases[0]; i++) {
        const struct refused_case *c = &refused_cases[i];
        struct desk desk;
        desk_open(&desk);
        struct application_submitted event = desk_applicant(21);
        c->but(&event);
        if (desk_submit(&desk, &event) != DEAD_LETTERED)
            fail_msg("%s: no dead letter", c->name);
        if (strcmp(desk.room.decision.reason, c->reason) != 0)
            fail_msg("%s: %s", c->name, desk.room.decision.reason);
        assert_null(desk.room.outputs.first);
        desk_close(&desk);
    }
}

static void assert_stands(struct desk *desk, const char *status, int32_t revision)
{
    const struct application_row *row = desk_application(desk, 21);
    assert_string_equal(desk_status(row->status), status);
    assert_int_equal(row->revision, revision);
}

static void test_a_repeat_changes_nothing(void **state)
{
    struct desk desk;
    struct application_submitted event = desk_applicant(21);
    (void)state;
    desk_open(&desk);
    desk_registers(&desk);
    event.revision = 2;
    assert_int_equal(desk_submit(&desk, &event), DECIDED);
    assert_int_equal(desk_submit(&desk, &event), REPEATED);
    event.revision = 1;
    is_student(&event);
    assert_int_equal(desk_submit(&desk, &event), REPEATED);
    assert_stands(&desk, "POOLED", 2);
    assert_int_equal(desk_application(&desk, 21)->sequence, 1);
    desk_close(&desk);
}

static void test_a_higher_revision_is_decided_anew_while_open(void **state)
{
    static void (*const first[])(struct application_submitted *) = {email_unverified,
                                                                    is_student, NULL};
    static const char *const status[] = {"HELD", "REJECTED", "POOLED"};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct desk desk;
        struct application_submitted event = desk_applicant(21), second = event;
        desk_open(&desk);
        desk_registers(&desk);
        if (first[i] != NULL)
            first[i](&event);
        assert_int_equal(desk_submit(&desk, &event), DECIDED);
        assert_stands(&desk, status[i], 1);
        second.revision = 2;
        assert_int_equal(desk_submit(&desk, &second), DECIDED);
        assert_stands(&desk, "POOLED", 2);
        assert_int_equal(desk_decided(&desk)->sequence, 2);
        desk_close(&desk);
    }
}

static void test_a_late_correction_of_a_final_state_is_recorded_only(void **state)
{
    struct desk desk;
    struct application_submitted event = desk_applicant(21);
    (void)state;
    desk_open(&desk);
    desk_give_award(&desk, 21);
    event.revision = 2;
    is_student(&event);
    assert_int_equal(desk_submit(&desk, &event), DECIDED);
    assert_null(desk.room.outputs.first);
    assert_stands(&desk, "AWARDED", 2);
    assert_false(desk_application(&desk, 21)->answers.in_formal_education);
    assert_int_equal(desk_submit(&desk, &event), REPEATED);
    desk_close(&desk);
}

/* The draw reads the pool as it was at closing. */
static void test_a_correction_after_closing_leaves_the_pool_alone(void **state)
{
    struct desk desk;
    struct application_submitted event = desk_applicant(21);
    (void)state;
    desk_open(&desk);
    desk_registers(&desk);
    assert_int_equal(desk_submit(&desk, &event), DECIDED);
    event.revision = 2;
    event.region_code = SLICE("11");
    after_the_wave_closed(&event);
    assert_int_equal(desk_submit(&desk, &event), DECIDED);
    assert_null(desk.room.outputs.first);
    assert_stands(&desk, "POOLED", 2);
    TEXT_IS(desk_application(&desk, 21)->region_code, "31.75");
    desk_close(&desk);
}

static void test_a_revision_keeps_its_person(void **state)
{
    struct desk desk;
    struct application_submitted event = desk_applicant(21), other;
    (void)state;
    desk_open(&desk);
    desk_registers(&desk);
    assert_int_equal(desk_submit(&desk, &event), DECIDED);
    other = desk_relative(21, '7', "A-1");
    other.revision = 2;
    assert_int_equal(desk_submit(&desk, &other), DEAD_LETTERED);
    assert_string_equal(desk.room.decision.reason, "PERSON_CHANGED");
    assert_stands(&desk, "POOLED", 1);
    desk_close(&desk);
}

/* Whoever applies in another's name learns nothing, and takes no message over. */
static void test_a_refused_application_does_not_take_the_contact_over(void **state)
{
    struct desk desk;
    struct application_submitted event = desk_applicant(21), second = event;
    struct application_drawn drawn = desk_selected(21);
    (void)state;
    desk_open(&desk);
    desk_registers(&desk);
    assert_int_equal(desk_submit(&desk, &event), DECIDED);
    second.application_id = SLICE("A-2");
    second.msisdn = SLICE(OTHER_MSISDN);
    assert_int_equal(desk_submit(&desk, &second), DECIDED);
    assert_string_equal(desk_status(desk_decided(&desk)->status), "REJECTED");
    TEXT_IS(desk_message(&desk)->to, MSISDN);
    assert_int_equal(desk_draw(&desk, &drawn), DECIDED);
    TEXT_IS(desk_message(&desk)->to, MSISDN);
    desk_close(&desk);
}

/* One award id for a person and wave: whoever reads by it must see the sequence rise. */
static void test_the_sequence_rises_over_applications_of_one_award(void **state)
{
    struct desk desk;
    struct application_submitted first = desk_applicant(21), second = first;
    (void)state;
    desk_open(&desk);
    desk_registers(&desk);
    is_student(&first);
    assert_int_equal(desk_submit(&desk, &first), DECIDED);
    first.revision = 2;
    assert_int_equal(desk_submit(&desk, &first), DECIDED);
    assert_int_equal(desk_decided(&desk)->sequence, 2);
    second.application_id = SLICE("A-2");
    assert_int_equal(desk_submit(&desk, &second), DECIDED);
    assert_int_equal(desk_decided(&desk)->sequence, 3);
    desk_close(&desk);
}

static void test_a_pooled_decision_tells_all_fields(void **state)
{
    struct desk desk;
    struct application_submitted event = desk_applicant(21);
    struct uuid award_id, person_id, token;
    (void)state;
    desk_open(&desk);
    desk_registers(&desk);
    assert_int_equal(desk_submit(&desk, &event), DECIDED);
    const struct application_decided *decided = desk_decided(&desk);
    award_id = desk_award_id(&desk, 21);
    person_id = desk_person(&desk);
    token = seal_token(desk.room.seal, "msisdn", SLICE(MSISDN));
    TEXT_IS(decided->application_id, "A-1");
    assert_true(uuid_equal(&decided->award_id, &award_id));
    assert_int_equal(cohort_of_id(&decided->award_id), 21);
    assert_true(uuid_equal(&decided->person_id, &person_id));
    TEXT_IS(decided->programme, "kartu-prakerja");
    TEXT_IS(decided->scheme, "semi-bansos");
    assert_int_equal(decided->wave, 21);
    assert_int_equal(decided->year, 2021);
    TEXT_IS(decided->region_code, "31.75");
    assert_int_equal(decided->sequence, 1);
    assert_true(decided->occurred_at == event.submitted_at);
    assert_true(decided->decided_at == event.submitted_at);
    TEXT_IS(decided->rules_hash, desk.room.programme->sha256);
    TEXT_IS(decided->language, "id");
    assert_true(uuid_equal(&decided->contact_token, &token));
    assert_false(decided->has_contact_sealed);
    assert_int_equal(decided->payee.kind, APPLICATION_DECIDED_PAYEE_KIND_PARTICIPANT);
    assert_int_equal(decided->commitment, 0);
    TEXT_IS(decided->currency, "IDR");
    assert_string_equal(desk_codes(desk_application(&desk, 21)->priorities.items,
                                   desk_application(&desk, 21)->priorities.count),
                        "PRIO_COVID");
    assert_null(desk_message(&desk));
    desk_close(&desk);
}

static void test_a_refusal_is_told_in_sentences(void **state)
{
    struct desk desk;
    struct application_submitted event = desk_applicant(21);
    (void)state;
    desk_open(&desk);
    desk_registers(&desk);
    is_student(&event);
    event.language = SLICE("en");
    assert_int_equal(desk_submit(&desk, &event), DECIDED);
    const struct notification_requested *message = desk_message(&desk);
    assert_non_null(message);
    TEXT_IS(message->kind, "refused");
    TEXT_IS(message->to, MSISDN);
    assert_int_equal(message->channel, NOTIFICATION_REQUESTED_CHANNEL_SMS);
    assert_true(message->requested_at == event.submitted_at);
    assert_true(message->not_after == event.submitted_at + 7 * US_PER_DAY);
    assert_non_null(strstr(desk_text(message->text), "was not accepted"));
    assert_null(strstr(desk_text(message->text), "EDU_ENROLLED"));
    assert_null(strstr(desk_text(message->text), MSISDN));
    desk_close(&desk);
}

static void test_timers_of_a_hold(void **state)
{
    struct desk desk;
    struct application_submitted event = desk_applicant(21);
    (void)state;
    desk_open(&desk);
    national_id_unchecked(&event);
    assert_int_equal(desk_submit(&desk, &event), DECIDED);
    assert_string_equal(desk_status(desk_decided(&desk)->status), "HELD");
    assert_true(room_timer(&desk.room, "WAVE_CLOSED") ==
                day_to_instant(DAY(2021, 9, 20), 7 * 60));
    assert_true(room_timer(&desk.room, "RETRY") == day_to_instant(DAY(2021, 9, 18), 7 * 60));
    event.revision = 2;
    desk_registers(&desk);
    event = desk_applicant(21);
    event.revision = 2;
    assert_int_equal(desk_submit(&desk, &event), DECIDED);
    assert_true(room_timer(&desk.room, "WAVE_CLOSED") == 0);
    assert_true(room_timer(&desk.room, "RETRY") == 0);
    desk_close(&desk);
}

static void test_the_same_event_gives_the_same_ids(void **state)
{
    struct uuid award_ids[2], notification_ids[2];
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct desk desk;
        struct application_submitted event = desk_applicant(21);
        desk_open(&desk);
        is_student(&event);
        assert_int_equal(desk_submit(&desk, &event), DECIDED);
        award_ids[i] = desk_decided(&desk)->award_id;
        notification_ids[i] = desk_message(&desk)->notification_id;
        desk_close(&desk);
    }
    assert_true(uuid_equal(&award_ids[0], &award_ids[1]));
    assert_true(uuid_equal(&notification_ids[0], &notification_ids[1]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_records_at_fault_are_dead_letters),
        cmocka_unit_test(test_a_repeat_changes_nothing),
        cmocka_unit_test(test_a_higher_revision_is_decided_anew_while_open),
        cmocka_unit_test(test_a_late_correction_of_a_final_state_is_recorded_only),
        cmocka_unit_test(test_a_correction_after_closing_leaves_the_pool_alone),
        cmocka_unit_test(test_a_revision_keeps_its_person),
        cmocka_unit_test(test_a_refused_application_does_not_take_the_contact_over),
        cmocka_unit_test(test_the_sequence_rises_over_applications_of_one_award),
        cmocka_unit_test(test_a_pooled_decision_tells_all_fields),
        cmocka_unit_test(test_a_refusal_is_told_in_sentences),
        cmocka_unit_test(test_timers_of_a_hold),
        cmocka_unit_test(test_the_same_event_gives_the_same_ids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
