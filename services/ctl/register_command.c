/*
 * kerja register load: a register's file becomes register.listed.
 *
 * rows -> rows that are gone, as listed=false -> (the application service has decided all of them) ->
 * the record that ends the snapshot -> applications that were held for the register are asked again.
 * Only the record at the end makes the snapshot valid, so a load that was interrupted is simply
 * repeated. kerja.register_load keeps whom the register listed, so that the next load knows who is gone.
 * Two loads of one register at a time would each tell that the other's people are gone, so only one may run.
 */
#include "commands.h"

#include "base/clock.h"
#include "ctl_embedded.h"
#include "positions.h"
#include "register_file.h"
#include "rulebook.h"
#include "schemas/events.h"
#include "seal/digest.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PROGRESS_ROWS = 500, NAME_SIZE = 64 };

struct loading {
    struct call *call;
    struct session session;
    const char *name; /* of the register */
    char snapshot[NAME_SIZE], country[NAME_SIZE];
    epoch_day valid_from; /* where a row does not say */
    instant_us loaded_at;
    struct buffer text;
    struct register_file file;
    int64_t gone, asked;
};

static bool load_alone(struct loading *loading)
{
    struct error *error = &loading->call->error;
    PGresult *result =
        sql_run(loading->session.sql, ctl_sql_register_alone_sql, &loading->name, 1, error);
    bool alone = result != NULL && slice_is(sql_text(result, 0, 0), "t");
    if (result != NULL && !alone)
        error_set(error, RETRY, "could not load register \"%s\": another load of it runs",
                  loading->name);
    PQclear(result);
    return alone;
}

/* The lock goes with the connection: as long as that answers, nobody else loads. */
static bool still_alone(struct loading *loading)
{
    return sql_execute(loading->session.sql, "SELECT 1", &loading->call->error);
}

/* --- what is kept of the register --- */

static bool kept_begin(struct loading *loading)
{
    struct sql *sql = loading->session.sql;
    struct error *error = &loading->call->error;
    return sql_execute(sql, "BEGIN", error) &&
           sql_execute(sql, ctl_sql_register_new_sql, error) &&
           sql_copy_begin(sql, "COPY register_new (person_id) FROM STDIN", error);
}

/* Adds the people of this file to those kept, and what is done to the audit, before any of them is told to anybody. */
static bool kept_add(struct loading *loading)
{
    struct sql *sql = loading->session.sql;
    struct error *error = &loading->call->error;
    char rows[SQL_NUMBER_SIZE];
    const char *parameters[] = {loading->name, loading->snapshot, rows};
    snprintf(rows, sizeof rows, "%zu", loading->file.count);
    bool good = kept_begin(loading);
    for (size_t i = 0; good && i < loading->file.count; i++) {
        char text[UUID_TEXT_SIZE + 2];
        uuid_format(&loading->file.rows[i].person_id, text);
        text[UUID_TEXT_SIZE] = '\n';
        good = sql_copy_put(sql, (struct slice){text, UUID_TEXT_SIZE + 1}, error);
    }
    good = good && sql_copy_finish(sql, error);
    PGresult *kept =
        good ? sql_run(sql, ctl_sql_register_keep_sql, parameters, 2, error) : NULL;
    PGresult *audited =
        kept == NULL ? NULL : sql_run(sql, ctl_sql_register_audit_sql, parameters, 3, error);
    good = audited != NULL && sql_execute(sql, "COMMIT", error);
    PQclear(kept);
    PQclear(audited);
    return good;
}

static bool kept_forget_gone(struct loading *loading)
{
    const char *parameters[] = {loading->name, loading->snapshot};
    PGresult *forgotten = sql_run(loading->session.sql, ctl_sql_register_forget_sql, parameters,
                                  2, &loading->call->error);
    PQclear(forgotten);
    return forgotten != NULL;
}

/* --- what is told --- */

static struct register_listed event_begin(const struct loading *loading)
{
    return (struct register_listed){.register_ = slice_of(loading->name),
                                    .snapshot = slice_of(loading->snapshot),
                                    .valid_from = loading->valid_from,
                                    .loaded_at = loading->loaded_at};
}

static enum outcome rows_send(struct loading *loading)
{
    enum outcome outcome = OK;
    for (size_t i = 0; outcome == OK && i < loading->file.count; i++) {
        const struct listed *row = &loading->file.rows[i];
        struct register_listed event = event_begin(loading);
        event.person_id = row->person_id;
        event.listed = true;
        event.code = row->code;
        event.has_code = row->code.size > 0;
        event.number = row->number;
        event.has_number = row->has_number;
        event.valid_from = row->valid_from;
        event.valid_to = row->valid_to;
        event.has_valid_to = row->has_valid_to;
        outcome = session_send(&loading->session, &register_listed_event, &event);
        if (i % PROGRESS_ROWS != 0)
            continue;
        progress_show("rows sent:", (int64_t)i, (int64_t)loading->file.count);
        if (outcome == OK && !still_alone(loading))
            outcome = STOP;
    }
    return outcome;
}

static enum outcome gone_send(struct loading *loading)
{
    const char *parameters[] = {loading->name, loading->snapshot};
    enum outcome outcome = OK;
    PGresult *gone = sql_run(loading->session.sql, ctl_sql_register_gone_sql, parameters, 2,
                             &loading->call->error);
    if (gone == NULL)
        return STOP;
    for (int row = 0; outcome == OK && row < PQntuples(gone); row++) {
        struct register_listed event = event_begin(loading);
        if (!uuid_parse(sql_text(gone, row, 0), &event.person_id))
            continue;
        outcome = session_send(&loading->session, &register_listed_event, &event);
        loading->gone++;
    }
    PQclear(gone);
    return outcome;
}

static enum outcome end_send(struct loading *loading)
{
    struct register_listed event = event_begin(loading);
    event.listed = true;
    event.has_number = true;
    event.number = (int64_t)loading->file.count;
    enum outcome outcome = session_send(&loading->session, &register_listed_event, &event);
    return outcome == OK ? session_flush(&loading->session) : outcome;
}

/* The same snapshot asks an application by the same timer id, however often it is loaded. */
static enum outcome held_ask(struct loading *loading)
{
    enum outcome outcome = OK;
    PGresult *held = sql_run(loading->session.sql, ctl_sql_register_held_sql, NULL, 0,
                             &loading->call->error);
    if (held == NULL)
        return STOP;
    for (int row = 0; outcome == OK && row < PQntuples(held); row++) {
        const struct timer_fired event = {.timer_id = seal_event_id(slice_of(loading->name),
                                                                    slice_of(loading->snapshot),
                                                                    sql_text(held, row, 0), 0),
                                          .subject_id = sql_text(held, row, 0),
                                          .kind = SLICE("SNAPSHOT_VALID"),
                                          .due_at = loading->loaded_at,
                                          .attempt = 1};
        outcome = session_send(&loading->session, &timer_application_event, &event);
        loading->asked++;
    }
    PQclear(held);
    return outcome == OK ? session_flush(&loading->session) : outcome;
}

static bool application_wait(struct loading *loading)
{
    return positions_wait_past_now(&loading->session, "application",
                                   "records that application has to decide first:");
}

static int load(struct loading *loading)
{
    bool good = load_alone(loading) && kept_add(loading) && rows_send(loading) == OK &&
                gone_send(loading) == OK && session_flush(&loading->session) == OK &&
                application_wait(loading) && end_send(loading) == OK &&
                application_wait(loading) && held_ask(loading) == OK &&
                kept_forget_gone(loading);
    if (!good)
        return call_fails(loading->call, NULL);
    progress_end();
    printf("register %s, snapshot %s: %zu listed, %" PRId64 " gone, %" PRId64
           " held applications asked again\n",
           loading->name, loading->snapshot, loading->file.count, loading->gone,
           loading->asked);
    return EXIT_DONE;
}

/* The snapshot is named by the first digits of the file's SHA-256: another file is another. The country is --country, or
 * that of --programme. */
static int names_read(struct loading *loading)
{
    struct call *call = loading->call;
    char hash[DIGEST_HEX_SIZE + 1];
    const char *country = call_value(call, "--country"),
               *programme = call_value(call, "--programme");
    loading->loaded_at = realtime_us();
    if (!call_day(call, "--valid-from", &loading->valid_from) ||
        !call_instant(call, "--at", &loading->loaded_at))
        return EXIT_USAGE;
    seal_sha256_hex(buffer_slice(&loading->text), hash);
    snprintf(loading->snapshot, sizeof loading->snapshot, "%.16s", hash);
    if (country == NULL && programme == NULL)
        return call_misused(call, "whose ids are they? expected --country ID or --programme P");
    if (!call_country(call, "--country"))
        return EXIT_USAGE;
    snprintf(loading->country, sizeof loading->country, "%s", country == NULL ? "" : country);
    if (country != NULL)
        return EXIT_DONE;
    struct programme *published =
        rulebook_published(&loading->session, slice_of(programme), NULL);
    if (published == NULL)
        return call_fails(call, NULL);
    snprintf(loading->country, sizeof loading->file.country, "%.*s",
             SLICE_ARGS(published->country));
    programme_free(published);
    return EXIT_DONE;
}

static int run(struct call *call)
{
    static struct loading loading;
    loading.call = call;
    loading.name = call->words[0];
    session_listen();
    int status = session_open(&loading.session, call,
                              OPEN_SQL | OPEN_BROKER | OPEN_PRODUCER | OPEN_SEAL);
    if (status == EXIT_DONE && file_read(call->words[1], &loading.text, &call->error) != OK)
        status = call_fails(call, NULL);
    if (status == EXIT_DONE)
        status = names_read(&loading);
    if (status == EXIT_DONE && !rulebook_register_known(&loading.session, loading.name))
        status = call_fails(call, NULL);
    if (status == EXIT_DONE) {
        loading.file = (struct register_file){.call = call,
                                              .name = call->words[1],
                                              .seal = loading.session.seal,
                                              .country = slice_of(loading.country),
                                              .valid_from = loading.valid_from};
        status = register_file_read(&loading.file, buffer_slice(&loading.text));
    }
    if (status == EXIT_DONE)
        status = load(&loading);
    register_file_release(&loading.file);
    buffer_release(&loading.text);
    session_close(&loading.session);
    return status;
}

static const struct call_option options[] = {
    {"--country", "ID", "country of the national ids, ISO 3166-1"},
    {"--programme", "P", "take the country of this programme"},
    {"--valid-from", "DAY", "first day of rows that do not say (1970-01-01)"},
    {"--at", "INSTANT", "when it was loaded (now)"},
};

const struct command register_load_command = {
    .name = "register load",
    .arguments = "REGISTER FILE.csv",
    .least = 2,
    .most = 2,
    .summary = "loads a register's state from a CSV file",
    .description =
        "Columns: national_id[,code][,number][,valid_from][,valid_to], in any order, others "
        "are\n"
        "passed over. Sends a record for each person listed and for each who was and is no "
        "more,\n"
        "waits until the application service has decided them, then makes the snapshot valid\n"
        "and asks the applications again that were held for a register. A file without rows "
        "is\n"
        "a valid, empty register. A load that was interrupted is repeated; one that runs "
        "beside\n"
        "another of the same register is refused.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
