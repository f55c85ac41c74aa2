#include "worker/commit_thread.h"

#include "base/clock.h"
#include "worker/monitor.h"

#include <assert.h>
#include <stdlib.h>

struct commit_thread {
    struct database *database;
    commit_function *commit;
    struct monitor monitor;    /* guards everything below */
    const struct batch *batch; /* handed over and not answered; NULL: none */
    enum commit_result result;
    int64_t took_us;
    struct error error;
};

/* Called and returns with the mutex held. */
static void commit_one(struct commit_thread *thread)
{
    struct error error = {""};
    pthread_mutex_unlock(&thread->monitor.mutex);
    int64_t began_us = monotonic_us();
    enum commit_result result = thread->commit(thread->database, thread->batch, &error);
    pthread_mutex_lock(&thread->monitor.mutex);
    thread->took_us = monotonic_us() - began_us;
    thread->result = result;
    thread->error = error;
    thread->batch = NULL;
    pthread_cond_broadcast(&thread->monitor.changed);
}

static void *commit_run(void *argument)
{
    struct commit_thread *thread = argument;
    pthread_mutex_lock(&thread->monitor.mutex);
    while (thread->batch != NULL || !thread->monitor.stopping) {
        if (thread->batch != NULL)
            commit_one(thread);
        else
            pthread_cond_wait(&thread->monitor.changed, &thread->monitor.mutex);
    }
    pthread_mutex_unlock(&thread->monitor.mutex);
    return NULL;
}

struct commit_thread *commit_thread_new(struct database *database, commit_function *commit)
{
    struct commit_thread *thread = calloc(1, sizeof *thread);
    if (thread == NULL)
        return NULL;
    thread->database = database;
    thread->commit = commit;
    if (monitor_start(&thread->monitor, commit_run, thread))
        return thread;
    free(thread);
    return NULL;
}

void commit_thread_free(struct commit_thread *thread)
{
    if (thread == NULL)
        return;
    monitor_stop(&thread->monitor);
    free(thread);
}

void commit_thread_begin(struct commit_thread *thread, const struct batch *batch)
{
    pthread_mutex_lock(&thread->monitor.mutex);
    assert(thread->batch == NULL && !thread->monitor.stopping);
    thread->batch = batch;
    pthread_cond_broadcast(&thread->monitor.changed);
    pthread_mutex_unlock(&thread->monitor.mutex);
}

enum commit_result commit_thread_wait(struct commit_thread *thread, int64_t *took_us,
                                      struct error *error)
{
    pthread_mutex_lock(&thread->monitor.mutex);
    while (thread->batch != NULL)
        pthread_cond_wait(&thread->monitor.changed, &thread->monitor.mutex);
    enum commit_result result = thread->result;
    *took_us = thread->took_us;
    if (result != COMMITTED)
        *error = thread->error;
    pthread_mutex_unlock(&thread->monitor.mutex);
    return result;
}
