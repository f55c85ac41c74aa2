#include "plan.h"

#include "announce.h"
#include "approval.h"
#include "earning.h"
#include "ending.h"
#include "rules/schedule.h"

/* An item of unknown amount is told without instalments, and never paid. */
static void approve(struct file *file, const struct benefit *benefit, struct slice payee_ref,
                    int first, int last, int64_t amount_hundredths, epoch_day start)
{
    size_t count = benefit->amount_kind == AMOUNT_UNKNOWN ? 0 : (size_t)(last - first + 1);
    struct incentive_approved_instalment *instalments =
        decision_alloc(file->decision, (count + 1) * sizeof *instalments);
    for (size_t i = 0; i < count; i++)
        instalments[i] = approval_instalment(file, benefit, first + (int)i, amount_hundredths,
                                             schedule_due_on(benefit, start, first + (int)i));
    announce_approval(file, benefit, payee_ref, instalments, count, first);
}

void plan_training(struct file *file, const struct enrolment_row *enrolment)
{
    const struct benefit *benefit = standing_pays(&file->standing, enrolment);
    struct due_days days = {0};
    epoch_day start;
    /* Nothing is owed for what was free; what an unknown fee comes to, nobody knows. */
    if (benefit == NULL || (enrolment->price == 0 && benefit->amount_kind != AMOUNT_UNKNOWN))
        return;
    days.known[DUE_COMPLETION_DAY] = true;
    days.day[DUE_COMPLETION_DAY] = file_day(file, enrolment->completed_at);
    if (schedule_start(benefit, &days, &start))
        approve(file, benefit, approval_payee(file, benefit, enrolment), enrolment->ordinal,
                enrolment->ordinal, enrolment->price, start);
}

struct due_days plan_days(const struct award_row *award, const struct award_row_survey *survey)
{
    struct due_days days = {0};
    days.known[DUE_COMPLETION_DAY] = award->has_first_completion_on;
    days.day[DUE_COMPLETION_DAY] = award->first_completion_on;
    days.known[DUE_REVIEW_RATED_ON] = award->has_review_rated_on;
    days.day[DUE_REVIEW_RATED_ON] = award->review_rated_on;
    days.known[DUE_ACCOUNT_LINKED_ON] = award->has_account_linked_on;
    days.day[DUE_ACCOUNT_LINKED_ON] = award->account_linked_on;
    days.known[DUE_INSTALMENT_1_PAID_ON] = award->has_instalment_1_paid_on;
    days.day[DUE_INSTALMENT_1_PAID_ON] = award->instalment_1_paid_on;
    days.known[DUE_HIRED_ON] = award->has_hired_on;
    days.day[DUE_HIRED_ON] = award->hired_on;
    days.known[DUE_SURVEY_ANSWERED_ON] = survey != NULL && survey->has_answered_on;
    days.day[DUE_SURVEY_ANSWERED_ON] = survey == NULL ? 0 : survey->answered_on;
    return days;
}

static void refuse_item(struct file *file, const struct benefit *benefit, enum effect effect,
                        const struct verdict *verdict)
{
    award_settle_item(file->decision, file->award, benefit->item);
    announce_stopped(file, benefit->item, 1, approval_stop(effect),
                     approval_reason(file, verdict, effect));
}

/* The items of the first completion: all instalments at once, or none. */
static void plan_first(struct file *file, const struct benefit *benefit)
{
    struct award_row *award = file->award;
    struct due_days days = plan_days(award, NULL);
    struct verdict verdict;
    epoch_day start;
    if (!award->has_first_completion_on || award_item_settled(award, benefit->item))
        return;
    enum effect effect = approval_judge(file, benefit, NULL, NULL, &verdict);
    approval_explains(file, &verdict);
    switch (effect) {
    case EFFECT_PASS:
    case EFFECT_PRIORITY:
        if (!schedule_start(benefit, &days, &start))
            return;
        award_settle_item(file->decision, file->award, benefit->item);
        approve(file, benefit, approval_payee(file, benefit, NULL), 1, benefit->instalments,
                benefit->amount_hundredths, start);
        return;
    case EFFECT_RETRY:
    case EFFECT_HOLD:
        return;
    case EFFECT_EXPIRE_ITEM:
    case EFFECT_STOP_ITEM:
    case EFFECT_REJECT:
    case EFFECT_REVOKE:
        refuse_item(file, benefit, effect, &verdict);
        return;
    }
}

static void plan_survey(struct file *file, const struct benefit *benefit,
                        const struct award_row_survey *survey)
{
    struct due_days days = plan_days(file->award, survey);
    struct award_row_survey settled = *survey;
    struct verdict verdict;
    epoch_day start;
    enum effect effect = approval_judge(file, benefit, survey, NULL, &verdict);
    approval_explains(file, &verdict);
    settled.settled = settled.approved = true;
    switch (effect) {
    case EFFECT_PASS:
    case EFFECT_PRIORITY:
        if (!schedule_start(benefit, &days, &start))
            return;
        award_put_survey(file->decision, file->award, &settled);
        approve(file, benefit, approval_payee(file, benefit, NULL), survey->number,
                survey->number, benefit->amount_hundredths, start);
        return;
    case EFFECT_RETRY:
    case EFFECT_HOLD:
        return;
    case EFFECT_EXPIRE_ITEM:
    case EFFECT_STOP_ITEM:
    case EFFECT_REJECT:
    case EFFECT_REVOKE:
        survey_end(file, survey, effect != EFFECT_EXPIRE_ITEM,
                   approval_reason(file, &verdict, effect));
        return;
    }
}

static void plan_surveys(struct file *file, const struct benefit *benefit)
{
    for (int number = 1; number <= benefit->instalments; number++) {
        const struct award_row_survey *survey = award_survey(file->award, number);
        if (survey != NULL && survey->has_answered_on && !survey->settled)
            plan_survey(file, benefit, survey);
    }
}

void plan_award(struct file *file)
{
    const struct scheme *scheme = file->standing.scheme;
    if (file->award->revoked || file->award->closed)
        return;
    for (size_t i = 0; i < scheme->benefit_count; i++) {
        const struct benefit *benefit = &scheme->benefits[i];
        switch (benefit->trigger) {
        case TRIGGER_FIRST_COMPLETION:
            plan_first(file, benefit);
            break;
        case TRIGGER_SURVEY_ANSWERED:
            plan_surveys(file, benefit);
            break;
        case TRIGGER_MONTH_EMPLOYED:
        case TRIGGER_TRAINING_MONTH:
        case TRIGGER_DAY_ATTENDED:
            plan_earned(file, benefit);
            break;
        case TRIGGER_COMPLETION_VERIFIED: /* by plan_training(), course by course */
            break;
        }
    }
}
