/*
 * waiting - events that came before the row that they speak of.
 *
 * Such an event is kept under the row's key; it is loaded with whatever else that key loads, and decided
 * right after the decision that adds the row. A row and its event may pass each other in two batches, so
 * each event sets a timer to be looked at once more, and one for the end of its time (docs/adr/0006).
 *
 * Ten thousand may wait for one row. Some of them are loaded at once; when they are decided, a timer under
 * the same key brings the next.
 */
#include "base/frame.h"
#include "schemas/events.h"
#include "worker/worker.h"

#include <assert.h>

bool waiting_add(struct worker *worker, const struct waiting_record *record)
{
    if (waiters_hold(worker, record))
        return true;
    struct waiter *waiter = arena_alloc(&worker->round->arena, sizeof *waiter);
    if (waiter == NULL)
        return false;
    waiter->stored = *record;
    return waiters_add(worker, waiter);
}

bool waiting_carry(struct worker *worker)
{
    struct arena *arena = &worker->round->arena;
    for (const struct waiter *waiter = worker->ahead->waiters; waiter != NULL;
         waiter = waiter->next) {
        struct waiting_record carried = waiter->stored;
        if (!waiter->put || waiter->done)
            continue;
        carried.topic = arena_copy(arena, carried.topic);
        carried.event_id = arena_copy(arena, carried.event_id);
        carried.payload = arena_copy(arena, carried.payload);
        if (carried.payload.data == NULL || !waiting_add(worker, &carried))
            return false;
    }
    return true;
}

/* Only of the entries that are decided now: what waits for others may be what made the batch too large. */
bool waiting_keys(struct worker *worker, const struct row_load *loads, size_t count,
                  struct waiting_load *waiting)
{
    const struct entry *range = worker->round->entries + worker->round->range_first;
    size_t total = 0;
    for (size_t i = 0; i < count; i++)
        total += loads[i].key_count;
    for (size_t i = 0; i < worker->round->range_count; i++)
        total += range[i].wakes;
    struct uuid *keys = arena_alloc(&worker->round->arena, (total + 1) * sizeof *keys);
    if (keys == NULL)
        return false;
    total = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < loads[i].key_count; k++)
            keys[total++] = loads[i].keys[k];
    for (size_t i = 0; i < worker->round->range_count; i++)
        if (range[i].wakes)
            keys[total++] = range[i].wake_key;
    *waiting = (struct waiting_load){.keys = keys, .key_count = total};
    return true;
}

/* A loaded waiting event becomes an entry like any other. */
static bool open_waiter(struct worker *worker, struct waiter *waiter)
{
    struct frame frame;
    struct frame_iterator iterator;
    struct topic_partition at = {.partition = waiter->stored.partition};
    memcpy(at.topic, waiter->stored.topic.data, waiter->stored.topic.size);
    const struct payload_row row = {worker->service->name, "waiting", &at,
                                    waiter->stored.record_offset};
    buffer_clear(&worker->scratch);
    if (payload_unseal(worker->seal, &row, waiter->stored.payload, &worker->scratch,
                       &worker->error) != OK) {
        worker->load_outcome = STOP; /* a key is missing: no record is to blame */
        return false;
    }
    iterator = (struct frame_iterator){
        .rest = arena_copy(&worker->round->arena, buffer_slice(&worker->scratch))};
    if (iterator.rest.data == NULL)
        return false;
    if (frame_next(&iterator, &frame, &worker->error) != FRAME_READ) {
        worker->load_outcome = STOP;
        return false;
    }
    struct header *headers =
        arena_alloc(&worker->round->arena, (frame.header_count + 1) * sizeof *headers);
    if (headers == NULL)
        return false;
    memcpy(headers, frame.headers, frame.header_count * sizeof *headers);
    assert(frame.topic < all_events_count); /* only what waiting_put() sealed opens here */
    waiter->entry.record = (struct record){.topic = all_events[frame.topic]->topic,
                                           .partition = waiter->stored.partition,
                                           .offset = waiter->stored.record_offset,
                                           .timestamp_ms = frame.timestamp_ms,
                                           .key = frame.key,
                                           .value = frame.value,
                                           .has_value = true,
                                           .headers = headers,
                                           .header_count = frame.header_count};
    for (size_t i = 0; i < worker->service->handler_count; i++)
        if (strcmp(worker->service->handlers[i].event->topic, waiter->entry.record.topic) == 0)
            waiter->entry.handler = &worker->service->handlers[i];
    return waiter->entry.handler != NULL && intake_decode(worker, &waiter->entry);
}

/* Whoever is not open has come since it was last looked. */
bool waiting_open(struct worker *worker)
{
    if (worker->round->waiters == NULL)
        return true;
    for (struct waiter *waiter = worker->round->waiting.look; waiter != NULL;
         waiter = waiter->next_to_look)
        if (waiter->entry.handler == NULL && !open_waiter(worker, waiter))
            return false;
    return true;
}

/* Two timers an event: one looks soon, because the row and the event may have passed each other, one ends the
 * waiting. They are the event's own: another's of the same key and time may have fired before it came. */
static bool add_waiting_timers(struct worker *worker, const struct entry *entry,
                               const struct waiting_record *stored)
{
    struct slice place = deciding_place(worker, &entry->record);
    return place.data != NULL &&
           deciding_timer(worker, "WAITING", &stored->key,
                          stored->occurred_at + WAITING_LOOK_S * US_PER_SECOND, place) &&
           deciding_timer(worker, "WAITING", &stored->key, stored->expires_at, place);
}

/* Of a cause (outputs.h) first, then the other CloudEvents headers, which a dead letter tells: a sender's proxies may add
 * as many headers as they like. */
static size_t keep_headers(const struct record *record, struct header *kept)
{
    size_t count = 0;
    for (int of_cause = 1; of_cause >= 0; of_cause--)
        for (size_t i = 0; i < record->header_count && count < FRAME_HEADERS; i++)
            if (header_of_cause(&record->headers[i]) == of_cause &&
                (of_cause || header_is_cloud_events(&record->headers[i])))
                kept[count++] = record->headers[i];
    return count;
}

bool waiting_put(struct worker *worker, const struct entry *entry, struct lane *lane)
{
    struct waiter *waiter = arena_alloc(&worker->round->arena, sizeof *waiter);
    instant_us from = entry->subject->occurred_at, until = from + WAITING_DAYS * US_PER_DAY;
    struct topic_partition place = {.partition = entry->record.partition};
    struct header headers[FRAME_HEADERS];
    if (waiter == NULL)
        return false;
    memcpy(place.topic, entry->record.topic, strlen(entry->record.topic));
    const struct payload_row row = {worker->service->name, "waiting", &place,
                                    entry->record.offset};
    buffer_clear(&worker->scratch);
    /* Whoever wakes it must not fail because of it. */
    if (entry->record.value.size > WAITING_BYTES ||
        !frame_append(&worker->scratch,
                      &(struct frame){.topic = topic_index(entry->handler->event),
                                      .timestamp_ms = entry->record.timestamp_ms,
                                      .key = entry->record.key,
                                      .value = entry->record.value,
                                      .headers = headers,
                                      .header_count = keep_headers(&entry->record, headers)}))
        return deciding_bury(worker, entry, lane, "CANNOT_BE_STORED",
                             "it came before what it speaks of, and is too large to be kept");
    buffer_clear(&worker->verdict_bytes);
    if (buffer_failed(&worker->scratch) ||
        !payload_seal(worker, &row, buffer_slice(&worker->scratch), &worker->verdict_bytes))
        return false;
    *waiter = (struct waiter){.entry = *entry, .put = true};
    waiter->stored = (struct waiting_record){
        .key = worker->decision.awaited_key,
        .topic = slice_of(entry->record.topic),
        .partition = entry->record.partition,
        .record_offset = entry->record.offset,
        .event_id = entry->cause.id,
        .occurred_at = from,
        .expires_at = until,
        .payload = arena_copy(&worker->round->arena, buffer_slice(&worker->verdict_bytes))};
    metric_add(worker->count.waiting, 1);
    return waiter->stored.payload.data != NULL && waiters_add(worker, waiter) &&
           add_waiting_timers(worker, entry, &waiter->stored);
}

/* True when the row that the event waits for is there, or a timer says to look. */
static bool waiter_due(struct worker *worker, const struct waiter *waiter)
{
    if (waiter->done)
        return false;
    if (waiter->forced)
        return true;
    for (size_t i = 0; i < worker->round->facts.table_count; i++) {
        enum fact_kind kind = worker->round->facts.tables[i].kind;
        if ((kind == GUARDED || kind == CHECKED) &&
            facts_peek(&worker->round->facts, worker->round->facts.tables[i].row,
                       &waiter->stored.key) != NULL)
            return true;
    }
    return false;
}

/* After its decision: done, buried, waiting for another row, or waiting on. */
static bool settle_waiter(struct worker *worker, struct waiter *waiter, struct lane *lane)
{
    waiter->forced = false;
    waiter->done = waiter->entry.reason != NULL || worker->decision.kind != WAITING;
    if (waiter->done)
        return true;
    if (waiter->expired) {
        waiter->done = true;
        return deciding_bury(worker, &waiter->entry, lane, "NEVER_KNOWN",
                             "what the event speaks of did not appear within seven days");
    }
    if (uuid_equal(&worker->decision.awaited_key, &waiter->stored.key))
        return true;
    waiter->done = true;
    return waiting_put(worker, &waiter->entry, lane);
}

/* The last that was loaded of a key's many is done: `cause`, which no other timer is named after, has the
 * next looked at. */
static bool look_for_more(struct worker *worker, const struct waiter *waiter,
                          const struct entry *cause)
{
    if (!waiter->done || !waiter->stored.more)
        return true;
    struct slice place = deciding_place(worker, &cause->record);
    return place.data != NULL && deciding_timer(worker, "WAITING", &waiter->stored.key,
                                                waiter->stored.occurred_at, place);
}

/* Those that may be due and are: in the queue of those that are decided. */
static bool queue_due(struct worker *worker)
{
    waiters_look_for_rows(worker);
    if (!waiting_open(worker)) /* those that a late load brought */
        return false;
    while (worker->round->waiting.look != NULL) {
        struct waiter *waiter = worker->round->waiting.look;
        worker->round->waiting.look = waiter->next_to_look;
        waiter->looking = false;
        if (waiter_due(worker, waiter) && !waiters_due(worker, waiter))
            return false;
    }
    return true;
}

bool waiting_wake(struct worker *worker, struct lane *lane, const struct entry *cause)
{
    if (worker->round->waiters == NULL)
        return true;
    for (;;) {
        if (!queue_due(worker))
            return false;
        struct waiter *waiter = waiters_take_due(worker);
        if (waiter == NULL)
            return true;
        if (!deciding_decide(worker, &waiter->entry, lane, true) ||
            !settle_waiter(worker, waiter, lane) || !look_for_more(worker, waiter, cause))
            return false;
    }
}

void waiting_force(struct worker *worker, const struct entry *timer)
{
    struct waiter *waiter = waiters_of(worker, &timer->wake_key);
    for (; waiter != NULL; waiter = waiter->next_of_key) {
        waiter->forced = true;
        waiter->expired = waiter->expired || timer->wake_at >= waiter->stored.expires_at;
        waiters_look(worker, waiter);
    }
}
