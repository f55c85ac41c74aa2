#include "base/clock.h"
#include "http/http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

enum { ANSWER_SIZE = 4096, TICK_BOUND_MS = 60000 };

struct world {
    bool ready;
    sigset_t blocked; /* where the views run */
    char answer[ANSWER_SIZE];
    struct http *http;
};

static bool ready_view(void *context, struct buffer *reason)
{
    const struct world *world = context;
    buffer_append(reason, "no partition", strlen("no partition"));
    return world->ready;
}

static void metrics_view(void *context, struct buffer *text)
{
    struct world *world = context;
    pthread_sigmask(SIG_BLOCK, NULL, &world->blocked);
    buffer_append(text, "kerja_up 1\n", strlen("kerja_up 1\n"));
}

static int start(void **state)
{
    static struct world world;
    struct http_views views = {&world, ready_view, metrics_view};
    struct http_settings settings = {.tick_bound_ms = TICK_BOUND_MS};
    world = (struct world){.ready = true};
    world.http = http_start(&settings, &views, NULL);
    *state = &world;
    return world.http == NULL ? -1 : 0;
}

static int stop(void **state)
{
    struct world *world = *state;
    http_stop(world->http);
    http_stop(NULL);
    return 0;
}

/* Sends the bytes, and reads until the server closes. */
static const char *ask(struct world *world, uint16_t port, const char *request)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int descriptor = socket(AF_INET, SOCK_STREAM, 0);
    size_t size = 0;
    ssize_t came;
    assert_int_equal(connect(descriptor, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(send(descriptor, request, strlen(request), MSG_NOSIGNAL), strlen(request));
    while ((came = recv(descriptor, world->answer + size, ANSWER_SIZE - 1 - size, 0)) > 0)
        size += (size_t)came;
    close(descriptor);
    world->answer[size] = '\0';
    return world->answer;
}

static const char *body(const char *answer)
{
    const char *end = strstr(answer, "\r\n\r\n");
    assert_non_null(end);
    return end + 4;
}

#define REQUEST(line) line " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"

static void views_take_no_signals(void **state)
{
    struct world *world = *state;
    sigset_t own;
    ask(world, http_port(world->http), REQUEST("GET /metrics"));
    assert_int_equal(pthread_sigmask(SIG_BLOCK, NULL, &own), 0);
    assert_true(sigismember(&world->blocked, SIGTERM) && !sigismember(&own, SIGTERM));
}

static void pages(void **state)
{
    struct world *world = *state;
    static const struct {
        const char *name, *request, *status, *header, *body;
        bool ready;
    } cases[] = {
        {"a loop that ticks", REQUEST("GET /healthz"), "HTTP/1.1 200 ",
         "text/plain; charset=utf-8", "ok\n", true},
        {"ready", REQUEST("GET /readyz"), "HTTP/1.1 200 ", "Cache-Control: no-store", "ready\n",
         true},
        {"not ready", REQUEST("GET /readyz"), "HTTP/1.1 503 ", "text/plain", "no partition\n",
         false},
        {"metrics", REQUEST("GET /metrics"), "HTTP/1.1 200 ", "text/plain; version=0.0.4",
         "kerja_up 1\n", true},
        {"head", REQUEST("HEAD /metrics"), "HTTP/1.1 200 ", "Content-Length: 11", "", true},
        {"a query is no part of the path", REQUEST("GET /healthz?x=1"), "HTTP/1.1 200 ",
         "text/plain", "ok\n", true},
        {"another page", REQUEST("GET /"), "HTTP/1.1 404 ", "text/plain",
         "no such page: there are /healthz, /readyz and /metrics\n", true},
        {"a page below", REQUEST("GET /healthz/"), "HTTP/1.1 404 ", "text/plain",
         "no such page: there are /healthz, /readyz and /metrics\n", true},
        {"another method", REQUEST("DELETE /metrics"), "HTTP/1.1 405 ", "Allow: GET, HEAD",
         "only GET and HEAD\n", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        world->ready = cases[i].ready;
        const char *answer = ask(world, http_port(world->http), cases[i].request);
        bool as_expected = strncmp(answer, cases[i].status, strlen(cases[i].status)) == 0 &&
                           strstr(answer, cases[i].header) != NULL &&
                           strcmp(body(answer), cases[i].body) == 0;
        if (!as_expected)
            fail_msg("%s: %s", cases[i].name, answer);
    }
}

static void health_follows_the_last_tick(void **state)
{
    struct world *world = *state;
    uint16_t port = http_port(world->http);
    http_tick(world->http, monotonic_ms() - TICK_BOUND_MS - 1);
    const char *answer = ask(world, port, REQUEST("GET /healthz"));
    assert_int_equal(strncmp(answer, "HTTP/1.1 503 ", 13), 0);
    assert_int_equal(strncmp(body(answer), "the loop has not ticked for 60", 30), 0);
    http_tick(world->http, monotonic_ms());
    assert_int_equal(strncmp(ask(world, port, REQUEST("GET /healthz")), "HTTP/1.1 200 ", 13),
                     0);
}

static void garbage_is_answered_and_the_next_served(void **state)
{
    struct world *world = *state;
    uint16_t port = http_port(world->http);
    ask(world, port, "\x16\x03\x01 no http\r\n\r\n\r\n");
    assert_int_equal(strncmp(ask(world, port, REQUEST("GET /healthz")), "HTTP/1.1 200 ", 13),
                     0);
}

/* A byte now and then keeps a connection open as long as its client likes. */
static void a_client_that_is_slow_keeps_nobody_out(void **state)
{
    struct world *world = *state;
    uint16_t port = http_port(world->http);
    struct sockaddr_in server = {.sin_family = AF_INET,
                                 .sin_port = htons(port),
                                 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)},
                       other = {.sin_family = AF_INET,
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1)};
    int slow[HTTP_CONNECTIONS];
    for (size_t i = 0; i < HTTP_CONNECTIONS; i++) {
        slow[i] = socket(AF_INET, SOCK_STREAM, 0);
        assert_int_equal(bind(slow[i], (struct sockaddr *)&other, sizeof other), 0);
        assert_int_equal(connect(slow[i], (struct sockaddr *)&server, sizeof server), 0);
        assert_true(send(slow[i], "G", 1, MSG_NOSIGNAL) <= 1);
    }
    assert_int_equal(strncmp(ask(world, port, REQUEST("GET /healthz")), "HTTP/1.1 200 ", 13),
                     0);
    /* Had they filled all places, the probe would have waited until every one was closed. */
    int waiting = 0;
    for (size_t i = 0; i < HTTP_CONNECTIONS; i++) {
        char byte;
        waiting += recv(slow[i], &byte, 1, MSG_DONTWAIT) < 0 && errno == EAGAIN;
        close(slow[i]);
    }
    assert_int_equal(waiting, HTTP_CONNECTIONS_OF_ONE);
}

static void without_views_there_is_readiness_and_no_metrics(void **state)
{
    struct world *world = *state;
    struct http *http = http_start(&(struct http_settings){.address = "127.0.0.1"},
                                   &(struct http_views){0}, NULL);
    assert_non_null(http);
    assert_int_equal(
        strncmp(ask(world, http_port(http), REQUEST("GET /readyz")), "HTTP/1.1 200 ", 13), 0);
    assert_int_equal(
        strncmp(ask(world, http_port(http), REQUEST("GET /metrics")), "HTTP/1.1 404 ", 13), 0);
    http_stop(http);
}

static void an_address_that_cannot_be_had_is_told(void **state)
{
    struct world *world = *state;
    struct error error = {""};
    char expected[128];
    struct http_settings taken = {.port = http_port(world->http)};
    assert_null(http_start(&taken, &(struct http_views){0}, &error));
    snprintf(expected, sizeof expected,
             "cannot listen on \"127.0.0.1\" port %u: Address already in use", taken.port);
    assert_string_equal(error.text, expected);
    struct http_settings name = {.address = "localhost"};
    assert_null(http_start(&name, &(struct http_views){0}, &error));
    assert_string_equal(error.text,
                        "cannot listen on \"localhost\": it is no IPv4 or IPv6 address");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(views_take_no_signals),
        cmocka_unit_test(pages),
        cmocka_unit_test(health_follows_the_last_tick),
        cmocka_unit_test(garbage_is_answered_and_the_next_served),
        cmocka_unit_test(a_client_that_is_slow_keeps_nobody_out),
        cmocka_unit_test(without_views_there_is_readiness_and_no_metrics),
        cmocka_unit_test(an_address_that_cannot_be_had_is_told),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
