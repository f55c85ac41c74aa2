/*
 * producer - Kafka transactions that carry outputs and the offsets they come from.
 *
 * One producer is one transactional.id; init fences whoever had it before. A transaction is:
 * producer_begin(), producer_produce() for each outbox payload, producer_flush() (every
 * delivery report checked), producer_send_offsets() last of all, producer_commit().
 *
 * Doubt. librdkafka repeats EndTxn by itself and in silence, and a late EndTxn of the same
 * producer epoch could commit the *next* transaction (KIP-890), a late TxnOffsetCommit set its
 * offsets back. So an interceptor counts both as they leave, and a commit is clean only if it
 * returned no error, each was sent exactly once since begin, and it took less than a third of
 * transaction.timeout.ms: the caller judges that. After anything else, and after
 * producer_abort(), the caller frees the producer, makes a new one, and asks the committed
 * offsets what happened.
 *
 * A producer belongs to one thread. Errors are told once, by the return value; librdkafka's own
 * lines go to the callback.
 */
#ifndef KERJA_PUBLISH_PRODUCER_H
#define KERJA_PUBLISH_PRODUCER_H

#include "base/client_log.h"
#include "base/error.h"
#include "base/membership.h"
#include "base/properties.h"
#include "base/record.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PRODUCER_TOPICS = 64,      /* topics of one service, at most         */
    PRODUCER_TOPIC_HEADERS = 8 /* constant headers of one topic, at most */
};

struct producer;

/* A topic that frames name by its index. Its headers (ce_source, ce_type, ce_specversion) are
 * added to every record before those in the frame. */
struct publish_topic {
    const char *name;
    const struct header *headers;
    size_t header_count;
};

struct producer_settings {
    const char *bootstrap;
    const struct properties *security; /* TLS, SASL; borrowed; NULL: neither */
    const char *transactional_id;      /* "<service>-<slot>", as group.instance.id */
    const struct publish_topic *topics;
    size_t topic_count;
    /* Each shorter than the next: socket (at most half) < transaction; message < transaction.
     */
    int socket_timeout_ms;
    int message_timeout_ms;
    int transaction_timeout_ms;
    struct client_log *log; /* librdkafka's own lines; outlives the producer; may be NULL */
};

enum published {
    PUBLISH_CLEAN,     /* done, surely                                                      */
    PUBLISH_RETRIABLE, /* not done in time; only producer_init() may be called again          */
    PUBLISH_ABORTABLE, /* this transaction cannot be committed                              */
    PUBLISH_FENCED,    /* somebody else has our transactional.id or our membership: lost    */
    PUBLISH_FATAL,     /* this producer cannot go on                                         */
};

/* Makes the producer and its topic handles (a first flush by topic name stood still for a
 * second). NULL with a reason when a setting is odd. The topic table and its strings are
 * copied. */
struct producer *producer_new(const struct producer_settings *settings, struct error *error);

/* Frees at once: what is queued or in flight is thrown away, an open transaction is left for
 * the next owner's init or the broker's time-out. NULL is allowed. */
void producer_free(struct producer *producer);

/* Takes the transactional.id: aborts what an older producer left open and fences it. Waits at
 * most `timeout_ms`; PUBLISH_RETRIABLE: call again to go on waiting. */
enum published producer_init(struct producer *producer, int timeout_ms, struct error *error);

/* Opens a transaction, and counts from here on. Nothing is sent yet. */
enum published producer_begin(struct producer *producer, struct error *error);

/* Produces the frames (base/frame.h) of one payload, in order; `payload` begins at the first
 * frame. Its bytes are borrowed until producer_flush() came back PUBLISH_CLEAN or
 * producer_free(). Waits at most `timeout_ms` in all when the queue is full. PUBLISH_FATAL with
 * a reason when the payload is corrupt or names a topic outside the table. */
enum published producer_produce(struct producer *producer, struct slice payload, int timeout_ms,
                                struct error *error);

/* PUBLISH_CLEAN only if the delivery report of every record produced since begin has arrived
 * and says yes. */
enum published producer_flush(struct producer *producer, int timeout_ms, struct error *error);

/* Puts the group's positions, with their tags, into the transaction. `group` is a saved
 * membership with a member id (base/membership.h). */
enum published producer_send_offsets(struct producer *producer,
                                     const struct committed_position *positions, size_t count,
                                     const struct group_metadata *group, int timeout_ms,
                                     struct error *error);

/* Commits, in one call of the library. PUBLISH_CLEAN when it returned no error, which is not yet proof (above); after
 * any other result the transaction may be committed nonetheless. */
enum published producer_commit(struct producer *producer, int timeout_ms, struct error *error);

/* Ends the transaction without effect. The producer is to be freed afterwards, whatever this
 * returns. */
enum published producer_abort(struct producer *producer, int timeout_ms, struct error *error);

/* How often EndTxn or TxnOffsetCommit was sent since producer_begin(), whichever more often; 0 without an EndTxn. */
unsigned producer_commit_requests(const struct producer *producer);

#endif
