/* What holds, stops and refuses the payments of the programmes of companies and of unknown amounts. The number of a
 * condition is that of its file. */
#include "items.h"

struct held_case {
    const char *name;
    const char *
        item; /* of Bina Kerjaya, Daya Kerjaya TVET or Vokasi: the first case with that name's beginning */
    void (*spoil)(struct account_linked *linked);
    const char *hold;
    const char *reasons; /* "": paid */
};

static void inactive(struct account_linked *linked)
{
    linked->active = false;
}

static void in_rupiah(struct account_linked *linked)
{
    linked->currency = SLICE("IDR");
}

static void in_ringgit(struct account_linked *linked)
{
    linked->currency = SLICE("MYR");
}

static void headroom_short(struct account_linked *linked)
{
    linked->has_headroom = true;
    linked->headroom = RINGGIT(300) - 1;
}

static void headroom_enough(struct account_linked *linked)
{
    linked->has_headroom = true;
    linked->headroom = RINGGIT(300);
}

static void unnamed(struct account_linked *linked)
{
    linked->has_holder_national_id = linked->has_msisdn = linked->has_kyc_level = false;
    linked->holder_national_id = linked->msisdn = linked->kyc_level = (struct slice){0};
}

static void without_number(struct account_linked *linked)
{
    linked->has_business_registration_no = false;
    linked->business_registration_no = (struct slice){0};
}

static const struct held_case holds[] = {
    {"tvet employer, nothing in the way", "tvet, three", NULL, NULL, ""},
    {"bina participant, nothing in the way", "bina, three", NULL, NULL, ""},
    {"bina participant: whose account it is nobody asks", "bina, three", unnamed, NULL, ""},
    {"tvet employer without a business number: the gateway compares it", "tvet, three",
     without_number, NULL, ""},
    {"#125 vokasi participant, no account", "vokasi 2020, allowance", NULL, "no account",
     "ACCT_NOT_LINKED,AMOUNT_UNKNOWN"},
    {"#126 vokasi participant, not active", "vokasi 2020, allowance", inactive, NULL,
     "ACCT_INACTIVE_OR_BLOCKED,AMOUNT_UNKNOWN"},
    {"#127 vokasi participant, in ringgit", "vokasi 2020, allowance", in_ringgit, NULL,
     "ACCT_CURRENCY,AMOUNT_UNKNOWN"},
    {"#123 vokasi, fraud", "vokasi 2019, allowance", NULL, "FRAUD_SUSPECTED",
     "AMOUNT_UNKNOWN,AWARD_HELD,FRAUD_SUSPECTED"},
    {"#124 vokasi, audit", "vokasi 2019, fee", NULL, "AUDIT_FINDING",
     "AMOUNT_UNKNOWN,AUDIT_FINDING,AWARD_HELD"},
    {"#156 daya kerjaya, fraud: SDN23 FMT23 ST22", "daya kerjaya 2023", NULL, "FRAUD_SUSPECTED",
     "AWARD_HELD,FRAUD_SUSPECTED"},
    {"#157 daya kerjaya, audit", "daya kerjaya 2024", NULL, "AUDIT_FINDING",
     "AUDIT_FINDING,AWARD_HELD"},
    {"#158 daya kerjaya, no account", "daya kerjaya 2025", NULL, "no account",
     "ACCT_NOT_LINKED"},
    {"#159 daya kerjaya, not active", "daya kerjaya 2023", inactive, NULL,
     "ACCT_INACTIVE_OR_BLOCKED"},
    {"#160 daya kerjaya, in rupiah", "daya kerjaya 2023", in_rupiah, NULL, "ACCT_CURRENCY"},
    {"#161 daya kerjaya, no room", "daya kerjaya 2023", headroom_short, NULL,
     "WALLET_LIMIT_EXCEEDED"},
    {"#189 tvet provider, no account", "tvet, a course", NULL, "no account", "ACCT_NOT_LINKED"},
    {"#190 tvet provider, not active", "tvet, a course", inactive, NULL,
     "ACCT_INACTIVE_OR_BLOCKED"},
    {"#191 tvet employer, in rupiah", "tvet, three", in_rupiah, NULL, "ACCT_CURRENCY"},
    {"#187 tvet employer, fraud", "tvet, three", NULL, "FRAUD_SUSPECTED",
     "AWARD_HELD,FRAUD_SUSPECTED"},
    {"#221 bina participant, no account", "bina, three", NULL, "no account", "ACCT_NOT_LINKED"},
    {"#222 bina participant, not active", "bina, three", inactive, NULL,
     "ACCT_INACTIVE_OR_BLOCKED"},
    {"#223 bina participant, in rupiah", "bina, three", in_rupiah, NULL, "ACCT_CURRENCY"},
    {"#224 bina participant, a sen too little room", "bina, three", headroom_short, NULL,
     "WALLET_LIMIT_EXCEEDED"},
    {"#224 bina participant, room for just the amount", "bina, three", headroom_enough, NULL,
     ""},
    {"#219 bina provider, fraud", "bina, two", NULL, "FRAUD_SUSPECTED",
     "AWARD_HELD,FRAUD_SUSPECTED"},
    {"#220 bina provider, audit", "bina, a course", NULL, "AUDIT_FINDING",
     "AUDIT_FINDING,AWARD_HELD"},
};

static void take_held(struct desk *desk, const struct held_case *held,
                      const struct item_case *item)
{
    struct account_linked linked = item_account(desk, item);
    bool no_account = held->hold != NULL && strcmp(held->hold, "no account") == 0;
    item_award(desk);
    if (held->spoil != NULL)
        held->spoil(&linked);
    if (!no_account)
        assert_int_equal(desk_take(desk, &account_linked_event, &linked), DECIDED);
    if (held->hold != NULL && !no_account) {
        struct award_changed changed = desk_change(desk, AWARD_CHANGED_BY_APPLICATION,
                                                   AWARD_CHANGED_CHANGE_HELD, held->hold, 1);
        assert_int_equal(desk_take(desk, &award_changed_event, &changed), DECIDED);
    }
    if (strcmp(item->payee, "PROVIDER") == 0)
        item_purchases(desk, item);
    item_approve(desk, item);
    desk_run(desk, item_local(desk, item_due_on(desk)));
}

static void an_instalment_of_each_programme_is_held_with_its_reasons(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof holds / sizeof holds[0]; i++) {
        struct desk desk;
        const struct held_case *held = &holds[i];
        const struct item_case *item = item_named(held->item);
        bool pays = held->reasons[0] == '\0';
        item_open(&desk, item);
        take_held(&desk, held, item);
        if (strcmp(desk_reasons(&desk, item->item, 1), held->reasons) != 0 ||
            strcmp(desk_status(&desk, item->item, 1), pays ? "IN_FLIGHT" : "HELD") != 0)
            fail_msg("%s: %s %s", held->name, desk_status(&desk, item->item, 1),
                     desk_reasons(&desk, item->item, 1));
        desk_close(&desk);
    }
}

/* #155: a pause of the programme holds on its first and its last day, and not beside them. */
static void a_pause_holds_from_its_first_to_its_last_day(void **state)
{
    static const struct {
        int from, to; /* days from the due day */
        const char *status;
    } pauses[] = {{1, 9, "IN_FLIGHT"}, {0, 9, "HELD"}, {-9, 0, "HELD"}, {-9, -1, "IN_FLIGHT"}};
    (void)state;
    for (size_t i = 0; i < sizeof pauses / sizeof pauses[0]; i++) {
        struct desk desk;
        const struct item_case *item = item_named("daya kerjaya 2023");
        item_open(&desk, item);
        struct programme_published published = {.programme = desk.room.programme->id,
                                                .published_at = 1,
                                                .has_paused_from = true,
                                                .paused_from =
                                                    item_due_on(&desk) + pauses[i].from,
                                                .has_paused_to = true,
                                                .paused_to = item_due_on(&desk) + pauses[i].to};
        item_award(&desk);
        item_link(&desk, item);
        desk_take(&desk, &programme_published_event, &published);
        item_approve(&desk, item);
        desk_run(&desk, item_local(&desk, item_due_on(&desk)));
        assert_string_equal(desk_status(&desk, item->item, 1), pauses[i].status);
        desk_close(&desk);
    }
}

/* What the view compares with the books, as the newest publication gives it. */
static void the_newest_appropriations_are_kept(void **state)
{
    struct desk desk;
    const struct programme_published_appropriation money[] = {
        {2023, SLICE("ALL"), RINGGIT(42000000), SLICE("MYR")},
        {2024, SLICE("TRAINING"), RINGGIT(1), SLICE("MYR")}};
    (void)state;
    item_open(&desk, item_named("bina, three"));
    struct programme_published published = {
        .programme = desk.room.programme->id, .published_at = 2, .appropriations = {money, 2}};
    struct uuid key = seal_key(desk.room.seal, "programme", 0, &published.programme, 1);
    assert_int_equal(desk_take(&desk, &programme_published_event, &published), DECIDED);
    const struct programme_row *row = facts_peek(&desk.room.facts, &programme_row_type, &key);
    assert_int_equal(row->appropriations.count, 2);
    assert_true(slice_is(row->appropriations.items[0], "2023/MYR/4200000000/ALL"));
    assert_true(slice_is(row->appropriations.items[1], "2024/MYR/100/TRAINING"));
    published.published_at = 1;
    published.appropriations.count = 0;
    assert_int_equal(desk_take(&desk, &programme_published_event, &published), REPEATED);
    desk_close(&desk);
}

/* Two hires of one employer, two people of one number: the first is usual, the second is held (#225). */
static void a_number_is_shared_by_companies_and_not_by_people(void **state)
{
    static const char *const cases[] = {"daya kerjaya 2023", "bina, three"};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct desk desk;
        const struct item_case *item = item_named(cases[i]);
        item_open(&desk, item);
        item_award(&desk);
        item_link(&desk, item);
        struct account_linked other = item_account(&desk, item);
        other.payee_ref =
            i == 0 ? SLICE("E1200999999") : SLICE("11111111-2222-8333-8444-555555555555");
        assert_int_equal(desk_take(&desk, &account_linked_event, &other), DECIDED);
        item_approve(&desk, item);
        desk_run(&desk, item_local(&desk, item_due_on(&desk)));
        assert_string_equal(desk_reasons(&desk, item->item, 1),
                            i == 0 ? "" : "FRAUD_SHARED_PAYEE");
        desk_close(&desk);
    }
}

/* MM20b: the bank knows another business number. The account linked anew carries the right one, and is paid. */
static void a_business_number_that_the_bank_refuses_is_mended_by_a_new_link(void **state)
{
    struct desk desk;
    const struct item_case *item = item_named("daya kerjaya 2023");
    (void)state;
    item_begin(&desk, item);
    instant_us due_at = item_local(&desk, item_due_on(&desk));
    desk_run(&desk, due_at);
    struct payout_settled refused =
        desk_answer(&desk, item->item, 1, 1, PAYOUT_SETTLED_STATUS_REJECTED, due_at + 1);
    refused.has_reason_code = true;
    refused.reason_code = SLICE("ACCT_BRN_MISMATCH");
    assert_int_equal(desk_take(&desk, &payout_settled_event, &refused), DECIDED);
    assert_string_equal(desk_reasons(&desk, item->item, 1),
                        "ACCT_BRN_MISMATCH,PROVIDER_REJECTED");
    struct account_linked right = item_account(&desk, item);
    right.revision = 2;
    right.business_registration_no = SLICE("202301009999");
    right.linked_at = due_at + US_PER_DAY;
    assert_int_equal(desk_take(&desk, &account_linked_event, &right), DECIDED);
    assert_int_equal(desk_fire(&desk, TIMER_RETRY, desk_entitlement_id(&desk, item->item, 1),
                               right.linked_at),
                     DECIDED);
    const struct payout_requested *requested =
        room_output(&desk.room, &payout_requested_event, 0);
    assert_int_equal(requested->attempt, 2);
    assert_true(slice_is(requested->creditor_registration_no, "202301009999"));
    desk_close(&desk);
}

/* The worker left: what was worked is paid, the rest goes back, and the award is empty when it closes. */
static void months_not_worked_are_stopped_and_released(void **state)
{
    static const char *const schemes[] = {"daya kerjaya 2023", "daya kerjaya 2024",
                                          "daya kerjaya 2025", "tvet, three"};
    (void)state;
    for (size_t i = 0; i < 2 * (sizeof schemes / sizeof schemes[0]); i++) {
        struct desk desk;
        const struct item_case *item = item_named(schemes[i / 2]);
        bool approved_first = i % 2 == 0;
        for (int from = 1; from <= item->count + 1; from++) {
            item_open(&desk, item);
            item_award(&desk);
            item_link(&desk, item);
            struct incentive_stopped stopped = {
                .award_id = desk.award_id,
                .item = slice_of(item->item),
                .from_instalment = from,
                .effect = INCENTIVE_STOPPED_EFFECT_STOPPED,
                .reason = SLICE("EMPLOYMENT_ENDED"),
                .occurred_at = item_local(&desk, item_due_on(&desk)) - US_PER_DAY,
                .sequence = 2};
            if (approved_first)
                item_approve(&desk, item);
            assert_int_equal(desk_take(&desk, &incentive_stopped_event, &stopped), DECIDED);
            if (!approved_first)
                item_approve(&desk, item);
            int left = item->count - from + 1;
            if (desk_balance(&desk, RELEASED) != left * item->amount)
                fail_msg("%s: stopped from %d released another sum", item->name, from);
            desk_run(&desk, item_local(&desk, DAY(item->year + 1, 6, 1)));
            assert_int_equal(desk.requested_count, (size_t)(from - 1));
            assert_int_equal(desk_balance(&desk, IN_FLIGHT), (from - 1) * item->amount);
            desk_close(&desk);
        }
    }
}

/* Of another budget year, or another currency, is another award's money. */
static void an_approval_of_another_year_or_currency_is_refused(void **state)
{
    struct desk desk;
    const struct item_case *item = item_named("daya kerjaya 2024");
    (void)state;
    item_open(&desk, item);
    item_award(&desk);
    struct incentive_approved approved = item_approval(&desk, item);
    approved.budget_year = 2023;
    assert_int_equal(desk_take(&desk, &incentive_approved_event, &approved), DEAD_LETTERED);
    assert_string_equal(desk.room.decision.reason, "AWARD_MISMATCH");
    approved.budget_year = 2024;
    approved.currency = SLICE("IDR");
    assert_int_equal(desk_take(&desk, &incentive_approved_event, &approved), DEAD_LETTERED);
    assert_string_equal(desk.room.decision.reason, "AWARD_MISMATCH");
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_instalment_of_each_programme_is_held_with_its_reasons),
        cmocka_unit_test(a_pause_holds_from_its_first_to_its_last_day),
        cmocka_unit_test(the_newest_appropriations_are_kept),
        cmocka_unit_test(a_number_is_shared_by_companies_and_not_by_people),
        cmocka_unit_test(a_business_number_that_the_bank_refuses_is_mended_by_a_new_link),
        cmocka_unit_test(months_not_worked_are_stopped_and_released),
        cmocka_unit_test(an_approval_of_another_year_or_currency_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
