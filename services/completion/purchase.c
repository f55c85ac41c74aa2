#include "purchase.h"

#include "announce.h"
#include "dossier.h"
#include "ending.h"
#include "worker/texts.h"

enum { COURSE_LOOK_HOURS = 24 };

/* An award on hold holds what is bought with it, with the reasons of its holds ("BY:REASON"). */
static void judge_holds(const struct award_row *award, struct verdict *verdict)
{
    for (size_t i = 0; i < award->holds.count; i++) {
        struct slice hold = award->holds.items[i];
        const char *colon = memchr(hold.data, ':', hold.size);
        size_t skip = colon == NULL ? 0 : (size_t)(colon - hold.data) + 1;
        verdict_add(verdict, EFFECT_HOLD, SLICE("AWARD_HELD"));
        verdict_add(verdict, EFFECT_HOLD, (struct slice){hold.data + skip, hold.size - skip});
    }
}

static const struct course_row_verdict *verdict_for(const struct course_row *course,
                                                    const struct award_row *award)
{
    for (size_t i = 0; i < course->verdicts.count; i++) {
        const struct course_row_verdict *one = &course->verdicts.items[i];
        if (one->year == award->year && slice_equal(one->scheme, award->scheme) &&
            slice_equal(one->programme, award->programme))
            return one;
    }
    return NULL;
}

/* What is left of what the scheme's package has for courses. Of a balance that lapsed only what is kept for courses that
 * may come back is left, and is for no other. */
static int64_t left_of_package(const struct file *file)
{
    if (file->award->has_balance_expired_at)
        return award_free(file->award);
    return standing_grants(&file->standing) - file->award->training_used;
}

/* What no benefit pays is not bought with the award, nor what it has not committed. A category that the listing lacks may
 * come with its next revision. */
static void judge_money(const struct file *file, const struct enrolment_row *enrolment,
                        struct verdict *verdict)
{
    const struct standing *standing = &file->standing;
    if (standing_pays(standing, enrolment) == NULL) {
        if (enrolment->has_category || standing_training(standing) == NULL)
            verdict_add(verdict, EFFECT_REJECT, SLICE("COURSE_NOT_OFFERED"));
        else
            verdict_add(verdict, EFFECT_HOLD, SLICE("REGISTRY_UNAVAILABLE"));
    }
    if (standing_takes(standing, enrolment) > left_of_package(file))
        verdict_add(verdict, EFFECT_REJECT, SLICE("BALANCE_INSUFFICIENT"));
}

/* What was decided when the course was listed counts; so do its days of sale and its price. */
static void judge_course(const struct file *file, const struct enrolment_row *enrolment,
                         const struct course_row *course, struct verdict *verdict)
{
    const struct course_row_verdict *listed = verdict_for(course, file->award);
    const epoch_day day = file_day(file, enrolment->enrolled_at);
    enum effect effect;
    if (listed == NULL || course->withdrawn || day < course->valid_from ||
        (course->has_valid_to && day > course->valid_to))
        verdict_add(verdict, EFFECT_REJECT, SLICE("COURSE_NOT_OFFERED"));
    if (enrolment->price > course->price)
        verdict_add(verdict, EFFECT_REJECT, SLICE("PRICE_ABOVE_LISTED"));
    if (listed == NULL || !effect_find(listed->effect, &effect) || effect < EFFECT_RETRY)
        return;
    for (size_t i = 0; i < listed->reasons.count; i++)
        verdict_add(verdict,
                    effect == EFFECT_RETRY || effect == EFFECT_HOLD ? effect : EFFECT_REJECT,
                    listed->reasons.items[i]);
}

/* One unfinished course a person, over all awards. Within an award a condition about the previous
 * training says so instead, where the scheme has one. */
static void judge_concurrent(const struct file *file, const struct enrolment_row *enrolment,
                             struct verdict *verdict)
{
    const struct person_row *person =
        facts_find(file->facts, &person_row_type, &file->award->person_id);
    bool own_counts = verdict_value(verdict, FIELD_AWARD_PREVIOUS_TRAINING_DONE) == NULL;
    for (size_t i = 0; person != NULL && i < person->courses.count; i++) {
        const struct person_row_course *course = &person->courses.items[i];
        bool own = uuid_equal(&course->award_id, &file->award->award_id);
        if (!uuid_equal(&course->enrolment_key, &enrolment->enrolment_key) &&
            (!own || own_counts))
            verdict_add(verdict, EFFECT_REJECT, SLICE("CONCURRENT_COURSE"));
    }
}

void verdict_uphold(const struct enrolment_row *enrolment, struct verdict *verdict)
{
    struct slice reasons[VERDICT_REASONS];
    size_t count = verdict_reasons(verdict, reasons);
    if (verdict_effect(verdict) != EFFECT_HOLD)
        return;
    for (size_t i = 0; i < count; i++)
        if (texts_have(enrolment->upheld.items, enrolment->upheld.count, reasons[i]))
            verdict_add(verdict, EFFECT_REJECT, reasons[i]);
}

/* Made before the award or its balance ended, told only afterwards. What is told is decided when it comes; that the
 * platform was late is said, so that an officer can set it right. */
static void judge_report(const struct file *file, const struct enrolment_row *enrolment,
                         struct verdict *verdict)
{
    const struct award_row *award = file->award;
    bool ended = ended_since(file, enrolment->enrolled_at);
    bool lapsed = award->has_balance_expired_at &&
                  enrolment->enrolled_at < award->balance_expired_at &&
                  standing_takes(&file->standing, enrolment) > award_free(award);
    if (file->fresh && (ended || lapsed))
        verdict_add(verdict, EFFECT_REJECT, SLICE("REPORTED_LATE"));
}

bool ended_since(const struct file *file, instant_us at)
{
    const struct award_row *award = file->award;
    return (award->revoked || award->closed) && award->has_ended_at && at < award->ended_at;
}

static struct dossier judge(const struct file *file, const struct enrolment_row *enrolment,
                            const struct course_row *course, struct verdict *verdict)
{
    struct dossier dossier = dossier_of(file);
    dossier.enrolment = enrolment;
    dossier.course = course;
    dossier.published = file_published(file);
    dossier.on = file_day(file, enrolment->enrolled_at);
    verdict_init(verdict);
    dossier_judge(&dossier, PHASE_PURCHASE, verdict);
    if (file->award->closed)
        verdict_add(verdict, EFFECT_REJECT, SLICE("BALANCE_RETURNED"));
    judge_holds(file->award, verdict);
    judge_course(file, enrolment, course, verdict);
    judge_money(file, enrolment, verdict);
    judge_concurrent(file, enrolment, verdict);
    judge_report(file, enrolment, verdict);
    verdict_uphold(enrolment, verdict);
    return dossier;
}

bool holds_are_waived(const struct enrolment_row *enrolment, const struct verdict *verdict)
{
    struct slice reasons[VERDICT_REASONS];
    size_t count = verdict_reasons(verdict, reasons);
    if (verdict_effect(verdict) != EFFECT_HOLD)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!texts_have(enrolment->waived.items, enrolment->waived.count, reasons[i]))
            return false;
    return true;
}

static int32_t status_of(const struct enrolment_row *enrolment, const struct verdict *verdict)
{
    switch (verdict_effect(verdict)) {
    case EFFECT_REVOKE:
    case EFFECT_REJECT:
    case EFFECT_STOP_ITEM:
    case EFFECT_EXPIRE_ITEM:
        return ENROLMENT_DECIDED_STATUS_REJECTED;
    case EFFECT_HOLD:
    case EFFECT_RETRY:
        return holds_are_waived(enrolment, verdict) ? ENROLMENT_DECIDED_STATUS_ACCEPTED
                                                    : ENROLMENT_DECIDED_STATUS_HELD;
    case EFFECT_PASS:
    case EFFECT_PRIORITY:
        break;
    }
    return ENROLMENT_DECIDED_STATUS_ACCEPTED;
}

/* A review that named no enrolment, and was heard before the purchase that it is of. */
static void take_review(const struct file *file, struct enrolment_row *enrolment)
{
    struct award_row *award = file->award;
    if (enrolment->has_rated_on || !award->has_unassigned_rated_at ||
        award->unassigned_rated_at < enrolment->enrolled_at)
        return;
    enrolment->has_rated_on = true;
    enrolment->rated_on = file_day(file, award->unassigned_rated_at);
    award->has_unassigned_rated_at = false;
    award->unassigned_rated_at = 0;
}

void purchase_enter(struct file *file, struct enrolment_row *enrolment)
{
    struct award_row *award = file->award;
    take_review(file, enrolment);
    if (enrolment->ordinal == 0)
        enrolment->ordinal = ++award->last_ordinal;
    award->training_used += standing_takes(&file->standing, enrolment);
    award->purchases++;
    award_put_enrolment(file->decision, award,
                        &(struct award_row_enrolment){.enrolment_key = enrolment->enrolment_key,
                                                      .course_key = enrolment->course_key,
                                                      .ordinal = enrolment->ordinal,
                                                      .rated = enrolment->has_rated_on});
    person_put_course(file->decision, file->facts, &award->person_id,
                      &(struct person_row_course){enrolment->enrolment_key, award->award_id});
}

void purchase_leave(struct file *file, const struct enrolment_row *enrolment)
{
    struct award_row *award = file->award;
    int64_t taken = standing_takes(&file->standing, enrolment);
    award->training_used -= taken;
    award->purchases--;
    /* What comes back into a balance that lapsed lapses with it. */
    if (award->has_balance_expired_at)
        award->training_granted -= taken;
    award_drop_enrolment(file->decision, award, &enrolment->enrolment_key);
    person_drop_course(file->decision, file->facts, &award->person_id,
                       &enrolment->enrolment_key);
}

void retry_later(struct file *file, int hours, const struct slice *reasons, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct reason *reason = reason_find(file->standing.programme, reasons[i]);
        if (reason != NULL && reason->ends_by.every_hours > 0 &&
            (hours == 0 || reason->ends_by.every_hours < hours))
            hours = reason->ends_by.every_hours;
    }
    /* One timer an award: it looks at everything that is held. */
    if (hours == 0 || (file->award->has_retry_at && file->award->retry_at > file->occurred_at))
        return;
    file->award->has_retry_at = true;
    file->award->retry_at = file->occurred_at + (instant_us)hours * 3600 * US_PER_SECOND;
    decision_timer(file->decision, "retry", &file->award->award_id, file->award->retry_at);
}

static bool waits_for_course(const struct award_row *award,
                             const struct enrolment_row *enrolment,
                             const struct course_row *course)
{
    const struct course_row_verdict *listed = verdict_for(course, award);
    if (listed == NULL || !slice_is(listed->effect, effect_name(EFFECT_HOLD)))
        return false;
    for (size_t i = 0; i < listed->reasons.count; i++)
        if (!texts_have(enrolment->waived.items, enrolment->waived.count,
                        listed->reasons.items[i]))
            return true;
    return false;
}

bool course_keeps_waiting(const struct file *file, epoch_day last_day)
{
    const struct award_row *award = file->seen;
    for (size_t i = 0; i < award->enrolments.count; i++) {
        const struct award_row_enrolment *one = &award->enrolments.items[i];
        const struct enrolment_row *enrolment =
            facts_find(file->facts, &enrolment_row_type, &one->enrolment_key);
        const struct course_row *course =
            facts_find(file->facts, &course_row_type, &one->course_key);
        if (enrolment != NULL && course != NULL &&
            enrolment->status == ENROLMENT_DECIDED_STATUS_HELD &&
            file_day(file, enrolment->enrolled_at) <= last_day &&
            waits_for_course(award, enrolment, course))
            return true;
    }
    return false;
}

static void settle(struct file *file, struct enrolment_row *enrolment,
                   const struct course_row *course, const struct slice *reasons, size_t count)
{
    switch ((enum enrolment_decided_status)enrolment->status) {
    case ENROLMENT_DECIDED_STATUS_ACCEPTED:
        purchase_enter(file, enrolment);
        return;
    case ENROLMENT_DECIDED_STATUS_HELD:
        award_put_enrolment(
            file->decision, file->award,
            &(struct award_row_enrolment){.enrolment_key = enrolment->enrolment_key,
                                          .course_key = enrolment->course_key,
                                          .held = true});
        /* A course is mended by its own records, which name no purchase: those that it holds look for themselves. */
        retry_later(file,
                    waits_for_course(file->award, enrolment, course) ? COURSE_LOOK_HOURS : 0,
                    reasons, count);
        return;
    case ENROLMENT_DECIDED_STATUS_REJECTED:
    case ENROLMENT_DECIDED_STATUS_EXPIRED:
    case ENROLMENT_DECIDED_STATUS_UNKNOWN:
        award_drop_enrolment(file->decision, file->award, &enrolment->enrolment_key);
        return;
    }
}

/* While the award, or a course bought with it, is on hold, or a course may come back that expired with it: to buy late is no
 * worse then than to buy nothing, which no deadline punishes. */
static bool buying_late_is_spared(const struct file *file)
{
    return file->award->holds.count > 0 || file->award->unfinished_purchases > 0 ||
           course_keeps_waiting(file, INT32_MAX);
}

/* What is stronger than a refused purchase: the balance lapses, or the award ends. */
static void follow(struct file *file, const struct dossier *dossier,
                   const struct verdict *verdict)
{
    enum effect effect = verdict_effect(verdict);
    struct slice lapsed = dossier_reason(dossier, PHASE_PURCHASE, verdict, EFFECT_EXPIRE_ITEM);
    if ((effect != EFFECT_REVOKE && lapsed.size == 0) || buying_late_is_spared(file))
        return;
    if (effect == EFFECT_REVOKE)
        award_revoke(file, dossier_reason(dossier, PHASE_PURCHASE, verdict, EFFECT_REVOKE));
    else
        balance_expire(file, lapsed);
}

void purchase_decide(struct file *file, struct enrolment_row *enrolment,
                     const struct course_row *course)
{
    struct verdict verdict;
    struct slice reasons[VERDICT_REASONS];
    enrolment->has_category = course->has_category;
    enrolment->category = course->category;
    struct dossier dossier = judge(file, enrolment, course, &verdict);
    int32_t before = enrolment->status;
    enrolment->status = status_of(enrolment, &verdict);
    size_t count = enrolment->status == ENROLMENT_DECIDED_STATUS_ACCEPTED
                       ? 0
                       : verdict_reasons(&verdict, reasons);
    bool same = before == enrolment->status &&
                texts_equal(reasons, count, enrolment->reasons.items, enrolment->reasons.count);
    file_explain(file, &verdict, !same);
    texts_copy(file->decision, reasons, count, &enrolment->reasons.items,
               &enrolment->reasons.count);
    settle(file, enrolment, course, reasons, count);
    if (!same)
        announce_enrolment(file, enrolment);
    follow(file, &dossier, &verdict);
}
