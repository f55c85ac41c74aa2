/*
 * kerja report: figures for officers, with totals that are asked for separately. It needs no Kafka and no secret.
 */
#include "commands.h"

#include "report_page.h"
#include "report_published.h"
#include "rulebook.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WAVE_MOST = 65535, KEY_CODE = 1 };

struct reporting {
    struct call *call;
    struct session session;
    struct report_query query;
    enum answer_form form;
    const char *published; /* a table to compare with; NULL: none */
    size_t figure;         /* of ours, that it counts */
    struct report report;
};

/* Prints a report and returns the status. */
static int print(const struct reporting *reporting, const struct report_page *page)
{
    struct answer answer = {.form = reporting->form};
    report_page_write(page, &answer);
    if (!answer_print(&answer, reporting->call))
        return EXIT_FAILED;
    size_t wrong = report_wrong(page->report);
    if (wrong > 0)
        return call_fails(reporting->call, "%zu figure%s not agree", wrong,
                          wrong == 1 ? " does" : "s do");
    return page->findings.size > 0
               ? call_fails(reporting->call, "the table and ours do not agree")
               : EXIT_DONE;
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

/* Holds a published table against the report that was made. */
static int compare(struct reporting *reporting, struct report_page *page)
{
    struct call *call = reporting->call;
    const char *path = reporting->published;
    struct buffer text = {0}, findings = {0};
    struct published published = {0};
    struct report compared = {0};
    size_t count = 0;
    int status = EXIT_DONE;
    struct our_district *ours = ours_make(&reporting->report, reporting->figure, &count);
    if (file_read(path, &text, &call->error) != OK)
        status = call_fails(call, NULL);
    else if (ours == NULL ||
             published_read(buffer_slice(&text), &published, &call->error) != OK)
        status = call_fails(call, "cannot compare with \"%s\": %s", path,
                            ours == NULL ? "no memory" : call->error.text);
    if (status == EXIT_DONE) {
        published_compare(&published, ours, count, &compared);
        published_findings(&published, ours, count, &findings);
        page->report = &compared;
        page->findings = buffer_slice(&findings);
        status = print(reporting, page);
    }
    page->report = &reporting->report; /* what it showed ends here */
    page->findings = (struct slice){0};
    report_release(&compared);
    published_release(&published);
    free(ours);
    buffer_release(&text);
    buffer_release(&findings);
    return status;
}

static int make(struct reporting *reporting)
{
    struct report_page page = {.query = &reporting->query, .report = &reporting->report};
    int status = session_open(&reporting->session, reporting->call, OPEN_SQL);
    if (status == EXIT_DONE &&
        !report_query_run(&reporting->query, reporting->session.sql, &reporting->report,
                          &page.missing, &reporting->call->error))
        status = call_fails(reporting->call, NULL);
    if (status == EXIT_DONE && reporting->published != NULL) {
        status = compare(reporting, &page);
    } else if (status == EXIT_DONE) {
        report_check(&reporting->report);
        status = print(reporting, &page);
    }
    report_release(&reporting->report);
    session_close(&reporting->session);
    return status;
}

/* Says which reports there are. */
static int name_misused(const struct call *call)
{
    struct buffer list = {0};
    for (size_t i = 0; i < report_kind_count; i++)
        buffer_format(&list, "%s%s", i == 0 ? "" : ", ", report_kinds[i].name);
    int status = call_misused(call, "there is no report \"%s\": expected one of %.*s",
                              call->words[0], SLICE_ARGS(buffer_slice(&list)));
    buffer_release(&list);
    return status;
}

/* Says which groupings there are. */
static int by_misused(const struct call *call, const struct report_kind *kind, const char *by)
{
    struct buffer list = {0};
    for (size_t i = 0; i < REPORT_GROUPINGS && kind->groupings[i].by != NULL; i++)
        buffer_format(&list, "%s%s", i == 0 ? "" : ", ", kind->groupings[i].by);
    int status = call_misused(call, "%s is told by %.*s, not by \"%s\"", kind->name,
                              SLICE_ARGS(buffer_slice(&list)), by);
    buffer_release(&list);
    return status;
}

/* Takes --compare and --count. */
static int published_take(struct reporting *reporting)
{
    const struct report_query *query = &reporting->query;
    const char *title = call_value(reporting->call, "--count");
    reporting->published = call_value(reporting->call, "--compare");
    if (reporting->published == NULL && title == NULL)
        return EXIT_DONE;
    if (reporting->published == NULL)
        return call_misused(reporting->call,
                            "--count says what a table counts: it needs --compare");
    if (strcmp(query->kind->name, "participation") != 0 ||
        strcmp(query->grouping->by, "district") != 0)
        return call_misused(reporting->call, "--compare is for participation by district");
    if (!report_figure_find(query->kind, title == NULL ? "awarded" : title, &reporting->figure))
        return call_misused(reporting->call, "--count is \"%s\": expected a column of %s",
                            title, query->kind->name);
    return EXIT_DONE;
}

static int run(struct call *call)
{
    struct reporting reporting = {.call = call};
    struct report_query *query = &reporting.query;
    const char *by = call_value(call, "--by");
    int64_t wave = 0;
    query->kind = report_kind_find(call->words[0]);
    if (query->kind == NULL)
        return name_misused(call);
    if (by == NULL)
        by = query->kind->groupings[0].by;
    query->grouping = report_grouping_find(query->kind, by);
    if (query->grouping == NULL)
        return by_misused(call, query->kind, by);
    if (!answer_form_read(call, &reporting.form) ||
        !call_number(call, "--wave", 1, WAVE_MOST, &wave))
        return EXIT_USAGE;
    query->parameters[0] = by;
    query->parameters[1] = call_value(call, "--programme");
    query->parameters[2] = call_value(call, "--scheme");
    query->parameters[3] = call_value(call, "--wave");
    int status = published_take(&reporting);
    return status == EXIT_DONE ? make(&reporting) : status;
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
        "participation  who applied, was refused, selected, awarded, enrolled, completed, was "
        "paid;\n"
        "               by district, province, wave, scheme, provider\n"
        "uptake         which courses were bought, and which never; by provider, course,\n"
        "               never-chosen, scheme, wave, district, province\n"
        "money          appropriated, committed, and where it stands now; by programme, "
        "scheme,\n"
        "               year, component, wave, provider, district, province\n"
        "reasons        how often each reason stands, by phase and status; by programme,\n"
        "               district, province, wave, scheme, provider\n"
        "\n"
        "A province is the first two digits of a district's code, or an ISO 3166-2 code.\n"
        "The first is what is told without --by. Totals are asked for separately, never added\n"
        "up from the lines above; what does not add up is named with RECONCILE_MISMATCH, and\n"
        "the status is 1. Who came to several providers stands at each: that is an OVERLAP, "
        "and no\n"
        "fault. An empty figure (-) is one that nobody can give, which is not 0.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
