#include "simulate_rules.h"

#include "base/buffer.h"
#include "rules/verdict_bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { ARENA = 4 << 20, CONDITIONS = 2, NOT_ASKED = -1 };

static struct arena arena;
static struct simulated_room room;

/* Two files: at least `age_least` years, and a ceiling on the wage where there is one. */
struct book {
    struct reason reasons[4];
    struct condition conditions[CONDITIONS];
    const struct condition *active[CONDITIONS];
    struct scheme scheme;
    struct programme programme;
};

static void book_make(struct book *book, int age_least, int wage_most, enum effect wage_effect)
{
    *book = (struct book){
        .reasons = {{.code = SLICE("AGE_BELOW_MIN")},
                    {.code = SLICE("QUOTA_FULL")},
                    {.code = SLICE("WAGE_ABOVE_CEILING"), .ends_by = {.officer = true}},
                    {.code = SLICE("WORD_AWAITED"), .ends_by = {.officer = true}}}};
    book->conditions[0] = (struct condition){
        .number = 1,
        .services = SERVICE_APPLICATION,
        .active = true,
        .must = {.field = FIELD_APPLICANT_AGE, .op = OPERATOR_GE, .low = age_least},
        .effect = EFFECT_REJECT,
        .reason = &book->reasons[0]};
    book->conditions[1] = (struct condition){
        .number = 2,
        .services = SERVICE_APPLICATION,
        .active = wage_most > 0,
        .must = {.field = FIELD_MEMBER_REPORTED_WAGE, .op = OPERATOR_LE, .low = wage_most},
        .effect = wage_effect,
        .reason = &book->reasons[2]};
    for (size_t i = 0; i < CONDITIONS; i++)
        book->active[i] = &book->conditions[i];
    book->scheme = (struct scheme){.programme = &book->programme,
                                   .conditions = {[PHASE_APPLY] = book->active},
                                   .condition_count = {[PHASE_APPLY] = wage_most > 0 ? 2 : 1}};
    book->programme = (struct programme){.conditions = book->conditions,
                                         .condition_count = CONDITIONS,
                                         .reasons = book->reasons,
                                         .reason_count = 4};
}

static void keep(struct verdict *verdict, enum rule_field field, int number)
{
    if (number == NOT_ASKED)
        return;
    verdict->values[verdict->value_count++] = value_number(number);
    verdict->field_seen[field] = (uint8_t)verdict->value_count;
}

static void saw(int age, int wage, int listed, struct buffer *bytes)
{
    static struct verdict verdict;
    verdict_init(&verdict);
    keep(&verdict, FIELD_APPLICANT_AGE, age);
    keep(&verdict, FIELD_MEMBER_REPORTED_WAGE, wage);
    keep(&verdict, FIELD_REGISTER_BLACKLIST_LISTED, listed);
    verdict_write(&verdict, bytes);
}

struct row {
    const char *name;
    int age, wage;
    enum simulated_standing standing;
    const char *reason, *waived; /* of the application; NULL: none */
    int draft_age, draft_wage;
    enum effect draft_effect;
    enum simulated_change change;
    enum draw_chance chance;
};

static const struct row rows[] = {
    {"awarded, the draft asks for a year less", 18, NOT_ASKED, STANDS_AWARDED, NULL, NULL, 17,
     0, EFFECT_HOLD, CHANGE_KEEPS, CHANCE_SURE},
    {"awarded, at the draft's bound", 18, NOT_ASKED, STANDS_AWARDED, NULL, NULL, 18, 0,
     EFFECT_HOLD, CHANGE_KEEPS, CHANCE_SURE},
    {"awarded, below the draft's bound", 18, NOT_ASKED, STANDS_AWARDED, NULL, NULL, 19, 0,
     EFFECT_HOLD, CHANGE_LOSES, CHANCE_NONE},
    {"awarded, refused by the file of then too", 17, NOT_ASKED, STANDS_AWARDED, NULL, NULL, 19,
     0, EFFECT_HOLD, CHANGE_KEEPS, CHANCE_SURE},
    {"awarded, above the draft's ceiling that holds", 20, 5, STANDS_AWARDED, NULL, NULL, 18, 4,
     EFFECT_HOLD, CHANGE_HELD, CHANCE_PERHAPS},
    {"awarded, above it, and officers waived that", 20, 5, STANDS_AWARDED, NULL,
     "WAGE_ABOVE_CEILING", 18, 4, EFFECT_HOLD, CHANGE_KEEPS, CHANCE_SURE},
    {"awarded, above a ceiling that refuses, waived or not", 20, 5, STANDS_AWARDED, NULL,
     "WAGE_ABOVE_CEILING", 18, 4, EFFECT_REJECT, CHANGE_LOSES, CHANCE_NONE},
    {"awarded, at the draft's ceiling", 20, 4, STANDS_AWARDED, NULL, NULL, 18, 4, EFFECT_HOLD,
     CHANGE_KEEPS, CHANCE_SURE},
    {"awarded, and the wage was never asked for", 20, NOT_ASKED, STANDS_AWARDED, NULL, NULL, 18,
     4, EFFECT_HOLD, CHANGE_CANNOT_SAY, CHANCE_PERHAPS},
    {"too young then, and now the wage was never asked for", 17, NOT_ASKED, STANDS_OUT,
     "AGE_BELOW_MIN", NULL, 17, 4, EFFECT_REJECT, CHANGE_CANNOT_SAY, CHANCE_PERHAPS},
    {"held for what no condition says, and the wage was never asked for", 20, NOT_ASKED,
     STANDS_OUT, "WORD_AWAITED", NULL, 18, 4, EFFECT_HOLD, CHANGE_CANNOT_SAY, CHANCE_NONE},
    {"out though nothing stood against it, and the wage was never asked for", 20, NOT_ASKED,
     STANDS_OUT, NULL, NULL, 18, 4, EFFECT_HOLD, CHANGE_CANNOT_SAY, CHANCE_NONE},
    {"only a priority hangs on the wage that was never asked for", 20, NOT_ASKED,
     STANDS_AWARDED, NULL, NULL, 18, 4, EFFECT_PRIORITY, CHANGE_KEEPS, CHANCE_SURE},
    {"not asked for the wage, but too young for certain", 18, NOT_ASKED, STANDS_AWARDED, NULL,
     NULL, 19, 4, EFFECT_HOLD, CHANGE_LOSES, CHANCE_NONE},
    {"pooled, below the draft's bound", 18, NOT_ASKED, STANDS_ELIGIBLE, NULL, NULL, 19, 0,
     EFFECT_HOLD, CHANGE_LEAVES, CHANCE_NONE},
    {"not drawn, and so by the draft", 18, NOT_ASKED, STANDS_ELIGIBLE, "NOT_DRAWN", NULL, 18, 0,
     EFFECT_HOLD, CHANGE_STAYS, CHANCE_SURE},
    {"refused, at the draft's bound", 17, NOT_ASKED, STANDS_OUT, "AGE_BELOW_MIN", NULL, 17, 0,
     EFFECT_HOLD, CHANGE_GAINS, CHANCE_SURE},
    {"refused, below the draft's bound", 16, NOT_ASKED, STANDS_OUT, "AGE_BELOW_MIN", NULL, 17,
     0, EFFECT_HOLD, CHANGE_NOTHING, CHANCE_NONE},
    {"refused, for the wage as well", 16, 5, STANDS_OUT, "AGE_BELOW_MIN", NULL, 18, 4,
     EFFECT_REJECT, CHANGE_REASONS, CHANCE_NONE},
    {"refused for want of a seat: that stands", 20, NOT_ASKED, STANDS_OUT, "QUOTA_FULL", NULL,
     17, 0, EFFECT_HOLD, CHANGE_NOTHING, CHANCE_NONE},
    {"too young and without a seat, now only without", 17, NOT_ASKED, STANDS_OUT, "QUOTA_FULL",
     NULL, 17, 0, EFFECT_HOLD, CHANGE_REASONS, CHANCE_NONE},
};

static void a_draft_changes_what_it_changes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        static struct book then, draft;
        static struct simulated_answer answer;
        struct buffer bytes = {0};
        struct error error = {0};
        struct slice reason = slice_of(rows[i].reason), waived = slice_of(rows[i].waived);
        book_make(&then, 18, 0, EFFECT_HOLD);
        book_make(&draft, rows[i].draft_age, rows[i].draft_wage, rows[i].draft_effect);
        saw(rows[i].age, rows[i].wage, NOT_ASKED, &bytes);
        const struct simulated_case simulated = {.then = &then.programme,
                                                 .draft = &draft.programme,
                                                 .then_scheme = &then.scheme,
                                                 .draft_scheme = &draft.scheme,
                                                 .seen = buffer_slice(&bytes),
                                                 .standing = rows[i].standing,
                                                 .reasons = &reason,
                                                 .waived = &waived,
                                                 .reason_count = reason.size > 0,
                                                 .waived_count = waived.size > 0};
        assert_int_equal(simulate_rules(&simulated, &arena, &room, &answer, &error), OK);
        if (answer.change != rows[i].change)
            fail_msg("%s: %s, expected %s", rows[i].name, simulated_change_name(answer.change),
                     simulated_change_name(rows[i].change));
        if (answer.chance != rows[i].chance)
            fail_msg("%s: chance %d, expected %d", rows[i].name, answer.chance, rows[i].chance);
        bool wants = rows[i].draft_wage > 0 && rows[i].wage == NOT_ASKED;
        bool ranks = rows[i].draft_effect == EFFECT_PRIORITY;
        assert_int_equal(answer.missing[FIELD_MEMBER_REPORTED_WAGE], wants && !ranks);
        assert_int_equal(answer.unranked[FIELD_MEMBER_REPORTED_WAGE], wants && ranks);
        buffer_release(&bytes);
        arena_reset(&arena);
    }
}

static void without_a_decision_or_a_scheme_nobody_can_say(void **state)
{
    static struct book then;
    static struct simulated_answer answer;
    struct buffer bytes = {0};
    struct error error;
    (void)state;
    book_make(&then, 18, 0, EFFECT_HOLD);
    saw(20, NOT_ASKED, NOT_ASKED, &bytes);
    struct simulated_case simulated = {.then = &then.programme,
                                       .draft = &then.programme,
                                       .then_scheme = &then.scheme,
                                       .draft_scheme = &then.scheme,
                                       .standing = STANDS_AWARDED};
    assert_int_equal(simulate_rules(&simulated, &arena, &room, &answer, &error), OK);
    assert_int_equal(answer.change, CHANGE_CANNOT_SAY);
    simulated.seen = buffer_slice(&bytes);
    simulated.draft_scheme = NULL;
    assert_int_equal(simulate_rules(&simulated, &arena, &room, &answer, &error), OK);
    assert_int_equal(answer.change, CHANGE_CANNOT_SAY);
    simulated.seen = SLICE("no verdict");
    simulated.draft_scheme = &then.scheme;
    assert_int_equal(simulate_rules(&simulated, &arena, &room, &answer, &error), REJECT);
    buffer_release(&bytes);
}

/* The number of a field in merged bytes; NOT_ASKED when they lack it. */
static int number_of(struct slice bytes, enum rule_field field)
{
    static struct verdict verdict;
    struct error error;
    assert_int_equal(verdict_read(bytes, &arena, &verdict, &error), OK);
    const struct value *value = verdict_value(&verdict, field);
    return value == NULL ? NOT_ASKED : (int)value->number;
}

static void merged(bool registers_only, int age, int wage, int listed)
{
    struct buffer older = {0}, newer = {0};
    struct error error;
    char *bytes;
    size_t size;
    saw(20, NOT_ASKED, 0, &older);
    saw(21, 5, 1, &newer);
    assert_int_equal(simulated_see(buffer_slice(&older), buffer_slice(&newer), registers_only,
                                   &arena, &room, &bytes, &size, &error),
                     OK);
    struct slice both = {bytes, size};
    assert_int_equal(number_of(both, FIELD_APPLICANT_AGE), age);
    assert_int_equal(number_of(both, FIELD_MEMBER_REPORTED_WAGE), wage);
    assert_int_equal(number_of(both, FIELD_REGISTER_BLACKLIST_LISTED), listed);
    free(bytes);
    buffer_release(&older);
    buffer_release(&newer);
}

static void the_newer_value_of_a_field_counts(void **state)
{
    (void)state;
    merged(false, 21, 5, 1);
    merged(true, 20, NOT_ASKED, 1);
}

static void every_status_stands_somewhere(void **state)
{
    static const char *const statuses[] = {"HELD",      "POOLED",   "AWARDED",
                                           "NOT_DRAWN", "REJECTED", "WITHDRAWN"};
    enum simulated_standing standing;
    (void)state;
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
        assert_true(simulated_standing_of(slice_of(statuses[i]), &standing));
    assert_false(simulated_standing_of(SLICE("UNKNOWN"), &standing));
}

static int arena_open(void **state)
{
    (void)state;
    return arena_init(&arena, ARENA) ? 0 : -1;
}

static int arena_close(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_draft_changes_what_it_changes),
        cmocka_unit_test(without_a_decision_or_a_scheme_nobody_can_say),
        cmocka_unit_test(the_newer_value_of_a_field_counts),
        cmocka_unit_test(every_status_stands_somewhere),
    };
    return cmocka_run_group_tests_name("simulate_rules", tests, arena_open, arena_close);
}
