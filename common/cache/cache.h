/*
 * cache - look-ups kept in Redis: bytes by key, many at once.
 *
 * A cache may be stale, never wrong, and never in the way: whatever goes amiss is a miss.
 * Refusal, silence, garbage and a time-out count as one error, the connection is dropped, and
 * Redis is not asked again for a second; so a dead Redis costs one time-out a second, and a
 * slow one is a dead one. What a value means, and whether it is still true, is the caller's to
 * judge.
 *
 * The protocol is RESP2, parsed by hiredis. The socket is ours: every call has one deadline
 * for all of its reads and writes, which a server that answers byte by byte cannot stretch.
 *
 * One struct cache per thread.
 */
#ifndef KERJA_CACHE_CACHE_H
#define KERJA_CACHE_CACHE_H

#include "base/arena.h"
#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    CACHE_TIMEOUT_MS = 50,
    CACHE_PAUSE_MS = 1000,     /* after an error                                       */
    CACHE_TTL_S = 300,         /* a forgotten DEL is forgiven after five minutes       */
    CACHE_KEYS = 65536,        /* of one call: further ones are misses                 */
    CACHE_VALUE_SIZE = 1 << 20 /* longer values are not kept                           */
};

struct cache_settings {
    const char *host;
    uint16_t port;
    int64_t timeout_ms;        /* 0: CACHE_TIMEOUT_MS */
    const char *password_file; /* one line: "password" or "user password"; NULL, "": none */
    const char *ca_file;       /* TLS, the server signed by one of these; NULL, "": none  */
};

struct cache_item {
    struct slice key;
    struct slice value;
    bool hit; /* set by cache_get: value is what Redis had */
};

struct cache_counts {
    uint64_t hits, misses, errors;
    bool away; /* the last that was asked failed */
};

struct cache;

/* Looks up the host and reads the files, once, and connects when first asked. NULL and a reason
 * when the name is unknown, a file cannot be used, or there is no memory. A password that the
 * server refuses, or a certificate that is not as it should be, is an outage. */
struct cache *cache_open(const struct cache_settings *settings, struct error *error);
void cache_close(struct cache *cache);

/* Fills value and hit of each item by one MGET. Values are copied into the arena; one that does
 * not fit is a miss. now_ms is a monotonic time of the caller, by which the pause after an
 * error is measured. Returns the number of hits. */
size_t cache_get(struct cache *cache, int64_t now_ms, struct cache_item *items, size_t count,
                 struct arena *arena);

/* Stores all items (hit is not read) for CACHE_TTL_S, in one pipelined round trip. Not stored
 * after an error. */
void cache_put(struct cache *cache, int64_t now_ms, const struct cache_item *items,
               size_t count);

/* Deletes the keys. When Redis cannot be told, an entry stays until its time is up: the version
 * check before commit finds it out. */
void cache_forget(struct cache *cache, int64_t now_ms, const struct slice *keys, size_t count);

/* Totals since cache_open; an item is a hit or a miss, a failed call an error. */
struct cache_counts cache_counts(const struct cache *cache);

/* The last error, "" before the first; for the log line of an outage. */
const char *cache_error(const struct cache *cache);

#endif
