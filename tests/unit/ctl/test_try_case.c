#include "try.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

struct world {
    struct arena arena;
    struct try_bench bench;
    struct trial *trial;
    json_t *json;
};

static int open_world(void **state)
{
    static char text[1 << 18];
    static struct world world;
    struct error error;
    FILE *file = fopen(KERJA_PROGRAMMES "/kartu-prakerja.yaml", "rbe");
    assert_non_null(file);
    size_t size = fread(text, 1, sizeof text, file);
    fclose(file);
    world.bench.language = SLICE("en");
    world.bench.programme_count = 1;
    assert_int_equal(programme_load((struct slice){text, size}, "kartu-prakerja.yaml",
                                    &world.bench.programmes[0], &error),
                     OK);
    assert_true(arena_init(&world.arena, 8 << 20));
    *state = &world;
    return 0;
}

static int close_world(void **state)
{
    struct world *world = *state;
    json_decref(world->json);
    programme_free(world->bench.programmes[0]);
    arena_release(&world->arena);
    return 0;
}

static bool reads(struct world *world, const char *text)
{
    arena_reset(&world->arena);
    json_decref(world->json);
    assert_non_null(world->json = json_loads(text, 0, NULL));
    assert_non_null(world->trial = arena_alloc(&world->arena, sizeof *world->trial));
    world->trial->bench = &world->bench;
    world->trial->arena = &world->arena;
    world->trial->json = world->json;
    world->trial->line = 3;
    return trial_read(world->trial);
}

static void scheme_year_and_wave_find_each_other(void **state)
{
    static const struct {
        const char *text, *scheme;
        int year, wave;
    } cases[] = {
        {"{\"phase\":\"APPLY\",\"wave\":47}", "semi-bansos", 2022, 47},
        {"{\"phase\":\"APPLY\",\"wave\":48}", "normal", 2023, 48},
        {"{\"phase\":\"APPLY\",\"scheme\":\"normal\",\"year\":2024}", "normal", 2024, 63},
        {"{\"phase\":\"APPLY\",\"event\":{\"wave\":11}}", "semi-bansos", 2020, 11},
        {"{\"phase\":\"APPLY\",\"wave\":12,\"event\":{\"wave\":11}}", "semi-bansos", 2021, 12},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world *world = *state;
        assert_true(reads(world, cases[i].text));
        assert_true(slice_is(world->trial->scheme->name, cases[i].scheme));
        assert_int_equal(world->trial->year->year, cases[i].year);
        assert_int_equal(world->trial->wave, cases[i].wave);
    }
}

static void the_day_comes_from_the_case_the_fields_or_the_event(void **state)
{
    static const struct {
        const char *text, *day; /* NULL: none */
    } cases[] = {
        {"{\"phase\":\"APPLY\",\"wave\":50}", NULL},
        {"{\"phase\":\"APPLY\",\"wave\":50,\"day\":\"2023-03-18\",\"fields\":"
         "{\"application.day\":\"2023-03-19\"}}",
         "2023-03-18"},
        {"{\"phase\":\"APPLY\",\"wave\":50,\"fields\":{\"application.day\":\"2023-03-19\"}}",
         "2023-03-19"},
        {"{\"phase\":\"SELECT\",\"wave\":50,\"fields\":{\"application.day\":\"2023-03-19\"}}",
         NULL},
        {"{\"phase\":\"APPLY\",\"wave\":50,\"event\":{\"submitted_at\":"
         "\"2023-03-18T16:59:59Z\"}}",
         "2023-03-18"},
        {"{\"phase\":\"APPLY\",\"wave\":50,\"event\":{\"submitted_at\":"
         "\"2023-03-18T17:00:00Z\"}}",
         "2023-03-19"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world *world = *state;
        char day[DAY_TEXT_SIZE + 1];
        assert_true(reads(world, cases[i].text));
        assert_int_equal(world->trial->has_day, cases[i].day != NULL);
        day_format(world->trial->day, day);
        if (cases[i].day != NULL)
            assert_string_equal(day, cases[i].day);
    }
}

static void a_wave_is_open_on_the_days_from_opening_to_closing(void **state)
{
    static const struct {
        const char *day;
        enum value_state state;
        bool open;
    } days[] = {{"2020-04-10", VALUE_PRESENT, false},
                {"2020-04-11", VALUE_PRESENT, true},
                {"2020-04-16", VALUE_PRESENT, true},
                {"2020-04-17", VALUE_PRESENT, false}};
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        struct world *world = *state;
        char text[96];
        snprintf(text, sizeof text, "{\"phase\":\"APPLY\",\"wave\":1,\"day\":\"%s\"}",
                 days[i].day);
        assert_true(reads(world, text));
        struct value value = trial_value(world->trial, FIELD_WAVE_OPEN);
        assert_int_equal(value.state, days[i].state);
        assert_int_equal(value.number, days[i].open);
    }
}

static void mistakes_name_their_line(void **state)
{
    static const struct {
        const char *text, *sentence;
    } mistakes[] = {
        {"{\"phase\":\"APPLY\",\"wave\":50,\"colour\":1}", "line 3: \"colour\" is no member"},
        {"{\"wave\":50}", "line 3: \"phase\" must be"},
        {"{\"phase\":[],\"wave\":50}", "line 3: \"phase\" must be"},
        {"{\"phase\":\"APPLY\"}", "line 3: expected a scheme, a wave or a day"},
        {"{\"phase\":\"APPLY\",\"wave\":72}", "line 3: the programme file has no wave 72"},
        {"{\"phase\":\"APPLY\",\"wave\":-1}", "line 3: \"wave\" must be a whole number"},
        {"{\"phase\":\"APPLY\",\"scheme\":\"normal\"}",
         "line 3: expected \"wave\" from 48 to 71"},
        {"{\"phase\":\"APPLY\",\"scheme\":\"other\",\"wave\":50}",
         "line 3: \"scheme\" must name"},
        {"{\"phase\":\"APPLY\",\"wave\":50,\"year\":1999}",
         "line 3: the scheme \"normal\" has no"},
        {"{\"phase\":\"APPLY\",\"wave\":50,\"fields\":[]}", "line 3: \"fields\" must be"},
    };
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        struct world *world = *state;
        assert_false(reads(world, mistakes[i].text));
        if (strstr(world->trial->error.text, mistakes[i].sentence) == NULL)
            fail_msg("\"%s\" for %s", world->trial->error.text, mistakes[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scheme_year_and_wave_find_each_other),
        cmocka_unit_test(the_day_comes_from_the_case_the_fields_or_the_event),
        cmocka_unit_test(a_wave_is_open_on_the_days_from_opening_to_closing),
        cmocka_unit_test(mistakes_name_their_line),
    };
    return cmocka_run_group_tests(tests, open_world, close_world);
}
