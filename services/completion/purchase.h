/*
 * purchase - may this course be bought with this award.
 *
 * A purchase is held, accepted or rejected; a held one is judged again when what it lacks
 * comes, always by the day on which it was made.
 */
#ifndef KERJA_COMPLETION_PURCHASE_H
#define KERJA_COMPLETION_PURCHASE_H

#include "file.h"

/* Judges the purchase on its row and sets what follows: state, balance, lists, what others are told.
 * Nothing is told when it was held and still is, for the same reasons. */
void purchase_decide(struct file *file, struct enrolment_row *enrolment,
                     const struct course_row *course);

/* An accepted enrolment takes its price out of the balance, a place among the person's courses, and a review that waits for it;
 * leaving gives price and place back. Neither tells anybody. */
void purchase_enter(struct file *file, struct enrolment_row *enrolment);
void purchase_leave(struct file *file, const struct enrolment_row *enrolment);

/* True when a purchase of the award, made by that day, is held by its course: nothing that the person could do ends that. */
bool course_keeps_waiting(const struct file *file, epoch_day last_day);

/* True when the award has ended since that instant, and has not been reinstated. */
bool ended_since(const struct file *file, instant_us at);

/* True when a verdict holds, but an officer waived every reason of it. */
bool holds_are_waived(const struct enrolment_row *enrolment, const struct verdict *verdict);

/* Turns a hold into a refusal where an officer upheld one of its reasons. */
void verdict_uphold(const struct enrolment_row *enrolment, struct verdict *verdict);

/* Sets the timer that tries again by itself what holds for one of these reasons, as often as the programme file
 * says; `hours` is how often in any case, 0 for never. */
void retry_later(struct file *file, int hours, const struct slice *reasons, size_t count);

#endif
