/*
 * grant - a seat and the package's money: the two hard limits of an award.
 *
 * Both are counts that the database keeps. A decision takes them; whether enough was left is
 * known for certain only in tight mode, and otherwise shows at commit.
 */
#ifndef KERJA_APPLICATION_GRANT_H
#define KERJA_APPLICATION_GRANT_H

#include "facts.h"

/* Takes a seat and commits the scheme's package for the application. Otherwise adds QUOTA_FULL or BUDGET_EXHAUSTED
 * to the verdict, takes nothing, and returns false. */
bool grant_take(const struct standing *standing, const struct seal *seal,
                const struct application_row *application, struct facts *facts,
                struct verdict *verdict);

/* Takes again what an ended award gave back: its seat where it was revoked, because a closed one keeps its seat, and the
 * money that is known to have come back under instants up to `at`. All or nothing. */
enum grant { GRANT_TAKEN, GRANT_NO_SEAT, GRANT_NO_MONEY };
enum grant grant_take_again(const struct standing *standing, const struct seal *seal,
                            const struct application_row *application,
                            const struct award_row *award, instant_us at, struct facts *facts);

/* Gives the seat of a revoked award back. */
void grant_free_seat(const struct standing *standing, const struct seal *seal,
                     const struct application_row *application, struct facts *facts);

/* Takes released money off the year's total, so that it may be committed again. */
void grant_release(const struct programme *programme, const struct seal *seal, int year,
                   struct slice component, int64_t amount_hundredths, struct facts *facts);

#endif
