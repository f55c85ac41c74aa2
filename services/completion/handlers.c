#include "handlers.h"

#include "schemas/events.h"

#define HANDLER(name)                                                                          \
    {                                                                                          \
        &name##_event, sizeof(struct award_subject), identify_##name, keys_##name,             \
            decide_##name                                                                      \
    }

const struct handler completion_handlers[] = {
    HANDLER(application_decided), HANDLER(award_changed),        HANDLER(programme_published),
    HANDLER(course_listed),       HANDLER(course_enrolled),      HANDLER(course_completed),
    HANDLER(milestone_reached),   HANDLER(notification_settled), HANDLER(payout_closed),
    HANDLER(case_resolved),       HANDLER(timer_completion),     HANDLER(person_erased),
};
const size_t completion_handler_count =
    sizeof completion_handlers / sizeof completion_handlers[0];
