/*
 * kerja draw pool, kerja draw publish: what the public is told of a draw, before and after it.
 *
 * The pool's hash is announced when the wave is closed and the seed still locked away: from then on neither can be
 * chosen by somebody who knows the other's effect. What is published has no personal data: an application's id, a
 * region, a class, and a number that says who shares a family card within this draw.
 */
#include "commands.h"

#include "base/clock.h"
#include "ctl_embedded.h"
#include "drawing.h"
#include "rulebook.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Finds the wave's draw; `drawn` tells its state. False after a sentence. */
static bool announced_find(struct drawing *drawing, bool *drawn)
{
    const char *parameters[] = {drawing->name, drawing->number};
    struct uuid draw_id;
    PGresult *known =
        sql_run(drawing->session.sql, ctl_sql_draw_find_sql, parameters, 2, error_of(drawing));
    bool good =
        known != NULL && PQntuples(known) == 1 && uuid_parse(sql_text(known, 0, 0), &draw_id);
    if (good) {
        *drawn = slice_is(sql_text(known, 0, 2), "t");
        drawing_id_set(drawing, &draw_id);
    } else if (known != NULL) {
        call_fails(drawing->call, "no seed was announced for %s wave %d", drawing->name,
                   drawing->wave);
    } else {
        call_fails(drawing->call, NULL);
    }
    PQclear(known);
    return good;
}

/* --- the pool --- */

static bool pool_announce(struct drawing *drawing, char sha256[static DIGEST_HEX_SIZE + 1])
{
    struct sql *sql = drawing->session.sql;
    struct digest pool;
    char detail[DIGEST_HEX_SIZE + 64];
    const char *parameters[] = {drawing->name, drawing->number, sha256};
    const char *audit[] = {"draw pool", drawing->draw_text, detail};
    if (!sql_execute(sql, "BEGIN ISOLATION LEVEL REPEATABLE READ", error_of(drawing)) ||
        !drawing_pool_read(drawing, &pool))
        return false;
    digest_hex(&pool, sha256);
    snprintf(detail, sizeof detail, "{\"pool_sha256\": \"%s\", \"pooled\": %zu}", sha256,
             drawing->draw.count);
    PGresult *stored =
        sql_run(sql, ctl_sql_draw_pool_announce_sql, parameters, 3, error_of(drawing));
    PGresult *audited = stored == NULL || PQntuples(stored) != 1
                            ? NULL
                            : sql_run(sql, ctl_sql_audit_sql, audit, 3, error_of(drawing));
    if (stored != NULL && PQntuples(stored) != 1)
        error_set(error_of(drawing), REJECT, "cannot announce the pool: the wave was drawn");
    bool good = audited != NULL && sql_execute(sql, "COMMIT", error_of(drawing));
    PQclear(stored);
    PQclear(audited);
    return good;
}

static bool pool_write(struct drawing *drawing, const char *path)
{
    struct buffer line = {0};
    FILE *file = fopen(path, "w");
    bool good = file != NULL;
    for (size_t i = 0; good && i < drawing->draw.count; i++) {
        buffer_clear(&line);
        drawing_pool_line(&drawing->draw.applicants[i], &drawing->draw, &line);
        good = !buffer_failed(&line) && fwrite(line.data, line.size, 1, file) == 1;
    }
    buffer_release(&line);
    if (file != NULL && fclose(file) != 0)
        good = false;
    return good;
}

static int pool_of_wave(struct drawing *drawing)
{
    struct call *call = drawing->call;
    const char *path = call_value(call, "--file");
    char sha256[DIGEST_HEX_SIZE + 1];
    bool drawn = false;
    drawing->programme = rulebook_published(&drawing->session, slice_of(drawing->name), NULL);
    if (drawing->programme == NULL)
        return call_fails(call, NULL);
    const struct wave *wave = wave_find(drawing->programme, drawing->wave);
    if (wave != NULL && wave->has_closes && realtime_us() < wave->closes)
        return call_fails(call, "wave %d is open still", drawing->wave);
    if (!announced_find(drawing, &drawn))
        return EXIT_FAILED;
    if (drawn)
        return call_fails(call, "%s wave %d was drawn", drawing->name, drawing->wave);
    if (!drawing_service_wait(drawing) || !pool_announce(drawing, sha256))
        return call_fails(call, NULL);
    if (path != NULL && !pool_write(drawing, path))
        return call_fails(call, "cannot write the pool to \"%s\": %s", path, strerror(errno));
    printf("draw %s of %s wave %d: %zu pooled, the pool's SHA-256 is %s\n", drawing->draw_text,
           drawing->name, drawing->wave, drawing->draw.count, sha256);
    return EXIT_DONE;
}

static int pool_run(struct call *call)
{
    static struct drawing drawing;
    drawing.call = call;
    int status = drawing_wave_read(&drawing);
    if (status != EXIT_DONE)
        return status;
    session_listen();
    status = session_open(&drawing.session, call, OPEN_SQL | OPEN_BROKER);
    if (status == EXIT_DONE && !drawing_open(&drawing))
        status = call_fails(call, "cannot reserve memory for the pool");
    if (status == EXIT_DONE)
        status = pool_of_wave(&drawing);
    drawing_close(&drawing);
    return status;
}

/* --- publishing --- */

static FILE *file_make(struct drawing *drawing, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", call_value(drawing->call, "--folder"), name);
    FILE *file = fopen(path, "w");
    if (file == NULL)
        call_fails(drawing->call, "cannot write \"%s\": %s", path, strerror(errno));
    return file;
}

static bool lines_write(struct drawing *drawing, const char *name, const char *writer)
{
    const char *parameters[] = {drawing->draw_text};
    struct slice line;
    bool failed = false, written = true;
    FILE *file = file_make(drawing, name);
    if (file == NULL)
        return false;
    if (!drawing_copy_begin(drawing, writer, parameters, 1)) {
        fclose(file);
        call_fails(drawing->call, NULL);
        return false;
    }
    while (sql_copy_line(drawing->session.sql, &line, &failed, error_of(drawing)))
        written =
            written && fwrite(line.data, line.size, 1, file) == 1 && fputc('\n', file) != EOF;
    written = fclose(file) == 0 && written;
    if (failed || !written)
        call_fails(drawing->call, failed ? NULL : "cannot write \"%s\" to its end", name);
    return !failed && written;
}

static bool draw_write(struct drawing *drawing)
{
    const char *parameters[] = {drawing->draw_text};
    PGresult *draw = sql_run(drawing->session.sql, ctl_sql_draw_public_sql, parameters, 1,
                             error_of(drawing));
    FILE *file = draw == NULL ? NULL : file_make(drawing, "draw.json");
    bool good = file != NULL && fprintf(file, "%s\n", PQgetvalue(draw, 0, 0)) > 0;
    if (file != NULL)
        good = fclose(file) == 0 && good;
    if (draw == NULL)
        call_fails(drawing->call, NULL);
    PQclear(draw);
    return good;
}

static int publish(struct drawing *drawing)
{
    bool drawn = false;
    const char *folder = call_value(drawing->call, "--folder");
    if (!announced_find(drawing, &drawn))
        return EXIT_FAILED;
    if (!drawn)
        return call_fails(drawing->call, "%s wave %d was not drawn", drawing->name,
                          drawing->wave);
    if (mkdir(folder, 0777) != 0 && errno != EEXIST)
        return call_fails(drawing->call, "cannot make the folder \"%s\": %s", folder,
                          strerror(errno));
    if (!draw_write(drawing) ||
        !lines_write(drawing, "pool.tsv", ctl_sql_draw_public_pool_sql) ||
        !lines_write(drawing, "result.tsv", ctl_sql_draw_public_result_sql))
        return EXIT_FAILED;
    printf("draw %s of %s wave %d: draw.json, pool.tsv and result.tsv are in \"%s\"\n",
           drawing->draw_text, drawing->name, drawing->wave, folder);
    return EXIT_DONE;
}

static int publish_run(struct call *call)
{
    static struct drawing drawing;
    drawing.call = call;
    int status = drawing_wave_read(&drawing);
    if (status == EXIT_DONE && call_value(call, "--folder") == NULL)
        status = call_misused(call, "expected --folder PATH");
    if (status != EXIT_DONE)
        return status;
    status = session_open(&drawing.session, call, OPEN_SQL);
    if (status == EXIT_DONE)
        status = publish(&drawing);
    drawing_close(&drawing);
    return status;
}

static const struct call_option pool_options[] = {
    {"--programme", "P", "the programme's name"},
    {"--wave", "N", "the wave"},
    {"--file", "PATH", "where the list is written that has this hash"},
};

const struct command draw_pool_command = {
    .name = "draw pool",
    .arguments = "",
    .summary = "publishes the hash of a closed wave's pool, before it is drawn",
    .description =
        "Waits until the application service has decided all that was said, reads the pool in\n"
        "one snapshot and stores the SHA-256 of its list, so that nobody can add or leave out\n"
        "somebody when the seed is known: `kerja draw` refuses any other pool. Repeat it "
        "where\n"
        "the pool has changed since, as by a register.",
    .options = pool_options,
    .option_count = sizeof pool_options / sizeof *pool_options,
    .run = pool_run,
};

static const struct call_option publish_options[] = {
    {"--programme", "P", "the programme's name"},
    {"--wave", "N", "the wave"},
    {"--folder", "PATH", "where the files are written"},
};

const struct command draw_publish_command = {
    .name = "draw publish",
    .arguments = "",
    .summary = "writes what anybody needs to check a draw",
    .description =
        "draw.json has seed, hashes, seats and limits; pool.tsv who took part: application,\n"
        "region, class, number of the family card, awards on it; result.tsv the list: rank,\n"
        "application, digest, outcome. examples/verify_draw.py checks them.",
    .options = publish_options,
    .option_count = sizeof publish_options / sizeof *publish_options,
    .run = publish_run,
};
