/*
 * kerja audit: who commanded what, who approved it, and when it was sent.
 */
#include "commands.h"

#include "ctl_embedded.h"
#include "rulebook.h"
#include "session.h"
#include "subject_id.h"
#include "table.h"

#include <stdio.h>

enum { WHEN_SIZE = INSTANT_TEXT_SIZE + 1 };

/* The columns of the statement, as JSON names them. */
static const struct table_column columns[] = {
    {"number", COLUMN_LABEL},      {"at", COLUMN_TEXT},
    {"actor", COLUMN_TEXT},        {"command", COLUMN_TEXT},
    {"subject", COLUMN_TEXT},      {"detail", COLUMN_TEXT},
    {"second_actor", COLUMN_TEXT}, {"command_number", COLUMN_LABEL},
    {"waits", COLUMN_TEXT},        {"approved_by", COLUMN_TEXT},
    {"approved_at", COLUMN_TEXT},  {"withdrawn_by", COLUMN_TEXT},
    {"withdrawn_at", COLUMN_TEXT}, {"sent_at", COLUMN_TEXT},
    {"awards", COLUMN_COUNT},
};
enum {
    NUMBER,
    AT,
    ACTOR,
    COMMAND,
    SUBJECT,
    DETAIL,
    SECOND_ACTOR,
    COMMAND_NUMBER,
    WAITS,
    APPROVED_BY,
    APPROVED_AT,
    WITHDRAWN_BY,
    WITHDRAWN_AT,
    SENT_AT,
    AWARDS,
    COLUMN_COUNT_OF_AUDIT
};
_Static_assert(sizeof columns / sizeof *columns == COLUMN_COUNT_OF_AUDIT,
               "each column has its title");

static void json_print(const PGresult *rows)
{
    struct table table;
    struct buffer text = {0};
    table_init(&table, columns, COLUMN_COUNT_OF_AUDIT);
    for (int row = 0; row < PQntuples(rows); row++) {
        table_row(&table);
        for (int column = 0; column < COLUMN_COUNT_OF_AUDIT; column++)
            table_cell(&table, (size_t)column, sql_text(rows, row, column));
    }
    table_write_json(&table, &text);
    printf("%.*s", SLICE_ARGS(buffer_slice(&text)));
    buffer_release(&text);
    table_release(&table);
}

/* What became of a command that was stored; nothing of what was done at once. */
static void fate_print(const PGresult *rows, int row)
{
    if (PQgetisnull(rows, row, COMMAND_NUMBER))
        return;
    printf(" (command %s", PQgetvalue(rows, row, COMMAND_NUMBER));
    if (!PQgetisnull(rows, row, APPROVED_BY))
        printf("; approved by %s at %s", PQgetvalue(rows, row, APPROVED_BY),
               PQgetvalue(rows, row, APPROVED_AT));
    if (!PQgetisnull(rows, row, WITHDRAWN_BY))
        printf("; withdrawn by %s at %s", PQgetvalue(rows, row, WITHDRAWN_BY),
               PQgetvalue(rows, row, WITHDRAWN_AT));
    else if (!PQgetisnull(rows, row, SENT_AT))
        printf("; sent at %s", PQgetvalue(rows, row, SENT_AT));
    else if (slice_is(sql_text(rows, row, WAITS), "t"))
        printf("; waits for a second officer");
    else
        printf("; not sent");
    printf(")");
}

static void line_print(const PGresult *rows, int row)
{
    printf("%s %s: %s %s", PQgetvalue(rows, row, AT), PQgetvalue(rows, row, ACTOR),
           PQgetvalue(rows, row, COMMAND), PQgetvalue(rows, row, SUBJECT));
    if (!PQgetisnull(rows, row, AWARDS))
        printf(", %s awards", PQgetvalue(rows, row, AWARDS));
    if (PQgetlength(rows, row, DETAIL) > 0)
        printf(", %s", PQgetvalue(rows, row, DETAIL));
    if (!PQgetisnull(rows, row, SECOND_ACTOR))
        printf(", said to agree: %s", PQgetvalue(rows, row, SECOND_ACTOR));
    fate_print(rows, row);
    printf("\n");
}

static int show(struct session *session, const char *since)
{
    struct call *call = session->call;
    const char *subject = call_value(call, "--subject");
    const char *parameters[] = {subject, subject == NULL ? NULL : subject_id_uuid(subject),
                                call_value(call, "--officer"), since};
    PGresult *rows = sql_run(session->sql, ctl_sql_audit_rows_sql, parameters, 4, &call->error);
    if (rows == NULL)
        return call_fails(call, NULL);
    if (call_value(call, "--json") != NULL)
        json_print(rows);
    else
        for (int row = 0; row < PQntuples(rows); row++)
            line_print(rows, row);
    PQclear(rows);
    return EXIT_DONE;
}

static int run(struct call *call)
{
    struct session session;
    epoch_day since = 0;
    int utc_offset_minutes;
    char instant[WHEN_SIZE];
    const char *subject = call_value(call, "--subject");
    if (subject != NULL && subject_id_is_national(subject))
        return call_misused(call, "national ids are not accepted on a command line");
    if (!call_day(call, "--since", &since))
        return EXIT_USAGE;
    int status = session_open(&session, call, OPEN_SQL);
    if (status == EXIT_DONE && rulebook_offset(&session, &utc_offset_minutes) != OK)
        status = call_fails(call, NULL);
    if (status == EXIT_DONE) {
        instant_format(day_to_instant(since, utc_offset_minutes), instant);
        status = show(&session, instant);
    }
    session_close(&session);
    return status;
}

static const struct call_option options[] = {
    {"--subject", "ID", "what was commanded of one id"},
    {"--officer", "NAME", "what one officer commanded or approved"},
    {"--since", "DAY", "from the beginning of a local day on"},
    {"--json", NULL, "as JSON"},
};

const struct command audit_command = {
    .name = "audit",
    .arguments = "",
    .summary = "shows who commanded and approved what, newest first",
    .description =
        "A line a command: when, who, what, of which subject, its reason, and what became of "
        "it:\n"
        "who approved or withdrew it, and when it was sent. Officers are logins of PostgreSQL.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
