/*
 * chain - the decisions about one row, from the newest back to the first.
 *
 * A row says where the record was that decided it last, as "topic/partition/offset"; the decision of that
 * record lies in the segment that covers it, and says which decision stood before.
 */
#ifndef KERJA_CTL_CHAIN_H
#define KERJA_CTL_CHAIN_H

#include "session.h"
#include "worker/explanation.h"

enum { PLACE_SIZE = TOPIC_NAME_SIZE + 40 };

/* Where a record is. */
struct place {
    char topic[TOPIC_NAME_SIZE];
    int32_t partition;
    int64_t offset;
};

/* Reads "topic/partition/offset"; false for anything else. */
bool place_parse(struct slice text, struct place *place);

/* Finds the newest decisions that the service made of a record and that touched the row: the segment's bytes go to
 * `segment`. More than one segment covers a record that was read again, or a topic that was made anew. RETRY or STOP: could
 * not ask; REJECT: there is none (any more). */
enum outcome segment_find(struct session *session, const char *service,
                          const struct place *place, const struct uuid *row,
                          struct buffer *segment);

/* The decision of a segment that the record at `place` caused and that touched the row, or that was about
 * it; false when there is none. */
bool segment_pick(struct slice segment, const struct place *place, const struct uuid *row,
                  struct arena *arena, struct explanation *explanation, struct error *error);

#endif
