/*
 * The members of a case: which programme, scheme, year, wave and day it is judged by, and what it gives.
 */
#include "try.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool trial_fault(struct trial *trial, const char *format, ...)
{
    char text[ERROR_TEXT_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    error_set(&trial->error, REJECT, "line %" PRId64 ": %s", trial->line, text);
    return false;
}

static const char *const members[] = {"id",    "programme", "scheme",      "wave",    "year",
                                      "phase", "day",       "event",       "facts",   "fields",
                                      "item",  "seed",      "instalments", "pool",    "seats",
                                      "moves", "note",      "instalment",  "ceiling", NULL};

static bool member_known(const char *const *names, const char *name)
{
    while (*names != NULL && strcmp(*names, name) != 0)
        names++;
    return *names != NULL;
}

bool trial_members(struct trial *trial, const char *where, const json_t *object,
                   const char *const *names)
{
    const char *name;
    json_t *value;
    if (!json_is_object(object))
        return trial_fault(trial, "%s must be an object", where);
    json_object_foreach((json_t *)object, name, value)
    {
        if (!member_known(names, name))
            return trial_fault(trial, "%s: \"%.40s\" is no member of it", where, name);
    }
    return true;
}

bool trial_text(struct trial *trial, const char *where, const json_t *object, const char *name)
{
    const json_t *json = json_object_get(object, name);
    return json == NULL || json_is_null(json) ||
           (json_is_string(json) && json_string_length(json) > 0) ||
           trial_fault(trial, "%s\"%s\" must be a text", where, name);
}

bool trial_number(struct trial *trial, const char *where, const json_t *object,
                  const char *name, int64_t least, int64_t most)
{
    const json_t *json = json_object_get(object, name);
    return json == NULL || json_is_null(json) ||
           (json_is_integer(json) && json_integer_value(json) >= least &&
            json_integer_value(json) <= most) ||
           trial_fault(trial, "%s\"%s\" must be a whole number from %" PRId64 " to %" PRId64,
                       where, name, least, most);
}

static bool members_check(struct trial *trial)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)trial->json, name, value)
    {
        if (!member_known(members, name))
            return trial_fault(trial,
                               "\"%.40s\" is no member of a case; expected id, programme, "
                               "scheme, wave, year, phase, day, event, facts or fields",
                               name);
    }
    return true;
}

/* Of the case, or of its event. */
static const json_t *member_find(const struct trial *trial, const char *name)
{
    const json_t *own = json_object_get(trial->json, name);
    return own != NULL ? own : json_object_get(json_object_get(trial->json, "event"), name);
}

static void names_list(const struct trial *trial, char *text, size_t size)
{
    size_t at = 0;
    text[0] = '\0';
    for (size_t i = 0; i < trial->bench->programme_count && at + 1 < size; i++) {
        struct slice id = trial->bench->programmes[i]->id;
        int put = snprintf(text + at, size - at, "%s%.*s", i == 0 ? "" : ", ", SLICE_ARGS(id));
        at += put < 0 ? 0 : (size_t)put;
    }
}

/* Without a name the only file is meant. */
static bool programme_read(struct trial *trial)
{
    const json_t *name = member_find(trial, "programme");
    char names[256];
    names_list(trial, names, sizeof names);
    if (name == NULL && trial->bench->programme_count == 1)
        trial->programme = trial->bench->programmes[0];
    else if (!json_is_string(name))
        return trial_fault(trial, "\"programme\" must be one of %s", names);
    for (size_t i = 0; trial->programme == NULL && i < trial->bench->programme_count; i++)
        if (slice_is(trial->bench->programmes[i]->id, json_string_value(name)))
            trial->programme = trial->bench->programmes[i];
    return trial->programme != NULL ||
           trial_fault(trial, "found the programme \"%.40s\", expected one of %s",
                       json_string_value(name), names);
}

/* A whole number of the case; `has` stays false where it is missing or null. */
static bool number_read(struct trial *trial, const char *name, int *number, bool *has)
{
    const json_t *json = member_find(trial, name);
    *has = false;
    if (json == NULL || json_is_null(json))
        return true;
    int64_t value = json_integer_value(json);
    if (!json_is_integer(json) || value < 0 || value > UINT16_MAX)
        return trial_fault(trial, "\"%s\" must be a whole number from 0 to %d", name,
                           UINT16_MAX);
    *number = (int)value;
    *has = true;
    return true;
}

static bool day_read(struct trial *trial)
{
    const json_t *json = json_object_get(trial->json, "day");
    if (json == NULL || json_is_null(json))
        return true;
    trial->has_day =
        json_is_string(json) && day_parse(slice_of(json_string_value(json)), &trial->day);
    return trial->has_day || trial_fault(trial, "\"day\" must be a day as \"2021-08-19\"");
}

static bool phase_add(struct trial *trial, const json_t *name)
{
    enum rule_phase phase;
    if (!json_is_string(name) || !phase_find(slice_of(json_string_value(name)), &phase) ||
        trial_has_phase(trial, phase))
        return trial_fault(trial,
                           "\"phase\" must be APPLY, SELECT, EMPLOYER, PROVIDER, PURCHASE, "
                           "COMPLETE, PAY, or a list of these, each once, or SCHEDULE, DRAW or "
                           "LEDGER");
    trial->rule_phases[trial->rule_phase_count++] = phase;
    return true;
}

static bool phase_read(struct trial *trial)
{
    static const struct {
        const char *name;
        enum trial_phase phase;
    } others[] = {{"SCHEDULE", TRIAL_SCHEDULE}, {"DRAW", TRIAL_DRAW}, {"LEDGER", TRIAL_LEDGER}};
    const json_t *json = json_object_get(trial->json, "phase");
    for (size_t i = 0; json_is_string(json) && i < sizeof others / sizeof *others; i++) {
        if (strcmp(json_string_value(json), others[i].name) == 0) {
            trial->phase = others[i].phase;
            return true;
        }
    }
    if (!json_is_array(json) || json_array_size(json) == 0)
        return phase_add(trial, json);
    for (size_t i = 0; i < json_array_size(json); i++)
        if (!phase_add(trial, json_array_get(json, i)))
            return false;
    return true;
}

static bool scheme_read(struct trial *trial)
{
    const json_t *name = json_object_get(trial->json, "scheme");
    if (name != NULL && !json_is_null(name)) {
        if (json_is_string(name))
            trial->scheme = scheme_find(trial->programme, slice_of(json_string_value(name)));
        return trial->scheme != NULL || trial_fault(trial,
                                                    "\"scheme\" must name a scheme of the "
                                                    "programme \"%.*s\"",
                                                    SLICE_ARGS(trial->programme->id));
    }
    if (trial->has_wave)
        trial->scheme = scheme_for_wave(trial->programme, trial->wave);
    else if (trial->has_day)
        trial->scheme = scheme_for_day(trial->programme, trial->day);
    else if (trial->programme->scheme_count == 1)
        trial->scheme = &trial->programme->schemes[0];
    if (trial->scheme != NULL)
        return true;
    if (trial->has_wave)
        return trial_fault(trial, "the programme file has no wave %d", trial->wave);
    return trial_fault(trial, trial->has_day ? "the programme file has no scheme on that day"
                                             : "expected a scheme, a wave or a day, by which "
                                               "the scheme is found");
}

/* A wave is of one year: that of the case may not be another. */
static bool year_of_wave(struct trial *trial)
{
    const struct scheme_year *own =
        trial->has_wave ? year_for_wave(trial->scheme, trial->wave) : trial->year;
    return own == NULL || own == trial->year ||
           trial_fault(trial, "wave %d is of the year %d, not of %d", trial->wave, own->year,
                       trial->year->year);
}

static bool year_read(struct trial *trial)
{
    int year = 0;
    bool has = false;
    if (!number_read(trial, "year", &year, &has))
        return false;
    if (has) {
        trial->year = year_find(trial->scheme, year);
        return trial->year != NULL ? year_of_wave(trial)
                                   : trial_fault(trial, "the scheme \"%.*s\" has no year %d",
                                                 SLICE_ARGS(trial->scheme->name), year);
    }
    if (trial->has_wave)
        trial->year = year_for_wave(trial->scheme, trial->wave);
    else if (trial->has_day)
        trial->year = year_for_day(trial->scheme, trial->day);
    return true;
}

static bool fields_read(struct trial *trial)
{
    json_t *fields = json_object_get(trial->json, "fields"), *value;
    const char *name;
    enum rule_field field;
    if (fields == NULL || json_is_null(fields))
        return true;
    if (!json_is_object(fields))
        return trial_fault(trial, "\"fields\" must be an object of values by field names");
    json_object_foreach(fields, name, value)
    {
        if (!programme_field_find(trial->programme, slice_of(name), &field))
            return trial_fault(trial, "\"fields\": \"%.60s\" is no field of the vocabulary",
                               name);
        if (!trial_field_read(trial, field, value))
            return false;
    }
    return true;
}

/* Conditions are in force in waves, so that a scheme of waves is judged in one: the case's, or the first of its
 * year. */
static bool wave_settle(struct trial *trial)
{
    const struct scheme *scheme = trial->scheme;
    if (scheme->from_wave == 0 || trial->phase == TRIAL_SCHEDULE ||
        trial->phase == TRIAL_LEDGER)
        return true;
    if (!trial->has_wave && trial->year != NULL) {
        trial->wave = trial->year->from_wave;
        trial->has_wave = true;
    }
    bool within =
        trial->has_wave && trial->wave >= scheme->from_wave && trial->wave <= scheme->to_wave;
    return within ||
           trial_fault(trial, "expected \"wave\" from %d to %d, those of the scheme \"%.*s\"",
                       scheme->from_wave, scheme->to_wave, SLICE_ARGS(scheme->name));
}

static bool event_day(const struct trial *trial, epoch_day *day)
{
    static const char *const times[] = {"submitted_at", "enrolled_at", "completed_at",
                                        "reached_at",   "approved_at", "drawn_at"};
    const json_t *event = json_object_get(trial->json, "event");
    const char *valid_from = json_string_value(json_object_get(event, "valid_from"));
    instant_us at;
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        const char *text = json_string_value(json_object_get(event, times[i]));
        if (text == NULL || !instant_parse(slice_of(text), &at))
            continue;
        *day = instant_to_day(at, trial->programme->utc_offset_minutes);
        return true;
    }
    return valid_from != NULL && day_parse(slice_of(valid_from), day);
}

/* Who gives the day of the application, purchase or completion that is judged has given the day. */
static void day_settle(struct trial *trial)
{
    static const struct {
        enum rule_phase phase;
        enum rule_field field;
    } days[] = {{PHASE_APPLY, FIELD_APPLICATION_DAY},
                {PHASE_EMPLOYER, FIELD_APPLICATION_DAY},
                {PHASE_PURCHASE, FIELD_PURCHASE_DAY},
                {PHASE_COMPLETE, FIELD_COMPLETION_DAY}};
    for (size_t i = 0; i < sizeof days / sizeof *days && !trial->has_day; i++) {
        const struct value *value = &trial->fields[days[i].field];
        if (trial_has_phase(trial, days[i].phase) && value->state == VALUE_PRESENT) {
            trial->day = (epoch_day)value->number;
            trial->has_day = true;
        }
    }
    if (!trial->has_day)
        trial->has_day = event_day(trial, &trial->day);
}

bool trial_read(struct trial *trial)
{
    if (!members_check(trial) || !programme_read(trial) || !phase_read(trial) ||
        !number_read(trial, "wave", &trial->wave, &trial->has_wave) || !day_read(trial))
        return false;
    if (trial->phase == TRIAL_DRAW)
        return true;
    if (!fields_read(trial))
        return false;
    day_settle(trial);
    return scheme_read(trial) && year_read(trial) && wave_settle(trial);
}
