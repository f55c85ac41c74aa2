#include "reconcile_books.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 1024 };

void books_release(struct books *books)
{
    free(books->entries);
    books->entries = NULL;
    books->count = books->room = 0;
}

static bool currency_index(struct books *books, const char *currency, size_t *index,
                           struct error *error)
{
    size_t at = 0;
    while (at < books->currency_count && strcmp(books->currencies[at], currency) != 0)
        at++;
    if (at == BOOK_CURRENCIES) {
        error_set(error, REJECT, "there are more than %d currencies", BOOK_CURRENCIES);
        return false;
    }
    if (at == books->currency_count)
        memcpy(books->currencies[books->currency_count++], currency,
               STATEMENT_CURRENCY_SIZE + 1);
    *index = at;
    return true;
}

bool books_add(struct books *books, const struct statement_row *row, struct error *error)
{
    size_t currency;
    if (!currency_index(books, row->currency, &currency, error))
        return false;
    if (books->count == books->room) {
        size_t room = books->room == 0 ? FIRST_ROOM : 2 * books->room;
        struct book_entry *grown = realloc(books->entries, room * sizeof *grown);
        if (grown == NULL) {
            error_set(error, STOP, "cannot hold the day's instructions: no memory");
            return false;
        }
        books->entries = grown;
        books->room = room;
    }
    books->entries[books->count++] =
        (struct book_entry){.entitlement_id = row->entitlement_id,
                            .amount_hundredths = row->amount_hundredths,
                            .attempt = (short)row->attempt,
                            .currency = (unsigned char)currency,
                            .state = (unsigned char)row->state};
    return true;
}

static int by_instruction(const void *a, const void *b)
{
    const struct book_entry *one = a, *other = b;
    int order = uuid_compare(&one->entitlement_id, &other->entitlement_id);
    return order != 0 ? order
                      : (one->attempt > other->attempt) - (one->attempt < other->attempt);
}

void books_sort(struct books *books)
{
    if (books->count > 0)
        qsort(books->entries, books->count, sizeof *books->entries, by_instruction);
}

static struct book_entry *entry_of(const struct books *books, const struct statement_row *row)
{
    const struct book_entry wanted = {.entitlement_id = row->entitlement_id,
                                      .attempt = (short)row->attempt};
    return books->count == 0 ? NULL
                             : bsearch(&wanted, books->entries, books->count,
                                       sizeof *books->entries, by_instruction);
}

const struct book_entry *books_find(const struct books *books, const struct statement_row *row)
{
    return entry_of(books, row);
}

static enum agreement judge(const struct book_entry *entry, const struct statement_row *row,
                            size_t currency)
{
    if (entry == NULL)
        return NOT_OURS;
    if (entry->seen)
        return TWICE;
    if (entry->amount_hundredths != row->amount_hundredths || entry->currency != currency)
        return AMOUNT_DIFFERS;
    if (entry->state == row->state)
        return AGREES;
    if (row->state == STATE_PAID)
        return PAID_THERE_ONLY;
    return entry->state == STATE_PAID ? PAID_HERE_ONLY : STATUS_DIFFERS;
}

bool books_take(struct books *books, const struct statement_row *row, enum agreement *agreement,
                struct error *error)
{
    size_t currency;
    if (!currency_index(books, row->currency, &currency, error))
        return false;
    struct book_entry *entry = entry_of(books, row);
    *agreement = judge(entry, row, currency);
    struct book_total *total = &books->totals[*agreement][currency];
    total->count++;
    total->there += row->amount_hundredths;
    if (entry != NULL && *agreement != TWICE)
        books->totals[*agreement][entry->currency].here += entry->amount_hundredths;
    if (entry != NULL)
        entry->seen = true;
    return true;
}

enum agreement books_missed(struct books *books, const struct book_entry *entry)
{
    enum agreement agreement = entry->state == STATE_PAID ? PAID_HERE_ONLY : NO_ROW;
    struct book_total *total = &books->totals[agreement][entry->currency];
    total->count++;
    total->here += entry->amount_hundredths;
    return agreement;
}

bool books_agree(const struct books *books)
{
    int64_t others = 0;
    for (int i = 0; i < AGREEMENTS; i++)
        for (size_t j = 0; j < books->currency_count && i != AGREES; j++)
            others += books->totals[i][j].count;
    return others == 0;
}

const char *agreement_name(enum agreement agreement)
{
    switch (agreement) {
    case AGREES:
        return "agrees";
    case PAID_THERE_ONLY:
        return "paid_there_only";
    case PAID_HERE_ONLY:
        return "paid_here_only";
    case AMOUNT_DIFFERS:
        return "amount_differs";
    case STATUS_DIFFERS:
        return "status_differs";
    case TWICE:
        return "twice";
    case NOT_OURS:
        return "not_ours";
    case NO_ROW:
        return "no_row";
    case AGREEMENTS:
        break;
    }
    return "";
}
