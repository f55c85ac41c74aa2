#include "table.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct table_column columns[] = {
    {"name", COLUMN_TEXT}, {"count", COLUMN_COUNT}, {"note", COLUMN_TEXT}};

static void rows_fill(struct table *table)
{
    table_init(table, columns, 3);
    table_row(table);
    table_cell(table, 0, SLICE("a"));
    table_cell_number(table, 1, 1234567);
    table_row(table);
    table_cell(table, 0, SLICE("longer"));
    table_cell_number(table, 1, -999);
    table_cell(table, 2, SLICE("say \"x\""));
}

static void columns_are_aligned_and_thousands_separated(void **state)
{
    struct table table;
    struct buffer text = {0};
    (void)state;
    rows_fill(&table);
    table_write(&table, &text);
    buffer_append_byte(&text, 0);
    assert_string_equal(text.data, "name        count  note\n"
                                   "a       1,234,567  -\n"
                                   "longer       -999  say \"x\"\n");
    buffer_release(&text);
    table_release(&table);
}

static void money_and_labels_are_shown_as_people_write_them(void **state)
{
    (void)state;
    static const struct {
        const char *hundredths, *shown;
    } cases[] = {{"0", "0.00"},
                 {"5", "0.05"},
                 {"-5", "-0.05"},
                 {"-100", "-1.00"},
                 {"2120000000000000", "21,200,000,000,000.00"},
                 {"123456", "1,234.56"},
                 {"-123456789", "-1,234,567.89"}};
    static const struct table_column money_columns[] = {{"year", COLUMN_LABEL},
                                                        {"paid", COLUMN_MONEY}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char expected[64];
        struct table table;
        struct buffer text = {0};
        table_init(&table, money_columns, 2);
        table_row(&table);
        table_cell_number(&table, 0, 2021);
        table_cell(&table, 1, slice_of(cases[i].hundredths));
        table_write(&table, &text);
        snprintf(expected, sizeof expected, "2021  %s\n", cases[i].shown);
        buffer_append_byte(&text, '\0');
        assert_non_null(strstr(text.data, expected + 4));
        assert_non_null(strstr(text.data, "2021"));
        buffer_clear(&text);
        table_write_json(&table, &text);
        buffer_append_byte(&text, '\0');
        assert_non_null(strstr(text.data, "\"paid_hundredths\": "));
        assert_non_null(strstr(text.data, cases[i].hundredths));
        buffer_release(&text);
        table_release(&table);
    }
}

static void json_has_numbers_nulls_and_escapes(void **state)
{
    struct table table;
    struct buffer text = {0};
    (void)state;
    rows_fill(&table);
    table_write_json(&table, &text);
    buffer_append_byte(&text, 0);
    assert_string_equal(
        text.data, "[{\"name\": \"a\", \"count\": 1234567, \"note\": null}, "
                   "{\"name\": \"longer\", \"count\": -999, \"note\": \"say \\\"x\\\"\"}]");
    buffer_release(&text);
    table_release(&table);
}

static void no_row_is_none_and_the_empty_list(void **state)
{
    struct table table;
    struct buffer text = {0};
    (void)state;
    table_init(&table, columns, 3);
    table_write(&table, &text);
    table_write_json(&table, &text);
    assert_true(slice_is(buffer_slice(&text), "none\n[]"));
    buffer_release(&text);
    table_release(&table);
}

static void csv_has_quotes_where_they_are_needed(void **state)
{
    static const struct table_column all[] = {{"name, first", COLUMN_TEXT},
                                              {"count", COLUMN_COUNT},
                                              {"paid", COLUMN_MONEY},
                                              {"year", COLUMN_LABEL}};
    static const char *const names[] = {"plain", "a,b", "say \"x\"", "two\nlines",
                                        "=1+1",  "-",   "a=b",       "@x,y"};
    struct table table;
    struct buffer text = {0};
    (void)state;
    table_init(&table, all, 4);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        table_row(&table);
        table_cell(&table, 0, slice_of(names[i]));
    }
    table_cell_number(&table, 1, 1234567);
    table_cell_number(&table, 2, -123456789);
    table_cell_number(&table, 3, 2021);
    table_write_csv(&table, &text);
    buffer_append_byte(&text, 0);
    assert_string_equal(
        text.data,
        "\"name, first\",count,paid,year\r\nplain,,,\r\n\"a,b\",,,\r\n"
        "\"say \"\"x\"\"\",,,\r\n\"two\nlines\",,,\r\n'=1+1,,,\r\n'-,,,\r\na=b,,,\r\n"
        "\"'@x,y\",1234567,-1234567.89,2021\r\n");
    buffer_clear(&text);
    table_release(&table);
    table_init(&table, all, 1);
    table_write_csv(&table, &text);
    assert_true(slice_is(buffer_slice(&text), "\"name, first\"\r\n"));
    buffer_release(&text);
    table_release(&table);
}

static void control_characters_are_escaped(void **state)
{
    struct buffer text = {0};
    (void)state;
    json_text_write(SLICE("a\nb\x01"), &text);
    assert_true(slice_is(buffer_slice(&text), "\"a\\u000ab\\u0001\""));
    buffer_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_aligned_and_thousands_separated),
        cmocka_unit_test(money_and_labels_are_shown_as_people_write_them),
        cmocka_unit_test(json_has_numbers_nulls_and_escapes),
        cmocka_unit_test(no_row_is_none_and_the_empty_list),
        cmocka_unit_test(csv_has_quotes_where_they_are_needed),
        cmocka_unit_test(control_characters_are_escaped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
