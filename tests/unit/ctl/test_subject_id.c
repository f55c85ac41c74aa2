#include "subject_id.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void national_ids_are_known_by_their_digits(void **state)
{
    static const struct {
        const char *id;
        bool national;
    } cases[] = {
        {"3201010101010001", true},
        {"900101-14-5678", true},
        {"32 01 01 010101 0001", true},
        {"12345678901", false},
        {"123456789012", true},
        {"12345678901234567890", true},
        {"123456789012345678901", false},
        {"A018-00000001", false},
        {"", false},
        {"0012c606-a942-87d4-b7d2-fe4026c1cd66", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        print_message("%s\n", cases[i].id);
        assert_int_equal(subject_id_is_national(cases[i].id), cases[i].national);
    }
}

static void uuids_have_two_forms(void **state)
{
    (void)state;
    assert_non_null(subject_id_uuid("0012c606-a942-87d4-b7d2-fe4026c1cd66"));
    assert_non_null(subject_id_uuid("0012c606a94287d4b7d2fe4026c1cd66"));
    assert_null(subject_id_uuid("0012c606a94287d4b7d2fe4026c1cd6"));
    assert_null(subject_id_uuid("A018-00000001"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(national_ids_are_known_by_their_digits),
        cmocka_unit_test(uuids_have_two_forms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
