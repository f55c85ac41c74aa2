/*
 * try_desk - what `kerja try` borrows of a service: its tables, its decisions, how its rows are named.
 *
 * The services use the same names for different things, because no program but this one holds them all.
 * So each desk is linked with its service into one object, in which everything but the desk is local
 * (CMakeLists.txt). Nothing of a desk talks to anybody: decisions are pure, and rows come from the case.
 */
#ifndef KERJA_CTL_TRY_DESK_H
#define KERJA_CTL_TRY_DESK_H

#include "base/error.h"
#include "rules/conditions.h"
#include "seal/seal.h"
#include "worker/service.h"

#include <jansson.h>
#include <stdbool.h>

struct try_desk {
    const char *service;
    const struct fact_table *tables;
    const size_t *table_count;
    const struct handler *const *handlers;
    size_t handler_count;
    /* The key of a row by its own members; false where they do not say. */
    bool (*key_of_row)(const struct seal *seal, struct slice programme, const char *table,
                       const json_t *row, struct uuid *key);
};

extern const struct try_desk try_application_desk, try_completion_desk, try_incentive_desk;

/* Moves of money by the ledger of the incentive service. */
struct try_books;

/* Opens books in the arena for a programme's scheme and year. NULL with a reason. */
struct try_books *try_books_open(const struct programme *programme, const struct scheme *scheme,
                                 int year, struct arena *arena, const struct seal *seal,
                                 struct error *error);

/* Moves an amount of an award's component from one account to another, by their names. REJECT, with a
 * sentence, for a move that the ledger has no such line for; RETRY where too little stands on the account
 * it is taken from; STOP when there is no memory. */
enum outcome try_books_move(struct try_books *books, struct slice award, struct slice component,
                            struct slice from, struct slice to, int64_t amount_hundredths,
                            struct error *error);

/* What was committed and not released, of a component or, for "ALL", of all. */
int64_t try_books_committed(const struct try_books *books, struct slice component);

/* Calls `tell` for each account of each award's component, in the order of the first moves, and at last
 * with an empty award for the programme's totals. False when entries and balances differ. */
bool try_books_tell(const struct try_books *books,
                    void (*tell)(void *context, struct slice award, struct slice component,
                                 const char *account, int64_t balance_hundredths),
                    void *context);

#endif
