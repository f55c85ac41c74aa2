/*
 * verdict - what was decided, why, and what was seen while deciding.
 *
 * It is filled by rules_apply(), once for each phase that the event touches, and by the
 * services for what spans programmes (a seat, money, a repeat). One verdict is about
 * one subject: the value of a field is asked for once and remembered, so all conditions
 * judge the same world and the explanation can show it.
 *
 * A verdict holds no memory of its own. Reasons are borrowed from the programme or from
 * literals, codes seen from the event and its facts: it lives as long as the batch.
 *
 * Effects rank; the worst wins. Reasons are those of everything that failed, each once, sorted
 * by bytes. What was UNKNOWN holds with its own reason, unless something stronger than HOLD
 * surely failed: then that stands at once, with the reasons of what failed only.
 */
#ifndef KERJA_RULES_VERDICT_H
#define KERJA_RULES_VERDICT_H

#include "base/slice.h"
#include "rules/value.h"
#include "rules/vocabulary.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* From the mildest to the worst. */
enum effect {
    EFFECT_PASS = 0,
    EFFECT_PRIORITY,    /* raised in the draw                               */
    EFFECT_RETRY,       /* waits and is tried again by itself               */
    EFFECT_HOLD,        /* waits for a fact or an officer                   */
    EFFECT_EXPIRE_ITEM, /* the item, or what is left of the balance, lapses */
    EFFECT_STOP_ITEM,   /* this and all later instalments of the item       */
    EFFECT_REJECT,      /* this application, enrolment, completion, instalment is refused */
    EFFECT_REVOKE,      /* the award ends                                   */
};

/* Of a PRIORITY condition, PASS means that it was raised and FAIL that it was not. */
enum condition_result {
    CONDITION_PASS,
    CONDITION_FAIL,
    CONDITION_UNKNOWN,
    CONDITION_NOT_APPLICABLE
};

enum {
    VERDICT_REASONS = 32,     /* different reasons that one verdict can carry      */
    VERDICT_PRIORITIES = 8,   /* different priority codes                          */
    VERDICT_CONDITIONS = 256, /* conditions that one programme file can have       */
    VERDICT_FIELDS = RULE_FIELD_COUNT,
};

struct reason_set {
    struct slice codes[VERDICT_REASONS]; /* sorted by bytes, each once */
    size_t count;
};

struct condition_seen {
    uint16_t number; /* of the condition in the programme file */
    uint8_t result;  /* enum condition_result                  */
};

struct verdict {
    enum effect effect;       /* of what surely failed                               */
    struct reason_set failed; /* reasons of what surely failed                       */
    struct reason_set silent; /* reasons of what could not be known                  */
    struct slice priorities[VERDICT_PRIORITIES]; /* raised, sorted by bytes          */
    size_t priority_count;
    struct condition_seen conditions[VERDICT_CONDITIONS]; /* in the order of judging */
    size_t condition_count;
    uint8_t field_seen[VERDICT_FIELDS]; /* 0, or 1 + index into values */
    struct value values[VERDICT_FIELDS];
    size_t value_count;
};

/* Makes an empty verdict: PASS, no reasons, nothing seen. Needed before first use. */
void verdict_init(struct verdict *verdict);

/* Adds a rule of the engine that failed: QUOTA_FULL, BUDGET_EXHAUSTED and the like. `reason` is
 * borrowed: a literal, or text that lives as long as the batch. A reason beyond the bound
 * is dropped, never the effect. */
void verdict_add(struct verdict *verdict, enum effect effect, struct slice reason);

/* Adds a reason that holds because something is not known yet; it yields to anything
 * stronger than HOLD that surely failed. */
void verdict_add_unknown(struct verdict *verdict, struct slice reason);

/* The worst effect, what is unknown counted as HOLD. */
enum effect verdict_effect(const struct verdict *verdict);

/* True when nothing stands in the way: PASS or PRIORITY. */
bool verdict_clear(const struct verdict *verdict);

/* Reasons of verdict_effect(), sorted by bytes, each once: written to `reasons`; the count is
 * returned. Priority codes are not among them. Borrowed as above. */
size_t verdict_reasons(const struct verdict *verdict,
                       struct slice reasons[static VERDICT_REASONS]);

/* The value seen for a field, or NULL when no condition asked for it. */
const struct value *verdict_value(const struct verdict *verdict, enum rule_field field);

/* Inserts into a list of texts sorted by bytes unless it is there or the list is full; returns
 * the new count. */
size_t slices_insert(struct slice *slices, size_t count, size_t bound, struct slice slice);

/* "REVOKE"; and back. effect_find() returns false for anything else. */
const char *effect_name(enum effect effect);
bool effect_find(struct slice name, enum effect *effect);

#endif
