/*
 * population - made-up people who apply to a wave, shaped by published figures. Pure.
 *
 * Of all who registered in 2020, 65 % had a confirmed e-mail address, 50 % also a national id and
 * family card that the population register knew, 45 % also a confirmed mobile number: these are the
 * shares of people here who get so far. Others are too young, pupils, civil servants, not citizens, or
 * apply twice. Ages, regions and family cards of one to five people follow Indonesia's.
 *
 * Everybody is obviously made up: national ids and family cards begin with 99 and 98, which no
 * province has; mobile numbers with +62 800, where no subscriber is; e-mail ends with example.org.
 * A person is a function of (seed, number): the same seed gives the same people in every wave, and
 * the same bytes for ever.
 */
#ifndef KERJA_CTL_POPULATION_H
#define KERJA_CTL_POPULATION_H

#include "base/buffer.h"
#include "base/calendar.h"
#include "random.h"
#include "regions.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NATIONAL_ID_SIZE = 16, FAMILY_CARD_PEOPLE = 5, POPULATION_BOUND = 50000000 };

/* Of a thousand people; the first three of all, in this order of the funnel. */
enum {
    SHARE_EMAIL = 650,
    SHARE_REGISTERED_NATIONAL_ID = 500,
    SHARE_MSISDN = 450,
    SHARE_PUPIL = 20,
    SHARE_EXCLUDED_OCCUPATION = 15,
    SHARE_NOT_COVERED = 10,
    SHARE_FOREIGN = 2,
    SHARE_MINOR = 15,
    SHARE_OLD = 8,
    SHARE_FACE_FAILS = 10,
    SHARE_APPLIES_TWICE = 15,
    SHARE_CORRECTS = 10,
    SHARE_COVID = 700,
};

/* What does not depend on the wave. */
struct inhabitant {
    uint64_t number; /* from 1 */
    bool woman, citizen, pupil;
    char national_id[NATIONAL_ID_SIZE + 1];
    char family_card_no[NATIONAL_ID_SIZE + 1];
    char region_code[REGION_CODE_SIZE + 1];
    const char *first_name, *last_name, *employment_status, *occupation_class, *qualification;
    epoch_day birth_date;
    bool email_verified, known_national_id, known_family_card, msisdn_verified;
    bool face_matches, covid_affected, applies_twice, corrects;
};

/* The person of that number; `family` is the number of the family card. `on` is a day near which the
 * ages are as they should be. */
void inhabitant_make(uint64_t seed, uint64_t number, uint32_t family, epoch_day on,
                     struct inhabitant *inhabitant);

/* How many people, from `number` on, live on the family card that begins there: 1 to 5. */
uint32_t family_size(uint64_t seed, uint64_t number);

struct wave_window {
    int wave;
    bool social_assistance; /* asks for effects of the pandemic    */
    instant_us opens, closes;
};

enum application_kind { FIRST_APPLICATION, SECOND_APPLICATION, CORRECTION };

/* When it was sent: a third within the first tenth of the window, and always inside it. */
instant_us application_instant(uint64_t seed, uint64_t number, enum application_kind kind,
                               const struct wave_window *window);

/* Appends one line: application.submitted in Avro's JSON encoding. */
void application_write(const struct inhabitant *inhabitant, enum application_kind kind,
                       const struct wave_window *window, const char *programme,
                       const char *country, instant_us submitted_at, struct buffer *line);

/* Whether a register lists the person, and with which code ("" where it has none). */
struct made_register {
    const char *name;
    uint32_t thousandths;
    const char *code;
};
extern const struct made_register made_registers[];
extern const size_t made_register_count;
bool register_lists(uint64_t seed, const struct inhabitant *inhabitant, size_t register_index);

#endif
