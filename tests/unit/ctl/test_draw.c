/*
 * The digests were computed apart from this code, with Python's hmac, under the seed 00 01 .. 1f.
 */
#include "draw.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

enum { APPLICANTS = 4 };

static void seed_fill(unsigned char seed[static DRAW_SEED_SIZE])
{
    for (size_t i = 0; i < DRAW_SEED_SIZE; i++)
        seed[i] = (unsigned char)i;
}

static void digest_is_hmac_of_the_id_under_the_seed(void **state)
{
    unsigned char seed[DRAW_SEED_SIZE];
    (void)state;
    seed_fill(seed);
    assert_true(draw_digest(seed, SLICE("A")) == UINT64_C(0xec0626c760e7ad3e));
    assert_true(draw_digest(seed, SLICE("A018-00000001")) == UINT64_C(0x21d953c748e1b897));
}

/* One applicant as a case tells him. */
struct told {
    const char *id;
    uint8_t priority_class;
    uint32_t family;
    uint16_t seats;
};

struct draw_case {
    const char *name;
    struct told pool[APPLICANTS];
    int64_t seats[2];
    uint32_t family_limit;
    uint16_t awards_of_family_1;
    const char *order;    /* ids by rank           */
    const char *selected; /* ids that were selected */
};

/* Digests ascend D 18.., C 5e.., A ec.., B ef... */
static const struct draw_case draw_cases[] = {
    {"by digest alone",
     {{"A", 0, 0, 0}, {"B", 0, 0, 0}, {"C", 0, 0, 0}, {"D", 0, 0, 0}},
     {2, 0},
     2,
     0,
     "DCAB",
     "DC"},
    {"a lower class comes first",
     {{"A", 0, 0, 0}, {"B", 0, 0, 0}, {"C", 1, 0, 0}, {"D", 1, 0, 0}},
     {2, 0},
     2,
     0,
     "ABDC",
     "AB"},
    {"as many seats as people",
     {{"A", 0, 0, 0}, {"B", 0, 0, 0}, {"C", 0, 0, 0}, {"D", 0, 0, 0}},
     {4, 0},
     2,
     0,
     "DCAB",
     "DCAB"},
    {"one seat less than people",
     {{"A", 0, 0, 0}, {"B", 0, 0, 0}, {"C", 0, 0, 0}, {"D", 0, 0, 0}},
     {3, 0},
     2,
     0,
     "DCAB",
     "DCA"},
    {"no seat",
     {{"A", 0, 0, 0}, {"B", 0, 0, 0}, {"C", 0, 0, 0}, {"D", 0, 0, 0}},
     {0, 0},
     2,
     0,
     "DCAB",
     ""},
    {"no limit of seats",
     {{"A", 0, 0, DRAW_NO_SEATS}, {"B", 0, 0, DRAW_NO_SEATS}, {"C", 0, 0, 0}, {"D", 0, 0, 0}},
     {0, 0},
     2,
     0,
     "DCAB",
     "AB"},
    {"seats of another region do not count",
     {{"A", 0, 0, 1}, {"B", 0, 0, 1}, {"C", 0, 0, 0}, {"D", 0, 0, 0}},
     {1, 1},
     2,
     0,
     "DCAB",
     "DA"},
    {"two of one family card, the third not, and the next goes on",
     {{"A", 0, 1, 0}, {"B", 0, 0, 0}, {"C", 0, 1, 0}, {"D", 0, 1, 0}},
     {4, 0},
     2,
     0,
     "DCAB",
     "DCB"},
    {"a family card with one award has room for one",
     {{"A", 0, 1, 0}, {"B", 0, 0, 0}, {"C", 0, 1, 0}, {"D", 0, 1, 0}},
     {4, 0},
     2,
     1,
     "DCAB",
     "DB"},
    {"a family card that is full has none",
     {{"A", 0, 1, 0}, {"B", 0, 0, 0}, {"C", 0, 1, 0}, {"D", 0, 1, 0}},
     {4, 0},
     2,
     2,
     "DCAB",
     "B"},
    {"no limit on family cards",
     {{"A", 0, 1, 0}, {"B", 0, 0, 0}, {"C", 0, 1, 0}, {"D", 0, 1, 0}},
     {4, 0},
     0,
     5,
     "DCAB",
     "DCAB"},
    {"who finds no place on the card takes no seat",
     {{"A", 0, 1, 0}, {"B", 0, 0, 0}, {"C", 0, 1, 0}, {"D", 0, 0, 0}},
     {2, 0},
     2,
     2,
     "DCAB",
     "DB"},
};

static void draw_case_run(const struct draw_case *drawn)
{
    struct draw_applicant applicants[APPLICANTS];
    struct draw_seats seats[2] = {{SLICE("31"), drawn->seats[0], 0, DRAW_NO_SEATS},
                                  {SLICE("32"), drawn->seats[1], 0, DRAW_NO_SEATS}};
    struct draw_family families[2] = {{0}, {.awards = drawn->awards_of_family_1}};
    struct draw draw = {.applicants = applicants,
                        .count = APPLICANTS,
                        .seats = seats,
                        .seat_count = 2,
                        .families = families,
                        .family_limit = drawn->family_limit};
    char order[APPLICANTS + 1] = "", selected[APPLICANTS + 1] = "";
    size_t count = 0;
    seed_fill(draw.seed);
    for (size_t i = 0; i < APPLICANTS; i++)
        applicants[i] = (struct draw_applicant){.application_id = drawn->pool[i].id,
                                                .priority_class = drawn->pool[i].priority_class,
                                                .family = drawn->pool[i].family,
                                                .seats = drawn->pool[i].seats};
    size_t said = 0;
    assert_true(draw_run(&draw, &said));
    for (size_t i = 0; i < APPLICANTS; i++) {
        order[i] = applicants[i].application_id[0];
        if (applicants[i].selected)
            selected[count++] = order[i];
    }
    print_message("%s\n", drawn->name);
    assert_string_equal(order, drawn->order);
    assert_string_equal(selected, drawn->selected);
    assert_int_equal(said, count);
}

static void walk_takes_who_finds_seat_and_family_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof draw_cases / sizeof *draw_cases; i++)
        draw_case_run(&draw_cases[i]);
}

static void equal_digests_are_ordered_by_the_bytes_of_the_id(void **state)
{
    const struct draw_applicant a = {.digest = 7, .application_id = "A1"};
    const struct draw_applicant longer = {.digest = 7, .application_id = "A10"};
    const struct draw_applicant high = {.digest = 7, .application_id = "A\xc3\xa9"};
    (void)state;
    assert_true(draw_compare(&a, &longer) < 0);
    assert_true(draw_compare(&longer, &high) < 0);
    assert_true(draw_compare(&high, &a) > 0);
    assert_int_equal(draw_compare(&a, &a), 0);
}

static void digests_compare_as_unsigned_numbers(void **state)
{
    const struct draw_applicant low = {.digest = UINT64_C(0x7fffffffffffffff)};
    const struct draw_applicant high = {.digest = UINT64_C(0x8000000000000000)};
    (void)state;
    assert_true(draw_compare(&low, &high) < 0);
}

static void longest_region_counts(void **state)
{
    const struct draw_seats seats[] = {{SLICE("ALL"), 1, 0, DRAW_NO_SEATS},
                                       {SLICE("32"), 1, 0, DRAW_NO_SEATS},
                                       {SLICE("3273"), 1, 0, DRAW_NO_SEATS}};
    (void)state;
    assert_int_equal(draw_seats_find(seats, 3, SLICE("3273")), 2);
    assert_int_equal(draw_seats_find(seats, 3, SLICE("3204")), 1);
    assert_int_equal(draw_seats_find(seats, 3, SLICE("3")), 0);
    assert_int_equal(draw_seats_find(seats, 3, SLICE("1101")), 0);
    assert_int_equal(draw_seats_find(seats + 1, 2, SLICE("1101")), DRAW_NO_SEATS);
    assert_int_equal(draw_seats_find(seats, 0, SLICE("3273")), DRAW_NO_SEATS);
}

static void a_seat_is_one_in_every_row_that_holds_the_region(void **state)
{
    struct draw_seats seats[] = {{SLICE("ALL"), 3, 0, DRAW_NO_SEATS},
                                 {SLICE("32"), 2, 0, DRAW_NO_SEATS},
                                 {SLICE("3273"), 1, 0, DRAW_NO_SEATS},
                                 {SLICE("16"), 9, 0, DRAW_NO_SEATS}};
    (void)state;
    draw_seats_link(seats, 4);
    assert_true(draw_seats_take(seats, 2));  /* the city's, the province's and the whole's */
    assert_false(draw_seats_take(seats, 2)); /* the city is full ... */
    assert_true(draw_seats_take(seats, 1));  /* ... its province is not ... */
    assert_false(draw_seats_take(seats, 1)); /* ... now it is, and nothing was taken in vain */
    assert_int_equal(seats[0].taken, 2);
    assert_true(draw_seats_take(seats, 0)); /* of no region: the whole's last */
    assert_false(draw_seats_take(seats, 3));
    assert_int_equal(seats[3].taken, 0);
    assert_int_equal(seats[1].taken, 2);
    assert_int_equal(seats[2].taken, 1);
}

static void a_published_pool_is_ordered_by_the_bytes_of_the_ids(void **state)
{
    struct draw_applicant applicants[] = {
        {.application_id = "A\xc3\xa9"}, {.application_id = "A10"}, {.application_id = "A1"}};
    struct draw draw = {.applicants = applicants, .count = 3};
    (void)state;
    assert_true(draw_sort_by_id(&draw));
    assert_string_equal(applicants[0].application_id, "A1");
    assert_string_equal(applicants[1].application_id, "A10");
    draw.count = 0;
    assert_true(draw_sort_by_id(&draw));
}

static void class_counts_the_codes_that_are_lacking(void **state)
{
    const struct slice wanted[] = {SLICE("PRIO_COVID"), SLICE("PRIO_WHITELIST")};
    const struct slice has[] = {SLICE("PRIO_WHITELIST"), SLICE("PRIO_OTHER")};
    (void)state;
    assert_int_equal(draw_class(wanted, 2, has, 2), 1);
    assert_int_equal(draw_class(wanted, 2, wanted, 2), 0);
    assert_int_equal(draw_class(wanted, 2, NULL, 0), 2);
    assert_int_equal(draw_class(NULL, 0, has, 2), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digest_is_hmac_of_the_id_under_the_seed),
        cmocka_unit_test(walk_takes_who_finds_seat_and_family_place),
        cmocka_unit_test(equal_digests_are_ordered_by_the_bytes_of_the_id),
        cmocka_unit_test(digests_compare_as_unsigned_numbers),
        cmocka_unit_test(longest_region_counts),
        cmocka_unit_test(a_seat_is_one_in_every_row_that_holds_the_region),
        cmocka_unit_test(a_published_pool_is_ordered_by_the_bytes_of_the_ids),
        cmocka_unit_test(class_counts_the_codes_that_are_lacking),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
