/*
 * place - whether training in classrooms is restricted where a purchase takes place.
 *
 * Operators publish restricted regions with their days. A region code stands for all codes that begin with it.
 */
#ifndef KERJA_COMPLETION_PLACE_H
#define KERJA_COMPLETION_PLACE_H

#include "completion_rows.h"
#include "rules/programme.h"
#include "rules/value.h"

/* Whether any condition of the scheme asks. */
bool place_asked(const struct scheme *scheme);

/* The place is the purchase's own, else the only region of its course, else the participant's where the course
 * is online; the day is the first of training, else that of the purchase. Unknown while nothing was published, or where
 * nobody said the place. */
struct value place_restricted(const struct programme_row *published,
                              const struct award_row *award,
                              const struct enrolment_row *enrolment,
                              const struct course_row *course, epoch_day bought_on);

#endif
