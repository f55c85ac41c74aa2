/*
 * course.listed - a course and its provider are judged once for every scheme and year in which
 * the course may be sold; enrolments take the verdict of their award's scheme and year.
 */
#include "handlers.h"

#include "dossier.h"
#include "schemas/events.h"
#include "worker/texts.h"

enum {
    COURSE_VERDICTS = 64
}; /* schemes and years of all programmes that one course is offered for */

/* The time of the listing: the first day of sale, by the offset of the first programme that is known. */
static instant_us listed_at(const struct course_listed *listed, const struct office *office)
{
    for (size_t i = 0; i < listed->programmes.count; i++) {
        const struct programme *programme =
            office_programme(office, listed->programmes.items[i]);
        if (programme != NULL)
            return day_to_instant(listed->valid_from, programme->utc_offset_minutes);
    }
    return day_to_instant(listed->valid_from, 0);
}

static bool programmes_known(const struct course_listed *listed, const struct office *office)
{
    for (size_t i = 0; i < listed->programmes.count; i++)
        if (office_programme(office, listed->programmes.items[i]) == NULL)
            return false;
    return listed->programmes.count > 0;
}

void identify_course_listed(const void *event, void *subject, struct decision *decision)
{
    const struct course_listed *listed = event;
    struct award_subject *course = subject;
    course->course_key = course_key(decision->office->seal, listed->course_id);
    course->base.id = course->course_key;
    course->base.occurred_at = listed_at(listed, decision->office);
    if (listed->course_id.size == 0 || listed->provider_id.size == 0)
        decision_refuse(decision, "BAD_ID", "a course and its provider must be named");
    else if (!programmes_known(listed, decision->office))
        decision_refuse(
            decision, "UNKNOWN_PROGRAMME",
            "course \"%.*s\" must name one or more programmes, all of them published",
            SHOWN(listed->course_id));
    else if (listed->price < 0 ||
             (listed->has_valid_to && listed->valid_to < listed->valid_from))
        decision_refuse(
            decision, "BAD_COURSE",
            "course \"%.*s\" has a negative price, or a last day of sale before the first",
            SHOWN(listed->course_id));
}

void keys_course_listed(const void *event, const void *subject, struct facts *facts)
{
    (void)event;
    facts_want(facts, &course_row_type, &((const struct award_subject *)subject)->course_key);
}

/* A year's awards buy from its first of January until purchases close, or the award does. */
static bool touches(const struct course_listed *listed, const struct scheme_year *year)
{
    epoch_day first = day_from_civil((struct civil){year->year, 1, 1});
    epoch_day last = year->has_purchase_closes ? year->purchase_closes : year->award_closes;
    return listed->valid_from <= last && (!listed->has_valid_to || listed->valid_to >= first);
}

struct judging {
    const struct course_listed *listed;
    struct decision *decision;
    struct course_row_verdict *verdicts;
    size_t count;
};

static void judge_year(struct judging *judging, const struct scheme *scheme,
                       const struct scheme_year *year)
{
    struct verdict verdict;
    struct slice reasons[VERDICT_REASONS];
    struct dossier dossier = {.standing = {scheme->programme, scheme, year},
                              .listed = judging->listed,
                              .wave = year->from_wave,
                              .on = judging->listed->valid_from};
    struct course_row_verdict *row = &judging->verdicts[judging->count++];
    verdict_init(&verdict);
    dossier_judge(&dossier, PHASE_PROVIDER, &verdict);
    if (!slice_equal(judging->listed->currency, scheme->programme->currency))
        verdict_add(&verdict, EFFECT_REJECT, SLICE("COURSE_CURRENCY"));
    *row =
        (struct course_row_verdict){.programme = scheme->programme->id,
                                    .scheme = scheme->name,
                                    .year = year->year,
                                    .effect = slice_of(effect_name(verdict_effect(&verdict)))};
    size_t count = verdict_reasons(&verdict, reasons);
    texts_copy(judging->decision, reasons, count, &row->reasons.items, &row->reasons.count);
    /* The worst of all explains the decision. */
    if (judging->decision->scheme == NULL ||
        verdict_effect(&verdict) > verdict_effect(&judging->decision->verdict)) {
        judging->decision->scheme = scheme;
        judging->decision->verdict = verdict;
    }
}

static void judge_programme(struct judging *judging, const struct programme *programme)
{
    for (size_t i = 0; i < programme->scheme_count; i++) {
        const struct scheme *scheme = &programme->schemes[i];
        for (size_t j = 0; j < scheme->year_count; j++)
            if (judging->count < COURSE_VERDICTS && touches(judging->listed, &scheme->years[j]))
                judge_year(judging, scheme, &scheme->years[j]);
    }
}

static void fill(struct course_row *course, const struct course_listed *listed)
{
    course->course_id = listed->course_id;
    course->revision = listed->revision;
    course->provider_id = listed->provider_id;
    course->title = listed->title;
    course->mode = listed->mode;
    course->has_category = listed->has_category;
    course->category = listed->category;
    course->price = listed->price;
    course->currency = listed->currency;
    course->region_codes.items = listed->region_codes.items;
    course->region_codes.count = listed->region_codes.count;
    course->valid_from = listed->valid_from;
    course->has_valid_to = listed->has_valid_to;
    course->valid_to = listed->valid_to;
    course->withdrawn = listed->withdrawn;
}

void decide_course_listed(const void *event, const void *subject, struct facts *facts,
                          struct decision *decision)
{
    const struct course_listed *listed = event;
    const struct uuid *key = &((const struct award_subject *)subject)->course_key;
    const struct course_row *known = facts_find(facts, &course_row_type, key);
    if (known != NULL && !slice_equal(known->provider_id, listed->provider_id)) {
        decision_refuse(decision, "COURSE_TAKEN",
                        "course \"%.*s\" belongs to the provider \"%.*s\", and \"%.*s\" lists "
                        "one under the same id; "
                        "another provider's course takes another id",
                        SHOWN(listed->course_id), SHOWN(known->provider_id),
                        SHOWN(listed->provider_id));
        return;
    }
    if (known != NULL && listed->revision <= known->revision) {
        decision_repeat(decision);
        return;
    }
    struct course_row *course = facts_edit_or_add(facts, &course_row_type, key);
    struct judging judging = {
        listed, decision,
        decision_alloc(decision, COURSE_VERDICTS * sizeof(struct course_row_verdict)), 0};
    fill(course, listed);
    for (size_t i = 0; i < listed->programmes.count; i++)
        judge_programme(&judging,
                        office_programme(decision->office, listed->programmes.items[i]));
    course->verdicts.items = judging.verdicts;
    course->verdicts.count = judging.count;
    course_note_objections(decision, course);
}
