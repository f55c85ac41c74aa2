/*
 * tls - a TLS session over a socket that does not block, as a client who wants to know whom it speaks with.
 *
 * TLS 1.2 or later; the server's certificate must be signed by an authority of the given file and be made
 * out to the host that was asked for. All zero is "off". Waiting is the caller's business.
 */
#ifndef KERJA_CACHE_TLS_H
#define KERJA_CACHE_TLS_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct ssl_ctx_st;
struct ssl_st;

struct tls {
    struct ssl_ctx_st *authorities; /* NULL: off */
    struct ssl_st *session;         /* of the connection that is open */
    char *host;
};

static inline bool tls_on(const struct tls *tls)
{
    return tls->authorities != NULL;
}

/* Reads the authorities. STOP when the file holds none. */
enum outcome tls_init(struct tls *tls, const char *ca_file, const char *host,
                      struct error *error);
void tls_release(struct tls *tls);

/* A session for a connected socket; false when there is no memory. */
bool tls_begin(struct tls *tls, int descriptor);

/* Goes on with the handshake: 0 when it is done, the events of poll() to wait for, or -1 with a reason. */
short tls_handshake(struct tls *tls, struct error *error);

/* As recv() and send(): EAGAIN when there is nothing to be read yet, or no room. */
ssize_t tls_receive(struct tls *tls, void *bytes, size_t size);
ssize_t tls_send(struct tls *tls, const void *bytes, size_t size);

/* Forgets the session, before its socket is closed. */
void tls_end(struct tls *tls);

#endif
