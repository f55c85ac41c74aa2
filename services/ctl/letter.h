/*
 * letter - a dead letter: a record that a service could not decide, with where it stood and why.
 *
 * Its value and key are the original bytes; kerja_* headers tell the place and the reason, ce_* headers are the
 * sender's own.
 */
#ifndef KERJA_CTL_LETTER_H
#define KERJA_CTL_LETTER_H

#include "base/position.h"
#include "base/record.h"

#include <stdbool.h>

#define DEAD_LETTER_TOPIC "dead.letter"

enum { LETTER_ID_SIZE = TOPIC_NAME_SIZE + 64 };

struct letter {
    struct record record; /* in dead.letter; all texts are borrowed from it */
    struct slice service, reason, sentence;
    struct slice topic, partition, offset; /* where the record stood */
};

/* What a record of dead.letter says; members that its headers lack are empty. */
struct letter letter_of(const struct record *record);

/* "3:1207", a partition and an offset of dead.letter. */
bool letter_place_read(const char *text, int32_t *partition, int64_t *offset);

/* The headers with which the original is sent once more, in `headers` with room for RECORD_HEADERS; their number.
 *
 * The sender's own are kept, its ce_id too: what follows from a record has ids that are functions of that id, so a
 * service that had decided the record already gives the same ids again, if it gives anything, and one that had
 * not gives those that it would have given. A sender without ce_id was known by the record's
 * place; `id` then holds that place as its id, because the place of what is sent now is another. */
size_t letter_headers(const struct letter *letter, struct header *headers,
                      char id[static LETTER_ID_SIZE]);

#endif
