#include "base/error.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void a_reason_is_one_clause_a_layer(void **state)
{
    (void)state;
    struct error error = {""};
    assert_int_equal(error_set(&error, REJECT, "unknown field \"%s\"", "wvae"), REJECT);
    assert_string_equal(error.text, "unknown field \"wvae\"");
    assert_int_equal(error_wrap(&error, STOP, "cannot read \"%s\"", "x.yaml"), STOP);
    assert_string_equal(error.text, "cannot read \"x.yaml\": unknown field \"wvae\"");
    assert_int_equal(error_set(&error, RETRY, "could not connect"), RETRY);
    assert_string_equal(error.text, "could not connect");
}

static void nobody_need_listen(void **state)
{
    (void)state;
    assert_int_equal(error_set(NULL, RETRY, "x"), RETRY);
    assert_int_equal(error_wrap(NULL, STOP, "x"), STOP);
}

static void a_long_reason_is_cut(void **state)
{
    (void)state;
    char word[2 * ERROR_TEXT_SIZE];
    struct error error = {""};
    memset(word, 'x', sizeof word - 1);
    word[sizeof word - 1] = '\0';
    error_set(&error, STOP, "%s", word);
    assert_int_equal(strlen(error.text), ERROR_TEXT_SIZE - 1);
    error_wrap(&error, STOP, "cannot");
    assert_int_equal(strlen(error.text), ERROR_TEXT_SIZE - 1);
    assert_int_equal(strncmp(error.text, "cannot: xxx", 11), 0);
    error_wrap(&error, STOP, "%s", word);
    assert_int_equal(strlen(error.text), ERROR_TEXT_SIZE - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reason_is_one_clause_a_layer),
        cmocka_unit_test(nobody_need_listen),
        cmocka_unit_test(a_long_reason_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
