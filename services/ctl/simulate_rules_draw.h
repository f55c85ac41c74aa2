/*
 * simulate_rules_draw - the draw of a wave once more: the published seed, the draft's seats, priorities and limit on a
 * family card, and the people whom the draft lets pass.
 *
 * Who stood in the draw then and whom the draft does not touch stands in it again, also where he or she was
 * refused after it. With the file of then the same people are selected.
 */
#ifndef KERJA_CTL_SIMULATE_RULES_DRAW_H
#define KERJA_CTL_SIMULATE_RULES_DRAW_H

#include "simulate_rules_store.h"

struct simulated_drawing {
    bool again;         /* false: the wave was not drawn, or there is none */
    bool seats_of_then; /* the draft gives the wave no seats: those of the draw counted */
    size_t pooled;      /* who stands in it, or may */
    size_t together;    /* how many of them can win at once, at most */
};

/* Says of every application of the store whether it wins. Where it is not drawn again those surely win who keep an
 * award, and perhaps all whom the draft lets pass. False with a reason. */
bool simulated_draw(struct session *session, const struct programme *draft,
                    const char *programme, const char *wave, struct simulated_store *store,
                    struct simulated_drawing *drawing);

#endif
