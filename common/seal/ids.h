/*
 * ids - every id that Kerja makes: sixteen bytes of HMAC-SHA-256, as UUID version 8.
 *
 * An id is the first sixteen bytes of the HMAC, under the id secret, over its parts
 * (seal/digest.h), marked as version 8. All parts are UTF-8 text: numbers in decimal, days as
 * 2023-05-02, uuids in their 36 characters. Where a cohort stands in front, it replaces the
 * first 16 bits, big-endian.
 *
 *   id           parts                                           in front
 *   person       country, national id (digits only)
 *   award        programme, scheme, cohort, person or hire       the cohort
 *   entitlement  award, item, instalment                         the award's cohort
 *   hire         "hire", employer number, person, day of hire
 *   employer     the key "employer" of country, employer number
 *   key          "key", its name, its parts                      the cohort, unless 0
 *   token        "token", its kind, the value
 *   mark         "mark", the place, the bytes
 *
 * The cohort in front keeps the index writes of one wave or month together. Ids need no secret
 * to be compared, and the secret to be guessed. An event id is SHA-256 without a key: who has
 * the cause may compute it.
 */
#ifndef KERJA_SEAL_IDS_H
#define KERJA_SEAL_IDS_H

#include "base/calendar.h"
#include "base/slice.h"
#include "base/uuid.h"
#include "seal/digest.h"
#include "seal/seal.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    NATIONAL_ID_DIGITS = 32, /* more are refused            */
    SEAL_KEY_PARTS = 12      /* of a composite key          */
};

/* The person of a country (ISO 3166-1, two capital letters) and national id. Blanks, dots and
 * dashes in the national id are left out. Returns false, and writes nothing, when it has
 * another character, no digit, or too many, or the country is not two capital letters. */
bool seal_person_id(const struct seal *seal, struct slice country, struct slice national_id,
                    struct uuid *person_id);

/* The employer of a country that its number names: one over all programmes. */
struct uuid seal_employer_id(const struct seal *seal, struct slice country,
                             struct slice employer_no);

/* One hire of a person by an employer. */
struct uuid seal_hire(const struct seal *seal, struct slice employer_no,
                      const struct uuid *person_id, epoch_day hired_on);

/* The award that a person or hire has, or would have, in a cohort. */
struct uuid seal_award_id(const struct seal *seal, struct slice programme, struct slice scheme,
                          uint16_t cohort, const struct uuid *person_or_hire);

/* One instalment of an item, with the award's cohort in front. */
struct uuid seal_entitlement_id(const struct seal *seal, const struct uuid *award_id,
                                struct slice item, int32_t instalment);

/* The approval of an item from an instalment on, whoever approves it: with the award's cohort in front. */
struct uuid seal_approval_id(const struct seal *seal, const struct uuid *award_id,
                             struct slice item, int32_t instalment);

/* The key of a fact row that has no id of its own: quota, course, enrolment, register entry,
 * account. `name` is the table's; at most SEAL_KEY_PARTS parts. */
struct uuid seal_key(const struct seal *seal, const char *name, uint16_t cohort,
                     const struct slice *parts, size_t count);

/* Equal values have equal tokens, and nothing else is learnt from one: phone, account number.
 * The value is taken as it is; whoever compares brings it to one form first. */
struct uuid seal_token(const struct seal *seal, const char *kind, struct slice value);

/* Proves that bytes which others could change were written by one of us, and for this place: the whole HMAC. */
struct digest seal_mark(const struct seal *seal, struct slice place, struct slice bytes);

/* The cohort of a day in a programme without waves: months since January 2000, which is 0. Days
 * before it are 0, days past the last that fits 65535. */
uint16_t cohort_of_month(epoch_day day);

/* The cohort that stands in front of an award's or entitlement's id. */
uint16_t cohort_of_id(const struct uuid *id);

/* `ce_id` of output `index` that `service` makes of a cause: the same cause always gives the
 * same id. */
struct uuid seal_event_id(struct slice service, struct slice cause_source,
                          struct slice cause_id, uint32_t index);

#endif
