/*
 * quiet - whether everything that was said has been heard and answered.
 *
 * First all positions are read, each service's G and K and each foreign group's committed offset, then
 * all ends. When they are equal, nothing is under way: who published, committed his position only after
 * his answers were appended, so an answer to anything before these positions is before these ends, and
 * an end beyond a position tells that somebody is behind.
 */
#ifndef KERJA_CTL_QUIET_H
#define KERJA_CTL_QUIET_H

#include "session.h"

enum { QUIET_GROUPS = 16 };

/* Looks until it is quiet. `groups` are the consumer groups of foreign clients. Services without a schema do not count. OK, or
 * why not: RETRY when asked to end, STOP when a position is in conflict, because then it will never become quiet. */
enum outcome quiet_wait(struct session *session, const char *const *groups, size_t group_count);

#endif
