/*
 * lookups - the loader behind facts: all wanted rows and the events that wait under their keys in
 * one round trip, and Redis before that for the tables that are cached.
 *
 * A cached row (worker/cached.h) stands under kerja:1:<service>:<table>:<id>. Whatever is not one is a miss. A stale
 * one is found out by the version check before COMMIT and forgotten then.
 */
#include "base/clock.h"
#include "decode/encode.h"
#include "worker/cached.h"
#include "worker/worker.h"

#include <stdio.h>

enum { CACHE_KEY_SIZE = 128 };

static bool encode_nested(const struct field *field, const void *value, struct buffer *buffer)
{
    if (field->kind != FIELD_RECORD)
        return false;
    if (field->repeated)
        encode_list(field->record, value, buffer);
    else
        encode_record(field->record, value, buffer);
    return true;
}

static bool decode_nested(const struct field *field, struct slice bytes, struct arena *arena,
                          void *value)
{
    if (field->kind != FIELD_RECORD)
        return false;
    if (field->repeated)
        return decode_list(field->record, bytes, arena, value);
    return decode_record(field->record, bytes, arena, value);
}

const struct nested_codec *lookups_codec(void)
{
    static const struct nested_codec codec = {encode_nested, decode_nested};
    return &codec;
}

/* The wanted facts of one table, by key. */
struct wanted {
    struct fact **facts;
    size_t count;
};

static bool wanted_of(struct worker *worker, size_t begin, size_t end, struct wanted *wanted)
{
    size_t count = end - begin;
    *wanted = (struct wanted){arena_alloc(&worker->round->arena, count * sizeof *wanted->facts),
                              count};
    if (wanted->facts == NULL)
        return false;
    if (count > 0)
        memcpy(wanted->facts, worker->round->facts.ordered + begin,
               count * sizeof *wanted->facts);
    return true;
}

/* The batch ahead goes before this one does: what it leaves is copied. */
static void *row_copy(struct worker *worker, const struct row_type *type, const void *row)
{
    struct arena *arena = &worker->round->arena;
    buffer_clear(&worker->scratch);
    encode_record(type->record, row, &worker->scratch);
    void *copy = arena_alloc(arena, type->record->size);
    bool copied = copy != NULL && !buffer_failed(&worker->scratch) &&
                  decode_record(type->record, buffer_slice(&worker->scratch), arena, copy);
    return copied ? copy : NULL;
}

/* What the batch ahead changes is known before it is committed; the rest stays wanted. False when the arena is full. */
static bool load_ahead(struct worker *worker, struct wanted *wanted)
{
    size_t left = 0;
    for (size_t i = 0; i < wanted->count; i++) {
        struct fact *fact = wanted->facts[i];
        const void *row = facts_changed(&worker->ahead->facts, fact->table, &fact->key);
        if (row == NULL) {
            wanted->facts[left++] = fact;
            continue;
        }
        void *copy = row_copy(worker, worker->round->facts.tables[fact->table].row, row);
        if (copy == NULL)
            return false;
        facts_loaded(&worker->round->facts, fact, copy);
    }
    wanted->count = left;
    return true;
}

static struct slice cache_key(struct worker *worker, const struct fact *fact)
{
    char id[UUID_TEXT_SIZE + 1], text[CACHE_KEY_SIZE];
    uuid_format(&fact->key, id);
    snprintf(text, sizeof text, "kerja:1:%s:%s:%s", worker->service->name,
             worker->round->facts.tables[fact->table].row->table, id);
    return arena_copy(&worker->round->arena, slice_of(text));
}

/* The row that a hit holds, or NULL. */
static void *cached_row(struct worker *worker, const struct row_type *type,
                        const struct cache_item *item)
{
    void *row = NULL;
    if (cached_read(worker->seal, type, item->key, item->value, &worker->round->arena, &row) ==
        CACHED_FORGED)
        metric_add(worker->count.cache_forged, 1);
    return row;
}

/* Asks Redis; what it knows is loaded, what it does not stays wanted. */
static void load_cached(struct worker *worker, struct wanted *wanted)
{
    struct cache_item *items =
        arena_alloc(&worker->round->arena, wanted->count * sizeof *items);
    size_t left = 0;
    if (items == NULL)
        return;
    for (size_t i = 0; i < wanted->count; i++)
        items[i].key = cache_key(worker, wanted->facts[i]);
    cache_get(worker->cache, monotonic_ms(), items, wanted->count, &worker->round->arena);
    for (size_t i = 0; i < wanted->count; i++) {
        const struct row_type *type = worker->round->facts.tables[wanted->facts[i]->table].row;
        void *row = items[i].hit ? cached_row(worker, type, &items[i]) : NULL;
        if (row == NULL) {
            wanted->facts[left++] = wanted->facts[i];
            continue;
        }
        facts_loaded(&worker->round->facts, wanted->facts[i], row);
        wanted->facts[i]->from_cache = true;
    }
    wanted->count = left;
}

static void store_cached(struct worker *worker, const struct wanted *wanted)
{
    struct cache_item *items =
        arena_alloc(&worker->round->arena, wanted->count * sizeof *items);
    size_t count = 0;
    for (size_t i = 0; items != NULL && i < wanted->count; i++) {
        const struct fact *fact = wanted->facts[i];
        const struct row_type *type = worker->round->facts.tables[fact->table].row;
        if (fact->row == NULL)
            continue;
        struct slice key = cache_key(worker, fact);
        buffer_clear(&worker->scratch);
        if (!cached_write(worker->seal, type, key, fact->row, &worker->scratch))
            continue;
        struct slice value = arena_copy(&worker->round->arena, buffer_slice(&worker->scratch));
        if (value.data != NULL)
            items[count++] = (struct cache_item){.key = key, .value = value};
    }
    cache_put(worker->cache, monotonic_ms(), items, count);
}

static struct uuid *keys_of(struct worker *worker, const struct wanted *wanted)
{
    struct uuid *keys = arena_alloc(&worker->round->arena, wanted->count * sizeof *keys);
    for (size_t i = 0; keys != NULL && i < wanted->count; i++)
        keys[i] = wanted->facts[i]->key;
    return keys;
}

bool lookups_load(struct worker *worker, bool locked)
{
    struct facts *facts = &worker->round->facts;
    struct row_load loads[FACT_TABLES];
    struct wanted wanted[FACT_TABLES];
    struct waiting_load waiting;
    size_t count = 0, begin[FACT_TABLES + 1];
    if (!facts_order(facts, begin))
        return false;
    for (uint16_t table = 0; table < facts->table_count; table++) {
        const struct fact_table *kind = &facts->tables[table];
        if (kind->kind == LIMIT || kind->kind == APPENDED)
            continue;
        if (!wanted_of(worker, begin[table], begin[table + 1], &wanted[count]))
            return false;
        if (worker->ahead != NULL && !load_ahead(worker, &wanted[count]))
            return false;
        if (kind->cached && worker->cache != NULL && !locked && wanted[count].count > 0)
            load_cached(worker, &wanted[count]);
        loads[count] = (struct row_load){.type = kind->row,
                                         .keys = keys_of(worker, &wanted[count]),
                                         .key_count = wanted[count].count};
        if (loads[count].keys == NULL)
            return false;
        count++;
    }
    if (!waiting_keys(worker, loads, count, &waiting))
        return false;
    struct database *database = locked ? &worker->writer : &worker->database;
    enum outcome outcome = persist_load(database, loads, count, &waiting, locked,
                                        lookups_codec(), &worker->round->arena, &worker->error);
    worker->load_outcome = outcome;
    if (outcome != OK)
        return false;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < loads[i].key_count; k++)
            facts_loaded(facts, wanted[i].facts[k], loads[i].rows[k]);
        if (loads[i].key_count > 0 && worker->cache != NULL &&
            facts->tables[wanted[i].facts[0]->table].cached)
            store_cached(worker, &wanted[i]);
    }
    for (size_t i = 0; i < waiting.record_count; i++)
        if (!waiting_add(worker, &waiting.records[i]))
            return false;
    return true;
}

static bool any_cached(const struct facts *facts)
{
    for (size_t i = 0; i < facts->table_count; i++)
        if (facts->tables[i].cached && facts->counts[i] > 0)
            return true;
    return false;
}

static void forget(struct worker *worker, bool changed)
{
    struct slice keys[256];
    size_t count = 0;
    if (worker->cache == NULL || !any_cached(&worker->round->facts))
        return;
    for (const struct fact *fact = worker->round->facts.first; fact != NULL;
         fact = fact->next_in_order) {
        bool wanted = changed ? fact->state == FACT_EDITED || fact->state == FACT_ADDED
                              : fact->from_cache;
        if (!wanted || !worker->round->facts.tables[fact->table].cached)
            continue;
        keys[count++] = cache_key(worker, fact);
        if (count < sizeof keys / sizeof keys[0])
            continue;
        cache_forget(worker->cache, monotonic_ms(), keys, count);
        count = 0;
    }
    if (count > 0)
        cache_forget(worker->cache, monotonic_ms(), keys, count);
}

void lookups_forget_changed(struct worker *worker)
{
    forget(worker, true);
}

void lookups_forget_read(struct worker *worker)
{
    forget(worker, false);
}
