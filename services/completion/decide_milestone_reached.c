/*
 * milestone.reached - videos, account, review, surveys, months and days: what a purchase or a payment may depend on.
 *
 * Milestones come in any order. Each is kept on the award when it comes for the first time, and then
 * everything that may have waited for it is looked at again.
 */
#include "handlers.h"

#include "deadlines.h"
#include "finishing.h"
#include "plan.h"
#include "reached.h"
#include "schemas/events.h"

enum kind {
    INTRO_WATCHED,
    ACCOUNT_LINKED,
    REVIEW_RATED,
    SURVEY_OPENED,
    SURVEY_ANSWERED,
    TRAINING_MONTH,
    DAY_ATTENDED,
    MONTH_EMPLOYED,
    CONTRIBUTION_RECEIVED,
    EMPLOYMENT_ENDED,
    DECLARATION_FILED,
    JOB_PLACED,
    KIND_COUNT
};

static const char *const kinds[KIND_COUNT] = {
    "INTRO_WATCHED",         "ACCOUNT_LINKED",   "REVIEW_RATED",      "SURVEY_OPENED",
    "SURVEY_ANSWERED",       "TRAINING_MONTH",   "DAY_ATTENDED",      "MONTH_EMPLOYED",
    "CONTRIBUTION_RECEIVED", "EMPLOYMENT_ENDED", "DECLARATION_FILED", "JOB_PLACED"};

enum { MOST_MONTHS = 600 /* counting further would leave the calendar */ };

static enum kind kind_find(struct slice name)
{
    enum kind kind = 0;
    while (kind < KIND_COUNT && !slice_is(name, kinds[kind]))
        kind++;
    return kind;
}

static int number_bound(enum kind kind)
{
    if (kind == INTRO_WATCHED)
        return INTRO_VIDEOS;
    if (kind == TRAINING_MONTH || kind == DAY_ATTENDED || kind == MONTH_EMPLOYED)
        return MOST_MONTHS;
    return kind == SURVEY_OPENED || kind == SURVEY_ANSWERED ? AWARD_SURVEYS : INT32_MAX;
}

void identify_milestone_reached(const void *event, void *subject, struct decision *decision)
{
    const struct milestone_reached *reached = event;
    struct award_subject *milestone = subject;
    enum kind kind = kind_find(reached->kind);
    milestone->office = decision->office;
    milestone->base.id = reached->award_id;
    milestone->base.occurred_at = reached->reached_at;
    if (reached->has_enrolment_id)
        milestone->enrolment_key = enrolment_key(decision->office->seal, reached->enrolment_id);
    if (kind == KIND_COUNT)
        decision_refuse(decision, "UNKNOWN_MILESTONE",
                        "\"%.*s\" is no kind of milestone; docs/platforms.md lists them",
                        SHOWN(reached->kind));
    else if (reached->number < 1 || reached->number > number_bound(kind))
        decision_refuse(decision, "BAD_NUMBER",
                        "the number of a %s lies between 1 and %d, and is %d here", kinds[kind],
                        number_bound(kind), reached->number);
    else if (reached_of_enrolment(reached->kind) && !reached->has_enrolment_id)
        decision_refuse(decision, "ENROLMENT_MISSING",
                        "a %s counts within an enrolment, and names none", kinds[kind]);
}

void keys_milestone_reached(const void *event, const void *subject, struct facts *facts)
{
    const struct milestone_reached *reached = event;
    const struct award_subject *milestone = subject;
    want_award(facts, &milestone->base.id, milestone->office);
    if (reached->has_enrolment_id)
        facts_want(facts, &enrolment_row_type, &milestone->enrolment_key);
}

static void watch_intro(struct file *file, const struct milestone_reached *reached)
{
    int32_t bit = (int32_t)(1u << (reached->number - 1));
    if (file->seen->intro_videos & bit) {
        decision_repeat(file->decision);
        return;
    }
    file_change(file);
    file->award->intro_videos |= bit;
    enrolments_reconsider(file);
}

static void link_account(struct file *file)
{
    if (file->seen->has_account_linked_on) {
        decision_repeat(file->decision);
        return;
    }
    file_change(file);
    file->award->has_account_linked_on = true;
    file->award->account_linked_on = file->on;
    enrolments_reconsider(file);
    plan_award(file);
}

/* The enrolment of a review that names none: the first one that is accepted, not rated, and was bought before it. */
static const struct uuid *unrated(const struct file *file)
{
    const struct award_row *award = file->seen;
    for (size_t i = 0; i < award->enrolments.count; i++) {
        const struct award_row_enrolment *one = &award->enrolments.items[i];
        const struct enrolment_row *enrolment =
            facts_find(file->facts, &enrolment_row_type, &one->enrolment_key);
        if (!one->held && !one->rated && enrolment != NULL &&
            enrolment->enrolled_at <= file->occurred_at)
            return &one->enrolment_key;
    }
    return NULL;
}

static void rate_enrolment(struct file *file, const struct uuid *key)
{
    struct award_row *award = file->award;
    struct enrolment_row *enrolment = facts_edit(file->facts, &enrolment_row_type, key);
    const struct award_row_enrolment *entry = award_enrolment(award, key);
    enrolment->has_rated_on = true;
    enrolment->rated_on = file->on;
    if (entry != NULL) {
        struct award_row_enrolment rated = *entry;
        rated.rated = true;
        award_put_enrolment(file->decision, award, &rated);
    }
    if (award->has_first_completion_key && uuid_equal(&award->first_completion_key, key)) {
        award->has_review_rated_on = true;
        award->review_rated_on = file->on;
    }
    plan_award(file);
}

/* A repeat of the first training's review, or not what would be kept: of the first training the earliest review, of later
 * ones the newest. */
static bool passed_over(const struct file *file)
{
    const struct award_row *seen = file->seen;
    if (seen->has_review_rated_on)
        return file->on <= seen->review_rated_on ||
               (seen->has_unassigned_rated_at &&
                file->occurred_at <= seen->unassigned_rated_at);
    return seen->has_unassigned_rated_at && file->occurred_at >= seen->unassigned_rated_at;
}

/* For a purchase that is told later. */
static void keep_review(struct file *file)
{
    if (passed_over(file)) {
        decision_repeat(file->decision);
        return;
    }
    file_change(file);
    file->award->has_unassigned_rated_at = true;
    file->award->unassigned_rated_at = file->occurred_at;
}

static void rate(struct file *file, const struct milestone_reached *reached,
                 const struct uuid *named)
{
    const struct uuid *key = reached->has_enrolment_id ? named : unrated(file);
    if (key == NULL) {
        keep_review(file);
        return;
    }
    const struct enrolment_row *enrolment = facts_find(file->facts, &enrolment_row_type, key);
    if (enrolment == NULL)
        decision_wait(file->decision, &enrolment_row_type, key);
    else if (!uuid_equal(&enrolment->award_id, &file->seen->award_id))
        decision_refuse(file->decision, "ENROLMENT_TAKEN",
                        "the review is of an enrolment that belongs to another award");
    else if (enrolment->has_rated_on)
        decision_repeat(file->decision);
    else {
        struct uuid rated = *key;
        file_change(file);
        rate_enrolment(file, &rated);
    }
}

static void open_survey(struct file *file, struct award_row_survey *survey)
{
    survey->has_opened_on = true;
    survey->opened_on = file->on;
    award_put_survey(file->decision, file->award, survey);
    if (!survey->has_answered_on)
        deadline_set(file, DEADLINE_SURVEY_WINDOW, survey->number);
}

static void take_survey(struct file *file, const struct milestone_reached *reached, bool opened)
{
    const struct award_row_survey *known = award_survey(file->seen, reached->number);
    const struct benefit *surveys = standing_surveys(&file->standing);
    const int count = surveys == NULL ? 0 : surveys->instalments;
    struct award_row_survey survey = {.number = reached->number};
    if (reached->number > count) {
        decision_refuse(file->decision, "NO_SUCH_SURVEY",
                        "the scheme %.*s pays %d surveys, and this is number %d",
                        SLICE_ARGS(file->standing.scheme->name), count, reached->number);
        return;
    }
    if (known != NULL && (opened ? known->has_opened_on : known->has_answered_on)) {
        decision_repeat(file->decision);
        return;
    }
    if (known != NULL)
        survey = *known;
    file_change(file);
    if (opened) {
        open_survey(file, &survey);
    } else {
        survey.has_answered_on = true;
        survey.answered_on = file->on;
        award_put_survey(file->decision, file->award, &survey);
    }
    plan_award(file);
}

void decide_milestone_reached(const void *event, const void *subject, struct facts *facts,
                              struct decision *decision)
{
    const struct milestone_reached *reached = event;
    const struct award_subject *milestone = subject;
    struct file file;
    if (!file_look(&file, &milestone->base.id, facts, decision, milestone->base.occurred_at))
        return;
    switch (kind_find(reached->kind)) {
    case INTRO_WATCHED:
        watch_intro(&file, reached);
        return;
    case ACCOUNT_LINKED:
        link_account(&file);
        return;
    case REVIEW_RATED:
        rate(&file, reached, &milestone->enrolment_key);
        return;
    case SURVEY_OPENED:
        take_survey(&file, reached, true);
        return;
    case SURVEY_ANSWERED:
        take_survey(&file, reached, false);
        return;
    case TRAINING_MONTH:
    case DAY_ATTENDED:
    case MONTH_EMPLOYED:
    case CONTRIBUTION_RECEIVED:
    case EMPLOYMENT_ENDED:
    case DECLARATION_FILED:
    case JOB_PLACED:
        reached_take(&file, reached, &milestone->enrolment_key);
        return;
    case KIND_COUNT: /* refused when it was identified */
        return;
    }
}
