/*
 * The pool of a draw: who takes part, by what order, for which seats.
 */
#include "drawing.h"

#include "copy_text.h"
#include "ctl_embedded.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PRIORITY_TEXTS = 16 };

/* The next `size` bytes of an arena that holds one growing block: no page is taken for growth, and nothing
 * that stands there moves. */
static void *block_grow(struct arena *block, size_t size)
{
    size_t used = block->used;
    return arena_grow(block, block->base, used, used + size) == NULL ? NULL
                                                                     : block->base + used;
}

/* The id and behind it the region, each with its zero; NULL when there is no room. */
static const char *texts_keep(struct drawing *drawing, struct slice id, struct slice region)
{
    char *kept = block_grow(&drawing->texts, id.size + region.size + 2);
    if (kept == NULL)
        return NULL;
    memcpy(kept, id.data, id.size);
    memcpy(kept + id.size + 1, region.data, region.size);
    return kept;
}

struct draw_family *drawing_family(struct drawing *drawing, size_t number)
{
    size_t known = drawing->families.used / sizeof *drawing->draw.families;
    if (number >= known &&
        block_grow(&drawing->families, (number + 1 - known) * sizeof *drawing->draw.families) ==
            NULL)
        return NULL;
    drawing->draw.families = (struct draw_family *)(void *)drawing->families.base;
    return &drawing->draw.families[number];
}

static bool applicant_add(struct drawing *drawing, struct slice line,
                          const struct slice *wanted, size_t wanted_count)
{
    struct draw *draw = &drawing->draw;
    struct slice id, region, family, awards, priorities, has[PRIORITY_TEXTS];
    bool is_null;
    if (!copy_field_take(&line, &id, &is_null) || !copy_field_take(&line, &region, &is_null) ||
        !copy_field_take(&line, &family, &is_null) ||
        !copy_field_take(&line, &awards, &is_null) ||
        !copy_field_take(&line, &priorities, &is_null))
        return false;
    size_t number = strtoul(family.data, NULL, 10), has_awards = strtoul(awards.data, NULL, 10);
    const char *kept = texts_keep(drawing, id, region);
    struct draw_family *card = number > UINT32_MAX - 1 ? NULL : drawing_family(drawing, number);
    struct draw_applicant *applicant = block_grow(&drawing->applicants, sizeof *applicant);
    if (kept == NULL || card == NULL || applicant == NULL)
        return false;
    if (number != 0)
        card->awards = has_awards > UINT16_MAX ? UINT16_MAX : (uint16_t)has_awards;
    size_t has_count = slice_split(priorities, ',', has, PRIORITY_TEXTS);
    draw->applicants = (struct draw_applicant *)(void *)drawing->applicants.base;
    draw->count++;
    *applicant = (struct draw_applicant){
        .application_id = kept,
        .family = (uint32_t)number,
        .seats = draw_seats_find(draw->seats, draw->seat_count, region),
        .priority_class = draw_class(wanted, wanted_count, has, has_count)};
    return true;
}

void drawing_pool_line(const struct draw_applicant *applicant, const struct draw *draw,
                       struct buffer *line)
{
    char text[64];
    uint16_t awards = applicant->family == 0 ? 0 : draw->families[applicant->family].awards;
    copy_field_append(slice_of(applicant->application_id), line);
    buffer_append_byte(line, '\t');
    copy_field_append(drawing_region(applicant), line);
    int size = snprintf(text, sizeof text, "\t%d\t%" PRIu32 "\t%d\n", applicant->priority_class,
                        applicant->family, awards);
    buffer_append(line, text, (size_t)size);
}

static bool pool_hash(const struct drawing *drawing, struct digest *pool)
{
    struct buffer line = {0};
    struct sha256_run run;
    sha256_begin(&run);
    for (size_t i = 0; i < drawing->draw.count; i++) {
        buffer_clear(&line);
        drawing_pool_line(&drawing->draw.applicants[i], &drawing->draw, &line);
        sha256_add(&run, buffer_slice(&line));
    }
    bool good = !buffer_failed(&line);
    buffer_release(&line);
    *pool = sha256_end(&run);
    return good;
}

bool drawing_pool_read(struct drawing *drawing, struct digest *pool)
{
    const char *parameters[] = {drawing->name, drawing->number};
    struct slice wanted[VERDICT_PRIORITIES], line;
    size_t wanted_count = wave_priorities(drawing->programme, drawing->wave, wanted);
    bool failed = false, good = drawing_family(drawing, 0) != NULL;
    if (!drawing_copy_begin(drawing, ctl_sql_draw_pool_sql, parameters, 2))
        return false;
    while (sql_copy_line(drawing->session.sql, &line, &failed, error_of(drawing))) {
        good = good && applicant_add(drawing, line, wanted, wanted_count);
        progress_show("applications read:", (int64_t)drawing->draw.count, 0);
    }
    progress_end();
    good = good && draw_sort_by_id(&drawing->draw) && pool_hash(drawing, pool);
    if (!good)
        error_set(error_of(drawing), STOP, "cannot hold the pool: no memory");
    return good && !failed;
}

bool drawing_limits_take(const struct programme *programme, int wave, struct draw *draw)
{
    draw->family_limit = (uint32_t)programme->family_card_limit;
    draw->seats = calloc(programme->seat_limit_count + 1, sizeof *draw->seats);
    for (size_t i = 0; draw->seats != NULL && i < programme->seat_limit_count; i++)
        if (programme->seat_limits[i].wave == wave)
            draw->seats[draw->seat_count++] =
                (struct draw_seats){.region = programme->seat_limits[i].region,
                                    .seats = programme->seat_limits[i].seats};
    return draw->seats != NULL;
}

bool drawing_seats_read(struct drawing *drawing)
{
    int64_t seats = -1;
    struct draw *draw = &drawing->draw;
    if (!drawing_limits_take(drawing->programme, drawing->wave, draw) ||
        !call_number(drawing->call, "--seats", 0, INT32_MAX, &seats))
        return false;
    if (seats >= 0) {
        draw->seats[0] = (struct draw_seats){.region = SLICE("ALL"), .seats = seats};
        draw->seat_count = 1;
    }
    return true;
}
