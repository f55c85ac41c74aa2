#include "csv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { TEXT_SIZE = 400 };

/* All records of a text as "a|b;c|d", and "!" where it is broken. */
static void walk(const char *text, char out[static TEXT_SIZE])
{
    char copy[TEXT_SIZE];
    struct csv_record record;
    enum csv_result result;
    size_t size = 0;
    snprintf(copy, sizeof copy, "%s", text);
    struct slice rest = slice_of(copy);
    out[0] = '\0';
    while ((result = csv_take(&rest, &record)) == CSV_RECORD)
        for (size_t i = 0; i < record.count; i++)
            size += (size_t)snprintf(out + size, TEXT_SIZE - size, "%.*s%s",
                                     SLICE_ARGS(record.fields[i]),
                                     i + 1 == record.count ? ";" : "|");
    if (result == CSV_BROKEN)
        snprintf(out + size, TEXT_SIZE - size, "!");
}

static const struct {
    const char *name, *text, *records;
} cases[] = {
    {"two records", "a,b\nc,d\n", "a|b;c|d;"},
    {"no line end behind the last", "a,b\nc,d", "a|b;c|d;"},
    {"line ends of Windows", "a,b\r\nc,d\r\n", "a|b;c|d;"},
    {"empty lines are passed over", "\n\na\n\r\nb\n\n", "a;b;"},
    {"empty fields", ",\na,\n", "|;a|;"},
    {"quotes with comma, quote and line end", "\"a,b\",\"c\"\"d\",\"e\nf\"\n",
     "a,b|c\"d|e\nf;"},
    {"an empty field in quotes", "\"\",x\n", "|x;"},
    {"nothing", "", ""},
    {"a quote that is not closed", "a,\"b\n", "!"},
    {"text behind a quote", "\"a\"b,c\n", "!"},
    {"sixteen fields", "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16\n",
     "1|2|3|4|5|6|7|8|9|10|11|12|13|14|15|16;"},
    {"seventeen fields", "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17\n", "!"},
};

static void records_are_read(void **state)
{
    char out[TEXT_SIZE];
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        print_message("%s\n", cases[i].name);
        walk(cases[i].text, out);
        assert_string_equal(out, cases[i].records);
    }
}

static void lines_are_counted_through_quotes(void **state)
{
    char text[] = "a\n\n\"b\nc\"\nd\n";
    struct slice rest = slice_of(text);
    struct csv_record record;
    (void)state;
    assert_int_equal(csv_take(&rest, &record), CSV_RECORD);
    assert_int_equal(record.lines, 1);
    assert_int_equal(csv_take(&rest, &record), CSV_RECORD);
    assert_int_equal(record.lines, 3);
}

static void columns_are_found_by_name(void **state)
{
    char text[] = "code,national_id\n";
    struct slice rest = slice_of(text);
    struct csv_record titles;
    (void)state;
    assert_int_equal(csv_take(&rest, &titles), CSV_RECORD);
    assert_int_equal(csv_column(&titles, "national_id"), 1);
    assert_int_equal(csv_column(&titles, "number"), CSV_FIELDS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_are_read),
        cmocka_unit_test(lines_are_counted_through_quotes),
        cmocka_unit_test(columns_are_found_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
