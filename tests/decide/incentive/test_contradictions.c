/* A gateway that contradicts itself, in an order that hides it: what is in dispute is ended by two officers and by nobody
 * else, what was said already is said again without effect, and what mends a refusal counts whichever came first. */
#include "desk.h"

#define ITEM     "job_search_incentive"
#define MISMATCH "RECONCILE_MISMATCH"
#define SETTLED  PAYOUT_SETTLED_STATUS_PAID
#define REFUSED  PAYOUT_SETTLED_STATUS_REJECTED

static struct desk desk;

/* One instalment, sent on 10 April to the first account. */
static void begin(void)
{
    desk_open(&desk, 12);
    desk_ready(&desk);
    desk_run(&desk, MIDNIGHT(2021, 4, 10));
    assert_int_equal(desk.requested_count, 1);
}

static enum decision_kind say(int attempt, int32_t status, instant_us at)
{
    struct payout_settled settled = desk_answer(&desk, ITEM, 1, attempt, status, at);
    return desk_take(&desk, &payout_settled_event, &settled);
}

static enum decision_kind say_wrong_sum(int attempt, instant_us at)
{
    struct payout_settled settled = desk_answer(&desk, ITEM, 1, attempt, SETTLED, at);
    settled.has_amount = true;
    settled.amount = RUPIAH(1);
    return desk_take(&desk, &payout_settled_event, &settled);
}

static void link_anew(int32_t revision, instant_us at)
{
    struct account_linked linked = desk_link(&desk);
    linked.revision = revision;
    linked.linked_at = at;
    assert_int_equal(desk_take(&desk, &account_linked_event, &linked), DECIDED);
}

static void officers_say(int32_t outcome, instant_us at)
{
    struct uuid id = desk_entitlement_id(&desk, ITEM, 1);
    struct case_resolved resolved = desk_case(&desk, &id, MISMATCH, outcome, at);
    assert_int_equal(desk_take(&desk, &case_resolved_event, &resolved), DECIDED);
}

static void it_is(const char *status, const char *reasons)
{
    assert_string_equal(desk_status(&desk, ITEM, 1), status);
    assert_string_equal(desk_reasons(&desk, ITEM, 1), reasons);
}

static void a_refusal_ends_no_dispute(void **state)
{
    (void)state;
    begin();
    assert_int_equal(say_wrong_sum(1, NOON(2021, 4, 10)), DECIDED);
    assert_int_equal(say(1, REFUSED, NOON(2021, 4, 11)), REPEATED);
    desk_run(&desk, NOON(2021, 5, 10));
    it_is("HELD", MISMATCH);
    assert_int_equal(desk.requested_count, 1); /* nothing is sent a second time */
    desk_close(&desk);
}

static void an_account_linked_before_the_refusal_mends_it(void **state)
{
    (void)state;
    begin();
    link_anew(2, NOON(2021, 4, 10));
    assert_int_equal(say(1, REFUSED, NOON(2021, 4, 11)), DECIDED);
    desk_run(&desk, NOON(2021, 4, 11));
    it_is("IN_FLIGHT", "");
    assert_int_equal(desk.requested_count, 2);
    desk_close(&desk);
}

static void a_return_under_way_is_newer_than_the_officers_word(void **state)
{
    (void)state;
    begin();
    say_wrong_sum(1, NOON(2021, 4, 10));
    officers_say(CASE_RESOLVED_OUTCOME_WAIVED, NOON(2021, 4, 20));
    it_is("PAID", "");
    assert_int_equal(say(1, PAYOUT_SETTLED_STATUS_RETURNED, NOON(2021, 4, 15)), DECIDED);
    it_is("HELD", "PROVIDER_REJECTED");
    assert_int_equal(desk_balance(&desk, PAID), 0);
    desk_close(&desk);
}

static void what_was_lost_is_not_sent_again_under_a_hold(void **state)
{
    (void)state;
    begin();
    struct award_changed changed = desk_change(&desk, AWARD_CHANGED_BY_OFFICER,
                                               AWARD_CHANGED_CHANGE_HELD, "FRAUD_SUSPECTED", 1);
    assert_int_equal(desk_take(&desk, &award_changed_event, &changed), DECIDED);
    assert_int_equal(say(1, PAYOUT_SETTLED_STATUS_NOT_FOUND, NOON(2021, 4, 10)), DECIDED);
    assert_int_equal(desk.requested_count, 1);
    changed.change = AWARD_CHANGED_CHANGE_RELEASED;
    changed.sequence = 2;
    changed.occurred_at = NOON(2021, 4, 11);
    desk_take(&desk, &award_changed_event, &changed);
    assert_int_equal(say(1, PAYOUT_SETTLED_STATUS_NOT_FOUND, NOON(2021, 4, 12)), DECIDED);
    assert_int_equal(desk.requested_count, 2);
    desk_close(&desk);
}

static void a_refusal_of_what_was_paid_stays_whatever_another_attempt_does(void **state)
{
    (void)state;
    begin();
    say(1, REFUSED, NOON(2021, 4, 10));
    link_anew(2, NOON(2021, 4, 11));
    desk_run(&desk, NOON(2021, 4, 11));
    assert_int_equal(desk.requested_count, 2);
    say(1, SETTLED, NOON(2021, 4, 12));
    assert_int_equal(say(1, REFUSED, NOON(2021, 4, 13)), DECIDED);
    it_is("PAID", MISMATCH);
    assert_int_equal(say(2, REFUSED, NOON(2021, 4, 14)), DECIDED);
    it_is("PAID", MISMATCH);
    desk_close(&desk);
}

static void what_officers_refused_is_not_disputed_again(void **state)
{
    (void)state;
    begin();
    say_wrong_sum(1, NOON(2021, 4, 10));
    officers_say(CASE_RESOLVED_OUTCOME_UPHELD, NOON(2021, 4, 20));
    link_anew(2, NOON(2021, 4, 21));
    desk_run(&desk, NOON(2021, 4, 21));
    assert_int_equal(say(2, SETTLED, NOON(2021, 4, 22)), DECIDED);
    assert_int_equal(say_wrong_sum(1, NOON(2021, 4, 10)), REPEATED);
    it_is("PAID", "");
    desk_close(&desk);
}

static void a_copy_of_the_first_refusal_is_no_second_one(void **state)
{
    (void)state;
    begin();
    say(1, REFUSED, NOON(2021, 4, 10));
    assert_int_equal(say(1, SETTLED, NOON(2021, 4, 11)), DECIDED);
    assert_int_equal(say(1, REFUSED, NOON(2021, 4, 10)), REPEATED);
    it_is("PAID", "");
    assert_int_equal(say(1, REFUSED, NOON(2021, 4, 12)), DECIDED);
    it_is("PAID", MISMATCH);
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_refusal_ends_no_dispute),
        cmocka_unit_test(an_account_linked_before_the_refusal_mends_it),
        cmocka_unit_test(a_return_under_way_is_newer_than_the_officers_word),
        cmocka_unit_test(what_was_lost_is_not_sent_again_under_a_hold),
        cmocka_unit_test(a_refusal_of_what_was_paid_stays_whatever_another_attempt_does),
        cmocka_unit_test(what_officers_refused_is_not_disputed_again),
        cmocka_unit_test(a_copy_of_the_first_refusal_is_no_second_one),
    };
    return cmocka_run_group_tests_name("contradictions", tests, NULL, NULL);
}
