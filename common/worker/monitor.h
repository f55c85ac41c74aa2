/*
 * monitor - a thread, and the mutex and condition through which others speak with it (Hoare's monitor).
 *
 * Whoever holds the mutex may read and write what it guards, and broadcasts `changed` afterwards. Waits with a
 * deadline count by the monotonic clock.
 */
#ifndef KERJA_WORKER_MONITOR_H
#define KERJA_WORKER_MONITOR_H

#include <pthread.h>
#include <stdbool.h>

struct monitor {
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    bool stopping; /* guarded: the thread ends as soon as it can */
};

/* Starts the thread, which runs `run(argument)` and takes no signals. False when there is none to be had; nothing is left
 * then. */
bool monitor_start(struct monitor *monitor, void *(*run)(void *), void *argument);

/* Asks the thread to end and waits until it has. */
void monitor_stop(struct monitor *monitor);

#endif
