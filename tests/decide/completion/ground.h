/*
 * ground - a desk's events in a programme without waves, with nothing wrong in them.
 */
#ifndef KERJA_TESTS_DECIDE_COMPLETION_GROUND_H
#define KERJA_TESTS_DECIDE_COMPLETION_GROUND_H

#include "desk.h"

/* Without notice day; of a hire the employer "E-1" is paid. */
struct application_decided ground_awarded(struct desk *desk, epoch_day on);

/* A course of a provider that all these programmes accept. */
struct course_listed ground_listed(struct desk *desk, const struct step *step);

/* programme.published with the step's region, or with none. */
void ground_publish(struct desk *desk, const struct step *step);

#endif
