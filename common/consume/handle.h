/*
 * handle - what the files of this folder share of a consumer. Nobody outside includes it.
 */
#ifndef KERJA_CONSUME_HANDLE_H
#define KERJA_CONSUME_HANDLE_H

#include "consume/consumer.h"
#include "consume/sources.h"

#include <librdkafka/rdkafka.h>

/* A partition is paused when its first message is kept, so that two each is more than there can
 * be. */
enum { KEPT_BOUND = 2 * PARTITION_BOUND };

struct consumer {
    rd_kafka_t *client;
    struct client_log *log;
    struct consumer_callbacks callbacks;
    struct sources sources;
    uint32_t assignment;
    uint64_t rewound;
    bool joined;        /* subscribed                                         */
    int64_t join_at_ms; /* when to, while that is not so                      */
    bool answered;      /* the callback that runs has assigned or unassigned */
    bool holding_back;  /* between pause and resume                          */
    /* Messages and ends that came while held back, in order: kept[kept_first..kept_count). */
    rd_kafka_message_t *kept[KEPT_BOUND];
    size_t kept_first, kept_count;
    bool lost; /* CONSUMED_LOST was or is to be said                */
    struct error lost_reason;
    /* One matter that is away, until it has been said; and when to say its kind again. */
    bool error_pending;
    struct error error;
    rd_kafka_resp_err_t error_kind;
    int64_t error_quiet_until_ms;
};

/* Subscribes when its time has come. False with a reason when the library refuses. */
bool consumer_join_due(struct consumer *consumer, struct error *error);

/* Remembers why nothing else will come; the first reason stays. */
void consumer_lose(struct consumer *consumer, const char *reason);

/* Remembers that something is away, unless its kind was said a while ago. */
void consumer_report(struct consumer *consumer, rd_kafka_resp_err_t kind, const char *topic,
                     const char *reason);

/* True for codes after which the membership or the whole client is gone. */
bool code_means_lost(rd_kafka_resp_err_t code);

/* Lets go of everything that is bound to the present assignment, resuming first what was
 * paused: what is unassigned while paused stays paused for ever. */
void consumer_forget_assignment(struct consumer *consumer);

/* Takes ownership of a message that came while held back, and pauses its partition now that it
 * has fetched. */
void consumer_keep(struct consumer *consumer, struct assigned *assigned,
                   rd_kafka_message_t *message);

/* Takes ownership of a message that is to come out of the next poll, before all others. */
void consumer_put_back(struct consumer *consumer, rd_kafka_message_t *message);

/* The next kept message, which is then the caller's; NULL when there is none or we still hold
 * back. */
rd_kafka_message_t *consumer_take_kept(struct consumer *consumer);

#endif
