/*
 * reached - milestones of months, days, jobs and proofs, kept on the award.
 *
 * Each counts once: by kind, enrolment and number, a day also by itself. What items pay for them is planned from what
 * is kept (earning.h). What pays nothing, as a job after the training or a contribution, is kept all the same.
 */
#ifndef KERJA_COMPLETION_REACHED_H
#define KERJA_COMPLETION_REACHED_H

#include "file.h"
#include "schemas/events.h"

/* Kinds whose number counts within an enrolment, which they must name. */
bool reached_of_enrolment(struct slice kind);

/* Takes the milestone; `enrolment` is its enrolment's key where it names one. */
void reached_take(struct file *file, const struct milestone_reached *milestone,
                  const struct uuid *enrolment);

#endif
