/*
 * programme.published - the rules themselves are read from the stored files; nothing is kept of
 * the announcement here, because an award's rules do not change while it lives.
 */
#include "handlers.h"

#include "schemas/events.h"

void identify_programme_published(const void *event, void *subject, struct decision *decision)
{
    const struct programme_published *published = event;
    struct award_subject *programme = subject;
    programme->base.occurred_at = published->published_at;
    (void)decision;
}

void keys_programme_published(const void *event, const void *subject, struct facts *facts)
{
    (void)event;
    (void)subject;
    (void)facts;
}

void decide_programme_published(const void *event, const void *subject, struct facts *facts,
                                struct decision *decision)
{
    (void)event;
    (void)subject;
    (void)facts;
    decision_repeat(decision);
}
