/*
 * broker_client - what a broker is made of, for broker.c and broker_group.c alone.
 */
#ifndef KERJA_CTL_BROKER_CLIENT_H
#define KERJA_CTL_BROKER_CLIENT_H

#include "broker.h"

#include <librdkafka/rdkafka.h>

enum { ANSWER_TIMEOUT_MS = 15000 };

struct broker {
    rd_kafka_t *client; /* ends: read_uncommitted */
    rd_kafka_t *reader; /* records: read_committed */
    rd_kafka_queue_t *answers;
    char *bootstrap;
    const struct properties *security;
    struct client_log *log;
    rd_kafka_message_t *message;
    struct header headers[RECORD_HEADERS];
    struct place {
        struct topic_partition at;
        bool ended;
    } * places; /* being read */
    size_t place_count;
};

/* Places with their offsets, as librdkafka wants them; the caller destroys the list. */
rd_kafka_topic_partition_list_t *broker_list(const struct position *positions, size_t count);

#endif
