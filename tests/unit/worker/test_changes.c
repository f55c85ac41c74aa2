#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "schemas/events.h"
#include "worker/changes.h"
#include "worker/outputs.h"

#define ALONE    "SECOND_OFFICER_MISSING"
#define BYTES_8  "ABCDEFGH"
#define BYTES_64 BYTES_8 BYTES_8 BYTES_8 BYTES_8 BYTES_8 BYTES_8 BYTES_8 BYTES_8

enum {
    HELD = AWARD_CHANGED_CHANGE_HELD,
    RELEASED = AWARD_CHANGED_CHANGE_RELEASED,
    DECREED = AWARD_CHANGED_CHANGE_DECREED,
    NOTICED = AWARD_CHANGED_CHANGE_RECOVERY_NOTICED,
    REPAID = AWARD_CHANGED_CHANGE_REPAID,
    REVOKED = AWARD_CHANGED_CHANGE_REVOKED,
    CLOSED = AWARD_CHANGED_CHANGE_CLOSED,
    REINSTATED = AWARD_CHANGED_CHANGE_REINSTATED,
    COMPLETION = AWARD_CHANGED_BY_COMPLETION,
    OFFICER = AWARD_CHANGED_BY_OFFICER,
    STEPS = 4
};

struct step {
    int32_t by, change;
    const char *reason;
    int64_t sequence;
    bool stale;
};

static const struct {
    const char *name;
    struct step steps[STEPS];
    const char *heard;
} cases[] = {
    {"a first one", {{OFFICER, HELD, "A", 1, false}}, "OFFICER:A=1"},
    {"a number below the first", {{OFFICER, HELD, "A", 0, true}}, ""},
    {"the same again",
     {{OFFICER, HELD, "A", 2, false}, {OFFICER, HELD, "A", 2, true}},
     "OFFICER:A=2"},
    {"a higher one of the same hold",
     {{OFFICER, HELD, "A", 9, false}, {OFFICER, RELEASED, "A", 10, false}},
     "OFFICER:A=10"},
    {"a lower one of the same hold",
     {{OFFICER, RELEASED, "A", 10, false}, {OFFICER, HELD, "A", 9, true}},
     "OFFICER:A=10"},
    {"a lower one for another reason",
     {{OFFICER, HELD, "B", 2, false}, {OFFICER, HELD, "A", 1, false}},
     "OFFICER:B=2,OFFICER:A=1"},
    {"a reason that another begins with",
     {{OFFICER, HELD, "AB", 2, false}, {OFFICER, HELD, "A", 1, false}},
     "OFFICER:AB=2,OFFICER:A=1"},
    {"a reason that looks like a number said",
     {{OFFICER, HELD, "A=99999999999999999999", 2, false}, {OFFICER, HELD, "A", 1, false}},
     "OFFICER:A=99999999999999999999=2,OFFICER:A=1"},
    {"a reason named as a change",
     {{OFFICER, HELD, "REVOKED", 2, false}, {OFFICER, REVOKED, "", 1, false}},
     "OFFICER:REVOKED=2,OFFICER/REVOKED=1"},
    {"a lower one by another writer",
     {{OFFICER, HELD, "A", 2, false}, {COMPLETION, HELD, "A", 1, false}},
     "OFFICER:A=2,COMPLETION:A=1"},
    {"an end below a hold",
     {{OFFICER, HELD, "A", 2, false}, {OFFICER, REVOKED, "A", 1, false}},
     "OFFICER:A=2,OFFICER/REVOKED=1"},
    {"an end below a reinstatement",
     {{OFFICER, REINSTATED, "", 2, false},
      {OFFICER, REVOKED, "", 1, true},
      {OFFICER, CLOSED, "", 1, true},
      {COMPLETION, REVOKED, "", 1, false}},
     "OFFICER/REINSTATED=2,COMPLETION/REVOKED=1"},
    {"an end above a reinstatement",
     {{OFFICER, REINSTATED, "", 2, false}, {OFFICER, REVOKED, "", 3, false}},
     "OFFICER/REINSTATED=2,OFFICER/REVOKED=3"},
    {"an older decree",
     {{OFFICER, DECREED, "", 2, false}, {OFFICER, DECREED, "", 1, true}},
     "OFFICER/DECREED=2"},
    {"amounts in any order, each once",
     {{OFFICER, REPAID, "", 3, false},
      {OFFICER, REPAID, "", 1, false},
      {OFFICER, NOTICED, "", 2, false},
      {OFFICER, REPAID, "", 3, true}},
     "OFFICER/REPAID=3,OFFICER/REPAID=1,OFFICER/RECOVERY_NOTICED=2"},
};

static void join(const struct slice *heard, size_t count, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < count; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%.*s", i == 0 ? "" : ",",
                                 SLICE_ARGS(heard[i]));
}

static struct award_changed said(const struct step *step)
{
    return (struct award_changed){.by = step->by,
                                  .change = step->change,
                                  .reason = slice_of(step->reason),
                                  .sequence = step->sequence};
}

static void test_the_newest_number_counts_of_each_matter(void **state)
{
    struct arena arena;
    (void)state;
    assert_true(arena_init(&arena, 1 << 16));
    struct decision decision = {.arena = &arena};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct slice *heard = NULL;
        size_t count = 0;
        char text[256];
        for (size_t j = 0; j < STEPS && cases[i].steps[j].reason != NULL; j++) {
            struct award_changed changed = said(&cases[i].steps[j]);
            bool stale = changes_stale(&decision, heard, count, &changed);
            if (stale != cases[i].steps[j].stale)
                fail_msg("%s: step %zu", cases[i].name, j);
            if (!stale)
                changes_hear(&decision, &heard, &count, &changed);
        }
        join(heard, count, text, sizeof text);
        if (strcmp(text, cases[i].heard) != 0)
            fail_msg("%s: %s", cases[i].name, text);
    }
    arena_release(&arena);
}

static void test_an_end_before_the_reinstatement_is_outlived(void **state)
{
    static const struct {
        const char *name;
        int32_t by, change;
        bool reinstated;
        instant_us occurred_at;
        bool outlived;
    } ends[] = {
        {"a microsecond before it", COMPLETION, REVOKED, true, 99, true},
        {"in its very instant", COMPLETION, REVOKED, true, 100, true},
        {"a microsecond after it", COMPLETION, REVOKED, true, 101, false},
        {"whoever says it", OFFICER, CLOSED, true, 100, true},
        {"no reinstatement", COMPLETION, REVOKED, false, 0, false},
        {"a hold is no end", OFFICER, HELD, true, 99, false},
        {"another reinstatement", OFFICER, REINSTATED, true, 99, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        struct award_changed changed = {
            .by = ends[i].by, .change = ends[i].change, .occurred_at = ends[i].occurred_at};
        if (changes_outlived(&changed, ends[i].reinstated, ends[i].reinstated ? 100 : 0) !=
            ends[i].outlived)
            fail_msg("%s", ends[i].name);
    }
}

static void test_what_may_change_an_award(void **state)
{
    static const struct {
        const char *name;
        int32_t by, change;
        const char *why, *requested_by, *approved_by, *refused; /* NULL: allowed */
    } rules[] = {
        {"a service holds", COMPLETION, HELD, "A", "", "", NULL},
        {"a service revokes", COMPLETION, REVOKED, "", "", "", NULL},
        {"an officer holds", OFFICER, HELD, "A", "siti", "", NULL},
        {"an officer notices a recovery", OFFICER, NOTICED, "", "siti", "", NULL},
        {"an officer releases alone", OFFICER, RELEASED, "A", "siti", "", ALONE},
        {"an officer releases as both", OFFICER, RELEASED, "A", "siti", "siti", ALONE},
        {"nobody asks, an officer approves", OFFICER, RELEASED, "A", "", "budi", ALONE},
        {"two officers release", OFFICER, RELEASED, "A", "siti", "budi", NULL},
        {"an officer revokes alone", OFFICER, REVOKED, "", "siti", "", ALONE},
        {"an officer decrees alone", OFFICER, DECREED, "", "siti", "", ALONE},
        {"an officer books a repayment alone", OFFICER, REPAID, "", "siti", "", ALONE},
        {"an officer reinstates alone", OFFICER, REINSTATED, "", "siti", "", ALONE},
        {"two officers reinstate", OFFICER, REINSTATED, "", "siti", "budi", NULL},
        {"an officer holds for no reason", OFFICER, HELD, "", "siti", "", "BAD_REASON"},
        {"two release for no reason", OFFICER, RELEASED, "", "siti", "budi", "BAD_REASON"},
        {"a service holds for no reason", COMPLETION, HELD, "", "", "", "BAD_REASON"},
        {"a service releases for none", COMPLETION, RELEASED, "", "", "", "BAD_REASON"},
        {"a code as long as may be", COMPLETION, HELD, BYTES_64, "", "", NULL},
        {"a code that is too long", COMPLETION, HELD, BYTES_64 "I", "", "", "BAD_REASON"},
        {"an end for a code too long", COMPLETION, REVOKED, BYTES_64 "I", "", "", "BAD_REASON"},
        {"nobody known", AWARD_CHANGED_BY_UNKNOWN, REVOKED, "", "", "", "UNKNOWN_CHANGE"},
        {"nothing known", OFFICER, AWARD_CHANGED_CHANGE_UNKNOWN, "", "siti", "budi",
         "UNKNOWN_CHANGE"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        struct outputs outputs = {0};
        struct decision decision = {.outputs = &outputs};
        struct award_changed changed = {.by = rules[i].by,
                                        .change = rules[i].change,
                                        .reason = slice_of(rules[i].why),
                                        .requested_by = slice_of(rules[i].requested_by),
                                        .approved_by = slice_of(rules[i].approved_by),
                                        .has_amount = true,
                                        .amount = 1};
        bool may = changes_allowed(&decision, &changed);
        if (may != (rules[i].refused == NULL) || (decision.kind == DEAD_LETTERED) == may)
            fail_msg("%s", rules[i].name);
        if (!may)
            assert_string_equal(decision.reason, rules[i].refused);
    }
}

static void test_money_has_an_amount_above_nothing(void **state)
{
    static const struct {
        bool has_amount;
        int64_t amount;
        bool allowed;
    } amounts[] = {{false, 1, false}, {true, 0, false}, {true, -1, false}, {true, 1, true}};
    static const int32_t moving[] = {NOTICED, REPAID};
    (void)state;
    for (size_t i = 0; i < 2 * sizeof amounts / sizeof amounts[0]; i++) {
        struct outputs outputs = {0};
        struct decision decision = {.outputs = &outputs};
        struct award_changed changed = {.by = OFFICER,
                                        .change = moving[i % 2],
                                        .requested_by = SLICE("siti"),
                                        .approved_by = SLICE("budi"),
                                        .has_amount = amounts[i / 2].has_amount,
                                        .amount = amounts[i / 2].amount};
        assert_int_equal(changes_allowed(&decision, &changed), amounts[i / 2].allowed);
        if (!amounts[i / 2].allowed)
            assert_string_equal(decision.reason, "AMOUNT_MISSING");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_newest_number_counts_of_each_matter),
        cmocka_unit_test(test_an_end_before_the_reinstatement_is_outlived),
        cmocka_unit_test(test_what_may_change_an_award),
        cmocka_unit_test(test_money_has_an_amount_above_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
