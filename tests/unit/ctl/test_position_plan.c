#include "position_plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define WHOLE(from, until)                                                                     \
    {                                                                                          \
        1, (from), (until), true                                                               \
    }

/* What a verb with an offset makes of W, K, G and a log: a place for all three, or a refusal. */
struct one_place_case {
    const char *name;
    int64_t published_next, committed, next_offset, log_start, log_end, offset;
    int64_t becomes; /* OFFSET_NONE: refused */
    const char *says;
};

static struct position_plan plan_of(const struct one_place_case *it)
{
    return (struct position_plan){.published_next = it->published_next,
                                  .committed = it->committed,
                                  .next_offset = it->next_offset,
                                  .log_start = it->log_start,
                                  .log_end = it->log_end};
}

static void one_place_check(const struct one_place_case *it,
                            enum outcome (*verb)(struct position_plan *, int64_t,
                                                 struct error *))
{
    struct position_plan plan = plan_of(it);
    struct error error = {0};
    char consequence[CONSEQUENCE_SIZE] = "";
    enum outcome outcome = verb(&plan, it->offset, &error);
    if (outcome == OK)
        position_plan_consequence(&plan, consequence);
    if (outcome != (it->becomes == OFFSET_NONE ? REJECT : OK))
        fail_msg("%s: outcome %d, %s", it->name, outcome, error.text);
    if (outcome == OK && (plan.to_next_offset != it->becomes ||
                          plan.to_published_next != it->becomes || !plan.forget))
        fail_msg("%s: became %lld", it->name, (long long)plan.to_next_offset);
    if (strstr(outcome == OK ? consequence : error.text, it->says) == NULL)
        fail_msg("%s: \"%s%s\" does not say \"%s\"", it->name, consequence, error.text,
                 it->says);
}

static void adopting_believes_the_group_or_the_officer(void **state)
{
    static const struct one_place_case cases[] = {
        {"moved back", 30, 10, 30, 0, 30, OFFSET_NONE, 10,
         "offsets 10 to 29 are decided again"},
        {"moved on", 30, 40, 30, 0, 50, OFFSET_NONE, 40, "offsets 30 to 39 are never decided"},
        {"no offset", 30, OFFSET_NONE, 30, 0, 30, OFFSET_NONE, OFFSET_NONE, "it has none"},
        {"no offset, but a place", 30, OFFSET_NONE, 30, 0, 30, 30, 30, "nothing is lost"},
        {"owed and given up", 10, OFFSET_NONE, 30, 0, 30, 30, 30,
         "the outputs of offsets 10 to 29 are lost"},
        {"at the log's start", 30, 30, 30, 40, 50, 40, 40, "30 to 39 are never decided"},
        {"before the log's start", 30, 30, 30, 40, 50, 39, OFFSET_NONE, "from 40 to 50"},
        {"at the log's end", 30, 30, 30, 0, 20, 20, 20, "offsets 20 to 29 are decided again"},
        {"beyond the log's end", 30, 30, 30, 0, 20, 21, OFFSET_NONE, "from 0 to 20"},
        {"the group's offset beyond the log", 30, 30, 30, 0, 20, OFFSET_NONE, OFFSET_NONE,
         "from 0 to 20"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        one_place_check(&cases[i], position_plan_adopt);
}

static void rewinding_loses_no_output(void **state)
{
    static const struct one_place_case cases[] = {
        {"to W", 20, 25, 30, 0, 30, 20, 20, "offsets 20 to 29 are decided again"},
        {"beyond W", 20, 25, 30, 0, 30, 21, OFFSET_NONE, "from 20 on was not seen published"},
        {"to the log's start", 20, 25, 30, 5, 30, 5, 5, "offsets 5 to 29 are decided again"},
        {"before the log", 20, 25, 30, 5, 30, 4, OFFSET_NONE, "from 5 to 30"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        one_place_check(&cases[i], position_plan_rewind);
}

static void publishing_again_needs_every_row_to_g(void **state)
{
    static const struct {
        const char *name;
        int64_t published_next, committed, next_offset, log_start, log_end;
        struct owed_rows owed;
        int64_t becomes; /* W and K; OFFSET_NONE: refused */
        const char *says;
    } cases[] = {
        {"nothing owed", 30, 10, 30, 0, 40, {.chain = true}, 30, "nothing is lost"},
        {"restored", 30, 50, 30, 0, 50, {.chain = true}, 30, "30 to 49 are decided again"},
        {"owed", 10, OFFSET_NONE, 30, 0, 40, WHOLE(10, 30), 10, "10 to 29 twice"},
        {"W inside a row", 10, 12, 30, 0, 40, WHOLE(5, 30), 5, "5 to 29 twice"},
        {"first row gone", 10, 12, 30, 0, 40, WHOLE(11, 30), OFFSET_NONE, "--offset 30"},
        {"last row gone", 10, 12, 30, 0, 40, WHOLE(10, 29), OFFSET_NONE, "rows"},
        {"a row between gone", 10, 12, 30, 0, 40, {2, 10, 30, false}, OFFSET_NONE, "rows"},
        {"all rows gone", 10, 12, 30, 0, 40, {.chain = true}, OFFSET_NONE, "rows"},
        {"G at the log's end", 30, 10, 30, 0, 30, {.chain = true}, 30, "nothing"},
        {"G beyond the log's end", 30, 10, 30, 0, 29, {.chain = true}, OFFSET_NONE, "adopt"},
        {"G before the log's start", 30, 10, 30, 31, 40, {.chain = true}, OFFSET_NONE, "adopt"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct position_plan plan = {.published_next = cases[i].published_next,
                                     .committed = cases[i].committed,
                                     .next_offset = cases[i].next_offset,
                                     .log_start = cases[i].log_start,
                                     .log_end = cases[i].log_end,
                                     .owed = cases[i].owed};
        struct error error = {0};
        char consequence[CONSEQUENCE_SIZE] = "";
        enum outcome outcome = position_plan_republish(&plan, &error);
        if (outcome == OK)
            position_plan_consequence(&plan, consequence);
        if (outcome != (cases[i].becomes == OFFSET_NONE ? REJECT : OK))
            fail_msg("%s: outcome %d, %s", cases[i].name, outcome, error.text);
        if (outcome == OK && (plan.to_published_next != cases[i].becomes ||
                              plan.to_next_offset != cases[i].next_offset || plan.forget))
            fail_msg("%s: became %lld", cases[i].name, (long long)plan.to_published_next);
        if (strstr(outcome == OK ? consequence : error.text, cases[i].says) == NULL)
            fail_msg("%s: \"%s%s\" does not say \"%s\"", cases[i].name, consequence, error.text,
                     cases[i].says);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(adopting_believes_the_group_or_the_officer),
        cmocka_unit_test(rewinding_loses_no_output),
        cmocka_unit_test(publishing_again_needs_every_row_to_g),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
