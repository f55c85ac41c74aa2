/* Control totals are sums over the books: an instruction's request names its envelope, once, and every entry that its
 * answers make names the instruction. */
#include "desk.h"

#define ITEM   "job_search_incentive"
#define AMOUNT RUPIAH(600000)

enum { MOST = 3 /* attempts that a case makes, and one more */ };

/* What the entries of one attempt come to on an account. */
static int64_t moved(const struct desk *desk, int32_t attempt, int32_t account)
{
    int64_t sum = 0;
    for (const struct appended_row *row = desk->room.facts.appended; row != NULL;
         row = row->next) {
        const struct ledger_entry_row *entry = row->row;
        if (entry->attempt != attempt)
            continue;
        sum += entry->debited == account ? entry->amount : 0;
        sum -= entry->credited == account ? entry->amount : 0;
    }
    return sum;
}

/* "1 BNI 2021-04-10,2 OVO 2021-04-12": the requests, by attempt. */
static const char *envelopes(const struct desk *desk)
{
    static char text[256];
    size_t size = 0;
    text[0] = '\0';
    for (int32_t attempt = 0; attempt <= MOST; attempt++)
        for (const struct appended_row *row = desk->room.facts.appended; row != NULL;
             row = row->next) {
            const struct ledger_entry_row *entry = row->row;
            char day[DAY_TEXT_SIZE + 1];
            if (!entry->has_envelope_on || entry->attempt != attempt)
                continue;
            assert_true(entry->has_partner && entry->debited == IN_FLIGHT);
            assert_int_equal(entry->amount, AMOUNT);
            day_format(entry->envelope_on, day);
            size += (size_t)snprintf(text + size, sizeof text - size, "%s%d %.*s %s",
                                     size == 0 ? "" : ",", (int)attempt,
                                     SLICE_ARGS(entry->partner), day);
        }
    return text;
}

static void answer(struct desk *desk, int attempt, int32_t status, instant_us at)
{
    struct payout_settled settled = desk_answer(desk, ITEM, 1, attempt, status, at);
    assert_int_equal(desk_take(desk, &payout_settled_event, &settled), DECIDED);
}

static void begin(struct desk *desk)
{
    desk_open(desk, 12);
    desk_ready(desk);
    desk_run(desk, MIDNIGHT(2021, 4, 10));
    assert_string_equal(envelopes(desk), "1 BNI 2021-04-10");
    assert_int_equal(moved(desk, 1, IN_FLIGHT), AMOUNT);
}

static void what_is_paid_or_refused_is_so_by_its_own_entries(void **state)
{
    static const struct {
        int32_t status;
        int64_t in_flight, paid;
    } answers[] = {{PAYOUT_SETTLED_STATUS_ACCEPTED, AMOUNT, 0},
                   {PAYOUT_SETTLED_STATUS_PAID, 0, AMOUNT},
                   {PAYOUT_SETTLED_STATUS_REJECTED, 0, 0},
                   {PAYOUT_SETTLED_STATUS_RETURNED, 0, 0}};
    (void)state;
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        struct desk desk;
        begin(&desk);
        answer(&desk, 1, answers[i].status, NOON(2021, 4, 10));
        assert_int_equal(moved(&desk, 1, IN_FLIGHT), answers[i].in_flight);
        assert_int_equal(moved(&desk, 1, PAID), answers[i].paid);
        assert_int_equal(
            moved(&desk, 1, COMMITTED) + moved(&desk, 1, IN_FLIGHT) + moved(&desk, 1, PAID), 0);
        desk_close(&desk);
    }
}

/* The gateway that never saw it gets it a day later, in the envelope in which the first day's totals count it. */
static void an_instruction_sent_again_stays_in_its_envelope(void **state)
{
    struct desk desk;
    (void)state;
    begin(&desk);
    answer(&desk, 1, PAYOUT_SETTLED_STATUS_NOT_FOUND, NOON(2021, 4, 11));
    const struct payout_requested *again = room_output(&desk.room, &payout_requested_event, 0);
    assert_int_equal(again->attempt, 1);
    assert_int_equal(again->requested_execution_date, DAY(2021, 4, 11));
    assert_true(slice_is(again->envelope_id, "kartu-prakerja/BNI/2021-04-10"));
    assert_string_equal(envelopes(&desk), "1 BNI 2021-04-10");
    desk_close(&desk);
}

/* Refused by the first partner, asked of a second one two days later; then the first one's word comes after all. */
static void each_attempt_has_its_own_envelope(void **state)
{
    struct desk desk;
    (void)state;
    begin(&desk);
    answer(&desk, 1, PAYOUT_SETTLED_STATUS_REJECTED, NOON(2021, 4, 10));
    struct account_linked other = desk_link(&desk);
    other.revision = 2;
    other.partner = SLICE("OVO");
    other.linked_at = NOON(2021, 4, 12);
    assert_int_equal(desk_take(&desk, &account_linked_event, &other), DECIDED);
    desk_run(&desk, NOON(2021, 4, 12));
    assert_string_equal(envelopes(&desk), "1 BNI 2021-04-10,2 OVO 2021-04-12");
    answer(&desk, 1, PAYOUT_SETTLED_STATUS_PAID, NOON(2021, 4, 12));
    assert_int_equal(moved(&desk, 1, PAID), AMOUNT);
    assert_int_equal(moved(&desk, 2, IN_FLIGHT), AMOUNT);
    answer(&desk, 2, PAYOUT_SETTLED_STATUS_REJECTED, NOON(2021, 4, 13));
    assert_int_equal(moved(&desk, 1, PAID), AMOUNT);
    assert_int_equal(moved(&desk, 2, PAID) + moved(&desk, 2, IN_FLIGHT), 0);
    assert_string_equal(desk_status(&desk, ITEM, 1), "PAID");
    desk_close(&desk);
}

/* By the programme's own midnight, not that of UTC. */
static void the_day_is_local(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk, 12);
    desk_ready(&desk);
    assert_int_equal(desk_fire(&desk, TIMER_PAY, desk_entitlement_id(&desk, ITEM, 1),
                               MIDNIGHT(2021, 4, 11) - 1),
                     DECIDED);
    assert_string_equal(envelopes(&desk), "1 BNI 2021-04-10");
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_paid_or_refused_is_so_by_its_own_entries),
        cmocka_unit_test(an_instruction_sent_again_stays_in_its_envelope),
        cmocka_unit_test(each_attempt_has_its_own_envelope),
        cmocka_unit_test(the_day_is_local),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
