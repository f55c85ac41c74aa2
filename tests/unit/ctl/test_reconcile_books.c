#include "reconcile_books.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* One letter an instruction: its state and amount are those of the case. */
static struct statement_row row_of(char letter, enum payout_state state, int64_t amount,
                                   const char *currency)
{
    struct statement_row row = {.attempt = 1, .state = state, .amount_hundredths = amount};
    row.entitlement_id.bytes[0] = (unsigned char)letter;
    snprintf(row.currency, sizeof row.currency, "%s", currency);
    return row;
}

static void add(struct books *books, char letter, enum payout_state state, int64_t amount)
{
    struct error error = {0};
    struct statement_row row = row_of(letter, state, amount, "IDR");
    assert_true(books_add(books, &row, &error));
}

static const struct {
    const char *name;
    enum payout_state here, there;
    int64_t amount; /* there; here it is 600 */
    const char *currency;
    enum agreement agreement;
} cases[] = {
    {"paid in both", STATE_PAID, STATE_PAID, 600, "IDR", AGREES},
    {"under way in both", STATE_UNDER_WAY, STATE_UNDER_WAY, 600, "IDR", AGREES},
    {"refused in both", STATE_REJECTED, STATE_REJECTED, 600, "IDR", AGREES},
    {"returned in both", STATE_RETURNED, STATE_RETURNED, 600, "IDR", AGREES},
    {"paid there, not answered here", STATE_UNDER_WAY, STATE_PAID, 600, "IDR", PAID_THERE_ONLY},
    {"paid there, refused here", STATE_REJECTED, STATE_PAID, 600, "IDR", PAID_THERE_ONLY},
    {"paid there, returned here", STATE_RETURNED, STATE_PAID, 600, "IDR", PAID_THERE_ONLY},
    {"paid here, refused there", STATE_PAID, STATE_REJECTED, 600, "IDR", PAID_HERE_ONLY},
    {"paid here, returned there", STATE_PAID, STATE_RETURNED, 600, "IDR", PAID_HERE_ONLY},
    {"paid here, under way there", STATE_PAID, STATE_UNDER_WAY, 600, "IDR", PAID_HERE_ONLY},
    {"refused and returned", STATE_REJECTED, STATE_RETURNED, 600, "IDR", STATUS_DIFFERS},
    {"under way here, refused there", STATE_UNDER_WAY, STATE_REJECTED, 600, "IDR",
     STATUS_DIFFERS},
    {"a sen more", STATE_PAID, STATE_PAID, 601, "IDR", AMOUNT_DIFFERS},
    {"a sen less, and not paid", STATE_PAID, STATE_REJECTED, 599, "IDR", AMOUNT_DIFFERS},
    {"another currency", STATE_PAID, STATE_PAID, 600, "MYR", AMOUNT_DIFFERS},
};

static void each_row_is_of_one_kind(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct books books = {0};
        struct error error = {0};
        enum agreement agreement;
        struct statement_row row =
            row_of('a', cases[i].there, cases[i].amount, cases[i].currency);
        add(&books, 'a', cases[i].here, 600);
        books_sort(&books);
        assert_true(books_take(&books, &row, &agreement, &error));
        if (agreement != cases[i].agreement || books.totals[agreement][0].here != 600 ||
            books_agree(&books) != (agreement == AGREES))
            fail_msg("%s: %s", cases[i].name, agreement_name(agreement));
        books_release(&books);
    }
}

static void totals_add_up_whatever_the_order(void **state)
{
    static const char orders[][6] = {"cabbx", "xbbac", "bxcab"};
    (void)state;
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        struct books books = {0};
        struct error error = {0};
        enum agreement agreement;
        for (char letter = 'f'; letter >= 'a'; letter--)
            add(&books, letter, letter == 'e' ? STATE_UNDER_WAY : STATE_PAID, 100 * letter);
        books_sort(&books);
        for (const char *letter = orders[i]; *letter != '\0'; letter++) {
            struct statement_row row = row_of(*letter, STATE_PAID, 100 * *letter, "IDR");
            assert_true(books_take(&books, &row, &agreement, &error));
        }
        for (size_t j = 0; j < books.count; j++)
            if (!books.entries[j].seen)
                books_missed(&books, &books.entries[j]);
        assert_int_equal(books.totals[AGREES][0].count, 3);
        assert_int_equal(books.totals[AGREES][0].here, 100 * ('a' + 'b' + 'c'));
        assert_int_equal(books.totals[TWICE][0].there, 100 * 'b');
        assert_int_equal(books.totals[NOT_OURS][0].there, 100 * 'x');
        assert_int_equal(books.totals[PAID_HERE_ONLY][0].here, 100 * ('d' + 'f'));
        assert_int_equal(books.totals[NO_ROW][0].here, 100 * 'e');
        assert_false(books_agree(&books));
        books_release(&books);
    }
}

static void another_attempt_is_another_instruction(void **state)
{
    struct books books = {0};
    struct error error = {0};
    enum agreement agreement;
    struct statement_row row = row_of('a', STATE_PAID, 600, "IDR");
    (void)state;
    add(&books, 'a', STATE_PAID, 600);
    books_sort(&books);
    row.attempt = 2;
    assert_true(books_take(&books, &row, &agreement, &error));
    assert_int_equal(agreement, NOT_OURS);
    books_release(&books);
}

static void eight_currencies_and_not_nine(void **state)
{
    struct books books = {0};
    struct error error = {0};
    enum agreement agreement;
    char currency[] = "AAA";
    (void)state;
    for (; currency[0] < 'A' + BOOK_CURRENCIES; currency[0]++) {
        struct statement_row row = row_of('a', STATE_PAID, 1, currency);
        assert_true(books_take(&books, &row, &agreement, &error));
    }
    struct statement_row row = row_of('a', STATE_PAID, 1, currency);
    assert_false(books_take(&books, &row, &agreement, &error));
    books_release(&books);
}

static void nothing_agrees_with_nothing(void **state)
{
    struct books books = {0};
    (void)state;
    books_sort(&books);
    assert_true(books_agree(&books));
    books_release(&books);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_row_is_of_one_kind),
        cmocka_unit_test(totals_add_up_whatever_the_order),
        cmocka_unit_test(another_attempt_is_another_instruction),
        cmocka_unit_test(eight_currencies_and_not_nine),
        cmocka_unit_test(nothing_agrees_with_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
