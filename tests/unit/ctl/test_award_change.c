#include "award_change.h"

#include "schemas/events.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define TEXT(literal)                                                                          \
    {                                                                                          \
        literal, sizeof literal - 1                                                            \
    }
#define CHANGE(name) AWARD_CHANGED_CHANGE_##name

static const struct {
    const char *name;
    int32_t change;
    struct award_state award;
    int64_t amount_hundredths;
    const char *sentence; /* NULL: it fits */
} changes[] = {
    {"a running award is held", CHANGE(HELD), {0}, 0, NULL},
    {"it is held for one more reason", CHANGE(HELD), {.holds = TEXT("OFFICER:OTHER")}, 0, NULL},
    {"it is held for it already",
     CHANGE(HELD),
     {.held_by_officer = true},
     0,
     "held for WHY by an officer already"},
    {"a register's hold does not stand in the way of an officer's",
     CHANGE(HELD),
     {.held_by_service = true},
     0,
     NULL},
    {"an officer's hold is released",
     CHANGE(RELEASED),
     {.held_by_officer = true, .holds = TEXT("OFFICER:WHY")},
     0,
     NULL},
    {"a hold that is not there", CHANGE(RELEASED), {0}, 0, "the award is not held"},
    {"a hold for another reason",
     CHANGE(RELEASED),
     {.holds = TEXT("OFFICER:OTHER")},
     0,
     "not held for WHY; its holds are OFFICER:OTHER"},
    {"a register's hold",
     CHANGE(RELEASED),
     {.held_by_service = true, .holds = TEXT("APPLICATION:WHY")},
     0,
     "kerja review"},
    {"a running award is revoked", CHANGE(REVOKED), {0}, 0, NULL},
    {"a revoked one", CHANGE(REVOKED), {.revoked = true}, 0, "revoked already"},
    {"a closed one", CHANGE(REVOKED), {.closed = true}, 0, "closed already"},
    {"a revoked award comes back", CHANGE(REINSTATED), {.revoked = true}, 0, NULL},
    {"a closed award comes back", CHANGE(REINSTATED), {.closed = true}, 0, NULL},
    {"a running one", CHANGE(REINSTATED), {0}, 0, "has not ended"},
    {"an award without a decree", CHANGE(DECREED), {0}, 0, NULL},
    {"one with a decree",
     CHANGE(DECREED),
     {.decree_no = TEXT("NO. 1/2021")},
     0,
     "has a decree, number \"NO. 1/2021\""},
    {"a recovery", CHANGE(RECOVERY_NOTICED), {.closed = true}, 1, NULL},
    {"all that is owed comes back",
     CHANGE(REPAID),
     {.outstanding_hundredths = 60000000},
     60000000,
     NULL},
    {"a hundredth more than is owed",
     CHANGE(REPAID),
     {.outstanding_hundredths = 60000005},
     60000006,
     "only 600000.05 is to be paid back still"},
    {"nothing is owed", CHANGE(REPAID), {0}, 1, "only 0.00"},
    {"no officer closes an award", CHANGE(CLOSED), {0}, 0, "no officer"},
};

static void a_change_must_fit_what_is_published(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        struct error error = {0};
        enum outcome outcome =
            award_change_check(&changes[i].award, changes[i].change, SLICE("WHY"),
                               changes[i].amount_hundredths, &error);
        print_message("%s: %s\n", changes[i].name, error.text);
        assert_int_equal(outcome, changes[i].sentence == NULL ? OK : REJECT);
        if (changes[i].sentence != NULL)
            assert_non_null(strstr(error.text, changes[i].sentence));
    }
}

static void an_amount_is_above_nothing_with_two_decimals_or_none(void **state)
{
    static const struct {
        const char *text;
        int64_t hundredths; /* 0: refused */
    } cases[] = {
        {"600000", 60000000},
        {"600000.00", 60000000},
        {"0.01", 1},
        {"0.00", 0},
        {"0", 0},
        {"", 0},
        {".50", 0},
        {"1.5", 0},
        {"1.500", 0},
        {"-1", 0},
        {"1,000", 0},
        {"1.", 0},
        {"12 ", 0},
        {"9999999999999999.99", 999999999999999999},
        {"10000000000000000", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t hundredths = -1;
        print_message("\"%s\"\n", cases[i].text);
        assert_int_equal(amount_read(cases[i].text, &hundredths), cases[i].hundredths > 0);
        assert_int_equal(hundredths, cases[i].hundredths > 0 ? cases[i].hundredths : -1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_change_must_fit_what_is_published),
        cmocka_unit_test(an_amount_is_above_nothing_with_two_decimals_or_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
