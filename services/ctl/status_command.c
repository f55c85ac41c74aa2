/*
 * kerja status: what is up, how far it is, what it came to.
 *
 * Read from published views only. What is not there yet, a service that never started or a view of a
 * later release, is left out or shown as "-"; only a server that does not answer is a failure.
 */
#include "commands.h"

#include "base/clock.h"
#include "ctl_embedded.h"
#include "positions.h"
#include "table.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEAD_LETTER_PARTITIONS = 1024, OWNERS_SIZE = 400 };

/* One part of the report: a title and a table. */
struct part {
    const char *name;  /* in JSON */
    const char *title; /* for people; NULL: only in JSON */
    struct table table;
};

enum part_place {
    PART_SERVICES,
    PART_POSITIONS,
    PART_FUNNEL,
    PART_SEATS,
    PART_MONEY,
    PART_LEDGER,
    PART_LEDGER_CHECK,
    PART_COUNT
};

struct report {
    struct session session;
    struct part parts[PART_COUNT];
    struct service_positions services[SERVICES];
    int64_t dead_letters; /* -1: the topic is not there */
};

static const struct table_column service_columns[] = {
    {"service", COLUMN_TEXT},      {"workers", COLUMN_TEXT},  {"partitions", COLUMN_COUNT},
    {"lag", COLUMN_COUNT},         {"worst", COLUMN_COUNT},   {"unpublished", COLUMN_COUNT},
    {"conflicts", COLUMN_COUNT},   {"waiting", COLUMN_COUNT}, {"timers_due", COLUMN_COUNT},
    {"timers_later", COLUMN_COUNT}};
static const struct table_column position_columns[] = {
    {"service", COLUMN_TEXT},    {"topic", COLUMN_TEXT},
    {"partition", COLUMN_LABEL}, {"published_next", COLUMN_COUNT},
    {"committed", COLUMN_COUNT}, {"next_offset", COLUMN_COUNT},
    {"end", COLUMN_COUNT},       {"lag", COLUMN_COUNT},
    {"state", COLUMN_TEXT}};
static const struct table_column funnel_columns[] = {{"programme", COLUMN_TEXT},
                                                     {"wave", COLUMN_LABEL},
                                                     {"status", COLUMN_TEXT},
                                                     {"applications", COLUMN_COUNT}};
static const struct table_column seat_columns[] = {
    {"programme", COLUMN_TEXT}, {"scheme", COLUMN_TEXT}, {"wave", COLUMN_LABEL},
    {"region", COLUMN_TEXT},    {"taken", COLUMN_COUNT}, {"seats", COLUMN_COUNT}};
static const struct table_column money_columns[] = {{"programme", COLUMN_TEXT},
                                                    {"year", COLUMN_LABEL},
                                                    {"component", COLUMN_TEXT},
                                                    {"committed", COLUMN_MONEY},
                                                    {"budget", COLUMN_MONEY}};
static const struct table_column ledger_columns[] = {
    {"account", COLUMN_TEXT}, {"amount", COLUMN_MONEY}, {"currency", COLUMN_TEXT}};
static const struct table_column check_columns[] = {{"check", COLUMN_TEXT},
                                                    {"result", COLUMN_TEXT}};

#define COLUMNS(array) (array), sizeof(array) / sizeof *(array)

static void parts_init(struct report *report)
{
    static const struct {
        const char *name, *title;
        const struct table_column *columns;
        size_t count;
    } parts[PART_COUNT] = {
        [PART_SERVICES] = {"services", "Services", COLUMNS(service_columns)},
        [PART_POSITIONS] = {"positions", NULL, COLUMNS(position_columns)},
        [PART_FUNNEL] = {"funnel", "Applications", COLUMNS(funnel_columns)},
        [PART_SEATS] = {"seats", "Seats", COLUMNS(seat_columns)},
        [PART_MONEY] = {"money", "Money of the year", COLUMNS(money_columns)},
        [PART_LEDGER] = {"ledger", "Ledger", COLUMNS(ledger_columns)},
        [PART_LEDGER_CHECK] = {"ledger_check", "Checks of the ledger", COLUMNS(check_columns)},
    };
    for (size_t i = 0; i < PART_COUNT; i++) {
        report->parts[i].name = parts[i].name;
        report->parts[i].title = parts[i].title;
        table_init(&report->parts[i].table, parts[i].columns, parts[i].count);
    }
}

/* Who owns partitions, each once: "application-0 pid 71, application-1 pid 72". */
static void owners_write(const struct service_positions *positions,
                         char text[static OWNERS_SIZE])
{
    size_t size = 0;
    text[0] = '\0';
    for (size_t i = 0; i < positions->count; i++) {
        const char *owner = positions->items[i].owner;
        if (owner[0] != '\0' && strstr(text, owner) == NULL && size < OWNERS_SIZE)
            size += (size_t)snprintf(text + size, OWNERS_SIZE - size, "%s%s",
                                     size == 0 ? "" : ", ", owner);
    }
}

static void positions_add(struct table *table, const struct service_positions *positions)
{
    for (size_t i = 0; i < positions->count; i++) {
        const struct service_position *position = &positions->items[i];
        int64_t lag = position->end - position->next_offset;
        table_row(table);
        table_cell(table, 0, slice_of(positions->service));
        table_cell(table, 1, slice_of(position->at.topic));
        table_cell_number(table, 2, position->at.partition);
        table_cell_number(table, 3, position->published_next);
        if (position->committed >= 0)
            table_cell_number(table, 4, position->committed);
        table_cell_number(table, 5, position->next_offset);
        table_cell_number(table, 6, position->end);
        table_cell_number(table, 7, lag > 0 ? lag : 0);
        table_cell(table, 8, position->conflict ? slice_of(position->reason) : SLICE("run"));
    }
}

static int64_t unpublished(const struct service_positions *positions)
{
    int64_t sum = 0;
    for (size_t i = 0; i < positions->count; i++)
        if (positions->items[i].committed < positions->items[i].next_offset)
            sum += positions->items[i].next_offset -
                   (positions->items[i].committed < 0 ? 0 : positions->items[i].committed);
    return sum;
}

static bool service_add(struct report *report, size_t index)
{
    struct session *session = &report->session;
    struct error *error = &session->call->error;
    struct table *table = &report->parts[PART_SERVICES].table;
    struct service_positions *positions = &report->services[index];
    char owners[OWNERS_SIZE];
    int64_t worst;
    if (positions_read(session, service_names[index], positions) != OK)
        return false;
    table_row(table);
    table_cell(table, 0, slice_of(service_names[index]));
    if (!positions->present)
        return true;
    owners_write(positions, owners);
    table_cell(table, 1, slice_of(owners));
    table_cell_number(table, 2, (long long)positions->count);
    table_cell_number(table, 3, positions_lag(positions, &worst));
    table_cell_number(table, 4, worst);
    table_cell_number(table, 5, unpublished(positions));
    table_cell_number(table, 6, (long long)positions_conflicts(positions));
    PGresult *counts = sql_run(session->sql, ctl_sql_status_counts_sql, NULL, 0, error);
    for (size_t i = 0; counts != NULL && i < 3; i++)
        table_cell(table, 7 + i, sql_text(counts, 0, (int)i));
    PQclear(counts);
    positions_add(&report->parts[PART_POSITIONS].table, positions);
    return counts != NULL;
}

/* Fills a table from a statement over views, column by column; nothing where a view is missing. */
static bool view_add(struct report *report, enum part_place place, const char *service,
                     const char *view, const char *statement)
{
    struct session *session = &report->session;
    struct error *error = &session->call->error;
    struct table *table = &report->parts[place].table;
    char schema[64];
    snprintf(schema, sizeof schema, "%s_read", service);
    error->text[0] = '\0';
    if (!sql_has(session->sql, schema, view, error))
        return error->text[0] == '\0';
    PGresult *rows = sql_run(session->sql, statement, NULL, 0, error);
    if (rows == NULL)
        return false;
    for (int row = 0; row < PQntuples(rows); row++) {
        table_row(table);
        for (int column = 0; column < PQnfields(rows); column++)
            table_cell(table, (size_t)column, sql_text(rows, row, column));
    }
    PQclear(rows);
    return true;
}

static bool dead_letters_count(struct report *report)
{
    static struct position ends[DEAD_LETTER_PARTITIONS], starts[DEAD_LETTER_PARTITIONS];
    struct session *session = &report->session;
    struct error *error = &session->call->error;
    int count = 0;
    report->dead_letters = -1;
    enum outcome outcome =
        broker_partition_count(session->broker, "dead.letter", &count, error);
    if (outcome == REJECT)
        return true;
    if (outcome != OK || count > DEAD_LETTER_PARTITIONS)
        return false;
    for (int i = 0; i < count; i++)
        ends[i].at = starts[i].at = (struct topic_partition){"dead.letter", i};
    if (broker_ends(session->broker, ends, (size_t)count, error) != OK ||
        broker_starts(session->broker, starts, (size_t)count, error) != OK)
        return false;
    report->dead_letters = 0;
    for (int i = 0; i < count; i++)
        report->dead_letters += ends[i].offset - starts[i].offset;
    return true;
}

static bool report_make(struct report *report)
{
    for (size_t i = 0; i < SERVICES; i++)
        if (!service_add(report, i))
            return false;
    return view_add(report, PART_FUNNEL, "application", "application",
                    ctl_sql_status_funnel_sql) &&
           view_add(report, PART_SEATS, "application", "quota", ctl_sql_status_seats_sql) &&
           view_add(report, PART_MONEY, "application", "quota", ctl_sql_status_money_sql) &&
           view_add(report, PART_LEDGER, "incentive", "ledger", ctl_sql_status_ledger_sql) &&
           view_add(report, PART_LEDGER_CHECK, "incentive", "ledger_check",
                    ctl_sql_status_ledger_check_sql) &&
           dead_letters_count(report);
}

static void report_print(const struct report *report, bool json)
{
    struct buffer text = {0};
    char line[64];
    snprintf(line, sizeof line, "%" PRId64, report->dead_letters);
    for (size_t i = 0; i < PART_COUNT; i++) {
        const struct part *part = &report->parts[i];
        if (json) {
            buffer_append(&text, i == 0 ? "{" : ",\n ", i == 0 ? 1 : 3);
            json_text_write(slice_of(part->name), &text);
            buffer_append(&text, ": ", 2);
            table_write_json(&part->table, &text);
        } else if (part->title != NULL && part->table.row_count > 0) {
            buffer_append(&text, part->title, strlen(part->title));
            buffer_append_byte(&text, '\n');
            table_write(&part->table, &text);
            buffer_append_byte(&text, '\n');
        }
    }
    if (json)
        printf("%.*s,\n \"dead_letters\": %s}\n", SLICE_ARGS(buffer_slice(&text)),
               report->dead_letters < 0 ? "null" : line);
    else
        printf("%.*sDead letters (markers included): %s\n", SLICE_ARGS(buffer_slice(&text)),
               report->dead_letters < 0 ? "-" : line);
    buffer_release(&text);
}

static int run(struct call *call)
{
    static struct report report;
    parts_init(&report);
    int status = session_open(&report.session, call, OPEN_SQL | OPEN_BROKER);
    if (status == EXIT_DONE && !report_make(&report))
        status = call_fails(call, NULL);
    if (status == EXIT_DONE)
        report_print(&report, call_value(call, "--json") != NULL);
    for (size_t i = 0; i < PART_COUNT; i++)
        table_release(&report.parts[i].table);
    session_close(&report.session);
    return status;
}

static const struct call_option options[] = {
    {"--json", NULL, "as JSON, with every partition's positions W, K and G"},
};

const struct command status_command = {
    .name = "status",
    .arguments = "",
    .summary = "workers, positions, lag, timers, applications, seats and money",
    .description =
        "Shows for each service who works, how many records it has to decide still (lag, and "
        "the\n"
        "worst partition's), what is decided but not published, positions in conflict, events\n"
        "that wait and timers; then applications by status, seats and money, and the ledger.\n"
        "Ends with status 1 when PostgreSQL or Kafka does not answer.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
