/*
 * cases - a programme file judged case by case, and shown to be judged whole.
 *
 * A case says how somebody differs from a person with whom all is well, and what becomes of it.
 * Then each condition of the file is left out, and each of its bounds is moved by the smallest
 * step, its lists shortened and its effect weakened: a change that no case notices is a
 * condition that nobody tests.
 */
#ifndef KERJA_TESTS_RULES_CASES_H
#define KERJA_TESTS_RULES_CASES_H

#include "fixture.h"

/* A day as a constant: DAY() is a call. */
#define ON_YEAR(y, m) ((y) - ((m) <= 2))
#define ON(y, m, d)                                                                            \
    (ON_YEAR(y, m) * 365 + ON_YEAR(y, m) / 4 - ON_YEAR(y, m) / 100 + ON_YEAR(y, m) / 400 +     \
     (153 * ((m) + ((m) > 2 ? -3 : 9)) + 2) / 5 + (d)-1 - 719468)

#define IS(n)                                                                                  \
    {                                                                                          \
        .state = VALUE_PRESENT, .number = (n)                                                  \
    }
#define SAYS(code)                                                                             \
    {                                                                                          \
        .state = VALUE_PRESENT, .text = { code, sizeof(code) - 1 }                             \
    }
#define NAMES(...)                                                                             \
    {                                                                                          \
        .state = VALUE_PRESENT, .codes = (const struct slice[]){__VA_ARGS__},                  \
        .code_count = sizeof((const struct slice[]){__VA_ARGS__}) / sizeof(struct slice)       \
    }
#define NAME(code)                                                                             \
    {                                                                                          \
        code, sizeof(code) - 1                                                                 \
    }
#define NOBODY                                                                                 \
    {                                                                                          \
        .state = VALUE_PRESENT                                                                 \
    } /* the empty set */
#define NEVER                                                                                  \
    {                                                                                          \
        .state = VALUE_ABSENT                                                                  \
    }
#define UNHEARD                                                                                \
    {                                                                                          \
        .state = VALUE_UNKNOWN                                                                 \
    }
#define RINGGIT(amount) IS(INT64_C(amount) * 100)

/* How somebody differs. */
#define WITH(...)                                                                              \
    (const struct known[]){__VA_ARGS__},                                                       \
        sizeof((const struct known[]){__VA_ARGS__}) / sizeof(struct known)
#define AS_ALL_IS_WELL NULL, 0

struct rule_case {
    const char *name, *source; /* "D": derived, a control of our own */
    int wave;                  /* 0: the scheme has none             */
    epoch_day on;              /* of the event; 0: a day of 2023     */
    const char *scheme;
    enum rule_phase phase;
    enum rule_service service;
    const struct known *changed;
    size_t changed_count;
    const char *outcome; /* "REJECT AGE_ABOVE_MAX,ID_NOT_CITIZEN", "PASS" */
};

struct rule_cases {
    const char *path; /* of the programme file */
    const struct known *well;
    size_t well_count;
    const struct rule_case *cases;
    size_t count;
    unsigned phases; /* mask of 1u << phase whose conditions are changed; 0: all */
};

struct one_person {
    const struct rule_cases *all;
    const struct rule_case *one;
};

static inline struct value person_value(const void *context, enum rule_field field)
{
    const struct one_person *person = context;
    for (size_t i = 0; i < person->one->changed_count; i++)
        if (person->one->changed[i].field == field)
            return person->one->changed[i].value;
    for (size_t i = 0; i < person->all->well_count; i++)
        if (person->all->well[i].field == field)
            return person->all->well[i].value;
    return value_unknown();
}

/* "HOLD CERT_MISSING": what becomes of a case. */
static inline const char *outcome_of(const struct programme *programme,
                                     const struct rule_cases *all, const struct rule_case *one)
{
    static char text[600];
    const struct scheme *scheme = scheme_find(programme, slice_of(one->scheme));
    struct one_person person = {all, one};
    struct rule_subject subject = {.value = person_value,
                                   .context = &person,
                                   .has_wave = one->wave != 0,
                                   .wave = one->wave,
                                   .on = one->on != 0 ? one->on : ON(2023, 6, 15),
                                   .service = one->service};
    struct verdict verdict;
    if (scheme == NULL)
        fail_msg("%s: no scheme \"%s\"", one->name, one->scheme);
    verdict_init(&verdict);
    rules_apply(scheme, one->phase, &subject, &verdict);
    size_t size =
        (size_t)snprintf(text, sizeof text, "%s", effect_name(verdict_effect(&verdict)));
    if (reasons_of(&verdict)[0] != '\0')
        size += (size_t)snprintf(text + size, sizeof text - size, " %s", reasons_of(&verdict));
    for (size_t i = 0; i < verdict.priority_count; i++)
        size += (size_t)snprintf(text + size, sizeof text - size, " %.*s",
                                 SLICE_ARGS(verdict.priorities[i]));
    return text;
}

static inline bool source_known(const struct programme *programme, const char *source)
{
    for (size_t i = 0; i < programme->condition_count; i++)
        for (size_t j = 0; j < programme->conditions[i].source_count; j++)
            if (slice_is(programme->conditions[i].sources[j], source))
                return true;
    return strcmp(source, "D") == 0;
}

static inline void cases_come_out_as_published(const struct programme *programme,
                                               const struct rule_cases *all)
{
    for (size_t i = 0; i < all->count; i++) {
        const char *outcome = outcome_of(programme, all, &all->cases[i]);
        if (strcmp(outcome, all->cases[i].outcome) != 0)
            fail_msg("%s: found \"%s\", expected \"%s\"", all->cases[i].name, outcome,
                     all->cases[i].outcome);
        if (!source_known(programme, all->cases[i].source))
            fail_msg("%s: the file has no source \"%s\"", all->cases[i].name,
                     all->cases[i].source);
        for (size_t j = 0; j < i; j++)
            if (strcmp(all->cases[j].name, all->cases[i].name) == 0)
                fail_msg("%s: a second time", all->cases[i].name);
    }
}

/* Fails unless some case now comes out otherwise. */
static inline void must_be_noticed(const struct programme *programme,
                                   const struct rule_cases *all,
                                   const struct condition *condition, const char *change)
{
    for (size_t i = 0; i < all->count; i++)
        if (strcmp(outcome_of(programme, all, &all->cases[i]), all->cases[i].outcome) != 0)
            return;
    fail_msg("condition %d, %s: no case notices", condition->number, change);
}

/* Shifts each bound of a comparison, and puts it back. */
static inline void shift_bounds(const struct programme *programme, const struct rule_cases *all,
                                const struct condition *condition,
                                struct comparison *comparison, const char *part)
{
    struct comparison whole = *comparison;
    enum value_kind kind = field_meaning(whole.field)->kind;
    bool two_sided = whole.op == OPERATOR_EXISTS || kind == KIND_BOOL;
    char change[120];
    for (int step = -1; step <= 1 && whole.code_count == 0; step += 2) {
        comparison->low = two_sided ? !whole.low : whole.low + step;
        snprintf(change, sizeof change, "%s: bound moved by %d", part, step);
        must_be_noticed(programme, all, condition, change);
        *comparison = whole;
        if (whole.op != OPERATOR_BETWEEN)
            continue;
        comparison->high = whole.high + step;
        snprintf(change, sizeof change, "%s: last value moved by %d", part, step);
        must_be_noticed(programme, all, condition, change);
        *comparison = whole;
    }
    for (size_t i = 0; i < whole.code_count; i++) {
        struct slice codes[32];
        size_t count = 0;
        for (size_t j = 0; j < whole.code_count; j++)
            codes[count++] = j == i ? SLICE("?") : whole.codes[j];
        comparison->codes = codes;
        snprintf(change, sizeof change, "%s: without %.*s", part, SLICE_ARGS(whole.codes[i]));
        must_be_noticed(programme, all, condition, change);
        *comparison = whole;
    }
}

static inline void change_when(const struct programme *programme, const struct rule_cases *all,
                               struct condition *condition)
{
    const struct comparison *whole = condition->when;
    size_t count = condition->when_count;
    struct comparison changed[8];
    for (size_t i = 0; i < count; i++) {
        memcpy(changed, whole, count * sizeof *whole);
        condition->when = changed;
        shift_bounds(programme, all, condition, &changed[i], "when");
        memmove(&changed[i], &changed[i + 1], (count - i - 1) * sizeof *changed);
        condition->when_count = count - 1;
        must_be_noticed(programme, all, condition, "less of its when");
        condition->when = whole;
        condition->when_count = count;
    }
}

/* A wave beyond the schemes that have the condition changes nothing. */
static inline bool wave_is_judged(const struct programme *programme,
                                  const struct condition *condition, int wave)
{
    const struct scheme *scheme = scheme_for_wave(programme, wave);
    for (size_t i = 0; scheme != NULL && i < scheme->condition_count[condition->phase]; i++)
        if (scheme->conditions[condition->phase][i] == condition)
            return true;
    return false;
}

/* Another condition may say as much of the next waves. */
static inline bool as_strict(const struct comparison *a, const struct comparison *b)
{
    return a->field == b->field && a->op == b->op &&
           (a->op == OPERATOR_LE ? a->low <= b->low : a->low == b->low);
}

static inline bool said_again(const struct programme *programme,
                              const struct condition *condition, int wave)
{
    for (size_t i = 0; i < programme->condition_count; i++) {
        const struct condition *other = &programme->conditions[i];
        if (other != condition && as_strict(&other->must, &condition->must) &&
            other->reason == condition->reason && other->phase == condition->phase &&
            other->from_wave <= wave && wave <= other->to_wave)
            return true;
    }
    return false;
}

static inline void shift_span(const struct programme *programme, const struct rule_cases *all,
                              struct condition *condition)
{
    struct condition whole = *condition;
    for (int step = -1; step <= 1; step += 2) {
        condition->from_wave = whole.from_wave + step;
        if (whole.from_wave != 0 &&
            wave_is_judged(programme, condition, whole.from_wave + (step < 0 ? -1 : 0)) &&
            !(step < 0 && said_again(programme, condition, whole.from_wave - 1)))
            must_be_noticed(programme, all, condition, "first wave moved");
        *condition = whole;
        condition->to_wave = whole.to_wave + step;
        if (whole.to_wave != 0 &&
            wave_is_judged(programme, condition, whole.to_wave + (step > 0 ? 1 : 0)) &&
            !(step > 0 && said_again(programme, condition, whole.to_wave + 1)))
            must_be_noticed(programme, all, condition, "last wave moved");
        *condition = whole;
        condition->from = whole.from + step;
        /* Begun a day sooner, it may say no more than the row that ends there. */
        if (whole.has_from && step > 0)
            must_be_noticed(programme, all, condition, "first day moved");
        *condition = whole;
        condition->to = whole.to + step;
        if (whole.has_to)
            must_be_noticed(programme, all, condition, "last day moved");
        *condition = whole;
    }
}

static inline void change_condition(const struct programme *programme,
                                    const struct rule_cases *all, struct condition *condition)
{
    struct condition whole = *condition;
    condition->services = 0;
    must_be_noticed(programme, all, condition, "left out");
    *condition = whole;
    condition->effect = whole.effect == EFFECT_RETRY ? EFFECT_HOLD : EFFECT_RETRY;
    must_be_noticed(programme, all, condition, "with a milder effect");
    *condition = whole;
    shift_bounds(programme, all, condition, &condition->must, "must");
    shift_span(programme, all, condition);
    change_when(programme, all, condition);
}

/* What is loaded never changes: the test alone may, for the length of a look. */
static inline void every_condition_has_its_cases(struct programme *programme,
                                                 const struct rule_cases *all)
{
    for (size_t i = 0; i < programme->condition_count; i++)
        if (programme->conditions[i].active &&
            (all->phases == 0 || all->phases >> programme->conditions[i].phase & 1))
            change_condition(programme, all, (struct condition *)&programme->conditions[i]);
}

static inline struct programme *programme_of_file(const char *path)
{
    static char text[1 << 20];
    struct programme *programme = NULL;
    struct error error = {0};
    FILE *file = fopen(path, "r");
    if (file == NULL)
        fail_msg("could not open \"%s\"", path);
    size_t size = fread(text, 1, sizeof text, file);
    fclose(file);
    if (programme_load((struct slice){text, size}, path, &programme, &error) != OK)
        fail_msg("%s", error.text);
    return programme;
}

#endif
