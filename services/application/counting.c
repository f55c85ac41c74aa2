#include "counting.h"

void counting_mark_person(struct facts *facts, struct decision *decision,
                          const struct award_row *award, bool revoked, bool closed)
{
    struct person_row *person = facts_edit(facts, &person_row_type, &award->person_id);
    struct person_row_application *list = decision_list(
        decision, person->applications.items, person->applications.count, sizeof *list);
    for (size_t i = 0; i < person->applications.count; i++)
        if (uuid_equal(&list[i].award_id, &award->award_id)) {
            list[i].revoked = revoked;
            list[i].closed = closed;
        }
    person->applications.items = list;
}

/* The card's row with a copy of its awards but this one, and room for one more. */
static struct family_card_row *card_without(struct facts *facts, struct decision *decision,
                                            const struct award_row *award,
                                            struct family_card_row_award **awards)
{
    const struct uuid *key = &award->family_card_id;
    struct family_card_row *card = facts_edit_or_add(facts, &family_card_row_type, key);
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

int64_t counting_next_sequence(const struct person_row *person,
                               const struct application_row *application)
{
    int64_t newest = application->sequence;
    for (size_t i = 0; person != NULL && i < person->applications.count; i++) {
        const struct person_row_application *other = &person->applications.items[i];
        if (uuid_equal(&other->award_id, &application->award_id) && other->sequence > newest)
            newest = other->sequence;
    }
    return newest + 1;
}

static size_t claims_place(const struct employer_row *employer,
                           const struct application_row *application)
{
    size_t at = 0;
    while (at < employer->claims.count &&
           !(slice_equal(employer->claims.items[at].programme, application->programme) &&
             slice_equal(employer->claims.items[at].scheme, application->scheme)))
        at++;
    return at;
}

int64_t counting_claims(const struct employer_row *employer,
                        const struct application_row *application)
{
    size_t at = employer == NULL ? 0 : claims_place(employer, application);
    return employer == NULL || at == employer->claims.count ? 0
                                                            : employer->claims.items[at].count;
}

static struct employer_row *employer_of(struct facts *facts,
                                        const struct application_row *application)
{
    const struct uuid *key = &application->employer_id;
    struct employer_row *employer = facts_edit_or_add(facts, &employer_row_type, key);
    employer->employer_no = application->employer_no;
    return employer;
}

void counting_claim(struct facts *facts, struct decision *decision,
                    struct application_row *application, bool claims)
{
    if (!application->has_employer_id || application->claims == claims)
        return;
    struct employer_row *employer = employer_of(facts, application);
    size_t count = employer->claims.count, at = claims_place(employer, application);
    struct employer_row_claims *list =
        decision_list(decision, employer->claims.items, count, sizeof *list);
    if (at == count)
        list[count++] =
            (struct employer_row_claims){application->programme, application->scheme, 0};
    list[at].count += claims ? 1 : -1;
    employer->claims.items = list;
    employer->claims.count = count;
    application->claims = claims;
}
