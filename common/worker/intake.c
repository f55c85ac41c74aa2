/*
 * intake - records become entries: consumed until a bound is reached, then decoded.
 *
 * Consuming comes first and decoding later, because decoding fills the batch arena, and a
 * batch that outgrows it is halved and decoded again.
 */
#include "base/clock.h"
#include "schemas/events.h"
#include "worker/worker.h"

#include <assert.h>

enum { IDLE_POLL_MS = 100 };

void intake_release(struct worker *worker)
{
    for (size_t i = 0; i < worker->round->entry_count; i++)
        consumer_release(&worker->round->entries[i].record);
    worker->round->entry_count = 0;
    worker->round->bytes = 0;
}

static void keep(struct worker *worker, const struct record *record)
{
    size_t lane = worker->source_of[record->source];
    worker->round->entries[worker->round->entry_count++] =
        (struct entry){.record = *record, .lane = lane};
    worker->round->bytes += record->key.size + record->value.size;
}

static bool full(const struct worker *worker)
{
    return worker->round->entry_count == worker->entry_capacity ||
           worker->round->bytes >= (size_t)worker->settings.batch_bytes;
}

/* Waits for the first record as long as nothing happens, then until the linger is over; after that takes what stands
 * there without waiting, or a linger of nothing would make batches of one. Nor does it wait while the batch ahead
 * is committed. */
static int poll_time_ms(const struct worker *worker, int64_t now_ms, int64_t until_ms)
{
    if (worker->ahead != NULL)
        return 0;
    if (worker->round->entry_count == 0)
        return IDLE_POLL_MS;
    return now_ms < until_ms ? (int)(until_ms - now_ms) : 0;
}

bool intake_collect(struct worker *worker)
{
    int64_t now_ms = 0, until_ms = 0; /* the clock is read once a record */
    uint32_t assignment = worker->assignment;
    intake_release(worker);
    while (!full(worker) && !worker_stopping) {
        struct record record;
        int timeout_ms = poll_time_ms(worker, now_ms, until_ms);
        enum consumed consumed =
            consumer_poll(worker->consumer, timeout_ms, &record, &worker->error);
        now_ms = monotonic_ms();
        if (assignment != worker->assignment) {
            /* A callback changed what we own: what was read belongs to nobody now. */
            if (consumed == CONSUMED_RECORD)
                consumer_release(&record);
            intake_release(worker);
            return true;
        }
        switch (consumed) {
        case CONSUMED_RECORD:
            if (worker->round->entry_count == 0)
                until_ms = now_ms + worker->settings.linger_ms;
            keep(worker, &record);
            log_outage_over(&worker->log, &worker->kafka_away, now_ms, "kafka");
            break;
        case CONSUMED_END:
            worker->partitions[worker->source_of[record.source]].end_offset = record.offset;
            break;
        case CONSUMED_NOTHING:
            if (worker->ahead == NULL && (worker->round->entry_count == 0 || timeout_ms == 0))
                return true;
            if (round_land(worker) == LAND_DROPPED) {
                intake_release(worker);
                return false;
            }
            break;
        case CONSUMED_LOST:
            assignment_lost(worker, worker->error.text);
            return false;
        case CONSUMED_ERROR:
            log_outage_failed(&worker->log, &worker->kafka_away, now_ms, "kafka",
                              worker->error.text, "wait, and stay in the group");
            return true;
        }
    }
    return true;
}

static bool refuse(struct worker *worker, struct entry *entry, const char *reason,
                   const char *sentence)
{
    struct slice copy = arena_copy(&worker->round->arena, slice_of(sentence));
    if (copy.data == NULL)
        return false;
    entry->reason = reason;
    entry->sentence = copy.data;
    return true;
}

/* The worker's own timer: something waits under a key and should be looked at again. */
static bool waiting_timer(const struct event_type *type, const void *event, struct uuid *key,
                          instant_us *at)
{
    if (type->record != &timer_fired_record)
        return false;
    const struct timer_fired *timer = event;
    if (!slice_is(timer->kind, "WAITING") || !uuid_parse(timer->subject_id, key))
        return false;
    *at = timer->due_at;
    return true;
}

static bool identify(struct worker *worker, struct entry *entry)
{
    struct decision *decision = &worker->decision;
    entry->subject = arena_alloc(&worker->round->arena, entry->handler->subject_size);
    if (entry->subject == NULL)
        return false;
    outputs_clear(&worker->outputs);
    decision->kind = DECIDED;
    decision->exhausted = false;
    entry->handler->identify(entry->event, entry->subject, decision);
    if (decision->exhausted)
        return false;
    assert(decision->kind == DECIDED || decision->kind == DEAD_LETTERED);
    return decision->kind == DECIDED ||
           refuse(worker, entry, decision->reason, decision->sentence);
}

bool intake_decode(struct worker *worker, struct entry *entry)
{
    struct decode_failure failure = {0};
    const struct handler *handler =
        entry->handler != NULL ? entry->handler : worker->partitions[entry->lane].handler;
    entry->handler = handler;
    entry->reason = NULL;
    entry->wakes = false;
    entry->cause = cause_of(&entry->record, &worker->round->arena);
    if (handler == NULL)
        return refuse(worker, entry, "UNEXPECTED_TOPIC",
                      "the service has no decision for this topic");
    entry->event = arena_alloc(&worker->round->arena, handler->event->record->size);
    if (entry->event == NULL)
        return false;
    switch (decoder_decode(worker->decoder, handler->event, entry->record.value,
                           &worker->round->arena, entry->event, &failure)) {
    case OK:
        break;
    case RETRY:
        return false;
    case REJECT:
    case STOP:
        return refuse(worker, entry, decode_reason_name(failure.reason), failure.error.text);
    }
    if (waiting_timer(handler->event, entry->event, &entry->wake_key, &entry->wake_at)) {
        entry->wakes = true;
        return true;
    }
    return identify(worker, entry);
}
