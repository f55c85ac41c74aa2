#include "facts.h"

#include "place.h"
#include "seal/ids.h"
#include "worker/texts.h"

#include <assert.h>

/* The order is the lock order. What many awards share comes last. */
const struct fact_table completion_tables[] = {
    {&award_row_type, GUARDED, false},  {&enrolment_row_type, GUARDED, false},
    {&person_row_type, GUARDED, false}, {&message_row_type, GUARDED, false},
    {&course_row_type, GUARDED, true},  {&programme_row_type, GUARDED, false},
};
const size_t completion_table_count = sizeof completion_tables / sizeof completion_tables[0];

struct uuid course_key(const struct seal *seal, struct slice course_id)
{
    return seal_key(seal, "course", 0, &course_id, 1);
}

struct uuid enrolment_key(const struct seal *seal, struct slice enrolment_id)
{
    return seal_key(seal, "enrolment", 0, &enrolment_id, 1);
}

struct uuid programme_key(const struct seal *seal, struct slice programme)
{
    return seal_key(seal, "programme", 0, &programme, 1);
}

/* Only a scheme that asks where training is restricted looks at what was published. */
static void want_published(struct facts *facts, const struct award_row *award,
                           const struct office *office)
{
    const struct programme *programme = office_programme(office, award->programme);
    const struct scheme *scheme =
        programme == NULL ? NULL : scheme_find(programme, award->scheme);
    if (scheme == NULL || !place_asked(scheme))
        return;
    struct uuid key = programme_key(office->seal, award->programme);
    facts_want(facts, &programme_row_type, &key);
}

void want_award(struct facts *facts, const struct uuid *award_id, const struct office *office)
{
    facts_want(facts, &award_row_type, award_id);
    const struct award_row *award = facts_peek(facts, &award_row_type, award_id);
    if (award == NULL)
        return;
    facts_want(facts, &person_row_type, &award->person_id);
    facts_want(facts, &person_row_type, &award->contact_id);
    for (size_t i = 0; i < award->enrolments.count; i++) {
        if (award->enrolments.items[i].verified && award->enrolments.items[i].rated)
            continue;
        facts_want(facts, &enrolment_row_type, &award->enrolments.items[i].enrolment_key);
        facts_want(facts, &course_row_type, &award->enrolments.items[i].course_key);
    }
    for (size_t i = 0; i < award->reached.count; i++)
        if (!uuid_is_nil(&award->reached.items[i].enrolment_key))
            facts_want(facts, &enrolment_row_type, &award->reached.items[i].enrolment_key);
    want_published(facts, award, office);
}

bool award_contact_erased(struct facts *facts, const struct award_row *award)
{
    const struct person_row *reached = facts_find(facts, &person_row_type, &award->contact_id);
    return reached != NULL && reached->erased;
}

void award_erase(struct award_row *award)
{
    award->erased = true;
    award->has_contact_sealed = false;
    award->contact_sealed = (struct slice){0};
}

int64_t award_balance(const struct award_row *award)
{
    return award->training_granted - award->training_used;
}

int64_t award_free(const struct award_row *award)
{
    int64_t left = award_balance(award) - award->unfinished_prices;
    return left > 0 ? left : 0;
}

const struct award_row_enrolment *award_enrolment(const struct award_row *award,
                                                  const struct uuid *key)
{
    for (size_t i = 0; i < award->enrolments.count; i++)
        if (uuid_equal(&award->enrolments.items[i].enrolment_key, key))
            return &award->enrolments.items[i];
    return NULL;
}

bool award_full(const struct award_row *award, const struct uuid *enrolment)
{
    return award->enrolments.count >= AWARD_ENROLMENTS &&
           award_enrolment(award, enrolment) == NULL;
}

const struct award_row_survey *award_survey(const struct award_row *award, int number)
{
    for (size_t i = 0; i < award->surveys.count; i++)
        if (award->surveys.items[i].number == number)
            return &award->surveys.items[i];
    return NULL;
}

/* A list with one more item. */
static void *append(struct decision *decision, const void *items, size_t count,
                    const void *item, size_t size)
{
    char *list = decision_list(decision, items, count, size);
    memcpy(list + count * size, item, size);
    return list;
}

void award_put_enrolment(struct decision *decision, struct award_row *award,
                         const struct award_row_enrolment *entry)
{
    size_t count = award->enrolments.count, at = 0;
    struct award_row_enrolment *list =
        decision_list(decision, award->enrolments.items, count, sizeof *list);
    while (at < count && !uuid_equal(&list[at].enrolment_key, &entry->enrolment_key))
        at++;
    list[at] = *entry;
    award->enrolments.items = list;
    award->enrolments.count = at < count ? count : count + 1;
}

void award_drop_enrolment(struct decision *decision, struct award_row *award,
                          const struct uuid *key)
{
    size_t count = award->enrolments.count, kept = 0;
    struct award_row_enrolment *list =
        decision_list(decision, award->enrolments.items, count, sizeof *list);
    for (size_t i = 0; i < count; i++)
        if (!uuid_equal(&list[i].enrolment_key, key))
            list[kept++] = list[i];
    award->enrolments.items = list;
    award->enrolments.count = kept;
}

void award_put_survey(struct decision *decision, struct award_row *award,
                      const struct award_row_survey *survey)
{
    size_t count = award->surveys.count, at = 0;
    struct award_row_survey *list =
        decision_list(decision, award->surveys.items, count, sizeof *list);
    while (at < count && list[at].number != survey->number)
        at++;
    list[at] = *survey;
    award->surveys.items = list;
    award->surveys.count = at < count ? count : count + 1;
}

void award_add_reached(struct decision *decision, struct award_row *award,
                       const struct award_row_reached *reached)
{
    award->reached.items = append(decision, award->reached.items, award->reached.count++,
                                  reached, sizeof *reached);
}

void award_add_planned(struct decision *decision, struct award_row *award,
                       const struct award_row_planned *planned)
{
    award->planned.items = append(decision, award->planned.items, award->planned.count++,
                                  planned, sizeof *planned);
}

void award_add_stop(struct decision *decision, struct award_row *award,
                    const struct award_row_stop *stop)
{
    award->stops.items =
        append(decision, award->stops.items, award->stops.count++, stop, sizeof *stop);
}

void award_settle_item(struct decision *decision, struct award_row *award, struct slice item)
{
    texts_add(decision, &award->settled_items.items, &award->settled_items.count, item);
}

bool award_item_settled(const struct award_row *award, struct slice item)
{
    return texts_have(award->settled_items.items, award->settled_items.count, item);
}

void person_put_course(struct decision *decision, struct facts *facts,
                       const struct uuid *person_id, const struct person_row_course *course)
{
    person_drop_course(decision, facts, person_id, &course->enrolment_key);
    struct person_row *person = facts_edit_or_add(facts, &person_row_type, person_id);
    struct person_row_course *list =
        decision_list(decision, person->courses.items, person->courses.count, sizeof *list);
    list[person->courses.count] = *course;
    person->courses.items = list;
    person->courses.count++;
}

void person_drop_course(struct decision *decision, struct facts *facts,
                        const struct uuid *person_id, const struct uuid *enrolment)
{
    if (facts_find(facts, &person_row_type, person_id) == NULL)
        return;
    struct person_row *person = facts_edit(facts, &person_row_type, person_id);
    size_t count = person->courses.count, kept = 0;
    struct person_row_course *list =
        decision_list(decision, person->courses.items, count, sizeof *list);
    for (size_t i = 0; i < count; i++)
        if (!uuid_equal(&list[i].enrolment_key, enrolment))
            list[kept++] = list[i];
    person->courses.items = list;
    person->courses.count = kept;
}

void course_note_objections(struct decision *decision, struct course_row *course)
{
    size_t count = 0;
    for (size_t i = 0; i < course->verdicts.count; i++)
        count += course->verdicts.items[i].reasons.count;
    struct slice *texts = decision_alloc(decision, (count + 1) * sizeof *texts);
    course->objections.items = texts;
    course->objections.count = count;
    for (size_t i = 0; i < course->verdicts.count; i++) {
        const struct course_row_verdict *verdict = &course->verdicts.items[i];
        for (size_t k = 0; k < verdict->reasons.count; k++)
            *texts++ = decision_text(
                decision, "%.*s/%.*s/%d/%.*s/%.*s", SLICE_ARGS(verdict->programme),
                SLICE_ARGS(verdict->scheme), verdict->year, SLICE_ARGS(verdict->effect),
                SLICE_ARGS(verdict->reasons.items[k]));
    }
}
