/*
 * room - where every desk stands: one worker's memory for tests of decisions, the published programme, fixed
 * secrets, and facts that begin empty and keep what each decision left.
 *
 * Every decision is also looked over for personal data: neither a row, nor a dead letter's sentence, nor an output on a
 * topic that is not marked P may hold somebody's in clear.
 */
#ifndef KERJA_TESTS_DECIDE_ROOM_H
#define KERJA_TESTS_DECIDE_ROOM_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "schemas/events.h"
#include "seal/ids.h"
#include "worker/outputs.h"
#include "worker/service.h"

#define DAY(y, m, d)      day_from_civil((struct civil){(y), (m), (d)})
#define MIDNIGHT(y, m, d) day_to_instant(DAY(y, m, d), 7 * 60) /* its first instant */
#define NOON(y, m, d)     (MIDNIGHT(y, m, d) + US_PER_DAY / 2)
#define RUPIAH(amount)    (INT64_C(100) * (amount))

struct room {
    struct arena arena;
    struct facts facts;
    struct seal *seal;
    struct programme *programme;
    struct programme
        *earlier; /* whose texts rows may borrow; NULL: nothing was published since */
    struct programme *programmes[1];
    struct office office;
    struct outputs outputs;
    struct decision decision; /* of the newest record */
    /* What may stand nowhere in clear, NULL at the end; NULL: nobody looks. */
    const char *const *personal;
};

/* Opens with a service's tables and the programme of Kartu Prakerja; its file reads otherwise in one place where
 * `old` is not NULL. */
void room_open(struct room *room, const char *service, const struct fact_table *tables,
               size_t table_count, const char *old, const char *new);

/* The same with another programme, by the name of its file. */
void room_open_programme(struct room *room, const char *programme, const char *service,
                         const struct fact_table *tables, size_t table_count);

/* The same, and its file reads otherwise in one place. */
void room_open_corrected(struct room *room, const char *programme, const char *service,
                         const struct fact_table *tables, size_t table_count, const char *old,
                         const char *new);
void room_close(struct room *room);

/* Publishes a file of the same programme that reads otherwise in one place; at most once. Rows stay as they are. */
void room_publish(struct room *room, const char *old, const char *new);

/* Forgets all rows. */
void room_clear(struct room *room);

/* Takes one record through identify, keys and decide, and fails the test where a key was not named, or a record
 * without effect changed something. */
enum decision_kind room_decide(struct room *room, const struct handler *handler,
                               const void *event);

/* The n-th output of that event of the newest decision, from 0, or NULL; and when its timer of that kind is
 * due, 0: none. */
const void *room_output(const struct room *room, const struct event_type *type, size_t n);
instant_us room_timer(const struct room *room, const char *kind);

#endif
