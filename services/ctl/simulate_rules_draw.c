#include "simulate_rules_draw.h"

#include "ctl_embedded.h"
#include "drawing.h"

#include <stdlib.h>

/* Without a draw an award that stays is sure, and a seat for anybody else is not. */
static void win_undrawn(struct simulated_application *application)
{
    application->wins = application->change == CHANGE_KEEPS  ? CHANCE_SURE
                        : application->chance != CHANCE_NONE ? CHANCE_PERHAPS
                                                             : CHANCE_NONE;
}

/* Out by both files, and in the draw all the same: refused after it, by what was not known before. */
static bool refused_later(const struct simulated_application *application)
{
    return application->lot != LOT_NONE &&
           (application->change == CHANGE_NOTHING || application->change == CHANGE_REASONS);
}

static enum draw_chance takes_part(const struct simulated_application *application)
{
    return refused_later(application) ? CHANCE_SURE : application->chance;
}

/* Room for all ids, each with its zero, in one piece. */
static char *ids_room(const struct simulated_store *store)
{
    size_t size = 1;
    for (size_t i = 0; i < store->count; i++)
        size += store->items[i].id.size + 1;
    return calloc(size, 1);
}

static size_t pool_make(const struct simulated_store *store, struct draw *draw, char *ids)
{
    size_t families = 1;
    for (size_t i = 0; i < store->count; i++) {
        const struct simulated_application *application = &store->items[i];
        if (takes_part(application) == CHANCE_NONE)
            continue;
        memcpy(ids, application->id.data, application->id.size);
        draw->applicants[draw->count++] = (struct draw_applicant){
            .application_id = ids,
            .family = application->family,
            .seats = draw_seats_find(draw->seats, draw->seat_count, application->region),
            .priority_class = application->priority_class};
        ids += application->id.size + 1;
        draw->families[application->family].awards = application->family_awards;
        families = application->family >= families ? application->family + 1u : families;
    }
    return families;
}

static bool walk(struct draw *draw, size_t family_count, struct simulated_store *store,
                 size_t *together)
{
    struct draw_interval interval = {0};
    bool good = draw_rank(draw) && draw_interval_begin(&interval, draw, family_count);
    for (size_t i = 0; good && i < draw->count; i++) {
        struct simulated_application *application =
            simulated_store_find(store, slice_of(draw->applicants[i].application_id));
        enum draw_chance wins =
            draw_interval_step(&interval, &draw->applicants[i], takes_part(application));
        application->wins = refused_later(application) ? CHANCE_NONE : wins;
    }
    *together = interval.together;
    draw_interval_release(&interval);
    return good;
}

/* The draft's seats, or where it gives none those of the draw. */
static bool limits_take(const struct programme *draft, int wave, const char *circumstances,
                        struct simulated_store *store, struct draw *draw,
                        struct simulated_drawing *drawing)
{
    if (!drawing_limits_take(draft, wave, draw))
        return false;
    drawing->seats_of_then = draw->seat_count == 0;
    if (!drawing->seats_of_then)
        return true;
    uint32_t family_limit = draw->family_limit;
    free(draw->seats);
    bool good = drawing_limits_parse(circumstances, &store->arena, draw);
    draw->family_limit = family_limit;
    return good;
}

static bool draw_again(const struct programme *draft, int wave, const PGresult *known,
                       struct simulated_store *store, struct simulated_drawing *drawing,
                       struct error *error)
{
    struct draw draw = {0};
    struct seed seed;
    char *ids = ids_room(store);
    draw.applicants = calloc(store->count + 1, sizeof *draw.applicants);
    draw.families = calloc(store->count + 1, sizeof *draw.families);
    bool good = ids != NULL && draw.applicants != NULL && draw.families != NULL;
    if (!good) {
        error_set(error, STOP, "cannot draw again: no memory");
    } else if (!seed_parse(sql_text(known, 0, 0), &seed) ||
               !limits_take(draft, wave, PQgetvalue(known, 0, 1), store, &draw, drawing)) {
        error_set(error, STOP, "cannot read the stored draw");
        good = false;
    } else {
        memcpy(draw.seed, seed.bytes, sizeof draw.seed);
        size_t families = pool_make(store, &draw, ids);
        drawing->pooled = draw.count;
        good = walk(&draw, families, store, &drawing->together);
        if (!good)
            error_set(error, STOP, "cannot rank the pool: no memory");
    }
    free(draw.seats);
    free(draw.families);
    free(draw.applicants);
    free(ids);
    return good;
}

bool simulated_draw(struct session *session, const struct programme *draft,
                    const char *programme, const char *wave, struct simulated_store *store,
                    struct simulated_drawing *drawing)
{
    const char *parameters[] = {programme, wave};
    struct error *error = &session->call->error;
    PGresult *known = sql_run(session->sql, ctl_sql_simulate_draw_sql, parameters, 2, error);
    *drawing = (struct simulated_drawing){.again = known != NULL && PQntuples(known) == 1};
    bool good = known != NULL;
    for (size_t i = 0; i < store->count; i++)
        win_undrawn(&store->items[i]);
    if (drawing->again) {
        for (size_t i = 0; i < store->count; i++)
            store->items[i].wins = CHANCE_NONE;
        good = draw_again(draft, (int)strtol(wave, NULL, 10), known, store, drawing, error);
    }
    PQclear(known);
    return good;
}
