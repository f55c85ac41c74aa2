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
    };
    return worker_main(&service, argc, argv);
}
