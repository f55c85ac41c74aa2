/*
 * course.completed - a finished course, with the attendance that proves it. The national id of who
 * attended is compared and forgotten.
 */
#include "handlers.h"

#include "finishing.h"
#include "schemas/events.h"
#include "seal/ids.h"

static bool counts_of(int32_t held, bool has, int32_t counted)
{
    return !has || (counted >= 0 && counted <= held);
}

static bool sessions_add_up(const struct course_completed *completed)
{
    int32_t held = completed->sessions_held;
    return held >= 0 && counts_of(held, true, completed->sessions_attended) &&
           counts_of(held, completed->has_face_verified_sessions,
                     completed->face_verified_sessions) &&
           counts_of(held, completed->has_camera_on_sessions, completed->camera_on_sessions);
}

void identify_course_completed(const void *event, void *subject, struct decision *decision)
{
    const struct course_completed *completed = event;
    struct award_subject *completion = subject;
    completion->office = decision->office;
    completion->base.id = completed->award_id;
    completion->base.occurred_at = completed->completed_at;
    completion->enrolment_key = enrolment_key(decision->office->seal, completed->enrolment_id);
    if (completed->enrolment_id.size == 0)
        decision_refuse(decision, "BAD_ID", "an enrolment must be named");
    else if (!sessions_add_up(completed))
        decision_refuse(
            decision, "BAD_SESSIONS",
            "enrolment \"%.*s\" counts fewer than no sessions, or more than the %d held",
            SHOWN(completed->enrolment_id), completed->sessions_held);
}

void keys_course_completed(const void *event, const void *subject, struct facts *facts)
{
    const struct award_subject *completion = subject;
    (void)event;
    want_award(facts, &completion->base.id, completion->office);
    facts_want(facts, &enrolment_row_type, &completion->enrolment_key);
}

static void fill_attendee(struct file *file, struct enrolment_row *enrolment,
                          const struct course_completed *completed)
{
    struct uuid person_id;
    enrolment->has_attendee_is_participant =
        completed->has_attendee_national_id &&
        seal_person_id(file->decision->office->seal, file->standing.programme->country,
                       completed->attendee_national_id, &person_id);
    enrolment->attendee_is_participant = enrolment->has_attendee_is_participant &&
                                         uuid_equal(&person_id, &file->award->person_id);
}

static void fill(struct file *file, struct enrolment_row *enrolment,
                 const struct course_completed *completed)
{
    size_t count = completed->assessments.count;
    struct slice *kinds = decision_alloc(file->decision, (count + 1) * sizeof *kinds);
    for (size_t i = 0; i < count; i++)
        kinds[i] = completed->assessments.items[i].kind;
    enrolment->assessments.items = kinds;
    enrolment->assessments.count = count;
    enrolment->completion_revision = completed->revision;
    enrolment->has_completed_at = true;
    enrolment->completed_at = completed->completed_at;
    enrolment->has_certificate_id =
        completed->has_certificate_id && completed->certificate_id.size > 0;
    enrolment->certificate_id = completed->certificate_id;
    enrolment->sessions_held = completed->sessions_held;
    enrolment->sessions_attended = completed->sessions_attended;
    enrolment->has_face_verified_sessions = completed->has_face_verified_sessions;
    enrolment->face_verified_sessions = completed->face_verified_sessions;
    enrolment->has_camera_on_sessions = completed->has_camera_on_sessions;
    enrolment->camera_on_sessions = completed->camera_on_sessions;
    fill_attendee(file, enrolment, completed);
}

/* True when the completion may be judged; otherwise the decision has ended. */
static bool admissible(const struct file *file, const struct course_completed *completed,
                       const struct enrolment_row *enrolment, struct decision *decision)
{
    if (!uuid_equal(&enrolment->award_id, &completed->award_id))
        decision_refuse(decision, "ENROLMENT_TAKEN",
                        "enrolment \"%.*s\" belongs to another award than the completion names",
                        SHOWN(completed->enrolment_id));
    else if (completed->revision <= enrolment->completion_revision)
        decision_repeat(decision);
    else if (!slice_equal(enrolment->course_id, completed->course_id))
        decision_refuse(decision, "COURSE_MISMATCH",
                        "enrolment \"%.*s\" is for the course \"%.*s\", and \"%.*s\" is said "
                        "to be finished",
                        SHOWN(completed->enrolment_id), SHOWN(enrolment->course_id),
                        SHOWN(completed->course_id));
    else if (file_day(file, completed->completed_at) < file_day(file, enrolment->enrolled_at))
        decision_refuse(
            decision, "BAD_TIME",
            "enrolment \"%.*s\" is said to be finished before the day on which it was bought",
            SHOWN(completed->enrolment_id));
    else if (enrolment->ordinal > 0 && award_full(file->seen, &enrolment->enrolment_key))
        decision_refuse(decision, "TOO_MANY_ENROLMENTS",
                        "enrolment \"%.*s\" is one too many to come back: an award has at most "
                        "%d that are open or finished",
                        SHOWN(completed->enrolment_id), AWARD_ENROLMENTS);
    return decision->kind == DECIDED;
}

void decide_course_completed(const void *event, const void *subject, struct facts *facts,
                             struct decision *decision)
{
    const struct course_completed *completed = event;
    const struct award_subject *completion = subject;
    const struct uuid *key = &completion->enrolment_key;
    struct file file;
    if (!file_look(&file, &completion->base.id, facts, decision, completion->base.occurred_at))
        return;
    const struct enrolment_row *known = facts_find(facts, &enrolment_row_type, key);
    if (known == NULL) {
        decision_wait(decision, &enrolment_row_type, key);
        return;
    }
    if (!admissible(&file, completed, known, decision))
        return;
    file_change(&file);
    file.fresh = true;
    struct enrolment_row *enrolment = facts_edit(facts, &enrolment_row_type, key);
    if (enrolment->completion_status == COMPLETION_DECIDED_STATUS_VERIFIED) {
        /* Final already: the correction is recorded, and an officer may act on it. */
        enrolment->completion_revision = completed->revision;
        return;
    }
    fill(&file, enrolment, completed);
    completion_decide(&file, enrolment);
}
