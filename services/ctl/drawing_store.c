/*
 * A draw is kept whole before anybody is told: its seed, its circumstances, its ordered list.
 */
#include "drawing.h"

#include "copy_text.h"
#include "ctl_embedded.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *circumstances_write(struct drawing *drawing, const char *positions)
{
    const struct circumstances *circumstances = &drawing->circumstances;
    char day[DAY_TEXT_SIZE + 1], instant[INSTANT_TEXT_SIZE + 1];
    json_t *json = json_object(), *seats = json_object();
    instant_format(circumstances->drawn_at, instant);
    json_object_set_new(json, "drawn_at", json_string(instant));
    if (circumstances->has_notice_day) {
        day_format(circumstances->notice_day, day);
        json_object_set_new(json, "notice_day", json_string(day));
    }
    if (circumstances->has_decree_no)
        json_object_set_new(json, "decree_no", json_string(circumstances->decree_no));
    for (size_t i = 0; i < drawing->draw.seat_count; i++) {
        char region[64];
        snprintf(region, sizeof region, "%.*s", SLICE_ARGS(drawing->draw.seats[i].region));
        json_object_set_new(seats, region, json_integer(drawing->draw.seats[i].seats));
    }
    json_object_set_new(json, "seats", seats);
    json_object_set_new(json, "family_card_limit", json_integer(drawing->draw.family_limit));
    json_object_set_new(json, "rules_sha256", json_string(drawing->programme->sha256));
    json_object_set_new(json, "positions", json_loads(positions, 0, NULL));
    char *text = json_dumps(json, JSON_COMPACT);
    json_decref(json);
    return text;
}

bool circumstances_parse(const char *text, struct circumstances *circumstances)
{
    json_t *json = json_loads(text, 0, NULL);
    const char *day = json_string_value(json_object_get(json, "notice_day"));
    const char *decree = json_string_value(json_object_get(json, "decree_no"));
    const char *instant = json_string_value(json_object_get(json, "drawn_at"));
    bool good = instant != NULL && instant_parse(slice_of(instant), &circumstances->drawn_at);
    circumstances->has_notice_day =
        day != NULL && day_parse(slice_of(day), &circumstances->notice_day);
    circumstances->has_decree_no = decree != NULL;
    snprintf(circumstances->decree_no, sizeof circumstances->decree_no, "%s",
             decree == NULL ? "" : decree);
    json_decref(json);
    return good;
}

bool drawing_limits_parse(const char *text, struct arena *texts, struct draw *draw)
{
    json_t *json = json_loads(text, 0, NULL), *seats = json_object_get(json, "seats"), *value;
    const char *region;
    size_t count = json_object_size(seats);
    bool good = json_is_object(seats) && count <= DRAW_SEATS;
    draw->seats = calloc(count + 1, sizeof *draw->seats);
    draw->family_limit =
        (uint32_t)json_integer_value(json_object_get(json, "family_card_limit"));
    json_object_foreach(seats, region, value)
    {
        struct slice kept = arena_copy(texts, slice_of(region));
        if (!good || draw->seats == NULL || kept.data == NULL) {
            good = false;
            break;
        }
        draw->seats[draw->seat_count++] =
            (struct draw_seats){.region = kept, .seats = json_integer_value(value)};
    }
    draw_seats_link(draw->seats, draw->seat_count);
    json_decref(json);
    return good;
}

static void entry_write(const struct drawing *drawing, size_t rank, struct buffer *line)
{
    const struct draw_applicant *applicant = &drawing->draw.applicants[rank - 1];
    char text[128];
    buffer_clear(line);
    int size =
        snprintf(text, sizeof text, "%s\t%zu\t\\\\x%016" PRIx64 "\t%c\t", drawing->draw_text,
                 rank, applicant->digest, applicant->selected ? 't' : 'f');
    buffer_append(line, text, (size_t)size);
    drawing_pool_line(applicant, &drawing->draw, line);
}

static bool entries_store(struct drawing *drawing)
{
    struct sql *sql = drawing->session.sql;
    struct buffer line = {0};
    bool good = sql_copy_begin(sql,
                               "COPY kerja.draw_entry (draw_id, rank, digest, selected, "
                               "application_id, region_code, priority_class, family, "
                               "family_awards) FROM STDIN",
                               error_of(drawing));
    for (size_t rank = 1; good && rank <= drawing->draw.count; rank++) {
        entry_write(drawing, rank, &line);
        good =
            !buffer_failed(&line) && sql_copy_put(sql, buffer_slice(&line), error_of(drawing));
        progress_show("entries stored:", (int64_t)rank, (int64_t)drawing->draw.count);
    }
    buffer_release(&line);
    return good && sql_copy_finish(sql, error_of(drawing));
}

static bool row_store(struct drawing *drawing, const char *positions, const char *pool_sha256)
{
    char seed[2 * DRAW_SEED_SIZE + 1], pooled[24], instant[INSTANT_TEXT_SIZE + 1];
    seed_hex(&drawing->seed, seed);
    snprintf(pooled, sizeof pooled, "%zu", drawing->draw.count);
    instant_format(drawing->circumstances.drawn_at, instant);
    char *circumstances = circumstances_write(drawing, positions);
    const char *announced[] = {drawing->draw_text, drawing->name, drawing->number,
                               drawing->seed.sha256};
    const char *drawn[] = {drawing->draw_text, seed, circumstances, pooled, instant,
                           pool_sha256};
    const char *audit[] = {"draw", drawing->draw_text, circumstances};
    struct sql *sql = drawing->session.sql;
    PGresult *first = sql_run(sql, ctl_sql_draw_announce_sql, announced, 4, error_of(drawing));
    PGresult *second = first == NULL
                           ? NULL
                           : sql_run(sql, ctl_sql_draw_store_sql, drawn, 6, error_of(drawing));
    bool good = second != NULL && strcmp(PQcmdTuples(second), "1") == 0;
    if (second != NULL && !good)
        error_set(error_of(drawing), REJECT,
                  "cannot store the draw: somebody drew this wave meanwhile");
    PGresult *third =
        good ? sql_run(sql, ctl_sql_audit_sql, audit, 3, error_of(drawing)) : NULL;
    good = third != NULL;
    PQclear(first);
    PQclear(second);
    PQclear(third);
    free(circumstances);
    return good;
}

/* Whoever saw the pool's hash must find this pool drawn, and no other. */
static bool pool_is_announced(struct drawing *drawing, const char *pool_sha256)
{
    if (drawing->pool_sha256[0] == '\0' || strcmp(drawing->pool_sha256, pool_sha256) == 0)
        return true;
    error_set(error_of(drawing), REJECT,
              "the pool is not the one that was announced: its SHA-256 is %s now; announce it "
              "again with `kerja draw pool`",
              pool_sha256);
    return false;
}

bool drawing_store(struct drawing *drawing)
{
    struct sql *sql = drawing->session.sql;
    struct digest pool;
    char pool_sha256[DIGEST_HEX_SIZE + 1];
    if (!sql_execute(sql, "BEGIN ISOLATION LEVEL REPEATABLE READ", error_of(drawing)))
        return false;
    PGresult *positions = sql_run(sql, ctl_sql_draw_positions_sql, NULL, 0, error_of(drawing));
    bool good = positions != NULL && drawing_pool_read(drawing, &pool);
    if (good) {
        digest_hex(&pool, pool_sha256);
        good = pool_is_announced(drawing, pool_sha256);
    }
    if (good) {
        memcpy(drawing->draw.seed, drawing->seed.bytes, sizeof drawing->draw.seed);
        good = draw_run(&drawing->draw, &drawing->selected);
        if (!good)
            error_set(error_of(drawing), STOP, "cannot rank the pool: no memory");
        good = good && row_store(drawing, PQgetvalue(positions, 0, 0), pool_sha256) &&
               entries_store(drawing) && sql_execute(sql, "COMMIT", error_of(drawing));
    }
    PQclear(positions);
    return good;
}
