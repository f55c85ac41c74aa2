/*
 * rulebook - the programme files that commands work by: from a file, or as published.
 */
#ifndef KERJA_CTL_RULEBOOK_H
#define KERJA_CTL_RULEBOOK_H

#include "rules/programme.h"
#include "session.h"

/* Reads a whole file of less than a gibibyte, "-" from standard input; the buffer is the caller's. */
enum outcome file_read(const char *path, struct buffer *text, struct error *error);

/* The newest published file of a programme; NULL with a reason. `hash`: the one whose SHA-256 begins
 * with these hex digits; NULL: the newest. Free with programme_free(). */
struct programme *rulebook_published(struct session *session, struct slice programme,
                                     const char *hash);

/* True of a register that conditions can ask about: one that every programme knows, or that a published file brings. False
 * with a sentence. */
bool rulebook_register_known(struct session *session, const char *name);

/* Minutes east of UTC of the published programmes, by the first of them; 0 when there is none. */
enum outcome rulebook_offset(struct session *session, int *utc_offset_minutes);

#endif
