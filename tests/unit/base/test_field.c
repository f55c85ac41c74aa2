#include "base/field.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

struct person {
    int32_t status;
    bool has_wave;
    int32_t wave;
};

static const char *const names[] = {"UNKNOWN", "HELD", "AWARDED"};
static const struct symbols statuses = {"Status", names, 3};
static const struct field fields[] = {
    {.name = "status",
     .kind = FIELD_SYMBOL,
     .offset = offsetof(struct person, status),
     .symbols = &statuses},
    {.name = "wave",
     .kind = FIELD_INT,
     .optional = true,
     .offset = offsetof(struct person, wave),
     .has_offset = offsetof(struct person, has_wave)},
};
static const struct record_type type = {"Person", sizeof(struct person), fields, 2};

static void fields_are_found_by_their_whole_name(void **state)
{
    (void)state;
    assert_ptr_equal(record_type_field(&type, SLICE("wave")), &fields[1]);
    assert_null(record_type_field(&type, SLICE("wav")));
    assert_null(record_type_field(&type, SLICE("wave2")));
    assert_null(record_type_field(&type, (struct slice){0}));
}

static void symbols_that_are_unknown_are_the_first(void **state)
{
    (void)state;
    assert_int_equal(symbols_find(&statuses, SLICE("AWARDED")), 2);
    assert_int_equal(symbols_find(&statuses, SLICE("awarded")), 0);
    assert_string_equal(symbols_name(&statuses, 2), "AWARDED");
    assert_string_equal(symbols_name(&statuses, 3), "UNKNOWN");
    assert_string_equal(symbols_name(&statuses, -1), "UNKNOWN");
}

static void an_optional_member_is_present_when_its_flag_says_so(void **state)
{
    (void)state;
    struct person person = {.status = 1, .wave = 12};
    assert_true(field_present(&fields[0], &person));
    assert_false(field_present(&fields[1], &person));
    person.has_wave = true;
    assert_true(field_present(&fields[1], &person));
    assert_ptr_equal(field_value(&fields[1], &person), &person.wave);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_found_by_their_whole_name),
        cmocka_unit_test(symbols_that_are_unknown_are_the_first),
        cmocka_unit_test(an_optional_member_is_present_when_its_flag_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
