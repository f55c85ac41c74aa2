/*
 * Holding back: polling goes on, records wait.
 *
 * In librdkafka 2.0.2 a partition that is paused before it has fetched stays silent, and one
 * that is resumed without having been paused goes back. So a partition is paused only once
 * something came from it: while we hold back, that one message or end is kept here, the
 * partition paused then, and what was kept comes first after resuming.
 */
#include "consume/handle.h"

#include <assert.h>

static rd_kafka_topic_partition_list_t *one_of(const struct consumer *consumer,
                                               const struct assigned *assigned)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);

    rd_kafka_topic_partition_list_add(list, consumer->sources.names[assigned->topic],
                                      assigned->partition);
    return list;
}

static enum outcome pause_one(struct consumer *consumer, struct assigned *assigned,
                              struct error *error)
{
    assert(assigned->fetched && !assigned->paused);
    rd_kafka_topic_partition_list_t *list = one_of(consumer, assigned);
    rd_kafka_resp_err_t code = rd_kafka_pause_partitions(consumer->client, list);

    if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
        code = list->elems[0].err;
    rd_kafka_topic_partition_list_destroy(list);
    assigned->paused = code == RD_KAFKA_RESP_ERR_NO_ERROR;
    if (assigned->paused)
        return OK;
    return error_set(error, RETRY, "could not pause \"%s\" partition %d: %s",
                     consumer->sources.names[assigned->topic], (int)assigned->partition,
                     rd_kafka_err2str(code));
}

static enum outcome resume_one(struct consumer *consumer, struct assigned *assigned,
                               struct error *error)
{
    assert(assigned->paused);
    rd_kafka_topic_partition_list_t *list = one_of(consumer, assigned);
    rd_kafka_resp_err_t code = rd_kafka_resume_partitions(consumer->client, list);

    if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
        code = list->elems[0].err;
    rd_kafka_topic_partition_list_destroy(list);
    assigned->paused = code != RD_KAFKA_RESP_ERR_NO_ERROR;
    if (!assigned->paused)
        return OK;
    return error_set(error, RETRY, "could not resume \"%s\" partition %d: %s",
                     consumer->sources.names[assigned->topic], (int)assigned->partition,
                     rd_kafka_err2str(code));
}

void consumer_keep(struct consumer *consumer, struct assigned *assigned,
                   rd_kafka_message_t *message)
{
    if (consumer->kept_count == KEPT_BOUND) {
        rd_kafka_message_destroy(message);
        consumer_lose(consumer, "more records came from paused partitions than can be kept");
        return;
    }
    consumer->kept[consumer->kept_count++] = message;
    assigned->fetched = true;
    /* Where pausing fails, the next message tries again. */
    if (!assigned->paused)
        pause_one(consumer, assigned, NULL);
}

enum outcome consumer_pause(struct consumer *consumer, struct error *error)
{
    struct sources *sources = &consumer->sources;

    consumer->holding_back = true;
    for (size_t i = 0; i < sources->count; i++) {
        if (!sources->items[i].fetched || sources->items[i].paused)
            continue;
        enum outcome outcome = pause_one(consumer, &sources->items[i], error);
        if (outcome != OK)
            return outcome;
    }
    return OK;
}

enum outcome consumer_resume(struct consumer *consumer, struct error *error)
{
    struct sources *sources = &consumer->sources;

    for (size_t i = 0; i < sources->count; i++) {
        if (!sources->items[i].paused)
            continue;
        enum outcome outcome = resume_one(consumer, &sources->items[i], error);
        if (outcome != OK)
            return outcome;
    }
    consumer->holding_back = false;
    return OK;
}

bool consumer_paused(const struct consumer *consumer)
{
    return consumer->holding_back;
}

void consumer_put_back(struct consumer *consumer, rd_kafka_message_t *message)
{
    /* The assignment has just changed, and with it everything kept was let go. */
    assert(consumer->kept_first == consumer->kept_count);
    consumer->kept_first = 0;
    consumer->kept_count = 1;
    consumer->kept[0] = message;
}

rd_kafka_message_t *consumer_take_kept(struct consumer *consumer)
{
    if (consumer->holding_back || consumer->kept_first == consumer->kept_count)
        return NULL;
    rd_kafka_message_t *message = consumer->kept[consumer->kept_first++];
    if (consumer->kept_first == consumer->kept_count)
        consumer->kept_first = consumer->kept_count = 0;
    return message;
}
