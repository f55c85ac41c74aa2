#include "approval.h"

#include "dossier.h"
#include "seal/ids.h"

static bool only_the_amount(const struct benefit *benefit, const struct verdict *verdict)
{
    struct slice reasons[VERDICT_REASONS];
    return benefit->amount_kind == AMOUNT_UNKNOWN && verdict_effect(verdict) == EFFECT_HOLD &&
           verdict_reasons(verdict, reasons) == 1 && slice_is(reasons[0], "AMOUNT_UNKNOWN");
}

enum effect approval_judge(struct file *file, const struct benefit *benefit,
                           const struct award_row_survey *survey, const epoch_day *due_on,
                           struct verdict *verdict)
{
    struct dossier dossier = dossier_of(file);
    dossier.item = benefit->item;
    dossier.survey = survey;
    dossier.due_on = due_on;
    dossier.has_amount = benefit->amount_kind != AMOUNT_UNKNOWN;
    dossier.amount_hundredths = benefit->amount_hundredths;
    verdict_init(verdict);
    dossier_judge(&dossier, PHASE_PAY, verdict);
    return only_the_amount(benefit, verdict) ? EFFECT_PASS : verdict_effect(verdict);
}

void approval_explains(struct file *file, const struct verdict *verdict)
{
    if (file->decision->verdict.condition_count == 0)
        file->decision->verdict = *verdict;
}

struct slice approval_reason(const struct file *file, const struct verdict *verdict,
                             enum effect effect)
{
    struct dossier dossier = dossier_of(file);
    return dossier_reason(&dossier, PHASE_PAY, verdict, effect);
}

enum incentive_stopped_effect approval_stop(enum effect effect)
{
    return effect == EFFECT_EXPIRE_ITEM ? INCENTIVE_STOPPED_EFFECT_EXPIRED
           : effect == EFFECT_STOP_ITEM ? INCENTIVE_STOPPED_EFFECT_STOPPED
                                        : INCENTIVE_STOPPED_EFFECT_REFUSED;
}

struct slice approval_payee(const struct file *file, const struct benefit *benefit,
                            const struct enrolment_row *enrolment)
{
    const struct award_row *award = file->award;
    if (benefit->payee == PAYS_PROVIDER && enrolment != NULL)
        return enrolment->provider_id;
    /* What a worker gets out of an employer's award is the worker's own. */
    if (benefit->payee == PAYS_PARTICIPANT &&
        award->payee_kind == AWARD_ROW_PAYEE_KIND_EMPLOYER)
        return decision_uuid(file->decision, &award->person_id);
    return award->payee_ref;
}

struct incentive_approved_instalment approval_instalment(const struct file *file,
                                                         const struct benefit *benefit,
                                                         int number, int64_t amount_hundredths,
                                                         epoch_day due_on)
{
    return (struct incentive_approved_instalment){
        .number = number,
        .entitlement_id = seal_entitlement_id(file->decision->office->seal,
                                              &file->award->award_id, benefit->item, number),
        .has_amount = true,
        .amount = amount_hundredths,
        .due_on = due_on};
}
