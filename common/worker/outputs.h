/*
 * outputs - what one decision sends: events and timers, in the order in which it added them.
 *
 * Outputs are made by decisions (decision_emit, decision_timer) and turned into outbox
 * frames at once, each encoded exactly once. The id of an output is a function of its
 * cause and its index alone, so deciding again gives the same id.
 */
#ifndef KERJA_WORKER_OUTPUTS_H
#define KERJA_WORKER_OUTPUTS_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/calendar.h"
#include "base/event.h"
#include "base/record.h"
#include "base/uuid.h"

#include <stdbool.h>
#include <stddef.h>

struct output {
    const struct event_type *type;
    void *event;
    struct output *next;
};

struct output_timer {
    const char *kind;
    struct uuid subject;
    instant_us due_at;
    struct output_timer *next;
};

struct outputs {
    struct output *first, **last;
    struct output_timer *first_timer, **last_timer;
    size_t count; /* of events */
};

/* What caused the outputs: the CloudEvents source and id of the decided record. */
struct cause {
    struct slice source, id;  /* as received, or topic and place where the sender gave none */
    struct slice traceparent; /* W3C Trace Context; empty when there is none               */
    int64_t timestamp_ms;     /* the time of every output: the cause's own                 */
};

/* Reads the cause out of a record's headers. Texts may be made in the arena. */
struct cause cause_of(const struct record *record, struct arena *arena);

/* Whether cause_of() reads it, and whether it is one of the sender's CloudEvents headers ("ce_..."). */
bool header_of_cause(const struct header *header);
bool header_is_cloud_events(const struct header *header);

/* Forgets outputs and timers: the next decision begins with none. */
void outputs_clear(struct outputs *outputs);

/* Both return false when the arena is full. */
bool outputs_add(struct outputs *outputs, struct arena *arena, const struct event_type *type,
                 void **event);
bool outputs_add_timer(struct outputs *outputs, struct arena *arena, const char *kind,
                       const struct uuid *subject, instant_us due_at);

enum {
    OUTPUT_BYTES = 900000
}; /* of a value: below what producers and brokers take as they come */

/* Appends one frame per output to `payload`, ids counted from 0. `scratch` holds one value at a
 * time. False when a value is larger than OUTPUT_BYTES, which nobody could publish, or memory for it ran out. */
bool outputs_encode(const struct outputs *outputs, const char *service,
                    const struct cause *cause, struct buffer *scratch, struct buffer *payload);

/* Appends the frame of a dead letter: the record's own key and value, and headers that say where it
 * was, why it is here and what it was called. */
bool dead_letter_encode(const char *service, const struct record *record, const char *reason,
                        const char *sentence, struct buffer *payload);

/* The index by which frames name a topic: its place in the list of all events; dead.letter is
 * the last. */
uint8_t topic_index(const struct event_type *type);
uint8_t topic_index_dead_letter(void);

#endif
