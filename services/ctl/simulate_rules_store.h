/*
 * simulate_rules_store - the applications of a wave, each with all that its decisions saw.
 *
 * Applications come from the published view; what was seen comes from the stored decisions, read once from the
 * oldest to the newest. Nothing is written, and nothing sealed is read: no name, no number, no answer that no
 * condition asked for. An application takes about two kilobytes of memory.
 */
#ifndef KERJA_CTL_SIMULATE_RULES_STORE_H
#define KERJA_CTL_SIMULATE_RULES_STORE_H

#include "rules/programme.h"
#include "session.h"
#include "simulate_rules.h"

#include <stddef.h>

enum { SIMULATED_BOOKS = 16 };

struct simulated_application {
    struct uuid key;
    char *texts; /* owned: id, scheme, region, status, reasons, waived, one after the other */
    struct slice id, scheme, region, status, reasons,
        waived; /* lists are separated by commas */
    int wave;
    int64_t committed_hundredths;
    instant_us submitted_at;
    char *seen; /* owned; NULL: no decision of it is stored */
    size_t seen_size;
    const struct programme *book; /* of its newest decision that judged */
};

struct simulated_store {
    struct simulated_application *items; /* by their ids; while they are read, by their keys */
    size_t count, room;
    struct programme *books[SIMULATED_BOOKS];
    size_t book_count;
    struct arena arena; /* of one explanation */
    struct simulated_room judging;
};

/* Reads applications and what they saw, in the transaction that the session is in. `wave` is NULL for all. False
 * with a reason. Release in any case. The store is large: allocate it. */
bool simulated_store_read(struct session *session, const char *programme, const char *wave,
                          struct simulated_store *store);
void simulated_store_release(struct simulated_store *store);

#endif
