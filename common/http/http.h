/*
 * http - what a process shows about itself to its keepers: /healthz, /readyz, /metrics.
 *
 *   /healthz  200 "ok" while the loop ticks, 503 with the age of the last tick otherwise
 *   /readyz   200 "ready" or 503 with the reason, as the caller's view says
 *   /metrics  200, Prometheus text format 0.0.4
 *
 * Only GET and HEAD; everything else is 404 or 405. The library's one thread answers all, at
 * most HTTP_CONNECTIONS at a time, so the views run on that thread: they read atomics or take
 * short locks, never wait.
 */
#ifndef KERJA_HTTP_HTTP_H
#define KERJA_HTTP_HTTP_H

#include "base/buffer.h"
#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    HTTP_CONNECTIONS = 32,
    HTTP_CONNECTIONS_OF_ONE = 8, /* of one address: a slow client keeps no probe out */
    HTTP_TIMEOUT_S = 10,         /* a connection that says nothing is closed */
    HTTP_TICK_BOUND_MS = 30000
};

struct http_settings {
    /* Numeric IPv4 or IPv6; NULL: 127.0.0.1, because metrics are nobody else's. */
    const char *address;
    uint16_t port;         /* 0: any free one, told by http_port() */
    int64_t tick_bound_ms; /* 0: HTTP_TICK_BOUND_MS */
};

struct http_views {
    void *context;
    /* True when ready; else appends the reason, a clause. NULL: always ready. */
    bool (*ready)(void *context, struct buffer *reason);
    /* Appends the exposition. NULL: 404. */
    void (*metrics)(void *context, struct buffer *text);
};

struct http;

/* Listens and answers from now on; the start counts as the first tick. NULL and a reason when
 * the address is not numeric or cannot be listened on. Copies settings and views; the context
 * is borrowed until http_stop(). */
struct http *http_start(const struct http_settings *settings, const struct http_views *views,
                        struct error *error);

/* Waits for answers being written, then returns; accepts NULL. */
void http_stop(struct http *http);

/* The port that is listened on, also where settings said 0. */
uint16_t http_port(const struct http *http);

/* The loop says that it is alive, by its monotonic time; cheap, from any thread. */
void http_tick(struct http *http, int64_t now_ms);

#endif
