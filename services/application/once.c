#include "once.h"

#include "rejudge.h"
#include "schemas/events.h"

#define RUNNING "DUPLICATE_INCENTIVE"

static bool another_award(const struct person_row_application *other,
                          const struct application_row *application)
{
    return other->status == APPLICATION_DECIDED_STATUS_AWARDED && !other->revoked &&
           !uuid_equal(&other->award_id, &application->award_id);
}

static bool same_group(const struct office *office, const struct programme *programme,
                       struct slice other)
{
    const struct programme *found = office_programme(office, other);
    return found != NULL && programme->exclusive_group.size > 0 &&
           slice_equal(found->exclusive_group, programme->exclusive_group);
}

static bool has_award(const struct programme *programme, const struct person_row *person,
                      const struct application_row *application)
{
    for (size_t i = 0; programme->once_per == ONCE_PER_PERSON && i < person->applications.count;
         i++)
        if (another_award(&person->applications.items[i], application) &&
            slice_equal(person->applications.items[i].programme, programme->id))
            return true;
    return false;
}

static bool runs_another(const struct office *office, const struct programme *programme,
                         const struct person_row *person,
                         const struct application_row *application)
{
    for (size_t i = 0; i < person->applications.count; i++)
        if (another_award(&person->applications.items[i], application) &&
            !person->applications.items[i].closed &&
            same_group(office, programme, person->applications.items[i].programme))
            return true;
    return false;
}

void once_judge(const struct file *file)
{
    const struct programme *programme = file->standing.programme;
    struct verdict *verdict = &file->decision->verdict;
    if (has_award(programme, file->person, file->application))
        verdict_add(verdict, EFFECT_REJECT, SLICE("ALREADY_BENEFITED"));
    if (runs_another(file->decision->office, programme, file->person, file->application))
        verdict_add(verdict, EFFECT_HOLD, SLICE(RUNNING));
}

const char *once_hinders(const struct office *office, const struct person_row *person,
                         const struct application_row *application)
{
    const struct programme *programme = office_programme(office, application->programme);
    if (has_award(programme, person, application))
        return "ALREADY_BENEFITED";
    return runs_another(office, programme, person, application) ? RUNNING : NULL;
}

void once_keys(struct facts *facts, const struct office *office, const struct award_row *award)
{
    const struct programme *programme = office_programme(office, award->programme);
    const struct person_row *person = facts_peek(facts, &person_row_type, &award->person_id);
    if (programme == NULL || programme->exclusive_group.size == 0 || person == NULL)
        return;
    for (size_t i = 0; i < person->applications.count; i++)
        if (person->applications.items[i].status == APPLICATION_DECIDED_STATUS_HELD)
            rejudge_keys(facts, office, &person->applications.items[i].application_key);
}

static bool waits(const struct application_row *application)
{
    for (size_t i = 0; application != NULL && i < application->reasons.count; i++)
        if (slice_is(application->reasons.items[i], RUNNING))
            return application->status == APPLICATION_DECIDED_STATUS_HELD;
    return false;
}

void once_ended(struct facts *facts, struct decision *decision, const struct award_row *award,
                instant_us occurred_at)
{
    const struct programme *programme = office_programme(decision->office, award->programme);
    if (programme->exclusive_group.size == 0)
        return;
    const struct person_row *person = facts_find(facts, &person_row_type, &award->person_id);
    for (size_t i = 0; i < person->applications.count; i++) {
        const struct uuid *key = &person->applications.items[i].application_key;
        if (person->applications.items[i].status == APPLICATION_DECIDED_STATUS_HELD &&
            waits(facts_find(facts, &application_row_type, key)))
            rejudge(facts, decision, key, occurred_at);
    }
}
