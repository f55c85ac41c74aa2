/*
 * order - an officer's command, from what was typed to the record in Kafka.
 *
 * Its life is a row of kerja.command:
 *
 *   requested   order_place() has stored the event, without names and number
 *   approved    another login said yes; only what moves money or lifts a hold goes through here
 *   sent        order_send() produced it, Kafka has it, and the row says so
 *
 * A record is produced after the transaction that allows it has committed, never before. Who dies between the two
 * leaves a row that is allowed and not sent: order_send() again mends that, and twice is harmless, because
 * the record's sequence is the number of the row and its ce_id a function of its content. Names and number are put
 * into the event only here, from the row: nobody types them.
 */
#ifndef KERJA_CTL_ORDER_H
#define KERJA_CTL_ORDER_H

#include "session.h"

enum { ORDER_SUBJECT_SIZE = 160, ORDER_EVENT_SIZE = 4096, ORDER_ARENA = 4 << 20 };

/* What is commanded. Of one that is about many awards, the event lacks award and scheme. */
struct order {
    const char *subject; /* as the officer knows it; never a national id */
    const struct event_type *type;
    const void *event;
    bool dated; /* the officer gave its time; else it is that of the last yes */
    const char *awards, *schemes; /* of many: arrays as PostgreSQL writes them; else NULL */
};

/* Stores it, sends it where nobody else is needed, and says which: the status of the command. */
int order_place(struct session *session, const struct order *order);

/* The same of what is no event of its own: a dead letter. `event` is JSON. */
int order_place_json(struct session *session, const char *subject, const char *topic,
                     const char *event);

/* Sends a stored order that may be sent, and marks it; says so. Sent already: says that. */
int order_send(struct session *session, int64_t number);

/* A number as a parameter of a statement. */
void order_number(int64_t number, char text[static SQL_NUMBER_SIZE]);

#endif
