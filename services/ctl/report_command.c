/*
 * kerja report: figures for officers, with totals that are asked for separately.
 *
 * One transaction that only reads, as kerja_read and in one snapshot, gives parts and totals, so that what does
 * not add up is a fault of the books and not of the moment.
 */
#include "commands.h"

#include "ctl_embedded.h"
#include "report_kinds.h"
#include "report_published.h"
#include "rulebook.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WAVE_MOST = 65535, REPORT_PARAMETERS = 4, KEY_CODE = 1 };

struct reporting {
    struct call *call;
    struct session session;
    const struct report_kind *kind;
    const struct report_grouping *grouping;
    const char *parameters[REPORT_PARAMETERS];
    unsigned services; /* whose views are there */
    struct report report;
};

static bool services_find(struct reporting *reporting)
{
    static const struct {
        unsigned service;
        const char *schema, *view;
    } views[] = {{OF_APPLICATION, "application_read", "award"},
                 {OF_COMPLETION, "completion_read", "course"},
                 {OF_INCENTIVE, "incentive_read", "ledger_check"}};
    struct error *error = &reporting->call->error;
    for (size_t i = 0; i < sizeof views / sizeof *views; i++) {
        error->text[0] = '\0';
        if (sql_has(reporting->session.sql, views[i].schema, views[i].view, error))
            reporting->services |= views[i].service;
        else if (error->text[0] != '\0')
            return false;
    }
    return true;
}

static PGresult *ask(struct reporting *reporting, const char *statement)
{
    return sql_run(reporting->session.sql, statement, reporting->parameters, REPORT_PARAMETERS,
                   &reporting->call->error);
}

/* Keys that the grouping does not show are left out. */
static void part_take(struct reporting *reporting, const struct report_source *source,
                      const PGresult *rows, int row)
{
    struct slice keys[REPORT_KEYS] = {{0}};
    size_t count = 0;
    for (size_t i = 0; i < source->key_count; i++)
        if (reporting->grouping->keys[i] != NULL)
            keys[count++] = sql_text(rows, row, (int)i);
    struct report_line *line = report_part(&reporting->report, keys);
    for (size_t i = 0; i < source->figure_count; i++)
        report_add(line, source->first_figure + i,
                   sql_number(rows, row, (int)(source->key_count + i)));
}

static void total_take(struct reporting *reporting, const struct report_source *source,
                       const PGresult *rows, int row)
{
    int currency = reporting->kind->by_currency;
    struct report_line *line =
        report_total(&reporting->report, currency ? sql_text(rows, row, 0) : (struct slice){0});
    for (size_t i = 0; i < source->figure_count; i++)
        report_add(line, source->first_figure + i, sql_number(rows, row, currency + (int)i));
}

static bool source_take(struct reporting *reporting, const struct report_source *source)
{
    if ((source->services & ~reporting->services) != 0 ||
        !report_source_serves(source, reporting->grouping->by))
        return true;
    PGresult *parts = ask(reporting, source->parts);
    PGresult *totals = parts == NULL ? NULL : ask(reporting, source->total);
    for (int row = 0; totals != NULL && row < PQntuples(parts); row++)
        part_take(reporting, source, parts, row);
    for (int row = 0; totals != NULL && row < PQntuples(totals); row++)
        total_take(reporting, source, totals, row);
    bool good = totals != NULL;
    PQclear(totals);
    PQclear(parts);
    return good;
}

static bool check_take(struct reporting *reporting)
{
    const struct report_check *check = &reporting->kind->check;
    if (check->statement == NULL || (check->services & ~reporting->services) != 0)
        return true;
    PGresult *rows = ask(reporting, check->statement);
    for (int row = 0; rows != NULL && row < PQntuples(rows); row++)
        report_disagree(&reporting->report, reporting->kind->money_checked,
                        sql_number(rows, row, 1), sql_number(rows, row, 2), "%s",
                        PQgetvalue(rows, row, 0));
    bool good = rows != NULL;
    PQclear(rows);
    return good;
}

static void columns_make(struct reporting *reporting)
{
    const struct report_kind *kind = reporting->kind;
    report_init(&reporting->report, kind->name, kind->by_currency);
    for (size_t i = kind->by_currency; i < REPORT_KEYS; i++)
        if (reporting->grouping->keys[i] != NULL)
            report_key(&reporting->report, reporting->grouping->keys[i]);
    for (size_t i = 0; i < REPORT_FIGURES && kind->figures[i].title != NULL; i++)
        report_figure(&reporting->report, kind->figures[i].title, kind->figures[i].kind);
}

static bool report_make(struct reporting *reporting)
{
    struct sql *sql = reporting->session.sql;
    struct error *error = &reporting->call->error;
    bool good = sql_execute(sql, "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY",
                            error) &&
                sql_execute(sql, "SET LOCAL ROLE kerja_read", error) &&
                services_find(reporting);
    columns_make(reporting);
    for (size_t i = 0; good && i < REPORT_SOURCES && reporting->kind->sources[i].parts != NULL;
         i++)
        good = source_take(reporting, &reporting->kind->sources[i]);
    good = good && check_take(reporting);
    if (good && reporting->report.failed)
        error_set(error, STOP, "cannot make the report: no memory");
    return good && !reporting->report.failed;
}

static void head_write(const struct reporting *reporting, struct buffer *text)
{
    static const char *const names[] = {"", "programme ", "scheme ", "wave "};
    char line[256];
    int size = snprintf(line, sizeof line, "%s by %s: %s", reporting->kind->name,
                        reporting->grouping->by, reporting->kind->told);
    buffer_append(text, line, (size_t)size < sizeof line ? (size_t)size : sizeof line - 1);
    for (size_t i = 1; i < REPORT_PARAMETERS; i++) {
        if (reporting->parameters[i] == NULL)
            continue;
        buffer_append(text, ", ", 2);
        buffer_append(text, names[i], strlen(names[i]));
        buffer_append(text, reporting->parameters[i], strlen(reporting->parameters[i]));
    }
    buffer_append(text, "\n", 1);
}

static unsigned services_needed(const struct reporting *reporting)
{
    unsigned needed = 0;
    for (size_t i = 0; i < REPORT_SOURCES; i++)
        if (reporting->kind->sources[i].parts != NULL &&
            report_source_serves(&reporting->kind->sources[i], reporting->grouping->by))
            needed |= reporting->kind->sources[i].services;
    return needed;
}

static void silent_write(const struct reporting *reporting, struct buffer *text)
{
    unsigned missing = services_needed(reporting) & ~reporting->services;
    static const char *const services[] = {"application", "completion", "incentive"};
    for (size_t i = 0; i < sizeof services / sizeof *services; i++) {
        char line[128];
        if ((missing & 1u << i) == 0)
            continue;
        int size =
            snprintf(line, sizeof line, "%s has no views here: what it would tell is missing\n",
                     services[i]);
        buffer_append(text, line, (size_t)size);
    }
}

static void member_write(const char *name, const char *value, struct buffer *text)
{
    json_text_write(slice_of(name), text);
    buffer_append(text, ": ", 2);
    if (value == NULL)
        buffer_append(text, "null", 4);
    else
        json_text_write(slice_of(value), text);
    buffer_append(text, ", ", 2);
}

static void json_begin(const struct reporting *reporting, struct buffer *text)
{
    static const char *const names[] = {"by", "programme", "scheme", "wave"};
    buffer_append_byte(text, '{');
    member_write("report", reporting->kind->name, text);
    for (size_t i = 0; i < REPORT_PARAMETERS; i++)
        member_write(names[i], reporting->parameters[i], text);
    buffer_append(text, "\n ", 2);
}

/* What cannot be told as two numbers, a sentence each. */
static void findings_json(struct slice findings, struct buffer *text)
{
    const char *separator = "";
    buffer_append(text, ",\n \"findings\": [", 16);
    while (findings.size > 0) {
        const char *end = memchr(findings.data, '\n', findings.size);
        size_t size = end == NULL ? findings.size : (size_t)(end - findings.data);
        buffer_append(text, separator, strlen(separator));
        json_text_write((struct slice){findings.data, size}, text);
        size += end != NULL;
        findings = (struct slice){findings.data + size, findings.size - size};
        separator = ", ";
    }
    buffer_append_byte(text, ']');
}

/* Prints the report as asked for, and returns the status. Faults stand on standard error where standard
 * output is a table for programs. */
static int report_print(const struct reporting *reporting, const struct report *report,
                        struct slice findings)
{
    struct call *call = reporting->call;
    struct buffer text = {0}, said = {0};
    if (call_value(call, "--json") != NULL) {
        json_begin(reporting, &text);
        report_write_json(report, &text);
        findings_json(findings, &text);
        buffer_append(&text, "}\n", 2);
    } else if (call_value(call, "--csv") != NULL) {
        report_write_csv(report, &text);
        report_write_faults(report, &said);
        buffer_append(&said, findings.data, findings.size);
    } else {
        head_write(reporting, &text);
        report_write(report, &text);
        buffer_append(&text, findings.data, findings.size);
        silent_write(reporting, &text);
    }
    bool failed = buffer_failed(&text) || buffer_failed(&said);
    if (!failed) {
        printf("%.*s", SLICE_ARGS(buffer_slice(&text)));
        fprintf(stderr, "%.*s", SLICE_ARGS(buffer_slice(&said)));
    }
    buffer_release(&text);
    buffer_release(&said);
    if (failed)
        return call_fails(call, "cannot write the report: no memory");
    size_t wrong = report->fault_count + report->faults_dropped;
    if (wrong > 0)
        return call_fails(call, "%zu figures do not agree", wrong);
    return findings.size > 0 ? call_fails(call, "the table and ours do not agree") : EXIT_DONE;
}

/* Our districts with one figure of the report; those of several programmes are added up. */
static struct our_district *ours_make(const struct report *report, size_t figure, size_t *count)
{
    struct our_district *ours = calloc(report->parts.count + 1, sizeof *ours);
    *count = 0;
    for (size_t i = 0; ours != NULL && i < report->parts.count; i++) {
        const struct report_line *line = &report->parts.items[i];
        struct slice code = slice_of(line->keys[KEY_CODE]);
        size_t at = 0;
        while (at < *count && !slice_equal(ours[at].code, code))
            at++;
        *count += at == *count;
        ours[at].code = code;
        ours[at].people += line->figures[figure];
    }
    return ours;
}

static size_t figure_find(const struct report_kind *kind, const char *title)
{
    size_t at = 0;
    while (at < REPORT_FIGURES && kind->figures[at].title != NULL &&
           strcmp(kind->figures[at].title, title) != 0)
        at++;
    return at < REPORT_FIGURES && kind->figures[at].title != NULL ? at : REPORT_FIGURES;
}

/* Holds a published table against the report that was made. */
static int compare(struct reporting *reporting, const char *path, size_t figure)
{
    struct call *call = reporting->call;
    struct buffer text = {0}, findings = {0};
    struct published published = {0};
    struct report compared = {0};
    size_t count = 0;
    int status = EXIT_DONE;
    struct our_district *ours = ours_make(&reporting->report, figure, &count);
    if (file_read(path, &text, &call->error) != OK)
        status = call_fails(call, NULL);
    else if (ours == NULL ||
             published_read(buffer_slice(&text), &published, &call->error) != OK)
        status = call_fails(call, "cannot compare with \"%s\": %s", path,
                            ours == NULL ? "no memory" : call->error.text);
    if (status == EXIT_DONE) {
        published_compare(&published, ours, count, &compared);
        published_findings(&published, ours, count, &findings);
        status = report_print(reporting, &compared, buffer_slice(&findings));
    }
    report_release(&compared);
    published_release(&published);
    free(ours);
    buffer_release(&text);
    buffer_release(&findings);
    return status;
}

static int make(struct reporting *reporting, size_t figure)
{
    const char *path = call_value(reporting->call, "--compare");
    int status = session_open(&reporting->session, reporting->call, OPEN_SQL);
    if (status == EXIT_DONE && !report_make(reporting))
        status = call_fails(reporting->call, NULL);
    if (status == EXIT_DONE && path != NULL) {
        status = compare(reporting, path, figure);
    } else if (status == EXIT_DONE) {
        report_check(&reporting->report);
        status = report_print(reporting, &reporting->report, (struct slice){0});
    }
    report_release(&reporting->report);
    session_close(&reporting->session);
    return status;
}

/* Says which groupings there are. */
static int by_misused(struct reporting *reporting, const char *by)
{
    char list[128];
    size_t size = 0;
    for (size_t i = 0; i < REPORT_GROUPINGS && reporting->kind->groupings[i].by != NULL; i++)
        size += (size_t)snprintf(list + size, sizeof list - size, "%s%s", i == 0 ? "" : ", ",
                                 reporting->kind->groupings[i].by);
    return call_misused(reporting->call, "%s is told by %s, not by \"%s\"",
                        reporting->kind->name, list, by);
}

static int run(struct call *call)
{
    struct reporting reporting = {.call = call, .kind = report_kind_find(call->words[0])};
    const char *by = call_value(call, "--by"), *figure = call_value(call, "--count");
    bool compares = call_value(call, "--compare") != NULL;
    int64_t wave = 0;
    if (reporting.kind == NULL)
        return call_misused(call, "there is no report \"%s\"", call->words[0]);
    if (by == NULL)
        by = reporting.kind->groupings[0].by;
    reporting.grouping = report_grouping_find(reporting.kind, by);
    if (reporting.grouping == NULL)
        return by_misused(&reporting, by);
    if (compares &&
        (strcmp(reporting.kind->name, "participation") != 0 || strcmp(by, "district") != 0))
        return call_misused(call, "--compare is for participation by district");
    size_t column = figure_find(reporting.kind, figure == NULL ? "awarded" : figure);
    if (figure != NULL && (column == REPORT_FIGURES || !compares))
        return call_misused(call, "--count names a column of participation, for --compare");
    if (call_value(call, "--csv") != NULL && call_value(call, "--json") != NULL)
        return call_misused(call, "expected --csv or --json, not both");
    if (!call_number(call, "--wave", 1, WAVE_MOST, &wave))
        return EXIT_USAGE;
    reporting.parameters[0] = by;
    reporting.parameters[1] = call_value(call, "--programme");
    reporting.parameters[2] = call_value(call, "--scheme");
    reporting.parameters[3] = call_value(call, "--wave");
    return make(&reporting, column);
}

static const struct call_option options[] = {
    {"--programme", "P", "of one programme"},
    {"--scheme", "S", "of one scheme"},
    {"--wave", "N", "of one wave"},
    {"--by", "WHAT", "what a line stands for"},
    {"--compare", "FILE.csv",
     "holds a published table (district, people) against participation"},
    {"--count", "COLUMN", "with --compare: what the table counts (awarded)"},
    {"--csv", NULL, "as CSV; what does not agree goes to standard error"},
    {"--json", NULL, "as one JSON document"},
};

const struct command report_command = {
    .name = "report",
    .arguments = "participation|uptake|money|reasons",
    .least = 1,
    .most = 1,
    .summary = "figures by district, wave, scheme or provider, with totals",
    .description =
        "participation  who applied, was refused, selected, awarded, completed, was paid;\n"
        "               by district, province, wave, scheme\n"
        "uptake         which courses were bought, and which never; by provider, course,\n"
        "               never-chosen, scheme, wave, district, province\n"
        "money          appropriated, committed, and where it stands now; by programme, "
        "scheme,\n"
        "               year, component, wave, provider\n"
        "reasons        how often each reason stands, by phase and status; by programme,\n"
        "               district, province, wave, scheme, provider\n"
        "\n"
        "A province is the first two digits of a district's code, or an ISO 3166-2 code.\n"
        "The first is what is told without --by. Totals are asked for separately, never added\n"
        "up from the lines above; what does not add up is named with RECONCILE_MISMATCH, and\n"
        "the status is 1. An empty figure (-) is one that nobody can give, which is not 0.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
