/*
 * kerja draw announce, kerja draw, kerja draw --verify.
 *
 * announced (hash of the seed) -> drawn (seed and the whole ordered list, in one transaction) ->
 * produced (one application.drawn for every pooled application). A draw that was interrupted after
 * it was stored is repeated: the stored list is sent, never another.
 */
#include "commands.h"

#include "base/clock.h"
#include "copy_text.h"
#include "ctl_embedded.h"
#include "draw.h"
#include "positions.h"
#include "rulebook.h"
#include "schemas/events.h"
#include "seed.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PROGRESS_ROWS = 1000, PRIORITY_TEXTS = 16, FAMILIES_AT_FIRST = 1024 };

/* What a repeated draw must say again in the same words. */
struct circumstances {
    instant_us drawn_at;
    bool has_notice_day, has_decree_no;
    epoch_day notice_day;
    char decree_no[128];
};

struct drawing {
    struct call *call;
    struct session session;
    struct programme *programme;
    char name[128];  /* of the programme */
    char number[16]; /* of the wave      */
    int wave;
    struct seed seed;
    struct uuid draw_id;
    char draw_text[UUID_TEXT_SIZE + 1];
    struct circumstances circumstances;
    struct draw draw;
    size_t applicant_room, family_room;
    struct arena texts;
    size_t selected, pooled;
};

static struct error *error_of(struct drawing *drawing)
{
    return &drawing->call->error;
}

/* --programme and --wave, which every form but --verify DRAW_ID needs. */
static int wave_read(struct drawing *drawing)
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

static void drawing_close(struct drawing *drawing)
{
    free(drawing->draw.applicants);
    free(drawing->draw.seats);
    free(drawing->draw.family_awards);
    arena_release(&drawing->texts);
    programme_free(drawing->programme);
    session_close(&drawing->session);
}

static void draw_id_set(struct drawing *drawing, const struct uuid *draw_id)
{
    drawing->draw_id = *draw_id;
    uuid_format(draw_id, drawing->draw_text);
}

/* --- announce --- */

static int announce_seed(struct drawing *drawing)
{
    struct sql *sql = drawing->session.sql;
    struct uuid draw_id = draw_id_of(slice_of(drawing->name), drawing->wave, &drawing->seed);
    draw_id_set(drawing, &draw_id);
    const char *parameters[] = {drawing->draw_text, drawing->name, drawing->number,
                                drawing->seed.sha256};
    const char *audit[] = {"draw announce", drawing->draw_text, "{}"};
    if (!sql_execute(sql, "BEGIN", error_of(drawing)))
        return call_fails(drawing->call, NULL);
    PGresult *stored =
        sql_run(sql, ctl_sql_draw_announce_sql, parameters, 4, error_of(drawing));
    bool fresh = stored != NULL && strcmp(PQcmdTuples(stored), "1") == 0;
    bool good = stored != NULL;
    if (fresh) {
        PGresult *audited = sql_run(sql, ctl_sql_audit_sql, audit, 3, error_of(drawing));
        good = audited != NULL;
        PQclear(audited);
    }
    PQclear(stored);
    if (!good || !sql_execute(sql, "COMMIT", error_of(drawing)))
        return call_fails(drawing->call, NULL);
    PGresult *known = sql_run(sql, ctl_sql_draw_find_sql, parameters + 1, 2, error_of(drawing));
    bool same = known != NULL && PQntuples(known) == 1 &&
                slice_is(sql_text(known, 0, 1), drawing->seed.sha256);
    PQclear(known);
    if (!same)
        return call_fails(drawing->call, "wave %d has a seed already, and it is another",
                          drawing->wave);
    printf("draw %s of %s wave %d: the seed's SHA-256 is %s\n", drawing->draw_text,
           drawing->name, drawing->wave, drawing->seed.sha256);
    return EXIT_DONE;
}

static int announce_run(struct call *call)
{
    static struct drawing drawing;
    drawing.call = call;
    int status = wave_read(&drawing);
    const char *path = call_value(call, "--seed-file");
    if (status == EXIT_DONE && path == NULL)
        status = call_misused(call, "expected --seed-file PATH");
    if (status != EXIT_DONE)
        return status;
    status = session_open(&drawing.session, call, OPEN_SQL);
    if (status == EXIT_DONE && (drawing.programme = rulebook_published(
                                    &drawing.session, slice_of(drawing.name), NULL)) == NULL)
        status = call_fails(call, NULL);
    const struct wave *wave =
        drawing.programme == NULL ? NULL : wave_find(drawing.programme, drawing.wave);
    if (status == EXIT_DONE && wave != NULL && wave->has_opens && wave->opens <= realtime_us())
        fprintf(stderr,
                "kerja draw announce: wave %d has opened already; a seed should be announced "
                "before\n",
                drawing.wave);
    if (status == EXIT_DONE && seed_file(path, true, &drawing.seed, &call->error) != OK)
        status = call_fails(call, NULL);
    if (status == EXIT_DONE)
        status = announce_seed(&drawing);
    drawing_close(&drawing);
    return status;
}

/* --- the pool --- */

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

/* Runs the statement that another statement writes. */
static bool copy_begin(struct drawing *drawing, const char *writer,
                       const char *const *parameters, int count)
{
    PGresult *text =
        sql_run(drawing->session.sql, writer, parameters, count, error_of(drawing));
    bool good = text != NULL &&
                sql_copy_begin(drawing->session.sql, PQgetvalue(text, 0, 0), error_of(drawing));
    PQclear(text);
    return good;
}

static bool pool_read(struct drawing *drawing)
{
    const char *parameters[] = {drawing->name, drawing->number};
    struct slice wanted[VERDICT_PRIORITIES], line;
    size_t wanted_count = wave_priorities(drawing->programme, drawing->wave, wanted);
    bool failed = false, good = true;
    if (!copy_begin(drawing, ctl_sql_draw_pool_sql, parameters, 2))
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

/* The wave's ceilings from the programme file; --seats replaces them by one for the whole. */
static bool seats_read(struct drawing *drawing)
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

/* --- storing --- */

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

static bool circumstances_parse(const char *text, struct circumstances *circumstances)
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

static void entry_write(const struct drawing *drawing, size_t rank, struct buffer *line)
{
    const struct draw_applicant *applicant = &drawing->draw.applicants[rank - 1];
    char text[128];
    buffer_clear(line);
    snprintf(text, sizeof text, "%s\t%zu\t", drawing->draw_text, rank);
    buffer_append(line, text, strlen(text));
    copy_field_append(slice_of(applicant->application_id), line);
    snprintf(text, sizeof text, "\t%d\t\\\\x%016" PRIx64 "\t%c\n", applicant->priority_class,
             applicant->digest, applicant->selected ? 't' : 'f');
    buffer_append(line, text, strlen(text));
}

static bool entries_store(struct drawing *drawing)
{
    struct sql *sql = drawing->session.sql;
    struct buffer line = {0};
    bool good = sql_copy_begin(sql,
                               "COPY kerja.draw_entry (draw_id, rank, application_id, "
                               "priority_class, digest, selected) FROM STDIN",
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

static bool row_store(struct drawing *drawing, const char *positions)
{
    char seed[2 * DRAW_SEED_SIZE + 1], pooled[24], instant[INSTANT_TEXT_SIZE + 1];
    seed_hex(&drawing->seed, seed);
    snprintf(pooled, sizeof pooled, "%zu", drawing->draw.count);
    instant_format(drawing->circumstances.drawn_at, instant);
    char *circumstances = circumstances_write(drawing, positions);
    const char *announced[] = {drawing->draw_text, drawing->name, drawing->number,
                               drawing->seed.sha256};
    const char *drawn[] = {drawing->draw_text, seed, circumstances, pooled, instant};
    const char *audit[] = {"draw", drawing->draw_text, circumstances};
    struct sql *sql = drawing->session.sql;
    PGresult *first = sql_run(sql, ctl_sql_draw_announce_sql, announced, 4, error_of(drawing));
    PGresult *second = first == NULL
                           ? NULL
                           : sql_run(sql, ctl_sql_draw_store_sql, drawn, 5, error_of(drawing));
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

/* Positions, pool, ranking and storing in one transaction on one snapshot. */
static bool draw_and_store(struct drawing *drawing)
{
    struct sql *sql = drawing->session.sql;
    if (!sql_execute(sql, "BEGIN ISOLATION LEVEL REPEATABLE READ", error_of(drawing)))
        return false;
    PGresult *positions = sql_run(sql, ctl_sql_draw_positions_sql, NULL, 0, error_of(drawing));
    bool good = positions != NULL && pool_read(drawing);
    if (good) {
        memcpy(drawing->draw.seed, drawing->seed.bytes, sizeof drawing->draw.seed);
        drawing->selected = draw_run(&drawing->draw);
        good = row_store(drawing, PQgetvalue(positions, 0, 0)) && entries_store(drawing) &&
               sql_execute(sql, "COMMIT", error_of(drawing));
    }
    PQclear(positions);
    return good;
}

/* --- producing --- */

static enum outcome entry_send(struct drawing *drawing, struct slice line)
{
    struct slice rank, id, selected, region;
    bool is_null;
    if (!copy_field_take(&line, &rank, &is_null) || !copy_field_take(&line, &id, &is_null) ||
        !copy_field_take(&line, &selected, &is_null) ||
        !copy_field_take(&line, &region, &is_null))
        return error_set(error_of(drawing), STOP, "cannot read the stored list");
    const struct circumstances *circumstances = &drawing->circumstances;
    const struct application_drawn event = {
        .application_id = id,
        .programme = slice_of(drawing->name),
        .wave = drawing->wave,
        .draw_id = drawing->draw_id,
        .region_code = region,
        .position = strtoll(rank.data, NULL, 10),
        .pool_size = (int64_t)drawing->pooled,
        .outcome = slice_is(selected, "t") ? APPLICATION_DRAWN_OUTCOME_SELECTED
                                           : APPLICATION_DRAWN_OUTCOME_NOT_DRAWN,
        .drawn_at = circumstances->drawn_at,
        .notice_day = circumstances->notice_day,
        .has_notice_day = circumstances->has_notice_day,
        .decree_no = slice_of(circumstances->decree_no),
        .has_decree_no = circumstances->has_decree_no};
    drawing->selected += slice_is(selected, "t");
    return session_send(&drawing->session, &application_drawn_event, &event);
}

static bool list_send(struct drawing *drawing)
{
    const char *parameters[] = {drawing->draw_text, drawing->name, drawing->number};
    struct slice line;
    bool failed = false;
    enum outcome outcome = OK;
    if (!copy_begin(drawing, ctl_sql_draw_list_sql, parameters, 3))
        return false;
    drawing->selected = 0;
    while (sql_copy_line(drawing->session.sql, &line, &failed, error_of(drawing))) {
        if (outcome == OK)
            outcome = entry_send(drawing, line);
        progress_show("results sent:", drawing->session.sent, (int64_t)drawing->pooled);
    }
    progress_end();
    return !failed && outcome == OK && session_flush(&drawing->session) == OK;
}

/* --- the command --- */

/* Takes what is known of the wave's draw; `stored` tells that it was drawn before. */
static int known_find(struct drawing *drawing, bool *stored)
{
    struct call *call = drawing->call;
    const char *parameters[] = {drawing->name, drawing->number};
    const char *path = call_value(call, "--seed-file");
    PGresult *known =
        sql_run(drawing->session.sql, ctl_sql_draw_find_sql, parameters, 2, error_of(drawing));
    if (known == NULL)
        return call_fails(call, NULL);
    bool announced = PQntuples(known) == 1;
    int status = EXIT_DONE;
    *stored = announced && slice_is(sql_text(known, 0, 2), "t");
    if (*stored) {
        drawing->pooled = (size_t)sql_number(known, 0, 3);
        if (!uuid_parse(sql_text(known, 0, 0), &drawing->draw_id) ||
            !circumstances_parse(PQgetvalue(known, 0, 4), &drawing->circumstances))
            status = call_fails(call, "cannot read the stored draw");
        draw_id_set(drawing, &drawing->draw_id);
    } else if (announced && path == NULL) {
        status = call_misused(call, "its seed was announced: expected --seed-file PATH");
    } else if ((path == NULL
                    ? seed_make(&drawing->seed, error_of(drawing))
                    : seed_file(path, false, &drawing->seed, error_of(drawing))) != OK) {
        status = call_fails(call, NULL);
    } else if (announced && !slice_is(sql_text(known, 0, 1), drawing->seed.sha256)) {
        status = call_fails(call, "the seed in \"%s\" is not the one that was announced", path);
    } else {
        struct uuid draw_id =
            draw_id_of(slice_of(drawing->name), drawing->wave, &drawing->seed);
        draw_id_set(drawing, &draw_id);
        if (!announced)
            fprintf(stderr,
                    "kerja draw: no seed was announced for this wave; a new one is used\n");
    }
    PQclear(known);
    return status;
}

/* The draw's instant, the notice day and the decree, from options and the programme file. */
static int circumstances_read(struct drawing *drawing)
{
    struct call *call = drawing->call;
    struct circumstances *circumstances = &drawing->circumstances;
    int offset = drawing->programme->utc_offset_minutes;
    const struct wave *wave = wave_find(drawing->programme, drawing->wave);
    const char *decree = call_value(call, "--decree");
    circumstances->drawn_at = realtime_us();
    /* In a replay the notice day is long past: then the draw is of that day, so that it comes out
     * the same whenever it is replayed. */
    if (wave != NULL && wave->has_notice_day &&
        day_to_instant(wave->notice_day, offset) < circumstances->drawn_at)
        circumstances->drawn_at = day_to_instant(wave->notice_day, offset);
    if (!call_instant(call, "--at", &circumstances->drawn_at))
        return EXIT_USAGE;
    circumstances->has_notice_day = true;
    circumstances->notice_day = wave != NULL && wave->has_notice_day
                                    ? wave->notice_day
                                    : instant_to_day(circumstances->drawn_at, offset);
    if (!call_day(call, "--notice-day", &circumstances->notice_day))
        return EXIT_USAGE;
    circumstances->has_decree_no = decree != NULL;
    snprintf(circumstances->decree_no, sizeof circumstances->decree_no, "%s",
             decree == NULL ? "" : decree);
    if (wave != NULL && wave->has_closes && circumstances->drawn_at < wave->closes)
        return call_fails(call, "wave %d is open still: it closes later than the draw",
                          drawing->wave);
    return EXIT_DONE;
}

/* Everything that was said before the wave closed, and before now, must have been decided. */
static int service_wait(struct drawing *drawing)
{
    if (positions_wait_past_now(&drawing->session, "application",
                                "records that application has to decide first:"))
        return EXIT_DONE;
    return call_fails(drawing->call, NULL);
}

static int draw_new(struct drawing *drawing)
{
    int status = circumstances_read(drawing);
    if (status == EXIT_DONE && !seats_read(drawing))
        status = EXIT_USAGE;
    if (status == EXIT_DONE)
        status = service_wait(drawing);
    if (status == EXIT_DONE && !draw_and_store(drawing))
        status = call_fails(drawing->call, NULL);
    drawing->pooled = drawing->draw.count;
    return status;
}

static int draw_wave(struct drawing *drawing)
{
    bool stored = false;
    struct call *call = drawing->call;
    drawing->programme = rulebook_published(&drawing->session, slice_of(drawing->name), NULL);
    if (drawing->programme == NULL)
        return call_fails(call, NULL);
    if (scheme_for_wave(drawing->programme, drawing->wave) == NULL)
        return call_misused(call, "%s has no wave %d", drawing->name, drawing->wave);
    int status = known_find(drawing, &stored);
    if (status == EXIT_DONE && !stored)
        status = draw_new(drawing);
    if (status == EXIT_DONE && !list_send(drawing))
        status = call_fails(call, NULL);
    if (status == EXIT_DONE)
        printf("draw %s of %s wave %d: %zu pooled, %zu selected, %zu not drawn%s\n",
               drawing->draw_text, drawing->name, drawing->wave, drawing->pooled,
               drawing->selected, drawing->pooled - drawing->selected,
               stored ? "; it had been drawn before, the stored list was sent again" : "");
    return status;
}

/* --- verify --- */

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
    if (!copy_begin(drawing, ctl_sql_draw_entries_sql, parameters, 1)) {
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

/* --verify takes a draw's id, or a programme and a wave. */
static int verify_run(struct drawing *drawing)
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

static int run(struct call *call)
{
    static struct drawing drawing;
    bool verify = call_value(call, "--verify") != NULL;
    int status = EXIT_DONE;
    drawing.call = call;
    if (call->word_count == 1 && !verify)
        return call_misused(call, "a draw's id belongs to --verify");
    if (call->word_count == 0)
        status = wave_read(&drawing);
    if (status != EXIT_DONE)
        return status;
    session_listen();
    status = session_open(&drawing.session, call,
                          verify ? OPEN_SQL : OPEN_SQL | OPEN_BROKER | OPEN_PRODUCER);
    if (status == EXIT_DONE && !arena_init(&drawing.texts, (size_t)4 << 30))
        status = call_fails(call, "cannot reserve memory for the pool");
    if (status == EXIT_DONE)
        status = verify ? verify_run(&drawing) : draw_wave(&drawing);
    drawing_close(&drawing);
    return status;
}

static const struct call_option announce_options[] = {
    {"--programme", "P", "the programme's name"},
    {"--wave", "N", "the wave"},
    {"--seed-file", "PATH", "64 hex digits; made with mode 0600 where it is missing"},
};

const struct command draw_announce_command = {
    .name = "draw announce",
    .arguments = "",
    .summary = "publishes the hash of a draw's seed, before the wave opens",
    .description =
        "Stores the SHA-256 of the seed, so that nobody can choose another when the\n"
        "applicants are known. Keep the file: the draw needs it.",
    .options = announce_options,
    .option_count = sizeof announce_options / sizeof *announce_options,
    .run = announce_run,
};

static const struct call_option options[] = {
    {"--programme", "P", "the programme's name"},
    {"--wave", "N", "the wave"},
    {"--seats", "N", "seats of the whole wave, instead of the programme file's"},
    {"--seed-file", "PATH", "the seed that was announced"},
    {"--notice-day", "DAY", "day on which the result is announced (the file's)"},
    {"--decree", "NO", "number of the decree that names the selected"},
    {"--at", "INSTANT", "the draw's own time (now; in a replay the notice day)"},
    {"--verify", NULL, "check a draw from its published seed and list instead"},
};

const struct command draw_command = {
    .name = "draw",
    .arguments = "[DRAW_ID]",
    .most = 1,
    .summary = "draws a closed wave, or verifies a draw",
    .description =
        "Waits until the application service has decided all that was said, reads the pool in\n"
        "one snapshot, ranks it by (priority class, digest, application id) and gives the "
        "seats\n"
        "in that order: one walk, the family card's limit included. Digest: the first 8 bytes "
        "of\n"
        "HMAC-SHA-256 with the seed as key and the application id as message. The draw is "
        "stored\n"
        "whole before anybody is told; drawing again sends the stored list again.\n"
        "--verify DRAW_ID, or --verify with --programme and --wave, computes every digest "
        "anew.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
