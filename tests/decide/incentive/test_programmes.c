/* Every item of every programme's file, paid to the end: to whom, in which currency, out of which component. */
#include "items.h"

static void check_request(const struct desk *desk, const struct item_case *item, int instalment)
{
    const struct payout_requested *requested =
        room_output(&desk->room, &payout_requested_event, 0);
    bool company = strcmp(item->payee, "PARTICIPANT") != 0;
    assert_non_null(requested);
    assert_int_equal(requested->instalment, instalment);
    assert_int_equal(requested->amount, item->amount);
    assert_true(slice_is(requested->currency, item->currency));
    assert_true(slice_equal(requested->programme, desk->room.programme->id));
    assert_int_equal(requested->has_creditor_registration_no, company);
    assert_true(slice_is(requested->creditor_name, company ? COMPANY : HOLDER));
    assert_int_equal(requested->requested_at,
                     item_local(desk, day_add_months(item_due_on(desk), instalment - 1)));
}

static void pay_all(struct desk *desk, const struct item_case *item)
{
    for (int i = 1; i <= item->count; i++) {
        instant_us at = item_local(desk, day_add_months(item_due_on(desk), i - 1));
        struct uuid id = desk_entitlement_id(desk, item->item, i);
        assert_int_equal(desk_fire(desk, TIMER_PAY, id, at), DECIDED);
        check_request(desk, item, i);
        struct payout_settled paid =
            desk_answer(desk, item->item, i, 1, PAYOUT_SETTLED_STATUS_PAID, at + 1);
        assert_int_equal(desk_take(desk, &payout_settled_event, &paid), DECIDED);
        assert_string_equal(desk_status(desk, item->item, i), "PAID");
    }
}

static void close_award(struct desk *desk)
{
    struct award_changed closed =
        desk_change(desk, AWARD_CHANGED_BY_COMPLETION, AWARD_CHANGED_CHANGE_CLOSED, "", 9);
    closed.occurred_at = item_local(desk, DAY(desk->year + 1, 6, 30));
    assert_int_equal(desk_take(desk, &award_changed_event, &closed), DECIDED);
}

/* Paid in full, and what is left of the package goes back, a component at a time. */
static void every_item_of_a_known_amount_is_paid(void **state)
{
    (void)state;
    for (size_t i = 0; i < item_count; i++) {
        struct desk desk;
        const struct item_case *item = &items[i];
        if (item->amount == 0)
            continue;
        item_begin(&desk, item);
        pay_all(&desk, item);
        int64_t paid = item->count * item->amount;
        const struct award_row *award = desk_award(&desk);
        if (award_balance(award, slice_of(item->component), PAID) != paid ||
            desk_balance(&desk, PAID) != paid || desk.paid_count != (size_t)item->count)
            fail_msg("%s: paid another sum", item->name);
        bool told = strcmp(item->payee, "PROVIDER") != 0;
        if (desk.message_count != (told ? (size_t)item->count : 0))
            fail_msg("%s: told %zu times", item->name, desk.message_count);
        close_award(&desk);
        if (desk_balance(&desk, RELEASED) != desk.commitment - paid ||
            desk_balance(&desk, COMMITTED) != 0)
            fail_msg("%s: released another sum", item->name);
        desk_close(&desk);
    }
}

/* It is shown and told once; it commits nothing, and no time, account or purchase makes it payable. */
static void an_item_of_unknown_amount_is_held_for_ever(void **state)
{
    (void)state;
    for (size_t i = 0; i < item_count; i++) {
        struct desk desk;
        const struct item_case *item = &items[i];
        if (item->amount > 0)
            continue;
        item_begin(&desk, item);
        struct incentive_approved again = item_approval(&desk, item);
        assert_int_equal(desk_take(&desk, &incentive_approved_event, &again), REPEATED);
        desk_run(&desk, item_local(&desk, DAY(item->year + 1, 1, 1)));
        if (desk_entitlement(&desk, item->item, 1) == NULL ||
            strcmp(desk_reasons(&desk, item->item, 1), "AMOUNT_UNKNOWN") != 0)
            fail_msg("%s: not held", item->name);
        assert_int_equal(desk.requested_count, 0);
        assert_int_equal(desk_balance(&desk, COMMITTED), 0);
        assert_int_equal(desk_balance(&desk, USED), 0);
        desk_close(&desk);
    }
}

/* Each benefit of each file stands in the table, with the file's own amount, number and payee. */
static bool listed(const struct item_case *item, const struct benefit *benefit)
{
    int64_t amount = benefit->amount_kind == AMOUNT_UNKNOWN ? 0 : benefit->amount_hundredths;
    return slice_is(benefit->scheme->name, item->scheme) &&
           slice_is(benefit->item, item->item) && amount == item->amount &&
           slice_is(benefit->component, item->component) &&
           strcmp(benefit_payee_name(benefit->payee), item->payee) == 0 &&
           (benefit->instalments == 0 || benefit->instalments == item->count);
}

static void every_benefit_of_every_file_has_its_case(void **state)
{
    static const char *const files[] = {"kartu-prakerja", "vokasi-indonesia-pekerja",
                                        "daya-kerjaya", "daya-kerjaya-tvet", "bina-kerjaya"};
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        struct room room;
        room_open_programme(&room, files[i], "incentive", incentive_tables,
                            incentive_table_count);
        for (size_t j = 0; j < room.programme->scheme_count; j++)
            for (size_t k = 0; k < room.programme->schemes[j].benefit_count; k++) {
                const struct benefit *benefit = &room.programme->schemes[j].benefits[k];
                size_t at = 0;
                while (at < item_count && !listed(&items[at], benefit))
                    at++;
                if (at == item_count)
                    fail_msg("%.*s of %.*s has no case", SLICE_ARGS(benefit->item),
                             SLICE_ARGS(benefit->scheme->name));
            }
        room_close(&room);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_benefit_of_every_file_has_its_case),
        cmocka_unit_test(every_item_of_a_known_amount_is_paid),
        cmocka_unit_test(an_item_of_unknown_amount_is_held_for_ever),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
