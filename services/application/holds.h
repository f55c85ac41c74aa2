/*
 * holds - the unreleased holds of an award: a set of (by, reason), so that the order between
 * several writers does not matter.
 */
#ifndef KERJA_APPLICATION_HOLDS_H
#define KERJA_APPLICATION_HOLDS_H

#include "facts.h"

/* Makes this service's holds on an award what the verdict says: emits HELD for each reason that is
 * new and RELEASED for each that surely is gone. What is merely not known neither holds an award that
 * was given, nor releases one that is held. */
void holds_follow(struct facts *facts, struct decision *decision, const struct uuid *award_id,
                  const struct standing *standing, const struct verdict *verdict,
                  instant_us occurred_at);

/* True when this service holds the award for the reason. */
bool holds_ours(struct decision *decision, const struct award_row *award, struct slice reason);

/* Adds or removes "BY:REASON". */
void holds_add(struct decision *decision, struct award_row *award, struct slice by,
               struct slice reason);
void holds_remove(struct decision *decision, struct award_row *award, struct slice by,
                  struct slice reason);

#endif
