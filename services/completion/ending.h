/*
 * ending - what lapses: a training balance, an item, an award.
 */
#ifndef KERJA_COMPLETION_ENDING_H
#define KERJA_COMPLETION_ENDING_H

#include "file.h"

/* The award is revoked: what it still holds is refused, the person is told. */
void award_revoke(struct file *file, struct slice reason);

/* The award ends: what is still open lapses, unfinished enrolments with it. */
void award_close(struct file *file, struct slice reason);

/* Courses that were bought and never finished expire, and their prices go back. An award that another service or an officer
 * ended has some until it would have closed: a reinstatement in between finds them as they were. */
bool award_unfinished(const struct award_row *award);
void enrolments_expire_unfinished(struct file *file, struct slice reason);

/* The award begins again: what lapsed with its end is open. An unfinished course that expired with it comes back when it
 * is finished (finishing.h); until then its price is kept for it. */
void award_reopen(struct file *file);

/* Remembers when the award ended: the newest end counts. */
void award_ended(struct award_row *award, instant_us at);

/* What is left of the training balance lapses, but for the prices of courses that may come back; nothing when that has
 * happened already. */
void balance_expire(struct file *file, struct slice reason);

/* A survey's instalment lapses, or is refused. incentive.stopped speaks of an instalment and all later ones: so it
 * is told once no later survey can be paid, and until then only the award's row knows. */
void survey_end(struct file *file, const struct award_row_survey *survey, bool refused,
                struct slice reason);

/* Enrolments that are held are rejected: for one reason, without judging. */
void enrolments_reject_held(struct file *file, struct slice reason);

#endif
