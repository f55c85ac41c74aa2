/*
 * holds - the unreleased holds of an award: a set of (by, reason), so that the order between
 * several writers does not matter.
 */
#ifndef KERJA_APPLICATION_HOLDS_H
#define KERJA_APPLICATION_HOLDS_H

#include "concluding.h"

/* Makes this service's holds on the award of a file what its verdict says: emits HELD for each reason that is
 * new and RELEASED for each that surely is gone or was waived. What is merely not known neither holds an award
 * that was given, nor releases one that is held. */
void holds_follow(struct file *file);

/* True when this service, or an officer, holds the award for the reason. */
bool holds_ours(struct decision *decision, const struct award_row *award, struct slice reason);
bool holds_officers(struct decision *decision, const struct award_row *award,
                    struct slice reason);

/* Adds or removes "BY:REASON". */
void holds_add(struct decision *decision, struct award_row *award, struct slice by,
               struct slice reason);
void holds_remove(struct decision *decision, struct award_row *award, struct slice by,
                  struct slice reason);

#endif
