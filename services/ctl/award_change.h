/*
 * award_change - whether what an officer commands fits what is published of the award.
 *
 * It saves the officer a dead letter and decides nothing: the services judge the record on what they know
 * when they read it.
 */
#ifndef KERJA_CTL_AWARD_CHANGE_H
#define KERJA_CTL_AWARD_CHANGE_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

struct award_state {
    bool revoked, closed;
    struct slice holds;             /* "OFFICER:AUDIT_FINDING, APPLICATION:BLACKLISTED"       */
    bool held_by_officer;           /* for the command's reason                               */
    bool held_by_service;           /* for the command's reason, by a register or a deadline  */
    struct slice decree_no;         /* "" while it has none                                   */
    int64_t outstanding_hundredths; /* noticed for recovery and not paid back         */
};

/* `change` is an AWARD_CHANGED_CHANGE. OK, or REJECT with the sentence that the officer reads. */
enum outcome award_change_check(const struct award_state *state, int32_t change,
                                struct slice reason, int64_t amount_hundredths,
                                struct error *error);

/* An amount as "600000" or "600000.00", above nothing, into hundredths. */
bool amount_read(const char *text, int64_t *hundredths);

#endif
