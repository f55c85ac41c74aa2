/*
 * try_fill - what an event or a row of a case leaves out, so that it can be read.
 *
 * Somebody who asks about a price does not want to invent a telephone number. Members without a default
 * that are left out get a harmless value; which fields thereby are not known is said by try_event.
 */
#ifndef KERJA_CTL_TRY_FILL_H
#define KERJA_CTL_TRY_FILL_H

#include "base/field.h"
#include "base/uuid.h"
#include "try.h"

/* The award of a case that names none. */
#define FILL_AWARD_ID "00000000-0000-8000-8000-000000000001"

struct filling {
    const struct trial *trial;
    const char *award_id;
    instant_us at; /* the event's time */
};

/* Adds what the object lacks, in the objects within it too. */
void fill_record(const struct filling *filling, const struct record_type *type, json_t *object);

#endif
