/*
 * fuzz_http - whatever a connection says to the keepers' page, the answer is HTTP with a status of ours or the
 * library's, or the connection is closed; and the next one is served.
 */
#include "base/clock.h"
#include "fuzz.h"
#include "http/http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

/* A request that is not whole is waited for by the library, and not by us. */
enum { ANSWER_BOUND = 1 << 16, REQUEST_BOUND = 1 << 14, SHORT_MS = 20, LONG_MS = 10000 };

static struct http *http;

static bool ready(void *context, struct buffer *reason)
{
    (void)context;
    buffer_append(reason, "not yet", 7);
    return false;
}

static void metrics(void *context, struct buffer *text)
{
    (void)context;
    buffer_append(text, "kerja_x 1\n", 10);
}

/* libFuzzer looks at its clock by a signal: a connection that it interrupts goes on being made (connect(2)). */
static bool connected(int descriptor, const struct sockaddr_in *address)
{
    struct pollfd made = {.fd = descriptor, .events = POLLOUT};
    int failure = 0;
    socklen_t size = sizeof failure;
    if (connect(descriptor, (const struct sockaddr *)address, sizeof *address) == 0)
        return true;
    if (errno != EINTR)
        return false;
    while (poll(&made, 1, LONG_MS) < 0 && errno == EINTR)
        ;
    return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &failure, &size) == 0 && failure == 0;
}

static size_t ask(const void *request, size_t size, int patience_ms,
                  char answer[static ANSWER_BOUND])
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(http_port(http))};
    /* Reset at the end: one that closes in peace keeps its port for a minute. */
    static const struct linger at_once = {1, 0};
    struct timeval bound = {patience_ms / 1000, patience_ms % 1000 * 1000};
    size_t count = 0;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    must(descriptor >= 0);
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &bound, sizeof bound);
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    must(connected(descriptor, &address));
    /* It may close while we still speak: then there is less to say. */
    ssize_t sent = send(descriptor, request, size, MSG_NOSIGNAL);
    (void)sent;
    shutdown(descriptor, SHUT_WR);
    for (ssize_t got = 1; got > 0 && count < ANSWER_BOUND;) {
        got = recv(descriptor, answer + count, ANSWER_BOUND - count, 0);
        count += got > 0 ? (size_t)got : 0;
    }
    close(descriptor);
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char sound[] = "GET /readyz HTTP/1.0\r\n\r\n";
    static char answer[ANSWER_BOUND], request[REQUEST_BOUND];
    static uint64_t asked;
    struct error error;
    const struct http_settings settings = {0};
    const struct http_views views = {NULL, ready, metrics};
    if (http == NULL)
        must((http = http_start(&settings, &views, &error)) != NULL);
    size = size < REQUEST_BOUND - 4 ? size : REQUEST_BOUND - 4;
    if (size > 0)
        memcpy(request, data, size);
    memcpy(request + size, "\r\n\r\n", 4); /* most are whole then */
    size_t count = ask(request, size + 4, SHORT_MS, answer);
    must(count == 0 || (count > 12 && memcmp(answer, "HTTP/1.", 7) == 0));
    must(count == 0 || strchr("12345", answer[9]) != NULL);
    if (asked++ % 64 != 0)
        return 0;
    /* A server that stood still has connections of ours that it does not know to be over, and
     * refuses one more. */
    int64_t until_ms = monotonic_ms() + LONG_MS;
    do {
        count = ask(sound, sizeof sound - 1, LONG_MS, answer);
    } while (count == 0 && monotonic_ms() < until_ms);
    must(memmem(answer, count, "503", 3) != NULL &&
         memmem(answer, count, "not yet", 7) != NULL);
    return 0;
}
