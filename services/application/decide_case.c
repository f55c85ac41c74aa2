#include "decide_case.h"

#include "announce.h"
#include "concluding.h"
#include "ending.h"
#include "holds.h"
#include "once.h"
#include "rejudge.h"
#include "waivers.h"
#include "worker/texts.h"

/* All services read cases: a subject that is no UUID, as an enrolment's, is another's. */
void case_identify(const void *event, void *subject, struct decision *decision)
{
    const struct case_resolved *resolved = event;
    struct sealed_subject *made = subject;
    made->subject.occurred_at = resolved->occurred_at;
    made->office = decision->office;
    if (!uuid_parse(resolved->subject_id, &made->subject.id))
        made->subject.id = (struct uuid){{0}};
    if (resolved->outcome == CASE_RESOLVED_OUTCOME_UNKNOWN)
        decision_refuse(decision, "UNKNOWN_OUTCOME",
                        "the outcome of a case is WAIVED or UPHELD");
    else
        decision_two_officers(decision, resolved->by, resolved->approved_by);
}

void case_keys(const void *event, const void *subject, struct facts *facts)
{
    const struct sealed_subject *made = subject;
    const struct award_row *award = facts_peek(facts, &award_row_type, &made->subject.id);
    (void)event;
    facts_want(facts, &award_row_type, &made->subject.id);
    rejudge_keys(facts, made->office,
                 award == NULL ? &made->subject.id : &award->application_key);
    if (award != NULL)
        once_keys(facts, made->office, award);
}

/* True when the file lets an officer end what holds with this reason. */
static bool officer_may(const struct decision *decision, struct slice programme,
                        struct slice code)
{
    const struct reason *reason =
        reason_find(office_programme(decision->office, programme), code);
    return reason != NULL && reason->ends_by.officer;
}

/* Of an award already given, what would have refused holds instead: the file names nothing that ends it, and
 * nobody but the register and officers can. */
static bool refuses_by_itself(const struct decision *decision, struct slice programme,
                              struct slice code)
{
    const struct reason *reason =
        reason_find(office_programme(decision->office, programme), code);
    return reason == NULL ||
           (reason->ends_by.event_count == 0 && reason->ends_by.every_hours == 0);
}

static void refuse_reason(struct decision *decision)
{
    decision_refuse(decision, "REASON_NOT_AN_OFFICERS",
                    "the programme's file does not let an officer end this reason");
}

static void uphold_application(const struct case_resolved *resolved, struct facts *facts,
                               struct decision *decision, const struct uuid *application_key)
{
    struct file file;
    file_open(&file, facts_edit(facts, &application_row_type, application_key), facts, decision,
              resolved->occurred_at);
    file_end(&file, APPLICATION_DECIDED_STATUS_REJECTED, resolved->reason);
}

/* The reason is kept as waived, and all is judged again: an application may stay held for another one. */
static void waive(const struct case_resolved *resolved, struct facts *facts,
                  struct decision *decision, const struct uuid *application_key)
{
    waivers_add(decision, facts_edit(facts, &application_row_type, application_key),
                resolved->reason);
    rejudge(facts, decision, application_key, resolved->occurred_at);
}

static void case_of_application(const struct case_resolved *resolved, struct facts *facts,
                                struct decision *decision, const struct application_row *known)
{
    if (known->status != APPLICATION_DECIDED_STATUS_HELD ||
        waivers_have(known, resolved->reason))
        decision_repeat(decision); /* the hold has ended, by this case or otherwise */
    else if (!texts_have(known->reasons.items, known->reasons.count, resolved->reason))
        decision_refuse(decision, "NOT_HELD",
                        "the application is held, but not for the reason of the case");
    else if (!officer_may(decision, known->programme, resolved->reason))
        refuse_reason(decision);
    else if (resolved->outcome == CASE_RESOLVED_OUTCOME_WAIVED)
        waive(resolved, facts, decision, &known->application_key);
    else
        uphold_application(resolved, facts, decision, &known->application_key);
}

/* What the register says is true: the award ends, by this service's word. */
static void uphold_award(const struct case_resolved *resolved, struct facts *facts,
                         struct decision *decision, const struct uuid *award_id)
{
    struct file file;
    struct award_row *award = facts_edit(facts, &award_row_type, award_id);
    file_open(&file, facts_edit(facts, &application_row_type, &award->application_key), facts,
              decision, resolved->occurred_at);
    verdict_add(&decision->verdict, EFFECT_REVOKE, resolved->reason);
    award_revoke(facts, decision, award, resolved->reason, resolved->occurred_at);
    announce_change(decision, &file.standing, award, AWARD_CHANGED_CHANGE_REVOKED,
                    resolved->reason, resolved->occurred_at);
    announce_message(decision, &file.standing, file.application, file.contact, MESSAGE_REVOKED,
                     resolved->reason, resolved->occurred_at, resolved->occurred_at);
    once_ended(facts, decision, award, resolved->occurred_at);
}

static void case_of_award(const struct case_resolved *resolved, struct facts *facts,
                          struct decision *decision, const struct award_row *award)
{
    const struct application_row *application =
        facts_find(facts, &application_row_type, &award->application_key);
    bool ours = holds_ours(decision, award, resolved->reason);
    bool waived = resolved->outcome == CASE_RESOLVED_OUTCOME_WAIVED;
    if (application == NULL || office_programme(decision->office, award->programme) == NULL)
        decision_repeat(decision);
    else if (!ours && holds_officers(decision, award, resolved->reason))
        decision_refuse(decision, "HOLD_OF_AN_OFFICER",
                        "an officer holds the award for this reason: officers release it, by "
                        "award.changed");
    else if (!ours || award_ended(award) ||
             (waived && waivers_have(application, resolved->reason)))
        decision_repeat(decision); /* another service's, or over */
    else if (!officer_may(decision, award->programme, resolved->reason) &&
             !refuses_by_itself(decision, award->programme, resolved->reason))
        refuse_reason(decision);
    else if (waived)
        waive(resolved, facts, decision, &application->application_key);
    else
        uphold_award(resolved, facts, decision, &award->award_id);
}

void case_decide(const void *event, const void *subject, struct facts *facts,
                 struct decision *decision)
{
    const struct case_resolved *resolved = event;
    const struct uuid *id = &((const struct sealed_subject *)subject)->subject.id;
    const struct award_row *award = facts_find(facts, &award_row_type, id);
    const struct application_row *known =
        award != NULL ? NULL : facts_find(facts, &application_row_type, id);
    if (award != NULL)
        case_of_award(resolved, facts, decision, award);
    else if (known != NULL && office_programme(decision->office, known->programme) != NULL)
        case_of_application(resolved, facts, decision, known);
    else
        decision_repeat(decision);
}
