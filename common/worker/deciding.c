/*
 * deciding - from decoded entries to changed rows, outputs and explanations.
 *
 * First all keys that the entries name are loaded, at most FACT_ROUNDS times, because one fact
 * may name the next. Then the entries are decided in the order in which they were read, each
 * on what the one before it left. An event whose row has not appeared yet waits; when a
 * decision adds rows, what waits for them is decided right after it.
 *
 * Nothing here has an effect beyond memory: deciding can be thrown away and done again.
 */
#include "base/decimal.h"
#include "base/frame.h"
#include "rules/explain.h"
#include "schemas/events.h"
#include "worker/worker.h"

#include <assert.h>

enum {
    PLACE_SIZE = TOPIC_NAME_SIZE + 2 * (1 + DECIMAL_SIZE),
    EXPLAINED_ROWS = 256,
    LETTER_BYTES =
        900000 /* key and value: below what producers and brokers take as they come */
};

void lane_release(struct lane *lane)
{
    buffer_release(&lane->frames);
    buffer_release(&lane->payload);
    buffer_release(&lane->decisions);
}

static void clear(struct worker *worker, size_t first, size_t count)
{
    arena_rewind(&worker->round->arena, worker->round->decoded_mark);
    worker->round->range_first = first;
    worker->round->range_count = count;
    worker->round->waiters = NULL;
    worker->round->timer_count = 0;
    for (size_t i = 0; i < worker->source_count; i++) {
        struct lane *lane = &worker->round->lanes[i];
        lane->touched = false;
        lane->output_count = lane->decision_count = 0;
        buffer_clear(&lane->frames);
        buffer_clear(&lane->decisions);
    }
    for (size_t i = first; i < first + count; i++) {
        struct lane *lane = &worker->round->lanes[worker->round->entries[i].lane];
        lane->touched = true;
        lane->next_offset = worker->round->entries[i].record.offset + 1;
    }
    /* A backlog comes a few partitions at a time: the others' buffers would grow to megabytes each,
     * and stay. */
    for (size_t i = 0; i < worker->source_count; i++) {
        struct lane *lane = &worker->round->lanes[i];
        if (!lane->touched)
            lane_release(lane);
    }
}

static void name_keys(struct worker *worker, const struct entry *entry)
{
    if (entry->reason == NULL && !entry->wakes)
        entry->handler->keys(entry->event, entry->subject, &worker->round->facts);
}

static bool prefetch(struct worker *worker, size_t first, size_t count)
{
    if (worker->ahead != NULL && (!waiting_carry(worker) || !waiting_open(worker)))
        return false;
    for (int round = 0; round < FACT_ROUNDS; round++) {
        size_t known = worker->round->facts.fact_count;
        for (size_t i = first; i < first + count; i++)
            name_keys(worker, &worker->round->entries[i]);
        for (const struct waiter *waiter = worker->round->waiters; waiter != NULL;
             waiter = waiter->next)
            name_keys(worker, &waiter->entry);
        if (worker->round->facts.failed)
            return false;
        if (worker->round->facts.fact_count == known && round > 0)
            return true;
        if (!lookups_load(worker, worker->load_locked) || !waiting_open(worker))
            return false;
        /* Keys are functions of the event and of what they peeked at: without that, and without
         * waiting events, which have named none yet, a further round would name the same. */
        if (!worker->round->facts.peeked && worker->round->waiters == NULL)
            return true;
    }
    return true;
}

struct slice deciding_place(struct worker *worker, const struct record *record)
{
    char text[PLACE_SIZE];
    size_t size = strlen(record->topic);
    assert(size <= TOPIC_NAME_SIZE);
    memcpy(text, record->topic, size);
    text[size++] = '/';
    size += decimal_format(record->partition, text + size);
    text[size++] = '/';
    size += decimal_format(record->offset, text + size);
    return arena_copy(&worker->round->arena, (struct slice){text, size});
}

/* Rows that remember their last decision are given this one; what they held is explained. */
static size_t mark_rows(struct worker *worker, const struct entry *entry,
                        struct explained_row rows[static EXPLAINED_ROWS])
{
    size_t count = 0;
    struct slice place = {0};
    for (struct fact *fact = worker->round->facts.touched; fact != NULL;
         fact = fact->next_touched) {
        const struct row_type *type = worker->round->facts.tables[fact->table].row;
        const struct field *decided_by = worker->round->facts.decided_by[fact->table];
        struct slice before = {0};
        if (decided_by != NULL) {
            struct slice *member = field_value(decided_by, fact->row);
            if (place.data == NULL)
                place = deciding_place(worker, &entry->record);
            before = *member;
            *member = place;
        }
        if (count < EXPLAINED_ROWS)
            rows[count++] =
                (struct explained_row){slice_of(type->table), fact->key, fact->version, before};
    }
    return count;
}

static void explain(struct worker *worker, const struct entry *entry, struct lane *lane)
{
    struct explained_row rows[EXPLAINED_ROWS];
    const struct decision *decision = &worker->decision;
    size_t row_count = mark_rows(worker, entry, rows);
    struct explanation explanation = {.offset = entry->record.offset,
                                      .occurred_at = entry->subject->occurred_at,
                                      .subject = entry->subject->id,
                                      .kind = (uint8_t)decision->kind,
                                      .rows = rows,
                                      .row_count = row_count};
    if (entry->record.handle == NULL || lane != &worker->round->lanes[entry->lane]) {
        explanation.topic = slice_of(entry->record.topic);
        explanation.partition = entry->record.partition;
    }
    if (decision->scheme != NULL) {
        explanation.programme = decision->scheme->programme->id;
        explanation.rules_hash = slice_of(decision->scheme->programme->rules_hash);
        explanation.scheme = decision->scheme->name;
    }
    buffer_clear(&worker->verdict_bytes);
    verdict_write(&decision->verdict, &worker->verdict_bytes);
    explanation.verdict = buffer_slice(&worker->verdict_bytes);
    explanation_write(&explanation, &lane->decisions);
    lane->decision_count++;
}

bool deciding_timer(struct worker *worker, const char *kind, const struct uuid *subject,
                    instant_us due_at, struct slice of)
{
    char text[UUID_TEXT_SIZE + 1], due[DECIMAL_SIZE];
    if (worker->round->timer_count == worker->timer_capacity)
        return false;
    uuid_format(subject, text);
    struct slice parts[] = {
        slice_of(kind), slice_of(text), {due, decimal_format(due_at, due)}, of};
    struct slice subject_id = arena_copy(&worker->round->arena, slice_of(text));
    worker->round->timers[worker->round->timer_count++] = (struct timer){
        .due_at = due_at,
        .timer_id = seal_key(worker->seal, "timer", 0, parts, of.size == 0 ? 3 : 4),
        .subject_id = subject_id,
        .kind = slice_of(kind),
        .attempt = 1};
    return subject_id.data != NULL;
}

/* The sentence stands in the letter and not in the log: it quotes what the sender wrote, and a sender may have put
 * anything into any member. What is too large for a letter stays in its
 * topic, and the letter says where: the value, or key and headers that no frame can hold. */
bool deciding_bury(struct worker *worker, const struct entry *entry, struct lane *lane,
                   const char *reason, const char *sentence)
{
    struct record letter = entry->record;
    metric_add(worker->count.dead_letters, 1);
    log_warning(&worker->log, LOG_FACT("dead letter"), LOG_TEXT("topic", entry->record.topic),
                LOG_NUMBER("partition", entry->record.partition),
                LOG_NUMBER("offset", entry->record.offset), LOG_TEXT("reason", reason));
    lane->output_count++;
    if (letter.key.size + letter.value.size > LETTER_BYTES)
        letter.value = (struct slice){0};
    if (dead_letter_encode(worker->service->name, &letter, reason, sentence, &lane->frames))
        return true;
    letter.key = (struct slice){0};
    letter.header_count = 0;
    return dead_letter_encode(worker->service->name, &letter, reason, sentence, &lane->frames);
}

static bool keep_outputs(struct worker *worker, const struct entry *entry, struct lane *lane)
{
    const struct outputs *outputs = &worker->outputs;
    if (!outputs_encode(outputs, worker->service->name, &entry->cause, &worker->scratch,
                        &lane->frames))
        return false;
    lane->output_count += (int32_t)outputs->count;
    metric_add(worker->count.outputs, outputs->count);
    for (const struct output_timer *timer = outputs->first_timer; timer != NULL;
         timer = timer->next)
        if (!deciding_timer(worker, timer->kind, &timer->subject, timer->due_at, SLICE("")))
            return false;
    return true;
}

bool deciding_decide(struct worker *worker, const struct entry *entry, struct lane *lane,
                     bool again)
{
    struct decision *decision = &worker->decision;
    if (entry->reason != NULL)
        return deciding_bury(worker, entry, lane, entry->reason, entry->sentence);
    outputs_clear(&worker->outputs);
    facts_decision_begin(&worker->round->facts);
    verdict_init(&decision->verdict);
    decision->kind = DECIDED;
    decision->scheme = NULL;
    decision->exhausted = decision->stopped = false;
    entry->handler->decide(entry->event, entry->subject, &worker->round->facts, decision);
    if (decision->stopped) {
        worker->load_outcome = STOP;
        worker->error = decision->fault;
        return false;
    }
    if (decision->exhausted || worker->round->facts.failed)
        return false;
    assert(decision->kind == DECIDED || worker->round->facts.touched == NULL);
    switch (decision->kind) {
    case DECIDED:
        explain(worker, entry, lane);
        return !buffer_failed(&worker->verdict_bytes) && keep_outputs(worker, entry, lane);
    case REPEATED:
        return true;
    case WAITING:
        if (again)
            return true;
        explain(worker, entry, lane); /* the segment tells that it waited, and since when */
        return !buffer_failed(&worker->verdict_bytes) && waiting_put(worker, entry, lane);
    case DEAD_LETTERED:
        return deciding_bury(worker, entry, lane, decision->reason, decision->sentence);
    }
    return false;
}

static bool decide_all(struct worker *worker, size_t first, size_t count)
{
    const struct entry *entry = NULL;
    struct lane *lane = NULL;
    for (size_t i = first; i < first + count; i++) {
        entry = &worker->round->entries[i];
        size_t added = worker->round->facts.added_count;
        lane = &worker->round->lanes[entry->lane];
        if (entry->wakes)
            waiting_force(worker, entry);
        else if (!deciding_decide(worker, entry, lane, false))
            return false;
        if (worker->round->waiters != NULL &&
            (entry->wakes || worker->round->facts.added_count != added) &&
            !waiting_wake(worker, lane, entry))
            return false;
    }
    return worker->round->waiters == NULL || lane == NULL || waiting_wake(worker, lane, entry);
}

/* Why deciding stopped, and what the loop does about it. */
static enum decide_result stopped(const struct worker *worker)
{
    switch (worker->load_outcome) {
    case RETRY:
        return DECIDE_LATER;
    case STOP:
        return DECIDE_STOP;
    case OK:
    case REJECT:
        break;
    }
    return DECIDE_HALVE;
}

/* The limits that the attempt before took, which are in the order of locks, a load for each table. */
static size_t limit_loads(struct worker *worker, struct uuid *keys,
                          struct row_load loads[static FACT_TABLES])
{
    size_t count = 0;
    for (size_t i = 0; i < worker->limit_count; i++) {
        const struct limit_key *limit = &worker->limits[i];
        keys[i] = limit->key;
        if (i == 0 || limit->table != limit[-1].table)
            loads[count++] = (struct row_load){
                .type = worker->round->facts.tables[limit->table].row, .keys = &keys[i]};
        loads[count - 1].key_count++;
    }
    return count;
}

/* A limit that has no row yet is unused; its first insert is held to the ceiling too. */
static void limits_take(struct facts *facts, const struct row_load *load)
{
    const struct field *used = record_type_field(load->type->record, SLICE("used"));
    for (size_t i = 0; i < load->key_count; i++)
        facts_limit_locked(
            facts, load->type, &load->keys[i],
            load->rows[i] == NULL ? 0 : *(int64_t *)field_value(used, load->rows[i]));
}

static bool lock_limits(struct worker *worker)
{
    struct arena *arena = &worker->round->arena;
    struct row_load loads[FACT_TABLES];
    struct uuid *keys = arena_alloc(arena, (worker->limit_count + 1) * sizeof *keys);
    if (keys == NULL)
        return false;
    size_t count = limit_loads(worker, keys, loads);
    worker->load_outcome = persist_lock_limits(&worker->writer, loads, count, lookups_codec(),
                                               arena, &worker->error);
    for (size_t i = 0; worker->load_outcome == OK && i < count; i++)
        limits_take(&worker->round->facts, &loads[i]);
    return worker->load_outcome == OK;
}

enum decide_result deciding_run(struct worker *worker, size_t first, size_t count, bool locked,
                                bool tight)
{
    struct facts *facts = &worker->round->facts;
    clear(worker, first, count);
    worker->load_outcome = OK;
    /* Rows are locked before limits, as in every commit: else two workers would wait for each other. */
    worker->load_locked = locked || tight;
    if (!facts_begin(facts, worker->service->tables, worker->service->table_count,
                     &worker->round->arena, count * 6))
        return DECIDE_HALVE;
    if (!prefetch(worker, first, count) || (tight && !lock_limits(worker)) ||
        !decide_all(worker, first, count))
        return stopped(worker);
    metric_add(worker->count.late_loads, facts->late_loads);
    return ALL_DECIDED;
}
