/*
 * kerja envelope list, show, sign: control totals of what gateways were asked for, signed off by two officers.
 *
 * Signing stops and starts no payment: payouts go out as they fall due. It says that two people have seen count and sum
 * of a day that is over, tells the gateway (envelope.signed), and lets everything that comes into that envelope later stand
 * out as RECONCILE_MISMATCH.
 */
#include "commands.h"

#include "base/clock.h"
#include "ctl_embedded.h"
#include "envelope_totals.h"
#include "order.h"
#include "rulebook.h"
#include "schemas/events.h"
#include "table.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define FIRST_DAY "1970-01-01"
#define LAST_DAY  "9999-12-31"
#define STATES    "unsigned, waits, signed or RECONCILE_MISMATCH"

static const struct table_column list_columns[] = {
    {"envelope_id", COLUMN_TEXT},    {"payouts", COLUMN_COUNT},
    {"amount", COLUMN_MONEY},        {"currency", COLUMN_TEXT},
    {"state", COLUMN_TEXT},          {"signed_payouts", COLUMN_COUNT},
    {"signed_amount", COLUMN_MONEY}, {"signed_by", COLUMN_TEXT},
    {"approved_by", COLUMN_TEXT},    {"approved_at", COLUMN_TEXT},
};
static const struct table_column state_columns[] = {
    {"status", COLUMN_TEXT},
    {"currency", COLUMN_TEXT},
    {"payouts", COLUMN_COUNT},
    {"amount", COLUMN_MONEY},
};
static const struct table_column signature_columns[] = {
    {"command", COLUMN_LABEL},    {"payouts", COLUMN_COUNT},    {"amount", COLUMN_MONEY},
    {"currency", COLUMN_TEXT},    {"signed_by", COLUMN_TEXT},   {"signed_at", COLUMN_TEXT},
    {"approved_by", COLUMN_TEXT}, {"approved_at", COLUMN_TEXT},
};

/* The rows of a statement whose columns are those of the table. False with a reason. */
static bool rows_write(struct session *session, const char *statement,
                       const char *const *parameters, int count,
                       const struct table_column *columns, size_t column_count,
                       struct buffer *text)
{
    struct table table;
    PGresult *rows = sql_run(session->sql, statement, parameters, count, &session->call->error);
    table_init(&table, columns, column_count);
    for (int row = 0; rows != NULL && row < PQntuples(rows); row++) {
        table_row(&table);
        for (size_t column = 0; column < column_count; column++)
            table_cell(&table, column, sql_text(rows, row, (int)column));
    }
    if (call_value(session->call, "--json") != NULL)
        table_write_json(&table, text);
    else
        table_write(&table, text);
    table_release(&table);
    PQclear(rows);
    return rows != NULL;
}

#define COLUMNS(columns) (columns), sizeof(columns) / sizeof *(columns)

static void text_add(struct buffer *text, const char *added)
{
    buffer_append(text, added, strlen(added));
}

static bool day_option(struct call *call, const char *option, const char **day)
{
    epoch_day ignored = 0;
    if (call_value(call, option) != NULL)
        *day = call_value(call, option);
    return call_day(call, option, &ignored);
}

/* The states that the statement of the list knows. */
static bool state_known(struct call *call)
{
    static const char *const states[] = {"unsigned", "waits", "signed", "RECONCILE_MISMATCH"};
    const char *given = call_value(call, "--state");
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (given == NULL || strcmp(given, states[i]) == 0)
            return true;
    call_misused(call, "--state is \"%s\": expected " STATES, given);
    return false;
}

static int list(struct call *call)
{
    struct session session;
    struct buffer text = {0};
    const char *from = FIRST_DAY, *to = LAST_DAY;
    if (!day_option(call, "--from", &from) || !day_option(call, "--to", &to) ||
        !state_known(call))
        return EXIT_USAGE;
    const char *parameters[] = {call_value(call, "--programme"), call_value(call, "--partner"),
                                from, to, call_value(call, "--state")};
    int status = session_open(&session, call, OPEN_SQL);
    if (status == EXIT_DONE && !rows_write(&session, ctl_sql_envelope_list_sql, parameters, 5,
                                           COLUMNS(list_columns), &text))
        status = call_fails(call, NULL);
    if (status == EXIT_DONE)
        printf("%.*s", SLICE_ARGS(buffer_slice(&text)));
    buffer_release(&text);
    session_close(&session);
    return status;
}

static int show_parts(struct session *session, const struct envelope_name *name)
{
    struct call *call = session->call;
    struct buffer text = {0};
    bool json = call_value(call, "--json") != NULL;
    const char *of_day[] = {name->programme, name->partner, name->day};
    const char *of_id[] = {call->words[0]};
    const char *one[] = {name->programme, name->partner, name->day, name->day, NULL};
    text_add(&text, json ? "{\"totals\": " : "");
    bool good =
        rows_write(session, ctl_sql_envelope_list_sql, one, 5, COLUMNS(list_columns), &text);
    text_add(&text, json ? ",\n \"states\": " : "\n");
    good = good && rows_write(session, ctl_sql_envelope_states_sql, of_day, 3,
                              COLUMNS(state_columns), &text);
    text_add(&text, json ? ",\n \"signatures\": " : "\nsignatures\n");
    good = good && rows_write(session, ctl_sql_envelope_signatures_sql, of_id, 1,
                              COLUMNS(signature_columns), &text);
    text_add(&text, json ? "}\n" : "");
    if (good)
        printf("%.*s", SLICE_ARGS(buffer_slice(&text)));
    buffer_release(&text);
    return good ? EXIT_DONE : call_fails(call, NULL);
}

static int show(struct call *call)
{
    struct session session;
    struct envelope_name name;
    struct envelope_totals totals;
    if (!envelope_name_read(call->words[0], &name, &call->error))
        return call_misused(call, "%s", call->error.text);
    int status = session_open(&session, call, OPEN_SQL);
    if (status == EXIT_DONE)
        status = envelope_totals_read(&session, &name, &totals) ? show_parts(&session, &name)
                                                                : call_fails(call, NULL);
    session_close(&session);
    return status;
}

/* More may come into the envelope of a day that is not over. */
static bool day_over(struct session *session, const struct envelope_name *name)
{
    struct error *error = &session->call->error;
    struct programme *programme = rulebook_published(session, slice_of(name->programme), NULL);
    if (programme == NULL)
        return false;
    bool over = name->on < instant_to_day(realtime_us(), programme->utc_offset_minutes);
    programme_free(programme);
    if (!over)
        error_set(error, REJECT,
                  "%s is not over: its envelopes can be signed from the day after", name->day);
    return over;
}

/* Nothing is signed twice, unless more has come since. */
static bool not_signed(struct session *session, const char *id,
                       const struct envelope_totals *totals)
{
    struct call *call = session->call;
    const char *parameters[] = {id};
    PGresult *rows =
        sql_run(session->sql, ctl_sql_envelope_signatures_sql, parameters, 1, &call->error);
    bool good = rows != NULL;
    if (good && PQntuples(rows) > 0 && PQgetisnull(rows, 0, 6)) {
        error_set(&call->error, REJECT, "command %s waits for a second officer to sign it",
                  PQgetvalue(rows, 0, 0));
        good = false;
    } else if (good && PQntuples(rows) > 0 && sql_number(rows, 0, 1) == totals->payouts &&
               sql_number(rows, 0, 2) == totals->amount_hundredths) {
        error_set(&call->error, REJECT, "it was signed by %s and %s at %s",
                  PQgetvalue(rows, 0, 4), PQgetvalue(rows, 0, 6), PQgetvalue(rows, 0, 7));
        good = false;
    }
    PQclear(rows);
    return good;
}

static int place(struct session *session, const char *id, const struct envelope_name *name,
                 const struct envelope_totals *totals)
{
    const struct envelope_signed event = {.envelope_id = slice_of(id),
                                          .programme = slice_of(name->programme),
                                          .partner = slice_of(name->partner),
                                          .envelope_on = name->on,
                                          .payouts = totals->payouts,
                                          .amount = totals->amount_hundredths,
                                          .currency = slice_of(totals->currency),
                                          .signed_at = realtime_us()};
    int status = order_place(
        session,
        &(struct order){.subject = id, .type = &envelope_signed_event, .event = &event});
    if (status == EXIT_DONE)
        printf("%s: %" PRId64 " payouts, %s %" PRId64 ".%02" PRId64 "\n", id, totals->payouts,
               totals->currency, totals->amount_hundredths / 100,
               totals->amount_hundredths % 100);
    return status;
}

static int sign_one(struct session *session, const char *id, const struct envelope_name *name)
{
    struct envelope_totals totals;
    if (envelope_totals_read(session, name, &totals) && day_over(session, name) &&
        not_signed(session, id, &totals))
        return place(session, id, name, &totals);
    error_wrap(&session->call->error, REJECT, "cannot sign %s", id);
    return call_fails(session->call, NULL);
}

/* Each by itself, in the order given, up to the first that cannot be signed. */
static int sign(struct call *call)
{
    struct session session;
    struct envelope_name names[CALL_WORDS];
    for (size_t i = 0; i < call->word_count; i++)
        if (!envelope_name_read(call->words[i], &names[i], &call->error))
            return call_misused(call, "%s", call->error.text);
    int status = session_open(&session, call, OPEN_SQL | OPEN_PRODUCER);
    for (size_t i = 0; i < call->word_count && status == EXIT_DONE; i++)
        status = sign_one(&session, call->words[i], &names[i]);
    session_close(&session);
    return status;
}

static const struct call_option list_options[] = {
    {"--programme", "P", "of one programme"},
    {"--partner", "P", "of one bank or wallet"},
    {"--from", "DAY", "from this day on"},
    {"--to", "DAY", "to this day"},
    {"--state", "S", STATES},
    {"--json", NULL, "as JSON"},
};
static const struct call_option show_options[] = {
    {"--json", NULL, "as JSON"},
};

const struct command envelope_list_command = {
    .name = "envelope list",
    .arguments = "",
    .summary = "shows count and sum of what each gateway was asked for, by day",
    .description =
        "An envelope is what one programme asked of one partner on one local day: how many\n"
        "instructions, and their sum. RECONCILE_MISMATCH: more came into it after it was "
        "signed.",
    .options = list_options,
    .option_count = sizeof list_options / sizeof *list_options,
    .run = list,
};

const struct command envelope_show_command = {
    .name = "envelope show",
    .arguments = "ENVELOPE",
    .least = 1,
    .most = 1,
    .summary = "shows one envelope: what became of it, and who signed it",
    .description = "ENVELOPE is programme/partner/day, such as kartu-prakerja/BNI/2021-09-01.",
    .options = show_options,
    .option_count = sizeof show_options / sizeof *show_options,
    .run = show,
};

const struct command envelope_sign_command = {
    .name = "envelope sign",
    .arguments = "ENVELOPE...",
    .least = 1,
    .most = CALL_WORDS,
    .summary = "signs count and sum of envelopes whose day is over",
    .description =
        "Takes two officers: each is sent (envelope.signed) when another one approves it, and "
        "only while\n"
        "the totals are still those that were signed. What comes into it later stands out in\n"
        "`kerja envelope list` and may be signed anew. Payouts do not wait for it.",
    .run = sign,
};
