/*
 * worker - one process of a service: everything it holds, and how its parts hang together.
 *
 *   loop.c        the five verbs: a batch, halved where it must be
 *   round.c       two batches in turn: one is committed while the next is read and decided
 *   attempt.c     a range is decided and committed, and what to do when that fails
 *   ends.c        positions that move without a decision; the orderly end
 *   intake.c      consume and decode: records become entries
 *   deciding.c    load facts, decide each entry
 *   waiting.c     events that came before what they speak of, and who wakes them
 *   waiters.c     those of a batch: by place, by key, those that are due in order
 *   saving.c      everything decided becomes one transaction
 *   assignment.c  partitions come and go: recover, assign, drain
 *   slot.c        the lease of our number, and its loss
 *   world.c       struct io over libpq and librdkafka
 *   publishing.c  the publisher, as this worker needs it
 *   views.c       health and metrics over HTTP
 *   main.c        start, signals, stop
 *
 * This header is for worker/ alone. A worker has three threads, the loop, the commit and the publisher,
 * and the HTTP library's. All below belongs to the loop but for what is marked.
 */
#ifndef KERJA_WORKER_WORKER_H
#define KERJA_WORKER_WORKER_H

#include "base/buffer.h"
#include "base/log.h"
#include "base/metric.h"
#include "base/properties.h"
#include "base/record.h"
#include "cache/cache.h"
#include "consume/consumer.h"
#include "decode/decode.h"
#include "http/http.h"
#include "persist/batch.h"
#include "persist/database.h"
#include "persist/lease.h"
#include "persist/load.h"
#include "publish/producer.h"
#include "seal/ids.h"
#include "worker/commit_thread.h"
#include "worker/explanation.h"
#include "worker/outputs.h"
#include "worker/publisher_thread.h"
#include "worker/service.h"
#include "worker/settings.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

enum {
    PROGRAMMES = 64,  /* programme files known at once                     */
    MONTHS_AHEAD = 3, /* of decision segments, made ahead                  */
    PARTITIONS_EVERY_MS = 86400000,
    PROGRAMME_LOOK_MS = 5000, /* how often new ones are looked for                 */
    END_ROW_MS = 1000,        /* a quiet partition's position moves so often       */
    RECOVER_EVERY_MS = 1000,
    DECIDE_ATTEMPTS = 4, /* stale facts: reload so often, then halve          */
    LOCKED_ATTEMPT = 3,  /* the attempt that locks what it reads              */
    ROUNDS = 2,          /* one is committed while the other is read             */
    LIMIT_KEYS = 1024,   /* different limits that one batch may move          */
    WAITING_DAYS = 7,
    WAITING_BYTES =
        64 << 10,       /* of an event that waits: what it causes then fits into a record */
    WAITING_LOOK_S = 60 /* a row and its waiting event may have passed each other */
};

/* One record on its way through a batch; from a partition, or woken from the waiting store. */
struct entry {
    struct record record;
    const struct handler *handler;
    struct cause cause;
    void *event;
    struct subject *subject;
    const char *reason; /* known before deciding: it goes to dead.letter */
    const char *sentence;
    size_t lane; /* where its outputs go */
    bool wakes;  /* the worker's own timer: look at what waits under wake_key */
    struct uuid wake_key;
    instant_us wake_at; /* the timer's due_at */
};

/* An event that waits: put by this batch, or loaded because its key was asked for. */
struct waiter {
    struct waiting_record stored; /* identity, key, times; payload when loaded   */
    struct entry entry;
    bool put;    /* by this batch: not in PostgreSQL yet        */
    bool done;   /* decided in this batch                       */
    bool forced; /* its timer fired: try, whatever appeared     */
    bool expired;
    bool looking, due;   /* in that list, in that queue            */
    uint32_t number;     /* in which it came: orders those that nothing else does */
    struct waiter *next; /* of all, in no order                         */
    struct waiter *by_place[4], *next_of_key, *next_to_look;
};

/* Whoever waits under one key. */
struct waiting_key {
    struct uuid key;
    struct waiter *first;
    uint32_t appeared; /* tables, a bit each, whose row of this key is there */
    struct waiting_key *by_key[4];
};

/* How the waiters of a batch are found; in its arena, and empty whenever there are none. See waiters.c. */
struct waiting_index {
    struct waiter *places;
    struct waiting_key *keys;
    struct waiter *look; /* came, or may be due: to be looked at */
    struct waiter **due; /* a heap: the first to be decided is its root */
    size_t count, due_count, due_capacity;
    const struct fact *seen; /* facts up to this one were asked whom they wake */
};

/* What one source partition contributes to a batch. */
struct lane {
    bool touched;
    int64_t next_offset;   /* of the batch; G afterwards                */
    struct buffer payload; /* outbox: version, topic list, sealed frames */
    struct buffer frames;  /* clear                                      */
    int32_t output_count;
    struct buffer decisions;
    int32_t decision_count;
};

/* What is known of a source partition beside its positions. */
struct partition {
    const struct handler *handler; /* of its topic                           */
    int64_t end_offset;            /* end of partition seen there; NO_OFFSET */
};

/* How often a range was attempted, and what the next attempt does differently. */
struct attempt {
    size_t first, count;
    int number; /* from 1 */
    bool tight;
};

/* One batch from its first record to its commit. There are two: while one is committed, the other is read,
 * decoded and decided on what the first will leave. */
struct round {
    struct arena arena;
    size_t decoded_mark; /* where deciding begins in it */
    struct entry *entries;
    size_t entry_count;
    size_t bytes;                    /* of their records */
    size_t range_first, range_count; /* of entries: those being decided */
    struct facts facts;
    struct waiter *waiters; /* in no order */
    struct waiting_index waiting;
    struct timer *timers;
    size_t timer_count;
    struct lane *lanes; /* PARTITION_BOUND, beside worker->sources */
    struct batch batch; /* the commit thread's from saving_begin() to saving_wait() */
    struct attempt attempt;
    int64_t began_us;
};

struct worker_metrics {
    struct metric *records, *batches, *ahead, *outputs, *dead_letters, *stale, *tight,
        *bisected, *waiting, *late_loads, *rewound, *cache_hits, *cache_misses, *cache_forged,
        *batch_us, *commit_us;
    struct metric *lag; /* sum over partitions */
};

struct worker {
    const struct service *service;
    struct settings settings;
    struct properties kafka_security;
    struct log log;
    struct metrics *metrics;
    struct worker_metrics count;
    struct http *http;
    pthread_t loop_thread; /* whose ticks /healthz is about */

    struct seal *seal;           /* of the loop           */
    struct seal *publisher_seal; /* of the publisher      */
    struct seal_secrets secrets;
    uint64_t cache_errors; /* seen so far */
    struct cache *cache;   /* NULL: none configured */
    struct decoder *decoder;
    struct database database; /* reads facts, claims positions, and whatever else  */
    struct database writer;   /* commits, and locks what a commit then changes     */
    struct commit_thread *committing;
    struct database_settings lease_settings;
    struct lease lease;
    int slot;                    /* ours, also while the lease is lost          */
    bool slot_lost;              /* nothing is read or written until it is back */
    int64_t slot_at_ms;          /* when to try for it again                    */
    int64_t slot_taken_since_ms; /* another seems to hold it; 0: not known      */
    char role[64];               /* "kerja_<service>" */
    char cluster_id[128];
    char owner[160];
    char instance[128]; /* "<service>-<slot>"    */

    struct client_log client_log;
    struct consumer_settings consumer_settings;
    struct consumer_callbacks consumer_callbacks;
    struct consumer *consumer;
    struct group_metadata *membership;
    struct io io;
    struct publisher publisher;
    struct publisher_thread *publishing;
    /* The publisher's; recovery's while the publisher is paused. */
    struct producer_settings producer_settings;
    struct producer *producer;
    struct arena publish_arena; /* clear frames of the open transaction */
    struct buffer publish_scratch;
    struct committed_position *committed; /* PARTITION_BOUND */

    char system_identifier
        [SYSTEM_IDENTIFIER_SIZE]; /* of the PostgreSQL cluster, as at the start */
    struct source *sources;       /* of the assignment, PARTITION_BOUND */
    size_t source_count;
    size_t source_of[PARTITION_BOUND]; /* consumer's source number -> index into sources */
    size_t assigned_count;             /* of source_of                        */
    struct partition *partitions;      /* PARTITION_BOUND, beside sources     */
    uint32_t assignment;               /* goes up whenever the owned list changes */
    bool recovering;                   /* assigned, but not recovered yet     */
    int64_t recover_at_ms;
    bool rejoin;             /* lost: a new consumer is needed      */
    uint32_t losses;         /* of memberships one after the other, of which none lasted  */
    int64_t recovered_at_ms; /* first of this membership; 0: not yet */
    int64_t measure_at_ms;   /* lag is measured next */
    int64_t stop_by_ms;      /* SIGTERM came: drained or not, it ends then; 0 before */

    struct round rounds[ROUNDS];
    struct round *round;       /* that is read and decided                        */
    struct round *ahead;       /* NULL, or that which is committed meanwhile: its
                             commit is under way, and round is decided on it */
    enum outcome load_outcome; /* of the last load or decision; REJECT: the arena is full */
    bool load_locked;          /* this attempt reads with FOR UPDATE */
    size_t entry_capacity;     /* of a round */
    struct limit_key {
        uint16_t table;
        struct uuid key;
    } limits[LIMIT_KEYS]; /* of the attempt before: what tight mode locks, in lock order */
    size_t limit_count;
    struct decision decision;
    struct outputs outputs;
    struct buffer scratch, verdict_bytes;
    size_t timer_capacity; /* of a round: DECISION_TIMERS for each entry and waiter */
    struct office office;
    struct programme *programmes[PROGRAMMES];
    char refused[PROGRAMMES][SHA256_TEXT_SIZE + 1]; /* files that could not be taken */
    size_t refused_count;
    int64_t partitions_at_ms;
    int64_t look_at_ms, end_row_at_ms;

    struct log_outage postgres_away, kafka_away, redis_away, slot_away, publishing_away, later;
    struct error error;
    int exit_status;
    atomic_bool ready; /* any thread */
};

extern volatile sig_atomic_t worker_stopping; /* SIGTERM or SIGINT came */

/* intake.c */
/* Fills entries until records, bytes or linger reach their bound. False when the consumer was lost. */
bool intake_collect(struct worker *worker);
/* Decodes one entry: handler, event, subject, or the reason for a dead letter. False: the arena is full. */
bool intake_decode(struct worker *worker, struct entry *entry);
void intake_release(struct worker *worker);

/* deciding.c */
enum decide_result { ALL_DECIDED, DECIDE_HALVE, DECIDE_LATER, DECIDE_STOP };
/* Decides entries first..first+count on fresh facts. `locked` reads with FOR UPDATE; `tight` locks worker->limits. */
enum decide_result deciding_run(struct worker *worker, size_t first, size_t count, bool locked,
                                bool tight);
/* Gives back what its buffers hold. */
void lane_release(struct lane *lane);
/* Decides one entry; its outputs go to `lane`. `again`: it waits already. False when the batch must be halved or
 * dropped, here and below. */
bool deciding_decide(struct worker *worker, const struct entry *entry, struct lane *lane,
                     bool again);
/* The record goes to dead.letter with reason and sentence, and the partition goes on. */
bool deciding_bury(struct worker *worker, const struct entry *entry, struct lane *lane,
                   const char *reason, const char *sentence);
/* `of` tells apart what else would be one timer; empty where the same kind, subject and time are one. */
bool deciding_timer(struct worker *worker, const char *kind, const struct uuid *subject,
                    instant_us due_at, struct slice of);
/* "topic/partition/offset", in the arena; NULL data when that is full. */
struct slice deciding_place(struct worker *worker, const struct record *record);

/* waiting.c. False when the arena is full, or as worker->load_outcome says. */
/* The keys under which an event may wait that this load concerns. */
bool waiting_keys(struct worker *worker, const struct row_load *loads, size_t count,
                  struct waiting_load *waiting);
/* A waiting event that was loaded joins those of the batch, unless it is there already. */
bool waiting_add(struct worker *worker, const struct waiting_record *record);
/* What the batch ahead puts to wait joins those of this one. */
bool waiting_carry(struct worker *worker);
/* Unseals and decodes those that the last load brought. */
bool waiting_open(struct worker *worker);
/* Keeps the event under the key of the row that it misses. */
bool waiting_put(struct worker *worker, const struct entry *entry, struct lane *lane);
/* A WAITING timer: what waits under its key is tried once more. */
void waiting_force(struct worker *worker, const struct entry *timer);
/* Decides what waits and need not wait any longer; what one of them adds may wake the next. */
bool waiting_wake(struct worker *worker, struct lane *lane, const struct entry *cause);

/* waiters.c */
/* True when the event of that place waits already. */
bool waiters_hold(const struct worker *worker, const struct waiting_record *record);
/* Takes a waiter in, to be looked at. False when the arena is full. */
bool waiters_add(struct worker *worker, struct waiter *waiter);
/* The first of those that wait under a key; then next_of_key. */
struct waiter *waiters_of(struct worker *worker, const struct uuid *key);
/* It may be due: it is to be looked at, once. */
void waiters_look(struct worker *worker, struct waiter *waiter);
/* Looks at whoever waits for a row that has appeared since it was last asked, by a load or by the last decision. */
void waiters_look_for_rows(struct worker *worker);
/* Puts a waiter to those that are due. False when the arena is full. */
bool waiters_due(struct worker *worker, struct waiter *waiter);
/* Takes the first, in their order, of those that are due; NULL: none is. */
struct waiter *waiters_take_due(struct worker *worker);

/* lookups.c: the loader behind facts, and the cache. */
bool lookups_load(struct worker *worker, bool locked);
void lookups_forget_changed(struct worker *worker);
void lookups_forget_read(struct worker *worker);
const struct nested_codec *lookups_codec(void);

/* attempt.c */
/* What became of a range of the batch. */
enum attempt_result {
    ATTEMPT_DONE,
    ATTEMPT_HALVE,     /* too much for the arena, or something in it breaks the statement */
    ATTEMPT_CONTENDED, /* stale as often as may be: others write the same rows         */
    ATTEMPT_DROPPED    /* the batch is given up: recovery or a new membership follows */
};
/* Decides entries first..first+count and commits them, as often as it takes. */
enum attempt_result attempt_range(struct worker *worker, size_t first, size_t count);
/* The range whose commit is under way for the first time: waits for it, and goes on as above. */
enum attempt_result attempt_land(struct worker *worker);
/* Likewise where nothing may be polled or decided again: what is committed is published if there is room, what is
 * not is dropped. */
void attempt_end(struct worker *worker);
/* Commits the lanes as they are, with no decision in them. */
enum attempt_result attempt_ends(struct worker *worker);

/* round.c */
bool rounds_open(struct worker *worker);
void rounds_close(struct worker *worker);
/* The decided batch goes to be committed, and the other round is the one that is read. False when that cannot
 * even be tried: it must be halved. */
bool round_send(struct worker *worker);
enum landing {
    LANDED,       /* as it was sent, or nothing was under way         */
    LANDED_AGAIN, /* decided again: what was decided on it must be too */
    LAND_DROPPED  /* given up, and so is what was read behind it       */
};
/* Waits for what is committed, and does whatever that needs to be done. */
enum landing round_land(struct worker *worker);
/* Likewise inside a callback of the consumer, where only waiting is allowed. */
void round_end(struct worker *worker);
/* Waits until PostgreSQL has answered, whatever it says: who claims the positions next learns it from them. */
void round_forget(struct worker *worker);

/* ends.c */
/* Moves G to the ends that were seen, and W to what was published. */
void ends_settle(struct worker *worker);
/* What was dropped lies before the ends that were seen with it: they must not move G. */
void ends_forget(struct worker *worker);
/* Waits until what was decided is published, for as long as a stop may take: W = K = G where the servers answer. */
void ends_drain(struct worker *worker);

/* saving.c */
/* Begins to commit what the round decided. False when it is too much for the arena: fewer records will do. */
bool saving_begin(struct worker *worker);
/* Waits for what was begun. */
enum commit_result saving_wait(struct worker *worker);

/* assignment.c */
void assignment_on_assigned(void *context, const struct topic_partition *partitions,
                            size_t count);
void assignment_on_revoked(void *context, const struct topic_partition *partitions,
                           size_t count);
void assignment_on_lost(void *context, const struct topic_partition *partitions, size_t count);
/* Gives up what is being done and recovers the same partitions anew. */
void assignment_recover_soon(struct worker *worker);
/* One try at recovery, outside the callback. */
void assignment_recover(struct worker *worker);
/* The membership is gone: everything is dropped, a new consumer will join; not at once when none of late lasted. */
void assignment_lost(struct worker *worker, const char *reason);

/* world.c */
void world_init(struct worker *worker);

/* publishing.c */
/* Starts the publisher's thread, paused. */
bool publishing_open(struct worker *worker);

/* views.c */
/* Registers the metrics and begins to answer. */
bool views_open(struct worker *worker);

/* payload.c: what "outbox" and "waiting" keep: a head (version byte, hash of the topic list), the sealed frames. */
enum { PAYLOAD_HEAD = 9 };
struct payload_row {
    const char *service, *table;
    const struct topic_partition *at;
    int64_t offset; /* outbox: where its batch began; waiting: the record's */
};
bool payload_seal(struct worker *worker, const struct payload_row *row, struct slice frames,
                  struct buffer *payload);
enum outcome payload_unseal(const struct seal *seal, const struct payload_row *row,
                            struct slice payload, struct buffer *frames, struct error *error);

/* slot.c */
/* Names the worker, to Kafka and in its log, by the slot of its lease. */
void slot_name(struct worker *worker);
/* True while the slot is ours; otherwise drops what we hold and tries for it again, once a second. */
bool slot_held(struct worker *worker);

/* loop.c */
void loop_run(struct worker *worker);
/* Ends the loop because we cannot go on; says worker->error. */
void loop_stop(struct worker *worker);
/* For who turns or waits: answers HTTP's question whether we live, and measures lag where that is due. */
void loop_tick(struct worker *worker);
/* What keeps the publisher from publishing is told, though the loop need do nothing about it. */
void loop_tell_of_publishing(struct worker *worker);
/* Asked to end, we finish what we began, for as long as a transaction may take. */
bool loop_time_is_up(struct worker *worker);
/* Processes entries first..first+count of the round, halving where it must. False when the batch was dropped. */
bool loop_process(struct worker *worker, size_t first, size_t count);
/* Likewise once they were attempted as a whole, which came to `result`. */
bool loop_settle(struct worker *worker, size_t first, size_t count, enum attempt_result result);
/* Counts the round's batch, done or dropped, and lets its records go. */
void loop_close(struct worker *worker, bool done);

#ifdef KERJA_BROKEN
/* broken.c */
void broken_publish_plainly(struct io *io);
void broken_offsets_first(struct worker *worker, const struct batch *batch);
enum commit_result broken_positions_apart(struct database *database, const struct batch *batch,
                                          struct error *error);
/* G is what the group's offsets say. */
void broken_begin_at_offsets(struct worker *worker, struct source *sources, size_t count);
#endif

/* programmes.c */
enum outcome programmes_refresh(struct worker *worker);

#endif
