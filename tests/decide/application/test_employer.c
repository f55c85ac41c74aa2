/*
 * An employer's claims: what counts on its row, what no longer does, and who is held for them; and what a worker can
 * have only once over a group of programmes (rules 150 and 171: MB23b; one_incentive_a_worker: AG24).
 */
#include "programmes.h"

#define SCHEME  "daya-kerjaya-2023"
#define APPLIED DAY(2023, 6, 15)
#define HIRED   DAY(2023, 5, 2)

/* The n-th worker of the employer, of which it reports so many. */
static struct application_submitted worker(char digit, int headcount)
{
    static char ids[10][4];
    struct application_submitted event = branch_hire("daya-kerjaya", APPLIED, HIRED);
    snprintf(ids[digit - '0'], 4, "A-%c", digit);
    branch_other(&event, digit, ids[digit - '0']);
    event.hire.headcount = headcount;
    return event;
}

static void submit(struct branch *branch, char digit, int headcount, const char *status,
                   const char *reasons)
{
    struct application_submitted event = worker(digit, headcount);
    branch_expect(branch, &event, "a worker", status, reasons);
}

static void test_as_many_claims_as_workers_and_one_more(void **state)
{
    struct branch branch;
    (void)state;
    branch_open(&branch, "daya-kerjaya", NULL, NULL);
    submit(&branch, '1', 2, "AWARDED", "");
    assert_int_equal(branch_claims(&branch, EMPLOYER_NO, SCHEME), 1);
    submit(&branch, '2', 2, "AWARDED", "");
    submit(&branch, '3', 2, "HELD", "CLAIM_EXCEEDS_SIZE");
    /* Who is held claims too. */
    assert_int_equal(branch_claims(&branch, EMPLOYER_NO, SCHEME), 3);
    submit(&branch, '4', 3, "HELD", "CLAIM_EXCEEDS_SIZE");
    submit(&branch, '5', 5, "AWARDED", "");
    assert_int_equal(branch_claims(&branch, EMPLOYER_NO, SCHEME), 5);
    branch_close(&branch);
}

/* The newest decision writes the employer's row, so that of two at once the later is decided again; one that only
 * looks at it relies on it, which is checked at commit. */
static void row_is(const struct branch *branch, bool written)
{
    const struct facts *facts = &branch->desk.room.facts;
    bool found = false, relied = false;
    for (const struct fact *fact = facts->touched; fact != NULL; fact = fact->next_touched)
        found |= facts->tables[fact->table].row == &employer_row_type;
    for (const struct fact *fact = facts->first; fact != NULL; fact = fact->next_in_order)
        relied |= facts->tables[fact->table].row == &employer_row_type && fact->relied;
    assert_int_equal(found, written);
    assert_true(relied);
}

static void test_who_writes_the_employers_row(void **state)
{
    struct branch branch;
    struct application_submitted refused = worker('3', 1);
    (void)state;
    branch_open(&branch, "daya-kerjaya", NULL, NULL);
    submit(&branch, '1', 1, "AWARDED", "");
    row_is(&branch, true);
    struct award_changed end = branch_end(desk_decided(&branch.desk),
                                          AWARD_CHANGED_CHANGE_REVOKED, NOON(2023, 8, 1), 1);
    submit(&branch, '2', 1, "HELD", "CLAIM_EXCEEDS_SIZE");
    row_is(&branch, true);
    refused.hire.monthly_wage = 1;
    branch_expect(&branch, &refused, "refused", "REJECTED",
                  "CLAIM_EXCEEDS_SIZE,WAGE_BELOW_MINIMUM");
    row_is(&branch, false);
    assert_int_equal(desk_award(&branch.desk, &end), DECIDED);
    row_is(&branch, true);
    branch_close(&branch);
}

/* Each case ends the first worker's claim in its way; then there is room for the second, of an employer of one. */
static void test_what_counts_no_longer(void **state)
{
    enum { STANDS, REVOKED, CLOSED, CORRECTED_AWAY, REFUSED };
    static const struct {
        int how;
        const char *status, *reasons;
        int claims;
    } cases[] = {
        {STANDS, "HELD", "CLAIM_EXCEEDS_SIZE", 2},
        {REVOKED, "AWARDED", "", 1},
        {CLOSED, "HELD", "CLAIM_EXCEEDS_SIZE", 2},
        {CORRECTED_AWAY, "AWARDED", "", 1},
        {REFUSED, "AWARDED", "", 1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct branch branch;
        int how = cases[i].how;
        struct application_submitted first = worker('1', 1);
        branch_open(&branch, "daya-kerjaya", NULL, NULL);
        first.hire.has_worker_consented_at = how != CORRECTED_AWAY && how != REFUSED;
        branch_expect(&branch, &first, "the first",
                      first.hire.has_worker_consented_at ? "AWARDED" : "HELD",
                      first.hire.has_worker_consented_at ? "" : "GHOST_WORKER_SUSPECTED");
        assert_int_equal(branch_claims(&branch, EMPLOYER_NO, SCHEME), 1);
        if (how == REVOKED || how == CLOSED) {
            struct award_changed end = branch_end(desk_decided(&branch.desk),
                                                  how == REVOKED ? AWARD_CHANGED_CHANGE_REVOKED
                                                                 : AWARD_CHANGED_CHANGE_CLOSED,
                                                  NOON(2023, 8, 1), 1);
            assert_int_equal(desk_award(&branch.desk, &end), DECIDED);
        }
        first.revision = 2;
        if (how == CORRECTED_AWAY) {
            first.hire.employer_no = SLICE("E-2002");
            assert_int_equal(desk_submit(&branch.desk, &first), DECIDED);
            assert_int_equal(branch_claims(&branch, "E-2002", SCHEME), 1);
        } else if (how == REFUSED) {
            first.hire.monthly_wage = 1;
            branch_expect(&branch, &first, "refused", "REJECTED",
                          "GHOST_WORKER_SUSPECTED,WAGE_BELOW_MINIMUM");
        }
        submit(&branch, '2', 1, cases[i].status, cases[i].reasons);
        assert_int_equal(branch_claims(&branch, EMPLOYER_NO, SCHEME), cases[i].claims);
        branch_close(&branch);
    }
}

static struct award_changed reinstatement(const struct award_changed *end)
{
    struct award_changed back = *end;
    back.change = AWARD_CHANGED_CHANGE_REINSTATED;
    back.by = AWARD_CHANGED_BY_OFFICER;
    back.requested_by = SLICE("officer-7");
    back.approved_by = SLICE("officer-8");
    back.has_requested_by = back.has_approved_by = true;
    back.occurred_at = end->occurred_at + US_PER_DAY;
    return back;
}

static void test_a_reinstated_award_claims_again(void **state)
{
    struct branch branch;
    (void)state;
    branch_open(&branch, "daya-kerjaya", NULL, NULL);
    submit(&branch, '1', 1, "AWARDED", "");
    struct award_changed end = branch_end(desk_decided(&branch.desk),
                                          AWARD_CHANGED_CHANGE_REVOKED, NOON(2023, 8, 1), 1);
    struct award_changed back = reinstatement(&end);
    assert_int_equal(desk_award(&branch.desk, &end), DECIDED);
    assert_int_equal(branch_claims(&branch, EMPLOYER_NO, SCHEME), 0);
    assert_int_equal(desk_award(&branch.desk, &end), REPEATED);
    assert_int_equal(branch_claims(&branch, EMPLOYER_NO, SCHEME), 0);
    assert_int_equal(desk_award(&branch.desk, &back), DECIDED);
    assert_int_equal(branch_claims(&branch, EMPLOYER_NO, SCHEME), 1);
    branch_close(&branch);
}

/* Nobody is held for what the employer claims later, nor in another scheme or without telling its size. */
static void test_whom_later_claims_leave_alone(void **state)
{
    struct branch branch;
    struct register_listed listing;
    (void)state;
    branch_open(&branch, "daya-kerjaya", NULL, NULL);
    submit(&branch, '1', 1, "AWARDED", "");
    const struct application_decided decided = *desk_decided(&branch.desk);
    submit(&branch, '2', 1, "HELD", "CLAIM_EXCEEDS_SIZE");
    listing = desk_listing(&branch.desk, "FRAUD_CASE", true);
    listing.person_id = decided.person_id;
    assert_int_equal(desk_list(&branch.desk, &listing), DECIDED);
    const struct award_row *award =
        facts_find(&branch.desk.room.facts, &award_row_type, &decided.award_id);
    assert_int_equal(award->holds.count, 0);
    struct application_submitted later =
        branch_hire("daya-kerjaya", DAY(2024, 6, 15), DAY(2024, 5, 2));
    branch_other(&later, '3', "A-3");
    later.hire.headcount = 1;
    branch_expect(&branch, &later, "of the next scheme", "AWARDED", "");
    struct application_submitted silent = worker('4', 1);
    silent.hire.has_headcount = false;
    branch_expect(&branch, &silent, "of an employer that tells no size", "AWARDED", "");
    branch_close(&branch);
}

/* A correction that names another hire is another award: the matter ends under the id it had. */
static void test_a_correction_that_changes_the_hire(void **state)
{
    struct branch branch;
    struct application_submitted event = worker('1', 10);
    (void)state;
    branch_open(&branch, "daya-kerjaya", NULL, NULL);
    event.hire.has_worker_consented_at = false;
    branch_expect(&branch, &event, "held", "HELD", "GHOST_WORKER_SUSPECTED");
    struct uuid before = desk_decided(&branch.desk)->award_id;
    event.revision = 2;
    event.hire.hired_on = HIRED + 1;
    event.hire.has_worker_consented_at = true;
    assert_int_equal(desk_submit(&branch.desk, &event), DECIDED);
    const struct application_decided *left =
        room_output(&branch.desk.room, &application_decided_event, 0);
    const struct application_decided *made =
        room_output(&branch.desk.room, &application_decided_event, 1);
    assert_string_equal(desk_status(left->status), "WITHDRAWN");
    assert_true(uuid_equal(&left->award_id, &before));
    assert_int_equal(left->sequence, 2);
    assert_string_equal(desk_status(made->status), "AWARDED");
    assert_false(uuid_equal(&made->award_id, &before));
    assert_int_equal(branch_claims(&branch, EMPLOYER_NO, SCHEME), 1);
    branch_close(&branch);
}

/* The same hire twice is one award; the worker's next hire another. */
static void test_the_same_hire_twice(void **state)
{
    struct branch branch;
    struct application_submitted event = worker('1', 10);
    (void)state;
    branch_open(&branch, "daya-kerjaya", NULL, NULL);
    branch_expect(&branch, &event, "the first", "AWARDED", "");
    event.application_id = SLICE("B-1");
    branch_expect(&branch, &event, "the same hire", "REJECTED", "ALREADY_APPLIED");
    assert_int_equal(branch_claims(&branch, EMPLOYER_NO, SCHEME), 1);
    branch_close(&branch);
}

/* One running award a worker over both programmes, whatever the employer. */
static void test_one_incentive_a_worker_at_a_time(void **state)
{
    enum { RUNS, ENDS_CLOSED, ENDS_REVOKED };
    static const struct {
        int how;
        const char *status;
    } cases[] = {{RUNS, "HELD"}, {ENDS_CLOSED, "AWARDED"}, {ENDS_REVOKED, "AWARDED"}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct branch branch;
        struct application_submitted first = worker('1', 10), second;
        branch_open(&branch, "daya-kerjaya", NULL, NULL);
        branch_publish(&branch, "daya-kerjaya-tvet");
        branch_expect(&branch, &first, "the first", "AWARDED", "");
        struct award_changed end =
            branch_end(desk_decided(&branch.desk),
                       cases[i].how == ENDS_CLOSED ? AWARD_CHANGED_CHANGE_CLOSED
                                                   : AWARD_CHANGED_CHANGE_REVOKED,
                       NOON(2023, 9, 1), 1);
        second = branch_hire("daya-kerjaya-tvet", DAY(2023, 8, 1), DAY(2023, 7, 3));
        branch_other(&second, '1', "T-1");
        second.hire.employer_no = SLICE("E-2002");
        branch_expect(&branch, &second, "the second", "HELD", "DUPLICATE_INCENTIVE");
        struct uuid key =
            application_key(branch.desk.room.seal, second.programme, second.application_id, 0);
        if (cases[i].how != RUNS)
            assert_int_equal(desk_award(&branch.desk, &end), DECIDED);
        const struct application_row *row =
            facts_find(&branch.desk.room.facts, &application_row_type, &key);
        assert_string_equal(desk_status(row->status), cases[i].status);
        /* Once another runs, the first cannot come back. */
        if (cases[i].how != RUNS) {
            struct award_changed back = reinstatement(&end);
            assert_int_equal(desk_award(&branch.desk, &back), DEAD_LETTERED);
            assert_string_equal(branch.desk.room.decision.reason, "DUPLICATE_INCENTIVE");
        }
        branch_close(&branch);
    }
}

/* Officers may let a second run beside the first; what a register says later holds neither for the other. */
static void test_officers_waive_the_one_incentive(void **state)
{
    struct branch branch;
    struct application_submitted second;
    (void)state;
    branch_open(&branch, "daya-kerjaya", NULL, NULL);
    submit(&branch, '1', 10, "AWARDED", "");
    const struct application_decided first = *desk_decided(&branch.desk);
    second = branch_hire("daya-kerjaya", DAY(2023, 8, 1), DAY(2023, 7, 3));
    branch_other(&second, '1', "B-1");
    branch_expect(&branch, &second, "the second", "HELD", "DUPLICATE_INCENTIVE");
    struct uuid key =
        application_key(branch.desk.room.seal, second.programme, second.application_id, 0);
    struct case_resolved resolved = desk_case(desk_id(&branch.desk, key), "DUPLICATE_INCENTIVE",
                                              CASE_RESOLVED_OUTCOME_WAIVED);
    resolved.occurred_at = NOON(2023, 8, 3);
    assert_int_equal(desk_resolve(&branch.desk, &resolved), DECIDED);
    assert_string_equal(desk_status(desk_decided(&branch.desk)->status), "AWARDED");
    struct register_listed listing = desk_listing(&branch.desk, "FRAUD_CASE", true);
    listing.person_id = first.person_id;
    assert_int_equal(desk_list(&branch.desk, &listing), DECIDED);
    assert_null(room_output(&branch.desk.room, &award_changed_event, 0));
    branch_close(&branch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_as_many_claims_as_workers_and_one_more),
        cmocka_unit_test(test_who_writes_the_employers_row),
        cmocka_unit_test(test_what_counts_no_longer),
        cmocka_unit_test(test_a_reinstated_award_claims_again),
        cmocka_unit_test(test_whom_later_claims_leave_alone),
        cmocka_unit_test(test_a_correction_that_changes_the_hire),
        cmocka_unit_test(test_the_same_hire_twice),
        cmocka_unit_test(test_one_incentive_a_worker_at_a_time),
        cmocka_unit_test(test_officers_waive_the_one_incentive),
    };
    return cmocka_run_group_tests_name("employer", tests, NULL, NULL);
}
