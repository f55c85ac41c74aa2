/*
 * migration - how a schema came to be what it is.
 *
 * Migrations are numbered from 1 without gaps and never edited once applied: each is
 * recorded with a checksum, and a history that differs is refused. First come the common ones
 * (schema kerja: programme files, draws, audit, and the functions that raise), then for each
 * service the tables of its loop, then the service's own. Each runs in a transaction of
 * its own, all under one advisory lock, so that workers that start together do not meet.
 *
 * Roles: kerja_<service> owns the service's schema; kerja_read sees the published views;
 * kerja_clock the timers; kerja_officer the programme files and the audit. They are
 * created when missing, where the login may create roles; otherwise a sentence says which.
 */
#ifndef KERJA_PERSIST_MIGRATION_H
#define KERJA_PERSIST_MIGRATION_H

#include "base/calendar.h"
#include "persist/database.h"

struct migration {
    int number; /* 1, 2, ... */
    const char *name;
    const char *sql; /* runs with the service's search path */
};

/* Brings the schemas `kerja` and settings.service up to date on a connection of its own. `applied`
 * says how many migrations ran, common ones included; may be NULL. RETRY: no server. STOP: history
 * changed, or this program is older than the schema, or the login lacks a right. */
enum outcome migration_run(const struct database_settings *settings,
                           const struct migration *migrations, size_t count, int *applied,
                           struct error *error);

/* Creates the decision_segment partitions of this month and `months_ahead` later ones, where
 * missing. At start-up, and by the clock once a day. */
enum outcome decision_partitions_create(struct database *database, instant_us now,
                                        int months_ahead, struct error *error);

/* FNV-1a of the text: what is recorded, so that changed history is noticed. */
uint64_t migration_checksum(const char *sql);

#endif
