#include "population_people.h"

#include "decode/json.h"
#include "decode/reading.h"
#include "population_line.h"
#include "population_recipe.h"
#include "schemas/events.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* Streams of random numbers: what is asked of a person never shifts what else is asked. */
enum stream {
    STREAM_MEMBERS = 1,
    STREAM_INSTANT,
    STREAM_HIRES,
    STREAM_EMPLOYER,
    STREAM_EMPLOYER_FAULTS,
    STREAM_FAULTS,
    STREAM_MENDED,
    STREAM_COUNT = 64
};

static void stream_open(const struct people *people, uint64_t number, enum stream stream,
                        struct random *random)
{
    random_init(random, people->seed, number * STREAM_COUNT + stream);
}

static bool day_member(const json_t *pair, size_t index, epoch_day *day)
{
    const char *text = json_string_value(json_array_get(pair, index));
    return text != NULL && day_parse(slice_of(text), day);
}

/* Whether an event may hold the first instant and the last, of who is mended. */
static bool days_sayable(const struct people *people)
{
    const epoch_day last = people->closes + 1 + PEOPLE_MENDED_DAYS;
    return instant_is_sane(day_to_instant(people->opens, people->utc_offset_minutes)) &&
           instant_is_sane(day_to_instant(last, people->utc_offset_minutes));
}

enum outcome people_read(struct slice text, uint64_t seed, int utc_offset_minutes,
                         struct people *people, struct error *error)
{
    json_error_t why;
    *people = (struct people){.seed = seed, .utc_offset_minutes = utc_offset_minutes};
    people->file = json_loadb(text.data, text.size, JSON_REJECT_DUPLICATES, &why);
    if (people->file == NULL)
        return error_set(error, REJECT, "cannot read the people: line %d: %s", why.line,
                         why.text);
    const json_t *applies = json_object_get(people->file, "applies");
    const char *programme = json_string_value(json_object_get(people->file, "programme"));
    if (programme == NULL || !day_member(applies, 0, &people->opens) ||
        !day_member(applies, 1, &people->closes) || people->closes < people->opens ||
        !days_sayable(people))
        return error_set(error, REJECT,
                         "cannot read the people: expected \"programme\" and \"applies\", two "
                         "days from 2000 to 2189");
    if (!json_is_object(json_object_get(people->file, "members")))
        return error_set(error, REJECT, "cannot read the people: expected \"members\"");
    people->programme = slice_of(programme);
    return OK;
}

void people_release(struct people *people)
{
    json_decref(people->file);
    *people = (struct people){0};
}

enum outcome people_hires(const struct people *people, uint32_t employer, uint16_t *hires,
                          struct error *error)
{
    const json_t *employers = json_object_get(people->file, "employers");
    struct recipe_person person = {.employer = employer};
    *hires = 0;
    if (employers == NULL)
        return OK;
    stream_open(people, employer, STREAM_HIRES, &person.random);
    json_t *made = recipe_make(json_object_get(employers, "hires"), &person, error);
    json_int_t count = json_integer_value(made);
    json_decref(made);
    if (made == NULL || count < 1 || count > PEOPLE_HIRES_BOUND)
        return error_set(error, REJECT, "cannot make up an employer: \"hires\" expects 1 to %d",
                         PEOPLE_HIRES_BOUND);
    *hires = (uint16_t)count;
    return OK;
}

instant_us people_applies_at(const struct people *people, uint32_t number)
{
    struct random random;
    stream_open(people, number, STREAM_INSTANT, &random);
    uint32_t days = (uint32_t)(people->closes - people->opens + 1);
    epoch_day day = people->opens + (epoch_day)random_below(&random, days);
    /* By day, from eight to twenty o'clock. */
    int64_t second = 8 * 3600 + random_below(&random, UINT64_C(12) * 3600);
    return day_to_instant(day, people->utc_offset_minutes) + second * US_PER_SECOND;
}

/* Of the faults, those that the dice give; each is asked, so that one more never shifts the others. */
static bool fault_chosen(const json_t *fault, struct random *random)
{
    json_int_t thousandths = json_integer_value(json_object_get(fault, "thousandths"));
    return (json_int_t)random_below(random, 1000) < thousandths;
}

/* What is there already and what `recipe` makes of it: records are joined, all else is replaced. */
static bool merge(json_t *made, const json_t *recipe, struct recipe_person *person,
                  struct error *error)
{
    json_t *more = recipe_make(recipe, person, error);
    bool good = more != NULL && json_object_update_recursive(made, more) == 0;
    json_decref(more);
    return good;
}

static bool faults_merge(json_t *made, const json_t *faults, struct random *dice,
                         struct recipe_person *person, struct error *error)
{
    size_t i;
    json_t *fault;
    json_array_foreach((json_t *)faults, i, fault)
    {
        if (fault_chosen(fault, dice) &&
            !merge(made, json_object_get(fault, "members"), person, error))
            return false;
    }
    return true;
}

/* Members of hire that all hires of an employer share: dice of its own, and days as its first hire has them. */
static bool employer_merge(const struct people *people, const struct people_line *place,
                           json_t *made, struct error *error)
{
    const json_t *employers = json_object_get(people->file, "employers");
    struct recipe_person employer = {.number = place->first_hire,
                                     .employer = place->employer,
                                     .hires = place->hires,
                                     .applies_at =
                                         people_applies_at(people, place->first_hire)};
    struct random dice;
    if (place->employer == 0)
        return true;
    employer.applies_on = instant_to_day(employer.applies_at, people->utc_offset_minutes);
    stream_open(people, place->employer, STREAM_EMPLOYER_FAULTS, &dice);
    stream_open(people, place->employer, STREAM_EMPLOYER, &employer.random);
    json_t *hire = json_object_get(made, "hire");
    if (!json_is_object(hire))
        return error_set(error, REJECT,
                         "cannot make up a hire: expected \"hire\" in \"members\"") == OK;
    return merge(hire, json_object_get(employers, "members"), &employer, error) &&
           faults_merge(hire, json_object_get(employers, "faults"), &dice, &employer, error);
}

/* The fault of the person that is mended later; NULL: none. The dice are thrown as in faults_merge(). */
static const json_t *mended_fault(const struct people *people, uint32_t number)
{
    struct random dice, mending;
    size_t i;
    json_t *fault;
    const json_t *found = NULL;
    stream_open(people, number, STREAM_FAULTS, &dice);
    stream_open(people, number, STREAM_MENDED, &mending);
    json_array_foreach(json_object_get(people->file, "faults"), i, fault)
    {
        const json_t *mended = json_object_get(fault, "mended");
        bool has = fault_chosen(fault, &dice), mends = fault_chosen(mended, &mending);
        if (has && mends && found == NULL)
            found = mended;
    }
    return found;
}

bool people_mended(const struct people *people, const struct people_line *first, instant_us *at)
{
    const json_t *mended = mended_fault(people, first->number);
    struct recipe_person person = {.number = first->number};
    struct error error;
    if (mended == NULL)
        return false;
    json_t *form = json_pack("{s:O}", "$integer", json_object_get(mended, "days"));
    stream_open(people, first->number, STREAM_INSTANT, &person.random);
    json_t *made = recipe_make(form, &person, &error);
    const json_int_t days = json_integer_value(made);
    json_decref(made);
    json_decref(form);
    if (days < 1 || days > PEOPLE_MENDED_DAYS)
        return false;
    *at = first->at + days * US_PER_DAY;
    return true;
}

static json_t *person_make(const struct people *people, const struct people_line *place,
                           struct error *error)
{
    struct recipe_person person = {.number = place->number,
                                   .employer = place->employer,
                                   .hires = place->hires,
                                   .applies_at = people_applies_at(people, place->number)};
    struct random dice;
    person.applies_on = instant_to_day(person.applies_at, people->utc_offset_minutes);
    stream_open(people, place->number, STREAM_MEMBERS, &person.random);
    stream_open(people, place->number, STREAM_FAULTS, &dice);
    json_t *made = recipe_make(json_object_get(people->file, "members"), &person, error);
    const json_t *mended = place->revision > 1 ? mended_fault(people, place->number) : NULL;
    bool good =
        made != NULL && employer_merge(people, place, made, error) &&
        faults_merge(made, json_object_get(people->file, "faults"), &dice, &person, error) &&
        (mended == NULL || merge(made, json_object_get(mended, "members"), &person, error));
    if (good)
        return made;
    json_decref(made);
    return NULL;
}

static bool members_own(const struct people *people, const struct people_line *place,
                        json_t *made)
{
    char id[64], at[INSTANT_TEXT_SIZE + 1];
    struct civil civil = day_to_civil(people->opens);
    snprintf(id, sizeof id, "%.*s-%d-%06" PRIu32, SLICE_ARGS(people->programme), civil.year,
             place->number);
    instant_format(place->at, at);
    return json_object_set_new(made, "application_id", json_string(id)) == 0 &&
           json_object_set_new(made, "revision", json_integer(place->revision)) == 0 &&
           json_object_set_new(made, "programme",
                               json_stringn(people->programme.data, people->programme.size)) ==
               0 &&
           json_object_set_new(made, "submitted_at", json_string(at)) == 0;
}

enum outcome people_write(const struct people *people, const struct people_line *place,
                          struct arena *arena, struct buffer *line, struct error *error)
{
    struct application_submitted event;
    json_t *made = person_make(people, place, error);
    if (made == NULL)
        return REJECT;
    char *text = members_own(people, place, made) ? json_dumps(made, JSON_COMPACT) : NULL;
    json_decref(made);
    if (text == NULL)
        return error_set(error, STOP, "cannot hold a person: no memory");
    enum outcome outcome =
        event_from_json(&application_submitted_event, slice_of(text), arena, &event, error);
    if (outcome == OK) {
        line_append(application_submitted_event.record, &event, line);
        buffer_append_byte(line, '\n');
    }
    free(text);
    return outcome;
}
