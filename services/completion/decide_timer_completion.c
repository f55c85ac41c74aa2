/*
 * timer.completion - a deadline has come. A timer only says that it is time to look: whether the
 * deadline still stands, and whether it was kept, is read from the award. Where a file that was published since, or the
 * award, lets it end later, it is looked at again then.
 */
#include "handlers.h"

#include "announce.h"
#include "deadlines.h"
#include "dossier.h"
#include "ending.h"
#include "finishing.h"
#include "purchase.h"

/* "survey_window:2" is the deadline and the survey's number. */
static bool deadline_find(struct slice kind, enum deadline_name *name, int *number)
{
    const char *colon = kind.size == 0 ? NULL : memchr(kind.data, ':', kind.size);
    struct slice head = {kind.data, colon == NULL ? kind.size : (size_t)(colon - kind.data)};
    *number = 0;
    for (size_t i = head.size + 1; i < kind.size; i++) {
        if (kind.data[i] < '0' || kind.data[i] > '9' || *number > AWARD_SURVEYS)
            return false;
        *number = *number * 10 + (kind.data[i] - '0');
    }
    for (int i = 0; i < DEADLINE_COUNT; i++) {
        *name = (enum deadline_name)i;
        if (slice_is(head, deadline_name(*name)))
            return (*name == DEADLINE_SURVEY_WINDOW) == (*number > 0);
    }
    return false;
}

void identify_timer_completion(const void *event, void *subject, struct decision *decision)
{
    const struct timer_fired *fired = event;
    struct award_subject *timer = subject;
    enum deadline_name name;
    int number;
    timer->office = decision->office;
    timer->base.occurred_at = fired->due_at;
    if (!uuid_parse(fired->subject_id, &timer->base.id))
        decision_refuse(decision, "BAD_ID", "a timer of this service names an award by its id");
    else if (!slice_is(fired->kind, "retry") && !slice_is(fired->kind, TIMER_ERASURE) &&
             !deadline_find(fired->kind, &name, &number))
        decision_refuse(decision, "UNKNOWN_TIMER", "no deadline is named \"%.*s\"",
                        SHOWN(fired->kind));
}

void keys_timer_completion(const void *event, const void *subject, struct facts *facts)
{
    (void)event;
    const struct award_subject *award = subject;
    want_award(facts, &award->base.id, award->office);
}

/* True when what the deadline would do has been done, or needs no doing. */
static bool settled(const struct award_row *award, enum deadline_name name,
                    const struct award_row_survey *survey)
{
    switch (name) {
    case DEADLINE_FIRST_PURCHASE_REMINDER:
        return award->revoked || award->closed || award->reminded;
    case DEADLINE_FIRST_PURCHASE:
        return award->revoked || award->closed;
    case DEADLINE_AWARD_ENDS:
        return (award->revoked || award->closed) && !award_unfinished(award);
    case DEADLINE_NEXT_PURCHASE:
    case DEADLINE_BALANCE_CLOSES:
        return award->revoked || award->closed || award->has_balance_expired_at;
    case DEADLINE_SURVEY_WINDOW:
        return award->revoked || award->closed || survey->has_answered_on || survey->settled;
    case DEADLINE_REPAYMENT:
        return award->recovery_overdue || award->recovery_repaid >= award->recovery_noticed;
    case DEADLINE_COUNT:
        break;
    }
    return true;
}

/* Each first purchase's time has one reminder: its last day tells them apart. */
static void remind(struct file *file)
{
    struct due_deadline first;
    file->award->reminded = true;
    if (deadline_stands(file, DEADLINE_FIRST_PURCHASE, 0, &first))
        announce_message(file, MESSAGE_FIRST_PURCHASE_REMINDER, (struct slice){0}, true,
                         first.last_day, first.last_day);
}

static void expire(struct file *file, enum deadline_name name,
                   const struct award_row_survey *survey, struct slice reason)
{
    if (name == DEADLINE_SURVEY_WINDOW)
        survey_end(file, survey, false, reason);
    else if (name == DEADLINE_AWARD_ENDS && (file->award->revoked || file->award->closed))
        enrolments_expire_unfinished(file, reason);
    else if (name == DEADLINE_AWARD_ENDS)
        award_close(file, reason);
    else
        balance_expire(file, reason);
}

static bool holds_a_purchase(const struct award_row *award)
{
    size_t i = 0;
    while (i < award->enrolments.count && !award->enrolments.items[i].held)
        i++;
    return i < award->enrolments.count;
}

/* While an award is on hold nobody is punished for not buying, and what was bought keeps its money. */
static bool waits_for_release(const struct award_row *award, const struct due_deadline *due)
{
    return award->holds.count > 0 &&
           (due->deadline->effect == DEADLINE_REVOKES ||
            due->deadline->name == DEADLINE_NEXT_PURCHASE ||
            (due->deadline->name == DEADLINE_BALANCE_CLOSES && holds_a_purchase(award)));
}

/* Nor is who bought in time a course that an officer, or its platform, has to speak of first. */
static bool waits_for_course(const struct file *file, const struct due_deadline *due)
{
    return (due->deadline->effect == DEADLINE_REVOKES ||
            due->deadline->name == DEADLINE_NEXT_PURCHASE ||
            due->deadline->name == DEADLINE_BALANCE_CLOSES) &&
           course_keeps_waiting(file, due->last_day);
}

/* Looked at again a day later. */
static bool postpone(struct file *file, const struct due_deadline *due)
{
    if (!waits_for_release(file->award, due) && !waits_for_course(file, due))
        return false;
    decision_timer(file->decision, deadline_name(due->deadline->name), &file->award->award_id,
                   file->occurred_at + US_PER_DAY);
    return true;
}

static void act(struct file *file, const struct due_deadline *due,
                const struct award_row_survey *survey)
{
    struct slice reason =
        due->deadline->reason == NULL ? (struct slice){0} : due->deadline->reason->code;
    switch (due->deadline->effect) {
    case DEADLINE_REVOKES:
        verdict_add(&file->decision->verdict, EFFECT_REVOKE, reason);
        award_revoke(file, reason);
        return;
    case DEADLINE_EXPIRES_ITEM:
        verdict_add(&file->decision->verdict, EFFECT_EXPIRE_ITEM, reason);
        expire(file, due->deadline->name, survey, reason);
        return;
    case DEADLINE_SENDS_MESSAGE:
        remind(file);
        return;
    case DEADLINE_LISTS:
        file->award->recovery_overdue = true;
        return;
    }
}

/* A course may have been mended since a purchase that it held was looked at: such a purchase is looked at first. */
static bool still_due(struct file *file, const struct due_deadline *due,
                      const struct award_row_survey *survey)
{
    if (due->deadline->effect == DEADLINE_REVOKES ||
        due->deadline->name == DEADLINE_NEXT_PURCHASE ||
        due->deadline->name == DEADLINE_BALANCE_CLOSES)
        enrolments_reconsider(file);
    struct dossier dossier = dossier_of(file);
    return !settled(file->seen, due->deadline->name, survey) &&
           dossier_hold(&dossier, due->deadline);
}

static void decide_deadline(struct file *file, enum deadline_name name, int number)
{
    const struct award_row_survey *survey = award_survey(file->seen, number);
    struct dossier dossier = dossier_of(file);
    struct due_deadline due;
    if (!deadline_stands(file, name, number, &due) || settled(file->seen, name, survey) ||
        (due.fires_at <= file->occurred_at && !dossier_hold(&dossier, due.deadline))) {
        decision_repeat(file->decision);
        return;
    }
    file_change(file);
    if (due.fires_at > file->occurred_at)
        deadline_set(file, name, number);
    else if (!postpone(file, &due) && still_due(file, &due, survey))
        act(file, &due, survey);
}

static void retry(struct file *file)
{
    if (!file->seen->has_retry_at || file->seen->retry_at > file->occurred_at) {
        decision_repeat(file->decision);
        return;
    }
    file_change(file);
    file->award->has_retry_at = false;
    file->award->retry_at = 0;
    enrolments_reconsider(file);
}

/* Made in the instant in which whoever it reaches was erased. */
static void erase(struct facts *facts, struct decision *decision, const struct uuid *award_id)
{
    const struct award_row *award = facts_find(facts, &award_row_type, award_id);
    if (award == NULL || award->erased || !award_contact_erased(facts, award))
        decision_repeat(decision);
    else
        award_erase(facts_edit(facts, &award_row_type, award_id));
}

void decide_timer_completion(const void *event, const void *subject, struct facts *facts,
                             struct decision *decision)
{
    const struct timer_fired *fired = event;
    const struct award_subject *timer = subject;
    enum deadline_name name;
    int number;
    struct file file;
    if (slice_is(fired->kind, TIMER_ERASURE)) {
        erase(facts, decision, &timer->base.id);
        return;
    }
    if (!file_look(&file, &timer->base.id, facts, decision, timer->base.occurred_at))
        return;
    if (deadline_find(fired->kind, &name, &number))
        decide_deadline(&file, name, number);
    else
        retry(&file);
}
