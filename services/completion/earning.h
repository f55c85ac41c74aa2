/*
 * earning - what months and days earn: an item's instalments, each from one milestone.
 *
 *   MONTH_EMPLOYED   month n sets instalment n, due n months after the hire
 *   TRAINING_MONTH   the months of all courses of an award, one after the other, as many as the item has; due when the
 *                    month or the course ends
 *   DAY_ATTENDED     the days of all courses, once their completion is verified where the item asks for its day
 *
 * What a milestone set for an item is kept on the award, so that nothing is set twice, whatever order things come in.
 */
#ifndef KERJA_COMPLETION_EARNING_H
#define KERJA_COMPLETION_EARNING_H

#include "file.h"

/* Approves, or refuses, what milestones have earned of the item by now; the rest waits. */
void plan_earned(struct file *file, const struct benefit *benefit);

/* Where the employment has ended: stops each item by month employed from the first instalment on that the rules do not pay
 * any more, approved or not. Nothing while the award is revoked or closed: a reinstatement asks again. */
void earned_stop(struct file *file);

/* The award ends: what is not approved of items by month or day lapses. */
void earned_expire(struct file *file, struct slice reason);

/* The kind of milestone that earns an instalment for a trigger; "" when none does. */
const char *earned_by(enum benefit_trigger trigger);

#endif
