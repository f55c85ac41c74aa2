/*
 * award_view - what the services publish of one award: which rules judge it, and how it stands.
 */
#ifndef KERJA_CTL_AWARD_VIEW_H
#define KERJA_CTL_AWARD_VIEW_H

#include "award_change.h"
#include "rules/programme.h"
#include "session.h"

struct award_view {
    PGresult *row; /* texts below are borrowed from it */
    struct uuid award_id, person_id;
    char id[UUID_TEXT_SIZE + 1];
    struct slice scheme_name;
    int32_t year, wave;
    struct award_state state;
    struct programme *programme; /* the newest published file */
    const struct scheme *scheme;
};

/* Reads the award that an officer names, its state seen with `reason`, and its programme's file. False with a reason
 * when there is none; release in any case. */
bool award_view_read(struct session *session, const char *award, const char *reason,
                     struct award_view *view);
void award_view_release(struct award_view *view);

/* REJECT when the programme's file has no such reason. */
enum outcome award_view_reason(const struct award_view *view, struct slice reason,
                               struct error *error);

#endif
