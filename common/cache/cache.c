/*
 * Life cycle: asleep after an error until asleep_until_ms, else awake. Awake, a call connects
 * when it must, asks, and reads one reply a command. Whatever fails closes the connection and
 * sends the cache to sleep.
 */
#include "cache/cache.h"
#include "cache/connection.h"

#include <assert.h>

struct cache {
    struct connection connection;
    int64_t timeout_ms;
    bool asleep;
    int64_t asleep_until_ms;
    struct cache_counts counts;
    struct error error;
};

struct cache *cache_open(const struct cache_settings *settings, struct error *error)
{
    struct cache *cache = calloc(1, sizeof *cache);
    if (cache == NULL) {
        error_set(error, STOP, "cannot open the cache: no memory");
        return NULL;
    }
    if (connection_init(&cache->connection, settings, error) != OK) {
        free(cache);
        return NULL;
    }
    cache->timeout_ms = settings->timeout_ms > 0 ? settings->timeout_ms : CACHE_TIMEOUT_MS;
    return cache;
}

void cache_close(struct cache *cache)
{
    if (cache == NULL)
        return;
    connection_release(&cache->connection);
    free(cache);
}

/* Ends a call that failed: the next one is asked for after the pause. */
static void fall_asleep(struct cache *cache, int64_t now_ms)
{
    connection_close(&cache->connection);
    cache->counts.errors++;
    cache->asleep = true;
    cache->asleep_until_ms = now_ms + CACHE_PAUSE_MS;
}

/* Starts a call. False while asleep, or when there is no connection to be had. */
static bool wake(struct cache *cache, int64_t now_ms)
{
    if (cache->asleep && now_ms < cache->asleep_until_ms)
        return false;
    cache->asleep = false;
    if (connection_begin(&cache->connection, cache->timeout_ms, &cache->error) == OK)
        return true;
    fall_asleep(cache, now_ms);
    return false;
}

/* Reads `count` replies of no interest. */
static enum outcome discard_replies(struct cache *cache, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        redisReply *reply;
        enum outcome outcome = connection_receive(&cache->connection, &reply, &cache->error);
        if (outcome != OK)
            return outcome;
        freeReplyObject(reply);
    }
    return OK;
}

static enum outcome ask_many(struct cache *cache, const struct cache_item *items, size_t count,
                             redisReply **reply)
{
    connection_append_count(&cache->connection, count + 1);
    connection_append_word(&cache->connection, SLICE("MGET"));
    for (size_t i = 0; i < count; i++)
        connection_append_word(&cache->connection, items[i].key);
    enum outcome outcome = connection_send(&cache->connection, &cache->error);
    if (outcome == OK)
        outcome = connection_receive(&cache->connection, reply, &cache->error);
    if (outcome != OK)
        return outcome;
    if ((*reply)->type == REDIS_REPLY_ARRAY && (*reply)->elements == count)
        return OK;
    freeReplyObject(*reply);
    return error_set(&cache->error, RETRY, "Redis answered something else than was asked");
}

static bool copy_value(struct cache_item *item, const redisReply *value, struct arena *arena)
{
    if (value->type != REDIS_REPLY_STRING)
        return false;
    item->value = arena_copy(arena, (struct slice){value->str, (size_t)value->len});
    return item->value.data != NULL;
}

static size_t copy_hits(struct cache_item *items, size_t count, const redisReply *reply,
                        struct arena *arena)
{
    size_t hits = 0;
    for (size_t i = 0; i < count; i++) {
        items[i].hit = copy_value(&items[i], reply->element[i], arena);
        hits += items[i].hit;
    }
    return hits;
}

size_t cache_get(struct cache *cache, int64_t now_ms, struct cache_item *items, size_t count,
                 struct arena *arena)
{
    size_t asked = count < CACHE_KEYS ? count : CACHE_KEYS, hits = 0;
    redisReply *reply;
    for (size_t i = 0; i < count; i++) {
        items[i].value = (struct slice){0};
        items[i].hit = false;
    }
    if (asked > 0 && wake(cache, now_ms)) {
        if (ask_many(cache, items, asked, &reply) == OK) {
            hits = copy_hits(items, asked, reply, arena);
            freeReplyObject(reply);
        } else {
            fall_asleep(cache, now_ms);
        }
    }
    assert(hits <= count);
    cache->counts.hits += hits;
    cache->counts.misses += count - hits;
    return hits;
}

void cache_put(struct cache *cache, int64_t now_ms, const struct cache_item *items,
               size_t count)
{
    char seconds[16];
    size_t commands = 0;
    snprintf(seconds, sizeof seconds, "%d", CACHE_TTL_S);
    if (count == 0 || !wake(cache, now_ms))
        return;
    for (size_t i = 0; i < count && commands < CACHE_KEYS; i++) {
        if (items[i].value.size > CACHE_VALUE_SIZE)
            continue;
        struct slice words[] = {SLICE("SET"), items[i].key, items[i].value, SLICE("EX"),
                                slice_of(seconds)};
        connection_append(&cache->connection, words, sizeof words / sizeof *words);
        commands++;
    }
    if (connection_send(&cache->connection, &cache->error) != OK ||
        discard_replies(cache, commands) != OK)
        fall_asleep(cache, now_ms);
}

void cache_forget(struct cache *cache, int64_t now_ms, const struct slice *keys, size_t count)
{
    if (count == 0 || !wake(cache, now_ms))
        return;
    connection_append_count(&cache->connection, count + 1);
    connection_append_word(&cache->connection, SLICE("DEL"));
    for (size_t i = 0; i < count; i++)
        connection_append_word(&cache->connection, keys[i]);
    if (connection_send(&cache->connection, &cache->error) != OK ||
        discard_replies(cache, 1) != OK)
        fall_asleep(cache, now_ms);
}

struct cache_counts cache_counts(const struct cache *cache)
{
    struct cache_counts counts = cache->counts;
    counts.away = cache->asleep;
    return counts;
}

const char *cache_error(const struct cache *cache)
{
    return cache->error.text;
}
