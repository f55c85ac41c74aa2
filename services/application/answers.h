/*
 * answers - what an application says, as its row keeps it for the conditions.
 *
 * The row keeps answers, not what they were made of: completed years instead of a date of birth, so that nothing
 * private stands in it.
 */
#ifndef KERJA_APPLICATION_ANSWERS_H
#define KERJA_APPLICATION_ANSWERS_H

#include "application_rows.h"
#include "rules/value.h"
#include "schemas/events.h"

/* Borrows texts and lists of the event; `on` is the local day of the application. */
struct application_row_answers answers_of(const struct application_submitted *event,
                                          epoch_day on);

/* An answer that was not given is not known: it holds, and accuses nobody. */
static inline struct value answer(bool given, int64_t number)
{
    return given ? value_number(number) : value_unknown();
}

static inline struct value answer_code(bool given, struct slice code)
{
    return given ? value_code(code) : value_unknown();
}

#endif
