/*
 * A published draw, checked by whoever likes: every digest is computed anew.
 */
#include "drawing.h"

#include "copy_text.h"
#include "ctl_embedded.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static bool verify_fails(struct drawing *drawing, size_t rank, const char *what)
{
    call_fails(drawing->call, "rank %zu: %s", rank, what);
    return false;
}

/* One stored entry against its recomputed digest and the entry before it. */
static bool entry_verify(struct drawing *drawing, struct slice line, size_t rank,
                         struct draw_applicant *before)
{
    struct slice number, id, class, digest, selected;
    bool is_null;
    char hex[20];
    if (!copy_field_take(&line, &number, &is_null) || !copy_field_take(&line, &id, &is_null) ||
        !copy_field_take(&line, &class, &is_null) ||
        !copy_field_take(&line, &digest, &is_null) ||
        !copy_field_take(&line, &selected, &is_null))
        return verify_fails(drawing, rank, "it cannot be read");
    struct draw_applicant now = {.digest = draw_digest(drawing->seed.bytes, id),
                                 .application_id = arena_copy(&drawing->texts, id).data,
                                 .priority_class = (uint8_t)strtoul(class.data, NULL, 10)};
    snprintf(hex, sizeof hex, "%016" PRIx64, now.digest);
    if (strtoull(number.data, NULL, 10) != rank)
        return verify_fails(drawing, rank, "a rank is missing");
    if (!slice_is(digest, hex))
        return verify_fails(drawing, rank, "the digest is not that of the seed and this id");
    if (rank > 1 && draw_compare(before, &now) >= 0)
        return verify_fails(drawing, rank, "it does not come behind the rank before it");
    drawing->selected += slice_is(selected, "t");
    *before = now;
    return true;
}

static bool entries_verify(struct drawing *drawing)
{
    const char *parameters[] = {drawing->draw_text};
    struct draw_applicant before = {0};
    struct slice line;
    bool failed = false, good = true;
    size_t rank = 0;
    if (!drawing_copy_begin(drawing, ctl_sql_draw_entries_sql, parameters, 1)) {
        call_fails(drawing->call, NULL);
        return false;
    }
    while (sql_copy_line(drawing->session.sql, &line, &failed, error_of(drawing)))
        if (good)
            good = entry_verify(drawing, line, ++rank, &before);
    if (failed)
        call_fails(drawing->call, NULL);
    if (good && !failed && rank != drawing->pooled)
        good = verify_fails(drawing, rank, "the list ends before the pool's number");
    return good && !failed;
}

static int draw_verify(struct drawing *drawing, const char *draw_id)
{
    const char *parameters[] = {draw_id};
    PGresult *known =
        sql_run(drawing->session.sql, ctl_sql_draw_by_id_sql, parameters, 1, error_of(drawing));
    if (known == NULL)
        return call_fails(drawing->call, NULL);
    int status = EXIT_DONE;
    if (PQntuples(known) == 0 || PQgetisnull(known, 0, 3))
        status = call_fails(drawing->call, "draw %s was not drawn", draw_id);
    else if (!seed_parse(sql_text(known, 0, 3), &drawing->seed) ||
             !slice_is(sql_text(known, 0, 2), drawing->seed.sha256))
        status = call_fails(drawing->call, "the seed does not have the SHA-256 announced");
    if (status == EXIT_DONE) {
        snprintf(drawing->draw_text, sizeof drawing->draw_text, "%s", draw_id);
        drawing->pooled = (size_t)sql_number(known, 0, 4);
        status = entries_verify(drawing) ? EXIT_DONE : EXIT_FAILED;
    }
    if (status == EXIT_DONE)
        printf("draw %s of %s wave %s verified: the seed has the announced SHA-256 %s, and %zu "
               "applications stand in the order of their digests, %zu selected\n",
               draw_id, PQgetvalue(known, 0, 0), PQgetvalue(known, 0, 1), drawing->seed.sha256,
               drawing->pooled, drawing->selected);
    PQclear(known);
    return status;
}

int drawing_verify(struct drawing *drawing)
{
    struct uuid id;
    if (drawing->call->word_count == 1) {
        if (!uuid_parse(slice_of(drawing->call->words[0]), &id))
            return call_misused(drawing->call, "expected the draw's id, a UUID");
        return draw_verify(drawing, drawing->call->words[0]);
    }
    const char *parameters[] = {drawing->name, drawing->number};
    PGresult *known =
        sql_run(drawing->session.sql, ctl_sql_draw_find_sql, parameters, 2, error_of(drawing));
    if (known == NULL)
        return call_fails(drawing->call, NULL);
    int status = PQntuples(known) == 1
                     ? draw_verify(drawing, PQgetvalue(known, 0, 0))
                     : call_fails(drawing->call, "%s wave %d was neither announced nor drawn",
                                  drawing->name, drawing->wave);
    PQclear(known);
    return status;
}
