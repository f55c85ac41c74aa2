/*
 * kerja show: what every service has about an id, from its published views.
 */
#include "commands.h"

#include "ctl_embedded.h"
#include "session.h"
#include "subject_id.h"
#include "table.h"

#include <stdio.h>
#include <string.h>

enum { TITLE_WIDTH = 30 };

struct showing {
    struct call *call;
    struct session session;
    bool json;
    size_t shown;
};

/* One row: a line a column that has a value; or one JSON object. */
static void row_print(struct showing *showing, const char *service, const char *view,
                      const PGresult *rows, int row)
{
    struct buffer line = {0};
    if (showing->json) {
        printf("%s{\"service\": \"%s\", \"view\": \"%s\"", showing->shown == 0 ? "[" : ",\n ",
               service, view);
        for (int column = 0; column < PQnfields(rows); column++) {
            buffer_clear(&line);
            json_text_write(slice_of(PQfname(rows, column)), &line);
            buffer_append(&line, ": ", 2);
            if (PQgetisnull(rows, row, column))
                buffer_append(&line, "null", 4);
            else
                json_text_write(sql_text(rows, row, column), &line);
            printf(", %.*s", SLICE_ARGS(buffer_slice(&line)));
        }
        printf("}");
    } else {
        printf("%s%s: %s\n", showing->shown == 0 ? "" : "\n", service, view);
        for (int column = 0; column < PQnfields(rows); column++) {
            struct slice value = sql_text(rows, row, column);
            if (value.size > 0 && !slice_is(value, "{}") && !slice_is(value, "\\x"))
                printf("  %-*s %.*s\n", TITLE_WIDTH, PQfname(rows, column), SLICE_ARGS(value));
        }
    }
    showing->shown++;
    buffer_release(&line);
}

static bool view_show(struct showing *showing, const char *service, const char *view,
                      const char *statement, const char *id)
{
    const char *parameters[] = {id, subject_id_uuid(id)};
    PGresult *rows =
        sql_run(showing->session.sql, statement, parameters, 2, &showing->call->error);
    for (int row = 0; rows != NULL && row < PQntuples(rows); row++)
        row_print(showing, service, view, rows, row);
    PQclear(rows);
    return rows != NULL;
}

static int show(struct showing *showing, const char *id)
{
    PGresult *views =
        sql_run(showing->session.sql, ctl_sql_show_rows_sql, NULL, 0, &showing->call->error);
    bool good = views != NULL;
    for (int i = 0; good && i < PQntuples(views); i++)
        good = view_show(showing, PQgetvalue(views, i, 0), PQgetvalue(views, i, 1),
                         PQgetvalue(views, i, 2), id);
    PQclear(views);
    if (showing->json)
        printf("%s]\n", showing->shown == 0 ? "[" : "");
    if (!good)
        return call_fails(showing->call, NULL);
    if (showing->shown == 0)
        return call_fails(showing->call, "nothing is known of \"%s\"", id);
    return EXIT_DONE;
}

static int run(struct call *call)
{
    struct showing showing = {.call = call, .json = call_value(call, "--json") != NULL};
    if (subject_id_is_national(call->words[0]))
        return call_misused(call, "national ids are not accepted on a command line");
    int status = session_open(&showing.session, call, OPEN_SQL);
    if (status == EXIT_DONE)
        status = show(&showing, call->words[0]);
    session_close(&showing.session);
    return status;
}

static const struct call_option options[] = {
    {"--json", NULL, "as JSON"},
};

const struct command show_command = {
    .name = "show",
    .arguments = "ID",
    .least = 1,
    .most = 1,
    .summary = "shows what every service has about an id",
    .description =
        "ID is that of an application, award, person, enrolment, course, entitlement (or a "
        "payout's\n"
        "end-to-end id). Shows the rows of the published views, which hold no sealed column.\n"
        "Amounts are in hundredths. A national id is not accepted on a command line.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
