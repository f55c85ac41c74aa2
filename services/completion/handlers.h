/*
 * handlers - the events that the completion service reads, one decision each.
 *
 * Each decide_<event>.c derives ids from its event (identify), names the rows that it will look at (keys) and
 * decides. The event says what came; the award's row says what is known.
 */
#ifndef KERJA_COMPLETION_HANDLERS_H
#define KERJA_COMPLETION_HANDLERS_H

#include "facts.h"

extern const struct handler completion_handlers[];
extern const size_t completion_handler_count;

/* What a handler derives: an award, and where the event names them an enrolment and a course. */
struct award_subject {
    struct subject base; /* id: the award */
    struct uuid enrolment_key, course_key;
    const struct office *office; /* what was published; the keys of some rows follow it */
};

#define HANDLER(name)                                                                          \
    void identify_##name(const void *event, void *subject, struct decision *decision);         \
    void keys_##name(const void *event, const void *subject, struct facts *facts);             \
    void decide_##name(const void *event, const void *subject, struct facts *facts,            \
                       struct decision *decision)

HANDLER(application_decided);
HANDLER(award_changed);
HANDLER(programme_published);
HANDLER(course_listed);
HANDLER(course_enrolled);
HANDLER(course_completed);
HANDLER(milestone_reached);
HANDLER(notification_settled);
HANDLER(payout_closed);
HANDLER(case_resolved);
HANDLER(timer_completion);
HANDLER(person_erased);

#undef HANDLER

#endif
