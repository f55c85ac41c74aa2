#include "worker/commit_thread.h"

#include "base/clock.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

struct commit_thread {
    struct database *database;
    commit_function *commit;
    pthread_t thread;
    pthread_mutex_t mutex; /* guards everything below */
    pthread_cond_t changed;
    const struct batch *batch; /* handed over and not answered; NULL: none */
    bool stopping;
    enum commit_result result;
    int64_t took_us;
    struct error error;
};

/* Called and returns with the mutex held. */
static void commit_one(struct commit_thread *thread)
{
    struct error error = {""};
    pthread_mutex_unlock(&thread->mutex);
    int64_t began_us = monotonic_us();
    enum commit_result result = thread->commit(thread->database, thread->batch, &error);
    pthread_mutex_lock(&thread->mutex);
    thread->took_us = monotonic_us() - began_us;
    thread->result = result;
    thread->error = error;
    thread->batch = NULL;
    pthread_cond_broadcast(&thread->changed);
}

static void *commit_run(void *argument)
{
    struct commit_thread *thread = argument;
    pthread_mutex_lock(&thread->mutex);
    while (thread->batch != NULL || !thread->stopping) {
        if (thread->batch != NULL)
            commit_one(thread);
        else
            pthread_cond_wait(&thread->changed, &thread->mutex);
    }
    pthread_mutex_unlock(&thread->mutex);
    return NULL;
}

struct commit_thread *commit_thread_new(struct database *database, commit_function *commit)
{
    struct commit_thread *thread = calloc(1, sizeof *thread);
    if (thread == NULL)
        return NULL;
    thread->database = database;
    thread->commit = commit;
    pthread_mutex_init(&thread->mutex, NULL);
    pthread_cond_init(&thread->changed, NULL);
    if (pthread_create(&thread->thread, NULL, commit_run, thread) == 0)
        return thread;
    pthread_cond_destroy(&thread->changed);
    pthread_mutex_destroy(&thread->mutex);
    free(thread);
    return NULL;
}

void commit_thread_free(struct commit_thread *thread)
{
    if (thread == NULL)
        return;
    pthread_mutex_lock(&thread->mutex);
    thread->stopping = true;
    pthread_cond_broadcast(&thread->changed);
    pthread_mutex_unlock(&thread->mutex);
    pthread_join(thread->thread, NULL);
    pthread_cond_destroy(&thread->changed);
    pthread_mutex_destroy(&thread->mutex);
    free(thread);
}

void commit_thread_begin(struct commit_thread *thread, const struct batch *batch)
{
    pthread_mutex_lock(&thread->mutex);
    assert(thread->batch == NULL && !thread->stopping);
    thread->batch = batch;
    pthread_cond_broadcast(&thread->changed);
    pthread_mutex_unlock(&thread->mutex);
}

enum commit_result commit_thread_wait(struct commit_thread *thread, int64_t *took_us,
                                      struct error *error)
{
    pthread_mutex_lock(&thread->mutex);
    while (thread->batch != NULL)
        pthread_cond_wait(&thread->changed, &thread->mutex);
    enum commit_result result = thread->result;
    *took_us = thread->took_us;
    if (result != COMMITTED)
        *error = thread->error;
    pthread_mutex_unlock(&thread->mutex);
    return result;
}
