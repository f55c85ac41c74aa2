/* What stored decisions rely on: a field keeps the number that it was given. */
#include "rules/vocabulary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { NAME_SIZE = 100 };

/* The file is added to, at its end, and never changed. */
static void every_field_has_the_number_that_was_published(void **state)
{
    (void)state;
    char line[NAME_SIZE];
    size_t number = 0;
    FILE *file = fopen(FIELD_NUMBERS, "r");
    assert_non_null(file);
    for (; fgets(line, sizeof line, file) != NULL; number++) {
        line[strcspn(line, "\n")] = '\0';
        assert_true(number < RULE_FIELD_COUNT);
        assert_string_equal(field_meaning((enum rule_field)number)->name, line);
    }
    fclose(file);
    assert_int_equal(number, RULE_FIELD_COUNT);
}

static void a_field_is_found_by_its_name_alone(void **state)
{
    (void)state;
    enum rule_field field;
    for (size_t i = 0; i < RULE_FIELD_COUNT; i++) {
        assert_true(field_find(slice_of(field_meaning((enum rule_field)i)->name), &field));
        assert_int_equal(field, i);
    }
    assert_false(field_find(SLICE("applicant.ag"), &field));
    assert_false(field_find(SLICE(""), &field));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_has_the_number_that_was_published),
        cmocka_unit_test(a_field_is_found_by_its_name_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
