#include "fixture.h"

#define GOOD CONDITION(1, "APPLY", "wave.open", "eq", "true", "REJECT", "R")
#define TAIL ENGINE_REASONS REASON("R")

/* Faults stand in the first line behind HEAD (27) unless the case is about another. */
static const struct refusal {
    const char *name, *text, *fault;
} refusals[] = {
    {"not YAML", "programme: [", "test.yaml:2:1: "},
    {"nothing", "", "found no keys"},
    {"a second document", HEAD GOOD TAIL "---\na: b\n", "found a second document"},
    {"unknown key", HEAD GOOD TAIL "wvae: 1\n", "test.yaml:51:1: unknown key \"wvae\""},
    {"a key twice", HEAD GOOD TAIL "country: MY\n",
     "test.yaml:51:1: found \"country\" a second time"},
    {"unknown field",
     HEAD CONDITION(1, "APPLY", "applicant.size", "eq", "1", "REJECT", "R") TAIL,
     "test.yaml:27:38: unknown field \"applicant.size\""},
    {"unknown operator",
     HEAD CONDITION(1, "APPLY", "wave.open", "is", "true", "REJECT", "R") TAIL,
     "test.yaml:27:53: found \"is\", expected one of eq, ne"},
    {"unknown effect",
     HEAD CONDITION(1, "APPLY", "wave.open", "eq", "true", "REFUSE", "R") TAIL,
     "test.yaml:27:78: found \"REFUSE\", expected one of"},
    {"unknown phase", HEAD CONDITION(1, "ASK", "wave.open", "eq", "true", "REJECT", "R") TAIL,
     "test.yaml:27:24: found \"ASK\", expected one of APPLY"},
    {"unknown reason",
     HEAD CONDITION(1, "APPLY", "wave.open", "eq", "true", "REJECT", "NO") TAIL,
     "unknown reason \"NO\""},
    {"a text for a truth",
     HEAD CONDITION(1, "APPLY", "wave.open", "eq", "yes", "REJECT", "R") TAIL,
     "test.yaml:27:64: found \"yes\", expected true or false"},
    {"a text for a number",
     HEAD CONDITION(1, "APPLY", "applicant.age", "ge", "old", "REJECT", "R") TAIL,
     "found \"old\", expected a whole number"},
    {"a day that is none",
     HEAD CONDITION(1, "APPLY", "application.day", "le", "2021-02-29", "REJECT", "R") TAIL,
     "expected a day such as"},
    {"a code that the field lacks",
     HEAD CONDITION(1, "APPLY", "check.face", "eq", "MAYBE", "REJECT", "R") TAIL,
     "expected a code that check.face can have"},
    {"between with one value",
     HEAD CONDITION(1, "APPLY", "applicant.age", "between", "[18]", "REJECT", "R") TAIL,
     "expected two values"},
    {"between turned round",
     HEAD CONDITION(1, "APPLY", "applicant.age", "between", "[64, 18]", "REJECT", "R") TAIL,
     "the first value is above the last"},
    {"an operator that does not fit",
     HEAD CONDITION(1, "APPLY", "wave.open", "ge", "true", "REJECT", "R") TAIL,
     "operator \"ge\" cannot be asked of \"wave.open\""},
    {"a field of another phase",
     HEAD CONDITION(1, "APPLY", "purchase.day", "exists", "true", "REJECT", "R") TAIL,
     "no service of phase APPLY knows field \"purchase.day\""},
    {"fields that nobody knows together",
     HEAD CONDITION_WHEN(1, "PAY", "account.active", "eq", "true",
                         "{field: survey.number, op: eq, value: 1}", "HOLD", "R")
         ENGINE_REASONS WAITING("R"),
     "no one service knows all fields"},
    {"money without currency",
     HEAD CONDITION(1, "APPLY", "member.reported_wage", "le", "3500000.00", "REJECT", "R") TAIL,
     "found money without its currency, expected an amount such as IDR"},
    {"money of another currency",
     HEAD CONDITION(1, "APPLY", "member.reported_wage", "le", "MYR 1.00", "REJECT", "R") TAIL,
     "expected an amount such as IDR"},
    {"a number twice", HEAD GOOD GOOD TAIL, "test.yaml:28:5: found number 1 a second time"},
    {"a reason that nothing gives", HEAD GOOD TAIL REASON("IDLE"),
     "test.yaml:51:3: reason \"IDLE\" is used by nothing"},
    {"a hold that nothing ends",
     HEAD CONDITION(1, "APPLY", "wave.open", "eq", "true", "HOLD", "R") TAIL,
     "\"R\" holds or retries, expected \"ends_by\""},
    {"a retry that nothing ends",
     HEAD CONDITION(1, "APPLY", "wave.open", "eq", "true", "RETRY", "R") TAIL,
     "\"R\" holds or retries, expected \"ends_by\""},
    {"dates that overlap",
     HEAD GOOD TAIL "parameters: [{name: a, to: 2020-06-30, value: 1}, {name: a, from: "
                    "2020-06-30, value: 2}]\n",
     "dates of parameter \"a\" overlap"},
    {"missing key", "programme: x\n", "missing key \"country\""},
    {"waves outside the scheme",
     HEAD "  - {number: 1, from_wave: 10, to_wave: 12, phase: APPLY, field: wave.open, op: eq, "
          "value: true, effect: REJECT, reason: R, confidence: D}\n" TAIL,
     "lie outside scheme"},
    {"memory alone cannot judge",
     HEAD "  - {number: 1, phase: APPLY, field: wave.open, op: eq, value: true, effect: "
          "REJECT, reason: R, confidence: M}\n" TAIL,
     "cannot be active"},
    {"an unknown waking event",
     HEAD GOOD TAIL "  X: {sentence: {en: a}, next: {en: b}, ends_by: {events: [moon.rose]}}\n",
     "found \"moon.rose\""},
};

static char found[8192];

static void remember(void *context, const char *fault)
{
    (void)context;
    size_t size = strlen(found);
    snprintf(found + size, sizeof found - size, "%s\n", fault);
}

static void what_is_wrong_is_refused_with_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        const struct refusal *c = &refusals[i];
        found[0] = '\0';
        size_t faults = programme_check(slice_of(c->text), "test.yaml", remember, NULL);
        if (c->fault == NULL ? faults != 0 : faults == 0 || strstr(found, c->fault) == NULL)
            fail_msg("%s: %s", c->name, found);
    }
}

static void all_faults_are_told_not_only_the_first(void **state)
{
    (void)state;
    static const char text[] = HEAD CONDITION(1, "APPLY", "no.field", "eq", "1", "REJECT", "R")
        CONDITION(2, "APPLY", "wave.open", "no_operator", "1", "REJECT", "R")
            CONDITION(3, "APPLY", "wave.open", "eq", "1", "REJECT", "R") TAIL;
    found[0] = '\0';
    assert_int_equal(programme_check(slice_of(text), "test.yaml", remember, NULL), 3);
    struct programme *programme = NULL;
    struct error error = {0};
    assert_int_equal(programme_load(slice_of(text), "test.yaml", &programme, &error), REJECT);
    assert_null(programme);
    assert_non_null(strstr(error.text, "test.yaml:27:38: unknown field \"no.field\""));
}

static void cutting_the_file_anywhere_never_loads_half_a_programme(void **state)
{
    (void)state;
    static const char text[] = HEAD GOOD TAIL;
    for (size_t size = 0; size + 60 < sizeof text; size += 7)
        assert_true(programme_check((struct slice){text, size}, "test.yaml", remember, NULL) >
                    0);
}

/* A file of so many conditions, the last of which asks `when` so many things. */
static size_t faults_of_a_file_with(int conditions, int asked)
{
    static char text[1 << 16];
    size_t size = (size_t)snprintf(text, sizeof text, "%s", HEAD);
    for (int i = 1; i <= conditions; i++) {
        size += (size_t)snprintf(text + size, sizeof text - size,
                                 "  - {number: %d, phase: APPLY, field: wave.open, op: eq, "
                                 "value: true, effect: REJECT, reason: R, confidence: D",
                                 i);
        for (int j = 0; i == conditions && j < asked; j++)
            size += (size_t)snprintf(text + size, sizeof text - size, "%s%s",
                                     j == 0 ? ", when: [" : ", ",
                                     "{field: wave.open, op: eq, value: true}");
        size += (size_t)snprintf(text + size, sizeof text - size, "%s}\n",
                                 i == conditions && asked > 0 ? "]" : "");
    }
    size += (size_t)snprintf(text + size, sizeof text - size, "%s", TAIL);
    assert_true(size < sizeof text);
    found[0] = '\0';
    return programme_check((struct slice){text, size}, "test.yaml", remember, NULL);
}

static void what_is_too_much_is_refused(void **state)
{
    static char large[(4 << 20) + 1];
    (void)state;
    assert_int_equal(faults_of_a_file_with(VERDICT_CONDITIONS, 8), 0);
    assert_true(faults_of_a_file_with(VERDICT_CONDITIONS + 1, 0) > 0);
    assert_non_null(
        strstr(found, "test.yaml:27:3: found 257 conditions, expected at most 256"));
    assert_int_equal(faults_of_a_file_with(1, 9), 1);
    assert_non_null(strstr(found, "found 9 conditions, expected at most 8"));
    memset(large, '#', sizeof large);
    found[0] = '\0';
    assert_int_equal(
        programme_check((struct slice){large, sizeof large}, "test.yaml", remember, NULL), 1);
    assert_non_null(strstr(found, "found a file of 4194305 bytes, expected at most 4194304"));
}

static void templates_with_links_or_unknown_placeholders_are_refused(void **state)
{
    (void)state;
    assert_null(message_template_fault(
        SLICE("{programme} wave {wave}: {amount} on {day}. {reason} {next_step}")));
    assert_non_null(message_template_fault(SLICE("{otp}")));
    assert_non_null(message_template_fault(SLICE("{wave")));
    assert_non_null(message_template_fault(SLICE("wave}")));
    assert_non_null(message_template_fault(SLICE("see https://x")));
    assert_non_null(message_template_fault(SLICE("see WWW.prakerja")));
    assert_non_null(message_template_fault(SLICE("see prakerja.go.id now")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_wrong_is_refused_with_its_place),
        cmocka_unit_test(all_faults_are_told_not_only_the_first),
        cmocka_unit_test(cutting_the_file_anywhere_never_loads_half_a_programme),
        cmocka_unit_test(what_is_too_much_is_refused),
        cmocka_unit_test(templates_with_links_or_unknown_placeholders_are_refused),
    };
    return cmocka_run_group_tests_name("rules/load", tests, NULL, NULL);
}
