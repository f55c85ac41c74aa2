#include "population_recipe.h"

#include "base/buffer.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { DIGITS = 18, AGES = 120 };

typedef json_t *making(const json_t *form, struct recipe_person *person, struct error *error);

static json_t *expected(struct error *error, const char *form, const char *what)
{
    error_set(error, REJECT, "cannot make up a value: \"%s\" expects %s", form, what);
    return NULL;
}

/* The two whole numbers of a form, the first not above the second. */
static bool bounds_read(const json_t *form, int64_t *low, int64_t *high)
{
    const json_t *first = json_array_get(form, 0), *last = json_array_get(form, 1);
    *low = json_integer_value(first);
    *high = json_integer_value(last);
    return json_is_integer(first) && json_is_integer(last) && *low <= *high &&
           *high - *low < INT64_C(1) << 32;
}

static int64_t between(struct random *random, int64_t low, int64_t high)
{
    return low + (int64_t)random_below(random, (uint64_t)(high - low) + 1);
}

static json_t *make_weighted(const json_t *form, struct recipe_person *person,
                             struct error *error)
{
    int64_t whole = 0;
    size_t i;
    json_t *pair;
    json_array_foreach((json_t *)form, i, pair)
    {
        int64_t weight = json_integer_value(json_array_get(pair, 0));
        if (json_array_size(pair) != 2 || weight < 0)
            return expected(error, "$weighted", "pairs of a weight and a value");
        whole += weight;
    }
    if (whole <= 0)
        return expected(error, "$weighted", "a weight above zero");
    int64_t left = between(&person->random, 0, whole - 1);
    for (i = 0; left >= json_integer_value(json_array_get(json_array_get(form, i), 0)); i++)
        left -= json_integer_value(json_array_get(json_array_get(form, i), 0));
    return recipe_make(json_array_get(json_array_get(form, i), 1), person, error);
}

static json_t *make_any(const json_t *form, struct recipe_person *person, struct error *error)
{
    if (json_array_size(form) == 0)
        return expected(error, "$any", "values");
    size_t chosen = random_below(&person->random, json_array_size(form));
    return recipe_make(json_array_get(form, chosen), person, error);
}

static json_t *make_some(const json_t *form, struct recipe_person *person, struct error *error)
{
    json_t *made = json_array(), *pair;
    size_t i;
    json_array_foreach((json_t *)form, i, pair)
    {
        json_int_t chance = json_integer_value(json_array_get(pair, 0));
        if (json_array_size(pair) != 2 || chance < 0 || chance > 1000) {
            json_decref(made);
            return expected(error, "$some", "pairs of thousandths and a value");
        }
        if (random_chance(&person->random, (uint32_t)chance))
            json_array_append(made, json_array_get(pair, 1));
    }
    return made;
}

static json_t *make_join(const json_t *form, struct recipe_person *person, struct error *error)
{
    struct buffer text = {0};
    bool good = true;
    for (size_t i = 0; good && i < json_array_size(form); i++) {
        json_t *part = recipe_make(json_array_get(form, i), person, error);
        char number[24];
        snprintf(number, sizeof number, "%" PRId64, (int64_t)json_integer_value(part));
        const char *said = json_is_string(part) ? json_string_value(part) : number;
        buffer_append(&text, said, strlen(said));
        good = part != NULL;
        json_decref(part);
    }
    buffer_append_byte(&text, '\0');
    json_t *made = good && !buffer_failed(&text) ? json_string(text.data) : NULL;
    buffer_release(&text);
    return made;
}

static json_t *make_integer(const json_t *form, struct recipe_person *person,
                            struct error *error)
{
    int64_t low, high;
    if (!bounds_read(form, &low, &high))
        return expected(error, "$integer", "two whole numbers");
    return json_integer(between(&person->random, low, high));
}

static json_t *make_money(const json_t *form, struct recipe_person *person, struct error *error)
{
    int64_t low, high, step = json_integer_value(json_array_get(form, 2));
    char text[32];
    if (!bounds_read(form, &low, &high) || step <= 0)
        return expected(error, "$money", "two whole amounts and a step");
    int64_t amount = low + step * between(&person->random, 0, (high - low) / step);
    snprintf(text, sizeof text, "%" PRId64 ".00", amount);
    return json_string(text);
}

static json_t *day_text(epoch_day day)
{
    char text[DAY_TEXT_SIZE + 1];
    day_format(day, text);
    return json_string(text);
}

static bool day_read(const json_t *json, epoch_day *day)
{
    return json_is_string(json) && day_parse(slice_of(json_string_value(json)), day);
}

static json_t *make_day(const json_t *form, struct recipe_person *person, struct error *error)
{
    epoch_day first, last;
    if (!day_read(json_array_get(form, 0), &first) ||
        !day_read(json_array_get(form, 1), &last) || first > last)
        return expected(error, "$day", "two days such as \"2023-04-01\"");
    return day_text((epoch_day)between(&person->random, first, last));
}

static json_t *make_days_before(const json_t *form, struct recipe_person *person,
                                struct error *error)
{
    int64_t low, high;
    if (!bounds_read(form, &low, &high))
        return expected(error, "$days_before", "two whole numbers");
    return day_text((epoch_day)(person->applies_on - between(&person->random, low, high)));
}

static json_t *make_minutes_before(const json_t *form, struct recipe_person *person,
                                   struct error *error)
{
    int64_t low, high;
    char text[INSTANT_TEXT_SIZE + 1];
    if (!bounds_read(form, &low, &high))
        return expected(error, "$minutes_before", "two whole numbers");
    int64_t minutes = between(&person->random, low, high);
    instant_format(person->applies_at - minutes * 60 * US_PER_SECOND, text);
    return json_string(text);
}

static json_t *make_birth(const json_t *form, struct recipe_person *person, struct error *error)
{
    int64_t low, high;
    if (!bounds_read(form, &low, &high) || low < 0 || high > AGES)
        return expected(error, "$birth", "two ages");
    int age = (int)between(&person->random, low, high);
    /* The last birthday was 1 to 350 days ago, so that an age holds some days around, too. */
    epoch_day birthday = day_add_months(person->applies_on, -12 * age);
    person->birth_date = birthday - 1 - (epoch_day)random_below(&person->random, 350);
    return day_text(person->birth_date);
}

static json_t *make_birth_digits(const json_t *form, struct recipe_person *person,
                                 struct error *error)
{
    struct civil civil = day_to_civil(person->birth_date);
    unsigned year = (unsigned)civil.year % 100, month = (unsigned)civil.month % 100,
             day = (unsigned)civil.day % 100;
    char text[8];
    const char *order = json_string_value(form);
    if (order != NULL && strcmp(order, "yymmdd") == 0)
        snprintf(text, sizeof text, "%02u%02u%02u", year, month, day);
    else if (order != NULL && strcmp(order, "ddmmyy") == 0)
        snprintf(text, sizeof text, "%02u%02u%02u", day, month, year);
    else
        return expected(error, "$birth_digits", "\"yymmdd\" or \"ddmmyy\"");
    return json_string(text);
}

static json_t *digits_of(const json_t *form, uint64_t number, const char *name,
                         struct error *error)
{
    int64_t digits = json_integer_value(form);
    char text[32];
    if (digits < 1 || digits > DIGITS)
        return expected(error, name, "how many digits, 1 to 18");
    int size = snprintf(text, sizeof text, "%0*" PRIu64, (int)digits, number);
    return json_string(text + (size > digits ? size - digits : 0));
}

static json_t *make_number(const json_t *form, struct recipe_person *person,
                           struct error *error)
{
    return digits_of(form, person->number, "$number", error);
}

static json_t *make_employer(const json_t *form, struct recipe_person *person,
                             struct error *error)
{
    return digits_of(form, person->employer, "$employer", error);
}

static json_t *make_of_hires(const json_t *form, struct recipe_person *person,
                             struct error *error)
{
    if (!json_is_integer(form))
        return expected(error, "$of_hires", "thousandths");
    int64_t part = person->hires * json_integer_value(form) / 1000;
    return json_integer(part < 1 ? 1 : part);
}

static const struct {
    const char *name;
    making *make;
} forms[] = {
    {"$weighted", make_weighted},
    {"$any", make_any},
    {"$some", make_some},
    {"$join", make_join},
    {"$integer", make_integer},
    {"$money", make_money},
    {"$day", make_day},
    {"$days_before", make_days_before},
    {"$minutes_before", make_minutes_before},
    {"$birth", make_birth},
    {"$birth_digits", make_birth_digits},
    {"$number", make_number},
    {"$employer", make_employer},
    {"$of_hires", make_of_hires},
};

static json_t *object_make(const json_t *recipe, struct recipe_person *person,
                           struct error *error)
{
    json_t *made = json_object(), *value;
    const char *name;
    json_object_foreach((json_t *)recipe, name, value)
    {
        json_t *member = recipe_make(value, person, error);
        if (member == NULL || json_object_set_new(made, name, member) != 0) {
            json_decref(made);
            return NULL;
        }
    }
    return made;
}

static json_t *array_make(const json_t *recipe, struct recipe_person *person,
                          struct error *error)
{
    json_t *made = json_array();
    for (size_t i = 0; i < json_array_size(recipe); i++) {
        json_t *item = recipe_make(json_array_get(recipe, i), person, error);
        if (item == NULL || json_array_append_new(made, item) != 0) {
            json_decref(made);
            return NULL;
        }
    }
    return made;
}

json_t *recipe_make(const json_t *recipe, struct recipe_person *person, struct error *error)
{
    if (json_is_array(recipe))
        return array_make(recipe, person, error);
    if (!json_is_object(recipe))
        return recipe == NULL ? expected(error, "a recipe", "a value") : json_deep_copy(recipe);
    const char *name = json_object_iter_key(json_object_iter((json_t *)recipe));
    if (name == NULL || name[0] != '$')
        return object_make(recipe, person, error);
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (strcmp(name, forms[i].name) == 0)
            return forms[i].make(json_object_get(recipe, name), person, error);
    error_set(error, REJECT, "cannot make up a value: there is no \"%.64s\"", name);
    return NULL;
}
