#include "fixture.h"

static struct programme *programme;

static int load_file(void **state)
{
    static char text[1 << 20];
    (void)state;
    FILE *file = fopen(KARTU_PRAKERJA, "r");
    assert_non_null(file);
    size_t size = fread(text, 1, sizeof text, file);
    fclose(file);
    struct error error = {0};
    if (programme_load((struct slice){text, size}, "kartu-prakerja.yaml", &programme, &error) !=
        OK)
        fail_msg("%s", error.text);
    return 0;
}

static int free_file(void **state)
{
    (void)state;
    programme_free(programme);
    return 0;
}

static void packages_are_the_published_sums(void **state)
{
    (void)state;
    assert_int_equal(scheme_find(programme, SLICE("semi-bansos"))->package_hundredths,
                     INT64_C(355000000));
    assert_int_equal(scheme_find(programme, SLICE("normal"))->package_hundredths,
                     INT64_C(420000000));
    assert_int_equal(programme->condition_count, 95);
    assert_int_equal(strlen(programme->sha256), SHA256_TEXT_SIZE);
    assert_memory_equal(programme->sha256, programme->rules_hash, RULES_HASH_SIZE);
}

static void a_wave_picks_scheme_and_year(void **state)
{
    static const struct {
        int wave;
        const char *scheme;
        int year;
    } cases[] = {{1, "semi-bansos", 2020},  {11, "semi-bansos", 2020},
                 {12, "semi-bansos", 2021}, {22, "semi-bansos", 2021},
                 {23, "semi-bansos", 2022}, {47, "semi-bansos", 2022},
                 {48, "normal", 2023},      {62, "normal", 2023},
                 {63, "normal", 2024},      {71, "normal", 2024}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct scheme *scheme = scheme_for_wave(programme, cases[i].wave);
        assert_true(slice_is(scheme->name, cases[i].scheme));
        assert_int_equal(year_for_wave(scheme, cases[i].wave)->year, cases[i].year);
    }
    assert_null(scheme_for_wave(programme, 0));
    assert_null(scheme_for_wave(programme, 72));
    assert_null(year_for_wave(scheme_for_wave(programme, 48), 47));
}

/* A course completed in January 2023 on an award of wave 47 meets the cut-off of 2022. */
static void an_award_of_wave_47_is_judged_by_2022_in_2023(void **state)
{
    (void)state;
    struct facts facts = {{{FIELD_COMPLETION_DAY, value_number(DAY(2023, 1, 10))},
                           {FIELD_COMPLETION_CERTIFICATE_ID, value_code(SLICE("secret"))},
                           {FIELD_AWARD_REVOKED, value_number(false)}}};
    struct rule_subject subject = {.value = fact,
                                   .context = &facts,
                                   .has_wave = true,
                                   .wave = 47,
                                   .on = DAY(2023, 1, 10),
                                   .service = SERVICE_COMPLETION};
    struct verdict verdict;
    verdict_init(&verdict);
    rules_apply(scheme_for_wave(programme, 47), PHASE_COMPLETE, &subject, &verdict);
    assert_int_equal(verdict_effect(&verdict), EFFECT_REJECT);
    assert_string_equal(reasons_of(&verdict), "COMPLETION_LATE");
    /* What a text says is not kept. */
    assert_int_equal(verdict_value(&verdict, FIELD_COMPLETION_CERTIFICATE_ID)->text.size, 0);
}

static void waves_are_open_between_their_instants(void **state)
{
    (void)state;
    instant_us opens = day_to_instant(DAY(2020, 4, 11), 420),
               closes = day_to_instant(DAY(2020, 4, 17), 420);
    instant_us noon;
    assert_true(instant_parse(SLICE("2020-08-23T12:00:00+07:00"), &noon));
    assert_false(wave_open(programme, 1, opens - 1));
    assert_true(wave_open(programme, 1, opens));
    assert_true(wave_open(programme, 1, closes - 1));
    assert_false(wave_open(programme, 1, closes));
    assert_true(wave_open(programme, 5, noon - 1));
    assert_false(wave_open(programme, 5, noon));
    assert_true(wave_open(programme, 30, 0)); /* nothing is known of it */
    assert_false(wave_open(programme, 72, opens));
}

static void instalments_count_from_the_start(void **state)
{
    (void)state;
    const struct scheme *scheme = scheme_for_wave(programme, 12);
    const struct benefit *benefit = benefit_find(scheme, SLICE("job_search_incentive"));
    struct due_days days = {0};
    epoch_day start = 0;
    days.known[DUE_COMPLETION_DAY] = days.known[DUE_REVIEW_RATED_ON] = true;
    days.day[DUE_COMPLETION_DAY] = DAY(2021, 1, 12);
    days.day[DUE_REVIEW_RATED_ON] = DAY(2021, 1, 31);
    assert_false(schedule_start(benefit, &days, &start)); /* no account yet */
    days.known[DUE_ACCOUNT_LINKED_ON] = true;
    days.day[DUE_ACCOUNT_LINKED_ON] = DAY(2020, 12, 1);
    assert_true(schedule_start(benefit, &days, &start));
    assert_int_equal(start, DAY(2021, 1, 31));
    assert_int_equal(schedule_instalments(benefit), 4);
    assert_int_equal(schedule_due_on(benefit, start, 1), DAY(2021, 1, 31));
    assert_int_equal(schedule_due_on(benefit, start, 2), DAY(2021, 2, 28));
    assert_int_equal(schedule_due_on(benefit, start, 3), DAY(2021, 3, 31));
    assert_int_equal(schedule_due_on(benefit, start, 4), DAY(2021, 4, 30));
    /* Friday plus five working days is the next Friday. */
    assert_int_equal(schedule_pay_by(programme, benefit, DAY(2021, 1, 29)), DAY(2021, 2, 5));
    assert_int_equal(working_days_between(programme, DAY(2021, 1, 29), DAY(2021, 2, 5)), 5);
}

static void deadlines_end_on_published_days(void **state)
{
    static const struct {
        const char *name;
        int wave;
        enum deadline_name deadline;
        struct civil start, last;
    } cases[] = {
        {"wave 9", 9, DEADLINE_FIRST_PURCHASE, {2020, 9, 24}, {2020, 10, 23}},
        {"wave 16", 16, DEADLINE_FIRST_PURCHASE, {2021, 3, 31}, {2021, 4, 29}},
        {"wave 18", 18, DEADLINE_FIRST_PURCHASE, {2021, 8, 24}, {2021, 9, 22}},
        {"wave 21", 21, DEADLINE_FIRST_PURCHASE, {2021, 9, 22}, {2021, 10, 21}},
        {"the year closes first", 22, DEADLINE_FIRST_PURCHASE, {2021, 11, 10}, {2021, 11, 30}},
        {"15 days of 2023", 48, DEADLINE_FIRST_PURCHASE, {2023, 3, 1}, {2023, 3, 15}},
        {"seven days before",
         16,
         DEADLINE_FIRST_PURCHASE_REMINDER,
         {2021, 3, 31},
         {2021, 4, 22}},
        {"next purchase", 62, DEADLINE_NEXT_PURCHASE, {2023, 10, 1}, {2023, 10, 16}},
        {"balance of 2020", 3, DEADLINE_BALANCE_CLOSES, {2020, 5, 1}, {2020, 12, 15}},
        {"survey", 12, DEADLINE_SURVEY_WINDOW, {2021, 6, 1}, {2021, 7, 1}},
        {"award ends", 71, DEADLINE_AWARD_ENDS, {2024, 8, 1}, {2025, 6, 30}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct scheme *scheme = scheme_for_wave(programme, cases[i].wave);
        struct due_deadline due = {0};
        bool found = schedule_deadline(scheme, cases[i].deadline, cases[i].wave,
                                       year_for_wave(scheme, cases[i].wave),
                                       day_from_civil(cases[i].start), &due);
        if (!found || due.last_day != day_from_civil(cases[i].last))
            fail_msg("%s", cases[i].name);
        epoch_day fires =
            due.last_day + (cases[i].deadline != DEADLINE_FIRST_PURCHASE_REMINDER);
        assert_int_equal(due.fires_at, day_to_instant(fires, 420));
    }
    const struct scheme *normal = scheme_for_wave(programme, 63);
    struct due_deadline due;
    assert_false(schedule_deadline(normal, DEADLINE_NEXT_PURCHASE, 63,
                                   year_for_wave(normal, 63), 0, &due));
    assert_false(schedule_deadline(normal, DEADLINE_BALANCE_CLOSES, 63,
                                   year_for_wave(normal, 63), 0, &due));
}

static void every_message_renders_without_codes_or_links(void **state)
{
    static const char *const languages[] = {"id", "en", "en-GB", "fr"};
    (void)state;
    for (size_t language = 0; language < 4; language++) {
        for (int kind = 0; kind < MESSAGE_KIND_COUNT; kind++) {
            for (size_t reason = 0; reason < programme->reason_count; reason++) {
                struct message_values values = {.wave = 12,
                                                .has_amount = true,
                                                .amount_hundredths = 60000000,
                                                .item = SLICE("job_search_incentive"),
                                                .scheme = &programme->schemes[0],
                                                .instalment = 1,
                                                .has_day = true,
                                                .day = DAY(2020, 10, 23),
                                                .reason = programme->reasons[reason].code};
                char text[MESSAGE_SIZE + 1];
                size_t size = message_render(programme, (enum message_kind)kind,
                                             slice_of(languages[language]), &values, text);
                assert_true(size > 20 && size <= MESSAGE_SIZE);
                assert_null(message_template_fault((struct slice){text, size}));
                for (size_t i = 0; i < size; i++)
                    assert_true(text[i] != '_' && text[i] != '{');
            }
        }
    }
}

static void messages_speak_the_language_of_the_person(void **state)
{
    (void)state;
    struct message_values values = {.has_day = true, .day = DAY(2020, 10, 23)};
    char text[MESSAGE_SIZE + 1];
    message_render(programme, MESSAGE_FIRST_PURCHASE_REMINDER, SLICE("id"), &values, text);
    assert_non_null(strstr(text, "23 Oktober 2020"));
    message_render(programme, MESSAGE_FIRST_PURCHASE_REMINDER, SLICE("en"), &values, text);
    assert_non_null(strstr(text, "23 October 2020"));
    /* Half a sentence is not sent. */
    values.has_day = false;
    assert_int_equal(
        message_render(programme, MESSAGE_FIRST_PURCHASE_REMINDER, SLICE("en"), &values, text),
        0);
    assert_string_equal(text, "");
    char amount[AMOUNT_TEXT_SIZE];
    amount_format(SLICE("IDR"), 60000000, amount);
    assert_string_equal(amount, "Rp600.000");
    amount_format(SLICE("MYR"), 150000, amount);
    assert_string_equal(amount, "RM1,500.00");
    amount_format(SLICE("IDR"), -99, amount);
    assert_string_equal(amount, "-Rp0,99");
}

static void judge_old_applicant(struct verdict *verdict)
{
    static const struct slice none[] = {{"OTHER", 5}};
    struct facts facts = {{{FIELD_APPLICANT_AGE, value_number(66)},
                           {FIELD_WAVE_OPEN, value_number(true)},
                           {FIELD_APPLICATION_CITIZENSHIP, value_code(SLICE("ID"))},
                           {FIELD_APPLICATION_DECLARATIONS, value_codes(none, 1)}}};
    struct rule_subject subject = {.value = fact,
                                   .context = &facts,
                                   .has_wave = true,
                                   .wave = 63,
                                   .on = DAY(2024, 3, 1),
                                   .service = SERVICE_APPLICATION};
    verdict_init(verdict);
    rules_apply(scheme_for_wave(programme, 63), PHASE_APPLY, &subject, verdict);
}

static void a_verdict_read_back_gives_the_same_bytes_and_checks(void **state)
{
    (void)state;
    struct verdict verdict, again;
    struct buffer one = {0}, other = {0};
    struct arena arena;
    struct error error = {0};
    assert_true(arena_init(&arena, 1 << 20));
    judge_old_applicant(&verdict);
    assert_string_equal(reasons_of(&verdict), "AGE_OUT_OF_RANGE");
    verdict_add(&verdict, EFFECT_REJECT, SLICE("QUOTA_FULL"));
    verdict_write(&verdict, &one);
    assert_int_equal(verdict_read(buffer_slice(&one), &arena, &again, &error), OK);
    verdict_write(&again, &other);
    assert_true(slice_equal(buffer_slice(&one), buffer_slice(&other)));
    if (!rules_recheck(&again, programme, &error))
        fail_msg("%s", error.text);
    /* A value changed afterwards does not pass. */
    again.values[again.field_seen[FIELD_APPLICANT_AGE] - 1].number = 40;
    assert_false(rules_recheck(&again, programme, &error));
    assert_non_null(strstr(error.text, "condition 5"));
    for (size_t size = 0; size < one.size; size++)
        assert_int_equal(verdict_read((struct slice){one.data, size}, &arena, &again, &error),
                         REJECT);
    buffer_release(&one);
    buffer_release(&other);
    arena_release(&arena);
}

static void an_explanation_names_condition_value_and_demand(void **state)
{
    (void)state;
    struct verdict verdict;
    struct buffer text = {0};
    judge_old_applicant(&verdict);
    verdict_explain(&verdict, programme, SLICE("en"), false, &text);
    buffer_append_byte(&text, 0);
    assert_non_null(strstr(text.data,
                           "Condition 5 is not met. Required: age on the day of the "
                           "application is from 18 to 64 years. Found: 66 years, 2 years "
                           "above the limit. Therefore: refused (AGE_OUT_OF_RANGE)."));
    assert_non_null(strstr(text.data, "Condition 12 cannot be judged yet."));
    assert_non_null(strstr(
        text.data,
        "Reason AGE_OUT_OF_RANGE: On the day you applied you were not between 18 and 64."));
    assert_null(strstr(text.data, "ondition 3 "));
    buffer_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packages_are_the_published_sums),
        cmocka_unit_test(a_wave_picks_scheme_and_year),
        cmocka_unit_test(an_award_of_wave_47_is_judged_by_2022_in_2023),
        cmocka_unit_test(waves_are_open_between_their_instants),
        cmocka_unit_test(instalments_count_from_the_start),
        cmocka_unit_test(deadlines_end_on_published_days),
        cmocka_unit_test(every_message_renders_without_codes_or_links),
        cmocka_unit_test(messages_speak_the_language_of_the_person),
        cmocka_unit_test(a_verdict_read_back_gives_the_same_bytes_and_checks),
        cmocka_unit_test(an_explanation_names_condition_value_and_demand),
    };
    return cmocka_run_group_tests_name("programmes/kartu-prakerja", tests, load_file,
                                       free_file);
}
