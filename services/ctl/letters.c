#include "letters.h"

#include "base/clock.h"
#include "schemas/events.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

enum { LETTER_PARTITIONS = 1024, POLL_MS = 200, GIVE_UP_MS = 30000 };

static enum outcome places_read(struct session *session, struct position *places, size_t *count)
{
    int found = 0;
    struct error *error = &session->call->error;
    enum outcome outcome =
        broker_partition_count(session->broker, DEAD_LETTER_TOPIC, &found, error);
    if (outcome != OK)
        return outcome;
    if (found > LETTER_PARTITIONS)
        return error_set(error, STOP, "cannot read more than %d partitions", LETTER_PARTITIONS);
    *count = (size_t)found;
    for (int i = 0; i < found; i++) {
        snprintf(places[i].at.topic, sizeof places[i].at.topic, DEAD_LETTER_TOPIC);
        places[i].at.partition = i;
    }
    return broker_starts(session->broker, places, *count, error);
}

enum outcome letters_walk(struct session *session,
                          bool (*take)(void *context, const struct letter *letter),
                          void *context)
{
    static struct position places[LETTER_PARTITIONS];
    struct error *error = &session->call->error;
    struct record record;
    size_t count = 0;
    bool at_end = false;
    int64_t give_up_ms = monotonic_ms() + GIVE_UP_MS;
    enum outcome outcome = places_read(session, places, &count);
    if (outcome == OK)
        outcome = broker_seek(session->broker, places, count, error);
    error->text[0] = outcome == OK ? '\0' : error->text[0];
    while (outcome == OK && !at_end) {
        if (broker_read(session->broker, POLL_MS, &record, &at_end, error)) {
            struct letter letter = letter_of(&record);
            give_up_ms = monotonic_ms() + GIVE_UP_MS;
            if (!take(context, &letter))
                return OK;
        } else if (error->text[0] != '\0') {
            outcome = RETRY;
        } else if (monotonic_ms() > give_up_ms) {
            outcome =
                error_set(error, RETRY, "could not read the dead letters: Kafka is silent");
        }
    }
    return outcome;
}

enum outcome letter_read(struct session *session, int32_t partition, int64_t offset,
                         struct letter *letter)
{
    struct error *error = &session->call->error;
    struct record record;
    struct position place = {.offset = offset};
    bool at_end = false;
    int64_t give_up_ms = monotonic_ms() + GIVE_UP_MS;
    int count = 0;
    enum outcome outcome =
        broker_partition_count(session->broker, DEAD_LETTER_TOPIC, &count, error);
    if (outcome == OK && partition >= count)
        outcome =
            error_set(error, REJECT, "there are only %d partitions of dead letters", count);
    snprintf(place.at.topic, sizeof place.at.topic, DEAD_LETTER_TOPIC);
    place.at.partition = partition;
    if (outcome == OK)
        outcome = broker_seek(session->broker, &place, 1, error);
    if (outcome != OK)
        return outcome;
    error->text[0] = '\0';
    while (!at_end && monotonic_ms() < give_up_ms) {
        if (broker_read(session->broker, POLL_MS, &record, &at_end, error)) {
            if (record.offset != offset)
                break;
            *letter = letter_of(&record);
            return OK;
        }
        if (error->text[0] != '\0')
            return RETRY;
    }
    return error_set(error, REJECT,
                     "no dead letter stands at %" PRId32 ":%" PRId64
                     "; `kerja dead-letters list` has them all",
                     partition, offset);
}

/* plain_send() knows topics by their names, which live as long as the program. */
static const char *topic_known(struct slice topic)
{
    for (size_t i = 0; i < all_events_count; i++)
        if (slice_is(topic, all_events[i]->topic))
            return all_events[i]->topic;
    return NULL;
}

bool letter_can_be_replayed(const struct letter *letter, struct error *error)
{
    if (letter->topic.size == 0 || letter->record.value.size == 0)
        error_set(
            error, REJECT,
            "the letter does not hold what was sent: it was too large, or nothing; it stood in "
            "\"%.*s\" partition %.*s, offset %.*s",
            SLICE_ARGS(letter->topic), SLICE_ARGS(letter->partition),
            SLICE_ARGS(letter->offset));
    else if (topic_known(letter->topic) == NULL)
        error_set(error, REJECT, "\"%.*s\" is no topic of Kerja", SLICE_ARGS(letter->topic));
    else
        return true;
    return false;
}

static enum outcome replay(struct session *session, const struct letter *letter)
{
    struct error *error = &session->call->error;
    struct header headers[RECORD_HEADERS];
    char id[LETTER_ID_SIZE];
    if (!letter_can_be_replayed(letter, error))
        return REJECT;
    size_t count = letter_headers(letter, headers, id);
    enum outcome outcome =
        plain_send(session->producer, topic_known(letter->topic), letter->record.key,
                   letter->record.value, headers, count, 0, error);
    session->sent += outcome == OK;
    return outcome == OK ? session_flush(session) : outcome;
}

enum outcome letter_replay(struct session *session, struct slice event)
{
    struct letter letter;
    json_t *json = json_loadb(event.data, event.size, 0, NULL);
    int64_t partition = json_integer_value(json_object_get(json, "partition"));
    int64_t offset = json_integer_value(json_object_get(json, "offset"));
    json_decref(json);
    if (session->broker == NULL && !session_broker(session))
        return RETRY;
    enum outcome outcome = letter_read(session, (int32_t)partition, offset, &letter);
    return outcome == OK ? replay(session, &letter) : outcome;
}
