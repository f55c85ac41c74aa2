#include "rules/verdict_bytes.h"

#include <inttypes.h>

enum { FORM = 2, TEXT_BOUND = 255, VARINT_BYTES = 10, CONDITION_BYTES = 4 };

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
    write_varint(buffer, field);
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
    for (size_t i = 0; i < count && !reading->broken; i++) {
        texts[i] = read_text(reading);
        reading->broken = reading->broken || texts[i].size == 0; /* every reason has a name */
    }
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
    struct value value = {0};
    uint64_t field = read_varint(reading);
    unsigned char state = read_byte(reading);
    if (field >= RULE_FIELD_COUNT || state > VALUE_PRESENT || verdict->field_seen[field] != 0) {
        reading->broken = true;
        return;
    }
    enum value_kind kind = field_meaning((enum rule_field)field)->kind;
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
