#include "cache/connection.h"
#include "base/clock.h"
#include "cache/cache.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <unistd.h>

enum {
    CREDENTIALS_SIZE = 1024,
    READ_SIZE = 16384,      /* no less than a record of TLS: what it holds is taken whole */
    REPLY_BYTES = 256 << 20 /* of one call; more is garbage                               */
};

/* One line of a file; it is kept, because every connection says it. */
static enum outcome credentials_read(const char *path, char **credentials, struct error *error)
{
    char line[CREDENTIALS_SIZE];
    FILE *file = fopen(path, "rbe");
    if (file == NULL)
        return error_set(error, STOP, "cannot read \"%s\": %s", path, strerror(errno));
    setvbuf(file, NULL, _IONBF, 0); /* no second copy of it in memory */
    bool read = fgets(line, sizeof line, file) != NULL && strlen(line) < sizeof line - 1;
    fclose(file);
    size_t size = read ? strlen(line) : 0;
    while (size > 0 && isspace((unsigned char)line[size - 1]))
        line[--size] = '\0';
    if (size > 0)
        *credentials = strdup(line);
    explicit_bzero(line, sizeof line);
    return *credentials != NULL
               ? OK
               : error_set(error, STOP,
                           "cannot take \"%s\": expected one line, \"password\" or \"user "
                           "password\"",
                           path);
}

enum outcome connection_init(struct connection *connection,
                             const struct cache_settings *settings, struct error *error)
{
    enum outcome outcome = OK;
    *connection = (struct connection){.descriptor = -1, .host = strdup(settings->host)};
    snprintf(connection->service, sizeof connection->service, "%u", settings->port);
    if (connection->host == NULL)
        return error_set(error, STOP, "cannot open the cache: no memory");
    if (settings->password_file != NULL && settings->password_file[0] != '\0')
        outcome = credentials_read(settings->password_file, &connection->credentials, error);
    if (outcome == OK && settings->ca_file != NULL && settings->ca_file[0] != '\0')
        outcome = tls_init(&connection->tls, settings->ca_file, settings->host, error);
    if (outcome != OK)
        connection_release(connection);
    return outcome;
}

static void addresses_forget(struct connection *connection)
{
    if (connection->addresses != NULL)
        freeaddrinfo(connection->addresses);
    connection->addresses = connection->address = NULL;
}

void connection_release(struct connection *connection)
{
    if (connection == NULL)
        return;
    connection_close(connection);
    buffer_release(&connection->request);
    tls_release(&connection->tls);
    if (connection->credentials != NULL)
        explicit_bzero(connection->credentials, strlen(connection->credentials));
    free(connection->credentials);
    connection->credentials = NULL;
    addresses_forget(connection);
    free(connection->host);
    connection->host = NULL;
}

void connection_close(struct connection *connection)
{
    if (connection->descriptor < 0)
        return;
    tls_end(&connection->tls);
    close(connection->descriptor);
    if (connection->reader != NULL)
        redisReaderFree(connection->reader);
    connection->descriptor = -1;
    connection->reader = NULL;
}

/* Waits until the socket is ready for `events` or the deadline is past. */
static enum outcome await(const struct connection *connection, short events,
                          struct error *error)
{
    for (;;) {
        int64_t left_ms = connection->deadline_ms - monotonic_ms();
        struct pollfd waiting = {.fd = connection->descriptor, .events = events};
        int ready = left_ms <= 0 ? 0 : poll(&waiting, 1, (int)left_ms);
        if (ready > 0)
            return OK;
        if (ready == 0)
            return error_set(error, RETRY, "Redis did not answer in time");
        if (errno != EINTR)
            return error_set(error, RETRY, "could not wait for Redis: %s", strerror(errno));
    }
}

static enum outcome finish_connect(struct connection *connection, struct error *error)
{
    int failure = 0;
    socklen_t size = sizeof failure;
    enum outcome outcome = await(connection, POLLOUT, error);
    if (outcome != OK)
        return outcome;
    if (getsockopt(connection->descriptor, SOL_SOCKET, SO_ERROR, &failure, &size) != 0)
        failure = errno;
    if (failure != 0)
        return error_set(error, RETRY, "could not connect to Redis: %s", strerror(failure));
    return OK;
}

#if HIREDIS_MAJOR >= 1
typedef size_t element_count;
#else
typedef int element_count;
#endif

/* hiredis makes room for as many values as an answer announces, before any of them has come: an
 * answer is never longer than what was asked. */
static void *bounded_array(const redisReadTask *task, element_count count)
{
    const struct connection *connection = task->privdata;
    return count > CACHE_KEYS ? NULL : connection->unbounded->createArray(task, count);
}

static bool make_reader(struct connection *connection)
{
    connection->reader = redisReaderCreate();
    if (connection->reader == NULL)
        return false;
    connection->unbounded = connection->reader->fn;
    connection->makers = *connection->reader->fn;
    connection->makers.createArray = bounded_array;
    connection->reader->fn = &connection->makers;
    connection->reader->privdata = connection;
    return true;
}

static enum outcome shake_hands(struct connection *connection, struct error *error)
{
    enum outcome outcome = OK;
    short events;
    if (!tls_on(&connection->tls))
        return OK;
    if (!tls_begin(&connection->tls, connection->descriptor))
        return error_set(error, RETRY, "could not speak TLS with Redis: no memory");
    while (outcome == OK && (events = tls_handshake(&connection->tls, error)) != 0)
        outcome = events < 0 ? RETRY : await(connection, events, error);
    return outcome;
}

/* Takes in what has come, without waiting. */
static enum outcome take(struct connection *connection, struct error *error)
{
    char bytes[READ_SIZE];
    ssize_t size = tls_on(&connection->tls)
                       ? tls_receive(&connection->tls, bytes, sizeof bytes)
                       : recv(connection->descriptor, bytes, sizeof bytes, 0);
    if (size < 0 && (errno == EAGAIN || errno == EINTR))
        return OK;
    if (size <= 0)
        return error_set(error, RETRY, "Redis closed the connection");
    if (redisReaderFeed(connection->reader, bytes, (size_t)size) != REDIS_OK ||
        connection->reader->len > REPLY_BYTES)
        return error_set(error, RETRY, "Redis answered too much");
    return OK;
}

/* The next reply, be it an error of the server. */
static enum outcome reply_await(struct connection *connection, redisReply **reply,
                                struct error *error)
{
    void *parsed = NULL;
    for (;;) {
        if (redisReaderGetReply(connection->reader, &parsed) != REDIS_OK)
            return error_set(error, RETRY, "Redis answered with garbage");
        if (parsed != NULL)
            break;
        enum outcome outcome = await(connection, POLLIN, error);
        if (outcome == OK)
            outcome = take(connection, error);
        if (outcome != OK)
            return outcome;
    }
    *reply = parsed;
    return OK;
}

/* "AUTH password" or "AUTH user password", answered by OK. What a server says that does not know the command holds the
 * password. */
static enum outcome authenticate(struct connection *connection, struct error *error)
{
    redisReply *reply = NULL;
    if (connection->credentials == NULL)
        return OK;
    const char *blank = strchr(connection->credentials, ' ');
    size_t first = blank == NULL ? strlen(connection->credentials)
                                 : (size_t)(blank - connection->credentials);
    const struct slice words[] = {SLICE("AUTH"),
                                  {connection->credentials, first},
                                  slice_of(blank == NULL ? "" : blank + 1)};
    connection_append(connection, words, blank == NULL ? 2 : 3);
    enum outcome outcome = connection_send(connection, error);
    if (outcome == OK)
        outcome = reply_await(connection, &reply, error);
    if (outcome == OK && reply->type == REDIS_REPLY_ERROR)
        outcome = error_set(error, RETRY, "Redis did not take the password");
    freeReplyObject(reply);
    explicit_bzero(connection->request.data, connection->request.size);
    buffer_clear(&connection->request);
    return outcome;
}

static enum outcome look_up(struct connection *connection, struct error *error)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    int64_t now_ms = monotonic_ms();
    if (connection->lookup_at_ms > now_ms)
        return error_set(error, RETRY,
                         "could not look up Redis at \"%s\"; within a minute it is tried again",
                         connection->host);
    connection->lookup_at_ms = now_ms + LOOKUP_EVERY_MS;
    int failure =
        getaddrinfo(connection->host, connection->service, &hints, &connection->addresses);
    if (failure != 0)
        return error_set(error, RETRY, "could not look up Redis at \"%s\": %s",
                         connection->host, gai_strerror(failure));
    connection->address = connection->addresses;
    return OK;
}

static enum outcome connection_open(struct connection *connection, struct error *error)
{
    static const int on = 1;
    connection->descriptor =
        socket(connection->address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (connection->descriptor < 0)
        return error_set(error, RETRY, "could not make a socket: %s", strerror(errno));
    if (!make_reader(connection))
        return error_set(error, RETRY, "could not make a reader: no memory");
    /* What is sent is whole commands: waiting for more to send gains nothing. */
    setsockopt(connection->descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    int connected = connect(connection->descriptor, connection->address->ai_addr,
                            connection->address->ai_addrlen);
    if (connected != 0 && errno != EINPROGRESS)
        return error_set(error, RETRY, "could not connect to Redis: %s", strerror(errno));
    enum outcome outcome = connected == 0 ? OK : finish_connect(connection, error);
    if (outcome == OK)
        outcome = shake_hands(connection, error);
    return outcome == OK ? authenticate(connection, error) : outcome;
}

/* What a server said unasked would be taken for the answer to the next question. A server that
 * has closed is found out here too, before it costs a pause. */
static bool disturbed(const struct connection *connection)
{
    char byte;
    if (connection->reader->pos < connection->reader->len)
        return true;
    ssize_t size = recv(connection->descriptor, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return size >= 0 || (errno != EAGAIN && errno != EINTR);
}

/* Behind the last address the first comes again, until the name may be looked up anew: it may have moved. */
static void address_pass(struct connection *connection)
{
    connection->address = connection->address->ai_next;
    if (connection->address == NULL && monotonic_ms() >= connection->lookup_at_ms)
        addresses_forget(connection);
    else if (connection->address == NULL)
        connection->address = connection->addresses;
}

enum outcome connection_begin(struct connection *connection, int64_t timeout_ms,
                              struct error *error)
{
    assert(timeout_ms > 0);
    if (connection->descriptor >= 0 && disturbed(connection))
        connection_close(connection);
    if (connection->address == NULL && look_up(connection, error) != OK)
        return RETRY;
    connection->deadline_ms = monotonic_ms() + timeout_ms;
    buffer_clear(&connection->request);
    if (connection->descriptor >= 0)
        return OK;
    enum outcome outcome = connection_open(connection, error);
    if (outcome != OK)
        address_pass(connection);
    return outcome;
}

void connection_append_count(struct connection *connection, size_t words)
{
    char head[32];
    int size = snprintf(head, sizeof head, "*%zu\r\n", words);
    buffer_append(&connection->request, head, (size_t)size);
}

void connection_append_word(struct connection *connection, struct slice word)
{
    char head[32];
    int size = snprintf(head, sizeof head, "$%zu\r\n", word.size);
    buffer_append(&connection->request, head, (size_t)size);
    buffer_append(&connection->request, word.data, word.size);
    buffer_append(&connection->request, "\r\n", 2);
}

void connection_append(struct connection *connection, const struct slice *words, size_t count)
{
    connection_append_count(connection, count);
    for (size_t i = 0; i < count; i++)
        connection_append_word(connection, words[i]);
}

enum outcome connection_send(struct connection *connection, struct error *error)
{
    enum outcome outcome = OK;
    struct slice rest = buffer_slice(&connection->request);
    if (buffer_failed(&connection->request))
        return error_set(error, RETRY, "could not ask Redis: no memory");
    while (rest.size > 0 && outcome == OK) {
        ssize_t sent = tls_on(&connection->tls)
                           ? tls_send(&connection->tls, rest.data, rest.size)
                           : send(connection->descriptor, rest.data, rest.size, MSG_NOSIGNAL);
        if (sent > 0) {
            rest = (struct slice){rest.data + sent, rest.size - (size_t)sent};
            continue;
        }
        if (errno != EAGAIN && errno != EINTR)
            return error_set(error, RETRY, "could not ask Redis: %s", strerror(errno));
        /* Replies to the first commands of a long pipeline are taken in meanwhile, or both
         * sides would wait for the other to read. */
        outcome = await(connection, POLLIN | POLLOUT, error);
        if (outcome == OK)
            outcome = take(connection, error);
    }
    return outcome;
}

enum outcome connection_receive(struct connection *connection, redisReply **reply,
                                struct error *error)
{
    enum outcome outcome = reply_await(connection, reply, error);
    if (outcome != OK || (*reply)->type != REDIS_REPLY_ERROR)
        return outcome;
    error_set(error, RETRY, "Redis refused: %.100s", (*reply)->str);
    freeReplyObject(*reply);
    return RETRY;
}
