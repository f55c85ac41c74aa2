#include "base/uuid.h"

bool uuid_is_nil(const struct uuid *uuid)
{
    static const struct uuid nil;
    return uuid_equal(uuid, &nil);
}

static bool dash_at(size_t position)
{
    return position == 8 || position == 13 || position == 18 || position == 23;
}

void uuid_format(const struct uuid *uuid, char text[static UUID_TEXT_SIZE + 1])
{
    static const char digits[] = "0123456789abcdef";
    size_t at = 0;
    for (size_t i = 0; i < sizeof uuid->bytes; i++) {
        if (dash_at(at))
            text[at++] = '-';
        text[at++] = digits[uuid->bytes[i] >> 4];
        text[at++] = digits[uuid->bytes[i] & 15];
    }
    text[at] = '\0';
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
