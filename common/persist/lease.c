#include "persist/lease.h"

#include <assert.h>
#include <errno.h>
#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

/* Finds and locks in one statement, in the order of the slots: the LIMIT stops at the first
 * that could be locked. hashtext() spreads services over the first half of the key. */
static void lease_sql(char *sql, size_t size, const char *service, int first, int last)
{
    snprintf(sql, size,
             "SELECT slot FROM generate_series(%d, %d) AS slot "
             "WHERE pg_try_advisory_lock(hashtext('kerja-slot-%s'), slot) LIMIT 1",
             first, last, service);
}

static enum outcome lease_lock(struct lease *lease, int wanted, struct error *error)
{
    char sql[256], slot[16];
    bool any = wanted == LEASE_ANY;
    const char *service = lease->database.settings.service;
    lease_sql(sql, sizeof sql, service, any ? 0 : wanted, any ? LEASE_SLOTS - 1 : wanted);
    enum outcome outcome = database_text(&lease->database, sql, slot, sizeof slot, error);
    if (outcome != OK)
        return error_wrap(error, outcome, "could not lease a slot of \"%s\"", service);
    if (slot[0] != '\0') {
        lease->slot = (int)strtol(slot, NULL, 10);
        return OK;
    }
    if (any)
        return error_set(error, RETRY, "could not lease a slot of \"%s\": all %d are taken",
                         service, LEASE_SLOTS);
    return error_set(error, RETRY,
                     "could not lease slot %d of \"%s\": another process holds it", wanted,
                     service);
}

enum outcome lease_take(struct lease *lease, const struct database_settings *settings,
                        int wanted, struct error *error)
{
    assert(wanted >= LEASE_ANY && wanted < LEASE_SLOTS);
    struct lease taken = {.slot = LEASE_ANY};
    struct database_settings bare = *settings;
    bare.bare = true;
    bare.table_count = bare.limit_count = 0;
    enum outcome outcome = database_init(&taken.database, &bare, error);
    if (outcome == OK)
        outcome = database_connect(&taken.database, error);
    if (outcome == OK)
        outcome = lease_lock(&taken, wanted, error);
    if (outcome == OK)
        *lease = taken;
    else
        database_release(&taken.database);
    return outcome;
}

/* Whether nothing has come. A signal interrupts poll(2) even where it does not wait, and says nothing about the server. */
static bool silent(struct lease *lease)
{
    struct pollfd socket = {.fd = PQsocket(lease->database.connection), .events = POLLIN};
    int ready;
    do {
        ready = poll(&socket, 1, 0);
    } while (ready < 0 && errno == EINTR);
    return ready == 0;
}

bool lease_alive(struct lease *lease)
{
    if (!database_usable(&lease->database))
        return false;
    if (silent(lease))
        return true;
    /* Nothing was asked, so what can be read is a notice, or the end. */
    return PQconsumeInput(lease->database.connection) == 1 &&
           !PQisBusy(lease->database.connection) && database_usable(&lease->database) &&
           silent(lease);
}

void lease_release(struct lease *lease)
{
    if (lease == NULL)
        return;
    database_release(&lease->database);
    lease->slot = LEASE_ANY;
}
