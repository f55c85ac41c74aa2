/*
 * plan - which benefit items fall due: the price of a verified course, the items of the first
 * completion with all their instalments, a survey's payment, what months and days earn (earning.h).
 *
 * The order in which a review, an account and a completion arrive does not matter: whatever comes last
 * sets the plan. An item is approved once, and its days are counted from the days themselves, never from
 * the moment of arrival.
 */
#ifndef KERJA_COMPLETION_PLAN_H
#define KERJA_COMPLETION_PLAN_H

#include "file.h"
#include "rules/schedule.h"

/* A verified course's price falls due to its provider. */
void plan_training(struct file *file, const struct enrolment_row *enrolment);

/* The days of the award, and of a survey where there is one, that items may start from. */
struct due_days plan_days(const struct award_row *award, const struct award_row_survey *survey);

/* Approves, refuses or lets lapse whatever of the award's own items can be decided by now; what still
 * lacks something waits for it. Nothing while the award is revoked or closed. */
void plan_award(struct file *file);

#endif
