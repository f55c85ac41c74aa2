#include "base/msisdn.h"

bool msisdn_valid(struct slice msisdn)
{
    if (msisdn.size < 1 + MSISDN_DIGITS_LEAST || msisdn.size > 1 + MSISDN_DIGITS_MOST ||
        msisdn.data[0] != '+')
        return false;
    for (size_t i = 1; i < msisdn.size; i++)
        if (msisdn.data[i] < '0' || msisdn.data[i] > '9')
            return false;
    return true;
}
