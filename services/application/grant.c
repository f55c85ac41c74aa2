#include "grant.h"

#include "releases.h"
#include "seal/ids.h"

#include <stdio.h>

static struct slice number_text(int number, char text[static 12])
{
    snprintf(text, 12, "%d", number);
    return slice_of(text);
}

/* Takes a seat of one limit, or gives it back. */
static bool move_seat(const struct seal *seal, const struct seat_limit *limit, int64_t by,
                      struct facts *facts)
{
    char wave_text[12];
    const struct scheme *scheme = limit->scheme;
    struct slice parts[] = {SLICE("SEATS"), scheme->programme->id, scheme->name,
                            number_text(limit->wave, wave_text), limit->region};
    struct quota_row row = {.quota_id =
                                seal_key(seal, "quota", (uint16_t)limit->wave, parts, 5),
                            .programme = scheme->programme->id,
                            .kind = SLICE("SEATS"),
                            .scheme = scheme->name,
                            .wave = limit->wave,
                            .scope = limit->region,
                            .ceiling = limit->seats};
    return facts_take(facts, &quota_row_type, &row, by, row.ceiling);
}

/* One seat counts in every limit that it is under: a branch's, and the whole. Moves those among the programme's first
 * `count` limits; stops at the first that has none left, and returns its place. */
static size_t move_seats(const struct standing *standing, const struct seal *seal,
                         const struct application_row *application, size_t count, int64_t by,
                         struct facts *facts)
{
    size_t i = 0;
    for (; i < count; i++) {
        const struct seat_limit *limit = &standing->programme->seat_limits[i];
        if (seat_limit_counts(limit, standing->scheme, application->wave,
                              application->region_code) &&
            !move_seat(seal, limit, by, facts))
            break;
    }
    return i;
}

/* All or nothing. */
static bool take_seats(const struct standing *standing, const struct seal *seal,
                       const struct application_row *application, struct facts *facts)
{
    size_t count = standing->programme->seat_limit_count;
    size_t moved = move_seats(standing, seal, application, count, 1, facts);
    if (moved < count)
        move_seats(standing, seal, application, moved, -1, facts);
    return moved == count;
}

static const struct money_limit *limit_of(const struct programme *programme, int year,
                                          struct slice component)
{
    for (size_t i = 0; i < programme->money_limit_count; i++)
        if (programme->money_limits[i].year == year &&
            slice_equal(programme->money_limits[i].component, component))
            return &programme->money_limits[i];
    return NULL;
}

static struct quota_row money_of(const struct programme *programme, const struct seal *seal,
                                 const struct money_limit *limit)
{
    char year[12];
    struct slice parts[] = {SLICE("MONEY"), programme->id, number_text(limit->year, year),
                            limit->component};
    return (struct quota_row){.quota_id = seal_key(seal, "quota", 0, parts, 4),
                              .programme = programme->id,
                              .kind = SLICE("MONEY"),
                              .year = limit->year,
                              .scope = limit->component,
                              .ceiling = limit->amount_hundredths};
}

/* Moves the money of one component, where the year has a ceiling for it. */
static bool move_money(const struct programme *programme, const struct seal *seal, int year,
                       struct slice component, int64_t amount_hundredths, struct facts *facts)
{
    const struct money_limit *limit = limit_of(programme, year, component);
    if (limit == NULL)
        return true;
    struct quota_row row = money_of(programme, seal, limit);
    return facts_take(facts, &quota_row_type, &row, amount_hundredths, row.ceiling);
}

/* A part of the package; of an award, as much of it as came back until then. */
static int64_t part_amount(const struct package_part *part, const struct award_row *award,
                           instant_us at)
{
    return award == NULL ? part->amount_hundredths : releases_until(award, part->component, at);
}

/* Takes every part under its own ceiling and the whole under ALL; all or nothing. */
static bool take_parts(const struct standing *standing, const struct seal *seal,
                       const struct award_row *award, instant_us at, struct facts *facts)
{
    const struct scheme *scheme = standing->scheme;
    int64_t whole = 0;
    size_t moved = 0;
    for (; moved < scheme->package_count; moved++) {
        const struct package_part *part = &scheme->package[moved];
        int64_t amount = part_amount(part, award, at);
        if (!move_money(standing->programme, seal, standing->year->year, part->component,
                        amount, facts))
            break;
        whole += amount;
    }
    if (moved == scheme->package_count &&
        move_money(standing->programme, seal, standing->year->year, SLICE("ALL"), whole, facts))
        return true;
    while (moved-- > 0)
        move_money(standing->programme, seal, standing->year->year,
                   scheme->package[moved].component,
                   -part_amount(&scheme->package[moved], award, at), facts);
    return false;
}

static enum grant take(const struct standing *standing, const struct seal *seal,
                       const struct application_row *application, const struct award_row *award,
                       instant_us at, struct facts *facts)
{
    bool seatless = award == NULL || award->revoked;
    if (seatless && !take_seats(standing, seal, application, facts))
        return GRANT_NO_SEAT;
    if (take_parts(standing, seal, award, at, facts))
        return GRANT_TAKEN;
    if (seatless)
        grant_free_seat(standing, seal, application, facts);
    return GRANT_NO_MONEY;
}

bool grant_take(const struct standing *standing, const struct seal *seal,
                const struct application_row *application, struct facts *facts,
                struct verdict *verdict)
{
    switch (take(standing, seal, application, NULL, 0, facts)) {
    case GRANT_TAKEN:
        return true;
    case GRANT_NO_SEAT:
        verdict_add(verdict, EFFECT_REJECT, SLICE("QUOTA_FULL"));
        break;
    case GRANT_NO_MONEY:
        verdict_add(verdict, EFFECT_HOLD, SLICE("BUDGET_EXHAUSTED"));
        break;
    }
    return false;
}

enum grant grant_take_again(const struct standing *standing, const struct seal *seal,
                            const struct application_row *application,
                            const struct award_row *award, instant_us at, struct facts *facts)
{
    return take(standing, seal, application, award, at, facts);
}

void grant_free_seat(const struct standing *standing, const struct seal *seal,
                     const struct application_row *application, struct facts *facts)
{
    move_seats(standing, seal, application, standing->programme->seat_limit_count, -1, facts);
}

void grant_release(const struct programme *programme, const struct seal *seal, int year,
                   struct slice component, int64_t amount_hundredths, struct facts *facts)
{
    move_money(programme, seal, year, component, -amount_hundredths, facts);
    move_money(programme, seal, year, SLICE("ALL"), -amount_hundredths, facts);
}
