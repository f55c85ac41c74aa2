/*
 * subject_id - the id that a person types: of an application, award, enrolment, course, entitlement.
 *
 * A national id is refused: a command line is seen by everybody on the machine, and kept in histories.
 */
#ifndef KERJA_CTL_SUBJECT_ID_H
#define KERJA_CTL_SUBJECT_ID_H

#include <stdbool.h>

/* True for text that may be a national id: 12 to 20 digits, with or without blanks, dots and dashes. */
bool subject_id_is_national(const char *id);

/* The id where PostgreSQL can read it as a UUID: 36 characters, or 32 hex digits as an end-to-end id has;
 * else NULL. Borrowed. */
const char *subject_id_uuid(const char *id);

#endif
