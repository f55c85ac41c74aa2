/*
 * items - every item of every programme's file, as cases, and the way of each to its due day.
 */
#ifndef KERJA_TESTS_DECIDE_INCENTIVE_ITEMS_H
#define KERJA_TESTS_DECIDE_INCENTIVE_ITEMS_H

#include "desk.h"

#define RINGGIT(amount) (INT64_C(100) * (amount))

/* Its name begins with words that no other's begins with, and names the sources of the amount. */
struct item_case {
    const char *name;
    const char *programme, *scheme;
    int year, wave;
    const char *item;
    int count;
    int64_t amount; /* of an instalment; 0: not known */
    const char *payee, *component, *currency;
};

extern const struct item_case items[];
extern const size_t item_count;

const struct item_case *item_named(const char *beginning);

/* The day on which the first instalment falls due, and the instants of the programme's own clock. */
epoch_day item_due_on(const struct desk *desk);
instant_us item_local(const struct desk *desk, epoch_day day);

/* The award's programme and scheme; then what is known of it, one record each. */
void item_open(struct desk *desk, const struct item_case *item);
void item_award(struct desk *desk);
struct account_linked item_account(struct desk *desk, const struct item_case *item);
void item_link(struct desk *desk, const struct item_case *item);
void item_purchases(struct desk *desk, const struct item_case *item);
struct incentive_approved item_approval(struct desk *desk, const struct item_case *item);
void item_approve(struct desk *desk, const struct item_case *item);

/* All of these. */
void item_begin(struct desk *desk, const struct item_case *item);

#endif
