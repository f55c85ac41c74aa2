#include "decide_again.h"

#include "concluding.h"
#include "rejudge.h"
#include "schemas/events.h"

/* The subject of timers and cases is an application's key, as the published view shows it. */
static void identify_application(struct slice subject_id, instant_us occurred_at,
                                 struct subject *made, struct decision *decision)
{
    made->occurred_at = occurred_at;
    if (!uuid_parse(subject_id, &made->id))
        decision_refuse(decision, "BAD_SUBJECT",
                        "the subject must be the key of an application, a UUID");
}

void timer_identify(const void *event, void *subject, struct decision *decision)
{
    const struct timer_fired *timer = event;
    identify_application(timer->subject_id, timer->due_at, subject, decision);
}

void timer_keys(const void *event, const void *subject, struct facts *facts)
{
    (void)event;
    rejudge_keys(facts, &((const struct subject *)subject)->id);
}

/* The reasons that hold it now become the reasons of the refusal. */
static void refuse_held(const struct application_row *known, struct facts *facts,
                        struct decision *decision, instant_us occurred_at)
{
    struct file file;
    struct slice first =
        known->reasons.count > 0 ? known->reasons.items[0] : SLICE("WAVE_CLOSED");
    file_open(&file, facts_edit(facts, &application_row_type, &known->application_key), facts,
              decision, occurred_at);
    file_end(&file, APPLICATION_DECIDED_STATUS_REJECTED, first);
}

void timer_decide(const void *event, const void *subject, struct facts *facts,
                  struct decision *decision)
{
    const struct timer_fired *timer = event;
    const struct subject *made = subject;
    const struct application_row *known = facts_find(facts, &application_row_type, &made->id);
    if (known == NULL || office_programme(decision->office, known->programme) == NULL) {
        decision_refuse(decision, "UNKNOWN_SUBJECT",
                        "no application of a published programme has this key");
        return;
    }
    if (slice_is(timer->kind, "WAVE_CLOSED")) {
        if (known->status == APPLICATION_DECIDED_STATUS_HELD && !known->drawn)
            refuse_held(known, facts, decision, timer->due_at);
        else
            decision_repeat(decision);
        return;
    }
    if (known->status == APPLICATION_DECIDED_STATUS_HELD ||
        known->status == APPLICATION_DECIDED_STATUS_POOLED ||
        known->status == APPLICATION_DECIDED_STATUS_AWARDED)
        rejudge(facts, decision, &made->id, timer->due_at);
    else
        decision_repeat(decision);
}

void case_identify(const void *event, void *subject, struct decision *decision)
{
    const struct case_resolved *resolved = event;
    identify_application(resolved->subject_id, resolved->occurred_at, subject, decision);
}

void case_keys(const void *event, const void *subject, struct facts *facts)
{
    (void)event;
    rejudge_keys(facts, &((const struct subject *)subject)->id);
}

static bool held_for(const struct application_row *row, struct slice reason)
{
    for (size_t i = 0; row->status == APPLICATION_DECIDED_STATUS_HELD && i < row->reasons.count;
         i++)
        if (slice_equal(row->reasons.items[i], reason))
            return true;
    return false;
}

void case_decide(const void *event, const void *subject, struct facts *facts,
                 struct decision *decision)
{
    const struct case_resolved *resolved = event;
    const struct subject *made = subject;
    const struct application_row *known = facts_find(facts, &application_row_type, &made->id);
    if (known == NULL) {
        decision_repeat(decision); /* another service's subject */
        return;
    }
    if (resolved->outcome != CASE_RESOLVED_OUTCOME_UPHELD) {
        decision_refuse(decision, "WAIVER_NOT_TAKEN",
                        "a waived reason needs a second officer's command, which this release "
                        "does not take");
        return;
    }
    if (!held_for(known, resolved->reason)) {
        decision_repeat(decision);
        return;
    }
    struct file file;
    file_open(&file, facts_edit(facts, &application_row_type, &made->id), facts, decision,
              resolved->occurred_at);
    file_end(&file, APPLICATION_DECIDED_STATUS_REJECTED, resolved->reason);
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
