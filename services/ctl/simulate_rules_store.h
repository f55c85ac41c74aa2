/*
 * simulate_rules_store - the applications of a wave, each with all that its decisions saw.
 *
 * Applications come from the published view; what was seen comes from the stored decisions, read once from the
 * oldest to the newest. Nothing is written, and nothing sealed is read: no name, no number, no answer that no
 * condition asked for. An application takes about two kilobytes of memory. What the draft makes of each is kept beside it.
 */
#ifndef KERJA_CTL_SIMULATE_RULES_STORE_H
#define KERJA_CTL_SIMULATE_RULES_STORE_H

#include "rules/programme.h"
#include "session.h"
#include "simulate_rules.h"

#include <stddef.h>

enum { SIMULATED_BOOKS = 16 };

/* What the wave's draw said of somebody. */
enum simulated_lot { LOT_NONE, LOT_NOT_DRAWN, LOT_SELECTED };

struct simulated_application {
    struct uuid key;
    char *texts; /* owned: the texts, one after the other */
    struct slice id, scheme, region, status, reasons,
        waived;              /* lists are separated by commas */
    struct slice told_under; /* district or province */
    int wave;
    int64_t committed_hundredths;
    instant_us submitted_at;
    uint32_t family; /* number of the family card, 0: none */
    uint16_t family_awards;
    enum simulated_lot lot;
    char *seen; /* owned; NULL: no decision of it is stored */
    size_t seen_size;
    const struct programme *book; /* of its newest decision that judged */

    /* What became of it by the draft. */
    enum simulated_change change;
    enum draw_chance chance; /* that the draft lets it pass */
    enum draw_chance wins;   /* that it is awarded          */
    uint8_t priority_class;
    int64_t package_hundredths;
    char *before, *after; /* owned: reasons, where something changes; else NULL */
};

struct simulated_store {
    struct simulated_application *items; /* by their ids; while they are read, by their keys */
    size_t count, room;
    struct programme *books[SIMULATED_BOOKS];
    size_t book_count;
    struct arena arena; /* of one explanation */
    struct simulated_room judging;
};

/* Reads applications and what they saw, in the transaction that the session is in. `wave` is NULL for all, `by` is
 * what regions are told under. False with a reason. Release in any case. The store is large: allocate it. */
bool simulated_store_read(struct session *session, const char *programme, const char *wave,
                          const char *by, struct simulated_store *store);

/* By its id, once all are read; NULL when there is none. */
struct simulated_application *simulated_store_find(const struct simulated_store *store,
                                                   struct slice id);
void simulated_store_release(struct simulated_store *store);

#endif
