#include "counting.h"

void counting_mark_person(struct facts *facts, struct decision *decision,
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

/* The card's row with a copy of its awards but this one, and room for one more. */
static struct family_card_row *card_without(struct facts *facts, struct decision *decision,
                                            const struct award_row *award,
                                            struct family_card_row_award **awards)
{
    const struct uuid *key = &award->family_card_id;
    struct family_card_row *card = facts_find(facts, &family_card_row_type, key) == NULL
                                       ? facts_add(facts, &family_card_row_type, key)
                                       : facts_edit(facts, &family_card_row_type, key);
    size_t count = 0;
    *awards = decision_alloc(decision, (card->awards.count + 1) * sizeof **awards);
    for (size_t i = 0; i < card->awards.count; i++)
        if (!uuid_equal(&card->awards.items[i].award_id, &award->award_id))
            (*awards)[count++] = card->awards.items[i];
    card->awards.items = *awards;
    card->awards.count = count;
    return card;
}

void counting_join_card(struct facts *facts, struct decision *decision,
                        const struct award_row *award)
{
    struct family_card_row_award *awards;
    if (!award->has_family_card_id)
        return;
    struct family_card_row *card = card_without(facts, decision, award, &awards);
    awards[card->awards.count++] =
        (struct family_card_row_award){award->award_id, award->programme};
}

void counting_leave_card(struct facts *facts, struct decision *decision,
                         const struct award_row *award)
{
    struct family_card_row_award *awards;
    if (award->has_family_card_id)
        card_without(facts, decision, award, &awards);
}
