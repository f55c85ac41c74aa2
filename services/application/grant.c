#include "grant.h"

#include "releases.h"
#include "seal/ids.h"

#include <stdio.h>

static struct slice number_text(int number, char text[static 12])
{
    snprintf(text, 12, "%d", number);
    return slice_of(text);
}

/* The row of the seats that an application competes for; false where nothing limits them. */
static bool seats_of(const struct standing *standing, const struct seal *seal,
                     const struct application_row *application, struct quota_row *row)
{
    char wave_text[12];
    const struct wave *wave = wave_find(standing->programme, application->wave);
    const struct seat_limit *limit = seat_limit_find(
        standing->programme, standing->scheme, application->wave, application->region_code);
    if (limit == NULL && (wave == NULL || !wave->has_seats))
        return false;
    struct slice scope = limit == NULL ? SLICE("ALL") : limit->region;
    struct slice parts[] = {SLICE("SEATS"), standing->programme->id, standing->scheme->name,
                            number_text(application->wave, wave_text), scope};
    *row = (struct quota_row){
        .quota_id = seal_key(seal, "quota", (uint16_t)application->wave, parts, 5),
        .programme = standing->programme->id,
        .kind = SLICE("SEATS"),
        .scheme = standing->scheme->name,
        .wave = application->wave,
        .scope = scope,
        .ceiling = limit == NULL ? wave->seats : limit->seats};
    return true;
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
    struct quota_row seats;
    bool limited =
        (award == NULL || award->revoked) && seats_of(standing, seal, application, &seats);
    if (limited && !facts_take(facts, &quota_row_type, &seats, 1, seats.ceiling))
        return GRANT_NO_SEAT;
    if (take_parts(standing, seal, award, at, facts))
        return GRANT_TAKEN;
    if (limited)
        facts_take(facts, &quota_row_type, &seats, -1, seats.ceiling);
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
    struct quota_row seats;
    if (seats_of(standing, seal, application, &seats))
        facts_take(facts, &quota_row_type, &seats, -1, seats.ceiling);
}

void grant_release(const struct programme *programme, const struct seal *seal, int year,
                   struct slice component, int64_t amount_hundredths, struct facts *facts)
{
    move_money(programme, seal, year, component, -amount_hundredths, facts);
    move_money(programme, seal, year, SLICE("ALL"), -amount_hundredths, facts);
}
