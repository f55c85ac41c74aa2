#include "ending.h"

#include "announce.h"
#include "earning.h"
#include "worker/texts.h"

void award_ended(struct award_row *award, instant_us at)
{
    if (!award->has_ended_at || award->ended_at < at)
        award->ended_at = at;
    award->has_ended_at = true;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* `kept` of what is left stays. */
static void lapse(struct file *file, int64_t kept, struct slice reason)
{
    struct award_row *award = file->award;
    const struct benefit *benefit = standing_training(&file->standing);
    int64_t unused = award_balance(award) - kept;
    award->has_balance_expired_at = true;
    award->balance_expired_at = file->occurred_at;
    award->training_granted = award->training_used + kept;
    if (unused <= 0 || benefit == NULL)
        return;
    struct incentive_stopped *stopped = announce_stopped(
        file, benefit->item, award->last_ordinal + 1, INCENTIVE_STOPPED_EFFECT_EXPIRED, reason);
    stopped->has_unused = true;
    stopped->unused = unused;
    stopped->currency = file->standing.programme->currency;
}

/* The price of a course that expired with an end, and may come back, stays. */
void balance_expire(struct file *file, struct slice reason)
{
    const struct award_row *award = file->award;
    if (!award->has_balance_expired_at)
        lapse(file, least(award->unfinished_prices, award_balance(award)), reason);
}

/* The first instalment from which on no survey can fall due any more; one past the last when the last one can. */
static int first_ended(const struct award_row *award, int instalments)
{
    int first = instalments + 1;
    while (first > 1) {
        const struct award_row_survey *survey = award_survey(award, first - 1);
        if (survey == NULL || !survey->settled || survey->approved)
            break;
        first--;
    }
    return first;
}

void survey_end(struct file *file, const struct award_row_survey *survey, bool refused,
                struct slice reason)
{
    const struct benefit *benefit = standing_surveys(&file->standing);
    struct award_row_survey ended = *survey;
    ended.settled = true;
    award_put_survey(file->decision, file->award, &ended);
    if (benefit == NULL)
        return;
    int first = first_ended(file->award, benefit->instalments);
    if (first <= ended.number)
        announce_stopped(file, benefit->item, first,
                         refused ? INCENTIVE_STOPPED_EFFECT_REFUSED
                                 : INCENTIVE_STOPPED_EFFECT_EXPIRED,
                         reason);
}

/* The enrolment's row ends with a state and one reason, and leaves the award's list. A purchase that ended before, and
 * would have come back with its completion, stays as it is. */
static void enrolment_end(struct file *file, struct enrolment_row *enrolment, int32_t status,
                          struct slice reason)
{
    award_drop_enrolment(file->decision, file->award, &enrolment->enrolment_key);
    if (enrolment->status == ENROLMENT_DECIDED_STATUS_ACCEPTED ||
        enrolment->status == ENROLMENT_DECIDED_STATUS_HELD) {
        enrolment->status = status;
        texts_copy(file->decision, &reason, 1, &enrolment->reasons.items,
                   &enrolment->reasons.count);
        announce_enrolment(file, enrolment);
    }
    if (enrolment->completion_status != COMPLETION_DECIDED_STATUS_HELD)
        return;
    enrolment->completion_status = COMPLETION_DECIDED_STATUS_REJECTED;
    texts_copy(file->decision, &reason, 1, &enrolment->completion_reasons.items,
               &enrolment->completion_reasons.count);
    announce_completion(file, enrolment, false);
}

void enrolments_reject_held(struct file *file, struct slice reason)
{
    /* Entries leave the list while it is walked: the list as it was is walked instead. */
    const struct award_row_enrolment *items = file->award->enrolments.items;
    size_t count = file->award->enrolments.count;
    for (size_t i = 0; i < count; i++) {
        if (!items[i].held ||
            facts_find(file->facts, &enrolment_row_type, &items[i].enrolment_key) == NULL)
            continue;
        enrolment_end(file,
                      facts_edit(file->facts, &enrolment_row_type, &items[i].enrolment_key),
                      ENROLMENT_DECIDED_STATUS_REJECTED, reason);
    }
}

void award_revoke(struct file *file, struct slice reason)
{
    struct award_row *award = file->award;
    /* An award ends once, and nobody would hear an end that is outlived. */
    if (award->revoked || award->closed ||
        (award->has_reinstated_at && file->occurred_at <= award->reinstated_at))
        return;
    award->revoked = true;
    award_ended(award, file->occurred_at);
    announce_change(file, AWARD_CHANGED_CHANGE_REVOKED, reason);
    announce_message(file, MESSAGE_REVOKED, reason, false, 0, award->change_sequence);
    enrolments_reject_held(file, SLICE("AWARD_REVOKED"));
}

bool award_unfinished(const struct award_row *award)
{
    for (size_t i = 0; i < award->enrolments.count; i++)
        if (!award->enrolments.items[i].held && !award->enrolments.items[i].verified)
            return true;
    return false;
}

/* When the award closes, before the rest of the balance lapses. */
void enrolments_expire_unfinished(struct file *file, struct slice reason)
{
    struct award_row *award = file->award;
    const struct award_row_enrolment *items = award->enrolments.items;
    size_t count = award->enrolments.count;
    for (size_t i = 0; i < count; i++) {
        if (items[i].held || items[i].verified ||
            facts_find(file->facts, &enrolment_row_type, &items[i].enrolment_key) == NULL)
            continue;
        struct enrolment_row *enrolment =
            facts_edit(file->facts, &enrolment_row_type, &items[i].enrolment_key);
        int64_t taken = standing_takes(&file->standing, enrolment);
        award->training_used -= taken;
        if (award->has_balance_expired_at)
            award->training_granted -= taken;
        award->purchases--;
        award->unfinished_purchases++;
        award->unfinished_prices += taken;
        person_drop_course(file->decision, file->facts, &award->person_id,
                           &enrolment->enrolment_key);
        enrolment_end(file, enrolment, ENROLMENT_DECIDED_STATUS_EXPIRED, reason);
    }
}

/* What lapses with the award opens again with it. */
static void close_item(struct file *file, struct slice item)
{
    texts_add(file->decision, &file->award->closed_items.items,
              &file->award->closed_items.count, item);
}

static void expire_balance(struct file *file, struct slice reason)
{
    struct award_row *award = file->award;
    const struct benefit *benefit = standing_training(&file->standing);
    if (award->has_balance_expired_at) {
        award->training_granted = award->training_used;
        return;
    }
    if (benefit != NULL)
        close_item(file, benefit->item);
    lapse(file, 0, reason);
}

static void expire_first_items(struct file *file, struct slice reason)
{
    struct award_row *award = file->award;
    const struct scheme *scheme = file->standing.scheme;
    for (size_t i = 0; i < scheme->benefit_count; i++) {
        const struct benefit *benefit = &scheme->benefits[i];
        if (benefit->trigger != TRIGGER_FIRST_COMPLETION ||
            award_item_settled(award, benefit->item))
            continue;
        award_settle_item(file->decision, award, benefit->item);
        close_item(file, benefit->item);
        announce_stopped(file, benefit->item, 1, INCENTIVE_STOPPED_EFFECT_EXPIRED, reason);
    }
}

/* From the first to the last: only the last one leaves nothing behind it, so one event tells of all. */
static void expire_surveys(struct file *file, struct slice reason)
{
    const struct benefit *benefit = standing_surveys(&file->standing);
    if (benefit == NULL)
        return;
    for (int number = 1; number <= benefit->instalments; number++) {
        const struct award_row_survey *known = award_survey(file->award, number);
        struct award_row_survey survey = {.number = number};
        if (known != NULL)
            survey = *known;
        survey.closed = !survey.settled;
        if (survey.closed)
            survey_end(file, &survey, false, reason);
    }
}

void award_close(struct file *file, struct slice reason)
{
    enrolments_reject_held(file, reason);
    enrolments_expire_unfinished(file, reason);
    expire_balance(file, reason);
    expire_first_items(file, reason);
    expire_surveys(file, reason);
    earned_expire(file, reason);
    file->award->closed = true;
    award_ended(file->award, file->occurred_at);
    announce_change(file, AWARD_CHANGED_CHANGE_CLOSED, reason);
}

static void reopen_surveys(struct file *file)
{
    for (int number = 1; number <= AWARD_SURVEYS; number++) {
        const struct award_row_survey *known = award_survey(file->award, number);
        if (known == NULL || !known->closed)
            continue;
        struct award_row_survey survey = *known;
        survey.settled = survey.closed = false;
        award_put_survey(file->decision, file->award, &survey);
    }
}

void award_reopen(struct file *file)
{
    struct award_row *award = file->award;
    const struct benefit *training = standing_training(&file->standing);
    award->revoked = award->closed = false;
    if (training != NULL &&
        texts_have(award->closed_items.items, award->closed_items.count, training->item)) {
        award->has_balance_expired_at = false;
        award->balance_expired_at = 0;
        award->training_granted = standing_grants(&file->standing);
    }
    if (award->has_balance_expired_at && award_balance(award) < award->unfinished_prices)
        award->training_granted = least(award->training_used + award->unfinished_prices,
                                        standing_grants(&file->standing));
    for (size_t i = 0; i < award->closed_items.count; i++)
        texts_remove(file->decision, &award->settled_items.items, &award->settled_items.count,
                     award->closed_items.items[i]);
    award->closed_items.count = 0;
    reopen_surveys(file);
}
