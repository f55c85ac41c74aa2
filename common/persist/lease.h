/*
 * lease - the right to be slot n of a service, held by a session advisory lock.
 *
 * A slot names the worker to Kafka (transactional.id and group.instance.id are
 * `<service>-<slot>`), so two processes must never hold the same one. The lock lives on a
 * connection of its own, that does nothing else, and ends with it: whoever loses that
 * connection has lost the slot and must stop. So the worker looks at the socket every batch.
 */
#ifndef KERJA_PERSIST_LEASE_H
#define KERJA_PERSIST_LEASE_H

#include "persist/database.h"

enum {
    LEASE_SLOTS = 1024, /* slots of one service */
    LEASE_ANY = -1      /* the lowest free one  */
};

struct lease {
    struct database database;
    int slot; /* 0..LEASE_SLOTS-1 while held, LEASE_ANY otherwise */
};

/* Takes `wanted`, or the lowest free slot for LEASE_ANY, on a new connection. `settings` as for
 * database_init(); its tables are not prepared. RETRY: no server, or the slot is taken (the
 * reason tells which). STOP: as database_connect(). */
enum outcome lease_take(struct lease *lease, const struct database_settings *settings,
                        int wanted, struct error *error);

/* False once the server has closed the connection. Never blocks; costs one poll of a
 * socket. A peer that vanished without a word is noticed by TCP keepalive. */
bool lease_alive(struct lease *lease);

/* Gives the slot back; accepts a lease that was never taken (all zero) or is lost. */
void lease_release(struct lease *lease);

#endif
