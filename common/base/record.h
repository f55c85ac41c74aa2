/*
 * record - one consumed Kafka record, borrowed from the consumer until the batch ends.
 */
#ifndef KERJA_BASE_RECORD_H
#define KERJA_BASE_RECORD_H

#include "base/slice.h"

#include <stddef.h>
#include <stdint.h>

enum { RECORD_HEADERS = 32 }; /* further headers are not read */

struct header {
    struct slice name, value;
};

struct record {
    uint32_t source;   /* index of the assigned partition in this assignment   */
    const char *topic; /* lives as long as the consumer                        */
    int32_t partition;
    int64_t offset;
    int64_t timestamp_ms; /* LogAppendTime                                        */
    struct slice key;     /* empty when there was none                            */
    struct slice value;   /* empty for a tombstone                                */
    bool has_value;
    struct header *headers;
    size_t header_count;
    void *handle; /* the library's message, given back by consumer_release() */
};

#endif
