/*
 * kerja draw announce, kerja draw, kerja draw --verify.
 *
 * announced (hash of the seed, then perhaps of the pool) -> drawn (seed and the whole ordered list, in one transaction) ->
 * produced (one application.drawn for every pooled application). A draw that was interrupted after
 * it was stored is repeated: the stored list is sent, never another.
 */
#include "commands.h"

#include "base/clock.h"
#include "copy_text.h"
#include "ctl_embedded.h"
#include "drawing.h"
#include "rulebook.h"
#include "schemas/events.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- announce --- */

static int announce_seed(struct drawing *drawing)
{
    struct sql *sql = drawing->session.sql;
    struct uuid draw_id = draw_id_of(slice_of(drawing->name), drawing->wave, &drawing->seed);
    drawing_id_set(drawing, &draw_id);
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
    int status = drawing_wave_read(&drawing);
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
    const char *parameters[] = {drawing->draw_text};
    struct slice line;
    bool failed = false;
    enum outcome outcome = OK;
    if (!drawing_copy_begin(drawing, ctl_sql_draw_list_sql, parameters, 1))
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
    if (announced)
        snprintf(drawing->pool_sha256, sizeof drawing->pool_sha256, "%s",
                 PQgetvalue(known, 0, 5));
    int status = EXIT_DONE;
    *stored = announced && slice_is(sql_text(known, 0, 2), "t");
    if (*stored) {
        drawing->pooled = (size_t)sql_number(known, 0, 3);
        if (!uuid_parse(sql_text(known, 0, 0), &drawing->draw_id) ||
            !circumstances_parse(PQgetvalue(known, 0, 4), &drawing->circumstances))
            status = call_fails(call, "cannot read the stored draw");
        drawing_id_set(drawing, &drawing->draw_id);
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
        drawing_id_set(drawing, &draw_id);
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
    bool noticed = call_value(call, "--notice-day") != NULL;
    if (!call_day(call, "--notice-day", &circumstances->notice_day))
        return EXIT_USAGE;
    if (!noticed && wave != NULL && wave->has_notice_day) {
        circumstances->notice_day = wave->notice_day;
        noticed = true;
    }
    circumstances->drawn_at = realtime_us();
    /* In a replay the notice day is long past: then the draw is of that day, so that it comes out
     * the same whenever it is replayed, and no year has closed meanwhile. */
    if (noticed && day_to_instant(circumstances->notice_day, offset) < circumstances->drawn_at)
        circumstances->drawn_at = day_to_instant(circumstances->notice_day, offset);
    if (!call_instant(call, "--at", &circumstances->drawn_at))
        return EXIT_USAGE;
    if (!noticed)
        circumstances->notice_day = instant_to_day(circumstances->drawn_at, offset);
    circumstances->has_notice_day = true;
    circumstances->has_decree_no = decree != NULL;
    snprintf(circumstances->decree_no, sizeof circumstances->decree_no, "%s",
             decree == NULL ? "" : decree);
    if (wave != NULL && wave->has_closes &&
        (circumstances->drawn_at < wave->closes || realtime_us() < wave->closes))
        return call_fails(call, "wave %d is open still: it closes later than the draw",
                          drawing->wave);
    return EXIT_DONE;
}

static int draw_new(struct drawing *drawing)
{
    int status = circumstances_read(drawing);
    if (status == EXIT_DONE && !drawing_seats_read(drawing))
        status = EXIT_USAGE;
    if (status == EXIT_DONE && (!drawing_service_wait(drawing) || !drawing_store(drawing)))
        status = call_fails(drawing->call, NULL);
    drawing->pooled = drawing->draw.count;
    drawing_pool_forget(drawing);
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

static int run(struct call *call)
{
    static struct drawing drawing;
    bool verify = call_value(call, "--verify") != NULL;
    int status = EXIT_DONE;
    drawing.call = call;
    if (call->word_count == 1 && !verify)
        return call_misused(call, "a draw's id belongs to --verify");
    if (call->word_count == 0)
        status = drawing_wave_read(&drawing);
    if (status != EXIT_DONE)
        return status;
    session_listen();
    status = session_open(&drawing.session, call,
                          verify ? OPEN_SQL : OPEN_SQL | OPEN_BROKER | OPEN_PRODUCER);
    if (status == EXIT_DONE && !drawing_open(&drawing))
        status = call_fails(call, "cannot reserve memory for the pool");
    if (status == EXIT_DONE)
        status = verify ? drawing_verify(&drawing) : draw_wave(&drawing);
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
