#include "copy_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void what_is_written_is_read_back(void **state)
{
    static const char *const fields[] = {"plain",          "",        "tab\there", "line\nend",
                                         "back\\slash\\N", "\b\f\r\v"};
    (void)state;
    struct buffer line = {0};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (i > 0)
            buffer_append_byte(&line, '\t');
        copy_field_append(slice_of(fields[i]), &line);
    }
    assert_null(memchr(line.data, '\n', line.size));
    struct slice rest = buffer_slice(&line), field;
    bool is_null;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        assert_true(copy_field_take(&rest, &field, &is_null));
        assert_false(is_null);
        assert_true(slice_is(field, fields[i]));
    }
    assert_false(copy_field_take(&rest, &field, &is_null));
    buffer_release(&line);
}

static void null_is_told_from_the_empty_text(void **state)
{
    char text[] = "\\N\t\tx";
    struct slice rest = slice_of(text), field;
    bool is_null;
    (void)state;
    assert_true(copy_field_take(&rest, &field, &is_null));
    assert_true(is_null);
    assert_int_equal(field.size, 0);
    assert_true(copy_field_take(&rest, &field, &is_null));
    assert_false(is_null);
    assert_int_equal(field.size, 0);
    assert_true(copy_field_take(&rest, &field, &is_null));
    assert_true(slice_is(field, "x"));
    assert_false(copy_field_take(&rest, &field, &is_null));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(null_is_told_from_the_empty_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
