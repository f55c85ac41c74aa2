/*
 * notification.settled - whether a message arrived. It is kept for officers and moves no deadline.
 *
 * The message may be about an application that never became an award: so it stands in a row of its own and
 * waits for nothing.
 */
#include "handlers.h"

#include "schemas/events.h"

void identify_notification_settled(const void *event, void *subject, struct decision *decision)
{
    const struct notification_settled *settled = event;
    struct award_subject *message = subject;
    message->base.id = settled->award_id;
    message->base.occurred_at = settled->settled_at;
    if (uuid_is_nil(&settled->notification_id))
        decision_refuse(decision, "BAD_ID", "the message must be named");
    else if (settled->status == NOTIFICATION_SETTLED_STATUS_UNKNOWN)
        decision_refuse(decision, "UNKNOWN_STATUS",
                        "what became of the message is not one of the contract");
}

void keys_notification_settled(const void *event, const void *subject, struct facts *facts)
{
    (void)subject;
    facts_want(facts, &message_row_type,
               &((const struct notification_settled *)event)->notification_id);
}

void decide_notification_settled(const void *event, const void *subject, struct facts *facts,
                                 struct decision *decision)
{
    const struct notification_settled *settled = event;
    const struct uuid *key = &settled->notification_id;
    const struct message_row *known = facts_find(facts, &message_row_type, key);
    (void)subject;
    if (known != NULL &&
        (settled->settled_at < known->settled_at ||
         (settled->settled_at == known->settled_at && settled->status == known->status))) {
        decision_repeat(decision);
        return;
    }
    struct message_row *message = facts_edit_or_add(facts, &message_row_type, key);
    message->award_id = settled->award_id;
    message->status = settled->status;
    message->settled_at = settled->settled_at;
    message->has_reason = settled->has_reason;
    message->reason = settled->reason;
}
