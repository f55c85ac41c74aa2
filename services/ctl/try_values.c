/*
 * Values of the vocabulary as JSON, both ways.
 *
 * Amounts are texts of digits, never numbers: 0.1 has no exact binary form. null says UNKNOWN; that
 * something is known to be missing, a milestone that has not come, is {"absent": true}.
 */
#include "try.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    AMOUNT_DIGITS = 15
}; /* before the point: more than any state's budget, less than int64 */

json_t *amount_json(int64_t amount_hundredths)
{
    char text[32];
    uint64_t size =
        amount_hundredths < 0 ? 0 - (uint64_t)amount_hundredths : (uint64_t)amount_hundredths;
    snprintf(text, sizeof text, "%s%" PRIu64 ".%02" PRIu64, amount_hundredths < 0 ? "-" : "",
             size / 100, size % 100);
    return json_string(text);
}

bool amount_from_json(const json_t *json, int64_t *amount_hundredths)
{
    const char *text = json_string_value(json);
    int64_t number = 0;
    int digits = 0, decimals = 0;
    bool negative = text != NULL && *text == '-';
    if (text == NULL)
        return false;
    for (text += negative; *text >= '0' && *text <= '9' && digits <= AMOUNT_DIGITS; digits++)
        number = number * 10 + (*text++ - '0');
    if (digits == 0 || digits > AMOUNT_DIGITS)
        return false;
    bool point = *text == '.';
    for (text += point; point && *text >= '0' && *text <= '9' && decimals < 2; decimals++)
        number = number * 10 + (*text++ - '0');
    if (*text != '\0' || (point && decimals == 0))
        return false;
    for (; decimals < 2; decimals++)
        number *= 10;
    *amount_hundredths = negative ? -number : number;
    return true;
}

json_t *day_json(epoch_day day)
{
    char text[DAY_TEXT_SIZE + 1];
    day_format(day, text);
    return json_string(text);
}

static bool plain_letters(struct slice text)
{
    unsigned char all = 0;
    for (size_t i = 0; i < text.size; i++)
        all |= (unsigned char)text.data[i];
    return all < 0x80 && text.size > 0;
}

/* Most texts are of letters that need no look at their bytes. */
json_t *text_json(struct slice text)
{
    enum { LETTER_BYTES = 4 };
    if (plain_letters(text))
        return json_stringn_nocheck(text.data, text.size);
    json_t *json = NULL;
    for (size_t cut = 0; json == NULL && cut < LETTER_BYTES && cut <= text.size; cut++)
        json = json_stringn(text.size == 0 ? "" : text.data, text.size - cut);
    return json;
}

static json_t *codes_json(const struct value *value)
{
    json_t *list = json_array();
    for (size_t i = 0; i < value->code_count; i++)
        json_array_append_new(list, text_json(value->codes[i]));
    return list;
}

static json_t *instant_json(instant_us instant)
{
    char text[INSTANT_TEXT_SIZE + 1];
    instant_format(instant, text);
    return json_string(text);
}

json_t *value_json(enum rule_field field, const struct value *value)
{
    if (value == NULL || value->state == VALUE_UNKNOWN)
        return json_null();
    if (value->state == VALUE_ABSENT)
        return json_pack("{s:b}", "absent", 1);
    switch (field_meaning(field)->kind) {
    case KIND_BOOL:
        return json_boolean(value->number != 0);
    case KIND_INT:
        return json_integer(value->number);
    case KIND_MONEY:
        return amount_json(value->number);
    case KIND_DAY:
        return day_json((epoch_day)value->number);
    case KIND_INSTANT:
        return instant_json(value->number);
    case KIND_CODE:
    case KIND_LEVEL:
        return text_json(value->text);
    case KIND_CODES:
        return codes_json(value);
    case KIND_TEXT: /* what a text says is nobody's business here */
        return json_string("given");
    }
    return json_null();
}

static bool codes_read(struct trial *trial, const json_t *json, struct value *value)
{
    size_t count = json_array_size(json);
    struct slice *codes = arena_alloc(trial->arena, (count + 1) * sizeof *codes);
    if (!json_is_array(json) || codes == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        const json_t *code = json_array_get(json, i);
        if (!json_is_string(code) || json_string_length(code) == 0)
            return false;
        codes[i] = (struct slice){json_string_value(code), json_string_length(code)};
    }
    *value = value_codes(codes, count);
    return true;
}

static bool text_read(const json_t *json, struct value *value)
{
    *value = value_code((struct slice){json_string_value(json), json_string_length(json)});
    return json_is_string(json);
}

static bool day_read(const json_t *json, struct value *value)
{
    epoch_day day;
    bool good = json_is_string(json) && day_parse(slice_of(json_string_value(json)), &day);
    *value = good ? value_number(day) : value_unknown();
    return good;
}

static bool instant_read(const json_t *json, struct value *value)
{
    instant_us instant;
    bool good =
        json_is_string(json) && instant_parse(slice_of(json_string_value(json)), &instant);
    *value = good ? value_number(instant) : value_unknown();
    return good;
}

static bool money_read(const json_t *json, struct value *value)
{
    int64_t amount_hundredths;
    bool good = amount_from_json(json, &amount_hundredths);
    *value = good ? value_number(amount_hundredths) : value_unknown();
    return good;
}

static bool kind_read(struct trial *trial, enum value_kind kind, const json_t *json,
                      struct value *value)
{
    switch (kind) {
    case KIND_BOOL:
        *value = value_number(json_is_true(json));
        return json_is_boolean(json);
    case KIND_INT:
        *value = value_number(json_integer_value(json));
        return json_is_integer(json);
    case KIND_MONEY:
        return money_read(json, value);
    case KIND_DAY:
        return day_read(json, value);
    case KIND_INSTANT:
        return instant_read(json, value);
    case KIND_CODE:
    case KIND_LEVEL:
        return text_read(json, value) && value->text.size > 0;
    case KIND_TEXT:
        return text_read(json, value);
    case KIND_CODES:
        return codes_read(trial, json, value);
    }
    return false;
}

static const char *kind_expected(enum value_kind kind)
{
    switch (kind) {
    case KIND_BOOL:
        return "true or false";
    case KIND_INT:
        return "a whole number";
    case KIND_MONEY:
        return "an amount as \"600000.00\"";
    case KIND_DAY:
        return "a day as \"2021-08-19\"";
    case KIND_INSTANT:
        return "a time as \"2021-08-19T09:00:00Z\"";
    case KIND_CODE:
    case KIND_LEVEL:
        return "a code as \"ID\"";
    case KIND_CODES:
        return "a list of codes";
    case KIND_TEXT:
        return "a text";
    }
    return "";
}

bool trial_field_read(struct trial *trial, enum rule_field field, const json_t *json)
{
    const struct field_meaning *meaning = field_meaning(field);
    struct value value = value_unknown();
    bool absent = json_is_object(json) && json_object_size(json) == 1 &&
                  json_is_true(json_object_get(json, "absent"));
    if (absent)
        value = value_absent();
    else if (!json_is_null(json) && !kind_read(trial, meaning->kind, json, &value))
        return trial_fault(trial,
                           "\"fields\": \"%s\" must be %s, null (not known) or {\"absent\": "
                           "true}",
                           meaning->name, kind_expected(meaning->kind));
    trial->given[field] = true;
    trial->fields[field] = value;
    return true;
}
