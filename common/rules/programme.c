#include "rules/programme.h"

#include <assert.h>
#include <strings.h>

static const char *const deadline_names[DEADLINE_COUNT] = {
    "first_purchase", "first_purchase_reminder", "next_purchase",
    "balance_closes", "survey_window",           "repayment",
    "award_ends"};

static const char *const message_kind_names[MESSAGE_KIND_COUNT] = {
    "selected",      "not_selected",
    "refused",       "held",
    "revoked",       "first_purchase_reminder",
    "completed",     "payout_sent",
    "payout_failed", "recovery_noticed"};

const struct scheme *scheme_for_wave(const struct programme *programme, int wave)
{
    for (size_t i = 0; i < programme->scheme_count; i++) {
        const struct scheme *scheme = &programme->schemes[i];
        if (scheme->from_wave != 0 && scheme->from_wave <= wave && wave <= scheme->to_wave)
            return scheme;
    }
    return NULL;
}

const struct scheme *scheme_for_day(const struct programme *programme, epoch_day day)
{
    for (size_t i = 0; i < programme->scheme_count; i++) {
        const struct scheme *scheme = &programme->schemes[i];
        if (scheme->from_wave == 0 && !(scheme->has_from && day < scheme->from) &&
            !(scheme->has_to && day > scheme->to))
            return scheme;
    }
    return NULL;
}

const struct scheme *scheme_find(const struct programme *programme, struct slice name)
{
    for (size_t i = 0; i < programme->scheme_count; i++)
        if (slice_equal(programme->schemes[i].name, name))
            return &programme->schemes[i];
    return NULL;
}

const struct scheme_year *year_for_wave(const struct scheme *scheme, int wave)
{
    for (size_t i = 0; i < scheme->year_count; i++) {
        const struct scheme_year *year = &scheme->years[i];
        if (year->from_wave != 0 && year->from_wave <= wave && wave <= year->to_wave)
            return year;
    }
    return NULL;
}

const struct scheme_year *year_find(const struct scheme *scheme, int year)
{
    for (size_t i = 0; i < scheme->year_count; i++)
        if (scheme->years[i].year == year)
            return &scheme->years[i];
    return NULL;
}

const struct scheme_year *year_for_day(const struct scheme *scheme, epoch_day day)
{
    return year_find(scheme, day_to_civil(day).year);
}

const struct wave *wave_find(const struct programme *programme, int wave)
{
    for (size_t i = 0; i < programme->wave_count; i++)
        if (programme->waves[i].number == wave)
            return &programme->waves[i];
    return NULL;
}

bool wave_open(const struct programme *programme, int wave, instant_us at)
{
    const struct wave *times = wave_find(programme, wave);
    if (scheme_for_wave(programme, wave) == NULL)
        return false;
    return times == NULL || (!(times->has_opens && at < times->opens) &&
                             !(times->has_closes && at >= times->closes));
}

size_t wave_priorities(const struct programme *programme, int wave,
                       struct slice codes[static VERDICT_PRIORITIES])
{
    const struct scheme *scheme = scheme_for_wave(programme, wave);
    size_t count = 0;
    if (scheme == NULL)
        return 0;
    for (size_t i = 0; i < scheme->condition_count[PHASE_SELECT]; i++) {
        const struct condition *condition = scheme->conditions[PHASE_SELECT][i];
        if (condition->effect == EFFECT_PRIORITY &&
            (condition->from_wave == 0 ||
             (condition->from_wave <= wave && wave <= condition->to_wave)))
            count = slices_insert(codes, count, VERDICT_PRIORITIES, condition->reason->code);
    }
    return count;
}

const struct benefit *benefit_find(const struct scheme *scheme, struct slice item)
{
    for (size_t i = 0; i < scheme->benefit_count; i++)
        if (slice_equal(scheme->benefits[i].item, item))
            return &scheme->benefits[i];
    return NULL;
}

const struct reason *reason_find(const struct programme *programme, struct slice code)
{
    size_t low = 0, high = programme->reason_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = slice_compare(programme->reasons[middle].code, code);
        if (order == 0)
            return &programme->reasons[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const struct payment_partner *partner_find(const struct programme *programme, struct slice name)
{
    const struct payment_partner *fallback = NULL;
    for (size_t i = 0; i < programme->partner_count; i++) {
        if (slice_equal(programme->partners[i].name, name))
            return &programme->partners[i];
        if (slice_is(programme->partners[i].name, "DEFAULT"))
            fallback = &programme->partners[i];
    }
    return fallback;
}

const struct parameter *parameter_find(const struct programme *programme, struct slice name,
                                       epoch_day on)
{
    for (size_t i = 0; i < programme->parameter_count; i++) {
        const struct parameter *parameter = &programme->parameters[i];
        if (slice_equal(parameter->name, name) &&
            !(parameter->has_from && on < parameter->from) &&
            !(parameter->has_to && on > parameter->to))
            return parameter;
    }
    return NULL;
}

const struct condition *condition_find(const struct programme *programme, int number)
{
    size_t first = 0, count = programme->condition_count;
    while (count > 0) { /* they stand by number */
        size_t half = count / 2;
        bool before = programme->conditions[first + half].number < number;
        first += before ? half + 1 : 0;
        count = before ? count - half - 1 : half;
    }
    return first < programme->condition_count && programme->conditions[first].number == number
               ? &programme->conditions[first]
               : NULL;
}

struct slice citation_find(const struct programme *programme, struct slice key)
{
    for (size_t i = 0; i < programme->source_count; i++)
        if (slice_equal(programme->sources[i].key, key))
            return programme->sources[i].where;
    return (struct slice){0};
}

struct slice own_words_find(const struct programme *programme, struct slice name,
                            size_t language)
{
    for (size_t i = 0; i < programme->word_count; i++)
        if (slice_equal(programme->words[i].name, name))
            return text_in(&programme->words[i].texts, language);
    return (struct slice){0};
}

static bool region_within(struct slice region, struct slice prefix)
{
    return region.size >= prefix.size &&
           slice_equal((struct slice){region.data, prefix.size}, prefix);
}

bool seat_limit_counts(const struct seat_limit *limit, const struct scheme *scheme, int wave,
                       struct slice region)
{
    return limit->scheme == scheme && limit->wave == wave &&
           (slice_is(limit->region, "ALL") || region_within(region, limit->region));
}

size_t language_find(const struct programme *programme, struct slice language)
{
    size_t primary = 0;
    while (primary < language.size && language.data[primary] != '-' &&
           language.data[primary] != '_')
        primary++;
    for (size_t i = 0; i < programme->language_count; i++)
        if (programme->languages[i].size == primary &&
            strncasecmp(programme->languages[i].data, language.data, primary) == 0)
            return i;
    return 0;
}

struct slice text_in(const struct texts *texts, size_t language)
{
    assert(language < LANGUAGE_BOUND);
    return texts->in[language].size > 0 ? texts->in[language] : texts->in[0];
}

const char *deadline_name(enum deadline_name name)
{
    assert(name < DEADLINE_COUNT);
    return deadline_names[name];
}

const char *message_kind_name(enum message_kind kind)
{
    assert(kind < MESSAGE_KIND_COUNT);
    return message_kind_names[kind];
}

const struct own_register *programme_register(const struct programme *programme,
                                              enum rule_field field)
{
    if (!field_of_own_register(field))
        return NULL;
    size_t at = (size_t)(field - FIELD_REGISTER_OWN_1_LISTED) / 2;
    return programme != NULL && at < programme->register_count ? &programme->registers[at]
                                                               : NULL;
}

const char *programme_field_name(const struct programme *programme, enum rule_field field)
{
    const struct own_register *own = programme_register(programme, field);
    if (own == NULL)
        return field_meaning(field)->name;
    return (field - FIELD_REGISTER_OWN_1_LISTED) % 2 == 0 ? own->listed : own->code;
}

bool programme_field_find(const struct programme *programme, struct slice name,
                          enum rule_field *field)
{
    for (size_t i = 0; programme != NULL && i < 2 * programme->register_count; i++) {
        enum rule_field one = (enum rule_field)(FIELD_REGISTER_OWN_1_LISTED + i);
        if (slice_is(name, programme_field_name(programme, one))) {
            *field = one;
            return true;
        }
    }
    return field_find(name, field) && !field_of_own_register(*field);
}
