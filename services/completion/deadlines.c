#include "deadlines.h"

enum { MONTHS_A_YEAR = 12 };

bool purchase_begins_on(const struct award_row *award, epoch_day *day)
{
    *day = award->has_purchase_from ? award->purchase_from : award->notice_day;
    return award->has_notice_day;
}

/* The day that the deadline counts from; false while it has not begun. */
static bool starts_on(const struct award_row *award, enum deadline_name name, int number,
                      epoch_day *day)
{
    const struct award_row_survey *survey = award_survey(award, number);
    *day = 0;
    switch (name) {
    case DEADLINE_FIRST_PURCHASE:
    case DEADLINE_FIRST_PURCHASE_REMINDER:
        return purchase_begins_on(award, day);
    case DEADLINE_NEXT_PURCHASE:
        *day = award->first_completion_on;
        return award->has_first_completion_on;
    case DEADLINE_SURVEY_WINDOW:
        *day = survey == NULL ? 0 : survey->opened_on;
        return survey != NULL && survey->has_opened_on;
    case DEADLINE_REPAYMENT:
        *day = award->recovery_noticed_on;
        return award->has_recovery_noticed_on;
    case DEADLINE_BALANCE_CLOSES:
    case DEADLINE_AWARD_ENDS:
        return true;
    case DEADLINE_COUNT:
        break;
    }
    return false;
}

static void end_on(const struct file *file, struct due_deadline *due, epoch_day last_day)
{
    due->last_day = last_day;
    due->fires_at = day_to_instant(last_day + 1, file->standing.programme->utc_offset_minutes);
}

/* What had passed when the award was reinstated ends anew; false for a reminder, which would come too late. */
static bool renew(const struct file *file, enum deadline_name name, struct due_deadline *due)
{
    const struct award_row *award = file->seen;
    const epoch_day closed_on = due->last_day;
    epoch_day closes = closed_on;
    if (name == DEADLINE_REPAYMENT || !award->has_reinstated_at ||
        due->fires_at > award->reinstated_at)
        return true;
    if (due->deadline->effect == DEADLINE_SENDS_MESSAGE)
        return false;
    end_on(file, due, file_day(file, award->reinstated_at));
    if (name != DEADLINE_AWARD_ENDS)
        return true;
    for (int years = 1; closes < due->last_day; years++)
        closes = day_add_months(closed_on, MONTHS_A_YEAR * years);
    end_on(file, due, closes);
    return true;
}

bool deadline_stands(const struct file *file, enum deadline_name name, int survey,
                     struct due_deadline *due)
{
    epoch_day start;
    return starts_on(file->seen, name, survey, &start) &&
           schedule_deadline(file->standing.scheme, name, file->seen->wave, file->standing.year,
                             start, due) &&
           renew(file, name, due);
}

void deadline_set(struct file *file, enum deadline_name name, int survey)
{
    struct due_deadline due;
    const char *kind = deadline_name(name);
    if (!deadline_stands(file, name, survey, &due))
        return;
    if (survey > 0)
        kind = decision_text(file->decision, "%s:%d", kind, survey).data;
    decision_timer(file->decision, kind, &file->seen->award_id, due.fires_at);
}

/* The first purchase's whole time begins anew where it had passed; its reminder too. */
static void renew_purchase(struct file *file)
{
    struct award_row *award = file->award;
    struct due_deadline due;
    epoch_day start;
    if (!purchase_begins_on(award, &start) ||
        !schedule_deadline(file->standing.scheme, DEADLINE_FIRST_PURCHASE, award->wave,
                           file->standing.year, start, &due) ||
        due.fires_at > award->reinstated_at)
        return;
    award->has_purchase_from = true;
    award->purchase_from = file_day(file, award->reinstated_at);
    award->reminded = false;
}

void deadlines_renew(struct file *file)
{
    const struct award_row *award = file->award;
    renew_purchase(file);
    deadline_set(file, DEADLINE_FIRST_PURCHASE_REMINDER, 0);
    deadline_set(file, DEADLINE_FIRST_PURCHASE, 0);
    deadline_set(file, DEADLINE_NEXT_PURCHASE, 0);
    deadline_set(file, DEADLINE_BALANCE_CLOSES, 0);
    deadline_set(file, DEADLINE_AWARD_ENDS, 0);
    for (size_t i = 0; i < award->surveys.count; i++)
        if (!award->surveys.items[i].settled && !award->surveys.items[i].has_answered_on)
            deadline_set(file, DEADLINE_SURVEY_WINDOW, award->surveys.items[i].number);
}
