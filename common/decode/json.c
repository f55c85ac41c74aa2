#include "decode/json.h"

#include "base/calendar.h"
#include "base/uuid.h"
#include "decode/reading.h"

#include <assert.h>
#include <jansson.h>

struct source {
    struct arena *arena;
    struct error *error;
};

static enum outcome expected(struct source *source, const struct field *field, const char *what)
{
    return error_set(source->error, REJECT, "cannot read \"%s\": expected %s", field->name,
                     what);
}

static enum outcome full(struct source *source)
{
    return error_set(source->error, RETRY, "could not read JSON: the arena is full");
}

static struct slice string_slice(const json_t *json)
{
    return (struct slice){json_string_value(json), json_string_length(json)};
}

/* --- scalars --- */

/* Avro's JSON writes bytes as a string whose code points are the bytes. */
static bool bytes_from_points(struct source *source, struct slice text, struct slice *bytes)
{
    char *out = arena_alloc(source->arena, text.size + 1);
    size_t size = 0;
    for (size_t i = 0; out != NULL && i < text.size; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        if (byte >=
            0x80) { /* jansson gives valid UTF-8: U+0080 to U+00FF begin with C2 or C3 */
            if (byte != 0xc2 && byte != 0xc3)
                return false;
            byte = (unsigned char)((byte & 3) << 6 | ((unsigned char)text.data[++i] & 0x3f));
        }
        out[size++] = (char)byte;
    }
    *bytes = (struct slice){out, size};
    return out != NULL;
}

static bool all_of(struct slice text, const char *characters)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] == '\0' || strchr(characters, text.data[i]) == NULL)
            return false;
    return text.size > 0;
}

/* "600000", "600000.5", "-600000.00": at most two digits behind the point. */
static bool hundredths_from_text(struct slice text, int64_t *hundredths)
{
    enum { FRACTION_DIGITS = 2 };
    bool negative = text.size > 0 && text.data[0] == '-', point = false, digits = false;
    int fraction = 0;
    int64_t value =
        0; /* grows away from zero on the side of its sign: INT64_MIN has no other */
    for (size_t i = negative; i < text.size; i++) {
        int digit = text.data[i] - '0';
        if (text.data[i] == '.' && digits && !point) {
            point = true;
            continue;
        }
        if (digit < 0 || digit > 9 || (point && ++fraction > FRACTION_DIGITS) ||
            __builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, negative ? -digit : digit, &value))
            return false;
        digits = true;
    }
    if (!digits || (point && fraction == 0))
        return false;
    for (; fraction < FRACTION_DIGITS; fraction++)
        if (__builtin_mul_overflow(value, 10, &value))
            return false;
    *hundredths = value;
    return true;
}

static enum outcome read_money(struct source *source, const struct field *field,
                               const json_t *json, int64_t *hundredths)
{
    struct slice bytes;
    struct slice text = string_slice(json);
    bool read = json_is_string(json) &&
                (all_of(text, "0123456789.-") ? hundredths_from_text(text, hundredths)
                                              : bytes_from_points(source, text, &bytes) &&
                                                    hundredths_from_bytes(bytes, hundredths));
    if (!read)
        return expected(source, field, "an amount such as \"600000.00\", as a string");
    return hundredths_are_sane(*hundredths) ? OK : expected(source, field, "at most 18 digits");
}

static enum outcome read_text(struct source *source, const struct field *field,
                              const json_t *json, struct slice *value)
{
    if (!json_is_string(json))
        return expected(source, field, "a string");
    if (field->kind == FIELD_BYTES)
        return bytes_from_points(source, string_slice(json), value)
                   ? OK
                   : expected(source, field, "a string of code points up to 255");
    if (!text_is_storable(string_slice(json)))
        return expected(source, field, "a string without NUL");
    *value = arena_copy(source->arena, string_slice(json));
    return value->data == NULL ? full(source) : OK;
}

static enum outcome read_time(struct source *source, const struct field *field,
                              const json_t *json, void *value)
{
    if (field->kind == FIELD_DAY) {
        int64_t number = json_integer_value(json);
        epoch_day day;
        if (json_is_string(json) && day_parse(string_slice(json), &day))
            number = day;
        else if (!json_is_integer(json))
            return expected(source, field, "a day such as \"2020-04-11\"");
        *(epoch_day *)value = (epoch_day)number;
        return day_is_sane(number) ? OK : expected(source, field, "a day from 1700 to 2199");
    }
    instant_us *instant = value;
    if (json_is_integer(json))
        *instant = json_integer_value(json);
    else if (!json_is_string(json) || !instant_parse(string_slice(json), instant))
        return expected(source, field, "an instant such as \"2020-04-11T09:00:00Z\"");
    return instant_is_sane(*instant) ? OK
                                     : expected(source, field, "an instant from 2000 to 2199");
}

static enum outcome read_number(struct source *source, const struct field *field,
                                const json_t *json, void *value)
{
    json_int_t number = json_integer_value(json);
    if (!json_is_integer(json))
        return expected(source, field, "a whole number");
    if (field->kind == FIELD_LONG)
        *(int64_t *)value = number;
    else if (number < INT32_MIN || number > INT32_MAX)
        return expected(source, field, "a number of 32 bits");
    else
        *(int32_t *)value = (int32_t)number;
    return OK;
}

static enum outcome read_symbol(struct source *source, const struct field *field,
                                const json_t *json, int32_t *symbol)
{
    if (!json_is_string(json))
        return expected(source, field, "one of its symbols, as a string");
    *symbol = symbols_find(field->symbols, string_slice(json));
    if (*symbol == 0 && !slice_is(string_slice(json), field->symbols->names[0]))
        return expected(source, field, "one of its symbols");
    return OK;
}

static enum outcome read_object(struct source *source, const struct record_type *type,
                                const json_t *json, void *record);

static enum outcome read_value(struct source *source, const struct field *field,
                               const json_t *json, void *value)
{
    enum outcome outcome;
    switch (field->kind) {
    case FIELD_BOOL:
        *(bool *)value = json_is_true(json);
        return json_is_boolean(json) ? OK : expected(source, field, "true or false");
    case FIELD_INT:
    case FIELD_LONG:
        return read_number(source, field, json, value);
    case FIELD_DAY:
    case FIELD_INSTANT:
        return read_time(source, field, json, value);
    case FIELD_MONEY:
        return read_money(source, field, json, value);
    case FIELD_UUID:
        return json_is_string(json) && uuid_parse(string_slice(json), value)
                   ? OK
                   : expected(source, field, "a uuid");
    case FIELD_TEXT:
    case FIELD_BYTES:
        return read_text(source, field, json, value);
    case FIELD_SYMBOL:
        return read_symbol(source, field, json, value);
    case FIELD_RECORD:
        outcome = read_object(source, field->record, json, value);
        return outcome == OK ? OK
                             : error_wrap(source->error, outcome, "in \"%s\"", field->name);
    }
    return REJECT;
}

/* --- members --- */

/* A member of an object that a person wrote without {"type": ...}, and with it. */
static const json_t *unwrap(const struct field *field, const json_t *json)
{
    const char *name = NULL;
    json_t *inner = NULL;
    const char *key;
    json_t *value;
    if (!json_is_object(json) || json_object_size(json) != 1)
        return json;
    json_object_foreach((json_t *)json, key, value)
    {
        name = key;
        inner = value;
    }
    if (field->kind != FIELD_RECORD)
        return inner;
    const char *dot = strrchr(name, '.');
    return strcmp(dot == NULL ? name : dot + 1, field->record->name) == 0 ? inner : json;
}

static enum outcome read_list(struct source *source, const struct field *field,
                              const json_t *json, struct list *list)
{
    size_t count = json_array_size(json);
    if (!json_is_array(json))
        return expected(source, field, "an array");
    if (count == 0)
        return OK;
    list->items = arena_alloc(source->arena, count * field->size);
    if (list->items == NULL)
        return full(source);
    for (; list->count < count; list->count++) {
        enum outcome outcome = read_value(source, field, json_array_get(json, list->count),
                                          (char *)list->items + list->count * field->size);
        if (outcome != OK)
            return outcome;
    }
    return OK;
}

static enum outcome read_member(struct source *source, const struct field *field,
                                const json_t *json, void *record)
{
    void *value = field_value(field, record);
    if (json == NULL) {
        if (!field->has_default)
            return error_set(source->error, REJECT, "cannot read \"%s\": it is missing",
                             field->name);
        field_take_default(field, record);
        return OK;
    }
    if (field->repeated)
        return read_list(source, field, json, value);
    if (field->optional) {
        if (json_is_null(json))
            return OK;
        *(bool *)((char *)record + field->has_offset) = true;
        json = unwrap(field, json);
    }
    return read_value(source, field, json, value);
}

static enum outcome read_object(struct source *source, const struct record_type *type,
                                const json_t *json, void *record)
{
    const char *key;
    json_t *value;
    if (!json_is_object(json))
        return error_set(source->error, REJECT, "cannot read a \"%s\": expected an object",
                         type->name);
    json_object_foreach((json_t *)json, key, value)
    {
        if (record_type_field(type, slice_of(key)) == NULL)
            return error_set(source->error, REJECT,
                             "cannot read \"%.64s\": \"%s\" has no such member", key,
                             type->name);
    }
    for (size_t i = 0; i < type->field_count; i++) {
        const struct field *field = &type->fields[i];
        enum outcome outcome =
            read_member(source, field, json_object_get(json, field->name), record);
        if (outcome != OK)
            return outcome;
    }
    return OK;
}

enum outcome record_from_json(const struct record_type *type, struct slice json,
                              struct arena *arena, void *record, struct error *error)
{
    json_error_t problem;
    struct source source = {arena, error};
    void *read = arena_alloc(arena, type->size);
    if (read == NULL)
        return full(&source);
    json_t *parsed = json_loadb(json.size == 0 ? "" : json.data, json.size,
                                JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &problem);
    /* The library's words may quote the text, which may be personal: only its place is told. */
    if (parsed == NULL)
        return error_set(error, REJECT, "cannot read JSON: line %d, column %d is not JSON",
                         problem.line, problem.column);
    enum outcome outcome = read_object(&source, type, parsed, read);
    json_decref(parsed);
    if (outcome == OK)
        memcpy(record, read, type->size);
    return outcome;
}

enum outcome event_from_json(const struct event_type *type, struct slice json,
                             struct arena *arena, void *event, struct error *error)
{
    return record_from_json(type->record, json, arena, event, error);
}
