/*
 * once - what a person can have only once, by the programme's file: an award of the programme (`once_per: person`),
 * and a running award of all programmes of one group (`exclusive_group`).
 *
 * Both are read off the person's row, which every decision about the person's awards writes. A second award of the
 * programme is refused; one of the group is held until the first has ended, or until officers waive it.
 */
#ifndef KERJA_APPLICATION_ONCE_H
#define KERJA_APPLICATION_ONCE_H

#include "concluding.h"

/* Adds ALREADY_BENEFITED or DUPLICATE_INCENTIVE to the verdict, where the person has what the application asks for. */
void once_judge(const struct file *file);

/* The code of what stands in the way of an ended award's return; NULL: nothing. */
const char *once_hinders(const struct office *office, const struct person_row *person,
                         const struct application_row *application);

/* The applications that wait for the award's end: their rows for `keys` functions, and judged again. */
void once_keys(struct facts *facts, const struct office *office, const struct award_row *award);
void once_ended(struct facts *facts, struct decision *decision, const struct award_row *award,
                instant_us occurred_at);

#endif
