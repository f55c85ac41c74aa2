#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/calendar.h"

#define DAY(y, m, d) day_from_civil((struct civil){(y), (m), (d)})

static void days_count_from_1970_and_back(void **state)
{
    (void)state;
    assert_int_equal(DAY(1970, 1, 1), 0);
    assert_int_equal(DAY(1969, 12, 31), -1);
    assert_int_equal(DAY(2020, 6, 15), 18428);
    for (epoch_day day = DAY(1899, 12, 30); day < DAY(2101, 1, 2); day++)
        assert_int_equal(day_from_civil(day_to_civil(day)), day);
}

static void a_birthday_adds_a_year_on_the_day(void **state)
{
    static const struct {
        const char *name;
        struct civil birth, on;
        int years;
    } cases[] = {
        {"sixty-four on the eve", {1958, 5, 3}, {2023, 5, 2}, 64},
        {"sixty-five on the day", {1958, 5, 2}, {2023, 5, 2}, 65},
        {"born on 29 February, 28 February of a common year", {2000, 2, 29}, {2021, 2, 28}, 20},
        {"born on 29 February, 1 March of a common year", {2000, 2, 29}, {2021, 3, 1}, 21},
        {"born on 29 February, 28 February of a leap year", {2000, 2, 29}, {2024, 2, 28}, 23},
        {"born on 29 February, 29 February of a leap year", {2000, 2, 29}, {2024, 2, 29}, 24},
        {"on the day of birth", {2000, 2, 29}, {2000, 2, 29}, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (completed_years(day_from_civil(cases[i].birth), day_from_civil(cases[i].on)) !=
            cases[i].years)
            fail_msg("%s", cases[i].name);
    assert_true(completed_years(DAY(2020, 1, 2), DAY(2020, 1, 1)) < 0);
}

static void a_month_that_lacks_the_day_ends_on_its_last(void **state)
{
    (void)state;
    assert_int_equal(day_add_months(DAY(2021, 1, 31), 1), DAY(2021, 2, 28));
    assert_int_equal(day_add_months(DAY(2020, 1, 31), 1), DAY(2020, 2, 29));
    assert_int_equal(day_add_months(DAY(2021, 1, 31), 2), DAY(2021, 3, 31));
    assert_int_equal(day_add_months(DAY(2021, 1, 31), 3), DAY(2021, 4, 30));
    assert_int_equal(day_add_months(DAY(2020, 2, 29), 12), DAY(2021, 2, 28));
    assert_int_equal(day_add_months(DAY(2021, 1, 31), -2), DAY(2020, 11, 30));
    assert_int_equal(day_add_months(DAY(2020, 12, 15), 1), DAY(2021, 1, 15));
    /* Whatever a record says: the calendar ends somewhere. */
    assert_int_equal(day_add_months(INT32_MAX, 1), INT32_MAX);
    assert_int_equal(day_add_months(day_add_months(INT32_MAX, -1), 1), INT32_MAX);
    assert_int_equal(day_add_months(INT32_MIN, -1), INT32_MIN);
}

static void months_between_counts_whole_months(void **state)
{
    (void)state;
    assert_int_equal(months_between(DAY(2021, 1, 31), DAY(2021, 2, 27)), 0);
    assert_int_equal(months_between(DAY(2021, 1, 31), DAY(2021, 2, 28)), 1);
    assert_int_equal(months_between(DAY(2021, 1, 15), DAY(2022, 1, 14)), 11);
    assert_int_equal(months_between(DAY(2021, 1, 15), DAY(2022, 1, 15)), 12);
    assert_int_equal(months_between(DAY(2021, 1, 15), DAY(2021, 1, 15)), 0);
    assert_int_equal(months_between(DAY(2021, 1, 15), DAY(2021, 1, 14)), -1);
}

static void a_local_day_ends_at_local_midnight(void **state)
{
    (void)state;
    instant_us midnight = day_to_instant(DAY(2020, 10, 24), 420);
    assert_int_equal(instant_to_day(midnight, 420), DAY(2020, 10, 24));
    assert_int_equal(instant_to_day(midnight - 1, 420), DAY(2020, 10, 23));
    assert_int_equal(instant_to_day(-1, 0), -1);
    int minutes = 0;
    assert_true(zone_offset_minutes(SLICE("Asia/Jakarta"), &minutes));
    assert_int_equal(minutes, 420);
    assert_true(zone_offset_minutes(SLICE("Asia/Kuala_Lumpur"), &minutes));
    assert_int_equal(minutes, 480);
    assert_false(zone_offset_minutes(SLICE("Europe/Berlin"), &minutes));
}

static void the_week_begins_on_monday(void **state)
{
    (void)state;
    assert_int_equal(day_of_week(0), 3); /* a Thursday */
    assert_int_equal(day_of_week(DAY(2021, 2, 26)), 4);
    assert_int_equal(day_of_week(DAY(1969, 12, 28)), 6);
}

static void texts_that_are_no_days_are_refused(void **state)
{
    static const char *const bad[] = {"2021-02-29", "2021-13-01", "2021-00-01", "2021-1-1",
                                      "20210101",   "2021-01-32", "",           "2021-01-0a",
                                      "x021-01-01", "2021/01/01", "2021-01-011"};
    (void)state;
    epoch_day day = 7;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(day_parse(slice_of(bad[i]), &day));
    assert_int_equal(day, 7);
    assert_true(day_parse(SLICE("2020-02-29"), &day));
    assert_int_equal(day, DAY(2020, 2, 29));
    char text[DAY_TEXT_SIZE + 1];
    day_format(day, text);
    assert_string_equal(text, "2020-02-29");
}

static void instants_need_their_offset(void **state)
{
    (void)state;
    instant_us instant = 7, other;
    assert_false(instant_parse(SLICE("2020-08-23T12:00:00"), &instant));
    assert_false(instant_parse(SLICE("2020-08-23T24:00:00Z"), &instant));
    assert_false(instant_parse(SLICE("2020-08-23"), &instant));
    assert_int_equal(instant, 7);
    assert_true(instant_parse(SLICE("2020-08-23T12:00:00+07:00"), &instant));
    assert_true(instant_parse(SLICE("2020-08-23T05:00:00.000000Z"), &other));
    assert_int_equal(instant, other);
    char text[INSTANT_TEXT_SIZE + 1];
    instant_format(instant + 1, text);
    assert_string_equal(text, "2020-08-23T05:00:00.000001Z");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_count_from_1970_and_back),
        cmocka_unit_test(a_birthday_adds_a_year_on_the_day),
        cmocka_unit_test(a_month_that_lacks_the_day_ends_on_its_last),
        cmocka_unit_test(months_between_counts_whole_months),
        cmocka_unit_test(a_local_day_ends_at_local_midnight),
        cmocka_unit_test(the_week_begins_on_monday),
        cmocka_unit_test(texts_that_are_no_days_are_refused),
        cmocka_unit_test(instants_need_their_offset),
    };
    return cmocka_run_group_tests_name("base/calendar", tests, NULL, NULL);
}
