/*
 * releases - which commitment.released of an award were heard.
 *
 * Each carries an amount of its own and no state of the whole, so one that comes after a later one
 * still counts: two decisions of one batch about one award stand in two partitions' outputs, and
 * these reach the topic in the partitions' order, not in that of the decisions.
 */
#ifndef KERJA_APPLICATION_RELEASES_H
#define KERJA_APPLICATION_RELEASES_H

#include "facts.h"

bool releases_heard(struct decision *decision, const struct award_row *award, int64_t sequence);

/* Remembers it: all numbers up to release_sequence are heard, and those in released_ahead. */
void releases_hear(struct decision *decision, struct award_row *award, int64_t sequence);

/* What came back of a component under instants up to `at`, and was not taken again. */
int64_t releases_until(const struct award_row *award, struct slice component, instant_us at);

/* Adds what came back, and returns how much of it may be committed again: never more than is still taken of
 * `part`, the component's share of the package. */
int64_t releases_count(struct decision *decision, struct award_row *award,
                       const struct award_row_release *release, int64_t part_hundredths);

/* Forgets what a reinstatement at `at` takes again. */
void releases_take(struct decision *decision, struct award_row *award, instant_us at);

#endif
