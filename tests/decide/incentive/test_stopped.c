/* What a stopped or refused instalment leaves goes back at once, each amount once, whatever came first. */
#include "desk.h"

#define ITEM   "job_search_incentive"
#define SURVEY "survey_incentive"
#define AMOUNT RUPIAH(600000)
#define SMALL  RUPIAH(50000)

static void approve(struct desk *desk, const char *item, int first, int last, int64_t amount)
{
    struct incentive_approved approved =
        desk_approval(desk, item, last, DAY(2021, 4, 10), amount);
    approved.instalments.items += first - 1;
    approved.instalments.count = (size_t)(last - first + 1);
    assert_int_equal(desk_take(desk, &incentive_approved_event, &approved), DECIDED);
}

static void stop(struct desk *desk, const char *item, int from, int64_t sequence)
{
    struct incentive_stopped stopped = {.award_id = desk->award_id,
                                        .item = slice_of(item),
                                        .from_instalment = from,
                                        .effect = INCENTIVE_STOPPED_EFFECT_EXPIRED,
                                        .reason = SLICE("SURVEY_LATE"),
                                        .occurred_at = NOON(2021, 4, 9),
                                        .sequence = sequence};
    assert_int_equal(desk_take(desk, &incentive_stopped_event, &stopped), DECIDED);
}

static void answer(struct desk *desk, const char *item, int instalment, int32_t status)
{
    struct payout_settled settled =
        desk_answer(desk, item, instalment, 1, status, NOON(2021, 4, 10));
    assert_int_equal(desk_take(desk, &payout_settled_event, &settled), DECIDED);
}

static void begin(struct desk *desk)
{
    desk_open(desk, 12);
    struct application_decided awarded = desk_awarded(desk);
    struct account_linked linked = desk_link(desk);
    desk_take(desk, &application_decided_event, &awarded);
    desk_take(desk, &account_linked_event, &linked);
}

/* A letter a step: approve survey 1, 2, 3; stop from 3, from 2. */
static void each_amount_once_in_any_order(void **state)
{
    static const struct {
        const char *steps;
        int released; /* surveys */
    } cases[] = {{"23", 2},    {"2", 2},    {"3", 1},    {"1232", 2}, {"2123", 2},
                 {"12332", 2}, {"a2", 2},   {"2a", 2},   {"3a2", 2},  {"a32", 2},
                 {"b2", 2},    {"2b", 2},   {"b3c2", 2}, {"3c2b", 2}, {"abc32", 2},
                 {"32abc", 2}, {"c3ab2", 2}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct desk desk;
        bool stopped[4] = {false};
        begin(&desk);
        for (const char *step = cases[i].steps; *step != '\0'; step++) {
            int number = *step - (*step >= 'a' ? 'a' - 1 : '0');
            if (*step >= 'a')
                approve(&desk, SURVEY, number, number, SMALL);
            else if (number > 1 && !stopped[number] && !(number == 3 && stopped[2])) {
                stop(&desk, SURVEY, number, number);
                stopped[number] = true;
            }
        }
        if (desk_balance(&desk, RELEASED) != cases[i].released * SMALL)
            fail_msg("%s: another amount", cases[i].steps);
        desk_close(&desk);
    }
}

/* The others' money stays: what is not stopped is paid to the end. */
static void what_goes_on_is_paid(void **state)
{
    struct desk desk;
    (void)state;
    begin(&desk);
    stop(&desk, ITEM, 3, 1);
    approve(&desk, ITEM, 1, 4, AMOUNT);
    stop(&desk, SURVEY, 2, 2);
    approve(&desk, SURVEY, 1, 1, SMALL);
    assert_int_equal(desk_balance(&desk, RELEASED), 2 * AMOUNT + 2 * SMALL);
    desk_run(&desk, NOON(2021, 8, 1));
    assert_int_equal(desk_balance(&desk, IN_FLIGHT), 2 * AMOUNT + SMALL);
    assert_string_equal(desk_status(&desk, ITEM, 3), "EXPIRED");
    desk_close(&desk);
}

/* On its way when it is stopped: paid if the gateway pays. Refused, it ends, and its money stays until the award's end,
 * because the gateway may pay it after all. */
static void what_is_on_its_way(void **state)
{
    (void)state;
    for (int paid = 0; paid < 2; paid++) {
        struct desk desk;
        begin(&desk);
        approve(&desk, SURVEY, 1, 1, SMALL);
        desk_run(&desk, MIDNIGHT(2021, 4, 10));
        stop(&desk, SURVEY, 1, 1);
        assert_int_equal(desk_balance(&desk, RELEASED), 2 * SMALL);
        answer(&desk, SURVEY, 1,
               paid ? PAYOUT_SETTLED_STATUS_PAID : PAYOUT_SETTLED_STATUS_REJECTED);
        struct account_linked linked = desk_link(&desk);
        linked.revision = 2;
        linked.linked_at = NOON(2021, 4, 11);
        desk_take(&desk, &account_linked_event, &linked);
        desk_run(&desk, NOON(2021, 5, 1));
        assert_string_equal(desk_status(&desk, SURVEY, 1), paid ? "PAID" : "EXPIRED");
        assert_int_equal(desk_balance(&desk, RELEASED), 2 * SMALL);
        struct award_changed closed =
            desk_change(&desk, AWARD_CHANGED_BY_COMPLETION, AWARD_CHANGED_CHANGE_CLOSED,
                        "BALANCE_RETURNED", 1);
        closed.occurred_at = NOON(2021, 6, 1);
        desk_take(&desk, &award_changed_event, &closed);
        assert_int_equal(desk_balance(&desk, RELEASED), PACKAGE - (paid ? SMALL : 0));
        desk_close(&desk);
    }
}

static void what_an_officer_refuses(void **state)
{
    struct desk desk;
    (void)state;
    begin(&desk);
    struct award_changed held = desk_change(&desk, AWARD_CHANGED_BY_OFFICER,
                                            AWARD_CHANGED_CHANGE_HELD, "FRAUD_SUSPECTED", 1);
    desk_take(&desk, &award_changed_event, &held);
    approve(&desk, ITEM, 1, 1, AMOUNT);
    desk_run(&desk, NOON(2021, 4, 11));
    assert_string_equal(desk_reasons(&desk, ITEM, 1), "AWARD_HELD,FRAUD_SUSPECTED");
    struct uuid id = desk_entitlement_id(&desk, ITEM, 1);
    struct case_resolved upheld = desk_case(&desk, &id, "FRAUD_SUSPECTED",
                                            CASE_RESOLVED_OUTCOME_UPHELD, NOON(2021, 4, 12));
    assert_int_equal(desk_take(&desk, &case_resolved_event, &upheld), DECIDED);
    assert_string_equal(desk_status(&desk, ITEM, 1), "CANCELLED");
    assert_int_equal(desk_balance(&desk, RELEASED), AMOUNT);
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_amount_once_in_any_order),
        cmocka_unit_test(what_goes_on_is_paid),
        cmocka_unit_test(what_is_on_its_way),
        cmocka_unit_test(what_an_officer_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
