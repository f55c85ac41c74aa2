#include "desk.h"

/* A day on which the wave is open, as far as the programme file says. */
static instant_us open_at(int wave)
{
    switch (wave) {
    case 1:
        return NOON(2020, 4, 12);
    case 10:
        return NOON(2020, 9, 27);
    case 21:
        return NOON(2021, 9, 17);
    case 48:
        return NOON(2023, 2, 20);
    case 63:
        return NOON(2024, 2, 25);
    }
    return NOON(2021, 9, 17);
}

struct application_submitted desk_applicant(int wave)
{
    static const struct application_submitted_check checks[] = {
        {.register_ = {"POPULATION", 10}, .result = {"MATCH", 5}, .checked_at = 1},
        {.register_ = {"FAMILY_CARD", 11}, .result = {"MATCH", 5}, .checked_at = 1},
        {.register_ = {"FACE", 4}, .result = {"MATCH", 5}, .checked_at = 1}};
    struct application_submitted ani = {.application_id = SLICE("A-1"),
                                        .revision = 1,
                                        .programme = SLICE("kartu-prakerja"),
                                        .wave = wave,
                                        .has_wave = true,
                                        .submitted_at = open_at(wave),
                                        .country = SLICE("ID"),
                                        .citizenship = SLICE("ID"),
                                        .national_id = SLICE(NATIONAL_ID),
                                        .family_card_no = SLICE(FAMILY_CARD),
                                        .has_family_card_no = true,
                                        .name = SLICE(PERSON_NAME),
                                        .has_name = true,
                                        .birth_date = DAY(1990, 3, 12),
                                        .region_code = SLICE("31.75"),
                                        .msisdn = SLICE(MSISDN),
                                        .email = SLICE(EMAIL),
                                        .has_email = true,
                                        .language = SLICE("id"),
                                        .employment_status = SLICE("JOB_SEEKER"),
                                        .has_employment_status = true,
                                        .occupation_class = SLICE("NONE"),
                                        .has_occupation_class = true,
                                        .has_in_formal_education = true,
                                        .has_covid_affected = true,
                                        .covid_affected = true,
                                        .has_ability_test_taken_on = true};
    ani.msisdn_verified_at = ani.email_verified_at = ani.submitted_at;
    ani.has_msisdn_verified_at = ani.has_email_verified_at = true;
    ani.ability_test_taken_on = instant_to_day(ani.submitted_at, 7 * 60);
    ani.checks.items = checks;
    ani.checks.count = 3;
    return ani;
}

struct application_submitted desk_relative(int wave, char last, const char *application_id)
{
    struct application_submitted relative = desk_applicant(wave);
    static char national_ids[10][17];
    char *national_id = national_ids[last - '0'];
    memcpy(national_id, NATIONAL_ID, 17);
    national_id[15] = last;
    relative.national_id = slice_of(national_id);
    relative.application_id = slice_of(application_id);
    return relative;
}

void desk_check(struct application_submitted *event, const char *name, const char *result)
{
    static struct application_submitted_check checks[3];
    size_t count = 0;
    for (size_t i = 0; i < 3; i++) {
        checks[count] = event->checks.items[i];
        if (slice_is(checks[count].register_, name) && result != NULL)
            checks[count].result = slice_of(result);
        count += result != NULL || !slice_is(checks[count].register_, name);
    }
    event->checks.items = checks;
    event->checks.count = count;
}

void desk_registers(struct desk *desk)
{
    for (size_t i = 0; i < register_count; i++) {
        struct register_listed end = {.register_ = slice_of(register_names[i]),
                                      .snapshot = SLICE("2020-01"),
                                      .has_number = true,
                                      .loaded_at = NOON(2020, 1, 2)};
        assert_int_equal(desk_list(desk, &end), DECIDED);
    }
}

struct register_listed desk_listing(struct desk *desk, const char *name, bool listed)
{
    return (struct register_listed){.register_ = slice_of(name),
                                    .snapshot = listed ? SLICE("S-1") : SLICE("S-2"),
                                    .person_id = desk_person(desk),
                                    .listed = listed,
                                    .valid_from = DAY(2020, 1, 1),
                                    .loaded_at = NOON(2021, 9, 18)};
}

struct application_drawn desk_selected(int wave)
{
    return (struct application_drawn){.application_id = SLICE("A-1"),
                                      .programme = SLICE("kartu-prakerja"),
                                      .wave = wave,
                                      .region_code = SLICE("31.75"),
                                      .position = 1,
                                      .pool_size = 2,
                                      .outcome = APPLICATION_DRAWN_OUTCOME_SELECTED,
                                      .drawn_at = open_at(wave) + 4 * US_PER_DAY,
                                      .notice_day = instant_to_day(open_at(wave), 7 * 60) + 5,
                                      .has_notice_day = true,
                                      .decree_no = SLICE("SK-1"),
                                      .has_decree_no = true};
}

struct award_changed desk_change(struct desk *desk, int wave, int32_t change,
                                 const char *reason, int64_t sequence)
{
    return (struct award_changed){.award_id = desk_award_id(desk, wave),
                                  .programme = SLICE("kartu-prakerja"),
                                  .scheme = SLICE("semi-bansos"),
                                  .change = change,
                                  .reason = slice_of(reason),
                                  .by = AWARD_CHANGED_BY_COMPLETION,
                                  .currency = SLICE("IDR"),
                                  .occurred_at = NOON(2021, 10, 22),
                                  .sequence = sequence};
}

void desk_give_award(struct desk *desk, int wave)
{
    struct application_submitted ani = desk_applicant(wave);
    struct application_drawn drawn = desk_selected(wave);
    desk_registers(desk);
    assert_int_equal(desk_submit(desk, &ani), DECIDED);
    assert_int_equal(desk_draw(desk, &drawn), DECIDED);
    assert_string_equal(desk_status(desk_application(desk, wave)->status), "AWARDED");
}

struct award_changed desk_officer(struct desk *desk, int wave, int32_t change,
                                  const char *reason, int64_t sequence)
{
    struct award_changed changed = desk_change(desk, wave, change, reason, sequence);
    changed.by = AWARD_CHANGED_BY_OFFICER;
    changed.requested_by = SLICE("officer-7");
    changed.has_requested_by = true;
    changed.approved_by = SLICE("officer-8");
    changed.has_approved_by = true;
    return changed;
}

struct case_resolved desk_case(struct slice subject, const char *reason, int32_t outcome)
{
    return (struct case_resolved){.subject_id = subject,
                                  .reason = slice_of(reason),
                                  .outcome = outcome,
                                  .by = SLICE("officer-7"),
                                  .approved_by = SLICE("officer-8"),
                                  .has_approved_by = true,
                                  .occurred_at = NOON(2021, 9, 18),
                                  .sequence = 1};
}

struct commitment_released desk_release(struct desk *desk, int wave, const char *component,
                                        int64_t amount, int64_t sequence)
{
    return (struct commitment_released){
        .award_id = desk_award_id(desk, wave),
        .programme = SLICE("kartu-prakerja"),
        .year = year_for_wave(scheme_for_wave(desk->room.programme, wave), wave)->year,
        .component = slice_of(component),
        .amount = amount,
        .currency = SLICE("IDR"),
        .reason = SLICE("FIRST_TRAINING_LATE"),
        .occurred_at = NOON(2021, 10, 22),
        .sequence = sequence};
}
