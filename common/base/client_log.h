/*
 * client_log - where a client library's own log lines go, without a flood.
 *
 * A broker that is away makes librdkafka say the same line many times a second, from
 * several threads. Of lines of one facility ("FAIL", "ERROR", "REQTMOUT") one is passed on per
 * CLIENT_LOG_QUIET_MS; the next that is passed on says how many were not.
 */
#ifndef KERJA_BASE_CLIENT_LOG_H
#define KERJA_BASE_CLIENT_LOG_H

#include <stdatomic.h>
#include <stdint.h>

enum {
    CLIENT_LOG_QUIET_MS = 30000,
    CLIENT_LOG_FACILITIES = 32 /* further ones share a place */
};

/* Takes one line. `level` is syslog's (3 error .. 7 debug); `unsaid` counts the lines of this
 * facility that were held back since the last one. Called on any thread, several at
 * once; must not call the client again. */
typedef void client_log_line(void *context, int level, const char *facility,
                             const char *message, unsigned unsaid);

struct client_log {
    client_log_line *line; /* NULL: nobody listens */
    void *context;
    struct client_log_facility {
        _Atomic int64_t quiet_until_ms;
        atomic_uint unsaid;
    } facilities[CLIENT_LOG_FACILITIES];
};

/* Nothing is held back yet. `context` is handed to every call of `line`. */
void client_log_init(struct client_log *log, client_log_line *line, void *context);

/* Passes the line on, or counts it. `now_ms` is any clock that only goes forward. */
void client_log_write(struct client_log *log, int64_t now_ms, int level, const char *facility,
                      const char *message);

#endif
