/*
 * kerja-completion - is the course accredited, the purchase allowed, the training really done, and which
 * benefits fall due. The rules stand in the programme files; README.md beside this file says them in words.
 */
#include "completion_embedded.h"
#include "facts.h"
#include "handlers.h"
#include "persist/migration.h"

static const struct migration migrations[] = {
    {1, "tables", completion_sql_migrations_1_tables_sql},
};

/* An award keeps the contact as application.decided brought it. */
static const struct sealed_column sealed[] = {
    {&award_row_type, "contact_sealed", {.table = "application.decided", .column = "contact"}},
};

int main(int argc, char **argv)
{
    const struct service service = {.name = "completion",
                                    .handlers = completion_handlers,
                                    .handler_count = completion_handler_count,
                                    .tables = completion_tables,
                                    .table_count = completion_table_count,
                                    .migrations = migrations,
                                    .migration_count = sizeof migrations / sizeof migrations[0],
                                    .sealed = sealed,
                                    .sealed_count = sizeof sealed / sizeof sealed[0]};
    return worker_main(&service, argc, argv);
}
