#include "plan.h"

#include "announce.h"
#include "dossier.h"
#include "ending.h"
#include "rules/schedule.h"
#include "seal/ids.h"

#include <assert.h>

/* The decision is explained by the first payment that it judged, unless it judged something else. */
static void explain_by(struct file *file, const struct verdict *verdict)
{
    if (file->decision->verdict.condition_count == 0)
        file->decision->verdict = *verdict;
}

static struct incentive_approved_instalment instalment_of(struct file *file,
                                                          const struct benefit *benefit,
                                                          int number, int64_t amount_hundredths,
                                                          epoch_day start)
{
    return (struct incentive_approved_instalment){
        .number = number,
        .entitlement_id = seal_entitlement_id(file->decision->office->seal,
                                              &file->award->award_id, benefit->item, number),
        .has_amount = true,
        .amount = amount_hundredths,
        .due_on = schedule_due_on(benefit, start, number)};
}

/* An item of unknown amount is told without instalments, and never paid. */
static void approve(struct file *file, const struct benefit *benefit, struct slice payee_ref,
                    int first, int last, int64_t amount_hundredths, epoch_day start)
{
    size_t count = benefit->amount_kind == AMOUNT_UNKNOWN ? 0 : (size_t)(last - first + 1);
    struct incentive_approved_instalment *instalments =
        decision_alloc(file->decision, (count + 1) * sizeof *instalments);
    for (size_t i = 0; i < count; i++)
        instalments[i] = instalment_of(file, benefit, first + (int)i, amount_hundredths, start);
    announce_approval(file, benefit, payee_ref, instalments, count, first);
}

static bool pays_category(const struct benefit *benefit, const struct enrolment_row *enrolment)
{
    if (benefit->category_count == 0)
        return true;
    return enrolment->has_category &&
           texts_have(benefit->categories, benefit->category_count, enrolment->category);
}

void plan_training(struct file *file, const struct enrolment_row *enrolment)
{
    const struct scheme *scheme = file->standing.scheme;
    struct due_days days = {0};
    epoch_day start;
    if (enrolment->price == 0) /* nothing is owed for what was free */
        return;
    days.known[DUE_COMPLETION_DAY] = true;
    days.day[DUE_COMPLETION_DAY] = file_day(file, enrolment->completed_at);
    for (size_t i = 0; i < scheme->benefit_count; i++) {
        const struct benefit *benefit = &scheme->benefits[i];
        if (benefit->trigger != TRIGGER_COMPLETION_VERIFIED ||
            !pays_category(benefit, enrolment) || !schedule_start(benefit, &days, &start))
            continue;
        struct slice payee_ref =
            benefit->payee == PAYS_PROVIDER ? enrolment->provider_id : file->award->payee_ref;
        approve(file, benefit, payee_ref, enrolment->ordinal, enrolment->ordinal,
                enrolment->price, start);
        return;
    }
}

static struct due_days days_of(const struct award_row *award,
                               const struct award_row_survey *survey)
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
    days.known[DUE_SURVEY_ANSWERED_ON] = survey != NULL && survey->has_answered_on;
    days.day[DUE_SURVEY_ANSWERED_ON] = survey == NULL ? 0 : survey->answered_on;
    return days;
}

static enum effect judge_payment(struct file *file, const struct benefit *benefit,
                                 const struct award_row_survey *survey, struct verdict *verdict)
{
    struct dossier dossier = dossier_of(file);
    dossier.item = benefit->item;
    dossier.survey = survey;
    dossier.has_amount = benefit->amount_kind != AMOUNT_UNKNOWN;
    dossier.amount_hundredths = benefit->amount_hundredths;
    verdict_init(verdict);
    dossier_judge(&dossier, PHASE_PAY, verdict);
    explain_by(file, verdict);
    return verdict_effect(verdict);
}

static struct slice worst_reason(struct file *file, const struct verdict *verdict,
                                 enum effect effect)
{
    struct dossier dossier = dossier_of(file);
    return dossier_reason(&dossier, PHASE_PAY, verdict, effect);
}

static void settle_item(struct file *file, const struct benefit *benefit)
{
    texts_add(file->decision, &file->award->settled_items.items,
              &file->award->settled_items.count, benefit->item);
}

static void refuse_item(struct file *file, const struct benefit *benefit, enum effect effect,
                        const struct verdict *verdict)
{
    enum incentive_stopped_effect how =
        effect == EFFECT_EXPIRE_ITEM ? INCENTIVE_STOPPED_EFFECT_EXPIRED
        : effect == EFFECT_STOP_ITEM ? INCENTIVE_STOPPED_EFFECT_STOPPED
                                     : INCENTIVE_STOPPED_EFFECT_REFUSED;
    settle_item(file, benefit);
    announce_stopped(file, benefit->item, 1, how, worst_reason(file, verdict, effect));
}

/* The items of the first completion: all instalments at once, or none. */
static void plan_first(struct file *file, const struct benefit *benefit)
{
    struct award_row *award = file->award;
    struct due_days days = days_of(award, NULL);
    struct verdict verdict;
    epoch_day start;
    if (!award->has_first_completion_on ||
        texts_have(award->settled_items.items, award->settled_items.count, benefit->item))
        return;
    enum effect effect = judge_payment(file, benefit, NULL, &verdict);
    switch (effect) {
    case EFFECT_PASS:
    case EFFECT_PRIORITY:
        if (!schedule_start(benefit, &days, &start))
            return;
        settle_item(file, benefit);
        approve(file, benefit, award->payee_ref, 1, benefit->instalments,
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
    struct due_days days = days_of(file->award, survey);
    struct award_row_survey settled = *survey;
    struct verdict verdict;
    epoch_day start;
    enum effect effect = judge_payment(file, benefit, survey, &verdict);
    settled.settled = settled.approved = true;
    switch (effect) {
    case EFFECT_PASS:
    case EFFECT_PRIORITY:
        if (!schedule_start(benefit, &days, &start))
            return;
        award_put_survey(file->decision, file->award, &settled);
        approve(file, benefit, file->award->payee_ref, survey->number, survey->number,
                benefit->amount_hundredths, start);
        return;
    case EFFECT_RETRY:
    case EFFECT_HOLD:
        return;
    case EFFECT_EXPIRE_ITEM:
    case EFFECT_STOP_ITEM:
    case EFFECT_REJECT:
    case EFFECT_REVOKE:
        survey_end(file, survey, effect != EFFECT_EXPIRE_ITEM,
                   worst_reason(file, &verdict, effect));
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
        case TRIGGER_COMPLETION_VERIFIED: /* by plan_training(), course by course */
        case TRIGGER_MONTH_EMPLOYED:
        case TRIGGER_TRAINING_MONTH:
        case TRIGGER_DAY_ATTENDED: /* their milestones are refused on arrival */
            break;
        }
    }
}
