#include "worker/facts.h"

#include <assert.h>
#include <endian.h>
#include <stdlib.h>
#include <string.h>

bool facts_begin(struct facts *facts, const struct fact_table *tables, size_t table_count,
                 struct arena *arena, size_t expected)
{
    assert(table_count <= FACT_TABLES);
    size_t buckets = 64;
    while (buckets < expected * 2)
        buckets *= 2;
    *facts = (struct facts){.tables = tables,
                            .table_count = table_count,
                            .arena = arena,
                            .bucket_count = buckets,
                            .load = facts->load,
                            .context = facts->context};
    for (size_t i = 0; i < table_count; i++)
        facts->decided_by[i] = record_type_field(tables[i].row->record, SLICE("decided_by"));
    facts->last = facts->unloaded = &facts->first;
    facts->buckets = arena_alloc(arena, buckets * sizeof *facts->buckets);
    facts->failed = facts->buckets == NULL;
    return !facts->failed;
}

static uint16_t table_index(const struct facts *facts, const struct row_type *type)
{
    uint16_t table = 0;
    while (table < facts->table_count && facts->tables[table].row != type)
        table++;
    assert(table < facts->table_count);
    return table;
}

/* The id's own bytes are a hash already, but for a leading cohort: take the last eight. */
static struct fact **bucket_of(const struct facts *facts, uint16_t table,
                               const struct uuid *key)
{
    uint64_t hash;
    memcpy(&hash, key->bytes + 8, sizeof hash);
    hash = (hash ^ table) * UINT64_C(0x9e3779b97f4a7c15);
    return &facts->buckets[(hash >> 20) & (facts->bucket_count - 1)];
}

static struct fact *fact_find(const struct facts *facts, uint16_t table, const struct uuid *key)
{
    for (struct fact *fact = *bucket_of(facts, table, key); fact != NULL; fact = fact->next)
        if (fact->table == table && uuid_equal(&fact->key, key))
            return fact;
    return NULL;
}

static struct fact *fact_want(struct facts *facts, uint16_t table, const struct uuid *key)
{
    struct fact *fact = fact_find(facts, table, key);
    if (fact != NULL)
        return fact;
    fact = arena_alloc(facts->arena, sizeof *fact);
    if (fact == NULL) {
        facts->failed = true;
        return NULL;
    }
    struct fact **bucket = bucket_of(facts, table, key);
    *fact = (struct fact){.key = *key, .table = table, .state = FACT_WANTED, .next = *bucket};
    *bucket = fact;
    *facts->last = fact;
    facts->last = &fact->next_in_order;
    facts->fact_count++;
    facts->counts[table]++;
    return fact;
}

/* A fact with the beginning of its key as a number: to be sorted without looking at the fact. */
struct ordered_fact {
    uint64_t head;
    struct fact *fact;
};

static int by_key(const void *a, const void *b)
{
    const struct ordered_fact *left = a, *right = b;
    if (left->head != right->head)
        return left->head < right->head ? -1 : 1;
    return uuid_compare(&left->fact->key, &right->fact->key);
}

/* Room for `more` ordered facts. Doubling: facts that are loaded one by one are copied twice at most. */
static bool ordered_room(struct facts *facts, size_t more)
{
    size_t capacity = facts->ordered_capacity * 2, size = sizeof *facts->ordered;
    if (facts->ordered_capacity - facts->ordered_count >= more)
        return true;
    if (capacity < facts->ordered_count + more)
        capacity = facts->ordered_count + more;
    struct fact **grown = arena_grow(facts->arena, facts->ordered,
                                     facts->ordered_capacity * size, capacity * size);
    if (grown == NULL)
        return false;
    facts->ordered = grown;
    facts->ordered_capacity = capacity;
    return true;
}

bool facts_order(struct facts *facts, size_t begin[static FACT_TABLES + 1])
{
    size_t ends[FACT_TABLES + 1] = {0}, count = 0;
    for (const struct fact *fact = *facts->unloaded; fact != NULL; fact = fact->next_in_order) {
        ends[fact->table + 1]++;
        count++;
    }
    struct ordered_fact *sorted = arena_alloc(facts->arena, count * sizeof *sorted);
    if (sorted == NULL || !ordered_room(facts, count))
        return false;
    for (size_t table = 0; table < FACT_TABLES; table++)
        ends[table + 1] += ends[table];
    for (size_t table = 0; table <= FACT_TABLES; table++)
        begin[table] = facts->ordered_count + ends[table];
    for (struct fact *fact = *facts->unloaded; fact != NULL; fact = fact->next_in_order) {
        uint64_t head;
        memcpy(&head, fact->key.bytes, sizeof head);
        sorted[ends[fact->table]++] = (struct ordered_fact){be64toh(head), fact};
    }
    for (size_t table = 0, first = 0; table < FACT_TABLES; first = ends[table++])
        qsort(sorted + first, ends[table] - first, sizeof *sorted, by_key);
    for (size_t i = 0; i < count; i++)
        facts->ordered[facts->ordered_count++] = sorted[i].fact;
    facts->unloaded = facts->last;
    return true;
}

void facts_want(struct facts *facts, const struct row_type *type, const struct uuid *key)
{
    fact_want(facts, table_index(facts, type), key);
}

const void *facts_peek(struct facts *facts, const struct row_type *type, const struct uuid *key)
{
    facts->peeked = true;
    const struct fact *fact = fact_find(facts, table_index(facts, type), key);
    return fact == NULL ? NULL : fact->row;
}

const void *facts_changed(const struct facts *facts, uint16_t table, const struct uuid *key)
{
    const struct fact *fact = fact_find(facts, table, key);
    return fact != NULL && (fact->state == FACT_ADDED || fact->state == FACT_EDITED) ? fact->row
                                                                                     : NULL;
}

void facts_loaded(struct facts *facts, struct fact *fact, void *row)
{
    assert(fact->state == FACT_WANTED);
    const struct row_type *type = facts->tables[fact->table].row;
    const struct field *decided_by = facts->decided_by[fact->table];
    fact->row = row;
    fact->state = row == NULL ? FACT_ABSENT : FACT_READ;
    fact->version = row == NULL ? 0 : *row_version(type, row);
    fact->decision = 0;
    if (row != NULL && decided_by != NULL)
        fact->decided_by = *(struct slice *)field_value(decided_by, row);
}

/* The fact, loaded; NULL when the batch has failed. */
static struct fact *fact_get(struct facts *facts, const struct row_type *type,
                             const struct uuid *key)
{
    struct fact *fact = fact_want(facts, table_index(facts, type), key);
    /* Once a load has failed, none may bring what an earlier look did not find. */
    if (fact == NULL || (fact->state == FACT_WANTED && facts->failed))
        return NULL;
    if (fact->state == FACT_WANTED) {
        facts->late_loads++;
        if (!facts->load(facts->context, facts)) {
            facts->failed = true;
            return NULL;
        }
    }
    assert(fact->state != FACT_WANTED);
    fact->relied = true;
    return fact;
}

const void *facts_find(struct facts *facts, const struct row_type *type, const struct uuid *key)
{
    const struct fact *fact = fact_get(facts, type, key);
    return fact == NULL ? NULL : fact->row;
}

enum { SCRATCH_SIZE = 8192 }; /* of the largest row */

/* What a failed batch writes to: it will be dropped, so nobody keeps it. One a table, because a
 * decision goes on with all its rows and must find each to be of its own type. */
static void *scratch_row(struct facts *facts, const struct row_type *type)
{
    static _Alignas(16) unsigned char scratch[FACT_TABLES][SCRATCH_SIZE];
    assert(facts->failed && type->record->size <= SCRATCH_SIZE);
    return memset(scratch[table_index(facts, type)], 0, SCRATCH_SIZE);
}

static void touch(struct facts *facts, struct fact *fact)
{
    if (fact->decision == facts->decision)
        return;
    fact->decision = facts->decision;
    fact->next_touched = facts->touched;
    facts->touched = fact;
}

void facts_decision_begin(struct facts *facts)
{
    facts->decision++;
    facts->touched = NULL;
}

void *facts_edit(struct facts *facts, const struct row_type *type, const struct uuid *key)
{
    struct fact *fact = fact_get(facts, type, key);
    if (fact == NULL)
        return scratch_row(facts, type);
    assert(fact->row != NULL);
    assert(facts->tables[fact->table].kind == GUARDED);
    if (fact->state == FACT_READ)
        fact->state = FACT_EDITED;
    touch(facts, fact);
    return fact->row;
}

void *facts_add(struct facts *facts, const struct row_type *type, const struct uuid *key)
{
    struct fact *fact = fact_get(facts, type, key);
    void *row = fact == NULL ? NULL : arena_alloc(facts->arena, type->record->size);
    if (row == NULL) {
        facts->failed = true;
        return scratch_row(facts, type);
    }
    assert(fact->state == FACT_ABSENT);
    assert(facts->tables[fact->table].kind == GUARDED);
    memcpy((char *)row + type->key_offset, key, sizeof *key);
    fact->row = row;
    fact->state = FACT_ADDED;
    facts->added_count++;
    touch(facts, fact);
    return row;
}

void *facts_edit_or_add(struct facts *facts, const struct row_type *type,
                        const struct uuid *key)
{
    return facts_find(facts, type, key) == NULL ? facts_add(facts, type, key)
                                                : facts_edit(facts, type, key);
}

void *facts_append(struct facts *facts, const struct row_type *type, const struct uuid *key)
{
    struct appended_row *appended = arena_alloc(facts->arena, sizeof *appended);
    void *row = arena_alloc(facts->arena, type->record->size);
    if (appended == NULL || row == NULL) {
        facts->failed = true;
        return scratch_row(facts, type);
    }
    *appended = (struct appended_row){table_index(facts, type), row, facts->appended};
    assert(facts->tables[appended->table].kind == APPENDED);
    facts->appended = appended;
    memcpy((char *)row + type->key_offset, key, sizeof *key);
    return row;
}

/* The take on one limit, made empty when it is the first; NULL when the arena is full. */
static struct limit_take *limit_get(struct facts *facts, uint16_t table, const struct uuid *key)
{
    struct limit_take *take = facts->limits;
    assert(facts->tables[table].kind == LIMIT);
    while (take != NULL && (take->table != table || !uuid_equal(&take->key, key)))
        take = take->next;
    if (take != NULL)
        return take;
    take = arena_alloc(facts->arena, sizeof *take);
    if (take == NULL) {
        facts->failed = true;
        return NULL;
    }
    *take = (struct limit_take){.key = *key, .table = table, .next = facts->limits};
    facts->limits = take;
    return take;
}

/* True when a locked limit has room for `amount` more. What a number cannot hold, it cannot either. */
static bool limit_holds(const struct limit_take *take, int64_t amount, int64_t ceiling)
{
    int64_t used;
    return !__builtin_add_overflow(take->used, take->amount, &used) &&
           !__builtin_add_overflow(used, amount, &used) && used <= ceiling;
}

bool facts_take(struct facts *facts, const struct row_type *type, const void *row,
                int64_t amount, int64_t ceiling)
{
    struct limit_take *take = limit_get(facts, table_index(facts, type), row_key(type, row));
    if (take == NULL)
        return true;
    if (take->locked && amount > 0 && !limit_holds(take, amount, ceiling))
        return false;
    if (take->row == NULL) {
        void *copy = arena_alloc(facts->arena, type->record->size);
        if (copy == NULL) {
            facts->failed = true;
            return true;
        }
        take->row = memcpy(copy, row, type->record->size);
    }
    take->ceiling = ceiling;
    /* More than a number holds is no amount: alone, such a record breaks the statement and is buried. */
    if (__builtin_add_overflow(take->amount, amount, &take->amount))
        facts->failed = true;
    return true;
}

void facts_limit_locked(struct facts *facts, const struct row_type *type,
                        const struct uuid *key, int64_t used)
{
    struct limit_take *take = limit_get(facts, table_index(facts, type), key);
    if (take == NULL)
        return;
    take->locked = true;
    take->used = used;
}
