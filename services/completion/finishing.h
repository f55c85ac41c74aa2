/*
 * finishing - was this course really done.
 *
 * A completion is held, verified or rejected. A rejected one takes its enrolment along, and the price
 * goes back into the balance; a later revision that verifies brings both back.
 */
#ifndef KERJA_COMPLETION_FINISHING_H
#define KERJA_COMPLETION_FINISHING_H

#include "file.h"

/* Judges the completion on the enrolment's row and sets what follows. Nothing is told when it was held and
 * still is, for the same reasons. */
void completion_decide(struct file *file, struct enrolment_row *enrolment);

/* Judges again whatever of the award's enrolments is held: the purchase, and a completion that came
 * before its purchase was accepted. Without an event of its own to tell it why: what was missing may have come. */
void enrolments_reconsider(struct file *file);

/* The purchase, and then the completion where one waits for it. */
void enrolment_reconsider(struct file *file, struct enrolment_row *enrolment,
                          const struct course_row *course);

#endif
