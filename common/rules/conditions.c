#include "rules/conditions.h"

#include "rules/programme.h"

#include <assert.h>

static const char *const phase_names[PHASE_COUNT] = {
    "APPLY", "SELECT", "PURCHASE", "COMPLETE", "PAY", "PROVIDER", "EMPLOYER"};
static const char *const operator_names[OPERATOR_COUNT] = {
    "eq", "ne",     "lt",      "le",       "gt",         "ge",
    "in", "not_in", "between", "disjoint", "intersects", "exists"};

enum truth { NO, YES, UNSURE };

static enum truth truth_of(bool holds)
{
    return holds ? YES : NO;
}

static bool codes_have(const struct comparison *comparison, struct slice code)
{
    for (size_t i = 0; i < comparison->code_count; i++)
        if (slice_equal(comparison->codes[i], code))
            return true;
    return false;
}

static bool numbers_have(const struct comparison *comparison, int64_t number)
{
    for (size_t i = 0; i < comparison->number_count; i++)
        if (comparison->numbers[i] == number)
            return true;
    return false;
}

static enum truth compare_code(const struct comparison *comparison, struct slice code)
{
    bool wanted = comparison->op == OPERATOR_EQ || comparison->op == OPERATOR_IN;
    return truth_of(codes_have(comparison, code) == wanted);
}

static enum truth compare_codes(const struct comparison *comparison, const struct value *value)
{
    bool shared = false;
    for (size_t i = 0; i < value->code_count && !shared; i++)
        shared = codes_have(comparison, value->codes[i]);
    return truth_of(shared == (comparison->op == OPERATOR_INTERSECTS));
}

static enum truth compare_number(const struct comparison *comparison, int64_t number)
{
    switch (comparison->op) {
    case OPERATOR_EQ:
        return truth_of(number == comparison->low);
    case OPERATOR_NE:
        return truth_of(number != comparison->low);
    case OPERATOR_LT:
        return truth_of(number < comparison->low);
    case OPERATOR_LE:
        return truth_of(number <= comparison->low);
    case OPERATOR_GT:
        return truth_of(number > comparison->low);
    case OPERATOR_GE:
        return truth_of(number >= comparison->low);
    case OPERATOR_BETWEEN:
        return truth_of(comparison->low <= number && number <= comparison->high);
    case OPERATOR_IN:
        return truth_of(numbers_have(comparison, number));
    case OPERATOR_NOT_IN:
        return truth_of(!numbers_have(comparison, number));
    case OPERATOR_DISJOINT:
    case OPERATOR_INTERSECTS:
    case OPERATOR_EXISTS:
    case OPERATOR_COUNT:
        break;
    }
    assert(0 && "the loader lets no such operator through");
    return UNSURE;
}

static enum truth compare(const struct comparison *comparison, const struct value *value)
{
    if (comparison->op == OPERATOR_EXISTS) {
        if (value->state == VALUE_UNKNOWN)
            return UNSURE;
        return truth_of((value->state == VALUE_PRESENT) == (comparison->low != 0));
    }
    if (value->state != VALUE_PRESENT)
        return UNSURE;
    switch (field_meaning(comparison->field)->kind) {
    case KIND_CODE:
    case KIND_TEXT:
        return compare_code(comparison, value->text);
    case KIND_CODES:
        return compare_codes(comparison, value);
    case KIND_LEVEL: {
        /* A level that the order lacks may be high or low: nobody knows. */
        size_t level = level_find(comparison->levels, comparison->level_count, value->text);
        return level == comparison->level_count ? UNSURE
                                                : compare_number(comparison, (int64_t)level);
    }
    case KIND_BOOL:
    case KIND_INT:
    case KIND_MONEY:
    case KIND_DAY:
    case KIND_INSTANT:
        break;
    }
    return compare_number(comparison, value->number);
}

static const struct value *see(struct verdict *verdict, const struct rule_subject *subject,
                               enum rule_field field)
{
    if (verdict->field_seen[field] == 0) {
        assert(verdict->value_count < VERDICT_FIELDS);
        struct value value = subject->value(subject->context, field);
        /* What a text says is nobody's business here, and may be personal. */
        if (field_meaning(field)->kind == KIND_TEXT)
            value.text = (struct slice){0};
        verdict->values[verdict->value_count++] = value;
        verdict->field_seen[field] = (uint8_t)verdict->value_count;
    }
    return &verdict->values[verdict->field_seen[field] - 1];
}

static enum truth judge_comparison(const struct comparison *comparison,
                                   const struct rule_subject *subject, struct verdict *verdict)
{
    return compare(comparison, see(verdict, subject, comparison->field));
}

static enum truth judge_when(const struct condition *condition,
                             const struct rule_subject *subject, struct verdict *verdict)
{
    enum truth all = YES;
    for (size_t i = 0; i < condition->when_count; i++) {
        enum truth one = judge_comparison(&condition->when[i], subject, verdict);
        if (one == NO || all == NO)
            all = NO;
        else if (one == UNSURE)
            all = UNSURE;
    }
    return all;
}

static enum condition_result result_of(const struct condition *condition, enum truth when,
                                       enum truth must)
{
    if (when == NO)
        return CONDITION_NOT_APPLICABLE;
    /* A condition that holds cannot fail, whatever `when` turns out to be; a priority is
     * raised only by what is known. */
    if (must == YES && (when == YES || condition->effect != EFFECT_PRIORITY))
        return CONDITION_PASS;
    if (must == NO && (when == YES || condition->effect == EFFECT_PRIORITY))
        return CONDITION_FAIL;
    return CONDITION_UNKNOWN;
}

static void add_silence(const struct comparison *comparison, struct verdict *verdict)
{
    if (compare(comparison, verdict_value(verdict, comparison->field)) == UNSURE)
        verdict_add_unknown(verdict, slice_of(field_meaning(comparison->field)->unknown));
}

static void add_result(const struct condition *condition, enum condition_result result,
                       struct verdict *verdict)
{
    bool priority = condition->effect == EFFECT_PRIORITY;
    switch (result) {
    case CONDITION_PASS:
        if (priority)
            verdict_add(verdict, EFFECT_PRIORITY, condition->reason->code);
        return;
    case CONDITION_FAIL:
        if (!priority)
            verdict_add(verdict, condition->effect, condition->reason->code);
        return;
    case CONDITION_UNKNOWN:
        if (priority)
            return;
        add_silence(&condition->must, verdict);
        for (size_t i = 0; i < condition->when_count; i++)
            add_silence(&condition->when[i], verdict);
        return;
    case CONDITION_NOT_APPLICABLE:
        return;
    }
}

void rules_judge(const struct condition *condition, const struct rule_subject *subject,
                 struct verdict *verdict)
{
    assert(verdict->condition_count < VERDICT_CONDITIONS);
    enum truth when = judge_when(condition, subject, verdict);
    enum truth must = judge_comparison(&condition->must, subject, verdict);
    enum condition_result result = result_of(condition, when, must);
    verdict->conditions[verdict->condition_count++] =
        (struct condition_seen){(uint16_t)condition->number, (uint8_t)result};
    add_result(condition, result, verdict);
}

static bool concerns(const struct condition *condition, const struct rule_subject *subject)
{
    if ((condition->services & subject->service) == 0)
        return false;
    if (condition->from_wave != 0 &&
        (!subject->has_wave || subject->wave < condition->from_wave ||
         subject->wave > condition->to_wave))
        return false;
    return !(condition->has_from && subject->on < condition->from) &&
           !(condition->has_to && subject->on > condition->to);
}

void rules_apply(const struct scheme *scheme, enum rule_phase phase,
                 const struct rule_subject *subject, struct verdict *verdict)
{
    assert(phase < PHASE_COUNT && subject->value != NULL);
    for (size_t i = 0; i < scheme->condition_count[phase]; i++)
        if (concerns(scheme->conditions[phase][i], subject))
            rules_judge(scheme->conditions[phase][i], subject, verdict);
}

enum condition_result rules_hold(const struct comparison *list, size_t count,
                                 const struct rule_subject *subject)
{
    enum condition_result all = CONDITION_PASS;
    for (size_t i = 0; i < count; i++) {
        struct value value = subject->value(subject->context, list[i].field);
        enum truth one = compare(&list[i], &value);
        if (one == NO)
            return CONDITION_FAIL;
        if (one == UNSURE)
            all = CONDITION_UNKNOWN;
    }
    return all;
}

const char *phase_name(enum rule_phase phase)
{
    assert(phase < PHASE_COUNT);
    return phase_names[phase];
}

const char *operator_name(enum rule_operator op)
{
    assert(op < OPERATOR_COUNT);
    return operator_names[op];
}

bool phase_find(struct slice name, enum rule_phase *phase)
{
    for (size_t i = 0; i < PHASE_COUNT; i++) {
        if (slice_is(name, phase_names[i])) {
            *phase = (enum rule_phase)i;
            return true;
        }
    }
    return false;
}

bool operator_find(struct slice name, enum rule_operator *op)
{
    for (size_t i = 0; i < OPERATOR_COUNT; i++) {
        if (slice_is(name, operator_names[i])) {
            *op = (enum rule_operator)i;
            return true;
        }
    }
    return false;
}
