/*
 * at_least_once - the worker's outputs without Kafka transactions, to tell what those cost.
 *
 * This file is linked in front of librdkafka in a variant of the real worker: its producer is
 * idempotent and no more, and the group's offsets are committed by the consumer when all reports are
 * in, as a careful worker without transactions would. A crash between the two doubles outputs, and a
 * reader sees records before it is sure that they stand. It is never shipped, only measured.
 */
#include "publish/client.h"

#include <string.h>

enum { END_TXN = 26 };

static rd_kafka_t *consumer;
static rd_kafka_interceptor_f_on_request_sent_t *request_sent;
static void *request_sent_opaque;

bool __real_client_set(rd_kafka_conf_t *conf, const char *name, const char *value,
                       struct error *error);
bool __wrap_client_set(rd_kafka_conf_t *conf, const char *name, const char *value,
                       struct error *error);
rd_kafka_consumer_group_metadata_t *__real_rd_kafka_consumer_group_metadata(rd_kafka_t *client);
rd_kafka_consumer_group_metadata_t *__wrap_rd_kafka_consumer_group_metadata(rd_kafka_t *client);
rd_kafka_resp_err_t
__wrap_rd_kafka_interceptor_add_on_request_sent(rd_kafka_t *client, const char *name,
                                                rd_kafka_interceptor_f_on_request_sent_t *sent,
                                                void *opaque);
rd_kafka_error_t *__wrap_rd_kafka_init_transactions(rd_kafka_t *client, int timeout_ms);
rd_kafka_error_t *__wrap_rd_kafka_begin_transaction(rd_kafka_t *client);
rd_kafka_error_t *__wrap_rd_kafka_send_offsets_to_transaction(
    rd_kafka_t *client, const rd_kafka_topic_partition_list_t *offsets,
    const rd_kafka_consumer_group_metadata_t *membership, int timeout_ms);
rd_kafka_error_t *__wrap_rd_kafka_commit_transaction(rd_kafka_t *client, int timeout_ms);
rd_kafka_error_t *__wrap_rd_kafka_abort_transaction(rd_kafka_t *client, int timeout_ms);

/* A producer with a transactional.id must use transactions. */
bool __wrap_client_set(rd_kafka_conf_t *conf, const char *name, const char *value,
                       struct error *error)
{
    return strcmp(name, "transactional.id") == 0 || __real_client_set(conf, name, value, error);
}

/* Whoever asks for the membership is the consumer, which commits the offsets here. */
rd_kafka_consumer_group_metadata_t *__wrap_rd_kafka_consumer_group_metadata(rd_kafka_t *client)
{
    consumer = client;
    return __real_rd_kafka_consumer_group_metadata(client);
}

rd_kafka_error_t *__wrap_rd_kafka_send_offsets_to_transaction(
    rd_kafka_t *client, const rd_kafka_topic_partition_list_t *offsets,
    const rd_kafka_consumer_group_metadata_t *membership, int timeout_ms)
{
    (void)client, (void)membership, (void)timeout_ms;
    rd_kafka_resp_err_t code = rd_kafka_commit(consumer, offsets, 0);
    return code == RD_KAFKA_RESP_ERR_NO_ERROR
               ? NULL
               : rd_kafka_error_new(code, "%s", rd_kafka_err2str(code));
}

/* The publisher counts requests that end a transaction: one is clean. */
rd_kafka_resp_err_t
__wrap_rd_kafka_interceptor_add_on_request_sent(rd_kafka_t *client, const char *name,
                                                rd_kafka_interceptor_f_on_request_sent_t *sent,
                                                void *opaque)
{
    (void)client, (void)name;
    request_sent = sent;
    request_sent_opaque = opaque;
    return RD_KAFKA_RESP_ERR_NO_ERROR;
}

rd_kafka_error_t *__wrap_rd_kafka_commit_transaction(rd_kafka_t *client, int timeout_ms)
{
    (void)timeout_ms;
    request_sent(client, 0, "", 0, END_TXN, 0, 0, 0, request_sent_opaque);
    return NULL;
}

rd_kafka_error_t *__wrap_rd_kafka_init_transactions(rd_kafka_t *client, int timeout_ms)
{
    (void)client, (void)timeout_ms;
    return NULL;
}

rd_kafka_error_t *__wrap_rd_kafka_begin_transaction(rd_kafka_t *client)
{
    (void)client;
    return NULL;
}

rd_kafka_error_t *__wrap_rd_kafka_abort_transaction(rd_kafka_t *client, int timeout_ms)
{
    (void)client, (void)timeout_ms;
    return NULL;
}
