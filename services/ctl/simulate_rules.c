#include "simulate_rules.h"

#include "base/buffer.h"
#include "rules/conditions.h"
#include "rules/verdict_bytes.h"

#include <assert.h>
#include <stdlib.h>

bool simulated_standing_of(struct slice status, enum simulated_standing *standing)
{
    static const struct {
        const char *status;
        enum simulated_standing standing;
    } known[] = {{"AWARDED", STANDS_AWARDED},    {"POOLED", STANDS_ELIGIBLE},
                 {"NOT_DRAWN", STANDS_ELIGIBLE}, {"HELD", STANDS_OUT},
                 {"REJECTED", STANDS_OUT},       {"WITHDRAWN", STANDS_OUT}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (slice_is(status, known[i].status)) {
            *standing = known[i].standing;
            return true;
        }
    return false;
}

const char *simulated_change_name(enum simulated_change change)
{
    static const char *const names[CHANGE_COUNT] = {"KEEPS",   "LOSES",   "HELD",
                                                    "STAYS",   "LEAVES",  "GAINS",
                                                    "REASONS", "NOTHING", "CANNOT_SAY"};
    assert(change < CHANGE_COUNT);
    return names[change];
}

static bool of_register(enum rule_field field)
{
    return strncmp(field_meaning(field)->name, "register.", 9) == 0;
}

static void value_keep(struct verdict *verdict, enum rule_field field,
                       const struct value *value)
{
    if (verdict->field_seen[field] == 0) {
        verdict->value_count++;
        verdict->field_seen[field] = (uint8_t)verdict->value_count;
    }
    verdict->values[verdict->field_seen[field] - 1] = *value;
}

/* Only values are kept: what followed from them then is judged anew. */
static void forget_results(struct verdict *verdict)
{
    verdict->effect = EFFECT_PASS;
    verdict->failed.count = verdict->silent.count = 0;
    verdict->priority_count = verdict->condition_count = 0;
}

enum outcome simulated_see(struct slice known, struct slice newer, bool registers_only,
                           struct arena *arena, struct simulated_room *room, char **merged,
                           size_t *size, struct error *error)
{
    struct buffer bytes = {0};
    enum outcome outcome = OK;
    verdict_init(&room->seen);
    if (known.size > 0)
        outcome = verdict_read(known, arena, &room->seen, error);
    if (outcome == OK)
        outcome = verdict_read(newer, arena, &room->newer, error);
    if (outcome != OK)
        return outcome;
    forget_results(&room->seen);
    for (size_t i = 0; i < RULE_FIELD_COUNT; i++) {
        const struct value *value = verdict_value(&room->newer, (enum rule_field)i);
        if (value != NULL && (!registers_only || of_register((enum rule_field)i)))
            value_keep(&room->seen, (enum rule_field)i, value);
    }
    verdict_write(&room->seen, &bytes);
    if (buffer_failed(&bytes)) {
        buffer_release(&bytes);
        return error_set(error, STOP, "cannot keep what a decision saw: no memory");
    }
    *merged = bytes.data;
    *size = bytes.size;
    return OK;
}

static struct value seen_value(const void *context, enum rule_field field)
{
    const struct value *value = verdict_value(context, field);
    return value == NULL ? value_unknown() : *value;
}

static void judge(const struct simulated_case *simulated, const struct scheme *scheme,
                  const struct verdict *seen, struct verdict *verdict)
{
    static const enum rule_phase phases[] = {PHASE_APPLY, PHASE_SELECT, PHASE_EMPLOYER};
    const struct rule_subject subject = {.value = seen_value,
                                         .context = seen,
                                         .has_wave = simulated->has_wave,
                                         .wave = simulated->wave,
                                         .on = simulated->on,
                                         .service = SERVICE_APPLICATION};
    verdict_init(verdict);
    for (size_t i = 0; i < sizeof phases / sizeof *phases; i++)
        rules_apply(scheme, phases[i], &subject, verdict);
}

static bool comparison_gives(const struct comparison *comparison, struct slice reason)
{
    return slice_is(reason, field_meaning(comparison->field)->unknown);
}

/* Whether a condition of the file can have given the reason; else the engine did. */
static bool conditions_give(const struct programme *programme, struct slice reason)
{
    for (size_t i = 0; i < programme->condition_count; i++) {
        const struct condition *condition = &programme->conditions[i];
        bool gives =
            (condition->reason != NULL && slice_equal(condition->reason->code, reason)) ||
            comparison_gives(&condition->must, reason);
        for (size_t k = 0; k < condition->when_count && !gives; k++)
            gives = comparison_gives(&condition->when[k], reason);
        if (gives)
            return true;
    }
    return false;
}

/* What the engine said then stands: one that something can end holds, any other refuses. That somebody was not
 * drawn stands in the way of nothing. */
static void engine_add(const struct simulated_case *simulated, struct verdict *verdict)
{
    for (size_t i = 0; i < simulated->reason_count; i++) {
        struct slice code = simulated->reasons[i];
        const struct reason *reason = reason_find(simulated->then, code);
        bool ends =
            reason != NULL && (reason->ends_by.event_count > 0 ||
                               reason->ends_by.every_hours > 0 || reason->ends_by.officer);
        if (!slice_is(code, "NOT_DRAWN") && code.size > 0 &&
            !conditions_give(simulated->then, code))
            verdict_add(verdict, ends ? EFFECT_HOLD : EFFECT_REJECT, code);
    }
}

static bool is_waived(const struct simulated_case *simulated, struct slice reason)
{
    for (size_t i = 0; i < simulated->waived_count; i++)
        if (slice_equal(simulated->waived[i], reason))
            return true;
    return false;
}

enum view { PASSES, HOLDS, REFUSES };

/* What a verdict means, once what officers waived is left out. */
static enum view view_of(const struct simulated_case *simulated, const struct verdict *verdict,
                         struct slice reasons[static VERDICT_REASONS], size_t *count)
{
    struct slice all[VERDICT_REASONS];
    size_t all_count = verdict_reasons(verdict, all);
    enum effect effect = verdict_effect(verdict);
    *count = 0;
    for (size_t i = 0; i < all_count; i++)
        if (effect >= EFFECT_REJECT || !is_waived(simulated, all[i]))
            reasons[(*count)++] = all[i];
    if (effect >= EFFECT_REJECT)
        return REFUSES;
    return effect <= EFFECT_PRIORITY || *count == 0 ? PASSES : HOLDS;
}

static bool field_missing(const struct verdict *seen, enum rule_field field, bool *missing)
{
    bool is_missing = verdict_value(seen, field) == NULL;
    missing[field] = missing[field] || is_missing;
    return is_missing;
}

/* True when the condition could not be decided for want of a field that nobody asked for then. */
static bool wants_fields(const struct condition *condition, const struct verdict *seen,
                         bool *missing)
{
    bool wants = field_missing(seen, condition->must.field, missing);
    for (size_t i = 0; i < condition->when_count; i++)
        wants = field_missing(seen, condition->when[i].field, missing) || wants;
    return wants;
}

static void add_silence(const struct verdict *seen, const struct comparison *comparison,
                        struct verdict *verdict)
{
    const struct value *value = verdict_value(seen, comparison->field);
    if (value != NULL && value->state != VALUE_PRESENT)
        verdict_add_unknown(verdict, slice_of(field_meaning(comparison->field)->unknown));
}

static void add_judged(const struct condition *condition, enum condition_result result,
                       const struct verdict *seen, struct verdict *verdict)
{
    if (result == CONDITION_FAIL)
        verdict_add(verdict, condition->effect, condition->reason->code);
    if (result != CONDITION_UNKNOWN)
        return;
    add_silence(seen, &condition->must, verdict);
    for (size_t i = 0; i < condition->when_count; i++)
        add_silence(seen, &condition->when[i], verdict);
}

/* What the draft's verdict would be if every answer that is missing were a good one. A priority is not raised by
 * what is not known, and refuses nobody. True when one is missing. */
static bool hope(const struct simulated_case *simulated, struct simulated_room *room,
                 struct simulated_answer *answer)
{
    bool wants = false;
    verdict_init(&room->hoped);
    for (size_t i = 0; i < room->draft.condition_count; i++) {
        const struct condition_seen *judged = &room->draft.conditions[i];
        const struct condition *condition = condition_find(simulated->draft, judged->number);
        bool unknown = judged->result == CONDITION_UNKNOWN;
        if (condition == NULL)
            continue;
        if (condition->effect == EFFECT_PRIORITY) {
            if (unknown)
                wants_fields(condition, &room->seen, answer->unranked);
        } else if (unknown && wants_fields(condition, &room->seen, answer->missing)) {
            wants = true;
        } else {
            add_judged(condition, judged->result, &room->seen, &room->hoped);
        }
    }
    return wants;
}

static bool same_reasons(const struct simulated_answer *answer)
{
    bool same = answer->before_count == answer->after_count;
    for (size_t i = 0; same && i < answer->before_count; i++)
        same = slice_equal(answer->before[i], answer->after[i]);
    return same;
}

/* Who would not pass by the file of then either is not touched by the draft. */
static enum simulated_change change_of(enum simulated_standing standing, enum view before,
                                       enum view after, const struct simulated_answer *answer)
{
    bool worse = after > before && before == PASSES;
    switch (standing) {
    case STANDS_AWARDED:
        if (after == REFUSES && before != REFUSES)
            return CHANGE_LOSES;
        return worse ? CHANGE_HELD : CHANGE_KEEPS;
    case STANDS_ELIGIBLE:
        if (after == REFUSES && before != REFUSES)
            return CHANGE_LEAVES;
        return worse ? CHANGE_HELD : CHANGE_STAYS;
    case STANDS_OUT:
        break;
    }
    if (after == PASSES && before != PASSES)
        return CHANGE_GAINS;
    return same_reasons(answer) ? CHANGE_NOTHING : CHANGE_REASONS;
}

/* `hoped`: what the draft would say if all that is missing were well. */
static enum draw_chance chance_of(const struct simulated_case *simulated,
                                  enum simulated_change change, enum view before,
                                  enum view hoped)
{
    switch (change) {
    case CHANGE_KEEPS:
    case CHANGE_STAYS:
    case CHANGE_GAINS:
        return CHANCE_SURE;
    case CHANGE_HELD: /* a fact or an officer may end it in time */
        return CHANCE_PERHAPS;
    case CHANGE_CANNOT_SAY:
        /* Who was out though the rules let him or her pass is out for what no rule says. */
        return hoped == PASSES && (simulated->standing != STANDS_OUT || before != PASSES)
                   ? CHANCE_PERHAPS
                   : CHANCE_NONE;
    case CHANGE_LOSES:
    case CHANGE_LEAVES:
    case CHANGE_REASONS:
    case CHANGE_NOTHING:
    case CHANGE_COUNT:
        break;
    }
    return CHANCE_NONE;
}

enum outcome simulate_rules(const struct simulated_case *simulated, struct arena *arena,
                            struct simulated_room *room, struct simulated_answer *answer,
                            struct error *error)
{
    struct slice unused[VERDICT_REASONS];
    size_t unused_count;
    *answer = (struct simulated_answer){.change = CHANGE_CANNOT_SAY};
    if (simulated->draft_scheme == NULL)
        return OK;
    answer->chance = CHANCE_PERHAPS;
    if (simulated->seen.size == 0 || simulated->then_scheme == NULL)
        return OK;
    enum outcome outcome = verdict_read(simulated->seen, arena, &room->seen, error);
    if (outcome != OK)
        return outcome;
    judge(simulated, simulated->then_scheme, &room->seen, &room->then);
    judge(simulated, simulated->draft_scheme, &room->seen, &room->draft);
    bool wants = hope(simulated, room, answer);
    engine_add(simulated, &room->then);
    engine_add(simulated, &room->draft);
    engine_add(simulated, &room->hoped);
    enum view before = view_of(simulated, &room->then, answer->before, &answer->before_count);
    enum view after = view_of(simulated, &room->draft, answer->after, &answer->after_count);
    enum view hoped = view_of(simulated, &room->hoped, unused, &unused_count);
    if (!wants || after == REFUSES)
        answer->change = change_of(simulated->standing, before, after, answer);
    answer->chance = chance_of(simulated, answer->change, before, hoped);
    answer->priority_count = room->draft.priority_count;
    memcpy(answer->priorities, room->draft.priorities, sizeof answer->priorities);
    return OK;
}
