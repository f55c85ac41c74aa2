#include "decide_award.h"

#include "grant.h"
#include "holds.h"
#include "releases.h"
#include "schemas/events.h"
#include "worker/changes.h"

void award_identify(const void *event, void *subject, struct decision *decision)
{
    const struct award_changed *changed = event;
    struct subject *made = subject;
    *made = (struct subject){changed->award_id, changed->occurred_at};
    if (changed->change == AWARD_CHANGED_CHANGE_UNKNOWN)
        decision_refuse(decision, "UNKNOWN_CHANGE",
                        "the change of the award is none that this release knows");
    else if (changed->by == AWARD_CHANGED_BY_UNKNOWN)
        decision_refuse(decision, "UNKNOWN_WRITER",
                        "an award is changed by APPLICATION, COMPLETION or OFFICER");
    else if (office_programme(decision->office, changed->programme) == NULL)
        decision_refuse(decision, "UNKNOWN_PROGRAMME",
                        "no file of the award's programme is published");
}

void award_keys(const void *event, const void *subject, struct facts *facts)
{
    const struct subject *made = subject;
    (void)event;
    const struct award_row *award = facts_peek(facts, &award_row_type, &made->id);
    facts_want(facts, &award_row_type, &made->id);
    if (award == NULL)
        return;
    facts_want(facts, &application_row_type, &award->application_key);
    facts_want(facts, &person_row_type, &award->person_id);
    if (award->has_family_card_id)
        facts_want(facts, &family_card_row_type, &award->family_card_id);
}

static void mark_person(struct facts *facts, struct decision *decision,
                        const struct award_row *award, bool revoked)
{
    struct person_row *person = facts_edit(facts, &person_row_type, &award->person_id);
    struct person_row_application *list =
        decision_alloc(decision, (person->applications.count + 1) * sizeof *list);
    if (person->applications.count > 0)
        memcpy(list, person->applications.items, person->applications.count * sizeof *list);
    for (size_t i = 0; i < person->applications.count; i++)
        if (uuid_equal(&list[i].award_id, &award->award_id))
            list[i].revoked = revoked;
    person->applications.items = list;
}

static void leave_family_card(struct facts *facts, struct decision *decision,
                              const struct award_row *award)
{
    if (!award->has_family_card_id)
        return;
    struct family_card_row *card =
        facts_edit(facts, &family_card_row_type, &award->family_card_id);
    struct family_card_row_award *kept =
        decision_alloc(decision, (card->awards.count + 1) * sizeof *kept);
    size_t count = 0;
    for (size_t i = 0; i < card->awards.count; i++)
        if (!uuid_equal(&card->awards.items[i].award_id, &award->award_id))
            kept[count++] = card->awards.items[i];
    card->awards.items = kept;
    card->awards.count = count;
}

static void revoke(struct facts *facts, struct decision *decision, struct award_row *award)
{
    const struct application_row *application =
        facts_find(facts, &application_row_type, &award->application_key);
    struct standing standing = {.programme =
                                    office_programme(decision->office, award->programme)};
    if (award->revoked || award->closed || application == NULL)
        return; /* both are final, and a closed award never frees its seat */
    standing.scheme = scheme_find(standing.programme, application->scheme);
    standing.year = year_find(standing.scheme, application->year);
    award->revoked = true;
    mark_person(facts, decision, award, true);
    leave_family_card(facts, decision, award);
    grant_free_seat(&standing, decision->office->seal, application, facts);
}

static void keep_decree(struct facts *facts, const struct award_row *award,
                        const struct award_changed *changed)
{
    if (facts_find(facts, &application_row_type, &award->application_key) == NULL)
        return;
    struct application_row *application =
        facts_edit(facts, &application_row_type, &award->application_key);
    application->has_decree_no = changed->has_decree_no;
    application->decree_no = changed->decree_no;
}

static void apply(const struct award_changed *changed, struct facts *facts,
                  struct decision *decision, struct award_row *award)
{
    struct slice by = slice_of(symbols_name(&award_changed_by_symbols, changed->by));
    switch ((enum award_changed_change)changed->change) {
    case AWARD_CHANGED_CHANGE_HELD:
        holds_add(decision, award, by, changed->reason);
        break;
    case AWARD_CHANGED_CHANGE_RELEASED:
        holds_remove(decision, award, by, changed->reason);
        break;
    case AWARD_CHANGED_CHANGE_REVOKED:
        revoke(facts, decision, award);
        break;
    case AWARD_CHANGED_CHANGE_CLOSED:
        award->closed = !award->revoked;
        break;
    case AWARD_CHANGED_CHANGE_DECREED:
        keep_decree(facts, award, changed);
        break;
    case AWARD_CHANGED_CHANGE_REINSTATED:
    case AWARD_CHANGED_CHANGE_RECOVERY_NOTICED:
    case AWARD_CHANGED_CHANGE_REPAID:
    case AWARD_CHANGED_CHANGE_UNKNOWN:
        break;
    }
}

void award_decide(const void *event, const void *subject, struct facts *facts,
                  struct decision *decision)
{
    const struct award_changed *changed = event;
    const struct subject *made = subject;
    const struct award_row *known = facts_find(facts, &award_row_type, &made->id);
    if (known == NULL) {
        decision_wait(decision, &award_row_type, &made->id);
        return;
    }
    /* Our own come back to us and are known. */
    if (changed->by == AWARD_CHANGED_BY_APPLICATION ||
        changes_stale(decision, known->changes_heard.items, known->changes_heard.count,
                      changed)) {
        decision_repeat(decision);
        return;
    }
    if (changed->change == AWARD_CHANGED_CHANGE_REINSTATED) {
        decision_refuse(decision, "REINSTATEMENT_NOT_TAKEN",
                        "an award is reinstated by a decision that takes a seat and money "
                        "anew; this release has none");
        return;
    }
    struct award_row *award = facts_edit(facts, &award_row_type, &made->id);
    changes_hear(decision, &award->changes_heard.items, &award->changes_heard.count, changed);
    apply(changed, facts, decision, award);
}

void released_identify(const void *event, void *subject, struct decision *decision)
{
    const struct commitment_released *released = event;
    struct subject *made = subject;
    *made = (struct subject){released->award_id, released->occurred_at};
    if (office_programme(decision->office, released->programme) == NULL)
        decision_refuse(decision, "UNKNOWN_PROGRAMME",
                        "no file of the award's programme is published");
    else if (slice_is(released->component, "ALL"))
        decision_refuse(
            decision, "BAD_COMPONENT",
            "money is released a component at a time; ALL is the limit on the whole");
    else if (released->amount <= 0)
        decision_refuse(decision, "BAD_AMOUNT", "a released amount must be more than nothing");
}

void released_keys(const void *event, const void *subject, struct facts *facts)
{
    (void)event;
    facts_want(facts, &award_row_type, &((const struct subject *)subject)->id);
}

void released_decide(const void *event, const void *subject, struct facts *facts,
                     struct decision *decision)
{
    const struct commitment_released *released = event;
    const struct subject *made = subject;
    const struct award_row *known = facts_find(facts, &award_row_type, &made->id);
    if (known == NULL) {
        decision_wait(decision, &award_row_type, &made->id);
        return;
    }
    if (releases_heard(decision, known, released->sequence)) {
        decision_repeat(decision);
        return;
    }
    struct award_row *award = facts_edit(facts, &award_row_type, &made->id);
    releases_hear(decision, award, released->sequence);
    grant_release(office_programme(decision->office, released->programme),
                  decision->office->seal, released->year, released->component, released->amount,
                  facts);
}
