#include "persist/batch.h"

#include "base/broken.h"
#include "base/fault_point.h"
#include "base/position.h"
#include "persist/batch_order.h"
#include "persist/limit.h"
#include "persist/pipeline.h"
#include "persist/statement.h"
#include "persist/timer_rows.h"
#include "persist/waiting_rows.h"

#include <assert.h>

/* What a statement is about decides what its failure means: a value that does not fit comes from a
 * record only where records' values go. */
enum step { STEP_BEGIN, STEP_LOOP, STEP_RECORDS, STEP_COMMIT };

enum { STEP_BOUND = 512 }; /* three a table, one a limit table, eight of the loop */

struct commit {
    struct database *database;
    const struct batch *batch;
    struct pipeline pipeline;
    struct parameters parameters;
    enum step steps[STEP_BOUND];
    int step_count;
    bool refused; /* a value could not be encoded: nothing may be committed */
};

static void step_add(struct commit *commit, enum step step)
{
    assert(commit->step_count < STEP_BOUND);
    commit->steps[commit->step_count++] = step;
}

static void step_text(struct commit *commit, enum step step, const char *sql)
{
    if (pipeline_send_text(&commit->pipeline, sql))
        step_add(commit, step);
}

static void step_send(struct commit *commit, enum step step, const char *statement)
{
    if (buffer_failed(commit->parameters.buffer))
        commit->refused = true;
    else if (!commit->refused &&
             pipeline_send(&commit->pipeline, statement, &commit->parameters))
        step_add(commit, step);
}

static struct buffer *step_begin(struct commit *commit)
{
    parameters_begin(&commit->parameters, &commit->database->parameters);
    return commit->parameters.buffer;
}

/* Texts of topics are zero-terminated: they become elements one by one. */
static void topics_append(struct commit *commit, const struct batch_source *const *sources,
                          size_t count)
{
    parameters_text(&commit->parameters, commit->database->settings.service);
    parameters_text(&commit->parameters, commit->batch->cluster_id);
    struct slice topics[PARTITION_BOUND];
    int32_t partitions[PARTITION_BOUND];
    for (size_t i = 0; i < count; i++) {
        topics[i] = slice_of(sources[i]->topic);
        partitions[i] = sources[i]->partition;
    }
    array_append_text(topics, count, sizeof *topics, commit->parameters.buffer);
    parameters_binary(&commit->parameters);
    array_append_int4(partitions, count, sizeof *partitions, commit->parameters.buffer);
    parameters_binary(&commit->parameters);
}

static void offsets_append(struct commit *commit, const struct batch_source *const *sources,
                           size_t count, size_t member)
{
    int64_t numbers[PARTITION_BOUND];
    for (size_t i = 0; i < count; i++)
        memcpy(&numbers[i], (const char *)sources[i] + member, sizeof numbers[i]);
    array_append_int8(numbers, count, sizeof *numbers, commit->parameters.buffer);
    parameters_binary(&commit->parameters);
}

#define SOURCE_MEMBER(name) offsetof(struct batch_source, name)

/* The sources for which a count, or a distance, is there to be stored. */
enum source_choice { SOURCES_ALL, SOURCES_MOVED, SOURCES_DECIDED, SOURCES_PUBLISHED };

static bool source_chosen(const struct batch_source *source, enum source_choice choice)
{
    switch (choice) {
    case SOURCES_ALL:
        return true;
    case SOURCES_MOVED:
        return source->next_offset > source->from_offset &&
               !(BROKEN(EMPTY_ROWS_LEFT_OUT) && source->record_count == 0);
    case SOURCES_DECIDED:
        return source->next_offset > source->from_offset && source->decision_count > 0;
    case SOURCES_PUBLISHED:
        return source->published_next > 0;
    }
    return false;
}

static size_t sources_choose(const struct batch *batch, enum source_choice choice,
                             const struct batch_source *chosen[static PARTITION_BOUND])
{
    size_t count = 0;
    assert(batch->source_count <= PARTITION_BOUND);
    for (size_t i = 0; i < batch->source_count; i++) {
        if (source_chosen(&batch->sources[i], choice))
            chosen[count++] = &batch->sources[i];
    }
    return count;
}

static void positions_send(struct commit *commit)
{
    const struct batch_source *chosen[PARTITION_BOUND];
    size_t count = sources_choose(commit->batch, SOURCES_ALL, chosen);
    if (count == 0)
        return;
    step_begin(commit);
    topics_append(commit, chosen, count);
    offsets_append(commit, chosen, count, SOURCE_MEMBER(from_offset));
    offsets_append(commit, chosen, count, SOURCE_MEMBER(next_offset));
    offsets_append(commit, chosen, count, SOURCE_MEMBER(owner_epoch));
    offsets_append(commit, chosen, count, SOURCE_MEMBER(published_next));
    parameters_number(&commit->parameters, (int64_t)count);
    step_send(commit, STEP_LOOP, "move_positions");
}

static void prune_send(struct commit *commit)
{
    const struct batch_source *chosen[PARTITION_BOUND];
    size_t count = sources_choose(commit->batch, SOURCES_PUBLISHED, chosen);
    if (count == 0)
        return;
    step_begin(commit);
    topics_append(commit, chosen, count);
    offsets_append(commit, chosen, count, SOURCE_MEMBER(published_next));
    step_send(commit, STEP_LOOP, "prune_outbox");
}

/* Outbox rows and decision segments have one shape: a key, a count, bytes. */
static void segments_send(struct commit *commit, enum source_choice choice,
                          const char *statement)
{
    const struct batch_source *chosen[PARTITION_BOUND];
    int32_t counts[PARTITION_BOUND];
    struct slice bytes[PARTITION_BOUND];
    size_t count = sources_choose(commit->batch, choice, chosen);
    if (count == 0)
        return;
    for (size_t i = 0; i < count; i++) {
        bool outbox = choice == SOURCES_MOVED;
        counts[i] = outbox ? chosen[i]->record_count : chosen[i]->decision_count;
        bytes[i] = outbox ? chosen[i]->outbox : chosen[i]->decisions;
    }
    struct buffer *buffer = step_begin(commit);
    topics_append(commit, chosen, count);
    offsets_append(commit, chosen, count, SOURCE_MEMBER(from_offset));
    offsets_append(commit, chosen, count, SOURCE_MEMBER(next_offset));
    array_append_int4(counts, count, sizeof *counts, buffer);
    parameters_binary(&commit->parameters);
    array_append_bytes(bytes, count, sizeof *bytes, buffer);
    parameters_binary(&commit->parameters);
    step_send(commit, STEP_LOOP, statement);
}

static void rows_send(struct commit *commit, const struct row_type *type,
                      enum row_statement kind, const void *const *rows, size_t count)
{
    char name[STATEMENT_NAME_SIZE];
    if (count == 0)
        return;
    struct buffer *buffer = step_begin(commit);
    for (size_t i = 0; i < type->record->field_count; i++) {
        if (!column_append(&type->record->fields[i], rows, count, commit->batch->codec, buffer))
            commit->refused = true;
        parameters_binary(&commit->parameters);
    }
    if (kind == ROW_SAVE)
        parameters_number(&commit->parameters, (int64_t)count);
    statement_row_name(type, kind, name);
    step_send(commit, STEP_RECORDS, name);
}

/* Keys found absent stand before the others: sorted by whether there was a version. */
static void checks_send(struct commit *commit, const struct batch_table *table)
{
    char name[STATEMENT_NAME_SIZE];
    size_t count = table->check_count, present = 0;
    if (count == 0)
        return;
    struct read_check *split = malloc(count * sizeof *split);
    if (split == NULL) {
        commit->refused = true;
        return;
    }
    for (size_t i = 0; i < count; i++) {
        if (table->checks[i].version != 0)
            split[present++] = table->checks[i];
    }
    for (size_t i = 0, absent = present; i < count; i++) {
        if (table->checks[i].version == 0)
            split[absent++] = table->checks[i];
    }
    struct buffer *buffer = step_begin(commit);
    array_append_uuid(&split->key, present, sizeof *split, buffer);
    parameters_binary(&commit->parameters);
    array_append_int8(&split->version, present, sizeof *split, buffer);
    parameters_binary(&commit->parameters);
    array_append_uuid(&split[present == count ? 0 : present].key, count - present,
                      sizeof *split, buffer);
    parameters_binary(&commit->parameters);
    free(split);
    statement_row_name(table->type, ROW_CHECK, name);
    step_send(commit, STEP_LOOP, name);
}

static void limits_send(struct commit *commit)
{
    const struct batch *batch = commit->batch;
    for (size_t i = 0, end; i < batch->limit_count; i = end) {
        char name[STATEMENT_NAME_SIZE];
        for (end = i + 1;
             end < batch->limit_count && batch->limits[end].table == batch->limits[i].table;)
            end++;
        step_begin(commit);
        if (!limit_parameters(&batch->limits[i], end - i, batch->codec, &commit->parameters))
            commit->refused = true;
        statement_row_name(batch->limits[i].table, ROW_LIMIT, name);
        step_send(commit, STEP_RECORDS, name); /* amounts come from records, and add up */
    }
}

static void early_events_send(struct commit *commit)
{
    const struct batch *batch = commit->batch;
    if (batch->timer_count > 0) {
        step_begin(commit);
        timer_parameters(batch->timers, batch->timer_count, &commit->parameters);
        step_send(commit, STEP_RECORDS, "insert_timers");
    }
    if (batch->waiting_put_count > 0) {
        step_begin(commit);
        waiting_put_parameters(batch->waiting_put, batch->waiting_put_count,
                               &commit->parameters);
        step_send(commit, STEP_RECORDS, "put_waiting");
    }
    if (batch->waiting_done_count > 0) {
        step_begin(commit);
        waiting_done_parameters(batch->waiting_done, batch->waiting_done_count,
                                &commit->parameters);
        step_send(commit, STEP_LOOP, "delete_waiting");
    }
}

/* The order of this function is the order of effects, and of locks. */
static void batch_send(struct commit *commit)
{
    const struct batch *batch = commit->batch;
    if (!commit->database->in_transaction)
        step_text(commit, STEP_BEGIN, "BEGIN");
    positions_send(commit);
    for (size_t i = 0; i < batch->table_count; i++) {
        const struct batch_table *table = &batch->tables[i];
        rows_send(commit, table->type, ROW_INSERT, table->inserts, table->insert_count);
        rows_send(commit, table->type, ROW_SAVE, table->saves, table->save_count);
    }
    for (size_t i = 0; i < batch->table_count; i++)
        checks_send(commit, &batch->tables[i]);
    early_events_send(commit);
    segments_send(commit, SOURCES_DECIDED, "insert_decisions");
    if (!BROKEN(AT_LEAST_ONCE)) {
        segments_send(commit, SOURCES_MOVED, "insert_outbox");
        prune_send(commit);
    }
    limits_send(commit);
    step_text(commit, STEP_COMMIT, commit->refused ? "ROLLBACK" : "COMMIT");
}

static enum commit_result commit_fault(enum fault fault, enum step step)
{
    switch (fault) {
    case FAULT_STALE:
        return COMMIT_STALE;
    case FAULT_READ_CHANGED:
        return COMMIT_READ_CHANGED;
    case FAULT_POSITION:
        return COMMIT_POSITION_LOST;
    case FAULT_LIMIT:
        return COMMIT_LIMIT_SHORT;
    case FAULT_RECORD:
        return step == STEP_RECORDS ? COMMIT_BROKEN_RECORD : COMMIT_FATAL;
    case FAULT_RESOURCES:
        return COMMIT_RETRY_LATER;
    case FAULT_CONNECTION:
        return step == STEP_COMMIT ? COMMIT_UNKNOWN : COMMIT_RETRY_LATER;
    case FAULT_ACCESS:
    case FAULT_OURS:
        return COMMIT_FATAL;
    }
    return COMMIT_FATAL;
}

/* The server answers in order. An error that it put in place of a statement's answer proves that COMMIT,
 * which stands behind it, did not run, the end of the session (57P01) included. An end without a word
 * proves nothing: what was answered may have been lost on the way. */
static enum commit_result answer_judge(struct commit *commit, const PGresult *answer,
                                       enum step step, struct error *error)
{
    enum fault fault = database_fault(commit->database, answer, error);
    if (commit->database->sqlstate[0] == '\0') {
        error_wrap(error, RETRY, "could not learn whether the batch was committed");
        return COMMIT_UNKNOWN;
    }
    enum commit_result result = commit_fault(fault, step);
    error_wrap(error, RETRY, "could not commit the batch");
    return result;
}

static bool answer_good(const PGresult *answer)
{
    ExecStatusType status = PQresultStatus(answer);
    return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
}

static enum commit_result batch_answer(struct commit *commit, struct error *error)
{
    enum commit_result result = COMMITTED;
    for (int i = 0; i < commit->step_count && result == COMMITTED; i++) {
        PGresult *answer = pipeline_answer(&commit->pipeline);
        if (!answer_good(answer)) {
            result = answer_judge(commit, answer, commit->steps[i], error);
        } else if (commit->steps[i] == STEP_COMMIT &&
                   strcmp(PQcmdStatus(answer), "COMMIT") != 0) {
            error_set(error, STOP, "cannot commit the batch: the transaction had failed");
            result = COMMIT_FATAL;
        }
        PQclear(answer);
    }
    return result;
}

/* Nothing was committed: COMMIT was never handed to libpq. */
static enum commit_result batch_abandon(struct commit *commit, struct error *error)
{
    database_disconnect(commit->database);
    error_set(error, RETRY, "could not send the batch: the connection to PostgreSQL was lost");
    return COMMIT_RETRY_LATER;
}

static enum commit_result batch_refuse(struct commit *commit, struct error *error)
{
    batch_answer(commit, NULL);
    pipeline_end(&commit->pipeline);
    database_rollback(commit->database);
    bool memory = buffer_failed(&commit->database->parameters);
    buffer_release(&commit->database->parameters);
    error_set(error, REJECT,
              memory ? "could not encode the batch: no memory"
                     : "cannot encode a row of the batch");
    return memory ? COMMIT_RETRY_LATER : COMMIT_BROKEN_RECORD;
}

enum commit_result persist_commit(struct database *database, const struct batch *batch,
                                  struct error *error)
{
    struct commit commit = {.database = database, .batch = batch};
    batch_sort(database, batch);
    if (!pipeline_begin(&commit.pipeline, database, error)) {
        database->in_transaction = false;
        return COMMIT_RETRY_LATER;
    }
    batch_send(&commit);
    bool complete = commit.step_count > 0 && commit.steps[commit.step_count - 1] == STEP_COMMIT;
    if (!complete)
        return batch_abandon(&commit, error);
    pipeline_sync(&commit.pipeline);
    FAULT_POINT(FAULT_COMMIT_SENT);
    if (commit.refused)
        return batch_refuse(&commit, error);
    enum commit_result result = batch_answer(&commit, error);
    pipeline_end(&commit.pipeline);
    database_rollback(database);
    if (result == COMMIT_UNKNOWN)
        database_disconnect(database);
    return result;
}
