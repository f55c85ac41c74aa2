#include "test_rows.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void the_table_describes_the_struct(void **state)
{
    (void)state;
    struct sample_row row = {.version = 4};
    assert_string_equal(sample_row_type.table, "sample");
    assert_ptr_equal(row_key(&sample_row_type, &row), &row.sample_id);
    assert_ptr_equal(row_version(&sample_row_type, &row), &row.version);
    assert_int_equal(sample_row_record.size, sizeof row);
    const struct field *title = record_type_field(&sample_row_record, SLICE("title"));
    assert_true(title->personal && title->optional);
    assert_int_equal(record_type_field(&sample_row_record, SLICE("number"))->default_number, 7);
    assert_int_equal(record_type_field(&sample_row_record, SLICE("state"))->default_number,
                     SAMPLE_ROW_STATE_OPEN);
    assert_true(record_type_field(&sample_row_record, SLICE("parts"))->repeated);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_table_describes_the_struct)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
