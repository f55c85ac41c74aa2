#include "earning.h"

#include "announce.h"
#include "approval.h"
#include "plan.h"

enum { APPROVAL_INSTALMENTS = 64 /* of one incentive.approved */ };

const char *earned_by(enum benefit_trigger trigger)
{
    switch (trigger) {
    case TRIGGER_MONTH_EMPLOYED:
        return "MONTH_EMPLOYED";
    case TRIGGER_TRAINING_MONTH:
        return "TRAINING_MONTH";
    case TRIGGER_DAY_ATTENDED:
        return "DAY_ATTENDED";
    case TRIGGER_COMPLETION_VERIFIED:
    case TRIGGER_FIRST_COMPLETION:
    case TRIGGER_SURVEY_ANSWERED:
        break;
    }
    return "";
}

static bool is_planned(const struct award_row *award, const struct benefit *benefit,
                       const struct award_row_reached *reached)
{
    for (size_t i = 0; i < award->planned.count; i++) {
        const struct award_row_planned *one = &award->planned.items[i];
        if (one->number == reached->number && slice_equal(one->item, benefit->item) &&
            uuid_equal(&one->enrolment_key, &reached->enrolment_key))
            return true;
    }
    return false;
}

static int next_instalment(const struct award_row *award, const struct benefit *benefit)
{
    int next = 1;
    for (size_t i = 0; i < award->planned.count; i++)
        if (award->planned.items[i].instalment >= next &&
            slice_equal(award->planned.items[i].item, benefit->item))
            next = award->planned.items[i].instalment + 1;
    return next;
}

/* The first instalment that is stopped; INT32_MAX: none. */
static int stopped_from(const struct award_row *award, const struct benefit *benefit)
{
    int from = INT32_MAX;
    for (size_t i = 0; i < award->stops.count; i++)
        if (award->stops.items[i].from_instalment < from &&
            slice_equal(award->stops.items[i].item, benefit->item))
            from = award->stops.items[i].from_instalment;
    return from;
}

static void stop(struct file *file, const struct benefit *benefit, int from, enum effect effect,
                 const struct verdict *verdict)
{
    if (from >= stopped_from(file->award, benefit))
        return;
    award_add_stop(file->decision, file->award, &(struct award_row_stop){benefit->item, from});
    announce_stopped(file, benefit->item, from, approval_stop(effect),
                     approval_reason(file, verdict, effect));
}

/* The days of the award, and of the enrolment where the milestone is of one. */
static struct due_days days_of(const struct file *file, const struct enrolment_row *enrolment)
{
    struct due_days days = plan_days(file->award, NULL);
    if (enrolment == NULL)
        return days;
    days.known[DUE_COURSE_STARTS_ON] = enrolment->has_starts_on;
    days.day[DUE_COURSE_STARTS_ON] = enrolment->starts_on;
    days.known[DUE_COMPLETION_DAY] =
        enrolment->completion_status == COMPLETION_DECIDED_STATUS_VERIFIED;
    days.day[DUE_COMPLETION_DAY] =
        enrolment->has_completed_at ? file_day(file, enrolment->completed_at) : 0;
    return days;
}

/* One milestone and the instalment of an item that it earns. */
struct earned {
    const struct award_row_reached *reached;
    const struct enrolment_row *enrolment; /* NULL: it is of the award */
    int number;                            /* the instalment           */
    epoch_day due_on;
};

/* A held purchase may have been revised since its month was told: the course that counts has that month, and it had begun. */
static bool month_stands(const struct enrolment_row *enrolment,
                         const struct award_row_reached *reached)
{
    if (!enrolment->has_starts_on)
        return false;
    epoch_day begins_on = day_add_months(enrolment->starts_on, reached->number - 1);
    return begins_on <= reached->on &&
           (!enrolment->has_ends_on || begins_on <= enrolment->ends_on);
}

/* False while a day is missing, or the purchase is not accepted. */
static bool earned_find(const struct file *file, const struct benefit *benefit,
                        struct earned *earned)
{
    const struct uuid *key = &earned->reached->enrolment_key;
    epoch_day start;
    earned->enrolment = NULL;
    if (!uuid_is_nil(key)) {
        earned->enrolment = facts_find(file->facts, &enrolment_row_type, key);
        if (earned->enrolment == NULL ||
            earned->enrolment->status != ENROLMENT_DECIDED_STATUS_ACCEPTED ||
            (benefit->trigger == TRIGGER_TRAINING_MONTH &&
             !month_stands(earned->enrolment, earned->reached)))
            return false;
    }
    struct due_days days = days_of(file, earned->enrolment);
    if (!schedule_start(benefit, &days, &start))
        return false;
    earned->number = benefit->trigger == TRIGGER_MONTH_EMPLOYED
                         ? earned->reached->number
                         : next_instalment(file->award, benefit);
    earned->due_on = schedule_due_on(benefit, start, earned->reached->number);
    if (benefit->due_not_after_course_end && earned->enrolment != NULL &&
        earned->enrolment->has_ends_on && earned->due_on > earned->enrolment->ends_on)
        earned->due_on = earned->enrolment->ends_on;
    return true;
}

static void keep(struct file *file, const struct benefit *benefit, const struct earned *earned,
                 int instalment)
{
    award_add_planned(file->decision, file->award,
                      &(struct award_row_planned){benefit->item, earned->reached->enrolment_key,
                                                  earned->reached->number, instalment});
}

/* True when the instalment is to be approved. */
static bool settle(struct file *file, const struct benefit *benefit,
                   const struct earned *earned)
{
    struct verdict verdict;
    if (benefit->instalments > 0 && earned->number > benefit->instalments) {
        keep(file, benefit, earned, 0);
        return false;
    }
    enum effect effect = approval_judge(file, benefit, NULL, &earned->due_on, &verdict);
    approval_explains(file, &verdict);
    switch (effect) {
    case EFFECT_PASS:
    case EFFECT_PRIORITY:
        break;
    case EFFECT_RETRY:
    case EFFECT_HOLD:
        return false;
    case EFFECT_EXPIRE_ITEM:
    case EFFECT_STOP_ITEM:
        stop(file, benefit, earned->number, effect, &verdict);
        break;
    case EFFECT_REJECT:
    case EFFECT_REVOKE:
        keep(file, benefit, earned, 0);
        return false;
    }
    bool pays = earned->number < stopped_from(file->award, benefit);
    keep(file, benefit, earned, pays ? earned->number : 0);
    return pays;
}

static void approve(struct file *file, const struct benefit *benefit,
                    const struct incentive_approved_instalment *instalments, size_t count)
{
    struct slice payee_ref = approval_payee(file, benefit, NULL);
    for (size_t i = 0; i < count; i += APPROVAL_INSTALMENTS)
        announce_approval(file, benefit, payee_ref, &instalments[i],
                          count - i < APPROVAL_INSTALMENTS ? count - i : APPROVAL_INSTALMENTS,
                          instalments[i].number);
}

/* Told once, without instalments: the amount is asked for where it would be paid. */
static void approve_unknown(struct file *file, const struct benefit *benefit)
{
    struct award_row *award = file->award;
    if (award_item_settled(award, benefit->item))
        return;
    award_settle_item(file->decision, award, benefit->item);
    announce_approval(file, benefit, approval_payee(file, benefit, NULL), NULL, 0, 1);
}

void plan_earned(struct file *file, const struct benefit *benefit)
{
    const struct award_row *award = file->award;
    struct incentive_approved_instalment *instalments =
        decision_alloc(file->decision, (award->reached.count + 1) * sizeof *instalments);
    size_t count = 0;
    for (size_t i = 0; i < award->reached.count; i++) {
        struct earned earned = {.reached = &award->reached.items[i]};
        if (!slice_is(earned.reached->kind, earned_by(benefit->trigger)) ||
            is_planned(award, benefit, earned.reached) ||
            !earned_find(file, benefit, &earned) || !settle(file, benefit, &earned))
            continue;
        instalments[count++] = approval_instalment(file, benefit, earned.number,
                                                   benefit->amount_hundredths, earned.due_on);
    }
    if (count > 0 && benefit->amount_kind == AMOUNT_UNKNOWN)
        approve_unknown(file, benefit);
    else
        approve(file, benefit, instalments, count);
}

static void stop_item(struct file *file, const struct benefit *benefit)
{
    struct due_days days = plan_days(file->award, NULL);
    struct verdict verdict;
    epoch_day start;
    if (!schedule_start(benefit, &days, &start))
        return;
    for (int number = 1; number <= benefit->instalments; number++) {
        epoch_day due_on = schedule_due_on(benefit, start, number);
        enum effect effect = approval_judge(file, benefit, NULL, &due_on, &verdict);
        if (effect != EFFECT_STOP_ITEM && effect != EFFECT_EXPIRE_ITEM)
            continue;
        approval_explains(file, &verdict);
        stop(file, benefit, number, effect, &verdict);
        return;
    }
}

void earned_stop(struct file *file)
{
    const struct award_row *award = file->award;
    const struct scheme *scheme = file->standing.scheme;
    if (!award->has_employment_ended_on || award->revoked || award->closed)
        return;
    for (size_t i = 0; i < scheme->benefit_count; i++)
        if (scheme->benefits[i].trigger == TRIGGER_MONTH_EMPLOYED)
            stop_item(file, &scheme->benefits[i]);
}

void earned_expire(struct file *file, struct slice reason)
{
    const struct scheme *scheme = file->standing.scheme;
    for (size_t i = 0; i < scheme->benefit_count; i++) {
        const struct benefit *benefit = &scheme->benefits[i];
        int next = next_instalment(file->award, benefit);
        if (earned_by(benefit->trigger)[0] != '\0' && next <= benefit->instalments &&
            next < stopped_from(file->award, benefit))
            announce_stopped(file, benefit->item, next, INCENTIVE_STOPPED_EFFECT_EXPIRED,
                             reason);
    }
}
