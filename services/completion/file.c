#include "file.h"

#include "place.h"
#include "worker/texts.h"

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

static bool pays_category(const struct benefit *benefit, const struct enrolment_row *enrolment)
{
    if (benefit->category_count == 0)
        return true;
    return enrolment->has_category &&
           texts_have(benefit->categories, benefit->category_count, enrolment->category);
}

const struct benefit *standing_pays(const struct standing *standing,
                                    const struct enrolment_row *enrolment)
{
    for (size_t i = 0; i < standing->scheme->benefit_count; i++) {
        const struct benefit *benefit = &standing->scheme->benefits[i];
        if (benefit->trigger == TRIGGER_COMPLETION_VERIFIED &&
            pays_category(benefit, enrolment))
            return benefit;
    }
    return NULL;
}

int64_t standing_takes(const struct standing *standing, const struct enrolment_row *enrolment)
{
    const struct benefit *benefit = standing_pays(standing, enrolment);
    return benefit == NULL || benefit->amount_kind == AMOUNT_UNKNOWN ? 0 : enrolment->price;
}

const struct benefit *standing_training(const struct standing *standing)
{
    for (size_t i = 0; i < standing->scheme->benefit_count; i++)
        if (standing->scheme->benefits[i].trigger == TRIGGER_COMPLETION_VERIFIED)
            return &standing->scheme->benefits[i];
    return NULL;
}

const struct benefit *standing_surveys(const struct standing *standing)
{
    for (size_t i = 0; i < standing->scheme->benefit_count; i++)
        if (standing->scheme->benefits[i].trigger == TRIGGER_SURVEY_ANSWERED)
            return &standing->scheme->benefits[i];
    return NULL;
}

int64_t standing_grants(const struct standing *standing)
{
    const struct scheme *scheme = standing->scheme;
    const struct benefit *benefit = standing_training(standing);
    for (size_t i = 0; benefit != NULL && i < scheme->package_count; i++)
        if (slice_equal(scheme->package[i].component, benefit->component))
            return scheme->package[i].amount_hundredths;
    return 0;
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

void file_explain(struct file *file, const struct verdict *verdict, bool told)
{
    struct verdict *explained = &file->decision->verdict;
    if (told ? !file->told_explained || verdict_effect(verdict) > verdict_effect(explained)
             : explained->condition_count == 0)
        *explained = *verdict;
    file->told_explained = file->told_explained || told;
}

epoch_day file_day(const struct file *file, instant_us instant)
{
    return instant_to_day(instant, file->standing.programme->utc_offset_minutes);
}

const struct programme_row *file_published(const struct file *file)
{
    if (!place_asked(file->standing.scheme))
        return NULL;
    struct uuid key = programme_key(file->decision->office->seal, file->seen->programme);
    return facts_find(file->facts, &programme_row_type, &key);
}
