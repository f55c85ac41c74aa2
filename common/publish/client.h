/*
 * client - what the transactional and the plain producer share: settings, and one record handed
 * to librdkafka. Nobody outside this folder includes it.
 */
#ifndef KERJA_PUBLISH_CLIENT_H
#define KERJA_PUBLISH_CLIENT_H

#include "base/client_log.h"
#include "base/error.h"
#include "base/properties.h"
#include "base/record.h"
#include "base/slice.h"

#include <librdkafka/rdkafka.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    CLIENT_REASON_SIZE = 256,
    CLIENT_SETUP_TIMEOUT_MS =
        5000, /* a client that meets a starting broker may sit for 30 s otherwise */
    CLIENT_QUEUE_POLL_MS = 10 /* how long one wait for room in a full queue is */
};

/* The first thing that a client's opaque pointer points to. */
struct client_owner {
    struct client_log *log;
};

/* One property of librdkafka; false with a reason when it refuses the name or the value. */
bool client_set(rd_kafka_conf_t *conf, const char *name, const char *value,
                struct error *error);
bool client_set_number(rd_kafka_conf_t *conf, const char *name, int number,
                       struct error *error);

/* What holds for both: idempotence, the partitioner of Java's clients, no linger, every report;
 * and TLS and SASL where `security` is not NULL. */
bool client_configure(rd_kafka_conf_t *conf, const char *bootstrap,
                      const struct properties *security, struct error *error);

/* Makes the client; `conf` is taken, whatever happens. `owner` becomes the opaque pointer of
 * its callbacks. */
rd_kafka_t *client_new(rd_kafka_conf_t *conf, struct client_owner *owner, struct error *error);

/* Throws away what is queued and in flight, then frees. */
void client_free(rd_kafka_t *client);

/* One record for librdkafka. The topic is its handle. */
struct client_record {
    rd_kafka_topic_t *topic;
    struct slice key, value;
    const struct header *constant, *headers; /* the constant ones come first */
    size_t constant_count, header_count;
    int64_t timestamp_ms; /* 0: now */
    int flags; /* RD_KAFKA_MSG_F_COPY, or 0: the value is borrowed until its report */
};

/* Hands it over; while the queue is full, serves reports until `deadline_ms` of the monotonic
 * clock. */
rd_kafka_resp_err_t client_produce(rd_kafka_t *client, const struct client_record *record,
                                   int64_t deadline_ms);

#endif
