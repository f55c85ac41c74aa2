#include "decide_again.h"

#include "concluding.h"
#include "holds.h"
#include "rejudge.h"
#include "schemas/events.h"

/* The subject of a timer is an application's key, as the published view shows it. */
void timer_identify(const void *event, void *subject, struct decision *decision)
{
    const struct timer_fired *timer = event;
    struct subject *made = subject;
    made->occurred_at = timer->due_at;
    if (!uuid_parse(timer->subject_id, &made->id))
        decision_refuse(decision, "BAD_SUBJECT",
                        "the subject must be the key of an application, a UUID");
}

void timer_keys(const void *event, const void *subject, struct facts *facts)
{
    (void)event;
    rejudge_keys(facts, &((const struct subject *)subject)->id);
}

/* The wave has closed: what is held is refused, unless the draw has selected it. */
static void close_wave(const struct application_row *known, struct facts *facts,
                       struct decision *decision, instant_us occurred_at)
{
    struct file file;
    if (known->status != APPLICATION_DECIDED_STATUS_HELD || known->drawn) {
        decision_repeat(decision);
        return;
    }
    file_open(&file, facts_edit(facts, &application_row_type, &known->application_key), facts,
              decision, occurred_at);
    file_refuse_held(&file);
}

void timer_decide(const void *event, const void *subject, struct facts *facts,
                  struct decision *decision)
{
    const struct timer_fired *timer = event;
    const struct subject *made = subject;
    const struct application_row *known = facts_find(facts, &application_row_type, &made->id);
    if (known == NULL || office_programme(decision->office, known->programme) == NULL)
        decision_refuse(decision, "UNKNOWN_SUBJECT",
                        "no application of a published programme has this key");
    else if (slice_is(timer->kind, "WAVE_CLOSED"))
        close_wave(known, facts, decision, timer->due_at);
    else if (!rejudge(facts, decision, &made->id, timer->due_at))
        decision_repeat(decision);
}

/* All services read cases: a subject that is no UUID, as an enrolment's, is another's. */
void case_identify(const void *event, void *subject, struct decision *decision)
{
    const struct case_resolved *resolved = event;
    struct subject *made = subject;
    made->occurred_at = resolved->occurred_at;
    if (!uuid_parse(resolved->subject_id, &made->id))
        made->id = (struct uuid){{0}};
    if (resolved->outcome == CASE_RESOLVED_OUTCOME_UNKNOWN)
        decision_refuse(decision, "UNKNOWN_OUTCOME",
                        "the outcome of a case is WAIVED or UPHELD");
}

void case_keys(const void *event, const void *subject, struct facts *facts)
{
    const struct subject *made = subject;
    (void)event;
    rejudge_keys(facts, &made->id);
    facts_want(facts, &award_row_type, &made->id);
}

static bool held_for(const struct application_row *row, struct slice reason)
{
    for (size_t i = 0; i < row->reasons.count; i++)
        if (slice_equal(row->reasons.items[i], reason))
            return true;
    return false;
}

/* A case of an award that this service holds, as a register asks: only the register, or an
 * officer's change of the award, ends such a hold. */
static void case_of_award(const struct case_resolved *resolved, const struct award_row *award,
                          struct decision *decision)
{
    if (award != NULL && holds_ours(decision, award, resolved->reason))
        decision_refuse(decision, "AWARD_CASE_NOT_TAKEN",
                        "a register's hold on an award ends by the register, or by an "
                        "officer's award.changed");
    else
        decision_repeat(decision);
}

static void uphold(const struct case_resolved *resolved, struct facts *facts,
                   struct decision *decision, const struct uuid *application_key)
{
    struct file file;
    file_open(&file, facts_edit(facts, &application_row_type, application_key), facts, decision,
              resolved->occurred_at);
    file_end(&file, APPLICATION_DECIDED_STATUS_REJECTED, resolved->reason);
}

void case_decide(const void *event, const void *subject, struct facts *facts,
                 struct decision *decision)
{
    const struct case_resolved *resolved = event;
    const struct subject *made = subject;
    const struct application_row *known = facts_find(facts, &application_row_type, &made->id);
    if (known == NULL)
        case_of_award(resolved, facts_find(facts, &award_row_type, &made->id), decision);
    else if (known->status != APPLICATION_DECIDED_STATUS_HELD)
        decision_repeat(decision); /* the hold has ended, by this case or otherwise */
    else if (!held_for(known, resolved->reason))
        decision_refuse(decision, "NOT_HELD",
                        "the application is held, but not for the reason of the case");
    else if (resolved->outcome == CASE_RESOLVED_OUTCOME_WAIVED)
        decision_refuse(decision, "WAIVER_NOT_TAKEN",
                        "a waived reason needs a second officer's command, which this release "
                        "does not take");
    else
        uphold(resolved, facts, decision, &made->id);
}

void erased_identify(const void *event, void *subject, struct decision *decision)
{
    const struct person_erased *erased = event;
    struct subject *made = subject;
    (void)decision;
    *made = (struct subject){erased->person_id, erased->requested_at};
}

void erased_keys(const void *event, const void *subject, struct facts *facts)
{
    (void)event;
    facts_want(facts, &contact_row_type, &((const struct subject *)subject)->id);
}

void erased_decide(const void *event, const void *subject, struct facts *facts,
                   struct decision *decision)
{
    const struct subject *made = subject;
    const struct contact_row *known = facts_find(facts, &contact_row_type, &made->id);
    (void)event;
    if (known == NULL || !known->has_msisdn_sealed) {
        decision_repeat(decision);
        return;
    }
    struct contact_row *contact = facts_edit(facts, &contact_row_type, &made->id);
    contact->has_msisdn_sealed = false;
    contact->msisdn_sealed = (struct slice){0};
}
