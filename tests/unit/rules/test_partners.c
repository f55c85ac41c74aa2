/* The partners of a programme file: what is read, and what is refused with its place. */
#include "fixture.h"

#define GOOD CONDITION(1, "APPLY", "wave.open", "eq", "true", "REJECT", "R")
#define TAIL ENGINE_REASONS REASON("R")

static const char partners_line[] =
    "partners: [{name: DEFAULT, answer_within_minutes: 60, query_after_minutes: [30]}]\n";

/* The fixture's file with other partners. */
static struct slice file_with(const char *partners)
{
    static const char text[] = HEAD GOOD TAIL;
    static char edited[1 << 16];
    const char *at = strstr(text, partners_line);
    assert_non_null(at);
    int size = snprintf(edited, sizeof edited, "%.*spartners: [%s]\n%s", (int)(at - text), text,
                        partners, at + sizeof partners_line - 1);
    assert_true(size > 0 && (size_t)size < sizeof edited);
    return (struct slice){edited, (size_t)size};
}

#define PARTNER(more)                                                                          \
    "{name: BNI, answer_within_minutes: 60, query_after_minutes: [30]" more "}"

static const struct {
    const char *name, *partners, *fault; /* NULL: none */
} cases[] = {
    {"no limit", PARTNER(""), NULL},
    {"one a minute", PARTNER(", payouts_per_minute: 1"), NULL},
    {"a million a minute", PARTNER(", payouts_per_minute: 1000000"), NULL},
    {"none a minute", PARTNER(", payouts_per_minute: 0"),
     "test.yaml:25:98: found 0, expected 1 to 1000000 payouts a minute"},
    {"less than none", PARTNER(", payouts_per_minute: -5"), "found -5, expected 1 to 1000000"},
    {"too many to mean anything", PARTNER(", payouts_per_minute: 1000001"),
     "found 1000001, expected 1 to 1000000"},
    {"a word", PARTNER(", payouts_per_minute: many"), "expected a whole number"},
    {"a half", PARTNER(", payouts_per_minute: 0.5"), "expected a whole number"},
    {"a limit by the second, as before", PARTNER(", payouts_per_second: 100"),
     "unknown key \"payouts_per_second\""},
    {"a partner twice", PARTNER("") ", " PARTNER(""), "found partner \"BNI\" a second time"},
    {"a code of both kinds",
     PARTNER(", retry_codes: [AB05], hold_codes: [AC01, AB05], retry_after_hours: 1"),
     "found \"AB05\" in retry_codes and hold_codes"},
    {"retry codes without a time", PARTNER(", retry_codes: [AB05]"),
     "retry_codes need retry_after_hours"},
    {"no time to answer", "{name: BNI, answer_within_minutes: 0, query_after_minutes: [30]}",
     "expected answer_within_minutes above zero"},
    {"never asked", "{name: BNI, answer_within_minutes: 60, query_after_minutes: []}",
     "expected at least one time"},
    {"asked at once", "{name: BNI, answer_within_minutes: 60, query_after_minutes: [0]}",
     "expected 1 to 100000 minutes"},
};

static char found[4096];

static void remember(void *context, const char *fault)
{
    (void)context;
    size_t size = strlen(found);
    snprintf(found + size, sizeof found - size, "%s\n", fault);
}

static void nonsense_is_refused_with_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        found[0] = '\0';
        size_t faults =
            programme_check(file_with(cases[i].partners), "test.yaml", remember, NULL);
        if (cases[i].fault == NULL ? faults != 0
                                   : faults == 0 || strstr(found, cases[i].fault) == NULL)
            fail_msg("%s: %s", cases[i].name, found);
    }
}

static void what_is_said_is_read(void **state)
{
    struct programme *programme = NULL;
    struct error error = {0};
    (void)state;
    struct slice text = file_with(
        "{name: DEFAULT, answer_within_minutes: 60, query_after_minutes: [30]}, " PARTNER(
            ", payouts_per_minute: 250, retry_codes: [AB05], retry_after_hours: 2"));
    assert_int_equal(programme_load(text, "test.yaml", &programme, &error), OK);
    assert_int_equal(partner_find(programme, SLICE("BNI"))->payouts_per_minute, 250);
    assert_int_equal(partner_find(programme, SLICE("OVO"))->payouts_per_minute, 0);
    assert_true(slice_is(partner_find(programme, SLICE("OVO"))->name, "DEFAULT"));
    programme_free(programme);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nonsense_is_refused_with_its_place),
        cmocka_unit_test(what_is_said_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
