/*
 * service - all that a service says about itself: which events it reads, which facts each
 * needs, one pure decision an event, its tables and its migrations.
 *
 * A decision is a function of an event and of facts. It does no I/O, reads no clock and logs
 * nothing; it changes rows, adds outputs and timers, and explains itself in a verdict. The
 * worker does the rest: it consumes, decodes, loads, saves, publishes, and calls the
 * decision again on fresh facts when they had changed meanwhile.
 */
#ifndef KERJA_WORKER_SERVICE_H
#define KERJA_WORKER_SERVICE_H

#include "base/calendar.h"
#include "base/event.h"
#include "rules/programme.h"
#include "rules/verdict.h"
#include "seal/seal.h"
#include "worker/facts.h"

/* What every decision may consult besides its event and facts; constant within a batch. */
struct office {
    const char *service;
    const struct seal *seal;
    struct programme *const *programmes;
    size_t programme_count;
};

/* The published file of a programme, or NULL when none is known. */
const struct programme *office_programme(const struct office *office, struct slice name);

/* What a handler derives from its event before any fact is known. A handler's own struct begins
 * with this one. */
struct subject {
    struct uuid id;         /* whom the decision is about; explanations are found by it */
    instant_us occurred_at; /* the cause's own time: the only "now" a decision knows    */
};

enum { DECISION_TIMERS = 8, SENTENCE_SIZE = 256 };

enum decision_kind {
    DECIDED,      /* rows, outputs and verdict stand                                     */
    REPEATED,     /* seen before, or older than what is known: nothing changes           */
    WAITING,      /* came before what it speaks of: kept until that row appears          */
    DEAD_LETTERED /* cannot be decided, ever: the record goes to dead.letter, with reason */
};

/* One record's decision in the making. */
struct decision {
    const struct office *office;
    struct arena *arena;
    enum decision_kind kind;
    struct verdict verdict;
    const struct scheme
        *scheme; /* set by decide: whose conditions the verdict judged; NULL: none */
    /* WAITING: the row that must appear. */
    const struct row_type *awaited;
    struct uuid awaited_key;
    /* DEAD_LETTERED */
    const char *reason;
    char sentence[SENTENCE_SIZE];
    struct outputs *outputs;
    bool exhausted; /* the arena is full: this decision is void, the batch will be halved */
    /* We are at fault, with the reason: this decision is void, nothing of its batch is committed, the worker stops. */
    bool stopped;
    struct error fault;
};

/* Ends the decision without effect. Each asserts that nothing was changed before. */
void decision_repeat(struct decision *decision);
void decision_wait(struct decision *decision, const struct row_type *awaited,
                   const struct uuid *key);

/* `reason` is a static code such as "BAD_NATIONAL_ID"; the sentence names the thing and what was expected, never
 * personal data. */
void decision_refuse(struct decision *decision, const char *reason, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* True when two different officers stand behind an event that moves money or lifts a hold (the four-eyes
 * principle); else the record is refused with SECOND_OFFICER_MISSING. */
bool decision_two_officers(struct decision *decision, struct slice requested_by,
                           struct slice approved_by);

/* Adds an output and returns its zeroed struct, to be filled before the decision returns.
 * The key is the member that the event's schema names; ids, headers and place come from the worker. */
void *decision_emit(struct decision *decision, const struct event_type *type);

/* Sets a timer: at `due_at` a record timer.<service> with this kind and subject will come, once or more. The
 * same (kind, subject, due_at) is one timer. */
void decision_timer(struct decision *decision, const char *kind, const struct uuid *subject,
                    instant_us due_at);

/* The event is decided, and this is an allocation that lives as long as the batch; NULL never: a full arena
 * fails the whole batch, which is then halved. */
void *decision_alloc(struct decision *decision, size_t size);

/* A copy of a row's list, `count` items of `size` bytes each, with room for one more, zeroed: lists are changed in such
 * copies. */
void *decision_list(struct decision *decision, const void *items, size_t count, size_t size);

/* Seals `clear` for its place into batch memory. False, and `sealed` untouched, when there is nothing to
 * seal: the column then stays empty. Where libcrypto fails the worker stops. */
bool decision_seal(struct decision *decision, const struct seal_place *place,
                   struct slice clear, struct slice *sealed);

/* What was sealed at `place`, in batch memory; empty where nothing is, or where the bytes were changed or moved. A
 * sealing key that is missing stops the worker: the decision may go on, and is void. */
struct slice decision_unseal(struct decision *decision, const struct seal_place *place,
                             struct slice sealed);

/* Copies into the batch arena. */
struct slice decision_copy(struct decision *decision, struct slice text);

/* The UUID_TEXT_SIZE characters of an id, in batch memory. */
struct slice decision_uuid(struct decision *decision, const struct uuid *uuid);

/* Formats into the batch arena. */
struct slice decision_text(struct decision *decision, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

struct handler {
    const struct event_type *event;
    size_t subject_size; /* of the handler's own struct, which begins with struct subject */
    /* Derives ids and times; may refuse the record by decision_refuse(). Pure. */
    void (*identify)(const void *event, void *subject, struct decision *decision);
    /* Names the facts that the decision will look at; called again, at most FACT_ROUNDS times, while
     * it names new ones, so that one fact may lead to another. Pure. */
    void (*keys)(const void *event, const void *subject, struct facts *facts);
    /* Decides. Looks at all it needs first, then changes. Pure. */
    void (*decide)(const void *event, const void *subject, struct facts *facts,
                   struct decision *decision);
};

struct migration; /* persist/migration.h */

/* A column whose values are sealed, bound to `place` in the row of its key. Who seals anew, and who looks whether a key
 * is needed still, knows no others. */
struct sealed_column {
    const struct row_type *row;
    const char *column;
    struct seal_place place;
};

struct service {
    const char
        *name; /* "application": schema, role, group and transactional id begin with it */
    const struct handler *handlers;
    size_t handler_count;
    const struct fact_table *tables; /* their order is the lock order */
    size_t table_count;
    const struct migration *migrations;
    size_t migration_count;
    const struct sealed_column *sealed;
    size_t sealed_count;
};

/* Runs the worker until SIGTERM; its exit status: 0 drained, 1 failed, 2 not configured. */
int worker_main(const struct service *service, int argc, char **argv);

#endif
