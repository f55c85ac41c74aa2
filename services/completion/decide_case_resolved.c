/*
 * case.resolved - an officer ends a hold that only a person can end: on a course, a purchase or a
 * completion. The case may be another service's: what is not known here, or not held, is not ours.
 */
#include "handlers.h"

#include "finishing.h"
#include "schemas/events.h"
#include "worker/texts.h"

/* The subject is an enrolment's key as text, or a course by the platform's own name for it. */
void identify_case_resolved(const void *event, void *subject, struct decision *decision)
{
    const struct case_resolved *resolved = event;
    struct award_subject *held = subject;
    held->office = decision->office;
    held->course_key = course_key(decision->office->seal, resolved->subject_id);
    held->base.id = held->course_key;
    if (uuid_parse(resolved->subject_id, &held->enrolment_key))
        held->base.id = held->enrolment_key;
    held->base.occurred_at = resolved->occurred_at;
    if (resolved->outcome == CASE_RESOLVED_OUTCOME_UNKNOWN)
        decision_refuse(decision, "UNKNOWN_OUTCOME", "a case ends waived or upheld");
    else
        decision_two_officers(decision, resolved->by, resolved->approved_by);
}

void keys_case_resolved(const void *event, const void *subject, struct facts *facts)
{
    const struct award_subject *held = subject;
    (void)event;
    facts_want(facts, &course_row_type, &held->course_key);
    facts_want(facts, &enrolment_row_type, &held->enrolment_key);
    const struct enrolment_row *enrolment =
        facts_peek(facts, &enrolment_row_type, &held->enrolment_key);
    if (enrolment == NULL)
        return;
    want_award(facts, &enrolment->award_id, held->office);
    facts_want(facts, &course_row_type, &enrolment->course_key);
}

static bool verdict_waits(const struct course_row_verdict *verdict, struct slice reason)
{
    return slice_is(verdict->effect, effect_name(EFFECT_HOLD)) &&
           texts_have(verdict->reasons.items, verdict->reasons.count, reason);
}

static bool course_waits(const struct course_row *course, struct slice reason)
{
    for (size_t i = 0; i < course->verdicts.count; i++)
        if (verdict_waits(&course->verdicts.items[i], reason))
            return true;
    return false;
}

/* Waived: the reason goes, and with the last one the hold. Upheld: the course is refused for it. */
static void resolve_course(struct course_row *course, const struct case_resolved *resolved,
                           struct decision *decision)
{
    size_t count = course->verdicts.count;
    struct course_row_verdict *verdicts =
        decision_alloc(decision, (count + 1) * sizeof *verdicts);
    memcpy(verdicts, course->verdicts.items, count * sizeof *verdicts);
    for (size_t i = 0; i < count; i++) {
        struct course_row_verdict *verdict = &verdicts[i];
        if (!verdict_waits(verdict, resolved->reason))
            continue;
        if (resolved->outcome == CASE_RESOLVED_OUTCOME_UPHELD) {
            verdict->effect = slice_of(effect_name(EFFECT_REJECT));
            texts_copy(decision, &resolved->reason, 1, &verdict->reasons.items,
                       &verdict->reasons.count);
            continue;
        }
        texts_remove(decision, &verdict->reasons.items, &verdict->reasons.count,
                     resolved->reason);
        if (verdict->reasons.count == 0)
            verdict->effect = slice_of(effect_name(EFFECT_PASS));
    }
    course->verdicts.items = verdicts;
    course_note_objections(decision, course);
}

static bool enrolment_waits(const struct enrolment_row *enrolment, struct slice reason)
{
    return (enrolment->status == ENROLMENT_DECIDED_STATUS_HELD &&
            texts_have(enrolment->reasons.items, enrolment->reasons.count, reason)) ||
           (enrolment->completion_status == COMPLETION_DECIDED_STATUS_HELD &&
            texts_have(enrolment->completion_reasons.items, enrolment->completion_reasons.count,
                       reason));
}

/* Waived: the purchase and the completion are judged again without this reason. Upheld: they are refused. */
static void resolve_enrolment(struct file *file, const struct case_resolved *resolved,
                              const struct award_subject *held)
{
    file_change(file);
    struct enrolment_row *enrolment =
        facts_edit(file->facts, &enrolment_row_type, &held->enrolment_key);
    const struct course_row *course =
        facts_find(file->facts, &course_row_type, &enrolment->course_key);
    if (resolved->outcome == CASE_RESOLVED_OUTCOME_WAIVED)
        texts_add(file->decision, &enrolment->waived.items, &enrolment->waived.count,
                  resolved->reason);
    else
        texts_add(file->decision, &enrolment->upheld.items, &enrolment->upheld.count,
                  resolved->reason);
    enrolment_reconsider(file, enrolment, course);
}

void decide_case_resolved(const void *event, const void *subject, struct facts *facts,
                          struct decision *decision)
{
    const struct case_resolved *resolved = event;
    const struct award_subject *held = subject;
    const struct course_row *course = facts_find(facts, &course_row_type, &held->course_key);
    const struct enrolment_row *enrolment =
        facts_find(facts, &enrolment_row_type, &held->enrolment_key);
    struct file file;
    if (course != NULL && course_waits(course, resolved->reason)) {
        resolve_course(facts_edit(facts, &course_row_type, &held->course_key), resolved,
                       decision);
        return;
    }
    if (enrolment == NULL || !enrolment_waits(enrolment, resolved->reason) ||
        facts_find(facts, &course_row_type, &enrolment->course_key) == NULL) {
        decision_repeat(decision);
        return;
    }
    if (file_look(&file, &enrolment->award_id, facts, decision, resolved->occurred_at))
        resolve_enrolment(&file, resolved, held);
}
