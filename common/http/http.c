#include "http/http.h"
#include "base/clock.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

struct http {
    struct http_views views;
    int64_t tick_bound_ms;
    atomic_int_fast64_t ticked_ms;
    struct MHD_Daemon *daemon;
    uint16_t port;
};

/* What is answered; the text is appended by the page. */
struct page {
    unsigned status;
    const char *type;
    struct buffer text;
};

static const char plain_type[] = "text/plain; charset=utf-8";
static const char metrics_type[] = "text/plain; version=0.0.4; charset=utf-8";

static void append_text(struct buffer *buffer, const char *text)
{
    buffer_append(buffer, text, strlen(text));
}

static void show_health(struct http *http, struct page *page)
{
    char line[96];
    int64_t age_ms = monotonic_ms() - atomic_load(&http->ticked_ms);
    page->status = age_ms <= http->tick_bound_ms ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE;
    if (page->status == MHD_HTTP_OK)
        snprintf(line, sizeof line, "ok\n");
    else
        snprintf(line, sizeof line, "the loop has not ticked for %" PRId64 " ms\n", age_ms);
    append_text(&page->text, line);
}

static void show_readiness(struct http *http, struct page *page)
{
    bool ready =
        http->views.ready == NULL || http->views.ready(http->views.context, &page->text);
    page->status = ready ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE;
    if (ready) {
        buffer_clear(&page->text);
        append_text(&page->text, "ready");
    }
    append_text(&page->text, "\n");
}

static void show_metrics(struct http *http, struct page *page)
{
    page->status = MHD_HTTP_OK;
    page->type = metrics_type;
    http->views.metrics(http->views.context, &page->text);
}

static void show(struct http *http, const char *path, struct page *page)
{
    if (strcmp(path, "/healthz") == 0)
        show_health(http, page);
    else if (strcmp(path, "/readyz") == 0)
        show_readiness(http, page);
    else if (strcmp(path, "/metrics") == 0 && http->views.metrics != NULL)
        show_metrics(http, page);
    else
        append_text(&page->text, "no such page: there are /healthz, /readyz and /metrics\n");
}

/* Takes over the text of the page. */
static enum MHD_Result send_page(struct MHD_Connection *connection, struct page *page)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(
        page->text.size, page->text.data, MHD_RESPMEM_MUST_COPY);
    bool whole = !buffer_failed(&page->text);
    buffer_release(&page->text);
    if (response == NULL || !whole) {
        if (response != NULL)
            MHD_destroy_response(response);
        return MHD_NO;
    }
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, page->type);
    MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    if (page->status == MHD_HTTP_METHOD_NOT_ALLOWED)
        MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
    enum MHD_Result sent = MHD_queue_response(connection, page->status, response);
    MHD_destroy_response(response);
    return sent;
}

static enum MHD_Result answer(void *context, struct MHD_Connection *connection,
                              const char *path, const char *method, const char *version,
                              const char *upload, size_t *upload_size, void **state)
{
    (void)version, (void)upload, (void)upload_size, (void)state;
    struct page page = {.status = MHD_HTTP_NOT_FOUND, .type = plain_type};
    if (strcmp(method, MHD_HTTP_METHOD_GET) == 0 || strcmp(method, MHD_HTTP_METHOD_HEAD) == 0) {
        show(context, path, &page);
    } else {
        page.status = MHD_HTTP_METHOD_NOT_ALLOWED;
        append_text(&page.text, "only GET and HEAD\n");
    }
    return send_page(connection, &page);
}

/* Reads a numeric address of either family. Returns its size, 0 for anything else. */
static socklen_t parse_address(const struct http_settings *settings,
                               struct sockaddr_storage *address)
{
    const char *text = settings->address == NULL ? "127.0.0.1" : settings->address;
    struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons(settings->port)};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons(settings->port)};
    if (inet_pton(AF_INET, text, &four.sin_addr) == 1) {
        memcpy(address, &four, sizeof four);
        return sizeof four;
    }
    if (inet_pton(AF_INET6, text, &six.sin6_addr) == 1) {
        memcpy(address, &six, sizeof six);
        return sizeof six;
    }
    return 0;
}

static uint16_t bound_port(int descriptor)
{
    struct sockaddr_storage address = {0};
    socklen_t size = sizeof address;
    if (getsockname(descriptor, (struct sockaddr *)&address, &size) != 0)
        return 0;
    struct sockaddr_in four;
    struct sockaddr_in6 six;
    memcpy(&four, &address, sizeof four);
    memcpy(&six, &address, sizeof six);
    return ntohs(address.ss_family == AF_INET6 ? six.sin6_port : four.sin_port);
}

/* A listening socket of our own, so that a refusal has its reason and port 0 its number.
 * Returns -1 with it. */
static int open_socket(const struct http_settings *settings, struct error *error)
{
    static const int on = 1;
    struct sockaddr_storage address = {0};
    const char *shown = settings->address == NULL ? "127.0.0.1" : settings->address;
    socklen_t size = parse_address(settings, &address);
    if (size == 0) {
        error_set(error, STOP, "cannot listen on \"%s\": it is no IPv4 or IPv6 address", shown);
        return -1;
    }
    int descriptor = socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor >= 0)
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (descriptor >= 0 && bind(descriptor, (struct sockaddr *)&address, size) == 0 &&
        listen(descriptor, HTTP_CONNECTIONS) == 0)
        return descriptor;
    error_set(error, STOP, "cannot listen on \"%s\" port %u: %s", shown, settings->port,
              strerror(errno));
    if (descriptor >= 0)
        close(descriptor);
    return -1;
}

/* Its thread inherits the mask: signals are for whoever started it. */
static struct MHD_Daemon *start_daemon(struct http *http, int descriptor)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_EPOLL, 0, NULL, NULL, answer, http,
        MHD_OPTION_LISTEN_SOCKET, descriptor, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)HTTP_CONNECTIONS, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
        (unsigned)HTTP_CONNECTIONS_OF_ONE, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)HTTP_TIMEOUT_S, MHD_OPTION_END);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return daemon;
}

struct http *http_start(const struct http_settings *settings, const struct http_views *views,
                        struct error *error)
{
    int descriptor = open_socket(settings, error);
    if (descriptor < 0)
        return NULL;
    struct http *http = calloc(1, sizeof *http);
    if (http != NULL) {
        http->views = *views;
        http->tick_bound_ms =
            settings->tick_bound_ms > 0 ? settings->tick_bound_ms : HTTP_TICK_BOUND_MS;
        http->port = bound_port(descriptor);
        http_tick(http, monotonic_ms());
        http->daemon = start_daemon(http, descriptor);
    }
    if (http != NULL && http->daemon != NULL)
        return http;
    error_set(error, STOP, "cannot answer HTTP: the library does not start");
    free(http);
    close(descriptor);
    return NULL;
}

void http_stop(struct http *http)
{
    if (http == NULL)
        return;
    MHD_stop_daemon(http->daemon);
    free(http);
}

uint16_t http_port(const struct http *http)
{
    assert(http->port > 0);
    return http->port;
}

void http_tick(struct http *http, int64_t now_ms)
{
    atomic_store(&http->ticked_ms, now_ms);
}
