/*
 * counting - who counts where: the person's row lists each application and whether its award was revoked, the
 * family card's row each award that is not, the employer's row
 * how many workers it claims for.
 *
 * Limits are judged by these two rows, and whoever changes what they count writes them, so that of two decisions
 * about one person, card or employer the later sees the earlier.
 */
#ifndef KERJA_APPLICATION_COUNTING_H
#define KERJA_APPLICATION_COUNTING_H

#include "facts.h"

/* Notes on the person's row whether the award was revoked, or closed. */
void counting_mark_person(struct facts *facts, struct decision *decision,
                          const struct award_row *award, bool revoked, bool closed);

/* The award counts on its family card, or no longer; nothing where the application named none. */
void counting_join_card(struct facts *facts, struct decision *decision,
                        const struct award_row *award);
void counting_leave_card(struct facts *facts, struct decision *decision,
                         const struct award_row *award);

/* The number of the next application.decided about the award that the application has or would have: what is decided
 * about all applications of a person that share one is numbered together. `person` may be NULL. */
int64_t counting_next_sequence(const struct person_row *person,
                               const struct application_row *application);

/* The application counts among its employer's claims of the scheme, or no longer; nothing where it names no
 * employer. Its row is editable, and its employer's was asked for. */
void counting_claim(struct facts *facts, struct decision *decision,
                    struct application_row *application, bool claims);

/* What the employer claims in the application's scheme; NULL: nothing. */
int64_t counting_claims(const struct employer_row *employer,
                        const struct application_row *application);

#endif
