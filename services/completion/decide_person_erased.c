/*
 * person.erased - what could name the person, or employer, goes: the sealed contact of each award by which he, she or it
 * is reached. Decisions and amounts stay, and the person's row remembers, so that no award which is heard of later keeps
 * a contact. Of a worker whose employer is written to nothing is kept here, so nothing of that award goes.
 *
 * An award may be made by another worker in the same instant: neither decision sees what the other writes. A timer
 * looks at the awards that were absent once more.
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
    facts_want(facts, &person_row_type, &erased->person_id);
    for (size_t i = 0; i < erased->award_ids.count; i++)
        facts_want(facts, &award_row_type, &erased->award_ids.items[i]);
}

static bool to_erase(struct facts *facts, const struct person_erased *erased,
                     const struct uuid *award_id)
{
    const struct award_row *award = facts_find(facts, &award_row_type, award_id);
    return award != NULL && !award->erased &&
           uuid_equal(&award->contact_id, &erased->person_id);
}

static bool remember(struct facts *facts, const struct uuid *person_id)
{
    const struct person_row *known = facts_find(facts, &person_row_type, person_id);
    if (known != NULL && known->erased)
        return false;
    struct person_row *person = facts_edit_or_add(facts, &person_row_type, person_id);
    person->erased = true;
    return true;
}

void decide_person_erased(const void *event, const void *subject, struct facts *facts,
                          struct decision *decision)
{
    const struct person_erased *erased = event;
    bool news = remember(facts, &erased->person_id);
    size_t timers = 0;
    (void)subject;
    for (size_t i = 0; i < erased->award_ids.count; i++) {
        const struct uuid *award_id = &erased->award_ids.items[i];
        if (to_erase(facts, erased, award_id)) {
            award_erase(facts_edit(facts, &award_row_type, award_id));
            news = true;
        } else if (news && timers < DECISION_TIMERS &&
                   facts_find(facts, &award_row_type, award_id) == NULL) {
            decision_timer(decision, TIMER_ERASURE, award_id,
                           erased->requested_at + ERASURE_LOOK_S * US_PER_SECOND);
            timers++;
        }
    }
    if (!news)
        decision_repeat(decision);
}
