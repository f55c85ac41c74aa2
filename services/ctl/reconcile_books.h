/*
 * reconcile_books - the instructions of a partner's day as the ledger has them, and how a gateway's rows agree with
 * them.
 *
 * The ledger's side is held in memory, 40 bytes an instruction; the gateway's file goes by once, row by row. Each
 * row, and each instruction without a row, is counted under exactly one kind of agreement and its own currency.
 */
#ifndef KERJA_CTL_RECONCILE_BOOKS_H
#define KERJA_CTL_RECONCILE_BOOKS_H

#include "reconcile_statement.h"

enum { BOOK_CURRENCIES = 8 };

/* What a row is, the first that applies. */
enum agreement {
    AGREES,
    PAID_THERE_ONLY, /* the gateway says PAID, the books do not                */
    PAID_HERE_ONLY,  /* the books say PAID, the gateway does not, or has no row */
    AMOUNT_DIFFERS,  /* or the currency                                         */
    STATUS_DIFFERS,  /* both have it, neither says PAID                         */
    TWICE,           /* a second row of one instruction                         */
    NOT_OURS,        /* no instruction of this day and partner                  */
    NO_ROW,          /* not paid here, and the gateway has no row               */
    AGREEMENTS
};

struct book_entry {
    struct uuid entitlement_id;
    int64_t amount_hundredths;
    short attempt;
    unsigned char currency, state;
    bool seen;
};

/* Sums in hundredths. `here` is what the ledger says, `there` what the gateway does. */
struct book_total {
    int64_t count, here, there;
};

struct books {
    struct book_entry *entries;
    size_t count, room;
    char currencies[BOOK_CURRENCIES][STATEMENT_CURRENCY_SIZE + 1];
    size_t currency_count;
    struct book_total totals[AGREEMENTS][BOOK_CURRENCIES];
};

/* Empty books are all zero. */
void books_release(struct books *books);

/* Adds an instruction as the view shows it; a sentence where it cannot be held. Then sort, once. */
bool books_add(struct books *books, const struct statement_row *row, struct error *error);
void books_sort(struct books *books);

/* The instruction of a row, NULL when there is none. */
const struct book_entry *books_find(const struct books *books, const struct statement_row *row);

/* Counts a row, and tells as what. False with a sentence when it has one currency too many. */
bool books_take(struct books *books, const struct statement_row *row, enum agreement *agreement,
                struct error *error);

/* Counts an instruction of which no row was seen, after the last row: NO_ROW or PAID_HERE_ONLY. */
enum agreement books_missed(struct books *books, const struct book_entry *entry);

/* True when everything that was counted agrees. */
bool books_agree(const struct books *books);

/* "paid_there_only" */
const char *agreement_name(enum agreement agreement);

#endif
