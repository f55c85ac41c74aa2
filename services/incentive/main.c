/*
 * kerja-incentive - may this instalment be paid, to which account; what does a failure mean.
 */
#include "facts.h"
#include "handlers.h"
#include "incentive_embedded.h"
#include "persist/migration.h"

static const struct migration migrations[] = {
    {1, "tables", incentive_sql_migrations_1_tables_sql},
};

/* An award keeps the contact as application.decided brought it. */
static const struct sealed_column sealed[] = {
    {&award_row_type, "contact_sealed", {.table = "application.decided", .column = "contact"}},
    {&entitlement_row_type,
     "account_no_sealed",
     {.table = "entitlement", .column = "account_no"}},
    {&entitlement_row_type,
     "creditor_name_sealed",
     {.table = "entitlement", .column = "creditor_name"}},
    {&account_row_type, "account_no_sealed", {.table = "account", .column = "account_no"}},
    {&account_row_type, "holder_name_sealed", {.table = "account", .column = "holder_name"}},
};

int main(int argc, char **argv)
{
    const struct service service = {
        .name = "incentive",
        .handlers = incentive_handlers,
        .handler_count = incentive_handler_count,
        .tables = incentive_tables,
        .table_count = incentive_table_count,
        .migrations = migrations,
        .migration_count = sizeof migrations / sizeof migrations[0],
        .sealed = sealed,
        .sealed_count = sizeof sealed / sizeof sealed[0],
    };
    return worker_main(&service, argc, argv);
}
