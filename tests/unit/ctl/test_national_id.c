#include "national_id.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static void a_line_names_a_person(void **state)
{
    static const struct {
        const char *line, *given;
        const char *country, *number; /* NULL: refused */
    } cases[] = {
        {"ID 3201010101010001\n", NULL, "ID", "3201010101010001"},
        {"ID\t3201010101010001", "", "ID", "3201010101010001"},
        {" MY 900101-14-5678 \r\n", NULL, "MY", "900101-14-5678"},
        {"3201010101010001\n", "ID", "ID", "3201010101010001"},
        {"ID 3201010101010001\n", "ID", "ID", "3201010101010001"},
        {"ID 3201010101010001\n", "MY", NULL, NULL},
        {"3201010101010001\n", NULL, NULL, NULL},
        {"3201010101010001\n", "IDN", NULL, NULL},
        {"ID\n", NULL, NULL, NULL},
        {"\n", "ID", NULL, NULL},
        {"ID 3201010101010001\nID 3201010101010002\n", NULL, NULL, NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct slice country = {0}, number = {0};
        bool good =
            national_id_line(slice_of(cases[i].line), cases[i].given, &country, &number);
        print_message("case %zu\n", i);
        assert_int_equal(good, cases[i].number != NULL);
        if (good) {
            assert_true(slice_is(country, cases[i].country));
            assert_true(slice_is(number, cases[i].number));
        }
    }
}

static void a_secret_is_read_only_from_its_owners_file(void **state)
{
    static const struct {
        mode_t mode;
        bool good;
    } cases[] = {{0600, true}, {0400, true}, {0640, false}, {0604, false}, {0660, false}};
    char path[] = "/tmp/kerja-national-id-XXXXXX", text[32];
    struct slice line;
    struct error error;
    int descriptor = mkstemp(path);
    (void)state;
    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, "ID 1\n", 5), 5);
    close(descriptor);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(chmod(path, cases[i].mode), 0);
        enum outcome outcome = secret_line_read(path, text, sizeof text, &line, &error);
        assert_int_equal(outcome, cases[i].good ? OK : REJECT);
        if (cases[i].good)
            assert_true(slice_is(line, "ID 1\n"));
        else
            assert_non_null(strstr(error.text, "may be read by others"));
    }
    assert_int_equal(chmod(path, 0600), 0);
    assert_int_equal(secret_line_read(path, text, 5, &line, &error), REJECT); /* no room */
    assert_int_equal(secret_line_read(path, text, 6, &line, &error), OK);
    unlink(path);
    assert_int_equal(secret_line_read(path, text, sizeof text, &line, &error), REJECT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_names_a_person),
        cmocka_unit_test(a_secret_is_read_only_from_its_owners_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
