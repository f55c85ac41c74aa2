/*
 * world - everything outside the code under test: a clock, a scheduler, a PostgreSQL, a Kafka.
 *
 * One seed is one history. Processes run the real recovery and the real publisher, straight-line,
 * on fibers; every call through struct io is a scheduling point at which the process
 * may die, stall or be overtaken. A fiber that dies is abandoned where it stands. Nothing depends
 * on anything but the seed and the variant, so that a failing seed can be watched.
 *
 * Inputs are numbered by (partition, offset); each leads to one output of the same number.
 */
#ifndef KERJA_SIMULATION_WORLD_H
#define KERJA_SIMULATION_WORLD_H

#include "worker/publisher.h"
#include "worker/recover.h"

#include <ucontext.h>

enum {
    PARTITIONS = 3,
    SLOTS = 3,           /* worker slots: transactional.id and group.instance.id */
    PROCESSES = 24,      /* lives in one history, zombies included               */
    LOG_BOUND = 96,      /* offsets in one input partition                       */
    OUTBOX_BOUND = 512,  /* rows ever written for one partition                  */
    OUTPUT_BOUND = 8192, /* records ever produced, aborted ones included         */
    NO_PARTITION = -1,
    MESSAGE_BOUND = 64, /* requests on their way                                */
    BATCH_RECORDS = 4,
    STACK_SIZE = 64 * 1024,

    TRANSACTION_TIMEOUT_MS = 3000,
    SCAN_INTERVAL_MS = 1000,
    SESSION_TIMEOUT_MS = 6000,
    HEARTBEAT_MS = 500,
    REBALANCE_TIMEOUT_MS = 12000,
    RECOVER_DEADLINE_MS = 10000,
    DRAIN_DEADLINE_MS = SESSION_TIMEOUT_MS / 3,
    CALM_BOUND_MS = 120000 /* everything must be drained this long after the last fault */
};

/* What is done wrong on purpose: the simulation must notice each. */
enum variant {
    CORRECT,
    ROW_FOR_SEVERAL_PARTITIONS,
    METADATA_AT_COMMIT,
    UNSTABLE_OFFSETS,
    PRODUCER_KEPT_OFFSETS_FIRST,
    PRODUCER_KEPT_OFFSETS_LAST,
    SKIP_AHEAD,
    END_WITHOUT_ROW,
    OFFSET_REPEATS_UNCOUNTED,
    VARIANTS
};

struct random {
    uint64_t state;
};

/* An output, and the input it answers. */
struct output {
    int32_t partition;
    int32_t offset;
};

/* PostgreSQL. Every transaction is one step, as row locks make it seem. */
struct stored_row {
    int64_t from_offset, next_offset;
    bool pruned;
    size_t output_count;
    struct output outputs[PARTITIONS * BATCH_RECORDS];
};

struct stored_position {
    int64_t next_offset, published_next, owner_epoch;
    bool exists, stopped;
    struct stored_row rows[OUTBOX_BOUND];
    size_t row_count;
    int applied[LOG_BOUND];
};

/* Kafka. */
struct input_log {
    int64_t start, end;
    bool marker
        [LOG_BOUND]; /* a commit marker or an aborted record: an offset without a record */
};

enum output_state { OUTPUT_OPEN, OUTPUT_COMMITTED, OUTPUT_ABORTED };

struct produced {
    struct output output;
    enum output_state state;
    int slot; /* whose transaction, while open */
};

struct committed_offset {
    int64_t offset; /* NO_OFFSET when there is none */
    char tag[TAG_SIZE];
    bool pending[SLOTS]; /* a transaction of that slot holds an offset open */
    int64_t pending_offset[SLOTS];
    char pending_tag[SLOTS][TAG_SIZE];
};

enum transaction_state {
    TRANSACTION_EMPTY,
    TRANSACTION_ONGOING,
    TRANSACTION_COMMITTED,
    TRANSACTION_ABORTED
};

struct coordinator { /* of one transactional.id */
    int epoch;
    enum transaction_state state;
    int64_t began_ms;
};

struct membership { /* what group metadata holds */
    int member_id;  /* 0: none, which the broker accepts unfenced */
    int generation;
};

struct group_member { /* of one group.instance.id, as the broker knows it */
    bool known, joined;
    int member_id;
    int64_t seen_ms;
};

struct group {
    int generation;
    bool preparing;
    int64_t preparing_until_ms;
    int next_member_id;
    struct group_member members[SLOTS];
    int owner[PARTITIONS]; /* slot, or -1 */
};

struct message { /* a request that arrives late, after a copy of it was answered */
    bool used;
    int slot, epoch;
    int64_t at_ms;
    int partition; /* of a TxnOffsetCommit; NO_PARTITION: an EndTxn */
    int64_t offset;
    char tag[TAG_SIZE];
};

struct world;
struct process;

struct fiber {
    ucontext_t context;
    struct process *process;
    void (*run)(struct process *process);
    bool alive;
    int64_t wake_ms;
    char *stack;
};

/* The library's half of a worker: it beats its heart whatever the loop does. */
struct client {
    struct membership membership;
    int64_t heartbeat_ms;
    bool revoking; /* the group rebalances: the loop must let go and join */
    bool joined;
    bool assigned; /* a new assignment waits for the loop */
    bool owns[PARTITIONS];
    bool lost;
};

struct queued_rows {
    struct outbox_row rows[PARTITIONS];
    size_t count;
};

struct process {
    struct world *world;
    int number, slot;
    bool alive;
    bool superseded; /* its lease is somebody else's */
    int64_t stalled_until_ms;
    struct fiber loop, publishing;
    struct client client;
    struct membership saved;
    struct io io;
    struct publisher publisher;
    struct source sources[PARTITIONS];
    size_t source_count;
    int64_t next_offset[PARTITIONS]; /* G as the loop knows it, by source */
    int64_t pushed[PARTITIONS];      /* where the rows given to the publisher end */
    /* The queue between loop and publisher. */
    struct queued_rows queue[PUBLISHER_QUEUE_BOUND];
    size_t queued;
    struct outbox_row rows[PUBLISHER_QUEUE_BOUND * PARTITIONS];
    size_t row_count, taken;
    bool paused, holding;
    enum publish_result failed;
    /* The producer. */
    bool producer_open;
    int epoch, end_txn_requests, offset_requests;
    bool delivery_failed;
    struct outbox_row held[PUBLISHER_QUEUE_BOUND * PARTITIONS]; /* variant offsets first */
    size_t held_count;
};

struct chances { /* one in so many; 0 never */
    int crash, stall, replace, postgres, commit_retry, commit_unknown, commit_slow, kafka;
    int offsets_retry;
    int reset, lose_offset, lose_position, retention, expire;
};

struct world {
    struct random random,
        repeats; /* repeats: of offsets, so that other seeds keep their histories */
    enum variant variant;
    bool verbose;
    int64_t now_ms, faults_end_ms;
    bool calm;
    uint64_t steps;
    struct chances chances;
    ucontext_t scheduler;
    struct fiber *running;
    struct process *processes[PROCESSES];
    int process_count;
    int64_t restart_at_ms[SLOTS];
    struct stored_position positions[PARTITIONS];
    struct input_log logs[PARTITIONS];
    int64_t feed_at_ms;
    int inputs_left;
    bool tainted[PARTITIONS];   /* a reset or a loss was injected there             */
    bool must_stop[PARTITIONS]; /* what was lost had been shown: only an officer may go on */
    struct committed_offset offsets[PARTITIONS];
    struct coordinator coordinators[SLOTS];
    struct group group;
    struct message messages[MESSAGE_BOUND];
    struct produced outputs[OUTPUT_BOUND];
    size_t output_count;
    int visible[PARTITIONS][LOG_BOUND];
    char violation[256]; /* "" while all is well */
};

uint64_t random_next(struct random *random);
/* 0 <= result < bound. */
int64_t random_below(struct random *random, int64_t bound);
/* True once in `n` times; never when n is 0. */
bool random_one_in(struct random *random, int n);

__attribute__((format(printf, 2, 3))) void world_trace(struct world *world, const char *format,
                                                       ...);
__attribute__((format(printf, 2, 3))) void world_violate(struct world *world,
                                                         const char *format, ...);

/* Runs one history to its end; world->violation tells. */
void world_run(struct world *world, uint64_t seed, enum variant variant, bool verbose);

/* A scheduling point of the running fiber: time passes, others run, the process may die. */
void world_step(struct process *process);
void world_sleep(struct process *process, int64_t duration_ms);
/* The process ends here; does not return. */
void process_exit(struct process *process) __attribute__((noreturn));

/* kafka.c */
void kafka_init(struct world *world);
void kafka_tick(struct world *world);
void group_join(struct process *process);
bool membership_valid(const struct world *world, int slot, const struct membership *membership);
int coordinator_open(struct world *world, int slot);
bool coordinator_produce(struct world *world, int slot, int epoch, struct output output);
bool coordinator_offset(struct world *world, int slot, int epoch, int partition, int64_t offset,
                        const char *tag);
enum end_result { END_DONE, END_FENCED, END_INVALID };
enum end_result coordinator_end(struct world *world, int slot, int epoch, bool commit);
/* `message` arrives at message.at_ms, whatever its epoch is worth by then. */
void coordinator_later(struct world *world, struct message message);

/* postgres.c */
struct decided { /* what one batch decided of one source partition */
    int partition;
    int64_t owner_epoch, from_offset, next_offset, published_next;
    size_t output_count;
    struct output outputs[PARTITIONS * BATCH_RECORDS];
    bool without_row; /* variant */
};
/* One batch transaction; false is KJ002 and nothing happened. `rows` are what was written. */
bool postgres_commit(struct world *world, const struct decided *decided, size_t count,
                     struct stored_row **rows);

/* io.c */
void process_io(struct process *process);
/* worker.c */
void worker_loop(struct process *process);
void worker_publishing(struct process *process);
/* faults.c */
void faults_draw(struct world *world);
void faults_tick(struct world *world);
/* check.c */
void check_positions(struct world *world);
bool check_tainted(const struct world *world);
bool check_drained(struct world *world);
void check_end(struct world *world);

#endif
