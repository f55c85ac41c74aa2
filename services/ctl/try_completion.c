/*
 * The desk of the completion service: courses, purchases, completions and milestones.
 */
#include "try_desk.h"

#include "handlers.h"
#include "schemas/events.h"

#define HANDLER(name)                                                                          \
    static const struct handler name##_handler = {&name##_event, sizeof(struct award_subject), \
                                                  identify_##name, keys_##name, decide_##name}

HANDLER(course_listed);
HANDLER(course_enrolled);
HANDLER(course_completed);
HANDLER(milestone_reached);

static const struct handler *const handlers[] = {
    &course_listed_handler, &course_enrolled_handler, &course_completed_handler,
    &milestone_reached_handler};

static bool key_of_row(const struct seal *seal, struct slice programme, const char *table,
                       const json_t *row, struct uuid *key)
{
    const char *course = json_string_value(json_object_get(row, "course_id"));
    const char *enrolment = json_string_value(json_object_get(row, "enrolment_id"));
    if (strcmp(table, "programme") == 0)
        *key = programme_key(seal, programme);
    else if (strcmp(table, "course") == 0 && course != NULL)
        *key = course_key(seal, slice_of(course));
    else if (strcmp(table, "enrolment") == 0 && enrolment != NULL)
        *key = enrolment_key(seal, slice_of(enrolment));
    else
        return false;
    return true;
}

const struct try_desk try_completion_desk = {
    .service = "completion",
    .tables = completion_tables,
    .table_count = &completion_table_count,
    .handlers = handlers,
    .handler_count = sizeof handlers / sizeof *handlers,
    .key_of_row = key_of_row,
};
