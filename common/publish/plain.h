/*
 * plain - an idempotent producer without transactions, for commands: `kerja clock`, `kerja
 * import`, `kerja draw`.
 *
 * What it sends may be sent twice by a command that was interrupted and is repeated, which is
 * harmless: every reader knows a repeat by its ids. What plain_flush() said OK to has surely
 * arrived.
 *
 * It belongs to one thread.
 */
#ifndef KERJA_PUBLISH_PLAIN_H
#define KERJA_PUBLISH_PLAIN_H

#include "base/client_log.h"
#include "base/error.h"
#include "base/properties.h"
#include "base/record.h"
#include "base/slice.h"

#include <stddef.h>
#include <stdint.h>

enum { PLAIN_TOPICS = 64 }; /* different topics one producer sends to, at most */

struct plain;

struct plain_settings {
    const char *bootstrap;
    const struct properties *security; /* TLS, SASL; borrowed; NULL: neither */
    const char *client_id;             /* "kerja-clock" */
    int message_timeout_ms; /* after which a record that was not acknowledged has failed */
    int linger_ms; /* how long a batch waits for more; a flush does not. 0: not at all */
    struct client_log *log; /* librdkafka's own lines; outlives the producer; may be NULL */
};

/* NULL with a reason when a setting is odd. */
struct plain *plain_new(const struct plain_settings *settings, struct error *error);

/* Frees at once; what was not flushed may or may not arrive. NULL is allowed. */
void plain_free(struct plain *plain);

/* Queues a record; all bytes are copied. Waits while the queue is full, at most
 * message_timeout_ms. An empty key means no key; `timestamp_ms` 0 means now. RETRY: the queue
 * stayed full or memory ran out; REJECT: the broker or library will never take this record (too
 * large, unknown topic). */
enum outcome plain_send(struct plain *plain, const char *topic, struct slice key,
                        struct slice value, const struct header *headers, size_t header_count,
                        int64_t timestamp_ms, struct error *error);

/* OK only if every record sent since the last flush was acknowledged. RETRY: some were not,
 * within `timeout_ms` or message_timeout_ms; repeat the whole run. REJECT: a topic does not
 * exist or a record was refused. */
enum outcome plain_flush(struct plain *plain, int timeout_ms, struct error *error);

#endif
