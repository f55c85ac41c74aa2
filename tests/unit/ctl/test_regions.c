#include "regions.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void codes_are_districts_of_the_table(void **state)
{
    struct random random;
    int java = 0;
    (void)state;
    random_init(&random, 1, 1);
    for (int i = 0; i < 10000; i++) {
        char code[REGION_CODE_SIZE + 1];
        region_choose(&random, code);
        assert_int_equal(strspn(code, "0123456789"), REGION_CODE_SIZE);
        int province = (code[0] - '0') * 10 + code[1] - '0';
        int district = (code[2] - '0') * 10 + code[3] - '0';
        const struct province *found = NULL;
        for (int p = 0; p < province_count; p++)
            if (provinces[p].code == province)
                found = &provinces[p];
        assert_non_null(found);
        assert_true((district >= 1 && district <= found->regencies) ||
                    (district >= 71 && district < 71 + found->cities));
        java += province >= 31 && province <= 36;
    }
    assert_in_range(java, 5400, 5850); /* 56 % of all live on Java */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(codes_are_districts_of_the_table)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
