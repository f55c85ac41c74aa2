#include "population_recipe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { APPLIES_ON = 19480 /* 2023-05-03 */, TIMES = 200 };

static struct recipe_person person(uint64_t stream)
{
    struct recipe_person made = {.number = 42,
                                 .employer = 7,
                                 .hires = 5,
                                 .applies_on = APPLIES_ON,
                                 .applies_at = (instant_us)APPLIES_ON * US_PER_DAY,
                                 .birth_date = 10000}; /* 1997-05-19 */
    random_init(&made.random, 1, stream);
    return made;
}

static json_t *made_of(const char *recipe, struct recipe_person *who, struct error *error)
{
    json_error_t why;
    json_t *json = json_loads(recipe, JSON_DECODE_ANY, &why);
    assert_non_null(json);
    json_t *made = recipe_make(json, who, error);
    json_decref(json);
    return made;
}

static void a_recipe_with_one_outcome_makes_it(void **state)
{
    static const struct {
        const char *name, *recipe, *made;
    } cases[] = {
        {"a value", "\"MY\"", "\"MY\""},
        {"null", "null", "null"},
        {"a record and a list", "{\"a\": [1, {\"b\": true}]}", "{\"a\":[1,{\"b\":true}]}"},
        {"no object with a weight", "{\"$weighted\": [[0, \"x\"], [3, \"y\"]]}", "\"y\""},
        {"one of one", "{\"$any\": [\"z\"]}", "\"z\""},
        {"never and always", "{\"$some\": [[0, \"a\"], [1000, \"b\"]]}", "[\"b\"]"},
        {"joined", "{\"$join\": [\"E\", {\"$employer\": 3}, \"-\", 9]}", "\"E007-9\""},
        {"both ends alike", "{\"$integer\": [4, 4]}", "4"},
        {"an amount", "{\"$money\": [1500, 1549, 50]}", "\"1500.00\""},
        {"a day", "{\"$day\": [\"2023-04-01\", \"2023-04-01\"]}", "\"2023-04-01\""},
        {"the day before", "{\"$days_before\": [1, 1]}", "\"2023-05-02\""},
        {"an hour before", "{\"$minutes_before\": [60, 60]}",
         "\"2023-05-02T23:00:00.000000Z\""},
        {"birth digits", "{\"$birth_digits\": \"yymmdd\"}", "\"970519\""},
        {"birth digits, day first", "{\"$birth_digits\": \"ddmmyy\"}", "\"190597\""},
        {"the last digits of a number", "{\"$number\": 1}", "\"2\""},
        {"two of five hires", "{\"$of_hires\": 400}", "2"},
        {"one hire at least", "{\"$of_hires\": 1}", "1"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct recipe_person who = person(i);
        struct error error;
        json_t *made = made_of(cases[i].recipe, &who, &error);
        char *text = json_dumps(made, JSON_COMPACT | JSON_ENCODE_ANY);
        assert_non_null(text);
        if (strcmp(text, cases[i].made) != 0)
            fail_msg("%s: made %s", cases[i].name, text);
        free(text);
        json_decref(made);
    }
}

static void a_wrong_recipe_is_named(void **state)
{
    static const struct {
        const char *recipe, *named;
    } cases[] = {
        {"{\"$colour\": 1}", "$colour"},
        {"{\"$weighted\": [[0, \"x\"]]}", "$weighted"},
        {"{\"$weighted\": [[1]]}", "$weighted"},
        {"{\"$any\": []}", "$any"},
        {"{\"$some\": [[1001, \"a\"]]}", "$some"},
        {"{\"$integer\": [2, 1]}", "$integer"},
        {"{\"$money\": [1, 2, 0]}", "$money"},
        {"{\"$day\": [\"2023-02-29\", \"2023-03-01\"]}", "$day"},
        {"{\"$days_before\": [1]}", "$days_before"},
        {"{\"$minutes_before\": \"x\"}", "$minutes_before"},
        {"{\"$birth\": [-1, 3]}", "$birth"},
        {"{\"$birth_digits\": \"yyyy\"}", "$birth_digits"},
        {"{\"$number\": 19}", "$number"},
        {"{\"$employer\": 0}", "$employer"},
        {"{\"$of_hires\": \"half\"}", "$of_hires"},
        {"{\"a\": [{\"$join\": [{\"$any\": []}]}]}", "$any"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct recipe_person who = person(i);
        struct error error = {0};
        assert_null(made_of(cases[i].recipe, &who, &error));
        if (strstr(error.text, cases[i].named) == NULL)
            fail_msg("%s: told \"%s\"", cases[i].recipe, error.text);
    }
}

/* Bounds are reached and not passed, and a weight is a share. */
static void ranges_reach_both_their_ends(void **state)
{
    int64_t least = 9, most = 0;
    int heavy = 0;
    struct recipe_person who = person(3);
    struct error error;
    (void)state;
    for (int i = 0; i < TIMES; i++) {
        json_t *number = made_of("{\"$integer\": [3, 6]}", &who, &error);
        json_t *choice = made_of("{\"$weighted\": [[900, 1], [100, 0]]}", &who, &error);
        int64_t value = json_integer_value(number);
        least = value < least ? value : least;
        most = value > most ? value : most;
        heavy += (int)json_integer_value(choice);
        json_decref(number);
        json_decref(choice);
    }
    assert_int_equal(least, 3);
    assert_int_equal(most, 6);
    assert_in_range(heavy, TIMES * 8 / 10, TIMES - 1);
}

static void an_age_is_reached_on_the_day_of_applying_and_not_a_year_more(void **state)
{
    struct recipe_person who = person(5);
    struct error error;
    (void)state;
    for (int age = 16; age <= 64; age++) {
        char recipe[64];
        snprintf(recipe, sizeof recipe, "{\"$birth\": [%d, %d]}", age, age);
        json_decref(made_of(recipe, &who, &error));
        assert_int_equal(completed_years(who.birth_date, APPLIES_ON), age);
        assert_int_equal(completed_years(who.birth_date, APPLIES_ON + 7), age);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_recipe_with_one_outcome_makes_it),
        cmocka_unit_test(a_wrong_recipe_is_named),
        cmocka_unit_test(ranges_reach_both_their_ends),
        cmocka_unit_test(an_age_is_reached_on_the_day_of_applying_and_not_a_year_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
