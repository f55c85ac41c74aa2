#include "reached.h"

#include "earning.h"
#include "plan.h"

bool reached_of_enrolment(struct slice kind)
{
    return slice_is(kind, "TRAINING_MONTH") || slice_is(kind, "DAY_ATTENDED");
}

/* Whether the scheme pays for what the kind proves, or the kind is kept for reports. */
static bool used(const struct file *file, struct slice kind)
{
    const struct scheme *scheme = file->standing.scheme;
    if (slice_is(kind, "EMPLOYMENT_ENDED"))
        return file->seen->has_hired_on;
    for (size_t i = 0; i < scheme->benefit_count; i++)
        if (slice_is(kind, earned_by(scheme->benefits[i].trigger)))
            return true;
    return !reached_of_enrolment(kind) && !slice_is(kind, "MONTH_EMPLOYED");
}

static bool is_known(const struct award_row *award, const struct award_row_reached *reached)
{
    for (size_t i = 0; i < award->reached.count; i++) {
        const struct award_row_reached *one = &award->reached.items[i];
        if (slice_equal(one->kind, reached->kind) &&
            ((one->number == reached->number &&
              uuid_equal(&one->enrolment_key, &reached->enrolment_key)) ||
             (one->on == reached->on && slice_is(one->kind, "DAY_ATTENDED"))))
            return true;
    }
    return false;
}

/* A month of training must have begun, and lie within the course. */
static bool month_fits(struct file *file, const struct enrolment_row *enrolment,
                       const struct award_row_reached *reached)
{
    if (!enrolment->has_starts_on) {
        decision_refuse(
            file->decision, "COURSE_START_MISSING",
            "the enrolment of the month has no first day of training: send its next "
            "revision with it, then the month");
        return false;
    }
    epoch_day begins_on = day_add_months(enrolment->starts_on, reached->number - 1);
    if (enrolment->has_ends_on && begins_on > enrolment->ends_on)
        decision_refuse(file->decision, "NO_SUCH_MONTH",
                        "month %d begins after the last day of the course", reached->number);
    else if (reached->on < begins_on)
        decision_refuse(file->decision, "MONTH_NOT_BEGUN",
                        "month %d of the course begins only after the day on which it is said "
                        "to be reached",
                        reached->number);
    return file->decision->kind == DECIDED;
}

/* True when the enrolment of a month or day counts, or may still; otherwise the decision has ended. */
static bool enrolment_fits(struct file *file, const struct award_row_reached *reached)
{
    const struct uuid *key = &reached->enrolment_key;
    const struct enrolment_row *enrolment = facts_find(file->facts, &enrolment_row_type, key);
    if (enrolment == NULL) {
        decision_wait(file->decision, &enrolment_row_type, key);
        return false;
    }
    if (!uuid_equal(&enrolment->award_id, &file->seen->award_id))
        decision_refuse(file->decision, "ENROLMENT_TAKEN",
                        "the milestone is of an enrolment that belongs to another award");
    else if (enrolment->status != ENROLMENT_DECIDED_STATUS_ACCEPTED &&
             enrolment->status != ENROLMENT_DECIDED_STATUS_HELD)
        decision_refuse(file->decision, "ENROLMENT_NOT_OPEN",
                        "the enrolment was rejected or has expired: nothing is earned with it");
    else if (slice_is(reached->kind, "TRAINING_MONTH"))
        return month_fits(file, enrolment, reached);
    return file->decision->kind == DECIDED;
}

/* Of several last days the earliest counts, in whatever order they come. */
static void end_employment(struct file *file)
{
    const struct award_row *seen = file->seen;
    if (file->on < seen->hired_on) {
        decision_refuse(file->decision, "BAD_TIME",
                        "the employment is said to have ended before the day of hire");
        return;
    }
    if (seen->has_employment_ended_on && seen->employment_ended_on <= file->on) {
        decision_repeat(file->decision);
        return;
    }
    file_change(file);
    file->award->has_employment_ended_on = true;
    file->award->employment_ended_on = file->on;
    earned_stop(file);
    plan_award(file);
}

/* Of several jobs the earliest counts. */
static void place(struct award_row *award, epoch_day on)
{
    if (award->has_placed_on && award->placed_on <= on)
        return;
    award->has_placed_on = true;
    award->placed_on = on;
}

void reached_take(struct file *file, const struct milestone_reached *milestone,
                  const struct uuid *enrolment)
{
    struct award_row_reached reached = {
        .kind = milestone->kind, .number = milestone->number, .on = file->on};
    if (reached_of_enrolment(milestone->kind))
        reached.enrolment_key = *enrolment;
    if (!used(file, milestone->kind)) {
        decision_refuse(file->decision, "MILESTONE_NOT_USED",
                        "milestone %.*s: no benefit of the scheme %.*s depends on it",
                        SHOWN(milestone->kind), SLICE_ARGS(file->standing.scheme->name));
        return;
    }
    if (slice_is(milestone->kind, "EMPLOYMENT_ENDED")) {
        end_employment(file);
        return;
    }
    if (is_known(file->seen, &reached)) {
        decision_repeat(file->decision);
        return;
    }
    if (file->seen->reached.count >= AWARD_REACHED) {
        decision_refuse(file->decision, "TOO_MANY_MILESTONES",
                        "milestone %.*s is one too many: an award keeps at most %d of months, "
                        "days, jobs and proofs",
                        SHOWN(milestone->kind), AWARD_REACHED);
        return;
    }
    if (!uuid_is_nil(&reached.enrolment_key) && !enrolment_fits(file, &reached))
        return;
    file_change(file);
    award_add_reached(file->decision, file->award, &reached);
    if (slice_is(reached.kind, "JOB_PLACED"))
        place(file->award, reached.on);
    plan_award(file);
}
