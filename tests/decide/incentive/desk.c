#include "desk.h"

#include "handlers.h"

#include <inttypes.h>

enum { ACCOUNTS = RECOVERED + 1 };

static const char *const personal[] = {NATIONAL_ID, OTHER_ID,   MSISDN,        OTHER_MSISDN,
                                       HOLDER,      ACCOUNT_NO, "81234567890", NULL};

void desk_open(struct desk *desk, int wave)
{
    desk_open_with(desk, wave, NULL, NULL);
}

/* Who holds the award, and its id. */
static void take_place(struct desk *desk)
{
    const struct programme *programme = desk->room.programme;
    desk->commitment = desk->scheme->package_hundredths;
    assert_true(seal_person_id(desk->room.seal, programme->country, SLICE(NATIONAL_ID),
                               &desk->person_id));
    desk->award_id = seal_award_id(desk->room.seal, programme->id, desk->scheme->name,
                                   (uint16_t)desk->wave, &desk->person_id);
}

void desk_open_with(struct desk *desk, int wave, const char *old, const char *new)
{
    memset(desk, 0, sizeof *desk);
    room_open(&desk->room, "incentive", incentive_tables, incentive_table_count, old, new);
    desk->wave = wave;
    desk->scheme = scheme_for_wave(desk->room.programme, wave);
    desk->year = year_for_wave(desk->scheme, wave)->year;
    take_place(desk);
}

void desk_open_scheme(struct desk *desk, const char *programme, const char *scheme, int year)
{
    memset(desk, 0, sizeof *desk);
    room_open_programme(&desk->room, programme, "incentive", incentive_tables,
                        incentive_table_count);
    desk->scheme = scheme_find(desk->room.programme, slice_of(scheme));
    assert_non_null(desk->scheme);
    assert_non_null(year_find(desk->scheme, year));
    desk->year = year;
    take_place(desk);
}

void desk_clear(struct desk *desk)
{
    room_clear(&desk->room);
    desk->timer_count = desk->waiter_count = 0;
    desk->requested_count = desk->paid_count = desk->message_count = desk->released_count = 0;
    desk->released = 0;
}

void desk_close(struct desk *desk)
{
    room_close(&desk->room);
}

/* Balances of the books: what the limits were moved by. */
static int64_t total_of(const struct desk *desk, const struct award_row *award, int32_t account)
{
    for (const struct limit_take *take = desk->room.facts.limits; take != NULL;
         take = take->next) {
        const struct ledger_balance_row *row = take->row;
        if (desk->room.facts.tables[take->table].row == &ledger_balance_row_type &&
            row != NULL && row->year == award->year &&
            slice_equal(row->scheme, award->scheme) &&
            slice_is(row->account, symbols_name(&ledger_entry_row_account_symbols, account)))
            return take->amount;
    }
    return 0;
}

int64_t desk_balance(struct desk *desk, int32_t account)
{
    const struct award_row *award = desk_award(desk);
    int64_t sum = 0;
    for (size_t i = 0; award != NULL && i < award->parts.count; i++)
        sum += award_balance(award, award->parts.items[i].component, account);
    return sum;
}

static int64_t overdrawn(struct desk *desk, const struct award_row *award)
{
    int64_t sum = 0;
    for (size_t i = 0; i < award->entitlements.count; i++) {
        struct uuid id;
        assert_true(uuid_parse(award->entitlements.items[i], &id));
        const struct entitlement_row *row =
            facts_peek(&desk->room.facts, &entitlement_row_type, &id);
        sum += row->overdrawn;
    }
    return sum;
}

/* What application counts as come back, once it has heard all: what was told under instants after the last
 * reinstatement. */
static int64_t told_released(const struct desk *desk, const struct award_row *award)
{
    int64_t sum = 0;
    for (size_t i = 0; i < desk->released_count; i++)
        if (!award->has_reinstated_at || desk->releases[i].at > award->reinstated_at)
            sum += desk->releases[i].amount;
    return sum;
}

void desk_check_books(struct desk *desk)
{
    int64_t entries[ACCOUNTS] = {0}, all = 0;
    const struct award_row *award = desk_award(desk);
    if (award == NULL)
        return;
    for (const struct appended_row *row = desk->room.facts.appended; row != NULL;
         row = row->next) {
        const struct ledger_entry_row *entry = row->row;
        assert_true(entry->amount > 0 && entry->debited != entry->credited);
        entries[entry->debited] += entry->amount;
        entries[entry->credited] -= entry->amount;
    }
    for (int32_t account = APPROPRIATION; account < ACCOUNTS; account++) {
        assert_int_equal(entries[account], total_of(desk, award, account));
        if (account != APPROPRIATION) {
            assert_int_equal(entries[account], desk_balance(desk, account));
            assert_true(entries[account] >= 0);
        }
        all += entries[account];
    }
    assert_int_equal(all, 0);
    assert_int_equal(-entries[APPROPRIATION], desk->commitment + overdrawn(desk, award));
    assert_int_equal(entries[RELEASED], told_released(desk, award));
}

static void keep_outputs(struct desk *desk)
{
    for (const struct output *output = desk->room.outputs.first; output != NULL;
         output = output->next) {
        const struct payout_closed *closed = output->event;
        const struct commitment_released *released = output->event;
        if (desk->sent != NULL)
            desk->sent(desk->context, desk, output);
        desk->requested_count += output->type == &payout_requested_event;
        desk->paid_count += output->type == &payout_closed_event &&
                            closed->outcome == PAYOUT_CLOSED_OUTCOME_PAID;
        desk->message_count += output->type == &notification_requested_event;
        if (output->type != &commitment_released_event)
            continue;
        assert_true(desk->released_count < DESK_RELEASES);
        desk->releases[desk->released_count].at = released->occurred_at;
        desk->releases[desk->released_count++].amount = released->amount;
        desk->released += released->amount;
    }
    for (const struct output_timer *timer = desk->room.outputs.first_timer; timer != NULL;
         timer = timer->next) {
        bool known = false;
        for (size_t i = 0; i < desk->timer_count; i++)
            known = known || (desk->timers[i].due_at == timer->due_at &&
                              uuid_equal(&desk->timers[i].subject, &timer->subject) &&
                              strcmp(desk->timers[i].kind, timer->kind) == 0);
        assert_true(desk->timer_count < DESK_TIMERS);
        if (!known)
            desk->timers[desk->timer_count++] =
                (struct desk_timer){timer->kind, timer->subject, timer->due_at};
    }
}

static enum decision_kind decide(struct desk *desk, const struct event_type *type,
                                 const void *event)
{
    const struct handler *handler = incentive_handlers;
    while (handler->event != type)
        handler++;
    desk->room.personal = desk->crowded ? NULL : personal;
    enum decision_kind kind = room_decide(&desk->room, handler, event);
    keep_outputs(desk);
    if (!desk->crowded)
        desk_check_books(desk);
    return kind;
}

/* Tries what waits again until nothing moves; the newest record's decision is put back. */
static void wake(struct desk *desk)
{
    struct decision newest = desk->room.decision;
    struct outputs outputs = desk->room.outputs;
    for (size_t i = 0; i < desk->waiter_count; i++) {
        if (decide(desk, desk->waiters[i].type, desk->waiters[i].event) == WAITING)
            continue;
        desk->waiters[i] = desk->waiters[--desk->waiter_count];
        i = (size_t)-1;
    }
    desk->room.decision = newest;
    desk->room.outputs = outputs;
}

enum decision_kind desk_take(struct desk *desk, const struct event_type *type,
                             const void *event)
{
    /* The event outlives the test's variable, as a decoded one lives as long as its batch. */
    void *copy = arena_alloc(&desk->room.arena, type->record->size);
    memcpy(copy, event, type->record->size);
    enum decision_kind kind = decide(desk, type, copy);
    if (kind == WAITING) {
        assert_true(desk->waiter_count < DESK_WAITERS);
        desk->waiters[desk->waiter_count].type = type;
        desk->waiters[desk->waiter_count++].event = copy;
    } else if (kind == DECIDED) {
        wake(desk);
    }
    return kind;
}

void desk_give_award(struct desk *desk)
{
    struct application_decided awarded = desk_awarded(desk);
    struct account_linked linked = desk_link(desk);
    assert_int_equal(desk_take(desk, &application_decided_event, &awarded), DECIDED);
    assert_int_equal(desk_take(desk, &account_linked_event, &linked), DECIDED);
}

void desk_ready(struct desk *desk)
{
    struct incentive_approved approved =
        desk_approval(desk, "job_search_incentive", 1, DAY(2021, 4, 10), RUPIAH(600000));
    desk_give_award(desk);
    assert_int_equal(desk_take(desk, &incentive_approved_event, &approved), DECIDED);
}

enum decision_kind desk_fire(struct desk *desk, const char *kind, struct uuid subject,
                             instant_us due_at)
{
    struct timer_fired fired = {.subject_id = desk_text(desk, &subject),
                                .kind = slice_of(kind),
                                .due_at = due_at,
                                .attempt = 1};
    return desk_take(desk, &timer_incentive_event, &fired);
}

void desk_run(struct desk *desk, instant_us until)
{
    for (size_t fired = 0; fired < (size_t)4 * DESK_TIMERS; fired++) {
        size_t first = desk->timer_count;
        for (size_t i = 0; i < desk->timer_count; i++)
            if (desk->timers[i].due_at <= until &&
                (first == desk->timer_count ||
                 desk->timers[i].due_at < desk->timers[first].due_at))
                first = i;
        if (first == desk->timer_count)
            return;
        struct desk_timer timer = desk->timers[first];
        desk->timers[first] = desk->timers[--desk->timer_count];
        desk_fire(desk, timer.kind, timer.subject, timer.due_at);
    }
    fail_msg("timers do not come to an end");
}

const struct entitlement_row *desk_entitlement(struct desk *desk, const char *item,
                                               int instalment)
{
    struct uuid id = desk_entitlement_id(desk, item, instalment);
    return facts_peek(&desk->room.facts, &entitlement_row_type, &id);
}

const struct award_row *desk_award(struct desk *desk)
{
    return facts_peek(&desk->room.facts, &award_row_type, &desk->award_id);
}

const char *desk_reasons(struct desk *desk, const char *item, int instalment)
{
    static char text[512];
    const struct entitlement_row *row = desk_entitlement(desk, item, instalment);
    size_t size = 0;
    text[0] = '\0';
    for (size_t i = 0; i < row->reasons.count; i++)
        size += (size_t)snprintf(text + size, sizeof text - size, "%s%.*s", i > 0 ? "," : "",
                                 SLICE_ARGS(row->reasons.items[i]));
    return text;
}

const char *desk_status(struct desk *desk, const char *item, int instalment)
{
    return symbols_name(&entitlement_row_status_symbols,
                        desk_entitlement(desk, item, instalment)->status);
}
