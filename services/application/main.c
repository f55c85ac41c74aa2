/*
 * kerja-application - is the applicant eligible, by which scheme; is a seat and its money left; is
 * the award held or withdrawn.
 */
#include "application_embedded.h"
#include "decide_again.h"
#include "decide_award.h"
#include "decide_case.h"
#include "decide_drawn.h"
#include "decide_register.h"
#include "decide_submitted.h"
#include "persist/migration.h"
#include "schemas/events.h"

static const struct handler handlers[] = {
    {&application_submitted_event, sizeof(struct submitted_subject), submitted_identify,
     submitted_keys, submitted_decide},
    {&application_drawn_event, sizeof(struct drawn_subject), drawn_identify, drawn_keys,
     drawn_decide},
    {&register_listed_event, sizeof(struct register_subject), register_identify, register_keys,
     register_decide},
    {&award_changed_event, sizeof(struct sealed_subject), award_identify, award_keys,
     award_decide},
    {&commitment_released_event, sizeof(struct subject), released_identify, released_keys,
     released_decide},
    {&case_resolved_event, sizeof(struct sealed_subject), case_identify, case_keys,
     case_decide},
    {&timer_application_event, sizeof(struct sealed_subject), timer_identify, timer_keys,
     timer_decide},
    {&person_erased_event, sizeof(struct subject), erased_identify, erased_keys, erased_decide},
};

static const struct migration migrations[] = {
    {1, "tables", application_sql_migrations_1_tables_sql},
};

static const struct sealed_column sealed[] = {
    {&person_row_type, "msisdn_sealed", {.table = "person", .column = "msisdn_sealed"}},
};

int main(int argc, char **argv)
{
    const struct service service = {
        .name = "application",
        .handlers = handlers,
        .handler_count = sizeof handlers / sizeof handlers[0],
        .tables = application_tables,
        .table_count = application_table_count,
        .migrations = migrations,
        .migration_count = sizeof migrations / sizeof migrations[0],
        .sealed = sealed,
        .sealed_count = sizeof sealed / sizeof sealed[0],
    };
    return worker_main(&service, argc, argv);
}
