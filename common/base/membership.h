/*
 * membership - what Kafka needs to know to accept offsets from a member of a group.
 *
 * A group_metadata names the group, the member and its generation at one moment. It is
 * made and freed by consume/ and used by publish/, which never sees its inside: the pointer
 * is librdkafka's rd_kafka_consumer_group_metadata_t under another name, and these two
 * folders are the only ones that cast it. It does not change once made, so that two
 * threads may use one.
 */
#ifndef KERJA_BASE_MEMBERSHIP_H
#define KERJA_BASE_MEMBERSHIP_H

#include "base/position.h"

#include <stdint.h>

struct group_metadata;

enum {
    COMMITTED_TAG_SIZE = 128,  /* with the terminating zero        */
    COMMITTED_OFFSET_NONE = -1 /* the group has no position there  */
};

/* A position of the group as Kafka keeps it, with the text that its writer left beside it.
 * Reading cuts a longer text: no tag of ours is that long, so it stays foreign. */
struct committed_position {
    struct position position;
    char tag[COMMITTED_TAG_SIZE];
};

#endif
