/*
 * facts - what a batch knows: the rows that its decisions read and write.
 *
 * All rows that the batch's records ask for are loaded in one round trip before the
 * first decision. Decisions then run one after the other on the same rows, each seeing
 * what the one before it wrote, and the whole is saved in the batch's transaction.
 *
 * Invariants. A row is read from PostgreSQL at most once a batch. A row that was edited
 * is saved under its version; a row that was only read is checked by its version; an absence that
 * was relied upon is checked too. So a decision never stands on a fact that had changed
 * when it was committed (codes KJ001 and KJ004 of persist), and a stale cache can make a batch
 * slower, never wrong.
 *
 * A key that no `keys` function named is loaded on demand, one round trip each; that is
 * right but slow, and is counted.
 */
#ifndef KERJA_WORKER_FACTS_H
#define KERJA_WORKER_FACTS_H

#include "base/arena.h"
#include "base/row.h"
#include "base/uuid.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum fact_kind {
    GUARDED, /* read and written: saved under its version         */
    CHECKED, /* read only: its version is checked before commit   */
    LIMIT,   /* a count with a ceiling: moved additively, last    */
    APPENDED /* written once and never read by a decision         */
};

struct fact_table {
    const struct row_type *row;
    enum fact_kind kind;
    bool cached; /* looked up in Redis first: only for tables that are mostly read */
};

enum { FACT_TABLES = 16, FACT_ROUNDS = 3 };

enum fact_state {
    FACT_WANTED, /* named by a key, not loaded yet */
    FACT_ABSENT,
    FACT_READ,
    FACT_EDITED,
    FACT_ADDED,
};

struct fact {
    struct uuid key;
    struct fact *next; /* in its bucket: looked at together with the key            */
    uint16_t table;
    bool relied; /* a decision looked at it: it must still be so at commit     */
    bool from_cache;
    enum fact_state state;
    int64_t version;         /* as loaded; 0 while absent                                 */
    void *row;               /* NULL while absent                                         */
    struct slice decided_by; /* the row's last decision as loaded, for explanations */
    uint32_t decision;       /* the last one that changed it                        */
    struct fact *next_in_order, *next_touched;
};

/* A row of a table of kind APPENDED. */
struct appended_row {
    uint16_t table;
    void *row;
    struct appended_row *next;
};

/* A move of a hot limit, summed over the batch. */
struct limit_take {
    struct uuid key;
    uint16_t table;
    int64_t amount, ceiling;
    bool locked; /* tight mode: the row is locked, and `used` is exact       */
    int64_t used;
    const void *row; /* the first taker's row: what to insert when it is new     */
    struct limit_take *next;
};

struct facts {
    const struct fact_table *tables;
    size_t table_count;
    const struct field *decided_by[FACT_TABLES]; /* of each table's row; NULL: it has none */
    struct arena *arena;
    struct fact **buckets;
    size_t bucket_count; /* a power of two */
    size_t fact_count, counts[FACT_TABLES];
    struct fact *first, **last; /* in the order in which they were named */
    struct fact **unloaded;     /* none from here on was loaded          */
    struct fact **ordered;      /* all before, those of one load by table and key */
    size_t ordered_count, ordered_capacity;
    struct fact *touched; /* changed by the decision being made */
    uint32_t decision;    /* its number within the batch, from 1 */
    size_t added_count;   /* rows that appeared in this batch   */
    struct appended_row *appended;
    struct limit_take *limits;
    bool peeked; /* somebody asked what was loaded, so another round may name further keys */
    bool failed; /* the arena is full, or a late load failed: drop the batch */
    uint64_t late_loads;
    /* Loads every fact that is FACT_WANTED; false when it could not. */
    bool (*load)(void *context, struct facts *facts);
    void *context;
};

/* Begins a batch in `arena`; borrows everything. `expected` facts is a size hint. */
bool facts_begin(struct facts *facts, const struct fact_table *tables, size_t table_count,
                 struct arena *arena, size_t expected);

/* The row under the key as this batch leaves it; NULL where the batch does not change it. Borrowed. */
const void *facts_changed(const struct facts *facts, uint16_t table, const struct uuid *key);

/* Names a key that will be needed: to be loaded with all others in one go. */
void facts_want(struct facts *facts, const struct row_type *type, const struct uuid *key);

/* True when the key has been loaded; its row, or NULL where it is absent, is then what facts_peek returns.
 * For `keys` functions that need one fact to name the next. */
const void *facts_peek(struct facts *facts, const struct row_type *type,
                       const struct uuid *key);

/* The row, or NULL when there is none. Borrowed until the batch ends. */
const void *facts_find(struct facts *facts, const struct row_type *type,
                       const struct uuid *key);

/* The row to be changed in place; it must exist. */
void *facts_edit(struct facts *facts, const struct row_type *type, const struct uuid *key);

/* A new row, zeroed but for its key and version; there must be none. */
void *facts_add(struct facts *facts, const struct row_type *type, const struct uuid *key);

/* The row to be changed in place, made when there is none. */
void *facts_edit_or_add(struct facts *facts, const struct row_type *type,
                        const struct uuid *key);

/* A row of a table of kind APPENDED, zeroed but for its key, which must be new for ever. */
void *facts_append(struct facts *facts, const struct row_type *type, const struct uuid *key);

/* Takes `amount` (negative: gives back) from the limit whose key, ceiling and descriptive columns stand in
 * `row`, the struct of a table of kind LIMIT. False, and nothing taken, when too little is left, which
 * only tight mode can know; otherwise true, and COMMIT will say KJ003 when it was too much. */
bool facts_take(struct facts *facts, const struct row_type *type, const void *row,
                int64_t amount, int64_t ceiling);

/* A new decision begins: facts->touched is empty again. */
void facts_decision_begin(struct facts *facts);

/* Tight mode: a limit whose row was locked before the decisions, and how much of it is used. */
void facts_limit_locked(struct facts *facts, const struct row_type *type,
                        const struct uuid *key, int64_t used);

/* Adds the facts that wait to be loaded to facts->ordered, as a load and a commit want them: those of table t
 * stand from begin[t] to begin[t + 1]. False when the arena is full. */
bool facts_order(struct facts *facts, size_t begin[static FACT_TABLES + 1]);

/* What the loader reports for a wanted key: the row, or NULL. */
void facts_loaded(struct facts *facts, struct fact *fact, void *row);

#endif
