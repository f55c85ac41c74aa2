/*
 * Whatever comes, how often and in which order: one entitlement is one payment.
 *
 * Two thousand seeded plays of one award. Records of every kind are drawn, shuffled and doubled: purchases,
 * approvals, accounts good and bad, holds, decrees, stops, ends, reinstatements, pauses, officers' words.
 * A gateway with a book of its own pays, refuses, returns, loses instructions, stays silent until asked,
 * and pays what it refused; its answers come late, twice and out of order. After every record the books
 * add up and no account is below nothing; at the end nothing is in flight, and what we say was paid is what
 * the gateway's book says, attempt by attempt.
 */
#include "desk.h"

enum { PLAYS = 2000, RECORDS = 48, ANSWERS = 1024, ITEMS = 9, BOOK_ATTEMPTS = 100, DAYS = 60 };

static const struct {
    const char *item;
    int instalment;
    int64_t amount;
} instalments[ITEMS] = {
    {"job_search_incentive", 1, RUPIAH(600000)},
    {"job_search_incentive", 2, RUPIAH(600000)},
    {"job_search_incentive", 3, RUPIAH(600000)},
    {"job_search_incentive", 4, RUPIAH(600000)},
    {"survey_incentive", 1, RUPIAH(50000)},
    {"survey_incentive", 2, RUPIAH(50000)},
    {"survey_incentive", 3, RUPIAH(50000)},
    {"training", 1, RUPIAH(300000)},
    {"training", 2, RUPIAH(400000)},
};

enum habit { PAYS, REFUSES, REFUSES_FOR_A_DAY, RETURNS, LOSES, SILENT, PAYS_LATE, HABITS };

#define END MIDNIGHT(2021, 9, 15)

/* What the gateway knows of one instruction. */
struct instruction {
    enum habit habit;
    bool taken, lost;
    int net;  /* payments that it made and that did not come back */
    int told; /* how often it was sent to the gateway             */
};

struct letter {
    const struct event_type *type;
    const void *event;
};

struct play {
    struct desk desk;
    uint64_t seed, random;
    struct instruction book[ITEMS][BOOK_ATTEMPTS];
    struct letter records[RECORDS], answers[ANSWERS];
    size_t record_count, answer_count;
    bool repaid;
    char ids[ITEMS][33];
};

static uint64_t below(struct play *play, uint64_t bound)
{
    play->random ^= play->random << 13;
    play->random ^= play->random >> 7;
    play->random ^= play->random << 17;
    return (play->random >> 11) % bound;
}

static bool chance(struct play *play, uint64_t percent)
{
    return below(play, 100) < percent;
}

static instant_us some_time(struct play *play)
{
    return MIDNIGHT(2021, 4, 1) + (instant_us)below(play, DAYS * 24) * 3600 * US_PER_SECOND;
}

static const void *keep(struct play *play, const void *event, size_t size)
{
    void *copy = arena_alloc(&play->desk.room.arena, size);
    return memcpy(copy, event, size);
}

/* The gateway. */

static void say(struct play *play, size_t item, int attempt, int32_t status, const char *code,
                instant_us at)
{
    struct payout_settled settled = desk_answer(
        &play->desk, instalments[item].item, instalments[item].instalment, attempt, status, at);
    settled.has_reason_code = code[0] != '\0';
    settled.reason_code = slice_of(code);
    assert_true(play->answer_count < ANSWERS);
    play->answers[play->answer_count++] =
        (struct letter){&payout_settled_event, keep(play, &settled, sizeof settled)};
}

static size_t item_of(const struct play *play, struct slice end_to_end_id)
{
    size_t item = 0;
    while (item < ITEMS && memcmp(play->ids[item], end_to_end_id.data, 32) != 0)
        item++;
    assert_true(item < ITEMS); /* else an instruction that belongs to nothing */
    return item;
}

static void act(struct play *play, size_t item, int attempt, instant_us at)
{
    struct instruction *known = &play->book[item][attempt];
    instant_us hour = 3600 * US_PER_SECOND;
    known->taken = true;
    if (chance(play, 50))
        say(play, item, attempt, PAYOUT_SETTLED_STATUS_ACCEPTED, "", at + 1);
    switch (known->habit) {
    case PAYS:
    case LOSES:
    case SILENT:
        say(play, item, attempt, PAYOUT_SETTLED_STATUS_PAID, "", at + hour);
        known->net = 1;
        break;
    case REFUSES:
    case HABITS:
        say(play, item, attempt, PAYOUT_SETTLED_STATUS_REJECTED, "AC04", at + hour);
        break;
    case REFUSES_FOR_A_DAY:
        say(play, item, attempt, PAYOUT_SETTLED_STATUS_REJECTED, "AB05", at + hour);
        break;
    case RETURNS:
        say(play, item, attempt, PAYOUT_SETTLED_STATUS_PAID, "", at + hour);
        say(play, item, attempt, PAYOUT_SETTLED_STATUS_RETURNED, "MD07", at + 30 * hour);
        break;
    case PAYS_LATE:
        /* A day later there may be another attempt. */
        say(play, item, attempt, PAYOUT_SETTLED_STATUS_REJECTED, "TM01", at + hour);
        say(play, item, attempt, PAYOUT_SETTLED_STATUS_PAID, "", at + 40 * hour);
        known->net = 1;
        break;
    }
}

/* Nothing is sent beside another attempt that is paid, or may still be. */
static void alone(struct play *play, size_t item, int32_t attempt)
{
    const struct entitlement_row *row =
        desk_entitlement(&play->desk, instalments[item].item, instalments[item].instalment);
    for (size_t i = 0; i < row->attempts.count; i++)
        if (row->attempts.items[i].number != attempt &&
            (attempt_open(&row->attempts.items[i]) ||
             row->attempts.items[i].state == ENTITLEMENT_ROW_ATTEMPT_STATE_PAID))
            fail_msg("play %u: attempt %d is sent beside attempt %d", (unsigned)play->seed,
                     (int)attempt, row->attempts.items[i].number);
}

static void requested(struct play *play, const struct payout_requested *event)
{
    size_t item = item_of(play, event->end_to_end_id);
    alone(play, item, event->attempt);
    assert_true(event->attempt > 0 && event->attempt < BOOK_ATTEMPTS);
    struct instruction *known = &play->book[item][event->attempt];
    assert_int_equal(event->amount, instalments[item].amount);
    if (known->told++ == 0)
        known->habit = (enum habit)below(play, HABITS);
    else
        assert_true(known->lost); /* nobody is sent the same again unless it never came */
    if (known->taken || (known->habit == LOSES && !known->lost) ||
        (known->habit == SILENT && !known->taken))
        return;
    act(play, item, event->attempt, event->requested_at);
}

static void queried(struct play *play, const struct payout_queried *event)
{
    size_t item = item_of(play, event->end_to_end_id);
    int attempt =
        (event->instruction_id.data[33] - '0') * 10 + (event->instruction_id.data[34] - '0');
    struct instruction *known = &play->book[item][attempt];
    if (known->taken)
        return;
    if (known->habit == LOSES) {
        known->lost = true;
        say(play, item, attempt, PAYOUT_SETTLED_STATUS_NOT_FOUND, "",
            event->queried_at + US_PER_SECOND);
    } else {
        act(play, item, attempt, event->queried_at);
    }
}

static void gateway(void *context, struct desk *desk, const struct output *output)
{
    (void)desk;
    if (output->type == &payout_requested_event)
        requested(context, output->event);
    else if (output->type == &payout_queried_event)
        queried(context, output->event);
}

/* The records. */

static void add(struct play *play, const struct event_type *type, const void *event)
{
    for (int copies = chance(play, 30) ? 2 : 1; copies > 0; copies--)
        if (play->record_count < RECORDS)
            play->records[play->record_count++] =
                (struct letter){type, keep(play, event, type->record->size)};
}

static void add_enrolment(struct play *play, const char *id, int64_t price, bool comes_back)
{
    struct enrolment_decided enrolled = desk_enrolled(&play->desk, id, price);
    add(play, &enrolment_decided_event, &enrolled);
    if (!comes_back)
        return;
    enrolled.status = ENROLMENT_DECIDED_STATUS_REJECTED;
    enrolled.has_price = false;
    enrolled.sequence = 2;
    add(play, &enrolment_decided_event, &enrolled);
}

static void add_link(struct play *play, int32_t kind, int revision)
{
    struct account_linked linked = desk_link(&play->desk);
    linked.payee_kind = kind;
    linked.revision = revision;
    linked.linked_at = some_time(play);
    linked.account_no = revision == 1 ? SLICE("111") : SLICE("222");
    if (kind == ACCOUNT_LINKED_PAYEE_KIND_PROVIDER) {
        linked.payee_ref = SLICE("LPK-77");
        linked.account_no = SLICE("333");
    } else if (chance(play, 30)) {
        linked.msisdn = SLICE(OTHER_MSISDN);
    }
    linked.unlinked = chance(play, 5);
    add(play, &account_linked_event, &linked);
}

static void add_approval(struct play *play, const char *item, int first, int count,
                         int64_t amount)
{
    struct incentive_approved approved = desk_approval(
        &play->desk, item, first + count - 1, instant_to_day(some_time(play), 7 * 60), amount);
    approved.instalments.items += first - 1;
    approved.instalments.count = (size_t)count;
    add(play, &incentive_approved_event, &approved);
}

static void add_stop(struct play *play)
{
    static const char *const items[] = {"job_search_incentive", "survey_incentive", "training"};
    size_t item = below(play, 3);
    struct incentive_stopped stopped = {.award_id = play->desk.award_id,
                                        .item = slice_of(items[item]),
                                        .from_instalment = 1 + (int32_t)below(play, 4),
                                        .effect = INCENTIVE_STOPPED_EFFECT_STOPPED +
                                                  (int32_t)below(play, 3),
                                        .reason = SLICE("SURVEY_LATE"),
                                        .occurred_at = some_time(play),
                                        .sequence = 1};
    stopped.has_unused = item == 2 && chance(play, 50);
    stopped.unused = RUPIAH(300000);
    stopped.currency = SLICE("IDR");
    add(play, &incentive_stopped_event, &stopped);
}

static void add_change(struct play *play, int32_t by, int32_t change, const char *reason,
                       int64_t sequence)
{
    struct award_changed changed = desk_change(&play->desk, by, change, reason, sequence);
    changed.occurred_at = some_time(play);
    changed.has_decree_no = change == AWARD_CHANGED_CHANGE_DECREED;
    changed.decree_no = SLICE("KEP-9");
    changed.has_amount = change == AWARD_CHANGED_CHANGE_REPAID;
    changed.amount = changed.has_amount ? RUPIAH(600000) : 0;
    add(play, &award_changed_event, &changed);
}

static void add_case(struct play *play)
{
    static const char *const codes[] = {"RECONCILE_MISMATCH", "PROVIDER_REJECTED", "AC04",
                                        "ACCT_PHONE_CHANGED", "FRAUD_SUSPECTED"};
    size_t item = below(play, ITEMS), code = below(play, 5);
    struct uuid id =
        desk_entitlement_id(&play->desk, instalments[item].item, instalments[item].instalment);
    /* The books follow the gateway: of a disagreement it is the officer's word that would not. */
    bool waived = code == 0 || chance(play, 50);
    struct case_resolved resolved = desk_case(
        &play->desk, &id, codes[code],
        waived ? CASE_RESOLVED_OUTCOME_WAIVED : CASE_RESOLVED_OUTCOME_UPHELD, some_time(play));
    add(play, &case_resolved_event, &resolved);
}

static void add_pause(struct play *play)
{
    epoch_day from = instant_to_day(some_time(play), 7 * 60);
    struct programme_published published = {.programme = SLICE("kartu-prakerja"),
                                            .published_at = some_time(play),
                                            .has_paused_from = true,
                                            .paused_from = from,
                                            .has_paused_to = true,
                                            .paused_to = from + 5};
    add(play, &programme_published_event, &published);
}

static void add_ends(struct play *play)
{
    if (chance(play, 40))
        add_change(play, AWARD_CHANGED_BY_OFFICER, AWARD_CHANGED_CHANGE_REVOKED, "X", 1);
    if (chance(play, 30))
        add_change(play, AWARD_CHANGED_BY_COMPLETION, AWARD_CHANGED_CHANGE_CLOSED,
                   "BALANCE_RETURNED", 2);
    if (chance(play, 40))
        add_change(play, AWARD_CHANGED_BY_APPLICATION, AWARD_CHANGED_CHANGE_REINSTATED, "X", 3);
    if (chance(play, 15))
        add_change(play, AWARD_CHANGED_BY_COMPLETION, AWARD_CHANGED_CHANGE_REVOKED,
                   "FIRST_TRAINING_LATE", 4);
    if (chance(play, 15))
        add_change(play, AWARD_CHANGED_BY_APPLICATION, AWARD_CHANGED_CHANGE_REINSTATED, "X", 5);
}

static void write_records(struct play *play)
{
    struct application_decided awarded = desk_awarded(&play->desk);
    awarded.has_decree_no = chance(play, 80);
    add(play, &application_decided_event, &awarded);
    for (int revision = 1; revision <= 3; revision++)
        if (chance(play, 70))
            add_link(play, ACCOUNT_LINKED_PAYEE_KIND_PARTICIPANT, revision);
    if (chance(play, 80))
        add_link(play, ACCOUNT_LINKED_PAYEE_KIND_PROVIDER, 1);
    add_enrolment(play, "E-1", RUPIAH(300000), chance(play, 20));
    add_enrolment(play, "E-2", RUPIAH(400000), chance(play, 20));
    add_approval(play, "job_search_incentive", 1, 4, RUPIAH(600000));
    for (int survey = 1; survey <= 3; survey++)
        if (chance(play, 60))
            add_approval(play, "survey_incentive", survey, 1, RUPIAH(50000));
    add_approval(play, "training", 1, 1, RUPIAH(300000));
    if (chance(play, 70))
        add_approval(play, "training", 2, 1, RUPIAH(400000));
    if (chance(play, 40))
        add_stop(play);
    if (chance(play, 50)) {
        add_change(play, AWARD_CHANGED_BY_APPLICATION, AWARD_CHANGED_CHANGE_HELD,
                   "FRAUD_SUSPECTED", 1);
        add_change(play, AWARD_CHANGED_BY_APPLICATION, AWARD_CHANGED_CHANGE_RELEASED,
                   "FRAUD_SUSPECTED", 2);
    }
    if (!awarded.has_decree_no)
        add_change(play, AWARD_CHANGED_BY_OFFICER, AWARD_CHANGED_CHANGE_DECREED, "", 2);
    play->repaid = chance(play, 15);
    if (play->repaid)
        add_change(play, AWARD_CHANGED_BY_OFFICER, AWARD_CHANGED_CHANGE_REPAID, "X", 7);
    for (int n = (int)below(play, 4); n > 0; n--)
        add_case(play);
    if (chance(play, 20))
        add_pause(play);
    add_ends(play);
}

static void shuffle(struct play *play)
{
    for (size_t i = play->record_count; i > 1; i--) {
        size_t j = below(play, i);
        struct letter record = play->records[i - 1];
        play->records[i - 1] = play->records[j];
        play->records[j] = record;
    }
}

/* The play. */

static void take(struct play *play, const struct letter *letter)
{
    enum decision_kind kind = desk_take(&play->desk, letter->type, letter->event);
    if (kind == DEAD_LETTERED && letter->type == &payout_settled_event)
        fail_msg("play %u: an answer is refused: %s", (unsigned)play->seed,
                 play->desk.room.decision.reason);
    desk_check_books(&play->desk);
}

static void take_answer(struct play *play)
{
    size_t at = below(play, play->answer_count);
    struct letter answer = play->answers[at];
    if (!chance(play, 20)) /* else it comes again */
        play->answers[at] = play->answers[--play->answer_count];
    take(play, &answer);
}

static void play_out(struct play *play)
{
    for (size_t i = 0; i < play->record_count; i++) {
        take(play, &play->records[i]);
        if (chance(play, 25))
            desk_run(&play->desk, some_time(play));
        while (play->answer_count > 0 && chance(play, 40))
            take_answer(play);
    }
    /* Time goes on while answers are under way, so that some overtake a new attempt. */
    for (instant_us at = MIDNIGHT(2021, 4, 1); at < END || play->answer_count > 0;
         at += (instant_us)below(play, 6) * US_PER_DAY) {
        while (play->answer_count > 0 && chance(play, 60))
            take_answer(play);
        desk_run(&play->desk, at < END ? at : END);
        desk_check_books(&play->desk);
    }
    desk_run(&play->desk, END);
}

/* Every attempt is paid in our books when, and only when, it is in the gateway's. */
static void compare_books(struct play *play, size_t item)
{
    const struct entitlement_row *row =
        desk_entitlement(&play->desk, instalments[item].item, instalments[item].instalment);
    int net = 0, paid = 0;
    for (int attempt = 1; attempt < BOOK_ATTEMPTS; attempt++)
        net += play->book[item][attempt].net;
    for (size_t i = 0; row != NULL && i < row->attempts.count; i++) {
        const struct entitlement_row_attempt *attempt = &row->attempts.items[i];
        bool is = attempt->state == ENTITLEMENT_ROW_ATTEMPT_STATE_PAID;
        paid += is;
        if (!play->repaid && is != (play->book[item][attempt->number].net == 1))
            fail_msg("play %u: %s %d attempt %d is %s, the gateway says otherwise",
                     (unsigned)play->seed, instalments[item].item, instalments[item].instalment,
                     attempt->number,
                     symbols_name(&entitlement_row_attempt_state_symbols, attempt->state));
    }
    if (row == NULL || play->repaid)
        return;
    assert_int_equal(paid, net);
    assert_int_equal(row->status == ENTITLEMENT_ROW_STATUS_PAID, net > 0);
    assert_int_equal(row->overdrawn, net > 1 ? (net - 1) * row->amount : row->overdrawn);
}

static void finish(struct play *play)
{
    struct desk *desk = &play->desk;
    int64_t paid = 0;
    assert_int_equal(desk->waiter_count, 0);
    if (desk_balance(desk, IN_FLIGHT) != 0)
        fail_msg("play %u: something stays in flight", (unsigned)play->seed);
    if (award_ended(desk_award(desk)))
        assert_int_equal(desk_balance(desk, COMMITTED), 0);
    for (size_t item = 0; item < ITEMS; item++) {
        compare_books(play, item);
        for (int attempt = 1; attempt < BOOK_ATTEMPTS; attempt++)
            paid += play->book[item][attempt].net * instalments[item].amount;
    }
    if (!play->repaid)
        assert_int_equal(desk_balance(desk, PAID), paid);
}

static void one_entitlement_is_one_payment_whatever_comes(void **state)
{
    static struct play play;
    (void)state;
    desk_open(&play.desk, 12);
    play.desk.sent = gateway;
    play.desk.context = &play;
    play.desk.crowded = true;
    for (size_t item = 0; item < ITEMS; item++) {
        struct uuid id = desk_entitlement_id(&play.desk, instalments[item].item,
                                             instalments[item].instalment);
        for (size_t n = 0; n < sizeof id.bytes; n++)
            snprintf(play.ids[item] + 2 * n, 3, "%02x", id.bytes[n]);
    }
    for (play.seed = 1; play.seed <= PLAYS; play.seed++) {
        desk_clear(&play.desk);
        play.random = play.seed * UINT64_C(0x9e3779b97f4a7c15) | 1;
        memset(play.book, 0, sizeof play.book);
        play.record_count = play.answer_count = 0;
        write_records(&play);
        shuffle(&play);
        play_out(&play);
        finish(&play);
    }
    desk_close(&play.desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_entitlement_is_one_payment_whatever_comes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
