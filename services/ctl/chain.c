#include "chain.h"

#include "ctl_embedded.h"
#include "worker/service.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SEGMENTS_AT_ONCE = 10, SEGMENTS_SEARCHED = 5000 };

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

static bool has_decision(struct slice segment, const struct place *place, bool own_lane)
{
    struct explanation read;
    struct arena arena;
    struct error error;
    bool found = false;
    if (!arena_init(&arena, (size_t)64 << 20))
        return false;
    while (!found && explanation_read(&segment, &arena, &read, &error))
        found =
            is_of(&read, place) && read.kind != WAITING && (own_lane || read.topic.size > 0);
    arena_release(&arena);
    return found;
}

/* A record that waited was decided in a later segment of whatever woke it. */
static enum outcome later_find(struct session *session, const char *created_at,
                               const struct place *place, struct buffer *segment)
{
    struct error *error = &session->call->error;
    const char *parameters[] = {created_at};
    bool found = false, more = true;
    if (!sql_execute(session->sql, "BEGIN", error))
        return STOP;
    PGresult *cursor = sql_run(session->sql, ctl_sql_segments_later_sql, parameters, 1, error);
    for (int read = 0; cursor != NULL && more && !found && read < SEGMENTS_SEARCHED;
         read += SEGMENTS_AT_ONCE) {
        PGresult *rows = sql_run(session->sql, "FETCH 10 FROM later_segments", NULL, 0, error);
        more = rows != NULL && PQntuples(rows) > 0;
        for (int row = 0; more && !found && row < PQntuples(rows); row++) {
            buffer_clear(segment);
            found = hex_append(PQgetvalue(rows, row, 0), segment) &&
                    has_decision(buffer_slice(segment), place, false);
        }
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
                          const struct place *place, struct buffer *segment)
{
    char schema[64], partition[16], offset[24];
    struct error *error = &session->call->error;
    const char *parameters[] = {place->topic, partition, offset};
    snprintf(schema, sizeof schema, "%s_read", service);
    snprintf(partition, sizeof partition, "%d", (int)place->partition);
    snprintf(offset, sizeof offset, "%lld", (long long)place->offset);
    buffer_clear(segment);
    if (!sql_schema(session->sql, schema, error))
        return STOP;
    PGresult *rows = sql_run(session->sql, ctl_sql_segment_sql, parameters, 3, error);
    if (rows == NULL)
        return STOP;
    enum outcome outcome =
        PQntuples(rows) == 1 && hex_append(PQgetvalue(rows, 0, 0), segment)
            ? OK
            : error_set(error, REJECT,
                        "cannot find the decision of the record \"%s\" partition %s offset %s "
                        "any more",
                        place->topic, partition, offset);
    if (outcome == OK && !has_decision(buffer_slice(segment), place, true))
        outcome = later_find(session, PQgetvalue(rows, 0, 1), place, segment);
    PQclear(rows);
    return outcome;
}
