#include "rejudge.h"

#include "concluding.h"
#include "decide_drawn.h"
#include "holds.h"
#include "schemas/events.h"

void rejudge_keys(struct facts *facts, const struct office *office,
                  const struct uuid *application_key)
{
    const struct application_row *known =
        facts_peek(facts, &application_row_type, application_key);
    want_registers(office, known == NULL ? NULL : office_programme(office, known->programme),
                   facts);
    want_around_application(facts, application_key);
}

/* An officer or a register may come after the wave has closed: it closed on what was held. */
static void rejudge_open(struct file *file)
{
    bool held = file->application->status == APPLICATION_DECIDED_STATUS_HELD;
    file->quiet = true;
    if (held && !file->application->drawn && file_wave_closed(file)) {
        file_refuse_held(file);
        return;
    }
    file_judge(file, FILE_ALL_PHASES);
    file_conclude(file);
}

/* An award is not taken away by a register: it is held, with the register's reasons, and released when
 * they are gone. */
static void rejudge_award(struct file *file)
{
    file_judge(file, FILE_ALL_PHASES);
    holds_follow(file);
}

bool rejudge(struct facts *facts, struct decision *decision, const struct uuid *application_key,
             instant_us occurred_at)
{
    const struct application_row *row =
        facts_find(facts, &application_row_type, application_key);
    struct file file;
    if (row == NULL || office_programme(decision->office, row->programme) == NULL)
        return false;
    bool awarded = row->status == APPLICATION_DECIDED_STATUS_AWARDED;
    if (!awarded && row->status != APPLICATION_DECIDED_STATUS_HELD &&
        row->status != APPLICATION_DECIDED_STATUS_POOLED)
        return false;
    verdict_init(&decision->verdict); /* of each application its own */
    file_open(&file, facts_edit(facts, &application_row_type, application_key), facts, decision,
              occurred_at);
    if (awarded)
        rejudge_award(&file);
    else
        rejudge_open(&file);
    return true;
}
