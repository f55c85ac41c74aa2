#include "worker/tag.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct identity identity = {"completion", UINT64_C(7312345678901234567)};

static void test_tag_reads_as_documented(void **state)
{
    (void)state;
    char tag[TAG_SIZE];
    tag_format(&identity, 42, tag);
    assert_string_equal(tag, "kerja/1 completion 42 7312345678901234567");
}

static void test_whose_tag_it_is(void **state)
{
    (void)state;
    static const struct {
        const char *name, *tag;
        bool ours;
    } cases[] = {
        {"this owner's", "kerja/1 completion 7 7312345678901234567", true},
        {"an earlier owner's", "kerja/1 completion 6 7312345678901234567", true},
        {"a later owner's", "kerja/1 completion 8 7312345678901234567", false},
        {"another service's", "kerja/1 incentive 7 7312345678901234567", false},
        {"another database's", "kerja/1 completion 7 7312345678901234568", false},
        {"another version's", "kerja/2 completion 7 7312345678901234567", false},
        {"a tool's, without metadata", "", false},
        {"one blank", " ", false},
        {"negative epoch", "kerja/1 completion -1 7312345678901234567", false},
        {"epoch with a sign", "kerja/1 completion +7 7312345678901234567", false},
        {"cut short", "kerja/1 completion 7", false},
        {"with something behind", "kerja/1 completion 7 7312345678901234567 x", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (tag_is_ours(&identity, 7, cases[i].tag) != cases[i].ours)
            fail_msg("%s", cases[i].name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tag_reads_as_documented),
        cmocka_unit_test(test_whose_tag_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
