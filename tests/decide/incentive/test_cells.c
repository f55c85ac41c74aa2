/*
 * Every cell of the payout table: what is known of an attempt, and which answer comes.
 *
 * First the answers about the only attempt; then, with a second attempt begun after the first
 * was refused, late answers about the first; then a first attempt that was paid after all, while
 * the second was under way. Each cell ends with the state of the instalment, its reasons, and where its
 * money stands, counted in instalments.
 */
#include "desk.h"

#define ITEM   "job_search_incentive"
#define AMOUNT RUPIAH(600000)
#define SENT   MIDNIGHT(2021, 4, 10)

enum known { REQUESTED, ACCEPTED, SILENT, PAID_OUT, FAILED, RETURNED };

enum answer {
    SAYS_ACCEPTED = PAYOUT_SETTLED_STATUS_ACCEPTED,
    SAYS_PENDING = PAYOUT_SETTLED_STATUS_PENDING,
    SAYS_PAID = PAYOUT_SETTLED_STATUS_PAID,
    SAYS_REJECTED = PAYOUT_SETTLED_STATUS_REJECTED,
    SAYS_RETURNED = PAYOUT_SETTLED_STATUS_RETURNED,
    SAYS_NOT_FOUND = PAYOUT_SETTLED_STATUS_NOT_FOUND,
};

#define REFUSED  "AC04,PROVIDER_REJECTED"
#define REJECTS  "PROVIDER_REJECTED"
#define MISMATCH "RECONCILE_MISMATCH"

struct cell {
    enum known known;
    enum answer answer;
    enum decision_kind kind;
    const char *status, *reasons;
    int taken, in_flight, paid; /* instalments gone from what is committed; where they are */
    size_t requested;           /* instructions sent because of the answer                 */
};

static const struct cell only_attempt[] = {
    {REQUESTED, SAYS_ACCEPTED, DECIDED, "IN_FLIGHT", "", 1, 1, 0, 0},
    {REQUESTED, SAYS_PENDING, DECIDED, "IN_FLIGHT", "", 1, 1, 0, 0},
    {REQUESTED, SAYS_PAID, DECIDED, "PAID", "", 1, 0, 1, 0},
    {REQUESTED, SAYS_REJECTED, DECIDED, "HELD", REJECTS, 0, 0, 0, 0},
    {REQUESTED, SAYS_RETURNED, DECIDED, "HELD", REJECTS, 0, 0, 0, 0},
    {REQUESTED, SAYS_NOT_FOUND, DECIDED, "IN_FLIGHT", "", 1, 1, 0, 1},
    {ACCEPTED, SAYS_ACCEPTED, REPEATED, "IN_FLIGHT", "", 1, 1, 0, 0},
    {ACCEPTED, SAYS_PENDING, REPEATED, "IN_FLIGHT", "", 1, 1, 0, 0},
    {ACCEPTED, SAYS_PAID, DECIDED, "PAID", "", 1, 0, 1, 0},
    {ACCEPTED, SAYS_REJECTED, DECIDED, "HELD", REJECTS, 0, 0, 0, 0},
    {ACCEPTED, SAYS_RETURNED, DECIDED, "HELD", REJECTS, 0, 0, 0, 0},
    {ACCEPTED, SAYS_NOT_FOUND, DECIDED, "IN_FLIGHT", "", 1, 1, 0, 1},
    {SILENT, SAYS_ACCEPTED, DECIDED, "IN_FLIGHT", "", 1, 1, 0, 0},
    {SILENT, SAYS_PENDING, DECIDED, "IN_FLIGHT", "", 1, 1, 0, 0},
    {SILENT, SAYS_PAID, DECIDED, "PAID", "", 1, 0, 1, 0},
    {SILENT, SAYS_REJECTED, DECIDED, "HELD", REJECTS, 0, 0, 0, 0},
    {SILENT, SAYS_RETURNED, DECIDED, "HELD", REJECTS, 0, 0, 0, 0},
    {SILENT, SAYS_NOT_FOUND, DECIDED, "IN_FLIGHT", "", 1, 1, 0, 1},
    {PAID_OUT, SAYS_ACCEPTED, REPEATED, "PAID", "", 1, 0, 1, 0},
    {PAID_OUT, SAYS_PENDING, REPEATED, "PAID", "", 1, 0, 1, 0},
    {PAID_OUT, SAYS_PAID, REPEATED, "PAID", "", 1, 0, 1, 0},
    {PAID_OUT, SAYS_REJECTED, DECIDED, "PAID", MISMATCH, 1, 0, 1, 0},
    {PAID_OUT, SAYS_RETURNED, DECIDED, "HELD", REJECTS, 0, 0, 0, 0},
    {PAID_OUT, SAYS_NOT_FOUND, REPEATED, "PAID", "", 1, 0, 1, 0},
    {FAILED, SAYS_ACCEPTED, REPEATED, "HELD", REFUSED, 0, 0, 0, 0},
    {FAILED, SAYS_PENDING, REPEATED, "HELD", REFUSED, 0, 0, 0, 0},
    {FAILED, SAYS_PAID, DECIDED, "PAID", "", 1, 0, 1, 0},
    {FAILED, SAYS_REJECTED, REPEATED, "HELD", REFUSED, 0, 0, 0, 0},
    {FAILED, SAYS_RETURNED, REPEATED, "HELD", REFUSED, 0, 0, 0, 0},
    {FAILED, SAYS_NOT_FOUND, REPEATED, "HELD", REFUSED, 0, 0, 0, 0},
    {RETURNED, SAYS_ACCEPTED, REPEATED, "HELD", REFUSED, 0, 0, 0, 0},
    {RETURNED, SAYS_PENDING, REPEATED, "HELD", REFUSED, 0, 0, 0, 0},
    {RETURNED, SAYS_PAID, DECIDED, "PAID", "", 1, 0, 1, 0},
    {RETURNED, SAYS_REJECTED, REPEATED, "HELD", REFUSED, 0, 0, 0, 0},
    {RETURNED, SAYS_RETURNED, REPEATED, "HELD", REFUSED, 0, 0, 0, 0},
    {RETURNED, SAYS_NOT_FOUND, REPEATED, "HELD", REFUSED, 0, 0, 0, 0},
};

/* The first attempt was refused, and of the second this is known: an answer about the first. Where
 * both pay, the second payment is not of the award's money. */
static const struct cell older_refused[] = {
    {REQUESTED, SAYS_ACCEPTED, REPEATED, "IN_FLIGHT", "", 1, 1, 0, 0},
    {REQUESTED, SAYS_PENDING, REPEATED, "IN_FLIGHT", "", 1, 1, 0, 0},
    {REQUESTED, SAYS_PAID, DECIDED, "PAID", "", 1, 1, 1, 0},
    {REQUESTED, SAYS_REJECTED, REPEATED, "IN_FLIGHT", "", 1, 1, 0, 0},
    {REQUESTED, SAYS_RETURNED, REPEATED, "IN_FLIGHT", "", 1, 1, 0, 0},
    {REQUESTED, SAYS_NOT_FOUND, REPEATED, "IN_FLIGHT", "", 1, 1, 0, 0},
    {ACCEPTED, SAYS_ACCEPTED, REPEATED, "IN_FLIGHT", "", 1, 1, 0, 0},
    {ACCEPTED, SAYS_PENDING, REPEATED, "IN_FLIGHT", "", 1, 1, 0, 0},
    {ACCEPTED, SAYS_PAID, DECIDED, "PAID", "", 1, 1, 1, 0},
    {ACCEPTED, SAYS_REJECTED, REPEATED, "IN_FLIGHT", "", 1, 1, 0, 0},
    {ACCEPTED, SAYS_RETURNED, REPEATED, "IN_FLIGHT", "", 1, 1, 0, 0},
    {ACCEPTED, SAYS_NOT_FOUND, REPEATED, "IN_FLIGHT", "", 1, 1, 0, 0},
    {SILENT, SAYS_ACCEPTED, REPEATED, "IN_FLIGHT", "", 1, 1, 0, 0},
    {SILENT, SAYS_PENDING, REPEATED, "IN_FLIGHT", "", 1, 1, 0, 0},
    {SILENT, SAYS_PAID, DECIDED, "PAID", "", 1, 1, 1, 0},
    {SILENT, SAYS_REJECTED, REPEATED, "IN_FLIGHT", "", 1, 1, 0, 0},
    {SILENT, SAYS_RETURNED, REPEATED, "IN_FLIGHT", "", 1, 1, 0, 0},
    {SILENT, SAYS_NOT_FOUND, REPEATED, "IN_FLIGHT", "", 1, 1, 0, 0},
    {PAID_OUT, SAYS_ACCEPTED, REPEATED, "PAID", "", 1, 0, 1, 0},
    {PAID_OUT, SAYS_PENDING, REPEATED, "PAID", "", 1, 0, 1, 0},
    {PAID_OUT, SAYS_PAID, DECIDED, "PAID", MISMATCH, 1, 0, 2, 0},
    {PAID_OUT, SAYS_REJECTED, REPEATED, "PAID", "", 1, 0, 1, 0},
    {PAID_OUT, SAYS_RETURNED, REPEATED, "PAID", "", 1, 0, 1, 0},
    {PAID_OUT, SAYS_NOT_FOUND, REPEATED, "PAID", "", 1, 0, 1, 0},
    {FAILED, SAYS_ACCEPTED, REPEATED, "HELD", REFUSED, 0, 0, 0, 0},
    {FAILED, SAYS_PENDING, REPEATED, "HELD", REFUSED, 0, 0, 0, 0},
    {FAILED, SAYS_PAID, DECIDED, "PAID", "", 1, 0, 1, 0},
    {FAILED, SAYS_REJECTED, REPEATED, "HELD", REFUSED, 0, 0, 0, 0},
    {FAILED, SAYS_RETURNED, REPEATED, "HELD", REFUSED, 0, 0, 0, 0},
    {FAILED, SAYS_NOT_FOUND, REPEATED, "HELD", REFUSED, 0, 0, 0, 0},
    {RETURNED, SAYS_ACCEPTED, REPEATED, "HELD", REFUSED, 0, 0, 0, 0},
    {RETURNED, SAYS_PENDING, REPEATED, "HELD", REFUSED, 0, 0, 0, 0},
    {RETURNED, SAYS_PAID, DECIDED, "PAID", "", 1, 0, 1, 0},
    {RETURNED, SAYS_REJECTED, REPEATED, "HELD", REFUSED, 0, 0, 0, 0},
    {RETURNED, SAYS_RETURNED, REPEATED, "HELD", REFUSED, 0, 0, 0, 0},
    {RETURNED, SAYS_NOT_FOUND, REPEATED, "HELD", REFUSED, 0, 0, 0, 0},
};

/* The first attempt was paid after all, the second is so: an answer about the first. */
static const struct cell older_paid[] = {
    {REQUESTED, SAYS_PAID, REPEATED, "PAID", "", 1, 1, 1, 0},
    {REQUESTED, SAYS_REJECTED, DECIDED, "PAID", MISMATCH, 1, 1, 1, 0},
    {REQUESTED, SAYS_RETURNED, DECIDED, "IN_FLIGHT", "", 1, 1, 0, 0},
    {REQUESTED, SAYS_NOT_FOUND, REPEATED, "PAID", "", 1, 1, 1, 0},
    {ACCEPTED, SAYS_RETURNED, DECIDED, "IN_FLIGHT", "", 1, 1, 0, 0},
    {SILENT, SAYS_RETURNED, DECIDED, "IN_FLIGHT", "", 1, 1, 0, 0},
    {PAID_OUT, SAYS_PAID, REPEATED, "PAID", MISMATCH, 1, 0, 2, 0},
    {PAID_OUT, SAYS_REJECTED, DECIDED, "PAID", MISMATCH, 1, 0, 2, 0},
    {PAID_OUT, SAYS_RETURNED, DECIDED, "PAID", "", 1, 0, 1, 0},
    {PAID_OUT, SAYS_NOT_FOUND, REPEATED, "PAID", MISMATCH, 1, 0, 2, 0},
    {FAILED, SAYS_REJECTED, DECIDED, "PAID", MISMATCH, 1, 0, 1, 0},
    {FAILED, SAYS_RETURNED, DECIDED, "HELD", REJECTS, 0, 0, 0, 0},
    {RETURNED, SAYS_RETURNED, DECIDED, "HELD", REJECTS, 0, 0, 0, 0},
};

/* The first attempt was paid after all: an answer about the second, of which this is known. */
static const struct cell newer_beside_paid[] = {
    {REQUESTED, SAYS_ACCEPTED, DECIDED, "PAID", "", 1, 1, 1, 0},
    {REQUESTED, SAYS_PENDING, DECIDED, "PAID", "", 1, 1, 1, 0},
    {REQUESTED, SAYS_PAID, DECIDED, "PAID", MISMATCH, 1, 0, 2, 0},
    {REQUESTED, SAYS_REJECTED, DECIDED, "PAID", "", 1, 0, 1, 0},
    {REQUESTED, SAYS_RETURNED, DECIDED, "PAID", "", 1, 0, 1, 0},
    /* The same instruction again would pay a second time. */
    {REQUESTED, SAYS_NOT_FOUND, DECIDED, "PAID", "", 1, 0, 1, 0},
    {SILENT, SAYS_NOT_FOUND, DECIDED, "PAID", "", 1, 0, 1, 0},
    {PAID_OUT, SAYS_PAID, REPEATED, "PAID", MISMATCH, 1, 0, 2, 0},
    {PAID_OUT, SAYS_REJECTED, DECIDED, "PAID", MISMATCH, 1, 0, 2, 0},
    {PAID_OUT, SAYS_RETURNED, DECIDED, "PAID", "", 1, 0, 1, 0},
    {FAILED, SAYS_PAID, DECIDED, "PAID", MISMATCH, 1, 0, 2, 0},
    {RETURNED, SAYS_PAID, DECIDED, "PAID", MISMATCH, 1, 0, 2, 0},
};

static enum decision_kind tell(struct desk *desk, int attempt, enum answer answer,
                               const char *code, instant_us at)
{
    struct payout_settled settled = desk_answer(desk, ITEM, 1, attempt, (int32_t)answer, at);
    settled.has_reason_code = code[0] != '\0';
    settled.reason_code = slice_of(code);
    return desk_take(desk, &payout_settled_event, &settled);
}

static void bring(struct desk *desk, int attempt, enum known known, instant_us sent_at)
{
    instant_us at = sent_at + 12 * 3600 * US_PER_SECOND;
    switch (known) {
    case REQUESTED:
        break;
    case ACCEPTED:
        tell(desk, attempt, SAYS_ACCEPTED, "", at);
        break;
    case SILENT:
        desk_fire(desk, TIMER_ANSWER, desk_entitlement_id(desk, ITEM, 1), at);
        break;
    case PAID_OUT:
        tell(desk, attempt, SAYS_PAID, "", at);
        break;
    case FAILED:
        tell(desk, attempt, SAYS_REJECTED, "AC04", at);
        break;
    case RETURNED:
        tell(desk, attempt, SAYS_PAID, "", at);
        tell(desk, attempt, SAYS_RETURNED, "AC04", at + 1);
        break;
    }
}

static void begin(struct desk *desk)
{
    desk_open(desk, 12);
    desk_ready(desk);
    desk_run(desk, SENT);
    assert_string_equal(desk_status(desk, ITEM, 1), "IN_FLIGHT");
}

/* The second attempt, sent at noon of 12 April. */
static void begin_second(struct desk *desk)
{
    begin(desk);
    tell(desk, 1, SAYS_REJECTED, "AC04", SENT + US_PER_DAY);
    struct account_linked linked = desk_link(desk);
    linked.revision = 2;
    linked.account_no = SLICE("777000777");
    linked.linked_at = NOON(2021, 4, 12);
    assert_int_equal(desk_take(desk, &account_linked_event, &linked), DECIDED);
    desk_fire(desk, TIMER_RETRY, desk_entitlement_id(desk, ITEM, 1), NOON(2021, 4, 12));
    assert_int_equal(desk_entitlement(desk, ITEM, 1)->attempts.count, 2);
}

/* Answers, and answers again: the second time changes nothing, unless it is a new question. */
static void check(struct desk *desk, const struct cell *cell, int attempt, const char *table,
                  size_t number)
{
    size_t requested = desk->requested_count;
    enum decision_kind kind = tell(desk, attempt, cell->answer, "", NOON(2021, 4, 20));
    if (kind != cell->kind || strcmp(desk_status(desk, ITEM, 1), cell->status) != 0 ||
        strcmp(desk_reasons(desk, ITEM, 1), cell->reasons) != 0)
        fail_msg("%s, cell %zu: kind %d, %s %s", table, number, (int)kind,
                 desk_status(desk, ITEM, 1), desk_reasons(desk, ITEM, 1));
    if (PACKAGE - desk_balance(desk, COMMITTED) != cell->taken * AMOUNT ||
        desk_balance(desk, IN_FLIGHT) != cell->in_flight * AMOUNT ||
        desk_balance(desk, PAID) != cell->paid * AMOUNT)
        fail_msg("%s, cell %zu: the money stands elsewhere", table, number);
    if (desk->requested_count - requested != cell->requested)
        fail_msg("%s, cell %zu: sent %zu instructions", table, number,
                 desk->requested_count - requested);
    if (tell(desk, attempt, cell->answer, "", NOON(2021, 4, 20)) != REPEATED)
        fail_msg("%s, cell %zu: a repeat changes something", table, number);
    assert_int_equal(desk->requested_count - requested, cell->requested);
}

static void answers_about_the_only_attempt(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof only_attempt / sizeof only_attempt[0]; i++) {
        struct desk desk;
        begin(&desk);
        bring(&desk, 1, only_attempt[i].known, SENT);
        check(&desk, &only_attempt[i], 1, "the only attempt", i);
        desk_close(&desk);
    }
}

static void late_answers_about_a_refused_attempt(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof older_refused / sizeof older_refused[0]; i++) {
        struct desk desk;
        begin_second(&desk);
        bring(&desk, 2, older_refused[i].known, NOON(2021, 4, 12));
        check(&desk, &older_refused[i], 1, "the older, refused", i);
        desk_close(&desk);
    }
}

static void answers_beside_an_attempt_paid_late(void **state)
{
    static const struct {
        const struct cell *cells;
        size_t count;
        int attempt;
        const char *name;
    } tables[] = {
        {older_paid, sizeof older_paid / sizeof older_paid[0], 1, "the older, paid"},
        {newer_beside_paid, sizeof newer_beside_paid / sizeof newer_beside_paid[0], 2,
         "the newer beside a paid one"},
    };
    (void)state;
    for (size_t table = 0; table < 2; table++)
        for (size_t i = 0; i < tables[table].count; i++) {
            struct desk desk;
            begin_second(&desk);
            assert_int_equal(tell(&desk, 1, SAYS_PAID, "", NOON(2021, 4, 12) + 1), DECIDED);
            const struct payout_queried *queried =
                room_output(&desk.room, &payout_queried_event, 0);
            assert_memory_equal(queried->instruction_id.data + 32, "-02", 3);
            bring(&desk, 2, tables[table].cells[i].known, NOON(2021, 4, 12));
            check(&desk, &tables[table].cells[i], tables[table].attempt, tables[table].name, i);
            desk_close(&desk);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_about_the_only_attempt),
        cmocka_unit_test(late_answers_about_a_refused_attempt),
        cmocka_unit_test(answers_beside_an_attempt_paid_late),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
