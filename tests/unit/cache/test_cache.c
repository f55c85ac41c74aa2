/*
 * Against a real redis-server on a free port of its own, and against a socket that answers
 * whatever the test wants.
 */
#include "base/clock.h"
#include "cache/cache.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { PATIENT_MS = 5000, SHORT_MS = 50, SLACK_MS = 10000, STARTUP_MS = 10000 };

static struct {
    uint16_t port;
    pid_t redis;
    char folder[32];
    struct arena arena;
} fixture;

static int listen_on_loopback(uint16_t *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(descriptor, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(descriptor, 8), 0);
    assert_int_equal(getsockname(descriptor, (struct sockaddr *)&address, &size), 0);
    *port = ntohs(address.sin_port);
    return descriptor;
}

static uint16_t free_port(void)
{
    uint16_t port;
    close(listen_on_loopback(&port));
    return port;
}

static struct cache *open_at(uint16_t port, int64_t timeout_ms)
{
    struct cache *cache = cache_open(
        &(struct cache_settings){.host = "127.0.0.1", .port = port, .timeout_ms = timeout_ms},
        NULL);
    assert_non_null(cache);
    return cache;
}

static void start_redis(void)
{
    char port[8];
    snprintf(port, sizeof port, "%u", fixture.port);
    fixture.redis = fork();
    if (fixture.redis == 0) {
        execlp("redis-server", "redis-server", "--port", port, "--bind", "127.0.0.1", "--save",
               "", "--dir", fixture.folder, "--logfile", "redis.log", (char *)NULL);
        _exit(127);
    }
    assert_true(fixture.redis > 0);
}

/* Asks until the server answers. The pause between two tries is told to the cache, not waited
 * for. */
static bool answers(struct cache *cache)
{
    struct cache_item item = {.key = SLICE("probe"), .value = SLICE("1")};
    int64_t until_ms = monotonic_ms() + STARTUP_MS, told_ms = 0;
    while (monotonic_ms() < until_ms) {
        told_ms += CACHE_PAUSE_MS;
        cache_put(cache, told_ms, &item, 1);
        if (cache_get(cache, told_ms, &item, 1, &fixture.arena) == 1)
            return true;
        poll(NULL, 0, 20);
    }
    return false;
}

static int start(void **state)
{
    (void)state;
    snprintf(fixture.folder, sizeof fixture.folder, "/tmp/kerja_cache_XXXXXX");
    if (mkdtemp(fixture.folder) == NULL || !arena_init(&fixture.arena, 64 << 20))
        return -1;
    fixture.port = free_port();
    start_redis();
    struct cache *cache = open_at(fixture.port, PATIENT_MS);
    bool ready = answers(cache);
    cache_close(cache);
    return ready ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    char log[64];
    kill(fixture.redis, SIGKILL);
    waitpid(fixture.redis, NULL, 0);
    snprintf(log, sizeof log, "%s/redis.log", fixture.folder);
    unlink(log);
    rmdir(fixture.folder);
    arena_release(&fixture.arena);
    return 0;
}

static void what_is_put_is_got_until_forgotten(void **state)
{
    (void)state;
    struct cache *cache = open_at(fixture.port, PATIENT_MS);
    struct cache_item put[] = {
        {.key = SLICE("kerja:1:a"), .value = SLICE("one")},
        {.key = SLICE("kerja:1:b"), .value = SLICE("\0\r\n$3\r\n\xff")},
        {.key = SLICE("kerja:1:c"), .value = {0}},
    };
    cache_put(cache, 0, put, 3);
    struct cache_item got[] = {{.key = SLICE("kerja:1:c")},
                               {.key = SLICE("kerja:1:absent")},
                               {.key = SLICE("kerja:1:a")},
                               {.key = SLICE("kerja:1:b")}};
    assert_int_equal(cache_get(cache, 0, got, 4, &fixture.arena), 3);
    assert_true(got[0].hit && got[0].value.size == 0);
    assert_false(got[1].hit);
    assert_true(slice_equal(got[2].value, put[0].value));
    assert_true(slice_equal(got[3].value, put[1].value));

    cache_forget(cache, 0, &put[0].key, 1);
    assert_int_equal(cache_get(cache, 0, got, 4, &fixture.arena), 2);
    assert_false(got[2].hit);
    struct cache_counts counts = cache_counts(cache);
    assert_int_equal(counts.hits, 5);
    assert_int_equal(counts.misses, 3);
    assert_int_equal(counts.errors, 0);
    cache_close(cache);
}

static void thousands_go_in_one_call(void **state)
{
    (void)state;
    enum { MANY = 20000, SIZE = 300 };
    static struct cache_item items[MANY];
    static char keys[MANY][16], value[SIZE];
    struct cache *cache = open_at(fixture.port, PATIENT_MS);
    memset(value, 'v', sizeof value);
    for (size_t i = 0; i < MANY; i++) {
        int size = snprintf(keys[i], sizeof keys[i], "many:%zu", i);
        items[i] = (struct cache_item){.key = {keys[i], (size_t)size}, .value = {value, SIZE}};
    }
    cache_put(cache, 0, items, MANY);
    assert_int_equal(cache_get(cache, 0, items, MANY, &fixture.arena), MANY);
    for (size_t i = 0; i < MANY; i++)
        assert_true(items[i].hit && items[i].value.size == SIZE);
    assert_int_equal(cache_counts(cache).errors, 0);
    cache_close(cache);
}

static void a_value_that_outgrows_the_arena_is_a_miss(void **state)
{
    (void)state;
    struct arena small;
    struct cache *cache = open_at(fixture.port, PATIENT_MS);
    struct cache_item items[] = {
        {.key = SLICE("fits"), .value = SLICE("1")},
        {.key = SLICE("large"), .value = SLICE("0123456789012345678901234567")}};
    cache_put(cache, 0, items, 2);
    assert_true(arena_init(&small, 32));
    assert_int_equal(cache_get(cache, 0, items, 2, &small), 1);
    assert_true(items[0].hit);
    assert_false(items[1].hit);
    arena_release(&small);
    cache_close(cache);
}

static void nothing_asked_is_nothing_sent(void **state)
{
    (void)state;
    struct cache *cache = open_at(free_port(), SHORT_MS);
    assert_int_equal(cache_get(cache, 0, NULL, 0, &fixture.arena), 0);
    cache_put(cache, 0, NULL, 0);
    cache_forget(cache, 0, NULL, 0);
    assert_int_equal(cache_counts(cache).errors, 0);
    cache_close(cache);
    cache_close(NULL);
}

/* A server of the test: it answers each connection with `bytes`, one at a time where `slow`,
 * and then says nothing more. */
struct fake {
    int listener;
    uint16_t port;
    struct slice bytes;
    bool slow, closes;
    pthread_t thread;
    int quit[2];
    int connections;
};

static bool quits(const struct fake *fake, int64_t within_ms)
{
    struct pollfd waiting = {.fd = fake->quit[0], .events = POLLIN};
    return poll(&waiting, 1, (int)within_ms) > 0;
}

static void fake_answer(struct fake *fake, int descriptor)
{
    for (size_t i = 0; fake->slow && i < fake->bytes.size && !quits(fake, 10); i++)
        if (send(descriptor, fake->bytes.data + i, 1, MSG_NOSIGNAL) != 1)
            return;
    if (!fake->slow && fake->bytes.size > 0)
        (void)!send(descriptor, fake->bytes.data, fake->bytes.size, MSG_NOSIGNAL);
}

static void *fake_serve(void *argument)
{
    struct fake *fake = argument;
    int open[16], count = 0;
    for (;;) {
        struct pollfd waiting[] = {{.fd = fake->listener, .events = POLLIN},
                                   {.fd = fake->quit[0], .events = POLLIN}};
        if (poll(waiting, 2, -1) < 0 || waiting[1].revents != 0 || count == 16)
            break;
        int descriptor = accept(fake->listener, NULL, NULL);
        fake->connections++;
        fake_answer(fake, descriptor);
        if (fake->closes)
            close(descriptor);
        else
            open[count++] = descriptor;
    }
    while (count > 0)
        close(open[--count]);
    return NULL;
}

static void fake_start(struct fake *fake)
{
    fake->listener = listen_on_loopback(&fake->port);
    assert_int_equal(pipe(fake->quit), 0);
    assert_int_equal(pthread_create(&fake->thread, NULL, fake_serve, fake), 0);
}

static void fake_stop(struct fake *fake)
{
    assert_int_equal(write(fake->quit[1], "q", 1), 1);
    pthread_join(fake->thread, NULL);
    close(fake->quit[0]);
    close(fake->quit[1]);
    close(fake->listener);
}

static void whatever_a_server_says_amiss_is_a_miss_in_time(void **state)
{
    (void)state;
    static char flood[4096];
    memset(flood, '1', sizeof flood);
    const struct {
        const char *name;
        struct slice bytes;
        int timeout_ms; /* patient where an answer comes */
        bool slow, closes;
        const char *reason;
    } cases[] = {
        {"nothing", {0}, SHORT_MS, false, false, "Redis did not answer in time"},
        {"closes at once", {0}, PATIENT_MS, false, true, "Redis closed the connection"},
        {"garbage", SLICE("HTTP/1.1 400 Bad Request\r\n\r\n"), PATIENT_MS, false, false,
         "Redis answered with garbage"},
        {"an error", SLICE("-NOAUTH Authentication required.\r\n"), PATIENT_MS, false, false,
         "Redis refused: NOAUTH Authentication required."},
        {"half an answer", SLICE("*1\r\n$5\r\nab"), SHORT_MS, false, false,
         "Redis did not answer in time"},
        {"byte by byte for ever", {flood, sizeof flood}, SHORT_MS, true, false, NULL},
        {"a number", SLICE(":1\r\n"), PATIENT_MS, false, false,
         "Redis answered something else than was asked"},
        {"too many values", SLICE("*2\r\n$1\r\na\r\n$1\r\nb\r\n"), PATIENT_MS, false, false,
         "Redis answered something else than was asked"},
        {"more values than anybody asks for", SLICE("*2147483647\r\n$1\r\na\r\n"), PATIENT_MS,
         false, false, "Redis answered with garbage"},
        {"more values than a number holds", SLICE("*4611686018427387905\r\n"), PATIENT_MS,
         false, false, "Redis answered with garbage"},
        {"a hostile length", SLICE("*1\r\n$9223372036854775807\r\n"), SHORT_MS, false, false,
         NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fake fake = {
            .bytes = cases[i].bytes, .slow = cases[i].slow, .closes = cases[i].closes};
        fake_start(&fake);
        struct cache *cache = open_at(fake.port, cases[i].timeout_ms);
        struct cache_item item = {.key = SLICE("k")};
        int64_t began_ms = monotonic_ms();
        assert_int_equal(cache_get(cache, 0, &item, 1, &fixture.arena), 0);
        int64_t took_ms = monotonic_ms() - began_ms;
        if (item.hit || took_ms > cases[i].timeout_ms + SLACK_MS ||
            cache_counts(cache).errors != 1)
            fail_msg("%s: %s", cases[i].name, cache_error(cache));
        /* The kernel may say that a closed connection was reset. */
        bool reset = cases[i].closes && strstr(cache_error(cache), "could not ask") != NULL;
        if (cases[i].reason != NULL && !reset &&
            strcmp(cache_error(cache), cases[i].reason) != 0)
            fail_msg("%s: %s", cases[i].name, cache_error(cache));
        cache_close(cache);
        fake_stop(&fake);
    }
}

static void an_answer_of_another_type_is_one_miss(void **state)
{
    (void)state;
    struct fake fake = {.bytes = SLICE("*3\r\n:1\r\n$1\r\na\r\n$-1\r\n")};
    fake_start(&fake);
    struct cache *cache = open_at(fake.port, PATIENT_MS);
    struct cache_item items[] = {{.key = SLICE("k")}, {.key = SLICE("l")}, {.key = SLICE("m")}};
    assert_int_equal(cache_get(cache, 0, items, 3, &fixture.arena), 1);
    assert_true(!items[0].hit && items[1].hit && !items[2].hit);
    assert_int_equal(cache_counts(cache).errors, 0);
    cache_close(cache);
    fake_stop(&fake);
}

static void what_was_said_unasked_answers_no_question(void **state)
{
    (void)state;
    struct fake fake = {.bytes = SLICE("*1\r\n$1\r\nx\r\n*1\r\n$1\r\ny\r\n")};
    fake_start(&fake);
    struct cache *cache = open_at(fake.port, PATIENT_MS);
    struct cache_item item = {.key = SLICE("k")};
    for (int asked = 1; asked <= 3; asked++) {
        assert_int_equal(cache_get(cache, 0, &item, 1, &fixture.arena), 1);
        assert_true(slice_is(item.value, "x"));
    }
    assert_int_equal(cache_counts(cache).errors, 0);
    cache_close(cache);
    fake_stop(&fake);
    assert_int_equal(fake.connections, 3);
}

static void redis_is_not_asked_for_a_second_after_an_error(void **state)
{
    (void)state;
    struct fake fake = {.closes = true};
    fake_start(&fake);
    struct cache *cache = open_at(fake.port, PATIENT_MS);
    struct cache_item item = {.key = SLICE("k"), .value = SLICE("v")};
    static const struct {
        int64_t now_ms;
        uint64_t errors;
    } cases[] = {{5000, 1}, {5000, 1}, {5999, 1}, {6000, 2}, {6999, 2}, {7000, 3}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cache_get(cache, cases[i].now_ms, &item, 1, &fixture.arena);
        assert_int_equal(cache_counts(cache).errors, cases[i].errors);
        assert_int_equal(cache_counts(cache).misses, i + 1);
    }
    cache_put(cache, 7999, &item, 1);
    cache_forget(cache, 7999, &item.key, 1);
    assert_int_equal(cache_counts(cache).errors, 3);
    cache_put(cache, 8000, &item, 1);
    assert_int_equal(cache_counts(cache).errors, 4);
    cache_forget(cache, 9000, &item.key, 1);
    assert_int_equal(cache_counts(cache).errors, 5);
    cache_close(cache);
    fake_stop(&fake);
}

static void a_refused_connection_is_a_miss_at_once(void **state)
{
    (void)state;
    struct cache *cache = open_at(free_port(), PATIENT_MS);
    struct cache_item item = {.key = SLICE("k")};
    int64_t began_ms = monotonic_ms();
    assert_int_equal(cache_get(cache, 0, &item, 1, &fixture.arena), 0);
    assert_true(monotonic_ms() - began_ms < PATIENT_MS);
    assert_string_equal(cache_error(cache), "could not connect to Redis: Connection refused");
    cache_close(cache);
}

/* A server that does not know AUTH says what it was told. */
static void a_password_that_the_server_repeats_is_not_told(void **state)
{
    (void)state;
    struct fake fake = {.bytes = SLICE("-ERR unknown command `AUTH`, with args beginning with: "
                                       "`geheimnis`, \r\n")};
    struct cache_item item = {.key = SLICE("k")};
    char path[64];
    snprintf(path, sizeof path, "%s/password", fixture.folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs("geheimnis \n", file) >= 0);
    fclose(file);
    fake_start(&fake);
    struct cache *cache = cache_open(&(struct cache_settings){.host = "127.0.0.1",
                                                              .port = fake.port,
                                                              .timeout_ms = PATIENT_MS,
                                                              .password_file = path},
                                     NULL);
    assert_non_null(cache);
    assert_int_equal(cache_get(cache, 0, &item, 1, &fixture.arena), 0);
    assert_string_equal(cache_error(cache), "Redis did not take the password");
    cache_close(cache);
    fake_stop(&fake);
    unlink(path);
}

/* Last, because it ends the fixture's server and starts another. */
static void an_outage_passes(void **state)
{
    (void)state;
    struct cache *cache = open_at(fixture.port, PATIENT_MS);
    struct cache_item item = {.key = SLICE("k"), .value = SLICE("v")};
    cache_put(cache, 0, &item, 1);
    assert_int_equal(cache_get(cache, 0, &item, 1, &fixture.arena), 1);
    kill(fixture.redis, SIGKILL);
    waitpid(fixture.redis, NULL, 0);
    assert_int_equal(cache_get(cache, 0, &item, 1, &fixture.arena), 0);
    assert_int_equal(cache_counts(cache).errors, 1);
    start_redis();
    assert_true(answers(cache));
    cache_close(cache);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_put_is_got_until_forgotten),
        cmocka_unit_test(thousands_go_in_one_call),
        cmocka_unit_test(a_value_that_outgrows_the_arena_is_a_miss),
        cmocka_unit_test(nothing_asked_is_nothing_sent),
        cmocka_unit_test(whatever_a_server_says_amiss_is_a_miss_in_time),
        cmocka_unit_test(an_answer_of_another_type_is_one_miss),
        cmocka_unit_test(what_was_said_unasked_answers_no_question),
        cmocka_unit_test(redis_is_not_asked_for_a_second_after_an_error),
        cmocka_unit_test(a_refused_connection_is_a_miss_at_once),
        cmocka_unit_test(a_password_that_the_server_repeats_is_not_told),
        cmocka_unit_test(an_outage_passes),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
