/*
 * payout.closed - surveys count only once instalment 1 of the first completion's item is paid.
 */
#include "handlers.h"

#include "file.h"
#include "plan.h"
#include "schemas/events.h"

/* A payout tells no time but that of the payment; what was not paid changes nothing by its time. */
void identify_payout_closed(const void *event, void *subject, struct decision *decision)
{
    const struct payout_closed *closed = event;
    struct award_subject *payout = subject;
    payout->office = decision->office;
    payout->base.id = closed->award_id;
    payout->base.occurred_at = closed->has_paid_at ? closed->paid_at : 0;
    if (closed->outcome == PAYOUT_CLOSED_OUTCOME_PAID && !closed->has_paid_at)
        decision_refuse(decision, "TIME_MISSING",
                        "instalment %d of %.*s is said to be paid, and not when",
                        closed->instalment, SHOWN(closed->item));
}

void keys_payout_closed(const void *event, const void *subject, struct facts *facts)
{
    (void)event;
    const struct award_subject *award = subject;
    want_award(facts, &award->base.id, award->office);
}

static bool opens_surveys(const struct file *file, const struct payout_closed *closed)
{
    const struct benefit *benefit = benefit_find(file->standing.scheme, closed->item);
    return benefit != NULL && benefit->trigger == TRIGGER_FIRST_COMPLETION &&
           closed->instalment == 1;
}

void decide_payout_closed(const void *event, const void *subject, struct facts *facts,
                          struct decision *decision)
{
    const struct payout_closed *closed = event;
    const struct award_subject *payout = subject;
    struct file file;
    if (!file_look(&file, &payout->base.id, facts, decision, payout->base.occurred_at))
        return;
    if (!opens_surveys(&file, closed) || closed->sequence <= file.seen->instalment_1_sequence) {
        decision_repeat(decision);
        return;
    }
    file_change(&file);
    file.award->instalment_1_sequence = closed->sequence;
    file.award->has_instalment_1_paid_on = closed->outcome == PAYOUT_CLOSED_OUTCOME_PAID;
    file.award->instalment_1_paid_on = file.award->has_instalment_1_paid_on ? file.on : 0;
    if (file.award->has_instalment_1_paid_on)
        plan_award(&file);
}
