/*
 * The phases of a programme's conditions: judged as in a worker, answered as JSON.
 *
 * All conditions of the phase are judged, whichever service must judge them: the officer asks what the
 * rules say, not who says it.
 */
#include "try.h"

#include "rules/explain.h"

#include <stdlib.h>
#include <string.h>

enum { EVERY_SERVICE = SERVICE_APPLICATION | SERVICE_COMPLETION | SERVICE_INCENTIVE };

bool trial_has_phase(const struct trial *trial, enum rule_phase phase)
{
    for (size_t i = 0; i < trial->rule_phase_count; i++)
        if (trial->rule_phases[i] == phase)
            return true;
    return false;
}

/* A day on which the wave opens or closes is in doubt unless it is open from its beginning to its end. */
static struct value open_on(const struct trial *trial)
{
    int offset = trial->programme->utc_offset_minutes;
    bool morning = wave_open(trial->programme, trial->wave, day_to_instant(trial->day, offset));
    bool night =
        wave_open(trial->programme, trial->wave, day_to_instant(trial->day + 1, offset) - 1);
    return morning == night ? value_number(morning) : value_unknown();
}

/* What the case's own day and wave say. */
static struct value standing_value(const struct trial *trial, enum rule_field field)
{
    bool applies =
        trial_has_phase(trial, PHASE_APPLY) || trial_has_phase(trial, PHASE_EMPLOYER);
    if (!trial->has_day)
        return value_unknown();
    if (field == FIELD_APPLICATION_DAY && applies)
        return value_number(trial->day);
    if (field == FIELD_WAVE_OPEN && applies && trial->has_wave)
        return open_on(trial);
    if ((field == FIELD_PURCHASE_DAY && trial_has_phase(trial, PHASE_PURCHASE)) ||
        (field == FIELD_COMPLETION_DAY && trial_has_phase(trial, PHASE_COMPLETE)))
        return value_number(trial->day);
    return value_unknown();
}

struct value trial_value(const struct trial *trial, enum rule_field field)
{
    if (trial->given[field])
        return trial->fields[field];
    const struct value *derived = trial->derived_any && !trial->unsaid[field]
                                      ? verdict_value(&trial->derived, field)
                                      : NULL;
    return derived != NULL ? *derived : standing_value(trial, field);
}

static struct value asked_value(const void *context, enum rule_field field)
{
    return trial_value(context, field);
}

static void silent_add(const struct verdict *verdict, const struct comparison *comparison,
                       bool silent[static RULE_FIELD_COUNT])
{
    const struct value *value = verdict_value(verdict, comparison->field);
    bool missing = value == NULL || value->state == VALUE_UNKNOWN ||
                   (value->state == VALUE_ABSENT && comparison->op != OPERATOR_EXISTS);
    silent[comparison->field] = silent[comparison->field] || missing;
}

static int names_compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names of the fields for want of which a condition could not be decided, sorted by bytes. */
static json_t *unknown_json(const struct trial *trial, const struct verdict *verdict)
{
    bool silent[RULE_FIELD_COUNT] = {0};
    const char *names[RULE_FIELD_COUNT];
    size_t count = 0;
    json_t *list = json_array();
    for (size_t i = 0; i < verdict->condition_count; i++) {
        const struct condition *condition =
            condition_find(trial->programme, verdict->conditions[i].number);
        if (condition == NULL || verdict->conditions[i].result != CONDITION_UNKNOWN)
            continue;
        silent_add(verdict, &condition->must, silent);
        for (size_t k = 0; k < condition->when_count; k++)
            silent_add(verdict, &condition->when[k], silent);
    }
    for (size_t i = 0; i < RULE_FIELD_COUNT; i++)
        if (silent[i])
            names[count++] = programme_field_name(trial->programme, (enum rule_field)i);
    qsort(names, count, sizeof *names, names_compare);
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_string(names[i]));
    return list;
}

static json_t *conditions_json(const struct trial *trial, const struct verdict *verdict)
{
    static const char *const results[] = {"PASS", "FAIL", "UNKNOWN", "NOT_APPLICABLE"};
    json_t *list = json_array();
    for (size_t i = 0; i < verdict->condition_count; i++) {
        const struct condition_seen *seen = &verdict->conditions[i];
        const struct condition *condition = condition_find(trial->programme, seen->number);
        enum rule_field field = condition->must.field;
        json_t *one = json_object();
        json_object_set_new_nocheck(one, "number", json_integer(seen->number));
        json_object_set_new_nocheck(one, "result", json_string_nocheck(results[seen->result]));
        json_object_set_new_nocheck(
            one, "field", json_string_nocheck(programme_field_name(trial->programme, field)));
        json_object_set_new_nocheck(one, "value",
                                    value_json(field, verdict_value(verdict, field)));
        json_array_append_new(list, one);
    }
    return list;
}

static json_t *codes_json(const struct slice *codes, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, text_json(codes[i]));
    return list;
}

void verdict_answer(const struct trial *trial, const struct verdict *verdict, json_t *answer)
{
    struct slice reasons[VERDICT_REASONS];
    size_t count = verdict_reasons(verdict, reasons);
    json_object_set_new_nocheck(answer, "verdict",
                                json_string(effect_name(verdict_effect(verdict))));
    json_object_set_new_nocheck(answer, "reasons", codes_json(reasons, count));
    if (verdict->priority_count > 0)
        json_object_set_new_nocheck(answer, "priorities",
                                    codes_json(verdict->priorities, verdict->priority_count));
    json_object_set_new_nocheck(answer, "unknown", unknown_json(trial, verdict));
    json_object_set_new_nocheck(answer, "conditions", conditions_json(trial, verdict));
}

void verdict_answer_explained(const struct trial *trial, const struct verdict *verdict,
                              json_t *answer)
{
    struct buffer text = {0};
    json_t *sentences = json_array();
    verdict_explain(verdict, trial->programme, trial->bench->language, trial->bench->everything,
                    &text);
    struct slice rest = buffer_failed(&text) ? (struct slice){0} : buffer_slice(&text);
    while (rest.size > 0) {
        const char *end = memchr(rest.data, '\n', rest.size);
        size_t size = end == NULL ? rest.size : (size_t)(end - rest.data);
        json_array_append_new(sentences, text_json((struct slice){rest.data, size}));
        size += end != NULL;
        rest = (struct slice){rest.data + size, rest.size - size};
    }
    buffer_release(&text);
    json_object_set_new_nocheck(answer, "explanation", sentences);
}

/* Reasons of the engine stand in no value: they are what the service's decision had beyond its
 * conditions. One that something can end holds, any other refuses. */
static void take_over(const struct trial *trial, struct verdict *verdict)
{
    struct verdict *again = arena_alloc(trial->arena, sizeof *again);
    struct rule_subject subject = {.value = asked_value, .context = trial};
    if (!trial->derived_any || again == NULL)
        return;
    struct trial *blank = arena_alloc(trial->arena, sizeof *blank);
    if (blank == NULL)
        return;
    *blank = *trial;
    memset(blank->given, 0, sizeof blank->given);
    memset(blank->unsaid, 0, sizeof blank->unsaid);
    subject.context = blank;
    verdict_init(again);
    for (size_t i = 0; i < trial->derived.condition_count; i++) {
        const struct condition *condition =
            condition_find(trial->programme, trial->derived.conditions[i].number);
        if (condition != NULL)
            rules_judge(condition, &subject, again);
    }
    for (size_t i = 0; i < trial->derived.failed.count; i++) {
        struct slice code = trial->derived.failed.codes[i];
        const struct reason *reason = reason_find(trial->programme, code);
        bool ends =
            reason != NULL && (reason->ends_by.event_count > 0 ||
                               reason->ends_by.every_hours > 0 || reason->ends_by.officer);
        size_t before = again->failed.count;
        verdict_add(again, EFFECT_PASS, code);
        if (again->failed.count > before)
            verdict_add(verdict, ends ? EFFECT_HOLD : EFFECT_REJECT, code);
    }
}

/* A condition that is in force from or to a day cannot be judged on no day. */
static bool day_needed(struct trial *trial)
{
    for (size_t i = 0; i < trial->rule_phase_count && !trial->has_day; i++) {
        enum rule_phase phase = trial->rule_phases[i];
        for (size_t k = 0; k < trial->scheme->condition_count[phase]; k++) {
            const struct condition *condition = trial->scheme->conditions[phase][k];
            if (condition->has_from || condition->has_to)
                return trial_fault(trial,
                                   "expected \"day\": condition %d is in force on some days "
                                   "only",
                                   condition->number);
        }
    }
    return true;
}

bool trial_judge(struct trial *trial, json_t *answer)
{
    struct verdict *verdict = arena_alloc(trial->arena, sizeof *verdict);
    struct rule_subject subject = {.value = asked_value,
                                   .context = trial,
                                   .has_wave = trial->has_wave && trial->wave != 0,
                                   .wave = trial->wave,
                                   .on = trial->day,
                                   .service = (enum rule_service)EVERY_SERVICE};
    if (verdict == NULL)
        return trial_fault(trial, "the case is too large");
    if (!day_needed(trial))
        return false;
    verdict_init(verdict);
    subject.on = trial->day;
    for (size_t i = 0; i < trial->rule_phase_count; i++)
        rules_apply(trial->scheme, trial->rule_phases[i], &subject, verdict);
    take_over(trial, verdict);
    verdict_answer(trial, verdict, answer);
    json_object_set_new_nocheck(answer, "money", trial_money(trial, verdict));
    verdict_answer_explained(trial, verdict, answer);
    return true;
}
