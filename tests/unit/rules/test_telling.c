/* Values and comparisons in words, and by how much a bound is missed, from both sides. */
#include "cases.h"

#include "rules/sentence.h"
#include "rules/telling.h"

#define PRAKERJA PROGRAMMES "/kartu-prakerja.yaml"

static struct programme *programme;

static int load(void **state)
{
    (void)state;
    programme = programme_of_file(PRAKERJA);
    return programme == NULL;
}

static int unload(void **state)
{
    (void)state;
    programme_free(programme);
    return 0;
}

/* The text so far, ended, until the next call. */
static const char *told(struct buffer *text)
{
    static char copy[1024];
    snprintf(copy, sizeof copy, "%.*s", SLICE_ARGS(buffer_slice(text)));
    buffer_release(text);
    return copy;
}

#define PRESENT(n)                                                                             \
    {                                                                                          \
        .state = VALUE_PRESENT, .number = (n)                                                  \
    }

#define ASKED(of, how, bound)                                                                  \
    {                                                                                          \
        .field = (of), .op = (how), .low = (bound)                                             \
    }
#define BETWEEN(of, from, to)                                                                  \
    {                                                                                          \
        .field = (of), .op = OPERATOR_BETWEEN, .low = (from), .high = (to)                     \
    }

static const struct distance {
    const char *name, *told;
    struct comparison comparison;
    struct value value;
} distances[] = {
    {"at lt", "1 award above the limit", ASKED(FIELD_FAMILY_CARD_AWARDS, OPERATOR_LT, 2),
     PRESENT(2)},
    {"below lt", "", ASKED(FIELD_FAMILY_CARD_AWARDS, OPERATOR_LT, 2), PRESENT(1)},
    {"at le", "", ASKED(FIELD_SURVEY_DAYS_TO_ANSWER, OPERATOR_LE, 30), PRESENT(30)},
    {"above le", "1 day above the limit", ASKED(FIELD_SURVEY_DAYS_TO_ANSWER, OPERATOR_LE, 30),
     PRESENT(31)},
    {"at gt", "1 year below the limit", ASKED(FIELD_APPLICANT_AGE, OPERATOR_GT, 17),
     PRESENT(17)},
    {"above gt", "", ASKED(FIELD_APPLICANT_AGE, OPERATOR_GT, 17), PRESENT(18)},
    {"at ge", "", ASKED(FIELD_APPLICANT_AGE, OPERATOR_GE, 18), PRESENT(18)},
    {"below ge", "2 years below the limit", ASKED(FIELD_APPLICANT_AGE, OPERATOR_GE, 18),
     PRESENT(16)},
    {"last of between", "", BETWEEN(FIELD_APPLICANT_AGE, 18, 64), PRESENT(64)},
    {"after between", "1 year above the limit", BETWEEN(FIELD_APPLICANT_AGE, 18, 64),
     PRESENT(65)},
    {"first of between", "", BETWEEN(FIELD_APPLICANT_AGE, 18, 64), PRESENT(18)},
    {"before between", "1 year below the limit", BETWEEN(FIELD_APPLICANT_AGE, 18, 64),
     PRESENT(17)},
    {"a day too late", "1 day too late", ASKED(FIELD_SURVEY_ANSWERED_ON, OPERATOR_LE, 100),
     PRESENT(101)},
    {"days too early", "10 days too early", ASKED(FIELD_HIRE_HIRED_ON, OPERATOR_GE, 100),
     PRESENT(90)},
    {"money short", "Rp100.000 below the limit",
     ASKED(FIELD_PURCHASE_BALANCE_AFTER, OPERATOR_GE, 0), PRESENT(-10000000)},
    {"not equal", "3 applications above the limit",
     ASKED(FIELD_PERSON_OTHER_APPLICATIONS, OPERATOR_EQ, 0), PRESENT(3)},
    {"what is not known has no distance",
     "",
     ASKED(FIELD_APPLICANT_AGE, OPERATOR_GE, 18),
     {.state = VALUE_UNKNOWN}},
    {"a damaged number has no distance", "", ASKED(FIELD_APPLICANT_AGE, OPERATOR_GE, 18),
     PRESENT(INT64_MIN)},
    {"a claim has no distance", "", ASKED(FIELD_WAVE_OPEN, OPERATOR_EQ, 1), PRESENT(0)},
};

static void a_missed_bound_is_told_by_how_much(void **state)
{
    (void)state;
    struct teller teller = teller_make(programme, SLICE("en"));
    for (size_t i = 0; i < sizeof distances / sizeof distances[0]; i++) {
        struct buffer text = {0};
        tell_distance(&teller, &distances[i].comparison, &distances[i].value, &text);
        const char *said = told(&text);
        if (strcmp(said, distances[i].told) != 0)
            fail_msg("%s: \"%s\"", distances[i].name, said);
    }
}

static void a_value_is_told_as_people_write_it(void **state)
{
    static const struct slice two[] = {{"PRETEST", 7}, {"QUIZ", 4}};
    static const struct {
        enum rule_field field;
        struct value value;
        const char *language, *told;
    } cases[] = {
        {FIELD_APPLICANT_AGE, PRESENT(1), "en", "1 year"},
        {FIELD_APPLICANT_AGE, PRESENT(0), "en", "0 years"},
        {FIELD_APPLICANT_AGE, PRESENT(17), "ms", "17 tahun"},
        {FIELD_APPLICANT_AGE, {.state = VALUE_UNKNOWN}, "id", "belum diketahui"},
        {FIELD_APPLICATION_EMAIL_VERIFIED_AT, {.state = VALUE_ABSENT}, "ms", "tiada"},
        {FIELD_APPLICATION_EMAIL_VERIFIED_AT, PRESENT(INT64_C(1679590799000000)), "en",
         "23 March 2023 23:59"},
        {FIELD_APPLICATION_EMAIL_VERIFIED_AT, PRESENT(INT64_MAX), "en", "9223372036854775807"},
        {FIELD_PURCHASE_DAY, PRESENT(18870), "ms", "31 Ogos 2021"},
        {FIELD_PURCHASE_PRICE, PRESENT(100000050), "id", "Rp1.000.000,50"},
        {FIELD_MEMBER_REPORTED_WAGE, PRESENT(350000000), "id", "Rp3.500.000 per bulan"},
        {FIELD_APPLICATION_IN_FORMAL_EDUCATION, PRESENT(0), "en",
         "the applicant is not in formal education"},
        {FIELD_COMPLETION_ASSESSMENTS,
         {.state = VALUE_PRESENT, .codes = two, .code_count = 2},
         "id",
         "tes awal dan kuis"},
        {FIELD_COMPLETION_ASSESSMENTS, {.state = VALUE_PRESENT}, "en", "none"},
        {FIELD_COMPLETION_CERTIFICATE_ID,
         {.state = VALUE_PRESENT, .text = {"secret", 6}},
         "en",
         "given"},
        {FIELD_APPLICATION_OCCUPATION_CLASS,
         {.state = VALUE_PRESENT, .text = {"OTHER", 5}},
         "en",
         "OTHER"},
        {FIELD_PAYMENT_ITEM,
         {.state = VALUE_PRESENT, .text = {"job_search_incentive", 20}},
         "id",
         "insentif biaya mencari kerja"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct teller teller = teller_make(programme, slice_of(cases[i].language));
        struct buffer text = {0};
        tell_value(&teller, cases[i].field, &cases[i].value, &text);
        assert_string_equal(told(&text), cases[i].told);
    }
}

static void a_sentence_fills_its_gaps_in_any_order(void **state)
{
    (void)state;
    struct buffer text = {0};
    sentence_write(
        SENTENCE(&text, "{b}, then {a}; {none}.", {"a", SLICE("one")}, {"b", SLICE("two")}));
    assert_string_equal(told(&text), "two, then one; .");
    sentence_write(SENTENCE(&text, "no gap, and one that {never ends", {"a", SLICE("one")}));
    assert_string_equal(told(&text), "no gap, and one that {never ends");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_missed_bound_is_told_by_how_much),
        cmocka_unit_test(a_value_is_told_as_people_write_it),
        cmocka_unit_test(a_sentence_fills_its_gaps_in_any_order),
    };
    return cmocka_run_group_tests_name("rules/telling", tests, load, unload);
}
