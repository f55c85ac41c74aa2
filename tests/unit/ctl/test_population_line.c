#include "population_line.h"

#include "decode/json.h"
#include "schemas/events.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void line_of(const struct event_type *type, const char *json, void *event,
                    struct arena *arena, struct buffer *line)
{
    struct error error;
    if (event_from_json(type, slice_of(json), arena, event, &error) != OK)
        fail_msg("%s", error.text);
    buffer_clear(line);
    line_append(type->record, event, line);
    buffer_append_byte(line, '\0');
}

static void every_kind_of_value_has_its_form(void **state)
{
    static const struct {
        const char *json, *form;
    } cases[] = {
        {"\"wave\": 18", "\"wave\":{\"int\":18}"},
        {"\"wave\": null", "\"wave\":null"},
        {"\"submitted_at\": \"2000-01-01T00:00:01Z\"", "\"submitted_at\":946684801000000"},
        {"\"birth_date\": \"1970-01-11\"", "\"birth_date\":10"},
        {"\"covid_affected\": false", "\"covid_affected\":{\"boolean\":false}"},
        {"\"name\": \"a \\\"b\\\"\\n\\u00e9\"",
         "\"name\":{\"string\":\"a \\u0022b\\u0022\\u000a\xc3\xa9\"}"},
        {"\"declarations\": [\"A\", \"B\"]", "\"declarations\":[\"A\",\"B\"]"},
        {"\"membership\": {\"category\": \"BPU\", \"contribution_months\": 3, "
         "\"reported_wage\": \"2.55\"}",
         "\"membership\":{\"org.kerja.events.v1.ApplicationSubmittedMembership\":{\"category\":"
         "\"BPU\",\"contribution_months\":3,\"reported_wage\":{\"bytes\":"
         "\"\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\\u00ff\"}"},
    };
    struct arena arena;
    struct buffer line = {0};
    struct application_submitted event;
    (void)state;
    assert_true(arena_init(&arena, 1 << 20));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char json[2048];
        bool at = strstr(cases[i].json, "submitted_at") != NULL,
             birth = strstr(cases[i].json, "birth_date") != NULL;
        snprintf(json, sizeof json,
                 "{\"application_id\": \"A\", \"programme\": \"p\", \"country\": \"MY\", "
                 "\"citizenship\": \"MY\", \"national_id\": \"1\", \"region_code\": \"MY-01\", "
                 "\"msisdn\": \"+60\", \"language\": \"ms\", %s%s%s}",
                 at ? "" : "\"submitted_at\": 946684800000000, ",
                 birth ? "" : "\"birth_date\": 0, ", cases[i].json);
        line_of(&application_submitted_event, json, &event, &arena, &line);
        if (strstr(line.data, cases[i].form) == NULL)
            fail_msg("%s is not in %s", cases[i].form, line.data);
        arena_reset(&arena);
    }
    buffer_release(&line);
    arena_release(&arena);
}

/* Amounts that are made of digits as bytes are no digits here. */
static void what_is_written_is_read_again(void **state)
{
    static const int64_t amounts[] = {0,   1,        -1,        255,
                                      256, 0x303132, -0x303132, 210570877000000000};
    struct arena arena;
    struct buffer line = {0};
    (void)state;
    assert_true(arena_init(&arena, 1 << 20));
    for (size_t i = 0; i < sizeof amounts / sizeof *amounts; i++) {
        struct commitment_released written = {.programme = SLICE("p"),
                                              .component = SLICE("INCENTIVE"),
                                              .currency = SLICE("MYR"),
                                              .reason = SLICE("R"),
                                              .occurred_at = INT64_C(946684800000000),
                                              .amount = amounts[i]},
                                   read;
        struct error error;
        buffer_clear(&line);
        line_append(commitment_released_event.record, &written, &line);
        if (event_from_json(&commitment_released_event, buffer_slice(&line), &arena, &read,
                            &error) != OK)
            fail_msg("%s", error.text);
        assert_int_equal(read.amount, amounts[i]);
        assert_true(slice_equal(read.component, written.component));
    }
    buffer_release(&line);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_value_has_its_form),
        cmocka_unit_test(what_is_written_is_read_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
