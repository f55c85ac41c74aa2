/*
 * population_people - made-up people who apply to a programme, as a file of recipes describes them. Pure.
 *
 * Beside a programme's rules stands who might come: a JSON file with, in this order of working,
 *
 *   "programme"   whose rules they meet, as its file calls it
 *   "applies"     first and last day on which they apply
 *   "employers"   in a programme of employers: "hires", how many workers one applies for; "members" of hire that all
 *                 its hires share, and "faults"
 *   "members"     of application.submitted, as somebody has them whom no rule refuses
 *   "faults"      who differs: {"reason": what it should come to, "thousandths": how many, "members": what is otherwise,
 *                 "mended": {"thousandths": of those, "days": [1, 9] later, "members": what is right then}}
 *
 * with a recipe (population_recipe.h) for each value. Who is mended sends a second revision. What the file leaves out of
 * application.submitted is made by hand here: application_id, revision, programme and submitted_at.
 *
 * A person is a function of (seed, number): the same seed gives the same bytes for ever.
 */
#ifndef KERJA_CTL_POPULATION_PEOPLE_H
#define KERJA_CTL_POPULATION_PEOPLE_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/calendar.h"
#include "base/error.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

enum { PEOPLE_HIRES_BOUND = 500, PEOPLE_MENDED_DAYS = 3660 };

struct people {
    json_t *file;
    uint64_t seed;
    int utc_offset_minutes;
    epoch_day opens, closes; /* first and last day of applying */
    struct slice programme;
};

/* A place among the applications: who, at which employer, and which revision. */
struct people_line {
    instant_us at;
    uint32_t number, employer, first_hire; /* number of the employer's first worker */
    uint16_t hires;
    uint8_t revision; /* 1, or 2 */
};

/* Takes the text of such a file. REJECT says what is wrong with it; `people` is to be released either way. */
enum outcome people_read(struct slice text, uint64_t seed, int utc_offset_minutes,
                         struct people *people, struct error *error);
void people_release(struct people *people);

/* How many workers the employer applies for whose first one has this number; 0 without employers. */
enum outcome people_hires(const struct people *people, uint32_t employer, uint16_t *hires,
                          struct error *error);

/* When the person applies. */
instant_us people_applies_at(const struct people *people, uint32_t number);

/* Whether, and when, a second revision comes: 1 to PEOPLE_MENDED_DAYS days later, never for other figures. */
bool people_mended(const struct people *people, const struct people_line *first,
                   instant_us *at);

/* Appends one line: application.submitted in Avro's JSON encoding. */
enum outcome people_write(const struct people *people, const struct people_line *place,
                          struct arena *arena, struct buffer *line, struct error *error);

#endif
