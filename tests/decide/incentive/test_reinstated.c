/* An award that had ended lives again: exactly its money, exactly what lapsed with it, and no older end. */
#include "desk.h"

#define ITEM   "job_search_incentive"
#define SURVEY "survey_incentive"
#define PRICE  RUPIAH(800000)
#define AMOUNT RUPIAH(600000)

/* Days on which ends and reinstatements are said. */
#define ENDED      NOON(2021, 5, 1)
#define REINSTATED NOON(2021, 6, 1)

static enum decision_kind say(struct desk *desk, int32_t by, int32_t what, const char *reason,
                              int64_t sequence, instant_us at)
{
    struct award_changed changed = desk_change(desk, by, what, reason, sequence);
    changed.occurred_at = at;
    return desk_take(desk, &award_changed_event, &changed);
}

static enum decision_kind revoke(struct desk *desk, instant_us at, int64_t sequence)
{
    return say(desk, AWARD_CHANGED_BY_OFFICER, AWARD_CHANGED_CHANGE_REVOKED,
               "FRAUD_IDENTITY_FORGED", sequence, at);
}

static enum decision_kind reinstate(struct desk *desk, instant_us at, int64_t sequence)
{
    return say(desk, AWARD_CHANGED_BY_APPLICATION, AWARD_CHANGED_CHANGE_REINSTATED,
               "FRAUD_IDENTITY_FORGED", sequence, at);
}

static enum decision_kind enrol(struct desk *desk, int32_t status, int64_t sequence)
{
    struct enrolment_decided enrolled = desk_enrolled(desk, "E-1", PRICE);
    enrolled.status = status;
    enrolled.sequence = sequence;
    enrolled.has_price = status == ENROLMENT_DECIDED_STATUS_ACCEPTED;
    return desk_take(desk, &enrolment_decided_event, &enrolled);
}

static void approve(struct desk *desk, const char *item, int count, int64_t amount,
                    epoch_day due_on)
{
    struct incentive_approved approved = desk_approval(desk, item, count, due_on, amount);
    desk_take(desk, &incentive_approved_event, &approved);
}

static enum decision_kind answer(struct desk *desk, int attempt, int32_t status, instant_us at)
{
    struct payout_settled settled = desk_answer(desk, ITEM, 1, attempt, status, at);
    return desk_take(desk, &payout_settled_event, &settled);
}

static void balances(struct desk *desk, int64_t committed, int64_t used, int64_t payable,
                     int64_t in_flight, int64_t paid, int64_t released)
{
    assert_int_equal(desk_balance(desk, COMMITTED), committed);
    assert_int_equal(desk_balance(desk, USED), used);
    assert_int_equal(desk_balance(desk, PAYABLE), payable);
    assert_int_equal(desk_balance(desk, IN_FLIGHT), in_flight);
    assert_int_equal(desk_balance(desk, PAID), paid);
    assert_int_equal(desk_balance(desk, RELEASED), released);
}

/* What stood where when the award ended, a case each; what was released is committed again. */
struct stand {
    const char *name;
    bool used, verified, in_flight, paid;
    int64_t released;
};

static const struct stand stands[] = {
    {"nothing used", .released = PACKAGE},
    {"a purchase", .used = true, .released = PACKAGE - PRICE},
    {"a price that is owed", .used = true, .verified = true, .released = PACKAGE},
    {"an instalment on its way", .in_flight = true, .released = PACKAGE - AMOUNT},
    {"an instalment paid", .in_flight = true, .paid = true, .released = PACKAGE - AMOUNT},
    {"all of it", .used = true, .verified = true, .in_flight = true, .paid = true,
     .released = PACKAGE - AMOUNT},
};

static void bring(struct desk *desk, const struct stand *stand)
{
    desk_open(desk, 12);
    struct application_decided awarded = desk_awarded(desk);
    struct account_linked linked = desk_link(desk);
    desk_take(desk, &application_decided_event, &awarded);
    desk_take(desk, &account_linked_event, &linked);
    if (stand->used)
        enrol(desk, ENROLMENT_DECIDED_STATUS_ACCEPTED, 1);
    if (stand->verified) /* and no account of the provider: it waits */
        approve(desk, "training", 1, PRICE, DAY(2021, 4, 1));
    if (stand->in_flight)
        approve(desk, ITEM, 1, AMOUNT, DAY(2021, 4, 10));
    desk_run(desk, MIDNIGHT(2021, 4, 10));
    if (stand->paid)
        answer(desk, 1, PAYOUT_SETTLED_STATUS_PAID, NOON(2021, 4, 10));
}

static void what_was_released_is_committed_again(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof stands / sizeof stands[0]; i++) {
        struct desk desk;
        bring(&desk, &stands[i]);
        int64_t committed = desk_balance(&desk, COMMITTED), used = desk_balance(&desk, USED);
        int64_t payable = desk_balance(&desk, PAYABLE);
        int64_t in_flight = desk_balance(&desk, IN_FLIGHT), paid = desk_balance(&desk, PAID);
        assert_int_equal(revoke(&desk, ENDED, 1), DECIDED);
        if (desk.released != stands[i].released)
            fail_msg("%s: another amount is released", stands[i].name);
        assert_int_equal(reinstate(&desk, REINSTATED, 4), DECIDED);
        balances(&desk, committed, used, payable, in_flight, paid, 0);
        assert_false(desk_award(&desk)->revoked);
        assert_int_equal(reinstate(&desk, REINSTATED, 4), REPEATED);
        assert_int_equal(desk.released, stands[i].released); /* nothing more is told */
        desk_close(&desk);
    }
}

static void what_lapsed_with_the_award_is_paid_after_all(void **state)
{
    static const int32_t ends[] = {AWARD_CHANGED_CHANGE_REVOKED, AWARD_CHANGED_CHANGE_CLOSED};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct desk desk;
        desk_open(&desk, 12);
        desk_give_award(&desk);
        approve(&desk, ITEM, 4, AMOUNT, DAY(2021, 4, 10));
        desk_run(&desk, MIDNIGHT(2021, 4, 10));
        answer(&desk, 1, PAYOUT_SETTLED_STATUS_PAID, NOON(2021, 4, 10));
        say(&desk, AWARD_CHANGED_BY_COMPLETION, ends[i], "BALANCE_RETURNED", 1, ENDED);
        /* Approved in ignorance of the end: it lapses too. */
        approve(&desk, SURVEY, 1, RUPIAH(50000), DAY(2021, 4, 20));
        desk_run(&desk, NOON(2021, 5, 20));
        assert_int_equal(desk_balance(&desk, COMMITTED), 0);
        assert_int_equal(desk.requested_count, 1);
        assert_int_equal(reinstate(&desk, REINSTATED, 2), DECIDED);
        assert_string_equal(desk_status(&desk, ITEM, 1), "PAID");
        assert_string_equal(desk_status(&desk, ITEM, 2), "APPROVED");
        desk_run(&desk, REINSTATED); /* what was due meanwhile, at once */
        assert_int_equal(desk.requested_count, 3);
        assert_string_equal(desk_status(&desk, ITEM, 3), "APPROVED");
        assert_string_equal(desk_status(&desk, SURVEY, 1), "IN_FLIGHT");
        desk_run(&desk, NOON(2021, 7, 10));
        assert_int_equal(desk.requested_count, 5);
        desk_close(&desk);
    }
}

/* What ended for a reason of its own stays ended. */
static void what_ended_for_itself_stays_ended(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk, 12);
    desk_ready(&desk);
    approve(&desk, SURVEY, 3, RUPIAH(50000), DAY(2021, 8, 1));
    struct incentive_stopped stopped = {.award_id = desk.award_id,
                                        .item = SLICE(SURVEY),
                                        .from_instalment = 3,
                                        .effect = INCENTIVE_STOPPED_EFFECT_EXPIRED,
                                        .reason = SLICE("SURVEY_LATE"),
                                        .occurred_at = NOON(2021, 4, 15),
                                        .sequence = 1};
    desk_take(&desk, &incentive_stopped_event, &stopped);
    /* The end itself stops what it finds. */
    stopped.from_instalment = 1;
    stopped.reason = SLICE("BALANCE_RETURNED");
    stopped.occurred_at = ENDED;
    stopped.sequence = 2;
    say(&desk, AWARD_CHANGED_BY_COMPLETION, AWARD_CHANGED_CHANGE_CLOSED, "BALANCE_RETURNED", 1,
        ENDED);
    desk_take(&desk, &incentive_stopped_event, &stopped);
    assert_int_equal(reinstate(&desk, REINSTATED, 2), DECIDED);
    assert_string_equal(desk_status(&desk, SURVEY, 3), "EXPIRED");
    assert_string_equal(desk_status(&desk, SURVEY, 1), "APPROVED");
    assert_int_equal(desk_award(&desk)->stops.count, 1);
    /* Told again, or late: the end's own stop is undone with it. */
    assert_int_equal(desk_take(&desk, &incentive_stopped_event, &stopped), REPEATED);
    desk_run(&desk, NOON(2021, 8, 1));
    assert_string_equal(desk_status(&desk, SURVEY, 1), "IN_FLIGHT");
    desk_close(&desk);
}

static void a_failure_after_the_end_is_held_again(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk, 12);
    desk_ready(&desk);
    desk_run(&desk, MIDNIGHT(2021, 4, 10));
    revoke(&desk, ENDED, 1);
    assert_int_equal(answer(&desk, 1, PAYOUT_SETTLED_STATUS_REJECTED, NOON(2021, 5, 2)),
                     DECIDED);
    assert_string_equal(desk_status(&desk, ITEM, 1), "CANCELLED");
    assert_int_equal(desk.released, PACKAGE);
    reinstate(&desk, REINSTATED, 1);
    balances(&desk, PACKAGE, 0, 0, 0, 0, 0);
    desk_run(&desk, REINSTATED);
    assert_string_equal(desk_status(&desk, ITEM, 1), "HELD"); /* nothing has mended it */
    struct account_linked linked = desk_link(&desk);
    linked.revision = 2;
    linked.linked_at = REINSTATED + US_PER_DAY;
    desk_take(&desk, &account_linked_event, &linked);
    desk_run(&desk, REINSTATED + US_PER_DAY);
    assert_string_equal(desk_status(&desk, ITEM, 1), "IN_FLIGHT");
    desk_close(&desk);
}

/* What fails, or lapses with the balance, after the reinstatement and is heard before it: the payment is owed again, and the
 * money stands as in the other order. */
static void what_crosses_the_reinstatement(void **state)
{
    (void)state;
    for (int reinstated_first = 0; reinstated_first < 2; reinstated_first++) {
        struct desk desk;
        desk_open(&desk, 12);
        desk_ready(&desk);
        enrol(&desk, ENROLMENT_DECIDED_STATUS_ACCEPTED, 1);
        desk_run(&desk, MIDNIGHT(2021, 4, 10));
        revoke(&desk, ENDED, 1);
        if (reinstated_first)
            reinstate(&desk, REINSTATED, 2);
        answer(&desk, 1, PAYOUT_SETTLED_STATUS_REJECTED, REINSTATED + US_PER_DAY);
        enrol(&desk, ENROLMENT_DECIDED_STATUS_REJECTED, 2);
        if (!reinstated_first)
            reinstate(&desk, REINSTATED, 2);
        balances(&desk, PACKAGE, 0, 0, 0, 0, 0);
        desk_run(&desk, REINSTATED + US_PER_DAY);
        assert_string_equal(desk_status(&desk, ITEM, 1), "HELD");
        assert_string_equal(desk_reasons(&desk, ITEM, 1), "PROVIDER_REJECTED");
        desk_close(&desk);
    }
}

/* A balance that lapses is released under its own instant: only a reinstatement that is not earlier takes it back. */
static void a_balance_that_lapsed_by_itself(void **state)
{
    const struct {
        const char *name;
        instant_us lapsed;
        bool end_heard;
        int64_t released;
    } cases[] = {{"before the end", ENDED - US_PER_DAY, true, 0},
                 {"before an end that is not heard", ENDED - US_PER_DAY, false, 0},
                 {"at the reinstatement's instant", REINSTATED, false, 0},
                 {"after it", REINSTATED + 1, false, RUPIAH(1000000)}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (int reinstated_first = 0; reinstated_first < 2; reinstated_first++) {
            struct desk desk;
            desk_open(&desk, 12);
            desk_ready(&desk);
            struct incentive_stopped stopped = {.award_id = desk.award_id,
                                                .item = SLICE("training"),
                                                .from_instalment = 1,
                                                .effect = INCENTIVE_STOPPED_EFFECT_EXPIRED,
                                                .reason = SLICE("BALANCE_RETURNED"),
                                                .occurred_at = cases[i].lapsed,
                                                .sequence = 1};
            if (reinstated_first)
                reinstate(&desk, REINSTATED, 2);
            desk_take(&desk, &incentive_stopped_event, &stopped);
            if (cases[i].end_heard)
                revoke(&desk, ENDED, 1);
            if (!reinstated_first)
                reinstate(&desk, REINSTATED, 2);
            if (desk_balance(&desk, RELEASED) != cases[i].released)
                fail_msg("%s, heard %d: another amount", cases[i].name, reinstated_first);
            desk_close(&desk);
        }
}

/* An end stops what it finds: three records, which come in any order. Undone, it stops nothing. */
static void an_end_its_stop_and_the_reinstatement_in_any_order(void **state)
{
    static const char *const orders[] = {"SER", "SRE", "ESR", "ERS", "RSE", "RES"};
    (void)state;
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
        struct desk desk;
        desk_open(&desk, 12);
        desk_ready(&desk);
        struct incentive_stopped stopped = {.award_id = desk.award_id,
                                            .item = SLICE(SURVEY),
                                            .from_instalment = 1,
                                            .effect = INCENTIVE_STOPPED_EFFECT_EXPIRED,
                                            .reason = SLICE("BALANCE_RETURNED"),
                                            .occurred_at = ENDED,
                                            .sequence = 1};
        for (const char *one = orders[i]; *one != '\0'; one++)
            if (*one == 'S')
                desk_take(&desk, &incentive_stopped_event, &stopped);
            else if (*one == 'E')
                say(&desk, AWARD_CHANGED_BY_COMPLETION, AWARD_CHANGED_CHANGE_CLOSED,
                    "BALANCE_RETURNED", 1, ENDED);
            else
                reinstate(&desk, REINSTATED, 2);
        balances(&desk, PACKAGE, 0, 0, 0, 0, 0);
        approve(&desk, SURVEY, 1, RUPIAH(50000), DAY(2021, 8, 1));
        desk_run(&desk, NOON(2021, 8, 1));
        if (strcmp(desk_status(&desk, SURVEY, 1), "IN_FLIGHT") != 0)
            fail_msg("%s: %s", orders[i], desk_status(&desk, SURVEY, 1));
        desk_close(&desk);
    }
}

/* The end and the reinstatement of two writers, heard in either order; then an end that is new. */
static void only_a_later_end_counts(void **state)
{
    static const struct {
        const char *name;
        instant_us after; /* the reinstatement */
        bool ends;
    } cases[] = {{"a month before", -31 * US_PER_DAY, false},
                 {"at the same instant", 0, false},
                 {"an instant later", 1, true}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (int reinstated_first = 0; reinstated_first < 2; reinstated_first++) {
            struct desk desk;
            desk_open(&desk, 12);
            desk_ready(&desk);
            if (reinstated_first)
                assert_int_equal(reinstate(&desk, REINSTATED, 3), DECIDED);
            enum decision_kind kind = revoke(&desk, REINSTATED + cases[i].after, 1);
            if (!reinstated_first)
                assert_int_equal(reinstate(&desk, REINSTATED, 3), DECIDED);
            else
                assert_int_equal(kind, DECIDED);
            assert_int_equal(revoke(&desk, REINSTATED + cases[i].after, 1), REPEATED);
            if (desk_award(&desk)->revoked != cases[i].ends)
                fail_msg("%s, heard %d: ended otherwise", cases[i].name, reinstated_first);
            assert_int_equal(desk_balance(&desk, COMMITTED), cases[i].ends ? 0 : PACKAGE);
            desk_run(&desk, REINSTATED + US_PER_DAY);
            assert_int_equal(desk.requested_count, cases[i].ends ? 0 : 1);
            desk_close(&desk);
        }
}

/* Two ends with a reinstatement between them, the second heard before it: the money is released under
 * the second's time, so that whoever has taken it anew frees it. */
static void an_end_heard_before_an_older_reinstatement_stands(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk, 12);
    desk_ready(&desk);
    revoke(&desk, ENDED, 1);
    assert_int_equal(desk.released, PACKAGE);
    assert_int_equal(revoke(&desk, REINSTATED + US_PER_DAY, 2), DECIDED);
    assert_int_equal(desk.released, PACKAGE);
    assert_int_equal(reinstate(&desk, REINSTATED, 3), DECIDED);
    const struct commitment_released *released =
        room_output(&desk.room, &commitment_released_event, 0);
    assert_int_equal(released->occurred_at, REINSTATED + US_PER_DAY);
    assert_int_equal(desk.released, 2 * PACKAGE);
    balances(&desk, 0, 0, 0, 0, 0, PACKAGE);
    assert_true(desk_award(&desk)->revoked);
    assert_string_equal(desk_status(&desk, ITEM, 1), "REFUSED");
    desk_close(&desk);
}

static void an_officers_word_waits_for_applications(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk, 12);
    desk_ready(&desk);
    revoke(&desk, ENDED, 1);
    assert_int_equal(say(&desk, AWARD_CHANGED_BY_OFFICER, AWARD_CHANGED_CHANGE_REINSTATED,
                         "FRAUD_IDENTITY_FORGED", 2, REINSTATED),
                     REPEATED);
    assert_true(desk_award(&desk)->revoked);
    balances(&desk, 0, 0, 0, 0, 0, PACKAGE);
    desk_close(&desk);
}

static void an_award_may_end_and_live_again_more_than_once(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk, 12);
    desk_ready(&desk);
    for (int n = 0; n < 3; n++) {
        assert_int_equal(revoke(&desk, ENDED + n * 30 * US_PER_DAY, 2 * n + 1), DECIDED);
        balances(&desk, 0, 0, 0, 0, 0, PACKAGE);
        assert_int_equal(reinstate(&desk, ENDED + (n * 30 + 10) * US_PER_DAY, n + 1), DECIDED);
        balances(&desk, PACKAGE, 0, 0, 0, 0, 0);
    }
    desk_run(&desk, NOON(2021, 12, 1));
    assert_int_equal(desk.requested_count, 1);
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_released_is_committed_again),
        cmocka_unit_test(what_lapsed_with_the_award_is_paid_after_all),
        cmocka_unit_test(what_ended_for_itself_stays_ended),
        cmocka_unit_test(a_failure_after_the_end_is_held_again),
        cmocka_unit_test(what_crosses_the_reinstatement),
        cmocka_unit_test(a_balance_that_lapsed_by_itself),
        cmocka_unit_test(an_end_its_stop_and_the_reinstatement_in_any_order),
        cmocka_unit_test(only_a_later_end_counts),
        cmocka_unit_test(an_end_heard_before_an_older_reinstatement_stands),
        cmocka_unit_test(an_officers_word_waits_for_applications),
        cmocka_unit_test(an_award_may_end_and_live_again_more_than_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
