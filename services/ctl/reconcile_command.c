/*
 * kerja reconcile: a gateway's day file against the ledger, to the rupiah.
 *
 * Reads, and changes nothing: one snapshot of the published views, and the file once, row by row. Which partner and
 * day it is about is said, or found by the first row that is an instruction of ours.
 */
#include "commands.h"

#include "csv_reader.h"
#include "ctl_embedded.h"
#include "reconcile_books.h"
#include "session.h"
#include "table.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    ERRORS_SHOWN = 20,
    LISTED = 20,
    LISTED_MOST = 1000000,
    ROWS_ASKED = 1000, /* before the file is taken for another day's altogether */
    PARTNER_SIZE = 64
};
#define ALL_PARTNERS "ALL"

static const struct table_column total_columns[] = {
    {"agreement", COLUMN_TEXT}, {"currency", COLUMN_TEXT}, {"payouts", COLUMN_COUNT},
    {"ledger", COLUMN_MONEY},   {"gateway", COLUMN_MONEY},
};
static const struct table_column difference_columns[] = {
    {"line", COLUMN_LABEL},     {"instruction_id", COLUMN_TEXT},
    {"agreement", COLUMN_TEXT}, {"ledger_status", COLUMN_TEXT},
    {"ledger", COLUMN_MONEY},   {"gateway_status", COLUMN_TEXT},
    {"gateway", COLUMN_MONEY},
};

struct reconciling {
    struct call *call;
    struct session session;
    FILE *file;
    struct csv_reader reader;
    struct statement_columns columns;
    struct books books;
    struct table differences;
    char partner[PARTNER_SIZE + 1], day[DAY_TEXT_SIZE + 1]; /* "": not said */
    const char *programme;                                  /* NULL: all */
    int64_t listed, most, rows, wrong;
};

/* --- the file --- */

static void row_wrong(struct reconciling *run, const char *what)
{
    if (run->wrong++ < ERRORS_SHOWN)
        fprintf(stderr, "%s:%zu: %s\n", run->call->words[0], run->reader.line, what);
}

/* From its first record on. False after a sentence. */
static bool file_begin(struct reconciling *run)
{
    struct csv_record titles;
    csv_reader_release(&run->reader);
    if (run->rows > 0 && fseek(run->file, 0, SEEK_SET) != 0) {
        call_fails(run->call, "\"%s\" can be read once only: say --partner and --day",
                   run->call->words[0]);
        return false;
    }
    run->rows = 0;
    if (!csv_reader_init(&run->reader, run->file, CSV_RECORD_BYTES)) {
        call_fails(run->call, "cannot read a file: no memory");
        return false;
    }
    enum csv_result result = csv_reader_next(&run->reader, &titles);
    if (result == CSV_RECORD && statement_titles(&titles, &run->columns, &run->call->error))
        return true;
    call_fails(run->call, "%s:%zu: %s", run->call->words[0], run->reader.line,
               result == CSV_RECORD ? run->call->error.text
               : result == CSV_END  ? "the file is empty: expected a line of titles"
                                    : run->reader.fault);
    return false;
}

/* The next row that can be read; wrong ones are told and passed over. False at the end. */
static bool row_next(struct reconciling *run, struct statement_row *row)
{
    struct csv_record record;
    enum csv_result result;
    while ((result = csv_reader_next(&run->reader, &record)) == CSV_RECORD) {
        run->rows++;
        if (statement_row_read(&record, &run->columns, row, &run->call->error))
            return true;
        row_wrong(run, run->call->error.text);
    }
    if (result == CSV_BROKEN)
        row_wrong(run, run->reader.fault);
    return false;
}

/* --- what it is about --- */

static bool envelope_of(struct reconciling *run, const struct statement_row *row, bool *found)
{
    char id[UUID_TEXT_SIZE + 1], attempt[SQL_NUMBER_SIZE];
    const char *parameters[] = {id, attempt};
    uuid_format(&row->entitlement_id, id);
    snprintf(attempt, sizeof attempt, "%d", row->attempt);
    PGresult *rows = sql_run(run->session.sql, ctl_sql_reconcile_envelope_sql, parameters, 2,
                             &run->call->error);
    *found = rows != NULL && PQntuples(rows) > 0;
    if (*found && run->partner[0] == '\0')
        snprintf(run->partner, sizeof run->partner, "%s", PQgetvalue(rows, 0, 0));
    if (*found && run->day[0] == '\0')
        snprintf(run->day, sizeof run->day, "%s", PQgetvalue(rows, 0, 1));
    PQclear(rows);
    return rows != NULL;
}

/* Partner and day that were not said. */
static int scope_find(struct reconciling *run)
{
    struct statement_row row;
    bool found = false;
    if (run->partner[0] != '\0' && run->day[0] != '\0')
        return EXIT_DONE;
    while (!found && run->rows < ROWS_ASKED && row_next(run, &row))
        if (!envelope_of(run, &row, &found))
            return call_fails(run->call, NULL);
    if (!found)
        return call_fails(run->call,
                          "none of the first rows of \"%s\" is an instruction of ours: say "
                          "--partner and --day",
                          run->call->words[0]);
    run->wrong = 0;
    return file_begin(run) ? EXIT_DONE : EXIT_FAILED;
}

/* --- the ledger --- */

static bool line_take(struct reconciling *run, struct slice line)
{
    struct statement_row row;
    struct slice field[4];
    char number[SQL_NUMBER_SIZE];
    for (size_t i = 0; i < 4; i++) {
        const char *tab = line.size == 0 ? NULL : memchr(line.data, '\t', line.size);
        size_t size = tab == NULL ? line.size : (size_t)(tab - line.data);
        field[i] = (struct slice){line.data, size};
        line = tab == NULL ? (struct slice){NULL, 0}
                           : (struct slice){tab + 1, line.size - size - 1};
    }
    if (!instruction_id_read(field[0], &row.entitlement_id, &row.attempt) ||
        !payout_state_read(field[1], &row.state) || field[2].size >= sizeof number ||
        field[3].size != STATEMENT_CURRENCY_SIZE) {
        error_set(&run->call->error, STOP, "cannot read an instruction of the ledger");
        return false;
    }
    snprintf(number, sizeof number, "%.*s", SLICE_ARGS(field[2]));
    row.amount_hundredths = strtoll(number, NULL, 10);
    snprintf(row.currency, sizeof row.currency, "%.*s", SLICE_ARGS(field[3]));
    return books_add(&run->books, &row, &run->call->error);
}

static bool books_read(struct reconciling *run)
{
    struct error *error = &run->call->error;
    struct slice line;
    bool every = strcmp(run->partner, ALL_PARTNERS) == 0, failed = false, good = true;
    const char *parameters[] = {run->day, every ? NULL : run->partner, run->programme};
    PGresult *made =
        sql_run(run->session.sql, ctl_sql_reconcile_books_sql, parameters, 3, error);
    bool begun =
        made != NULL && sql_copy_begin(run->session.sql, PQgetvalue(made, 0, 0), error);
    PQclear(made);
    if (!begun)
        return false;
    while (sql_copy_line(run->session.sql, &line, &failed, error)) {
        good = good && line_take(run, line);
        progress_show("instructions read:", (int64_t)run->books.count, 0);
    }
    progress_end();
    books_sort(&run->books);
    return good && !failed;
}

/* --- one against the other --- */

static void difference_add(struct reconciling *run, size_t line, enum agreement agreement,
                           const struct book_entry *entry, const struct statement_row *row)
{
    char id[STATEMENT_ID_SIZE + 1];
    struct table *table = &run->differences;
    if (agreement == AGREES || run->listed++ >= run->most)
        return;
    instruction_id_write(entry != NULL ? &entry->entitlement_id : &row->entitlement_id,
                         entry != NULL ? entry->attempt : row->attempt, id);
    table_row(table);
    if (row != NULL)
        table_cell_number(table, 0, (long long)line);
    table_cell(table, 1, slice_of(id));
    table_cell(table, 2, slice_of(agreement_name(agreement)));
    if (entry != NULL) {
        table_cell(table, 3, slice_of(payout_state_name((enum payout_state)entry->state)));
        table_cell_number(table, 4, entry->amount_hundredths);
    }
    if (row != NULL) {
        table_cell(table, 5, slice_of(payout_state_name(row->state)));
        table_cell_number(table, 6, row->amount_hundredths);
    }
}

static void rows_compare(struct reconciling *run)
{
    struct statement_row row;
    enum agreement agreement;
    while (row_next(run, &row)) {
        if (books_take(&run->books, &row, &agreement, &run->call->error))
            difference_add(run, run->reader.line, agreement, books_find(&run->books, &row),
                           &row);
        else
            row_wrong(run, run->call->error.text);
        progress_show("rows compared:", run->rows, 0);
    }
    progress_end();
    for (size_t i = 0; i < run->books.count; i++)
        if (!run->books.entries[i].seen)
            difference_add(run, 0, books_missed(&run->books, &run->books.entries[i]),
                           &run->books.entries[i], NULL);
}

/* --- what is told --- */

static void totals_fill(const struct books *books, struct table *table)
{
    for (int i = 0; i < AGREEMENTS; i++)
        for (size_t j = 0; j < books->currency_count; j++) {
            const struct book_total *total = &books->totals[i][j];
            if (total->count == 0)
                continue;
            table_row(table);
            table_cell(table, 0, slice_of(agreement_name((enum agreement)i)));
            table_cell(table, 1, slice_of(books->currencies[j]));
            table_cell_number(table, 2, total->count);
            table_cell_number(table, 3, total->here);
            table_cell_number(table, 4, total->there);
        }
}

static void json_write(const struct reconciling *run, const struct table *totals,
                       struct buffer *text)
{
    buffer_append(text, "{\"partner\": ", strlen("{\"partner\": "));
    json_text_write(slice_of(run->partner), text);
    buffer_format(text,
                  ", \"day\": \"%s\", \"agrees\": %s, \"instructions\": %zu, \"rows\": %" PRId64
                  ", \"differences_found\": %" PRId64 ",\n \"totals\": ",
                  run->day, books_agree(&run->books) ? "true" : "false", run->books.count,
                  run->rows, run->listed);
    table_write_json(totals, text);
    buffer_append(text, ",\n \"differences\": ", strlen(",\n \"differences\": "));
    table_write_json(&run->differences, text);
    buffer_append(text, "}\n", 2);
}

static void text_write(const struct reconciling *run, const struct table *totals,
                       struct buffer *text)
{
    table_write(totals, text);
    if (run->differences.row_count == 0)
        return;
    buffer_append(text, "\n", 1);
    table_write(&run->differences, text);
}

static void print(const struct reconciling *run)
{
    struct table totals;
    struct buffer text = {0};
    bool json = call_value(run->call, "--json") != NULL;
    table_init(&totals, total_columns, sizeof total_columns / sizeof *total_columns);
    totals_fill(&run->books, &totals);
    if (json)
        json_write(run, &totals, &text);
    else
        text_write(run, &totals, &text);
    if (!json)
        printf("%s %s: %zu instructions here, %" PRId64 " rows there: %s\n\n", run->partner,
               run->day, run->books.count, run->rows,
               run->books.count == 0 && run->rows == 0 ? "there is nothing to compare"
               : books_agree(&run->books)              ? "all agree"
                                                       : "they do not agree");
    printf("%.*s", SLICE_ARGS(buffer_slice(&text)));
    if (!json && run->listed > run->most)
        printf("and %" PRId64 " more; --limit shows them\n", run->listed - run->most);
    buffer_release(&text);
    table_release(&totals);
}

static int reconcile(struct reconciling *run)
{
    struct error *error = &run->call->error;
    if (!file_begin(run))
        return EXIT_FAILED;
    int status = scope_find(run);
    if (status != EXIT_DONE)
        return status;
    if (!books_read(run))
        return call_fails(run->call, NULL);
    error->text[0] = '\0';
    rows_compare(run);
    if (run->wrong > 0)
        return call_fails(run->call,
                          "%" PRId64 " rows of \"%s\" are wrong: nothing is told of it",
                          run->wrong, run->call->words[0]);
    print(run);
    return books_agree(&run->books) ? EXIT_DONE : EXIT_FAILED;
}

/* --- the call --- */

static bool options_read(struct reconciling *run)
{
    struct call *call = run->call;
    const char *partner = call_value(call, "--partner"), *day = call_value(call, "--day");
    epoch_day ignored = 0;
    run->programme = call_value(call, "--programme");
    run->most = LISTED;
    if (!call_day(call, "--day", &ignored) ||
        !call_number(call, "--limit", 0, LISTED_MOST, &run->most))
        return false;
    if (partner != NULL && (partner[0] == '\0' || strlen(partner) > PARTNER_SIZE)) {
        call_misused(call, "--partner is a bank or wallet as instructions name it, or ALL");
        return false;
    }
    snprintf(run->partner, sizeof run->partner, "%s", partner == NULL ? "" : partner);
    snprintf(run->day, sizeof run->day, "%s", day == NULL ? "" : day);
    return true;
}

static int run(struct call *call)
{
    struct reconciling run = {.call = call};
    if (!options_read(&run))
        return EXIT_USAGE;
    run.file = fopen(call->words[0], "rb");
    if (run.file == NULL)
        return call_fails(call, "\"%s\" cannot be read", call->words[0]);
    table_init(&run.differences, difference_columns,
               sizeof difference_columns / sizeof *difference_columns);
    int status = session_open(&run.session, call, OPEN_SQL);
    if (status == EXIT_DONE)
        status = reconcile(&run);
    session_close(&run.session);
    books_release(&run.books);
    table_release(&run.differences);
    csv_reader_release(&run.reader);
    fclose(run.file);
    return status;
}

static const struct call_option options[] = {
    {"--partner", "P", "the bank or wallet, or ALL (that of the first row known)"},
    {"--day", "DAY", "the envelopes' local day (that of the first row known)"},
    {"--programme", "P", "one programme's instructions only (all)"},
    {"--limit", "N", "how many differences are listed (20)"},
    {"--json", NULL, "as JSON"},
};

const struct command reconcile_command = {
    .name = "reconcile",
    .arguments = "FILE.csv",
    .least = 1,
    .most = 1,
    .summary = "compares a gateway's day file with the ledger",
    .description =
        "FILE.csv has the columns instruction_id, end_to_end_id, status, amount, currency,\n"
        "gateway_reference, settled_at: a row for each instruction of one partner's day, with "
        "its\n"
        "state now. Each row, and each instruction without one, is counted: it agrees, is "
        "paid\n"
        "there only or here only, differs in amount or status, stands twice, is not ours, or "
        "has "
        "no\n"
        "row. Status 0 only when all agree. Nothing is changed.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
