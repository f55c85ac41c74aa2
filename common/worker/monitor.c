#include "worker/monitor.h"

#include <signal.h>

static void release(struct monitor *monitor)
{
    pthread_cond_destroy(&monitor->changed);
    pthread_mutex_destroy(&monitor->mutex);
}

bool monitor_start(struct monitor *monitor, void *(*run)(void *), void *argument)
{
    pthread_condattr_t attributes;
    sigset_t all, before;
    pthread_mutex_init(&monitor->mutex, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&monitor->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    monitor->stopping = false;
    /* It inherits the mask: what a handler writes, the thread that started us reads. */
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    bool started = pthread_create(&monitor->thread, NULL, run, argument) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (started)
        return true;
    release(monitor);
    return false;
}

void monitor_stop(struct monitor *monitor)
{
    pthread_mutex_lock(&monitor->mutex);
    monitor->stopping = true;
    pthread_cond_broadcast(&monitor->changed);
    pthread_mutex_unlock(&monitor->mutex);
    pthread_join(monitor->thread, NULL);
    release(monitor);
}
