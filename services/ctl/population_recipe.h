/*
 * population_recipe - how one value of a made-up person comes about, as JSON says it. Pure.
 *
 * A recipe is a value, or an object with one member that begins with "$" and says how to make one:
 *
 *   {"$weighted": [[880, "ms"], [120, "en"]]}    one of these, by weight
 *   {"$any": ["SPM", "PMR"]}                     one of these, all alike
 *   {"$some": [[300, "OKU"], [20, "PAROLEE"]]}   each by its own chance of a thousand, as an array
 *   {"$join": [recipe, ...]}                     texts and numbers, one after the other
 *   {"$integer": [1, 12]}                        both ends included
 *   {"$money": [1500, 3000, 50]}                 an amount in whole units: first, last, step
 *   {"$day": ["2023-01-01", "2023-03-31"]}       a day, both ends included
 *   {"$days_before": [1, 60]}                    a day, so many before the person applies
 *   {"$minutes_before": [5, 90]}                 an instant, so many before the person applies
 *   {"$birth": [16, 40]}                         the birth date of somebody so old on the day of applying
 *   {"$birth_digits": "yymmdd"}                  of the birth date made last; or "ddmmyy"
 *   {"$number": 4}                               the person's number, with so many digits
 *   {"$employer": 6}                             the employer's
 *   {"$of_hires": 500}                           so many thousandths of the employer's hires, one at least
 *
 * Any other object or array is made member by member, in the order of the text, null included. The same
 * random numbers make the same value for ever.
 */
#ifndef KERJA_CTL_POPULATION_RECIPE_H
#define KERJA_CTL_POPULATION_RECIPE_H

#include "base/calendar.h"
#include "base/error.h"
#include "random.h"

#include <jansson.h>
#include <stdint.h>

/* Who the value is for. Days are local to the programme. */
struct recipe_person {
    struct random random;
    uint64_t number, employer; /* from 1; employer 0: none */
    int64_t hires;             /* of that employer         */
    instant_us applies_at;
    epoch_day applies_on;
    epoch_day birth_date; /* the one made last */
};

/* A new reference to the value, or NULL and an error that names the form. */
json_t *recipe_make(const json_t *recipe, struct recipe_person *person, struct error *error);

#endif
