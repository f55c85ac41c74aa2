#include "population.h"

#include "decode/json.h"
#include "schemas/events.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { PEOPLE = 20000, ON = 18853 /* 2021-08-14 */ };

static const struct wave_window window = {.wave = 18,
                                          .social_assistance = true,
                                          .opens = INT64_C(1628917200) * US_PER_SECOND,
                                          .closes = INT64_C(1629349200) * US_PER_SECOND};

static struct inhabitant person(uint64_t seed, uint64_t number)
{
    struct inhabitant inhabitant;
    inhabitant_make(seed, number, (uint32_t)number, ON, &inhabitant);
    return inhabitant;
}

static void line_write(uint64_t seed, uint64_t number, enum application_kind kind,
                       struct buffer *line)
{
    struct inhabitant inhabitant = person(seed, number);
    application_write(&inhabitant, kind, &window, "some-programme", "ID",
                      application_instant(seed, number, kind, &window), line);
}

static void same_seed_same_bytes_another_seed_others(void **state)
{
    struct buffer one = {0}, again = {0}, other = {0};
    (void)state;
    for (uint64_t number = 1; number <= 100; number++) {
        line_write(5, number, FIRST_APPLICATION, &one);
        line_write(6, number, FIRST_APPLICATION, &other);
    }
    for (uint64_t number = 1; number <= 100; number++)
        line_write(5, number, FIRST_APPLICATION, &again);
    assert_true(slice_equal(buffer_slice(&one), buffer_slice(&again)));
    assert_false(slice_equal(buffer_slice(&one), buffer_slice(&other)));
    buffer_release(&one);
    buffer_release(&again);
    buffer_release(&other);
}

static void every_line_is_an_event(void **state)
{
    struct buffer line = {0};
    struct arena arena;
    struct application_submitted event;
    struct error error;
    (void)state;
    assert_true(arena_init(&arena, 1 << 20));
    for (uint64_t number = 1; number <= 300; number++) {
        enum application_kind kind = (enum application_kind)(number % 3);
        buffer_clear(&line);
        arena_reset(&arena);
        line_write(1, number, kind, &line);
        assert_int_equal(event_from_json(&application_submitted_event,
                                         (struct slice){line.data, line.size - 1}, &arena,
                                         &event, &error),
                         OK);
        assert_int_equal(event.revision, kind == CORRECTION ? 2 : 1);
        assert_int_equal(event.wave, 18);
        assert_int_equal(event.national_id.size, NATIONAL_ID_SIZE);
        assert_true(event.submitted_at >= window.opens && event.submitted_at < window.closes);
        assert_int_equal(event.checks.count, 3);
    }
    buffer_release(&line);
    arena_release(&arena);
}

static void nobody_could_be_real(void **state)
{
    struct buffer line = {0};
    (void)state;
    for (uint64_t number = 1; number <= 1000; number++) {
        struct inhabitant inhabitant = person(3, number);
        assert_memory_equal(inhabitant.national_id, "99", 2);
        assert_memory_equal(inhabitant.family_card_no, "98", 2);
    }
    line_write(3, 1, FIRST_APPLICATION, &line);
    buffer_append_byte(&line, 0);
    assert_non_null(strstr(line.data, "+62800"));
    assert_non_null(strstr(line.data, "@example.org"));
    buffer_release(&line);
}

static void national_ids_differ(void **state)
{
    struct inhabitant one = person(1, 1), other = person(1, 2);
    (void)state;
    assert_string_not_equal(one.national_id, other.national_id);
}

/* Within a fifth of the share and one and a half percent of all, and never nobody. */
static void assert_share(int count, int thousandths)
{
    int expected = PEOPLE / 1000 * thousandths;
    int tolerance = expected / 5 < PEOPLE / 66 ? expected / 5 + 12 : PEOPLE / 66;
    assert_true(count > 0);
    assert_true(count >= expected - tolerance);
    assert_true(count <= expected + tolerance);
}

static void funnel_has_the_published_shares(void **state)
{
    int email = 0, national_id = 0, msisdn = 0, covid = 0;
    (void)state;
    for (uint64_t number = 1; number <= PEOPLE; number++) {
        struct inhabitant inhabitant = person(1, number);
        bool known = inhabitant.known_national_id && inhabitant.known_family_card;
        email += inhabitant.email_verified;
        national_id += inhabitant.email_verified && known;
        msisdn += inhabitant.email_verified && known && inhabitant.msisdn_verified;
        covid += inhabitant.covid_affected;
    }
    assert_share(email, SHARE_EMAIL);
    assert_share(national_id, SHARE_REGISTERED_NATIONAL_ID);
    assert_share(msisdn, SHARE_MSISDN);
    assert_share(covid, SHARE_COVID);
}

static void ages_are_those_of_the_day(void **state)
{
    int minor = 0, old = 0;
    (void)state;
    for (uint64_t number = 1; number <= PEOPLE; number++) {
        struct inhabitant inhabitant = person(1, number);
        int age = completed_years(inhabitant.birth_date, ON);
        assert_in_range(age, 15, 73);
        minor += age < 18;
        old += age > 64;
    }
    assert_share(minor, SHARE_MINOR);
    assert_share(old, SHARE_OLD);
}

static void family_cards_have_one_to_five_people(void **state)
{
    int sizes[FAMILY_CARD_PEOPLE + 1] = {0};
    (void)state;
    for (uint64_t number = 1; number <= PEOPLE; number++) {
        uint32_t size = family_size(1, number);
        assert_in_range(size, 1, FAMILY_CARD_PEOPLE);
        sizes[size]++;
    }
    assert_share(sizes[1], 620);
    assert_share(sizes[2], 220);
    assert_true(sizes[5] > 0);
}

static void launch_is_the_peak_and_corrections_come_late(void **state)
{
    int first_tenth = 0;
    instant_us tenth = window.opens + (window.closes - window.opens) / 10;
    (void)state;
    for (uint64_t number = 1; number <= PEOPLE; number++) {
        instant_us at = application_instant(1, number, FIRST_APPLICATION, &window);
        instant_us later = application_instant(1, number, CORRECTION, &window);
        assert_true(at >= window.opens && at < window.closes);
        assert_true(later >= window.closes - (window.closes - window.opens) / 7);
        assert_true(later < window.closes);
        first_tenth += at < tenth;
    }
    assert_share(first_tenth, 282); /* half of 0.1, half of the cube root of 0.1 */
}

static void registers_list_their_share(void **state)
{
    (void)state;
    for (size_t i = 0; i < made_register_count; i++) {
        int listed = 0;
        for (uint64_t number = 1; number <= PEOPLE; number++) {
            const struct inhabitant inhabitant = {.number = number};
            listed += register_lists(1, &inhabitant, i);
        }
        assert_share(listed, (int)made_registers[i].thousandths);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_seed_same_bytes_another_seed_others),
        cmocka_unit_test(every_line_is_an_event),
        cmocka_unit_test(nobody_could_be_real),
        cmocka_unit_test(national_ids_differ),
        cmocka_unit_test(funnel_has_the_published_shares),
        cmocka_unit_test(ages_are_those_of_the_day),
        cmocka_unit_test(family_cards_have_one_to_five_people),
        cmocka_unit_test(launch_is_the_peak_and_corrections_come_late),
        cmocka_unit_test(registers_list_their_share),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
