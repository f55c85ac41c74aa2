#include "desk.h"

struct submitted_case {
    const char *name;
    int wave;
    void (*given)(struct desk *desk);                 /* what happened before, or NULL      */
    void (*but)(struct application_submitted *event); /* what is not as desk_applicant() says */
    const char *status, *reasons;
};

static void born_17_years_ago(struct application_submitted *event)
{
    event->birth_date = DAY(2003, 9, 18); /* 18 on the day after */
}

static void born_18_years_ago(struct application_submitted *event)
{
    event->birth_date = DAY(2003, 9, 17);
}

static void born_80_years_ago(struct application_submitted *event)
{
    event->birth_date = DAY(1941, 1, 1);
}

static void turns_18_tomorrow(struct application_submitted *event)
{
    event->birth_date = DAY(2005, 2, 21);
}

static void turns_18_today(struct application_submitted *event)
{
    event->birth_date = DAY(2005, 2, 20);
}

static void turns_65_tomorrow(struct application_submitted *event)
{
    event->birth_date = DAY(1958, 2, 21);
}

static void turns_65_today(struct application_submitted *event)
{
    event->birth_date = DAY(1958, 2, 20);
}

static void is_student(struct application_submitted *event)
{
    event->in_formal_education = true;
}

static void is_civil_servant(struct application_submitted *event)
{
    event->occupation_class = SLICE("ASN");
}

static void is_director_of_state_firm(struct application_submitted *event)
{
    event->occupation_class = SLICE("BUMN_BUMD_DIRECTOR_COMMISSIONER_SUPERVISOR");
}

static void is_student_and_civil_servant(struct application_submitted *event)
{
    is_student(event);
    is_civil_servant(event);
}

static void is_foreigner(struct application_submitted *event)
{
    event->citizenship = SLICE("MY");
}

static void has_steady_job(struct application_submitted *event)
{
    event->employment_status = SLICE("EMPLOYED");
}

static void national_id_does_not_match(struct application_submitted *event)
{
    desk_check(event, "POPULATION", "NO_MATCH");
}

static void national_id_not_found(struct application_submitted *event)
{
    desk_check(event, "POPULATION", "NOT_FOUND");
}

static void national_id_unchecked(struct application_submitted *event)
{
    desk_check(event, "POPULATION", NULL);
}

static void national_id_answered_oddly(struct application_submitted *event)
{
    desk_check(event, "POPULATION", "TIMEOUT");
}

static void family_card_does_not_match(struct application_submitted *event)
{
    desk_check(event, "FAMILY_CARD", "NO_MATCH");
}

static void face_does_not_match(struct application_submitted *event)
{
    desk_check(event, "FACE", "FAIL");
}

static void gives_no_family_card(struct application_submitted *event)
{
    event->has_family_card_no = false;
    event->family_card_no = (struct slice){0};
}

static void email_unverified(struct application_submitted *event)
{
    event->has_email_verified_at = false;
    event->email_verified_at = 0;
}

static void phone_unverified(struct application_submitted *event)
{
    event->has_msisdn_verified_at = false;
    event->msisdn_verified_at = 0;
}

static void education_unanswered(struct application_submitted *event)
{
    event->has_in_formal_education = false;
}

static void occupation_unanswered(struct application_submitted *event)
{
    event->has_occupation_class = false;
    event->occupation_class = (struct slice){0};
}

static void status_unanswered(struct application_submitted *event)
{
    event->has_employment_status = false;
    event->employment_status = (struct slice){0};
}

static void student_unchecked_unanswered(struct application_submitted *event)
{
    is_student(event);
    national_id_unchecked(event);
    occupation_unanswered(event);
}

static void test_not_taken(struct application_submitted *event)
{
    event->has_ability_test_taken_on = false;
    event->ability_test_taken_on = 0;
}

static void before_the_wave_opens(struct application_submitted *event)
{
    event->submitted_at = day_to_instant(DAY(2021, 9, 16), 7 * 60) - 1;
}

static void as_the_wave_opens(struct application_submitted *event)
{
    event->submitted_at = day_to_instant(DAY(2021, 9, 16), 7 * 60);
}

static void in_the_last_instant_of_the_wave(struct application_submitted *event)
{
    event->submitted_at = day_to_instant(DAY(2021, 9, 20), 7 * 60) - 1;
}

static void after_the_wave_closed(struct application_submitted *event)
{
    event->submitted_at = day_to_instant(DAY(2021, 9, 20), 7 * 60);
}

static void listed(struct desk *desk, const char *name)
{
    struct register_listed event = desk_listing(desk, name, true);
    event.loaded_at = NOON(2021, 1, 1);
    assert_int_equal(desk_list(desk, &event), DECIDED);
}

static void no_registers(struct desk *desk)
{
    (void)desk;
}

static void in_education(struct desk *desk)
{
    desk_registers(desk);
    listed(desk, "EDUCATION");
}

static void in_education_without_snapshots(struct desk *desk)
{
    listed(desk, "EDUCATION");
}

static void gets_dtks(struct desk *desk)
{
    desk_registers(desk);
    listed(desk, "DTKS");
}

static void gets_pkh(struct desk *desk)
{
    desk_registers(desk);
    listed(desk, "PKH");
}

static void blacklisted(struct desk *desk)
{
    desk_registers(desk);
    listed(desk, "BLACKLIST");
}

static void soldier_by_register(struct desk *desk)
{
    struct register_listed event = desk_listing(desk, "OCCUPATION", true);
    desk_registers(desk);
    event.has_code = true;
    event.code = SLICE("TNI");
    assert_int_equal(desk_list(desk, &event), DECIDED);
}

static void was_in_education(struct desk *desk)
{
    struct register_listed event = desk_listing(desk, "EDUCATION", true);
    desk_registers(desk);
    event.has_valid_to = true;
    event.valid_to = DAY(2021, 9, 16); /* the day before */
    assert_int_equal(desk_list(desk, &event), DECIDED);
}

static void is_in_education_to_the_day(struct desk *desk)
{
    struct register_listed event = desk_listing(desk, "EDUCATION", true);
    desk_registers(desk);
    event.has_valid_to = true;
    event.valid_to = DAY(2021, 9, 17);
    assert_int_equal(desk_list(desk, &event), DECIDED);
}

static void has_award_of_wave_10(struct desk *desk)
{
    desk_give_award(desk, 10);
}

static void had_award_of_wave_10_revoked(struct desk *desk)
{
    struct award_changed revoked;
    desk_give_award(desk, 10);
    revoked = desk_change(desk, 10, AWARD_CHANGED_CHANGE_REVOKED, "FIRST_TRAINING_LATE", 1);
    assert_int_equal(desk_award(desk, &revoked), DECIDED);
}

static void relatives_have(struct desk *desk, int count)
{
    static const char *const ids[] = {"R-1", "R-2"};
    desk_registers(desk);
    for (int i = 0; i < count; i++) {
        struct application_submitted relative = desk_relative(10, (char)('2' + i), ids[i]);
        struct application_drawn drawn = desk_selected(10);
        drawn.application_id = slice_of(ids[i]);
        assert_int_equal(desk_submit(desk, &relative), DECIDED);
        assert_int_equal(desk_draw(desk, &drawn), DECIDED);
        assert_string_equal(desk_status(desk_decided(desk)->status), "AWARDED");
    }
}

static void one_award_on_the_family_card(struct desk *desk)
{
    relatives_have(desk, 1);
}

static void two_awards_on_the_family_card(struct desk *desk)
{
    relatives_have(desk, 2);
}

static void applied_before(struct desk *desk, void (*but)(struct application_submitted *))
{
    struct application_submitted other = desk_applicant(21);
    desk_registers(desk);
    other.application_id = SLICE("A-0");
    if (but != NULL)
        but(&other);
    assert_int_equal(desk_submit(desk, &other), DECIDED);
}

static void is_pooled_in_the_wave(struct desk *desk)
{
    applied_before(desk, NULL);
}

static void is_held_in_the_wave(struct desk *desk)
{
    applied_before(desk, email_unverified);
}

static void was_refused_in_the_wave(struct desk *desk)
{
    applied_before(desk, is_student);
}

static const struct submitted_case cases[] = {
    {"everything is in order", 21, NULL, NULL, "POOLED", ""},

    {"seventeen, eighteen tomorrow", 21, NULL, born_17_years_ago, "REJECTED", "AGE_BELOW_MIN"},
    {"eighteen on the day", 21, NULL, born_18_years_ago, "POOLED", ""},
    {"no upper age in the first scheme", 21, NULL, born_80_years_ago, "POOLED", ""},
    {"wave 48: seventeen", 48, NULL, turns_18_tomorrow, "REJECTED", "AGE_OUT_OF_RANGE"},
    {"wave 48: eighteen on the day", 48, NULL, turns_18_today, "POOLED", ""},
    {"wave 48: sixty-four", 48, NULL, turns_65_tomorrow, "POOLED", ""},
    {"wave 48: sixty-five on the day", 48, NULL, turns_65_today, "REJECTED",
     "AGE_OUT_OF_RANGE"},

    {"student by own word", 21, NULL, is_student, "REJECTED", "EDU_ENROLLED"},
    {"civil servant by own word", 21, NULL, is_civil_servant, "REJECTED", "OCC_EXCLUDED"},
    {"director of a state firm", 21, NULL, is_director_of_state_firm, "REJECTED",
     "OCC_EXCLUDED"},
    {"all that fails is told, sorted", 21, NULL, is_student_and_civil_servant, "REJECTED",
     "EDU_ENROLLED,OCC_EXCLUDED"},
    {"not a citizen", 21, NULL, is_foreigner, "REJECTED", "ID_NOT_CITIZEN"},
    {"employment not covered", 21, NULL, has_steady_job, "REJECTED", "EMP_STATUS_NOT_COVERED"},

    {"national id does not match", 21, NULL, national_id_does_not_match, "REJECTED",
     "ID_NIK_MISMATCH"},
    {"national id not found", 21, NULL, national_id_not_found, "REJECTED", "ID_NIK_MISMATCH"},
    {"family card does not match", 21, NULL, family_card_does_not_match, "REJECTED",
     "ID_KK_MISMATCH"},
    {"face does not match: holds", 21, NULL, face_does_not_match, "HELD", "ID_FACE_MISMATCH"},
    {"a check that has not come holds", 21, NULL, national_id_unchecked, "HELD",
     "REGISTRY_UNAVAILABLE"},
    {"an answer of no known kind accuses nobody", 21, NULL, national_id_answered_oddly, "HELD",
     "REGISTRY_UNAVAILABLE"},
    {"no family card: its awards are not known", 21, NULL, gives_no_family_card, "HELD",
     "REGISTRY_UNAVAILABLE"},

    {"e-mail unverified holds", 21, NULL, email_unverified, "HELD", "CONTACT_EMAIL_UNVERIFIED"},
    {"phone unverified holds", 21, NULL, phone_unverified, "HELD", "CONTACT_PHONE_UNVERIFIED"},
    {"no word on education holds", 21, NULL, education_unanswered, "HELD",
     "DECLARATION_MISSING"},
    {"no word on occupation holds", 21, NULL, occupation_unanswered, "HELD",
     "DECLARATION_MISSING"},
    {"no word on employment holds", 21, NULL, status_unanswered, "HELD", "DECLARATION_MISSING"},
    {"who surely fails is refused although others are unknown", 21, NULL,
     student_unchecked_unanswered, "REJECTED", "EDU_ENROLLED"},
    {"wave 62 asks no test", 48, NULL, test_not_taken, "POOLED", ""},
    {"wave 63 asks a test", 63, NULL, test_not_taken, "HELD", "TEST_NOT_TAKEN"},

    {"before the wave opens", 21, NULL, before_the_wave_opens, "REJECTED", "WAVE_CLOSED"},
    {"as the wave opens", 21, NULL, as_the_wave_opens, "POOLED", ""},
    {"in the last instant", 21, NULL, in_the_last_instant_of_the_wave, "POOLED", ""},
    {"after the wave closed", 21, NULL, after_the_wave_closed, "REJECTED", "WAVE_CLOSED"},

    {"no snapshot of any register holds", 21, no_registers, NULL, "HELD",
     "REGISTRY_UNAVAILABLE"},
    {"without snapshots a student is refused at once", 21, no_registers, is_student, "REJECTED",
     "EDU_ENROLLED"},
    {"listed although there is no snapshot", 21, in_education_without_snapshots, NULL,
     "REJECTED", "EDU_ENROLLED"},
    {"register of education", 21, in_education, NULL, "REJECTED", "EDU_ENROLLED"},
    {"register entry ended the day before", 21, was_in_education, NULL, "POOLED", ""},
    {"register entry ends on the day", 21, is_in_education_to_the_day, NULL, "REJECTED",
     "EDU_ENROLLED"},
    {"a register outranks the answer", 21, soldier_by_register, NULL, "REJECTED",
     "OCC_EXCLUDED"},
    {"other aid in wave 10", 10, gets_dtks, NULL, "POOLED", ""},
    {"other aid in wave 21", 21, gets_dtks, NULL, "REJECTED", "OTHER_AID_RECIPIENT"},
    {"another other aid in wave 21", 21, gets_pkh, NULL, "REJECTED", "OTHER_AID_RECIPIENT"},
    {"other aid in wave 48", 48, gets_dtks, NULL, "POOLED", ""},
    {"blacklisted", 21, blacklisted, NULL, "REJECTED", "BLACKLISTED"},

    {"an award of an earlier wave", 21, has_award_of_wave_10, NULL, "REJECTED",
     "ALREADY_BENEFITED"},
    {"an award of the other scheme", 48, has_award_of_wave_10, NULL, "REJECTED",
     "ALREADY_BENEFITED"},
    {"revoked earlier", 21, had_award_of_wave_10_revoked, NULL, "REJECTED", "BLACKLISTED"},
    {"second on the family card", 21, one_award_on_the_family_card, NULL, "POOLED", ""},
    {"third on the family card", 21, two_awards_on_the_family_card, NULL, "REJECTED",
     "FAMILY_CARD_LIMIT"},
    {"again while pooled in the wave", 21, is_pooled_in_the_wave, NULL, "REJECTED",
     "ALREADY_APPLIED"},
    {"again while held in the wave", 21, is_held_in_the_wave, NULL, "REJECTED",
     "ALREADY_APPLIED"},
    {"again after a refusal in the wave", 21, was_refused_in_the_wave, NULL, "POOLED", ""},
};

static void test_eligibility(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct submitted_case *c = &cases[i];
        struct desk desk;
        desk_open(&desk);
        (c->given == NULL ? desk_registers : c->given)(&desk);
        struct application_submitted event = desk_applicant(c->wave);
        if (c->but != NULL)
            c->but(&event);
        enum decision_kind kind = desk_submit(&desk, &event);
        const struct application_decided *decided = desk_decided(&desk);
        if (kind != DECIDED || decided == NULL)
            fail_msg("%s: not decided: %s", c->name, desk.room.decision.sentence);
        const char *status = desk_status(decided->status);
        const char *reasons = desk_codes(decided->reasons.items, decided->reasons.count);
        if (strcmp(status, c->status) != 0 || strcmp(reasons, c->reasons) != 0)
            fail_msg("%s: %s %s, expected %s %s", c->name, status, reasons, c->status,
                     c->reasons);
        desk_close(&desk);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_eligibility),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
