/*
 * A partner that may be asked for so many payouts a minute: never for more, and everybody is paid.
 *
 * The limit is a count in the database. Here its rows are locked, as in a worker's tight
 * mode, where alone "full" may be said; all decisions are of one batch, so what they took adds up.
 */
#include "desk.h"

#include "turn.h"

#define ITEM "job_search_incentive"

enum { PEOPLE = 1000, LIMIT_A_MINUTE = 25, MINUTES = 300, ROUNDS = 12 };
#define US_PER_MINUTE (60 * US_PER_SECOND)
#define DUE           MIDNIGHT(2021, 4, 10)

/* The published file, whose partners are all limited. */
#define BEFORE  "    query_after_minutes:"
#define LIMITED "    payouts_per_minute: 25\n" BEFORE /* LIMIT_A_MINUTE */

struct crowd {
    struct desk desk;
    size_t in_minute[MINUTES];
};

static void lock_minute(struct desk *desk, const char *partner, instant_us minute)
{
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)minute);
    struct slice parts[] = {SLICE("kartu-prakerja"), slice_of(partner), slice_of(text)};
    struct uuid key = seal_key(desk->room.seal, "partner_minute", 0, parts, 3);
    facts_limit_locked(&desk->room.facts, &partner_minute_row_type, &key, 0);
}

static void open_limited(struct desk *desk)
{
    desk_open_with(desk, 12, BEFORE, LIMITED);
    for (int i = 0; i < MINUTES; i++)
        lock_minute(desk, "BNI", DUE + i * US_PER_MINUTE);
}

static void count(void *context, struct desk *desk, const struct output *output)
{
    struct crowd *crowd = context;
    const struct payout_requested *requested = output->event;
    (void)desk;
    if (output->type != &payout_requested_event)
        return;
    size_t minute = (size_t)((requested->requested_at - DUE) / US_PER_MINUTE);
    assert_true(minute < MINUTES);
    crowd->in_minute[minute]++;
}

/* The desk's award becomes that of the n-th person. */
static void turn_to(struct desk *desk, int number)
{
    char text[17];
    snprintf(text, sizeof text, "317509%010d", number);
    assert_true(seal_person_id(desk->room.seal, SLICE("ID"), slice_of(text), &desk->person_id));
    desk->award_id = seal_award_id(desk->room.seal, SLICE("kartu-prakerja"),
                                   SLICE("semi-bansos"), 12, &desk->person_id);
}

static void bring(struct desk *desk, int number)
{
    char text[17], account[17];
    turn_to(desk, number);
    snprintf(text, sizeof text, "317509%010d", number);
    snprintf(account, sizeof account, "88%010d", number);
    struct application_decided awarded = desk_awarded(desk);
    struct account_linked linked = desk_link(desk);
    struct incentive_approved approved =
        desk_approval(desk, ITEM, 1, DAY(2021, 4, 10), RUPIAH(600000));
    linked.holder_national_id = arena_copy(&desk->room.arena, slice_of(text));
    linked.account_no = arena_copy(&desk->room.arena, slice_of(account));
    assert_int_equal(desk_take(desk, &application_decided_event, &awarded), DECIDED);
    assert_int_equal(desk_take(desk, &account_linked_event, &linked), DECIDED);
    assert_int_equal(desk_take(desk, &incentive_approved_event, &approved), DECIDED);
}

static void a_crowd_of_one_midnight_is_paid_minute_by_minute(void **state)
{
    static struct crowd crowd;
    struct desk *desk = &crowd.desk;
    (void)state;
    open_limited(desk);
    desk->crowded = true;
    for (int i = 0; i < PEOPLE; i++)
        bring(desk, i);
    desk->sent = count;
    desk->context = &crowd;
    desk_run(desk, DUE + (MINUTES - 1) * US_PER_MINUTE - US_PER_SECOND);
    size_t busiest = 0;
    for (size_t i = 0; i < MINUTES; i++)
        busiest = crowd.in_minute[i] > busiest ? crowd.in_minute[i] : busiest;
    assert_int_equal(busiest, LIMIT_A_MINUTE);
    assert_int_equal(crowd.in_minute[0], LIMIT_A_MINUTE);
    assert_int_equal(desk->requested_count, PEOPLE);
    for (int i = 0; i < PEOPLE; i++) {
        turn_to(desk, i);
        assert_string_equal(desk_status(desk, ITEM, 1), "IN_FLIGHT");
        assert_int_equal(desk_entitlement(desk, ITEM, 1)->attempts.count, 1);
    }
    desk_close(desk);
}

/* The n-th turn missed waits within 2, 4, 8... minutes: a hundred thousand at a thousand a minute need a
 * hundred minutes, and a few rounds. */
static void windows_double(void **state)
{
    struct entitlement_row entitlement = {.instalment = 1};
    struct payment payment = {.entitlement = &entitlement,
                              .occurred_at = DUE + 59 * US_PER_SECOND};
    (void)state;
    for (int turn = 0; turn < ROUNDS; turn++) {
        instant_us window = (INT64_C(2) << (turn < 10 ? turn : 10)) * US_PER_MINUTE;
        instant_us last = 0;
        for (int person = 0; person < 4096; person++) {
            memcpy(entitlement.entitlement_id.bytes + 8, &person, sizeof person);
            entitlement.turns_missed = turn;
            instant_us next = turn_next(&payment);
            assert_true(next > DUE && next <= DUE + window);
            assert_int_equal((next - DUE) % US_PER_MINUTE, 0);
            assert_int_equal(entitlement.turns_missed, turn + 1);
            entitlement.turns_missed = turn;
            assert_int_equal(turn_next(&payment), next); /* the same way each time */
            last = next > last ? next : last;
        }
        assert_true(last > DUE + window / 2); /* all of the window is used */
    }
}

static void fill_minute(struct desk *desk, instant_us minute, int left)
{
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)minute);
    struct slice parts[] = {SLICE("kartu-prakerja"), SLICE("BNI"), slice_of(text)};
    struct uuid key = seal_key(desk->room.seal, "partner_minute", 0, parts, 3);
    facts_limit_locked(&desk->room.facts, &partner_minute_row_type, &key,
                       LIMIT_A_MINUTE - left);
}

static void a_full_minute_changes_nothing_but_the_time(void **state)
{
    struct desk desk;
    (void)state;
    open_limited(&desk);
    fill_minute(&desk, DUE, 0);
    desk_ready(&desk);
    struct uuid id = desk_entitlement_id(&desk, ITEM, 1);
    assert_int_equal(desk_fire(&desk, TIMER_PAY, id, DUE), DECIDED);
    assert_string_equal(desk_status(&desk, ITEM, 1), "APPROVED");
    assert_int_equal(desk.requested_count + desk.message_count, 0);
    assert_int_equal(desk_balance(&desk, COMMITTED), PACKAGE);
    instant_us again = desk_entitlement(&desk, ITEM, 1)->retry_at;
    assert_true(again == DUE + US_PER_MINUTE || again == DUE + 2 * US_PER_MINUTE);
    /* The clock fires twice: the turn that was missed is not missed again. */
    assert_int_equal(desk_fire(&desk, TIMER_PAY, id, DUE), REPEATED);
    assert_int_equal(desk_entitlement(&desk, ITEM, 1)->turns_missed, 1);
    desk_run(&desk, again);
    assert_string_equal(desk_status(&desk, ITEM, 1), "IN_FLIGHT");
    assert_int_equal(desk_entitlement(&desk, ITEM, 1)->turns_missed, 0);
    assert_int_equal(desk_entitlement(&desk, ITEM, 1)->attempts.items[0].sent_at, again);
    assert_int_equal(desk_fire(&desk, TIMER_PAY, id, again), REPEATED);
    desk_close(&desk);
}

static void the_last_place_of_a_minute_is_a_place(void **state)
{
    struct desk desk;
    (void)state;
    open_limited(&desk);
    fill_minute(&desk, DUE, 1);
    desk_ready(&desk);
    desk_run(&desk, DUE);
    assert_int_equal(desk.requested_count, 1);
    desk_close(&desk);
}

/* What its gateway never saw is sent again in a minute that has room: until then it is asked about. */
static void the_same_instruction_again_takes_a_place_too(void **state)
{
    struct desk desk;
    (void)state;
    open_limited(&desk);
    desk_ready(&desk);
    desk_run(&desk, DUE);
    instant_us at = DUE + 10 * US_PER_MINUTE;
    fill_minute(&desk, at, 0);
    struct payout_settled settled =
        desk_answer(&desk, ITEM, 1, 1, PAYOUT_SETTLED_STATUS_NOT_FOUND, at);
    assert_int_equal(desk_take(&desk, &payout_settled_event, &settled), DECIDED);
    assert_int_equal(desk_take(&desk, &payout_settled_event, &settled), REPEATED);
    assert_int_equal(desk.requested_count, 1);
    assert_int_equal(desk_balance(&desk, IN_FLIGHT), RUPIAH(600000));
    instant_us ask_at = desk_entitlement(&desk, ITEM, 1)->attempts.items[0].ask_at;
    assert_true(ask_at > at && ask_at <= at + 2 * US_PER_MINUTE);
    struct uuid id = desk_entitlement_id(&desk, ITEM, 1);
    assert_int_equal(desk_fire(&desk, TIMER_ANSWER, id, ask_at), DECIDED);
    assert_non_null(room_output(&desk.room, &payout_queried_event, 0));
    settled.settled_at = ask_at + US_PER_SECOND;
    assert_int_equal(desk_take(&desk, &payout_settled_event, &settled), DECIDED);
    assert_int_equal(desk.requested_count, 2);
    desk_close(&desk);
}

/* Unlocked, a decision cannot know: it takes, and the commit says when it was too much. */
static void only_a_locked_minute_is_full(void **state)
{
    struct desk desk;
    (void)state;
    desk_open_with(&desk, 12, BEFORE, LIMITED);
    desk_ready(&desk);
    desk_run(&desk, DUE);
    assert_int_equal(desk.requested_count, 1);
    size_t minutes = 0;
    for (const struct limit_take *take = desk.room.facts.limits; take != NULL;
         take = take->next)
        if (desk.room.facts.tables[take->table].row == &partner_minute_row_type) {
            const struct partner_minute_row *row = take->row;
            assert_int_equal(take->amount, 1);
            assert_int_equal(take->ceiling, LIMIT_A_MINUTE);
            assert_int_equal(row->minute, DUE);
            assert_true(slice_is(row->partner, "BNI"));
            minutes++;
        }
    assert_int_equal(minutes, 1);
    desk_close(&desk);
}

static void without_a_limit_there_is_no_row(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk, 12);
    desk_ready(&desk);
    desk_run(&desk, DUE);
    assert_int_equal(desk.requested_count, 1);
    for (const struct limit_take *take = desk.room.facts.limits; take != NULL;
         take = take->next)
        assert_ptr_not_equal(desk.room.facts.tables[take->table].row, &partner_minute_row_type);
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_crowd_of_one_midnight_is_paid_minute_by_minute),
        cmocka_unit_test(windows_double),
        cmocka_unit_test(a_full_minute_changes_nothing_but_the_time),
        cmocka_unit_test(the_last_place_of_a_minute_is_a_place),
        cmocka_unit_test(the_same_instruction_again_takes_a_place_too),
        cmocka_unit_test(only_a_locked_minute_is_full),
        cmocka_unit_test(without_a_limit_there_is_no_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
