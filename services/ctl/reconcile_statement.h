/*
 * reconcile_statement - a gateway's day file: what it says became of each instruction of a day.
 *
 *     instruction_id,end_to_end_id,status,amount,currency,gateway_reference,settled_at
 *
 * One row an instruction, in any order, with the state it is in now. The columns may stand in any order, others beside
 * them are passed over. Sentences about wrong rows name the column and never the value: a file with its columns mixed
 * up may hold an account number anywhere.
 */
#ifndef KERJA_CTL_RECONCILE_STATEMENT_H
#define KERJA_CTL_RECONCILE_STATEMENT_H

#include "base/calendar.h"
#include "base/error.h"
#include "base/uuid.h"
#include "csv.h"

enum { STATEMENT_COLUMNS = 7, STATEMENT_CURRENCY_SIZE = 3, STATEMENT_ID_SIZE = 35 };

/* ACCEPTED and PENDING of a gateway are both under way: nothing is final. */
enum payout_state { STATE_UNDER_WAY, STATE_PAID, STATE_REJECTED, STATE_RETURNED };

struct statement_columns {
    size_t at[STATEMENT_COLUMNS]; /* in the order above */
    size_t count;                 /* that every record must have */
};

struct statement_row {
    struct uuid entitlement_id; /* the first 32 digits of instruction_id */
    int attempt;                /* its last two */
    enum payout_state state;
    int64_t amount_hundredths;
    char currency[STATEMENT_CURRENCY_SIZE + 1];
};

/* Reads the line of titles. False with a sentence that names the column which is missing. */
bool statement_titles(const struct csv_record *titles, struct statement_columns *columns,
                      struct error *error);

/* Reads a record; false with a sentence. */
bool statement_row_read(const struct csv_record *record,
                        const struct statement_columns *columns, struct statement_row *row,
                        struct error *error);

/* "0012...-01" into its parts; false when it is none. */
bool instruction_id_read(struct slice text, struct uuid *entitlement_id, int *attempt);
void instruction_id_write(const struct uuid *entitlement_id, int attempt,
                          char text[static STATEMENT_ID_SIZE + 1]);

/* "PAID" as the views and --json say it. */
const char *payout_state_name(enum payout_state state);
bool payout_state_read(struct slice name, enum payout_state *state);

#endif
