#include "drawing.h"

#include "ctl_embedded.h"
#include "positions.h"

#include <stdio.h>
#include <stdlib.h>

/* What a pool may grow to; nothing is taken before it is needed. */
static const size_t pool_bytes = (size_t)4 << 30;

bool drawing_open(struct drawing *drawing)
{
    return arena_init(&drawing->applicants, pool_bytes) &&
           arena_init(&drawing->families, pool_bytes) &&
           arena_init(&drawing->texts, pool_bytes);
}

void drawing_pool_forget(struct drawing *drawing)
{
    arena_release(&drawing->applicants);
    arena_release(&drawing->families);
    arena_release(&drawing->texts);
}

void drawing_close(struct drawing *drawing)
{
    drawing_pool_forget(drawing);
    free(drawing->draw.seats);
    programme_free(drawing->programme);
    session_close(&drawing->session);
}

int drawing_wave_read(struct drawing *drawing)
{
    struct call *call = drawing->call;
    const char *programme = call_value(call, "--programme");
    int64_t wave = 0;
    if (programme == NULL || call_value(call, "--wave") == NULL)
        return call_misused(call, "expected --programme P and --wave N");
    if (!call_number(call, "--wave", 1, UINT16_MAX, &wave))
        return EXIT_USAGE;
    drawing->wave = (int)wave;
    snprintf(drawing->name, sizeof drawing->name, "%s", programme);
    snprintf(drawing->number, sizeof drawing->number, "%d", drawing->wave);
    return EXIT_DONE;
}

void drawing_id_set(struct drawing *drawing, const struct uuid *draw_id)
{
    drawing->draw_id = *draw_id;
    uuid_format(draw_id, drawing->draw_text);
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

bool drawing_service_wait(struct drawing *drawing)
{
    return positions_wait_past_now(&drawing->session, "application",
                                   "records that application has to decide first:");
}
