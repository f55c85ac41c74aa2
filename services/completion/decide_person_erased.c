/*
 * person.erased - what could name the person goes: the sealed contact of each award. Decisions and
 * amounts stay.
 */
#include "handlers.h"

#include "schemas/events.h"

void identify_person_erased(const void *event, void *subject, struct decision *decision)
{
    const struct person_erased *erased = event;
    struct award_subject *person = subject;
    person->base.id = erased->person_id;
    person->base.occurred_at = erased->requested_at;
    (void)decision;
}

void keys_person_erased(const void *event, const void *subject, struct facts *facts)
{
    const struct person_erased *erased = event;
    (void)subject;
    for (size_t i = 0; i < erased->award_ids.count; i++)
        facts_want(facts, &award_row_type, &erased->award_ids.items[i]);
}

static bool to_erase(struct facts *facts, const struct person_erased *erased,
                     const struct uuid *award_id)
{
    const struct award_row *award = facts_find(facts, &award_row_type, award_id);
    return award != NULL && !award->erased && uuid_equal(&award->person_id, &erased->person_id);
}

void decide_person_erased(const void *event, const void *subject, struct facts *facts,
                          struct decision *decision)
{
    const struct person_erased *erased = event;
    size_t count = 0;
    (void)subject;
    for (size_t i = 0; i < erased->award_ids.count; i++) {
        const struct uuid *award_id = &erased->award_ids.items[i];
        if (!to_erase(facts, erased, award_id))
            continue;
        struct award_row *award = facts_edit(facts, &award_row_type, award_id);
        award->erased = true;
        award->has_contact_token = award->has_contact_sealed = false;
        award->contact_token = (struct uuid){0};
        award->contact_sealed = (struct slice){0};
        count++;
    }
    if (count == 0)
        decision_repeat(decision);
}
