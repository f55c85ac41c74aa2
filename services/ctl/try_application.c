/*
 * The desk of the application service: an application as it came, and as it was drawn.
 */
#include "try_desk.h"

#include "decide_drawn.h"
#include "decide_submitted.h"
#include "schemas/events.h"
#include "seal/ids.h"

static const struct handler submitted = {&application_submitted_event,
                                         sizeof(struct submitted_subject), submitted_identify,
                                         submitted_keys, submitted_decide};
static const struct handler drawn = {&application_drawn_event, sizeof(struct drawn_subject),
                                     drawn_identify, drawn_keys, drawn_decide};
static const struct handler *const handlers[] = {&submitted, &drawn};

static bool key_of_row(const struct seal *seal, struct slice programme, const char *table,
                       const json_t *row, struct uuid *key)
{
    const char *name = json_string_value(json_object_get(row, "register"));
    const char *id = json_string_value(json_object_get(row, "application_id"));
    int wave = (int)json_integer_value(json_object_get(row, "wave"));
    if (strcmp(table, "register_snapshot") == 0 && name != NULL)
        *key = register_key(seal, slice_of(name));
    else if (strcmp(table, "application") == 0 && id != NULL)
        *key = application_key(seal, programme, slice_of(id), wave);
    else
        return false;
    return true;
}

const struct try_desk try_application_desk = {
    .service = "application",
    .tables = application_tables,
    .table_count = &application_table_count,
    .handlers = handlers,
    .handler_count = sizeof handlers / sizeof *handlers,
    .key_of_row = key_of_row,
};
