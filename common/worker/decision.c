#include "worker/outputs.h"
#include "worker/service.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

enum { SCRATCH_SIZE = 1 << 24 /* of small pieces, where the batch's arena is small too */ };

const struct programme *office_programme(const struct office *office, struct slice name)
{
    for (size_t i = 0; i < office->programme_count; i++)
        if (slice_equal(office->programmes[i]->id, name))
            return office->programmes[i];
    return NULL;
}

/* A decision that ends without effect must not have had one. */
static void end_without_effect(struct decision *decision, enum decision_kind kind)
{
    assert(decision->kind == DECIDED);
    assert(decision->outputs->first == NULL && decision->outputs->first_timer == NULL);
    decision->kind = kind;
}

void decision_repeat(struct decision *decision)
{
    end_without_effect(decision, REPEATED);
}

void decision_wait(struct decision *decision, const struct row_type *awaited,
                   const struct uuid *key)
{
    end_without_effect(decision, WAITING);
    decision->awaited = awaited;
    decision->awaited_key = *key;
}

void decision_refuse(struct decision *decision, const char *reason, const char *format, ...)
{
    end_without_effect(decision, DEAD_LETTERED);
    decision->reason = reason;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(decision->sentence, sizeof decision->sentence, format, arguments);
    va_end(arguments);
}

bool decision_two_officers(struct decision *decision, struct slice requested_by,
                           struct slice approved_by)
{
    if (requested_by.size > 0 && approved_by.size > 0 &&
        !slice_equal(requested_by, approved_by))
        return true;
    decision_refuse(decision, "SECOND_OFFICER_MISSING",
                    "what moves money or lifts a hold takes two officers: one who asks for it, "
                    "and another who approves");
    return false;
}

/* What a decision writes to once the batch's arena is full: the batch is halved and decided again, so nobody keeps
 * it. Each piece has a place of its own until the next decision, because this one still goes on, with lists as large as
 * its event's own: those fitted into the batch's arena. */
static struct arena scratch;

static void exhaust(struct decision *decision)
{
    bool reserved = scratch.base != NULL ||
                    arena_init(&scratch, SCRATCH_SIZE + 2 * decision->arena->capacity);
    assert(reserved);
    if (!decision->exhausted)
        arena_reset(&scratch);
    decision->exhausted = true;
}

static void *scratch_memory(struct decision *decision, size_t size)
{
    exhaust(decision);
    void *memory = arena_alloc(&scratch, size);
    assert(memory != NULL);
    return memory;
}

void *decision_emit(struct decision *decision, const struct event_type *type)
{
    void *event;
    assert(decision->kind == DECIDED);
    if (!outputs_add(decision->outputs, decision->arena, type, &event))
        return scratch_memory(decision, type->record->size);
    return event;
}

void decision_timer(struct decision *decision, const char *kind, const struct uuid *subject,
                    instant_us due_at)
{
    assert(decision->kind == DECIDED);
    if (!outputs_add_timer(decision->outputs, decision->arena, kind, subject, due_at))
        exhaust(decision);
}

void *decision_alloc(struct decision *decision, size_t size)
{
    void *memory = arena_alloc(decision->arena, size);
    return memory != NULL ? memory : scratch_memory(decision, size);
}

void *decision_list(struct decision *decision, const void *items, size_t count, size_t size)
{
    void *list = decision_alloc(decision, (count + 1) * size);
    if (count > 0)
        memcpy(list, items, count * size);
    return list;
}

struct slice decision_copy(struct decision *decision, struct slice text)
{
    char *copy = decision_alloc(decision, text.size + 1);
    if (text.size > 0)
        memcpy(copy, text.data, text.size);
    return (struct slice){copy, text.size};
}

struct slice decision_text(struct decision *decision, const char *format, ...)
{
    char brief[256];
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int size = vsnprintf(brief, sizeof brief, format, arguments);
    assert(size >= 0);
    char *text = decision_alloc(decision, (size_t)size + 1);
    if ((size_t)size < sizeof brief)
        memcpy(text, brief, (size_t)size);
    else
        vsnprintf(text, (size_t)size + 1, format, again);
    va_end(again);
    va_end(arguments);
    return (struct slice){text, (size_t)size};
}

struct slice decision_uuid(struct decision *decision, const struct uuid *uuid)
{
    char text[UUID_TEXT_SIZE + 1];
    uuid_format(uuid, text);
    return decision_copy(decision, (struct slice){text, UUID_TEXT_SIZE});
}

/* Only our own fault stops: what a record brought never does. */
static bool sealing_failed(struct decision *decision, enum outcome outcome,
                           const struct error *error)
{
    if (outcome == STOP && !decision->stopped) {
        decision->stopped = true;
        decision->fault = *error;
    }
    return outcome != OK;
}

bool decision_seal(struct decision *decision, const struct seal_place *place,
                   struct slice clear, struct slice *sealed)
{
    size_t size = clear.size + SEAL_OVERHEAD;
    struct error error = {0};
    if (clear.size == 0)
        return false;
    /* Exactly as large as what is sealed, so that it never grows and never is released. */
    struct buffer bytes = {.data = decision_alloc(decision, size), .capacity = size};
    if (sealing_failed(decision,
                       seal_seal(decision->office->seal, place, clear, &bytes, &error), &error))
        return false;
    *sealed = buffer_slice(&bytes);
    return true;
}

struct slice decision_unseal(struct decision *decision, const struct seal_place *place,
                             struct slice sealed)
{
    struct error error = {0};
    struct buffer clear = {.data = decision_alloc(decision, sealed.size + 1),
                           .capacity = sealed.size + 1};
    if (sealed.size == 0 ||
        sealing_failed(decision,
                       seal_unseal(decision->office->seal, place, sealed, &clear, &error),
                       &error))
        return (struct slice){0};
    return buffer_slice(&clear);
}
