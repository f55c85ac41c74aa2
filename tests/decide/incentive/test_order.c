/*
 * Whatever the order in which records come, and however often: the same money in the same
 * places.
 *
 * A gateway with fixed habits answers each instruction: it pays, refuses, pays and returns,
 * or loses the instruction and must be asked. Records of all topics are shuffled, doubled,
 * and mixed with its answers and with the clock; the books at the end are those of the
 * records in their own order.
 */
#include "desk.h"

enum { RECORDS = 40, ANSWERS = 512, SEEDS = 24, ITEMS = 7 };

static const struct {
    const char *item;
    int instalment;
} instalments[ITEMS] = {{"job_search_incentive", 1},
                        {"job_search_incentive", 2},
                        {"job_search_incentive", 3},
                        {"job_search_incentive", 4},
                        {"survey_incentive", 1},
                        {"training", 1},
                        {"training", 2}};

enum habit { PAYS, REFUSES, RETURNS, LOSES, HABITS };

struct letter {
    const struct event_type *type;
    const void *event;
};

struct play {
    struct desk desk;
    uint64_t random;
    enum habit habits[ITEMS];
    struct letter records[RECORDS], answers[ANSWERS];
    size_t record_count, answer_count;
    bool twice, found[ITEMS];
};

struct books {
    int64_t balances[RECOVERED + 1];
    int32_t status[ITEMS];
};

static uint64_t next_random(uint64_t *random)
{
    *random ^= *random << 13;
    *random ^= *random >> 7;
    *random ^= *random << 17;
    return *random;
}

static const void *keep(struct desk *desk, const void *event, size_t size)
{
    void *copy = arena_alloc(&desk->room.arena, size);
    return memcpy(copy, event, size);
}

static void answer(struct play *play, size_t item, int attempt, int32_t status, instant_us at)
{
    struct payout_settled settled = desk_answer(
        &play->desk, instalments[item].item, instalments[item].instalment, attempt, status, at);
    if (status == PAYOUT_SETTLED_STATUS_REJECTED) {
        settled.has_reason_code = true;
        settled.reason_code = SLICE("AC04");
    }
    const void *event = keep(&play->desk, &settled, sizeof settled);
    for (int copy = 0; copy < (play->twice ? 2 : 1); copy++) {
        assert_true(play->answer_count < ANSWERS);
        play->answers[play->answer_count++] = (struct letter){&payout_settled_event, event};
    }
}

static size_t item_of(const struct play *play, struct slice end_to_end_id)
{
    for (size_t i = 0; i < ITEMS; i++) {
        struct payout_settled settled =
            desk_answer((struct desk *)&play->desk, instalments[i].item,
                        instalments[i].instalment, 1, PAYOUT_SETTLED_STATUS_PAID, 0);
        if (slice_equal(settled.end_to_end_id, end_to_end_id))
            return i;
    }
    fail_msg("an instruction that belongs to nothing");
    return 0;
}

static void requested(struct play *play, const struct payout_requested *event)
{
    size_t item = item_of(play, event->end_to_end_id);
    instant_us at = event->requested_at + 3600 * US_PER_SECOND;
    answer(play, item, event->attempt, PAYOUT_SETTLED_STATUS_ACCEPTED, at - 1);
    switch (play->habits[item]) {
    case LOSES:
        if (!play->found[item]) {
            play->answer_count -= play->twice ? 2 : 1; /* not even that it was accepted */
            return;
        }
        answer(play, item, event->attempt, PAYOUT_SETTLED_STATUS_PAID, at);
        break;
    case PAYS:
        answer(play, item, event->attempt, PAYOUT_SETTLED_STATUS_PAID, at);
        break;
    case RETURNS:
        answer(play, item, event->attempt, PAYOUT_SETTLED_STATUS_PAID, at);
        answer(play, item, event->attempt, PAYOUT_SETTLED_STATUS_RETURNED, at + US_PER_DAY);
        break;
    case REFUSES:
    case HABITS:
        answer(play, item, event->attempt, PAYOUT_SETTLED_STATUS_REJECTED, at);
        break;
    }
}

/* A gateway that was asked has looked again: the instruction it never saw may be sent once
 * more. */
static void queried(struct play *play, const struct payout_queried *event)
{
    size_t item = item_of(play, event->end_to_end_id);
    if (play->habits[item] != LOSES || play->found[item])
        return;
    play->found[item] = true;
    answer(play, item, 1, PAYOUT_SETTLED_STATUS_NOT_FOUND, event->queried_at + US_PER_SECOND);
}

static void gateway(void *context, struct desk *desk, const struct output *output)
{
    struct play *play = context;
    (void)desk;
    if (output->type == &payout_requested_event)
        requested(play, output->event);
    else if (output->type == &payout_queried_event)
        queried(play, output->event);
}

static void add(struct play *play, const struct event_type *type, const void *event)
{
    for (int copy = 0; copy < (play->twice ? 2 : 1); copy++) {
        assert_true(play->record_count < RECORDS);
        play->records[play->record_count++] =
            (struct letter){type, keep(&play->desk, event, type->record->size)};
    }
}

static void add_enrolment(struct play *play, const char *id, int32_t status, int64_t price,
                          int64_t sequence)
{
    struct enrolment_decided enrolled = desk_enrolled(&play->desk, id, price);
    enrolled.status = status;
    enrolled.sequence = sequence;
    add(play, &enrolment_decided_event, &enrolled);
}

static void add_link(struct play *play, int32_t kind, int revision)
{
    struct account_linked linked = desk_link(&play->desk);
    linked.payee_kind = kind;
    linked.revision = revision;
    linked.linked_at += revision * US_PER_DAY;
    linked.account_no = revision == 1 ? SLICE("111") : SLICE("222");
    if (kind == ACCOUNT_LINKED_PAYEE_KIND_PROVIDER) {
        linked.payee_ref = SLICE("LPK-77");
        linked.account_no = SLICE("333");
    } else if (revision == 1) {
        linked.msisdn = SLICE(OTHER_MSISDN);
    }
    add(play, &account_linked_event, &linked);
}

static void add_approval(struct play *play, const char *item, int first, int count,
                         int64_t amount)
{
    struct incentive_approved approved =
        desk_approval(&play->desk, item, first + count - 1, DAY(2021, 4, 10), amount);
    approved.instalments.items += first - 1;
    approved.instalments.count = (size_t)count;
    add(play, &incentive_approved_event, &approved);
}

static void fill(struct play *play)
{
    struct application_decided awarded = desk_awarded(&play->desk);
    add(play, &application_decided_event, &awarded);
    add_link(play, ACCOUNT_LINKED_PAYEE_KIND_PARTICIPANT, 1);
    add_link(play, ACCOUNT_LINKED_PAYEE_KIND_PARTICIPANT, 2);
    add_link(play, ACCOUNT_LINKED_PAYEE_KIND_PROVIDER, 1);
    add_enrolment(play, "E-1", ENROLMENT_DECIDED_STATUS_ACCEPTED, RUPIAH(300000), 1);
    add_enrolment(play, "E-2", ENROLMENT_DECIDED_STATUS_ACCEPTED, RUPIAH(400000), 1);
    add_enrolment(play, "E-3", ENROLMENT_DECIDED_STATUS_ACCEPTED, RUPIAH(50000), 1);
    add_enrolment(play, "E-3", ENROLMENT_DECIDED_STATUS_REJECTED, 0, 2);
    add_approval(play, "job_search_incentive", 1, 4, RUPIAH(600000));
    add_approval(play, "survey_incentive", 1, 1, RUPIAH(50000));
    add_approval(play, "training", 1, 1, RUPIAH(300000));
    add_approval(play, "training", 2, 1, RUPIAH(400000));
    struct award_changed held = desk_change(&play->desk, AWARD_CHANGED_BY_APPLICATION,
                                            AWARD_CHANGED_CHANGE_HELD, "FRAUD_SUSPECTED", 1);
    add(play, &award_changed_event, &held);
    held.change = AWARD_CHANGED_CHANGE_RELEASED;
    held.sequence = 2;
    held.occurred_at += US_PER_DAY;
    add(play, &award_changed_event, &held);
}

static void shuffle(struct play *play)
{
    for (size_t i = play->record_count; i > 1; i--) {
        size_t j = next_random(&play->random) % i;
        struct letter record = play->records[i - 1];
        play->records[i - 1] = play->records[j];
        play->records[j] = record;
    }
}

static void take_answer(struct play *play, size_t at)
{
    struct letter record = play->answers[at];
    play->answers[at] = play->answers[--play->answer_count];
    assert_int_not_equal(desk_take(&play->desk, record.type, record.event), DEAD_LETTERED);
}

/* Everything that is still under way comes to its end. */
static void finish(struct play *play)
{
    do {
        while (play->answer_count > 0)
            take_answer(play, next_random(&play->random) % play->answer_count);
        desk_run(&play->desk, NOON(2021, 9, 1));
    } while (play->answer_count > 0);
    assert_int_equal(play->desk.waiter_count, 0);
}

static struct books play_out(uint64_t seed, bool shuffled)
{
    static struct play play;
    struct books books;
    memset(&play, 0, sizeof play);
    play.random = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
    for (size_t i = 0; i < ITEMS; i++)
        play.habits[i] = (enum habit)(next_random(&play.random) % HABITS);
    desk_open(&play.desk, 12);
    play.desk.sent = gateway;
    play.desk.context = &play;
    play.twice = shuffled;
    fill(&play);
    if (shuffled)
        shuffle(&play);
    for (size_t i = 0; i < play.record_count; i++) {
        enum decision_kind kind =
            desk_take(&play.desk, play.records[i].type, play.records[i].event);
        assert_int_not_equal(kind, DEAD_LETTERED);
        if (shuffled && next_random(&play.random) % 4 == 0)
            desk_run(&play.desk,
                     MIDNIGHT(2021, 4, 1) +
                         (instant_us)(next_random(&play.random) % 120) * US_PER_DAY);
        if (shuffled && play.answer_count > 0 && next_random(&play.random) % 2 == 0)
            take_answer(&play, next_random(&play.random) % play.answer_count);
    }
    finish(&play);
    for (int32_t account = APPROPRIATION; account <= RECOVERED; account++)
        books.balances[account] = desk_balance(&play.desk, account);
    for (size_t i = 0; i < ITEMS; i++)
        books.status[i] =
            desk_entitlement(&play.desk, instalments[i].item, instalments[i].instalment)
                ->status;
    desk_close(&play.desk);
    return books;
}

static void any_order_and_any_repeat_leave_the_same_books(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct books ordered = play_out(seed, false), shuffled = play_out(seed, true);
        for (int32_t account = COMMITTED; account <= RECOVERED; account++)
            if (ordered.balances[account] != shuffled.balances[account])
                fail_msg("seed %u: %s differs", (unsigned)seed,
                         symbols_name(&ledger_entry_row_account_symbols, account));
        for (size_t i = 0; i < ITEMS; i++)
            if (ordered.status[i] != shuffled.status[i])
                fail_msg("seed %u: %s %d is %s, or %s", (unsigned)seed, instalments[i].item,
                         instalments[i].instalment,
                         symbols_name(&entitlement_row_status_symbols, ordered.status[i]),
                         symbols_name(&entitlement_row_status_symbols, shuffled.status[i]));
        assert_int_equal(shuffled.balances[IN_FLIGHT], 0);
        assert_int_equal(shuffled.balances[USED], 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_order_and_any_repeat_leave_the_same_books),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
