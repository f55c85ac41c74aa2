#include "base/uuid.h"

#include <endian.h>
#include <stdint.h>
#include <string.h>

bool uuid_is_nil(const struct uuid *uuid)
{
    static const struct uuid nil;
    return uuid_equal(uuid, &nil);
}

static bool dash_at(size_t position)
{
    return position == 8 || position == 13 || position == 18 || position == 23;
}

/* Four bytes as eight hexadecimal digits, all at once: the nibbles are drawn apart until each has a
 * byte of its own, and those above 9 are moved on from '9' to 'a'. */
static void hex_format(const unsigned char bytes[static 4], char digits[static 8])
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint32_t four;
    memcpy(&four, bytes, sizeof four);
    uint64_t apart = be32toh(four);
    apart = (apart << 16 | apart) & UINT64_C(0x0000ffff0000ffff);
    apart = (apart << 8 | apart) & UINT64_C(0x00ff00ff00ff00ff);
    apart = (apart << 4 | apart) & UINT64_C(0x0f0f0f0f0f0f0f0f);
    uint64_t letters = (apart + 6 * ones) >> 4 & ones;
    uint64_t text = htobe64(apart + '0' * ones + ('a' - '9' - 1) * letters);
    memcpy(digits, &text, sizeof text);
}

void uuid_format(const struct uuid *uuid, char text[static UUID_TEXT_SIZE + 1])
{
    char digits[32];
    for (size_t i = 0; i < sizeof uuid->bytes; i += 4)
        hex_format(uuid->bytes + i, digits + 2 * i);
    memcpy(text, digits, 8);
    memcpy(text + 9, digits + 8, 4);
    memcpy(text + 14, digits + 12, 4);
    memcpy(text + 19, digits + 16, 4);
    memcpy(text + 24, digits + 20, 12);
    text[8] = text[13] = text[18] = text[23] = '-';
    text[UUID_TEXT_SIZE] = '\0';
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool uuid_parse(struct slice text, struct uuid *uuid)
{
    struct uuid parsed;
    size_t at = 0;
    if (text.size != UUID_TEXT_SIZE)
        return false;
    for (size_t i = 0; i < sizeof parsed.bytes; i++) {
        if (dash_at(at) && text.data[at++] != '-')
            return false;
        int high = hex_value(text.data[at++]);
        int low = hex_value(text.data[at++]);
        if (high < 0 || low < 0)
            return false;
        parsed.bytes[i] = (unsigned char)(high << 4 | low);
    }
    *uuid = parsed;
    return true;
}

void uuid_mark_version_8(struct uuid *uuid)
{
    uuid->bytes[6] = (unsigned char)((uuid->bytes[6] & 0x0f) | 0x80);
    uuid->bytes[8] = (unsigned char)((uuid->bytes[8] & 0x3f) | 0x80);
}
