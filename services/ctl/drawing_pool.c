/*
 * The pool of a draw: who takes part, by what order, for which seats.
 */
#include "drawing.h"

#include "copy_text.h"
#include "ctl_embedded.h"

#include <stdlib.h>
#include <string.h>

enum { PRIORITY_TEXTS = 16, FAMILIES_AT_FIRST = 1024 };

static bool room_make(void **items, size_t *room, size_t needed, size_t size)
{
    if (needed <= *room)
        return true;
    size_t more = *room == 0 ? FAMILIES_AT_FIRST : *room;
    while (more < needed)
        more *= 2;
    char *grown = realloc(*items, more * size);
    if (grown == NULL)
        return false;
    memset(grown + *room * size, 0, (more - *room) * size);
    *items = grown;
    *room = more;
    return true;
}

static size_t codes_split(struct slice text, struct slice codes[static PRIORITY_TEXTS])
{
    size_t count = 0;
    while (text.size > 0 && count < PRIORITY_TEXTS) {
        const char *comma = memchr(text.data, ',', text.size);
        size_t size = comma == NULL ? text.size : (size_t)(comma - text.data);
        codes[count++] = (struct slice){text.data, size};
        size += comma != NULL;
        text = (struct slice){text.data + size, text.size - size};
    }
    return count;
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
    size_t number = strtoul(family.data, NULL, 10);
    struct slice kept = arena_copy(&drawing->texts, id);
    if (kept.data == NULL || number > UINT32_MAX - 1 ||
        !room_make((void **)&draw->applicants, &drawing->applicant_room, draw->count + 1,
                   sizeof *draw->applicants) ||
        !room_make((void **)&draw->family_awards, &drawing->family_room, number + 1,
                   sizeof *draw->family_awards))
        return false;
    if (number != 0)
        draw->family_awards[number] = (uint32_t)strtoul(awards.data, NULL, 10);
    size_t has_count = codes_split(priorities, has);
    draw->applicants[draw->count++] = (struct draw_applicant){
        .application_id = kept.data,
        .family = (uint32_t)number,
        .seats = draw_seats_find(draw->seats, draw->seat_count, region),
        .priority_class = draw_class(wanted, wanted_count, has, has_count)};
    return true;
}

bool drawing_copy_begin(struct drawing *drawing, const char *writer,
                        const char *const *parameters, int count)
{
    PGresult *text =
        sql_run(drawing->session.sql, writer, parameters, count, error_of(drawing));
    bool good = text != NULL &&
                sql_copy_begin(drawing->session.sql, PQgetvalue(text, 0, 0), error_of(drawing));
    PQclear(text);
    return good;
}

bool drawing_pool_read(struct drawing *drawing)
{
    const char *parameters[] = {drawing->name, drawing->number};
    struct slice wanted[VERDICT_PRIORITIES], line;
    size_t wanted_count = wave_priorities(drawing->programme, drawing->wave, wanted);
    bool failed = false, good = true;
    if (!drawing_copy_begin(drawing, ctl_sql_draw_pool_sql, parameters, 2))
        return false;
    while (sql_copy_line(drawing->session.sql, &line, &failed, error_of(drawing))) {
        good = good && applicant_add(drawing, line, wanted, wanted_count);
        progress_show("applications read:", (int64_t)drawing->draw.count, 0);
    }
    progress_end();
    if (!good)
        error_set(error_of(drawing), STOP, "cannot hold the pool: no memory");
    return good && !failed;
}

bool drawing_seats_read(struct drawing *drawing)
{
    int64_t seats = -1;
    const struct programme *programme = drawing->programme;
    const struct wave *wave = wave_find(programme, drawing->wave);
    struct draw *draw = &drawing->draw;
    draw->seats = calloc(programme->seat_limit_count + 1, sizeof *draw->seats);
    if (draw->seats == NULL || !call_number(drawing->call, "--seats", 0, INT32_MAX, &seats))
        return false;
    if (seats < 0) {
        for (size_t i = 0; i < programme->seat_limit_count; i++)
            if (programme->seat_limits[i].wave == drawing->wave)
                draw->seats[draw->seat_count++] =
                    (struct draw_seats){.region = programme->seat_limits[i].region,
                                        .seats = programme->seat_limits[i].seats};
        if (draw->seat_count == 0 && wave != NULL && wave->has_seats)
            seats = wave->seats;
    }
    if (seats >= 0)
        draw->seats[draw->seat_count++] =
            (struct draw_seats){.region = SLICE("ALL"), .seats = seats};
    draw->family_limit = (uint32_t)programme->family_card_limit;
    return true;
}
