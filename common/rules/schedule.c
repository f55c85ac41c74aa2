#include "rules/schedule.h"

#include <assert.h>

bool schedule_start(const struct benefit *benefit, const struct due_days *days,
                    epoch_day *start)
{
    epoch_day latest = INT32_MIN;
    for (size_t i = 0; i < DUE_DAY_COUNT; i++) {
        if ((benefit->due_from & (1u << i)) == 0)
            continue;
        if (!days->known[i])
            return false;
        if (days->day[i] > latest)
            latest = days->day[i];
    }
    assert(latest != INT32_MIN); /* the loader refuses an item without a start */
    *start = latest;
    return true;
}

epoch_day schedule_due_on(const struct benefit *benefit, epoch_day start, int instalment)
{
    assert(instalment >= 1);
    switch (benefit->due_months) {
    case DUE_MONTHS_NONE:
        return start;
    case DUE_MONTHS_N_LESS_1:
        return day_add_months(start, instalment - 1);
    case DUE_MONTHS_N:
        return day_add_months(start, instalment);
    }
    return start;
}

epoch_day schedule_pay_by(const struct programme *programme, const struct benefit *benefit,
                          epoch_day due_on)
{
    if (benefit->pay_within_working_days > 0)
        return working_days_after(programme, due_on, benefit->pay_within_working_days);
    return due_on + benefit->pay_within_days;
}

int schedule_instalments(const struct benefit *benefit)
{
    return benefit->instalments;
}

static const struct deadline *deadline_find(const struct scheme *scheme,
                                            enum deadline_name name, int wave)
{
    const struct programme *programme = scheme->programme;
    for (size_t i = 0; i < programme->deadline_count; i++) {
        const struct deadline *deadline = &programme->deadlines[i];
        if (deadline->name != name ||
            (deadline->from_wave != 0 &&
             (wave < deadline->from_wave || wave > deadline->to_wave)))
            continue;
        for (size_t j = 0; j < deadline->scheme_count; j++)
            if (deadline->schemes[j] == scheme)
                return deadline;
    }
    return NULL;
}

/* The day that the deadline counts from; false when the year has no such day. */
static bool deadline_starts_on(const struct scheme *scheme, const struct deadline *deadline,
                               int wave, const struct scheme_year *year, epoch_day start_day,
                               epoch_day *day)
{
    struct due_deadline first;
    switch (deadline->start) {
    case START_NOTICE_DAY:
    case START_COMPLETION_DAY:
    case START_SURVEY_OPENED:
    case START_RECOVERY_NOTICED:
        *day = start_day;
        return true;
    case START_FIRST_PURCHASE:
        if (!schedule_deadline(scheme, DEADLINE_FIRST_PURCHASE, wave, year, start_day, &first))
            return false;
        *day = first.last_day;
        return true;
    case START_PURCHASE_CLOSES:
        *day = year->purchase_closes;
        return year->has_purchase_closes;
    case START_AWARD_CLOSES:
        *day = year->award_closes;
        return true;
    }
    return false;
}

bool schedule_deadline(const struct scheme *scheme, enum deadline_name name, int wave,
                       const struct scheme_year *year, epoch_day start_day,
                       struct due_deadline *due)
{
    const struct deadline *deadline = deadline_find(scheme, name, wave);
    epoch_day last_day;
    if (deadline == NULL ||
        !deadline_starts_on(scheme, deadline, wave, year, start_day, &last_day))
        return false;
    last_day += deadline->days;
    if (deadline->not_after_purchase_closes && year->has_purchase_closes &&
        last_day > year->purchase_closes)
        last_day = year->purchase_closes;
    due->deadline = deadline;
    due->last_day = last_day;
    /* What punishes waits for the day to end; what only tells belongs to the day itself. */
    epoch_day fires_on = deadline->effect == DEADLINE_SENDS_MESSAGE ? last_day : last_day + 1;
    due->fires_at = day_to_instant(fires_on, scheme->programme->utc_offset_minutes);
    return true;
}

/* No programme asks whether more than a hundred years of working days have gone by. */
enum { COUNTED_DAYS = 36525 };

static bool working_day(const struct programme *programme, epoch_day day)
{
    if (day_of_week(day) >= 5)
        return false;
    for (size_t i = 0; i < programme->holiday_count; i++)
        if (programme->holidays[i] == day)
            return false;
    return true;
}

epoch_day working_days_after(const struct programme *programme, epoch_day from, int days)
{
    while (days > 0)
        days -= working_day(programme, ++from);
    return from;
}

int working_days_between(const struct programme *programme, epoch_day from, epoch_day to)
{
    int days = 0;
    if (to > from + COUNTED_DAYS)
        to = from + COUNTED_DAYS;
    while (from < to)
        days += working_day(programme, ++from);
    return days;
}
