#include "decide_again.h"

#include "concluding.h"
#include "rejudge.h"
#include "schemas/events.h"

/* The subject of a timer is an application's key, as the published view shows it. */
void timer_identify(const void *event, void *subject, struct decision *decision)
{
    const struct timer_fired *timer = event;
    struct sealed_subject *made = subject;
    made->subject.occurred_at = timer->due_at;
    made->office = decision->office;
    if (!uuid_parse(timer->subject_id, &made->subject.id))
        decision_refuse(decision, "BAD_SUBJECT",
                        "the subject must be the key of an application, a UUID");
}

void timer_keys(const void *event, const void *subject, struct facts *facts)
{
    const struct sealed_subject *made = subject;
    (void)event;
    rejudge_keys(facts, made->office, &made->subject.id);
}

/* A wave and a year close upon what is held; who waits for a draw learns from the draw. */
static bool closes_nothing(struct slice kind, const struct application_row *known)
{
    return known->status != APPLICATION_DECIDED_STATUS_HELD &&
           (slice_is(kind, "WAVE_CLOSED") || slice_is(kind, "YEAR_CLOSED"));
}

/* What is held when the wave closes is refused, unless the draw has selected it. A file that was published since the timer was
 * set may close the wave later. */
static void close_wave(const struct application_row *known, struct facts *facts,
                       struct decision *decision, instant_us occurred_at)
{
    struct file file;
    if (known->drawn) {
        decision_repeat(decision);
        return;
    }
    file_open(&file, facts_edit(facts, &application_row_type, &known->application_key), facts,
              decision, occurred_at);
    if (file_wave_closed(&file))
        file_refuse_held(&file);
    else
        file_stay_held(&file);
}

void timer_decide(const void *event, const void *subject, struct facts *facts,
                  struct decision *decision)
{
    const struct timer_fired *timer = event;
    const struct uuid *id = &((const struct sealed_subject *)subject)->subject.id;
    const struct application_row *known = facts_find(facts, &application_row_type, id);
    if (known == NULL || office_programme(decision->office, known->programme) == NULL)
        decision_refuse(decision, "UNKNOWN_SUBJECT",
                        "no application of a published programme has this key");
    else if (closes_nothing(timer->kind, known))
        decision_repeat(decision);
    else if (slice_is(timer->kind, "WAVE_CLOSED"))
        close_wave(known, facts, decision, timer->due_at);
    else if (!rejudge(facts, decision, id, timer->due_at))
        decision_repeat(decision);
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
    facts_want(facts, &person_row_type, &((const struct subject *)subject)->id);
}

void erased_decide(const void *event, const void *subject, struct facts *facts,
                   struct decision *decision)
{
    const struct subject *made = subject;
    const struct person_row *known = facts_find(facts, &person_row_type, &made->id);
    (void)event;
    if (known != NULL && known->erased) {
        decision_repeat(decision);
        return;
    }
    struct person_row *contact = facts_edit_or_add(facts, &person_row_type, &made->id);
    contact->erased = true;
    contact->has_msisdn_sealed = false;
    contact->msisdn_sealed = (struct slice){0};
}
