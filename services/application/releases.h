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

/* Adds what came back of a component, and returns how much of it may be committed again: never more than is still
 * taken of `part`, the component's share of the package. Where a reinstatement and a later end cross, the
 * same money may be said to come back under two numbers. */
int64_t releases_count(struct decision *decision, struct award_row *award,
                       struct slice component, int64_t amount_hundredths,
                       int64_t part_hundredths);

#endif
