#include "base/decimal.h"

#include <string.h>

size_t decimal_format(int64_t number, char text[static DECIMAL_SIZE])
{
    char digits[DECIMAL_SIZE];
    size_t at = sizeof digits;
    uint64_t left = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    do {
        digits[--at] = (char)('0' + left % 10);
        left /= 10;
    } while (left > 0);
    if (number < 0)
        digits[--at] = '-';
    memcpy(text, digits + at, sizeof digits - at);
    return sizeof digits - at;
}
