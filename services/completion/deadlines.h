/*
 * deadlines - when an award's deadlines end, and the timers that look.
 *
 * A deadline counts from the award as it is now, so a timer that was set earlier may find that it is not due any
 * more. A reinstatement lets begin anew what had passed by then:
 *
 *   first purchase, its reminder   the day of the reinstatement is day 1
 *   the award's end                on the same day of a later year
 *   all others                     with the day of the reinstatement
 *
 * So no deadline of an award ends before its reinstatement, and whatever a deadline does comes after it.
 */
#ifndef KERJA_COMPLETION_DEADLINES_H
#define KERJA_COMPLETION_DEADLINES_H

#include "file.h"
#include "rules/schedule.h"

/* Day 1 of the first purchase's time; false while nobody has announced it. */
bool purchase_begins_on(const struct award_row *award, epoch_day *day);

/* The deadline as it stands, of that survey where it has one (0: none). False when it has not begun or the
 * scheme has no such. */
bool deadline_stands(const struct file *file, enum deadline_name name, int survey,
                     struct due_deadline *due);

/* Sets the timer of the deadline as it stands; nothing where there is none. */
void deadline_set(struct file *file, enum deadline_name name, int survey);

/* Lets begin anew what had passed by the award's reinstatement. */
void deadlines_renew(struct file *file);

#endif
