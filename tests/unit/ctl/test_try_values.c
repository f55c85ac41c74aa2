#include "try.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static bool reads_amount(const char *text, int64_t *amount_hundredths)
{
    json_t *json = json_string(text);
    bool good = amount_from_json(json, amount_hundredths);
    json_decref(json);
    return good;
}

static void amounts_are_read_and_written_in_hundredths(void **state)
{
    static const struct {
        const char *text;
        int64_t amount_hundredths;
        const char *written;
    } amounts[] = {
        {"0", 0, "0.00"},
        {"0.01", 1, "0.01"},
        {"-0.01", -1, "-0.01"},
        {"600000", 60000000, "600000.00"},
        {"600000.5", 60000050, "600000.50"},
        {"999999999999999.99", INT64_C(99999999999999999), "999999999999999.99"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof amounts / sizeof *amounts; i++) {
        int64_t amount = 7;
        assert_true(reads_amount(amounts[i].text, &amount));
        assert_int_equal(amount, amounts[i].amount_hundredths);
        json_t *json = amount_json(amount);
        assert_string_equal(json_string_value(json), amounts[i].written);
        json_decref(json);
    }
}

static void what_is_no_amount_is_refused_and_writes_nothing(void **state)
{
    static const char *const wrong[] = {
        "",   "-",  ".5",  "1.",   "1.234", "1,50",     " 1",
        "1 ", "+1", "--1", "0x10", "1e3",   "IDR 1.00", "1000000000000000"};
    json_t *number = json_real(0.5);
    int64_t amount = 7;
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (reads_amount(wrong[i], &amount))
            fail_msg("\"%s\" was taken for an amount", wrong[i]);
    assert_false(amount_from_json(number, &amount));
    assert_false(amount_from_json(NULL, &amount));
    assert_int_equal(amount, 7);
    json_decref(number);
}

/* Reads a value, and gives it back as text; NULL when it was refused. */
static char *round_trip(struct trial *trial, enum rule_field field, const char *text)
{
    json_t *json = json_loads(text, JSON_DECODE_ANY, NULL);
    assert_non_null(json);
    bool good = trial_field_read(trial, field, json);
    json_t *back = good ? value_json(field, &trial->fields[field]) : NULL;
    char *written = back == NULL ? NULL : json_dumps(back, JSON_ENCODE_ANY | JSON_COMPACT);
    json_decref(back);
    json_decref(json);
    return written;
}

struct kind_case {
    enum rule_field field;
    const char *text, *written; /* NULL: refused */
};

static const struct kind_case kinds[] = {
    {FIELD_WAVE_OPEN, "true", "true"},
    {FIELD_WAVE_OPEN, "0", NULL},
    {FIELD_APPLICANT_AGE, "64", "64"},
    {FIELD_APPLICANT_AGE, "64.0", NULL},
    {FIELD_APPLICANT_AGE, "\"64\"", NULL},
    {FIELD_PURCHASE_PRICE, "\"-0.10\"", "\"-0.10\""},
    {FIELD_PURCHASE_PRICE, "10", NULL},
    {FIELD_PURCHASE_DAY, "\"2020-02-29\"", "\"2020-02-29\""},
    {FIELD_PURCHASE_DAY, "\"2021-02-29\"", NULL},
    {FIELD_ACCOUNT_LINKED_AT, "\"2021-09-01T07:00:00+07:00\"",
     "\"2021-09-01T00:00:00.000000Z\""},
    {FIELD_ACCOUNT_LINKED_AT, "\"2021-09-01\"", NULL},
    {FIELD_APPLICATION_CITIZENSHIP, "\"ID\"", "\"ID\""},
    {FIELD_APPLICATION_CITIZENSHIP, "[\"ID\"]", NULL},
    {FIELD_AWARD_HOLDS, "[\"B\",\"A\"]", "[\"B\",\"A\"]"},
    {FIELD_AWARD_HOLDS, "[]", "[]"},
    {FIELD_AWARD_HOLDS, "[1]", NULL},
    {FIELD_AWARD_HOLDS, "\"A\"", NULL},
    {FIELD_AWARD_DECREE_NO, "\"secret\"", "\"given\""},
    {FIELD_AWARD_DECREE_NO, "true", NULL},
    {FIELD_APPLICANT_AGE, "null", "null"},
    {FIELD_APPLICANT_AGE, "{\"absent\":true}", "{\"absent\":true}"},
    {FIELD_APPLICANT_AGE, "{\"absent\":false}", NULL},
    {FIELD_APPLICANT_AGE, "{\"absent\":true,\"age\":1}", NULL},
};

static void values_are_read_by_their_kind(void **state)
{
    struct arena arena;
    struct trial *trial;
    (void)state;
    assert_true(arena_init(&arena, 1 << 20));
    assert_non_null(trial = arena_alloc(&arena, sizeof *trial));
    trial->arena = &arena;
    trial->line = 9;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        char *written = round_trip(trial, kinds[i].field, kinds[i].text);
        if (kinds[i].written == NULL && written != NULL)
            fail_msg("%s was taken for %s", kinds[i].text, field_meaning(kinds[i].field)->name);
        if (kinds[i].written != NULL)
            assert_string_equal(written == NULL ? trial->error.text : written,
                                kinds[i].written);
        free(written);
    }
    assert_non_null(strstr(trial->error.text, "line 9: \"fields\": \"applicant.age\" must be"));
    arena_release(&arena);
}

static void what_is_given_as_unknown_is_given(void **state)
{
    struct arena arena;
    struct trial *trial;
    (void)state;
    assert_true(arena_init(&arena, 1 << 20));
    assert_non_null(trial = arena_alloc(&arena, sizeof *trial));
    trial->arena = &arena;
    assert_false(trial->given[FIELD_APPLICANT_AGE]);
    free(round_trip(trial, FIELD_APPLICANT_AGE, "null"));
    assert_true(trial->given[FIELD_APPLICANT_AGE]);
    assert_int_equal(trial->fields[FIELD_APPLICANT_AGE].state, VALUE_UNKNOWN);
    arena_release(&arena);
}

static void a_letter_that_was_cut_is_lost_whole(void **state)
{
    static const struct {
        struct slice text;
        const char *shown;
    } texts[] = {{{"ab\xc3\xa9", 4}, "ab\xc3\xa9"},
                 {{"ab\xc3\xa9", 3}, "ab"},
                 {{"a\xe4\xb8\x96", 3}, "a"},
                 {{NULL, 0}, ""}};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        json_t *json = text_json(texts[i].text);
        assert_string_equal(json_string_value(json), texts[i].shown);
        json_decref(json);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(amounts_are_read_and_written_in_hundredths),
        cmocka_unit_test(what_is_no_amount_is_refused_and_writes_nothing),
        cmocka_unit_test(values_are_read_by_their_kind),
        cmocka_unit_test(what_is_given_as_unknown_is_given),
        cmocka_unit_test(a_letter_that_was_cut_is_lost_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
