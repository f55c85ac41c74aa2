#include "table.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct table_column columns[] = {
    {"name", false}, {"count", true}, {"note", false}};

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
        cmocka_unit_test(json_has_numbers_nulls_and_escapes),
        cmocka_unit_test(no_row_is_none_and_the_empty_list),
        cmocka_unit_test(control_characters_are_escaped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
