#include "rules/verdict.h"

#include <assert.h>

static const char *const effect_names[] = {"PASS",        "PRIORITY",  "RETRY",  "HOLD",
                                           "EXPIRE_ITEM", "STOP_ITEM", "REJECT", "REVOKE"};

void verdict_init(struct verdict *verdict)
{
    verdict->effect = EFFECT_PASS;
    verdict->failed.count = 0;
    verdict->silent.count = 0;
    verdict->priority_count = 0;
    verdict->condition_count = 0;
    verdict->value_count = 0;
    memset(verdict->field_seen, 0, sizeof verdict->field_seen);
}

/* Keeps a sorted list of different texts; what exceeds its bound is dropped. */
size_t slices_insert(struct slice *slices, size_t count, size_t bound, struct slice slice)
{
    size_t at = count;
    while (at > 0 && slice_compare(slices[at - 1], slice) > 0)
        at--;
    if (count == bound || (at > 0 && slice_equal(slices[at - 1], slice)))
        return count;
    memmove(&slices[at + 1], &slices[at], (count - at) * sizeof *slices);
    slices[at] = slice;
    return count + 1;
}

static void reason_set_add(struct reason_set *set, struct slice reason)
{
    set->count = slices_insert(set->codes, set->count, VERDICT_REASONS, reason);
}

void verdict_add(struct verdict *verdict, enum effect effect, struct slice reason)
{
    assert(reason.size > 0);
    if (effect > verdict->effect)
        verdict->effect = effect;
    if (effect == EFFECT_PRIORITY)
        verdict->priority_count = slices_insert(verdict->priorities, verdict->priority_count,
                                                VERDICT_PRIORITIES, reason);
    else
        reason_set_add(&verdict->failed, reason);
}

void verdict_add_unknown(struct verdict *verdict, struct slice reason)
{
    assert(reason.size > 0);
    reason_set_add(&verdict->silent, reason);
}

enum effect verdict_effect(const struct verdict *verdict)
{
    bool silent = verdict->silent.count > 0;
    return silent && verdict->effect < EFFECT_HOLD ? EFFECT_HOLD : verdict->effect;
}

bool verdict_clear(const struct verdict *verdict)
{
    return verdict_effect(verdict) <= EFFECT_PRIORITY;
}

size_t verdict_reasons(const struct verdict *verdict,
                       struct slice reasons[static VERDICT_REASONS])
{
    size_t count = verdict->failed.count;
    memcpy(reasons, verdict->failed.codes, count * sizeof *reasons);
    /* What surely failed stands alone: nobody needs to mend what cannot help any more. */
    if (verdict->effect > EFFECT_HOLD)
        return count;
    for (size_t i = 0; i < verdict->silent.count; i++)
        count = slices_insert(reasons, count, VERDICT_REASONS, verdict->silent.codes[i]);
    return count;
}

const struct value *verdict_value(const struct verdict *verdict, enum rule_field field)
{
    assert(field < RULE_FIELD_COUNT);
    size_t seen = verdict->field_seen[field];
    return seen == 0 ? NULL : &verdict->values[seen - 1];
}

const char *effect_name(enum effect effect)
{
    assert(effect <= EFFECT_REVOKE);
    return effect_names[effect];
}

bool effect_find(struct slice name, enum effect *effect)
{
    for (size_t i = 0; i <= EFFECT_REVOKE; i++) {
        if (slice_is(name, effect_names[i])) {
            *effect = (enum effect)i;
            return true;
        }
    }
    return false;
}
