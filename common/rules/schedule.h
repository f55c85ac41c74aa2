/*
 * schedule - when instalments fall due and deadlines end.
 *
 * An item starts on the latest of its days (completion, review, account...). Instalment n is
 * due n-1, or n, calendar months after that start, always counted from the start and never
 * from the instalment before: 31 January, 28 February, 31 March, 30 April. A deadline's last
 * day is its start plus its days; it fires at 00:00 local of the day after. Working days
 * are Monday to Friday less the programme's holidays.
 */
#ifndef KERJA_RULES_SCHEDULE_H
#define KERJA_RULES_SCHEDULE_H

#include "base/calendar.h"
#include "rules/programme.h"

#include <stdbool.h>

/* The days that are known, by enum due_day. */
struct due_days {
    bool known[DUE_DAY_COUNT];
    epoch_day day[DUE_DAY_COUNT];
};

/* The latest of the days that the benefit asks for. Returns false, and writes nothing, while
 * one of them is not known. */
bool schedule_start(const struct benefit *benefit, const struct due_days *days,
                    epoch_day *start);

/* Day on which instalment n, from 1, falls due. */
epoch_day schedule_due_on(const struct benefit *benefit, epoch_day start, int instalment);

/* Last day on which the money should have gone, by the benefit's promise; the due day itself
 * where it promises nothing. */
epoch_day schedule_pay_by(const struct programme *programme, const struct benefit *benefit,
                          epoch_day due_on);

/* How many instalments the benefit has for an award; 0: no fixed number. */
int schedule_instalments(const struct benefit *benefit);

struct due_deadline {
    const struct deadline *deadline; /* its effect, reason and `when` */
    epoch_day last_day;              /* the last day on which it is not late */
    instant_us fires_at;             /* as above                             */
};

/* The deadline of that name for an award of this scheme, wave (0: none) and year. `start_day`
 * is the day of the event that starts it (for the reminder: the notice day); deadlines that
 * start at the year's own days ignore it. Returns false when the scheme has no such deadline,
 * or the year no such day. */
bool schedule_deadline(const struct scheme *scheme, enum deadline_name name, int wave,
                       const struct scheme_year *year, epoch_day start_day,
                       struct due_deadline *due);

/* The day that lies `days` working days after `from`. */
epoch_day working_days_after(const struct programme *programme, epoch_day from, int days);

/* Working days after `from`, up to and including `to`; 0 when `to` is not after it. Stops
 * counting after a hundred years. */
int working_days_between(const struct programme *programme, epoch_day from, epoch_day to);

#endif
