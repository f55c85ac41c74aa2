#include "persist/connection_string.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void what_libpq_would_repeat_of_a_password_is_refused(void **state)
{
    (void)state;
    const struct {
        const char *text;
        enum outcome outcome;
    } cases[] = {
        {"postgresql://kerja:geheim@127.0.0.1:5432/kerja", OK},
        {"postgresql://kerja:ge%40he%2Fim@127.0.0.1/kerja?sslmode=verify-full", OK},
        {"postgresql://kerja:geheim@one:5432,two:5433/kerja", OK},
        {"postgresql://kerja@[::1]:5432/kerja", OK},
        {"postgresql:///kerja?host=/run/postgresql", OK},
        {"host=db user=kerja password='ge @/: heim' dbname=kerja", OK},
        {"postgresql://kerja:geh@eimnis@127.0.0.1:1/x", STOP},
        {"postgresql://kerja:geheim/nis@127.0.0.1:1/x", STOP},
        {"postgresql://kerja:1234/geheim@127.0.0.1:1/x", STOP},
        {"postgresql://kerja:ge?heim@127.0.0.1:1/x", OK},
        {"postgresql://kerja:100%geheim@127.0.0.1:1/x", STOP},
        {"host=db password=ge heim", STOP},
        {"host=db passwort=geheim", STOP},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error error = {""};
        if (connection_string_check(cases[i].text, &error) != cases[i].outcome)
            fail_msg("%s: %s", cases[i].text, error.text);
        assert_null(strstr(error.text, "geheim"));
        assert_null(strstr(error.text, "eim"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_libpq_would_repeat_of_a_password_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
