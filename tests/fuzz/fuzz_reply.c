/*
 * fuzz_reply - whatever a cache server answers is a hit with the bytes it said, or a miss; never a wait, and
 * never in the way of the next question.
 */
#include "cache/cache.h"
#include "fuzz.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    ARENA_CAPACITY = 32 << 20,
    KEYS = 3,
    REPLY_BOUND = 1 << 16,
    TIMEOUT_MS = 20,
    STEP_MS = 10 * CACHE_PAUSE_MS
};

static int listener;
static uint16_t port;
static struct cache *cache;
static struct arena arena;

/* What the server says from the next connection on: a copy, because a connection may outlive its input. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char reply[REPLY_BOUND];
static size_t reply_size;

/* Answers every request of a connection alike, and resets it once the client has closed: one that
 * closes in peace keeps its port for a minute, and soon there would be none left. */
static void serve_one(int peer)
{
    static const struct linger at_once = {1, 0};
    char request[4096];
    while (recv(peer, request, sizeof request, 0) > 0) {
        pthread_mutex_lock(&lock);
        ssize_t sent = send(peer, reply, reply_size, MSG_NOSIGNAL);
        pthread_mutex_unlock(&lock);
        if (sent < 0)
            break;
    }
    setsockopt(peer, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(peer);
}

static void *serve(void *context)
{
    (void)context;
    for (;;) {
        int peer = accept(listener, NULL, NULL);
        if (peer >= 0)
            serve_one(peer);
    }
    return NULL;
}

static void start(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    pthread_t thread;
    struct error error;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    must(bind(listener, (struct sockaddr *)&address, sizeof address) == 0);
    must(listen(listener, 16) == 0);
    must(getsockname(listener, (struct sockaddr *)&address, &size) == 0);
    port = ntohs(address.sin_port);
    must(pthread_create(&thread, NULL, serve, NULL) == 0);
    const struct cache_settings settings = {
        .host = "127.0.0.1", .port = port, .timeout_ms = TIMEOUT_MS};
    must((cache = cache_open(&settings, &error)) != NULL && arena_init(&arena, ARENA_CAPACITY));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static int64_t now_ms;
    struct cache_item items[KEYS] = {
        {.key = SLICE("a")}, {.key = SLICE("b")}, {.key = SLICE("c")}};
    size_t shown = 0;
    if (cache == NULL)
        start();
    arena_reset(&arena);
    pthread_mutex_lock(&lock);
    reply_size = size < REPLY_BOUND ? size : REPLY_BOUND;
    if (reply_size > 0)
        memcpy(reply, data, reply_size);
    pthread_mutex_unlock(&lock);
    size_t hits = cache_get(cache, now_ms += STEP_MS, items, KEYS, &arena);
    for (size_t i = 0; i < KEYS; i++) {
        shown += items[i].hit;
        must(items[i].hit || items[i].value.size == 0);
        must(!items[i].hit ||
             memmem(data, size, items[i].value.data, items[i].value.size) != NULL);
    }
    must(hits == shown);
    cache_forget(cache, now_ms, &items[0].key, 1);
    return 0;
}
