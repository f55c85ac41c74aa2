#include "report_published.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* Reading undoes quotes in place. */
static enum outcome read(const char *text, char copy[static 512], struct published *published,
                         struct error *error)
{
    size_t size = strlen(text);
    assert_true(size < 512);
    memcpy(copy, text, size);
    return published_read((struct slice){copy, size}, published, error);
}

static void a_table_is_read_with_its_total_and_codes(void **state)
{
    char copy[512];
    struct published published;
    struct error error;
    (void)state;
    assert_int_equal(read("region_code,district,people\r\n1701,Bengkulu Selatan,\"15,430\"\r\n"
                          ",Kaur,13.175\r\n,JUMLAH,28605\r\n",
                          copy, &published, &error),
                     OK);
    assert_int_equal(published.count, 2);
    assert_int_equal(published.rows[0].people, 15430);
    assert_true(slice_is(published.rows[0].code, "1701"));
    assert_true(slice_is(published.rows[1].code, "Kaur"));
    assert_int_equal(published.rows[1].line, 3);
    assert_true(published.has_total);
    assert_int_equal(published.total, 28605);
    published_release(&published);
}

static void a_table_that_cannot_be_read_names_its_line(void **state)
{
    static const struct {
        const char *name, *text, *told;
    } cases[] = {
        {"empty", "", "expected a line of titles"},
        {"no people", "district,number\na,1\n", "line 1: expected the titles"},
        {"a word for a number", "district,people\na,1\nb,many\n",
         "line 3: \"many\" is no number"},
        {"no number", "district,people\na,\n", "line 2: \"\" is no number"},
        {"a negative number", "district,people\na,-1\n", "line 2: \"-1\" is no number"},
        {"groups of two", "district,people\na,\"12,62\"\n", "line 2: \"12,62\" is no number"},
        {"an open group", "district,people\na,\"12,\"\n", "line 2: \"12,\" is no number"},
        {"sixteen digits", "district,people\na,1234567890123456\n", "is no number"},
        {"two totals", "district,people\nTotal,1\n,1\n", "line 3 states a second total"},
        {"an open quote", "district,people\na,\"1\n", "line 2: no CSV"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char copy[512];
        struct published published;
        struct error error = {0};
        assert_int_equal(read(cases[i].text, copy, &published, &error), REJECT);
        if (strstr(error.text, cases[i].told) == NULL)
            fail_msg("%s: %s", cases[i].name, error.text);
        published_release(&published);
    }
}

static void compared(const char *text, size_t faults, size_t lines, const char *told)
{
    const struct our_district ours[] = {{SLICE("1"), 10}, {SLICE("2"), 20}};
    char copy[512];
    struct published published;
    struct report report;
    struct error error;
    struct buffer findings = {0};
    assert_int_equal(read(text, copy, &published, &error), OK);
    published_compare(&published, ours, 2, &report);
    size_t found = 0;
    published_findings(&published, ours, 2, &findings);
    for (size_t i = 0; i < findings.size; i++)
        found += findings.data[i] == '\n';
    report_write_faults(&report, &findings);
    buffer_append_byte(&findings, '\0');
    assert_int_equal(report.fault_count, faults);
    assert_int_equal(found, lines);
    assert_non_null(strstr(findings.data, told));
    buffer_release(&findings);
    report_release(&report);
    published_release(&published);
}

static void what_published_tables_get_wrong_is_found(void **state)
{
    (void)state;
    compared("district,people\n1,10\n2,20\ntotal,30\n", 0, 0, "");
    compared("district,people\n1,10\n2,20\n", 0, 0, "");
    compared("district,people\n1,10\n2,20\ntotal,29\n", 2, 0,
             "the table's own total: 29 stated, 30 counted (1 more)");
    compared("district,people\n1,11\n2,20\ntotal,31\n", 2, 0,
             "1, against ours: 11 stated, 10 counted");
    compared("district,people\n1,10\n1,20\ntotal,30\n", 0, 3,
             "2 is missing: we count 20 there, which line 3 gives to 1");
    compared("district,people\n1,10\n1,21\ntotal,31\n", 1, 3,
             "2 is missing: we count 20 there\n");
    compared("district,people\n1,10\n2,20\n3,5\ntotal,35\n", 1, 1,
             "nobody of ours is in a district \"3\"");
    compared("district,people\n2,20\ntotal,20\n", 1, 1, "1 is missing: we count 10");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_is_read_with_its_total_and_codes),
        cmocka_unit_test(a_table_that_cannot_be_read_names_its_line),
        cmocka_unit_test(what_published_tables_get_wrong_is_found),
    };
    return cmocka_run_group_tests_name("report_published", tests, NULL, NULL);
}
