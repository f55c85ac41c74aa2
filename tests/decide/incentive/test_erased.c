/* Nothing sealed of an erased person comes back, in whatever order the records come. */
#include "desk.h"

#include "decide_erased.h"

#define ITEM "job_search_incentive"

enum { LETTERS = 4 };

struct letter {
    const struct event_type *type;
    const void *event;
};

static void assert_nothing_kept(struct desk *desk, const char *order)
{
    for (const struct fact *fact = desk->room.facts.first; fact != NULL;
         fact = fact->next_in_order) {
        const struct record_type *type = desk->room.facts.tables[fact->table].row->record;
        for (size_t i = 0; fact->row != NULL && i < type->field_count; i++) {
            const struct slice *value = field_value(&type->fields[i], fact->row);
            if (strstr(type->fields[i].name, "_sealed") != NULL && value->size > 0)
                fail_msg("%s: %s is kept", order, type->fields[i].name);
        }
    }
}

static struct person_erased erasure(struct desk *desk)
{
    struct person_erased erased = {.person_id = desk->person_id,
                                   .requested_at = NOON(2021, 4, 10)};
    erased.award_ids.items = &desk->award_id;
    erased.award_ids.count = 1;
    return erased;
}

static void in_every_order(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk, 12);
    for (int order = 0; order < 24; order++) {
        char name[LETTERS + 1] = "";
        struct application_decided awarded = desk_awarded(&desk), again = awarded;
        struct account_linked linked = desk_link(&desk);
        struct person_erased erased = erasure(&desk);
        again.sequence++;
        struct letter letters[LETTERS] = {{&application_decided_event, &awarded},
                                          {&application_decided_event, &again},
                                          {&account_linked_event, &linked},
                                          {&person_erased_event, &erased}};
        int rest = order;
        for (size_t left = LETTERS; left > 0; left--) {
            size_t at = (size_t)rest % left;
            rest /= (int)left;
            struct letter letter = letters[at];
            name[LETTERS - left] = (char)('1' + (letter.event == (void *)&again) +
                                          2 * (letter.event == (void *)&linked) +
                                          3 * (letter.event == (void *)&erased));
            letters[at] = letters[left - 1];
            if (letter.event == (void *)&erased) /* what came before it was kept */
                assert_true(left == LETTERS || desk_award(&desk) == NULL ||
                            desk_award(&desk)->has_contact_sealed);
            desk_take(&desk, letter.type, letter.event);
        }
        assert_nothing_kept(&desk, name);
        assert_int_equal(desk_take(&desk, &person_erased_event, &erased), REPEATED);
        desk_clear(&desk);
    }
    desk_close(&desk);
}

static void another_account_is_not_kept_and_nobody_is_paid(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk, 12);
    desk_ready(&desk);
    struct person_erased erased = erasure(&desk);
    struct account_linked linked = desk_link(&desk);
    linked.revision = 2;
    desk_take(&desk, &person_erased_event, &erased);
    assert_int_equal(desk_take(&desk, &account_linked_event, &linked), DECIDED);
    desk_run(&desk, NOON(2021, 4, 12));
    assert_nothing_kept(&desk, "linked again");
    assert_string_equal(desk_status(&desk, ITEM, 1), "HELD");
    assert_int_equal(desk.requested_count, 0);
    desk_close(&desk);
}

/* The award was made by another worker in the same instant: the erasure did not see it. */
static void an_award_made_in_the_same_instant(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk, 12);
    struct person_erased erased = erasure(&desk);
    struct application_decided awarded = desk_awarded(&desk);
    assert_int_equal(desk_take(&desk, &person_erased_event, &erased), DECIDED);
    assert_int_equal(desk.timer_count, 1);
    assert_string_equal(desk.timers[0].kind, TIMER_ERASURE);
    desk_take(&desk, &application_decided_event, &awarded);
    struct award_row *award = facts_edit(&desk.room.facts, &award_row_type, &desk.award_id);
    award->has_contact_sealed = true;
    award->contact_sealed = SLICE("sealed");
    desk_run(&desk, NOON(2021, 4, 11));
    assert_nothing_kept(&desk, "crossed");
    assert_int_equal(desk_fire(&desk, TIMER_ERASURE, desk.award_id, NOON(2021, 4, 11)),
                     REPEATED);
    desk_close(&desk);
}

/* An award for a hire: the employer is written to and paid; the worker has an account too. */
struct hire {
    struct desk desk;
    struct application_decided awarded;
    struct account_linked company, own;
};

static void hire_open(struct hire *hire)
{
    struct desk *desk = &hire->desk;
    desk_open_scheme(desk, "daya-kerjaya", "daya-kerjaya-2023", 2023);
    hire->awarded = desk_awarded(desk);
    hire->awarded.payee = (struct application_decided_payee){
        APPLICATION_DECIDED_PAYEE_KIND_EMPLOYER, SLICE(EMPLOYER_NO)};
    hire->awarded.has_contact_id = true;
    hire->awarded.contact_id =
        seal_employer_id(desk->room.seal, SLICE("MY"), SLICE(EMPLOYER_NO));
    hire->company = desk_link_company(desk, ACCOUNT_LINKED_PAYEE_KIND_EMPLOYER, EMPLOYER_NO);
    hire->own = desk_link(desk);
    hire->own.currency = SLICE("MYR");
}

static struct person_erased employer_erasure(struct hire *hire)
{
    struct person_erased erased = erasure(&hire->desk);
    erased.person_id = hire->awarded.contact_id;
    erased.has_employer_no = true;
    erased.employer_no = SLICE(EMPLOYER_NO);
    return erased;
}

static const struct account_row *account_of(struct hire *hire, int32_t kind, struct slice ref)
{
    struct uuid id = account_key(hire->desk.room.seal, kind, ref);
    return facts_find(&hire->desk.room.facts, &account_row_type, &id);
}

/* The employer's number and account go with the employer, the worker's with the worker, in whatever order they are heard of. */
static void an_employer_and_its_worker_are_erased_apart(void **state)
{
    static const struct {
        const char *name;
        bool worker, later;
    } cases[] = {{"employer", false, false},
                 {"employer, award and account later", false, true},
                 {"worker", true, false},
                 {"worker, award and account later", true, true}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct hire hire;
        hire_open(&hire);
        struct desk *desk = &hire.desk;
        struct person_erased erased = cases[i].worker ? erasure(desk) : employer_erasure(&hire);
        for (int round = 0; round < 2; round++) {
            if (round == cases[i].later) {
                assert_int_equal(desk_take(desk, &application_decided_event, &hire.awarded),
                                 DECIDED);
                assert_int_equal(desk_take(desk, &account_linked_event, &hire.company),
                                 DECIDED);
                assert_int_equal(desk_take(desk, &account_linked_event, &hire.own), DECIDED);
            } else {
                assert_int_equal(desk_take(desk, &person_erased_event, &erased), DECIDED);
            }
        }
        const struct account_row *company =
            account_of(&hire, ACCOUNT_ROW_PAYEE_KIND_EMPLOYER, SLICE(EMPLOYER_NO));
        const struct account_row *own = account_of(&hire, ACCOUNT_ROW_PAYEE_KIND_PARTICIPANT,
                                                   desk_text(desk, &desk->person_id));
        if (desk_award(desk)->has_contact_sealed != cases[i].worker ||
            company->has_account_no_sealed != cases[i].worker ||
            company->has_holder_name_sealed != cases[i].worker ||
            own->has_account_no_sealed == cases[i].worker)
            fail_msg("%s: the wrong one's was erased, or not erased", cases[i].name);
        assert_int_equal(desk_take(desk, &person_erased_event, &erased), REPEATED);
        desk_close(desk);
    }
}

/* What was sent to a gateway keeps the creditor's account until it is settled or erased. */
static void an_instalments_account_goes_with_its_payee(void **state)
{
    (void)state;
    for (int worker = 0; worker < 2; worker++) {
        struct hire hire;
        hire_open(&hire);
        struct desk *desk = &hire.desk;
        struct incentive_approved approved =
            desk_approval(desk, "hiring_incentive", 1, DAY(2023, 7, 1), INT64_C(60000));
        struct person_erased erased = worker ? erasure(desk) : employer_erasure(&hire);
        desk_take(desk, &application_decided_event, &hire.awarded);
        desk_take(desk, &account_linked_event, &hire.company);
        assert_int_equal(desk_take(desk, &incentive_approved_event, &approved), DECIDED);
        desk_run(desk, NOON(2023, 7, 1));
        assert_string_equal(desk_status(desk, "hiring_incentive", 1), "IN_FLIGHT");
        assert_true(desk_entitlement(desk, "hiring_incentive", 1)->has_account_no_sealed);
        desk_take(desk, &person_erased_event, &erased);
        assert_int_equal(desk_entitlement(desk, "hiring_incentive", 1)->has_account_no_sealed,
                         worker);
        assert_int_equal(
            desk_entitlement(desk, "hiring_incentive", 1)->has_creditor_name_sealed, worker);
        desk_close(desk);
    }
}

/* A correction names the worker's number instead of the employer's, and says nothing of it: the employer's does not stay. */
static void another_contact_is_not_the_old_one(void **state)
{
    struct hire hire;
    (void)state;
    hire_open(&hire);
    desk_take(&hire.desk, &application_decided_event, &hire.awarded);
    assert_true(desk_award(&hire.desk)->has_contact_sealed);
    hire.awarded.sequence++;
    hire.awarded.has_contact_id = hire.awarded.has_contact_sealed = false;
    assert_int_equal(desk_take(&hire.desk, &application_decided_event, &hire.awarded), DECIDED);
    assert_false(desk_award(&hire.desk)->has_contact_sealed);
    desk_close(&hire.desk);
}

static void an_employer_needs_a_number(void **state)
{
    struct hire hire;
    (void)state;
    hire_open(&hire);
    struct person_erased erased = employer_erasure(&hire);
    erased.employer_no = SLICE("");
    assert_int_equal(desk_take(&hire.desk, &person_erased_event, &erased), DEAD_LETTERED);
    assert_string_equal(hire.desk.room.decision.reason, "BAD_EMPLOYER_NO");
    desk_close(&hire.desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_every_order),
        cmocka_unit_test(another_account_is_not_kept_and_nobody_is_paid),
        cmocka_unit_test(an_award_made_in_the_same_instant),
        cmocka_unit_test(an_employer_and_its_worker_are_erased_apart),
        cmocka_unit_test(an_instalments_account_goes_with_its_payee),
        cmocka_unit_test(another_contact_is_not_the_old_one),
        cmocka_unit_test(an_employer_needs_a_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
