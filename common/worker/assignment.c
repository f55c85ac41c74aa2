/*
 * assignment - partitions come, are recovered, and go.
 *
 * assigned -> recovering -> running -> (revoked: drain | lost: drop) -> none.
 *
 * Recovery runs inside the assignment callback. When Kafka or PostgreSQL does not answer in time, an
 * empty assignment is taken, so that we stay in the group without reading, and recovery is
 * tried again every second. Any trouble that leaves our position in doubt comes back here:
 * claim again, read again, never repeat blindly.
 */
#include "base/clock.h"
#include "base/fault_point.h"
#include "worker/recover.h"
#include "worker/worker.h"

#include <stdio.h>

enum {
    RECOVER_SLACK_MS = 5000,
    JOIN_WAIT_MS = 250, /* doubled for each membership that was lost before ... */
    JOIN_WAIT_MAX_MS =
        10000, /* ... up to this; and a membership that was good for so long lasted */
    JOIN_DOUBLINGS = 6
};

static const struct handler *handler_of(const struct worker *worker, const char *topic)
{
    for (size_t i = 0; i < worker->service->handler_count; i++)
        if (strcmp(worker->service->handlers[i].event->topic, topic) == 0)
            return &worker->service->handlers[i];
    return NULL;
}

/* Nothing is owned from here on. */
static void forget_sources(struct worker *worker)
{
    round_forget(worker);
    publisher_thread_pause(worker->publishing);
    publisher_unassign(&worker->publisher);
    worker->source_count = worker->assigned_count = 0;
    worker->recovering = false;
    worker->assignment++;
    atomic_store(&worker->ready, false);
}

/* Reads every settled source from G; those in conflict are reported and left out. */
static bool assign_settled(struct worker *worker)
{
    struct position positions[PARTITION_BOUND];
    size_t count = 0;
    for (size_t i = 0; i < worker->source_count; i++) {
        const struct source *source = &worker->sources[i];
        if (source->conflict || source->stopped) {
            log_error(&worker->log, LOG_FACT("partition stopped: its positions disagree"),
                      LOG_TEXT("topic", source->at.topic),
                      LOG_NUMBER("partition", source->at.partition),
                      LOG_NUMBER("published_next", source->published_next),
                      LOG_NUMBER("committed", source->committed),
                      LOG_NUMBER("next_offset", source->next_offset),
                      LOG_TEXT("next", "kerja position"));
            continue;
        }
        worker->source_of[count] = i;
        positions[count++] = (struct position){source->at, source->next_offset};
    }
    worker->assigned_count = count;
    return consumer_assign(worker->consumer, positions, count, &worker->error) == OK;
}

static void recover_later(struct worker *worker)
{
    log_outage_failed(&worker->log, &worker->later, monotonic_ms(), "recovery",
                      worker->error.text, "try again every second");
    consumer_assign(worker->consumer, NULL, 0, &worker->error);
    worker->assigned_count = 0;
    worker->recovering = true;
    worker->recover_at_ms = monotonic_ms() + RECOVER_EVERY_MS;
}

/* A record must never be judged without the rules that are in force: they are read before anything is. */
static bool prepared(struct worker *worker)
{
    if (worker->slot_lost)
        return false;
    if (database_ensure(&worker->database, &worker->error) != OK ||
        database_ensure(&worker->writer, &worker->error) != OK)
        return false;
    return programmes_refresh(worker) == OK;
}

void assignment_recover(struct worker *worker)
{
    int64_t deadline_ms = monotonic_ms() + worker->settings.transaction_timeout_ms +
                          worker->settings.scan_interval_ms + RECOVER_SLACK_MS;
    round_forget(worker);
    worker->assignment++;
    worker->recovering = true;
    /* An end that was seen before may lie behind records that were dropped since. */
    for (size_t i = 0; i < worker->source_count; i++)
        worker->partitions[i].end_offset = NO_OFFSET;
    if (!prepared(worker)) {
        recover_later(worker);
        return;
    }
    switch (recover_assignment(&worker->publisher, worker->sources, worker->source_count,
                               deadline_ms, &worker->error)) {
    case RECOVERED:
        FAULT_POINT(FAULT_SETTLED);
        if (!assign_settled(worker)) {
            recover_later(worker);
            return;
        }
        worker->recovering = false;
        if (worker->recovered_at_ms == 0)
            worker->recovered_at_ms = monotonic_ms();
        publisher_thread_resume(worker->publishing);
        log_outage_over(&worker->log, &worker->later, monotonic_ms(), "recovery");
        log_info(&worker->log, LOG_FACT("recovered"),
                 LOG_NUMBER("partitions", worker->source_count),
                 LOG_NUMBER("assigned", worker->assigned_count));
        atomic_store(&worker->ready, true);
        return;
    case RECOVER_LATER:
        recover_later(worker);
        return;
    case RECOVER_LOST:
        assignment_lost(worker, worker->error.text);
        return;
    }
}

void assignment_recover_soon(struct worker *worker)
{
    round_forget(worker);
    publisher_thread_pause(worker->publishing);
    atomic_store(&worker->ready, false);
    recover_later(worker);
    worker->recover_at_ms = monotonic_ms();
    worker->assignment++;
}

/* A membership that lasted was a good one: we join again at once. What is lost as soon as it is had, as to another
 * process under our name, is taken again after a while, and by no two workers in step: that part of the wait which the
 * clock's microseconds choose is as good as dice. The loop goes on meanwhile, and ends when it is asked to. */
static int64_t join_wait_ms(struct worker *worker, int64_t now_ms)
{
    if (worker->recovered_at_ms != 0 && now_ms - worker->recovered_at_ms >= JOIN_WAIT_MAX_MS)
        worker->losses = 0;
    worker->recovered_at_ms = 0;
    uint32_t before = worker->losses++;
    if (before == 0)
        return 0;
    int64_t longest_ms = JOIN_WAIT_MS << (before < JOIN_DOUBLINGS ? before : JOIN_DOUBLINGS);
    if (longest_ms > JOIN_WAIT_MAX_MS)
        longest_ms = JOIN_WAIT_MAX_MS;
    return longest_ms / 2 + monotonic_us() % (longest_ms / 2 + 1);
}

void assignment_lost(struct worker *worker, const char *reason)
{
    int64_t now_ms = monotonic_ms(), wait_ms = join_wait_ms(worker, now_ms);
    log_warning(&worker->log, LOG_FACT("membership lost"), LOG_TEXT("reason", reason),
                LOG_TEXT("next", "join again"), LOG_NUMBER("wait_ms", wait_ms));
    forget_sources(worker);
    worker->consumer_settings.join_at_ms = now_ms + wait_ms;
    worker->rejoin = true;
}

void assignment_on_assigned(void *context, const struct topic_partition *partitions,
                            size_t count)
{
    struct worker *worker = context;
    round_forget(worker);
    publisher_thread_pause(worker->publishing);
    for (size_t i = 0; i < count && i < PARTITION_BOUND; i++) {
        worker->sources[i] = (struct source){.at = partitions[i]};
        worker->partitions[i].handler = handler_of(worker, partitions[i].topic);
        worker->partitions[i].end_offset = NO_OFFSET;
    }
    worker->source_count = count;
    assignment_recover(worker);
}

void assignment_on_revoked(void *context, const struct topic_partition *partitions,
                           size_t count)
{
    struct worker *worker = context;
    (void)partitions;
    int bound_ms = (int)(worker->settings.session_timeout_ms / 3);
    round_end(worker);
    if (!worker->recovering && !publisher_thread_drain(worker->publishing, bound_ms))
        log_warning(&worker->log, LOG_FACT("revoked with batches unpublished"),
                    LOG_TEXT("next", "the next owner publishes them"));
    forget_sources(worker);
    consumer_unassign(worker->consumer, &worker->error);
    log_info(&worker->log, LOG_FACT("revoked"), LOG_NUMBER("partitions", count));
}

void assignment_on_lost(void *context, const struct topic_partition *partitions, size_t count)
{
    struct worker *worker = context;
    (void)partitions;
    forget_sources(worker);
    consumer_unassign(worker->consumer, &worker->error);
    log_warning(&worker->log, LOG_FACT("partitions lost"), LOG_NUMBER("partitions", count));
}
