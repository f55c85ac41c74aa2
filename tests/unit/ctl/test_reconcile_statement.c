#include "reconcile_statement.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define ID "0012f3a40000800080000000000000a7"
#define TITLES                                                                                 \
    "instruction_id,end_to_end_id,status,amount,currency,gateway_reference,settled_at\n"

enum { TEXT_SIZE = 1024 };

/* "PAID 60000000 IDR 1" of the one row behind the titles, or what is wrong with it. */
static void read_row(const char *titles, const char *row, char out[static TEXT_SIZE])
{
    char text[TEXT_SIZE];
    struct csv_record record;
    struct statement_columns columns;
    struct statement_row read;
    struct error error = {0};
    snprintf(text, sizeof text, "%s%s", titles, row);
    struct slice rest = slice_of(text);
    assert_int_equal(csv_take(&rest, &record), CSV_RECORD);
    bool good = statement_titles(&record, &columns, &error);
    if (good) {
        assert_int_equal(csv_take(&rest, &record), CSV_RECORD);
        good = statement_row_read(&record, &columns, &read, &error);
    }
    if (good)
        snprintf(out, TEXT_SIZE, "%s %lld %s %d", payout_state_name(read.state),
                 (long long)read.amount_hundredths, read.currency, read.attempt);
    else
        snprintf(out, TEXT_SIZE, "%s", error.text);
}

static const struct {
    const char *name, *row, *read; /* what is wrong begins so */
} rows[] = {
    {"paid", ID "-01," ID ",PAID,600000.00,IDR,GW-1,2021-09-01T05:00:00Z",
     "PAID 60000000 IDR 1"},
    {"whole amount", ID "-99," ID ",PAID,600,MYR,,2021-09-01T05:00:00+08:00",
     "PAID 60000 MYR 99"},
    {"a sen", ID "-01," ID ",PAID,0.01,MYR,,2021-09-01T05:00:00Z", "PAID 1 MYR 1"},
    {"sixteen digits", ID "-01," ID ",PAID,9999999999999999.99,IDR,,2021-09-01T05:00:00Z",
     "PAID 999999999999999999 IDR 1"},
    {"accepted, nothing final", ID "-02," ID ",ACCEPTED,1,IDR,,", "IN_FLIGHT 100 IDR 2"},
    {"pending", ID "-02," ID ",PENDING,1,IDR,,", "IN_FLIGHT 100 IDR 2"},
    {"rejected", ID "-01," ID ",REJECTED,1,IDR,,2021-09-01T05:00:00Z", "REJECTED 100 IDR 1"},
    {"returned", ID "-01," ID ",RETURNED,1,IDR,,2021-09-01T05:00:00Z", "RETURNED 100 IDR 1"},
    {"in quotes",
     "\"" ID "-01\",\"" ID "\",\"PAID\",\"1.00\",\"IDR\",\"a,b\",\"2021-09-01T05:00:00Z\"",
     "PAID 100 IDR 1"},
    {"a field too few", ID "-01," ID ",PAID,1,IDR,", "the row has 6 fields"},
    {"a field too many", ID "-01," ID ",PAID,1,IDR,,,", "the row has 8 fields"},
    {"capital digits", "0012F3A40000800080000000000000A7-01," ID ",PAID,1,IDR,,",
     "instruction_id"},
    {"no attempt", ID "-00," ID ",PAID,1,IDR,,", "instruction_id"},
    {"another end_to_end_id", ID "-01,0012f3a40000800080000000000000a8,PAID,1,IDR,,",
     "end_to_end_id"},
    {"a state of Kerja's own", ID "-01," ID ",IN_FLIGHT,1,IDR,,", "status"},
    {"an unknown state", ID "-01," ID ",paid,1,IDR,,", "status"},
    {"nothing", ID "-01," ID ",PAID,0.00,IDR,,", "amount"},
    {"below nothing", ID "-01," ID ",PAID,-1,IDR,,", "amount"},
    {"thousands", ID "-01," ID ",PAID,\"600,000\",IDR,,", "amount"},
    {"one decimal", ID "-01," ID ",PAID,1.5,IDR,,", "amount"},
    {"three decimals", ID "-01," ID ",PAID,1.500,IDR,,", "amount"},
    {"an amount that is empty", ID "-01," ID ",PAID,,IDR,,", "amount"},
    {"seventeen digits", ID "-01," ID ",PAID,10000000000000000,IDR,,", "amount"},
    {"a currency's sign", ID "-01," ID ",PAID,1,Rp,,", "currency"},
    {"small letters", ID "-01," ID ",PAID,1,idr,,", "currency"},
    {"paid and no instant", ID "-01," ID ",PAID,1,IDR,,", "settled_at"},
    {"a day alone", ID "-01," ID ",PAID,1,IDR,,2021-09-01", "settled_at"},
};

static void a_row_is_read_or_refused_by_its_column(void **state)
{
    char out[TEXT_SIZE];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        read_row(TITLES, rows[i].row, out);
        if (strncmp(out, rows[i].read, strlen(rows[i].read)) != 0)
            fail_msg("%s: %s", rows[i].name, out);
    }
}

static void what_is_wrong_never_quotes_the_value(void **state)
{
    char out[TEXT_SIZE];
    (void)state;
    read_row(TITLES, "0098765432101,0098765432101,PAID,0098765432101,IDR,,", out);
    assert_null(strstr(out, "0098765432101"));
}

static void columns_stand_in_any_order_and_others_beside_them(void **state)
{
    char out[TEXT_SIZE];
    (void)state;
    read_row("bank,settled_at,currency,amount,status,end_to_end_id,instruction_id,"
             "gateway_reference\n",
             "x,2021-09-01T05:00:00Z,IDR,1.00,PAID," ID "," ID "-01,", out);
    assert_string_equal(out, "PAID 100 IDR 1");
}

static void a_column_that_is_missing_is_named(void **state)
{
    char out[TEXT_SIZE];
    (void)state;
    read_row("instruction_id,end_to_end_id,status,amount,gateway_reference,settled_at\n", "",
             out);
    assert_non_null(strstr(out, "no column currency"));
}

static void an_id_is_written_as_it_was_read(void **state)
{
    char text[STATEMENT_ID_SIZE + 1];
    struct uuid id;
    int attempt;
    (void)state;
    assert_true(instruction_id_read(SLICE(ID "-07"), &id, &attempt));
    instruction_id_write(&id, attempt, text);
    assert_string_equal(text, ID "-07");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_is_read_or_refused_by_its_column),
        cmocka_unit_test(what_is_wrong_never_quotes_the_value),
        cmocka_unit_test(columns_stand_in_any_order_and_others_beside_them),
        cmocka_unit_test(a_column_that_is_missing_is_named),
        cmocka_unit_test(an_id_is_written_as_it_was_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
