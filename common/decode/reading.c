#include "decode/reading.h"

#include "base/calendar.h"
#include "base/uuid.h"

#include <assert.h>

enum {
    VARINT_BYTES = 10,
    FIRST_ITEMS = 4,
    FIRST_DAY = -98615,        /* 1700-01-01: schools are older than people */
    FIRST_INSTANT_DAY = 10957, /* 2000-01-01: seconds or milliseconds would lie before it */
    AFTER_LAST_DAY = 84006     /* 2200-01-01 */
};

static const int64_t hundredths_bound = INT64_C(1000000000000000000); /* decimal(18,2) */

bool reading_fails(struct reading *reading, enum decode_reason reason, const char *member)
{
    reading->reason = reason;
    if (reading->member == NULL)
        reading->member = member;
    return false;
}

bool reading_begin(struct reading *reading, struct slice body, struct arena *arena)
{
    struct slice copy = arena_copy(arena, body);
    *reading = (struct reading){.arena = arena, .reason = DECODE_ARENA_FULL};
    if (copy.data == NULL)
        return false;
    reading->at = copy.data;
    reading->end = copy.data + copy.size;
    return true;
}

bool reading_long(struct reading *reading, int64_t *number)
{
    uint64_t value = 0;
    /* Branches, and the lengths of most texts, are one byte. */
    if (reading->at != reading->end && (*reading->at & 0x80) == 0) {
        value = (unsigned char)*reading->at++;
        *number = (int64_t)((value >> 1) ^ (0 - (value & 1)));
        return true;
    }
    for (int i = 0; i < VARINT_BYTES; i++) {
        if (reading->at == reading->end)
            return reading_fails(reading, DECODE_TRUNCATED, NULL);
        unsigned char byte = (unsigned char)*reading->at++;
        if (i == VARINT_BYTES - 1 && byte > 1)
            break; /* more than 64 bits */
        value |= (uint64_t)(byte & 0x7f) << (7 * i);
        if (byte < 0x80) {
            *number = (int64_t)((value >> 1) ^ (0 - (value & 1)));
            return true;
        }
    }
    return reading_fails(reading, DECODE_MALFORMED, NULL);
}

bool reading_skip(struct reading *reading, size_t size)
{
    if (size > reading_left(reading))
        return reading_fails(reading, DECODE_TRUNCATED, NULL);
    reading->at += size;
    return true;
}

bool reading_bytes(struct reading *reading, struct slice *bytes)
{
    int64_t size;
    if (!reading_long(reading, &size))
        return false;
    if (size < 0)
        return reading_fails(reading, DECODE_MALFORMED, NULL);
    *bytes = (struct slice){reading->at, (size_t)size};
    return reading_skip(reading, (size_t)size);
}

bool reading_block(struct reading *reading, size_t *count)
{
    int64_t items, size;
    if (!reading_long(reading, &items))
        return false;
    if (items < 0) { /* its size in bytes follows, for readers that skip */
        if (items == INT64_MIN)
            return reading_fails(reading, DECODE_MALFORMED, NULL);
        items = -items;
        if (!reading_long(reading, &size))
            return false;
    }
    if ((uint64_t)items > reading_left(reading))
        return reading_fails(reading, DECODE_TRUNCATED, NULL);
    *count = (size_t)items;
    return true;
}

/* Length of the UTF-8 sequence that begins here (Unicode 15, table 3-7), 0 for none. */
static size_t utf8_sequence(const unsigned char *at, size_t left)
{
    size_t size = at[0] < 0x80 ? 1 : at[0] >= 0xf0 ? 4 : at[0] >= 0xe0 ? 3 : 2;
    if (size == 1)
        return 1;
    if (at[0] < 0xc2 || at[0] > 0xf4 || size > left)
        return 0;
    for (size_t i = 1; i < size; i++)
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    bool overlong = (at[0] == 0xe0 && at[1] < 0xa0) || (at[0] == 0xf0 && at[1] < 0x90);
    bool surrogate = at[0] == 0xed && at[1] > 0x9f;
    bool beyond = at[0] == 0xf4 && at[1] > 0x8f;
    return overlong || surrogate || beyond ? 0 : size;
}

/* Eight bytes that are all ASCII and none of them zero: borrowing from a byte's top bit shows a zero. */
static bool plain_ascii(const unsigned char *at)
{
    uint64_t bytes;
    memcpy(&bytes, at, sizeof bytes);
    return ((bytes | (bytes - UINT64_C(0x0101010101010101))) & UINT64_C(0x8080808080808080)) ==
           0;
}

bool text_is_storable(struct slice text)
{
    const unsigned char *bytes = (const unsigned char *)text.data;
    for (size_t i = 0; i < text.size;) {
        if (text.size - i >= sizeof(uint64_t) && plain_ascii(bytes + i)) {
            i += sizeof(uint64_t);
            continue;
        }
        size_t size = utf8_sequence(bytes + i, text.size - i);
        if (size == 0 || bytes[i] == 0)
            return false;
        i += size;
    }
    return true;
}

bool day_is_sane(int64_t day)
{
    return day >= FIRST_DAY && day < AFTER_LAST_DAY;
}

bool instant_is_sane(int64_t instant)
{
    return instant >= FIRST_INSTANT_DAY * US_PER_DAY && instant < AFTER_LAST_DAY * US_PER_DAY;
}

bool hundredths_are_sane(int64_t hundredths)
{
    return hundredths > -hundredths_bound && hundredths < hundredths_bound;
}

bool hundredths_from_bytes(struct slice bytes, int64_t *hundredths)
{
    if (bytes.size == 0)
        return false;
    unsigned char sign = bytes.data[0] & 0x80 ? 0xff : 0;
    uint64_t value = sign ? UINT64_MAX : 0;
    for (size_t i = 0; i < bytes.size; i++) {
        unsigned char byte = (unsigned char)bytes.data[i];
        /* Whatever stands before the last eight bytes may repeat the sign only. */
        if (bytes.size - i > 8 && byte != sign)
            return false;
        value = value << 8 | byte;
    }
    if (bytes.size > 8 && (value >> 63 != 0) != (sign != 0))
        return false;
    *hundredths = (int64_t)value;
    return true;
}

static bool read_text(struct reading *reading, const struct field *field, void *value)
{
    struct slice text;
    if (!reading_bytes(reading, &text))
        return reading_fails(reading, reading->reason, field->name);
    if (field->kind == FIELD_TEXT && !text_is_storable(text))
        return reading_fails(reading, DECODE_BAD_UTF8, field->name);
    if (field->kind == FIELD_UUID)
        return uuid_parse(text, value) || reading_fails(reading, DECODE_BAD_UUID, field->name);
    if (field->kind == FIELD_MONEY) {
        bool fits = hundredths_from_bytes(text, value) &&
                    (reading->ours || hundredths_are_sane(*(const int64_t *)value));
        return fits || reading_fails(reading, DECODE_BAD_DECIMAL, field->name);
    }
    *(struct slice *)value = text;
    return true;
}

static bool read_number(struct reading *reading, const struct field *field, void *value)
{
    int64_t number;
    if (!reading_long(reading, &number))
        return reading_fails(reading, reading->reason, field->name);
    if (field->kind == FIELD_LONG) {
        *(int64_t *)value = number;
        return true;
    }
    if (field->kind == FIELD_INSTANT) {
        *(int64_t *)value = number;
        return reading->ours || instant_is_sane(number) ||
               reading_fails(reading, DECODE_BAD_TIME, field->name);
    }
    if (number < INT32_MIN || number > INT32_MAX)
        return reading_fails(reading, DECODE_MALFORMED, field->name);
    *(int32_t *)value = (int32_t)number;
    return field->kind != FIELD_DAY || reading->ours || day_is_sane(number) ||
           reading_fails(reading, DECODE_BAD_TIME, field->name);
}

static bool read_bool(struct reading *reading, const struct field *field, bool *value)
{
    const char *at = reading->at;
    if (!reading_skip(reading, 1))
        return reading_fails(reading, DECODE_TRUNCATED, field->name);
    *value = *at == 1;
    return *at == 0 || *at == 1 || reading_fails(reading, DECODE_MALFORMED, field->name);
}

bool reading_scalar(struct reading *reading, const struct field *field, void *value)
{
    switch (field->kind) {
    case FIELD_BOOL:
        return read_bool(reading, field, value);
    case FIELD_INT:
    case FIELD_LONG:
    case FIELD_DAY:
    case FIELD_INSTANT:
    case FIELD_SYMBOL:
        return read_number(reading, field, value);
    case FIELD_MONEY:
    case FIELD_UUID:
    case FIELD_TEXT:
    case FIELD_BYTES:
        return read_text(reading, field, value);
    case FIELD_RECORD:
        break;
    }
    assert(field->kind != FIELD_RECORD);
    return false;
}

bool reading_room(struct reading *reading, const struct field *field, struct list *list,
                  size_t *capacity, size_t more)
{
    if (*capacity - list->count >= more)
        return true;
    /* Doubling: a list of many small blocks is copied twice at most. */
    size_t wanted = *capacity == 0 ? more : *capacity * 2;
    if (wanted < list->count + more)
        wanted = list->count + more;
    if (*capacity != 0 && wanted < FIRST_ITEMS)
        wanted = FIRST_ITEMS;
    if (wanted > SIZE_MAX / field->size)
        return reading_fails(reading, DECODE_ARENA_FULL, field->name);
    void *items = arena_alloc(reading->arena, wanted * field->size);
    if (items == NULL)
        return reading_fails(reading, DECODE_ARENA_FULL, field->name);
    if (list->count > 0)
        memcpy(items, list->items, list->count * field->size);
    list->items = items;
    *capacity = wanted;
    return true;
}

void field_take_default(const struct field *field, void *record)
{
    void *value = field_value(field, record);
    if (field->optional || field->repeated)
        return;
    if (field->kind == FIELD_TEXT)
        *(struct slice *)value = slice_of(field->default_text);
    else if (field->kind == FIELD_BOOL)
        *(bool *)value = field->default_number != 0;
    else if (field->size == sizeof(int32_t))
        *(int32_t *)value = (int32_t)field->default_number;
    else if (field->size == sizeof(int64_t))
        *(int64_t *)value = field->default_number;
}
