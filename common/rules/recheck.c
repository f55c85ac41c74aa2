#include "rules/recheck.h"

#include "rules/verdict_bytes.h"

static const char *const result_names[] = {"PASS", "FAIL", "UNKNOWN", "NOT_APPLICABLE"};

static struct value recorded_value(const void *context, enum rule_field field)
{
    const struct value *value = verdict_value(context, field);
    return value == NULL ? value_unknown() : *value;
}

/* What the engine added stands in no value: it is taken over, behind what follows from values. */
static void take_over(const struct verdict *recorded, struct verdict *again)
{
    bool added = false;
    for (size_t i = 0; i < recorded->failed.count; i++) {
        size_t before = again->failed.count;
        verdict_add(again, EFFECT_PASS, recorded->failed.codes[i]);
        added = added || again->failed.count > before;
    }
    for (size_t i = 0; i < recorded->silent.count; i++)
        verdict_add_unknown(again, recorded->silent.codes[i]);
    if (added && recorded->effect > again->effect)
        again->effect = recorded->effect;
}

static bool same_bytes(const struct verdict *recorded, const struct verdict *again,
                       struct error *error)
{
    struct buffer one = {0}, other = {0};
    verdict_write(recorded, &one);
    verdict_write(again, &other);
    bool same = !buffer_failed(&one) && !buffer_failed(&other) &&
                slice_equal(buffer_slice(&one), buffer_slice(&other));
    buffer_release(&one);
    buffer_release(&other);
    if (!same)
        error_set(error, REJECT, "recorded %s with %zu reasons, decided again %s with %zu",
                  effect_name(verdict_effect(recorded)), recorded->failed.count,
                  effect_name(verdict_effect(again)), again->failed.count);
    return same;
}

bool rules_recheck(const struct verdict *recorded, const struct programme *programme,
                   struct error *error)
{
    struct rule_subject subject = {.value = recorded_value, .context = recorded};
    struct verdict again;
    verdict_init(&again);
    for (size_t i = 0; i < recorded->condition_count; i++) {
        const struct condition_seen *seen = &recorded->conditions[i];
        const struct condition *condition = condition_find(programme, seen->number);
        if (condition == NULL) {
            error_set(error, REJECT, "condition %d is not in this file", seen->number);
            return false;
        }
        rules_judge(condition, &subject, &again);
        if (again.conditions[i].result != seen->result) {
            error_set(error, REJECT, "condition %d: recorded \"%s\", decided again \"%s\"",
                      seen->number, result_names[seen->result],
                      result_names[again.conditions[i].result]);
            return false;
        }
    }
    take_over(recorded, &again);
    return same_bytes(recorded, &again, error);
}
