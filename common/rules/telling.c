#include "rules/telling.h"

#include "rules/message.h"
#include "rules/sentence.h"

#include <stdio.h>

enum { MINUTE_US = 60 * 1000000, DAY_MINUTES = 1440, LIST_BOUND = 32 };

struct teller teller_make(const struct programme *programme, struct slice language)
{
    size_t place = language_find(programme, language);
    return (struct teller){programme, words_in(programme->languages[place]), place};
}

void tell_money(const struct teller *teller, int64_t hundredths, struct buffer *text)
{
    char amount[AMOUNT_TEXT_SIZE];
    size_t size = amount_format(teller->programme->currency, hundredths, amount);
    buffer_append(text, amount, size);
}

void tell_day(const struct teller *teller, epoch_day day, struct buffer *text)
{
    char local[LOCAL_DAY_SIZE];
    size_t size = day_format_local(slice_of(teller->words->language), day, local);
    buffer_append(text, local, size);
}

/* Stored bytes may be damaged, and nothing may be told of such a number but itself. */
static bool absurd(int64_t number)
{
    return number > INT64_MAX / 4 || number < INT64_MIN / 4;
}

void tell_instant(const struct teller *teller, instant_us instant, struct buffer *text)
{
    int offset = teller->programme->utc_offset_minutes;
    if (absurd(instant)) {
        number_write(text, instant);
        return;
    }
    epoch_day day = instant_to_day(instant, offset);
    int minutes = (int)((instant - day_to_instant(day, offset)) / MINUTE_US);
    char clock[16];
    tell_day(teller, day, text);
    int size = snprintf(clock, sizeof clock, " %02d:%02d", minutes / 60 % 24, minutes % 60);
    buffer_append(text, clock, (size_t)size);
}

void tell_list(const struct teller *teller, const struct slice *texts, size_t count,
               enum phrase last, struct buffer *text)
{
    if (count == 0)
        text_write(text, teller->words->phrases[PHRASE_NONE]);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            text_write(text, i + 1 == count ? teller->words->phrases[last] : ", ");
        buffer_append(text, texts[i].data, texts[i].size);
    }
}

struct slice item_words(const struct teller *teller, struct slice item)
{
    const struct programme *programme = teller->programme;
    for (size_t i = 0; programme != NULL && i < programme->scheme_count; i++) {
        const struct benefit *benefit = benefit_find(&programme->schemes[i], item);
        if (benefit != NULL)
            return text_in(&benefit->name, teller->language);
    }
    return words_for(teller->words->codes, item);
}

/* The file's own words, else the language's. */
static struct slice code_words(const struct teller *teller, enum rule_field field,
                               struct slice code)
{
    struct slice own = own_words_find(teller->programme, code, teller->language);
    if (own.size > 0)
        return own;
    return field == FIELD_PAYMENT_ITEM ? item_words(teller, code)
                                       : words_for(teller->words->codes, code);
}

static void tell_codes(const struct teller *teller, enum rule_field field,
                       const struct slice *codes, size_t count, enum phrase last,
                       struct buffer *text)
{
    struct slice words[LIST_BOUND];
    size_t told = count < LIST_BOUND ? count : LIST_BOUND;
    for (size_t i = 0; i < told; i++)
        words[i] = code_words(teller, field, codes[i]);
    tell_list(teller, words, told, last, text);
}

static void tell_claim(const struct teller *teller, enum rule_field field, bool holds,
                       struct buffer *text)
{
    struct slice own = own_words_find(teller->programme,
                                      slice_of(programme_field_name(teller->programme, field)),
                                      teller->language);
    struct slice words = own.size > 0 ? own : slice_of(teller->words->fields[field]);
    struct slice claim = words_half(words, holds);
    buffer_append(text, claim.data, claim.size);
}

/* A number with its unit: "1 year", "2 years". */
static void tell_count(const struct teller *teller, const char *unit, int64_t number,
                       struct buffer *text)
{
    number_write(text, number);
    if (unit == NULL)
        return;
    struct slice words = words_half(words_for(teller->words->units, slice_of(unit)),
                                    number == 1 || number == -1);
    text_write(text, " ");
    buffer_append(text, words.data, words.size);
}

static void tell_amount(const struct teller *teller, const char *unit, int64_t hundredths,
                        struct buffer *text)
{
    char amount[AMOUNT_TEXT_SIZE];
    size_t size = amount_format(teller->programme->currency, hundredths, amount);
    if (unit == NULL)
        buffer_append(text, amount, size);
    else
        sentence_write(
            SENTENCE(text, teller->words->phrases[PHRASE_MONTHLY], {"amount", {amount, size}}));
}

/* A number of any kind that has one, a level by its place. */
static void tell_number(const struct teller *teller, enum rule_field field, int64_t number,
                        struct buffer *text)
{
    const struct field_meaning *meaning = field_meaning(field);
    switch (meaning->kind) {
    case KIND_BOOL:
        tell_claim(teller, field, number != 0, text);
        return;
    case KIND_MONEY:
        tell_amount(teller, meaning->unit, number, text);
        return;
    case KIND_DAY:
        tell_day(teller, (epoch_day)number, text);
        return;
    case KIND_INSTANT:
        tell_instant(teller, number, text);
        return;
    case KIND_LEVEL: {
        struct slice level = teller->programme->levels[number];
        tell_codes(teller, field, &level, 1, PHRASE_OR, text);
        return;
    }
    case KIND_INT:
    case KIND_CODE:
    case KIND_CODES:
    case KIND_TEXT:
        break;
    }
    tell_count(teller, meaning->unit, number, text);
}

void tell_value(const struct teller *teller, enum rule_field field, const struct value *value,
                struct buffer *text)
{
    const char *const *phrases = teller->words->phrases;
    enum value_kind kind = field_meaning(field)->kind;
    if (value == NULL || value->state == VALUE_UNKNOWN)
        text_write(text, phrases[PHRASE_VALUE_UNKNOWN]);
    else if (value->state == VALUE_ABSENT)
        text_write(text, phrases[PHRASE_VALUE_ABSENT]);
    else if (kind == KIND_TEXT)
        text_write(text, phrases[PHRASE_VALUE_GIVEN]);
    else if (kind == KIND_CODE || kind == KIND_LEVEL)
        tell_codes(teller, field, &value->text, 1, PHRASE_AND, text);
    else if (kind == KIND_CODES)
        tell_codes(teller, field, value->codes, value->code_count, PHRASE_AND, text);
    else
        tell_number(teller, field, value->number, text);
}

static void tell_operand(const struct teller *teller, const struct comparison *comparison,
                         struct buffer *text)
{
    if (comparison->code_count > 0) {
        tell_codes(teller, comparison->field, comparison->codes, comparison->code_count,
                   PHRASE_OR, text);
        return;
    }
    for (size_t i = 0; i < comparison->number_count; i++) {
        text_write(text, i == 0 ? "" : ", ");
        tell_number(teller, comparison->field, comparison->numbers[i], text);
    }
    if (comparison->number_count == 0)
        tell_number(teller, comparison->field, comparison->low, text);
}

static const char *operator_words(const struct words *words,
                                  const struct comparison *comparison)
{
    enum value_kind kind = field_meaning(comparison->field)->kind;
    bool day = kind == KIND_DAY || kind == KIND_INSTANT;
    return day && words->day_operators[comparison->op] != NULL
               ? words->day_operators[comparison->op]
               : words->operators[comparison->op];
}

static void tell_low(const struct teller *teller, const struct comparison *comparison,
                     struct buffer *text)
{
    /* "from 18 to 64 years": the unit stands once. */
    if (field_meaning(comparison->field)->kind == KIND_INT)
        number_write(text, comparison->low);
    else
        tell_number(teller, comparison->field, comparison->low, text);
}

void tell_comparison(const struct teller *teller, const struct comparison *comparison,
                     struct buffer *text)
{
    const char *words = operator_words(teller->words, comparison);
    struct buffer value = {0}, high = {0};
    bool exists = comparison->op == OPERATOR_EXISTS;
    if (field_meaning(comparison->field)->kind == KIND_BOOL && !exists) {
        tell_claim(teller, comparison->field,
                   (comparison->low != 0) == (comparison->op == OPERATOR_EQ), text);
        return;
    }
    tell_claim(teller, comparison->field, true, text);
    text_write(text, " ");
    if (exists) {
        struct slice half = words_half(slice_of(words), comparison->low != 0);
        buffer_append(text, half.data, half.size);
        return;
    }
    if (comparison->op == OPERATOR_BETWEEN) {
        tell_low(teller, comparison, &value);
        tell_number(teller, comparison->field, comparison->high, &high);
    } else {
        tell_operand(teller, comparison, &value);
    }
    sentence_write(SENTENCE(text, words, {"value", buffer_slice(&value)},
                            {"low", buffer_slice(&value)}, {"high", buffer_slice(&high)}));
    buffer_release(&value);
    buffer_release(&high);
}

/* How far a number lies beyond what the comparison allows: above it positive, below negative. */
static int64_t beyond(const struct comparison *comparison, int64_t number)
{
    int64_t low = comparison->low;
    switch (comparison->op) {
    case OPERATOR_LT:
        return number >= low ? number - low + 1 : 0;
    case OPERATOR_LE:
        return number > low ? number - low : 0;
    case OPERATOR_GT:
        return number <= low ? number - low - 1 : 0;
    case OPERATOR_BETWEEN:
        if (number > comparison->high)
            return number - comparison->high;
        return number < low ? number - low : 0;
    case OPERATOR_GE:
        return number < low ? number - low : 0;
    case OPERATOR_EQ:
        return number - low;
    case OPERATOR_NE:
    case OPERATOR_IN:
    case OPERATOR_NOT_IN:
    case OPERATOR_DISJOINT:
    case OPERATOR_INTERSECTS:
    case OPERATOR_EXISTS:
    case OPERATOR_COUNT:
        break;
    }
    return 0;
}

void tell_distance(const struct teller *teller, const struct comparison *comparison,
                   const struct value *value, struct buffer *text)
{
    const struct field_meaning *meaning = field_meaning(comparison->field);
    bool day = meaning->kind == KIND_DAY;
    if (value == NULL || value->state != VALUE_PRESENT ||
        !(day || meaning->kind == KIND_INT || meaning->kind == KIND_MONEY) ||
        absurd(value->number) || absurd(comparison->low) || absurd(comparison->high))
        return;
    int64_t by = beyond(comparison, value->number);
    if (by == 0)
        return;
    struct buffer distance = {0};
    int64_t size = by < 0 ? -by : by;
    if (meaning->kind == KIND_MONEY)
        tell_money(teller, size, &distance);
    else
        tell_count(teller, day ? "days" : meaning->unit, size, &distance);
    enum phrase phrase = by > 0 ? day ? PHRASE_LATE : PHRASE_ABOVE
                         : day  ? PHRASE_EARLY
                                : PHRASE_BELOW;
    sentence_write(
        SENTENCE(text, teller->words->phrases[phrase], {"distance", buffer_slice(&distance)}));
    buffer_release(&distance);
}
