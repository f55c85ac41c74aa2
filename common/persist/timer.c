#include "persist/timer.h"

#include "persist/columns.h"
#include "persist/pipeline.h"
#include "persist/timer_rows.h"

static void timer_keys(const struct timer *timers, size_t count, struct parameters *parameters)
{
    array_append_instant(&timers->due_at, count, sizeof *timers, parameters->buffer);
    parameters_binary(parameters);
    array_append_uuid(&timers->timer_id, count, sizeof *timers, parameters->buffer);
    parameters_binary(parameters);
}

void timer_parameters(const struct timer *timers, size_t count, struct parameters *parameters)
{
    timer_keys(timers, count, parameters);
    array_append_text(&timers->subject_id, count, sizeof *timers, parameters->buffer);
    parameters_binary(parameters);
    array_append_text(&timers->kind, count, sizeof *timers, parameters->buffer);
    parameters_binary(parameters);
    array_append_int4(&timers->attempt, count, sizeof *timers, parameters->buffer);
    parameters_binary(parameters);
}

static enum outcome timers_read(const PGresult *result, struct timer **timers, size_t *count,
                                struct arena *arena, struct error *error)
{
    size_t rows = (size_t)PQntuples(result);
    struct timer *read = arena_alloc(arena, rows * sizeof *read);
    bool good = read != NULL;
    for (size_t i = 0; good && i < rows; i++) {
        int row = (int)i;
        read[i] = (struct timer){
            .due_at = answer_instant(result, row, 0),
            .timer_id = answer_uuid(result, row, 1),
            .subject_id = arena_copy(arena, answer_bytes(result, row, 2)),
            .kind = arena_copy(arena, answer_bytes(result, row, 3)),
            .attempt = answer_int4(result, row, 4),
        };
        good = read[i].subject_id.data != NULL && read[i].kind.data != NULL;
    }
    if (!good)
        return error_set(error, REJECT, "cannot hold %zu timers: ask for fewer", rows);
    *timers = read;
    *count = rows;
    return OK;
}

enum outcome timer_due(struct database *database, instant_us until, size_t limit,
                       struct timer **timers, size_t *count, struct arena *arena,
                       struct error *error)
{
    struct parameters parameters;
    PGresult *result = NULL;
    parameters_begin(&parameters, &database->parameters);
    parameters_instant(&parameters, until);
    parameters_number(&parameters, (int64_t)limit);
    enum outcome outcome = pipeline_single(database, "due_timers", &parameters, &result, error);
    if (outcome == OK)
        outcome = timers_read(result, timers, count, arena, error);
    PQclear(result);
    return outcome;
}

enum outcome timer_fired(struct database *database, const struct timer *timers, size_t count,
                         struct error *error)
{
    struct parameters parameters;
    PGresult *result = NULL;
    if (count == 0)
        return OK;
    parameters_begin(&parameters, &database->parameters);
    timer_keys(timers, count, &parameters);
    enum outcome outcome =
        pipeline_single(database, "mark_timers_fired", &parameters, &result, error);
    PQclear(result);
    return outcome;
}
