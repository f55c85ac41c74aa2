#include "base/calendar.h"

#include <assert.h>
#include <stdio.h>

/* Days and civil dates after Howard Hinnant, "chrono-Compatible Low-Level Date
 * Algorithms": an era is 400 years, its first day is 1 March. */
enum { DAYS_PER_ERA = 146097, DAYS_TO_EPOCH = 719468 };

epoch_day day_from_civil(struct civil civil)
{
    assert(civil.month >= 1 && civil.month <= 12);
    int year = civil.year - (civil.month <= 2);
    int era = (year >= 0 ? year : year - 399) / 400;
    int year_of_era = year - era * 400;
    int day_of_year =
        (153 * (civil.month + (civil.month > 2 ? -3 : 9)) + 2) / 5 + civil.day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    int64_t day = (int64_t)era * DAYS_PER_ERA + day_of_era - DAYS_TO_EPOCH;
    return day > INT32_MAX ? INT32_MAX : day < INT32_MIN ? INT32_MIN : (epoch_day)day;
}

struct civil day_to_civil(epoch_day number)
{
    int64_t shifted = (int64_t)number + DAYS_TO_EPOCH;
    int64_t era = (shifted >= 0 ? shifted : shifted - (DAYS_PER_ERA - 1)) / DAYS_PER_ERA;
    int day_of_era = (int)(shifted - era * DAYS_PER_ERA);
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int month_from_march = (5 * day_of_year + 2) / 153;
    int month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
    return (struct civil){
        .year = (int)(year_of_era + era * 400) + (month <= 2),
        .month = month,
        .day = day_of_year - (153 * month_from_march + 2) / 5 + 1,
    };
}

static bool leap_year(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && leap_year(year) ? 29 : days[month - 1];
}

epoch_day day_add_months(epoch_day from, int months)
{
    struct civil civil = day_to_civil(from);
    int month = civil.year * 12 + civil.month - 1 + months;
    civil.year = (month >= 0 ? month : month - 11) / 12;
    civil.month = month - civil.year * 12 + 1;
    int last = days_in_month(civil.year, civil.month);
    if (civil.day > last)
        civil.day = last;
    return day_from_civil(civil);
}

int months_between(epoch_day from, epoch_day to)
{
    if (to < from)
        return -1;
    struct civil a = day_to_civil(from), b = day_to_civil(to);
    int months = (b.year - a.year) * 12 + b.month - a.month;
    return day_add_months(from, months) <= to ? months : months - 1;
}

int completed_years(epoch_day birth, epoch_day on)
{
    struct civil a = day_to_civil(birth), b = day_to_civil(on);
    bool birthday_reached = b.month > a.month || (b.month == a.month && b.day >= a.day);
    return b.year - a.year - !birthday_reached;
}

int day_of_week(epoch_day day)
{
    int from_thursday = day % 7;
    return (from_thursday + 7 + 3) % 7;
}

epoch_day instant_to_day(instant_us instant, int utc_offset_minutes)
{
    int64_t local = instant + (int64_t)utc_offset_minutes * 60 * US_PER_SECOND;
    int64_t floor = local >= 0 ? local / US_PER_DAY : -((-local + US_PER_DAY - 1) / US_PER_DAY);
    return (epoch_day)floor;
}

instant_us day_to_instant(epoch_day day, int utc_offset_minutes)
{
    return day * US_PER_DAY - (int64_t)utc_offset_minutes * 60 * US_PER_SECOND;
}

bool zone_offset_minutes(struct slice zone, int *utc_offset_minutes)
{
    static const struct {
        const char *name;
        int minutes;
    } zones[] = {
        {"UTC", 0},
        {"Asia/Jakarta", 7 * 60},
        {"Asia/Pontianak", 7 * 60},
        {"Asia/Makassar", 8 * 60},
        {"Asia/Jayapura", 9 * 60},
        {"Asia/Kuala_Lumpur", 8 * 60},
        {"Asia/Kuching", 8 * 60},
    };
    for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++) {
        if (!slice_is(zone, zones[i].name))
            continue;
        *utc_offset_minutes = zones[i].minutes;
        return true;
    }
    return false;
}

void day_format(epoch_day day, char text[static DAY_TEXT_SIZE + 1])
{
    struct civil civil = day_to_civil(day);
    char digits[64];
    snprintf(digits, sizeof digits, "%04d-%02d-%02d", civil.year, civil.month, civil.day);
    memcpy(text, digits, DAY_TEXT_SIZE);
    text[DAY_TEXT_SIZE] = '\0';
}

void instant_format(instant_us instant, char text[static INSTANT_TEXT_SIZE + 1])
{
    epoch_day on = instant_to_day(instant, 0);
    int64_t rest = instant - day_to_instant(on, 0);
    char digits[64];
    day_format(on, text);
    snprintf(digits, sizeof digits, "T%02d:%02d:%02d.%06dZ",
             (int)(rest / (3600 * US_PER_SECOND)), (int)(rest / (60 * US_PER_SECOND) % 60),
             (int)(rest / US_PER_SECOND % 60), (int)(rest % US_PER_SECOND));
    memcpy(text + DAY_TEXT_SIZE, digits, INSTANT_TEXT_SIZE - DAY_TEXT_SIZE);
    text[INSTANT_TEXT_SIZE] = '\0';
}

/* Reads exactly `count` digits at `text`; false when one is missing. */
static bool digits_parse(struct slice text, size_t at, size_t count, int *number)
{
    int value = 0;
    if (at + count > text.size)
        return false;
    for (size_t i = at; i < at + count; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
        value = value * 10 + (text.data[i] - '0');
    }
    *number = value;
    return true;
}

bool day_parse(struct slice text, epoch_day *parsed)
{
    struct civil civil;
    if (text.size != DAY_TEXT_SIZE || text.data[4] != '-' || text.data[7] != '-')
        return false;
    if (!digits_parse(text, 0, 4, &civil.year) || !digits_parse(text, 5, 2, &civil.month) ||
        !digits_parse(text, 8, 2, &civil.day))
        return false;
    if (civil.month < 1 || civil.month > 12 || civil.day < 1 ||
        civil.day > days_in_month(civil.year, civil.month))
        return false;
    *parsed = day_from_civil(civil);
    return true;
}

/* Reads ".123456" at *at when there is one: up to six digits, scaled to microseconds. */
static bool fraction_parse(struct slice text, size_t *at, int *microseconds)
{
    int scale = 100000;
    *microseconds = 0;
    if (*at >= text.size || text.data[*at] != '.')
        return true;
    size_t first = ++*at;
    for (; *at < text.size && text.data[*at] >= '0' && text.data[*at] <= '9'; ++*at) {
        *microseconds += (text.data[*at] - '0') * scale;
        scale /= 10;
    }
    return *at > first && *at - first <= 6;
}

/* Reads "Z" or "+07:00", which must end the text. */
static bool zone_parse(struct slice text, size_t at, int *offset_minutes)
{
    int hours, minutes;
    if (at + 1 == text.size && text.data[at] == 'Z') {
        *offset_minutes = 0;
        return true;
    }
    if (at + 6 != text.size || (text.data[at] != '+' && text.data[at] != '-') ||
        text.data[at + 3] != ':' || !digits_parse(text, at + 1, 2, &hours) ||
        !digits_parse(text, at + 4, 2, &minutes) || hours > 18 || minutes > 59)
        return false;
    *offset_minutes = (hours * 60 + minutes) * (text.data[at] == '-' ? -1 : 1);
    return true;
}

bool instant_parse(struct slice text, instant_us *parsed)
{
    epoch_day on;
    int hour, minute, second, microseconds, offset_minutes;
    size_t at = 19;
    if (text.size < 20 || !day_parse((struct slice){text.data, DAY_TEXT_SIZE}, &on) ||
        text.data[10] != 'T' || text.data[13] != ':' || text.data[16] != ':')
        return false;
    if (!digits_parse(text, 11, 2, &hour) || !digits_parse(text, 14, 2, &minute) ||
        !digits_parse(text, 17, 2, &second) || hour > 23 || minute > 59 || second > 59)
        return false;
    if (!fraction_parse(text, &at, &microseconds) || !zone_parse(text, at, &offset_minutes))
        return false;
    *parsed = day_to_instant(on, offset_minutes) +
              (hour * 3600 + minute * 60 + second) * US_PER_SECOND + microseconds;
    return true;
}
