#include "cache/tls.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

enum outcome tls_init(struct tls *tls, const char *ca_file, const char *host,
                      struct error *error)
{
    *tls = (struct tls){.authorities = SSL_CTX_new(TLS_client_method()), .host = strdup(host)};
    if (tls->authorities != NULL && tls->host != NULL &&
        SSL_CTX_set_min_proto_version(tls->authorities, TLS1_2_VERSION) == 1 &&
        SSL_CTX_load_verify_locations(tls->authorities, ca_file, NULL) == 1) {
        SSL_CTX_set_verify(tls->authorities, SSL_VERIFY_PEER, NULL);
        SSL_CTX_set_mode(tls->authorities,
                         SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
        return OK;
    }
    ERR_clear_error();
    tls_release(tls);
    return error_set(error, STOP, "cannot take \"%s\": expected certificates of authorities",
                     ca_file);
}

void tls_release(struct tls *tls)
{
    tls_end(tls);
    SSL_CTX_free(tls->authorities);
    free(tls->host);
    *tls = (struct tls){0};
}

/* A certificate is made out to a name or to an address. */
static bool expect_host(SSL *session, const char *host)
{
    unsigned char address[sizeof(struct in6_addr)];
    if (inet_pton(AF_INET, host, address) == 1 || inet_pton(AF_INET6, host, address) == 1)
        return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), host) == 1;
    return SSL_set1_host(session, host) == 1 && SSL_set_tlsext_host_name(session, host) == 1;
}

bool tls_begin(struct tls *tls, int descriptor)
{
    assert(tls->session == NULL);
    tls->session = SSL_new(tls->authorities);
    return tls->session != NULL && SSL_set_fd(tls->session, descriptor) == 1 &&
           expect_host(tls->session, tls->host);
}

short tls_handshake(struct tls *tls, struct error *error)
{
    ERR_clear_error();
    int result = SSL_connect(tls->session);
    if (result == 1)
        return 0;
    switch (SSL_get_error(tls->session, result)) {
    case SSL_ERROR_WANT_READ:
        return POLLIN;
    case SSL_ERROR_WANT_WRITE:
        return POLLOUT;
    default:
        break;
    }
    long verified = SSL_get_verify_result(tls->session);
    error_set(error, RETRY, "could not speak TLS with Redis: %s",
              verified != X509_V_OK ? X509_verify_cert_error_string(verified)
                                    : "it broke the handshake off");
    return -1;
}

/* What a call of the library left, as a call of the system leaves it. */
static ssize_t outcome_of(struct tls *tls, int result)
{
    if (result > 0)
        return result;
    switch (SSL_get_error(tls->session, result)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
        errno = EAGAIN;
        return -1;
    case SSL_ERROR_ZERO_RETURN:
        return 0;
    default:
        errno = ECONNRESET;
        return -1;
    }
}

ssize_t tls_receive(struct tls *tls, void *bytes, size_t size)
{
    ERR_clear_error();
    return outcome_of(tls, SSL_read(tls->session, bytes, size < INT_MAX ? (int)size : INT_MAX));
}

ssize_t tls_send(struct tls *tls, const void *bytes, size_t size)
{
    ERR_clear_error();
    return outcome_of(tls,
                      SSL_write(tls->session, bytes, size < INT_MAX ? (int)size : INT_MAX));
}

void tls_end(struct tls *tls)
{
    SSL_free(tls->session);
    tls->session = NULL;
}
