/*
 * positions - how far a service has come: W, K and G of each of its source partitions beside the end
 * of the log.
 *
 * G says what is decided, K what is published, the end what there is to do. A service is *past* a set
 * of ends when each of its partitions' G has reached them, and *quiet* when everything is decided and
 * published: G = K = end.
 */
#ifndef KERJA_CTL_POSITIONS_H
#define KERJA_CTL_POSITIONS_H

#include "session.h"

enum { SERVICES = 3, POSITIONS = 1024 };

extern const char *const service_names[SERVICES];

bool service_known(const char *name);

struct service_position {
    struct topic_partition at;
    int64_t published_next; /* W */
    int64_t committed;      /* K; -1: none */
    int64_t next_offset;    /* G */
    int64_t end;            /* of the log, open transactions included */
    bool conflict;
    char owner[128], reason[200];
};

struct service_positions {
    const char *service;
    bool present; /* the service has a schema with positions */
    struct service_position items[POSITIONS];
    size_t count;
};

/* Reads W and G, then K, then the ends. A service without a schema is not present, which is no failure. */
enum outcome positions_read(struct session *session, const char *service,
                            struct service_positions *positions);

/* The same without the ends. */
enum outcome positions_read_places(struct session *session, const char *service,
                                   struct service_positions *positions);

/* Records between G and the end, over all partitions; `worst` may be NULL. */
int64_t positions_lag(const struct service_positions *positions, int64_t *worst);
size_t positions_conflicts(const struct service_positions *positions);

/* Waits until the service has decided every record that is in its topics now; false after a sentence
 * in call->error, or when asked to end. */
bool positions_wait_past_now(struct session *session, const char *service, const char *what);

/* True in `past` when G of every partition is behind all records appended before `at`. A service that
 * never read anything is not past. */
enum outcome positions_past(struct session *session, const char *service, instant_us at,
                            bool *past);

#endif
