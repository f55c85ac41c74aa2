/*
 * course.enrolled - a purchase out of an award.
 */
#include "handlers.h"

#include "finishing.h"
#include "schemas/events.h"

void identify_course_enrolled(const void *event, void *subject, struct decision *decision)
{
    const struct course_enrolled *enrolled = event;
    struct award_subject *purchase = subject;
    purchase->office = decision->office;
    purchase->base.id = enrolled->award_id;
    purchase->base.occurred_at = enrolled->enrolled_at;
    purchase->enrolment_key = enrolment_key(decision->office->seal, enrolled->enrolment_id);
    purchase->course_key = course_key(decision->office->seal, enrolled->course_id);
    if (enrolled->enrolment_id.size == 0 || enrolled->course_id.size == 0)
        decision_refuse(decision, "BAD_ID", "an enrolment and its course must be named");
    else if (enrolled->price < 0)
        decision_refuse(decision, "BAD_PRICE", "the price of enrolment \"%.*s\" is negative",
                        SHOWN(enrolled->enrolment_id));
    else if (enrolled->has_starts_on && enrolled->has_ends_on &&
             enrolled->ends_on < enrolled->starts_on)
        decision_refuse(decision, "BAD_TIME",
                        "the training of enrolment \"%.*s\" ends before it starts",
                        SHOWN(enrolled->enrolment_id));
}

void keys_course_enrolled(const void *event, const void *subject, struct facts *facts)
{
    const struct award_subject *purchase = subject;
    (void)event;
    want_award(facts, &purchase->base.id, purchase->office);
    facts_want(facts, &enrolment_row_type, &purchase->enrolment_key);
    facts_want(facts, &course_row_type, &purchase->course_key);
}

/* Held or rejected before it ever counted: a higher revision is judged anew. */
static bool still_open(const struct enrolment_row *enrolment)
{
    return enrolment->status == ENROLMENT_DECIDED_STATUS_HELD ||
           (enrolment->status == ENROLMENT_DECIDED_STATUS_REJECTED && enrolment->ordinal == 0);
}

static void fill(struct enrolment_row *enrolment, const struct course_enrolled *enrolled,
                 const struct course_row *course)
{
    /* What an officer said of one course is not said of another. */
    if (!slice_equal(enrolment->course_id, enrolled->course_id))
        enrolment->waived.count = enrolment->upheld.count = 0;
    enrolment->enrolment_id = enrolled->enrolment_id;
    enrolment->award_id = enrolled->award_id;
    enrolment->course_key = course->course_key;
    enrolment->course_id = enrolled->course_id;
    enrolment->provider_id = course->provider_id;
    enrolment->has_category = course->has_category;
    enrolment->category = course->category;
    enrolment->revision = enrolled->revision;
    enrolment->price = enrolled->price;
    enrolment->currency = enrolled->currency;
    enrolment->enrolled_at = enrolled->enrolled_at;
    enrolment->has_starts_on = enrolled->has_starts_on;
    enrolment->starts_on = enrolled->starts_on;
    enrolment->has_ends_on = enrolled->has_ends_on;
    enrolment->ends_on = enrolled->ends_on;
    enrolment->has_region_code = enrolled->has_region_code;
    enrolment->region_code = enrolled->region_code;
    enrolment->has_sessions_planned = enrolled->has_sessions_planned;
    enrolment->sessions_planned = enrolled->sessions_planned;
}

/* Days of training that nobody had told; what was told before stays. */
static void fill_gaps(struct enrolment_row *enrolment, const struct course_enrolled *enrolled)
{
    if (!enrolment->has_starts_on) {
        enrolment->has_starts_on = enrolled->has_starts_on;
        enrolment->starts_on = enrolled->starts_on;
    }
    if (!enrolment->has_ends_on) {
        enrolment->has_ends_on = enrolled->has_ends_on;
        enrolment->ends_on = enrolled->ends_on;
    }
}

/* A completion that is kept already speaks of one course, and of a purchase before it. */
static bool agrees_with_completion(const struct file *file,
                                   const struct course_enrolled *enrolled,
                                   const struct enrolment_row *known)
{
    if (!known->has_completed_at || !still_open(known))
        return true;
    if (!slice_equal(known->course_id, enrolled->course_id))
        decision_refuse(file->decision, "COURSE_MISMATCH",
                        "enrolment \"%.*s\" was finished as one for the course \"%.*s\"; "
                        "a purchase of \"%.*s\" takes another id",
                        SHOWN(enrolled->enrolment_id), SHOWN(known->course_id),
                        SHOWN(enrolled->course_id));
    else if (file_day(file, enrolled->enrolled_at) > file_day(file, known->completed_at))
        decision_refuse(file->decision, "BAD_TIME",
                        "enrolment \"%.*s\" is said to be bought after the day on which it "
                        "was finished",
                        SHOWN(enrolled->enrolment_id));
    return file->decision->kind == DECIDED;
}

/* Of a purchase that is final a correction fills gaps only: with what was told before it must make sense. */
static bool gaps_fit(struct decision *decision, const struct course_enrolled *enrolled,
                     const struct enrolment_row *known)
{
    struct enrolment_row filled = *known;
    if (still_open(known))
        return true;
    fill_gaps(&filled, enrolled);
    if (filled.has_starts_on && filled.has_ends_on && filled.ends_on < filled.starts_on)
        decision_refuse(decision, "BAD_TIME",
                        "the training of enrolment \"%.*s\" would end before the first day "
                        "that was told earlier, or start after the last",
                        SHOWN(enrolled->enrolment_id));
    return decision->kind == DECIDED;
}

/* True when the purchase may be judged; otherwise the decision has ended. */
static bool admissible(const struct file *file, const struct course_enrolled *enrolled,
                       const struct uuid *key, const struct enrolment_row *known,
                       struct decision *decision)
{
    if (known != NULL && !uuid_equal(&known->award_id, &enrolled->award_id)) {
        decision_refuse(decision, "ENROLMENT_TAKEN",
                        "enrolment \"%.*s\" belongs to another award already; a voucher is "
                        "used once, and another purchase takes another id",
                        SHOWN(enrolled->enrolment_id));
        return false;
    }
    if (known != NULL &&
        (enrolled->revision <= known->revision || enrolled->revision <= known->late_revision)) {
        decision_repeat(decision);
        return false;
    }
    if (!slice_equal(enrolled->currency, file->standing.programme->currency)) {
        decision_refuse(decision, "BAD_CURRENCY",
                        "enrolment \"%.*s\" is priced in \"%.*s\", and the programme pays in "
                        "\"%.*s\"; send the price in that currency",
                        SHOWN(enrolled->enrolment_id), SHOWN(enrolled->currency),
                        SLICE_ARGS(file->standing.programme->currency));
        return false;
    }
    if (known != NULL && (!agrees_with_completion(file, enrolled, known) ||
                          !gaps_fit(decision, enrolled, known)))
        return false;
    if ((known == NULL || still_open(known)) && award_full(file->seen, key)) {
        decision_refuse(decision, "TOO_MANY_ENROLMENTS",
                        "enrolment \"%.*s\" is one too many: an award has at most %d that are "
                        "open or finished",
                        SHOWN(enrolled->enrolment_id), AWARD_ENROLMENTS);
        return false;
    }
    return true;
}

void decide_course_enrolled(const void *event, const void *subject, struct facts *facts,
                            struct decision *decision)
{
    const struct course_enrolled *enrolled = event;
    const struct award_subject *purchase = subject;
    const struct uuid *key = &purchase->enrolment_key;
    struct file file;
    if (!file_look(&file, &purchase->base.id, facts, decision, purchase->base.occurred_at))
        return;
    const struct enrolment_row *known = facts_find(facts, &enrolment_row_type, key);
    const struct course_row *course =
        facts_find(facts, &course_row_type, &purchase->course_key);
    if (!admissible(&file, enrolled, key, known, decision))
        return;
    if (course == NULL) {
        decision_wait(decision, &course_row_type, &purchase->course_key);
        return;
    }
    file_change(&file);
    file.fresh = true;
    struct enrolment_row *enrolment = facts_edit_or_add(facts, &enrolment_row_type, key);
    if (known != NULL && !still_open(enrolment)) {
        /* Final already: the correction is recorded, and an officer may act on it. */
        enrolment->late_revision = enrolled->revision;
        fill_gaps(enrolment, enrolled);
        return;
    }
    fill(enrolment, enrolled, course);
    enrolment->status = ENROLMENT_DECIDED_STATUS_HELD;
    enrolment->reasons.count = 0;
    enrolment_reconsider(&file, enrolment, course);
}
