#include "fixture.h"

struct operator_case {
    const char *name, *field, *op, *operand;
    enum rule_field of;
    struct value value;
    enum condition_result result;
};

static const struct slice covid_and_wants[] = {{"STATEMENT_SIGNED", 16}, {"OTHER", 5}};
static const struct slice other_only[] = {{"OTHER", 5}};

#define NUMBER(n)                                                                              \
    {                                                                                          \
        .state = VALUE_PRESENT, .number = (n)                                                  \
    }
#define CODE(c)                                                                                \
    {                                                                                          \
        .state = VALUE_PRESENT, .text = { c, sizeof(c) - 1 }                                   \
    }
#define CODES(array)                                                                           \
    {                                                                                          \
        .state = VALUE_PRESENT, .codes = (array),                                              \
        .code_count = sizeof(array) / sizeof(array[0])                                         \
    }
#define EMPTY                                                                                  \
    {                                                                                          \
        .state = VALUE_PRESENT                                                                 \
    }
#define ABSENT                                                                                 \
    {                                                                                          \
        .state = VALUE_ABSENT                                                                  \
    }
#define UNHEARD                                                                                \
    {                                                                                          \
        .state = VALUE_UNKNOWN                                                                 \
    }

static const struct operator_case operator_cases[] = {
    {"true is true", "wave.open", "eq", "true", FIELD_WAVE_OPEN, NUMBER(1), CONDITION_PASS},
    {"false is not true", "wave.open", "eq", "true", FIELD_WAVE_OPEN, NUMBER(0),
     CONDITION_FAIL},
    {"ne differs", "applicant.age", "ne", "18", FIELD_APPLICANT_AGE, NUMBER(17),
     CONDITION_PASS},
    {"ne is equal", "applicant.age", "ne", "18", FIELD_APPLICANT_AGE, NUMBER(18),
     CONDITION_FAIL},
    {"below lt", "applicant.age", "lt", "18", FIELD_APPLICANT_AGE, NUMBER(17), CONDITION_PASS},
    {"at lt", "applicant.age", "lt", "18", FIELD_APPLICANT_AGE, NUMBER(18), CONDITION_FAIL},
    {"at le", "applicant.age", "le", "18", FIELD_APPLICANT_AGE, NUMBER(18), CONDITION_PASS},
    {"above le", "applicant.age", "le", "18", FIELD_APPLICANT_AGE, NUMBER(19), CONDITION_FAIL},
    {"above gt", "applicant.age", "gt", "18", FIELD_APPLICANT_AGE, NUMBER(19), CONDITION_PASS},
    {"at gt", "applicant.age", "gt", "18", FIELD_APPLICANT_AGE, NUMBER(18), CONDITION_FAIL},
    {"at ge", "applicant.age", "ge", "18", FIELD_APPLICANT_AGE, NUMBER(18), CONDITION_PASS},
    {"below ge", "applicant.age", "ge", "18", FIELD_APPLICANT_AGE, NUMBER(17), CONDITION_FAIL},
    {"first of between", "applicant.age", "between", "[18, 64]", FIELD_APPLICANT_AGE,
     NUMBER(18), CONDITION_PASS},
    {"last of between", "applicant.age", "between", "[18, 64]", FIELD_APPLICANT_AGE, NUMBER(64),
     CONDITION_PASS},
    {"before between", "applicant.age", "between", "[18, 64]", FIELD_APPLICANT_AGE, NUMBER(17),
     CONDITION_FAIL},
    {"after between", "applicant.age", "between", "[18, 64]", FIELD_APPLICANT_AGE, NUMBER(65),
     CONDITION_FAIL},
    {"number in", "applicant.age", "in", "[18, 20]", FIELD_APPLICANT_AGE, NUMBER(20),
     CONDITION_PASS},
    {"number not of in", "applicant.age", "in", "[18, 20]", FIELD_APPLICANT_AGE, NUMBER(19),
     CONDITION_FAIL},
    {"money at ge", "member.reported_wage", "ge", "IDR 0.01", FIELD_MEMBER_REPORTED_WAGE,
     NUMBER(1), CONDITION_PASS},
    {"money below ge", "member.reported_wage", "ge", "IDR 0.01", FIELD_MEMBER_REPORTED_WAGE,
     NUMBER(0), CONDITION_FAIL},
    {"code equal", "application.citizenship", "eq", "ID", FIELD_APPLICATION_CITIZENSHIP,
     CODE("ID"), CONDITION_PASS},
    {"code longer", "application.citizenship", "eq", "ID", FIELD_APPLICATION_CITIZENSHIP,
     CODE("IDN"), CONDITION_FAIL},
    {"code ne", "application.citizenship", "ne", "ID", FIELD_APPLICATION_CITIZENSHIP,
     CODE("ID"), CONDITION_FAIL},
    {"code in", "check.face", "in", "[MATCH, FAIL]", FIELD_CHECK_FACE, CODE("FAIL"),
     CONDITION_PASS},
    {"code not of in", "check.face", "in", "[MATCH, FAIL]", FIELD_CHECK_FACE, CODE("NOT_FOUND"),
     CONDITION_FAIL},
    {"code not_in", "check.face", "not_in", "[FAIL]", FIELD_CHECK_FACE, CODE("MATCH"),
     CONDITION_PASS},
    {"code of not_in", "check.face", "not_in", "[FAIL]", FIELD_CHECK_FACE, CODE("FAIL"),
     CONDITION_FAIL},
    {"codes share one", "application.declarations", "intersects", "[STATEMENT_SIGNED]",
     FIELD_APPLICATION_DECLARATIONS, CODES(covid_and_wants), CONDITION_PASS},
    {"codes share none", "application.declarations", "intersects", "[STATEMENT_SIGNED]",
     FIELD_APPLICATION_DECLARATIONS, CODES(other_only), CONDITION_FAIL},
    {"empty set intersects nothing", "application.declarations", "intersects",
     "[STATEMENT_SIGNED]", FIELD_APPLICATION_DECLARATIONS, EMPTY, CONDITION_FAIL},
    {"disjoint", "application.declarations", "disjoint", "[STATEMENT_SIGNED]",
     FIELD_APPLICATION_DECLARATIONS, CODES(other_only), CONDITION_PASS},
    {"not disjoint", "application.declarations", "disjoint", "[STATEMENT_SIGNED]",
     FIELD_APPLICATION_DECLARATIONS, CODES(covid_and_wants), CONDITION_FAIL},
    {"level at le", "application.highest_qualification", "le", "SPM",
     FIELD_APPLICATION_HIGHEST_QUALIFICATION, CODE("SPM"), CONDITION_PASS},
    {"level above le", "application.highest_qualification", "le", "SPM",
     FIELD_APPLICATION_HIGHEST_QUALIFICATION, CODE("STPM"), CONDITION_FAIL},
    {"a level that nobody knows", "application.highest_qualification", "le", "SPM",
     FIELD_APPLICATION_HIGHEST_QUALIFICATION, CODE("PHD"), CONDITION_UNKNOWN},
    {"exists", "application.email_verified_at", "exists", "true",
     FIELD_APPLICATION_EMAIL_VERIFIED_AT, NUMBER(1), CONDITION_PASS},
    {"absent does not exist", "application.email_verified_at", "exists", "true",
     FIELD_APPLICATION_EMAIL_VERIFIED_AT, ABSENT, CONDITION_FAIL},
    {"absent as demanded", "application.email_verified_at", "exists", "false",
     FIELD_APPLICATION_EMAIL_VERIFIED_AT, ABSENT, CONDITION_PASS},
    {"nobody knows whether it exists", "application.email_verified_at", "exists", "true",
     FIELD_APPLICATION_EMAIL_VERIFIED_AT, UNHEARD, CONDITION_UNKNOWN},
    {"absent cannot be compared", "applicant.age", "ge", "18", FIELD_APPLICANT_AGE, ABSENT,
     CONDITION_UNKNOWN},
    {"unknown cannot be compared", "applicant.age", "ge", "18", FIELD_APPLICANT_AGE, UNHEARD,
     CONDITION_UNKNOWN},
};

static void operators_hold_on_one_side_of_each_bound_only(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof operator_cases / sizeof operator_cases[0]; i++) {
        const struct operator_case *c = &operator_cases[i];
        char text[8192];
        snprintf(
            text, sizeof text,
            "%s  - {number: 1, phase: APPLY, field: %s, op: %s, value: %s, effect: REJECT, "
            "reason: R, confidence: D}\n%s%s%s",
            HEAD, c->field, c->op, c->operand, ENGINE_REASONS, REASON("R"),
            strcmp(field_meaning(c->of)->unknown, "DECLARATION_MISSING") == 0
                ? WAITING("DECLARATION_MISSING")
                : "");
        struct programme *programme = programme_of(text);
        struct facts facts = {{{c->of, c->value}}};
        struct verdict verdict;
        judge(programme, PHASE_APPLY, &facts, &verdict);
        if (verdict.conditions[0].result != c->result)
            fail_msg("%s: result %d", c->name, verdict.conditions[0].result);
        programme_free(programme);
    }
}

/* What one REJECT, one HOLD, one RETRY and one REJECT with `when` make of each other. */
static const char mixed[] =
    HEAD CONDITION(1, "APPLY", "wave.open", "eq", "true", "REJECT", "WAVE")
        CONDITION(2, "APPLY", "check.face", "eq", "MATCH", "HOLD", "FACE")
            CONDITION(3, "APPLY", "applicant.age", "ge", "18", "RETRY", "AGE")
                CONDITION_WHEN(4, "APPLY", "application.informal_only", "eq", "true",
                               "{field: application.citizenship, op: eq, value: ID}", "REJECT",
                               "INFORMAL") CONDITION(5, "SELECT", "application.covid_affected",
                                                     "eq", "true", "PRIORITY", "COVID")
                    ENGINE_REASONS REASON("WAVE") WAITING("FACE") WAITING("AGE")
                        REASON("INFORMAL") REASON("COVID") WAITING("DECLARATION_MISSING");

struct mix {
    const char *name;
    struct facts facts;
    enum effect effect;
    const char *reasons;
};

#define OPEN                                                                                   \
    {                                                                                          \
        FIELD_WAVE_OPEN, NUMBER(1)                                                             \
    }
#define CLOSED                                                                                 \
    {                                                                                          \
        FIELD_WAVE_OPEN, NUMBER(0)                                                             \
    }
#define FACE                                                                                   \
    {                                                                                          \
        FIELD_CHECK_FACE, CODE("MATCH")                                                        \
    }
#define NO_FACE                                                                                \
    {                                                                                          \
        FIELD_CHECK_FACE, CODE("FAIL")                                                         \
    }
#define ADULT                                                                                  \
    {                                                                                          \
        FIELD_APPLICANT_AGE, NUMBER(18)                                                        \
    }
#define CHILD                                                                                  \
    {                                                                                          \
        FIELD_APPLICANT_AGE, NUMBER(17)                                                        \
    }
#define FOREIGN                                                                                \
    {                                                                                          \
        FIELD_APPLICATION_CITIZENSHIP, CODE("MY")                                              \
    }
#define CITIZEN                                                                                \
    {                                                                                          \
        FIELD_APPLICATION_CITIZENSHIP, CODE("ID")                                              \
    }
#define FORMAL                                                                                 \
    {                                                                                          \
        FIELD_APPLICATION_INFORMAL_ONLY, NUMBER(0)                                             \
    }
#define LOOSE                                                                                  \
    {                                                                                          \
        FIELD_APPLICATION_INFORMAL_ONLY, NUMBER(1)                                             \
    }

static const struct mix mixes[] = {
    {"all hold", {{OPEN, FACE, ADULT, CITIZEN, LOOSE}}, EFFECT_PASS, ""},
    {"when does not hold", {{OPEN, FACE, ADULT, FOREIGN, FORMAL}}, EFFECT_PASS, ""},
    {"when holds", {{OPEN, FACE, ADULT, CITIZEN, FORMAL}}, EFFECT_REJECT, "INFORMAL"},
    {"unknown when cannot hurt what holds", {{OPEN, FACE, ADULT, LOOSE}}, EFFECT_PASS, ""},
    {"unknown when holds back what fails",
     {{OPEN, FACE, ADULT, FORMAL}},
     EFFECT_HOLD,
     "REGISTRY_UNAVAILABLE"},
    {"the unknown field's own reason",
     {{OPEN, FACE, ADULT, CITIZEN}},
     EFFECT_HOLD,
     "DECLARATION_MISSING"},
    {"unknown does not matter where when fails",
     {{OPEN, FACE, ADULT, FOREIGN}},
     EFFECT_PASS,
     ""},
    {"retry alone", {{OPEN, FACE, CHILD, FOREIGN}}, EFFECT_RETRY, "AGE"},
    {"hold beats retry, both told", {{OPEN, NO_FACE, CHILD, FOREIGN}}, EFFECT_HOLD, "AGE,FACE"},
    {"unknown makes a retry a hold",
     {{OPEN, CHILD, FOREIGN}},
     EFFECT_HOLD,
     "AGE,REGISTRY_UNAVAILABLE"},
    {"reject beats hold, both told",
     {{CLOSED, NO_FACE, ADULT, FOREIGN}},
     EFFECT_REJECT,
     "FACE,WAVE"},
    {"a sure reject stands at once", {{CLOSED, ADULT, FOREIGN}}, EFFECT_REJECT, "WAVE"},
    {"nothing is known", {{{0}}}, EFFECT_HOLD, "DECLARATION_MISSING,REGISTRY_UNAVAILABLE"},
};

static void the_worst_effect_wins_and_unknown_never_accuses(void **state)
{
    (void)state;
    struct programme *programme = programme_of(mixed);
    for (size_t i = 0; i < sizeof mixes / sizeof mixes[0]; i++) {
        struct verdict verdict;
        judge(programme, PHASE_APPLY, &mixes[i].facts, &verdict);
        if (verdict_effect(&verdict) != mixes[i].effect ||
            strcmp(reasons_of(&verdict), mixes[i].reasons) != 0)
            fail_msg("%s: %s %s", mixes[i].name, effect_name(verdict_effect(&verdict)),
                     reasons_of(&verdict));
        assert_int_equal(verdict.condition_count, 4);
    }
    programme_free(programme);
}

static void priority_is_raised_only_by_what_is_known(void **state)
{
    (void)state;
    struct programme *programme = programme_of(mixed);
    struct verdict verdict;
    judge(programme, PHASE_SELECT,
          &(struct facts){{{FIELD_APPLICATION_COVID_AFFECTED, NUMBER(1)}}}, &verdict);
    assert_int_equal(verdict.priority_count, 1);
    assert_int_equal(verdict_effect(&verdict), EFFECT_PRIORITY);
    assert_true(verdict_clear(&verdict));
    assert_string_equal(reasons_of(&verdict), "");
    judge(programme, PHASE_SELECT,
          &(struct facts){{{FIELD_APPLICATION_COVID_AFFECTED, NUMBER(0)}}}, &verdict);
    assert_int_equal(verdict.priority_count, 0);
    judge(programme, PHASE_SELECT, &(struct facts){0}, &verdict);
    assert_int_equal(verdict.priority_count, 0);
    assert_int_equal(verdict_effect(&verdict), EFFECT_PASS);
    struct slice codes[VERDICT_PRIORITIES];
    assert_int_equal(wave_priorities(programme, 5, codes), 1);
    assert_int_equal(wave_priorities(programme, 10, codes), 0);
    programme_free(programme);
}

static void effects_rank_from_pass_to_revoke(void **state)
{
    (void)state;
    for (int a = EFFECT_PASS; a <= EFFECT_REVOKE; a++) {
        for (int b = EFFECT_PASS; b <= EFFECT_REVOKE; b++) {
            struct verdict verdict;
            verdict_init(&verdict);
            verdict_add(&verdict, (enum effect)a, SLICE("A"));
            verdict_add(&verdict, (enum effect)b, SLICE("B"));
            assert_int_equal(verdict_effect(&verdict), a > b ? a : b);
        }
    }
}

static void reasons_stand_once_and_sorted(void **state)
{
    (void)state;
    struct verdict verdict;
    verdict_init(&verdict);
    verdict_add(&verdict, EFFECT_HOLD, SLICE("B"));
    verdict_add(&verdict, EFFECT_HOLD, SLICE("AB"));
    verdict_add(&verdict, EFFECT_HOLD, SLICE("B"));
    verdict_add(&verdict, EFFECT_HOLD, SLICE("A"));
    verdict_add_unknown(&verdict, SLICE("AB"));
    assert_string_equal(reasons_of(&verdict), "A,AB,B");
}

static void waves_days_and_services_limit_a_condition(void **state)
{
    (void)state;
    static const char text[] =
        HEAD "  - {number: 1, phase: PAY, from_wave: 3, to_wave: 5, field: account.active, op: "
             "eq, value: true, effect: HOLD, reason: R, confidence: D}\n"
             "  - {number: 2, phase: PAY, from: 2020-06-15, to: 2020-06-16, field: "
             "account.active, op: eq, value: true, effect: HOLD, reason: R, confidence: D}\n"
             "  - {number: 3, phase: PAY, field: review.rated_on, op: exists, value: true, "
             "effect: HOLD, reason: R, confidence: D}\n" ENGINE_REASONS WAITING("R");
    static const struct {
        const char *name;
        int wave;
        epoch_day on;
        enum rule_service service;
        size_t judged;
    } cases[] = {
        {"within both", 5, 18428, SERVICE_INCENTIVE, 2}, /* 18428 is 2020-06-15 */
        {"wave before", 2, 18428, SERVICE_INCENTIVE, 1},
        {"wave after", 6, 18428, SERVICE_INCENTIVE, 1},
        {"day before", 5, 18427, SERVICE_INCENTIVE, 1},
        {"last day", 5, 18429, SERVICE_INCENTIVE, 2},
        {"day after", 5, 18430, SERVICE_INCENTIVE, 1},
        {"another service", 5, 18428, SERVICE_COMPLETION, 1},
    };
    struct programme *programme = programme_of(text);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct facts none = {0};
        struct rule_subject subject = {.value = fact,
                                       .context = &none,
                                       .has_wave = true,
                                       .wave = cases[i].wave,
                                       .on = cases[i].on,
                                       .service = cases[i].service};
        struct verdict verdict;
        verdict_init(&verdict);
        rules_apply(&programme->schemes[0], PHASE_PAY, &subject, &verdict);
        if (verdict.condition_count != cases[i].judged)
            fail_msg("%s: %zu judged", cases[i].name, verdict.condition_count);
    }
    programme_free(programme);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operators_hold_on_one_side_of_each_bound_only),
        cmocka_unit_test(the_worst_effect_wins_and_unknown_never_accuses),
        cmocka_unit_test(priority_is_raised_only_by_what_is_known),
        cmocka_unit_test(effects_rank_from_pass_to_revoke),
        cmocka_unit_test(reasons_stand_once_and_sorted),
        cmocka_unit_test(waves_days_and_services_limit_a_condition),
    };
    return cmocka_run_group_tests_name("rules/conditions", tests, NULL, NULL);
}
