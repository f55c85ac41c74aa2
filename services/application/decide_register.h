/*
 * decide_register - a register says something about a person, or that its snapshot is whole.
 *
 * What it says is kept on the person's row, and the person's open applications and active award are
 * judged again in the same decision: a register outranks what the applicant says.
 */
#ifndef KERJA_APPLICATION_DECIDE_REGISTER_H
#define KERJA_APPLICATION_DECIDE_REGISTER_H

#include "facts.h"

struct register_subject {
    struct subject subject; /* id: the person; nil for the end of a snapshot */
    struct uuid register_id;
    const struct office *office;
    bool snapshot_ends;
};

void register_identify(const void *event, void *subject, struct decision *decision);
void register_keys(const void *event, const void *subject, struct facts *facts);
void register_decide(const void *event, const void *subject, struct facts *facts,
                     struct decision *decision);

#endif
