#include "report_kinds.h"

#include "ctl_embedded.h"

#include <string.h>

static const char on_awards[] = "scheme wave district province";
static const char on_courses[] = "provider course never-chosen";
static const char on_books[] = "programme scheme year component wave";
static const char on_ceilings[] = "programme year component";

const struct report_kind report_kinds[] = {
    {.name = "participation",
     .told = "who applied, and what became of them",
     .groupings = {{"district", {"programme", "district"}},
                   {"province", {"programme", "province"}},
                   {"wave", {"programme", "wave"}},
                   {"scheme", {"programme", "scheme"}},
                   {"provider",
                    {"programme", "provider"},
                    "who came to several providers stands at each"}},
     .figures = {{"applied", COLUMN_COUNT},
                 {"held", COLUMN_COUNT},
                 {"refused", COLUMN_COUNT},
                 {"pooled", COLUMN_COUNT},
                 {"selected", COLUMN_COUNT},
                 {"not_drawn", COLUMN_COUNT},
                 {"awarded", COLUMN_COUNT},
                 {"revoked", COLUMN_COUNT},
                 {"enrolled", COLUMN_COUNT},
                 {"completed", COLUMN_COUNT},
                 {"paid", COLUMN_COUNT}},
     .sources = {{OF_APPLICATION, on_awards, ctl_sql_report_applied_sql,
                  ctl_sql_report_applied_total_sql, 2, 0, 8},
                 {OF_APPLICATION | OF_COMPLETION, on_awards, ctl_sql_report_completed_sql,
                  ctl_sql_report_completed_total_sql, 2, 8, 2},
                 {OF_APPLICATION | OF_INCENTIVE, on_awards, ctl_sql_report_paid_sql,
                  ctl_sql_report_paid_total_sql, 2, 10, 1},
                 {OF_COMPLETION, "provider", ctl_sql_report_enrolled_sql,
                  ctl_sql_report_enrolled_total_sql, 2, 8, 2}},
     .check = {OF_APPLICATION, ctl_sql_report_seats_check_sql}},
    {.name = "uptake",
     .told = "courses of the catalogue, and purchases of them",
     .by_currency = true,
     .groupings = {{"provider", {"currency", "provider"}},
                   {"course", {"currency", "provider", "course", "title"}},
                   {"never-chosen", {"currency", "provider", "course", "title"}},
                   {"scheme", {"currency", "programme", "scheme"}},
                   {"wave", {"currency", "programme", "wave"}},
                   {"district", {"currency", "programme", "district"}},
                   {"province", {"currency", "programme", "province"}}},
     .figures = {{"courses", COLUMN_COUNT},
                 {"chosen", COLUMN_COUNT},
                 {"never_chosen", COLUMN_COUNT},
                 {"purchases", COLUMN_COUNT},
                 {"verified", COLUMN_COUNT},
                 {"refused", COLUMN_COUNT},
                 {"expired", COLUMN_COUNT},
                 {"prices", COLUMN_MONEY}},
     .sources = {{OF_COMPLETION, on_courses, ctl_sql_report_uptake_courses_sql,
                  ctl_sql_report_uptake_courses_total_sql, 4, 0, 8},
                 {OF_COMPLETION, on_awards, ctl_sql_report_uptake_purchases_sql,
                  ctl_sql_report_uptake_purchases_total_sql, 3, 3, 5}}},
    {.name = "money",
     .told = "amounts by the ledger, in units of the currency",
     .by_currency = true,
     .money_checked = true,
     .groupings = {{"programme", {"currency", "programme"}},
                   {"scheme", {"currency", "programme", "scheme"}},
                   {"year", {"currency", "programme", "year"}},
                   {"component", {"currency", "programme", "component"}},
                   {"wave", {"currency", "programme", "wave"}},
                   {"provider", {"currency", "programme", "provider"}},
                   {"district", {"currency", "programme", "district"}},
                   {"province", {"currency", "programme", "province"}}},
     .figures = {{"appropriated", COLUMN_MONEY},
                 {"committed", COLUMN_MONEY},
                 {"unused", COLUMN_MONEY},
                 {"used", COLUMN_MONEY},
                 {"payable", COLUMN_MONEY},
                 {"in_flight", COLUMN_MONEY},
                 {"paid", COLUMN_MONEY},
                 {"released", COLUMN_MONEY},
                 {"recovered", COLUMN_MONEY}},
     .sources = {{OF_APPLICATION | OF_INCENTIVE, on_ceilings, ctl_sql_report_appropriated_sql,
                  ctl_sql_report_appropriated_total_sql, 3, 0, 1},
                 {OF_INCENTIVE, on_books, ctl_sql_report_money_sql,
                  ctl_sql_report_money_total_sql, 3, 1, 8},
                 {OF_APPLICATION | OF_INCENTIVE, "district province",
                  ctl_sql_report_money_region_sql, ctl_sql_report_money_total_sql, 3, 1, 8},
                 {OF_INCENTIVE, "provider", ctl_sql_report_provider_money_sql,
                  ctl_sql_report_provider_money_total_sql, 3, 4, 3}},
     .check = {OF_INCENTIVE, ctl_sql_report_money_check_sql}},
    {.name = "reasons",
     .told = "how often each reason stands, one subject may have several",
     .groupings = {{"programme", {"programme", NULL, "phase", "status", "reason"}},
                   {"district", {"programme", "district", "phase", "status", "reason"}},
                   {"province", {"programme", "province", "phase", "status", "reason"}},
                   {"wave", {"programme", "wave", "phase", "status", "reason"}},
                   {"scheme", {"programme", "scheme", "phase", "status", "reason"}},
                   {"provider", {"programme", "provider", "phase", "status", "reason"}}},
     .figures = {{"times", COLUMN_COUNT}},
     .sources = {{OF_APPLICATION, NULL, ctl_sql_report_reasons_application_sql,
                  ctl_sql_report_reasons_application_total_sql, 5, 0, 1},
                 {OF_COMPLETION, NULL, ctl_sql_report_reasons_completion_sql,
                  ctl_sql_report_reasons_completion_total_sql, 5, 0, 1},
                 {OF_COMPLETION, NULL, ctl_sql_report_reasons_provider_sql,
                  ctl_sql_report_reasons_provider_total_sql, 5, 0, 1},
                 {OF_APPLICATION | OF_INCENTIVE, NULL, ctl_sql_report_reasons_incentive_sql,
                  ctl_sql_report_reasons_incentive_total_sql, 5, 0, 1}}},
};
const size_t report_kind_count = sizeof report_kinds / sizeof *report_kinds;

const struct report_kind *report_kind_find(const char *name)
{
    for (size_t i = 0; i < report_kind_count; i++)
        if (strcmp(report_kinds[i].name, name) == 0)
            return &report_kinds[i];
    return NULL;
}

const struct report_grouping *report_grouping_find(const struct report_kind *kind,
                                                   const char *by)
{
    for (size_t i = 0; i < REPORT_GROUPINGS && kind->groupings[i].by != NULL; i++)
        if (strcmp(kind->groupings[i].by, by) == 0)
            return &kind->groupings[i];
    return NULL;
}

bool report_figure_find(const struct report_kind *kind, const char *title, size_t *figure)
{
    for (size_t i = 0; i < REPORT_FIGURES && kind->figures[i].title != NULL; i++)
        if (strcmp(kind->figures[i].title, title) == 0) {
            *figure = i;
            return true;
        }
    return false;
}

bool report_source_serves(const struct report_source *source, const char *by)
{
    size_t size = strlen(by);
    if (source->only == NULL)
        return true;
    for (const char *at = source->only; *at != '\0';) {
        size_t word = strcspn(at, " ");
        if (word == size && memcmp(at, by, size) == 0)
            return true;
        at += word + (at[word] == ' ');
    }
    return false;
}
