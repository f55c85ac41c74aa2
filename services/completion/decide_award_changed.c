/*
 * award.changed - holds, ends, reinstatements and recoveries that others decide.
 *
 * Holds are a set of (by, reason), and the newest number counts for each; of ends and reinstatements, the time
 * counts. So the order of arrival does not matter.
 */
#include "handlers.h"

#include "deadlines.h"
#include "earning.h"
#include "ending.h"
#include "finishing.h"
#include "plan.h"
#include "schemas/events.h"
#include "worker/changes.h"
#include "worker/texts.h"

void identify_award_changed(const void *event, void *subject, struct decision *decision)
{
    const struct award_changed *changed = event;
    struct award_subject *award = subject;
    award->office = decision->office;
    award->base.id = changed->award_id;
    award->base.occurred_at = changed->occurred_at;
    changes_allowed(decision, changed);
}

void keys_award_changed(const void *event, const void *subject, struct facts *facts)
{
    (void)event;
    const struct award_subject *award = subject;
    want_award(facts, &award->base.id, award->office);
}

static void notice_recovery(struct file *file, const struct award_changed *changed)
{
    struct award_row *award = file->award;
    award->recovery_noticed += changed->amount;
    if (!award->has_recovery_noticed_on || award->recovery_noticed_on < file->on)
        award->recovery_noticed_on = file->on;
    award->has_recovery_noticed_on = true;
    deadline_set(file, DEADLINE_REPAYMENT, 0);
}

static void repay(struct award_row *award, const struct award_changed *changed)
{
    award->recovery_repaid += changed->amount;
    if (award->recovery_repaid >= award->recovery_noticed)
        award->recovery_overdue = false;
}

/* Another's end. What is held is judged again by it; an unfinished course waits for the day on which the award would have
 * closed. */
static void end(struct file *file, const struct award_changed *changed)
{
    struct award_row *award = file->award;
    if (changed->change == AWARD_CHANGED_CHANGE_REVOKED)
        award->revoked = true;
    else
        award->closed = true;
    award_ended(award, changed->occurred_at);
}

/* An end that came afterwards stays, though it was heard before. */
static void reinstate(struct file *file, const struct award_changed *changed)
{
    struct award_row *award = file->award;
    if (!award->has_reinstated_at || award->reinstated_at < changed->occurred_at) {
        award->has_reinstated_at = true;
        award->reinstated_at = changed->occurred_at;
    }
    if (award->has_ended_at && award->ended_at > award->reinstated_at)
        return;
    award_reopen(file);
    deadlines_renew(file);
}

static struct slice hold_of(struct file *file, const struct award_changed *changed)
{
    return decision_text(file->decision, "%s:%.*s",
                         symbols_name(&award_changed_by_symbols, changed->by),
                         SLICE_ARGS(changed->reason));
}

static void apply(struct file *file, const struct award_changed *changed)
{
    struct award_row *award = file->award;
    switch ((enum award_changed_change)changed->change) {
    case AWARD_CHANGED_CHANGE_HELD:
        texts_add(file->decision, &award->holds.items, &award->holds.count,
                  hold_of(file, changed));
        return;
    case AWARD_CHANGED_CHANGE_RELEASED:
        texts_remove(file->decision, &award->holds.items, &award->holds.count,
                     hold_of(file, changed));
        return;
    case AWARD_CHANGED_CHANGE_REVOKED:
    case AWARD_CHANGED_CHANGE_CLOSED:
        end(file, changed);
        return;
    case AWARD_CHANGED_CHANGE_REINSTATED:
        reinstate(file, changed);
        return;
    case AWARD_CHANGED_CHANGE_RECOVERY_NOTICED:
        notice_recovery(file, changed);
        return;
    case AWARD_CHANGED_CHANGE_REPAID:
        repay(award, changed);
        return;
    case AWARD_CHANGED_CHANGE_DECREED: /* asked for by the payment, not here */
    case AWARD_CHANGED_CHANGE_UNKNOWN:
        return;
    }
}

/* What this service said itself it knows already, and what an officer asks for, the application service decides:
 * it reinstates an award once a seat and money are taken anew. */
static bool told_elsewhere(const struct award_changed *changed)
{
    return changed->by == AWARD_CHANGED_BY_COMPLETION ||
           (changed->change == AWARD_CHANGED_CHANGE_REINSTATED &&
            changed->by == AWARD_CHANGED_BY_OFFICER);
}

static bool stale(struct decision *decision, const struct award_row *award,
                  const struct award_changed *changed)
{
    return changes_stale(decision, award->changes_heard.items, award->changes_heard.count,
                         changed) ||
           changes_outlived(changed, award->has_reinstated_at, award->reinstated_at);
}

void decide_award_changed(const void *event, const void *subject, struct facts *facts,
                          struct decision *decision)
{
    const struct award_changed *changed = event;
    const struct award_subject *award = subject;
    struct file file;
    if (told_elsewhere(changed)) {
        decision_repeat(decision);
        return;
    }
    if (!file_look(&file, &award->base.id, facts, decision, award->base.occurred_at))
        return;
    if (stale(decision, file.seen, changed)) {
        decision_repeat(decision);
        return;
    }
    file_change(&file);
    changes_hear(decision, &file.award->changes_heard.items, &file.award->changes_heard.count,
                 changed);
    apply(&file, changed);
    if (changed->change != AWARD_CHANGED_CHANGE_HELD)
        enrolments_reconsider(&file);
    if (changed->change == AWARD_CHANGED_CHANGE_REINSTATED) {
        earned_stop(&file);
        plan_award(&file);
    }
}
