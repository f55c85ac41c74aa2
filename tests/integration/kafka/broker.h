/*
 * broker - the Kafka that the cases run against, and short ways to use it.
 *
 * KERJA_KAFKA is its address, KERJA_KAFKA_PID the process to stop and continue. Every case has topics, a group and a
 * transactional.id of its own, so that cases do not meet. Anything that goes wrong in here fails the case.
 */
#ifndef KERJA_INTEGRATION_BROKER_H
#define KERJA_INTEGRATION_BROKER_H

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include "base/frame.h"
#include "consume/consumer.h"
#include "publish/plain.h"
#include "publish/producer.h"

enum {
    BROKER_WAIT_MS = 60000,    /* for what must come */
    BROKER_QUIET_MS = 400,     /* for what must not  */
    BROKER_SESSION_MS = 60000, /* of each member     */
    BROKER_SOCKET_MS = 10000
};

/* What one case calls its own. */
struct place {
    char input[64], output[64], group[64], instance[64];
};

void place_init(struct place *place, const char *name, int partitions);

/* Sends `count` records "0", "1", ... to a partition by plain producer, and waits for them. Key and one
 * header ce_id equal the value. */
void feed(const char *topic, int first, int count);

/* A member of place->group, with what its callbacks saw. */
struct member {
    struct consumer *consumer;
    struct position start; /* where partition 0 and all others begin */
    struct group_metadata *membership;
    struct position positions[16];
    size_t count;
    int assigned, revoked, lost;
    struct error error;
};

/* Joins and waits until partitions are assigned, each at `offset`. */
void member_join(struct member *member, const struct place *place, const char *topic,
                 int64_t offset);
/* The same without waiting. */
void member_begin(struct member *member, const struct place *place, const char *topic,
                  int64_t offset);
void member_drop(struct member *member); /* as a crash */

/* Polls until something other than nothing or a passing error comes, or `timeout_ms` is over. */
enum consumed member_next(struct member *member, struct record *record, int timeout_ms);

/* Polls until the end of a partition; returns its offset and counts the records before it. */
int64_t member_drain(struct member *member, int *records);

/* What a read_committed reader of another group sees from the first offset on: records, and the end, which is read on to
 * until it is `end`: a broker answers a commit or an abort before its marker stands. 0: the first one that is met. */
int64_t visible(const char *topic, int64_t end, int *records);

/* With limits that a busy machine keeps, or with the case's own. */
struct limits {
    int transaction_ms, message_ms, socket_ms;
};
struct producer *producer_join(const struct place *place);
struct producer *producer_join_within(const struct place *place, struct limits limits);
/* One payload of `count` frames for topic 0. */
struct slice payload_new(struct buffer *buffer, int count);
enum published send_offset(struct producer *producer, const struct place *place, int64_t offset,
                           const struct group_metadata *membership);
/* K of partition 0, by the member's handle. */
enum outcome committed(struct member *member, const struct place *place, int timeout_ms,
                       struct committed_position *position);

/* Returns when it answers nobody any more. */
void broker_stop(void);
void broker_continue(void);

extern struct error broker_error; /* the last reason */

#define CLEAN(call)                                                                            \
    do {                                                                                       \
        enum published published_ = (call);                                                    \
        if (published_ != PUBLISH_CLEAN)                                                       \
            fail_msg("%s: %d: %s", #call, (int)published_, broker_error.text);                 \
    } while (0)

#define ENDS_WITH(call, want)                                                                  \
    do {                                                                                       \
        enum published published_ = (call);                                                    \
        if (published_ != (want))                                                              \
            fail_msg("%s: %d, not %d: %s", #call, (int)published_, (int)(want),                \
                     broker_error.text);                                                       \
    } while (0)

/* The cases of consuming.c and publishing.c; the number that failed. */
int consuming_run(void);
int publishing_run(void);

#endif
