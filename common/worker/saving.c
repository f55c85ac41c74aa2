/*
 * saving - everything that a batch decided, as one transaction.
 *
 * Facts become inserts, saves and checks; lanes become source positions with their outbox rows and
 * decision segments; takes become moves of limits. The order inside the transaction is
 * persist's. Nothing is changed here: a batch that could not be committed is decided again.
 */
#include "base/broken.h"
#include "base/fault_point.h"
#include "worker/worker.h"

#include <assert.h>
#include <stdlib.h>

static void *alloc(struct worker *worker, size_t count, size_t size)
{
    return arena_alloc(&worker->round->arena, (count == 0 ? 1 : count) * size);
}

/* A buffer that memory ran out for ends somewhere before its last output: it must not be stored. */
static bool lane_whole(const struct lane *lane)
{
    return (lane->output_count == 0 || !buffer_failed(&lane->frames)) &&
           (lane->decision_count == 0 || !buffer_failed(&lane->decisions));
}

static bool add_sources(struct worker *worker, struct batch *batch)
{
    batch->sources = alloc(worker, worker->source_count, sizeof *batch->sources);
    if (batch->sources == NULL)
        return false;
    for (size_t i = 0; i < worker->source_count; i++) {
        struct lane *lane = &worker->round->lanes[i];
        const struct source *source = &worker->sources[i];
        if (!lane->touched)
            continue;
        buffer_clear(&lane->payload);
        if (!lane_whole(lane))
            return false;
        const struct payload_row row = {worker->service->name, "outbox", &source->at,
                                        source->next_offset};
        if (lane->output_count > 0 &&
            !payload_seal(worker, &row, buffer_slice(&lane->frames), &lane->payload))
            return false;
        batch->sources[batch->source_count++] = (struct batch_source){
            .topic = source->at.topic,
            .partition = source->at.partition,
            .owner_epoch = source->owner_epoch,
            .from_offset = source->next_offset,
            .next_offset = lane->next_offset,
            .published_next = BROKEN(SEEN_TOO_EARLY)
                                  ? source->next_offset
                                  : publisher_thread_published_next(worker->publishing, i),
            .record_count = lane->output_count,
            .outbox = buffer_slice(&lane->payload),
            .decision_count = lane->decision_count,
            .decisions = buffer_slice(&lane->decisions)};
    }
    return true;
}

/* One fact finds its place: to be inserted, saved, or checked. */
static void add_fact(struct batch_table *table, struct fact *fact)
{
    switch (fact->state) {
    case FACT_ADDED:
        *row_version(table->type, fact->row) = 1;
        table->inserts[table->insert_count++] = fact->row;
        break;
    case FACT_EDITED:
        *row_version(table->type, fact->row) = fact->version + 1;
        table->saves[table->save_count++] = fact->row;
        break;
    case FACT_READ:
    case FACT_ABSENT:
        if (fact->relied)
            table->checks[table->check_count++] = (struct read_check){fact->key, fact->version};
        break;
    case FACT_WANTED:
        break;
    }
}

/* Only tables with something to say stay, in their order. */
static void drop_untouched(struct batch *batch)
{
    size_t kept = 0;
    for (size_t i = 0; i < batch->table_count; i++)
        if (batch->tables[i].insert_count + batch->tables[i].save_count +
                batch->tables[i].check_count >
            0)
            batch->tables[kept++] = batch->tables[i];
    batch->table_count = kept;
}

static bool add_tables(struct worker *worker, struct batch *batch)
{
    struct facts *facts = &worker->round->facts;
    size_t counts[FACT_TABLES];
    memcpy(counts, facts->counts, sizeof counts);
    for (const struct appended_row *row = facts->appended; row != NULL; row = row->next)
        counts[row->table]++;
    batch->table_count = facts->table_count;
    batch->tables = alloc(worker, facts->table_count, sizeof *batch->tables);
    if (batch->tables == NULL)
        return false;
    for (size_t i = 0; i < facts->table_count; i++) {
        struct batch_table *table = &batch->tables[i];
        *table =
            (struct batch_table){.type = facts->tables[i].row,
                                 .inserts = alloc(worker, counts[i], sizeof *table->inserts),
                                 .saves = alloc(worker, counts[i], sizeof *table->saves),
                                 .checks = alloc(worker, counts[i], sizeof *table->checks)};
        if (table->inserts == NULL || table->saves == NULL || table->checks == NULL)
            return false;
    }
    for (size_t i = 0; i < facts->ordered_count; i++)
        add_fact(&batch->tables[facts->ordered[i]->table], facts->ordered[i]);
    for (const struct appended_row *row = facts->appended; row != NULL; row = row->next) {
        struct batch_table *table = &batch->tables[row->table];
        *row_version(table->type, row->row) = 1;
        table->inserts[table->insert_count++] = row->row;
    }
    drop_untouched(batch);
    return true;
}

static bool add_waiting(struct worker *worker, struct batch *batch)
{
    size_t count = 0;
    for (const struct waiter *waiter = worker->round->waiters; waiter != NULL;
         waiter = waiter->next)
        count++;
    batch->waiting_put = alloc(worker, count, sizeof *batch->waiting_put);
    batch->waiting_done = alloc(worker, count, sizeof *batch->waiting_done);
    if (batch->waiting_put == NULL || batch->waiting_done == NULL)
        return false;
    for (const struct waiter *waiter = worker->round->waiters; waiter != NULL;
         waiter = waiter->next) {
        if (waiter->put && !waiter->done)
            batch->waiting_put[batch->waiting_put_count++] = waiter->stored;
        if (!waiter->put && waiter->done)
            batch->waiting_done[batch->waiting_done_count++] = waiter->stored;
    }
    return true;
}

static int by_lock_order(const void *a, const void *b)
{
    const struct limit_key *left = a, *right = b;
    if (left->table != right->table)
        return left->table < right->table ? -1 : 1;
    return uuid_compare(&left->key, &right->key);
}

static bool add_limits(struct worker *worker, struct batch *batch)
{
    size_t count = 0;
    for (const struct limit_take *take = worker->round->facts.limits; take != NULL;
         take = take->next)
        count++;
    batch->limits = alloc(worker, count, sizeof *batch->limits);
    if (batch->limits == NULL || count > LIMIT_KEYS)
        return false;
    worker->limit_count = 0;
    for (const struct limit_take *take = worker->round->facts.limits; take != NULL;
         take = take->next) {
        worker->limits[worker->limit_count++] = (struct limit_key){take->table, take->key};
        if (take->amount == 0 || take->row == NULL)
            continue;
        batch->limits[batch->limit_count++] =
            (struct limit_move){.table = worker->round->facts.tables[take->table].row,
                                .key = take->key,
                                .amount = take->amount,
                                .ceiling = take->ceiling,
                                .row = take->row};
    }
    qsort(worker->limits, worker->limit_count, sizeof worker->limits[0], by_lock_order);
    return true;
}

bool saving_begin(struct worker *worker)
{
    struct batch *batch = &worker->round->batch;
    FAULT_POINT(FAULT_DECIDED);
    *batch = (struct batch){.cluster_id = worker->cluster_id,
                            .timers = worker->round->timers,
                            .timer_count = worker->round->timer_count,
                            .codec = lookups_codec()};
    if (!add_sources(worker, batch) || !add_tables(worker, batch) ||
        !add_waiting(worker, batch) || !add_limits(worker, batch)) {
        database_rollback(&worker->writer);
        return false;
    }
#ifdef KERJA_BROKEN
    if (BROKEN(OFFSETS_FIRST))
        broken_offsets_first(worker, batch);
#endif
    commit_thread_begin(worker->committing, batch);
    return true;
}

enum commit_result saving_wait(struct worker *worker)
{
    int64_t took_us;
    enum commit_result result =
        commit_thread_wait(worker->committing, &took_us, &worker->error);
    metric_observe(worker->count.commit_us, took_us);
    return result;
}
