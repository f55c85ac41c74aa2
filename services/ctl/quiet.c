#include "quiet.h"

#include "base/clock.h"
#include "positions.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LOOK_EVERY_MS = 100,
    LOOK_EVERY_AT_MOST_MS = 500,
    TELL_EVERY_MS = 60000,
    TEXT_SIZE = 400
};

/* What one look saw. */
struct quiet {
    bool quiet;
    char behind[TEXT_SIZE]; /* who is behind, and where; "" when quiet */
    int64_t lag;            /* records between what was read and the ends */
};

/* One place somebody reads, and how far he is. */
struct place {
    const char *reader;
    int64_t decided, published;
};

struct looking {
    struct place places[BROKER_POSITIONS];
    struct position ends[BROKER_POSITIONS];
    size_t count;
    struct service_positions service;
    struct position group[BROKER_POSITIONS];
};

static enum outcome place_add(struct looking *looking, const char *reader,
                              const struct topic_partition *at, int64_t decided,
                              int64_t published, struct error *error)
{
    if (looking->count == BROKER_POSITIONS)
        return error_set(error, STOP, "cannot watch more than %d partitions", BROKER_POSITIONS);
    looking->places[looking->count] = (struct place){reader, decided, published};
    looking->ends[looking->count].at = *at;
    looking->count++;
    return OK;
}

static enum outcome service_add(struct session *session, const char *name,
                                struct looking *looking, struct quiet *quiet)
{
    struct error *error = &session->call->error;
    enum outcome outcome = positions_read_places(session, name, &looking->service);
    if (outcome == OK && looking->service.present && looking->service.count == 0)
        snprintf(quiet->behind, sizeof quiet->behind, "%s has read nothing yet", name);
    for (size_t i = 0; outcome == OK && i < looking->service.count; i++) {
        const struct service_position *position = &looking->service.items[i];
        if (position->conflict)
            return error_set(error, STOP,
                             "cannot go on: the position of %s in \"%s\" partition %d is in "
                             "conflict (%s)",
                             name, position->at.topic, (int)position->at.partition,
                             position->reason);
        outcome = place_add(looking, name, &position->at, position->next_offset,
                            position->committed, error);
    }
    return outcome;
}

static enum outcome group_add(struct session *session, const char *name,
                              struct looking *looking, struct quiet *quiet)
{
    size_t count = BROKER_POSITIONS;
    bool settled = false;
    struct error *error = &session->call->error;
    enum outcome outcome =
        broker_group(session->broker, name, looking->group, &count, &settled, error);
    if (outcome == OK && !settled)
        snprintf(quiet->behind, sizeof quiet->behind, "group %s has no settled members", name);
    for (size_t i = 0; outcome == OK && i < count; i++)
        outcome = place_add(looking, name, &looking->group[i].at, looking->group[i].offset,
                            looking->group[i].offset, error);
    return outcome;
}

/* A partition that never had a record needs no position. */
static int64_t behind_at(const struct looking *looking, size_t i)
{
    const struct place *place = &looking->places[i];
    int64_t reached = place->decided < place->published ? place->decided : place->published;
    if (reached < 0)
        reached = 0;
    return looking->ends[i].offset > reached ? looking->ends[i].offset - reached : 0;
}

static void judge(const struct looking *looking, struct quiet *quiet)
{
    for (size_t i = 0; i < looking->count; i++) {
        int64_t behind = behind_at(looking, i);
        quiet->lag += behind;
        if (behind > 0 && quiet->behind[0] == '\0')
            snprintf(quiet->behind, sizeof quiet->behind,
                     "%s is %" PRId64 " behind in %s partition %d", looking->places[i].reader,
                     behind, looking->ends[i].at.topic, (int)looking->ends[i].at.partition);
    }
    quiet->quiet = quiet->behind[0] == '\0';
}

static enum outcome look(struct session *session, const char *const *groups, size_t group_count,
                         struct looking *looking, struct quiet *quiet)
{
    enum outcome outcome = OK;
    for (size_t i = 0; i < SERVICES && outcome == OK; i++)
        outcome = service_add(session, service_names[i], looking, quiet);
    for (size_t i = 0; i < group_count && outcome == OK; i++)
        outcome = group_add(session, groups[i], looking, quiet);
    if (outcome == OK)
        outcome =
            broker_ends(session->broker, looking->ends, looking->count, &session->call->error);
    return outcome;
}

static enum outcome quiet_look(struct session *session, const char *const *groups,
                               size_t group_count, struct quiet *quiet)
{
    struct looking *looking = calloc(1, sizeof *looking);
    *quiet = (struct quiet){0};
    if (looking == NULL)
        return error_set(&session->call->error, STOP, "cannot look around: no memory");
    enum outcome outcome = look(session, groups, group_count, looking, quiet);
    if (outcome == OK)
        judge(looking, quiet);
    free(looking);
    return outcome;
}

enum outcome quiet_wait(struct session *session, const char *const *groups, size_t group_count)
{
    int wait_ms = LOOK_EVERY_MS;
    int64_t tell_at_ms = monotonic_ms() + TELL_EVERY_MS;
    struct quiet quiet;
    for (;;) {
        enum outcome outcome = quiet_look(session, groups, group_count, &quiet);
        if (outcome == STOP || (outcome == OK && quiet.quiet))
            return outcome;
        /* A server that is away may come back: a clock waits for it. */
        const char *why = outcome == OK ? quiet.behind : session->call->error.text;
        if (monotonic_ms() >= tell_at_ms) {
            tell_at_ms += TELL_EVERY_MS;
            progress_end();
            fprintf(stderr, "kerja clock: still waiting: %s\n", why);
        }
        progress_show("records behind:", quiet.lag, 0);
        if (!session_pause(wait_ms))
            return error_set(&session->call->error, RETRY, "asked to end while waiting: %s",
                             quiet.behind);
        wait_ms = wait_ms < LOOK_EVERY_AT_MOST_MS ? wait_ms + LOOK_EVERY_MS / 2 : wait_ms;
    }
}
