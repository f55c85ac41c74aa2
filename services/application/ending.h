/*
 * ending - the end of an award and its way back.
 *
 *   running ── REVOKED ──▶ revoked   the seat is free, the family card counts one less, the person is barred
 *   running ── CLOSED ───▶ closed    all it had was given or has lapsed; seat and card stay taken
 *   revoked, closed ── REINSTATED ──▶ running
 *
 * Several writers may end an award, and their order is not known: the first end that is heard counts, and
 * `ended_at` keeps the newest. Two officers bring it back; what ended it not later than that is then void.
 */
#ifndef KERJA_APPLICATION_ENDING_H
#define KERJA_APPLICATION_ENDING_H

#include "facts.h"

bool award_ended(const struct award_row *award);

/* Ends the award unless it has ended; its row is editable, and its application's row was asked for. */
void award_revoke(struct facts *facts, struct decision *decision, struct award_row *award,
                  struct slice reason, instant_us occurred_at);
void award_close(struct facts *facts, struct decision *decision, struct award_row *award,
                 instant_us occurred_at);

/* Judges the limits anew, takes seat and money again, and emits award.changed REINSTATED by APPLICATION, with
 * the holds that stand by now; or refuses the record with what stands in the way. */
struct award_changed;
void award_reinstate(struct facts *facts, struct decision *decision,
                     const struct award_changed *changed);

#endif
