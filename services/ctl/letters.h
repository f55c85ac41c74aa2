/*
 * letters - the topic dead.letter as officers read it: whole, one of it, and sent once more.
 */
#ifndef KERJA_CTL_LETTERS_H
#define KERJA_CTL_LETTERS_H

#include "letter.h"
#include "session.h"

/* Gives every letter that the topic has now to `take`, partition by partition mixed, until it says false. */
enum outcome letters_walk(struct session *session,
                          bool (*take)(void *context, const struct letter *letter),
                          void *context);

/* One letter; its texts are valid until the next one is read. REJECT when none stands there. */
enum outcome letter_read(struct session *session, int32_t partition, int64_t offset,
                         struct letter *letter);

/* True when `letter` holds what its sender sent, to a topic of ours; else a reason. A value that was too large for a letter,
 * or none at all, stays where it was. */
bool letter_can_be_replayed(const struct letter *letter, struct error *error);

/* Sends the original once more, as a stored command says: {"partition": 3, "offset": 1207}. Opens Kafka where it
 * is not open yet, and flushes. */
enum outcome letter_replay(struct session *session, struct slice event);

#endif
