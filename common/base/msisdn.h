/*
 * msisdn - a telephone number in its one form (ITU-T E.164): "+6281234567890". Two that are written alike are the same.
 */
#ifndef KERJA_BASE_MSISDN_H
#define KERJA_BASE_MSISDN_H

#include "base/slice.h"

#include <stdbool.h>

enum { MSISDN_DIGITS_LEAST = 7, MSISDN_DIGITS_MOST = 15 };

/* True for a plus sign and MSISDN_DIGITS_LEAST to MSISDN_DIGITS_MOST digits, and nothing else. */
bool msisdn_valid(struct slice msisdn);

#endif
