/* Changes of an award by one writer, in whatever order they come: two of its decisions stand in two partitions'
 * outputs. */
#include "desk.h"

#define ITEM "job_search_incentive"

enum { CHANGES = 5 };

static const struct {
    int32_t change;
    const char *reason;
} said[CHANGES] = {
    {AWARD_CHANGED_CHANGE_HELD, "EDU_ENROLLED"},
    {AWARD_CHANGED_CHANGE_HELD, "AID_BENEFICIARY"},
    {AWARD_CHANGED_CHANGE_RELEASED, "EDU_ENROLLED"},
    {AWARD_CHANGED_CHANGE_RELEASED, "AID_BENEFICIARY"},
    {AWARD_CHANGED_CHANGE_HELD, "EDU_ENROLLED"},
};

/* The n-th order of the five: n counts down through the choices left. */
static void order_of(int n, int order[CHANGES])
{
    int left[CHANGES] = {0, 1, 2, 3, 4};
    for (int count = CHANGES; count > 0; count--) {
        int choice = n % count;
        n /= count;
        order[CHANGES - count] = left[choice];
        memmove(left + choice, left + choice + 1,
                (size_t)(count - choice - 1) * sizeof left[0]);
    }
}

static enum decision_kind change(struct desk *desk, int32_t by, int32_t what,
                                 const char *reason, int64_t sequence)
{
    struct award_changed changed = desk_change(desk, by, what, reason, sequence);
    return desk_take(desk, &award_changed_event, &changed);
}

static void any_order_leaves_the_same_holds(void **state)
{
    (void)state;
    for (int n = 0; n < 120; n++) {
        struct desk desk;
        int order[CHANGES];
        order_of(n, order);
        desk_open(&desk, 12);
        desk_ready(&desk);
        for (int i = 0; i < CHANGES; i++)
            change(&desk, AWARD_CHANGED_BY_APPLICATION, said[order[i]].change,
                   said[order[i]].reason, order[i] + 1);
        for (int i = 0; i < CHANGES; i++)
            assert_int_equal(change(&desk, AWARD_CHANGED_BY_APPLICATION, said[order[i]].change,
                                    said[order[i]].reason, order[i] + 1),
                             REPEATED);
        const struct award_row *award = desk_award(&desk);
        if (award->holds.count != 1 ||
            !slice_is(award->holds.items[0], "APPLICATION:EDU_ENROLLED"))
            fail_msg("order %d leaves %zu holds", n, award->holds.count);
        desk_close(&desk);
    }
}

static void a_hold_that_comes_after_a_later_one_holds(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk, 12);
    desk_ready(&desk);
    change(&desk, AWARD_CHANGED_BY_APPLICATION, AWARD_CHANGED_CHANGE_HELD, "EDU_ENROLLED", 2);
    change(&desk, AWARD_CHANGED_BY_APPLICATION, AWARD_CHANGED_CHANGE_RELEASED, "EDU_ENROLLED",
           3);
    change(&desk, AWARD_CHANGED_BY_APPLICATION, AWARD_CHANGED_CHANGE_HELD, "AID_BENEFICIARY",
           1);
    desk_run(&desk, MIDNIGHT(2021, 4, 10));
    assert_string_equal(desk_reasons(&desk, ITEM, 1), "AID_BENEFICIARY,AWARD_HELD");
    change(&desk, AWARD_CHANGED_BY_APPLICATION, AWARD_CHANGED_CHANGE_RELEASED,
           "AID_BENEFICIARY", 4);
    desk_run(&desk, NOON(2021, 5, 1));
    assert_string_equal(desk_status(&desk, ITEM, 1), "IN_FLIGHT");
    desk_close(&desk);
}

static void an_end_that_comes_after_a_later_hold_ends(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk, 12);
    desk_ready(&desk);
    change(&desk, AWARD_CHANGED_BY_COMPLETION, AWARD_CHANGED_CHANGE_HELD, "FRAUD_SUSPECTED", 2);
    assert_int_equal(change(&desk, AWARD_CHANGED_BY_COMPLETION, AWARD_CHANGED_CHANGE_REVOKED,
                            "FIRST_TRAINING_LATE", 1),
                     DECIDED);
    assert_true(desk_award(&desk)->revoked);
    assert_string_equal(desk_status(&desk, ITEM, 1), "REFUSED");
    assert_int_equal(desk.released, PACKAGE);
    assert_int_equal(change(&desk, AWARD_CHANGED_BY_COMPLETION, AWARD_CHANGED_CHANGE_REVOKED,
                            "FIRST_TRAINING_LATE", 1),
                     REPEATED);
    assert_int_equal(desk.released, PACKAGE);
    desk_close(&desk);
}

static enum decision_kind decree(struct desk *desk, const char *number, int64_t sequence)
{
    struct award_changed decreed =
        desk_change(desk, AWARD_CHANGED_BY_OFFICER, AWARD_CHANGED_CHANGE_DECREED, "", sequence);
    decreed.has_decree_no = true;
    decreed.decree_no = slice_of(number);
    return desk_take(desk, &award_changed_event, &decreed);
}

static void the_newest_decree_stays(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk, 12);
    desk_ready(&desk);
    assert_int_equal(decree(&desk, "KEP-2", 2), DECIDED);
    assert_int_equal(decree(&desk, "KEP-1", 1), REPEATED);
    assert_true(slice_is(desk_award(&desk)->decree_no, "KEP-2"));
    desk_close(&desk);
}

static void every_repayment_counts_once_in_any_order(void **state)
{
    static const struct {
        int64_t sequence;
        enum decision_kind kind;
        int64_t recovered;
    } steps[] = {{3, DECIDED, RUPIAH(300)},
                 {1, DECIDED, RUPIAH(400)},
                 {3, REPEATED, RUPIAH(400)},
                 {2, DECIDED, RUPIAH(600)},
                 {1, REPEATED, RUPIAH(600)}};
    struct desk desk;
    (void)state;
    desk_open(&desk, 12);
    desk_ready(&desk);
    desk_run(&desk, MIDNIGHT(2021, 4, 10));
    struct payout_settled settled =
        desk_answer(&desk, ITEM, 1, 1, PAYOUT_SETTLED_STATUS_PAID, NOON(2021, 4, 10));
    desk_take(&desk, &payout_settled_event, &settled);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        struct award_changed repaid =
            desk_change(&desk, AWARD_CHANGED_BY_OFFICER, AWARD_CHANGED_CHANGE_REPAID,
                        "AUDIT_FINDING", steps[i].sequence);
        repaid.has_amount = true;
        repaid.amount = RUPIAH(100) * steps[i].sequence;
        assert_int_equal(desk_take(&desk, &award_changed_event, &repaid), steps[i].kind);
        assert_int_equal(desk_balance(&desk, RECOVERED), steps[i].recovered);
    }
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_order_leaves_the_same_holds),
        cmocka_unit_test(a_hold_that_comes_after_a_later_one_holds),
        cmocka_unit_test(an_end_that_comes_after_a_later_hold_ends),
        cmocka_unit_test(the_newest_decree_stays),
        cmocka_unit_test(every_repayment_counts_once_in_any_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
