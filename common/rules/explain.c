#include "rules/explain.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>

enum { FORM = 1, TEXT_BOUND = 255, VARINT_BYTES = 10, CONDITION_BYTES = 4 };

/* Writes at `at`, where there is room, and returns where the next byte goes. */
static char *put_varint(char *at, uint64_t number)
{
    for (; number >= 0x80; number >>= 7)
        *at++ = (char)(number | 0x80);
    *at++ = (char)number;
    return at;
}

static void write_varint(struct buffer *buffer, uint64_t number)
{
    char *at = buffer_reserve(buffer, VARINT_BYTES);
    if (at != NULL)
        buffer->size += (size_t)(put_varint(at, number) - at);
}

static void write_text(struct buffer *buffer, struct slice text)
{
    size_t size = text.size < TEXT_BOUND ? text.size : TEXT_BOUND;
    buffer_append_byte(buffer, (unsigned char)size);
    buffer_append(buffer, text.data, size);
}

static void write_texts(struct buffer *buffer, const struct slice *texts, size_t count)
{
    write_varint(buffer, count);
    for (size_t i = 0; i < count; i++)
        write_text(buffer, texts[i]);
}

static void write_value(struct buffer *buffer, enum rule_field field, const struct value *value)
{
    const struct field_meaning *meaning = field_meaning(field);
    write_text(buffer, slice_of(meaning->name));
    buffer_append_byte(buffer, (unsigned char)value->state);
    if (value->state != VALUE_PRESENT || meaning->kind == KIND_TEXT)
        return;
    if (meaning->kind == KIND_CODE || meaning->kind == KIND_LEVEL)
        write_text(buffer, value->text);
    else if (meaning->kind == KIND_CODES)
        write_texts(buffer, value->codes, value->code_count);
    else
        write_varint(buffer, ((uint64_t)value->number << 1) ^ (uint64_t)(value->number >> 63));
}

/* There are a hundred conditions, and each is a few bytes: room is made for all at once. */
static void write_conditions(struct buffer *buffer, const struct verdict *verdict)
{
    char *at = buffer_reserve(buffer, verdict->condition_count * CONDITION_BYTES);
    if (at == NULL)
        return;
    char *begin = at;
    for (size_t i = 0; i < verdict->condition_count; i++) {
        at = put_varint(at, verdict->conditions[i].number);
        *at++ = (char)verdict->conditions[i].result;
    }
    buffer->size += (size_t)(at - begin);
}

static void write_values(struct buffer *buffer, const struct verdict *verdict)
{
    enum rule_field fields[VERDICT_FIELDS]; /* by the place of their values */
    for (size_t i = 0; i < VERDICT_FIELDS; i++)
        if (verdict->field_seen[i] != 0)
            fields[verdict->field_seen[i] - 1] = (enum rule_field)i;
    for (size_t i = 0; i < verdict->value_count; i++)
        write_value(buffer, fields[i], &verdict->values[i]);
}

void verdict_write(const struct verdict *verdict, struct buffer *buffer)
{
    buffer_append_byte(buffer, FORM);
    buffer_append_byte(buffer, (unsigned char)verdict->effect);
    write_texts(buffer, verdict->failed.codes, verdict->failed.count);
    write_texts(buffer, verdict->silent.codes, verdict->silent.count);
    write_texts(buffer, verdict->priorities, verdict->priority_count);
    write_varint(buffer, verdict->condition_count);
    write_conditions(buffer, verdict);
    write_varint(buffer, verdict->value_count);
    write_values(buffer, verdict);
}

struct reading {
    struct slice bytes;
    size_t at;
    struct arena *arena;
    bool broken, full;
};

static unsigned char read_byte(struct reading *reading)
{
    if (reading->at >= reading->bytes.size) {
        reading->broken = true;
        return 0;
    }
    return (unsigned char)reading->bytes.data[reading->at++];
}

static uint64_t read_varint(struct reading *reading)
{
    uint64_t number = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        unsigned char byte = read_byte(reading);
        number |= (uint64_t)(byte & 0x7f) << shift;
        if ((byte & 0x80) == 0)
            return number;
    }
    reading->broken = true;
    return 0;
}

/* A count that the bytes left could hold, and the list's bound allows. */
static size_t read_count(struct reading *reading, size_t bound)
{
    uint64_t count = read_varint(reading);
    if (count > bound)
        reading->broken = true;
    return reading->broken ? 0 : (size_t)count;
}

static struct slice read_text(struct reading *reading)
{
    size_t size = read_byte(reading);
    if (size > reading->bytes.size - reading->at) {
        reading->broken = true;
        return (struct slice){0};
    }
    struct slice text = {reading->bytes.data + reading->at, size};
    reading->at += size;
    return text;
}

static size_t read_texts(struct reading *reading, struct slice *texts, size_t bound)
{
    size_t count = read_count(reading, bound);
    for (size_t i = 0; i < count && !reading->broken; i++)
        texts[i] = read_text(reading);
    return count;
}

static void read_codes(struct reading *reading, struct value *value)
{
    size_t count = read_count(reading, reading->bytes.size - reading->at);
    struct slice *codes = arena_alloc(reading->arena, (count + 1) * sizeof *codes);
    reading->full = reading->full || codes == NULL;
    for (size_t i = 0; i < count && !reading->full && !reading->broken; i++)
        codes[i] = read_text(reading);
    value->codes = codes;
    value->code_count = count;
}

static void read_value(struct reading *reading, struct verdict *verdict)
{
    enum rule_field field;
    struct value value = {0};
    bool known = field_find(read_text(reading), &field);
    unsigned char state = read_byte(reading);
    if (!known || state > VALUE_PRESENT || verdict->field_seen[field] != 0) {
        reading->broken = true;
        return;
    }
    enum value_kind kind = field_meaning(field)->kind;
    value.state = (enum value_state)state;
    if (state == VALUE_PRESENT && (kind == KIND_CODE || kind == KIND_LEVEL)) {
        value.text = read_text(reading);
    } else if (state == VALUE_PRESENT && kind == KIND_CODES) {
        read_codes(reading, &value);
    } else if (state == VALUE_PRESENT && kind != KIND_TEXT) {
        uint64_t number = read_varint(reading);
        value.number = (int64_t)(number >> 1) ^ -(int64_t)(number & 1);
    }
    verdict->values[verdict->value_count++] = value;
    verdict->field_seen[field] = (uint8_t)verdict->value_count;
}

static void read_conditions(struct reading *reading, struct verdict *verdict)
{
    size_t count = read_count(reading, VERDICT_CONDITIONS);
    for (size_t i = 0; i < count && !reading->broken; i++) {
        uint64_t number = read_varint(reading);
        unsigned char result = read_byte(reading);
        if (number > UINT16_MAX || result > CONDITION_NOT_APPLICABLE)
            reading->broken = true;
        verdict->conditions[i] = (struct condition_seen){(uint16_t)number, result};
    }
    verdict->condition_count = count;
}

enum outcome verdict_read(struct slice bytes, struct arena *arena, struct verdict *verdict,
                          struct error *error)
{
    struct reading reading = {.bytes = bytes, .arena = arena};
    verdict_init(verdict);
    bool form = read_byte(&reading) == FORM;
    unsigned char effect = read_byte(&reading);
    if (!form || effect > EFFECT_REVOKE)
        return error_set(error, REJECT, "cannot read a verdict: not of form %d", FORM);
    verdict->effect = (enum effect)effect;
    verdict->failed.count = read_texts(&reading, verdict->failed.codes, VERDICT_REASONS);
    verdict->silent.count = read_texts(&reading, verdict->silent.codes, VERDICT_REASONS);
    verdict->priority_count = read_texts(&reading, verdict->priorities, VERDICT_PRIORITIES);
    read_conditions(&reading, verdict);
    size_t values = read_count(&reading, VERDICT_FIELDS);
    for (size_t i = 0; i < values && !reading.broken && !reading.full; i++)
        read_value(&reading, verdict);
    if (reading.full)
        return error_set(error, RETRY, "could not read a verdict: no memory");
    if (reading.broken || reading.at != bytes.size)
        return error_set(error, REJECT, "cannot read a verdict: broken at byte %zu of %zu",
                         reading.at, bytes.size);
    return OK;
}

static const struct condition *condition_find(const struct programme *programme, int number)
{
    for (size_t i = 0; i < programme->condition_count; i++)
        if (programme->conditions[i].number == number)
            return &programme->conditions[i];
    return NULL;
}

static void tell(struct buffer *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void tell(struct buffer *text, const char *format, ...)
{
    char line[512];
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (size > 0)
        buffer_append(text, line, (size_t)size < sizeof line ? (size_t)size : sizeof line - 1);
}

static void tell_number(struct buffer *text, const struct programme *programme,
                        enum value_kind kind, int64_t number)
{
    char line[INSTANT_TEXT_SIZE + 1];
    switch (kind) {
    case KIND_BOOL:
        tell(text, "%s", number != 0 ? "true" : "false");
        return;
    case KIND_MONEY:
        tell(text, "%.*s %s%" PRId64 ".%02d", SLICE_ARGS(programme->currency),
             number < 0 ? "-" : "", number < 0 ? -(number / 100) : number / 100,
             (int)(number % 100 < 0 ? -(number % 100) : number % 100));
        return;
    case KIND_DAY:
        day_format((epoch_day)number, line);
        tell(text, "%s", line);
        return;
    case KIND_INSTANT:
        instant_format(number, line);
        tell(text, "%s", line);
        return;
    case KIND_INT:
    case KIND_CODE:
    case KIND_CODES:
    case KIND_LEVEL:
    case KIND_TEXT:
        break;
    }
    tell(text, "%" PRId64, number);
}

static void tell_codes(struct buffer *text, const struct slice *codes, size_t count)
{
    if (count == 0)
        tell(text, "none");
    for (size_t i = 0; i < count; i++)
        tell(text, "%s%.*s",
             i == 0           ? ""
             : i + 1 == count ? " or "
                              : ", ",
             SLICE_ARGS(codes[i]));
}

static void tell_value(struct buffer *text, const struct programme *programme,
                       enum rule_field field, const struct value *value)
{
    enum value_kind kind = field_meaning(field)->kind;
    if (value == NULL || value->state == VALUE_UNKNOWN)
        tell(text, "not known");
    else if (value->state == VALUE_ABSENT)
        tell(text, "absent");
    else if (kind == KIND_TEXT)
        tell(text, "given");
    else if (kind == KIND_CODE || kind == KIND_LEVEL)
        tell(text, "%.*s", SLICE_ARGS(value->text));
    else if (kind == KIND_CODES)
        tell_codes(text, value->codes, value->code_count);
    else
        tell_number(text, programme, kind, value->number);
}

static const char *const demands[OPERATOR_COUNT] = {
    "be ",           "not be ",       "be less than ", "be at most ",
    "be more than ", "be at least ",  "be one of ",    "not be one of ",
    "be between ",   "have none of ", "have one of ",  NULL};

static void tell_comparison(struct buffer *text, const struct programme *programme,
                            const struct comparison *comparison)
{
    enum value_kind kind = field_meaning(comparison->field)->kind;
    if (comparison->op == OPERATOR_EXISTS) {
        tell(text, "%s", comparison->low != 0 ? "be given" : "be absent");
        return;
    }
    tell(text, "%s", demands[comparison->op]);
    if (comparison->code_count > 0) {
        tell_codes(text, comparison->codes, comparison->code_count);
        return;
    }
    tell_number(text, programme, kind, comparison->low);
    if (comparison->op == OPERATOR_BETWEEN) {
        tell(text, " and ");
        tell_number(text, programme, kind, comparison->high);
    }
}

static const char *result_word(const struct condition *condition, unsigned char result)
{
    bool priority = condition->effect == EFFECT_PRIORITY;
    switch ((enum condition_result)result) {
    case CONDITION_PASS:
        return priority ? "raised" : "holds";
    case CONDITION_FAIL:
        return priority ? "not raised" : "fails";
    case CONDITION_UNKNOWN:
        return "cannot be known yet";
    case CONDITION_NOT_APPLICABLE:
        return "does not apply";
    }
    return "";
}

static void tell_condition(struct buffer *text, const struct programme *programme,
                           const struct verdict *verdict, const struct condition *condition,
                           unsigned char result)
{
    const struct comparison *must = &condition->must;
    tell(text, "condition %d: %s was ", condition->number, field_meaning(must->field)->name);
    tell_value(text, programme, must->field, verdict_value(verdict, must->field));
    tell(text, condition->effect == EFFECT_PRIORITY ? ", raised if it should " : ", must ");
    tell_comparison(text, programme, must);
    for (size_t i = 0; i < condition->when_count; i++) {
        const struct comparison *when = &condition->when[i];
        tell(text, "%s%s must ", i == 0 ? " when " : " and ", field_meaning(when->field)->name);
        tell_comparison(text, programme, when);
        tell(text, " (was ");
        tell_value(text, programme, when->field, verdict_value(verdict, when->field));
        tell(text, ")");
    }
    tell(text, ": %s", result_word(condition, result));
    if (result == CONDITION_FAIL && condition->effect != EFFECT_PRIORITY)
        tell(text, ", %s %.*s", effect_name(condition->effect),
             SLICE_ARGS(condition->reason->code));
    tell(text, "\n");
}

/* Officers and gateways have codes of their own, which no programme file can list. */
static void tell_reason(struct buffer *text, const struct reason *reason, struct slice code,
                        size_t language)
{
    tell(text, "reason %.*s: ", SLICE_ARGS(code));
    if (reason == NULL)
        tell(text, "a code of the officer, bank or gateway that gave it; the programme file "
                   "has no sentence for it\n");
    else
        tell(text, "%.*s %.*s\n", SLICE_ARGS(text_in(&reason->sentence, language)),
             SLICE_ARGS(text_in(&reason->next_step, language)));
}

static void tell_reasons(struct buffer *text, const struct programme *programme,
                         const struct verdict *verdict, size_t language)
{
    struct slice reasons[VERDICT_REASONS];
    size_t count = verdict_reasons(verdict, reasons);
    tell(text, "verdict: %s\n", effect_name(verdict_effect(verdict)));
    for (size_t i = 0; i < count; i++) {
        tell_reason(text, reason_find(programme, reasons[i]), reasons[i], language);
    }
    for (size_t i = 0; i < verdict->priority_count; i++)
        tell(text, "priority %.*s\n", SLICE_ARGS(verdict->priorities[i]));
}

void verdict_explain(const struct verdict *verdict, const struct programme *programme,
                     struct slice language, bool everything, struct buffer *text)
{
    for (size_t i = 0; i < verdict->condition_count; i++) {
        const struct condition_seen *seen = &verdict->conditions[i];
        const struct condition *condition = condition_find(programme, seen->number);
        if (condition == NULL)
            tell(text, "condition %d: not in this file\n", seen->number);
        else if (everything || seen->result == CONDITION_FAIL ||
                 seen->result == CONDITION_UNKNOWN)
            tell_condition(text, programme, verdict, condition, seen->result);
    }
    tell_reasons(text, programme, verdict, language_find(programme, language));
}

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
                      seen->number, result_word(condition, seen->result),
                      result_word(condition, again.conditions[i].result));
            return false;
        }
    }
    take_over(recorded, &again);
    return same_bytes(recorded, &again, error);
}
