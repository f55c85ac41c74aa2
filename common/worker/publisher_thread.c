#include "worker/publisher_thread.h"

#include "base/buffer.h"
#include "worker/monitor.h"

#include <assert.h>

enum { TRANSACTION_ROWS = PUBLISHER_QUEUE_BOUND * PARTITION_BOUND };

/* A batch committed in PostgreSQL; its rows borrow from its own bytes. */
struct queued_batch {
    struct outbox_row rows[PARTITION_BOUND];
    size_t count;
    struct buffer payloads; /* kept from batch to batch */
};

struct publisher_thread {
    struct publisher *publisher;
    struct monitor monitor; /* guards everything below */
    struct queued_batch ring[PUBLISHER_QUEUE_BOUND];
    size_t first, queued; /* those being published are still in the ring */
    bool paused;
    bool holding; /* the thread is inside the publisher: rows and ring entries are its own */
    enum publish_result failed;
    bool troubled; /* the last attempt will be repeated */
    struct error error;
    int64_t published_next[PARTITION_BOUND];
    /* The thread's own: one transaction's rows, and how many ring entries they come from. */
    struct outbox_row rows[TRANSACTION_ROWS];
    size_t row_count, batches;
};

static void deadline_after(int64_t timeout_ms, struct timespec *deadline)
{
    clock_gettime(CLOCK_MONOTONIC, deadline);
    deadline->tv_sec += timeout_ms / 1000;
    deadline->tv_nsec += (timeout_ms % 1000) * 1000000;
    if (deadline->tv_nsec >= 1000000000) {
        deadline->tv_sec++;
        deadline->tv_nsec -= 1000000000;
    }
}

/* Takes every batch that waits into the transaction, behind what an earlier attempt left. */
static void batches_take(struct publisher_thread *thread)
{
    for (; thread->batches < thread->queued; thread->batches++) {
        size_t index = (thread->first + thread->batches) % PUBLISHER_QUEUE_BOUND;
        const struct queued_batch *batch = &thread->ring[index];
        memcpy(thread->rows + thread->row_count, batch->rows,
               batch->count * sizeof *batch->rows);
        thread->row_count += batch->count;
    }
}

static void batches_forget(struct publisher_thread *thread)
{
    thread->first = (thread->first + thread->batches) % PUBLISHER_QUEUE_BOUND;
    thread->queued -= thread->batches;
    thread->batches = thread->row_count = 0;
}

static void outcome_note(struct publisher_thread *thread, enum publish_result result,
                         const struct error *error)
{
    if (result == PUBLISH_LOST || result == PUBLISH_DISPUTED) {
        thread->failed = result;
        thread->error = *error;
        return;
    }
    thread->troubled = result == PUBLISH_AGAIN;
    if (thread->troubled)
        thread->error = *error;
    if (result == PUBLISHED && thread->row_count == 0)
        batches_forget(thread);
    for (size_t i = 0; i < thread->publisher->source_count; i++)
        thread->published_next[i] = thread->publisher->sources[i].seen;
}

/* One call of the publisher, with the mutex released; called and returns with it held. */
static enum publish_result publisher_turn(struct publisher_thread *thread)
{
    struct publisher *publisher = thread->publisher;
    const struct io *io = publisher->io;
    struct error error = {""};
    enum publish_result result = PUBLISHED;

    batches_take(thread);
    thread->holding = true;
    pthread_mutex_unlock(&thread->monitor.mutex);
    int64_t deadline_ms = io->now_ms(io->context) + publisher->settings.transaction_timeout_ms;
    if (thread->row_count > 0)
        result =
            publisher_publish(publisher, thread->rows, &thread->row_count, deadline_ms, &error);
    if (result == PUBLISHED && publisher_read_back_due(publisher))
        result = publisher_read_back(publisher, deadline_ms, &error);
    pthread_mutex_lock(&thread->monitor.mutex);
    thread->holding = false;
    outcome_note(thread, result, &error);
    pthread_cond_broadcast(&thread->monitor.changed);
    return result;
}

static void changed_await(struct publisher_thread *thread, int64_t timeout_ms)
{
    struct timespec deadline;
    deadline_after(timeout_ms, &deadline);
    pthread_cond_timedwait(&thread->monitor.changed, &thread->monitor.mutex, &deadline);
}

static void *publisher_run(void *argument)
{
    struct publisher_thread *thread = argument;
    pthread_mutex_lock(&thread->monitor.mutex);
    while (!thread->monitor.stopping) {
        if (thread->paused || thread->failed != PUBLISHED) {
            pthread_cond_wait(&thread->monitor.changed, &thread->monitor.mutex);
            continue;
        }
        enum publish_result result = publisher_turn(thread);
        if (thread->paused || thread->monitor.stopping)
            continue;
        if (result == PUBLISH_AGAIN)
            changed_await(thread, PUBLISHER_RETRY_MS);
        else if (thread->queued == 0)
            changed_await(thread, PUBLISHER_READ_BACK_MS);
    }
    pthread_mutex_unlock(&thread->monitor.mutex);
    return NULL;
}

struct publisher_thread *publisher_thread_new(struct publisher *publisher)
{
    struct publisher_thread *thread = calloc(1, sizeof *thread);
    if (thread == NULL)
        return NULL;
    thread->publisher = publisher;
    thread->paused = true;
    if (monitor_start(&thread->monitor, publisher_run, thread))
        return thread;
    free(thread);
    return NULL;
}

void publisher_thread_free(struct publisher_thread *thread)
{
    if (thread == NULL)
        return;
    monitor_stop(&thread->monitor);
    for (size_t i = 0; i < PUBLISHER_QUEUE_BOUND; i++)
        buffer_release(&thread->ring[i].payloads);
    free(thread);
}

void publisher_thread_resume(struct publisher_thread *thread)
{
    const struct publisher *publisher = thread->publisher;
    pthread_mutex_lock(&thread->monitor.mutex);
    assert(thread->paused && !thread->holding);
    thread->paused = false;
    thread->failed = PUBLISHED;
    thread->troubled = false;
    thread->first = thread->queued = thread->batches = thread->row_count = 0;
    for (size_t i = 0; i < publisher->source_count; i++)
        thread->published_next[i] = publisher->sources[i].seen;
    pthread_cond_broadcast(&thread->monitor.changed);
    pthread_mutex_unlock(&thread->monitor.mutex);
}

void publisher_thread_pause(struct publisher_thread *thread)
{
    pthread_mutex_lock(&thread->monitor.mutex);
    thread->paused = true;
    pthread_cond_broadcast(&thread->monitor.changed);
    while (thread->holding)
        pthread_cond_wait(&thread->monitor.changed, &thread->monitor.mutex);
    thread->queued = thread->batches = thread->row_count = 0;
    pthread_mutex_unlock(&thread->monitor.mutex);
}

/* The payloads are copied first and sliced after, because the buffer moves as it grows. */
static bool batch_copy(struct queued_batch *batch, const struct outbox_row *rows, size_t count)
{
    buffer_clear(&batch->payloads);
    for (size_t i = 0; i < count; i++)
        buffer_append(&batch->payloads, rows[i].payload.data, rows[i].payload.size);
    if (buffer_failed(&batch->payloads))
        return false;
    const char *data = batch->payloads.data;
    for (size_t i = 0; i < count; i++) {
        batch->rows[i] = rows[i];
        batch->rows[i].payload.data = rows[i].payload.size == 0 ? NULL : data;
        if (rows[i].payload.size > 0)
            data += rows[i].payload.size;
    }
    batch->count = count;
    return true;
}

static bool queue_full(const struct publisher_thread *thread)
{
    return thread->queued == PUBLISHER_QUEUE_BOUND;
}

/* Waits for `done` to hold, or the time-out; the mutex is held. */
static bool await(struct publisher_thread *thread, int64_t timeout_ms,
                  bool (*waits)(const struct publisher_thread *))
{
    struct timespec deadline;
    deadline_after(timeout_ms, &deadline);
    int waited = 0;
    while (waits(thread) && thread->failed == PUBLISHED && waited == 0)
        waited =
            pthread_cond_timedwait(&thread->monitor.changed, &thread->monitor.mutex, &deadline);
    return !waits(thread);
}

enum push_result publisher_thread_push(struct publisher_thread *thread,
                                       const struct outbox_row *rows, size_t count,
                                       int64_t timeout_ms)
{
    assert(count <= PARTITION_BOUND);
    enum push_result result = PUSH_FAILED;
    pthread_mutex_lock(&thread->monitor.mutex);
    bool room = await(thread, timeout_ms, queue_full);
    if (thread->failed == PUBLISHED && !thread->paused) {
        size_t index = (thread->first + thread->queued) % PUBLISHER_QUEUE_BOUND;
        result = PUSH_FULL;
        if (room && batch_copy(&thread->ring[index], rows, count)) {
            thread->queued++;
            pthread_cond_broadcast(&thread->monitor.changed);
            result = PUSHED;
        }
    }
    pthread_mutex_unlock(&thread->monitor.mutex);
    return result;
}

static bool work_left(const struct publisher_thread *thread)
{
    return thread->queued > 0;
}

bool publisher_thread_drain(struct publisher_thread *thread, int64_t timeout_ms)
{
    pthread_mutex_lock(&thread->monitor.mutex);
    bool drained = await(thread, timeout_ms, work_left);
    pthread_mutex_unlock(&thread->monitor.mutex);
    return drained;
}

enum publish_result publisher_thread_failure(struct publisher_thread *thread,
                                             struct error *error)
{
    pthread_mutex_lock(&thread->monitor.mutex);
    enum publish_result failed = thread->failed;
    if (failed != PUBLISHED && error != NULL)
        *error = thread->error;
    pthread_mutex_unlock(&thread->monitor.mutex);
    return failed;
}

bool publisher_thread_troubled(struct publisher_thread *thread, struct error *error)
{
    pthread_mutex_lock(&thread->monitor.mutex);
    bool troubled = thread->troubled;
    if (troubled)
        *error = thread->error;
    pthread_mutex_unlock(&thread->monitor.mutex);
    return troubled;
}

int64_t publisher_thread_published_next(struct publisher_thread *thread, size_t source)
{
    assert(source < PARTITION_BOUND);
    pthread_mutex_lock(&thread->monitor.mutex);
    int64_t published_next = thread->published_next[source];
    pthread_mutex_unlock(&thread->monitor.mutex);
    return published_next;
}
