/* Waiting events between their neighbours, which are played here: who is woken, in which order, and at what cost. */
#include "played.h"

#include "base/frame.h"
#include "schemas/events.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

enum { FEW = 2000, MANY = 16 * FEW, TRIES = 3, ARENA_MIB = 256 };

struct thing_row {
    struct uuid id;
    int64_t version;
};

static const struct record_type record = {"Thing", sizeof(struct thing_row), NULL, 0};
static const struct row_type things = {.table = "thing",
                                       .record = &record,
                                       .key_offset = offsetof(struct thing_row, id),
                                       .version_offset = offsetof(struct thing_row, version)};
static const struct row_type others = {.table = "other",
                                       .record = &record,
                                       .key_offset = offsetof(struct thing_row, id),
                                       .version_offset = offsetof(struct thing_row, version)};
static const struct fact_table tables[] = {{&things, GUARDED, false},
                                           {&others, GUARDED, false}};

/* What a decision on the waiter with this offset does: waits on, or adds the row of a key. */
static int64_t waits_on_at, adds_at, added_key;
static const struct row_type *adds_to;
static size_t decided, opened;
static struct buffer kept; /* frames, as they were to be sealed */

volatile sig_atomic_t worker_stopping;

static struct uuid key_of(int64_t number)
{
    struct uuid key = {{0}};
    memcpy(key.bytes + 8, &number, sizeof number);
    return key;
}

static void tell_number(int64_t number)
{
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)number);
    told_add(" ", text);
}

bool deciding_decide(struct worker *worker, const struct entry *entry, struct lane *lane,
                     bool again)
{
    const struct waiter *waiter =
        (const struct waiter *)((const char *)entry - offsetof(struct waiter, entry));
    int64_t offset = waiter->stored.record_offset;
    (void)lane;
    assert_true(again);
    decided++;
    if (decided < 100)
        tell_number(offset);
    facts_decision_begin(&worker->round->facts);
    worker->decision.kind = offset == waits_on_at ? WAITING : DECIDED;
    worker->decision.awaited_key = waiter->stored.key;
    if (offset == adds_at) {
        struct uuid key = key_of(added_key);
        facts_add(&worker->round->facts, adds_to, &key);
    }
    return true;
}

bool deciding_bury(struct worker *worker, const struct entry *entry, struct lane *lane,
                   const char *reason, const char *sentence)
{
    (void)worker;
    (void)entry;
    (void)lane;
    (void)sentence;
    told_add(" ", reason);
    return true;
}

bool deciding_timer(struct worker *worker, const char *kind, const struct uuid *subject,
                    instant_us due_at, struct slice of)
{
    (void)worker;
    (void)kind;
    (void)subject;
    (void)due_at;
    (void)of;
    told_add(" ", "timer");
    return true;
}

struct slice deciding_place(struct worker *worker, const struct record *of)
{
    (void)worker;
    (void)of;
    return SLICE("place");
}

bool payload_seal(struct worker *worker, const struct payload_row *row, struct slice frames,
                  struct buffer *payload)
{
    (void)worker;
    (void)row;
    buffer_clear(&kept);
    buffer_append(&kept, frames.data, frames.size);
    buffer_append_byte(payload, 1);
    return true;
}

enum outcome payload_unseal(const struct seal *seal, const struct payload_row *row,
                            struct slice payload, struct buffer *frames, struct error *error)
{
    (void)seal;
    (void)row;
    (void)payload;
    (void)error;
    return frame_append(frames, &(struct frame){.topic = 0}) ? OK : STOP;
}

bool intake_decode(struct worker *worker, struct entry *entry)
{
    (void)worker;
    (void)entry;
    opened++;
    return true;
}

/* Nothing is in PostgreSQL: what is asked for late is absent. */
static bool load_nothing(void *context, struct facts *facts)
{
    size_t begin[FACT_TABLES + 1], from = facts->ordered_count;
    (void)context;
    if (!facts_order(facts, begin))
        return false;
    for (size_t i = from; i < facts->ordered_count; i++)
        facts_loaded(facts, facts->ordered[i], NULL);
    return true;
}

static struct lane lane;
static const struct entry cause;

static void begin(void)
{
    static struct handler handlers[1];
    static struct service service = {.name = "completion", .handler_count = 1};
    handlers[0].event = all_events[0];
    service.handlers = handlers;
    buffer_release(&the_worker.scratch);
    buffer_release(&the_worker.verdict_bytes);
    buffer_release(&kept);
    played_begin((struct worker){.service = &service});
    the_worker.count.waiting = metrics_counter(the_worker.metrics, "waiting", "", NULL, 0);
    arena_release(&the_worker.round->arena);
    assert_true(arena_init(&the_worker.round->arena, (size_t)ARENA_MIB << 20));
    the_worker.round->facts.load = load_nothing;
    assert_true(
        facts_begin(&the_worker.round->facts, tables, 2, &the_worker.round->arena, MANY));
    waits_on_at = adds_at = -1;
    adds_to = &things;
    decided = opened = 0;
}

static struct waiting_record waits(int64_t offset, int64_t key, instant_us at)
{
    return (struct waiting_record){.key = key_of(key),
                                   .topic = slice_of(all_events[0]->topic),
                                   .record_offset = offset,
                                   .event_id = SLICE("id"),
                                   .occurred_at = at,
                                   .expires_at = at + 1000};
}

static void load(int64_t offset, int64_t key, instant_us at)
{
    struct waiting_record one = waits(offset, key, at);
    assert_true(waiting_add(&the_worker, &one));
}

/* A decision that is none of a waiter adds a row; then whoever waits for it is woken. */
static void add_row(const struct row_type *type, int64_t key)
{
    struct uuid id = key_of(key);
    facts_decision_begin(&the_worker.round->facts);
    facts_add(&the_worker.round->facts, type, &id);
}

/* Since it was last asked. */
static void told_since(const char *name, const char *expected)
{
    told_was(name, expected);
    buffer_clear(&told);
}

static void wake(void)
{
    assert_true(waiting_wake(&the_worker, &lane, &cause));
}

static void test_they_stand_once(void **state)
{
    (void)state;
    begin();
    for (int64_t i = 0; i < FEW; i++)
        load(i, i % 7, i * 7919 % 997);
    for (int64_t i = 0; i < FEW; i++)
        load(i, i % 7, i * 7919 % 997);
    size_t count = 0;
    for (const struct waiter *at = the_worker.round->waiters; at != NULL; at = at->next)
        count++;
    assert_int_equal(count, FEW);
    struct waiting_record elsewhere = waits(0, 0, 0);
    assert_true(waiters_hold(&the_worker, &elsewhere));
    elsewhere.partition = 1;
    assert_false(waiters_hold(&the_worker, &elsewhere));
    elsewhere = waits(FEW, 0, 0);
    assert_false(waiters_hold(&the_worker, &elsewhere));
    elsewhere = waits(0, 0, 0);
    elsewhere.topic = SLICE("another");
    assert_false(waiters_hold(&the_worker, &elsewhere));
}

static void test_a_row_wakes_who_waits_for_it_in_order(void **state)
{
    (void)state;
    begin();
    load(1, 10, 300);
    load(2, 10, 100);
    load(3, 20, 50);
    load(4, 10, 200);
    wake();
    assert_int_equal(opened, 4);
    told_since("nothing appeared", "");
    add_row(&things, 10);
    wake();
    wake();
    told_since("the row of three", "2 4 1");
    add_row(&others, 20);
    wake();
    told_since("in any table", "3");
    assert_int_equal(opened, 4);
}

static void test_a_row_that_was_loaded_wakes_too(void **state)
{
    (void)state;
    begin();
    struct uuid key = key_of(10);
    struct thing_row row = {.id = key, .version = 1};
    size_t first[FACT_TABLES + 1];
    facts_want(&the_worker.round->facts, &others, &key);
    assert_true(facts_order(&the_worker.round->facts, first));
    facts_loaded(&the_worker.round->facts, the_worker.round->facts.ordered[0], &row);
    load(1, 10, 300);
    wake();
    told_since("there already", "1");
    struct uuid late = key_of(20);
    load(2, 20, 100);
    wake();
    facts_want(&the_worker.round->facts, &things, &late);
    assert_true(facts_order(&the_worker.round->facts, first));
    facts_loaded(&the_worker.round->facts, the_worker.round->facts.ordered[1], &row);
    wake();
    told_since("loaded later", "2");
}

static void test_one_that_adds_a_row_wakes_the_next_before_all_others(void **state)
{
    (void)state;
    begin();
    load(1, 10, 100);
    load(2, 10, 300);
    load(3, 20, 200);
    load(4, 20, 50);
    adds_at = 1;
    added_key = 20;
    add_row(&things, 10);
    wake();
    told_since("chain", "1 4 3 2");
}

static void test_one_that_waits_on_is_asked_again_when_more_appears(void **state)
{
    (void)state;
    begin();
    load(1, 10, 100);
    waits_on_at = 1;
    add_row(&things, 10);
    wake();
    wake();
    told_since("its key stands in another table", "1");
    waits_on_at = -1;
    add_row(&others, 10);
    wake();
    wake();
    told_since("now in its own", "1");
}

static void test_a_timer_asks_its_key_alone_and_ends_the_waiting(void **state)
{
    (void)state;
    begin();
    load(1, 10, 100);
    load(2, 20, 200);
    waits_on_at = 1;
    struct entry timer = {.wake_key = key_of(10), .wake_at = 150};
    waiting_force(&the_worker, &timer);
    wake();
    told_since("looked at", "1");
    timer.wake_at = 1100;
    waiting_force(&the_worker, &timer);
    wake();
    told_since("its time is over", "1 NEVER_KNOWN");
    waiting_force(&the_worker, &timer);
    wake();
    timer.wake_key = key_of(30);
    waiting_force(&the_worker, &timer);
    wake();
    told_since("nobody is left", "");
    assert_false(the_worker.round->waiters->done); /* the other one */
}

/* What it causes later would be as large, and the innocent record that wakes it would be blamed. */
static void test_an_event_too_large_to_wait_is_buried_at_once(void **state)
{
    static char bytes[WAITING_BYTES + 1];
    static struct handler handler;
    static struct subject subject;
    struct entry entry = {.handler = &handler, .subject = &subject};
    (void)state;
    begin();
    handler.event = all_events[0];
    entry.record.topic = all_events[0]->topic;
    entry.record.value = (struct slice){bytes, WAITING_BYTES};
    assert_true(waiting_put(&the_worker, &entry, &lane));
    told_since("as large as may be", "timer timer");
    entry.record.value.size++;
    assert_true(waiting_put(&the_worker, &entry, &lane));
    told_since("a byte more", "CANNOT_BE_STORED");
}

static void test_a_new_try_begins_with_nobody(void **state)
{
    (void)state;
    begin();
    load(1, 10, 100);
    the_worker.round->waiters = NULL; /* as deciding does */
    struct entry timer = {.wake_key = key_of(10)};
    waiting_force(&the_worker, &timer);
    wake();
    assert_true(waiting_open(&the_worker));
    struct waiting_record one = waits(1, 10, 100);
    assert_false(waiters_hold(&the_worker, &one));
    load(2, 10, 50);
    add_row(&things, 10);
    wake();
    told_since("the new one alone", "2");
}

/* Processor time in which so many come, each for a row of its own, and are woken by as many decisions. */
static double cost_of(int count)
{
    double least = 1e9;
    for (int i = 0; i < TRIES; i++) {
        begin();
        clock_t from = clock();
        for (int64_t w = 0; w < count; w++)
            load(w, w, w * 7919 % count);
        for (int64_t w = 0; w < count; w++) {
            add_row(&things, w);
            wake();
        }
        double took = (double)(clock() - from);
        assert_int_equal(decided, count);
        least = took < least ? took : least;
    }
    return least;
}

static void test_sixteen_times_the_waiters_cost_far_less_than_its_square(void **state)
{
    (void)state;
    double few = cost_of(FEW), many = cost_of(MANY);
    if (many > few * (MANY / FEW) * 8)
        fail_msg("%d cost %.0f us, %d cost %.0f us", FEW, few, MANY, many);
}

/* Another id of the cause would give all its outputs other ids. */
static void test_who_waits_keeps_its_id_whatever_headers_stand_before_it(void **state)
{
    (void)state;
    struct header headers[RECORD_HEADERS];
    begin();
    for (size_t i = 0; i < RECORD_HEADERS; i++)
        headers[i] = (struct header){SLICE("b3"), SLICE("1")};
    headers[RECORD_HEADERS - 2] = (struct header){SLICE("ce_type"), SLICE("t")};
    headers[RECORD_HEADERS - 1] = (struct header){SLICE("ce_id"), SLICE("application-1")};
    struct subject subject = {.occurred_at = 5};
    struct timer timers[8];
    struct entry entry = {.handler = the_worker.service->handlers,
                          .subject = &subject,
                          .record = {.topic = all_events[0]->topic,
                                     .headers = headers,
                                     .header_count = RECORD_HEADERS}};
    the_worker.timer_capacity = sizeof timers / sizeof *timers;
    the_worker.round->timers = timers;
    assert_true(waiting_put(&the_worker, &entry, &lane));
    struct frame_iterator iterator = {.rest = buffer_slice(&kept)};
    struct frame frame;
    struct error error;
    assert_int_equal(frame_next(&iterator, &frame, &error), FRAME_READ);
    assert_int_equal(frame.header_count, 2);
    assert_true(slice_is(frame.headers[0].name, "ce_id"));
    assert_true(slice_is(frame.headers[0].value, "application-1"));
    the_worker.round->timers = NULL;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_they_stand_once),
        cmocka_unit_test(test_a_row_wakes_who_waits_for_it_in_order),
        cmocka_unit_test(test_a_row_that_was_loaded_wakes_too),
        cmocka_unit_test(test_one_that_adds_a_row_wakes_the_next_before_all_others),
        cmocka_unit_test(test_one_that_waits_on_is_asked_again_when_more_appears),
        cmocka_unit_test(test_a_timer_asks_its_key_alone_and_ends_the_waiting),
        cmocka_unit_test(test_an_event_too_large_to_wait_is_buried_at_once),
        cmocka_unit_test(test_who_waits_keeps_its_id_whatever_headers_stand_before_it),
        cmocka_unit_test(test_a_new_try_begins_with_nobody),
        cmocka_unit_test(test_sixteen_times_the_waiters_cost_far_less_than_its_square),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    buffer_release(&the_worker.scratch);
    played_end();
    return failed;
}
