/*
 * handle - what the files of this folder share of a transactional producer. Nobody outside
 * includes it.
 */
#ifndef KERJA_PUBLISH_HANDLE_H
#define KERJA_PUBLISH_HANDLE_H

#include "base/broken.h"
#include "publish/client.h"
#include "publish/producer.h"

#include <stdatomic.h>

/* Broken on purpose: a producer without transactions. */
#define PRODUCER_PLAIN (BROKEN(AT_LEAST_ONCE) || BROKEN(NO_TRANSACTION))

struct producer_topic {
    rd_kafka_topic_t *handle;
    struct header headers[PRODUCER_TOPIC_HEADERS]; /* own copies of the bytes */
    size_t header_count;
};

struct producer {
    struct client_owner owner; /* first: what the client's callbacks are given */
    rd_kafka_t *client;
    struct producer_topic topics[PRODUCER_TOPICS];
    size_t topic_count;
    /* Since begin; counted on librdkafka's threads. */
    atomic_uint end_txn_requests, offset_requests;
    /* Since begin, counted where reports are served: on our own thread. */
    uint64_t produced, delivered, failed;
    rd_kafka_resp_err_t first_failure;
};

/* Says what an error means, in `error` and as result, and frees it. NULL is clean. */
enum published producer_judge(struct producer *producer, const char *what,
                              rd_kafka_error_t *why, struct error *error);

/* The same for a bare code. */
enum published producer_judge_code(rd_kafka_resp_err_t code);

#endif
