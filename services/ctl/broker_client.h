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

/* Makes the client anew. librdkafka 2.0.2 goes on asking whoever was a group's coordinator when another broker has become
 * it, because it looks for that of its own group instead (its issue 5040); a new client looks for all. The old one is
 * kept where no new one can be made. */
void broker_renew(struct broker *broker);

/* Places with their offsets, as librdkafka wants them; the caller destroys the list. */
rd_kafka_topic_partition_list_t *broker_list(const struct position *positions, size_t count);

#endif
