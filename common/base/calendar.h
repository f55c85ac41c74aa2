/*
 * calendar - local days and how programmes count them.
 *
 * A day is the number of days since 1970-01-01 in the proleptic Gregorian calendar
 * (Avro's `date`); an instant is microseconds since 1970-01-01T00:00:00Z. The two are
 * joined by the programme's fixed offset from UTC: the countries served have had no
 * daylight saving time in any year that a programme file covers.
 */
#ifndef KERJA_BASE_CALENDAR_H
#define KERJA_BASE_CALENDAR_H

#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

typedef int32_t epoch_day;  /* days since 1970-01-01, local to the programme */
typedef int64_t instant_us; /* microseconds since the epoch, UTC             */

#define US_PER_SECOND INT64_C(1000000)
#define US_PER_DAY    (INT64_C(86400) * US_PER_SECOND)

enum { DAY_TEXT_SIZE = 10, INSTANT_TEXT_SIZE = 27 };

struct civil {
    int year, month, day; /* month 1..12, day 1..31 */
};

/* Exact inverses of each other; the month must be 1..12. */
epoch_day day_from_civil(struct civil civil);
struct civil day_to_civil(epoch_day day);

/* Same day of the month `months` later; a day that the month lacks is its last day.
 * 31 January plus one month is 28 or 29 February. Beyond the calendar's ends: its first or
 * last day. */
epoch_day day_add_months(epoch_day from, int months);

/* The largest k >= 0 with from + k months <= to; -1 when `to` is before `from`. */
int months_between(epoch_day from, epoch_day to);

/* Completed years from a birth date; who was born on 29 February has the birthday on
 * 1 March in common years. Negative when `on` is before `birth`. */
int completed_years(epoch_day birth, epoch_day on);

/* 0 Monday .. 6 Sunday. */
int day_of_week(epoch_day day);

/* The local day of an instant, and the instant of local midnight that begins a day. */
epoch_day instant_to_day(instant_us instant, int utc_offset_minutes);
instant_us day_to_instant(epoch_day day, int utc_offset_minutes);

/* Fixed offset of an IANA zone without daylight saving time, such as "Asia/Jakarta".
 * Returns false for a zone that Kerja does not know. */
bool zone_offset_minutes(struct slice zone, int *utc_offset_minutes);

/* "2020-04-11"; and RFC 3339 with microseconds, "2020-04-11T09:00:00.000000Z". Both write a
 * terminating zero. */
void day_format(epoch_day day, char text[static DAY_TEXT_SIZE + 1]);
void instant_format(instant_us instant, char text[static INSTANT_TEXT_SIZE + 1]);

/* Read the same forms (fractions of a second are optional, "Z" or "+07:00" required).
 * Return false, and write nothing, for anything else, 2021-02-29 included. */
bool day_parse(struct slice text, epoch_day *day);
bool instant_parse(struct slice text, instant_us *instant);

#endif
