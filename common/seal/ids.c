#include "seal/ids.h"
#include "base/decimal.h"
#include "seal/digest.h"
#include "seal/keyed.h"

#include <assert.h>

enum { COHORT_YEAR = 2000, FIXED_PARTS = 2 };

static struct uuid uuid_of(const struct digest *digest)
{
    struct uuid id;
    memcpy(id.bytes, digest->bytes, sizeof id.bytes);
    uuid_mark_version_8(&id);
    return id;
}

static struct uuid keyed_id(const struct seal *seal, const struct slice *parts, size_t count)
{
    struct digest digest = hmac_sha256_parts(seal_id_key(seal), parts, count);
    return uuid_of(&digest);
}

static void put_cohort(struct uuid *id, uint16_t cohort)
{
    id->bytes[0] = (unsigned char)(cohort >> 8);
    id->bytes[1] = (unsigned char)cohort;
}

static struct slice decimal(int64_t number, char text[static DECIMAL_SIZE])
{
    return (struct slice){text, decimal_format(number, text)};
}

static struct slice uuid_text(const struct uuid *id, char text[static UUID_TEXT_SIZE + 1])
{
    uuid_format(id, text);
    return (struct slice){text, UUID_TEXT_SIZE};
}

static bool country_valid(struct slice country)
{
    return country.size == 2 && country.data[0] >= 'A' && country.data[0] <= 'Z' &&
           country.data[1] >= 'A' && country.data[1] <= 'Z';
}

/* The digits of a national id as people write it. Returns how many, 0 for no such id. */
static size_t national_digits(struct slice text, char digits[static NATIONAL_ID_DIGITS])
{
    size_t count = 0;
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        if (c == ' ' || c == '.' || c == '-')
            continue;
        if (c < '0' || c > '9' || count == NATIONAL_ID_DIGITS)
            return 0;
        digits[count++] = c;
    }
    return count;
}

bool seal_person_id(const struct seal *seal, struct slice country, struct slice national_id,
                    struct uuid *person_id)
{
    char digits[NATIONAL_ID_DIGITS];
    size_t count = national_digits(national_id, digits);
    if (count == 0 || !country_valid(country))
        return false;
    struct slice parts[] = {country, {digits, count}};
    *person_id = keyed_id(seal, parts, 2);
    return true;
}

struct uuid seal_employer_id(const struct seal *seal, struct slice country,
                             struct slice employer_no)
{
    struct slice parts[] = {country, employer_no};
    return seal_key(seal, "employer", 0, parts, 2);
}

struct uuid seal_hire(const struct seal *seal, struct slice employer_no,
                      const struct uuid *person_id, epoch_day hired_on)
{
    char person[UUID_TEXT_SIZE + 1], day[DAY_TEXT_SIZE + 1];
    day_format(hired_on, day);
    struct slice parts[] = {
        SLICE("hire"), employer_no, uuid_text(person_id, person), {day, DAY_TEXT_SIZE}};
    return keyed_id(seal, parts, 4);
}

struct uuid seal_award_id(const struct seal *seal, struct slice programme, struct slice scheme,
                          uint16_t cohort, const struct uuid *person_or_hire)
{
    char number[DECIMAL_SIZE], whose[UUID_TEXT_SIZE + 1];
    struct slice parts[] = {programme, scheme, decimal(cohort, number),
                            uuid_text(person_or_hire, whose)};
    struct uuid id = keyed_id(seal, parts, 4);
    put_cohort(&id, cohort);
    return id;
}

struct uuid seal_entitlement_id(const struct seal *seal, const struct uuid *award_id,
                                struct slice item, int32_t instalment)
{
    char award[UUID_TEXT_SIZE + 1], number[DECIMAL_SIZE];
    struct slice parts[] = {uuid_text(award_id, award), item, decimal(instalment, number)};
    struct uuid id = keyed_id(seal, parts, 3);
    put_cohort(&id, cohort_of_id(award_id));
    return id;
}

struct uuid seal_key(const struct seal *seal, const char *name, uint16_t cohort,
                     const struct slice *parts, size_t count)
{
    assert(count <= SEAL_KEY_PARTS);
    struct slice all[FIXED_PARTS + SEAL_KEY_PARTS] = {SLICE("key"), slice_of(name)};
    for (size_t i = 0; i < count; i++)
        all[FIXED_PARTS + i] = parts[i];
    struct uuid id = keyed_id(seal, all, FIXED_PARTS + count);
    if (cohort != 0)
        put_cohort(&id, cohort);
    return id;
}

struct uuid seal_approval_id(const struct seal *seal, const struct uuid *award_id,
                             struct slice item, int32_t instalment)
{
    char award[UUID_TEXT_SIZE + 1], number[DECIMAL_SIZE];
    struct slice parts[] = {uuid_text(award_id, award), item, decimal(instalment, number)};
    return seal_key(seal, "approval", cohort_of_id(award_id), parts, 3);
}

struct uuid seal_token(const struct seal *seal, const char *kind, struct slice value)
{
    struct slice parts[] = {SLICE("token"), slice_of(kind), value};
    return keyed_id(seal, parts, 3);
}

struct digest seal_mark(const struct seal *seal, struct slice place, struct slice bytes)
{
    struct slice parts[] = {SLICE("mark"), place, bytes};
    return hmac_sha256_parts(seal_id_key(seal), parts, 3);
}

uint16_t cohort_of_month(epoch_day day)
{
    struct civil civil = day_to_civil(day);
    int months = (civil.year - COHORT_YEAR) * 12 + civil.month - 1;
    if (months < 0)
        return 0;
    return months > UINT16_MAX ? UINT16_MAX : (uint16_t)months;
}

uint16_t cohort_of_id(const struct uuid *id)
{
    return (uint16_t)(id->bytes[0] << 8 | id->bytes[1]);
}

struct uuid seal_event_id(struct slice service, struct slice cause_source,
                          struct slice cause_id, uint32_t index)
{
    char number[DECIMAL_SIZE];
    struct slice parts[] = {service, cause_source, cause_id, decimal(index, number)};
    struct digest digest = sha256_parts(parts, 4);
    return uuid_of(&digest);
}
