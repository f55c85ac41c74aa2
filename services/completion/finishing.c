#include "finishing.h"

#include "announce.h"
#include "deadlines.h"
#include "dossier.h"
#include "ending.h"
#include "plan.h"
#include "purchase.h"
#include "worker/texts.h"

/* A purchase that counted once, and ended only with a refused completion or with an award that lives again. */
static bool comes_back(const struct file *file, const struct enrolment_row *enrolment)
{
    return enrolment->ordinal > 0 &&
           (enrolment->status == ENROLMENT_DECIDED_STATUS_REJECTED ||
            (enrolment->status == ENROLMENT_DECIDED_STATUS_EXPIRED && !file->award->closed));
}

/* A completion cannot be better than its purchase. One that may come back is judged by the balance, because the
 * price went back into it. */
static void judge_purchase(const struct file *file, const struct enrolment_row *enrolment,
                           struct verdict *verdict)
{
    bool held = enrolment->status == ENROLMENT_DECIDED_STATUS_HELD;
    if (enrolment->status == ENROLMENT_DECIDED_STATUS_ACCEPTED)
        return;
    if (comes_back(file, enrolment)) {
        bool kept = enrolment->status == ENROLMENT_DECIDED_STATUS_EXPIRED ||
                    !file->award->has_balance_expired_at;
        if (standing_takes(&file->standing, enrolment) >
            (kept ? award_balance(file->award) : award_free(file->award)))
            verdict_add(verdict, EFFECT_REJECT, SLICE("BALANCE_INSUFFICIENT"));
        return;
    }
    for (size_t i = 0; i < enrolment->reasons.count; i++)
        verdict_add(verdict, held ? EFFECT_HOLD : EFFECT_REJECT, enrolment->reasons.items[i]);
}

static struct dossier judge(const struct file *file, const struct enrolment_row *enrolment,
                            struct verdict *verdict)
{
    struct dossier dossier = dossier_of(file);
    dossier.enrolment = enrolment;
    dossier.on = file_day(file, enrolment->completed_at);
    verdict_init(verdict);
    dossier_judge(&dossier, PHASE_COMPLETE, verdict);
    if (file->award->closed)
        verdict_add(verdict, EFFECT_REJECT, SLICE("BALANCE_RETURNED"));
    judge_purchase(file, enrolment, verdict);
    if (file->fresh && ended_since(file, enrolment->completed_at))
        verdict_add(verdict, EFFECT_REJECT, SLICE("REPORTED_LATE"));
    verdict_uphold(enrolment, verdict);
    return dossier;
}

static int32_t status_of(const struct file *file, const struct enrolment_row *enrolment,
                         const struct verdict *verdict)
{
    const bool counts =
        enrolment->status == ENROLMENT_DECIDED_STATUS_ACCEPTED || comes_back(file, enrolment);
    switch (verdict_effect(verdict)) {
    case EFFECT_REVOKE:
    case EFFECT_REJECT:
    case EFFECT_STOP_ITEM:
    case EFFECT_EXPIRE_ITEM:
        return COMPLETION_DECIDED_STATUS_REJECTED;
    case EFFECT_HOLD:
    case EFFECT_RETRY:
        return counts && holds_are_waived(enrolment, verdict)
                   ? COMPLETION_DECIDED_STATUS_VERIFIED
                   : COMPLETION_DECIDED_STATUS_HELD;
    case EFFECT_PASS:
    case EFFECT_PRIORITY:
        break;
    }
    return COMPLETION_DECIDED_STATUS_VERIFIED;
}

static void begin_first(struct file *file, struct enrolment_row *enrolment)
{
    struct award_row *award = file->award;
    award->has_first_completion_key = award->has_first_completion_on = true;
    award->first_completion_key = enrolment->enrolment_key;
    award->first_completion_on = file_day(file, enrolment->completed_at);
    award->has_review_rated_on = enrolment->has_rated_on;
    award->review_rated_on = enrolment->rated_on;
    deadline_set(file, DEADLINE_NEXT_PURCHASE, 0);
}

static void verify(struct file *file, struct enrolment_row *enrolment)
{
    struct award_row *award = file->award;
    bool first = award->verified_completions == 0;
    if (enrolment->status != ENROLMENT_DECIDED_STATUS_ACCEPTED) {
        if (enrolment->status == ENROLMENT_DECIDED_STATUS_EXPIRED) {
            award->unfinished_purchases--;
            award->unfinished_prices -= standing_takes(&file->standing, enrolment);
        }
        enrolment->status = ENROLMENT_DECIDED_STATUS_ACCEPTED;
        enrolment->reasons.count = 0;
        purchase_enter(file, enrolment);
        announce_enrolment(file, enrolment);
    }
    award->verified_completions++;
    award_put_enrolment(file->decision, award,
                        &(struct award_row_enrolment){.enrolment_key = enrolment->enrolment_key,
                                                      .course_key = enrolment->course_key,
                                                      .ordinal = enrolment->ordinal,
                                                      .verified = true,
                                                      .rated = enrolment->has_rated_on});
    person_drop_course(file->decision, file->facts, &award->person_id,
                       &enrolment->enrolment_key);
    if (first)
        begin_first(file, enrolment);
    announce_completion(file, enrolment, first);
    announce_message(file, MESSAGE_COMPLETED, (struct slice){0}, false, 0,
                     award->completion_sequence);
    plan_training(file, enrolment);
    plan_award(file);
}

static void reject(struct file *file, struct enrolment_row *enrolment,
                   const struct dossier *dossier, const struct verdict *verdict)
{
    announce_completion(file, enrolment, false);
    if (enrolment->status == ENROLMENT_DECIDED_STATUS_ACCEPTED) {
        purchase_leave(file, enrolment);
        enrolment->status = ENROLMENT_DECIDED_STATUS_REJECTED;
        texts_copy(file->decision, enrolment->completion_reasons.items,
                   enrolment->completion_reasons.count, &enrolment->reasons.items,
                   &enrolment->reasons.count);
        announce_enrolment(file, enrolment);
    } else if (enrolment->ordinal > 0) {
        award_drop_enrolment(file->decision, file->award, &enrolment->enrolment_key);
    }
    if (verdict_effect(verdict) == EFFECT_REVOKE)
        award_revoke(file, dossier_reason(dossier, PHASE_COMPLETE, verdict, EFFECT_REVOKE));
}

/* It left the award's list when its price went back: on the list again it is looked at, and ends with the award. */
static void list_again(struct file *file, const struct enrolment_row *enrolment)
{
    award_put_enrolment(file->decision, file->award,
                        &(struct award_row_enrolment){.enrolment_key = enrolment->enrolment_key,
                                                      .course_key = enrolment->course_key,
                                                      .held = true});
}

void completion_decide(struct file *file, struct enrolment_row *enrolment)
{
    struct verdict verdict;
    struct slice reasons[VERDICT_REASONS];
    struct dossier dossier = judge(file, enrolment, &verdict);
    int32_t before = enrolment->completion_status;
    int32_t status = status_of(file, enrolment, &verdict);
    size_t count =
        status == COMPLETION_DECIDED_STATUS_VERIFIED ? 0 : verdict_reasons(&verdict, reasons);
    bool same =
        before == status && texts_equal(reasons, count, enrolment->completion_reasons.items,
                                        enrolment->completion_reasons.count);
    file_explain(file, &verdict, !same);
    enrolment->completion_status = status;
    texts_copy(file->decision, reasons, count, &enrolment->completion_reasons.items,
               &enrolment->completion_reasons.count);
    switch ((enum completion_decided_status)status) {
    case COMPLETION_DECIDED_STATUS_VERIFIED:
        verify(file, enrolment);
        return;
    case COMPLETION_DECIDED_STATUS_REJECTED:
        reject(file, enrolment, &dossier, &verdict);
        return;
    case COMPLETION_DECIDED_STATUS_HELD:
    case COMPLETION_DECIDED_STATUS_UNKNOWN:
        break;
    }
    if (!same)
        announce_completion(file, enrolment, false);
    if (comes_back(file, enrolment))
        list_again(file, enrolment);
    retry_later(file, 0, reasons, count);
}

/* Held, and nothing of its purchase holds it any more; or refused while its purchase, just accepted, was not. */
static bool completion_waits(const struct enrolment_row *enrolment, bool was_open)
{
    if (enrolment->status == ENROLMENT_DECIDED_STATUS_HELD)
        return false;
    return enrolment->completion_status == COMPLETION_DECIDED_STATUS_HELD ||
           (was_open && enrolment->status == ENROLMENT_DECIDED_STATUS_ACCEPTED &&
            enrolment->completion_status == COMPLETION_DECIDED_STATUS_REJECTED);
}

void enrolment_reconsider(struct file *file, struct enrolment_row *enrolment,
                          const struct course_row *course)
{
    const bool was_open = enrolment->status == ENROLMENT_DECIDED_STATUS_HELD;
    if (was_open)
        purchase_decide(file, enrolment, course);
    /* Months and days that were told meanwhile count from now on. */
    if (enrolment->status == ENROLMENT_DECIDED_STATUS_ACCEPTED &&
        file->award->reached.count > 0)
        plan_award(file);
    if (completion_waits(enrolment, was_open))
        completion_decide(file, enrolment);
}

void enrolments_reconsider(struct file *file)
{
    /* The list changes while it is walked: the list as it was is walked instead. */
    const struct award_row_enrolment *items = file->award->enrolments.items;
    size_t count = file->award->enrolments.count;
    for (size_t i = 0; i < count; i++) {
        const struct uuid *key = &items[i].enrolment_key;
        const struct course_row *course =
            facts_find(file->facts, &course_row_type, &items[i].course_key);
        if (items[i].verified || course == NULL ||
            facts_find(file->facts, &enrolment_row_type, key) == NULL)
            continue;
        enrolment_reconsider(file, facts_edit(file->facts, &enrolment_row_type, key), course);
    }
}
