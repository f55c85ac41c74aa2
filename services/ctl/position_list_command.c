/*
 * kerja position list: W, K and G of every partition beside its log, and which of them stopped.
 */
#include "commands.h"

#include "positions.h"
#include "table.h"

#include <stdio.h>
#include <string.h>

static const struct table_column columns[] = {
    {"service", COLUMN_TEXT},    {"topic", COLUMN_TEXT},
    {"partition", COLUMN_LABEL}, {"published_next", COLUMN_COUNT},
    {"committed", COLUMN_COUNT}, {"next_offset", COLUMN_COUNT},
    {"start", COLUMN_COUNT},     {"end", COLUMN_COUNT},
    {"lag", COLUMN_COUNT},       {"state", COLUMN_TEXT},
    {"owner", COLUMN_TEXT},      {"reason", COLUMN_TEXT}};

static void position_add(struct table *table, const char *service,
                         const struct service_position *position, int64_t start)
{
    int64_t lag = position->end - position->next_offset;
    table_row(table);
    table_cell(table, 0, slice_of(service));
    table_cell(table, 1, slice_of(position->at.topic));
    table_cell_number(table, 2, position->at.partition);
    table_cell_number(table, 3, position->published_next);
    if (position->committed >= 0)
        table_cell_number(table, 4, position->committed);
    table_cell_number(table, 5, position->next_offset);
    table_cell_number(table, 6, start);
    table_cell_number(table, 7, position->end);
    table_cell_number(table, 8, lag > 0 ? lag : 0);
    table_cell(table, 9, slice_of(position->conflict ? "conflict" : "run"));
    table_cell(table, 10, slice_of(position->owner));
    table_cell(table, 11, slice_of(position->reason));
}

static bool service_add(struct session *session, const char *service, bool only_conflicts,
                        struct table *table)
{
    static struct service_positions positions;
    static struct position starts[POSITIONS];
    if (positions_read(session, service, &positions) != OK)
        return false;
    for (size_t i = 0; i < positions.count; i++)
        starts[i].at = positions.items[i].at;
    if (broker_starts(session->broker, starts, positions.count, &session->call->error) != OK)
        return false;
    for (size_t i = 0; i < positions.count; i++)
        if (!only_conflicts || positions.items[i].conflict)
            position_add(table, service, &positions.items[i], starts[i].offset);
    return true;
}

static void table_print(const struct table *table, bool json)
{
    struct buffer text = {0};
    if (json)
        table_write_json(table, &text);
    else
        table_write(table, &text);
    printf("%.*s%s", SLICE_ARGS(buffer_slice(&text)), json ? "\n" : "");
    buffer_release(&text);
}

static int run(struct call *call)
{
    struct session session;
    struct table table;
    const char *only = call_value(call, "--service");
    if (only != NULL && !service_known(only))
        return call_misused(call, "there is no service \"%s\"", only);
    table_init(&table, columns, sizeof columns / sizeof *columns);
    int status = session_open(&session, call, OPEN_SQL | OPEN_BROKER);
    for (size_t i = 0; i < SERVICES && status == EXIT_DONE; i++)
        if ((only == NULL || strcmp(only, service_names[i]) == 0) &&
            !service_add(&session, service_names[i], call_value(call, "--conflicts") != NULL,
                         &table))
            status = call_fails(call, NULL);
    if (status == EXIT_DONE)
        table_print(&table, call_value(call, "--json") != NULL);
    table_release(&table);
    session_close(&session);
    return status;
}

static const struct call_option options[] = {
    {"--service", "SERVICE", "only of this one: application, completion or incentive"},
    {"--conflicts", NULL, "only of partitions that stopped, because they disagree"},
    {"--json", NULL, "as JSON"},
};

const struct command position_list_command = {
    .name = "position list",
    .arguments = "",
    .summary = "how far each partition is decided and published, and what stopped",
    .description =
        "Shows for each partition that a service reads: up to where the service saw its "
        "outputs\n"
        "published (published_next, W), the group's offset in Kafka (committed, K), up to "
        "where\n"
        "it has decided (next_offset, G), where the log starts and ends, the lag, and whether\n"
        "the partition runs or is in conflict, and why. W <= K <= G holds wherever it runs.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
