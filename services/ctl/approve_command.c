/*
 * kerja approve, kerja withdraw: the second officer's word on what the first one commanded.
 *
 * The database knows who speaks, by the login, and refuses a yes to one's own command. Approving and sending are
 * two steps; who approves again what is approved and not sent, only sends it.
 */
#include "commands.h"

#include "ctl_embedded.h"
#include "envelope_totals.h"
#include "order.h"
#include "table.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { NUMBER_BASE = 10 };

static bool number_read(const struct call *call, size_t word, int64_t *number)
{
    char *end;
    *number = strtoll(call->words[word], &end, NUMBER_BASE);
    if (*number > 0 && *end == '\0')
        return true;
    call_misused(call, "\"%s\" is no command's number", call->words[word]);
    return false;
}

static int list(struct call *call)
{
    static const struct table_column columns[] = {
        {"number", COLUMN_LABEL},      {"state", COLUMN_TEXT}, {"command", COLUMN_TEXT},
        {"subject", COLUMN_TEXT},      {"what", COLUMN_TEXT},  {"awards", COLUMN_COUNT},
        {"requested_by", COLUMN_TEXT}, {"at", COLUMN_TEXT},
    };
    enum { COUNT = sizeof columns / sizeof *columns };
    struct session session;
    struct table table;
    struct buffer text = {0};
    PGresult *rows = NULL;
    int status = session_open(&session, call, OPEN_SQL);
    table_init(&table, columns, COUNT);
    if (status == EXIT_DONE &&
        (rows = sql_run(session.sql, ctl_sql_order_open_sql, NULL, 0, &call->error)) == NULL)
        status = call_fails(call, NULL);
    for (int row = 0; rows != NULL && row < PQntuples(rows); row++) {
        table_row(&table);
        for (int column = 0; column < COUNT; column++)
            table_cell(&table, (size_t)column, sql_text(rows, row, column));
    }
    if (call_value(call, "--json") != NULL)
        table_write_json(&table, &text);
    else
        table_write(&table, &text);
    if (status == EXIT_DONE)
        printf("%.*s", SLICE_ARGS(buffer_slice(&text)));
    PQclear(rows);
    buffer_release(&text);
    table_release(&table);
    session_close(&session);
    return status;
}

/* Says yes where it is still to be said. */
static bool agree(struct session *session, int64_t number)
{
    char text[SQL_NUMBER_SIZE];
    const char *parameters[] = {text};
    order_number(number, text);
    PGresult *said =
        sql_run(session->sql, ctl_sql_order_approve_sql, parameters, 1, &session->call->error);
    PQclear(said);
    return said != NULL;
}

static int approve_one(struct session *session, int64_t number)
{
    return envelope_unchanged(session, number) && agree(session, number)
               ? order_send(session, number)
               : call_fails(session->call, NULL);
}

/* Each by itself, in the order given, up to the first that cannot be approved. */
static int approve(struct call *call)
{
    struct session session;
    int64_t numbers[CALL_WORDS];
    if (call_value(call, "--list") != NULL)
        return call->word_count == 0 ? list(call)
                                     : call_misused(call, "--list takes no number");
    if (call->word_count == 0)
        return call_misused(call, "expected NUMBER or --list");
    for (size_t i = 0; i < call->word_count; i++)
        if (!number_read(call, i, &numbers[i]))
            return EXIT_USAGE;
    int status = session_open(&session, call, OPEN_SQL | OPEN_PRODUCER);
    for (size_t i = 0; i < call->word_count && status == EXIT_DONE; i++)
        status = approve_one(&session, numbers[i]);
    session_close(&session);
    return status;
}

static int withdraw(struct call *call)
{
    struct session session;
    int64_t number;
    char text[SQL_NUMBER_SIZE];
    const char *parameters[] = {text};
    if (!number_read(call, 0, &number))
        return EXIT_USAGE;
    order_number(number, text);
    int status = session_open(&session, call, OPEN_SQL);
    if (status == EXIT_DONE) {
        PGresult *said =
            sql_run(session.sql, ctl_sql_order_withdraw_sql, parameters, 1, &call->error);
        if (said == NULL)
            status = call_fails(call, NULL);
        else
            printf("command %" PRId64 " withdrawn\n", number);
        PQclear(said);
    }
    session_close(&session);
    return status;
}

static const struct call_option approve_options[] = {
    {"--list", NULL, "commands that wait for a second officer, or are not sent"},
    {"--json", NULL, "the list as JSON"},
};

const struct command approve_command = {
    .name = "approve",
    .arguments = "[NUMBER...]",
    .most = CALL_WORDS,
    .summary = "says the second officer's yes, and sends the command",
    .description =
        "Whatever moves money or lifts a hold waits for another officer than the one who\n"
        "commanded it. Who you are is your login at PostgreSQL, and the database refuses a yes "
        "to\n"
        "your own command. A command that is allowed and was not sent, because something "
        "failed\n"
        "in between, is sent by approving it again.",
    .options = approve_options,
    .option_count = sizeof approve_options / sizeof *approve_options,
    .run = approve,
};

const struct command withdraw_command = {
    .name = "withdraw",
    .arguments = "NUMBER",
    .least = 1,
    .most = 1,
    .summary = "ends a command that waits for a second officer",
    .description =
        "Ends a command that waits: your own that was a mistake, another officer's that you\n"
        "will not approve, or the replay of a dead letter that is gone and was not sent.\n"
        "It is never sent; who withdrew it is written down.",
    .run = withdraw,
};
