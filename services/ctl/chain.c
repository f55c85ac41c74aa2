#include "chain.h"

#include "ctl_embedded.h"
#include "worker/service.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SEGMENTS_AT_ONCE = 10, SEGMENTS_SEARCHED = 5000, SEGMENT_ARENA = 64 << 20 };

bool place_parse(struct slice text, struct place *place)
{
    char copy[PLACE_SIZE];
    char *partition, *offset, *end;
    if (text.size == 0 || text.size >= sizeof copy)
        return false;
    memcpy(copy, text.data, text.size);
    copy[text.size] = '\0';
    if ((offset = strrchr(copy, '/')) == NULL)
        return false;
    *offset++ = '\0';
    if ((partition = strrchr(copy, '/')) == NULL)
        return false;
    *partition++ = '\0';
    place->partition = (int32_t)strtol(partition, &end, 10);
    if (*end != '\0' || end == partition)
        return false;
    place->offset = strtoll(offset, &end, 10);
    if (strlen(copy) >= sizeof place->topic)
        return false;
    memcpy(place->topic, copy, strlen(copy) + 1);
    return *end == '\0' && end != offset;
}

static bool hex_append(const char *hex, struct buffer *bytes)
{
    static const char digits[] = "0123456789abcdef";
    for (; hex[0] != '\0' && hex[1] != '\0'; hex += 2) {
        const char *high = strchr(digits, hex[0]), *low = strchr(digits, hex[1]);
        if (high == NULL || low == NULL)
            return false;
        buffer_append_byte(bytes, (unsigned char)((high - digits) << 4 | (low - digits)));
    }
    return !buffer_failed(bytes);
}

/* An explanation of another partition's record, that waited, names its own place. */
static bool is_of(const struct explanation *explanation, const struct place *place)
{
    return explanation->offset == place->offset &&
           (explanation->topic.size == 0 || (slice_is(explanation->topic, place->topic) &&
                                             explanation->partition == place->partition));
}

static bool touches(const struct explanation *explanation, const struct uuid *row)
{
    bool found = uuid_equal(&explanation->subject, row);
    for (size_t i = 0; i < explanation->row_count; i++)
        found = found || uuid_equal(&explanation->rows[i].key, row);
    return found;
}

bool segment_pick(struct slice segment, const struct place *place, const struct uuid *row,
                  struct arena *arena, struct explanation *explanation, struct error *error)
{
    struct explanation read;
    bool found = false;
    error->text[0] = '\0';
    while (explanation_read(&segment, arena, &read, error)) {
        if (!is_of(&read, place) || read.kind == WAITING ||
            (row != NULL && !touches(&read, row)))
            continue;
        *explanation = read;
        found = true;
    }
    return found && error->text[0] == '\0';
}

/* What a segment is searched for. */
struct sought {
    const struct place *place;
    const struct uuid *row;
};

/* Reads a segment from its hexadecimal digits; true when it has the decision. */
static bool has_decision(const char *hex, const struct sought *sought, bool own_lane,
                         struct buffer *segment)
{
    struct explanation read;
    struct arena arena;
    struct error error;
    bool found = false;
    buffer_clear(segment);
    if (!hex_append(hex, segment) || !arena_init(&arena, SEGMENT_ARENA))
        return false;
    struct slice rest = buffer_slice(segment);
    while (!found && explanation_read(&rest, &arena, &read, &error))
        found = is_of(&read, sought->place) && read.kind != WAITING &&
                touches(&read, sought->row) && (own_lane || read.topic.size > 0);
    arena_release(&arena);
    return found;
}

/* A record that waited was decided in a later segment of whatever woke it. */
static enum outcome later_find(struct session *session, const char *created_at,
                               const struct sought *sought, struct buffer *segment)
{
    struct error *error = &session->call->error;
    const struct place *place = sought->place;
    const char *parameters[] = {created_at};
    bool found = false, more = true;
    if (!sql_execute(session->sql, "BEGIN", error))
        return STOP;
    PGresult *cursor = sql_run(session->sql, ctl_sql_segments_later_sql, parameters, 1, error);
    for (int read = 0; cursor != NULL && more && !found && read < SEGMENTS_SEARCHED;
         read += SEGMENTS_AT_ONCE) {
        PGresult *rows = sql_run(session->sql, "FETCH 10 FROM later_segments", NULL, 0, error);
        more = rows != NULL && PQntuples(rows) > 0;
        for (int row = 0; more && !found && row < PQntuples(rows); row++)
            found = has_decision(PQgetvalue(rows, row, 0), sought, false, segment);
        PQclear(rows);
    }
    PQclear(cursor);
    sql_execute(session->sql, "ROLLBACK", error);
    return found
               ? OK
               : error_set(error, REJECT,
                           "cannot find the decision of the record \"%s\" partition %d offset "
                           "%lld, which waited",
                           place->topic, (int)place->partition, (long long)place->offset);
}

enum outcome segment_find(struct session *session, const char *service,
                          const struct place *place, const struct uuid *row,
                          struct buffer *segment)
{
    char schema[64], partition[16], offset[24];
    struct error *error = &session->call->error;
    const struct sought sought = {place, row};
    const char *parameters[] = {place->topic, partition, offset};
    bool found = false;
    snprintf(schema, sizeof schema, "%s_read", service);
    snprintf(partition, sizeof partition, "%d", (int)place->partition);
    snprintf(offset, sizeof offset, "%lld", (long long)place->offset);
    if (!sql_schema(session->sql, schema, error))
        return STOP;
    PGresult *rows = sql_run(session->sql, ctl_sql_segment_sql, parameters, 3, error);
    if (rows == NULL)
        return STOP;
    int count = PQntuples(rows);
    for (int i = 0; i < count && !found; i++)
        found = has_decision(PQgetvalue(rows, i, 0), &sought, true, segment);
    enum outcome outcome = OK;
    if (count == 0)
        outcome =
            error_set(error, REJECT,
                      "cannot find the decision of the record \"%s\" partition %s offset %s "
                      "any more",
                      place->topic, partition, offset);
    else if (!found)
        outcome = later_find(session, PQgetvalue(rows, count - 1, 1), &sought, segment);
    PQclear(rows);
    return outcome;
}
