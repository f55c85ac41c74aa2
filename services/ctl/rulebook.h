/*
 * rulebook - the programme files that commands work by: from a file, or as published.
 */
#ifndef KERJA_CTL_RULEBOOK_H
#define KERJA_CTL_RULEBOOK_H

#include "rules/programme.h"
#include "session.h"

/* Reads a whole file, "-" from standard input; the buffer is the caller's. */
enum outcome file_read(const char *path, struct buffer *text, struct error *error);

/* The newest published file of a programme; NULL with a reason. `hash`: the one whose SHA-256 begins
 * with these hex digits; NULL: the newest. Free with programme_free(). */
struct programme *rulebook_published(struct session *session, struct slice programme,
                                     const char *hash);

/* Minutes east of UTC of the published programmes, by the first of them; 0 when there is none. */
enum outcome rulebook_offset(struct session *session, int *utc_offset_minutes);

#endif
