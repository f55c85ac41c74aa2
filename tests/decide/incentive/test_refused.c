/* What cannot be, and who may not: each ends in a dead letter with a reason and a sentence, and moves nothing. */
#include "desk.h"

#define ITEM  "job_search_incentive"
#define PRICE RUPIAH(800000)

/* An award with one instalment under way, and a purchase. */
static void begin(struct desk *desk)
{
    desk_open(desk, 12);
    desk_ready(desk);
    struct enrolment_decided enrolled = desk_enrolled(desk, "E-1", PRICE);
    assert_int_equal(desk_take(desk, &enrolment_decided_event, &enrolled), DECIDED);
    desk_run(desk, MIDNIGHT(2021, 4, 10));
    assert_string_equal(desk_status(desk, ITEM, 1), "IN_FLIGHT");
}

static struct award_changed of_officer(struct desk *desk, int32_t change)
{
    struct award_changed changed =
        desk_change(desk, AWARD_CHANGED_BY_OFFICER, change, "AUDIT_FINDING", 1);
    changed.has_amount = change == AWARD_CHANGED_CHANGE_RECOVERY_NOTICED ||
                         change == AWARD_CHANGED_CHANGE_REPAID;
    changed.amount = RUPIAH(1);
    changed.has_decree_no = change == AWARD_CHANGED_CHANGE_DECREED;
    changed.decree_no = SLICE("KEP-1");
    return changed;
}

static void refused(struct desk *desk, const char *name, enum decision_kind kind,
                    const char *reason, const char *word)
{
    if (kind != DEAD_LETTERED || strcmp(desk->room.decision.reason, reason) != 0)
        fail_msg("%s: %s", name,
                 kind == DEAD_LETTERED ? desk->room.decision.reason : "decided");
    if (strstr(desk->room.decision.sentence, word) == NULL)
        fail_msg("%s: \"%s\" does not say \"%s\"", name, desk->room.decision.sentence, word);
}

/* One officer alone: what holds is taken, what moves money or lifts a hold is not. */
static void what_an_officer_does_takes_two(void **state)
{
    static const struct {
        const char *name;
        int32_t change;
        bool alone;
    } changes[] = {
        {"hold", AWARD_CHANGED_CHANGE_HELD, true},
        {"release", AWARD_CHANGED_CHANGE_RELEASED, false},
        {"decree", AWARD_CHANGED_CHANGE_DECREED, false},
        {"notice a recovery", AWARD_CHANGED_CHANGE_RECOVERY_NOTICED, true},
        {"repay", AWARD_CHANGED_CHANGE_REPAID, false},
        {"revoke", AWARD_CHANGED_CHANGE_REVOKED, false},
        {"close", AWARD_CHANGED_CHANGE_CLOSED, false},
        {"reinstate", AWARD_CHANGED_CHANGE_REINSTATED, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        struct desk desk;
        begin(&desk);
        struct award_changed changed = of_officer(&desk, changes[i].change);
        changed.has_approved_by = false;
        changed.approved_by = (struct slice){0};
        enum decision_kind kind = desk_take(&desk, &award_changed_event, &changed);
        if (changes[i].alone)
            assert_int_equal(kind, DECIDED);
        else
            refused(&desk, changes[i].name, kind, "SECOND_OFFICER_MISSING", "two officers");
        changed.has_approved_by = true;
        changed.approved_by = changed.requested_by; /* the same name twice */
        kind = desk_take(&desk, &award_changed_event, &changed);
        if (!changes[i].alone)
            refused(&desk, changes[i].name, kind, "SECOND_OFFICER_MISSING", "another");
        assert_int_equal(desk.released, 0);
        desk_close(&desk);
    }
}

static void an_officers_approval_takes_two_and_a_services_none(void **state)
{
    static const struct {
        const char *name, *requested_by, *approved_by;
        bool taken;
    } cases[] = {{"a service", NULL, "completion", true},
                 {"two officers", "rini", "sari", true},
                 {"one alone", "rini", "", false},
                 {"one twice", "rini", "rini", false},
                 {"nobody asked", "", "sari", false}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct desk desk;
        desk_open(&desk, 12);
        struct application_decided awarded = desk_awarded(&desk);
        desk_take(&desk, &application_decided_event, &awarded);
        struct incentive_approved approved =
            desk_approval(&desk, ITEM, 1, DAY(2021, 4, 10), RUPIAH(600000));
        approved.has_requested_by = cases[i].requested_by != NULL;
        if (approved.has_requested_by)
            approved.requested_by = slice_of(cases[i].requested_by);
        approved.approved_by = slice_of(cases[i].approved_by);
        enum decision_kind kind = desk_take(&desk, &incentive_approved_event, &approved);
        if (cases[i].taken)
            assert_int_equal(kind, DECIDED);
        else
            refused(&desk, cases[i].name, kind, "SECOND_OFFICER_MISSING", "two officers");
        desk_close(&desk);
    }
}

static void a_case_is_resolved_by_two_and_only_where_it_is_known(void **state)
{
    struct desk desk;
    (void)state;
    begin(&desk);
    struct uuid id = desk_entitlement_id(&desk, ITEM, 1);
    struct payout_settled settled =
        desk_answer(&desk, ITEM, 1, 1, PAYOUT_SETTLED_STATUS_PAID, NOON(2021, 4, 10));
    settled.has_amount = true;
    settled.amount = RUPIAH(1);
    desk_take(&desk, &payout_settled_event, &settled);
    struct case_resolved resolved = desk_case(&desk, &id, "RECONCILE_MISMATCH",
                                              CASE_RESOLVED_OUTCOME_WAIVED, NOON(2021, 5, 1));
    resolved.approved_by = resolved.by;
    refused(&desk, "one officer", desk_take(&desk, &case_resolved_event, &resolved),
            "SECOND_OFFICER_MISSING", "two officers");
    /* Other services' subjects are theirs to judge: an award, a course, an application. */
    static const char *const others[] = {"11111111-2222-8333-8444-555555555555", "C-1", "A-1"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        resolved.subject_id = slice_of(others[i]);
        assert_int_equal(desk_take(&desk, &case_resolved_event, &resolved), REPEATED);
    }
    desk_close(&desk);
}

static void two_that_were_paid_are_not_upheld_away(void **state)
{
    struct desk desk;
    (void)state;
    begin(&desk);
    struct uuid id = desk_entitlement_id(&desk, ITEM, 1);
    struct payout_settled first =
        desk_answer(&desk, ITEM, 1, 1, PAYOUT_SETTLED_STATUS_REJECTED, NOON(2021, 4, 10));
    desk_take(&desk, &payout_settled_event, &first);
    struct account_linked linked = desk_link(&desk);
    linked.revision = 2;
    linked.linked_at = NOON(2021, 4, 11);
    desk_take(&desk, &account_linked_event, &linked);
    desk_run(&desk, NOON(2021, 4, 11));
    first.status = PAYOUT_SETTLED_STATUS_PAID;
    first.settled_at = NOON(2021, 4, 12);
    struct payout_settled second =
        desk_answer(&desk, ITEM, 1, 2, PAYOUT_SETTLED_STATUS_PAID, NOON(2021, 4, 12));
    desk_take(&desk, &payout_settled_event, &first);
    desk_take(&desk, &payout_settled_event, &second);
    assert_string_equal(desk_reasons(&desk, ITEM, 1), "RECONCILE_MISMATCH");
    struct case_resolved resolved = desk_case(&desk, &id, "RECONCILE_MISMATCH",
                                              CASE_RESOLVED_OUTCOME_UPHELD, NOON(2021, 5, 1));
    refused(&desk, "upheld", desk_take(&desk, &case_resolved_event, &resolved),
            "NOTHING_TO_UPHOLD", "recover");
    /* The officer recovers one, and says so. */
    struct award_changed repaid = of_officer(&desk, AWARD_CHANGED_CHANGE_REPAID);
    repaid.amount = RUPIAH(600000);
    assert_int_equal(desk_take(&desk, &award_changed_event, &repaid), DECIDED);
    assert_int_equal(desk_balance(&desk, RECOVERED), RUPIAH(600000));
    resolved.outcome = CASE_RESOLVED_OUTCOME_WAIVED;
    assert_int_equal(desk_take(&desk, &case_resolved_event, &resolved), DECIDED);
    assert_string_equal(desk_reasons(&desk, ITEM, 1), "");
    assert_string_equal(desk_status(&desk, ITEM, 1), "PAID");
    desk_close(&desk);
}

/* A refusal after a payment, upheld: it was not paid. */
static void a_payment_that_was_none_is_upheld_away(void **state)
{
    struct desk desk;
    (void)state;
    begin(&desk);
    struct uuid id = desk_entitlement_id(&desk, ITEM, 1);
    struct payout_settled settled =
        desk_answer(&desk, ITEM, 1, 1, PAYOUT_SETTLED_STATUS_PAID, NOON(2021, 4, 10));
    desk_take(&desk, &payout_settled_event, &settled);
    settled.status = PAYOUT_SETTLED_STATUS_REJECTED;
    settled.settled_at = NOON(2021, 4, 11);
    desk_take(&desk, &payout_settled_event, &settled);
    struct case_resolved resolved = desk_case(&desk, &id, "RECONCILE_MISMATCH",
                                              CASE_RESOLVED_OUTCOME_UPHELD, NOON(2021, 5, 1));
    assert_int_equal(desk_take(&desk, &case_resolved_event, &resolved), DECIDED);
    assert_string_equal(desk_status(&desk, ITEM, 1), "HELD");
    assert_int_equal(desk_balance(&desk, PAID), 0);
    desk_close(&desk);
}

static void other_currencies_are_refused(void **state)
{
    struct desk desk;
    (void)state;
    begin(&desk);
    struct enrolment_decided enrolled = desk_enrolled(&desk, "E-2", RUPIAH(100));
    enrolled.currency = SLICE("MYR");
    refused(&desk, "a price", desk_take(&desk, &enrolment_decided_event, &enrolled),
            "AWARD_MISMATCH", "IDR");
    struct award_changed repaid = of_officer(&desk, AWARD_CHANGED_CHANGE_REPAID);
    repaid.currency = SLICE("USD");
    refused(&desk, "a repayment", desk_take(&desk, &award_changed_event, &repaid),
            "AWARD_MISMATCH", "IDR");
    struct incentive_stopped stopped = {.award_id = desk.award_id,
                                        .item = SLICE("training"),
                                        .from_instalment = 1,
                                        .effect = INCENTIVE_STOPPED_EFFECT_EXPIRED,
                                        .reason = SLICE("BALANCE_RETURNED"),
                                        .occurred_at = NOON(2021, 12, 1),
                                        .has_unused = true,
                                        .unused = RUPIAH(1),
                                        .currency = SLICE("MYR"),
                                        .sequence = 1};
    refused(&desk, "a balance", desk_take(&desk, &incentive_stopped_event, &stopped),
            "AWARD_MISMATCH", "IDR");
    desk_clear(&desk);
    struct application_decided awarded = desk_awarded(&desk);
    awarded.currency = SLICE("MYR");
    refused(&desk, "an award", desk_take(&desk, &application_decided_event, &awarded),
            "AWARD_MISMATCH", "IDR");
    desk_close(&desk);
}

/* Accepted by a completion service that had not heard of the end: nothing was left, and nothing will be paid. */
static void a_purchase_of_an_ended_award_is_refused_in_words(void **state)
{
    static const struct {
        int32_t change;
        const char *word;
    } ends[] = {{AWARD_CHANGED_CHANGE_REVOKED, "revoked"},
                {AWARD_CHANGED_CHANGE_CLOSED, "closed"}};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct desk desk;
        begin(&desk);
        struct award_changed ended = of_officer(&desk, ends[i].change);
        desk_take(&desk, &award_changed_event, &ended);
        int64_t released = desk.released;
        struct enrolment_decided enrolled = desk_enrolled(&desk, "E-2", RUPIAH(100000));
        refused(&desk, "accepted", desk_take(&desk, &enrolment_decided_event, &enrolled),
                "AWARD_ENDED", ends[i].word);
        assert_int_equal(desk.released, released);
        /* After a reinstatement the same record, replayed, is taken. */
        struct award_changed again =
            desk_change(&desk, AWARD_CHANGED_BY_APPLICATION, AWARD_CHANGED_CHANGE_REINSTATED,
                        "AUDIT_FINDING", 1);
        again.occurred_at = NOON(2021, 6, 1);
        desk_take(&desk, &award_changed_event, &again);
        assert_int_equal(desk_take(&desk, &enrolment_decided_event, &enrolled), DECIDED);
        assert_int_equal(desk_balance(&desk, USED), PRICE + RUPIAH(100000));
        desk_close(&desk);
    }
}

/* The last purchase and the end of the balance stand in two topics: whichever is heard first, the same is
 * released. */
static void the_balance_that_lapses_is_the_same_in_any_order(void **state)
{
    (void)state;
    for (int stopped_first = 0; stopped_first < 2; stopped_first++) {
        struct desk desk;
        begin(&desk);
        struct enrolment_decided last = desk_enrolled(&desk, "E-2", RUPIAH(150000));
        struct incentive_stopped stopped = {.award_id = desk.award_id,
                                            .item = SLICE("training"),
                                            .from_instalment = 3,
                                            .effect = INCENTIVE_STOPPED_EFFECT_EXPIRED,
                                            .reason = SLICE("BALANCE_RETURNED"),
                                            .occurred_at = NOON(2021, 12, 1),
                                            .has_unused = true,
                                            .unused = RUPIAH(50000),
                                            .currency = SLICE("IDR"),
                                            .sequence = 1};
        if (stopped_first)
            assert_int_equal(desk_take(&desk, &incentive_stopped_event, &stopped), DECIDED);
        assert_int_equal(desk_take(&desk, &enrolment_decided_event, &last), DECIDED);
        if (!stopped_first)
            assert_int_equal(desk_take(&desk, &incentive_stopped_event, &stopped), DECIDED);
        assert_int_equal(desk.released, RUPIAH(50000));
        assert_int_equal(desk.released_count, 1);
        assert_int_equal(desk_balance(&desk, USED), PRICE + RUPIAH(150000));
        /* What comes back of a closed balance lapses too, and no more than that. */
        last.status = ENROLMENT_DECIDED_STATUS_EXPIRED;
        last.has_price = false;
        last.sequence = 2;
        desk_take(&desk, &enrolment_decided_event, &last);
        assert_int_equal(desk.released, RUPIAH(200000));
        desk_close(&desk);
    }
}

/* The faults of a link, each with the whole sentence that its sender reads. */
static void no_payee(struct account_linked *linked)
{
    linked->payee_ref = SLICE("");
}

static void no_uuid(struct account_linked *linked)
{
    linked->payee_ref = SLICE("Ani");
}

static void partner_of_36(struct account_linked *linked)
{
    linked->partner = SLICE("PARTNER-OF-THIRTY-SIX-BYTES-IN-A-ROW");
}

static void small_letters(struct account_linked *linked)
{
    linked->currency = SLICE("idr");
}

static void no_account_no(struct account_linked *linked)
{
    linked->account_no = SLICE("");
}

static void phone_of_16_digits(struct account_linked *linked)
{
    linked->msisdn = SLICE("+6281234567890123");
}

static void an_account_that_cannot_be_one(void **state)
{
    static const struct {
        void (*spoil)(struct account_linked *linked);
        const char *sentence;
    } cases[] = {
        {no_payee, "the payee must be of a known kind, its ref of 1 to 64 bytes"},
        {no_uuid, "a participant is named by person_id, a UUID"},
        {partner_of_36, "partner must be a code: a letter, then at most 34 letters, digits, "
                        "dashes or underscores"},
        {small_letters, "currency must be three capital letters, as ISO 4217 says"},
        {no_account_no, "account number must have 1 to 64 bytes"},
        {phone_of_16_digits, "msisdn must be a plus sign and 7 to 15 digits, as E.164 says"},
    };
    struct desk desk;
    (void)state;
    desk_open(&desk, 12);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct account_linked linked = desk_link(&desk);
        cases[i].spoil(&linked);
        assert_int_equal(desk_take(&desk, &account_linked_event, &linked), DEAD_LETTERED);
        assert_string_equal(desk.room.decision.reason, "BAD_ACCOUNT");
        assert_string_equal(desk.room.decision.sentence, cases[i].sentence);
        linked.revision = (int32_t)i + 1;
        linked.unlinked = true; /* whoever unlinks says nothing of the account */
        assert_int_equal(desk_take(&desk, &account_linked_event, &linked),
                         i < 2 ? DEAD_LETTERED : DECIDED);
    }
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_an_officer_does_takes_two),
        cmocka_unit_test(an_officers_approval_takes_two_and_a_services_none),
        cmocka_unit_test(a_case_is_resolved_by_two_and_only_where_it_is_known),
        cmocka_unit_test(two_that_were_paid_are_not_upheld_away),
        cmocka_unit_test(a_payment_that_was_none_is_upheld_away),
        cmocka_unit_test(other_currencies_are_refused),
        cmocka_unit_test(a_purchase_of_an_ended_award_is_refused_in_words),
        cmocka_unit_test(the_balance_that_lapses_is_the_same_in_any_order),
        cmocka_unit_test(an_account_that_cannot_be_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
