#include "draw.h"

#include "seal/digest.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static uint64_t digest_with(const struct hmac_key *key, struct slice application_id)
{
    struct digest digest = hmac_sha256(key, application_id);
    uint64_t number = 0;
    for (size_t i = 0; i < sizeof number; i++)
        number = number << 8 | digest.bytes[i];
    return number;
}

uint64_t draw_digest(const unsigned char seed[static DRAW_SEED_SIZE],
                     struct slice application_id)
{
    struct hmac_key key;
    hmac_key_init(&key, (struct slice){(const char *)seed, DRAW_SEED_SIZE});
    uint64_t number = digest_with(&key, application_id);
    hmac_key_release(&key);
    return number;
}

uint16_t draw_seats_find(const struct draw_seats *seats, size_t count, struct slice region)
{
    uint16_t found = DRAW_NO_SEATS;
    size_t longest = 0;
    assert(count <= DRAW_SEATS);
    for (size_t i = 0; i < count; i++) {
        struct slice prefix = seats[i].region;
        bool all = slice_is(prefix, "ALL");
        size_t size = all ? 0 : prefix.size;
        if (!all &&
            (size == 0 || size > region.size || memcmp(prefix.data, region.data, size) != 0))
            continue;
        if (found == DRAW_NO_SEATS || size > longest) {
            found = (uint16_t)i;
            longest = size;
        }
    }
    return found;
}

uint8_t draw_class(const struct slice *wanted, size_t wanted_count, const struct slice *has,
                   size_t has_count)
{
    uint8_t lacking = 0;
    for (size_t i = 0; i < wanted_count; i++) {
        size_t k = 0;
        while (k < has_count && !slice_equal(wanted[i], has[k]))
            k++;
        lacking = (uint8_t)(lacking + (k == has_count));
    }
    return lacking;
}

int draw_compare(const struct draw_applicant *a, const struct draw_applicant *b)
{
    if (a->priority_class != b->priority_class)
        return a->priority_class < b->priority_class ? -1 : 1;
    if (a->digest != b->digest)
        return a->digest < b->digest ? -1 : 1;
    return strcmp(a->application_id, b->application_id);
}

static int compare(const void *a, const void *b)
{
    return draw_compare(a, b);
}

static bool seat_take(struct draw *draw, const struct draw_applicant *applicant)
{
    bool limited = draw->family_limit > 0 && applicant->family != 0;
    struct draw_seats *seats =
        applicant->seats == DRAW_NO_SEATS ? NULL : &draw->seats[applicant->seats];
    if (seats != NULL && seats->taken >= seats->seats)
        return false;
    if (limited && draw->family_awards[applicant->family] >= draw->family_limit)
        return false;
    if (seats != NULL)
        seats->taken++;
    if (applicant->family != 0)
        draw->family_awards[applicant->family]++;
    return true;
}

size_t draw_run(struct draw *draw)
{
    struct hmac_key key;
    size_t selected = 0;
    hmac_key_init(&key, (struct slice){(const char *)draw->seed, DRAW_SEED_SIZE});
    for (size_t i = 0; i < draw->count; i++)
        draw->applicants[i].digest =
            digest_with(&key, slice_of(draw->applicants[i].application_id));
    hmac_key_release(&key);
    if (draw->count > 0)
        qsort(draw->applicants, draw->count, sizeof *draw->applicants, compare);
    for (size_t i = 0; i < draw->count; i++) {
        draw->applicants[i].selected = seat_take(draw, &draw->applicants[i]);
        selected += draw->applicants[i].selected;
    }
    return selected;
}
