/*
 * draw_interval - a draw of which it is not known of everybody whether he or she takes part.
 *
 * Whoever wins however the unknown turn out wins surely; whoever wins if they turn out some way may win. One walk by
 * rank keeps two books: what those take who surely win, and what everybody takes who may. Who finds a place in the
 * first may win, who finds one in the second, and surely takes part, surely wins. Where everybody is known both are
 * the draw itself. The bounds hold for every way that the unknown may turn out; where many are unknown they
 * are wider than they must be.
 */
#ifndef KERJA_CTL_DRAW_INTERVAL_H
#define KERJA_CTL_DRAW_INTERVAL_H

#include "draw.h"

/* Whether somebody takes part, and whether he or she wins. */
enum draw_chance { CHANCE_NONE, CHANCE_PERHAPS, CHANCE_SURE };

struct draw_interval {
    struct draw least, most; /* seats and cards as they would stand; owned */
    size_t together;         /* how many can have won at once so far, at most */
};

/* Begins the walk over a draw that draw_rank() has ranked, with its seats and `family_count` cards; the draw is left
 * as it is. False when there is no memory. Release in any case. */
bool draw_interval_begin(struct draw_interval *interval, const struct draw *draw,
                         size_t family_count);
void draw_interval_release(struct draw_interval *interval);

/* The next applicant by rank. */
enum draw_chance draw_interval_step(struct draw_interval *interval,
                                    const struct draw_applicant *applicant,
                                    enum draw_chance takes_part);

#endif
