/*
 * decimal - whole numbers as decimal digits, where printf's way of finding out what to do would
 * cost more than doing it.
 */
#ifndef KERJA_BASE_DECIMAL_H
#define KERJA_BASE_DECIMAL_H

#include <stddef.h>
#include <stdint.h>

enum { DECIMAL_SIZE = 20 /* "-9223372036854775808" */ };

/* Writes the digits, a minus sign before them where it is needed, and no zero behind them. Returns how
 * many bytes it wrote. */
size_t decimal_format(int64_t number, char text[static DECIMAL_SIZE]);

#endif
