#include "file.h"

#include <assert.h>

bool standing_find(struct decision *decision, struct slice programme, struct slice scheme,
                   int year, struct standing *standing)
{
    standing->programme = office_programme(decision->office, programme);
    if (standing->programme == NULL) {
        decision_refuse(decision, "UNKNOWN_PROGRAMME",
                        "no file of the programme \"%.*s\" is published", SHOWN(programme));
        return false;
    }
    standing->scheme = scheme_find(standing->programme, scheme);
    standing->year = standing->scheme == NULL ? NULL : year_find(standing->scheme, year);
    if (standing->year != NULL)
        return true;
    decision_refuse(decision, "UNKNOWN_SCHEME",
                    "the programme file has no scheme \"%.*s\" in %d", SHOWN(scheme), year);
    return false;
}

int64_t standing_grants(const struct standing *standing)
{
    int64_t most = 0;
    for (size_t i = 0; i < standing->scheme->benefit_count; i++) {
        const struct benefit *benefit = &standing->scheme->benefits[i];
        if (benefit->trigger == TRIGGER_COMPLETION_VERIFIED &&
            benefit->amount_kind == AMOUNT_MAXIMUM && benefit->amount_hundredths > most)
            most = benefit->amount_hundredths;
    }
    return most;
}

bool file_look(struct file *file, const struct uuid *award_id, struct facts *facts,
               struct decision *decision, instant_us occurred_at)
{
    const struct award_row *award = facts_find(facts, &award_row_type, award_id);
    *file = (struct file){
        .seen = award, .facts = facts, .decision = decision, .occurred_at = occurred_at};
    if (award == NULL) {
        decision_wait(decision, &award_row_type, award_id);
        return false;
    }
    if (!standing_find(decision, award->programme, award->scheme, award->year, &file->standing))
        return false;
    file->on = file_day(file, occurred_at);
    return true;
}

void file_change(struct file *file)
{
    assert(file->seen != NULL && file->decision->kind == DECIDED);
    file->award = facts_edit(file->facts, &award_row_type, &file->seen->award_id);
    file->seen = file->award;
    file->decision->scheme = file->standing.scheme;
}

epoch_day file_day(const struct file *file, instant_us instant)
{
    return instant_to_day(instant, file->standing.programme->utc_offset_minutes);
}
