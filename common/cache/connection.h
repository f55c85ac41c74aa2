/*
 * connection - one socket to Redis, on which nothing waits longer than a deadline.
 *
 * Commands are appended, then sent together; each is answered by one reply. The protocol's form
 * is hiredis's business, the waiting is ours. After any failure the caller closes the
 * connection: replies still under way would be taken for those of the next call.
 */
#ifndef KERJA_CACHE_CONNECTION_H
#define KERJA_CACHE_CONNECTION_H

#include "base/buffer.h"
#include "base/error.h"
#include "base/slice.h"
#include "cache/cache.h"
#include "cache/tls.h"

#include <hiredis/hiredis.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdint.h>

enum { LOOKUP_EVERY_MS = 60000 }; /* a resolver that is away keeps whoever asks it waiting */

struct connection {
    char *host, service[8];
    struct addrinfo *addresses,
        *address;         /* of the host, and the one whose turn it is; NULL: not known */
    int64_t lookup_at_ms; /* when the host may be looked up again, by monotonic_ms() */
    int descriptor;       /* -1 while closed */
    struct tls tls;       /* of the descriptor; off where no certificates were named */
    char *credentials;    /* "password" or "user password"; NULL: none */
    redisReader *reader;
    redisReplyObjectFunctions makers; /* of replies: hiredis's, with bounded arrays */
    const redisReplyObjectFunctions *unbounded;
    struct buffer request;
    int64_t deadline_ms; /* of the running call, by monotonic_ms() */
};

/* Reads password and certificates; STOP names the file that cannot be taken. The connection is closed then. */
enum outcome connection_init(struct connection *connection,
                             const struct cache_settings *settings, struct error *error);
void connection_release(struct connection *connection);

/* Starts a call: nothing appended yet, everything to be done within timeout_ms. Connects when
 * closed, and anew when the server closed or said what nobody asked. When that fails it is the turn
 * of the host's next address; behind the last of them the host is looked up anew, at most every LOOKUP_EVERY_MS. */
enum outcome connection_begin(struct connection *connection, int64_t timeout_ms,
                              struct error *error);

/* Appends a command of `count` words. */
void connection_append(struct connection *connection, const struct slice *words, size_t count);

/* The two halves of a long command, so that its words need no array. */
void connection_append_count(struct connection *connection, size_t words);
void connection_append_word(struct connection *connection, struct slice word);

/* Sends what was appended. */
enum outcome connection_send(struct connection *connection, struct error *error);

/* The next reply; the caller frees it with freeReplyObject(). RETRY when it does not come in
 * time, is not RESP, or is an error of the server. */
enum outcome connection_receive(struct connection *connection, redisReply **reply,
                                struct error *error);

/* Closes the socket and forgets what was appended or half received; closed already is fine. */
void connection_close(struct connection *connection);

#endif
