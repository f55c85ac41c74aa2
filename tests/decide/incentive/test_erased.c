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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_every_order),
        cmocka_unit_test(another_account_is_not_kept_and_nobody_is_paid),
        cmocka_unit_test(an_award_made_in_the_same_instant),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
