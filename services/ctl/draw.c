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

/* How much of a region's code the seats name: nothing, for those of the whole. */
static size_t width_of(const struct draw_seats *seats)
{
    return slice_is(seats->region, "ALL") ? 0 : seats->region.size;
}

static bool holds(const struct draw_seats *seats, struct slice region)
{
    size_t size = width_of(seats);
    return slice_is(seats->region, "ALL") ||
           (size > 0 && size <= region.size &&
            memcmp(seats->region.data, region.data, size) == 0);
}

uint16_t draw_seats_find(const struct draw_seats *seats, size_t count, struct slice region)
{
    uint16_t found = DRAW_NO_SEATS;
    size_t longest = 0;
    assert(count <= DRAW_SEATS);
    for (size_t i = 0; i < count; i++) {
        size_t size = width_of(&seats[i]);
        if (holds(&seats[i], region) && (found == DRAW_NO_SEATS || size > longest)) {
            found = (uint16_t)i;
            longest = size;
        }
    }
    return found;
}

/* Of those that hold these seats' region, the narrowest; not itself. */
static uint16_t wider_than(const struct draw_seats *seats, size_t count, size_t own)
{
    uint16_t found = DRAW_NO_SEATS;
    size_t width = width_of(&seats[own]);
    for (size_t i = 0; i < count; i++)
        if (width_of(&seats[i]) < width && holds(&seats[i], seats[own].region) &&
            (found == DRAW_NO_SEATS || width_of(&seats[i]) > width_of(&seats[found])))
            found = (uint16_t)i;
    return found;
}

void draw_seats_link(struct draw_seats *seats, size_t count)
{
    for (size_t i = 0; i < count; i++)
        seats[i].wider = wider_than(seats, count, i);
}

static bool seats_free(const struct draw_seats *seats, uint16_t narrowest)
{
    for (uint16_t i = narrowest; i != DRAW_NO_SEATS; i = seats[i].wider)
        if (seats[i].taken >= seats[i].seats)
            return false;
    return true;
}

bool draw_seats_take(struct draw_seats *seats, uint16_t narrowest)
{
    if (!seats_free(seats, narrowest))
        return false;
    for (uint16_t i = narrowest; i != DRAW_NO_SEATS; i = seats[i].wider)
        seats[i].taken++;
    return true;
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

/* --- sorting: by numbers, because qsort() wants as much memory again as what it sorts --- */

typedef int comparison(const struct draw_applicant *a, const struct draw_applicant *b);

struct sorting {
    const struct draw_applicant *applicants;
    comparison *compare;
};

static int compare_numbers(const void *a, const void *b, void *context)
{
    const struct sorting *sorting = context;
    return sorting->compare(&sorting->applicants[*(const uint32_t *)a],
                            &sorting->applicants[*(const uint32_t *)b]);
}

/* Moves applicant order[i] to place i, for every i, one cycle after the other. */
static void arrange(struct draw_applicant *applicants, uint32_t *order, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct draw_applicant first = applicants[i];
        size_t place = i;
        while (order[place] != i) {
            size_t from = order[place];
            applicants[place] = applicants[from];
            order[place] = (uint32_t)place;
            place = from;
        }
        applicants[place] = first;
        order[place] = (uint32_t)place;
    }
}

static bool sort(struct draw *draw, comparison *compare)
{
    struct sorting sorting = {draw->applicants, compare};
    uint32_t *order =
        draw->count > UINT32_MAX ? NULL : malloc((draw->count + 1) * sizeof *order);
    if (order == NULL)
        return false;
    for (size_t i = 0; i < draw->count; i++)
        order[i] = (uint32_t)i;
    qsort_r(order, draw->count, sizeof *order, compare_numbers, &sorting);
    arrange(draw->applicants, order, draw->count);
    free(order);
    return true;
}

static int compare_ids(const struct draw_applicant *a, const struct draw_applicant *b)
{
    return strcmp(a->application_id, b->application_id);
}

bool draw_sort_by_id(struct draw *draw)
{
    return sort(draw, compare_ids);
}

static struct draw_family *card_of(const struct draw *draw,
                                   const struct draw_applicant *applicant)
{
    return applicant->family == 0 ? NULL : &draw->families[applicant->family];
}

bool draw_fits(const struct draw *draw, const struct draw_applicant *applicant)
{
    const struct draw_family *family = card_of(draw, applicant);
    bool place = family == NULL || draw->family_limit == 0 ||
                 (uint32_t)family->awards + family->drawn < draw->family_limit;
    return place && seats_free(draw->seats, applicant->seats);
}

bool draw_take(struct draw *draw, const struct draw_applicant *applicant)
{
    struct draw_family *family = card_of(draw, applicant);
    if (!draw_fits(draw, applicant))
        return false;
    draw_seats_take(draw->seats, applicant->seats);
    if (family != NULL)
        family->drawn++;
    return true;
}

bool draw_rank(struct draw *draw)
{
    struct hmac_key key;
    draw_seats_link(draw->seats, draw->seat_count);
    hmac_key_init(&key, (struct slice){(const char *)draw->seed, DRAW_SEED_SIZE});
    for (size_t i = 0; i < draw->count; i++)
        draw->applicants[i].digest =
            digest_with(&key, slice_of(draw->applicants[i].application_id));
    hmac_key_release(&key);
    return sort(draw, draw_compare);
}

bool draw_run(struct draw *draw, size_t *selected)
{
    size_t taken = 0;
    if (!draw_rank(draw))
        return false;
    for (size_t i = 0; i < draw->count; i++) {
        draw->applicants[i].selected = draw_take(draw, &draw->applicants[i]);
        taken += draw->applicants[i].selected;
    }
    *selected = taken;
    return true;
}
