/*
 * counting - who counts where: the person's row lists each application and whether its award was revoked, the
 * family card's row each award that is not.
 *
 * Limits are judged by these two rows, and whoever changes what they count writes them, so that of two decisions
 * about one person or one card the later sees the earlier.
 */
#ifndef KERJA_APPLICATION_COUNTING_H
#define KERJA_APPLICATION_COUNTING_H

#include "facts.h"

/* Notes on the person's row that the award was revoked, or is no longer. */
void counting_mark_person(struct facts *facts, struct decision *decision,
                          const struct award_row *award, bool revoked);

/* The award counts on its family card, or no longer; nothing where the application named none. */
void counting_join_card(struct facts *facts, struct decision *decision,
                        const struct award_row *award);
void counting_leave_card(struct facts *facts, struct decision *decision,
                         const struct award_row *award);

#endif
