#include "consume/handle.h"

/* An opaque pointer is all that base/ promises; this folder and publish/ know what it points
 * to. */
static struct group_metadata *as_opaque(rd_kafka_consumer_group_metadata_t *metadata)
{
    return (struct group_metadata *)metadata;
}

struct group_metadata *consumer_group_metadata(struct consumer *consumer, struct error *error)
{
    rd_kafka_consumer_group_metadata_t *metadata =
        rd_kafka_consumer_group_metadata(consumer->client);
    char *member = rd_kafka_memberid(consumer->client);
    bool named = metadata != NULL && member != NULL && *member != '\0';

    if (member != NULL)
        rd_kafka_mem_free(consumer->client, member);
    if (named)
        return as_opaque(metadata);
    if (metadata != NULL)
        rd_kafka_consumer_group_metadata_destroy(metadata);
    error_set(error, RETRY, "could not save the membership: the group gave no member id");
    return NULL;
}

void group_metadata_free(struct group_metadata *metadata)
{
    if (metadata != NULL)
        rd_kafka_consumer_group_metadata_destroy(
            (rd_kafka_consumer_group_metadata_t *)metadata);
}
