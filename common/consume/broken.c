#include "consume/broken.h"

#ifdef KERJA_BROKEN

#include "consume/handle.h"

#include <string.h>

enum outcome consumer_commit(struct consumer *consumer,
                             const struct committed_position *positions, size_t count,
                             struct error *error)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)count);
    for (size_t i = 0; i < count; i++) {
        rd_kafka_topic_partition_t *to = rd_kafka_topic_partition_list_add(
            list, positions[i].position.at.topic, positions[i].position.at.partition);
        to->offset = positions[i].position.offset;
        to->metadata = strdup(positions[i].tag); /* the list frees it */
        to->metadata_size = strlen(positions[i].tag);
    }
    rd_kafka_resp_err_t code = rd_kafka_commit(consumer->client, list, 0);
    rd_kafka_topic_partition_list_destroy(list);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
        return OK;
    return error_set(error, RETRY, "could not commit offsets: %s", rd_kafka_err2str(code));
}

#endif
