#include "decode/json.h"

#include "decode/encode.h"
#include "sample_event.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct arena arena;

static void an_event_survives_the_way_through_json(void **state)
{
    (void)state;
    struct sample_event sample;
    struct application_submitted read;
    struct buffer json = {0}, before = {0}, after = {0};
    struct error error = {{0}};
    sample_event_fill(&sample);
    record_to_json(&application_submitted_record, &sample.application, false, &json);
    enum outcome outcome = event_from_json(&application_submitted_event, buffer_slice(&json),
                                           &arena, &read, &error);
    assert_string_equal(error.text, "");
    assert_int_equal(outcome, OK);
    encode_event(&application_submitted_event, &sample.application, &before);
    encode_event(&application_submitted_event, &read, &after);
    assert_true(slice_equal(buffer_slice(&before), buffer_slice(&after)));
    buffer_release(&json);
    buffer_release(&before);
    buffer_release(&after);
}

static void personal_members_are_hidden(void **state)
{
    (void)state;
    struct sample_event sample;
    struct buffer json = {0};
    sample_event_fill(&sample);
    record_to_json(&application_submitted_record, &sample.application, true, &json);
    buffer_append_byte(&json, 0);
    assert_null(strstr(json.data, "Siti"));
    assert_null(strstr(json.data, "3171234567890001"));
    assert_null(strstr(json.data, "+628"));
    assert_non_null(strstr(json.data, "\"monthly_wage\": \"4500000.05\""));
    assert_non_null(strstr(json.data, "\"birth_date\": \"(hidden)\""));
    buffer_release(&json);
}

#define COURSE(price, rest)                                                                    \
    "{\"enrolment_id\": \"V1\", \"award_id\": \"018f0e4c-7b1a-8c3d-9e2f-0123456789ab\", "      \
    "\"course_id\": \"C\", \"price\": " price                                                  \
    ", \"currency\": \"IDR\", \"enrolled_at\": 1714640400000000" rest "}"

static void forms_of_values(void **state)
{
    (void)state;
    const struct {
        const char *name, *json;
        enum outcome outcome;
        int64_t price;
    } cases[] = {
        {"two decimals", COURSE("\"600000.00\"", ""), OK, 60000000},
        {"no decimals", COURSE("\"600000\"", ""), OK, 60000000},
        {"one decimal", COURSE("\"0.5\"", ""), OK, 50},
        {"below zero", COURSE("\"-0.05\"", ""), OK, -5},
        {"the largest", COURSE("\"9999999999999999.99\"", ""), OK, INT64_C(999999999999999999)},
        {"beyond the largest", COURSE("\"10000000000000000.00\"", ""), REJECT, 0},
        {"the smallest", COURSE("\"-9999999999999999.99\"", ""), OK,
         -INT64_C(999999999999999999)},
        {"beyond the smallest", COURSE("\"-10000000000000000.00\"", ""), REJECT, 0},
        {"beyond 64 bits", COURSE("\"92233720368547759\"", ""), REJECT, 0},
        {"a sign alone", COURSE("\"-\"", ""), REJECT, 0},
        {"a point without a digit before it", COURSE("\".50\"", ""), REJECT, 0},
        {"two points", COURSE("\"1.5.0\"", ""), REJECT, 0},
        {"three decimals", COURSE("\"1.000\"", ""), REJECT, 0},
        {"a point and nothing", COURSE("\"1.\"", ""), REJECT, 0},
        {"Avro's bytes", COURSE("\"\\u0003\\u0093\\u0087\\u0000\"", ""), OK, 60000000},
        {"a number", COURSE("600000.00", ""), REJECT, 0},
        {"an empty amount", COURSE("\"\"", ""), REJECT, 0},
        {"a wrapped union", COURSE("\"1\"", ", \"region_code\": {\"string\": \"31\"}"), OK,
         100},
        {"a plain union", COURSE("\"1\"", ", \"region_code\": \"31\""), OK, 100},
        {"null", COURSE("\"1\"", ", \"region_code\": null"), OK, 100},
        {"a wrapped day", COURSE("\"1\"", ", \"starts_on\": {\"int\": 18363}"), OK, 100},
        {"a day as text", COURSE("\"1\"", ", \"starts_on\": \"2020-04-11\""), OK, 100},
        {"no such day", COURSE("\"1\"", ", \"starts_on\": \"2021-02-29\""), REJECT, 0},
        {"a member we lack", COURSE("\"1\"", ", \"starts\": 1"), REJECT, 0},
        {"a NUL in a text", COURSE("\"1\"", ", \"region_code\": \"3\\u00001\""), REJECT, 0},
        {"the same member twice", COURSE("\"1\"", ", \"price\": \"2\""), REJECT, 0},
        {"no object", "[1]", REJECT, 0},
        {"no JSON", "{\"a\"", REJECT, 0},
        {"nothing", "", REJECT, 0},
        {"a member missing", "{\"enrolment_id\": \"V1\"}", REJECT, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error error = {{0}};
        struct course_enrolled read;
        print_message("  %s\n", cases[i].name);
        enum outcome outcome = event_from_json(&course_enrolled_event, slice_of(cases[i].json),
                                               &arena, &read, &error);
        assert_int_equal(outcome, cases[i].outcome);
        assert_int_equal(error.text[0] == '\0', outcome == OK);
        if (outcome == OK) {
            assert_true(read.price == cases[i].price);
            assert_int_equal(read.revision, 1);
        }
    }
}

static void a_complaint_holds_no_value(void **state)
{
    (void)state;
    struct error error;
    struct course_completed read;
    struct slice json = SLICE("{\"enrolment_id\": \"V1\", \"award_id\": \"CANARY\"}");
    assert_int_equal(event_from_json(&course_completed_event, json, &arena, &read, &error),
                     REJECT);
    assert_string_equal(error.text, "cannot read \"award_id\": expected a uuid");
    json = SLICE("{\"enrolment_id\": CANARY}");
    assert_int_equal(event_from_json(&course_completed_event, json, &arena, &read, &error),
                     REJECT);
    assert_null(strstr(error.text, "CANARY"));
}

static int begin(void **state)
{
    (void)state;
    return arena_init(&arena, 1 << 20) ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_event_survives_the_way_through_json),
        cmocka_unit_test(personal_members_are_hidden),
        cmocka_unit_test(forms_of_values),
        cmocka_unit_test(a_complaint_holds_no_value),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
