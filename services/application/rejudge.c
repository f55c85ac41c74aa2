#include "rejudge.h"

#include "concluding.h"
#include "decide_drawn.h"
#include "holds.h"
#include "schemas/events.h"

void rejudge_keys(struct facts *facts, const struct uuid *application_key)
{
    want_around_application(facts, application_key);
}

static bool same_reasons(const struct application_row *row, const struct verdict *verdict)
{
    struct slice reasons[VERDICT_REASONS];
    size_t count = verdict_reasons(verdict, reasons);
    if (count != row->reasons.count)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!slice_equal(reasons[i], row->reasons.items[i]))
            return false;
    return true;
}

/* The state that the verdict would lead to is the one that stands. */
static bool stands(const struct application_row *row, const struct verdict *verdict)
{
    bool pooled = row->status == APPLICATION_DECIDED_STATUS_POOLED;
    return pooled == verdict_clear(verdict) && same_reasons(row, verdict);
}

static bool rejudge_open(struct file *file)
{
    file->quiet = true;
    file_judge(file, file->application->drawn ? 1u << PHASE_SELECT : FILE_ALL_PHASES);
    if (stands(file->application, &file->decision->verdict))
        return false;
    file_conclude(file);
    return true;
}

/* An award is not taken away by a register: it is held, with the register's reasons, and released when
 * they are gone. */
static bool rejudge_award(struct file *file)
{
    file_judge(file, 1u << PHASE_APPLY | 1u << PHASE_SELECT);
    return holds_follow(file->facts, file->decision, &file->application->award_id,
                        &file->standing, &file->decision->verdict, file->occurred_at);
}

bool rejudge(struct facts *facts, struct decision *decision, const struct uuid *application_key,
             instant_us occurred_at)
{
    const struct application_row *row =
        facts_find(facts, &application_row_type, application_key);
    struct file file;
    if (row == NULL || office_programme(decision->office, row->programme) == NULL)
        return false;
    switch ((enum application_decided_status)row->status) {
    case APPLICATION_DECIDED_STATUS_HELD:
    case APPLICATION_DECIDED_STATUS_POOLED:
        file_open(&file, facts_edit(facts, &application_row_type, application_key), facts,
                  decision, occurred_at);
        return rejudge_open(&file);
    case APPLICATION_DECIDED_STATUS_AWARDED:
        file_open(&file, facts_edit(facts, &application_row_type, application_key), facts,
                  decision, occurred_at);
        return rejudge_award(&file);
    case APPLICATION_DECIDED_STATUS_UNKNOWN:
    case APPLICATION_DECIDED_STATUS_NOT_DRAWN:
    case APPLICATION_DECIDED_STATUS_REJECTED:
    case APPLICATION_DECIDED_STATUS_WITHDRAWN:
        break;
    }
    return false;
}
