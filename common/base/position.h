/*
 * position - a place in a Kafka partition: the next offset to be read there.
 */
#ifndef KERJA_BASE_POSITION_H
#define KERJA_BASE_POSITION_H

#include <stdint.h>

enum {
    TOPIC_NAME_SIZE = 250, /* Kafka allows 249 characters */
    PARTITION_BOUND = 1024 /* partitions that one process may own */
};

struct topic_partition {
    char topic[TOPIC_NAME_SIZE];
    int32_t partition;
};

struct position {
    struct topic_partition at;
    int64_t offset;
};

#endif
