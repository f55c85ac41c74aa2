#include "report.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void by_district(struct report *report)
{
    report_init(report, "participation", false);
    report_key(report, "wave");
    report_figure(report, "applied", COLUMN_COUNT);
    report_figure(report, "paid", COLUMN_MONEY);
}

static void part(struct report *report, const char *key, int64_t applied, int64_t paid)
{
    const struct slice keys[] = {slice_of(key)};
    report_add(report_part(report, keys), 0, applied);
    report_add(report_part(report, keys), 1, paid);
}

static void total(struct report *report, int64_t applied, int64_t paid)
{
    report_add(report_total(report, (struct slice){0}), 0, applied);
    report_add(report_total(report, (struct slice){0}), 1, paid);
}

static void written(const struct report *report,
                    void (*write)(const struct report *report, struct buffer *text),
                    const char *expected)
{
    struct buffer text = {0};
    write(report, &text);
    buffer_append_byte(&text, '\0');
    assert_string_equal(text.data, expected);
    buffer_release(&text);
}

static void parts_stand_in_the_order_of_numbers(void **state)
{
    struct report report;
    (void)state;
    by_district(&report);
    part(&report, "10", 1, 0);
    part(&report, "2", 2, 100);
    part(&report, "10", 3, 50); /* of another source: the same line */
    total(&report, 6, 150);
    report_check(&report);
    assert_int_equal(report.fault_count, 0);
    written(&report, report_write,
            "wave   applied  paid\n2            2  1.00\n10           4  0.50\ntotal        6  "
            "1.50\n");
    written(&report, report_write_csv,
            "wave,applied,paid\r\n2,2,1.00\r\n10,4,0.50\r\ntotal,6,1.50\r\n");
    report_release(&report);
}

static void what_does_not_add_up_is_named(void **state)
{
    struct report report;
    (void)state;
    by_district(&report);
    part(&report, "1", 1000, 5);
    part(&report, "2", 24, 0);
    total(&report, 1014, 7);
    report_check(&report);
    assert_int_equal(report.fault_count, 2);
    written(&report, report_write_faults,
            "RECONCILE_MISMATCH: applied: 1,014 stated, 1,024 counted (10 more)\n"
            "RECONCILE_MISMATCH: paid: 0.07 stated, 0.05 counted (0.02 less)\n");
    written(
        &report, report_write_json,
        "\"rows\": [{\"wave\": \"1\", \"applied\": 1000, \"paid_hundredths\": 5}, {\"wave\": "
        "\"2\", "
        "\"applied\": 24, \"paid_hundredths\": 0}],\n \"total\": [{\"wave\": \"total\", "
        "\"applied\": 1014, "
        "\"paid_hundredths\": 7}],\n \"faults\": [{\"code\": \"RECONCILE_MISMATCH\", \"what\": "
        "\"applied\", \"stated\": 1014, \"counted\": 1024}, {\"code\": \"RECONCILE_MISMATCH\", "
        "\"what\": "
        "\"paid\", \"stated_hundredths\": 7, \"counted_hundredths\": 5}],\n \"overlaps\": []");
    report_release(&report);
}

static void one_more_and_one_less_are_both_seen(void **state)
{
    static const struct {
        const char *name;
        int64_t stated;
        size_t faults;
    } cases[] = {{"one less", 9, 1}, {"the same", 10, 0}, {"one more", 11, 1}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct report report;
        by_district(&report);
        part(&report, "1", 10, 0);
        total(&report, cases[i].stated, 0);
        report_check(&report);
        assert_int_equal(report.fault_count, cases[i].faults);
        report_release(&report);
    }
}

static void a_total_without_parts_is_a_fault_and_nothing_without_both_is_none(void **state)
{
    struct report report;
    (void)state;
    by_district(&report);
    report_check(&report);
    assert_int_equal(report.fault_count, 0);
    total(&report, 1, 0);
    report_check(&report);
    assert_int_equal(report.fault_count, 1);
    report_release(&report);
}

/* Two people of whom one went to both providers: three visits. One visit for two people is a fault all the same. */
static void more_than_the_total_is_an_overlap_where_parts_may_overlap(void **state)
{
    static const struct {
        int64_t parts[2];
        size_t wrong, overlaps;
    } cases[] = {{{2, 1}, 0, 1}, {{1, 1}, 0, 0}, {{1, 0}, 1, 0}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct report report;
        by_district(&report);
        report.overlap = "who went to both stands at each";
        part(&report, "1", cases[i].parts[0], 0);
        part(&report, "2", cases[i].parts[1], 0);
        total(&report, 2, 0);
        report_check(&report);
        assert_int_equal(report_wrong(&report), cases[i].wrong);
        assert_int_equal(report.overlap_count, cases[i].overlaps);
        if (cases[i].overlaps > 0)
            written(&report, report_write_faults,
                    "OVERLAP: applied: who went to both stands at each: 2 stated, 3 counted (1 "
                    "more)\n");
        report_release(&report);
    }
}

static void second_figure_write(const struct report *report, struct buffer *text)
{
    report_write_figures(report, 1, 1, text);
}

static void a_table_may_show_some_of_the_figures(void **state)
{
    struct report report;
    (void)state;
    by_district(&report);
    part(&report, "1", 1000, 5);
    total(&report, 1000, 5);
    written(&report, second_figure_write, "wave   paid\n1      0.05\ntotal  0.05\n");
    report_release(&report);
}

static void currencies_have_totals_of_their_own(void **state)
{
    const struct slice rupiah[] = {SLICE("IDR"), SLICE("p")},
                       ringgit[] = {SLICE("MYR"), SLICE("p")};
    struct report report;
    (void)state;
    report_init(&report, "money", true);
    report_key(&report, "programme");
    report_figure(&report, "paid", COLUMN_MONEY);
    report_add(report_part(&report, rupiah), 0, 700);
    report_add(report_part(&report, ringgit), 0, 5);
    report_add(report_total(&report, SLICE("IDR")), 0, 700);
    report_check(&report); /* nothing was stated in ringgit */
    written(&report, report_write_faults,
            "RECONCILE_MISMATCH: paid, MYR: 0.00 stated, 0.05 counted (0.05 more)\n");
    report_release(&report);
}

static void more_faults_than_there_is_room_for_are_counted(void **state)
{
    struct report report;
    (void)state;
    by_district(&report);
    for (int64_t i = 0; i <= REPORT_FAULTS; i++)
        report_disagree(&report, false, i, i + 1, "row %d", (int)i);
    report_disagree(&report, false, 3, 3, "the same");
    assert_int_equal(report.fault_count, REPORT_FAULTS);
    assert_int_equal(report.faults_dropped, 1);
    report_release(&report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_stand_in_the_order_of_numbers),
        cmocka_unit_test(what_does_not_add_up_is_named),
        cmocka_unit_test(one_more_and_one_less_are_both_seen),
        cmocka_unit_test(a_total_without_parts_is_a_fault_and_nothing_without_both_is_none),
        cmocka_unit_test(more_than_the_total_is_an_overlap_where_parts_may_overlap),
        cmocka_unit_test(a_table_may_show_some_of_the_figures),
        cmocka_unit_test(currencies_have_totals_of_their_own),
        cmocka_unit_test(more_faults_than_there_is_room_for_are_counted),
    };
    return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
