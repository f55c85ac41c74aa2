/*
 * broken - mistakes that a worker built for fault tests makes on purpose, so that the tests are seen to notice.
 *
 * Built with KERJA_BROKEN, a worker told BREAK_KERJA=<name> makes that one mistake wherever the code asks BROKEN(...);
 * told nothing, none. Built otherwise BROKEN(...) is false and there is nothing of it in the program.
 */
#ifndef KERJA_BASE_BROKEN_H
#define KERJA_BASE_BROKEN_H

#include <stdbool.h>

enum broken {
    BROKEN_AT_LEAST_ONCE, /* no transaction, no outbox: outputs after PostgreSQL's commit, then offsets; begins at K */
    BROKEN_NO_TRANSACTION, /* outputs are published plainly, offsets are committed after them           */
    BROKEN_OFFSETS_FIRST, /* the group's offsets are committed before PostgreSQL's commit              */
    BROKEN_OWNER_UNCHECKED, /* positions move whoever owns them and wherever they stand                  */
    BROKEN_SEEN_TOO_EARLY, /* W is moved to what was handed to the publisher, and the outbox pruned      */
    BROKEN_OFFSETS_TRUSTED, /* recovery goes on at K instead of G                                        */
    BROKEN_POSITIONS_APART, /* positions and outbox go into a transaction of their own, after the rows   */
    BROKEN_EMPTY_ROWS_LEFT_OUT, /* a range without outputs moves G and leaves no outbox row                  */
    BROKEN_LIMITS_UNCHECKED, /* what a limit has no room for is added nonetheless                         */
    BROKEN_NEVER_TIGHT, /* a limit that is short is only decided again, never locked first           */
    BROKEN_REPEATS_DECIDED, /* an application that is known already is decided again                     */
    BROKEN_LAST_OUTPUT_LOST, /* of a batch's outputs from one partition the last is not published         */
    BROKEN_ONE_SIDE_BOOKED, /* a total of the books gets what an entry debits, none what it credits      */
    BROKEN_COUNT
};

#ifdef KERJA_BROKEN
#define BROKEN(way) broken_is(BROKEN_##way)
#else
#define BROKEN(way) false
#endif

/* Whether this process makes that mistake. A BREAK_KERJA that names none ends the process. Any thread. */
bool broken_is(enum broken way);

#endif
