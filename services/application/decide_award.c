#include "decide_award.h"

#include "announce.h"
#include "decide_drawn.h"
#include "ending.h"
#include "grant.h"
#include "holds.h"
#include "once.h"
#include "releases.h"
#include "schemas/events.h"
#include "worker/changes.h"

void award_identify(const void *event, void *subject, struct decision *decision)
{
    const struct award_changed *changed = event;
    struct sealed_subject *made = subject;
    made->subject = (struct subject){changed->award_id, changed->occurred_at};
    made->office = decision->office;
    if (!changes_allowed(decision, changed))
        return;
    if (office_programme(decision->office, changed->programme) == NULL)
        decision_refuse(decision, "UNKNOWN_PROGRAMME",
                        "no file of the award's programme is published");
    else if (changed->change == AWARD_CHANGED_CHANGE_REINSTATED &&
             changed->by == AWARD_CHANGED_BY_COMPLETION)
        decision_refuse(decision, "UNKNOWN_WRITER",
                        "an award is reinstated by two officers, and by APPLICATION on their "
                        "word");
}

void award_keys(const void *event, const void *subject, struct facts *facts)
{
    const struct award_changed *changed = event;
    const struct sealed_subject *made = subject;
    const struct award_row *award = facts_peek(facts, &award_row_type, &made->subject.id);
    bool ends = changed->change == AWARD_CHANGED_CHANGE_REVOKED ||
                changed->change == AWARD_CHANGED_CHANGE_CLOSED;
    facts_want(facts, &award_row_type, &made->subject.id);
    if (award == NULL)
        return;
    facts_want(facts, &person_row_type, &award->person_id);
    if (award->has_family_card_id)
        facts_want(facts, &family_card_row_type, &award->family_card_id);
    want_around_application(facts, &award->application_key);
    if (changed->change == AWARD_CHANGED_CHANGE_REINSTATED)
        want_registers(made->office, office_programme(made->office, award->programme), facts);
    if (ends)
        once_keys(facts, made->office, award);
}

/* Who revokes tells the person: services for what they end, this one for officers too. */
static void revoke(const struct award_changed *changed, struct facts *facts,
                   struct decision *decision, struct award_row *award)
{
    bool ran = !award_ended(award);
    const struct application_row *application =
        facts_find(facts, &application_row_type, &award->application_key);
    award_revoke(facts, decision, award, changed->reason, changed->occurred_at);
    if (!ran || application == NULL || changed->by != AWARD_CHANGED_BY_OFFICER)
        return;
    struct standing standing;
    standing_of(decision, application, &standing);
    announce_message(decision, &standing, application,
                     facts_find(facts, &person_row_type, contact_key(application)),
                     MESSAGE_REVOKED, changed->reason, changed->occurred_at,
                     changed->occurred_at);
}

static void keep_decree(struct facts *facts, const struct award_row *award,
                        const struct award_changed *changed)
{
    if (facts_find(facts, &application_row_type, &award->application_key) == NULL)
        return;
    struct application_row *application =
        facts_edit(facts, &application_row_type, &award->application_key);
    application->has_decree_no = changed->has_decree_no;
    application->decree_no = changed->decree_no;
}

static void apply(const struct award_changed *changed, struct facts *facts,
                  struct decision *decision, struct award_row *award)
{
    struct slice by = slice_of(symbols_name(&award_changed_by_symbols, changed->by));
    switch ((enum award_changed_change)changed->change) {
    case AWARD_CHANGED_CHANGE_HELD:
        holds_add(decision, award, by, changed->reason);
        break;
    case AWARD_CHANGED_CHANGE_RELEASED:
        holds_remove(decision, award, by, changed->reason);
        break;
    case AWARD_CHANGED_CHANGE_REVOKED:
        revoke(changed, facts, decision, award);
        once_ended(facts, decision, award, changed->occurred_at);
        break;
    case AWARD_CHANGED_CHANGE_CLOSED:
        award_close(facts, decision, award, changed->occurred_at);
        once_ended(facts, decision, award, changed->occurred_at);
        break;
    case AWARD_CHANGED_CHANGE_DECREED:
        keep_decree(facts, award, changed);
        break;
    case AWARD_CHANGED_CHANGE_REINSTATED: /* decided before */
    case AWARD_CHANGED_CHANGE_RECOVERY_NOTICED:
    case AWARD_CHANGED_CHANGE_REPAID:
    case AWARD_CHANGED_CHANGE_UNKNOWN:
        break;
    }
}

/* Heard before, ours come back, or an end that a reinstatement has outlived. */
static bool nothing_new(struct decision *decision, const struct award_row *known,
                        const struct award_changed *changed)
{
    return changed->by == AWARD_CHANGED_BY_APPLICATION ||
           changes_stale(decision, known->changes_heard.items, known->changes_heard.count,
                         changed) ||
           changes_outlived(changed, known->has_reinstated_at, known->reinstated_at);
}

/* An officer who releases what an officer never held would believe it gone. */
static bool releases_ours(struct decision *decision, const struct award_row *known,
                          const struct award_changed *changed)
{
    return changed->change == AWARD_CHANGED_CHANGE_RELEASED &&
           changed->by == AWARD_CHANGED_BY_OFFICER &&
           !holds_officers(decision, known, changed->reason) &&
           holds_ours(decision, known, changed->reason);
}

void award_decide(const void *event, const void *subject, struct facts *facts,
                  struct decision *decision)
{
    const struct award_changed *changed = event;
    const struct uuid *id = &((const struct sealed_subject *)subject)->subject.id;
    const struct award_row *known = facts_find(facts, &award_row_type, id);
    if (known == NULL) {
        decision_wait(decision, &award_row_type, id);
    } else if (nothing_new(decision, known, changed)) {
        decision_repeat(decision);
    } else if (changed->change == AWARD_CHANGED_CHANGE_REINSTATED) {
        award_reinstate(facts, decision, changed);
    } else if (releases_ours(decision, known, changed)) {
        decision_refuse(decision, "HOLD_OF_A_REGISTER",
                        "a register holds the award, no officer: the hold ends when the "
                        "register no longer lists the person, or by a review of the case");
    } else {
        struct award_row *award = facts_edit(facts, &award_row_type, id);
        changes_hear(decision, &award->changes_heard.items, &award->changes_heard.count,
                     changed);
        apply(changed, facts, decision, award);
    }
}

void released_identify(const void *event, void *subject, struct decision *decision)
{
    const struct commitment_released *released = event;
    struct subject *made = subject;
    *made = (struct subject){released->award_id, released->occurred_at};
    if (office_programme(decision->office, released->programme) == NULL)
        decision_refuse(decision, "UNKNOWN_PROGRAMME",
                        "no file of the award's programme is published");
    else if (slice_is(released->component, "ALL"))
        decision_refuse(
            decision, "BAD_COMPONENT",
            "money is released a component at a time; ALL is the limit on the whole");
    else if (released->amount <= 0)
        decision_refuse(decision, "BAD_AMOUNT", "a released amount must be more than nothing");
}

void released_keys(const void *event, const void *subject, struct facts *facts)
{
    const struct uuid *id = &((const struct subject *)subject)->id;
    const struct award_row *award = facts_peek(facts, &award_row_type, id);
    (void)event;
    facts_want(facts, &award_row_type, id);
    if (award != NULL)
        facts_want(facts, &application_row_type, &award->application_key);
}

/* The component's share of the award's package; 0: it has none. */
static int64_t share_of(struct facts *facts, struct decision *decision,
                        const struct award_row *award, struct slice component)
{
    const struct application_row *application =
        facts_find(facts, &application_row_type, &award->application_key);
    struct standing standing;
    if (application == NULL)
        return 0;
    standing_of(decision, application, &standing);
    for (size_t i = 0; i < standing.scheme->package_count; i++)
        if (slice_equal(standing.scheme->package[i].component, component))
            return standing.scheme->package[i].amount_hundredths;
    return 0;
}

/* The money may be committed again; but what a reinstatement has outlived is still taken: it took nothing again
 * that it had not heard of, and incentive has committed it again. */
static void free_money(const struct commitment_released *released, struct facts *facts,
                       struct decision *decision, struct award_row *award, int64_t share)
{
    releases_hear(decision, award, released->sequence);
    if (award->has_reinstated_at && released->occurred_at <= award->reinstated_at)
        return;
    struct award_row_release release = {released->component, released->amount,
                                        released->occurred_at};
    int64_t freed = releases_count(decision, award, &release, share);
    grant_release(office_programme(decision->office, released->programme),
                  decision->office->seal, released->year, released->component, freed, facts);
}

void released_decide(const void *event, const void *subject, struct facts *facts,
                     struct decision *decision)
{
    const struct commitment_released *released = event;
    const struct uuid *id = &((const struct subject *)subject)->id;
    const struct award_row *known = facts_find(facts, &award_row_type, id);
    if (known == NULL) {
        decision_wait(decision, &award_row_type, id);
        return;
    }
    int64_t share = share_of(facts, decision, known, released->component);
    if (releases_heard(decision, known, released->sequence))
        decision_repeat(decision);
    else if (released->amount > share)
        decision_refuse(decision, "AMOUNT_ABOVE_PACKAGE",
                        "more is said to come back than the award's package has of this "
                        "component");
    else
        free_money(released, facts, decision, facts_edit(facts, &award_row_type, id), share);
}
