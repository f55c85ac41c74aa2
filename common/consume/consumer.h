/*
 * consumer - records of the partitions that the group gave us, each at the position we asked
 * for.
 *
 * One consumer is one static member (group.instance.id) of the service's group with the `range`
 * assignor. It commits nothing and stores nothing: positions come from PostgreSQL through
 * consumer_assign() and go to Kafka through publish/. Isolation is read_committed, so a record
 * is seen only when its transaction is final.
 *
 * Life cycle. consumer_new() joins, at once or when told; consumer_poll() calls on_assigned inside itself; the worker
 * answers there, before it returns, with consumer_assign(); no answer takes an empty list.
 * Records follow until on_revoked or on_lost, which are answered with consumer_unassign().
 * consumer_close() revokes what is left and leaves politely, without a leave request: a static
 * member keeps its place for a session. After CONSUMED_LOST nothing else comes: drop
 * everything, consumer_free(), begin anew.
 *
 * Invariants. A record's offset is never below what was expected of its source (what is, is
 * dropped and counted: resuming can rewind a fetch in librdkafka 2.0.2); a gap is legal (commit
 * markers, aborted records). Only partitions paused here are resumed, before any unassignment;
 * a partition is paused only after it has fetched, because otherwise it stays silent. Records
 * of an older assignment never come out of consumer_poll(); those handed out before
 * are the caller's to drop.
 *
 * All functions belong to the thread that polls, save those marked "any thread".
 */
#ifndef KERJA_CONSUME_CONSUMER_H
#define KERJA_CONSUME_CONSUMER_H

#include "base/client_log.h"
#include "base/error.h"
#include "base/membership.h"
#include "base/position.h"
#include "base/properties.h"
#include "base/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    CONSUMER_TOPICS = 32, /* topics of one service, at most */
    /* A client that meets a starting broker may sit for 30 s otherwise. */
    CONSUMER_SETUP_TIMEOUT_MS = 5000,
    CONSUMER_PREFETCH = 40000,
    CONSUMER_PREFETCH_KB = 32768,
    CONSUMER_ERROR_QUIET_MS = 30000 /* CONSUMED_ERROR: one of a kind in this time */
};

struct consumer;

struct consumer_settings {
    const char *bootstrap;             /* "host:port,host:port"               */
    const struct properties *security; /* TLS, SASL; borrowed; NULL: neither */
    const char *group;                 /* the service's name                  */
    const char *instance;              /* "<service>-<slot>"                  */
    const char *const *topics;
    size_t topic_count;
    /* Each shorter than the next: socket < session < max poll interval. */
    int socket_timeout_ms;
    int session_timeout_ms;
    int max_poll_interval_ms;
    /* Records that may wait here, of all partitions together; 0: CONSUMER_PREFETCH. What is full
     * is not fetched again for a second (librdkafka 2.0.2 has that second fixed), so it holds a
     * second's records: with less, a fast worker has read everything and stands still. */
    int prefetch_messages;
    /* The group is joined by the first poll at or after this monotonic time; until then polls come back with nothing.
     * For who was lost again and again: he stays able to do everything else meanwhile. */
    int64_t join_at_ms;
    struct client_log *log; /* librdkafka's own lines; outlives the consumer; may be NULL */
};

/* Called inside consumer_poll() and consumer_close(), on the polling thread. `partitions` is
 * borrowed for the call. */
struct consumer_callbacks {
    void *context;
    void (*on_assigned)(void *context, const struct topic_partition *partitions, size_t count);
    void (*on_revoked)(void *context, const struct topic_partition *partitions, size_t count);
    void (*on_lost)(void *context, const struct topic_partition *partitions, size_t count);
};

/* Connects in the background and subscribes, or does that in a later poll. `settings` and `callbacks` are copied. NULL with a
 * reason when a setting is odd. */
struct consumer *consumer_new(const struct consumer_settings *settings,
                              const struct consumer_callbacks *callbacks, struct error *error);

/* Revokes what is assigned (on_revoked), waiting at most as long as that takes; a fatal error of the client leaves
 * that out. The consumer can only be freed after it. NULL is allowed. */
void consumer_close(struct consumer *consumer);

/* Frees without a word to the group, as a crash would: for a member that is lost. NULL is
 * allowed. This and consumer_close() wait for ever for a record that has not been released. */
void consumer_free(struct consumer *consumer);

enum consumed {
    CONSUMED_RECORD,  /* `record` is filled; give it back with consumer_release() */
    CONSUMED_END,     /* end of a partition: `record` says which (source, topic, partition,
                       * assignment), and its offset is the next one to fetch */
    CONSUMED_NOTHING, /* the time is over, something was dropped, or only a callback ran */
    CONSUMED_LOST,    /* fenced, fatal, or away for too long: drop everything; see `error` */
    CONSUMED_ERROR,   /* something is away and may come back; said once a matter, in `error` */
};

/* Waits at most `timeout_ms` for one thing to happen. A call in which a callback ran hands out
 * neither record nor end, so that nothing of the new assignment is mistaken for the old. */
enum consumed consumer_poll(struct consumer *consumer, int timeout_ms, struct record *record,
                            struct error *error);

/* Gives the library its message back; key, value and headers are gone. A released or empty
 * record is allowed. */
void consumer_release(struct record *record);

/* Begins a new assignment: the sources are positions[0..count), in this order, each fetched
 * from its offset. Answers on_assigned; outside it, moves the owned list back to where it is
 * told (after a dropped batch). `count` 0 takes an empty assignment. */
enum outcome consumer_assign(struct consumer *consumer, const struct position *positions,
                             size_t count, struct error *error);

/* Gives all partitions up. Answers on_revoked and on_lost. */
enum outcome consumer_unassign(struct consumer *consumer, struct error *error);

/* Hold back: keep polling (stay in the group) but hand out neither records nor ends until
 * consumer_resume(). What a partition's first fetch brings meanwhile is kept and handed out
 * then. */
enum outcome consumer_pause(struct consumer *consumer, struct error *error);
enum outcome consumer_resume(struct consumer *consumer, struct error *error);
bool consumer_paused(const struct consumer *consumer);

/* The membership of this moment, for publish/; call it first of all in on_assigned and use that
 * copy until the next assignment: what fences an old owner is the member id in it. NULL with a
 * reason when there is no member id yet, for the broker accepts offsets without one unfenced.
 * Free with group_metadata_free(). */
struct group_metadata *consumer_group_metadata(struct consumer *consumer, struct error *error);

/* Any thread. NULL is allowed. */
void group_metadata_free(struct group_metadata *metadata);

/* Any thread. K: fills committed[i].position.offset (COMMITTED_OFFSET_NONE: no position) and
 * .tag for every committed[i].position.at. Answers only when no older transaction holds offsets
 * open there. RETRY: it is so still, or the broker is away, after timeout_ms; nothing is
 * written then. STOP: the broker refuses. */
enum outcome consumer_committed(struct consumer *consumer, struct committed_position *committed,
                                size_t count, int timeout_ms, struct error *error);

/* What a partition's log holds. */
struct log_bounds {
    struct topic_partition at;
    int64_t first; /* the first offset that it still has       */
    int64_t next;  /* the next to be read by read_committed    */
};

/* Any thread. Fills first and next of every bounds[i].at; no partition may stand there twice. Two requests for each
 * broker that leads any of them, however many they are: a slow broker answers for a hundred partitions as soon as
 * for one. RETRY when a broker does not answer in time; STOP when a partition is unknown. Nothing is written then. */
enum outcome consumer_log_bounds(struct consumer *consumer, struct log_bounds *bounds,
                                 size_t count, int timeout_ms, struct error *error);

/* Any thread. Replaces each positions[i].offset by the offset of the first record appended at
 * or after `time_ms`; where there is none, by the end of the partition. */
enum outcome consumer_offsets_for_time(struct consumer *consumer, struct position *positions,
                                       size_t count, int64_t time_ms, int timeout_ms,
                                       struct error *error);

/* Any thread. Writes the cluster's id, with a zero. RETRY while no broker answered; REJECT when
 * it does not fit. */
enum outcome consumer_cluster_id(struct consumer *consumer, int timeout_ms, char *id,
                                 size_t size, struct error *error);

/* For metrics: how many offsets lie behind the next one expected of a source, as of the last fetch (-1: not known yet);
 * records dropped because they were below it (all sources, whole life: kerja_rewound_total). */
int64_t consumer_lag(const struct consumer *consumer, uint32_t source);
uint64_t consumer_rewound(const struct consumer *consumer);

#endif
