#include "report_query.h"

struct querying {
    const struct report_query *query;
    struct sql *sql;
    struct report *report;
    unsigned services; /* whose views are there */
    struct error *error;
};

static bool services_find(struct querying *querying)
{
    static const struct {
        unsigned service;
        const char *schema, *view;
    } views[] = {{OF_APPLICATION, "application_read", "award"},
                 {OF_COMPLETION, "completion_read", "course"},
                 {OF_INCENTIVE, "incentive_read", "ledger_check"}};
    for (size_t i = 0; i < sizeof views / sizeof *views; i++) {
        querying->error->text[0] = '\0';
        if (sql_has(querying->sql, views[i].schema, views[i].view, querying->error))
            querying->services |= views[i].service;
        else if (querying->error->text[0] != '\0')
            return false;
    }
    return true;
}

static PGresult *ask(const struct querying *querying, const char *statement)
{
    return sql_run(querying->sql, statement, querying->query->parameters, REPORT_PARAMETERS,
                   querying->error);
}

/* Keys that the grouping does not show are left out. */
static void part_take(const struct querying *querying, const struct report_source *source,
                      const PGresult *rows, int row)
{
    struct slice keys[REPORT_KEYS] = {{0}};
    size_t count = 0;
    for (size_t i = 0; i < source->key_count; i++)
        if (querying->query->grouping->keys[i] != NULL)
            keys[count++] = sql_text(rows, row, (int)i);
    struct report_line *line = report_part(querying->report, keys);
    for (size_t i = 0; i < source->figure_count; i++)
        report_add(line, source->first_figure + i,
                   sql_number(rows, row, (int)(source->key_count + i)));
}

static void total_take(const struct querying *querying, const struct report_source *source,
                       const PGresult *rows, int row)
{
    int currency = querying->query->kind->by_currency;
    struct report_line *line =
        report_total(querying->report, currency ? sql_text(rows, row, 0) : (struct slice){0});
    for (size_t i = 0; i < source->figure_count; i++)
        report_add(line, source->first_figure + i, sql_number(rows, row, currency + (int)i));
}

static bool source_take(const struct querying *querying, const struct report_source *source)
{
    PGresult *parts = ask(querying, source->parts);
    PGresult *totals = parts == NULL ? NULL : ask(querying, source->total);
    for (int row = 0; totals != NULL && row < PQntuples(parts); row++)
        part_take(querying, source, parts, row);
    for (int row = 0; totals != NULL && row < PQntuples(totals); row++)
        total_take(querying, source, totals, row);
    bool good = totals != NULL;
    PQclear(totals);
    PQclear(parts);
    return good;
}

static bool check_take(const struct querying *querying)
{
    const struct report_kind *kind = querying->query->kind;
    if (kind->check.statement == NULL || (kind->check.services & ~querying->services) != 0)
        return true;
    PGresult *rows = ask(querying, kind->check.statement);
    for (int row = 0; rows != NULL && row < PQntuples(rows); row++)
        report_disagree(querying->report, kind->money_checked, sql_number(rows, row, 1),
                        sql_number(rows, row, 2), "%s", PQgetvalue(rows, row, 0));
    bool good = rows != NULL;
    PQclear(rows);
    return good;
}

static void columns_make(const struct report_query *query, struct report *report)
{
    const struct report_kind *kind = query->kind;
    report_init(report, kind->name, kind->by_currency);
    report->overlap = query->grouping->overlap;
    for (size_t i = kind->by_currency; i < REPORT_KEYS; i++)
        if (query->grouping->keys[i] != NULL)
            report_key(report, query->grouping->keys[i]);
    for (size_t i = 0; i < REPORT_FIGURES && kind->figures[i].title != NULL; i++)
        report_figure(report, kind->figures[i].title, kind->figures[i].kind);
}

bool report_query_run(const struct report_query *query, struct sql *sql, struct report *report,
                      unsigned *missing, struct error *error)
{
    struct querying querying = {query, sql, report, 0, error};
    *missing = 0;
    columns_make(query, report);
    bool good = sql_begin_reading(sql, error) && services_find(&querying);
    for (size_t i = 0; good && i < REPORT_SOURCES && query->kind->sources[i].parts != NULL;
         i++) {
        const struct report_source *source = &query->kind->sources[i];
        unsigned lacking = source->services & ~querying.services;
        if (!report_source_serves(source, query->grouping->by))
            continue;
        *missing |= lacking;
        good = lacking != 0 || source_take(&querying, source);
    }
    good = good && check_take(&querying) && sql_execute(sql, "ROLLBACK", error);
    if (good && report->failed)
        error_set(error, STOP, "cannot make the report: no memory");
    return good && !report->failed;
}
