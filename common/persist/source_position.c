#include "persist/source_position.h"

#include "persist/columns.h"
#include "persist/pipeline.h"

#include <assert.h>
#include <stdio.h>

static void key_parameters(struct parameters *parameters, struct database *database,
                           const char *cluster_id)
{
    parameters_begin(parameters, &database->parameters);
    parameters_text(parameters, database->settings.service);
    parameters_text(parameters, cluster_id);
}

static void partition_parameters(struct parameters *parameters, struct database *database,
                                 const char *cluster_id, const struct topic_partition *at)
{
    key_parameters(parameters, database, cluster_id);
    parameters_text(parameters, at->topic);
    parameters_number(parameters, at->partition);
}

static void text_copy(char *text, size_t size, struct slice from)
{
    snprintf(text, size, "%.*s", SLICE_ARGS(from));
}

static void position_read(const PGresult *result, int row, struct source_position *position)
{
    *position = (struct source_position){
        .at.partition = answer_int4(result, row, 1),
        .next_offset = answer_int8(result, row, 2),
        .published_next = answer_int8(result, row, 3),
        .owner_epoch = answer_int8(result, row, 4),
        .conflict = answer_bool(result, row, 5),
    };
    text_copy(position->at.topic, sizeof position->at.topic, answer_bytes(result, row, 0));
    text_copy(position->reason, sizeof position->reason, answer_bytes(result, row, 6));
}

static int compare_start(const void *a, const void *b)
{
    const struct position *one = *(const struct position *const *)a;
    const struct position *other = *(const struct position *const *)b;
    int order = strcmp(one->at.topic, other->at.topic);
    return order != 0 ? order
                      : (one->at.partition > other->at.partition) -
                            (one->at.partition < other->at.partition);
}

/* Sorted, because two claimants lock many rows and must take them in one order. */
static void starts_append(const struct position *starts, size_t count,
                          struct parameters *parameters)
{
    const struct position *sorted[PARTITION_BOUND];
    struct slice topics[PARTITION_BOUND];
    int32_t partitions[PARTITION_BOUND];
    int64_t offsets[PARTITION_BOUND];
    for (size_t i = 0; i < count; i++)
        sorted[i] = &starts[i];
    qsort(sorted, count, sizeof *sorted, compare_start);
    for (size_t i = 0; i < count; i++) {
        topics[i] = slice_of(sorted[i]->at.topic);
        partitions[i] = sorted[i]->at.partition;
        offsets[i] = sorted[i]->offset;
    }
    array_append_text(topics, count, sizeof *topics, parameters->buffer);
    parameters_binary(parameters);
    array_append_int4(partitions, count, sizeof *partitions, parameters->buffer);
    parameters_binary(parameters);
    array_append_int8(offsets, count, sizeof *offsets, parameters->buffer);
    parameters_binary(parameters);
}

static bool claimed_find(const PGresult *result, const struct topic_partition *at,
                         struct source_position *claimed)
{
    for (int row = 0; row < PQntuples(result); row++) {
        struct source_position position;
        position_read(result, row, &position);
        if (position.at.partition == at->partition &&
            strcmp(position.at.topic, at->topic) == 0) {
            *claimed = position;
            return true;
        }
    }
    return false;
}

enum outcome source_position_claim(struct database *database, const char *cluster_id,
                                   const char *owner, const struct position *starts,
                                   size_t count, struct source_position *claimed,
                                   struct error *error)
{
    struct parameters parameters;
    PGresult *result = NULL;
    assert(count <= PARTITION_BOUND && !database->in_transaction);
    if (count == 0)
        return OK;
    key_parameters(&parameters, database, cluster_id);
    starts_append(starts, count, &parameters);
    parameters_text(&parameters, owner);
    enum outcome outcome =
        pipeline_single(database, "claim_positions", &parameters, &result, error);
    for (size_t i = 0; i < count && outcome == OK; i++) {
        if (!claimed_find(result, &starts[i].at, &claimed[i]))
            outcome = error_set(error, STOP, "cannot find the claimed position of \"%s\" %d",
                                starts[i].at.topic, starts[i].at.partition);
    }
    PQclear(result);
    return outcome;
}

enum outcome source_position_list(struct database *database, const char *cluster_id,
                                  struct source_position **positions, size_t *count,
                                  struct arena *arena, struct error *error)
{
    struct parameters parameters;
    PGresult *result = NULL;
    key_parameters(&parameters, database, cluster_id);
    enum outcome outcome =
        pipeline_single(database, "list_positions", &parameters, &result, error);
    if (outcome == OK) {
        size_t rows = (size_t)PQntuples(result);
        struct source_position *read = arena_alloc(arena, rows * sizeof *read);
        if (read == NULL)
            outcome = error_set(error, REJECT, "cannot hold %zu positions", rows);
        for (size_t i = 0; read != NULL && i < rows; i++)
            position_read(result, (int)i, &read[i]);
        if (read != NULL) {
            *positions = read;
            *count = rows;
        }
    }
    PQclear(result);
    return outcome;
}

/* Statements that answer one row when they found theirs. */
static enum outcome position_change(struct database *database, const char *statement,
                                    const struct parameters *parameters,
                                    const struct topic_partition *at, struct error *error)
{
    PGresult *result = NULL;
    enum outcome outcome = pipeline_single(database, statement, parameters, &result, error);
    if (outcome == OK && PQntuples(result) != 1)
        outcome = error_set(error, REJECT,
                            "cannot change the position of \"%s\" %d: it is not there, or "
                            "another process owns it",
                            at->topic, at->partition);
    PQclear(result);
    return outcome;
}

enum outcome source_position_conflict(struct database *database, const char *cluster_id,
                                      const struct source_position *position,
                                      const char *reason, struct error *error)
{
    struct parameters parameters;
    partition_parameters(&parameters, database, cluster_id, &position->at);
    parameters_number(&parameters, position->owner_epoch);
    parameters_text(&parameters, reason);
    return position_change(database, "conflict_position", &parameters, &position->at, error);
}

enum outcome source_position_set(struct database *database, const char *cluster_id,
                                 const struct position_command *command, struct error *error)
{
    struct parameters parameters;
    partition_parameters(&parameters, database, cluster_id, &command->at);
    parameters_number(&parameters, command->next_offset);
    parameters_number(&parameters, command->published_next);
    parameters_text(&parameters, command->forget ? "true" : "false");
    return position_change(database, "set_position", &parameters, &command->at, error);
}

/* As many rows as the arena holds, at least one: the caller goes on behind the last. */
static enum outcome outbox_rows_read(const PGresult *result, struct stored_payload **rows,
                                     size_t *count, struct arena *arena, struct error *error)
{
    size_t found = (size_t)PQntuples(result), read = 0;
    struct stored_payload *taken = arena_alloc(arena, found * sizeof *taken);
    for (; taken != NULL && read < found; read++) {
        int row = (int)read;
        taken[read] = (struct stored_payload){
            .from_offset = answer_int8(result, row, 0),
            .next_offset = answer_int8(result, row, 1),
            .record_count = answer_int4(result, row, 2),
            .payload = arena_copy(arena, answer_bytes(result, row, 3)),
        };
        if (taken[read].payload.data == NULL)
            break;
    }
    if (taken == NULL || (found > 0 && read == 0))
        return error_set(error, REJECT, "cannot hold a row of the outbox: no room");
    *rows = taken;
    *count = read;
    return OK;
}

enum outcome outbox_read(struct database *database, const char *cluster_id,
                         const struct topic_partition *at, int64_t from, int64_t until,
                         size_t limit, struct stored_payload **rows, size_t *count,
                         struct arena *arena, struct error *error)
{
    struct parameters parameters;
    PGresult *result = NULL;
    partition_parameters(&parameters, database, cluster_id, at);
    parameters_number(&parameters, from);
    parameters_number(&parameters, until);
    parameters_number(&parameters, (int64_t)limit);
    enum outcome outcome =
        pipeline_single(database, "read_outbox", &parameters, &result, error);
    if (outcome == OK)
        outcome = outbox_rows_read(result, rows, count, arena, error);
    PQclear(result);
    return outcome;
}
