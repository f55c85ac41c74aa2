#include "draw_interval.h"

#include <stdlib.h>
#include <string.h>

static bool books_copy(struct draw *books, const struct draw *draw, size_t family_count)
{
    *books = (struct draw){.seat_count = draw->seat_count, .family_limit = draw->family_limit};
    books->seats = malloc((draw->seat_count + 1) * sizeof *books->seats);
    books->families = calloc(family_count + 1, sizeof *books->families);
    if (books->seats == NULL || books->families == NULL)
        return false;
    memcpy(books->seats, draw->seats, draw->seat_count * sizeof *books->seats);
    memcpy(books->families, draw->families, family_count * sizeof *books->families);
    return true;
}

bool draw_interval_begin(struct draw_interval *interval, const struct draw *draw,
                         size_t family_count)
{
    *interval = (struct draw_interval){0};
    return books_copy(&interval->least, draw, family_count) &&
           books_copy(&interval->most, draw, family_count);
}

void draw_interval_release(struct draw_interval *interval)
{
    free(interval->least.seats);
    free(interval->least.families);
    free(interval->most.seats);
    free(interval->most.families);
    *interval = (struct draw_interval){0};
}

/* Seats and card are taken apart: who finds a full card may have won in place of a relative from elsewhere. */
static void take_most(struct draw_interval *interval, const struct draw_applicant *applicant)
{
    struct draw *most = &interval->most;
    interval->together += draw_seats_take(most->seats, applicant->seats);
    if (applicant->family != 0 && most->families[applicant->family].drawn < UINT16_MAX)
        most->families[applicant->family].drawn++;
}

enum draw_chance draw_interval_step(struct draw_interval *interval,
                                    const struct draw_applicant *applicant,
                                    enum draw_chance takes_part)
{
    bool may = takes_part != CHANCE_NONE && draw_fits(&interval->least, applicant);
    bool surely = takes_part == CHANCE_SURE && draw_fits(&interval->most, applicant);
    if (may)
        take_most(interval, applicant);
    if (surely)
        draw_take(&interval->least, applicant);
    return surely ? CHANCE_SURE : may ? CHANCE_PERHAPS : CHANCE_NONE;
}
