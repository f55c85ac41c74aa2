#include "positions.h"

#include "ctl_embedded.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WAIT_STEP_MS = 100 };

const char *const service_names[SERVICES] = {"application", "completion", "incentive"};

bool service_known(const char *name)
{
    size_t i = 0;
    while (i < SERVICES && strcmp(service_names[i], name) != 0)
        i++;
    return i < SERVICES;
}

static enum outcome rows_read(struct session *session, struct service_positions *positions)
{
    struct error *error = &session->call->error;
    char schema[64];
    const char *parameters[] = {session->cluster_id};
    snprintf(schema, sizeof schema, "%s_read", positions->service);
    error->text[0] = '\0';
    positions->present = sql_has(session->sql, schema, "source_position", error);
    if (!positions->present)
        return error->text[0] == '\0' ? OK : STOP;
    if (!sql_schema(session->sql, schema, error))
        return STOP;
    PGresult *result = sql_run(session->sql, ctl_sql_positions_sql, parameters, 1, error);
    if (result == NULL)
        return STOP;
    if (PQntuples(result) > POSITIONS) {
        PQclear(result);
        return error_set(error, STOP, "cannot hold more than %d positions of %s", POSITIONS,
                         positions->service);
    }
    for (int row = 0; row < PQntuples(result); row++) {
        struct service_position *position = &positions->items[positions->count++];
        *position =
            (struct service_position){.at.partition = (int32_t)sql_number(result, row, 1),
                                      .published_next = sql_number(result, row, 2),
                                      .next_offset = sql_number(result, row, 3),
                                      .committed = -1,
                                      .conflict = slice_is(sql_text(result, row, 4), "t")};
        snprintf(position->at.topic, sizeof position->at.topic, "%s",
                 PQgetvalue(result, row, 0));
        snprintf(position->owner, sizeof position->owner, "%s", PQgetvalue(result, row, 5));
        snprintf(position->reason, sizeof position->reason, "%s", PQgetvalue(result, row, 6));
    }
    PQclear(result);
    return OK;
}

static enum outcome committed_read(struct session *session, struct service_positions *positions,
                                   struct position *scratch)
{
    size_t count = BROKER_POSITIONS;
    bool settled;
    enum outcome outcome = broker_group(session->broker, positions->service, scratch, &count,
                                        &settled, &session->call->error);
    for (size_t i = 0; outcome == OK && i < positions->count; i++)
        for (size_t k = 0; k < count; k++)
            if (scratch[k].at.partition == positions->items[i].at.partition &&
                strcmp(scratch[k].at.topic, positions->items[i].at.topic) == 0)
                positions->items[i].committed = scratch[k].offset;
    return outcome;
}

static enum outcome ends_read(struct session *session, struct service_positions *positions,
                              struct position *scratch)
{
    for (size_t i = 0; i < positions->count; i++)
        scratch[i].at = positions->items[i].at;
    enum outcome outcome =
        broker_ends(session->broker, scratch, positions->count, &session->call->error);
    for (size_t i = 0; outcome == OK && i < positions->count; i++)
        positions->items[i].end = scratch[i].offset;
    return outcome;
}

static enum outcome read_all(struct session *session, const char *service, bool with_ends,
                             struct service_positions *positions)
{
    struct position *scratch = malloc(BROKER_POSITIONS * sizeof *scratch);
    positions->service = service;
    positions->present = false;
    positions->count = 0;
    if (scratch == NULL)
        return error_set(&session->call->error, STOP, "cannot hold positions: no memory");
    enum outcome outcome = rows_read(session, positions);
    if (outcome == OK && positions->count > 0)
        outcome = committed_read(session, positions, scratch);
    if (outcome == OK && with_ends)
        outcome = ends_read(session, positions, scratch);
    free(scratch);
    return outcome;
}

enum outcome positions_read(struct session *session, const char *service,
                            struct service_positions *positions)
{
    return read_all(session, service, true, positions);
}

enum outcome positions_read_places(struct session *session, const char *service,
                                   struct service_positions *positions)
{
    return read_all(session, service, false, positions);
}

int64_t positions_lag(const struct service_positions *positions, int64_t *worst)
{
    int64_t sum = 0, most = 0;
    for (size_t i = 0; i < positions->count; i++) {
        int64_t lag = positions->items[i].end - positions->items[i].next_offset;
        if (lag < 0)
            lag = 0;
        sum += lag;
        most = lag > most ? lag : most;
    }
    if (worst != NULL)
        *worst = most;
    return sum;
}

size_t positions_conflicts(const struct service_positions *positions)
{
    size_t count = 0;
    for (size_t i = 0; i < positions->count; i++)
        count += positions->items[i].conflict;
    return count;
}

static bool conflict_said(struct session *session, const struct service_positions *positions)
{
    for (size_t i = 0; i < positions->count; i++) {
        const struct service_position *position = &positions->items[i];
        if (position->conflict) {
            error_set(&session->call->error, STOP,
                      "cannot wait for %s: its position in \"%s\" partition %d is in conflict "
                      "(%s)",
                      positions->service, position->at.topic, (int)position->at.partition,
                      position->reason);
            return true;
        }
    }
    return false;
}

/* How many records are left before `ends`, which stand in the order of the first reading. */
static int64_t left_before(const struct service_positions *now,
                           const struct service_positions *then)
{
    int64_t left = 0;
    for (size_t i = 0; i < then->count; i++)
        for (size_t k = 0; k < now->count; k++)
            if (now->items[k].at.partition == then->items[i].at.partition &&
                strcmp(now->items[k].at.topic, then->items[i].at.topic) == 0 &&
                now->items[k].next_offset < then->items[i].end)
                left += then->items[i].end - now->items[k].next_offset;
    return left;
}

bool positions_wait_past_now(struct session *session, const char *service, const char *what)
{
    static struct service_positions then, now;
    bool past = false;
    if (positions_read(session, service, &then) != OK)
        return false;
    if (!then.present || then.count == 0) {
        error_set(&session->call->error, STOP,
                  "cannot wait for the service %s: it has no positions in this cluster; start "
                  "kerja-%s first",
                  service, service);
        return false;
    }
    now = then;
    for (;;) {
        int64_t left = left_before(&now, &then);
        past = left == 0;
        if (past || conflict_said(session, &now))
            break;
        progress_show(what, left, 0);
        if (!session_pause(WAIT_STEP_MS)) {
            error_set(&session->call->error, RETRY, "asked to end before %s was through",
                      service);
            break;
        }
        if (positions_read(session, service, &now) != OK)
            break;
    }
    progress_end();
    return past;
}

enum outcome positions_past(struct session *session, const char *service, instant_us at,
                            bool *past)
{
    static struct service_positions positions;
    static struct position ends[POSITIONS];
    enum outcome outcome = positions_read(session, service, &positions);
    if (outcome != OK)
        return outcome;
    for (size_t i = 0; i < positions.count; i++)
        ends[i].at = positions.items[i].at;
    outcome =
        broker_offsets_at(session->broker, ends, positions.count,
                          at < 0 ? 0 : at / (US_PER_SECOND / 1000), &session->call->error);
    if (outcome != OK)
        return outcome;
    *past = positions.count > 0;
    for (size_t i = 0; i < positions.count; i++)
        *past = *past && positions.items[i].next_offset >= ends[i].offset;
    return OK;
}
