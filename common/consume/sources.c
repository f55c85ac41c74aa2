#include "consume/sources.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

bool sources_init(struct sources *sources, const char *const *names, size_t count)
{
    memset(sources, 0, sizeof *sources);
    sources->names = calloc(count, sizeof *sources->names);
    sources->places = malloc(count * PARTITION_BOUND * sizeof *sources->places);
    if (sources->names == NULL || sources->places == NULL)
        return false;
    memset(sources->places, -1, count * PARTITION_BOUND * sizeof *sources->places);
    for (size_t i = 0; i < count; i++) {
        sources->names[i] = strdup(names[i]);
        if (sources->names[i] == NULL)
            return false;
        sources->name_count++;
    }
    return true;
}

void sources_release(struct sources *sources)
{
    for (size_t i = 0; i < sources->name_count; i++)
        free(sources->names[i]);
    free(sources->names);
    free(sources->places);
}

static int16_t *place_of(struct sources *sources, size_t topic, int32_t partition)
{
    return &sources->places[topic * PARTITION_BOUND + (size_t)partition];
}

void sources_clear(struct sources *sources)
{
    for (size_t i = 0; i < sources->count; i++)
        *place_of(sources, sources->items[i].topic, sources->items[i].partition) = -1;
    sources->count = 0;
}

/* At most CONSUMER_TOPICS short names: a walk is as fast as a hash. */
static bool find_topic(const struct sources *sources, const char *name, size_t *topic)
{
    for (size_t i = 0; i < sources->name_count; i++) {
        if (strcmp(sources->names[i], name) == 0) {
            *topic = i;
            return true;
        }
    }
    return false;
}

bool sources_add(struct sources *sources, const struct position *position)
{
    int32_t partition = position->at.partition;
    size_t topic;

    if (sources->count == PARTITION_BOUND || partition < 0 || partition >= PARTITION_BOUND ||
        !find_topic(sources, position->at.topic, &topic) ||
        *place_of(sources, topic, partition) >= 0)
        return false;
    *place_of(sources, topic, partition) = (int16_t)sources->count;
    sources->items[sources->count++] = (struct assigned){
        .topic = (uint16_t)topic, .partition = partition, .expected = position->offset};
    return true;
}

struct assigned *sources_find(struct sources *sources, const char *topic, int32_t partition)
{
    size_t index;

    if (partition < 0 || partition >= PARTITION_BOUND || !find_topic(sources, topic, &index))
        return NULL;
    int16_t place = *place_of(sources, index, partition);
    return place < 0 ? NULL : &sources->items[place];
}

bool assigned_accept(struct assigned *assigned, int64_t offset, int64_t next)
{
    assert(next >= offset);
    if (offset < assigned->expected)
        return false;
    assigned->expected = next;
    return true;
}
